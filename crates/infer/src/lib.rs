//! The statistics: describe, correlate, resample, regress. Knows nothing of LinkedIn or of files.
//!
//! Every public function takes a checked noun of `ssi-vocab` and returns one. What is undefined
//! is an error or an estimate without a value and with a note, never a NaN.

pub mod adjust;
pub mod agreement;
pub mod bounded;
pub mod categories;
pub mod correlate;
pub mod describe;
mod double_double;
pub mod drawing;
mod error;
pub mod formula;
pub mod groups;
pub mod importance;
pub mod imputation;
pub mod missing;
pub mod mixed;
pub mod model;
pub mod necessity;
pub mod penalised;
pub mod predict;
pub mod quantile;
pub mod rates;
pub mod regress;
pub mod reliability;
pub mod resample;
pub mod robust;
pub mod shape;
pub mod smooth;
mod sums;
pub mod tails;
pub mod validate;

pub use error::{Error, Result};
