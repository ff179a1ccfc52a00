//! All tables of a single command, in one order for the terminal and Markdown.

use crate::blocks::TableBlock;
use crate::tables::{self, First, Naming};
use crate::terms::{errors, named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results};

/// The tables of all estimates, for the commands that print them.
pub(crate) fn estimate_tables(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let mut out = Vec::new();
    out.extend(tables::description(results, lang, Naming::Literal));
    if results.study.is_none() && !results.missing.is_empty() {
        out.push(tables::missing(results, lang, Naming::Literal));
        out.extend(tables::patterns(results, lang));
    }
    let correlated: Vec<&Estimate> =
        results.estimates.iter().filter(|e| e.analysis == Analysis::Correlation).collect();
    if !correlated.is_empty() {
        let caption = word(lang, "table.correlations").to_owned();
        let none = |_| None;
        let (first, naming) = (First::Pair, Naming::Literal);
        out.push(tables::correlations(&correlated, &none, first, caption, lang, naming));
    }
    out.extend(tables::inferences(results, lang));
    out.extend(tables::comparisons(results, lang));
    out.extend(tables::rates(results, lang));
    out.extend(tables::agreement(results, lang));
    out.extend(tables::reliability(results, lang, Naming::Literal));
    out.extend(tables::necessity(results, lang));
    out.extend(tables::scored(results, lang));
    let mut fits: Vec<(Vec<&Estimate>, String)> = Vec::new();
    for e in results.estimates.iter().filter(|e| e.analysis == Analysis::Regression) {
        let same = |rows: &Vec<&Estimate>| {
            rows.first().is_some_and(|r| r.model == e.model && r.vcov == e.vcov)
        };
        match fits.iter_mut().find(|(rows, _)| same(rows)) {
            Some((rows, _)) => rows.push(e),
            None => fits.push((vec![e], fit_name(e, lang))),
        }
    }
    out.extend(
        fits.into_iter()
            .map(|(rows, name)| tables::coefficients(&rows, name, lang, Naming::Literal)),
    );
    out.extend(tables::model_details(results, lang));
    out.extend(tables::fit_details(results, lang));
    out
}

/// `ssi_total ~ score_total (Least squares, HC3)`.
fn fit_name(e: &Estimate, lang: Lang) -> String {
    let formula = e.formula.as_deref().or(e.model.as_deref()).unwrap_or_default();
    let method = crate::phrase::plain(&named(lang, "method", &e.method));
    let vcov = e.vcov.as_deref().map(|v| crate::phrase::plain(&errors(lang, v)));
    match (lang, vcov) {
        (Lang::En, Some(v)) => format!("{formula} ({method}; standard errors: {v})"),
        (Lang::En, None) => format!("{formula} ({method})"),
        (Lang::Ja, Some(v)) => format!("{formula}（{method}、標準誤差：{v}）"),
        (Lang::Ja, None) => format!("{formula}（{method}）"),
    }
}
