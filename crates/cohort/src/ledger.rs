//! What was normalised on reading: one line a rule and column.

use ssi_vocab::{Change, Rule};
use std::collections::BTreeMap;

/// The longest text of a cell that a ledger repeats.
const MOST_CHARS: usize = 40;

/// Collects changes; the first example of each is kept.
#[derive(Default)]
pub(crate) struct Ledger {
    changes: BTreeMap<(Rule, usize), Change>,
}

impl Ledger {
    /// Notes that `rule` was applied in a row. `order` places the column among the others.
    pub(crate) fn note(
        &mut self,
        rule: Rule,
        (order, column): (usize, &str),
        row: usize,
        found: &str,
        read_as: impl FnOnce() -> String,
    ) {
        let entry = self.changes.entry((rule, order)).or_insert_with(|| Change {
            rule,
            column: column.to_owned(),
            count: 0,
            first_row: row,
            found: shown(found),
            read_as: read_as(),
        });
        entry.count += 1;
    }

    /// The lines, by rule and then by column.
    pub(crate) fn into_changes(self) -> impl Iterator<Item = Change> {
        self.changes.into_values()
    }
}

/// A cell's text as a ledger shows it: on one line and not too long.
pub(crate) fn shown(text: &str) -> String {
    let text = text.trim();
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_CHARS).collect();
    if text.chars().nth(MOST_CHARS).is_some() { line + "…" } else { line }
}
