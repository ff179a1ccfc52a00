//! What the regressions beyond least squares share: their kinds, their errors, the nouns that a
//! fit is made of, and the search for a likelihood's top.

mod cholesky;
mod error;
mod fit;
mod kind;
mod newton;
mod start;

pub use error::ModelError;
pub use fit::{Fit, Link, Reference};
pub use kind::Kind;

pub(crate) use cholesky::Cholesky;
pub(crate) use newton::{Derivatives, newton};
pub(crate) use start::Start;
