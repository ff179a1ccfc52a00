//! What a model expects at chosen values: of the mean, and of one respondent.

mod at;
mod caps;
mod conformal;
mod intervals;
pub(crate) mod light;
mod population;
mod scores;

pub use at::{Point, point, ranges};
pub use caps::{Indicated, with_caps};
pub use conformal::{Conformal, conformal};
pub use intervals::{Bounds, of_fit, of_least_squares};
pub use population::{Population, transport, two_phase};

pub(crate) use intervals::row;
