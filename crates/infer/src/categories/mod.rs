//! Outcomes that are categories: one of two values, or one of ordered levels.
//!
//! [`coded`] makes the regression problem, whatever the outcome's cells are (words, 0 and 1, scores,
//! capped counts); [`logistic`], [`firth`] and [`ordinal`] fit it, a file each.

mod calibration;
mod firth;
mod hosmer_lemeshow;
mod logistic;
mod ordinal;
mod outcome;
mod parallel;
mod predicted;
mod roc;

pub use firth::{Firth, firth};
pub use hosmer_lemeshow::{hosmer_lemeshow, risk_groups};
pub use logistic::{Logistic, logistic};
pub use ordinal::{Ordinal, ordinal};
pub use outcome::{Coded, coded};
pub use roc::{Auc, auc};
