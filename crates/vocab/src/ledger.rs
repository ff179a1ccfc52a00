//! Everything that was done to a file, one line a cell or row.

use crate::{Reason, Rule};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// Everything that was changed in a file or left out of it, in the file's order. A line takes some
/// twenty bytes and the text it tells of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// The file.
    pub file: String,
    /// The sheet, where the file has sheets.
    pub sheet: String,
    /// Columns as (the file's header, canonical name); either may be empty.
    columns: Vec<(String, String)>,
    lines: Vec<Line>,
    text: String,
}

/// A line, its text elsewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Line {
    row: u32,
    column: u32,
    cause: Cause,
    value: u8,
    result: u8,
    start: usize,
}

/// No column: the line is about a row or the file.
const NO_COLUMN: u32 = u32::MAX;

/// Why something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A normalisation, or a row or column that is not used.
    Rule(Rule),
    /// A fault of a row.
    Reason(Reason),
    /// What refuses the whole file.
    Refusal(Refusal),
}

/// What refuses a file for one of its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// It says who somebody is.
    PersonalData,
    /// It stands twice.
    RepeatedColumn,
    /// It is absent.
    MissingColumn,
    /// It is on another scale.
    WrongScale,
    /// A comma can be read in two ways.
    AmbiguousComma,
}

/// What became of a cell, row or column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was read as something else than it stood there.
    Normalised,
    /// The row was left out, because of a fault.
    Excluded,
    /// The row is no answer, and was passed over.
    Dropped,
    /// The column is not used.
    Ignored,
    /// The file was refused.
    Refused,
}

impl Cause {
    /// The family of its wording, and its code.
    pub fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Rule(rule) => ("rule", rule.code()),
            Self::Reason(reason) => ("reason", reason.code()),
            Self::Refusal(Refusal::PersonalData) => ("refusal", "personal_data"),
            Self::Refusal(Refusal::RepeatedColumn) => ("refusal", "repeated_column"),
            Self::Refusal(Refusal::MissingColumn) => ("refusal", "missing_column"),
            Self::Refusal(Refusal::WrongScale) => ("refusal", "wrong_scale"),
            Self::Refusal(Refusal::AmbiguousComma) => ("refusal", "ambiguous_comma"),
        }
    }

    /// What it means for the cell, row or column.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Rule(Rule::DroppedRow | Rule::IdenticalDuplicate | Rule::OlderDuplicate) => {
                Outcome::Dropped
            }
            Self::Rule(Rule::Ignored | Rule::PersonalDropped | Rule::Stray) => Outcome::Ignored,
            Self::Rule(_) => Outcome::Normalised,
            Self::Reason(_) => Outcome::Excluded,
            Self::Refusal(_) => Outcome::Refused,
        }
    }
}

impl Outcome {
    /// The code used in JSON, CSV and the terms files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Normalised => "normalised",
            Self::Excluded => "excluded",
            Self::Dropped => "dropped",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
        }
    }
}

/// A line of the ledger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry<'a> {
    /// The file.
    pub file: &'a str,
    /// The sheet, or empty.
    pub sheet: &'a str,
    /// The row as the user counts it; 0 for the whole file.
    pub row: usize,
    /// The file's header of the column, or empty.
    pub header: &'a str,
    /// The canonical name of the column, or empty.
    pub column: &'a str,
    /// What stood there; empty unless the column has a numeric role.
    pub value: &'a str,
    /// Why something was done.
    pub cause: Cause,
    /// What it was read as.
    pub result: &'a str,
}

impl Ledger {
    /// The columns of its CSV form and the keys of its JSON form.
    pub const COLUMNS: [&'static str; 9] =
        ["file", "sheet", "row", "header", "column", "value", "outcome", "rule", "result"];

    /// An empty ledger of a file whose columns are (header, canonical name).
    pub fn new(file: &str, sheet: &str, columns: Vec<(String, String)>) -> Self {
        let (file, sheet) = (file.to_owned(), sheet.to_owned());
        Self { file, sheet, columns, ..Self::default() }
    }

    /// The place of a column by its canonical name or, failing that, its header.
    pub fn place(&self, name: &str) -> Option<usize> {
        let canonical = self.columns.iter().position(|(_, canonical)| canonical == name);
        canonical.or_else(|| self.columns.iter().position(|(header, _)| header == name))
    }

    /// Adds a line. A text over 255 bytes is cut, at a character.
    pub fn push(
        &mut self,
        row: usize,
        column: Option<usize>,
        cause: Cause,
        value: &str,
        result: &str,
    ) {
        let fitting = |text: &str| {
            let mut end = text.len().min(usize::from(u8::MAX));
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            end
        };
        let (v, r) = (fitting(value), fitting(result));
        let start = self.text.len();
        self.text.push_str(&value[..v]);
        self.text.push_str(&result[..r]);
        self.lines.push(Line {
            row: u32::try_from(row).unwrap_or(u32::MAX),
            column: column.and_then(|at| u32::try_from(at).ok()).unwrap_or(NO_COLUMN),
            cause,
            value: v as u8,
            result: r as u8,
            start,
        });
    }

    /// Puts the lines into the file's order: by row, then by column, what is about whole rows
    /// first.
    pub fn sort(&mut self) {
        self.lines.sort_by_key(|line| (line.row, line.column.wrapping_add(1), line.cause));
    }

    /// How many lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// True where nothing was changed or left out.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> {
        self.lines.iter().map(|line| {
            let (header, column) = self
                .columns
                .get(line.column as usize)
                .map_or(("", ""), |(header, canonical)| (header.as_str(), canonical.as_str()));
            let middle = line.start + usize::from(line.value);
            Entry {
                file: &self.file,
                sheet: &self.sheet,
                row: line.row as usize,
                header,
                column,
                value: &self.text[line.start..middle],
                cause: line.cause,
                result: &self.text[middle..middle + usize::from(line.result)],
            }
        })
    }
}

impl Serialize for Ledger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries())
    }
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_struct("Entry", Ledger::COLUMNS.len())?;
        line.serialize_field("file", self.file)?;
        line.serialize_field("sheet", self.sheet)?;
        line.serialize_field("row", &self.row)?;
        line.serialize_field("header", self.header)?;
        line.serialize_field("column", self.column)?;
        line.serialize_field("value", self.value)?;
        line.serialize_field("outcome", self.cause.outcome().code())?;
        line.serialize_field("rule", self.cause.code().1)?;
        line.serialize_field("result", self.result)?;
        line.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_in_the_files_order_with_their_own_text() {
        let columns = vec![("点".to_owned(), "ssi_total".to_owned()), ("x".into(), String::new())];
        let mut ledger = Ledger::new("s.csv", "", columns);
        ledger.push(3, Some(0), Cause::Rule(Rule::FullWidth), "７５", "75");
        ledger.push(3, None, Cause::Reason(Reason::RaggedRow), "", "");
        ledger.push(1, Some(1), Cause::Rule(Rule::Ignored), "", "");
        ledger.push(2, Some(0), Cause::Rule(Rule::Unit), &"あ".repeat(100), "");
        ledger.sort();
        let rows: Vec<(usize, &str)> = ledger.entries().map(|e| (e.row, e.header)).collect();
        assert_eq!(rows, [(1, "x"), (2, "点"), (3, ""), (3, "点")]);
        let last = ledger.entries().last().unwrap();
        assert_eq!((last.column, last.value, last.result), ("ssi_total", "７５", "75"));
        assert_eq!(ledger.entries().nth(1).unwrap().value, "あ".repeat(85));
        assert_eq!(ledger.place("ssi_total"), Some(0));
        assert_eq!(std::mem::size_of::<Line>(), 24);
    }

    #[test]
    fn a_line_knows_its_column_however_wide_the_file_is() {
        let columns = (0..70_000).map(|at| (format!("q{at}"), String::new())).collect();
        let mut ledger = Ledger::new("s.csv", "", columns);
        for column in [Some(69_999), Some(65_535), Some(3), None] {
            ledger.push(2, column, Cause::Rule(Rule::Ignored), "", "");
        }
        ledger.sort();
        let headers: Vec<&str> = ledger.entries().map(|e| e.header).collect();
        assert_eq!(headers, ["", "q3", "q65535", "q69999"]);
    }
}
