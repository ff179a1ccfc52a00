//! What is said of cells as they are read.

use super::ratings::Mark;
use super::{Known, Value};
use crate::ledger::{Ledger, shown};
use crate::refusals::Refusals;
use ssi_vocab::{Exclusion, Rule};

/// Where it is noted how cells were read.
pub(super) struct Notes<'n> {
    pub(super) excluded: &'n mut Vec<Exclusion>,
    pub(super) ledger: &'n mut Ledger,
    pub(super) refusals: &'n mut Refusals,
}

impl Notes<'_> {
    /// Notes how a cell was read, and lists its fault.
    pub(super) fn add(
        &mut self,
        known: &Known<'_>,
        (row, text): (usize, &str),
        (mark, value): (&Mark, &Value<'_>),
        is_merged: bool,
    ) {
        if mark.refused {
            return;
        }
        let numeric = known.field.role.is_numeric();
        // Free text never leaves: only what stands in a number column is repeated.
        let visible = if numeric { text } else { "" };
        for rule in mark.rules.iter().copied().chain(is_merged.then_some(Rule::MergedCell)) {
            let is_code = matches!(rule, Rule::MissingCode | Rule::NotVisible);
            let place = (known.order, known.field.name.as_str());
            let found = if is_code { text } else { visible };
            self.ledger.note(rule, place, row, found, || read_as(value, numeric));
        }
        if let Some(reason) = mark.fault {
            let (column, value) = (known.field.name.clone(), shown(visible));
            self.excluded.push(Exclusion { row, column, value, reason });
        }
    }
}

/// A value as the ledger shows it; words stay in the file.
fn read_as(value: &Value<'_>, numeric: bool) -> String {
    match value {
        Value::Number(Ok(read)) => read.value.to_string(),
        Value::Capped(Ok(c)) => format!("{}{}", c.value, if c.at_least { "+" } else { "" }),
        Value::Word(Ok(word)) if numeric => word.to_string(),
        _ => String::new(),
    }
}
