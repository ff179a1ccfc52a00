//! Outcomes with ends: shares between bounds, and values that were seen only between limits.
//!
//! [`fractional`] and [`beta`] are for an outcome that can't go beyond its bounds (SSI); [`tobit`]
//! for one that could, but was not seen there (contacts shown as "500+").

mod beta;
mod fractional;
mod mills;
mod polygamma;
mod predicted;
mod tobit;
mod unequal;

pub use beta::{Beta, beta};
pub use fractional::{Fractional, fractional};
pub use tobit::{Censored, Tobit, censored, tobit};

use crate::Result;
use crate::model::{ModelError, in_order};
use ssi_vocab::Design;

/// The outcome as shares of the way from `low` to `high`.
///
/// # Errors
/// [`ModelError::Bounds`], [`ModelError::OutOfBounds`] with the first row that is outside.
fn shares(design: &Design, low: f64, high: f64, model: &'static str) -> Result<Vec<f64>> {
    in_order(low, high)?;
    let share = |(y, row): (&f64, &usize)| {
        if *y < low || *y > high {
            let column = design.outcome.clone();
            return Err(ModelError::OutOfBounds { column, row: *row, value: *y, low, high, model });
        }
        Ok((y - low) / (high - low))
    };
    Ok(design.y.iter().zip(&design.rows).map(share).collect::<std::result::Result<_, _>>()?)
}
