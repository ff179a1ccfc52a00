//! Four panels of residual diagnostics.

use super::Worded;
use crate::findings::Findings;
use crate::number::{count, fixed, general};
use crate::phrase::plain;
use crate::sentences::diagnostics;
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::Diagnostics;

pub(super) fn words(f: Findings<'_>, d: &Diagnostics, lang: Lang) -> Worded {
    let keys = [
        "residuals.title",
        "residuals.x",
        "residuals.y",
        "quantiles.title",
        "quantiles.x",
        "quantiles.y",
        "scale.title",
        "scale.x",
        "scale.y",
        "leverage.title",
        "leverage.x",
        "leverage.y",
    ];
    let mut worded = Worded {
        title: diagnostics::title(f, lang),
        subtitle: diagnostics::subtitle(f, lang),
        method: method(d, lang),
        ..Worded::default()
    };
    let labels = &mut worded.labels;
    labels.extend(keys.map(|key| (key.to_owned(), f.axis(word(lang, key), lang))));
    labels.insert("cooks".to_owned(), word(lang, "label.cooks").to_owned());
    labels.insert("envelope".to_owned(), word(lang, "label.envelope").to_owned());
    for (i, (distance, _)) in d.cooks.iter().enumerate() {
        labels.insert(format!("cooks.{i}"), general(*distance));
    }
    if !d.influential.is_empty() {
        labels.insert("influential".to_owned(), influential(d.influential.len(), lang));
    }
    worded.alt = alt(f, d, lang);
    worded
}

/// The model, and which points are drawn where not all are.
fn method(d: &Diagnostics, lang: Lang) -> String {
    let model = match lang {
        Lang::En => "Model: the straight line.",
        Lang::Ja => "モデルは|直線回帰。",
    };
    let Some(thinned) = d.thinned else { return model.to_owned() };
    let (drawn, of) = (count(d.residuals.x.len()), count(thinned.of));
    let extreme = count(thinned.extreme);
    match lang {
        Lang::En => format!(
            "{model} Points drawn: {drawn} of {of}, the {extreme} outermost and a random sample of the rest; curves and envelope rest on all."
        ),
        Lang::Ja => format!(
            "{model}|点は|{of}人のうち|{drawn}人分（外れの大きい{extreme}人と、|残りからの|無作為標本）。|曲線と包絡線は|全員による。"
        ),
    }
}

/// The marked points, in words.
fn influential(n: usize, lang: Lang) -> String {
    match (n, lang) {
        (1, Lang::En) => "most influential".to_owned(),
        (2, Lang::En) => "two most influential".to_owned(),
        (3, Lang::En) => "three most influential".to_owned(),
        (n, Lang::En) => format!("{n} most influential"),
        (n, Lang::Ja) => format!("影響の大きい{n}人"),
    }
}

/// What the panels show, with their numbers: a reader who can't see them needs both.
fn alt(f: Findings<'_>, d: &Diagnostics, lang: Lang) -> String {
    let ends = |values: &[f64]| {
        let low = values.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let high = values.iter().copied().reduce(f64::max).unwrap_or(0.0);
        (low, high)
    };
    let one = |v: f64| fixed(v, 1);
    let (fit_low, fit_high) = ends(&d.residuals.x);
    let (low, high) = ends(&d.residuals.y);
    let (std_low, std_high) = ends(&d.quantiles.y);
    let (_, lever) = ends(&d.leverage.x);
    let (outside, of) = (outside(d), d.thinned.map_or(d.quantiles.y.len(), |thinned| thinned.of));
    let scale = d.scale_smooth.y.first().zip(d.scale_smooth.y.last());
    let facts = plain(&diagnostics::subtitle(f, lang));
    let (scale_en, scale_ja) = scale.map_or_else(Default::default, |(a, b)| {
        (
            format!("; its smooth curve goes from {} to {}", fixed(*a, 2), fixed(*b, 2)),
            format!("、平滑化曲線は {} から {} へ", fixed(*a, 2), fixed(*b, 2)),
        )
    });
    match lang {
        Lang::En => format!(
            "Four panels. Residuals from {} to {} points against fitted values from {} to {}, with a smooth curve. Standardised residuals from {} to {} against normal quantiles, {} of {} points outside the simulated envelope. Root of the absolute standardised residuals against fitted values{scale_en}. Standardised residuals against leverage up to {}. {facts}.",
            one(low),
            one(high),
            one(fit_low),
            one(fit_high),
            one(std_low),
            one(std_high),
            count(outside),
            count(of),
            fixed(lever, 3),
        ),
        Lang::Ja => format!(
            "4つの図。1枚目は予測値（{}～{}）に対する残差（{}～{}点）と平滑化曲線。2枚目は正規分布の分位点に対する標準化残差（{}～{}）で、{}個の点のうち{}個がシミュレーションによる包絡線の外。3枚目は予測値に対する標準化残差の絶対値の平方根{scale_ja}。4枚目はてこ比（最大 {}）に対する標準化残差。{facts}。",
            one(fit_low),
            one(fit_high),
            one(low),
            one(high),
            one(std_low),
            one(std_high),
            count(of),
            count(outside),
            fixed(lever, 3),
        ),
    }
}

/// How many points of the quantile plot lie outside its envelope.
fn outside(d: &Diagnostics) -> usize {
    if let Some(thinned) = d.thinned {
        return thinned.outside;
    }
    let (low, high) = (&d.quantiles_envelope.low, &d.quantiles_envelope.high);
    d.quantiles.y.iter().zip(low.iter().zip(high)).filter(|(y, (l, h))| y < l || y > h).count()
}
