//! A survey export, by the rules of the study.

mod average;
mod cells;
pub(crate) mod checks;
mod clean;
mod codes;
mod duplicates;
mod guess;
pub(crate) mod header;
mod inspection;
mod merge;
mod notes;
mod ratings;
mod short;
mod wording;

pub use inspection::{Clean, Inspection, clean, inspect};

use crate::decimal::Decimal;
use crate::grid::{Grid, Options, Purpose};
use crate::refusals::Refusals;
use crate::{Codebook, Result, Sheets, intake, sheets};
use inspection::{Depth, Read as Whole};
use ssi_vocab::{Capped, Change, Exclusion, Seen, Table};
use std::borrow::Cow;
use std::io::Read;

/// The ten items, in the order of the rubric.
pub const ITEMS: [&str; 10] = [
    "item_photo",
    "item_banner",
    "item_headline",
    "item_about",
    "item_experience",
    "item_education",
    "item_skills",
    "item_recommendations",
    "item_url",
    "item_media",
];

/// The four pillars of SSI, in LinkedIn's order.
pub const PILLARS: [&str; 4] = ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build"];

/// A checked cohort: one row a respondent (and wave, where there are several), under canonical
/// names.
///
/// `rows_read = rows_used + rows_excluded + rows_dropped`, always.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// The respondents. Numbers for SSI, its pillars and ranks, years, hours, items and
    /// `score_total`; factors for groups and for dates (ISO 8601); capped numbers for
    /// `conn_display`. `respondent_id` and `rater_id` have done their work and are not here.
    pub table: Table,
    /// What was left out, and why; a row with two faults has two lines.
    pub excluded: Vec<Exclusion>,
    /// What was normalised.
    pub changes: Vec<Change>,
    /// Rows below the header that hold anything.
    pub rows_read: usize,
    /// Rows that went into the table: one or more a respondent.
    pub rows_used: usize,
    /// Rows that were left out because of a fault.
    pub rows_excluded: usize,
    /// Rows that are no answers: totals below the data, and identical duplicates.
    pub rows_dropped: usize,
    /// Different respondents.
    pub respondents: usize,
    /// Respondents who were scored by two raters or more.
    pub rated_twice: usize,
    /// The total that each rater gave, before the raters of a respondent were averaged.
    pub totals: Vec<Total>,
    /// Who each row of the table is about: respondents are numbered from 0 as they come. The same
    /// one stands in several rows where there are several waves.
    pub persons: Vec<usize>,
    /// Items on which a respondent's raters differ, by the respondent's row: their mean is no answer
    /// that anybody gave.
    pub disputed: Vec<(usize, String)>,
    /// True where the column `cohort` says that the data are synthetic.
    pub synthetic: bool,
    /// The sheet of a workbook that was read, by its place from 1 and its name, where it is not the
    /// first and nobody asked for it.
    pub sheet: Option<(usize, String)>,
    /// First and last day on which SSI was read, ISO 8601.
    pub ssi_dates: Option<(String, String)>,
}

/// One rater's total of one respondent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Total {
    /// The respondent's row, as [`Table::rows`] has it.
    pub row: usize,
    /// The rater, numbered from 0 as they come; who it is stays in the reader.
    pub rater: usize,
    /// `score_total`.
    pub value: f64,
}

/// Reads a survey export: recognises its columns, normalises its cells, and leaves out, with a
/// reason, the rows that can't be trusted.
///
/// A row is excluded whole for: text in a number column, a number outside the codebook's range,
/// an item score that is none of 0, 0.5 and 1, a date that can't be read in one way only, a
/// formula, pillars that don't add up to the total (|Σ − total| > 0.5 plus rounding), a given
/// `score_total` that is not the sum of its ten items, too few or too many cells, and the same
/// respondent, rater and wave with different values. Identical duplicates and rows of totals
/// below the data are dropped. Raters of one respondent are averaged; if their rows disagree on a
/// number that is the respondent's own, such as SSI, all of them are excluded.
///
/// A comma in a number is read by the column's range where only one reading lies in it
/// (`20,973` is a pillar of 20.973), and otherwise as in [`crate::table()`]. A workbook's formulas
/// count as faults, except in `score_total`, where the computed value is checked against the
/// items like any other.
///
/// # Missing data
/// Empty cells and the codebook's codes are missing and never 0; `NV` and its like are "not
/// visible". Neither excludes the row: each analysis leaves out what it needs. `score_total` is
/// the sum of the ten items and [`Missing::Incomplete`](ssi_vocab::Missing) unless all ten were
/// seen; a given total counts where the file has no items, or the row none.
///
/// # Errors
/// Refusals ([`crate::Error::is_refusal`]): a file that is no table, lacks `ssi_total` or both
/// `score_total` and the ten items, names one of its columns twice, holds names, addresses or
/// profile links, or is on another scale; and [`crate::Error::UnknownHeader`].
pub fn cohort(input: impl Read, name: &str, codebook: &Codebook) -> Result<Cohort> {
    let options = Options::default();
    cohort_with(&intake(input, name, &options)?, name, codebook, &options)
}

/// [`cohort()`] of people to be scored: `ssi_total` may be absent. Everything else is as there.
///
/// # Errors
/// As [`cohort()`], but for `ssi_total`.
pub fn people(input: impl Read, name: &str, codebook: &Codebook) -> Result<Cohort> {
    let options = Options::default();
    people_with(&intake(input, name, &options)?, name, codebook, &options)
}

/// [`people()`] from bytes, with options.
///
/// # Errors
/// As [`people()`], and [`crate::Error::UnknownSheet`].
pub fn people_with(
    bytes: &[u8],
    name: &str,
    codebook: &Codebook,
    options: &Options,
) -> Result<Cohort> {
    read(bytes, name, codebook, options, false)
}

/// [`cohort()`] from bytes, with options.
///
/// # Errors
/// As [`cohort()`], and [`crate::Error::UnknownSheet`].
pub fn cohort_with(
    bytes: &[u8],
    name: &str,
    codebook: &Codebook,
    options: &Options,
) -> Result<Cohort> {
    read(bytes, name, codebook, options, true)
}

fn read(
    bytes: &[u8],
    name: &str,
    codebook: &Codebook,
    options: &Options,
    needs_ssi: bool,
) -> Result<Cohort> {
    let grid = Grid::read(bytes, name, options, Purpose::Cohort(codebook))?;
    let options = &codebook.dialect().under(options);
    let of = Sheets::of(&grid.layout);
    let refusals = Refusals::default();
    let whole = Whole { name, codebook, options, needs_ssi, depth: Depth::Cohort };
    let (cohort, _) =
        whole.of(grid, refusals).map_err(|error| sheets::named(of.as_ref(), error))?;
    cohort.ok_or_else(|| crate::Error::Empty { name: name.to_owned() })
}

/// A column of the file that the codebook knows.
struct Known<'a> {
    field: &'a crate::Field,
    /// Its place in the file.
    at: usize,
    /// Its place in the codebook, by which ledgers are ordered.
    order: usize,
    /// How it was recognised.
    how: ssi_vocab::How,
}

/// The columns that are used, in the codebook's order.
struct Columns<'a>(Vec<Known<'a>>);

impl Columns<'_> {
    /// Where a canonical column stands among the values of a rating.
    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known.field.name == name)
    }

    /// Where the columns of a group stand, if all are there.
    fn places(&self, names: &[&str]) -> Option<Vec<usize>> {
        names.iter().map(|name| self.place(name)).collect()
    }
}

/// A cell after reading.
#[derive(Debug, Clone, PartialEq)]
enum Value<'a> {
    Number(Seen<Decimal>),
    Capped(Seen<Capped>),
    Word(Seen<Cow<'a, str>>),
}

impl Value<'_> {
    /// The same value, for as long as this one is there.
    fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Number(seen) => Value::Number(*seen),
            Self::Capped(seen) => Value::Capped(*seen),
            Self::Word(seen) => Value::Word(seen.as_deref().map(Cow::Borrowed).map_err(|why| *why)),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(Ok(read)) => Some(read.value),
            _ => None,
        }
    }

    fn word(&self) -> Option<&str> {
        match self {
            Self::Word(Ok(word)) => Some(word),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, Self::Number(Err(_)) | Self::Capped(Err(_)) | Self::Word(Err(_)))
    }
}
