use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A confidence level, strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Level(f64);

impl Level {
    /// 0.95.
    pub const DEFAULT: Self = Self(0.95);

    /// A level from a number such as 0.95.
    ///
    /// # Errors
    /// [`Error::LevelOutOfRange`].
    pub fn new(value: f64) -> Result<Self> {
        if value > 0.0 && value < 1.0 {
            Ok(Self(value))
        } else {
            Err(Error::LevelOutOfRange { value })
        }
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The share in one tail: 0.025 for a level of 0.95.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }
}

impl TryFrom<f64> for Level {
    type Error = Error;
    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}

impl From<Level> for f64 {
    fn from(level: Level) -> Self {
        level.0
    }
}

/// A p-value: never outside [0, 1], never undefined.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PValue(f64);

impl PValue {
    /// A p-value from a probability; rounding just outside [0, 1] is pulled in.
    /// `None` for an undefined one.
    pub fn new(p: f64) -> Option<Self> {
        (!p.is_nan()).then(|| Self(p.clamp(0.0, 1.0)))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// The kind of question an estimate answers: the `analysis` field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Analysis {
    /// One column described.
    Description,
    /// Two columns going together.
    Correlation,
    /// An outcome explained by predictors.
    Regression,
    /// An outcome compared between groups.
    Groups,
    /// Two correlations compared.
    Comparison,
    /// A correlation shown to be no larger than a bound.
    Equivalence,
    /// What a model expects at chosen values of its predictors.
    Prediction,
    /// How much more likely the data are with a correlation than without one.
    BayesFactor,
}

impl Analysis {
    /// The name used in JSON and CSV.
    pub fn code(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Correlation => "correlation",
            Self::Regression => "regression",
            Self::Groups => "groups",
            Self::Comparison => "comparison",
            Self::Equivalence => "equivalence",
            Self::Prediction => "prediction",
            Self::BayesFactor => "bayes_factor",
        }
    }
}

/// A confidence interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Confidence level.
    pub level: Level,
    /// How it was made: `fisher_z`, `bca`, `t`.
    pub method: String,
}

/// A test against no effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The test statistic, where it is finite.
    pub statistic: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Second degrees of freedom, of an F test.
    pub df2: Option<f64>,
    /// The p-value.
    pub p_value: PValue,
    /// How it was made: `t`, `permutation`.
    pub method: String,
    /// The p-value adjusted by Holm's method in its family.
    pub p_holm: Option<PValue>,
    /// The p-value adjusted by Benjamini and Hochberg's method in its family.
    pub p_bh: Option<PValue>,
}

/// Why something about an estimate is missing or special.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Note {
    /// A column does not vary, so the coefficient is not defined.
    ConstantColumn,
    /// Too few respondents for this estimate.
    TooFew,
    /// Too few respondents for this interval.
    TooFewForInterval,
    /// All points lie on a line: the standard error is 0 and there is no test.
    PerfectFit,
    /// Each resample gave the same value, or too many gave none: no bootstrap interval.
    DegenerateResamples,
    /// Coefficients that were shrunk: they have no classical standard error.
    Penalised,
    /// Fitted from frequency weights instead of rows.
    FromCounts,
    /// A leverage of 1: this robust standard error is not defined.
    LeverageOne,
    /// Standard errors that are not defined with these weights or clusters.
    ErrorsUndefined,
    /// The value lies among capped ones ("500+"), so it is not known.
    Capped,
    /// The variables held constant determine a variable, so nothing is left of it to correlate.
    Collinear,
    /// A corrected correlation beyond 1: the reliabilities are too low to be true of these data.
    BeyondOne,
    /// The value is beyond the range of a double.
    BeyondRange,
    /// A group in which all values are equal.
    ConstantGroup,
    /// Two groups that do not overlap: no value of one lies among those of the other.
    Separated,
    /// So many values of a column are equal that a robust method can't measure its spread.
    NoSpread,
    /// Neither column has exactly two values, as this method needs.
    NotTwoValued,
    /// A column has more different values than an ordinal one may have.
    TooManyLevels,
    /// The likelihood is largest, or the influence vanishes, at the end of the range: no interval.
    Boundary,
    /// The search for the estimate did not settle.
    NotConverged,
    /// Other coefficients fit exactly as well; these are some of them.
    NotUnique,
}

impl Note {
    /// The code used in JSON, CSV and the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::ConstantColumn => "constant_column",
            Self::TooFew => "too_few",
            Self::TooFewForInterval => "too_few_for_interval",
            Self::PerfectFit => "perfect_fit",
            Self::DegenerateResamples => "degenerate_resamples",
            Self::Penalised => "penalised",
            Self::FromCounts => "from_counts",
            Self::LeverageOne => "leverage_one",
            Self::ErrorsUndefined => "errors_undefined",
            Self::Capped => "capped",
            Self::Collinear => "collinear",
            Self::BeyondOne => "beyond_one",
            Self::BeyondRange => "beyond_range",
            Self::ConstantGroup => "constant_group",
            Self::Separated => "separated",
            Self::NoSpread => "no_spread",
            Self::NotTwoValued => "not_two_valued",
            Self::TooManyLevels => "too_many_levels",
            Self::Boundary => "boundary",
            Self::NotConverged => "not_converged",
            Self::NotUnique => "not_unique",
        }
    }
}

/// What every analysis returns: a number, how sure we are of it, and how it was made.
///
/// In JSON and CSV it is flat, with the field names of [`Row`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Row", into = "Row")]
pub struct Estimate {
    /// The kind of question.
    pub analysis: Analysis,
    /// The method, by its contract name: `pearson`, `ols`.
    pub method: String,
    /// What is estimated: `score_total, ssi_total` or a coefficient's name.
    pub term: String,
    /// First variable, or predictor.
    pub x: Option<String>,
    /// Second variable, or outcome.
    pub y: Option<String>,
    /// The group it was computed in, as `column = level`.
    pub group: Option<String>,
    /// Variables held constant.
    pub controls: Vec<String>,
    /// The model it belongs to, by id.
    pub model: Option<String>,
    /// The model's formula.
    pub formula: Option<String>,
    /// The kind of covariance: `classical`, `hc3`.
    pub vcov: Option<String>,
    /// The estimate; `None` where it is undefined (the note says why).
    pub value: Option<f64>,
    /// Its standard error.
    pub std_error: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
    /// Its test against no effect.
    pub test: Option<Test>,
    /// How many respondents it rests on.
    pub n_obs: usize,
    /// How many were left out of it.
    pub n_excluded: usize,
    /// Why something is missing or special.
    pub note: Option<Note>,
}

impl Estimate {
    /// An estimate with a value and nothing else said yet.
    pub fn new(analysis: Analysis, method: &str, term: impl Into<String>, n_obs: usize) -> Self {
        Self {
            analysis,
            method: method.to_owned(),
            term: term.into(),
            x: None,
            y: None,
            group: None,
            controls: Vec::new(),
            model: None,
            formula: None,
            vcov: None,
            value: None,
            std_error: None,
            interval: None,
            test: None,
            n_obs,
            n_excluded: 0,
            note: None,
        }
    }
}

/// An [`Estimate`] as a flat row: the public names in JSON and CSV.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of `Estimate`, flattened")]
pub struct Row {
    pub analysis: Analysis,
    pub method: String,
    pub term: String,
    pub x: Option<String>,
    pub y: Option<String>,
    pub group: Option<String>,
    pub controls: Vec<String>,
    pub model: Option<String>,
    pub formula: Option<String>,
    pub vcov: Option<String>,
    pub estimate: Option<f64>,
    pub std_error: Option<f64>,
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    pub df2: Option<f64>,
    pub p_value: Option<f64>,
    pub p_method: Option<String>,
    pub p_holm: Option<f64>,
    pub p_bh: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    pub conf_level: Option<f64>,
    pub conf_method: Option<String>,
    pub n_obs: usize,
    pub n_excluded: usize,
    pub note: Option<Note>,
}

impl From<Estimate> for Row {
    fn from(e: Estimate) -> Self {
        let (interval, test) = (e.interval, e.test);
        Self {
            analysis: e.analysis,
            method: e.method,
            term: e.term,
            x: e.x,
            y: e.y,
            group: e.group,
            controls: e.controls,
            model: e.model,
            formula: e.formula,
            vcov: e.vcov,
            estimate: e.value,
            std_error: e.std_error,
            statistic: test.as_ref().and_then(|t| t.statistic),
            df: test.as_ref().and_then(|t| t.df),
            df2: test.as_ref().and_then(|t| t.df2),
            p_value: test.as_ref().map(|t| t.p_value.get()),
            p_holm: test.as_ref().and_then(|t| t.p_holm).map(PValue::get),
            p_bh: test.as_ref().and_then(|t| t.p_bh).map(PValue::get),
            p_method: test.map(|t| t.method),
            conf_low: interval.as_ref().map(|i| i.low),
            conf_high: interval.as_ref().map(|i| i.high),
            conf_level: interval.as_ref().map(|i| i.level.get()),
            conf_method: interval.map(|i| i.method),
            n_obs: e.n_obs,
            n_excluded: e.n_excluded,
            note: e.note,
        }
    }
}

impl TryFrom<Row> for Estimate {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let interval = match (row.conf_low, row.conf_high, row.conf_level, row.conf_method) {
            (Some(low), Some(high), Some(level), Some(method)) => {
                Some(Interval { low, high, level: Level::new(level)?, method })
            }
            _ => None,
        };
        let p = |value: Option<f64>| value.and_then(PValue::new);
        let test = match (p(row.p_value), row.p_method) {
            (Some(p_value), Some(method)) => Some(Test {
                statistic: row.statistic,
                df: row.df,
                df2: row.df2,
                p_value,
                method,
                p_holm: p(row.p_holm),
                p_bh: p(row.p_bh),
            }),
            _ => None,
        };
        Ok(Self {
            analysis: row.analysis,
            method: row.method,
            term: row.term,
            x: row.x,
            y: row.y,
            group: row.group,
            controls: row.controls,
            model: row.model,
            formula: row.formula,
            vcov: row.vcov,
            value: row.estimate,
            std_error: row.std_error,
            interval,
            test,
            n_obs: row.n_obs,
            n_excluded: row.n_excluded,
            note: row.note,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_of_one_is_refused() {
        assert_eq!(Level::new(1.0), Err(Error::LevelOutOfRange { value: 1.0 }));
        assert!(Level::new(f64::NAN).is_err());
    }

    #[test]
    fn a_p_value_stays_a_probability() {
        assert_eq!(PValue::new(1.0 + 1e-12).map(PValue::get), Some(1.0));
        assert_eq!(PValue::new(f64::NAN), None);
    }

    #[test]
    fn an_estimate_survives_its_flat_form() {
        let mut estimate = Estimate::new(Analysis::Correlation, "pearson", "a, b", 20);
        estimate.value = Some(0.6);
        estimate.interval = Some(Interval {
            low: 0.2,
            high: 0.8,
            level: Level::DEFAULT,
            method: "fisher_z".into(),
        });
        let back = Estimate::try_from(Row::from(estimate.clone()));
        assert_eq!(back, Ok(estimate));
    }
}
