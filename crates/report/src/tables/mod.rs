//! Tables of estimates, fits, exclusions and normalisations.

mod agreement;
mod claims;
mod comparisons;
mod estimates;
mod fit_details;
mod fits;
mod inferences;
mod ledger;
mod missing;
mod model_details;
mod necessity;
mod of_command;
mod rates;
mod reliability;
mod scored;
mod sessions;
mod views;

pub(crate) use agreement::agreement;
pub(crate) use claims::{claims, evidence};
pub(crate) use comparisons::comparisons;
pub(crate) use estimates::{First, coefficients, correlations, description, two_errors, weights};
pub(crate) use fit_details::fit_details;
pub(crate) use fits::{checks, glance, models};
pub(crate) use inferences::inferences;
pub(crate) use ledger::{changes, counts, excluded, left_out, left_out_lines, once};
pub(crate) use missing::{missing, patterns, treated};
pub(crate) use model_details::model_details;
pub(crate) use necessity::{corner_details, corners, necessity};
pub(crate) use of_command::estimate_tables;
pub(crate) use rates::rates;
pub(crate) use reliability::reliability;
pub(crate) use scored::scored;
pub(crate) use sessions::sessions;
pub(crate) use views::views;

use crate::number;
use crate::terms::{named, term, variable, word};
use ssi_vocab::{Estimate, Lang};

/// Whether variables and terms stand in words, or under the names the user's table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// In a study's pages.
    Worded,
    /// In the output of single commands.
    Literal,
}

impl Naming {
    fn variable(self, lang: Lang, name: &str) -> String {
        match self {
            Self::Worded => variable(lang, name),
            Self::Literal => name.to_owned(),
        }
    }

    fn term(self, lang: Lang, name: &str) -> String {
        match self {
            Self::Worded => term(lang, name),
            Self::Literal => name.to_owned(),
        }
    }

    fn correlation(self, value: f64, lang: Lang) -> String {
        match self {
            Self::Worded => number::correlation(value, lang),
            Self::Literal => number::correlation_to(value, 3, lang),
        }
    }
}

pub(crate) fn header(lang: Lang, key: &'static str, numeric: bool) -> (String, bool) {
    (word(lang, key).to_owned(), numeric)
}

/// "95% CI" with the level of the first interval among the rows.
fn interval_header(lang: Lang, rows: &[&Estimate]) -> (String, bool) {
    let level = rows.iter().find_map(|e| e.interval.as_ref()).map_or(0.95, |i| i.level.get());
    (word(lang, "header.interval").replace("{level}", &number::level(level)), true)
}

fn p_cell(p: Option<f64>, lang: Lang) -> String {
    p.map(|p| number::p_cell(p, lang)).unwrap_or_default()
}

fn note(e: &Estimate, lang: Lang) -> String {
    e.note.map(|note| named(lang, "note", note.code())).unwrap_or_default()
}
