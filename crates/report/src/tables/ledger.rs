//! What was left out and what was normalised on reading.

use super::header;
use crate::blocks::TableBlock;
use crate::number;
use crate::terms::{named, variable, word};
use ssi_vocab::{Change, Exclusion, Lang, Rule};
use std::collections::BTreeSet;

/// How often each reason left something out, by column: the most frequent first.
pub(crate) fn counts(excluded: &[Exclusion]) -> Vec<((&str, &str), usize)> {
    let mut counts: Vec<((&str, &str), usize)> = Vec::new();
    for e in once(excluded) {
        let key = (e.reason.code(), e.column.as_str());
        match counts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, n)) => *n += 1,
            None => counts.push((key, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}

/// The same as a table.
pub(crate) fn left_out(excluded: &[Exclusion], lang: Lang) -> TableBlock {
    let counts = counts(excluded);
    let columns = vec![
        header(lang, "header.reason", false),
        header(lang, "header.column", false),
        header(lang, "header.cells", true),
    ];
    let cells = counts
        .iter()
        .map(|((reason, column), n)| {
            vec![named(lang, "reason", reason), column_name(lang, column), number::count(*n)]
        })
        .collect();
    TableBlock::new(word(lang, "table.left_out").to_owned(), columns, cells)
}

/// Each exclusion once: several analyses may leave out the same cell for the same reason.
pub(crate) fn once(excluded: &[Exclusion]) -> Vec<&Exclusion> {
    excluded.iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// A column in words; exclusions without one are about a whole row.
fn column_name(lang: Lang, column: &str) -> String {
    if column.is_empty() {
        word(lang, "header.whole_row").to_owned()
    } else {
        variable(lang, column)
    }
}

/// Each exclusion with its row.
pub(crate) fn excluded(excluded: &[&Exclusion], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.row", true),
        header(lang, "header.column", false),
        header(lang, "header.found", false),
        header(lang, "header.reason", false),
    ];
    let cells = excluded
        .iter()
        .map(|e| {
            vec![
                number::count(e.row),
                column_name(lang, &e.column),
                e.value.clone(),
                named(lang, "reason", e.reason.code()),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.excluded").to_owned(), columns, cells)
}

/// What was found, with a unit where it is a bare number of raters.
fn found(change: &Change, lang: Lang) -> String {
    match (change.rule, change.found.parse::<usize>(), lang) {
        (Rule::RatersAveraged, Ok(n), Lang::En) => format!("{n} ratings"),
        (Rule::RatersAveraged, Ok(n), Lang::Ja) => format!("{n}人の評定"),
        _ => change.found.clone(),
    }
}

/// Each rule that was applied on reading, with a first example.
pub(crate) fn changes(changes: &[Change], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.rule", false),
        header(lang, "header.column", false),
        header(lang, "header.count", true),
        header(lang, "header.row", true),
        header(lang, "header.found", false),
        header(lang, "header.read_as", false),
    ];
    let cells = changes
        .iter()
        .map(|c| {
            // A rule has the same code in JSON, which is the only name it gives itself.
            let code = serde_json::to_value(c.rule)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default();
            vec![
                named(lang, "rule", &code),
                variable(lang, &c.column),
                number::count(c.count),
                if c.first_row == 0 { String::new() } else { number::count(c.first_row) },
                found(c, lang),
                c.read_as.clone(),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.changes").to_owned(), columns, cells)
}
