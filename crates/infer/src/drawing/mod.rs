//! What figures show, computed: the drawing nouns of `ssi-vocab`, made from results and data.

mod axis;
mod bland_altman;
mod calibration;
mod claims;
mod diagnostics;
mod forest;
mod item_curves;
mod levels;
mod matrix;
mod resampling;
mod scatter;
mod shape;
mod thin;

pub use axis::round_axis;
pub use bland_altman::bland_altman;
pub use calibration::calibration;
pub use claims::{ceilings, ratio, surface};
pub use diagnostics::diagnostics;
pub use forest::{effects, forest};
pub use item_curves::item_curves;
pub use levels::{level_edges, levels};
pub use matrix::matrix;
pub use resampling::resampling;
pub use scatter::scatter;
pub use shape::shape;
