use super::{Covariance, Ols};
use crate::tails::t_two_sided;
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note, PValue, Test};

impl Ols {
    /// The coefficients, each with its standard error, t interval and t test against 0.
    ///
    /// # Formula
    /// b ± t(n − k)·s, with s from the diagonal of [`Ols::covariance`]; the test is b/s on n − k
    /// degrees of freedom, for robust covariances too.
    ///
    /// Where HC2, HC3 or HC4 is undefined the estimate stands alone with the note `leverage_one`;
    /// a perfect fit has a standard error of 0, an interval without width, no test and the note
    /// `perfect_fit`.
    pub fn estimates(&self, kind: Covariance, level: Level) -> Vec<Estimate> {
        let covariance = self.covariance(kind);
        let df = self.df_residual as f64;
        let t = self.t(level);
        let mut estimates = Vec::with_capacity(self.terms.len());
        for (j, (term, value)) in self.terms.iter().zip(&self.coefficients).enumerate() {
            let mut estimate =
                Estimate::new(Analysis::Regression, "ols", term.as_str(), self.n_obs);
            estimate.x = Some(term.clone());
            estimate.y = Some(self.outcome.clone());
            estimate.formula = Some(self.formula.clone());
            estimate.vcov = Some(kind.code().to_owned());
            estimate.n_excluded = self.n_excluded;
            estimate.value = Some(*value);
            match &covariance {
                Some(covariance) => {
                    let std_error = covariance[[j, j]].max(0.0).sqrt();
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
                    } else if self.counts.is_some() {
                        estimate.note = Some(Note::FromCounts);
                    }
                }
                None => estimate.note = Some(Note::LeverageOne),
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
