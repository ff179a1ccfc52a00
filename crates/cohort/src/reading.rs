//! Any table, under its own column names.

use crate::choices::DecimalMark;
use crate::cohort::header;
use crate::decimal::Decimal;
use crate::grid::{Form, Grid, Headed, Header, Options};
use crate::ledger::{Ledger, shown};
use crate::number::{Shape, capped, declared, fold, shape};
use crate::{Codebook, Error, Result};
use ssi_vocab::{Capped, Change, Column, Exclusion, Missing, Reason, Rule, Seen, Table};
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
}

/// Reads any table under its own column names: CSV, TSV or semicolon-separated text in UTF-8,
/// UTF-16 (with its mark) or CP932, or the first sheet of an XLSX workbook.
///
/// A column is numeric where at least half of its non-missing cells are numbers; its other cells
/// are [`Missing::NotANumber`], with the text in [`Column::unread`]. Where some of the numbers are
/// capped (`500+`, `500人以上`), it is [`Cells::Capped`](ssi_vocab::Cells). Any other column is a
/// factor. What a number's decimal text says beyond the double nearest to it (`0.1` is no double) is
/// kept in [`Column::rest`]; not for workbooks, whose numbers are doubles. Full-width digits count as digits. Rows are numbered as a spreadsheet does, the first
/// row of the file being 1: blank lines count, and are dropped; a quoted cell of several lines
/// stays in one row. A header cell that is empty is called `column_3` after its place.
///
/// A comma in a number separates thousands in comma-separated files and workbooks. Elsewhere it
/// is a decimal comma where any number of the file shows it (`20,97`), separates thousands where
/// any number has a decimal point, and otherwise is refused if it can be either (`1,024`).
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
    table_with(input, name, &Options::default())
}

/// [`table()`] with options.
///
/// # Errors
/// As [`table()`], and [`Error::UnknownSheet`].
pub fn table_with(input: impl Read, name: &str, options: &Options) -> Result<Reading> {
    let grid = Grid::read(input, name, options)?;
    let (first, last) = grid.asked(options, name)?.unwrap_or_default();
    let header = Header::of(&grid, first, last, |_| false);
    read(grid, header, name, options)
}

/// [`table()`] of an export whose header may stand below rows of titles: it is the row in which the
/// codebook knows the most columns, two at least, or else the first.
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
    input: impl Read,
    name: &str,
    codebook: &Codebook,
    options: &Options,
) -> Result<Reading> {
    let mut grid = Grid::read(input, name, options)?;
    let found = header::find(&mut grid, codebook, options, name)?;
    let known = options.header.is_some() || codebook.known(&found.titles) > 1;
    let header = if known { found } else { Header::of(&grid, 0, 0, |_| false) };
    read(grid, header, name, options)
}

fn read(grid: Grid, header: Header, name: &str, options: &Options) -> Result<Reading> {
    let (headed, mut changes) = grid.headed(header, name)?;
    let names = names(&headed, name)?;
    let rows_read = headed.lines.len();
    let mut excluded = Vec::new();
    let kept: Vec<usize> = (0..rows_read).filter(|i| headed.fits(&headed.lines[*i])).collect();
    for line in headed.lines.iter().filter(|line| !headed.fits(line)) {
        excluded.push(ragged(line.number));
    }
    if kept.is_empty() {
        return Err(nothing_left(name, rows_read, &excluded));
    }
    let comma = Comma::of(&headed, &kept, options.decimal);
    let mut ledger = Ledger::default();
    let mut columns = Vec::with_capacity(names.len());
    for (at, title) in names.into_iter().enumerate() {
        columns.push(column(
            &headed,
            &kept,
            at,
            title,
            (comma, options.decimal),
            name,
            &mut ledger,
        )?);
    }
    let rows = kept.iter().map(|i| headed.lines[*i].number).collect();
    changes.extend(ledger.into_changes().0);
    let table = Table::new(columns, rows)?.with_left_out(excluded.len());
    Ok(Reading { table, changes, excluded, rows_read })
}

/// A row whose cells can't be told apart.
pub(crate) fn ragged(row: usize) -> Exclusion {
    Exclusion { row, column: String::new(), value: String::new(), reason: Reason::RaggedRow }
}

/// The refusal of a file of which no row can be used.
pub(crate) fn nothing_left(name: &str, rows: usize, excluded: &[Exclusion]) -> Error {
    match excluded.iter().min() {
        Some(first) => Error::NothingLeft {
            name: name.to_owned(),
            rows,
            row: first.row,
            column: first.column.clone(),
            value: first.value.clone(),
            reason: first.reason.code(),
        },
        None => Error::Empty { name: name.to_owned() },
    }
}

fn names(headed: &Headed, file: &str) -> Result<Vec<String>> {
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

/// What a comma in a number means in this file, as far as its other numbers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comma {
    Thousands,
    Decimal,
    Unknown,
}

impl Comma {
    fn of(headed: &Headed, kept: &[usize], asked: Option<DecimalMark>) -> Self {
        if let Some(asked) = asked {
            return asked.into();
        }
        if headed.form != Form::OtherMarks {
            return Self::Thousands;
        }
        let cells = kept.iter().flat_map(|i| headed.lines[*i].cells.iter());
        Self::by(cells)
    }

    /// What the numbers among some cells say: a decimal comma anywhere decides, else a decimal
    /// point or grouped thousands.
    pub(crate) fn by<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut found = Self::Unknown;
        for cell in cells.filter(|cell| cell.contains(['.', ',', '．', '，'])) {
            match shape(&fold(cell)) {
                Some(Shape::DecimalComma(_)) => return Self::Decimal,
                Some(Shape::Thousands(_) | Shape::Plain(_)) => found = Self::Thousands,
                _ => {}
            }
        }
        found
    }
}

impl From<DecimalMark> for Comma {
    fn from(mark: DecimalMark) -> Self {
        match mark {
            DecimalMark::Comma => Self::Decimal,
            DecimalMark::Point => Self::Thousands,
        }
    }
}

enum Cell<'a> {
    Missing,
    Number { value: Decimal, at_least: bool, rule: Option<Rule> },
    Undecided,
    Word(&'a str),
}

fn cell(text: &str, comma: Comma, form: Form, asked: Option<DecimalMark>) -> Cell<'_> {
    if let (Some(value), None) = (Decimal::short(text), asked) {
        return Cell::Number { value, at_least: false, rule: None };
    }
    if text.is_empty() || is_missing(text) {
        return Cell::Missing;
    }
    let folded = fold(text);
    let (digits, at_least) = match capped(&folded) {
        Some(rest) => (rest, true),
        None => (&*folded, false),
    };
    let shape = match asked {
        Some(mark) => declared(digits, mark, form == Form::Workbook),
        None => shape(digits),
    };
    let (value, rule) = match shape {
        Some(Shape::Plain(value)) => (value, None),
        Some(Shape::Thousands(value)) => (value, Some(Rule::Thousands)),
        // A decimal comma in a comma-separated file is more likely a slip than a number.
        Some(Shape::DecimalComma(value)) if form == Form::OtherMarks || asked.is_some() => {
            (value, Some(Rule::DecimalComma))
        }
        Some(Shape::Either { decimal, thousands }) => match comma {
            Comma::Thousands => (thousands, Some(Rule::Thousands)),
            Comma::Decimal => (decimal, Some(Rule::DecimalComma)),
            Comma::Unknown => return Cell::Undecided,
        },
        Some(Shape::DecimalComma(_)) | None => return Cell::Word(text),
    };
    let wide = !text.is_ascii() && digits.len() != text.len();
    let rule = rule.or((wide && !at_least).then_some(Rule::FullWidth));
    Cell::Number { value, at_least, rule }
}

fn is_missing(text: &str) -> bool {
    text == "NA" || ["nan", "n/a", "#n/a", "null"].iter().any(|c| text.eq_ignore_ascii_case(c))
}

/// What the text of a column says beyond its doubles, if anything. A workbook holds doubles: its
/// text here is ours.
pub(crate) fn rest(rests: Vec<f64>, form: Form) -> Option<Vec<f64>> {
    let said = form != Form::Workbook && rests.iter().any(|rest| *rest != 0.0);
    said.then_some(rests)
}

fn column(
    headed: &Headed,
    kept: &[usize],
    at: usize,
    title: String,
    (comma, asked): (Comma, Option<DecimalMark>),
    file: &str,
    ledger: &mut Ledger,
) -> Result<Column> {
    let text = |i: &usize| headed.lines[*i].cell(at);
    let cells: Vec<Cell<'_>> =
        kept.iter().map(|i| cell(text(i), comma, headed.form, asked)).collect();
    let filled = cells.iter().filter(|c| !matches!(c, Cell::Missing)).count();
    let undecided = cells.iter().position(|c| matches!(c, Cell::Undecided));
    let numbers = filled - cells.iter().filter(|c| matches!(c, Cell::Word(_))).count();
    let has_caps = cells.iter().any(|c| matches!(c, Cell::Number { at_least: true, .. }));
    let place = (at, title.as_str());
    for (i, cell) in kept.iter().zip(&cells) {
        if matches!(cell, Cell::Missing) && !text(i).is_empty() {
            ledger.note(Rule::MissingCode, place, headed.lines[*i].number, text(i), String::new);
        }
    }
    if 2 * numbers < filled {
        let words: Vec<Seen<&str>> = cells
            .iter()
            .zip(kept)
            .map(
                |(c, i)| if matches!(c, Cell::Missing) { Err(Missing::Blank) } else { Ok(text(i)) },
            )
            .collect();
        return Ok(Column::factor(title, &words));
    }
    if let Some(i) = undecided {
        return Err(Error::AmbiguousComma {
            name: file.to_owned(),
            column: title,
            row: headed.lines[kept[i]].number,
            value: shown(text(&kept[i])),
        });
    }
    let mut unread = Vec::new();
    let mut rests = vec![0.0; cells.len()];
    let values: Vec<Seen<Capped>> = cells
        .iter()
        .zip(kept)
        .enumerate()
        .map(|(k, (cell, i))| match cell {
            Cell::Number { value, at_least, rule } => {
                let rule = if *at_least { Some(Rule::Capped) } else { *rule };
                if let Some(rule) = rule {
                    let mark = if *at_least { "+" } else { "" };
                    ledger.note(rule, place, headed.lines[*i].number, text(i), || {
                        format!("{}{mark}", value.value)
                    });
                }
                rests[k] = value.rest;
                Ok(Capped { value: value.value, at_least: *at_least })
            }
            Cell::Word(word) => {
                unread.push((k, (*word).to_owned()));
                Err(Missing::NotANumber)
            }
            Cell::Missing | Cell::Undecided => Err(Missing::Blank),
        })
        .collect();
    let mut column = if has_caps {
        Column::capped(title, values)
    } else {
        let values = values.into_iter().map(|v| v.map(|c| c.value)).collect();
        Column { rest: rest(rests, headed.form), ..Column::number(title, values) }
    };
    column.unread = unread;
    Ok(column)
}
