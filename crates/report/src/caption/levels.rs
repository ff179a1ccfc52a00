//! SSI at each level of the score.

use super::{Worded, filled};
use crate::findings::Findings;
use crate::number::{count, fixed, general};
use crate::phrase::breaks;
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::{LevelDots, Levels};

pub(super) fn words(f: Findings<'_>, d: &Levels, lang: Lang) -> Worded {
    let mut worded = Worded {
        title: breaks(title(d, lang)),
        subtitle: subtitle(f, d, lang),
        x: word(lang, "axis.score").to_owned(),
        y: word(lang, "axis.ssi").to_owned(),
        method: match lang {
            Lang::En => "A level includes its lower bound.",
            Lang::Ja => "各水準は|下限の値を含む。",
        },
        alt: alt(d, lang),
        ..Worded::default()
    };
    for (i, level) in d.levels.iter().enumerate() {
        worded.labels.insert(format!("level.{i}"), name(level, lang));
        worded.labels.insert(format!("n.{i}"), format!("n = {}", count(level.values.len())));
    }
    let labels = &mut worded.labels;
    labels.insert("median".to_owned(), word(lang, "label.median").to_owned());
    labels.insert("quartiles".to_owned(), word(lang, "label.quartiles").to_owned());
    if let Some(value) = d.threshold {
        let text = filled(word(lang, "label.threshold"), "{value}", &general(value));
        labels.insert("threshold".to_owned(), text);
    }
    worded
}

/// The scores of a level: `6–7` for a span, `7` where the level is one score.
fn name(level: &LevelDots, lang: Lang) -> String {
    let (low, high) = (level.x - level.half_width, level.x + level.half_width);
    let on_grid = |v: f64| (v * 2.0 - (v * 2.0).round()).abs() < 1e-9;
    if level.half_width > 0.0 && on_grid(low) && on_grid(high) && low >= 0.0 {
        let dash = match lang {
            Lang::En => "–",
            Lang::Ja => "～",
        };
        format!("{}{dash}{}", general(low), general(high))
    } else {
        general(level.x)
    }
}

fn medians(d: &Levels) -> Vec<(&LevelDots, f64)> {
    d.levels.iter().filter_map(|l| l.summary.map(|(_, median, _)| (l, median))).collect()
}

fn title(d: &Levels, lang: Lang) -> &'static str {
    let medians: Vec<f64> = medians(d).into_iter().map(|(_, m)| m).collect();
    let steps = || medians.windows(2).map(|w| w[1] - w[0]);
    let varied = steps().any(|s| s != 0.0);
    match (varied && steps().all(|s| s >= 0.0), varied && steps().all(|s| s <= 0.0), lang) {
        (true, _, Lang::En) => "Median SSI rises from level to level of the profile score",
        (true, _, Lang::Ja) => "得点の水準が|上がるにつれて、|SSI の|中央値も高い",
        (_, true, Lang::En) => "Median SSI falls from level to level of the profile score",
        (_, true, Lang::Ja) => "得点の水準が|上がるにつれて、|SSI の|中央値は低い",
        (_, _, Lang::En) => "How widely does SSI vary at the same profile score?",
        (_, _, Lang::Ja) => "同じくらいの|得点でも、|SSI は|どれだけばらつくか",
    }
}

fn subtitle(f: Findings<'_>, d: &Levels, lang: Lang) -> String {
    let n = count(d.levels.iter().map(|l| l.values.len()).sum());
    let medians = medians(d);
    let smallest = f.results.study.as_ref().map(|s| s.smallest_group);
    let hidden = smallest.filter(|_| medians.len() < d.levels.len());
    let (Some((first, a)), Some((last, b))) = (medians.first(), medians.last()) else {
        return format!("n = {n}");
    };
    let (first, last, a, b) = (name(first, lang), name(last, lang), fixed(*a, 1), fixed(*b, 1));
    match (lang, hidden) {
        (Lang::En, None) => {
            format!("Median SSI {a} at scores {first}, {b} at scores {last}, n = {n}")
        }
        (Lang::En, Some(k)) => format!(
            "Median SSI {a} at scores {first}, {b} at scores {last}, n = {n}; no summary under {k} users"
        ),
        (Lang::Ja, None) => {
            format!("SSI の中央値は|得点 {first} で {a}、|得点 {last} で {b}、|n = {n}")
        }
        (Lang::Ja, Some(k)) => format!(
            "SSI の中央値は|得点 {first} で {a}、|得点 {last} で {b}、|n = {n}|（{k}人未満の|水準は点のみ）"
        ),
    }
}

fn alt(d: &Levels, lang: Lang) -> String {
    let each: Vec<String> = d
        .levels
        .iter()
        .map(|l| {
            let (name, n) = (name(l, lang), count(l.values.len()));
            match (l.summary, lang) {
                (Some((_, m, _)), Lang::En) => format!("{name}: {} (n = {n})", fixed(m, 1)),
                (None, Lang::En) => format!("{name}: too few (n = {n})"),
                (Some((_, m, _)), Lang::Ja) => format!("{name}：{}（n = {n}）", fixed(m, 1)),
                (None, Lang::Ja) => format!("{name}：少数のため省略（n = {n}）"),
            }
        })
        .collect();
    match lang {
        Lang::En => format!(
            "SSI of single users at each level of the profile score, with median and quartiles. Median SSI by score: {}.",
            each.join(", ")
        ),
        Lang::Ja => format!(
            "プロフィール得点の水準ごとに、各ユーザーの SSI と中央値、四分位数を示した図。得点ごとの SSI の中央値は、{}。",
            each.join("、")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_named_by_its_span_or_its_one_score() {
        let level = |x, half_width| LevelDots { x, half_width, values: vec![], summary: None };
        assert_eq!(name(&level(6.5, 0.5), Lang::En), "6–7");
        assert_eq!(name(&level(6.5, 0.5), Lang::Ja), "6～7");
        assert_eq!(name(&level(7.0, 0.25), Lang::En), "7");
        assert_eq!(name(&level(0.0, 0.5), Lang::En), "0");
    }
}
