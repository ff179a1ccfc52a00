//! Correlation: whether two variables of the same respondents go together.
//!
//! Each method has a file with its coefficient, its standard error, its own interval and its own
//! test. [`correlate`] chooses by [`Method`]; [`matrix`] takes every pair of some columns.

pub mod bayes;
pub mod compare;
mod complete;
mod concordance;
mod disattenuate;
mod elimination;
mod equivalence;
mod fisher;
mod kendall;
mod kendall_exact;
mod matrix;
mod method;
pub(crate) mod moments;
mod pair;
mod partial;
mod pearson;
pub(crate) mod ranks;
mod spearman;

pub use complete::Complete;
pub use disattenuate::disattenuate;
pub use equivalence::tost;
pub use kendall::{Kendall, kendall};
pub use matrix::{adjusted, matrix};
pub use method::{Method, correlate, correlate_or_note};
pub use pair::{pair, ranked_pair};
pub use partial::{Controlled, Partial, partial, partial_matrix};
pub use pearson::{Pearson, pearson};
pub use spearman::{Spearman, spearman};

pub(crate) use concordance::{Concordance, KendallOrder};
