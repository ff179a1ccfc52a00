//! Score and SSI, a point a user.

use super::{Worded, filled};
use crate::findings::{Direction, Findings, direction};
use crate::number;
use crate::phrase::breaks;
use crate::sentences::{answer, facts};
use crate::terms::word;
use ssi_vocab::Lang;
use std::collections::BTreeMap;

pub(super) fn words(f: Findings<'_>, lang: Lang) -> Worded {
    let primary = f.primary();
    let level = f.level();
    let mut labels: BTreeMap<String, String> = BTreeMap::from([
        ("fit".to_owned(), breaks(&fit(f, lang))),
        ("confidence".to_owned(), filled(word(lang, "label.confidence"), "{level}", &level)),
        ("prediction".to_owned(), filled(word(lang, "label.prediction"), "{level}", &level)),
    ]);
    labels.insert("smooth".to_owned(), word(lang, "label.smooth").to_owned());
    let title = breaks(title(primary.map(direction), lang));
    let what = match lang {
        Lang::En => {
            "Scatter plot of SSI (vertical) against profile score (horizontal), with a straight fit, its bands and the two distributions."
        }
        Lang::Ja => {
            "横軸にプロフィール得点、縦軸に SSI をとった散布図。回帰直線とその信頼帯・予測帯、両変数の分布を示す。"
        }
    };
    let alt = match lang {
        Lang::En => format!("{what} {}", answer::whole(f, lang)),
        Lang::Ja => format!("{what}{}", answer::whole(f, lang)),
    };
    Worded {
        title,
        subtitle: primary.map(|e| facts(e, lang)).unwrap_or_default(),
        x: word(lang, "axis.score").to_owned(),
        y: word(lang, "axis.ssi").to_owned(),
        method: match lang {
            Lang::En => {
                "Line: least squares. Points are moved slightly sideways so that they don't hide one another."
            }
            Lang::Ja => {
                "直線は|最小二乗法による|回帰直線。|点は|重なりを|避けるため|横方向に|少しずらして|表示。"
            }
        },
        alt,
        labels,
    }
}

fn title(direction: Option<Direction>, lang: Lang) -> &'static str {
    match (direction, lang) {
        (Some(Direction::Up), Lang::En) => "Higher profile scores go with higher SSI",
        (Some(Direction::Up), Lang::Ja) => "プロフィール得点が|高いユーザーほど、|SSI も高い",
        (Some(Direction::Down), Lang::En) => "Higher profile scores go with lower SSI",
        (Some(Direction::Down), Lang::Ja) => "プロフィール得点が|高いユーザーほど、|SSI は低い",
        (Some(Direction::Open), Lang::En) => "No clear association of profile score and SSI",
        (Some(Direction::Open), Lang::Ja) => {
            "プロフィール得点と |SSI に|はっきりした関連は|みられない"
        }
        (_, Lang::En) => "Does the profile score go with SSI?",
        (_, Lang::Ja) => "プロフィール得点は |SSI と|関連するか",
    }
}

/// The line, with its slope in words.
fn fit(f: Findings<'_>, lang: Lang) -> String {
    let slope = f.slope("main").and_then(|e| e.value).map(|b| number::signed(b, 1));
    match (slope, lang) {
        (Some(b), Lang::En) => format!("One profile point more: {b} SSI points"),
        (Some(b), Lang::Ja) => format!("得点1点あたり |SSI {b}点"),
        (None, Lang::En) => "Straight fit".to_owned(),
        (None, Lang::Ja) => "回帰直線".to_owned(),
    }
}
