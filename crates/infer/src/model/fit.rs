use crate::tails::{normal_two_sided, normal_upper_quantile, t_two_sided, t_upper_quantile};
use ndarray::Array2;
use ssi_vocab::{Analysis, Design, Estimate, Glance, Interval, Level, Note, PValue, Test, Warning};

/// The distribution that a coefficient over its standard error is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Reference {
    /// The normal distribution.
    Normal,
    /// Student's t with the same degrees of freedom for every coefficient.
    T(f64),
    /// Student's t with degrees of freedom for each coefficient.
    Each(Vec<f64>),
}

/// How the linear predictor and the expected outcome go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Link {
    /// They are the same.
    Identity,
    /// outcome = low + (high − low)/(1 + exp(−η)).
    Logit {
        /// Lower bound of the outcome.
        low: f64,
        /// Upper bound of the outcome.
        high: f64,
    },
}

impl Link {
    /// The expected outcome at a linear predictor.
    pub fn mean(self, eta: f64) -> f64 {
        match self {
            Self::Identity => eta,
            Self::Logit { low, high } => {
                // The form that does not overflow on either side.
                let share = if eta >= 0.0 {
                    1.0 / (1.0 + (-eta).exp())
                } else {
                    let e = eta.exp();
                    e / (1.0 + e)
                };
                low + (high - low) * share
            }
        }
    }

    /// Its derivative there.
    pub fn slope(self, eta: f64) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Logit { low, high } => {
                let e = (-eta.abs()).exp();
                (high - low) * e / ((1.0 + e) * (1.0 + e))
            }
        }
    }
}

/// A fitted regression that is not least squares: the facts from which its estimates derive.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The model, by its contract name.
    pub method: &'static str,
    /// The formula, as the design has it.
    pub formula: String,
    /// The outcome's name.
    pub outcome: String,
    /// The coefficients' names, in formula order.
    pub terms: Vec<String>,
    /// The coefficients, on the scale of the linear predictor.
    pub coefficients: Vec<f64>,
    /// Their covariance, in the same order; none where the method has no standard errors.
    pub covariance: Option<Array2<f64>>,
    /// How it was made: `classical`, `hc0`, `sandwich`, …
    pub vcov: String,
    /// What a coefficient over its standard error is compared with.
    pub reference: Reference,
    /// How the linear predictor and the expected outcome go together.
    pub link: Link,
    /// How many respondents.
    pub n_obs: usize,
    /// How many rows were left out.
    pub n_excluded: usize,
    /// The respondents' row numbers, as the user counts them.
    pub rows: Vec<usize>,
    /// Expected outcomes, one a row.
    pub fitted: Vec<f64>,
    /// Outcome minus expected outcome, one a row.
    pub residuals: Vec<f64>,
    /// Fit statistics.
    pub glance: Glance,
    /// What a reader should know before trusting a number.
    pub warnings: Vec<Warning>,
}

impl Fit {
    /// A fit of a design with coefficients alone; the caller fills in the rest.
    pub fn new(method: &'static str, design: &Design, coefficients: Vec<f64>) -> Self {
        let (n_obs, n_excluded) = (design.n_obs(), design.n_excluded());
        let fitted = design.x.dot(&ndarray::ArrayView1::from(&coefficients)).to_vec();
        let residuals = design.y.iter().zip(&fitted).map(|(y, f)| y - f).collect();
        Self {
            method,
            formula: design.formula.clone(),
            outcome: design.outcome.clone(),
            terms: design.terms.clone(),
            coefficients,
            covariance: None,
            vcov: "classical".to_owned(),
            reference: Reference::Normal,
            link: Link::Identity,
            n_obs,
            n_excluded,
            rows: design.rows.clone(),
            fitted,
            residuals,
            glance: Glance { n_obs, n_excluded, ..Glance::default() },
            warnings: Vec::new(),
        }
    }

    /// A row about one thing this model says, with nothing but its names and counts.
    pub fn row(&self, term: &str) -> Estimate {
        let mut row = Estimate::new(Analysis::Regression, self.method, term, self.n_obs);
        row.y = Some(self.outcome.clone());
        row.formula = Some(self.formula.clone());
        row.n_excluded = self.n_excluded;
        row
    }

    /// The coefficients, each with its standard error, Wald interval and Wald test against 0.
    ///
    /// # Formula
    /// b ± q·s, with s from the diagonal of the covariance and q the quantile of the reference
    /// distribution; the test is b/s on that distribution.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        let coefficients = self.terms.iter().zip(&self.coefficients).enumerate();
        coefficients
            .map(|(j, (term, value))| {
                let mut row = self.row(term);
                row.x = Some(term.clone());
                row.value = Some(*value);
                let Some(covariance) = &self.covariance else { return row };
                row.vcov = Some(self.vcov.clone());
                let std_error = covariance[[j, j]].sqrt();
                if !(std_error.is_finite() && value.is_finite()) {
                    row.note = Some(Note::ErrorsUndefined);
                    return row;
                }
                row.std_error = Some(std_error);
                let df = match &self.reference {
                    Reference::Normal => None,
                    Reference::T(df) => Some(*df),
                    Reference::Each(df) => Some(df[j]),
                };
                let (method, half) = match df {
                    None => ("normal", normal_upper_quantile(level.tail())),
                    Some(df) => ("t", t_upper_quantile(level.tail(), df)),
                };
                let (low, high) = (value - half * std_error, value + half * std_error);
                let interval = if df.is_none() { "wald" } else { "t" };
                row.interval = Some(Interval { low, high, level, method: interval.to_owned() });
                if std_error == 0.0 {
                    row.note = Some(Note::PerfectFit);
                    return row;
                }
                let statistic = value / std_error;
                let p = match df {
                    None => normal_two_sided(statistic),
                    Some(df) => t_two_sided(statistic, df),
                };
                row.test = PValue::new(p).map(|p_value| Test {
                    statistic: Some(statistic),
                    df,
                    df2: None,
                    p_value,
                    method: method.to_owned(),
                    p_holm: None,
                    p_bh: None,
                });
                row
            })
            .collect()
    }
}
