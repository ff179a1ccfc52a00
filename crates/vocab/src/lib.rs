//! The words that the other crates share: checked inputs, results, drawing nouns, captions.
//!
//! Nothing is computed here and nothing is worded here. A crate that makes one of these nouns and
//! a crate that uses it never need to know each other, which is why the floor above (`cohort`,
//! `infer`, `figure`, `report`) compiles in parallel and can be tested apart.

mod caption;
mod claim;
mod design;
pub mod drawing;
mod error;
mod estimate;
mod exclusion;
mod fit;
mod intake;
mod ledger;
mod missing;
mod paired;
mod progress;
mod results;
mod row;
mod scored;
pub mod spreadsheet;
mod table;
mod tied;
mod warning;
mod words;

pub use caption::{Caption, Lang, PHRASE_BREAK};
pub use claim::{Because, Claim, Verdict};
pub use design::{Design, Weights};
pub use drawing::Drawing;
pub use error::{Error, Result, nearest};
pub use estimate::{Analysis, Estimate, Interval, Lacking, Level, Note, PValue, Test};
pub use exclusion::{Change, Exclusion, LeftOut, Missing, Reason, Rule};
pub use fit::{AnovaRow, Calibration, Nested, RiskGroup, Standardised, Vif};
pub use intake::{
    Answerable, Confidence, Content, Decision, Guess, How, Intake, Layout, Recognised, Rows, Why,
};
pub use ledger::{Cause, Entry, Ledger, Outcome, Refusal};
pub use missing::MissingColumn;
pub use paired::Paired;
pub use progress::{Interrupted, Progress, Quiet, Stage, Watch};
pub use results::{
    Check, FilterFacts, Glance, HalfWidth, InputFacts, Model, Results, SCHEMA, StudyFacts,
};
pub use row::Row;
pub use scored::Scored;
pub use table::{Capped, Cells, Column, Seen, Table, is_infinite};
pub use warning::Warning;
pub use words::Words;
