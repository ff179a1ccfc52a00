//! Which sheet of a workbook is read, where nobody says it.

use crate::cohort::header;
use crate::grid::{Grid, Options};
use crate::{Codebook, Error, Result};
use ssi_vocab::{Layout, Why};
use std::fmt;

/// How many rows that hold anything are looked at: a header may stand below ten rows of titles, and
/// a table has a row below it.
pub(crate) const ROWS_LOOKED_AT: usize = 12;

/// The first rows of a sheet; nothing where it can't be read, or has none.
#[derive(Default)]
pub(crate) struct Glance {
    pub(crate) hidden: bool,
    pub(crate) rows: Option<Grid<'static>>,
}

/// The place of the sheet that was asked for, by its name or its number, among those of the
/// workbook, if one was, or if there is only one.
pub(crate) fn settled(
    sheets: &[String],
    options: &Options,
    name: &str,
) -> Result<Option<(usize, Why)>> {
    let Some(wanted) = &options.sheet else {
        return match sheets.len() {
            0 => Err(Error::Empty { name: name.to_owned() }),
            1 => Ok(Some((0, Why::First { of: 1 }))),
            _ => Ok(None),
        };
    };
    let by_name = sheets.iter().position(|sheet| sheet == wanted);
    let by_number = || wanted.parse::<usize>().ok().filter(|n| (1..=sheets.len()).contains(n));
    let at = by_name.or_else(|| by_number().map(|n| n - 1));
    at.map(|at| Some((at, Why::Asked))).ok_or_else(|| Error::UnknownSheet {
        name: name.to_owned(),
        sheet: wanted.clone(),
        known: sheets.to_vec(),
    })
}

/// The place of the sheet that is read: the one with the most headers that are known, two at least;
/// else the first that holds a table, which has two columns and two rows; else the first. Of equals
/// it is the first; a hidden sheet is read only where none is to be seen.
pub(crate) fn best(glances: &[Glance], codebook: &Codebook) -> (usize, Why) {
    let any_seen = glances.iter().any(|glance| !glance.hidden);
    let candidates = || {
        let seen = glances.iter().enumerate().filter(|(_, glance)| !(any_seen && glance.hidden));
        seen.filter_map(|(at, glance)| Some((at, glance.rows.as_ref()?)))
    };
    let (mut most, mut tied) = (None, false);
    for (at, rows) in candidates() {
        let (known, of) = header::most_known(rows, codebook);
        let before = most.map_or(1, |(_, most, _)| most);
        tied = known <= before && (tied || most.is_some() && known == before);
        if known > before {
            most = Some((at, known, of));
        }
    }
    match most {
        Some((at, known, of)) if tied => return (at, Why::Tied { known, of }),
        Some((at, known, of)) => return (at, Why::Known { known, of }),
        None => {}
    }
    let of = glances.len();
    let is_table = |rows: &Grid<'_>| rows.lines.iter().filter(|line| line.filled() > 1).count() > 1;
    match candidates().find(|(_, rows)| is_table(rows)) {
        Some((at, _)) if at > 0 => (at, Why::Table),
        _ => (candidates().next().map_or(0, |(at, _)| at), Why::First { of }),
    }
}

/// The sheet that was read, by its place from 1 and its name, where it is not the first and nobody
/// asked for it.
pub(crate) fn unasked(layout: &Layout) -> Option<(usize, String)> {
    let sheet = layout.sheet.as_ref().filter(|sheet| sheet.why != Why::Asked)?;
    let at = layout.sheets.iter().position(|name| *name == sheet.value).filter(|at| *at > 0)?;
    Some((at + 1, sheet.value.clone()))
}

/// The sheet of a workbook that was read, and those that were not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheets {
    /// The one that was read.
    pub read: String,
    /// The others, one at least.
    pub others: Vec<String>,
}

impl fmt::Display for Sheets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, others } = self;
        let others = others.join(", ");
        write!(
            f,
            "the sheet `{read}` was read, and the workbook also has: {others}; name another one with --sheet"
        )
    }
}

impl Sheets {
    /// Of a workbook with several sheets.
    pub(crate) fn of(layout: &Layout) -> Option<Self> {
        let read = layout.sheet.as_ref()?.value.clone();
        let others: Vec<String> =
            layout.sheets.iter().filter(|other| **other != read).cloned().collect();
        (!others.is_empty()).then_some(Self { read, others })
    }
}

/// The error, with the sheets of the workbook where it may be that another one was meant.
pub(crate) fn named(sheets: Option<&Sheets>, error: Error) -> Error {
    let of_sheet = matches!(
        error,
        Error::Empty { .. }
            | Error::HeaderOnly { .. }
            | Error::MissingColumn { .. }
            | Error::NothingLeft { .. }
    );
    match sheets.filter(|_| of_sheet) {
        Some(sheets) => Error::OtherSheet { source: Box::new(error), sheets: sheets.clone() },
        None => error,
    }
}
