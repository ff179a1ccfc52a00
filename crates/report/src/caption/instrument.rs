//! The figures of the instrument and its raters.

use super::{Worded, axis};
use crate::findings::Findings;
use crate::number::{self, count};
use crate::terms::{variable, word};
use ssi_vocab::Lang;
use ssi_vocab::drawing::{BlandAltman, ItemCurve, ItemCurves, Limit};

pub(super) fn item_curves(f: Findings<'_>, d: &ItemCurves, lang: Lang) -> Worded {
    let groups: Vec<_> = d.items.iter().flat_map(|item| &item.groups).collect();
    let missed = groups.iter().filter(|g| !(g.low..=g.high).contains(&g.expected)).count();
    let falling = d.items.iter().filter(|item| item.discrimination <= 0.0).count();
    let level = f.results.study.as_ref().map_or(0.95, |study| study.level);
    let title = match (falling, missed as f64 <= (1.0 - level) * groups.len() as f64) {
        (0, true) => "item_curves.title.agree",
        (0, false) => "item_curves.title.missed",
        _ => "item_curves.title.falling",
    };
    let by = |a: &&ItemCurve, b: &&ItemCurve| a.discrimination.total_cmp(&b.discrimination);
    let end = |item: Option<&ItemCurve>| {
        let (a, name) = item.map_or((0.0, ""), |item| (item.discrimination, item.item.as_str()));
        (number::fixed(a, 1), variable(lang, name))
    };
    let (least, dull) = end(d.items.iter().min_by(by));
    let (most, sharp) = end(d.items.iter().max_by(by));
    let put = |key: &'static str| {
        word(lang, key)
            .replace("{missed}", &count(missed))
            .replace("{groups}", &count(groups.len()))
            .replace("{falling}", &count(falling))
            .replace("{items}", &count(d.items.len()))
            .replace("{least}", &least)
            .replace("{dull}", &dull)
            .replace("{most}", &most)
            .replace("{sharp}", &sharp)
            .replace("{n}", &count(d.n_obs))
            .replace("{level}", &f.level())
    };
    let mut worded = Worded {
        title: put(title),
        subtitle: put("item_curves.subtitle"),
        x: put("axis.place"),
        y: put("axis.answer"),
        method: put("item_curves.method"),
        alt: put("item_curves.alt"),
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    labels.insert("curve".to_owned(), put("label.item_curve"));
    if !groups.is_empty() {
        labels.insert("groups".to_owned(), put("label.answer_groups"));
    }
    for item in &d.items {
        let (name, a) = (&item.item, number::fixed(item.discrimination, 2));
        labels.insert(format!("item.{name}"), variable(lang, name));
        labels.insert(format!("slope.{name}"), word(lang, "label.slope").replace("{a}", &a));
    }
    worded
}

pub(super) fn bland_altman(f: Findings<'_>, d: &BlandAltman, lang: Lang) -> Worded {
    let two = |v: f64| number::fixed(v, 2);
    let range = |limit: Limit| number::range(&two(limit.low), &two(limit.high));
    let far = d.lower.value.abs().max(d.upper.value.abs());
    let title = match (d.bias.low, d.bias.high) {
        _ if d.lower.value == d.upper.value => "bland_altman.title.same",
        (low, _) if low > 0.0 => "bland_altman.title.higher",
        (_, high) if high < 0.0 => "bland_altman.title.lower",
        _ => "bland_altman.title.level",
    };
    let put = |key: &'static str| {
        word(lang, key)
            .replace("{far}", &number::fixed(far, 1))
            .replace("{size}", &two(d.bias.value.abs()))
            .replace("{bias}", &two(d.bias.value))
            .replace("{bias_interval}", &range(d.bias))
            .replace("{lower}", &two(d.lower.value))
            .replace("{lower_interval}", &range(d.lower))
            .replace("{upper}", &two(d.upper.value))
            .replace("{upper_interval}", &range(d.upper))
            .replace("{pairs}", &count(d.pairs))
            .replace("{n}", &count(d.points.x.len()))
            .replace("{score}", &axis("score_total", lang))
            .replace("{level}", &f.level())
    };
    let method = match d.pairs {
        1 => "bland_altman.method",
        _ => "bland_altman.method.pairs",
    };
    let mut worded = Worded {
        title: put(title),
        subtitle: put("bland_altman.subtitle"),
        x: put("axis.rating_mean"),
        y: put("axis.rating_difference"),
        method: put(method),
        alt: put("bland_altman.alt"),
        ..Worded::default()
    };
    for (key, term) in [
        ("users", "label.two_ratings"),
        ("bias", "label.bias"),
        ("limits", "label.limits"),
        ("intervals", "label.limit_intervals"),
        ("line.bias", "label.line_bias"),
        ("line.lower", "label.line_lower"),
        ("line.upper", "label.line_upper"),
    ] {
        worded.labels.insert(key.to_owned(), put(term));
    }
    worded
}
