//! Parquet files without nested columns, as a grid of cells.
//!
//! The reader is our own: Apache's `parquet` doubles the time that the workspace's smallest build
//! takes and adds a megabyte to the program, and reserves what a page's header says before it looks at
//! the page. Here a file is made into nothing that [`Budget`] has not let through.

mod encoding;
mod footer;
mod page;
mod thrift;
mod value;

use crate::grid::{Form, Grid, Options};
use crate::limits::Limit;
use crate::lines::Builder;
use crate::{Error, ParquetFault, Result};
use footer::Footer;
use page::{Budget, Cells};
use ssi_vocab::{Change, Decision, Layout, Rule, Why};
use std::collections::BTreeSet;

/// True for what begins as a Parquet file and not as a text.
pub(crate) fn is_parquet(bytes: &[u8]) -> bool {
    let is_text = |byte: &u8| *byte >= b' ' || byte.is_ascii_whitespace();
    bytes.starts_with(b"PAR1") && !bytes.get(4).is_some_and(is_text)
}

/// Why reading stops.
enum Stop {
    /// The file is damaged.
    Damaged,
    /// The file can't be read.
    Fault(ParquetFault),
    /// There is too much of something.
    Limit(Limit),
}

/// Reads all rows: the names of the columns are row 1, the first values row 2.
///
/// Integers, decimals and texts are written exactly, other numbers as their shortest decimal text,
/// days as ISO 8601. What is null is an empty cell. The index that pandas writes where it has no
/// name is no column.
pub(crate) fn read(bytes: &[u8], name: &str, options: &Options) -> Result<Grid<'static>> {
    let limits = &options.limits;
    let fail = |stop| error(name, options, stop, None);
    let too_much = |limit, row: usize, column| Error::Limit {
        name: name.to_owned(),
        limit,
        most: limits.most(limit),
        row,
        column,
        part: String::new(),
    };
    let mut footer = Footer::read(bytes, limits).map_err(fail)?;
    let (rows, width) = (footer.rows.saturating_add(1), footer.columns.len() as u64);
    if rows > limits.rows {
        return Err(too_much(Limit::Rows, 0, 0));
    }
    if rows.saturating_mul(width) > limits.cells {
        return Err(too_much(Limit::Cells, 0, 0));
    }
    let mut budget = Budget::new(limits, bytes.len());
    budget.plausible(rows.saturating_mul(width)).map_err(fail)?;

    let columns = std::mem::take(&mut footer.columns);
    if columns.is_empty() {
        return Err(Error::Empty { name: name.to_owned() });
    }
    let kept = || columns.iter().enumerate().filter(|(_, column)| !is_index(&column.name));
    let mut records = Builder::default();
    kept().for_each(|(_, column)| records.push(&column.name));
    records.end_row(1);
    let (mut read, mut written) = (0, 0);
    while let Some(group) = footer.group(columns.len()).map_err(fail)? {
        let before = read;
        read = group.rows.saturating_add(read);
        if read > footer.rows {
            return Err(fail(Stop::Damaged));
        }
        let mut cells = Vec::with_capacity(columns.len());
        for (at, column) in kept() {
            let of_column = |stop| error(name, options, stop, Some(&column.name));
            let of = Cells::new(bytes, column, &group.chunks[at], group.rows);
            cells.push(of.ok_or_else(|| of_column(Stop::Damaged))?);
        }
        for row in 0..group.rows {
            for (at, (cells, (_, column))) in cells.iter_mut().zip(kept()).enumerate() {
                let of_column = |stop| error(name, options, stop, Some(&column.name));
                let text = cells.next(&mut budget).map_err(of_column)?;
                let length = text.len() as u64;
                written += length;
                let number = (before + row) as usize + 2;
                if length > limits.cell {
                    return Err(too_much(Limit::Cell, number, at + 1));
                }
                if written > limits.bytes {
                    return Err(too_much(Limit::Bytes, number, 0));
                }
                records.push(text);
            }
            budget.plausible(written).map_err(fail)?;
            records.end_row((before + row) as usize + 2);
        }
    }
    if read != footer.rows {
        return Err(fail(Stop::Damaged));
    }
    let dropped = columns.iter().filter(|column| is_index(&column.name)).map(|column| Change {
        rule: Rule::Ignored,
        column: column.name.clone(),
        count: footer.rows as usize,
        first_row: 1,
        found: column.name.clone(),
        read_as: String::new(),
    });
    let format = Decision { value: "Parquet".to_owned(), why: Why::Content };
    Ok(Grid {
        lines: records.lines(),
        form: Form::Workbook,
        formulas: BTreeSet::new(),
        merged: BTreeSet::new(),
        changes: dropped.collect(),
        layout: Layout { format: Some(format), ..Layout::default() },
        blank: Vec::new(),
    })
}

/// The index that pandas writes where it has no name.
fn is_index(column: &str) -> bool {
    let number = column.strip_prefix("__index_level_").and_then(|rest| rest.strip_suffix("__"));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// The refusal of a file, at a column where it is known.
fn error(name: &str, options: &Options, stop: Stop, column: Option<&str>) -> Error {
    let (name, column) = (name.to_owned(), column.map(ToOwned::to_owned));
    match stop {
        Stop::Damaged => Error::Parquet { name, fault: ParquetFault::Damaged { column } },
        Stop::Fault(fault) => Error::Parquet { name, fault },
        Stop::Limit(limit) => {
            let (most, part) = (options.limits.most(limit), column.unwrap_or_default());
            Error::Limit { name, limit, most, row: 0, column: 0, part }
        }
    }
}
