mod words;

pub use words::{KindOption, Lacking, Named, Scale};

use crate::{BookFault, CodebookSlip, Limit, ParquetFault, Sheets, filter};
use ssi_vocab::Reason;
use std::collections::BTreeMap;
use thiserror::Error;
use words::{are_alike, listed, of_column, said, these};

/// A result whose error is [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Why a file could not be read as a table or a cohort, or a filter or codebook not understood.
///
/// Each message names the file, says where in it, and what to do next.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes could not be had from the reader.
    #[error("{name}: can't be read: {reason}; check the file and try again")]
    Read {
        /// The file.
        name: String,
        /// What kind of failure it was.
        kind: std::io::ErrorKind,
        /// The system's reason.
        reason: String,
    },
    /// Nothing in the file.
    #[error("{name}: is empty; export the survey again with a header row and a row a respondent")]
    Empty {
        /// The file.
        name: String,
    },
    /// A header and nothing below it.
    #[error(
        "{name}: holds a header (row {row}) and no row below it; export the survey again with its answers"
    )]
    HeaderOnly {
        /// The file.
        name: String,
        /// The header's row.
        row: usize,
    },
    /// Not a table of text.
    #[error("{name}: is {what}, not a table; save it as XLSX or CSV (UTF-8)")]
    Binary {
        /// The file.
        name: String,
        /// What it is instead.
        what: &'static str,
    },
    /// Text in no encoding that is known here.
    #[error(
        "{name}: line {line} is neither UTF-8, UTF-16 nor Shift_JIS (CP932); save the file as CSV UTF-8"
    )]
    Undecodable {
        /// The file.
        name: String,
        /// The first line that can't be decoded.
        line: usize,
    },
    /// Text that was decoded wrongly before it was saved.
    #[error(
        "{name}: row {row} holds garbled characters: the file was saved after being read in the wrong encoding; export it again as CSV UTF-8"
    )]
    Garbled {
        /// The file.
        name: String,
        /// The row.
        row: usize,
    },
    /// Text that is not in the encoding that was asked for.
    #[error(
        "{name}: line {line} is not {encoding}; name another --encoding (utf-8, cp932 or utf-16), or leave it out so that it is found"
    )]
    NotInEncoding {
        /// The file.
        name: String,
        /// The encoding.
        encoding: &'static str,
        /// The first line that can't be decoded.
        line: usize,
    },
    /// A header row that was asked for and that holds nothing.
    #[error(
        "{name}: row {row} holds nothing that could be a header, and the last row is {last}; name the row of the header as a spreadsheet numbers it: --header ROW"
    )]
    NoHeader {
        /// The file.
        name: String,
        /// The row.
        row: usize,
        /// The last row that holds anything.
        last: usize,
    },
    /// An option that means nothing for a file of this kind.
    #[error("{name}: {option} is for {}; leave it out", .option.english())]
    Pointless {
        /// The file.
        name: String,
        /// The option.
        option: KindOption,
    },
    /// A quoted cell that never ends.
    #[error(
        "{name}: the cell that begins with a quotation mark in row {row} never ends; close the quotation mark or remove it"
    )]
    OpenQuote {
        /// The file.
        name: String,
        /// The row in which the cell begins.
        row: usize,
    },
    /// A workbook that can't be opened.
    #[error("{name}: can't be read as a workbook ({fault}); save it again as XLSX or CSV")]
    Workbook {
        /// The file.
        name: String,
        /// Why.
        fault: BookFault,
    },
    /// A Parquet file that can't be read.
    #[error("{name}: can't be read as a Parquet file: {fault}")]
    Parquet {
        /// The file.
        name: String,
        /// Why, and what to do.
        fault: ParquetFault,
    },
    /// More of something than is read.
    #[error(
        "{name}: {}; if that is right, raise the limit: --limit {limit}=N",
        too_much(*.limit, *.most, *.row, *.column, .part)
    )]
    Limit {
        /// The file.
        name: String,
        /// Of what.
        limit: Limit,
        /// The limit.
        most: u64,
        /// Where: the row as the user counts it, or 0.
        row: usize,
        /// Where: the column, counted from 1, or 0.
        column: usize,
        /// Where: the part of a workbook, or nothing.
        part: String,
    },
    /// A column that a cohort must have.
    #[error(
        "{name}: has no column for {lacking}; name it with --map {}=HEADER; the header has: {}",
        .lacking.example(), listed(.header)
    )]
    MissingColumn {
        /// The file.
        name: String,
        /// What is needed.
        lacking: Lacking,
        /// The header.
        header: Vec<String>,
    },
    /// Several headers that mean the same column, or one header twice.
    #[error(
        "{name}: `{column}` stands {} times in the header ({}); rename all but one{}",
        .headers.len(), .headers.join(", "),
        if are_alike(.headers) { String::new() } else { format!(", or choose with --map {column}=HEADER") }
    )]
    RepeatedColumn {
        /// The file.
        name: String,
        /// The column.
        column: String,
        /// The headers that mean it.
        headers: Vec<String>,
    },
    /// A column on another scale than its name says.
    #[error(
        "{name}: {} {}, but {}; check what stands there, or rescale it",
        these(.columns), .scale.found(), .scale.expected()
    )]
    WrongScale {
        /// The file.
        name: String,
        /// The column, or the columns.
        columns: Vec<Named>,
        /// What its values look like.
        scale: Scale,
    },
    /// A comma that may be a decimal or a thousands separator.
    #[error(
        "{name}: column {column}, row {row}: the comma in `{value}` may be a decimal comma or separate thousands, and no other cell decides it; say which with --decimal comma or --decimal point"
    )]
    AmbiguousComma {
        /// The file.
        name: String,
        /// The column.
        column: Named,
        /// The first such row.
        row: usize,
        /// The cell.
        value: String,
    },
    /// A column that identifies people.
    #[error(
        "{name}: column `{header}` holds {what}; personal data are not read: delete the column, or name a key by which identifiers are replaced and the rest is dropped: --pseudonymise --key-file FILE"
    )]
    Personal {
        /// The file.
        name: String,
        /// The header.
        header: String,
        /// What it holds.
        what: &'static str,
    },
    /// Every row was left out.
    #[error(
        "{name}: none of the {rows} rows can be used; the first: row {row}{}{}: {}; ssi check FILE lists them all; correct the file and try again",
        of_column(.column), quoted(.value), said(*.reason)
    )]
    NothingLeft {
        /// The file.
        name: String,
        /// Rows read.
        rows: usize,
        /// The first row that was left out.
        row: usize,
        /// The column that made it so.
        column: Named,
        /// What stood there.
        value: String,
        /// Why.
        reason: Reason,
    },
    /// A sheet that the workbook does not have.
    #[error("{name}: has no sheet named `{sheet}`; it has: {}", .known.join(", "))]
    UnknownSheet {
        /// The file.
        name: String,
        /// What was asked for.
        sheet: String,
        /// The sheets.
        known: Vec<String>,
    },
    /// A refusal of one of several sheets, where another one may have been meant.
    #[error("{source}; {sheets}")]
    OtherSheet {
        /// The refusal.
        source: Box<Error>,
        /// The sheet that was read, and the others.
        sheets: Sheets,
    },
    /// A header named by `--map` or a codebook that the file does not have.
    #[error(
        "{name}: `{column}` is mapped to the header `{header}`, which the file does not have{}; the header has: {}",
        did_you_mean(.nearest), .known.join(", ")
    )]
    UnknownHeader {
        /// The file.
        name: String,
        /// The canonical column.
        column: String,
        /// The header that was named.
        header: String,
        /// The most similar header.
        nearest: Option<String>,
        /// All headers.
        known: Vec<String>,
    },
    /// A canonical name that does not exist.
    #[error("`{column}` is no column of a cohort{}; the columns are: {}", did_you_mean(.nearest), .known.join(", "))]
    UnknownCanonical {
        /// What was named.
        column: String,
        /// The most similar name.
        nearest: Option<String>,
        /// All canonical names.
        known: Vec<String>,
    },
    /// A codebook that can't be understood.
    #[error(
        "the codebook can't be used: {slip}; compare it with datasets/reference/datapackage.json"
    )]
    Codebook {
        /// Why.
        slip: CodebookSlip,
    },
    /// A filter that can't be understood.
    #[error("the filter can't be understood: {slip}\n  {expression}\n  {}^", " ".repeat(*.column))]
    Filter {
        /// The whole expression.
        expression: String,
        /// Where in it, as the number of terminal cells left of the place.
        column: usize,
        /// What is wrong and what to write instead.
        slip: filter::Slip,
    },
    /// The table itself is not usable.
    #[error(transparent)]
    Table(#[from] ssi_vocab::Error),
}

impl Error {
    /// The same error, with the file's own headers: canonical name to header.
    pub(crate) fn with_headers(mut self, headers: &BTreeMap<String, String>) -> Self {
        let named = match &mut self {
            Self::WrongScale { columns, .. } => columns.iter_mut().collect(),
            Self::AmbiguousComma { column, .. } | Self::NothingLeft { column, .. } => vec![column],
            _ => Vec::new(),
        };
        for one in named {
            let header = headers.get(&one.column).filter(|header| **header != one.column);
            one.header = header.map(|header| header.as_str().into());
        }
        self
    }

    /// True where the data were refused (exit code 3): the file is empty, binary, can't be
    /// decoded, lacks a required column, or is on a wrong scale.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Read { .. } => false,
            Self::OtherSheet { source, .. } => source.is_refusal(),
            Self::Table(error) => matches!(
                error,
                ssi_vocab::Error::DuplicateColumn { .. } | ssi_vocab::Error::NotFinite { .. }
            ),
            other => !other.is_usage(),
        }
    }

    /// True where the command was used wrongly (exit code 2): an unknown column, sheet or mapped
    /// header, a filter or codebook that can't be understood.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::UnknownSheet { .. }
            | Self::Pointless { .. }
            | Self::NoHeader { .. }
            | Self::UnknownHeader { .. }
            | Self::UnknownCanonical { .. }
            | Self::Codebook { .. }
            | Self::Filter { .. } => true,
            Self::OtherSheet { source, .. } => source.is_usage(),
            Self::Table(error) => matches!(
                error,
                ssi_vocab::Error::UnknownColumn { .. }
                    | ssi_vocab::Error::NotNumeric { .. }
                    | ssi_vocab::Error::Capped { .. }
                    | ssi_vocab::Error::LevelOutOfRange { .. }
            ),
            _ => false,
        }
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

fn quoted(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(", `{value}`") }
}

/// What there is too much of, and what to do.
fn too_much(limit: Limit, most: u64, row: usize, column: usize, part: &str) -> String {
    let place = match (row, column) {
        (0, _) => String::new(),
        (row, 0) => format!("row {row}: "),
        (row, column) => format!("row {row}, column {column}: "),
    };
    match limit {
        Limit::Bytes => {
            format!("is larger than {most} bytes; leave out rows or columns that are not needed")
        }
        Limit::Rows => format!("has more than {most} rows; leave out those that are not needed"),
        Limit::Columns => format!(
            "{place}has more than {most} columns; check the separator, or leave out columns that are not needed"
        ),
        Limit::Cells => {
            format!("has more than {most} cells; leave out rows or columns that are not needed")
        }
        Limit::Cell => format!(
            "{place}a cell is longer than {most} bytes; check for a quotation mark that is never closed, or shorten it"
        ),
        Limit::Header => {
            format!("{place}the column's name is longer than {most} bytes; shorten it")
        }
        Limit::Unpacked => format!(
            "unpacks to more than {most} bytes (at its part `{part}`); leave out sheets and rows that are not needed, or save it as CSV"
        ),
        Limit::Ratio if part.is_empty() => format!(
            "it says that it has more than {most} times as many cells as it holds, as a zip bomb does; delete repeated and stray cells, or save it as CSV"
        ),
        Limit::Ratio => format!(
            "its part `{part}` unpacks to more than {most} times its size, as a zip bomb does; save the file again, or as CSV"
        ),
        Limit::Depth => {
            format!("nests deeper than {most} levels; it is not of the form expected here")
        }
    }
}
