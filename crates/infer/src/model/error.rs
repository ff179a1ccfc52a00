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
        "column `{column}`, row {row}: {value} is outside {low} to {high}, where {model} needs every outcome; correct it, or give its bounds with --lower and --upper"
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
    /// Several predictors where the method takes one.
    #[error(
        "{model} takes one numeric predictor and an intercept, and the formula has {found} columns; leave some out, or use mm or quantile"
    )]
    OnePredictor {
        /// The model.
        model: &'static str,
        /// Columns of the model matrix.
        found: usize,
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
}

impl ModelError {
    /// True where the command was used wrongly (exit code 2), not where the data fall short.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. }
                | Self::Option { .. }
                | Self::OnePredictor { .. }
                | Self::NoSuch { .. }
        )
    }
}
