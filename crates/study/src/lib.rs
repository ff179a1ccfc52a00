//! The SSI correlation study: from a survey file and a plan to results, and from results to a
//! report folder. The only library here that touches files.

mod bundle;
mod check;
mod claims;
mod disclosure;
mod drawings;
mod error;
mod facts;
mod folder;
pub mod form;
mod key;
mod manifest;
mod message;
mod model;
mod plan;
mod predict;
mod prepare;
mod publication;
mod rubric;
mod run;
mod scale;
mod simulate;
mod source;
pub mod tables;
mod template;
mod verify;
mod views;

pub use bundle::bundle;
pub use check::{Beside, CheckRequest, Checked, check};
pub use error::{Error, Kind, Result};
pub use folder::{Files, check as check_folder, write as write_folder, write_file};
pub use key::KeyFile;
pub use manifest::{Manifest, ManifestInput};
pub use message::{message, reason};
pub use model::{Calibration, Model};
pub use plan::Plan;
pub use predict::{PredictRequest, predict, write_scored};
pub use rubric::{Item, Rubric, Wording};
pub use run::{Study, study};
pub use simulate::{ITEMS, REFERENCE_SEED, Respondent, Simulation, Variant};
pub use source::{REFERENCE, Source};
pub use ssi_cohort::{
    Codebook, DateOrder, DecimalMark, Delimiter, Encoding, HeaderRows, Keep, Key, Limits, Options,
    panic_is_caught,
};
pub use ssi_vocab::{Interrupted, Lang, Level, Progress, Quiet, Results, Stage, Watch};
pub use tables::{CorrelationRequest, FitRequest, NecessityRequest, ScopeKind, TableRequest};
pub use template::{template, write_template};
pub use verify::{Difference, Verification, verify};

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An aligned table for a terminal.
    Table,
    /// The JSON of [`Results`].
    Json,
    /// The estimates as CSV.
    Csv,
    /// A Markdown table.
    Markdown,
}

/// Results as text.
pub fn show(results: &Results, format: Format, lang: Lang) -> String {
    match format {
        Format::Table => ssi_report::text_table(results, lang),
        Format::Json => ssi_report::json(results),
        Format::Csv => ssi_report::csv(results),
        Format::Markdown => ssi_report::markdown_table(results, lang),
    }
}

/// What a reader should know before trusting the results, a line each; empty where there is nothing.
pub fn warnings(results: &Results, lang: Lang) -> String {
    ssi_report::warnings_text(results, lang)
}

/// Runs `work` on that many threads; on all processors where none is given.
///
/// # Errors
/// [`Error::Usage`] for no threads at all, or more than the system grants.
pub fn in_pool<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T> {
    let Some(threads) = threads else { return Ok(work()) };
    if !(1..=1024).contains(&threads) {
        return Err(Error::usage(
            format!("--threads lies between 1 and 1024; found {threads}"),
            format!("--threads は 1～1024 で指定してください（指定された値：{threads}）"),
        ));
    }
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => Ok(pool.install(work)),
        Err(error) => {
            let text = format!("--threads {threads}: {error}");
            Err(Error::usage(text.clone(), text))
        }
    }
}
