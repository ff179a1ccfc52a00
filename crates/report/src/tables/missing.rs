//! Missing values by column, and the main numbers by how they are treated.

use super::{Naming, header, interval_header};
use crate::blocks::TableBlock;
use crate::findings::Findings;
use crate::number::{self, UNDEFINED, count};
use crate::sentences::claims::share;
use crate::sentences::missing::{Treated, measure, treatments};
use crate::terms::word;
use ssi_vocab::drawing::GapPattern;
use ssi_vocab::{Drawing, Estimate, Lang, Results};

/// A row a column.
pub(crate) fn missing(results: &Results, lang: Lang, naming: Naming) -> TableBlock {
    let columns = vec![
        header(lang, "header.column", false),
        header(lang, "header.present", true),
        header(lang, "header.missing", true),
        header(lang, "header.not_visible", true),
        header(lang, "header.missing_share", true),
    ];
    let row = |c: &ssi_vocab::MissingColumn| {
        vec![
            naming.variable(lang, &c.column),
            count(c.n_present),
            count(c.n_missing),
            count(c.n_not_visible),
            share(c.share),
        ]
    };
    let cells = results.missing.iter().map(row).collect();
    TableBlock::new(word(lang, "table.missing").to_owned(), columns, cells)
}

/// A row a pattern, for single commands: how many rows, and the columns they lack.
pub(crate) fn patterns(results: &Results, lang: Lang) -> Option<TableBlock> {
    let Some(Drawing::Gaps(gaps)) = results.drawings.get("missing") else { return None };
    let columns =
        vec![header(lang, "header.rows", true), header(lang, "header.missing_columns", false)];
    let row = |p: &GapPattern| {
        let lacking = gaps.variables.iter().zip(&p.missing).filter(|(_, share)| **share > 0.0);
        let names: Vec<&str> = lacking.map(|(name, _)| name.as_str()).collect();
        let what = match (p.patterns, names.is_empty()) {
            (1, true) => word(lang, "missing.whole").to_owned(),
            (1, false) => names.join(", "),
            (n, _) => word(lang, "missing.other").replace("{n}", &count(n)),
        };
        vec![count(p.n_obs), what]
    };
    let cells = gaps.patterns.iter().map(row).collect();
    Some(TableBlock::new(word(lang, "table.patterns").to_owned(), columns, cells))
}

/// A row a treatment; none where there is but one.
pub(crate) fn treated(f: Findings<'_>, lang: Lang) -> Option<TableBlock> {
    let rows = treatments(f);
    if rows.len() < 2 {
        return None;
    }
    let all: Vec<&Estimate> = rows.iter().map(|t| t.r).collect();
    let columns = vec![
        header(lang, "header.treatment", false),
        ("r".to_owned(), true),
        interval_header(lang, &all),
        header(lang, "header.slope", true),
        interval_header(lang, &all),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
    ];
    let cells = rows.iter().map(|t| cells(f, t, lang)).collect();
    Some(TableBlock::new(word(lang, "table.treated").to_owned(), columns, cells))
}

fn cells(f: Findings<'_>, t: &Treated<'_>, lang: Lang) -> Vec<String> {
    let m = measure(f, "imputations").map_or(0, |m| m as usize);
    let value = |e: &Estimate, text: &dyn Fn(f64) -> String| {
        e.value.map_or_else(|| UNDEFINED.to_owned(), text)
    };
    let ends = |e: &Estimate, text: &dyn Fn(f64) -> String| {
        let interval = e.interval.as_ref();
        interval.map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default()
    };
    let r = |v: f64| number::correlation(v, lang);
    let points = |v: f64| number::fixed(v, 2);
    vec![
        word(lang, t.key).replace("{m}", &count(m)),
        value(t.r, &r),
        ends(t.r, &r),
        t.slope.map(|e| value(e, &points)).unwrap_or_default(),
        t.slope.map(|e| ends(e, &points)).unwrap_or_default(),
        count(t.r.n_obs),
        count(t.r.n_excluded),
    ]
}
