//! Correlation: whether two variables of the same respondents go together.
//!
//! Each method has a file with its coefficient, its standard error, its own interval and its own
//! test. [`correlate`] chooses by [`Method`]; [`matrix`] takes every pair of some columns.

pub mod bayes;
pub(crate) mod biweight;
mod cells;
pub mod compare;
mod complete;
mod concordance;
mod disattenuate;
pub(crate) mod distance;
pub(crate) mod distance_sums;
pub(crate) mod elimination;
mod equivalence;
mod fisher;
mod full_likelihood;
mod joint;
mod kendall;
mod kendall_exact;
mod likelihood;
mod matrix;
mod method;
pub(crate) mod moments;
pub(crate) mod ordinal;
mod pair;
mod partial;
mod pearson;
pub(crate) mod percentage_bend;
mod point_biserial;
pub(crate) mod polychoric;
pub(crate) mod polyserial;
mod probit;
mod quadrants;
pub(crate) mod ranks;
pub(crate) mod robust;
mod spearman;
pub(crate) mod winsorized;

pub use biweight::biweight;
pub use complete::Complete;
pub use disattenuate::disattenuate;
pub use distance::{Distance, distance};
pub use equivalence::{partial_tost, tost};
pub use full_likelihood::{FullLikelihood, full_likelihood};
pub use kendall::{Kendall, kendall};
pub(crate) use kendall_exact::first_above;
pub use matrix::{adjusted, matrix};
pub use method::{Method, correlate, correlate_or_note};
pub use ordinal::MAX_LEVELS;
pub use pair::{pair, ranked_pair};
pub use partial::{Controlled, Partial, partial, partial_matrix};
pub use pearson::{Pearson, pearson};
pub use percentage_bend::percentage_bend;
pub use point_biserial::{PointBiserial, point_biserial};
pub use polychoric::{Polychoric, polychoric};
pub use polyserial::{Polyserial, polyserial};
pub use robust::Robust;
pub use spearman::{Spearman, spearman};
pub use winsorized::winsorized;

pub(crate) use concordance::{Concordance, KendallOrder};
pub(crate) use partial::columns as partial_columns;
