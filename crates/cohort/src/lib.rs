//! From a survey file to a checked table, with a ledger of what was changed or excluded.
//!
//! [`table()`] reads any table under its own column names; [`cohort()`] reads a survey export by
//! the rules of the study, with one row a respondent, and [`people()`] one without SSI;
//! [`inspect()`] tells all that is wrong with an export. [`Filter`] chooses rows. No file is opened
//! here: everything takes a reader.

mod archive;
mod choices;
mod codebook;
mod cohort;
mod date;
mod decimal;
mod decode;
mod delimited;
mod error;
mod fault;
pub mod filter;
mod grid;
mod guard;
mod intake;
mod ledger;
mod limits;
mod lines;
mod number;
mod ods;
mod parquet;
mod personal;
mod pseudonym;
mod reading;
mod refusals;
mod samples;
mod sheets;
mod workbook;

pub use choices::{DateOrder, DecimalMark, Delimiter, Encoding, HeaderRows, Keep};
pub use codebook::{Codebook, CodebookSlip, CodebookWanted, Constraints, Field, Role};
pub use cohort::{
    Clean, Cohort, ITEMS, Inspection, PILLARS, Total, clean, cohort, cohort_with, inspect, people,
    people_with,
};
pub use error::{Error, KindOption, Lacking, Named, Result, Scale};
pub use fault::{BookFault, ParquetFault};
pub use filter::Filter;
pub use grid::Options;
pub use guard::panic_is_caught;
pub use intake::intake;
pub use limits::{
    Limit, Limits, MAX_BYTES, MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_DEPTH, MAX_HEADER, MAX_RATIO,
    MAX_ROWS, MAX_UNPACKED, WrongLimit, depth,
};
pub use pseudonym::Key;
pub use reading::{Reading, exported, table, table_with};
pub use sheets::Sheets;
