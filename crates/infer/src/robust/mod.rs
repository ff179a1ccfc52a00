//! Regressions that a part of the data can't move far.
//!
//! [`huber`] and [`bisquare`] weigh respondents down by the size of their residuals; [`mm`] does so
//! from a start that half the data can't move; [`theil_sen`] takes the median of all slopes.

mod cloud;
mod fast_s;
mod loss;
mod m_estimator;
mod mm;
mod predicted;
mod reweighted;
mod slopes;
mod theil_sen;

pub use m_estimator::{RobustErrors, bisquare, huber};
pub use mm::mm;
pub use theil_sen::{TheilSen, theil_sen};

use crate::model::Fit;

/// A robust fit: the facts of any model, with how much each respondent counts.
#[derive(Debug, Clone)]
pub struct Robust {
    /// Coefficients, covariance and fit statistics.
    pub fit: Fit,
    /// Scale of the residuals, in outcome units.
    pub scale: f64,
    /// How much each row counts, from 0 to 1.
    pub weights: Vec<f64>,
}
