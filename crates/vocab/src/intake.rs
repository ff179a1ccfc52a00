//! What was found in a survey file before anything is analysed.

use crate::{Change, Exclusion, Ledger};
use serde::Serialize;

/// A survey file, as `ssi check` tells of it.
#[derive(Debug, Clone, Serialize)]
pub struct Intake {
    /// Name and version of this form.
    pub schema: &'static str,
    /// The file.
    pub file: String,
    /// True where the file can be analysed, though rows may be left out.
    pub usable: bool,
    /// How the file was read; none where it is no table.
    pub layout: Option<Layout>,
    /// What became of the rows; none where nothing was read.
    pub rows: Option<Rows>,
    /// The columns, in file order.
    pub columns: Vec<Recognised>,
    /// What these columns are enough for, and what the rest would need.
    pub answers: Vec<Answerable>,
    /// Why the file is refused, in the reader's language.
    pub refusals: Vec<String>,
    /// What was normalised, by rule and column.
    pub changes: Vec<Change>,
    /// What was left out.
    pub excluded: Vec<Exclusion>,
    /// Everything that was changed or left out, cell by cell.
    pub ledger: Ledger,
}

impl Intake {
    /// The form of what [`Intake`] is written as.
    pub const SCHEMA: &'static str = "ssi-study/check/1";
}

/// What became of the rows below the header: `read = used + excluded + dropped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// Rows that hold anything.
    pub read: usize,
    /// Rows that are used.
    pub used: usize,
    /// Rows with a fault.
    pub excluded: usize,
    /// Rows that are no answers: totals below the data, duplicates.
    pub dropped: usize,
    /// Different respondents.
    pub respondents: usize,
    /// Respondents who were scored by two raters or more.
    pub rated_twice: usize,
}

/// How a file was read: what was decided, and why.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Layout {
    /// What the file is, where it is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Decision>,
    /// The sheet of a workbook.
    pub sheet: Option<Decision>,
    /// All sheets of a workbook.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    /// The encoding of a text.
    pub encoding: Option<Decision>,
    /// The separator of a text.
    pub separator: Option<Decision>,
    /// The row or the two rows of the header.
    pub header: Option<Decision>,
    /// What a comma in a number means, where the question came up.
    pub comma: Option<Decision>,
}

/// Something that was decided about a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// What it was decided to be.
    pub value: String,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
}

/// Why something was decided.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// An option says so.
    Asked,
    /// The file begins with a byte order mark.
    Mark,
    /// Its bytes say so, whatever it is called.
    Content,
    /// Every byte is valid in it.
    Valid,
    /// The bytes are not valid UTF-8, there is no mark, and they decode without an error.
    Decodes,
    /// By it, most rows have the same number of cells.
    Even {
        /// Rows with so many cells.
        alike: usize,
        /// Rows that were looked at.
        of: usize,
        /// How many cells.
        cells: usize,
    },
    /// Nothing in the file separates cells.
    OneColumn,
    /// It is the first sheet.
    First {
        /// Of how many.
        of: usize,
    },
    /// It is the first sheet that holds a table.
    Table,
    /// It has the most headers that are known.
    Known {
        /// How many.
        known: usize,
        /// Of how many columns.
        of: usize,
    },
    /// It is the first of several that have the most headers that are known.
    Tied {
        /// How many.
        known: usize,
        /// Of how many columns.
        of: usize,
    },
    /// No row has a known header, so that the first row is taken.
    NoneKnown,
    /// Other numbers of the file show it.
    Shown,
}

/// A column of the file, and what it was taken for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recognised {
    /// Its header.
    pub header: String,
    /// Its place in the file, from 1.
    pub place: usize,
    /// The canonical name; none where it is not used.
    pub canonical: Option<String>,
    /// How it was recognised.
    pub how: How,
    /// How sure that is.
    pub confidence: Confidence,
    /// What it might be, where it was not recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guess: Option<Guess>,
    /// Cells that hold anything, in rows with as many cells as the header, totals aside.
    pub filled: usize,
}

/// How a column was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// `--map` or a codebook says so.
    Mapped,
    /// The header is the canonical name.
    CanonicalName,
    /// The header is one of those that are known for the column.
    KnownHeader,
    /// The header may mean the column, and no other does.
    FallbackHeader,
    /// The column says who somebody is.
    Personal,
    /// Not at all: the column is not used.
    Unknown,
}

impl How {
    /// The code used in JSON and the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::CanonicalName => "canonical_name",
            Self::KnownHeader => "known_header",
            Self::FallbackHeader => "fallback_header",
            Self::Personal => "personal",
            Self::Unknown => "unknown",
        }
    }

    /// How sure it makes.
    pub fn confidence(self) -> Confidence {
        match self {
            Self::Mapped | Self::CanonicalName | Self::Personal => Confidence::Certain,
            Self::KnownHeader => Confidence::High,
            Self::FallbackHeader => Confidence::Moderate,
            Self::Unknown => Confidence::None,
        }
    }
}

/// How sure it is that a column is what it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Somebody said so, or the name is the contract's.
    Certain,
    /// The header is known for nothing else.
    High,
    /// The header often means this, and sometimes something else.
    Moderate,
    /// A guess, or nothing: never used.
    None,
}

impl Confidence {
    /// The code used in JSON and the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::High => "high",
            Self::Moderate => "moderate",
            Self::None => "none",
        }
    }
}

/// What a column that was not recognised might be. It is only said, never used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guess {
    /// The canonical name.
    pub canonical: String,
    /// True where the header resembles the name; else only the cells do.
    pub by_name: bool,
    /// What the cells look like.
    pub content: Content,
}

/// What the cells of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Numbers.
    Numbers {
        /// The smallest.
        low: f64,
        /// The largest.
        high: f64,
    },
    /// Counts, some of them with a plus.
    Capped,
    /// Days.
    Dates,
    /// Words.
    Words {
        /// Different ones.
        different: usize,
    },
}

/// An analysis, and whether the columns are enough for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answerable {
    /// The claim (`C7`) or the analysis (`pillars`).
    pub id: String,
    /// True where the columns are enough.
    pub answerable: bool,
    /// The columns that it would need and that are not there.
    pub needs: Vec<String>,
}
