//! Score and SSI, a point a user.

use super::{Worded, filled};
use crate::findings::{Direction, Findings, SSI, direction};
use crate::number;
use crate::phrase::{breaks, spaced};
use crate::sentences::{answer, facts};
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::Scatter;
use std::collections::BTreeMap;

/// Above this many users the figure shows hexagons, not points.
const MANY: usize = 2_000;

pub(super) fn words(f: Findings<'_>, d: &Scatter, lang: Lang) -> Worded {
    let primary = f.primary();
    let level = f.level();
    let mut labels: BTreeMap<String, String> = BTreeMap::from([
        ("fit".to_owned(), breaks(&fit(f, lang))),
        ("confidence".to_owned(), filled(word(lang, "label.confidence"), "{level}", &level)),
        ("prediction".to_owned(), filled(word(lang, "label.prediction"), "{level}", &level)),
    ]);
    labels.insert("smooth".to_owned(), word(lang, "label.smooth").to_owned());
    labels.insert("count".to_owned(), word(lang, "label.count").to_owned());
    let title = title(f, lang);
    let (x, y) = (f.x(lang), f.y(lang));
    let what = match lang {
        Lang::En => format!(
            "Scatter plot of {y} (vertical) against {x} (horizontal), with a straight fit, its bands and the two distributions."
        ),
        Lang::Ja => spaced(&format!(
            "横軸に{x}、縦軸に{y}をとった散布図。回帰直線とその信頼帯・予測帯、両変数の分布を示す。"
        )),
    };
    let alt = match lang {
        Lang::En => format!("{what} {}", answer::whole(f, lang)),
        Lang::Ja => format!("{what}{}", answer::whole(f, lang)),
    };
    Worded {
        title,
        subtitle: primary.map(|e| facts(e, lang)).unwrap_or_default(),
        x: super::axis(f.pair().0, lang),
        y: super::axis(f.pair().1, lang),
        method: method(f, d, lang),
        alt,
        labels,
    }
}

/// How the line, the bands, the curve and the points were drawn.
fn method(f: Findings<'_>, d: &Scatter, lang: Lang) -> String {
    let mut out = vec![match lang {
        Lang::En => "Line: least squares.",
        Lang::Ja => "直線は|最小二乗法による|回帰直線。",
    }];
    if d.smooth.is_some() {
        out.push(match lang {
            Lang::En => "Smooth: loess.",
            Lang::Ja => "平滑化曲線は |loess。",
        });
    }
    let edge = |v: &f64| *v <= d.y_axis.min || *v >= d.y_axis.max;
    let cut = [&d.confidence, &d.prediction]
        .into_iter()
        .any(|band| band.low.iter().chain(&band.high).any(edge));
    let adjusted = d.confidence_method == "hc3_bm";
    let robust =
        (adjusted || d.confidence_method == "hc3", d.prediction_method == "scaled_jackknife");
    out.push(match (robust, lang) {
        ((true, true), Lang::En) if adjusted => {
            "Bands follow the spread: HC3 (Bell–McCaffrey); scaled jackknife."
        }
        ((true, true), Lang::Ja) if adjusted => {
            "信頼帯は |HC3（Bell–McCaffrey）、|予測帯は|ばらつきに応じた|ジャックナイフ法。"
        }
        ((true, true), Lang::En) => "Bands follow the spread: HC3; scaled jackknife.",
        ((true, true), Lang::Ja) => "信頼帯は |HC3、|予測帯は|ばらつきに応じた|ジャックナイフ法。",
        ((true, false), Lang::En) => "Confidence band: HC3; prediction band: equal spread assumed.",
        ((true, false), Lang::Ja) => "信頼帯は |HC3、|予測帯は|ばらつきが等しいと仮定。",
        (_, Lang::En) => "Bands assume equal spread.",
        (_, Lang::Ja) => "帯は|ばらつきが等しいと仮定。",
    });
    if cut && f.pair().1 == SSI {
        out.push(match lang {
            Lang::En => "Bands are cut at 0 and 100.",
            Lang::Ja => "帯は |0 と 100 で打ち切り。",
        });
    }
    out.push(match (d.points.x.len() > MANY, lang) {
        (true, Lang::En) => "Darker tiles hold more users.",
        (true, Lang::Ja) => "色が濃いほど|人数が多い。",
        (false, Lang::En) => {
            "Points are moved slightly sideways so that they don't hide one another."
        }
        (false, Lang::Ja) => "点は|重なりを避けるため|横方向に少しずらして表示。",
    });
    out.join(match lang {
        Lang::En => " ",
        Lang::Ja => "|",
    })
}

fn title(f: Findings<'_>, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    let text = match (f.primary().map(direction), lang) {
        (Some(Direction::Up), Lang::En) if f.is_score_and_ssi() => {
            "Higher profile scores go with higher SSI".to_owned()
        }
        (Some(Direction::Down), Lang::En) if f.is_score_and_ssi() => {
            "Higher profile scores go with lower SSI".to_owned()
        }
        (Some(Direction::Up), Lang::En) => format!("A higher {x} goes with a higher {y}"),
        (Some(Direction::Up), Lang::Ja) => format!("{x}が|高いユーザーほど、|{y}も高い"),
        (Some(Direction::Down), Lang::En) => format!("A higher {x} goes with a lower {y}"),
        (Some(Direction::Down), Lang::Ja) => format!("{x}が|高いユーザーほど、|{y}は低い"),
        (Some(Direction::Open), Lang::En) => format!("No clear association between {x} and {y}"),
        (Some(Direction::Open), Lang::Ja) => {
            format!("{x}と|{y}に|はっきりした関連は|みられない")
        }
        (_, Lang::En) if f.is_score_and_ssi() => "Does the profile score go with SSI?".to_owned(),
        (_, Lang::En) => format!("Does {x} go with {y}?"),
        (_, Lang::Ja) => format!("{x}は|{y}と|関連するか"),
    };
    match lang {
        Lang::En => text,
        Lang::Ja => breaks(&spaced(&text)),
    }
}

/// The line, with its slope in words.
fn fit(f: Findings<'_>, lang: Lang) -> String {
    let slope = f.slope("main").filter(|_| f.is_score_and_ssi());
    let slope = slope.and_then(|e| e.value).map(|b| number::signed(b, 1));
    match (slope, lang) {
        (Some(b), Lang::En) => format!("One profile point more: {b} SSI points"),
        (Some(b), Lang::Ja) => format!("得点1点あたり |SSI {b}点"),
        (None, Lang::En) => "Straight fit".to_owned(),
        (None, Lang::Ja) => "回帰直線".to_owned(),
    }
}
