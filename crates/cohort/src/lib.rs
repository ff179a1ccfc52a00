//! From a survey file to a checked table, with a ledger of what was changed or excluded.
//!
//! [`table()`] reads any table under its own column names; [`cohort()`] reads a survey export by
//! the rules of the study, with one row a respondent, and [`people()`] one without SSI; [`Filter`] chooses rows of either. No file
//! is opened here: everything takes a reader.

mod codebook;
mod cohort;
mod date;
mod decimal;
mod decode;
mod delimited;
mod error;
pub mod filter;
mod grid;
mod ledger;
mod number;
mod reading;
mod record;
mod workbook;

pub use codebook::{Codebook, Constraints, Field, Role};
pub use cohort::{Cohort, ITEMS, PILLARS, Total, cohort, cohort_with, people};
pub use error::{Error, Result};
pub use filter::Filter;
pub use grid::{MAX_COLUMNS, Options};
pub use reading::{Reading, exported, table, table_with};
