//! Any table, under its own column names.

use crate::choices::DecimalMark;
use crate::codebook::Declared;
use crate::cohort::header;
use crate::decimal::Decimal;
use crate::grid::{Form, Grid, Headed, Header, Options, Purpose};
use crate::ledger::{Ledger, shown};
use crate::lines::{Line, Room, rows_at_a_time};
use crate::number::{Shape, capped, declared, fold, shape};
use crate::{Codebook, Error, Result, Sheets, intake, sheets};
use ssi_vocab::{
    Capped, Change, Column, Exclusion, Missing, Progress, Reason, Rule, Seen, Stage, Table, Words,
};
use std::borrow::Cow;
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
    /// The sheets of a workbook that has several.
    pub sheets: Option<Sheets>,
}

/// Reads any table under its own column names: CSV, TSV or semicolon-separated text in UTF-8,
/// UTF-16 (with its mark) or CP932, a sheet of an XLSX or ODS workbook, or a Parquet file.
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
    table_with(&intake(input, name, &options.limits)?, name, &options)
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
        return Err(named(nothing_left(name, rows_read, &excluded)));
    }
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
    Ok(Reading { table, changes, excluded, rows_read, sheet, below_titles, sheets })
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
            column: first.column.as_str().into(),
            value: first.value.clone(),
            reason: first.reason,
        },
        None => Error::Empty { name: name.to_owned() },
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

/// What a comma in a number means in this file, as far as its other numbers tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comma {
    Thousands,
    Decimal,
    Unknown,
}

impl Comma {
    fn of(headed: &Headed<'_>, asked: Option<DecimalMark>) -> Self {
        if let Some(asked) = asked {
            return asked.into();
        }
        if headed.form != Form::OtherMarks {
            return Self::Thousands;
        }
        let kept = headed.lines.iter().filter(|line| headed.fits(line));
        Self::by(kept.flat_map(|line| line.cells()))
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

/// How the cells of a column are read: what a comma means, how cells were kept apart, which sign the
/// user says begins decimals, and the words that a codebook declares.
type How<'c> = (Comma, Form, Option<DecimalMark>, Option<Declared<'c>>);

enum Cell<'a> {
    Missing,
    Number { value: Decimal, at_least: bool, rule: Option<Rule> },
    Undecided,
    Word(&'a str),
}

fn cell<'t>(text: &'t str, (comma, form, asked, said): &How<'_>) -> Cell<'t> {
    let (comma, form, asked) = (*comma, *form, *asked);
    let folded = fold(text);
    if text.is_empty() || is_missing(text) || said.as_ref().is_some_and(|s| s.is_missing(&folded)) {
        return Cell::Missing;
    }
    if let Some(score) = said.as_ref().and_then(|said| said.score(&folded)) {
        let (value, rule) = (score.into(), Some(Rule::DeclaredScore));
        return Cell::Number { value, at_least: false, rule };
    }
    if let (Some(value), None) = (Decimal::short(text), asked) {
        return Cell::Number { value, at_least: false, rule: None };
    }
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

/// A column that is being read: its numbers, and what else stands in it.
struct Draft<'a> {
    /// True where a plain number can mean nothing else.
    plain: bool,
    values: Vec<Seen<f64>>,
    /// What the text of each number says beyond its double; nothing as long as none says any.
    rests: Vec<f64>,
    /// Cells that are no plain number, with the codes of their texts.
    odd: Vec<(u32, u32)>,
    words: Words<'a>,
}

impl<'a> Draft<'a> {
    fn new(rows: usize, plain: bool) -> Self {
        let (values, rests, odd) = (Vec::with_capacity(rows), Vec::new(), Vec::new());
        Self { plain, values, rests, odd, words: Words::default() }
    }

    /// How the column is read, as far as all of its cells tell. In a file with decimal commas, points
    /// separate thousands in a column where each of them can (`1.024`), as they do in capped counts, and
    /// there commas do so, too.
    fn settle(&self, (comma, form, asked, said): How<'a>) -> How<'a> {
        let words = || self.words.words().iter().map(|text| fold(text));
        let counts = words().any(|text| capped(&text).is_some());
        let pointed = |text: &Cow<'_, str>| text.contains('.') && !text.contains(',');
        let grouped = |text: Cow<'_, str>| {
            let digits = capped(&text).unwrap_or(&text);
            shape(digits).is_none()
                || matches!(declared(digits, DecimalMark::Comma, false), Some(Shape::Thousands(_)))
        };
        let mut numbers = words().filter(pointed).peekable();
        let settled = match (asked, comma) {
            (None, Comma::Decimal) if numbers.peek().is_some() && numbers.all(grouped) => {
                Some(DecimalMark::Comma)
            }
            _ => asked,
        };
        let comma = if counts && asked.is_none() { Comma::Thousands } else { comma };
        (comma, form, settled, said)
    }

    /// Appends a cell. Most are plain numbers or stood there before, and cost no memory of their
    /// own.
    fn add(&mut self, text: &'a str) {
        let Some(read) = Decimal::short(text).filter(|_| self.plain) else {
            self.odd.push((self.values.len() as u32, self.words.code(text)));
            self.values.push(Err(Missing::Blank));
            return;
        };
        if read.rest != 0.0 {
            self.rests.resize(self.values.len(), 0.0);
            self.rests.push(read.rest);
        }
        self.values.push(Ok(read.value));
    }

    /// The column, once all of its cells are there; `line` gives the row and the text of a cell.
    fn column(
        mut self,
        (at, title): (usize, String),
        how: How<'a>,
        file: &str,
        line: impl Fn(usize) -> (usize, &'a str),
        ledger: &mut Ledger,
    ) -> Result<Column> {
        let n = self.values.len();
        let how = self.settle(how);
        let form = how.1;
        let read: Vec<Cell<'a>> = self.words.words().iter().map(|text| cell(text, &how)).collect();
        let odd = || self.odd.iter().map(|(k, code)| (*k as usize, &read[*code as usize]));
        let missing = odd().filter(|(_, cell)| matches!(cell, Cell::Missing)).count();
        let words = odd().filter(|(_, cell)| matches!(cell, Cell::Word(_))).count();
        let (filled, numbers) = (n - missing, n - missing - words);
        let place = (at, title.as_str());
        for (k, _) in odd().filter(|(_, cell)| matches!(cell, Cell::Missing)) {
            let (row, text) = line(k);
            if !text.is_empty() {
                ledger.note(Rule::MissingCode, place, row, text, String::new);
            }
        }
        if 2 * numbers < filled {
            // Its numbers are words like the others.
            let mut odd = self.odd.iter().peekable();
            let codes = (0..n)
                .map(|k| match odd.next_if(|(odd, _)| *odd as usize == k) {
                    Some((_, code)) if matches!(read[*code as usize], Cell::Missing) => {
                        Err(Missing::Blank)
                    }
                    Some((_, code)) => Ok(*code),
                    None => Ok(self.words.code(line(k).1)),
                })
                .collect();
            return Ok(Column::coded(title, &self.words, codes));
        }
        if let Some((k, _)) = odd().find(|(_, cell)| matches!(cell, Cell::Undecided)) {
            let (row, text) = line(k);
            let (name, value) = (file.to_owned(), shown(text));
            return Err(Error::AmbiguousComma { name, column: title.as_str().into(), row, value });
        }
        let has_caps = odd().any(|(_, c)| matches!(c, Cell::Number { at_least: true, .. }));
        let mut capped = vec![false; if has_caps { n } else { 0 }];
        let mut unread = Vec::new();
        for (k, code) in &self.odd {
            let k = *k as usize;
            match &read[*code as usize] {
                Cell::Number { value, at_least, rule } => {
                    let rule = if *at_least { Some(Rule::Capped) } else { *rule };
                    if let Some(rule) = rule {
                        let mark = if *at_least { "+" } else { "" };
                        let (row, text) = line(k);
                        ledger.note(rule, place, row, text, || format!("{}{mark}", value.value));
                    }
                    self.values[k] = Ok(value.value);
                    if value.rest != 0.0 {
                        self.rests.resize(n.max(self.rests.len()), 0.0);
                        self.rests[k] = value.rest;
                    }
                    if *at_least {
                        capped[k] = true;
                    }
                }
                Cell::Word(word) => {
                    unread.push((k, (*word).to_owned()));
                    self.values[k] = Err(Missing::NotANumber);
                }
                Cell::Missing | Cell::Undecided => {}
            }
        }
        let mut column = if has_caps {
            let cap = |(value, at_least): (Seen<f64>, bool)| {
                value.map(|value| Capped { value, at_least })
            };
            Column::capped(title, self.values.into_iter().zip(capped).map(cap).collect())
        } else {
            self.rests.resize(if self.rests.is_empty() { 0 } else { n }, 0.0);
            Column { rest: rest(self.rests, form), ..Column::number(title, self.values) }
        };
        column.unread = unread;
        Ok(column)
    }
}
