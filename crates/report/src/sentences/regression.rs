//! The regressions: one point of the profile, alone and beside contacts and region.

use super::{coefficient_interval, point_range};
use crate::findings::{Direction, Findings, direction};
use crate::number;
use crate::phrase::{breaks, spaced};
use crate::terms::named;
use ssi_vocab::{Estimate, Lang};

/// What a model holds constant besides the score.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Held {
    Nothing,
    Contacts,
    Region,
    Both,
    Other,
}

fn held(f: Findings<'_>, model: &str) -> Held {
    let (mut contacts, mut region, mut other) = (false, false, false);
    for e in f.coefficients(model) {
        match e.term.as_str() {
            "(Intercept)" => {}
            term if term == f.pair().0 => {}
            term if term.starts_with("conn_") => contacts = true,
            term if term.starts_with("region") => region = true,
            _ => other = true,
        }
    }
    match (contacts, region, other) {
        (_, _, true) => Held::Other,
        (true, true, _) => Held::Both,
        (true, false, _) => Held::Contacts,
        (false, true, _) => Held::Region,
        (false, false, _) => Held::Nothing,
    }
}

/// "At equal contacts" and the like; `|` in Japanese marks where a line may break.
fn condition(held: Held, lang: Lang) -> &'static str {
    match (held, lang) {
        (Held::Nothing, _) => "",
        (Held::Contacts, Lang::En) => "At equal contacts",
        (Held::Region, Lang::En) => "Within a region",
        (Held::Both, Lang::En) => "At equal contacts and region",
        (Held::Other, Lang::En) => "Other predictors equal",
        (Held::Contacts, Lang::Ja) => "つながり数が|同じ",
        (Held::Region, Lang::Ja) => "地域が|同じ",
        (Held::Both, Lang::Ja) => "つながり数と|地域が|同じ",
        (Held::Other, Lang::Ja) => "ほかの予測変数が|同じ",
    }
}

/// The slope that the figure of coefficients shows, as a title.
pub(crate) fn coefficients_title(f: Findings<'_>, lang: Lang) -> String {
    let model = f.shown_model();
    let Some(slope) = f.slope(model).filter(|_| f.is_score_and_ssi()) else {
        return what_goes_with(&f.y(lang), lang);
    };
    let points = number::fixed(slope.value.unwrap_or_default().abs(), 1);
    let held = held(f, model);
    let at = condition(held, lang);
    let text = match (direction(slope), held, lang) {
        (Direction::Up, Held::Nothing, Lang::En) => {
            format!("One profile point more goes with {points} SSI points more")
        }
        (Direction::Down, Held::Nothing, Lang::En) => {
            format!("One profile point more goes with {points} SSI points less")
        }
        (Direction::Up, Held::Nothing, Lang::Ja) => {
            format!("得点が|1点高いと |SSI は|{points}点高い")
        }
        (Direction::Down, Held::Nothing, Lang::Ja) => {
            format!("得点が|1点高いと |SSI は|{points}点低い")
        }
        (Direction::Up, _, Lang::En) => {
            format!("{at}, one profile point more goes with {points} SSI points more")
        }
        (Direction::Down, _, Lang::En) => {
            format!("{at}, one profile point more goes with {points} SSI points less")
        }
        (Direction::Up, _, Lang::Ja) => {
            format!("{at}でも、|得点が|1点高いと |SSI は|{points}点高い")
        }
        (Direction::Down, _, Lang::Ja) => {
            format!("{at}場合、|得点が|1点高いと |SSI は|{points}点低い")
        }
        (Direction::Open, Held::Nothing, Lang::En) => {
            "No clear link between profile score and SSI".to_owned()
        }
        (Direction::Open, Held::Nothing, Lang::Ja) => {
            "得点と |SSI の関連は|はっきりしない".to_owned()
        }
        (Direction::Open, _, Lang::En) => {
            format!("{at}, no clear link between profile score and SSI")
        }
        (Direction::Open, _, Lang::Ja) => {
            format!("{at}場合、|得点と |SSI の関連は|はっきりしない")
        }
        (Direction::NoInterval | Direction::Undefined(_), _, _) => {
            return what_goes_with(&f.y(lang), lang);
        }
    };
    breaks(&text)
}

fn what_goes_with(y: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("What goes with {y}?"),
        Lang::Ja => breaks(&spaced(&format!("{y}と|関連するものは|何か"))),
    }
}

/// What the second model adds and what its terms mean.
pub(crate) fn contacts(f: Findings<'_>, lang: Lang) -> Option<String> {
    let slope = f.slope("contacts").filter(|_| f.is_score_and_ssi())?;
    let points = number::signed(slope.value?, 1);
    let range = coefficient_interval(f, slope, lang)?;
    let held = held(f, "contacts");
    let with_contacts = f.coefficients("contacts").iter().any(|e| e.term.starts_with("conn_"));
    let meaning = match (with_contacts, lang) {
        (false, _) => "",
        (true, Lang::En) => {
            " Contacts stand in it as the logarithm of the count below 500 (a step is a doubling) and a jump at 500, because LinkedIn shows no more than “500+”; the capped value is never used as a number."
        }
        (true, Lang::Ja) => {
            "LinkedIn は500以上のつながり数を「500+」としか表示しないため、500未満は対数（2倍ごと）、500+ は段差として扱い、500 という数値とはみなしていません。"
        }
    };
    let (alike, open) = (alike(held, lang), direction(slope) == Direction::Open);
    Some(match (lang, open) {
        (Lang::En, false) => format!(
            "The second model compares users who are alike in {alike}: one profile point more then goes with {points} SSI points ({range}).{meaning}"
        ),
        (Lang::En, true) => format!(
            "The second model compares users who are alike in {alike}: one profile point more then goes with {points} SSI points ({range}; the interval includes 0).{meaning}"
        ),
        (Lang::Ja, false) => format!(
            "2つ目のモデルでは、{alike}が同じユーザーどうしを比べています。このとき得点1点あたりの SSI の差は {points}点です（{range}）。{meaning}"
        ),
        (Lang::Ja, true) => format!(
            "2つ目のモデルでは、{alike}が同じユーザーどうしを比べています。このとき得点1点あたりの SSI の差は {points}点です（{range}、区間は 0 を含みます）。{meaning}"
        ),
    })
}

/// In what the users that a model compares are alike.
pub(crate) fn alike_in(f: Findings<'_>, model: &str, lang: Lang) -> &'static str {
    alike(held(f, model), lang)
}

/// In what the compared users are alike.
fn alike(held: Held, lang: Lang) -> &'static str {
    match (held, lang) {
        (Held::Contacts, Lang::En) => "contacts",
        (Held::Region, Lang::En) => "region",
        (Held::Both, Lang::En) => "contacts and region",
        (Held::Nothing | Held::Other, Lang::En) => "the other predictors of the model",
        (Held::Contacts, Lang::Ja) => "つながり数",
        (Held::Region, Lang::Ja) => "地域",
        (Held::Both, Lang::Ja) => "つながり数と地域",
        (Held::Nothing | Held::Other, Lang::Ja) => "モデルのほかの予測変数",
    }
}

/// What the second model is called: by what it holds constant.
pub(crate) fn model_name(f: Findings<'_>, id: &str, lang: Lang) -> String {
    let words = match (id, held(f, id), lang) {
        ("contacts", Held::Contacts, Lang::En) => "With contacts",
        ("contacts", Held::Contacts, Lang::Ja) => "つながり数を|追加",
        ("contacts", Held::Region, Lang::En) => "With region",
        ("contacts", Held::Region, Lang::Ja) => "地域を|追加",
        ("contacts", Held::Other, Lang::En) => "With other predictors",
        ("contacts", Held::Other, Lang::Ja) => "ほかの予測変数を|追加",
        _ => return named(lang, "model", id),
    };
    breaks(words)
}

/// Why two kinds of standard error stand side by side.
pub(crate) fn two_errors(f: Findings<'_>, lang: Lang) -> String {
    let y = f.y(lang);
    let beside = f.results.estimates.iter().any(|e| e.vcov.as_deref() == Some("hc3_bm"));
    let more = match (beside, lang) {
        (false, _) => "",
        (true, Lang::En) => {
            " HC3's interval takes its error to be known with n − k degrees of freedom. With few users, or a few who lie far out, the error rests on fewer, and the interval is too narrow: in simulated samples of 30 users with strongly skewed data a 95% interval included the true slope in 91% of samples. The interval beside it counts the degrees of freedom that each coefficient has (Bell and McCaffrey), and included it in 94%. Where the two differ, read that one; with hundreds of users they agree."
        }
        (true, Lang::Ja) => {
            "HC3 の信頼区間は、標準誤差が自由度 n − k で推定されているとみなします。人数が少ないときや、離れた値の回答者が数人いるときは、実質的な自由度がそれより小さく、区間が狭すぎることになります。強く歪んだ分布から30人を選ぶシミュレーションでは、95%信頼区間が真の傾きを含む割合は91%でした。併記した区間は係数ごとの自由度（Bell–McCaffrey）を用いたもので、この割合は94%でした。両者が異なる場合は、併記した区間を参照してください。数百人いれば両者はほぼ一致します。"
        }
    };
    match lang {
        Lang::En => format!(
            "Classical standard errors assume that {y} scatters equally all along the line; HC3 errors do not. Where they differ, read HC3.{more}"
        ),
        Lang::Ja => spaced(&format!(
            "通常の標準誤差は、{y}のばらつきが回帰直線のどこでも等しいことを前提とします。頑健標準誤差（HC3）はその前提を置きません。両者が異なる場合は HC3 を参照してください。{more}"
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
