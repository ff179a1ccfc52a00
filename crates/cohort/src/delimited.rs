//! CSV and its relatives.

use crate::choices::Delimiter;
use crate::grid::{Form, Grid, whole_file};
use crate::limits::{Limit, Limits};
use crate::lines::{Builder, Lines, Row};
use crate::{Error, Result};
use memchr::{memchr, memchr_iter, memchr2};
use ssi_vocab::{Decision, Layout, Rule, Why};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The separators that are tried. Where two fit equally well, the earlier one is taken: a comma
/// is the likeliest of the three to stand inside a cell.
const SEPARATORS: [(u8, &str); 3] = [(b'\t', "tab"), (b';', ";"), (b',', ",")];

/// How many rows decide on the separator.
const ROWS_TRIED: usize = 200;

/// How much of the text decides on the separator, where its rows are long.
const BYTES_TRIED: usize = 1 << 18;

/// Reads separated text.
///
/// Rows are numbered as a spreadsheet numbers them: a blank line is a row, and a quoted cell that
/// spans several lines stays in one row.
pub(crate) fn read<'t>(
    text: Cow<'t, str>,
    name: &str,
    asked: Option<Delimiter>,
    limits: &Limits,
) -> Result<Grid<'t>> {
    let (separator, label, why) = match asked.map(Delimiter::byte) {
        Some(asked) => {
            let label = SEPARATORS.iter().find(|(byte, _)| *byte == asked);
            (asked, label.map_or(",", |(_, label)| label), Why::Asked)
        }
        None => separator(&with_line_feeds(beginning(&text))),
    };
    let bytes = text.as_bytes();
    let is_plain = memchr2(b'"', b'\r', bytes).is_none();
    let is_quoted = !is_plain && memchr(b'"', bytes).is_some();
    // A carriage return before a line feed costs nothing; where it ends a line by itself, counting
    // line feeds would not count lines.
    let text = if is_quoted || !is_plain && has_lone_return(&text) {
        match with_line_feeds(&text) {
            Cow::Owned(text) => Cow::Owned(text),
            Cow::Borrowed(_) => text,
        }
    } else {
        text
    };
    let rows =
        if is_quoted { quoted(&text, separator, limits) } else { plain(text, separator, limits) };
    let lines = rows.map_err(|stop| stop.error(name, limits))?;
    let changes = if separator == b',' || lines.iter().all(|line| line.len() < 2) {
        Vec::new()
    } else {
        vec![whole_file(Rule::Delimiter, label, ",")]
    };
    let form = if separator == b',' { Form::Commas } else { Form::OtherMarks };
    let separator = Some(Decision { value: label.to_owned(), why });
    let layout = Layout { separator, ..Layout::default() };
    let (formulas, merged, blank) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    Ok(Grid { lines, form, formulas, merged, changes, layout, blank })
}

/// A text in which every line ends with a line feed.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// True where a carriage return stands without a line feed behind it.
fn has_lone_return(text: &str) -> bool {
    let behind = |at: usize| text.as_bytes().get(at + 1) != Some(&b'\n');
    memchr_iter(b'\r', text.as_bytes()).any(behind)
}

/// The separator by which most rows have the same number of cells, two or more. Title rows above the
/// header have one.
fn separator(tried: &str) -> (u8, &'static str, Why) {
    let mut best = ((0.0, 0), (b',', ",", Why::OneColumn));
    for (separator, label) in SEPARATORS {
        let rows = widths(tried, separator);
        let mut widths = BTreeMap::new();
        rows.iter().for_each(|width| *widths.entry(*width).or_insert(0) += 1);
        let usual = widths.into_iter().filter(|(width, _)| *width > 1).max_by_key(|(_, n)| *n);
        let Some((width, alike)) = usual else { continue };
        let score = (alike as f64 / rows.len() as f64, width);
        if score > best.0 {
            let why = Why::Even { alike, of: rows.len(), cells: width };
            best = (score, (separator, label, why));
        }
    }
    best.1
}

/// As much of a text as decides on the separator.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(BYTES_TRIED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// How many cells each of the first rows has.
fn widths(text: &str, separator: u8) -> Vec<usize> {
    let mut widths = Vec::new();
    let mut rows = Rows::new(text, separator);
    let mut cell = String::new();
    let mut width = 0;
    while widths.len() < ROWS_TRIED {
        cell.clear();
        match rows.next_cell(&mut cell) {
            Ended::Cell => width += 1,
            Ended::Row | Ended::Open => {
                widths.push(width + 1);
                width = 0;
            }
            Ended::Blank => {}
            Ended::Text => break,
        }
    }
    widths
}

type Taken<T> = std::result::Result<T, Stop>;

/// Why reading stops: a limit, and the row and column; or a cell that never ends.
enum Stop {
    Limit(Limit, usize, usize),
    Open(usize),
}

impl Stop {
    fn error(self, name: &str, limits: &Limits) -> Error {
        let name = name.to_owned();
        match self {
            Self::Open(row) => Error::OpenQuote { name, row },
            Self::Limit(limit, row, column) => {
                let most = limits.most(limit);
                Error::Limit { name, limit, most, row, column, part: String::new() }
            }
        }
    }
}

/// Refuses a cell, a row or a number of rows beyond the limits. `cells` is how many there are.
fn within(limits: &Limits, row: usize, column: usize, cells: usize) -> Taken<()> {
    if column as u64 > limits.columns {
        return Err(Stop::Limit(Limit::Columns, row, 0));
    }
    if row as u64 > limits.rows {
        return Err(Stop::Limit(Limit::Rows, row, 0));
    }
    if cells as u64 > limits.cells {
        return Err(Stop::Limit(Limit::Cells, row, 0));
    }
    Ok(())
}

/// The rows of a text without quotation marks: every line feed ends a row, every separator a cell.
/// The cells stay where they are.
fn plain<'t>(text: Cow<'t, str>, separator: u8, limits: &Limits) -> Taken<Lines<'t>> {
    let mut rows = Vec::with_capacity(text.len() / 64);
    let bytes = text.as_bytes();
    let (mut start, mut number, mut cells) = (0, 0, 0);
    let ends = memchr_iter(b'\n', bytes).chain(Some(bytes.len()));
    for feed in ends {
        let row = &bytes[start..feed];
        let length = row.strip_suffix(b"\r").map_or(row.len(), <[u8]>::len);
        number += 1;
        if length > 0 {
            let row = &row[..length];
            let width = 1 + memchr_iter(separator, row).count();
            cells += width;
            within(limits, number, width, cells)?;
            if row.len() as u64 > limits.cell
                && let Some(column) = long_cell(row, separator, limits)
            {
                return Err(Stop::Limit(Limit::Cell, number, column));
            }
            rows.push(Row::new(number, (start, start + length), width));
        }
        start = feed + 1;
    }
    Ok(Lines::separated(text, separator, rows))
}

/// The column of the first cell that is too long.
fn long_cell(row: &[u8], separator: u8, limits: &Limits) -> Option<usize> {
    let mut cells = row.split(|byte| *byte == separator);
    Some(1 + cells.position(|cell| cell.len() as u64 > limits.cell)?)
}

/// The rows of a text with quotation marks.
fn quoted(text: &str, separator: u8, limits: &Limits) -> Taken<Lines<'static>> {
    let mut records = Builder::default();
    let (mut number, mut width) = (1, 0);
    let mut rows = Rows::new(text, separator);
    loop {
        let before = records.text().len();
        let ended = rows.next_cell(records.text());
        let length = records.text().len() - before;
        if length as u64 > limits.cell {
            return Err(Stop::Limit(Limit::Cell, number, width + 1));
        }
        match ended {
            // The cell takes everything up to the end of the text where a quotation mark is never
            // closed.
            Ended::Open if records.text()[before..].contains('\n') => {
                return Err(Stop::Open(number));
            }
            Ended::Cell => {
                records.end_cell();
                width += 1;
                within(limits, number, width, 0)?;
            }
            Ended::Row | Ended::Open => {
                records.end_cell();
                records.end_row(number);
                within(limits, number, width + 1, records.cells())?;
                (number, width) = (number + 1, 0);
            }
            Ended::Blank => number += 1,
            Ended::Text => break,
        }
    }
    Ok(records.lines())
}

/// What came behind a cell.
enum Ended {
    /// A separator.
    Cell,
    /// A line feed, or the end of the text.
    Row,
    /// The end of the text, within quotation marks.
    Open,
    /// Nothing: the line is blank, and there is no cell.
    Blank,
    /// Nothing: the text is at its end.
    Text,
}

/// Takes a text apart: RFC 4180, and beyond it as the `csv` crate does. A quotation mark means
/// something where a cell begins with it; behind the one that closes, text goes on as it stands.
struct Rows<'t> {
    rest: &'t str,
    separator: u8,
    /// True where the next cell is the first of its row.
    first: bool,
}

impl<'t> Rows<'t> {
    fn new(text: &'t str, separator: u8) -> Self {
        Self { rest: text, separator, first: true }
    }

    /// Appends the next cell to `cell`.
    fn next_cell(&mut self, cell: &mut String) -> Ended {
        match self.rest.as_bytes() {
            [] if self.first => return Ended::Text,
            [b'\n', ..] if self.first => {
                self.rest = &self.rest[1..];
                return Ended::Blank;
            }
            [b'"', ..] => {
                self.rest = &self.rest[1..];
                loop {
                    let Some(end) = self.rest.find('"') else {
                        cell.push_str(self.rest);
                        self.rest = "";
                        self.first = true;
                        return Ended::Open;
                    };
                    cell.push_str(&self.rest[..end]);
                    self.rest = &self.rest[end + 1..];
                    if !self.rest.starts_with('"') {
                        break;
                    }
                    cell.push('"');
                    self.rest = &self.rest[1..];
                }
            }
            _ => {}
        }
        let ends = |b: &u8| *b == self.separator || *b == b'\n';
        let end = self.rest.bytes().position(|b| ends(&b)).unwrap_or(self.rest.len());
        cell.push_str(&self.rest[..end]);
        let ended = match self.rest.as_bytes().get(end) {
            Some(mark) if *mark == self.separator => Ended::Cell,
            _ => Ended::Row,
        };
        self.rest = self.rest.get(end + 1..).unwrap_or("");
        self.first = matches!(ended, Ended::Row);
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::{ReaderBuilder, StringRecord};

    /// The rows of the `csv` crate, which leaves blank lines out.
    fn reference(text: &str) -> Vec<Vec<String>> {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let (mut rows, mut record) = (Vec::new(), StringRecord::new());
        while reader.read_record(&mut record).unwrap() {
            rows.push(record.iter().map(str::to_owned).collect());
        }
        rows
    }

    fn ours(lines: &Lines<'_>) -> Vec<Vec<String>> {
        lines.iter().map(|line| line.cells().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_short_text_is_taken_apart_as_the_csv_crate_does() {
        let signs = ['"', ',', '\n', 'a'];
        for length in 0..=7_u32 {
            for code in 0..4_usize.pow(length) {
                let text: String = (0..length).map(|i| signs[code / 4_usize.pow(i) % 4]).collect();
                let expected = reference(&text);
                match quoted(&text, b',', &Limits::default()) {
                    Ok(lines) => assert_eq!(ours(&lines), expected, "{text:?}"),
                    Err(_) => {
                        let last = expected.last().and_then(|row| row.last()).unwrap();
                        assert!(last.contains('\n'), "{text:?}");
                    }
                }
                if !text.contains('"') {
                    let Ok(lines) = plain(Cow::Borrowed(&text), b',', &Limits::default()) else {
                        panic!("{text:?}")
                    };
                    assert_eq!(ours(&lines), expected, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn rows_are_numbered_with_blank_ones_and_with_quoted_line_feeds() {
        let numbers = |text: &str| {
            let lines = quoted(text, b',', &Limits::default()).ok().unwrap();
            lines.iter().map(|line| line.number()).collect::<Vec<_>>()
        };
        assert_eq!(numbers("a\n\n\"b\nc\"\n\nd"), [1, 3, 5]);
        assert_eq!(numbers("\n\"\"\n"), [2]);
    }
}
