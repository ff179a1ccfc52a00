//! The main numbers with respondents, and with whole sessions, as what is independent.

use super::header;
use crate::blocks::TableBlock;
use crate::findings::Findings;
use crate::number::{self, UNDEFINED};
use crate::sentences::sessions;
use crate::terms::{errors, named, word};
use ssi_vocab::{Analysis, Estimate, Lang};

/// A row an estimate and its interval.
pub(crate) fn sessions(f: Findings<'_>, caption: String, lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.measure", false),
        header(lang, "header.estimate", true),
        header(lang, "header.range", true),
        header(lang, "header.interval_method", false),
    ];
    let of_r = |method: &str| {
        f.primary_rows().find(|e| {
            e.method == "pearson" && e.interval.as_ref().is_some_and(|i| i.method == method)
        })
    };
    let x = f.pair().0;
    let slope = |vcov: &str| f.coefficient("main", x, vcov);
    let rows = [
        of_r("fisher_z"),
        of_r("bca"),
        of_r("cluster_bca"),
        slope("classical"),
        slope("hc3"),
        sessions::slope(f),
        sessions::alike(f, "icc"),
        sessions::alike(f, "design_effect"),
    ];
    let cells = rows.into_iter().flatten().map(|e| cells(e, lang)).collect();
    TableBlock::new(caption, columns, cells)
}

fn cells(e: &Estimate, lang: Lang) -> Vec<String> {
    let slope = e.vcov.as_deref().filter(|_| e.analysis == Analysis::Regression);
    let (name, text): (String, fn(f64, Lang) -> String) = match e.term.as_str() {
        "icc" => (named(lang, "quantity", "icc"), number::correlation),
        "design_effect" => (named(lang, "quantity", "design_effect"), |v, _| number::fixed(v, 2)),
        _ if e.analysis == Analysis::Correlation => {
            (named(lang, "method", &e.method), number::correlation)
        }
        _ => (word(lang, "header.slope").to_owned(), |v, _| number::fixed(v, 2)),
    };
    let range = e.interval.as_ref().map(|i| {
        let ends = number::range(&text(i.low, lang), &text(i.high, lang));
        format!("{ends} ({})", number::level(i.level.get()))
    });
    let how = match slope {
        Some(vcov) if !matches!(e.term.as_str(), "icc" | "design_effect") => errors(lang, vcov),
        _ => e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default(),
    };
    vec![
        name,
        e.value.map_or_else(|| UNDEFINED.to_owned(), |v| text(v, lang)),
        range.unwrap_or_default(),
        how,
    ]
}
