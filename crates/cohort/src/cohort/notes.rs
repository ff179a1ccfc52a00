//! What is said of cells as they are read.

use super::ratings::Mark;
use super::{Known, Value};
use crate::Role;
use crate::ledger::{Ledger, shown};
use crate::refusals::Refusals;
use ssi_vocab::{Exclusion, Rule};

/// Where it is noted how cells were read.
pub(super) struct Notes<'n> {
    pub(super) excluded: &'n mut Vec<Exclusion>,
    pub(super) ledger: &'n mut Ledger,
    pub(super) refusals: &'n mut Refusals,
}

/// What a ledger shows of a cell.
pub(super) struct Wording {
    /// What stood there.
    found: String,
    /// What it was read as.
    read_as: String,
}

impl Wording {
    /// Of a cell's text and value. Free text never leaves: only what stands in a number column is
    /// repeated, what is a day, and codes for what is missing.
    pub(super) fn of(known: &Known<'_>, (text, value): (&str, &Value<'_>), rules: &[Rule]) -> Self {
        let numeric = known.field.role.is_numeric();
        let is_code = |rule: &Rule| matches!(rule, Rule::MissingCode | Rule::NotVisible);
        let is_day = known.field.role == Role::Date && value.word().is_some();
        let visible = numeric || is_day || rules.iter().any(is_code);
        let found = if visible { shown(text) } else { String::new() };
        Self { found, read_as: read_as(value, numeric || is_day) }
    }
}

impl Notes<'_> {
    /// Notes how a cell was read, and lists its fault.
    pub(super) fn add(
        &mut self,
        known: &Known<'_>,
        row: usize,
        cell: (&str, &Value<'_>),
        mark: &Mark,
    ) {
        if mark.refused {
            return;
        }
        let own;
        let wording = match &mark.wording {
            Some(wording) => wording,
            None => {
                own = Wording::of(known, cell, &mark.rules);
                &own
            }
        };
        for rule in &mark.rules {
            self.line(*rule, known, row, wording);
        }
        if let Some(reason) = mark.fault {
            let (column, value) = (known.field.name.clone(), wording.found.clone());
            self.excluded.push(Exclusion { row, column, value, reason });
        }
    }

    /// Notes that a cell was filled from those it was merged with.
    pub(super) fn merged(&mut self, known: &Known<'_>, row: usize, cell: (&str, &Value<'_>)) {
        self.line(Rule::MergedCell, known, row, &Wording::of(known, cell, &[]));
    }

    fn line(&mut self, rule: Rule, known: &Known<'_>, row: usize, wording: &Wording) {
        let place = (known.order, known.field.name.as_str());
        self.ledger.line(rule, place, row, (&wording.found, &wording.read_as));
    }
}

/// A value as the ledger shows it; words that must not be told of stay in the file.
fn read_as(value: &Value<'_>, told: bool) -> String {
    match value {
        Value::Number(Ok(read)) => read.value.to_string(),
        Value::Capped(Ok(c)) => format!("{}{}", c.value, if c.at_least { "+" } else { "" }),
        Value::Word(Ok(word)) if told => word.to_string(),
        _ => String::new(),
    }
}
