//! The claims with their verdicts, and every number behind them.

use super::{header, note, p_cell};
use crate::blocks::TableBlock;
use crate::findings::Findings;
use crate::number::{self, UNDEFINED};
use crate::sentences::claims;
use crate::terms::{known, named, word};
use ssi_vocab::{Claim, Estimate, Lang};

/// A row a claim.
pub(crate) fn claims(f: Findings<'_>, all: &[&Claim], lang: Lang) -> TableBlock {
    let level = f.level();
    let columns = vec![
        header(lang, "header.claim", false),
        header(lang, "header.verdict", false),
        header(lang, "header.estimated", false),
        (word(lang, "header.estimate_interval").replace("{level}", &level), true),
        header(lang, "header.n", true),
        header(lang, "header.why", false),
    ];
    let cells = all
        .iter()
        .map(|claim| {
            let first = claims::judged(f, claim);
            vec![
                claims::name(f, claim, lang),
                named(lang, "verdict", claim.verdict.code()),
                known(lang, &format!("estimated.{}", claim.id)).unwrap_or(UNDEFINED).to_owned(),
                first.map_or_else(|| UNDEFINED.to_owned(), |e| claims::estimate(e, lang)),
                first.filter(|e| e.n_obs > 0).map(|e| number::count(e.n_obs)).unwrap_or_default(),
                claims::why(f, claim, lang),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.claims").to_owned(), columns, cells)
}

/// A row an estimate that a claim rests on.
pub(crate) fn evidence(f: Findings<'_>, all: &[&Claim], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.claim", false),
        header(lang, "header.of_whom", false),
        header(lang, "header.what", false),
        header(lang, "header.method", false),
        header(lang, "header.estimate", true),
        header(lang, "header.range", true),
        header(lang, "header.interval_method", false),
        header(lang, "header.p", true),
        header(lang, "header.p_method", false),
        header(lang, "header.p_holm", true),
        header(lang, "header.p_bh", true),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    let row = |claim: &Claim, e: &Estimate| {
        let test = e.test.as_ref();
        let text = |value: f64| claims::figure(e, value, lang);
        let range = e.interval.as_ref().map(|i| {
            let ends = number::range(&text(i.low), &text(i.high));
            format!("{ends} ({})", number::level(i.level.get()))
        });
        vec![
            claim.id.clone(),
            e.group.clone().or_else(|| e.x.clone()).unwrap_or_default(),
            what(e),
            method(e, lang),
            e.value.map(text).unwrap_or_default(),
            range.unwrap_or_default(),
            e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default(),
            p_cell(test.map(|t| t.p_value.get()), lang),
            e.p_method().map(|m| named(lang, "test", m)).unwrap_or_default(),
            p_cell(test.and_then(|t| t.p_holm).map(|p| p.get()), lang),
            p_cell(test.and_then(|t| t.p_bh).map(|p| p.get()), lang),
            number::count(e.n_obs),
            number::count(e.n_excluded),
            note(e, lang),
        ]
    };
    let cells = all
        .iter()
        .flat_map(|claim| f.evidence(claim).map(|e| row(claim, e)).collect::<Vec<_>>())
        .collect();
    TableBlock::new(word(lang, "table.evidence").to_owned(), columns, cells)
}

/// The outcome, or the term, with what is held constant.
fn what(e: &Estimate) -> String {
    let what = e.y.clone().unwrap_or_else(|| e.term.clone());
    if e.controls.is_empty() { what } else { format!("{what} | {}", e.controls.join(", ")) }
}

/// What kind of number it is, and by which method.
fn method(e: &Estimate, lang: Lang) -> String {
    use ssi_vocab::Analysis as A;
    match e.analysis {
        A::Rate if e.method == "active_share" => named(lang, "measure", &e.method),
        A::Rate | A::RateDifference | A::RateTest => named(lang, "analysis", e.analysis.code()),
        A::RiskRatio if e.method == "composition" => named(lang, "measure", &e.method),
        A::RiskRatio => named(lang, "analysis", e.analysis.code()),
        A::Regression if claims::is_added(e) => named(lang, "measure", "delta_r_squared"),
        A::Regression if e.term == claims::GAIN => named(lang, "measure", "change"),
        A::Regression => named(lang, "measure", "change_by_the_hour"),
        A::Description => named(lang, "statistic", &e.method),
        _ => named(lang, "method", &e.method),
    }
}
