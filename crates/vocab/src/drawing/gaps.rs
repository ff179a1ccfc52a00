use serde::{Deserialize, Serialize};

/// Content of [`Drawing::Gaps`](super::Drawing::Gaps): which values are missing together. The caption
/// words a column of the data under `variable.NAME`, its number of gaps under `gaps.NAME`, pattern `i` under
/// `pattern.i` (its respondents) and `name.i` (what it is), and the legend under `present`,
/// `missing` and `share`; the head of the numbers stands under `gaps`, that of the patterns under
/// `patterns`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gaps {
    /// The columns that have gaps, the one with the most first.
    pub variables: Vec<String>,
    /// How many respondents lack each of them.
    pub n_missing: Vec<usize>,
    /// How many respondents there are.
    pub n_obs: usize,
    /// Columns that have no gaps.
    pub n_complete: usize,
    /// How many of the last variables are not drawn, because so many rows could not be told apart.
    #[serde(default, skip_serializing_if = "none")]
    pub n_hidden: usize,
    /// What is missing together, the most frequent first; those too rare to be shown come last, as
    /// one.
    pub patterns: Vec<GapPattern>,
}

fn none(count: &usize) -> bool {
    *count == 0
}

/// Respondents who lack the same values, or several such groups as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GapPattern {
    /// How many respondents.
    pub n_obs: usize,
    /// How many different patterns it stands for: 1, unless rare ones were put together.
    pub patterns: usize,
    /// For each variable, the share of these respondents who lack it: 0 or 1 for one pattern.
    pub missing: Vec<f64>,
}
