//! The regressions: one point of the profile, alone and beside contacts and region.

use super::point_range;
use crate::findings::{Direction, Findings, direction};
use crate::number;
use crate::phrase::{breaks, spaced};
use ssi_vocab::{Estimate, Lang};

/// What the model holds constant besides the score.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Held {
    Contacts,
    Region,
    Both,
}

fn held(f: Findings<'_>) -> Option<Held> {
    let has = |prefix: &str| f.coefficients("contacts").iter().any(|e| e.term.starts_with(prefix));
    match (has("conn_"), has("region")) {
        (true, true) => Some(Held::Both),
        (true, false) => Some(Held::Contacts),
        (false, true) => Some(Held::Region),
        (false, false) => None,
    }
}

/// The slope beside other predictors, as a title.
pub(crate) fn contacts_title(f: Findings<'_>, lang: Lang) -> String {
    let found = f.slope("contacts").zip(held(f)).filter(|_| f.is_score_and_ssi());
    let Some((slope, held)) = found else { return what_goes_with(&f.y(lang), lang) };
    let points = number::fixed(slope.value.unwrap_or_default().abs(), 1);
    let text = match (direction(slope), held, lang) {
        (Direction::Up, Held::Both, Lang::En) => format!(
            "At equal contacts and region, one profile point more goes with {points} SSI points more"
        ),
        (Direction::Up, Held::Contacts, Lang::En) => {
            format!("At equal contacts, one profile point more goes with {points} SSI points more")
        }
        (Direction::Up, Held::Region, Lang::En) => {
            format!("Within a region, one profile point more goes with {points} SSI points more")
        }
        (Direction::Up, Held::Both, Lang::Ja) => {
            format!("つながり数と|地域が|同じでも、|得点が|1点高いと |SSI は|{points}点高い")
        }
        (Direction::Up, Held::Contacts, Lang::Ja) => {
            format!("つながり数が|同じでも、|得点が|1点高いと |SSI は|{points}点高い")
        }
        (Direction::Up, Held::Region, Lang::Ja) => {
            format!("地域が|同じでも、|得点が|1点高いと |SSI は|{points}点高い")
        }
        (Direction::Down, Held::Both, Lang::En) => format!(
            "At equal contacts and region, one profile point more goes with {points} SSI points less"
        ),
        (Direction::Down, _, Lang::En) => {
            format!(
                "Other predictors equal, one profile point more goes with {points} SSI points less"
            )
        }
        (Direction::Down, Held::Both, Lang::Ja) => {
            format!("つながり数と|地域が|同じ場合、|得点が|1点高いと |SSI は|{points}点低い")
        }
        (Direction::Down, _, Lang::Ja) => {
            format!("ほかの条件が|同じ場合、|得点が|1点高いと |SSI は|{points}点低い")
        }
        (_, _, Lang::En) => {
            "Beside contacts and region, the profile score adds nothing clear".to_owned()
        }
        (_, _, Lang::Ja) => {
            "つながり数や|地域を|考慮すると、|得点と |SSI の関連は|はっきりしない".to_owned()
        }
    };
    breaks(&text)
}

fn what_goes_with(y: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("What goes with {y}, other things equal?"),
        Lang::Ja => breaks(&spaced(&format!("ほかの条件が|同じとき、|{y}と|関連するものは|何か"))),
    }
}

/// What the second model adds and what its terms mean.
pub(crate) fn contacts(f: Findings<'_>, lang: Lang) -> Option<String> {
    let slope = f.slope("contacts").filter(|_| f.is_score_and_ssi())?;
    let points = number::signed(slope.value?, 1);
    let range = slope.interval.as_ref().map(point_range)?;
    let level = number::level(slope.interval.as_ref()?.level.get());
    let meaning = match (held(f)? == Held::Region, lang) {
        (true, _) => "",
        (false, Lang::En) => {
            " Contacts stand in it as the logarithm of the count below 500 (a step is a doubling) and a jump at 500, because LinkedIn shows no more than “500+”; the capped value is never used as a number."
        }
        (false, Lang::Ja) => {
            "LinkedIn は500以上のつながり数を「500+」としか表示しないため、500未満は対数（2倍ごと）、500+ は段差として扱い、500 という数値とはみなしていません。"
        }
    };
    Some(match lang {
        Lang::En => format!(
            "The second model compares users who are alike in the other predictors: one profile point more then goes with {points} SSI points ({level} CI {range}).{meaning}"
        ),
        Lang::Ja => format!(
            "2つ目のモデルでは、ほかの条件が同じユーザーどうしを比べています。このとき得点1点あたりの SSI の差は {points}点です（{level}信頼区間 {range}）。{meaning}"
        ),
    })
}

/// Why two kinds of standard error stand side by side.
pub(crate) fn two_errors(f: Findings<'_>, lang: Lang) -> String {
    let y = f.y(lang);
    match lang {
        Lang::En => format!(
            "Classical standard errors assume that {y} scatters equally all along the line; HC3 errors do not. Where they differ, read HC3."
        ),
        Lang::Ja => spaced(&format!(
            "通常の標準誤差は、{y}のばらつきが回帰直線のどこでも等しいことを前提とします。頑健標準誤差（HC3）はその前提を置きません。両者が異なる場合は HC3 を参照してください。"
        )),
    }
}

/// Whether the fit from the counted table equals the fit from the rows.
pub(crate) fn counted(f: Findings<'_>, lang: Lang) -> Option<String> {
    let counted = f.coefficients("main_counted");
    let pairs: Vec<(f64, f64)> = counted
        .iter()
        .filter_map(|c| {
            let row = f.coefficient("main", &c.term, c.vcov.as_deref().unwrap_or("classical"))?;
            Some((row.value?, c.value?))
        })
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let same = pairs.iter().all(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()));
    Some(
        match (lang, same) {
            (Lang::En, true) => {
                "Fitted again from the counted table (each pair of values with its frequency), the first model gives the same coefficients."
            }
            (Lang::En, false) => {
                "Fitted again from the counted table, the first model gives other coefficients: they should agree, so something is wrong with one of the two."
            }
            (Lang::Ja, true) => {
                "値の組み合わせごとの度数表から推定し直しても、1つ目のモデルの回帰係数は同じ値になりました。"
            }
            (Lang::Ja, false) => {
                "度数表から推定し直すと、1つ目のモデルの回帰係数が一致しませんでした。本来は一致するはずなので、どちらかに問題があります。"
            }
        }
        .to_owned(),
    )
}

/// A coefficient and its interval for the number column of the forest.
pub(crate) fn number_cell(e: &Estimate) -> Option<String> {
    let value = number::fixed(e.value?, 1);
    Some(match &e.interval {
        Some(interval) => format!("{value} {}", point_range(interval)),
        None => value,
    })
}
