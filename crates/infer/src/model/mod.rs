//! What the regressions beyond least squares share: their kinds, their errors, the nouns that a
//! fit is made of, and the search for a likelihood's top.

mod cholesky;
mod effects;
mod error;
mod fit;
mod kind;
pub(crate) mod logit;
mod newton;
mod profile;
mod rows;
mod sandwich;
mod scaled;
mod separation;
mod start;
mod usage;

pub use error::ModelError;
pub use fit::{Fit, Link, Reference};
pub use kind::Kind;
pub use sandwich::Errors;

pub(crate) use cholesky::Cholesky;
pub(crate) use effects::{Change, Response, derivative, effects, wald};
pub(crate) use newton::{Derivatives, Optimum, newton};
pub(crate) use profile::{constrained, profile};
pub(crate) use rows::{Profiled, odds_ratios, with_profiles};
pub(crate) use scaled::{Row, Scaled, frequencies, in_order, intercept_only, linear, mirror};
pub(crate) use separation::separating;
pub(crate) use start::Start;
