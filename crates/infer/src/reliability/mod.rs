//! Do items measure one thing, and how well? Internal consistency, item analysis, dimensions, the
//! graded response model and the Rasch model.

mod alpha;
mod conditional;
mod eigen;
mod graded;
mod groups;
mod items;
mod likelihood;
mod omega;
mod parallel;
mod places;
mod rasch;
mod rest;

pub use alpha::{alpha, alpha_without};
pub use graded::{Graded, graded};
pub use items::{ItemError, Items};
pub use omega::omega;
pub use parallel::{Components, parallel};
pub use rasch::{Rasch, rasch};
pub use rest::{difficulty, item_outcome, item_rest};

use ssi_vocab::{Analysis, Estimate};

/// A row about the items, without value.
fn row(method: &str, term: impl Into<String>, items: &Items) -> Estimate {
    let mut row = Estimate::new(Analysis::Reliability, method, term, items.n_complete());
    row.n_excluded = items.n_rows() - items.n_complete();
    row
}

/// What a row about all items is called.
const ITEMS: &str = "items";
