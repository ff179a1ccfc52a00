//! Rates, and how each two of them differ.

use super::{header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results};

/// The tables that the results hold.
pub(crate) fn rates(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let (mut single, mut pairs) = (Vec::new(), Vec::new());
    for e in &results.estimates {
        match e.analysis {
            Analysis::Rate => single.push(e),
            Analysis::RateDifference
            | Analysis::RiskRatio
            | Analysis::OddsRatio
            | Analysis::RateOrder
            | Analysis::RateTest => pairs.push(e),
            _ => {}
        }
    }
    let single = (!single.is_empty()).then(|| of_one(&single, lang));
    let pairs = (!pairs.is_empty()).then(|| of_two(&pairs, lang));
    single.into_iter().chain(pairs).collect()
}

fn of_one(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.group", false),
        header(lang, "header.events", true),
        header(lang, "header.rate", true),
        interval_header(lang, rows),
        header(lang, "header.interval_method", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            vec![
                e.group.clone().unwrap_or_default(),
                e.term.clone(),
                e.value.map(percent).unwrap_or_default(),
                range(e, percent),
                named(lang, "interval", &e.method),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.rates").to_owned(), columns, cells)
}

fn of_two(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.group", false),
        header(lang, "header.events", false),
        header(lang, "header.measure", false),
        header(lang, "header.estimate", true),
        interval_header(lang, rows),
        header(lang, "header.method", false),
        header(lang, "header.p", true),
        header(lang, "header.p_holm", true),
        header(lang, "header.p_bh", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let test = e.test.as_ref();
            let text = |value: f64| match e.analysis {
                Analysis::RateDifference | Analysis::RateOrder => percent(value),
                _ => number::general(value),
            };
            let is_test = e.analysis == Analysis::RateTest;
            let value = e.value.map(text);
            let missing = if is_test { String::new() } else { UNDEFINED.to_owned() };
            let pair = [&e.x, &e.y].map(|name| name.clone().unwrap_or_default());
            vec![
                pair.join(" – "),
                e.term.clone(),
                named(lang, "analysis", e.analysis.code()),
                value.unwrap_or(missing),
                range(e, text),
                named(lang, if is_test { "test" } else { "interval" }, &e.method),
                p_cell(test.map(|t| t.p_value.get()), lang),
                p_cell(test.and_then(|t| t.p_holm).map(|p| p.get()), lang),
                p_cell(test.and_then(|t| t.p_bh).map(|p| p.get()), lang),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.rate_pairs").to_owned(), columns, cells)
}

/// A share in per cent, with two decimals.
fn percent(share: f64) -> String {
    format!("{}%", number::fixed(100.0 * share, 2))
}

fn range(e: &Estimate, text: impl Fn(f64) -> String) -> String {
    e.interval.as_ref().map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default()
}
