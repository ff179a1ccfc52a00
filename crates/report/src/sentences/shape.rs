//! Whether the relation is a straight line.

use crate::findings::Findings;
use crate::number;
use crate::phrase::{breaks, spaced};
use ssi_vocab::{Check, Lang};

/// The two tests of curvature: classical, and robust to unequal spread.
fn checks(f: Findings<'_>) -> [Option<&Check>; 2] {
    let tested = |name: &str| f.check("spline", name).filter(|check| check.p_value.is_some());
    [tested("nonlinearity"), tested("nonlinearity_hc3")]
}

/// The test to read: the robust one where there is one.
fn read(f: Findings<'_>) -> Option<&Check> {
    let [classical, robust] = checks(f);
    robust.or(classical)
}

fn clear(check: &Check) -> bool {
    check.p_value.is_some_and(|p| p < 0.05)
}

/// The finding, as a title.
pub(crate) fn title(f: Findings<'_>, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    let text = match (read(f).map(clear), lang) {
        (Some(true), Lang::En) => format!("{y} does not follow the {x} in a straight line"),
        (Some(true), Lang::Ja) => format!("{x}と|{y}の関係は|直線では|表しきれない"),
        (Some(false), Lang::En) => {
            format!("No clear sign that {y} bends away from a straight line")
        }
        (Some(false), Lang::Ja) => {
            format!("{x}と|{y}の関係が|曲線であるという|はっきりした兆候は|みられない")
        }
        (None, Lang::En) => format!("Does {y} follow the {x} in a straight line?"),
        (None, Lang::Ja) => format!("{x}と|{y}の関係は|直線か"),
    };
    match lang {
        Lang::En => breaks(&text),
        Lang::Ja => breaks(&spaced(&text)),
    }
}

/// Both tests with the number of users; `|` in Japanese marks where a line may break.
pub(crate) fn tests(f: Findings<'_>, lang: Lang) -> String {
    let facts = |check: &Check| {
        let part = |v: Option<f64>| v.map(number::general).unwrap_or_default();
        let (value, p) = (check.value.unwrap_or_default(), check.p_value.unwrap_or(1.0));
        let (df, df2) = (part(check.df), part(check.df2));
        format!("F({df}, {df2}) = {}, {}", number::fixed(value, 2), number::p(p, lang))
    };
    let [classical, robust] = checks(f);
    let n = f.model("spline").map(|model| number::count(model.glance.n_obs));
    let mut parts = Vec::new();
    match lang {
        Lang::En => {
            parts.extend(
                classical.map(|c| format!("Curve against line, equal spread: {}", facts(c))),
            );
            parts.extend(robust.map(|c| format!("any spread (HC3): {}", facts(c))));
            parts.extend(n.map(|n| format!("n = {n}")));
            parts.join("; ")
        }
        Lang::Ja => {
            parts.extend(
                classical.map(|c| format!("曲線と直線の比較：|等分散を仮定すると {}", facts(c))),
            );
            parts.extend(robust.map(|c| format!("仮定しなければ（HC3）{}", facts(c))));
            parts.extend(n.map(|n| format!("n = {n}")));
            parts.join("、|")
        }
    }
}

/// What the figure shows, and how the two p-values differ.
pub(crate) fn explained(f: Findings<'_>, lang: Lang) -> Vec<String> {
    let mut out = vec![
        match lang {
            Lang::En => {
                "The figure lays curves that assume less and less over one another: a straight line, a smooth curve, steps that only may not turn back, and a curve that follows its neighbourhood. Where they run together, the straight line says what there is to say."
            }
            Lang::Ja => {
                "この図は、仮定の異なる当てはめを重ねたものです。直線、なめらかな曲線（自然スプライン）、向きが変わらないことだけを仮定した階段、近くの値だけから求めた曲線の順に、仮定が緩くなります。すべてがほぼ重なるなら、直線で十分です。"
            }
        }
        .to_owned(),
    ];
    let [Some(classical), Some(robust)] = checks(f) else { return out };
    let p = |check: &Check| number::p(check.p_value.unwrap_or(1.0), lang);
    let (a, b) = (p(classical), p(robust));
    out.push(match (clear(classical) == clear(robust), lang) {
        (true, Lang::En) => format!(
            "The test of the curve against the line gives {a} where the spread is taken to be equal, and {b} where it may differ (HC3): the conclusion is the same."
        ),
        (true, Lang::Ja) => format!(
            "曲線と直線を比較する検定は、ばらつきが等しいと仮定すると {a}、等しくなくてもよい方法（HC3）では {b} で、結論は変わりません。"
        ),
        (false, Lang::En) => format!(
            "The test of the curve against the line gives {a} where the spread is taken to be equal, but {b} where it may differ (HC3). The conclusion depends on that assumption; read the second."
        ),
        (false, Lang::Ja) => format!(
            "曲線と直線を比較する検定は、ばらつきが等しいと仮定すると {a} ですが、等しくなくてもよい方法（HC3）では {b} となり、結論が異なります。後者を参照してください。"
        ),
    });
    out
}
