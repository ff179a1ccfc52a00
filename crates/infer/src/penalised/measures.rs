//! What a penalised model says beyond its coefficients.

use super::Penalised;
use crate::predict::{Point, row};
use ssi_vocab::{Analysis, Estimate, Note};

impl Penalised {
    /// Both penalties with their errors, the coefficients by the one-standard-error rule, and, where
    /// they are given (by [`inclusion`](super::inclusion)), how often each predictor stays in.
    ///
    /// # References
    /// Breiman, Friedman, Olshen and Stone (1984), Classification and Regression Trees, section
    /// 3.4.3 (the rule); Hastie, Tibshirani and Friedman (2009), section 7.10.
    pub fn measures(&self, included: Option<&[f64]>) -> Vec<Estimate> {
        let row = |term: String, value: f64| {
            let mut row = Estimate::new(Analysis::Regression, self.method(), term, self.n_obs);
            row.y = Some(self.outcome.clone());
            row.formula = Some(self.formula.clone());
            row.value = Some(value);
            row.n_excluded = self.n_excluded;
            row
        };
        let mut rows = Vec::new();
        for (name, penalty) in [("min", self.penalty), ("1se", self.penalty_1se)] {
            rows.push(row(format!("lambda_{name}"), penalty));
            if let Some(tried) = self.tried.iter().find(|t| t.penalty == penalty) {
                let error = row(format!("cv_mse(lambda_{name})"), tried.error);
                rows.push(Estimate { std_error: Some(tried.std_error), ..error });
            }
        }
        for (term, value) in self.terms.iter().zip(&self.coefficients_1se) {
            let one = row(format!("{term} at lambda_1se"), *value);
            rows.push(Estimate { x: Some(term.clone()), note: Some(Note::Penalised), ..one });
        }
        let included = self.terms.iter().zip(included.unwrap_or_default());
        rows.extend(included.filter(|(term, _)| *term != "(Intercept)").map(|(term, share)| {
            Estimate { x: Some(term.clone()), ..row(format!("included({term})"), *share) }
        }));
        rows
    }

    /// The expected outcome at each point. It has no interval: coefficients that were shrunk, and a
    /// penalty that the same respondents chose, have no standard error to make one from; the note
    /// `penalised` says so.
    pub fn predicted(&self, points: &[Point]) -> Vec<Estimate> {
        let one = |point: &Point| {
            let counts = (self.n_obs, self.n_excluded);
            let mut row = row(self.method(), &self.formula, &self.outcome, point, counts);
            let value = point.x.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum::<f64>();
            row.value = Some(value).filter(|v| v.is_finite());
            row.note = Some(row.value.map_or(Note::BeyondRange, |_| Note::Penalised));
            row
        };
        points.iter().map(one).collect()
    }

    /// The expected outcome of each of a design's rows.
    pub fn fitted(&self, x: &ndarray::Array2<f64>) -> Vec<f64> {
        x.dot(&ndarray::ArrayView1::from(&self.coefficients)).to_vec()
    }
}
