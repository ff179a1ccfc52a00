//! Score and SSI with curves that assume less and less of their shape.

use super::{Worded, filled};
use crate::findings::{Findings, SSI};
use crate::phrase::spaced;
use crate::sentences::shape;
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::Shape;
use std::collections::BTreeMap;

pub(super) fn words(f: Findings<'_>, d: &Shape, lang: Lang) -> Worded {
    let label = |key: &'static str| word(lang, key).to_owned();
    let labels = BTreeMap::from([
        ("straight".to_owned(), label("label.straight")),
        ("spline".to_owned(), label("label.spline")),
        ("band".to_owned(), filled(word(lang, "label.confidence"), "{level}", &f.level())),
        ("steps".to_owned(), label("label.isotonic")),
        ("smooth".to_owned(), label("label.loess")),
        ("count".to_owned(), label("label.count")),
    ]);
    let (x, y) = (f.x(lang), f.y(lang));
    let what = match lang {
        Lang::En => format!(
            "{y} (vertical) against {x} (horizontal) with a straight line, a natural spline and its band, steps that never turn, and a LOESS curve."
        ),
        Lang::Ja => spaced(&format!(
            "横軸に{x}、縦軸に{y}をとり、直線、自然スプラインとその信頼帯、単調な階段状の当てはめ、LOESS 曲線を重ねた図。"
        )),
    };
    let tests = shape::tests(f, lang);
    let alt = match lang {
        Lang::En => format!("{what} {}. {tests}.", shape::title(f, lang)),
        Lang::Ja => format!("{what}{}。{tests}。", shape::title(f, lang)),
    };
    Worded {
        title: shape::title(f, lang),
        subtitle: tests,
        x: super::axis(f.pair().0, lang),
        y: super::axis(f.pair().1, lang),
        method: method(f, d, lang),
        alt,
        labels,
    }
}

/// How the curves were made.
fn method(f: Findings<'_>, d: &Shape, lang: Lang) -> String {
    let df = f.check("spline", "nonlinearity_hc3").or(f.check("spline", "nonlinearity"));
    let df = df.and_then(|check| check.df).map(|bent| bent as u32 + 1);
    let mut out = vec![match (df, lang) {
        (Some(df), Lang::En) => format!("Spline: natural cubic, {df} degrees of freedom."),
        (None, Lang::En) => "Spline: natural cubic.".to_owned(),
        (Some(df), Lang::Ja) => format!("曲線は|自然3次スプライン|（自由度 {df}）。"),
        (None, Lang::Ja) => "曲線は|自然3次スプライン。".to_owned(),
    }];
    out.push(
        match (d.band_method.as_str(), lang) {
            ("hc3", Lang::En) => "Band: HC3.",
            ("hc3", Lang::Ja) => "信頼帯は |HC3。",
            (_, Lang::En) => "Band assumes equal spread.",
            (_, Lang::Ja) => "信頼帯は|ばらつきが等しいと仮定。",
        }
        .to_owned(),
    );
    out.push(
        match lang {
            Lang::En => "Steps: isotonic regression, which never turns.",
            Lang::Ja => "階段は|向きの変わらない|当てはめ（単調回帰）。",
        }
        .to_owned(),
    );
    if d.smooth.is_some() {
        out.push(
            match lang {
                Lang::En => "LOESS is for display and enters no test.",
                Lang::Ja => "LOESS 曲線は|表示用で、|検定には用いない。",
            }
            .to_owned(),
        );
    }
    let edge = |v: &f64| *v <= d.y_axis.min || *v >= d.y_axis.max;
    if f.pair().1 == SSI && d.band.low.iter().chain(&d.band.high).any(edge) {
        out.push(
            match lang {
                Lang::En => "The band is cut at 0 and 100.",
                Lang::Ja => "信頼帯は |0 と 100 で打ち切り。",
            }
            .to_owned(),
        );
    }
    out.join(match lang {
        Lang::En => " ",
        Lang::Ja => "|",
    })
}
