//! A file as rows of cells, before anything is known about its columns.

use crate::choices::{DateOrder, DecimalMark, Delimiter, Encoding, HeaderRows, Keep};
use crate::decode::Content;
use crate::error::KindOption;
use crate::limits::{Limit, Limits, within_reach};
use crate::lines::{Line, Lines, tidy};
use crate::{Codebook, Error, Key, Result, Sheets, decode, delimited, parquet, sheets, workbook};
use serde::{Deserialize, Serialize};
use ssi_vocab::spreadsheet::restored;
use ssi_vocab::{Change, Decision, Layout, Rule, Watch, Why};
use std::collections::{BTreeMap, BTreeSet};

/// How a file is to be read, where it should not be found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The sheet of a workbook, by its name or its number from 1. If none is named, it is the one in
    /// which the codebook knows the most columns, or else the first one that holds a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Where it is there, a cohort's identifiers are replaced by their codes, and columns that say
    /// who somebody is are dropped instead of refused. A key is never written.
    #[serde(skip)]
    pub pseudonymise: Option<Key>,
    /// The encoding of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// What stands between the cells of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// The row or the two rows of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderRows>,
    /// Which sign of a number begins its decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    /// The order of day, month and year in a cohort's dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// Which rows of a cohort are used although they would be left out otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<Keep>,
    /// How much is read. Limits change no result, so that they are never written.
    #[serde(skip)]
    pub limits: Limits,
    /// Who is told how far reading has come.
    #[serde(skip)]
    pub watch: Watch,
}

impl Options {
    /// True where nothing is said, so that everything is found out.
    pub fn is_default(&self) -> bool {
        Self { limits: Limits::default(), ..self.clone() } == Self::default()
    }

    /// Refuses what means nothing for a file of this kind.
    fn fit(&self, content: &Content<'_>, name: &str) -> Result<()> {
        let of_text = [
            self.encoding.map(|_| KindOption::Encoding),
            self.delimiter.map(|_| KindOption::Delimiter),
        ];
        let of_book = [self.sheet.as_ref().map(|_| KindOption::Sheet), None];
        let pointless = match content {
            Content::Text { .. } => of_book,
            Content::Workbook(_) => of_text,
            Content::Parquet(_) => [of_book[0], of_text[0].or(of_text[1])],
        };
        match pointless.into_iter().flatten().next() {
            Some(option) => Err(Error::Pointless { name: name.to_owned(), option }),
            None => Ok(()),
        }
    }
}

/// What a file is read for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'c> {
    /// A table under its own names.
    Table,
    /// The same, of an export whose header or sheet the codebook may know.
    Export(&'c Codebook),
    /// A cohort. Its workbook's percentages are what they show: a cell of 0.55 that is shown as 55%
    /// is `55%`, as in the same sheet saved as text.
    Cohort(&'c Codebook),
}

impl Purpose<'_> {
    pub(crate) fn codebook(&self) -> Option<&Codebook> {
        match self {
            Self::Table => None,
            Self::Export(codebook) | Self::Cohort(codebook) => Some(codebook),
        }
    }
}

/// How the cells of a file were kept apart, which decides what a comma and a short row mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// By commas: a comma within a cell was quoted.
    Commas,
    /// By tabs or semicolons.
    OtherMarks,
    /// By a workbook's own structure: cells at the end of a row may be absent.
    Workbook,
}

/// All rows of a file that hold anything, the header among them.
pub(crate) struct Grid<'t> {
    /// Rows in file order.
    pub(crate) lines: Lines<'t>,
    /// How cells were kept apart.
    pub(crate) form: Form,
    /// Cells that hold a formula, as (row number, column index).
    pub(crate) formulas: BTreeSet<(usize, usize)>,
    /// Cells that have their value from a merged cell above, as (row number, column index).
    pub(crate) merged: BTreeSet<(usize, usize)>,
    /// What was done to the file as a whole.
    pub(crate) changes: Vec<Change>,
    /// How the file was read, and why so.
    pub(crate) layout: Layout,
    /// Blank rows, which are no lines.
    pub(crate) blank: Vec<usize>,
}

/// The header's place among the lines, and its names.
pub(crate) struct Header {
    /// The first line.
    pub(crate) first: usize,
    /// The last line.
    pub(crate) last: usize,
    /// The names, one a column.
    pub(crate) titles: Vec<String>,
}

impl Header {
    /// One or two lines as a header. In two lines, what stands in the upper one goes on to the
    /// right, as a merged cell does, and names the columns below together with the lower one.
    pub(crate) fn of(
        grid: &Grid<'_>,
        first: usize,
        last: usize,
        known: impl Fn(&str) -> bool,
    ) -> Self {
        let row =
            |at| grid.lines.get(at).map_or_else(Vec::new, |line| line.cells().map(title).collect());
        let lower: Vec<String> = row(last);
        if first == last {
            return Self { first, last, titles: lower };
        }
        let upper = row(first);
        let mut group = String::new();
        let titles = (0..lower.len().max(upper.len()))
            .map(|at| {
                let [above, below] =
                    [&upper, &lower].map(|row| row.get(at).map_or("", String::as_str));
                if !above.is_empty() {
                    above.clone_into(&mut group);
                }
                let joined = format!("{group} {below}");
                if below.is_empty() {
                    above.to_owned()
                } else if group.is_empty() || !known(&joined) && known(below) {
                    below.to_owned()
                } else {
                    joined
                }
            })
            .collect();
        Self { first, last, titles }
    }

    /// How many columns have a name.
    pub(crate) fn named(&self) -> usize {
        self.titles.iter().filter(|title| !title.is_empty()).count()
    }
}

/// The header of a grid and the lines below it.
pub(crate) struct Headed<'t> {
    /// The names, trimmed, one a column.
    pub(crate) header: Vec<String>,
    /// The header's row.
    pub(crate) row: usize,
    /// Rows above the header.
    pub(crate) above: Vec<usize>,
    /// See [`Grid::layout`].
    pub(crate) layout: Layout,
    /// See [`Grid::blank`].
    pub(crate) blank: Vec<usize>,
    /// The lines below.
    pub(crate) lines: Lines<'t>,
    /// How cells were kept apart.
    pub(crate) form: Form,
    /// See [`Grid::formulas`].
    pub(crate) formulas: BTreeSet<(usize, usize)>,
    /// See [`Grid::merged`].
    pub(crate) merged: BTreeSet<(usize, usize)>,
    /// Columns that were taken away because they say who somebody is, by where they stood in the file.
    pub(crate) dropped: BTreeMap<usize, Dropped>,
}

/// A column that was taken away.
pub(crate) struct Dropped {
    pub(crate) header: String,
    /// How many of its cells held anything.
    pub(crate) filled: usize,
}

impl<'t> Grid<'t> {
    /// Reads a file of any of the known kinds.
    pub(crate) fn read(
        bytes: &'t [u8],
        name: &str,
        options: &Options,
        purpose: Purpose<'_>,
    ) -> Result<Self> {
        let most = options.limits.bytes;
        if bytes.len() as u64 > most {
            let (name, limit, part) = (name.to_owned(), Limit::Bytes, String::new());
            return Err(Error::Limit { name, limit, most, row: 0, column: 0, part });
        }
        let said = purpose.codebook().map(Codebook::dialect).unwrap_or_default();
        let encoding = options.encoding.or(said.encoding);
        let content = decode::decode(bytes, name, encoding)?;
        options.fit(&content, name)?;
        let mut grid = match content {
            Content::Workbook(bytes) => workbook::read(bytes, name, options, purpose)?,
            Content::Parquet(bytes) => parquet::read(bytes, name, options)?,
            Content::Text { text, encoding: found } => {
                within_reach(text.len(), name, &options.limits)?;
                let delimiter = options.delimiter.or(said.delimiter);
                let mut grid = delimited::read(text, name, delimiter, &options.limits)?;
                let why = match found {
                    _ if encoding.is_some() => Why::Asked,
                    None => Why::Valid,
                    Some("CP932") => Why::Decodes,
                    Some(_) if decode::is_unmarked(bytes) => Why::Decodes,
                    Some(_) => Why::Mark,
                };
                let value = found.unwrap_or("UTF-8").to_owned();
                grid.layout.encoding = Some(Decision { value, why });
                if let Some(found) = found {
                    grid.changes.insert(0, whole_file(Rule::Encoding, found, "UTF-8"));
                }
                grid
            }
        };
        grid.blank = grid.lines.without_blank();
        if let Some(first_row) = grid.blank.first().copied() {
            grid.changes.push(Change {
                rule: Rule::DroppedRow,
                column: String::new(),
                count: grid.blank.len(),
                first_row,
                found: String::new(),
                read_as: String::new(),
            });
        }
        if grid.lines.is_empty() {
            let empty = Error::Empty { name: name.to_owned() };
            return Err(sheets::named(Sheets::of(&grid.layout).as_ref(), empty));
        }
        garbled(&grid.lines, name)?;
        Ok(grid)
    }

    /// The lines of the header that the user names, if any; blank rows between are passed over.
    pub(crate) fn asked(&self, options: &Options, name: &str) -> Result<Option<(usize, usize)>> {
        let Some(HeaderRows { first, last }) = options.header else { return Ok(None) };
        let at = |row: usize| {
            self.lines.iter().position(|line| line.number() == row).ok_or_else(|| Error::NoHeader {
                name: name.to_owned(),
                row,
                last: self.lines.last().map_or(0, |line| line.number()),
            })
        };
        Ok(Some((at(first)?, at(last)?)))
    }

    /// True where a row has a cell for each column of a header and none beyond, apart from empty ones.
    pub(crate) fn fits(&self, header: &Header, line: &Line<'_>) -> bool {
        fits(self.form, header.titles.len(), line)
    }

    /// Splits off the header.
    pub(crate) fn headed(self, header: Header, name: &str) -> Result<(Headed<'t>, Vec<Change>)> {
        let Header { first, last, mut titles } = header;
        let mut lines = self.lines;
        let above = lines.iter().take(first).map(|line| line.number()).collect();
        let Some(head) = lines.get(last) else {
            return Err(Error::Empty { name: name.to_owned() });
        };
        let (row, unseen) = (head.number(), unseen(&head));
        lines.skip(last + 1);
        // A separator at the end of each row makes a last column without name and content.
        let named = titles.iter().rposition(|title| !title.is_empty()).map_or(0, |at| at + 1);
        if named < titles.len() {
            let width = |line: Line<'_>| {
                let beyond = line.cells().enumerate().skip(named);
                beyond.filter(|(_, cell)| !tidy(cell).is_empty()).map(|(at, _)| at + 1).last()
            };
            let filled = lines.iter().filter_map(width).max();
            titles.truncate(filled.unwrap_or(named).max(named));
        }
        let stray = if self.form == Form::Workbook { stray(&lines, titles.len()) } else { None };
        if let Some((_, beside)) = &stray {
            lines.without(beside);
        }
        if lines.is_empty() {
            return Err(Error::HeaderOnly { name: name.to_owned(), row });
        }
        let headed = Headed {
            header: titles,
            row,
            above,
            layout: self.layout,
            blank: self.blank,
            lines,
            form: self.form,
            formulas: self.formulas,
            merged: self.merged,
            dropped: BTreeMap::new(),
        };
        let mut changes = self.changes;
        changes.extend(unseen);
        changes.extend(stray.map(|(change, _)| change));
        Ok((headed, changes))
    }
}

impl Headed<'_> {
    /// Where a column stands in the file.
    pub(crate) fn place(&self, at: usize) -> usize {
        self.dropped.keys().fold(at, |place, dropped| place + usize::from(*dropped <= place))
    }

    /// Refuses a header with a name beyond the limit.
    pub(crate) fn check(&self, name: &str, limits: &Limits) -> Result<()> {
        let long = self.header.iter().position(|title| title.len() as u64 > limits.header);
        let Some(at) = long else { return Ok(()) };
        Err(Error::Limit {
            name: name.to_owned(),
            limit: Limit::Header,
            most: limits.header,
            row: self.row,
            column: at + 1,
            part: String::new(),
        })
    }

    /// True where the row has a cell for each column and none beyond, apart from empty ones. What
    /// stands beside the table of a workbook, in a column without a header, changes nothing.
    pub(crate) fn fits(&self, line: &Line<'_>) -> bool {
        self.form == Form::Workbook || fits(self.form, self.header.len(), line)
    }
}

/// The ledger's line about cells beside the table of a workbook, if there are any, and the rows that
/// hold nothing else.
fn stray(lines: &Lines<'_>, width: usize) -> Option<(Change, Vec<usize>)> {
    let has_more = |line: &Line<'_>| !fits(Form::Workbook, width, line);
    let rows: Vec<usize> = lines.iter().filter(has_more).map(|line| line.number()).collect();
    let change =
        Change { count: rows.len(), first_row: *rows.first()?, ..whole_file(Rule::Stray, "", "") };
    let only = |line: &Line<'_>| line.cells().take(width).all(|cell| tidy(cell).is_empty());
    Some((change, lines.iter().filter(only).map(|line| line.number()).collect()))
}

fn fits(form: Form, width: usize, line: &Line<'_>) -> bool {
    let n = line.len();
    (n >= width || form == Form::Workbook)
        && (n <= width || line.cells().skip(width).all(|cell| tidy(cell).is_empty()))
}

/// A header without what can't be seen in it.
pub(crate) fn title(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    restored(&seen.split_whitespace().collect::<Vec<_>>().join(" ")).to_owned()
}

/// True for characters that can't be seen: those of no width, those that turn the direction of what
/// follows, and those that steer a terminal (line feeds and tabs aside, which are white space).
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// The ledger's lines about names of columns from which something unseen was removed.
fn unseen(header: &Line<'_>) -> Vec<Change> {
    let names = header.cells().filter(|name| name.contains(is_unseen));
    let line = |name| Change {
        first_row: header.number(),
        ..whole_file(Rule::Unseen, &escaped(name), &title(name))
    };
    names.map(line).collect()
}

/// A text in which what can't be seen is written out.
fn escaped(text: &str) -> String {
    let written: String = text
        .chars()
        .map(|c| if is_unseen(c) { format!("U+{:04X} ", u32::from(c)) } else { c.to_string() })
        .collect();
    crate::ledger::shown(&written)
}

/// A change to the file as a whole.
pub(crate) fn whole_file(rule: Rule, found: &str, read_as: &str) -> Change {
    Change {
        rule,
        column: String::new(),
        count: 1,
        first_row: 0,
        found: found.to_owned(),
        read_as: read_as.to_owned(),
    }
}

/// Refuses text that was decoded wrongly before it was saved: replacement characters anywhere, or
/// the usual debris in the first line.
fn garbled(lines: &Lines<'_>, name: &str) -> Result<()> {
    let broken = |line: &Line<'_>| line.cells().any(|c| c.contains('\u{FFFD}'));
    let clean = lines.none_has('\u{FFFD}');
    let replaced = if clean { None } else { lines.iter().find(broken) };
    let debris = lines.first().filter(|line| line.cells().any(decode::is_mojibake));
    match replaced.or(debris) {
        Some(line) => Err(Error::Garbled { name: name.to_owned(), row: line.number() }),
        None => Ok(()),
    }
}
