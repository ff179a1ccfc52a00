//! Necessary condition analysis: how large the empty corner is, what it hangs on, how much of the
//! condition each outcome takes.

use super::{header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, variable, word};
use ssi_vocab::{Analysis, Estimate, Lang, Note, Results};

/// The tables that the results hold.
pub(crate) fn necessity(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let of = |e: &&Estimate| e.analysis == Analysis::Necessity;
    let rows: Vec<&Estimate> = results.estimates.iter().filter(of).collect();
    let details: Vec<&Estimate> = results.measures.iter().filter(of).collect();
    let (examples, sizes): (Vec<&Estimate>, Vec<&Estimate>) =
        rows.into_iter().partition(|e| e.method == "counterexamples");
    let table = |rows: Vec<&Estimate>, make: fn(&[&Estimate], Lang) -> TableBlock| {
        (!rows.is_empty()).then(|| make(&rows, lang))
    };
    let begins = |start: &str| -> Vec<&Estimate> {
        details.iter().copied().filter(|e| e.term.starts_with(start)).collect()
    };
    let (needed, left) = (begins("bottleneck("), begins("below("));
    let bottleneck = (!needed.is_empty()).then(|| bottleneck(&needed, &left, lang));
    [
        table(sizes, sizes_table),
        table(examples, examples_table),
        bottleneck,
        table(begins("without ("), peers_table),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A study's corners: a row a condition, scope and ceiling, with both tests.
pub(crate) fn corners(results: &Results, lang: Lang) -> Option<TableBlock> {
    let sizes = ["ce_fdh", "cr_fdh"];
    let of = |e: &&Estimate| e.analysis == Analysis::Necessity && sizes.contains(&&*e.method);
    let rows: Vec<&Estimate> = results.estimates.iter().filter(of).collect();
    let same =
        |a: &Estimate, b: &Estimate| (&a.x, &a.model, &a.method) == (&b.x, &b.model, &b.method);
    let mut firsts: Vec<&Estimate> = Vec::new();
    for row in &rows {
        if !firsts.iter().any(|first| same(first, row)) {
            firsts.push(row);
        }
    }
    if firsts.is_empty() {
        return None;
    }
    let columns = vec![
        header(lang, "header.variable", false),
        header(lang, "header.scope", false),
        header(lang, "header.ceiling", false),
        header(lang, "header.d", true),
        header(lang, "header.p_copula", true),
        header(lang, "header.p_permutation", true),
        header(lang, "header.n", true),
        header(lang, "header.note", false),
    ];
    let cells = firsts
        .iter()
        .map(|e| {
            let p = |test: &str| {
                let row = rows.iter().find(|r| same(r, e) && r.p_method() == Some(test));
                p_cell(row.and_then(|r| r.test.as_ref()).map(|t| t.p_value.get()), lang)
            };
            vec![
                variable(lang, e.x.as_deref().unwrap_or_default()),
                named(lang, "scope", e.model.as_deref().unwrap_or_default()),
                named(lang, "method", &e.method),
                e.value
                    .map_or_else(|| UNDEFINED.to_owned(), |v| number::correlation_to(v, 3, lang)),
                p("copula"),
                p("permutation"),
                number::count(e.n_obs),
                note(e, lang),
            ]
        })
        .collect();
    Some(TableBlock::new(word(lang, "table.corners").to_owned(), columns, cells))
}

/// A study's conditions: how much of each an outcome takes, and whom its ceiling hangs on.
pub(crate) fn corner_details(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let of = |e: &&Estimate| e.analysis == Analysis::Necessity;
    let rows: Vec<&Estimate> = results.measures.iter().filter(of).collect();
    let mut conditions: Vec<&str> = rows.iter().filter_map(|e| e.x.as_deref()).collect();
    conditions.dedup();
    let mut out = Vec::new();
    for condition in conditions {
        let begins = |start: &str| -> Vec<&Estimate> {
            let own =
                |e: &&&Estimate| e.x.as_deref() == Some(condition) && e.term.starts_with(start);
            rows.iter().filter(own).copied().collect()
        };
        let mut add = |mut table: TableBlock| {
            table.caption = match lang {
                Lang::En => format!("{}: {}", variable(lang, condition), table.caption),
                Lang::Ja => format!("{}：{}", variable(lang, condition), table.caption),
            };
            out.push(table);
        };
        add(bottleneck(&begins("bottleneck("), &begins("below("), lang));
        let peers = begins("without (");
        if !peers.is_empty() {
            add(peers_table(&peers, lang));
        }
    }
    out
}

fn sizes_table(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.pair", false),
        header(lang, "header.group", false),
        header(lang, "header.ceiling", false),
        header(lang, "header.d", true),
        header(lang, "header.p", true),
        header(lang, "header.p_method", false),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            vec![
                e.term.clone(),
                e.group.clone().unwrap_or_default(),
                named(lang, "method", &e.method),
                e.value
                    .map_or_else(|| UNDEFINED.to_owned(), |v| number::correlation_to(v, 3, lang)),
                p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang),
                e.p_method().map(|m| named(lang, "test", m)).unwrap_or_default(),
                number::count(e.n_obs),
                number::count(e.n_excluded),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.necessity").to_owned(), columns, cells)
}

fn examples_table(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.counterexample", false),
        header(lang, "header.group", false),
        header(lang, "header.rate", true),
        super::interval_header(lang, rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.n", true),
        header(lang, "header.note", false),
    ];
    let percent = |share: f64| format!("{}%", number::fixed(100.0 * share, 1));
    let cells = rows
        .iter()
        .map(|e| {
            let ends =
                e.interval.as_ref().map(|i| number::range(&percent(i.low), &percent(i.high)));
            vec![
                e.term.clone(),
                e.group.clone().unwrap_or_default(),
                e.value.map_or_else(|| UNDEFINED.to_owned(), percent),
                ends.unwrap_or_default(),
                e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default(),
                number::count(e.n_obs),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.counterexamples").to_owned(), columns, cells)
}

/// A row an outcome, with what it takes and who has less.
fn bottleneck(rows: &[&Estimate], left: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.ceiling", false),
        header(lang, "header.group", false),
        header(lang, "header.for_outcome", false),
        header(lang, "header.needed", true),
        header(lang, "header.have_less", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let what = inside(&e.term);
            let less = left
                .iter()
                .find(|l| l.method == e.method && l.group == e.group && inside(&l.term) == what)
                .and_then(|l| l.value);
            vec![
                named(lang, "method", &e.method),
                e.group.clone().unwrap_or_default(),
                what.to_owned(),
                e.value.map_or_else(|| UNDEFINED.to_owned(), |v| needed(e, v)),
                less.map(number::percent).unwrap_or_default(),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.bottleneck").to_owned(), columns, cells)
}

fn peers_table(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.peer", false),
        header(lang, "header.group", false),
        header(lang, "header.d_without", true),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            vec![
                format!("({})", inside(&e.term)),
                e.group.clone().unwrap_or_default(),
                e.value.map(|v| number::correlation_to(v, 3, lang)).unwrap_or_default(),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.peers").to_owned(), columns, cells)
}

/// How much is needed: at the cap, `500+`.
fn needed(e: &Estimate, value: f64) -> String {
    let plus = if e.note == Some(Note::AtCap) { "+" } else { "" };
    number::general(value) + plus
}

/// What stands between the parentheses of a term.
fn inside(term: &str) -> &str {
    term.split_once('(').map_or(term, |(_, rest)| rest.trim_end_matches(')'))
}
