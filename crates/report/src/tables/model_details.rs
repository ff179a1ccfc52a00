//! What `ssi fit` shows of a model beyond its coefficients, and what it expects at chosen values.

use super::{header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results};

/// The tables that the results hold.
pub(crate) fn model_details(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let table = |rows: &[Estimate], key: &'static str| {
        (!rows.is_empty()).then(|| estimates(rows, word(lang, key).to_owned(), lang))
    };
    let (_, measures): (Vec<Estimate>, Vec<Estimate>) =
        results.measures.iter().cloned().partition(|row| row.analysis == Analysis::Necessity);
    let measures = table(&measures, "table.measures");
    let predictions = table(&results.predictions, "table.predictions");
    measures.into_iter().chain(predictions).collect()
}

/// A row an estimate, with its interval's name.
fn estimates(rows: &[Estimate], caption: String, lang: Lang) -> TableBlock {
    let shown: Vec<&Estimate> = rows.iter().collect();
    let columns = vec![
        header(lang, "header.term", false),
        header(lang, "header.group", false),
        header(lang, "header.estimate", true),
        interval_header(lang, &shown),
        header(lang, "header.interval_method", false),
        header(lang, "header.p", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let text = |v: f64| number::general(v);
            let interval = e.interval.as_ref();
            vec![
                label(e, lang),
                e.group.clone().unwrap_or_default(),
                e.value.map_or_else(|| UNDEFINED.to_owned(), text),
                interval.map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default(),
                interval.map(|i| named(lang, "interval", &i.method)).unwrap_or_default(),
                p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(caption, columns, cells)
}

/// A measure's name in words; a prediction's values with those that were held in parentheses.
fn label(e: &Estimate, lang: Lang) -> String {
    match e.controls.as_slice() {
        [] => named(lang, "quantity", &e.term),
        held => format!("{} ({})", e.term, held.join(", ")),
    }
}
