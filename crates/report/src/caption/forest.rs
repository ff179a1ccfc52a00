//! The coefficients of the model with contacts and region, or of the score alone.

use super::{Worded, filled};
use crate::findings::Findings;
use crate::number::{self, count, fixed, range};
use crate::phrase::plain;
use crate::sentences::{interval_kind, regression};
use crate::terms::{named, variable, word};
use ssi_vocab::Lang;
use ssi_vocab::drawing::{Forest, ForestEstimate};

pub(super) fn words(f: Findings<'_>, d: &Forest, lang: Lang) -> Worded {
    let mut worded = Worded {
        title: regression::coefficients_title(f, lang),
        subtitle: subtitle(f, lang),
        x: f.axis(word(lang, "axis.coefficient"), lang),
        method: method(d, lang).to_owned(),
        alt: alt(f, d, lang),
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    labels.insert("number".to_owned(), filled(word(lang, "label.number"), "{level}", &f.level()));
    for series in &d.series {
        labels.insert(format!("series.{series}"), named(lang, "series", series));
    }
    for row in &d.rows {
        labels.insert(format!("term.{}", row.term), f.term(Some(f.shown_model()), &row.term, lang));
        for e in &row.estimates {
            labels.insert(format!("number.{}.{}", row.term, e.series), cell(e));
        }
    }
    worded
}

fn method(d: &Forest, lang: Lang) -> &'static str {
    let drawn = |name: &str| {
        let series = d.series.iter().position(|s| s == name);
        d.rows.iter().any(|row| row.estimates.iter().any(|e| Some(e.series) == series))
    };
    match (drawn("classical"), drawn("hc3"), lang) {
        (true, true, Lang::En) => {
            "Least squares; intervals from classical and from HC3 standard errors."
        }
        (true, true, Lang::Ja) => {
            "最小二乗法。|信頼区間は|通常の標準誤差と|頑健標準誤差（HC3）による。"
        }
        (false, true, Lang::En) => "Least squares; intervals from HC3 standard errors.",
        (false, true, Lang::Ja) => "最小二乗法。|信頼区間は|頑健標準誤差（HC3）による。",
        (_, false, Lang::En) => "Least squares; intervals from classical standard errors.",
        (_, false, Lang::Ja) => "最小二乗法。|信頼区間は|通常の標準誤差による。",
    }
}

fn cell(e: &ForestEstimate) -> String {
    format!("{} {}", fixed(e.value, 1), range(&fixed(e.low, 1), &fixed(e.high, 1)))
}

fn subtitle(f: Findings<'_>, lang: Lang) -> String {
    let id = f.shown_model();
    let Some(model) = f.model(id) else { return String::new() };
    let n = count(model.glance.n_obs);
    // The score alone needs no name, and its share of the variance stands elsewhere.
    let alone = id == "main";
    let x = if alone { String::new() } else { variable(lang, f.pair().0) + " " };
    let r2 = model.glance.r_squared.filter(|_| !alone).map(|r2| number::correlation(r2, lang));
    let Some((slope, b)) = f.slope(id).and_then(|e| Some((e, regression::number_cell(e)?))) else {
        return format!("n = {n}");
    };
    let kind = if slope.interval.is_some() { interval_kind(f, slope, lang) } else { String::new() };
    match (lang, r2) {
        (Lang::En, Some(r2)) => format!("{x}{b} {kind}, R² = {r2}, n = {n}"),
        (Lang::En, None) => format!("{x}{b} {kind}, n = {n}"),
        (Lang::Ja, Some(r2)) => format!("{x}{b}|{kind}、|決定係数 R² = {r2}、|n = {n}"),
        (Lang::Ja, None) => format!("{x}{b}|{kind}、|n = {n}"),
    }
}

fn alt(f: Findings<'_>, d: &Forest, lang: Lang) -> String {
    // The robust errors are the ones to read; one number a term is enough to hear.
    let robust = d.series.iter().position(|name| name == "hc3");
    let each: Vec<String> = d
        .rows
        .iter()
        .filter_map(|row| {
            let of_robust = row.estimates.iter().find(|e| Some(e.series) == robust);
            let e = of_robust.or(row.estimates.last())?;
            let name = plain(&f.term(Some(f.shown_model()), &row.term, lang));
            let cell = cell(e);
            Some(match (Some(e.series) == robust, lang) {
                (true, Lang::En) => format!("{name}: {cell}"),
                (true, Lang::Ja) => format!("{name}：{cell}"),
                (false, Lang::En) => format!("{name}: {cell} (classical errors)"),
                (false, Lang::Ja) => format!("{name}：{cell}（通常の標準誤差）"),
            })
        })
        .collect();
    let level = f.level();
    match (robust.is_some(), lang) {
        (true, Lang::En) => format!(
            "Coefficients with {level} intervals by HC3 and by classical errors, beside a line at 0. {}.",
            each.join("; ")
        ),
        (false, Lang::En) => {
            format!("Coefficients with {level} intervals, beside a line at 0. {}.", each.join("; "))
        }
        (true, Lang::Ja) => format!(
            "回帰係数と{level}信頼区間（頑健標準誤差 HC3 と通常の標準誤差）を、0 の線とともに示した図。{}。",
            each.join("、")
        ),
        (false, Lang::Ja) => {
            format!("回帰係数と{level}信頼区間を、0 の線とともに示した図。{}。", each.join("、"))
        }
    }
}
