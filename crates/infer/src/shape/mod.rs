//! What shape a relation has: a curve, a rise without a shape, two lines that meet.

mod average;
mod isotonic;
mod nonlinearity;
mod segmented;

pub use average::average_slopes;
pub use isotonic::{Direction, Isotonic, Step, isotonic};
pub use nonlinearity::{nonlinearity, nonlinearity_with};
pub use segmented::{Segmented, segmented};
