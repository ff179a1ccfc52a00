//! Whether the conclusion depends on the model.

use super::regression;
use crate::findings::{Direction, Findings, direction, small};
use crate::number;
use crate::phrase::{breaks, plain, spaced};
use crate::terms::{named, variable};
use ssi_vocab::{Estimate, Lang};

/// What the models say together.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Together {
    /// Every interval lies above 0.
    Up,
    /// Every interval lies below 0.
    Down,
    /// Every interval holds 0.
    Open,
    /// They differ.
    Differ,
}

fn together(rows: &[&Estimate]) -> Together {
    // A model without an interval, as of a perfect fit, says nothing of the direction.
    let sure = || rows.iter().filter(|e| e.interval.is_some());
    let all = |wanted: Direction| sure().next().is_some() && sure().all(|e| direction(e) == wanted);
    if all(Direction::Up) {
        Together::Up
    } else if all(Direction::Down) {
        Together::Down
    } else if all(Direction::Open) {
        Together::Open
    } else {
        Together::Differ
    }
}

/// The title of the figure, and the first sentence of its section.
pub(crate) fn title(f: Findings<'_>, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    let text = match (together(&f.views()), lang) {
        (Together::Up, Lang::En) => format!("By every model, a higher {x} goes with a higher {y}"),
        (Together::Down, Lang::En) => format!("By every model, a higher {x} goes with a lower {y}"),
        (Together::Open, Lang::En) => format!("No model shows a clear link between {x} and {y}"),
        (Together::Differ, Lang::En) => {
            format!("Whether {x} goes with {y} depends on the model")
        }
        (Together::Up, Lang::Ja) => {
            format!("どのモデルでも、|{x}が|高いほど|{y}も|高い")
        }
        (Together::Down, Lang::Ja) => {
            format!("どのモデルでも、|{x}が|高いほど|{y}は|低い")
        }
        (Together::Open, Lang::Ja) => {
            format!("どのモデルでも、|{x}と|{y}の関連は|はっきりしない")
        }
        (Together::Differ, Lang::Ja) => {
            format!("{x}と|{y}に|関連があるかは|モデルによって異なる")
        }
    };
    match lang {
        Lang::En => breaks(&text),
        Lang::Ja => breaks(&spaced(&text)),
    }
}

/// From which to which effect the models go: `2.9 to 3.5 points by 7 models`.
pub(crate) fn range(f: Findings<'_>, lang: Lang) -> String {
    let drawn = f.views().into_iter().filter(|e| e.interval.is_some());
    let values = drawn.filter_map(|e| e.value);
    let (low, high, n) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY, 0), |(l, h, n), v| (l.min(v), h.max(v), n + 1));
    let (low, high) = (number::signed(low, 1), number::signed(high, 1));
    match (low == high, lang) {
        (true, Lang::En) => format!("{low} points for one score point more, by {n} models"),
        (false, Lang::En) => {
            format!("{low} to {high} points for one score point more, by {n} models")
        }
        (true, Lang::Ja) => format!("得点1点あたり|{low}点（{n}個の|モデル）"),
        (false, Lang::Ja) => format!("得点1点あたり|{low}～{high}点（{n}個の|モデル）"),
    }
}

/// What a model of the view is called.
pub(crate) fn name(f: Findings<'_>, id: &str, lang: Lang) -> String {
    let model = f.model(id);
    if let Some(column) = model.filter(|_| id == "mixed").and_then(|m| m.glance.cluster.as_deref())
    {
        let (wording, group) = (named(lang, "view", id), plain(&variable(lang, column)));
        return match lang {
            Lang::En => format!("{wording} ({})", small(group, lang)),
            Lang::Ja => breaks(&format!("{wording}|（{group}別）")),
        };
    }
    if id != "contacts" {
        return named(lang, "view", id);
    }
    let squares = named(lang, "view", "main");
    let with = regression::model_name(f, id, lang);
    match lang {
        Lang::En => format!("{squares}, {}", small(with, lang)),
        Lang::Ja => breaks(&format!("{squares}|（{with}）")),
    }
}

/// What a model of the view assumes.
pub(crate) fn assumes(f: Findings<'_>, id: &str, lang: Lang) -> String {
    let wording = named(lang, "assumes", id);
    if id == "contacts" {
        wording.replace("{alike}", regression::alike_in(f, id, lang))
    } else {
        wording
    }
}

/// What the section is for, and how the models' effects are made comparable.
pub(crate) fn explained(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "Each row answers the same question by a model that assumes something else. Where a model bends at the ends of the scale, its effect is the average over the users. If the rows agreed only under one assumption, the conclusion would rest on it. Models whose results are not SSI points per score point with an interval are not here: those of categories, isotonic steps, penalised fits, and tobit, since the outcome is bounded, not censored."
        }
        Lang::Ja => {
            "各行は、同じ問いに異なる前提のモデルで答えたものです。尺度の端で曲がるモデルでは、ユーザー全体で平均した効果を示しています。特定の前提のもとでしか成り立たない結論は、その前提に依存しています。得点1点あたりの差と信頼区間が得られないモデル（カテゴリーのモデル、単調回帰、罰則付き回帰）と、打ち切りのある変数のためのトービット回帰（目的変数は範囲が限られているだけで、打ち切られてはいない）は含めていません。"
        }
    }
}
