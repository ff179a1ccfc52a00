use super::{Covariance, Ols};
use crate::tails::{t_two_sided, t_upper_quantile};
use ndarray::Array2;
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note, PValue, Test};

impl Ols {
    /// The coefficients, each with its standard error, t interval and t test against 0.
    ///
    /// # Formula
    /// b ± t(n − k)·s, with s from the diagonal of [`Ols::covariance`]; the test is b/s on n − k
    /// degrees of freedom, for robust covariances too.
    ///
    /// Where HC2, HC3 or HC4 is undefined the estimate stands alone with the note `leverage_one`;
    /// errors that the weights don't allow leave it alone with `errors_undefined`;
    /// a perfect fit has a standard error of 0, an interval without width, no test and the note
    /// `perfect_fit`.
    pub fn estimates(&self, kind: Covariance, level: Level) -> Vec<Estimate> {
        let df = self.df_residual as f64;
        self.tidy(kind.code(), level, self.covariance(kind).as_ref(), &|_| Some(df))
    }

    /// The coefficients with a covariance, each with its own degrees of freedom (or none, and then
    /// no interval).
    pub(super) fn tidy(
        &self,
        vcov: &str,
        level: Level,
        covariance: Option<&Array2<f64>>,
        df: &dyn Fn(usize) -> Option<f64>,
    ) -> Vec<Estimate> {
        let mut estimates = Vec::with_capacity(self.terms.len());
        // A robust covariance that the weights allow lacks only where a leverage is 1.
        let by_leverage = covariance.is_none() && self.allows_named(vcov);
        let undefined = if by_leverage { Note::LeverageOne } else { Note::ErrorsUndefined };
        for (j, (term, value)) in self.terms.iter().zip(&self.coefficients).enumerate() {
            let mut estimate =
                Estimate::new(Analysis::Regression, self.method(), term.as_str(), self.n_obs);
            estimate.x = Some(term.clone());
            estimate.y = Some(self.outcome.clone());
            estimate.formula = Some(self.formula.clone());
            estimate.vcov = Some(vcov.to_owned());
            estimate.n_excluded = self.n_excluded;
            estimate.value = Some(*value);
            match (covariance, df(j)) {
                (Some(covariance), Some(df)) => {
                    let std_error = covariance[[j, j]].max(0.0).sqrt();
                    let t = t_upper_quantile(level.tail(), df);
                    estimate.std_error = Some(std_error);
                    estimate.interval = Some(Interval {
                        low: value - t * std_error,
                        high: value + t * std_error,
                        level,
                        method: "t".to_owned(),
                    });
                    estimate.test = test(value / std_error, df);
                    if self.perfect {
                        estimate.note = Some(Note::PerfectFit);
                    } else if self.counts().is_some() {
                        estimate.note = Some(Note::FromCounts);
                    }
                }
                _ => estimate.note = Some(undefined),
            }
            estimates.push(estimate);
        }
        estimates
    }
}

/// A t test; none where the statistic is not a number to be tested.
fn test(statistic: f64, df: f64) -> Option<Test> {
    if !statistic.is_finite() {
        return None;
    }
    Some(Test {
        statistic: Some(statistic),
        df: Some(df),
        df2: None,
        p_value: PValue::new(t_two_sided(statistic, df))?,
        method: "t".to_owned(),
        p_holm: None,
        p_bh: None,
    })
}
