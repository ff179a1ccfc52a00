//! Any table, under its own column names.

mod column;
mod comma;

pub(crate) use column::rest;
pub(crate) use comma::Comma;

use crate::cohort::{checks, header};
use crate::grid::{Grid, Headed, Header, Options, Purpose};
use crate::ledger::Ledger;
use crate::lines::{Line, Room, rows_at_a_time};
use crate::number::{fold, shape};
use crate::{Codebook, Error, Result, Sheets, intake, sheets};
use column::Draft;
use ssi_vocab::{Change, Exclusion, Progress, Reason, Stage, Table};
use std::io::Read;

/// A table that was read under its own column names.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The columns, in file order.
    pub table: Table,
    /// What was normalised.
    pub changes: Vec<Change>,
    /// Rows that were left out whole: those with more or fewer cells than the header.
    pub excluded: Vec<Exclusion>,
    /// Rows below the header that hold anything: the table's rows and the excluded ones.
    pub rows_read: usize,
    /// The sheet of a workbook that was read, by its place from 1 and its name, where it is not the
    /// first and nobody asked for it.
    pub sheet: Option<(usize, String)>,
    /// The header's row, where it stands below titles and nobody said so.
    pub below_titles: Option<usize>,
    /// The first of the last rows that look like totals or notes; they are part of the table.
    pub totals: Option<usize>,
    /// The sheets of a workbook that has several.
    pub sheets: Option<Sheets>,
}

/// Reads any table under its own column names: CSV, TSV or semicolon-separated text in UTF-8,
/// UTF-16 or CP932, a sheet of an XLSX or ODS workbook, or a Parquet file.
///
/// A column is numeric where at least half of its non-missing cells are numbers; its other cells
/// are [`Missing::NotANumber`](ssi_vocab::Missing), with the text in
/// [`Column::unread`](ssi_vocab::Column::unread). Where some of the numbers are capped (`500+`,
/// `500人以上`), it is [`Cells::Capped`](ssi_vocab::Cells). Any other column is a factor. What a number's
/// decimal text says beyond the double nearest to it (`0.1` is no double) is kept in
/// [`Column::rest`](ssi_vocab::Column::rest); not for workbooks and Parquet files, whose numbers are
/// doubles. Full-width digits count as digits. Rows are numbered as a spreadsheet does, the first row of
/// the file being 1: blank lines count, and are dropped; a quoted cell of several lines stays in one
/// row. A header cell that is empty is called `column_3` after its place.
///
/// A comma in a number separates thousands in comma-separated files and workbooks. Elsewhere it
/// is a decimal comma where any number of the file shows it (`20,97`), separates thousands where
/// any number has a decimal point, and otherwise is refused if it can be either (`1,024`). In a file
/// with decimal commas a point separates thousands in a column where each of them can (`1.024`). In
/// capped counts (`2,000+`) a comma always separates thousands.
///
/// # Missing data
/// Missing are empty cells, `NA`, `NaN`, `N/A`, `#N/A` and `null`, the last four in any case
/// (`na` and `Na` are words).
///
/// # Errors
/// [`Error`], all but [`Error::Read`] refusals.
///
/// # Example
/// ```
/// let reading = ssi_cohort::table("group,contacts\na,283\nb,500+\n".as_bytes(), "t.csv")?;
/// assert_eq!(reading.table.rows(), [2, 3]);
/// assert!(matches!(reading.table.column("contacts")?.cells, ssi_vocab::Cells::Capped(_)));
/// # Ok::<(), ssi_cohort::Error>(())
/// ```
pub fn table(input: impl Read, name: &str) -> Result<Reading> {
    let options = Options::default();
    table_with(&intake(input, name, &options)?, name, &options)
}

/// [`table()`] from bytes, with options.
///
/// # Errors
/// As [`table()`], and [`Error::UnknownSheet`].
pub fn table_with(bytes: &[u8], name: &str, options: &Options) -> Result<Reading> {
    let grid = Grid::read(bytes, name, options, Purpose::Table)?;
    let (first, last) = grid.asked(options, name)?.unwrap_or_default();
    let header = Header::of(&grid, first, last, |_| false);
    read(grid, header, name, (options, None))
}

/// [`table_with()`] of an export whose header may stand below rows of titles: it is the row in which the
/// codebook knows the most columns, two at least, if each row above names fewer; or else the first
/// row. Titles are passed over without a known column, too: rows with nothing but a word in their first
/// cell, above a row of words.
///
/// # Errors
/// As [`table_with()`].
///
/// # Example
/// ```
/// let file = "Profiles 2018\n\nrespondent_id,rater_id,item_photo\nA,R1,0.5\n";
/// let (codebook, options) = Default::default();
/// let reading = ssi_cohort::exported(file.as_bytes(), "t.csv", &codebook, &options)?;
/// assert_eq!(reading.table.rows(), [4]);
/// assert!(reading.table.has("item_photo"));
/// # Ok::<(), ssi_cohort::Error>(())
/// ```
pub fn exported(
    bytes: &[u8],
    name: &str,
    codebook: &Codebook,
    options: &Options,
) -> Result<Reading> {
    let mut grid = Grid::read(bytes, name, options, Purpose::Export(codebook))?;
    let options = &codebook.dialect().under(options);
    let found = header::find(&mut grid, codebook, options, name)?;
    let first = Header::of(&grid, 0, 0, |_| false);
    let is_below_titles = match codebook.known(&found.titles) {
        0 | 1 => {
            let is_word = |cell: &str| !cell.is_empty() && shape(&fold(cell)).is_none();
            let is_title = |line: Line<'_>| is_word(line.cell(0)) && line.filled() == 1;
            let fits = || grid.lines.iter().skip(1).any(|line| grid.fits(&first, &line));
            grid.lines.iter().take(found.first).all(is_title) && (first.titles.len() > 1 || !fits())
        }
        _ => grid.lines.iter().take(found.first).all(|line| line.filled() < found.named()),
    };
    let is_header = options.header.is_some() || found.named() > 1 && is_below_titles;
    let header = if is_header { found } else { first };
    read(grid, header, name, (options, Some(codebook)))
}

fn read(
    grid: Grid<'_>,
    header: Header,
    name: &str,
    (options, codebook): (&Options, Option<&Codebook>),
) -> Result<Reading> {
    let sheets = Sheets::of(&grid.layout);
    let named = |error| sheets::named(sheets.as_ref(), error);
    let lines = (header.first, header.last);
    let (headed, mut changes) = grid.headed(header, name).map_err(named)?;
    changes.extend(header::titles(&headed, lines));
    let below_titles = (lines.0 > 0 && options.header.is_none()).then_some(headed.row);
    let sheet = sheets::unasked(&headed.layout);
    headed.check(name, &options.limits)?;
    let names = names(&headed, name)?;
    let rows_read = headed.lines.len();
    let mut excluded = Vec::new();
    let mut kept: Vec<u32> = Vec::with_capacity(rows_read);
    for (at, line) in (0..).zip(headed.lines.iter()) {
        if headed.fits(&line) {
            kept.push(at);
        } else {
            excluded.push(ragged(line.number()));
        }
    }
    if kept.is_empty() {
        return Err(named(nothing_left(name, (headed.row, rows_read), excluded.first())));
    }
    let seems_none = |line: &Line<'_>| {
        checks::ends_in_totals(line, None, |_| true) || checks::is_note(line, None)
    };
    let totals = headed.lines.iter().rev().take_while(seems_none).last().map(|l| l.number());
    let comma = Comma::of(&headed, options.decimal);
    let mut ledger = Ledger::default();
    // Where it is not, a point may separate thousands, and a number be a code.
    let plain = options.decimal.is_none()
        && comma != Comma::Decimal
        && !codebook.is_some_and(Codebook::declares_numbers);
    let mut drafts: Vec<Draft<'_>> = names.iter().map(|_| Draft::new(kept.len(), plain)).collect();
    let mut room = Room::default();
    options.watch.begin(Stage::Read, kept.len() as u64);
    // Some rows of all columns at a time, while their text is at hand.
    for some in kept.chunks(rows_at_a_time(drafts.len())) {
        let cut = headed.lines.cut(some, drafts.len(), &mut room);
        for (at, draft) in drafts.iter_mut().enumerate() {
            (0..cut.len()).for_each(|row| draft.add(cut.cell(row, at)));
        }
        options.watch.advance(cut.len() as u64);
    }
    let mut columns = Vec::with_capacity(names.len());
    let line = |k: usize| headed.lines.get(kept[k] as usize);
    for ((at, title), draft) in names.into_iter().enumerate().zip(drafts) {
        let line = |k: usize| line(k).map_or((0, ""), |line| (line.number(), line.cell(at)));
        let said = codebook.map(|codebook| codebook.declared(&title));
        let how = (comma, headed.form, options.decimal, said);
        columns.push(draft.column((at, title), how, name, line, &mut ledger)?);
    }
    let rows = (0..kept.len()).map(|k| line(k).map_or(0, |line| line.number())).collect();
    changes.extend(ledger.into_changes().0);
    let table = Table::new(columns, rows)?.with_left_out(excluded.len());
    Ok(Reading { table, changes, excluded, rows_read, sheet, below_titles, totals, sheets })
}

/// A row whose cells can't be told apart.
pub(crate) fn ragged(row: usize) -> Exclusion {
    Exclusion { row, column: String::new(), value: String::new(), reason: Reason::RaggedRow }
}

/// The refusal of a file of which no row can be used.
pub(crate) fn nothing_left(
    name: &str,
    (header, rows): (usize, usize),
    first: Option<&Exclusion>,
) -> Error {
    match first {
        Some(first) => Error::NothingLeft {
            name: name.to_owned(),
            rows,
            row: first.row,
            column: first.column.as_str().into(),
            value: first.value.clone(),
            reason: first.reason,
        },
        None => Error::HeaderOnly { name: name.to_owned(), row: header },
    }
}

fn names(headed: &Headed<'_>, file: &str) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::with_capacity(headed.header.len());
    let mut seen = std::collections::BTreeSet::new();
    for (i, title) in headed.header.iter().enumerate() {
        let title = if title.is_empty() { format!("column_{}", i + 1) } else { title.clone() };
        if !seen.insert(title.clone()) {
            return Err(Error::RepeatedColumn {
                name: file.to_owned(),
                column: title.clone(),
                headers: vec![title.clone(), title],
            });
        }
        names.push(title);
    }
    Ok(names)
}
