use super::effect_size::{hedges_factor, noncentrality_t};
use super::{Grouped, Method};
use crate::tails::{t_two_sided, t_upper_quantile};
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};

/// A t test of two means.
#[derive(Debug, Clone, PartialEq)]
pub struct TTest {
    /// Mean of the first group less that of the second.
    pub difference: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Degrees of freedom; `None` where neither group varies.
    pub df: Option<f64>,
    /// The standard deviation that Cohen's d divides by.
    pub sd: f64,
    rows: [Estimate; 3],
}

impl TTest {
    pub(super) fn new(
        groups: &Grouped,
        method: Method,
        difference: f64,
        std_error: f64,
        df: f64,
        sd: f64,
    ) -> Self {
        let rows = [method.first_term(), "cohens_d", "hedges_g"].map(|t| groups.row(method, t));
        let df = (std_error > 0.0).then_some(df);
        Self { difference, std_error, df, sd, rows }
    }

    /// The t statistic; `None` where neither group varies.
    pub fn t(&self) -> Option<f64> {
        self.df.map(|_| self.difference / self.std_error).filter(|t| t.is_finite())
    }

    /// The difference with its t interval and test, Cohen's d and Hedges' g.
    ///
    /// d has the interval of the noncentral t; g, which is d less its bias, has that interval times
    /// the same factor (`noncentral_t_unbiased`), as R's effectsize. Both are intervals of the same
    /// standardised difference in the population: d's has the exact level, g's lies nearer to 0 by
    /// the bias.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        let [mut difference, mut d, mut g] = self.rows.clone();
        difference.value = Some(self.difference);
        difference.std_error = Some(self.std_error);
        let (Some(df), Some(t)) = (self.df, self.t()) else {
            for row in [&mut difference, &mut d, &mut g] {
                row.note = Some(Note::ConstantGroup);
            }
            return vec![difference, d, g];
        };
        let between = |low: f64, high: f64, method: &str| {
            Some(Interval { low, high, level, method: method.to_owned() })
        };
        let reach = t_upper_quantile(level.tail(), df) * self.std_error;
        difference.interval = between(self.difference - reach, self.difference + reach, "t");
        difference.test = PValue::new(t_two_sided(t, df)).map(|p_value| Test {
            statistic: Some(t),
            df: Some(df),
            df2: None,
            p_value,
            method: "t".to_owned(),
            p_holm: None,
            p_bh: None,
        });
        let cohens_d = self.difference / self.sd;
        // One standard error in standard deviations.
        let unit = self.std_error / self.sd;
        let (low, high) = noncentrality_t(t, df, level.tail());
        d.value = Some(cohens_d);
        d.interval = between(unit * low, unit * high, "noncentral_t");
        match hedges_factor(df) {
            Some(factor) => {
                g.value = Some(cohens_d * factor);
                let unit = unit * factor;
                g.interval = between(unit * low, unit * high, "noncentral_t_unbiased");
            }
            None => g.note = Some(Note::TooFew),
        }
        vec![difference, d, g]
    }
}
