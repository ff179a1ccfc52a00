//! What `ssi fit` shows beside the coefficients: tests of terms, a smaller model, standardised
//! coefficients, collinearity.

use super::{header, p_cell};
use crate::blocks::TableBlock;
use crate::number;
use crate::terms::{errors, named, word};
use ssi_vocab::{AnovaRow, Lang, Nested, Note, Results, Standardised, Vif};

/// The tables that the results hold, in the order of the coefficients' questions.
pub(crate) fn fit_details(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let standardised =
        (!results.standardised.is_empty()).then(|| standardised(&results.standardised, lang));
    let anova = (!results.anova.is_empty()).then(|| anova(&results.anova, lang));
    let comparison =
        (!results.comparison.is_empty()).then(|| comparison(&results.comparison, lang));
    let vif = (!results.vif.is_empty()).then(|| vif(&results.vif, lang));
    [standardised, anova, comparison, vif].into_iter().flatten().collect()
}

fn group(group: &Option<String>) -> String {
    group.clone().unwrap_or_default()
}

fn said(note: Option<Note>, lang: Lang) -> String {
    note.map(|note| named(lang, "note", note.code())).unwrap_or_default()
}

fn degrees(value: Option<f64>) -> String {
    value.map(number::general).unwrap_or_default()
}

fn f_cell(value: Option<f64>) -> String {
    value.map(|f| number::fixed(f, 2)).unwrap_or_default()
}

fn anova(rows: &[AnovaRow], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.term", false),
        header(lang, "header.group", false),
        header(lang, "header.sum_sq", true),
        header(lang, "header.df", true),
        header(lang, "header.mean_sq", true),
        header(lang, "glance.statistic", true),
        header(lang, "header.df2", true),
        header(lang, "header.p", true),
        header(lang, "header.partial_eta_squared", true),
        header(lang, "header.note", false),
    ];
    let term = |name: &str| match name {
        "Residuals" => word(lang, "anova.residuals").to_owned(),
        other => other.to_owned(),
    };
    let cells = rows
        .iter()
        .map(|r| {
            vec![
                term(&r.term),
                group(&r.group),
                r.sum_sq.map(number::general).unwrap_or_default(),
                number::general(r.df),
                r.mean_sq.map(number::general).unwrap_or_default(),
                f_cell(r.statistic),
                degrees(r.df2),
                p_cell(r.p_value, lang),
                r.partial_eta_squared
                    .map(|v| number::correlation_to(v, 3, lang))
                    .unwrap_or_default(),
                said(r.note, lang),
            ]
        })
        .collect();
    let kind = rows.first().map_or(1, |r| r.kind);
    let numeral = ["I", "II", "III"].get(usize::from(kind).wrapping_sub(1)).unwrap_or(&"");
    let vcov = rows.first().map_or("classical", |r| r.vcov.as_str());
    let key = if vcov == "classical" { "table.anova" } else { "table.wald" };
    let caption = word(lang, key).replace("{type}", numeral);
    let caption = match (vcov, lang) {
        ("classical", _) => caption,
        (v, _) => caption.replace("{errors}", &errors(lang, v)),
    };
    TableBlock::new(caption, columns, cells)
}

fn comparison(rows: &[Nested], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.against", false),
        header(lang, "header.group", false),
        header(lang, "glance.statistic", true),
        header(lang, "header.df", true),
        header(lang, "header.df2", true),
        header(lang, "header.p", true),
        header(lang, "header.delta_r_squared", true),
        header(lang, "header.n", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|r| {
            vec![
                r.against.clone(),
                group(&r.group),
                f_cell(r.statistic),
                number::general(r.df),
                number::general(r.df2),
                p_cell(r.p_value, lang),
                r.delta_r_squared.map(|v| number::correlation_to(v, 3, lang)).unwrap_or_default(),
                number::count(r.n_obs),
                said(r.note, lang),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.comparison").to_owned(), columns, cells)
}

fn standardised(rows: &[Standardised], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.term", false),
        header(lang, "header.group", false),
        header(lang, "header.estimate", true),
    ];
    let cells = rows
        .iter()
        .map(|r| vec![r.term.clone(), group(&r.group), number::fixed(r.estimate, 3)])
        .collect();
    TableBlock::new(word(lang, "table.standardised").to_owned(), columns, cells)
}

fn vif(rows: &[Vif], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.term", false),
        header(lang, "header.group", false),
        header(lang, "header.df", true),
        header(lang, "header.gvif", true),
        header(lang, "header.gvif_adjusted", true),
    ];
    let cells = rows
        .iter()
        .map(|r| {
            vec![
                r.term.clone(),
                group(&r.group),
                number::general(r.df),
                number::general(r.gvif),
                number::general(r.adjusted),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.vif").to_owned(), columns, cells)
}
