//! XLSX workbooks.

use crate::grid::{Form, Grid, Line};
use crate::record::Builder;
use crate::{Error, Result};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, Reader, Xlsx, XlsxError};
use ssi_vocab::{Decision, Layout, Why};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

/// The rows of an XLSX sheet.
const MOST_ROWS: u32 = 1_048_576;

/// Merged cells are followed for so many rows in all.
const MOST_MERGED: usize = 4 * MOST_ROWS as usize;

/// Reads one sheet, cell by cell: a sheet with one cell in the far corner costs one cell.
///
/// Numbers become their shortest decimal text, dates ISO 8601; rows are numbered as the
/// spreadsheet shows them.
pub(crate) fn read(bytes: Vec<u8>, name: &str, sheet: Option<&str>) -> Result<Grid> {
    // calamine 0.38 overflows on a damaged cell reference such as `A99999999999`, which is a panic
    // where overflow is checked. Nothing outlives the closure, so that nothing is left half done.
    std::panic::catch_unwind(|| cells(bytes, name, sheet)).unwrap_or_else(|_| {
        let reason = "a part of it is damaged".to_owned();
        Err(Error::Workbook { name: name.to_owned(), reason })
    })
}

fn cells(bytes: Vec<u8>, name: &str, sheet: Option<&str>) -> Result<Grid> {
    let fail = |e: XlsxError| Error::Workbook { name: name.to_owned(), reason: e.to_string() };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(fail)?;
    let sheets = book.sheet_names().to_vec();
    let why = if sheet.is_some() { Why::Asked } else { Why::First { of: sheets.len() } };
    let numbered = |wanted: &str| sheets.get(wanted.parse::<usize>().ok()?.checked_sub(1)?);
    let sheet = match sheet {
        Some(wanted) => {
            sheets.iter().find(|s| *s == wanted).or_else(|| numbered(wanted)).ok_or_else(|| {
                Error::UnknownSheet {
                    name: name.to_owned(),
                    sheet: wanted.to_owned(),
                    known: sheets.clone(),
                }
            })?
        }
        None => sheets.first().ok_or_else(|| Error::Empty { name: name.to_owned() })?,
    };
    let mut cells = book.worksheet_cells_reader(sheet).map_err(fail)?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    let mut formulas = BTreeSet::new();
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(fail)? {
        let (row, column) = cell.pos;
        if row >= MOST_ROWS || column as usize >= crate::MAX_COLUMNS {
            return Err(Error::Workbook {
                name: name.to_owned(),
                reason: "a cell lies outside the sheet".to_owned(),
            });
        }
        if cell.formula.is_some() {
            formulas.insert((row as usize + 1, column as usize));
        }
        let text = text(cell.value);
        if !text.is_empty() || cell.formula.is_some() {
            rows.entry(row).or_default().insert(column, text);
        }
    }
    drop(cells);
    let merged = fill_down(&mut rows, book.worksheet_merge_cells(sheet), name, fail)?;
    let (mut numbers, mut records) = (Vec::with_capacity(rows.len()), Builder::default());
    for (row, cells) in rows {
        // Each row reaches to its own last cell; padding all of them to the widest would let
        // one stray cell cost as much as a full sheet.
        let width = cells.keys().next_back().map_or(0, |last| last + 1);
        (0..width).for_each(|column| records.push(cells.get(&column).map_or("", String::as_str)));
        records.finish_pushed();
        numbers.push(row as usize + 1);
    }
    let line = |(number, cells)| Line { number, cells };
    let lines = numbers.into_iter().zip(records.records()).map(line).collect();
    let layout = Layout {
        sheet: Some(Decision { value: sheet.clone(), why }),
        sheets: sheets.clone(),
        ..Layout::default()
    };
    let (changes, blank) = (Vec::new(), Vec::new());
    Ok(Grid { lines, form: Form::Workbook, formulas, merged, changes, layout, blank })
}

/// Puts the value of cells that were merged downwards into each of their rows, and says which cells
/// that were. What is merged to the right is a title or the head of a group of columns.
fn fill_down(
    rows: &mut BTreeMap<u32, BTreeMap<u32, String>>,
    merged: Option<std::result::Result<Vec<Dimensions>, XlsxError>>,
    name: &str,
    fail: impl Fn(XlsxError) -> Error,
) -> Result<BTreeSet<(usize, usize)>> {
    let mut filled = BTreeSet::new();
    let mut left = MOST_MERGED;
    for Dimensions { start: (top, column), end: (bottom, _) } in
        merged.transpose().map_err(fail)?.unwrap_or_default()
    {
        if bottom <= top {
            continue;
        }
        let Some(value) = rows.get(&top).and_then(|cells| cells.get(&column)).cloned() else {
            continue;
        };
        for (row, cells) in rows.range_mut(top + 1..=bottom) {
            left = left.checked_sub(1).ok_or_else(|| Error::Workbook {
                name: name.to_owned(),
                reason: "its merged cells overlap too often".to_owned(),
            })?;
            if let Entry::Vacant(cell) = cells.entry(column) {
                cell.insert(value.clone());
                filled.insert((*row as usize + 1, column as usize));
            }
        }
    }
    Ok(filled)
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
