//! Parts of the sentences that errors are told in.

use ssi_vocab::Reason;
use std::fmt;

/// A column as the user's file calls it, and as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The canonical name, or the header where it has none; empty where a whole row is meant.
    pub column: String,
    /// The header, where it is another one.
    pub header: Option<Box<str>>,
}

impl From<&str> for Named {
    fn from(column: &str) -> Self {
        Self { column: column.to_owned(), header: None }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.header {
            Some(header) => write!(out, "`{header}` ({})", self.column),
            None => write!(out, "`{}`", self.column),
        }
    }
}

/// What every cohort needs and a header does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lacking {
    /// SSI.
    Ssi,
    /// The total score, and every one of the ten items that it could be made of.
    Score,
    /// The total score, and some of the items, by their canonical names.
    Items(Vec<String>),
}

impl Lacking {
    /// A canonical name that a column can be mapped to.
    pub fn example(&self) -> &str {
        match self {
            Self::Ssi => "ssi_total",
            Self::Score => "score_total",
            Self::Items(items) => items.first().map_or("score_total", String::as_str),
        }
    }
}

impl fmt::Display for Lacking {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ssi => out.write_str("`ssi_total`"),
            Self::Score => out.write_str("`score_total (or all ten items)`"),
            Self::Items(items) => write!(out, "`{} (or score_total)`", items.join(", ")),
        }
    }
}

/// The scale that a column seems to be on instead of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scale {
    /// SSI as a share: nothing above 1.
    Share,
    /// One of the four pillars in the place of SSI: nothing above 25.
    Pillar,
    /// Items in whole numbers from 1 upward.
    FivePoint,
}

impl Scale {
    pub(super) fn found(self) -> &'static str {
        match self {
            Self::Share => "no value above 1",
            Self::Pillar => "no value above 25, like one of the pillars",
            Self::FivePoint => "whole numbers from 1 upward, like a five-point scale",
        }
    }

    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Share | Self::Pillar => "SSI runs from 0 to 100",
            Self::FivePoint => "each item is scored 0, 0.5 or 1",
        }
    }
}

/// What stands in a header.
pub(super) fn listed(header: &[String]) -> String {
    let titles: Vec<&str> = header.iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
    titles.join(", ")
}

/// Columns within a sentence.
pub(super) fn these(columns: &[Named]) -> String {
    let names: Vec<String> = columns.iter().map(Named::to_string).collect();
    match &names[..] {
        [one] => format!("column {one} has"),
        more => format!("the columns {} have", more.join(", ")),
    }
}

/// A column, where one is meant.
pub(super) fn of_column(column: &Named) -> String {
    if column.column.is_empty() { String::new() } else { format!(", column {column}") }
}

/// Why a row can't be used, within a sentence: the words of the report's tables.
pub(super) fn said(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "missing value",
        Reason::NotVisible => "not visible to the rater (NV)",
        Reason::NotANumber => "text in a number column",
        Reason::NotFinite => "infinite number",
        Reason::OutOfRange => "outside the allowed range",
        Reason::NotAnItemScore => "item score other than 0, 0.5, 1",
        Reason::PillarsDoNotAddUp => "pillars don't add up to SSI",
        Reason::TotalIsNotTheSum => "given total is not the sum of the items",
        Reason::ConflictingDuplicate => "same respondent twice, with different values",
        Reason::RaggedRow => "more or fewer cells than the header",
        Reason::Formula => "formula instead of a value",
        Reason::NotADate => "date that can't be read, or in two ways",
        _ => "value that can't be used",
    }
}

/// An option of the reader that only files of one kind have a use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindOption {
    /// Which sheet is read.
    Sheet,
    /// In which encoding a text is.
    Encoding,
    /// What separates the cells of a text.
    Delimiter,
}

impl KindOption {
    /// What has a use for it.
    pub(super) fn english(self) -> &'static str {
        match self {
            Self::Sheet => "workbooks (XLSX, ODS), and this is none",
            Self::Encoding | Self::Delimiter => "text (CSV, TSV), and this is none",
        }
    }
}

impl std::fmt::Display for KindOption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sheet => "--sheet",
            Self::Encoding => "--encoding",
            Self::Delimiter => "--delimiter",
        })
    }
}

/// True for headers that no `--map` can tell apart.
pub(super) fn are_alike(headers: &[String]) -> bool {
    headers.windows(2).all(|pair| pair[0] == pair[1])
}
