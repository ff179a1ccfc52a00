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
        "column `{column}` is capped and stands on the formula's left; use the model tobit for a capped outcome"
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

impl ModelError {
    /// True where the command was used wrongly (exit code 2), not where the data fall short.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Unknown { .. }
                | Self::Option { .. }
                | Self::Needs { .. }
                | Self::Random { .. }
                | Self::RandomSlope { .. }
                | Self::CappedPredictor { .. }
                | Self::Capped { .. }
                | Self::CappedTwice { .. }
                | Self::NotCapped
                | Self::CappedOutcome { .. }
                | Self::Interaction { .. }
                | Self::TooManyTerms { .. }
        )
    }
}
