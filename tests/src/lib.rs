//! What the tests share: where the project is, and how a report is checked.

pub mod coverage;
pub mod fuzz;
mod report;

pub use report::check_report;

use std::path::{Path, PathBuf};

/// The project's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
