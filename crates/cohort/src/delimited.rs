//! CSV and its relatives.

use crate::choices::Delimiter;
use crate::grid::{Form, Grid, Line, whole_file};
use crate::record::Builder;
use crate::{Error, Result};
use csv::{ReaderBuilder, StringRecord};
use ssi_vocab::{Decision, Layout, Rule, Why};
use std::collections::{BTreeMap, BTreeSet};

/// The separators that are tried. Where two fit equally well, the earlier one is taken: a comma
/// is the likeliest of the three to stand inside a cell.
const SEPARATORS: [(u8, &str); 3] = [(b'\t', "tab"), (b';', ";"), (b',', ",")];

/// How many rows decide on the separator.
const ROWS_TRIED: usize = 200;

/// Reads separated text.
///
/// Rows are numbered as a spreadsheet numbers them: a blank line is a row, and a quoted cell that
/// spans several lines stays in one row.
pub(crate) fn read(text: String, name: &str, asked: Option<Delimiter>) -> Result<Grid> {
    // Line ends are made alike first, so that counting line feeds counts lines.
    let text =
        if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let quoted = text.contains('"');
    let (separator, label, why) = match asked.map(Delimiter::byte) {
        Some(asked) => {
            let label = SEPARATORS.iter().find(|(byte, _)| *byte == asked);
            (asked, label.map_or(",", |(_, label)| label), Why::Asked)
        }
        None => separator(&text),
    };
    let ends_quoted = text.trim_end().ends_with('"');
    let lines = if quoted { records(&text, separator, usize::MAX) } else { plain(text, separator) };
    if let Some(last) = lines.last() {
        let cell = last.cells.iter().next_back().unwrap_or_default();
        // The reader takes everything up to the end of the file as one cell where a quotation
        // mark is never closed.
        if cell.contains('\n') && !ends_quoted {
            return Err(Error::OpenQuote { name: name.to_owned(), row: last.number });
        }
    }
    let changes = if separator == b',' || lines.iter().all(|line| line.cells.len() < 2) {
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

/// The separator by which most rows have the same number of cells, two or more. Title rows above the
/// header have one.
fn separator(text: &str) -> (u8, &'static str, Why) {
    let mut best = ((0.0, 0), (b',', ",", Why::OneColumn));
    for (separator, label) in SEPARATORS {
        let lines = records(text, separator, ROWS_TRIED);
        let mut widths = BTreeMap::new();
        lines.iter().for_each(|line| *widths.entry(line.cells.len()).or_insert(0) += 1);
        let usual = widths.into_iter().filter(|(width, _)| *width > 1).max_by_key(|(_, n)| *n);
        let Some((width, alike)) = usual else { continue };
        let score = (alike as f64 / lines.len() as f64, width);
        if score > best.0 {
            let why = Why::Even { alike, of: lines.len(), cells: width };
            best = (score, (separator, label, why));
        }
    }
    best.1
}

/// The rows of a text without quotation marks: every line feed ends a row, every separator a cell.
/// The cells stay where they are.
fn plain(text: String, separator: u8) -> Vec<Line> {
    let mut records = Builder::of_cells(text.len() / 8);
    let mut numbers = Vec::new();
    let (mut row, mut line) = (0, 0);
    for (at, byte) in text.bytes().chain([b'\n']).enumerate() {
        if byte == separator {
            records.end(at);
        } else if byte == b'\n' {
            line += 1;
            if at > row {
                records.end(at);
                records.finish(row);
                numbers.push(line);
            }
            row = at + 1;
        }
    }
    numbered(numbers, records.within(text))
}

fn numbered(numbers: Vec<usize>, records: Builder) -> Vec<Line> {
    let line = |(number, cells)| Line { number, cells };
    numbers.into_iter().zip(records.records()).map(line).collect()
}

fn records(text: &str, separator: u8, most: usize) -> Vec<Line> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let (mut records, mut record) = (Builder::default(), StringRecord::new());
    let mut numbers = Vec::new();
    let mut line_feeds = 0;
    let mut number = 0;
    // The text is valid UTF-8 and in memory, so that reading it has no way to fail.
    while numbers.len() < most && reader.read_record(&mut record).unwrap_or(false) {
        let after = reader.position().line().saturating_sub(1) as usize;
        let within: usize =
            record.iter().map(|cell| cell.bytes().filter(|b| *b == b'\n').count()).sum();
        // The reader skips blank lines without a word; they are the line feeds left over. The
        // last line may lack one.
        let blank = (after - line_feeds).saturating_sub(within + 1);
        line_feeds = after;
        number += blank + 1;
        numbers.push(number);
        record.iter().for_each(|cell| records.push(cell));
        records.finish_pushed();
    }
    numbered(numbers, records)
}
