//! The correlation of every pair.

use super::Worded;
use crate::findings::{Findings, PILLARS, SCORE};
use crate::number::{correlation, count, range};
use crate::phrase::{breaks, plain};
use crate::sentences::correlation::{count_pillars, pillars_title};
use crate::terms::short;
use ssi_vocab::Lang;
use ssi_vocab::drawing::{Matrix, MatrixCell};

pub(super) fn words(f: Findings<'_>, d: &Matrix, lang: Lang) -> Worded {
    let of_score = |pillar: &&'static str| {
        let cell = d.cells.iter().find(|c| is_pair(d, c, SCORE, pillar))?;
        Some((*pillar, cell.low?, cell.high?))
    };
    let pillars = count_pillars(PILLARS.iter().filter_map(of_score));
    let mut worded = Worded {
        title: pillars_title(&pillars, lang),
        subtitle: subtitle(f, d, lang),
        method: match lang {
            Lang::En => "Intervals: Bonett–Wright.",
            Lang::Ja => "信頼区間は|ボネット・ライト法。",
        }
        .to_owned(),
        alt: alt(d, lang),
        ..Worded::default()
    };
    for variable in &d.variables {
        let wording = match (variable.as_str(), lang) {
            ("conn_display", Lang::En) => "Contacts (rank)".to_owned(),
            ("conn_display", Lang::Ja) => breaks("つながり数|（順位）"),
            (name, _) => short(lang, name),
        };
        worded.labels.insert(format!("variable.{variable}"), wording);
    }
    for cell in &d.cells {
        let key = format!("{}.{}", cell.row, cell.column);
        let value = cell.value.map_or_else(|| "—".to_owned(), |r| correlation(r, lang));
        worded.labels.insert(format!("cell.{key}"), value);
        if let Some((low, high)) = cell.low.zip(cell.high) {
            let interval = range(&correlation(low, lang), &correlation(high, lang));
            worded.labels.insert(format!("interval.{key}"), interval);
        }
    }
    worded
}

fn is_pair(d: &Matrix, cell: &MatrixCell, a: &str, b: &str) -> bool {
    let name = |i: usize| d.variables.get(i).map(String::as_str);
    let pair = (name(cell.row), name(cell.column));
    pair == (Some(a), Some(b)) || pair == (Some(b), Some(a))
}

fn subtitle(f: Findings<'_>, d: &Matrix, lang: Lang) -> String {
    let n = || d.cells.iter().map(|c| c.n_obs);
    let (low, high) = (n().min().unwrap_or(0), n().max().unwrap_or(0));
    let n = match (low == high, lang) {
        (true, _) => count(low),
        (false, Lang::En) => format!("{}–{}", count(low), count(high)),
        (false, Lang::Ja) => format!("{}～{}", count(low), count(high)),
    };
    let level = f.level();
    match lang {
        Lang::En => {
            format!("Spearman's ρ, {level} CI below it; pale where it includes 0; n = {n}")
        }
        Lang::Ja => format!(
            "スピアマンの|順位相関係数|（下段は|{level}信頼区間）、|淡い色は|区間が 0 を|含む組、|n = {n}"
        ),
    }
}

fn alt(d: &Matrix, lang: Lang) -> String {
    let name = |i: usize| d.variables.get(i).map(|v| plain(&short(lang, v))).unwrap_or_default();
    let pairs: Vec<String> = d
        .cells
        .iter()
        .filter_map(|c| {
            let r = correlation(c.value?, lang);
            Some(match lang {
                Lang::En => format!("{} and {} {r}", name(c.column), name(c.row)),
                Lang::Ja => format!("{}と{} {r}", name(c.column), name(c.row)),
            })
        })
        .collect();
    match lang {
        Lang::En => format!("Triangle of rank correlations (Spearman's ρ): {}.", pairs.join(", ")),
        Lang::Ja => format!("順位相関係数（スピアマン）の三角行列。{}。", pairs.join("、")),
    }
}
