//! XLSX and ODS workbooks: which of their sheets is read, and its cells as rows.

use crate::archive::{Kind, checked};
use crate::grid::{Form, Grid, Options, Purpose};
use crate::guard::caught;
use crate::limits::{Limit, Limits, UNSUSPECTED};
use crate::lines::Builder;
use crate::sheets::{Glance, ROWS_LOOKED_AT, best, settled};
use crate::{BookFault, Codebook, Error, Result, ods};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};
use ssi_vocab::{Decision, Layout, Why};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::ops::Range;

/// The rows of a sheet, in either format.
pub(crate) const MOST_ROWS: u32 = 1_048_576;

/// Merged cells are followed for so many rows in all.
const MOST_MERGED: usize = 4 * MOST_ROWS as usize;

/// Reads one sheet, cell by cell: a sheet with one cell in the far corner costs one cell.
///
/// Numbers become their shortest decimal text, dates ISO 8601; rows are numbered as the
/// spreadsheet shows them.
pub(crate) fn read(
    bytes: &[u8],
    name: &str,
    options: &Options,
    purpose: Purpose<'_>,
) -> Result<Grid<'static>> {
    let (format, sheet) = match checked(bytes, name, &options.limits)? {
        Kind::Xlsx => ("XLSX", cells(bytes, name, options, purpose)?),
        Kind::Ods => ("ODS", ods::cells(bytes, name, options, purpose)?),
    };
    let mut grid = sheet.grid()?;
    grid.layout.format = Some(Decision { value: format.to_owned(), why: Why::Content });
    Ok(grid)
}

/// The refusal of a workbook that can't be read.
pub(crate) fn broken(name: &str, fault: BookFault) -> Error {
    Error::Workbook { name: name.to_owned(), fault }
}

/// The cells of a sheet that hold anything.
pub(crate) struct Sheet<'a> {
    name: &'a str,
    limits: &'a Limits,
    layout: Layout,
    text: String,
    cells: Vec<Cell>,
    formulas: BTreeSet<(usize, usize)>,
    /// Cells that were merged downwards: first row, last row, column.
    merges: Vec<(u32, u32, u32)>,
    /// Cells that the file holds, without its repetitions.
    own: u64,
    /// Bytes of all cells, with repetitions.
    bytes: u64,
}

/// Where a cell stands, counted from 0, and where its text.
struct Cell {
    row: u32,
    column: u32,
    start: u32,
    length: u32,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(name: &'a str, options: &'a Options) -> Self {
        Self {
            name,
            limits: &options.limits,
            layout: Layout::default(),
            text: String::new(),
            cells: Vec::new(),
            formulas: BTreeSet::new(),
            merges: Vec::new(),
            own: 0,
            bytes: 0,
        }
    }

    /// Says at which place among all of the workbook it stands, and why it is read.
    pub(crate) fn chosen(mut self, (at, why): (usize, Why), sheets: Vec<String>) -> Self {
        let sheet = sheets.get(at).map(|sheet| Decision { value: sheet.clone(), why });
        self.layout = Layout { sheet, sheets, ..Layout::default() };
        self
    }

    /// Says that the cells of a column are merged from a row to another; what is merged to the
    /// right is a title or the head of a group of columns.
    pub(crate) fn merge(&mut self, top: u32, bottom: u32, column: u32) {
        if top < bottom {
            self.merges.push((top, bottom, column));
        }
    }

    /// Puts a text into the cells of some rows and columns, counted from 0.
    pub(crate) fn put(
        &mut self,
        rows: Range<u32>,
        columns: Range<u32>,
        text: &str,
        formula: bool,
    ) -> Result<()> {
        if text.is_empty() && !formula {
            return Ok(());
        }
        if rows.end > MOST_ROWS {
            return Err(broken(self.name, BookFault::CellOutside));
        }
        let (row, column) = (rows.start as usize + 1, columns.start as usize + 1);
        if u64::from(columns.end) > self.limits.columns {
            return Err(self.refused(Limit::Columns, row, 0));
        }
        if text.len() as u64 > self.limits.cell {
            return Err(self.refused(Limit::Cell, row, column));
        }
        let (start, length) = (self.text.len() as u32, text.len() as u32);
        self.text.push_str(text);
        self.own += 1;
        self.make((rows.len() * columns.len()) as u64, length, row)?;
        for row in rows {
            for column in columns.clone() {
                self.cells.push(Cell { row, column, start, length });
                if formula {
                    self.formulas.insert((row as usize + 1, column as usize));
                }
            }
        }
        Ok(())
    }

    /// Counts cells of so many bytes before they are made.
    fn make(&mut self, count: u64, length: u32, row: usize) -> Result<()> {
        let cells = self.cells.len() as u64 + count;
        if cells > self.limits.cells {
            return Err(self.refused(Limit::Cells, 0, 0));
        }
        self.plausible(cells, self.own)?;
        self.bytes += count * u64::from(length);
        if self.bytes > self.limits.bytes {
            return Err(self.refused(Limit::Bytes, row, 0));
        }
        self.plausible(self.bytes, self.text.len() as u64)
    }

    /// Refuses cells, or bytes of them, of which far more are made than the file holds.
    fn plausible(&self, made: u64, own: u64) -> Result<()> {
        let bomb = made > UNSUSPECTED && made / self.limits.ratio > own;
        if bomb { Err(self.refused(Limit::Ratio, 0, 0)) } else { Ok(()) }
    }

    fn refused(&self, limit: Limit, row: usize, column: usize) -> Error {
        let (name, part, most) = (self.name.to_owned(), String::new(), self.limits.most(limit));
        Error::Limit { name, limit, most, row, column, part }
    }

    pub(crate) fn grid(mut self) -> Result<Grid<'static>> {
        // Writers put rows and cells in order, but nothing makes them. Of a cell that stands twice
        // the last counts.
        let place = |cell: &Cell| (cell.row, cell.column);
        if !self.cells.is_sorted_by_key(place) {
            self.cells.sort_by_key(place);
        }
        let merged = self.fill_down()?;
        let rows = || self.cells.chunk_by(|a, b| a.row == b.row);
        let width = |row: &[Cell]| row.last().map_or(0, |last| u64::from(last.column) + 1);
        let cells = rows().map(width).sum();
        if cells > self.limits.cells {
            return Err(self.refused(Limit::Cells, 0, 0));
        }
        self.plausible(cells, self.own)?;
        if rows().count() as u64 > self.limits.rows {
            return Err(self.refused(Limit::Rows, 0, 0));
        }
        let mut records = Builder::default();
        for row in rows() {
            // Each row reaches to its own last cell; padding all of them to the widest would let
            // one stray cell cost as much as a full sheet.
            let mut next = 0;
            for same in row.chunk_by(|a, b| a.column == b.column) {
                let Some(cell) = same.last() else { continue };
                (next..cell.column).for_each(|_| records.push(""));
                let start = cell.start as usize;
                records.push(&self.text[start..start + cell.length as usize]);
                next = cell.column + 1;
            }
            records.end_row(row.first().map_or(0, |cell| cell.row as usize + 1));
        }
        let lines = records.lines();
        let (changes, blank) = (Vec::new(), Vec::new());
        let (formulas, layout) = (self.formulas, self.layout);
        Ok(Grid { lines, form: Form::Workbook, formulas, merged, changes, layout, blank })
    }

    /// Puts the value of cells that were merged downwards into each of their rows that holds
    /// anything, and says which cells that were. The cells are in order, and are so again.
    fn fill_down(&mut self) -> Result<BTreeSet<(usize, usize)>> {
        let mut filled = BTreeSet::new();
        if self.merges.is_empty() {
            return Ok(filled);
        }
        let mut rows: Vec<u32> = self.cells.iter().map(|cell| cell.row).collect();
        rows.dedup();
        let known = self.cells.len();
        let find = |cells: &[Cell], row: u32, column: u32| {
            cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column)).ok()
        };
        let mut left = MOST_MERGED;
        for (top, bottom, column) in std::mem::take(&mut self.merges) {
            let Some(at) = find(&self.cells[..known], top, column) else { continue };
            let Cell { start, length, .. } = self.cells[at];
            let first = rows.partition_point(|row| *row <= top);
            for row in rows[first..].iter().copied().take_while(|row| *row <= bottom) {
                left = left.checked_sub(1).ok_or_else(|| broken(self.name, BookFault::Merged))?;
                if find(&self.cells[..known], row, column).is_none()
                    && filled.insert((row as usize + 1, column as usize))
                {
                    self.make(1, length, row as usize + 1)?;
                    self.cells.push(Cell { row, column, start, length });
                }
            }
        }
        self.cells.sort_by_key(|cell| (cell.row, cell.column));
        Ok(filled)
    }
}

/// What calamine makes of a workbook, or of a part of it.
///
/// calamine 0.38 overflows on a damaged cell reference such as `A99999999999`, which is a panic where
/// overflow is checked. What it was reading is given up after that.
fn calamine<T>(
    name: &str,
    sheet: Option<&str>,
    read: impl FnOnce() -> std::result::Result<T, XlsxError>,
) -> Result<T> {
    let read = caught(read).ok_or_else(|| broken(name, BookFault::Damaged))?;
    read.map_err(|error| unread(name, sheet, error))
}

fn cells<'a>(
    bytes: &[u8],
    name: &'a str,
    options: &'a Options,
    purpose: Purpose<'_>,
) -> Result<Sheet<'a>> {
    let mut book = calamine(name, None, || Xlsx::new(Cursor::new(bytes)))?;
    let sheets = book.sheet_names().to_vec();
    let (at, why) = match settled(&sheets, options, name)? {
        Some(settled) => settled,
        None => {
            let hidden = |at| {
                let about = book.sheets_metadata().get::<usize>(at);
                about.is_some_and(|sheet| sheet.visible != SheetVisible::Visible)
            };
            let hidden: Vec<bool> = (0..sheets.len()).map(hidden).collect();
            let glances = sheets.iter().zip(hidden).map(|(title, hidden)| {
                let mut sheet = Sheet::new(name, options);
                let read = fill(&mut sheet, &mut book, title, (ROWS_LOOKED_AT, &BTreeSet::new()));
                Glance { hidden, rows: read.and_then(|()| sheet.grid()).ok() }
            });
            let glances: Vec<Glance> = glances.collect();
            best(&glances, purpose.codebook().unwrap_or(&Codebook::default()))
        }
    };
    let title = sheets[at].clone();
    let mut sheet = Sheet::new(name, options).chosen((at, why), sheets);
    let percent = match purpose {
        Purpose::Cohort(_) => calamine(name, None, || percentages(&mut book, &title))?,
        _ => BTreeSet::new(),
    };
    fill(&mut sheet, &mut book, &title, (usize::MAX, &percent))?;
    let merged = calamine(name, None, || book.merge_cells_by_sheet_name(&title))?;
    for Dimensions { start: (top, column), end: (bottom, _) } in merged {
        sheet.merge(top, bottom, column);
    }
    Ok(sheet)
}

/// The cells that are shown as percentages, by row and column from 0.
fn percentages(
    book: &mut Xlsx<Cursor<&[u8]>>,
    title: &str,
) -> std::result::Result<BTreeSet<(u32, u32)>, XlsxError> {
    let mut cells = book.worksheet_cells_reader(title)?;
    let formats = cells.styles().iter().map(|style| style.number_format.as_ref());
    let percent: Vec<bool> = formats
        .map(|format| format.is_some_and(|format| is_percentage(&format.format_code)))
        .collect();
    let mut found = BTreeSet::new();
    if percent.contains(&true) {
        while let Some((row, column, style)) = cells.next_style_id()? {
            if percent.get(style) == Some(&true) {
                found.insert((row, column));
            }
        }
    }
    Ok(found)
}

/// True for a number format with a percent sign that is no mere text: `0%`, `0.0 %`.
fn is_percentage(format: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    format.chars().any(|c| {
        let literal = quoted || std::mem::take(&mut escaped);
        match c {
            '"' => quoted = !quoted,
            '\\' if !literal => escaped = true,
            _ => return c == '%' && !literal,
        }
        false
    })
}

/// A number as it is shown in per cent, with all of its digits: the shortest decimal, its point moved.
pub(crate) fn percent(number: f64) -> String {
    let text = number.to_string();
    let digits = text.trim_start_matches('-');
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = format!("{fraction:0<2}");
    let (moved, rest) = fraction.split_at(2);
    let whole = format!("{whole}{moved}");
    let whole = whole.trim_start_matches('0');
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { format!("{sign}{whole}%") } else { format!("{sign}{whole}.{rest}%") }
}

/// Puts the cells of so many rows into a sheet; those that are shown as percentages are told by their
/// places.
fn fill(
    sheet: &mut Sheet<'_>,
    book: &mut Xlsx<Cursor<&[u8]>>,
    title: &str,
    (most, percentages): (usize, &BTreeSet<(u32, u32)>),
) -> Result<()> {
    let name = sheet.name;
    let mut cells = calamine(name, Some(title), || book.worksheet_cells_reader(title))?;
    let (mut rows, mut last) = (0, None);
    loop {
        let next = calamine(name, Some(title), || cells.next_cell_with_formula_metadata())?;
        let Some(cell) = next else { return Ok(()) };
        let (row, column) = cell.pos;
        if last != Some(row) {
            (rows, last) = (rows + 1, Some(row));
        }
        if rows > most {
            return Ok(());
        }
        let (rows, columns) = (row..row.saturating_add(1), column..column.saturating_add(1));
        let text = match cell.value {
            DataRef::Float(value) if percentages.contains(&cell.pos) => percent(value),
            DataRef::Int(value) if percentages.contains(&cell.pos) => percent(value as f64),
            value => calamine(name, Some(title), || Ok(text(value)))?,
        };
        sheet.put(rows, columns, &text, cell.formula.is_some())?;
    }
}

/// What calamine says of a workbook, or a sheet of it, that it can't read.
fn unread(name: &str, sheet: Option<&str>, error: XlsxError) -> Error {
    match error {
        XlsxError::FileNotFound(part) if sheet.is_none() => {
            broken(name, BookFault::Part { part: crate::ledger::shown(&part) })
        }
        XlsxError::Password => {
            Error::Binary { name: name.to_owned(), what: "a workbook with a password" }
        }
        _ => broken(
            name,
            sheet.map_or(BookFault::Damaged, |sheet| BookFault::Sheet { sheet: sheet.to_owned() }),
        ),
    }
}

fn text(value: DataRef<'_>) -> String {
    match Data::from(value) {
        Data::Int(v) => v.to_string(),
        Data::Float(v) => v.to_string(),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s,
        Data::Bool(v) => if v { "TRUE" } else { "FALSE" }.to_owned(),
        Data::DateTime(when) => moment(when),
        Data::Error(e) => e.to_string(),
        Data::Empty => String::new(),
    }
}

fn moment(when: ExcelDateTime) -> String {
    if when.is_duration() {
        return when.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = when.to_ymd_hms_milli();
    let day_part = when.as_f64().trunc();
    if day_part == 0.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if when.as_f64() == day_part {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_has_the_digits_of_its_number() {
        for (number, text) in [
            (0.55, "55%"),
            (1.0, "100%"),
            (0.02, "2%"),
            (0.0005, "0.05%"),
            (0.123, "12.3%"),
            (-0.5, "-50%"),
            (0.0, "0%"),
            (12.5, "1250%"),
            (0.07, "7%"),
        ] {
            assert_eq!(percent(number), text);
        }
    }

    #[test]
    fn a_format_in_per_cent_has_a_sign_that_is_no_text() {
        for format in ["0%", "0.00%", "0.0\\ %", "\"about \"0%", "[Red]0%;-0%"] {
            assert!(is_percentage(format), "{format}");
        }
        for format in ["General", "0.00", "0\"%\"", "0\\%", ""] {
            assert!(!is_percentage(format), "{format}");
        }
    }
}
