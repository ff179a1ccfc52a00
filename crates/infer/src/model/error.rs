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
}

impl ModelError {
    /// True where the command was used wrongly (exit code 2), not where the data fall short.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Option { .. })
    }
}
