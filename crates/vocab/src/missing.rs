use serde::{Deserialize, Serialize};

/// How many values a column has, and how many are missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingColumn {
    /// The column.
    pub column: String,
    /// Respondents with a value.
    pub n_present: usize,
    /// Respondents without one, the next included.
    pub n_missing: usize,
    /// Of these, for whom the rater could not see it.
    pub n_not_visible: usize,
    /// The share that is missing.
    pub share: f64,
}
