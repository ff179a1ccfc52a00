//! SSI at each level of the score.

use super::{Worded, filled};
use crate::findings::Findings;
use crate::number::{count, general};
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
        method: method(d, lang).to_owned(),
        alt: alt(f, d, lang),
        ..Worded::default()
    };
    for ((i, level), size) in d.levels.iter().enumerate().zip(sizes(f, d)) {
        worded.labels.insert(format!("level.{i}"), name(level, lang));
        worded.labels.insert(format!("n.{i}"), size);
    }
    let labels = &mut worded.labels;
    labels.insert("median".to_owned(), word(lang, "label.median").to_owned());
    labels.insert("quartiles".to_owned(), word(lang, "label.quartiles").to_owned());
    labels.insert("distribution".to_owned(), word(lang, "label.distribution").to_owned());
    if let Some(value) = d.threshold {
        let text = filled(word(lang, "label.threshold"), "{value}", &general(value));
        labels.insert("threshold".to_owned(), text);
    }
    worded
}

/// How many respondents each level has, unless that is a small group. Where the other numbers and
/// their sum would tell of it, the smallest of the other levels has no number either.
fn sizes(f: Findings<'_>, d: &Levels) -> Vec<String> {
    let k = f.results.study.as_ref().map_or(1, |study| study.smallest_group);
    let n: Vec<usize> = d.levels.iter().map(|level| level.values.len()).collect();
    let small = |n: &usize| (1..k).contains(n);
    let together: usize = n.iter().filter(|n| small(n)).sum();
    let others = (0..n.len()).filter(|i| n[*i] >= k.max(1));
    let beside = others.min_by_key(|i| n[*i]).filter(|_| small(&together));
    let size = |(i, n): (usize, &usize)| match n {
        n if small(n) => format!("n < {}", count(k)),
        _ if beside == Some(i) => format!("n ≥ {}", count(k)),
        n => format!("n = {}", count(*n)),
    };
    n.iter().enumerate().map(size).collect()
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

/// A trend is named only over so many neighbouring levels with a median.
const ENOUGH: usize = 5;

/// What the medians do from level to level.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trend {
    Rises,
    Falls,
    None,
}

fn trend(d: &Levels) -> Trend {
    let first = d.levels.iter().position(|l| l.summary.is_some()).unwrap_or(0);
    let medians = medians(d);
    let neighbours = d.levels.iter().skip(first).take(medians.len()).all(|l| l.summary.is_some());
    if medians.len() < ENOUGH || !neighbours {
        return Trend::None;
    }
    let steps = || medians.windows(2).map(|w| w[1].1 - w[0].1);
    match (steps().all(|s| s >= 0.0), steps().all(|s| s <= 0.0)) {
        (true, false) => Trend::Rises,
        (false, true) => Trend::Falls,
        _ => Trend::None,
    }
}

fn title(f: Findings<'_>, d: &Levels, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    let text = match (trend(d), lang) {
        (Trend::Rises, Lang::En) => format!("Median {y} rises from level to level of {x}"),
        (Trend::Rises, Lang::Ja) => format!("{x}の水準が|上がるにつれて、|{y}の|中央値も高い"),
        (Trend::Falls, Lang::En) => format!("Median {y} falls from level to level of {x}"),
        (Trend::Falls, Lang::Ja) => format!("{x}の水準が|上がるにつれて、|{y}の|中央値は低い"),
        // That it varies can be said only where some level is large enough to be summarised.
        (Trend::None, Lang::En) if medians(d).is_empty() => format!("{y} at each {x}"),
        (Trend::None, Lang::Ja) if medians(d).is_empty() => format!("{x}の水準別にみた|{y}"),
        (Trend::None, Lang::En) => format!("At the same {x}, {y} still varies widely"),
        (Trend::None, Lang::Ja) => format!("同じくらいの|{x}でも、|{y}には|幅がある"),
    };
    match lang {
        Lang::En => text,
        Lang::Ja => breaks(&spaced(&text)),
    }
}

/// A median in points: without a decimal that says nothing.
fn points(value: f64) -> String {
    general((value * 10.0).round() / 10.0)
}

/// How wide the middle halves are, from the narrowest to the widest.
fn widths(d: &Levels, lang: Lang) -> Option<String> {
    let widths = || d.levels.iter().filter_map(|l| l.summary.map(|(low, _, high)| high - low));
    let (low, high) = (widths().reduce(f64::min)?, widths().reduce(f64::max)?);
    let (low, high) = (points(low), points(high));
    Some(match (low == high, lang) {
        (true, _) => low,
        (false, Lang::En) => format!("{low} to {high}"),
        (false, Lang::Ja) => format!("{low}～{high}"),
    })
}

fn subtitle(f: Findings<'_>, d: &Levels, lang: Lang) -> String {
    let n = count(d.levels.iter().map(|l| l.values.len()).sum());
    let medians = medians(d);
    let smallest = f.results.study.as_ref().map(|s| s.smallest_group);
    let (Some((first, a)), Some((last, b))) = (medians.first(), medians.last()) else {
        return match (smallest, lang) {
            (Some(k), Lang::En) => {
                format!("Too few users at each score for a median (under {k}); n = {n}")
            }
            (Some(k), Lang::Ja) => {
                format!("各得点の人数が|{k}人に満たないため、|中央値は示していません|（n = {n}）")
            }
            (None, Lang::En) => format!("Too few users at each score for a median; n = {n}"),
            (None, Lang::Ja) => {
                format!("各得点の人数が少ないため、|中央値は示していません|（n = {n}）")
            }
        };
    };
    let (y, own) = (f.y(lang), f.is_score_and_ssi());
    let at = |level: &LevelDots| match (own, lang) {
        (true, Lang::En) => format!("score {}", name(level, lang)),
        (false, Lang::En) => name(level, lang),
        (true, Lang::Ja) => format!("得点{}", name(level, lang)),
        (false, Lang::Ja) => format!("{} {}", f.x(lang), name(level, lang)),
    };
    let (a, b) = (points(*a), points(*b));
    let mut out = match (medians.len(), lang) {
        (1, Lang::En) => format!("Median {y} {a} at {}", at(first)),
        (1, Lang::Ja) => format!("{y}の中央値は、|{}で{a}", at(first)),
        (_, Lang::En) => format!("Median {y} {a} at {} and {b} at {}", at(first), at(last)),
        (_, Lang::Ja) => format!("{y}の中央値は、|{}で{a}、|{}で{b}", at(first), at(last)),
    };
    // Only the title about width needs the widths beside it.
    if let (Trend::None, Some(widths)) = (trend(d), widths(d, lang)) {
        out += &match lang {
            Lang::En => format!(", middle half {widths} points wide"),
            Lang::Ja => format!("、|四分位範囲の幅は{widths}点"),
        };
    }
    out += &match lang {
        Lang::En => format!(", n = {n}"),
        Lang::Ja => format!("、|n = {n}"),
    };
    if let Some(k) = smallest.filter(|_| medians.len() < d.levels.len()) {
        out += &match lang {
            Lang::En => format!("; no summary under {k} users"),
            Lang::Ja => format!("|（{k}人未満の|水準は点のみ）"),
        };
    }
    out
}

fn alt(f: Findings<'_>, d: &Levels, lang: Lang) -> String {
    let (x, y) = (f.x(lang), f.y(lang));
    let each: Vec<String> = d
        .levels
        .iter()
        .zip(sizes(f, d))
        .map(|(l, n)| {
            let name = name(l, lang);
            let summary = l.summary.map(|(low, m, high)| (points(m), points(low), points(high)));
            match (summary, lang) {
                (Some((m, low, high)), Lang::En) => {
                    format!("{name}: {m}, {low} to {high} ({n})")
                }
                (None, Lang::En) => format!("{name}: too few to summarise ({n})"),
                (Some((m, low, high)), Lang::Ja) => {
                    format!("{name}：{m}、{low}～{high}（{n}）")
                }
                (None, Lang::Ja) => format!("{name}：少数のため要約値なし（{n}）"),
            }
        })
        .collect();
    match lang {
        Lang::En => format!(
            "A dot for each user's {y} at each level of {x}. Median, and lower to upper quartile: {}.",
            each.join("; ")
        ),
        Lang::Ja => spaced(&format!(
            "{x}の水準ごとに、各ユーザーの{y}を点で示した図。中央値と、第1～第3四分位数は、{}。",
            each.join("；")
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

    #[test]
    fn a_trend_needs_five_neighbouring_levels_with_a_median() {
        let axis = ssi_vocab::drawing::Axis { min: 0.0, max: 10.0, step: 1.0 };
        let of = |medians: &[Option<f64>]| Levels {
            levels: (0..)
                .zip(medians)
                .map(|(i, m)| LevelDots {
                    x: f64::from(i),
                    half_width: 0.5,
                    values: vec![],
                    summary: m.map(|m| (m - 5.0, m, m + 5.0)),
                })
                .collect(),
            x_axis: axis,
            y_axis: axis,
            threshold: None,
            seed: 1,
        };
        let up = [Some(1.0), Some(2.0), Some(2.0), Some(4.0), Some(5.0)];
        assert_eq!(trend(&of(&up)), Trend::Rises);
        assert_eq!(trend(&of(&up[..4])), Trend::None);
        assert_eq!(trend(&of(&[up[0], up[1], None, up[2], up[3], up[4]])), Trend::None);
        assert_eq!(trend(&of(&[Some(3.0); 5])), Trend::None);
        assert_eq!(trend(&of(&[None, None])), Trend::None);
    }
}
