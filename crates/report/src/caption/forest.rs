//! The coefficients of the model with contacts and region.

use super::{Worded, filled};
use crate::findings::Findings;
use crate::number::{self, count, fixed, range};
use crate::phrase::plain;
use crate::sentences::regression;
use crate::terms::{named, term, variable, word};
use ssi_vocab::Lang;
use ssi_vocab::drawing::{Forest, ForestEstimate};

pub(super) fn words(f: Findings<'_>, d: &Forest, lang: Lang) -> Worded {
    let mut worded = Worded {
        title: regression::contacts_title(f, lang),
        subtitle: subtitle(f, lang),
        x: f.axis(word(lang, "axis.coefficient"), lang),
        method: match lang {
            Lang::En => "Least squares; intervals from classical and from HC3 standard errors.",
            Lang::Ja => "最小二乗法。|信頼区間は|通常の標準誤差と|頑健標準誤差（HC3）による。",
        },
        alt: alt(d, lang),
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    labels.insert("number".to_owned(), filled(word(lang, "label.number"), "{level}", &f.level()));
    for series in &d.series {
        labels.insert(format!("series.{series}"), named(lang, "series", series));
    }
    for row in &d.rows {
        labels.insert(format!("term.{}", row.term), term(lang, &row.term));
        for e in &row.estimates {
            labels.insert(format!("number.{}.{}", row.term, e.series), cell(e));
        }
    }
    worded
}

fn cell(e: &ForestEstimate) -> String {
    format!("{} {}", fixed(e.value, 1), range(&fixed(e.low, 1), &fixed(e.high, 1)))
}

fn subtitle(f: Findings<'_>, lang: Lang) -> String {
    let Some(model) = f.model("contacts") else { return String::new() };
    let n = count(model.glance.n_obs);
    let (x, level) = (variable(lang, f.pair().0), f.level());
    let score = f.slope("contacts").and_then(regression::number_cell);
    let r2 = model.glance.r_squared.map(|r2| number::correlation(r2, lang));
    match (lang, score, r2) {
        (Lang::En, Some(b), Some(r2)) => {
            format!("{x} {b} ({level} CI, HC3), R² = {r2}, n = {n}")
        }
        (Lang::Ja, Some(b), Some(r2)) => {
            format!("{x} {b}|（{level}信頼区間、HC3）、|決定係数 R² = {r2}、|n = {n}")
        }
        (_, _, _) => format!("n = {n}"),
    }
}

fn alt(d: &Forest, lang: Lang) -> String {
    // The last series is the one to read (robust errors); one number a term is enough to hear.
    let each: Vec<String> = d
        .rows
        .iter()
        .filter_map(|row| {
            let (name, cell) = (plain(&term(lang, &row.term)), cell(row.estimates.last()?));
            Some(match lang {
                Lang::En => format!("{name}: {cell}"),
                Lang::Ja => format!("{name}：{cell}"),
            })
        })
        .collect();
    match lang {
        Lang::En => {
            format!("Coefficients with their intervals, beside a line at 0. {}.", each.join("; "))
        }
        Lang::Ja => {
            format!("回帰係数と信頼区間を、0 の線とともに示した図。{}。", each.join("、"))
        }
    }
}
