use super::Axis;
use serde::{Deserialize, Serialize};

/// Respondents of like predictions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CalibrationGroup {
    /// Mean of their predictions, each from a fit without the respondent.
    pub predicted: f64,
    /// Mean of their outcomes.
    pub observed: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Respondents.
    pub n_obs: usize,
}

/// Content of [`Drawing::Calibration`](super::Drawing::Calibration): what was predicted of
/// respondents left out of the fit against what they have. The caption words the legend under
/// `groups`, `identity` and `line`; an entry without words is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The groups, by prediction.
    pub groups: Vec<CalibrationGroup>,
    /// Intercept of the line of single outcomes on predictions.
    pub intercept: f64,
    /// Its slope.
    pub slope: f64,
    /// R² of the predictions.
    pub cv_r_squared: f64,
    /// Root mean squared error of the predictions.
    pub cv_rmse: f64,
    /// Both axes.
    pub axis: Axis,
}
