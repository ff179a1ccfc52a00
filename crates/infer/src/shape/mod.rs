//! What shape a relation has: a curve, a rise without a shape, two lines that meet.

mod isotonic;
mod nonlinearity;
mod segmented;

pub use isotonic::{Direction, Isotonic, Step, isotonic};
pub use nonlinearity::nonlinearity;
pub use segmented::{Segmented, segmented};
