use crate::{Error, Result, Row};
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
    /// How many of so many.
    Rate,
    /// One rate less another.
    RateDifference,
    /// One rate over another.
    RiskRatio,
    /// The odds of one rate over those of another.
    OddsRatio,
    /// How likely one rate is the lower one.
    RateOrder,
    /// Whether two rates differ.
    RateTest,
    /// Whether an outcome does without a condition.
    Necessity,
    /// How much more likely the data are with a correlation than without one.
    BayesFactor,
    /// Whether raters agree.
    Agreement,
    /// Whether items measure one thing.
    Reliability,
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
            Self::Rate => "rate",
            Self::RateDifference => "rate_difference",
            Self::RiskRatio => "risk_ratio",
            Self::OddsRatio => "odds_ratio",
            Self::RateOrder => "rate_order",
            Self::RateTest => "rate_test",
            Self::Necessity => "necessity",
            Self::BayesFactor => "bayes_factor",
            Self::Agreement => "agreement",
            Self::Reliability => "reliability",
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
    /// Too few clusters for this interval.
    TooFewClusters,
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
    /// The value is the cap: at least so much.
    AtCap,
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
    /// Cut off at the outcome's bounds.
    Clipped,
    /// Other coefficients fit exactly as well; these are some of them.
    NotUnique,
    /// Steps that the data chose, for which no standard error holds.
    ChosenByData,
    /// Not defined with these weights.
    WeightsUndefined,
    /// Counts of respondents have no order, which this statistic needs.
    NoOrder,
    /// More respondents than this statistic is computed for.
    TooMany,
    /// It compares predictors, and there is only one.
    OnePredictor,
    /// A test of several coefficients at once, which these standard errors don't define.
    NoJointTest,
    /// No events where a ratio needs some: it has no upper end.
    NoEvents,
    /// A method that compares two groups, where there are more.
    NotTwoGroups,
    /// All ratings are one rater's.
    OneRater,
    /// No respondent was scored by two raters.
    NoOverlap,
    /// Raters who never differ: agreement is 1, and nothing says how sure that is.
    PerfectAgreement,
    /// Two items only, which one factor does not follow from.
    TwoItems,
    /// Fewer than two items that vary.
    TooFewItems,
    /// Answers that are not whole steps of the size that the other items have.
    NoCommonStep,
    /// Fewer than two peers, or a line through them that does not rise: no ceiling line.
    NoCeilingLine,
    /// A value of the outcome that takes nothing of the condition.
    NotNecessary,
    /// A value of the outcome that nobody has reached.
    Unreached,
    /// A value of the outcome that a ceiling line does not reach within the scope.
    BeyondLine,
    /// An item was not seen or not filled in, so there is no score to predict from.
    NotScored,
    /// A column without any value.
    NothingSeen,
    /// Words of which some are missing: gaps in words are not imputed.
    WordGaps,
}

impl Note {
    /// The code used in JSON, CSV and the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::ConstantColumn => "constant_column",
            Self::TooFew => "too_few",
            Self::TooFewForInterval => "too_few_for_interval",
            Self::TooFewClusters => "too_few_clusters",
            Self::PerfectFit => "perfect_fit",
            Self::DegenerateResamples => "degenerate_resamples",
            Self::Penalised => "penalised",
            Self::FromCounts => "from_counts",
            Self::LeverageOne => "leverage_one",
            Self::ErrorsUndefined => "errors_undefined",
            Self::Capped => "capped",
            Self::AtCap => "at_cap",
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
            Self::Clipped => "clipped",
            Self::NotUnique => "not_unique",
            Self::ChosenByData => "chosen_by_data",
            Self::WeightsUndefined => "weights_undefined",
            Self::NoOrder => "no_order",
            Self::TooMany => "too_many",
            Self::OnePredictor => "one_predictor",
            Self::NoJointTest => "no_joint_test",
            Self::NoEvents => "no_events",
            Self::NotTwoGroups => "not_two_groups",
            Self::OneRater => "one_rater",
            Self::NoOverlap => "no_overlap",
            Self::PerfectAgreement => "perfect_agreement",
            Self::TwoItems => "two_items",
            Self::TooFewItems => "too_few_items",
            Self::NoCommonStep => "no_common_step",
            Self::NoCeilingLine => "no_ceiling_line",
            Self::NotNecessary => "not_necessary",
            Self::BeyondLine => "beyond_line",
            Self::Unreached => "unreached",
            Self::NotScored => "not_scored",
            Self::NothingSeen => "nothing_seen",
            Self::WordGaps => "word_gaps",
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
    /// The interval and the test that were asked for and could not be given, by name; the note says
    /// why.
    pub lacking: Lacking,
    /// How many respondents it rests on.
    pub n_obs: usize,
    /// How many were left out of it.
    pub n_excluded: usize,
    /// Why something is missing or special.
    pub note: Option<Note>,
}

/// The names of an interval and a test that these data do not define.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// The interval.
    pub interval: Option<String>,
    /// The test.
    pub test: Option<String>,
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
            lacking: Lacking::default(),
            n_obs,
            n_excluded: 0,
            note: None,
        }
    }

    /// The value alone: who and what it is about, and nothing of its uncertainty.
    pub fn bare(self) -> Self {
        let lacking = Lacking::default();
        Self { std_error: None, interval: None, test: None, note: None, lacking, ..self }
    }

    /// The same without an interval: that of this name is not defined for these data.
    pub fn lacking_interval(mut self, name: &str, note: Note) -> Self {
        self.interval = None;
        self.lacking.interval = Some(name.to_owned());
        self.note = Some(note);
        self
    }

    /// The same without a test: that of this name is not defined for these data.
    pub fn lacking_test(mut self, name: &str, note: Note) -> Self {
        self.test = None;
        self.lacking.test = Some(name.to_owned());
        self.note = Some(note);
        self
    }

    /// The name of the interval, also of one that was asked for and is missing.
    pub fn conf_method(&self) -> Option<&str> {
        let own = self.interval.as_ref().map(|interval| &interval.method);
        own.or(self.lacking.interval.as_ref()).map(String::as_str)
    }

    /// The name of the test, also of one that was asked for and is missing.
    pub fn p_method(&self) -> Option<&str> {
        let own = self.test.as_ref().map(|test| &test.method);
        own.or(self.lacking.test.as_ref()).map(String::as_str)
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
}
