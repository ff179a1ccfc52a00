//! The score's effect under every model.

use super::{Worded, filled};
use crate::findings::Findings;
use crate::number::{fixed, range};
use crate::phrase::plain;
use crate::sentences::views;
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::{Forest, ForestEstimate};

pub(super) fn words(f: Findings<'_>, d: &Forest, lang: Lang) -> Worded {
    let mut worded = Worded {
        title: views::title(f, lang),
        subtitle: views::range(f, lang),
        x: f.axis(word(lang, "axis.effect"), lang),
        method: word(lang, "views.method").to_owned(),
        alt: alt(f, d, lang),
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    labels.insert("number".to_owned(), filled(word(lang, "label.number"), "{level}", &f.level()));
    for row in &d.rows {
        labels.insert(format!("term.{}", row.term), views::name(f, &row.term, lang));
        for e in &row.estimates {
            labels.insert(format!("number.{}.{}", row.term, e.series), cell(e));
        }
    }
    worded
}

fn cell(e: &ForestEstimate) -> String {
    format!("{} {}", fixed(e.value, 1), range(&fixed(e.low, 1), &fixed(e.high, 1)))
}

fn alt(f: Findings<'_>, d: &Forest, lang: Lang) -> String {
    let each: Vec<String> = d
        .rows
        .iter()
        .filter_map(|row| {
            let (name, e) = (plain(&views::name(f, &row.term, lang)), row.estimates.first()?);
            Some(match lang {
                Lang::En => format!("{name}: {}", cell(e)),
                Lang::Ja => format!("{name}：{}", cell(e)),
            })
        })
        .collect();
    let level = f.level();
    match lang {
        Lang::En => format!(
            "The score's effect by each model with its {level} interval, beside a line at 0. {}.",
            each.join("; ")
        ),
        Lang::Ja => format!(
            "モデルごとの得点の効果と{level}信頼区間を、0 の線とともに示した図。{}。",
            each.join("、")
        ),
    }
}
