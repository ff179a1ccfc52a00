use crate::Exclusion;
use crate::exclusion::different_rows;
use ndarray::{Array1, Array2};
use std::sync::Arc;

/// What a weight means. The kinds are not interchangeable: standard errors differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Weights {
    /// Row `i` stands for that many equal respondents.
    Frequency(Vec<u64>),
    /// Row `i` is known with the variance σ²/wᵢ, such as a mean of wᵢ answers.
    Analytic(Vec<f64>),
    /// Row `i` was drawn with a probability proportional to 1/wᵢ.
    Probability(Vec<f64>),
}

impl Weights {
    /// The weight of row `i`, as a number.
    pub fn at(&self, i: usize) -> f64 {
        match self {
            Self::Frequency(counts) => counts[i] as f64,
            Self::Analytic(weights) | Self::Probability(weights) => weights[i],
        }
    }

    /// How many respondents the rows stand for. Without frequency weights that is a row each; a
    /// row of weight 0 is nobody.
    pub fn respondents(&self) -> usize {
        match self {
            Self::Frequency(counts) => counts.iter().sum::<u64>() as usize,
            Self::Analytic(weights) | Self::Probability(weights) => {
                weights.iter().filter(|w| **w > 0.0).count()
            }
        }
    }

    /// The kind, by the name that `--weight-kind` takes.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Frequency(_) => "frequency",
            Self::Analytic(_) => "analytic",
            Self::Probability(_) => "probability",
        }
    }
}

/// A regression problem, checked: outcome and model matrix are finite and complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    /// The formula as it was understood, for example `ssi_total ~ score_total`.
    pub formula: String,
    /// The outcome's name.
    pub outcome: String,
    /// Column names of `x`, as R names them: `(Intercept)`, `score_total`, `regionJP`.
    pub terms: Vec<String>,
    /// For each column of `x`, which formula term it belongs to (0 is the intercept).
    pub assign: Vec<usize>,
    /// True where the model has an intercept (it is then the first column).
    pub intercept: bool,
    /// Model matrix, a row a respondent, a column a coefficient; a fit shares it.
    pub x: Arc<Array2<f64>>,
    /// Outcome, one value a row.
    pub y: Array1<f64>,
    /// What the cells of `x` are beyond their doubles: what decimal text said, and what rounding
    /// x² to a double drops. None where the doubles are all there is.
    pub x_rest: Option<Array2<f64>>,
    /// What the cells of `y` are beyond their doubles.
    pub y_rest: Option<Array1<f64>>,
    /// For each column of `x`, the numbers it was made from: columns of one family are exact
    /// functions of the same numbers (x, x², x³), so that one can't be a sum of the others for
    /// rounding alone.
    pub families: Vec<usize>,
    /// Weights, if any.
    pub weights: Option<Weights>,
    /// The row numbers of the respondents used, as the user counts them.
    pub rows: Vec<usize>,
    /// What was left out, and why.
    pub excluded: Vec<Exclusion>,
    /// Respondents that were left out whole before the design was made.
    pub left_out: usize,
}

impl Design {
    /// How many respondents: the rows, or the sum of the frequency weights.
    pub fn n_obs(&self) -> usize {
        self.weights.as_ref().map_or(self.y.len(), Weights::respondents)
    }

    /// How many respondents were left out: before the design was made, or for a gap in it (a row
    /// with two gaps counts once).
    pub fn n_excluded(&self) -> usize {
        self.left_out + different_rows(&self.excluded)
    }
}
