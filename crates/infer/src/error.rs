mod usage;
mod words;

use thiserror::Error;
use usage::has_coefficients;
use words::{few, quoted, said, values};

/// A result whose error is [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Why an analysis can't be done with these data.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The input itself is not usable.
    #[error(transparent)]
    Input(#[from] ssi_vocab::Error),
    /// A model beyond least squares can't be fitted.
    #[error(transparent)]
    Model(#[from] crate::model::ModelError),
    /// Ratings say nothing of agreement.
    #[error(transparent)]
    Raters(#[from] crate::agreement::RaterError),
    /// Columns are no instrument.
    #[error(transparent)]
    Items(#[from] crate::reliability::ItemError),
    /// The user asked to stop.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// Fewer respondents than the analysis needs.
    #[error("{analysis} {}", few(.analysis, *.needed, *.found))]
    TooFew {
        /// The analysis.
        analysis: &'static str,
        /// The smallest number it works with.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// A formula for which no row has every value.
    #[error(
        "no row can be used: {rows} {} out for column `{}` ({}, first in row {}{}); correct the values, or change the formula",
        if *.rows == 1 { "is left" } else { "are left" },
        .first.column,
        said(.first.reason),
        .first.row,
        if .first.value.is_empty() { String::new() } else { format!(": `{}`", .first.value) }
    )]
    NobodyLeft {
        /// The most frequent reason, with its first row.
        first: ssi_vocab::Exclusion,
        /// How many rows it leaves out.
        rows: usize,
    },
    /// More respondents, by their frequency weights, than ranks can count.
    #[error(
        "the counts add up to {found:e} respondents, and at most {limit:e} can be ranked; divide the counts, or use fewer"
    )]
    TooManyToRank {
        /// The most that are allowed.
        limit: f64,
        /// How many there are.
        found: f64,
    },
    /// A column that does not vary.
    #[error(
        "column `{column}` has the same value for every respondent, so nothing can go with it; choose another column"
    )]
    Constant {
        /// The column.
        column: String,
    },
    /// A column of which too many values are equal for a robust method.
    #[error(
        "so many values of column `{column}` are equal that {analysis} has no spread to measure by; use spearman or kendall"
    )]
    NoSpread {
        /// The column.
        column: String,
        /// The analysis.
        analysis: &'static str,
    },
    /// Two columns of which neither has exactly two values.
    #[error(
        "the point-biserial correlation needs a column of exactly two values, such as 0 and 1, and neither `{}` nor `{}` is one; use pearson", .columns[0], .columns[1]
    )]
    NotTwoValued {
        /// The columns.
        columns: [String; 2],
    },
    /// A column of more values than an ordinal one has.
    #[error(
        "column `{column}` has {}, and an ordinal column at most {limit}; join levels, or use pearson, spearman or kendall",
        values(*.found)
    )]
    TooManyLevels {
        /// The column.
        column: String,
        /// How many different values there are.
        found: usize,
        /// The most that are allowed.
        limit: usize,
    },
    /// A formula that does not read.
    #[error("formula, column {column}: {slip}\n  {formula}\n  {caret}")]
    Formula {
        /// Which character, counted from 1.
        column: usize,
        /// What is wrong and what would be right.
        slip: Box<crate::formula::Slip>,
        /// The formula as it was given.
        formula: String,
        /// A line that points at the character, when shown below the formula in fixed width.
        caret: String,
    },
    /// A group column with too few or too many levels.
    #[error(
        "column `{column}` has {} among the respondents used; as a group it needs 2 to {limit}, so {}",
        values(*.found),
        if *.found < 2 { "leave it out" } else { "join groups, or leave it out" }
    )]
    FactorLevels {
        /// The column.
        column: String,
        /// How many levels there are.
        found: usize,
        /// The most that are allowed.
        limit: usize,
    },
    /// A polynomial of a degree that the column can't carry.
    #[error(
        "`{term}` needs more than {degree} different {} and found {found}; lower the degree",
        if *.degree == 1 { "value" } else { "values" }
    )]
    PolynomialDegree {
        /// The term.
        term: String,
        /// The degree.
        degree: usize,
        /// How many different values there are.
        found: usize,
    },
    /// Predictors of which one is a sum of multiples of the others.
    #[error(
        "{} can't be told apart: the last is a combination of the others; leave one of them out",
        quoted(.columns)
    )]
    Collinear {
        /// The columns of the model matrix, by term name.
        columns: Vec<String>,
    },
    /// A column named in two places that need different ones.
    #[error(
        "column `{column}` is named in two places that need different columns; name another one in one of them"
    )]
    SameColumn {
        /// The column.
        column: String,
    },
    /// Numbers so large or so small that their squares leave the range of doubles.
    #[error(
        "the largest value of `{column}` is {largest:e}, beyond the range of 1e-75 to 1e75 that can be computed with; change its unit"
    )]
    Magnitude {
        /// The column of the model matrix, by term name, or the outcome.
        column: String,
        /// Its largest absolute value.
        largest: f64,
    },
    /// A model matrix that does not fit the model.
    #[error(
        "the model has {needed} coefficients and the matrix {found} columns; make the matrix with the model's recipe"
    )]
    WrongWidth {
        /// Columns wanted.
        needed: usize,
        /// Columns found.
        found: usize,
    },
    /// A kind of standard error that does not exist.
    #[error(
        "no standard errors named `{name}`; use classical, hc0, hc1, hc2, hc3, hc4, hc2_bm, hc3_bm, cluster:COLUMN or cr2:COLUMN"
    )]
    UnknownCovariance {
        /// The name that was asked for.
        name: String,
    },
    /// A kind of weights that does not exist.
    #[error(
        "no weights of the kind `{name}`; use frequency (a row stands for that many respondents), analytic (a row has the variance σ²/w) or probability (a row was drawn with a probability proportional to 1/w)"
    )]
    UnknownWeights {
        /// The name that was asked for.
        name: String,
    },
    /// A number that is no weight of its kind.
    #[error(
        "column `{column}`, row {row}: {value} is no {kind} weight; {} are needed, so correct it or leave the row out",
        if *.kind == "frequency" { "whole numbers from 0" } else { "finite numbers from 0" }
    )]
    Weight {
        /// The column of weights.
        column: String,
        /// The row as the user counts it.
        row: usize,
        /// The value.
        value: f64,
        /// The kind of weights.
        kind: &'static str,
    },
    /// An analysis that these weights have no meaning in.
    #[error(
        "{analysis} takes frequency weights only, and these are {kind} weights; fit by least squares, or leave the weights out"
    )]
    Unweighted {
        /// The analysis.
        analysis: &'static str,
        /// The kind of weights.
        kind: &'static str,
    },
    /// Standard errors that the weights don't allow.
    #[error(
        "{errors} standard errors are not defined with {weights} weights; use hc0, hc1 or cluster:COLUMN"
    )]
    ErrorsOfWeights {
        /// The errors that were asked for.
        errors: String,
        /// The kind of weights.
        weights: &'static str,
    },
    /// Standard errors that a test of terms can't be made with.
    #[error("{test} can't be made with {errors} standard errors; {instead}")]
    ErrorsOfTest {
        /// The test.
        test: &'static str,
        /// The errors that were asked for.
        errors: String,
        /// What can be done.
        instead: &'static str,
    },
    /// A smaller model that the larger one does not contain.
    #[error(
        "the model `{formula}` is not contained in the fitted one, because of `{term}`; take it out, or add it to the fitted model"
    )]
    NotNested {
        /// The smaller model.
        formula: String,
        /// Its column that the larger model can't make, or its outcome.
        term: String,
    },
    /// A setting outside its range.
    #[error("{name} must be {allowed}, and was {value}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// An iteration that does not settle.
    #[error("{analysis} did not converge; leave out columns that say nearly the same")]
    NotConverged {
        /// The analysis.
        analysis: &'static str,
    },
    /// A correlation method that does not exist.
    #[error(
        "no correlation method named `{name}`{}; use {}",
        nearest.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default(),
        known.join(", ")
    )]
    UnknownMethod {
        /// The name that was asked for.
        name: String,
        /// The most similar method, if any is close.
        nearest: Option<String>,
        /// All methods.
        known: Vec<&'static str>,
    },
    /// A capped column ("500+") where an analysis needs the values themselves.
    #[error(
        "column `{column}` holds capped values such as `{example}`, which are not numbers, and {analysis} needs numbers; use spearman or kendall, which rank them highest"
    )]
    Capped {
        /// The column.
        column: String,
        /// One of its capped values.
        example: String,
        /// The analysis.
        analysis: &'static str,
    },
    /// A comparison of groups that does not exist.
    #[error(
        "no comparison of groups named `{name}`{}; use {}",
        nearest.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default(),
        known.join(", ")
    )]
    UnknownComparison {
        /// The name that was asked for.
        name: String,
        /// The most similar method, if any is close.
        nearest: Option<String>,
        /// All methods.
        known: Vec<&'static str>,
    },
    /// A comparison of two groups where there are more, or of all where pairs are asked for.
    #[error(
        "{method} compares two groups, and column `{column}` has {found}; ask for every pair (--pairs), keep two groups (--where), or use anova, welch or kruskal_wallis"
    )]
    TwoGroups {
        /// The method.
        method: &'static str,
        /// The column of the groups.
        column: String,
        /// How many groups there are.
        found: usize,
    },
    /// Every pair by a method that compares all groups at once.
    #[error(
        "{method} compares all groups at once; for every pair use t, welch_t, mann_whitney, tukey or games_howell"
    )]
    NotPairwise {
        /// The method.
        method: &'static str,
    },
    /// A capped outcome ("500+") where a comparison needs the values themselves.
    #[error(
        "column `{column}` holds capped values such as `{example}`, which are not numbers, and {method} needs numbers; use kruskal_wallis or mann_whitney, which rank them highest"
    )]
    CappedOutcome {
        /// The column.
        column: String,
        /// One of its capped values.
        example: String,
        /// The method.
        method: &'static str,
    },
    /// Fewer resamples than an interval or a test can be read from.
    #[error("{found} resamples are too few; ask for at least {needed}")]
    TooFewResamples {
        /// The smallest number it works with.
        needed: usize,
        /// How many were asked for.
        found: usize,
    },
    /// More respondents than can be drawn again and again.
    #[error(
        "{found} respondents are too many to resample (at most {limit}); use the interval and the test in closed form"
    )]
    TooManyToResample {
        /// The most that are allowed.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// More respondents than an analysis can count, or finish with.
    #[error(
        "{found} respondents are too many for {analysis} (at most {limit}); analyse a random part of them"
    )]
    TooManyRespondents {
        /// What was to be computed.
        analysis: &'static str,
        /// The most that are allowed.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// Index draws that do not belong to the data.
    #[error(
        "a draw of {found} indices does not fit {needed} respondents; give one index from 0 to {needed} (exclusive) for each respondent"
    )]
    WrongDraw {
        /// Respondents.
        needed: usize,
        /// Indices in the draw.
        found: usize,
    },
    /// An analysis that there is for other methods only.
    #[error("{analysis} is not available for {method}; use {}", known.join(", "))]
    NotForMethod {
        /// The analysis.
        analysis: &'static str,
        /// The method that was asked for.
        method: &'static str,
        /// The methods that have it.
        known: Vec<&'static str>,
    },
    /// Fewer clusters of respondents than the analysis needs.
    #[error(
        "column `{column}` has {} among the respondents used, and {analysis} needs at least {needed} clusters; use a column with more", values(*.found)
    )]
    TooFewClusters {
        /// The column of the clusters.
        column: String,
        /// The analysis.
        analysis: &'static str,
        /// The smallest number it works with.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Events and trials that make no rate.
    #[error(
        "{events}/{trials} is no rate: events must be no more than trials, and trials 1 to ten million"
    )]
    Rate {
        /// Events.
        events: u64,
        /// Trials.
        trials: u64,
    },
    /// Correlations that no data could have together.
    #[error("no data can have these correlations together; check the numbers")]
    Impossible,
}

impl From<ssi_vocab::Interrupted> for Error {
    fn from(_: ssi_vocab::Interrupted) -> Self {
        Self::Interrupted
    }
}
