//! Which rows of a table have every value that a formula needs, and what the others lack.

use super::expression::Bound;
use crate::Error;
use ssi_vocab::{Column, Exclusion, Reason, Seen, Table};

/// A variable's values in the rows that are used.
pub(super) enum Values<'a> {
    Number(Bound<'a>),
    Factor(&'a Column, Vec<Seen<u32>>, Vec<String>),
}

/// The rows of a table that have every value, and what the others lack.
pub(super) struct Complete {
    pub(super) at: Vec<usize>,
    pub(super) excluded: Vec<Exclusion>,
}

/// The rows where every variable has a value; counted rows that stand for nobody are no rows.
pub(super) fn complete(table: &Table, values: &[&Values<'_>]) -> Complete {
    let mut columns: Vec<&Column> = Vec::new();
    for values in values {
        let own = match values {
            Values::Number(bound) => bound.columns(),
            Values::Factor(column, ..) => vec![*column],
        };
        for column in own {
            if !columns.iter().any(|c| c.name == column.name) {
                columns.push(column);
            }
        }
    }
    let (mut at, mut excluded) = (Vec::new(), Vec::new());
    for i in 0..table.n_rows() {
        if table.counts().is_some_and(|counts| counts[i] == 0) {
            continue;
        }
        let before = excluded.len();
        excluded.extend(columns.iter().filter_map(|column| table.exclusion(column, i)));
        if excluded.len() == before {
            excluded.extend(values.iter().filter_map(|values| unusable(table, values, i)));
        }
        if excluded.len() == before {
            at.push(i);
        }
    }
    excluded.dedup();
    Complete { at, excluded }
}

/// No row is complete: the most frequent reason is named, with its first row.
pub(super) fn nobody(excluded: &[Exclusion]) -> Error {
    let mut kinds: Vec<(&Exclusion, usize)> = Vec::new();
    for gap in excluded {
        match kinds.iter_mut().find(|(k, _)| k.reason == gap.reason && k.column == gap.column) {
            Some((_, n)) => *n += 1,
            None => kinds.push((gap, 1)),
        }
    }
    // The first of those that are equally frequent.
    match kinds.into_iter().rev().max_by_key(|(_, n)| *n) {
        Some((first, rows)) => Error::NobodyLeft { first: first.clone(), rows },
        None => Error::TooFew { analysis: "a regression", needed: 2, found: 0 },
    }
}

/// Why a value that is there can't be used in this formula.
fn unusable(table: &Table, values: &Values<'_>, i: usize) -> Option<Exclusion> {
    let row = table.rows()[i];
    match values {
        Values::Number(bound) => {
            let undefined = bound.value(i).err()?;
            let column = bound.columns().first().map(|c| c.name.clone()).unwrap_or_default();
            let value = undefined.value.to_string();
            Some(Exclusion { row, column, value, reason: undefined.reason })
        }
        Values::Factor(column, codes, levels) => {
            let unseen = codes[i].is_ok_and(|code| code as usize >= levels.len());
            let column = column.name.clone();
            // Free text never leaves, so the unseen level is not named.
            unseen.then(|| Exclusion {
                row,
                column,
                value: String::new(),
                reason: Reason::OutOfRange,
            })
        }
    }
}
