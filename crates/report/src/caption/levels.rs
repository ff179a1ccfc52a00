//! SSI at each level of the score.

use super::{Worded, filled};
use crate::findings::Findings;
use crate::number::{count, fixed, general};
use crate::phrase::{breaks, spaced};
use crate::terms::word;
use ssi_vocab::Lang;
use ssi_vocab::drawing::{LevelDots, Levels};

pub(super) fn words(f: Findings<'_>, d: &Levels, lang: Lang) -> Worded {
    let mut worded = Worded {
        title: title(f, d, lang),
        subtitle: subtitle(f, d, lang),
        x: super::axis(f.pair().0, lang),
        y: super::axis(f.pair().1, lang),
        method: method(d, lang),
        alt: alt(f, d, lang),
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

/// Which scores a level holds.
fn method(d: &Levels, lang: Lang) -> &'static str {
    match (d.levels.iter().any(is_centred), lang) {
        (true, Lang::En) => {
            "Level k holds the scores from k − 0.5 up to but not including k + 0.5."
        }
        (true, Lang::Ja) => "水準 k は、|得点が k − 0.5 以上 |k + 0.5 未満の|ユーザー。",
        (false, Lang::En) => "A level includes its lower bound.",
        (false, Lang::Ja) => "各水準は|下限の値を含む。",
    }
}

/// True for a level of one point around a whole score, which is its name.
fn is_centred(level: &LevelDots) -> bool {
    (level.half_width - 0.5).abs() < 1e-9 && (level.x - level.x.round()).abs() < 1e-9
}

/// The scores of a level: `6–7` for a span, `7` where it is one score or lies around one.
fn name(level: &LevelDots, lang: Lang) -> String {
    let (low, high) = (level.x - level.half_width, level.x + level.half_width);
    let on_grid = |v: f64| (v * 2.0 - (v * 2.0).round()).abs() < 1e-9;
    let span = level.half_width > 0.0 && !is_centred(level);
    if span && on_grid(low) && on_grid(high) {
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

fn title(f: Findings<'_>, d: &Levels, lang: Lang) -> String {
    let medians: Vec<f64> = medians(d).into_iter().map(|(_, m)| m).collect();
    let steps = || medians.windows(2).map(|w| w[1] - w[0]);
    let varied = steps().any(|s| s != 0.0);
    let (x, y) = (f.x(lang), f.y(lang));
    let text =
        match (varied && steps().all(|s| s >= 0.0), varied && steps().all(|s| s <= 0.0), lang) {
            (true, _, Lang::En) => format!("Median {y} rises from level to level of {x}"),
            (true, _, Lang::Ja) => format!("{x}の水準が|上がるにつれて、|{y}の|中央値も高い"),
            (_, true, Lang::En) => format!("Median {y} falls from level to level of {x}"),
            (_, true, Lang::Ja) => format!("{x}の水準が|上がるにつれて、|{y}の|中央値は低い"),
            (_, _, Lang::En) => format!("How widely does {y} vary at the same {x}?"),
            (_, _, Lang::Ja) => format!("同じくらいの|{x}でも、|{y}は|どれだけばらつくか"),
        };
    match lang {
        Lang::En => text,
        Lang::Ja => breaks(&spaced(&text)),
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
    let (x, y) = (f.x(lang), f.y(lang));
    let (first, last, a, b) = (name(first, lang), name(last, lang), fixed(*a, 1), fixed(*b, 1));
    match (lang, hidden) {
        (Lang::En, None) => {
            format!("Median {y} {a} at {first}, {b} at {last}, n = {n}")
        }
        (Lang::En, Some(k)) => {
            format!("Median {y} {a} at {first}, {b} at {last}, n = {n}; no summary under {k} users")
        }
        (Lang::Ja, None) => {
            format!("{y}の中央値は、|{x} {first} で {a}、|{last} で {b}、|n = {n}")
        }
        (Lang::Ja, Some(k)) => format!(
            "{y}の中央値は、|{x} {first} で {a}、|{last} で {b}、|n = {n}|（{k}人未満の|水準は点のみ）"
        ),
    }
}

fn alt(f: Findings<'_>, d: &Levels, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
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
            "{y} of single users at each level of {x}, with median and quartiles. Medians: {}.",
            each.join(", ")
        ),
        Lang::Ja => spaced(&format!(
            "{x}の水準ごとに、各ユーザーの{y}と中央値、四分位数を示した図。中央値は、{}。",
            each.join("、")
        )),
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
        assert_eq!(name(&level(9.0, 1.0), Lang::En), "8–10");
    }
}
