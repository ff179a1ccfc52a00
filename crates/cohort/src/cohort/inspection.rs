//! A file looked at as a whole: how it was read, what its columns are, all that is wrong with it.

use super::clean::csv;
use super::{Cohort, Columns, cells, checks, guess, header, merge};
use crate::choices::Keep;
use crate::grid::{Dropped, Grid, Headed, Options, Purpose};
use crate::ledger::Ledger;
use crate::reading::{Comma, nothing_left};
use crate::refusals::Refusals;
use crate::samples::Samples;
use crate::{Codebook, Error, Result, Sheets, pseudonym, sheets};
use ssi_vocab::{
    Cause, Change, Decision, Exclusion, How, Layout, Ledger as Lines, Recognised, Refusal, Rows,
    Rule, Why,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a file holds, and everything that is wrong with it.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// How it was read.
    pub layout: Layout,
    /// Its columns, in file order.
    pub columns: Vec<Recognised>,
    /// Why it is refused; the first is what [`cohort()`](super::cohort()) says.
    pub refusals: Vec<Error>,
    /// How many rows went where; complete where nothing refuses the file.
    pub rows: Rows,
    /// What was normalised.
    pub changes: Vec<Change>,
    /// What was left out, and why.
    pub excluded: Vec<Exclusion>,
    /// Everything that was changed or left out.
    pub ledger: Lines,
    /// The cohort, where it was asked for by [`clean()`].
    pub clean: Option<Clean>,
}

/// A cohort, and the file that is made of it.
#[derive(Debug, Clone)]
pub struct Clean {
    /// The cohort, as far as it can be read; complete where nothing refuses the file.
    pub cohort: Cohort,
    /// The rows that are used, as CSV under canonical names, a row a rating: UTF-8, days as
    /// ISO 8601, `500+` as such, nothing for what is missing and `NV` for what was not visible.
    /// Read again, it makes the same cohort.
    pub text: String,
}

/// Looks at a survey export: reads it as [`cohort_with()`](super::cohort_with()), but goes on after
/// a reason to refuse it, and keeps every single change.
///
/// # Errors
/// What leaves nothing to look at: a file that is no table, or holds no row; and wrong usage.
///
/// # Example
/// ```
/// use ssi_cohort::{Codebook, Options, inspect};
/// let file = "回答者,SSI,合計点\nA1,７５,8\nA2,200,4\n";
/// let seen = inspect(file.as_bytes(), "s.csv", &Codebook::default(), &Options::default())?;
/// let rules: Vec<&str> = seen.ledger.entries().map(|e| e.cause.code().1).collect();
/// assert_eq!(rules, ["renamed", "renamed", "renamed", "full_width", "out_of_range"]);
/// # Ok::<(), ssi_cohort::Error>(())
/// ```
pub fn inspect(
    bytes: &[u8],
    name: &str,
    codebook: &Codebook,
    options: &Options,
) -> Result<Inspection> {
    look(bytes, name, codebook, options, Depth::Told)
}

/// [`inspect()`], and the cohort together with its clean file.
///
/// # Errors
/// As [`inspect()`].
///
/// # Example
/// ```
/// use ssi_cohort::{Codebook, Options, clean};
/// let file = "回答者,SSI,合計点\nA1,７５,8\nA2,200,4\n";
/// let seen = clean(file.as_bytes(), "s.csv", &Codebook::default(), &Options::default())?;
/// let text = seen.clean.map(|clean| clean.text);
/// assert_eq!(text.as_deref(), Some("respondent_id,ssi_total,score_total\nA1,75,8\n"));
/// # Ok::<(), ssi_cohort::Error>(())
/// ```
pub fn clean(
    bytes: &[u8],
    name: &str,
    codebook: &Codebook,
    options: &Options,
) -> Result<Inspection> {
    look(bytes, name, codebook, options, Depth::Clean)
}

fn look(
    bytes: &[u8],
    name: &str,
    codebook: &Codebook,
    options: &Options,
    depth: Depth,
) -> Result<Inspection> {
    let grid = Grid::read(bytes, name, options, Purpose::Cohort(codebook))?;
    let options = &codebook.dialect().under(options);
    let sheets = Sheets::of(&grid.layout);
    let named = |error| sheets::named(sheets.as_ref(), error);
    let refusals = Refusals { all: true, ..Refusals::default() };
    let (_, seen) = Read { name, codebook, options, needs_ssi: true, depth }
        .of(grid, refusals)
        .map_err(named)?;
    let mut seen = seen.ok_or_else(|| Error::Empty { name: name.to_owned() })?;
    seen.refusals = seen.refusals.into_iter().map(named).collect();
    Ok(seen)
}

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The cohort.
    Cohort,
    /// All that is to be said of it: every single change is kept.
    Told,
    /// That, and the cohort with its clean file.
    Clean,
}

/// How a file is read.
#[derive(Clone, Copy)]
pub(super) struct Read<'a> {
    pub(super) name: &'a str,
    pub(super) codebook: &'a Codebook,
    pub(super) options: &'a Options,
    pub(super) needs_ssi: bool,
    pub(super) depth: Depth,
}

impl Read<'_> {
    /// The cohort, if it is wanted alone, or what was found.
    pub(super) fn of(
        &self,
        mut grid: Grid<'_>,
        mut refusals: Refusals,
    ) -> Result<(Option<Cohort>, Option<Inspection>)> {
        let Self { name, codebook, options, depth, .. } = *self;
        let detailed = depth != Depth::Cohort;
        let header = header::find(&mut grid, codebook, options, name)?;
        let lines = (header.first, header.last);
        let (mut headed, mut changes) = grid.headed(header, name)?;
        headed.check(name, &options.limits)?;
        changes.extend(header::titles(&headed, lines));
        let mut ledger = Ledger::default();
        if let Some(key) = &options.pseudonymise {
            headed = pseudonym::apply(headed, name, codebook, key, &mut ledger, &mut refusals)?;
        }
        let samples = Samples::of(&headed);
        let seen = (&headed, &samples);
        let columns = header::recognise(seen, name, codebook, &mut refusals)?;
        header::complete(&headed, name, &columns, self.needs_ssi, &mut refusals)?;
        if detailed {
            let (full, places) = full(name, codebook, &headed, &columns);
            ledger.keep_all(full, places);
        }
        header::note(seen, codebook, &columns, &mut ledger);
        let mut recognised =
            if detailed { guess::recognised(seen, &columns, codebook) } else { Vec::new() };
        drop(samples);
        let rows_read = headed.lines.len();
        let mut rows_dropped = checks::drop_totals(&mut headed, &columns, &mut ledger);

        let mut excluded = Vec::new();
        let reader = cells::Cells::new(&headed, &columns, codebook, name, options);
        let mut ratings = reader.ratings(&mut excluded, &mut ledger, &mut refusals)?;
        for (column, filled) in recognised.iter_mut().zip(&ratings.filled) {
            column.filled = *filled;
        }
        if detailed {
            recognised.extend(headed.dropped.iter().map(dropped));
            recognised.sort_by_key(|column| column.place);
        }
        checks::scales(&ratings, &columns, name, &mut refusals)?;
        let keep = |what| options.keep.contains(&what);
        checks::pillars(&ratings, &columns, keep(Keep::Pillars), &mut excluded, &mut ledger);
        let kept = checks::totals(&mut ratings, &columns, &mut excluded, &mut ledger);
        let how = merge::How {
            keep_latest: keep(Keep::Latest),
            detailed: depth == Depth::Clean,
            whole: depth != Depth::Told,
        };
        let mut merged =
            merge::respondents(&mut ratings, &kept, &columns, how, &mut excluded, &mut ledger);
        rows_dropped += merged.rows_dropped;

        excluded.sort();
        excluded.dedup();
        let faulty: BTreeSet<usize> = excluded.iter().map(|e| e.row).collect();
        if merged.n_rows == 0 && refusals.found.is_empty() {
            let place = |column: &str| columns.place(column).map(|at| columns.0[at].at);
            let first = excluded.iter().min_by_key(|e| (e.row, place(&e.column)));
            refusals.add(nothing_left(name, (headed.row, rows_read), first))?;
        }
        let (summed, full) = ledger.into_changes();
        changes.extend(summed);
        let rows = Rows {
            read: rows_read,
            used: merged.rows_used,
            excluded: faulty.len(),
            dropped: rows_dropped,
            respondents: merged.respondents,
            rated_twice: merged.rated_twice,
        };
        let layout = Layout { comma: comma(options, reader.comma()), ..headed.layout.clone() };
        let full = full.map(|mut ledger| {
            file_lines(&mut ledger, &headed, &changes);
            fault_lines(&mut ledger, &excluded);
            refusal_lines(&mut ledger, &headed, &refusals.found);
            ledger.sort();
            ledger
        });
        let told = |ledger, (changes, excluded), clean| Inspection {
            layout,
            columns: recognised,
            refusals: refusals.found,
            rows,
            changes,
            excluded,
            ledger,
            clean,
        };
        if depth == Depth::Told {
            return Ok((None, full.map(|ledger| told(ledger, (changes, excluded), None))));
        }
        let words = |column: &str| merged.words(&ratings, columns.place(column));
        let days = words("ssi_date");
        let first_and_last = days.iter().min().zip(days.iter().max());
        let ssi_dates = first_and_last.map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        let synthetic = words("cohort").iter().any(|word| word.starts_with("synthetic"));
        let left_out = merged.lost(&faulty, &ratings, &columns);
        let text = match depth {
            Depth::Clean => csv(&ratings, &merged.ratings, &columns),
            _ => String::new(),
        };
        let table = merged.table(&mut ratings, &columns, headed.form)?.with_left_out(left_out);
        let cohort = Cohort {
            synthetic,
            ssi_dates,
            sheet: sheets::unasked(&headed.layout),
            table,
            changes,
            rows_read,
            rows_used: rows.used,
            rows_excluded: rows.excluded,
            rows_dropped,
            respondents: rows.respondents,
            rated_twice: rows.rated_twice,
            totals: std::mem::take(&mut merged.totals),
            persons: std::mem::take(&mut merged.persons),
            disputed: std::mem::take(&mut merged.disputed),
            excluded,
        };
        match full {
            None => Ok((Some(cohort), None)),
            Some(ledger) => {
                let lists = (cohort.changes.clone(), cohort.excluded.clone());
                Ok((None, Some(told(ledger, lists, Some(Clean { cohort, text })))))
            }
        }
    }
}

/// An empty ledger of the file's columns, and which of them each column of the codebook is.
fn full(
    name: &str,
    codebook: &Codebook,
    headed: &Headed<'_>,
    columns: &Columns<'_>,
) -> (Lines, BTreeMap<usize, usize>) {
    let n = headed.header.len() + headed.dropped.len();
    let mut named = vec![(String::new(), String::new()); n];
    let mut places = BTreeMap::new();
    for (place, dropped) in &headed.dropped {
        named[*place].0.clone_from(&dropped.header);
    }
    for (at, header) in headed.header.iter().enumerate() {
        named[headed.place(at)].0.clone_from(header);
        places.insert(codebook.fields().len() + at, headed.place(at));
    }
    for known in &columns.0 {
        let place = headed.place(known.at);
        named[place].1.clone_from(&known.field.name);
        places.insert(known.order, place);
    }
    if columns.place("score_total").is_none() {
        // The sum of the items, which is no column of the file.
        named.push((String::new(), "score_total".to_owned()));
        places.insert(columns.0.last().map_or(0, |known| known.order + 1), n);
    }
    let sheet = headed.layout.sheet.as_ref().map_or("", |sheet| sheet.value.as_str());
    (Lines::new(name, sheet, named), places)
}

/// What was done to the file as a whole, and the rows above and between that are no answers.
fn file_lines(ledger: &mut Lines, headed: &Headed<'_>, changes: &[Change]) {
    for change in changes {
        let of_file = matches!(
            change.rule,
            Rule::Encoding | Rule::Delimiter | Rule::TwoHeaderRows | Rule::Unseen | Rule::Stray
        );
        // A column of the file that never became one of the header.
        let left_out = change.rule == Rule::Ignored && ledger.place(&change.column).is_none();
        if of_file || left_out {
            let (found, read_as) = (&change.found, &change.read_as);
            ledger.push(change.first_row, None, Cause::Rule(change.rule), found, read_as);
        }
    }
    for (rows, what) in [(&headed.above, "title"), (&headed.blank, "blank")] {
        for row in rows {
            ledger.push(*row, None, Cause::Rule(Rule::DroppedRow), "", what);
        }
    }
}

fn fault_lines(ledger: &mut Lines, excluded: &[Exclusion]) {
    for e in excluded {
        let column = if e.column.is_empty() { None } else { ledger.place(&e.column) };
        ledger.push(e.row, column, Cause::Reason(e.reason), &e.value, "");
    }
}

/// The columns for which the file is refused.
fn refusal_lines(ledger: &mut Lines, headed: &Headed<'_>, refusals: &[Error]) {
    let mut line = |row, column: Option<&str>, refusal, value: &str| {
        let place = column.and_then(|name| ledger.place(name));
        ledger.push(row, place, Cause::Refusal(refusal), value, "");
    };
    for error in refusals {
        match error {
            Error::Personal { header, .. } => {
                line(headed.row, Some(header), Refusal::PersonalData, "");
            }
            Error::RepeatedColumn { headers, .. } => headers
                .iter()
                .for_each(|header| line(headed.row, Some(header), Refusal::RepeatedColumn, "")),
            Error::MissingColumn { .. } => line(headed.row, None, Refusal::MissingColumn, ""),
            Error::WrongScale { columns, .. } => columns.iter().for_each(|named| {
                line(headed.row, Some(&named.column), Refusal::WrongScale, "");
            }),
            Error::AmbiguousComma { column, row, value, .. } => {
                line(*row, Some(&column.column), Refusal::AmbiguousComma, value);
            }
            _ => {}
        }
    }
}

fn comma(options: &Options, found: Option<Comma>) -> Option<Decision> {
    let (comma, why) = match options.decimal {
        Some(mark) => (mark.into(), Why::Asked),
        None => (found?, Why::Shown),
    };
    let value = match comma {
        Comma::Decimal => "decimal",
        Comma::Thousands => "thousands",
        Comma::Unknown => return None,
    };
    Some(Decision { value: value.to_owned(), why })
}

/// How a column stands among the recognised ones; how many of its cells are filled is not known yet.
pub(super) fn of(headed: &Headed<'_>, at: usize, canonical: Option<&str>, how: How) -> Recognised {
    Recognised {
        header: headed.header[at].clone(),
        place: headed.place(at) + 1,
        canonical: canonical.map(ToOwned::to_owned),
        how,
        confidence: how.confidence(),
        guess: None,
        filled: 0,
    }
}

/// A column that was taken away.
fn dropped((place, column): (&usize, &Dropped)) -> Recognised {
    let how = How::Personal;
    Recognised {
        header: column.header.clone(),
        place: place + 1,
        canonical: None,
        how,
        confidence: how.confidence(),
        guess: None,
        filled: column.filled,
    }
}
