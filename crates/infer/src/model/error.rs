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
    #[error("{option} has no meaning for the model {model}; {instead}")]
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
}

impl ModelError {
    /// True where the command was used wrongly (exit code 2), not where the data fall short.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. }
                | Self::Option { .. }
                | Self::NotBinary { .. }
                | Self::TooManyLevels { .. }
                | Self::NoIntercept { .. }
                | Self::Bounds { .. }
        )
    }
}
