//! Which row is the header, and what its columns mean.

use super::{Columns, ITEMS, Known};
use crate::grid::{Grid, Headed, Header, Options};
use crate::ledger::Ledger;
use crate::number::{fold, shape};
use crate::personal;
use crate::refusals::Refusals;
use crate::samples::Samples;
use crate::{Codebook, Error, Lacking, Result, Role};
use ssi_vocab::{Change, Decision, How, Rule, Why};

/// How many rows of titles may stand above the header.
const MOST_TITLES: usize = 10;

/// The header: the row or rows that the user names; else the row with the most known columns, the
/// first of equals, together with the row above it where the two name more.
pub(crate) fn find(
    grid: &mut Grid<'_>,
    codebook: &Codebook,
    options: &Options,
    name: &str,
) -> Result<Header> {
    let of = |first, last| Header::of(grid, first, last, |title| codebook.knows(title));
    let header = match grid.asked(options, name)? {
        Some((first, last)) => of(first, last),
        None => {
            let first = first_of_words(grid, grid.lines.len().min(MOST_TITLES + 1));
            best(grid, codebook).map_or_else(|| of(first, first), |(_, header)| header)
        }
    };
    let known = codebook.known(&header.titles);
    let row = |at: usize| grid.lines.get(at).map_or(0, |line| line.number());
    let (first, last) = (row(header.first), row(header.last));
    let value = if first == last { first.to_string() } else { format!("{first}-{last}") };
    let why = match known {
        _ if options.header.is_some() => Why::Asked,
        0 => Why::NoneKnown,
        known => Why::Known { known, of: header.named() },
    };
    grid.layout.header = Some(Decision { value, why });
    Ok(header)
}

/// The rows with the most known columns, if any row has one, and how many.
fn best(grid: &Grid, codebook: &Codebook) -> Option<(usize, Header)> {
    let n = grid.lines.len().min(MOST_TITLES + 1);
    let row = |at: usize| grid.lines.get(at).map_or(0, |line| line.number());
    let pairs = (1..n).map(|last| (last - 1, last));
    let pairs = pairs.filter(|(first, last)| row(*first) + 1 == row(*last));
    let mut best: Option<(usize, Header)> = None;
    for (first, last) in (0..n).map(|at| (at, at)).chain(pairs) {
        let header = Header::of(grid, first, last, |title| codebook.knows(title));
        let known = codebook.known(&header.titles);
        if known > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((known, header));
        }
    }
    best
}

/// How many columns are known by the header with the most of them, and how many it names.
pub(crate) fn most_known(grid: &Grid, codebook: &Codebook) -> (usize, usize) {
    best(grid, codebook).map_or((0, 0), |(known, header)| (known, header.named()))
}

/// Where no header is known: of the first `n` rows without a number, the one with the most cells.
fn first_of_words(grid: &Grid<'_>, n: usize) -> usize {
    let words = |at: usize| {
        let cells = grid.lines.get(at).into_iter().flat_map(|line| line.cells());
        let cells = cells.map(fold).filter(|cell| !cell.is_empty());
        cells.map(|cell| shape(&cell).is_none()).try_fold(0, |n, word| word.then_some(n + 1))
    };
    let most = (0..n).filter_map(words).max();
    (0..n).find(|at| words(*at) == most).unwrap_or(0)
}

/// The ledger's lines about rows above the header.
pub(crate) fn titles(headed: &Headed<'_>, header: (usize, usize)) -> Vec<Change> {
    let line = |rule, count, first_row, found: String| Change {
        rule,
        column: String::new(),
        count,
        first_row,
        found,
        read_as: String::new(),
    };
    let mut changes = Vec::new();
    if let Some(first) = headed.above.first() {
        changes.push(line(Rule::DroppedRow, headed.above.len(), *first, String::new()));
    }
    if header.0 < header.1 {
        changes.push(line(Rule::TwoHeaderRows, 1, headed.row - 1, String::new()));
    }
    changes
}

/// Recognises the columns, and refuses a header that lacks or repeats a required one or names
/// people.
pub(super) fn recognise<'a>(
    (headed, samples): (&Headed<'_>, &Samples<'_>),
    name: &str,
    codebook: &'a Codebook,
    refusals: &mut Refusals,
) -> Result<Columns<'a>> {
    let mut mobile = Vec::new();
    let mut found = codebook.columns(&headed.header, name, refusals)?;
    found.retain(|order, (at, _)| {
        let (title, cells) = (&headed.header[*at], samples.of_column(*at));
        match codebook.fields()[*order].role {
            Role::Number | Role::Capped | Role::Item => {
                personal::of_numbers(title, cells).is_none()
            }
            Role::Identifier => match personal::of_identifiers(cells) {
                Some(what) => {
                    mobile.push((title.clone(), what));
                    false
                }
                None => true,
            },
            Role::Group | Role::Date => true,
        }
    });
    for (header, what) in mobile {
        let name = name.to_owned();
        refusals.add(Error::Personal { name, header, what: what.what() })?;
    }
    for (at, header) in headed.header.iter().enumerate() {
        if found.values().any(|(used, _)| *used == at) {
            continue;
        }
        if let Some(what) = personal::of_column(header, samples.of_column(at)) {
            let (name, header) = (name.to_owned(), header.clone());
            refusals.add(Error::Personal { name, header, what: what.what() })?;
        }
    }
    let known = |(order, (at, how)): (&usize, &(usize, How))| Known {
        field: &codebook.fields()[*order],
        at: *at,
        order: *order,
        how: *how,
    };
    refusals.headers = found
        .iter()
        .map(|(order, (at, _))| {
            (codebook.fields()[*order].name.clone(), headed.header[*at].clone())
        })
        .collect();
    Ok(Columns(found.iter().map(known).collect()))
}

/// Refuses a header without a column that every cohort needs.
pub(super) fn complete(
    headed: &Headed<'_>,
    name: &str,
    columns: &Columns<'_>,
    needs_ssi: bool,
    refusals: &mut Refusals,
) -> Result<()> {
    let missing = |lacking| Error::MissingColumn {
        name: name.to_owned(),
        lacking,
        header: headed.header.clone(),
    };
    // A column that stands twice is not absent.
    let repeated = |column: &str| {
        let is_it = |e: &Error| matches!(e, Error::RepeatedColumn { column: c, .. } if c == column);
        refusals.found.iter().any(is_it)
    };
    let absent = |column: &str| columns.place(column).is_none() && !repeated(column);
    let mut lacking = Vec::new();
    if needs_ssi && absent("ssi_total") {
        lacking.push(missing(Lacking::Ssi));
    }
    let items: Vec<&str> = ITEMS.iter().filter(|item| absent(item)).copied().collect();
    if absent("score_total") && !items.is_empty() {
        lacking.push(missing(match items.len() == ITEMS.len() {
            true => Lacking::Score,
            false => Lacking::Items(items.into_iter().map(ToOwned::to_owned).collect()),
        }));
    }
    lacking.into_iter().try_for_each(|error| refusals.add(error))
}

/// Notes which columns are known under other names, and which are not used.
pub(super) fn note(
    (headed, samples): (&Headed<'_>, &Samples<'_>),
    codebook: &Codebook,
    columns: &Columns<'_>,
    ledger: &mut Ledger,
) {
    for (at, header) in headed.header.iter().enumerate() {
        if columns.0.iter().all(|known| known.at != at)
            && personal::of_column(header, samples.of_column(at)).is_none()
        {
            let order = codebook.fields().len() + at;
            ledger.note(Rule::Ignored, (order, header), headed.row, header, String::new);
        }
    }
    for known in &columns.0 {
        let header = &headed.header[known.at];
        let canonical = &known.field.name;
        if header != canonical {
            let place = (known.order, canonical.as_str());
            ledger.note(Rule::Renamed, place, headed.row, header, || canonical.clone());
        }
    }
}
