//! XLSX and ODS workbooks: which of their sheets is read, and its cells as rows.

use crate::archive::{Kind, checked};
use crate::grid::{Form, Grid, Line, Options};
use crate::limits::{Limit, Limits, UNSUSPECTED};
use crate::record::Builder;
use crate::{Error, Result, ods};
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::ops::Range;

/// The rows of a sheet, in either format.
pub(crate) const MOST_ROWS: u32 = 1_048_576;

/// Reads one sheet, cell by cell: a sheet with one cell in the far corner costs one cell.
///
/// Numbers become their shortest decimal text, dates ISO 8601; rows are numbered as the
/// spreadsheet shows them.
pub(crate) fn read(bytes: Vec<u8>, name: &str, options: &Options) -> Result<Grid> {
    // calamine 0.38 overflows on a damaged cell reference such as `A99999999999`, which is a panic
    // where overflow is checked. Nothing outlives the closure, so that nothing is left half done.
    let read = || match checked(&bytes, name, &options.limits)? {
        Kind::Xlsx => cells(&bytes, name, options),
        Kind::Ods => ods::cells(&bytes, name, options),
    };
    std::panic::catch_unwind(read)
        .unwrap_or_else(|_| Err(damaged(name, "a part of it is damaged")))?
        .grid()
}

/// The refusal of a workbook that can't be read.
pub(crate) fn damaged(name: &str, reason: impl Into<String>) -> Error {
    Error::Workbook { name: name.to_owned(), reason: reason.into() }
}

/// The place of the sheet that was asked for, by its name or its number, among those of the
/// workbook; the first one if none was.
pub(crate) fn chosen(sheets: &[String], options: &Options, name: &str) -> Result<usize> {
    let Some(wanted) = &options.sheet else {
        return if sheets.is_empty() { Err(Error::Empty { name: name.to_owned() }) } else { Ok(0) };
    };
    let by_name = sheets.iter().position(|sheet| sheet == wanted);
    let by_number = || wanted.parse::<usize>().ok().filter(|n| (1..=sheets.len()).contains(n));
    by_name.or_else(|| by_number().map(|n| n - 1)).ok_or_else(|| Error::UnknownSheet {
        name: name.to_owned(),
        sheet: wanted.clone(),
        known: sheets.to_vec(),
    })
}

/// The cells of a sheet that hold anything.
pub(crate) struct Sheet<'a> {
    name: &'a str,
    limits: &'a Limits,
    text: String,
    cells: Vec<Cell>,
    formulas: BTreeSet<(usize, usize)>,
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
    pub(crate) fn new(name: &'a str, limits: &'a Limits) -> Self {
        let (text, cells, formulas) = (String::new(), Vec::new(), BTreeSet::new());
        Self { name, limits, text, cells, formulas, own: 0, bytes: 0 }
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
            return Err(damaged(self.name, "a cell lies outside the sheet"));
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
        let count = (rows.len() * columns.len()) as u64;
        self.bytes += count * u64::from(length);
        if self.bytes > self.limits.bytes {
            return Err(self.refused(Limit::Bytes, row, 0));
        }
        let made = self.cells.len() as u64 + count;
        self.plausible(made, self.own)?;
        self.plausible(self.bytes, self.text.len() as u64)?;
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

    /// Refuses cells, or bytes of them, of which far more are made than the file holds.
    fn plausible(&self, made: u64, own: u64) -> Result<()> {
        if made > self.limits.cells {
            return Err(self.refused(Limit::Cells, 0, 0));
        }
        let bomb = made > UNSUSPECTED && made / self.limits.ratio > own;
        if bomb { Err(self.refused(Limit::Ratio, 0, 0)) } else { Ok(()) }
    }

    fn refused(&self, limit: Limit, row: usize, column: usize) -> Error {
        let (name, part, most) = (self.name.to_owned(), String::new(), self.limits.most(limit));
        Error::Limit { name, limit, most, row, column, part }
    }

    fn grid(mut self) -> Result<Grid> {
        // Writers put rows and cells in order, but nothing makes them. Of a cell that stands twice
        // the last counts.
        let place = |cell: &Cell| (cell.row, cell.column);
        if !self.cells.is_sorted_by_key(place) {
            self.cells.sort_by_key(place);
        }
        let rows = || self.cells.chunk_by(|a, b| a.row == b.row);
        let width = |row: &[Cell]| row.last().map_or(0, |last| u64::from(last.column) + 1);
        self.plausible(rows().map(width).sum(), self.own)?;
        if rows().count() as u64 > self.limits.rows {
            return Err(self.refused(Limit::Rows, 0, 0));
        }
        let (mut numbers, mut records) = (Vec::new(), Builder::default());
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
            records.finish_pushed();
            numbers.extend(row.first().map(|cell| cell.row as usize + 1));
        }
        let line = |(number, cells)| Line { number, cells };
        let lines = numbers.into_iter().zip(records.records()).map(line).collect();
        Ok(Grid { lines, form: Form::Workbook, formulas: self.formulas, changes: Vec::new() })
    }
}

fn cells<'a>(bytes: &[u8], name: &'a str, options: &'a Options) -> Result<Sheet<'a>> {
    let fail = |e: XlsxError| damaged(name, e.to_string());
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(fail)?;
    let sheets = book.sheet_names().to_vec();
    let title = &sheets[chosen(&sheets, options, name)?];
    let mut cells = book.worksheet_cells_reader(title).map_err(fail)?;
    let mut sheet = Sheet::new(name, &options.limits);
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(fail)? {
        let (row, column) = cell.pos;
        let (rows, columns) = (row..row.saturating_add(1), column..column.saturating_add(1));
        sheet.put(rows, columns, &text(cell.value), cell.formula.is_some())?;
    }
    Ok(sheet)
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
