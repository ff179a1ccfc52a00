//! What was normalised on reading: one line a rule and column, and where it is asked for one a
//! cell.

use crate::number::fold;
use crate::personal;
use ssi_vocab::{Cause, Change, Rule};
use std::collections::BTreeMap;

/// The longest text of a cell that a ledger repeats.
const MOST_CHARS: usize = 40;

/// Collects changes; the first example of each is kept.
#[derive(Default)]
pub(crate) struct Ledger {
    changes: BTreeMap<(Rule, usize), Change>,
    personal: Vec<Personal>,
    full: Option<Full>,
}

/// What was done to a column, or to one of its cells, because it says who somebody is.
struct Personal {
    rule: Rule,
    row: usize,
    place: usize,
    found: String,
    became: String,
}

/// Every change by itself.
struct Full {
    lines: ssi_vocab::Ledger,
    /// The columns' places among the others, as [`Ledger::note`] takes them, to the ledger's own.
    places: BTreeMap<usize, usize>,
}

impl Ledger {
    /// From here on, every change is kept by itself, and so is what [`Self::personal`] noted.
    /// `places` says for the `order` of a column which of the full ledger's columns it is.
    pub(crate) fn keep_all(
        &mut self,
        mut lines: ssi_vocab::Ledger,
        places: BTreeMap<usize, usize>,
    ) {
        for Personal { rule, row, place, found, became } in self.personal.drain(..) {
            lines.push(row, Some(place), Cause::Rule(rule), &found, &became);
        }
        self.full = Some(Full { lines, places });
    }

    /// Notes that `rule` was applied in a row. `order` places the column among the others.
    pub(crate) fn note(
        &mut self,
        rule: Rule,
        place: (usize, &str),
        row: usize,
        found: &str,
        read_as: impl Fn() -> String,
    ) {
        // Only the first example is shown where not every change is kept.
        if self.full.is_none()
            && let Some(known) = self.changes.get_mut(&(rule, place.0))
        {
            known.count += 1;
            return;
        }
        self.line(rule, place, row, (&shown(found), &read_as()));
    }

    /// [`Ledger::note`] of what says who somebody is. `place` is the column's in the file; of a cell
    /// nothing is repeated, and of a column its header where it has another one from now on.
    pub(crate) fn personal(
        &mut self,
        rule: Rule,
        (place, column): (usize, &str),
        row: usize,
        (found, became): (&str, &str),
    ) {
        self.line(rule, (place, column), row, (found, became));
        let (found, became) = (found.to_owned(), became.to_owned());
        self.personal.push(Personal { rule, row, place, found, became });
    }

    /// [`Ledger::note`] of a text as it is [`shown`].
    pub(crate) fn line(
        &mut self,
        rule: Rule,
        (order, column): (usize, &str),
        row: usize,
        (found, read_as): (&str, &str),
    ) {
        if let Some(Full { lines, places }) = &mut self.full {
            let place = places.get(&order).copied().filter(|_| !column.is_empty());
            lines.push(row, place, Cause::Rule(rule), found, read_as);
        }
        let entry = self.changes.entry((rule, order)).or_insert_with(|| {
            // A report repeats cells of number columns only; days stand in the full ledger.
            let told =
                |text: &str| if rule == Rule::Date { String::new() } else { text.to_owned() };
            Change {
                rule,
                column: column.to_owned(),
                count: 0,
                first_row: row,
                found: told(found),
                read_as: told(read_as),
            }
        });
        entry.count += 1;
    }

    /// Notes that a row is no answer, and what it is instead.
    pub(crate) fn drop_row(&mut self, rule: Rule, row: usize, what: &str) {
        if let Some(Full { lines, .. }) = &mut self.full {
            lines.push(row, None, Cause::Rule(rule), "", what);
        }
        let entry = self.changes.entry((rule, 0)).or_insert_with(|| Change {
            rule,
            column: String::new(),
            count: 0,
            first_row: row,
            found: String::new(),
            read_as: String::new(),
        });
        entry.count += 1;
    }

    /// The lines, by rule and then by column; and every change by itself, if it was kept.
    pub(crate) fn into_changes(self) -> (impl Iterator<Item = Change>, Option<ssi_vocab::Ledger>) {
        (self.changes.into_values(), self.full.map(|full| full.lines))
    }
}

/// A cell's text as a ledger shows it: on one line and not too long. What says who somebody is
/// (an e-mail address, a telephone number, a link) is not shown, whatever its column holds.
pub(crate) fn shown(text: &str) -> String {
    let text = text.trim();
    // Too short to say who somebody is.
    if text.len() < 4 && text.bytes().all(|b| b.is_ascii_graphic()) {
        return text.to_owned();
    }
    if personal::of_cell(&fold(text)).is_some() {
        return String::new();
    }
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_CHARS).collect();
    if text.chars().nth(MOST_CHARS).is_some() { line + "…" } else { line }
}
