use thiserror::Error;

/// Why a model can't be fitted to these data.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A model that does not exist.
    #[error(
        "no model named `{name}`{}; use {}",
        nearest.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default(),
        known.join(", ")
    )]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The most similar model, if any is close.
        nearest: Option<String>,
        /// All models.
        known: Vec<&'static str>,
    },
    /// An option that the model has no meaning for.
    #[error("{option} can't be used for the model {model}; {instead}")]
    Option {
        /// The option, as the command line writes it.
        option: &'static str,
        /// The model.
        model: &'static str,
        /// What can be done.
        instead: &'static str,
    },
    /// An outcome that the model can't have.
    #[error(
        "column `{column}`, row {row}: {value} is outside {low} to {high}, where {model} needs every outcome; correct it, or give its bounds, such as --lower 0 --upper 100"
    )]
    OutOfBounds {
        /// The outcome.
        column: String,
        /// The row as the user counts it.
        row: usize,
        /// The value.
        value: f64,
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
        /// The model.
        model: &'static str,
    },
    /// A spline whose knots the values can't carry.
    #[error(
        "the knots of `{term}` would coincide or lie outside the values, of which {found} are different; ask for fewer, or name places between the smallest and the largest value, as in ns(x, knots = c(2, 5))"
    )]
    Knots {
        /// The term.
        term: String,
        /// How many different values there are.
        found: usize,
    },
    /// A curve is asked for, and no predictor can have one.
    #[error(
        "no predictor has enough different values for a curve; use ols, or add a numeric predictor"
    )]
    NothingToSmooth,
    /// A model of one numeric predictor, of which there are none or more.
    #[error("{model} takes one numeric predictor and nothing else, as in 'y ~ x'")]
    OnePredictor {
        /// The model.
        model: &'static str,
    },
    /// A breakpoint that the values leave no room for.
    #[error(
        "a breakpoint needs a numeric predictor of at least 4 different values, two on each side of it, and none of the predictors has so many; use ols"
    )]
    NoRoomForBreak,
    /// Values to predict at that don't read.
    #[error(
        "`{text}` does not read as values to predict at; write NAME=VALUE, with commas between, as in 'score_total=7,region=JP'"
    )]
    At {
        /// What was given.
        text: String,
    },
    /// A column to predict at that the model does not have.
    #[error(
        "the model has no predictor `{name}`{}; it has {}",
        nearest.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default(),
        known.join(", ")
    )]
    NotAPredictor {
        /// The name that was asked for.
        name: String,
        /// The most similar predictor, if any is close.
        nearest: Option<String>,
        /// The columns that the model is made from.
        known: Vec<String>,
    },
    /// A value to predict at that is no number.
    #[error(
        "`{value}` is no number, and the predictor `{column}` is one; write for example {column}=7"
    )]
    AtNumber {
        /// The predictor.
        column: String,
        /// What was given.
        value: String,
    },
    /// A level to predict at that the model has not seen.
    #[error(
        "the model has seen no `{level}` in `{column}`{}; it has seen {}",
        ssi_vocab::nearest(level, known.iter().map(String::as_str)).map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default(),
        known.join(", ")
    )]
    AtLevel {
        /// The predictor.
        column: String,
        /// What was given.
        level: String,
        /// All levels.
        known: Vec<String>,
    },
    /// Values at which the formula has no value, such as the logarithm of 0.
    #[error("the formula has no value at {text}; choose values within the range of the data")]
    AtUndefined {
        /// The values.
        text: String,
    },
    /// An interval that does not exist for predictions.
    #[error(
        "no interval of a prediction named `{name}`{}; use {}",
        nearest.as_ref().map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default(),
        known.join(", ")
    )]
    UnknownInterval {
        /// The name that was asked for.
        name: String,
        /// The most similar interval, if any is close.
        nearest: Option<String>,
        /// All of them.
        known: Vec<&'static str>,
    },
    /// Folds that leave nobody to fit to or nobody to predict.
    #[error(
        "the folds must name each of the {needed} rows once, in at least two parts that aren't empty"
    )]
    Folds {
        /// How many rows there are.
        needed: usize,
    },
    /// Predictors that tell an outcome's values apart without an exception.
    #[error(
        "no finite estimate exists: {} the values of `{outcome}` without an exception (separation); {instead}",
        match columns.as_slice() { [] => "the intercept alone separates".to_owned(), [one] => format!("`{one}` separates"), more => format!("`{}` together separate", more.join("`, `")) }
    )]
    Separated {
        /// The outcome.
        outcome: String,
        /// A smallest set of terms that does.
        columns: Vec<String>,
        /// What can be done.
        instead: &'static str,
    },
    /// An outcome that is not one of two values.
    #[error(
        "{model} needs an outcome of two values, 0 and 1 or two words, and column `{column}` has {found}; recode it, keep two of its values (--where), or use ordinal"
    )]
    NotBinary {
        /// The outcome.
        column: String,
        /// What it has: `3 different words`, `the values 1 and 2`.
        found: String,
        /// The model.
        model: &'static str,
    },
    /// An ordered outcome of more levels than a threshold each makes sense for.
    #[error(
        "column `{column}` has {found} different values, and an ordered outcome at most {limit}; join levels, or use ols or fractional"
    )]
    TooManyLevels {
        /// The outcome.
        column: String,
        /// How many different values there are.
        found: usize,
        /// The most that are allowed.
        limit: usize,
    },
    /// A model whose thresholds take the intercept's place.
    #[error("{model} has thresholds in the intercept's place; leave out `0 +` or `- 1`")]
    NoIntercept {
        /// The model.
        model: &'static str,
    },
    /// A share at a bound, where every one has to lie between.
    #[error(
        "column `{column}`, row {row}: {value} is at the bound of {low} to {high}, and {model} needs values strictly between; use fractional, which takes the bounds too"
    )]
    AtBound {
        /// The outcome.
        column: String,
        /// The row as the user counts it.
        row: usize,
        /// The value.
        value: f64,
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
        /// The model.
        model: &'static str,
    },
    /// An outcome of which no value was seen.
    #[error(
        "every value of `{column}` is at a limit, so nothing tells its spread; widen --lower and --upper, or use logistic for whether the limit is reached"
    )]
    AllCensored {
        /// The outcome.
        column: String,
    },
    /// Bounds that are not in order.
    #[error("the lower bound is {low} and the upper one {high}; --lower has to be below --upper")]
    Bounds {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// An iteration that did not settle.
    #[error(
        "{model} did not converge: after {iterations} iterations the gradient is still {gradient:.1e}; leave out predictors that say nearly the same, or choose another model"
    )]
    NotConverged {
        /// The model.
        model: &'static str,
        /// Iterations done.
        iterations: usize,
        /// Largest absolute component of the gradient (of the objective on its own scale).
        gradient: f64,
    },
    /// More than half of the outcomes lie on one surface, so that the others have no scale.
    #[error(
        "at least half of the outcomes lie exactly on one fitted surface, so {model} has no scale to measure the others by; use quantile or ols"
    )]
    ExactFit {
        /// The model.
        model: &'static str,
    },
    /// Respondents whose weights are 0 alone tell some coefficients.
    #[error(
        "{model} gives no weight to the respondents who alone tell some coefficients; leave out predictors of which few respondents have a value of their own, or use huber"
    )]
    NoWeight {
        /// The model.
        model: &'static str,
    },
    /// More respondents than an interval can be made for in reasonable time.
    #[error(
        "{found} respondents are too many for the {interval} interval (at most {limit}); use {instead}"
    )]
    TooMany {
        /// The interval.
        interval: &'static str,
        /// The most that are allowed.
        limit: usize,
        /// How many there are.
        found: usize,
        /// What can be used.
        instead: &'static str,
    },
    /// A name of standard errors or of an interval that the model does not have.
    #[error("{model} has no {option} named `{name}`; use {}", known.join(", "))]
    NoSuch {
        /// The model.
        model: &'static str,
        /// The option, as the command line writes it.
        option: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// An option without which the model is not said.
    #[error("the model {model} needs {option}, such as {example}")]
    Needs {
        /// The model.
        model: &'static str,
        /// The option, as the command line writes it.
        option: &'static str,
        /// How it is given.
        example: &'static str,
    },
    /// Random effects that do not read.
    #[error(
        "`{text}` names no random effects; write a column of groups (`session_id`), or a predictor before it whose slope differs between groups (`score_total | session_id`)"
    )]
    Random {
        /// What was given.
        text: String,
    },
    /// A random slope of something that is no term of the formula.
    #[error(
        "`{name}` is no predictor of the formula, so its slope can't differ between groups; add it, or use {}",
        known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )]
    RandomSlope {
        /// What was given.
        name: String,
        /// The terms of the formula.
        known: Vec<String>,
    },
    /// A random slope of a predictor that differs only between groups.
    #[error(
        "`{name}` has one value in each group of `{column}`, so no group shows a slope; leave the random slope out"
    )]
    SlopeWithin {
        /// The predictor.
        name: String,
        /// The column of the groups.
        column: String,
    },
    /// As many random effects as respondents, or more.
    #[error(
        "the groups of `{column}` have {effects} effects for {found} respondents, so effects and residuals can't be told apart; use larger groups, or leave the random slope out"
    )]
    RandomEffects {
        /// The column of the groups.
        column: String,
        /// How many effects.
        effects: usize,
        /// How many respondents.
        found: usize,
    },
    /// A capped predictor where nothing says what to do with it.
    #[error(
        "column `{column}` holds capped values such as `{example}`, which are not numbers; add --capped impute (imputes them many times) or --capped indicator (an indicator of the cap)"
    )]
    CappedPredictor {
        /// The column.
        column: String,
        /// One of its capped values.
        example: String,
    },
    /// A way to treat capped values that does not exist.
    #[error("--capped takes impute or indicator, and was `{text}`")]
    Capped {
        /// What was given.
        text: String,
    },
    /// More than one capped predictor.
    #[error(
        "the columns {} are capped, and one at a time can be imputed; use --capped indicator",
        columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    )]
    CappedTwice {
        /// The columns.
        columns: Vec<String>,
    },
    /// --capped without anything capped.
    #[error("no predictor of the formula is capped; leave out --capped")]
    NotCapped,
    /// A capped outcome, which can't be imputed as a predictor.
    #[error(
        "the outcome `{column}` holds capped values (such as 500+), which are not numbers; for a capped outcome use --model tobit"
    )]
    CappedOutcome {
        /// The column.
        column: String,
    },
    /// A value without a logarithm.
    #[error(
        "column `{column}`, row {row}: {value} has no logarithm, and capped values are imputed on the logarithmic scale; leave the row out with --where"
    )]
    NotPositive {
        /// The column.
        column: String,
        /// The row as the user counts it.
        row: usize,
        /// The value.
        value: f64,
    },
    /// Relative importance of an interaction.
    #[error(
        "`{term}` is an interaction, which has no share of R² of its own beside its parts; leave it out, or leave out --importance"
    )]
    Interaction {
        /// The term.
        term: String,
    },
    /// More terms than all sets of them can be gone through.
    #[error(
        "relative importance compares all sets of terms, for 1 to {limit} terms, and found {found}; leave some out, or join them into scores"
    )]
    TooManyTerms {
        /// How many there are.
        found: usize,
        /// The most that are allowed.
        limit: usize,
    },
    /// An outcome that does not vary within groups.
    #[error(
        "nothing of `{outcome}` varies within the groups of `{column}` once the predictors are known; use a finer outcome, or analyse the groups' means"
    )]
    NothingLeft {
        /// The outcome.
        outcome: String,
        /// The column of the groups.
        column: String,
    },
}
