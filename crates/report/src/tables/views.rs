//! The score's effect under every model, with what each assumes.

use super::{header, interval_header, p_cell};
use crate::blocks::TableBlock;
use crate::findings::Findings;
use crate::number::{self, UNDEFINED};
use crate::sentences::views;
use crate::terms::named;
use ssi_vocab::{Estimate, Lang};

/// A row a model.
pub(crate) fn views(
    f: Findings<'_>,
    rows: &[&Estimate],
    caption: String,
    lang: Lang,
) -> TableBlock {
    let columns = vec![
        header(lang, "header.model", false),
        header(lang, "header.effect", true),
        interval_header(lang, rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.p", true),
        header(lang, "header.n", true),
        header(lang, "header.assumes", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let id = e.model.as_deref().unwrap_or_default();
            let text = |v: f64| number::fixed(v, 2);
            let interval = e.interval.as_ref();
            vec![
                views::name(f, id, lang),
                e.value.map_or_else(|| UNDEFINED.to_owned(), text),
                interval.map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default(),
                interval.map(|i| named(lang, "interval", &i.method)).unwrap_or_default(),
                p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang),
                number::count(e.n_obs),
                views::assumes(f, id, lang),
            ]
        })
        .collect();
    TableBlock::new(caption, columns, cells)
}
