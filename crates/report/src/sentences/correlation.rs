//! Correlations by several methods, the pillars, and the matrix.

use super::{correlation_range, facts};
use crate::findings::{Findings, PILLARS, WITHOUT_BRAND};
use crate::number;
use crate::phrase::{breaks, plain};
use crate::terms::short;
use ssi_vocab::{Interval, Lang};

/// Why there are several correlations, and whether the ranks agree with Pearson.
pub(crate) fn methods_agree(f: Findings<'_>, lang: Lang) -> Option<String> {
    let rank = f.primary_rows().find(|e| e.method == "spearman")?;
    let (r, rho) = (f.primary()?.value?, rank.value?);
    let (r, rho, close) =
        (number::correlation(r, lang), number::correlation(rho, lang), (r - rho).abs() <= 0.1);
    Some(match (lang, close) {
        (Lang::En, true) => format!(
            "Pearson's r measures a straight-line association; Spearman's ρ and Kendall's τ-b use only the order of the values, so outliers and curves matter less. Here r = {r} and ρ = {rho} say much the same. τ-b is on another scale and usually smaller; it is corrected for ties."
        ),
        (Lang::En, false) => format!(
            "Pearson's r measures a straight-line association; Spearman's ρ and Kendall's τ-b use only the order of the values, so outliers and curves matter less. Here they differ (r = {r}, ρ = {rho}): look at the figures for a curve or for outliers. τ-b is on another scale and usually smaller; it is corrected for ties."
        ),
        (Lang::Ja, true) => format!(
            "ピアソンの相関係数 r は直線的な関連の強さを表します。スピアマンの ρ とケンドールの τ-b は値の順位だけを使うため、外れ値や曲線的な関係の影響を受けにくい指標です。今回は r = {r}、ρ = {rho} と、ほぼ同じ結果でした。τ-b は尺度が異なり、ふつう小さめの値になります（同順位は補正済み）。"
        ),
        (Lang::Ja, false) => format!(
            "ピアソンの相関係数 r は直線的な関連の強さを表します。スピアマンの ρ とケンドールの τ-b は値の順位だけを使うため、外れ値や曲線的な関係の影響を受けにくい指標です。今回は両者に差があります（r = {r}、ρ = {rho}）。曲線的な関係や外れ値がないか、図を確認してください。τ-b は尺度が異なり、ふつう小さめの値になります（同順位は補正済み）。"
        ),
    })
}

/// True where an end of one interval is off the other's by more than a share of the wider width.
pub(crate) fn differ(a: &Interval, b: &Interval, share: f64) -> bool {
    let width = (a.high - a.low).max(b.high - b.low);
    (a.low - b.low).abs().max((a.high - b.high).abs()) > share * width
}

/// Two intervals for r are told apart where an end is off by more than this share of the width.
const VISIBLE: f64 = 0.1;

/// Why the jackknife's interval stands beside Fisher's, and which of them to read.
pub(crate) fn jackknife(f: Findings<'_>, lang: Lang) -> Option<String> {
    let (fisher, jackknife) = (f.primary()?.interval.as_ref()?, f.jackknife()?);
    let apart = differ(fisher, jackknife, VISIBLE);
    let (fisher, jackknife) = (correlation_range(fisher, lang), correlation_range(jackknife, lang));
    Some(match lang {
        Lang::En => {
            let read = if apart {
                "they differ visibly, so read the jackknife's"
            } else {
                "the choice matters little"
            };
            format!(
                "Fisher's interval takes both variables to be normally distributed. Where they are strongly skewed it is too narrow, however many users there are: in simulations of such data a 95% interval included the true r in about 90% of samples. The jackknife's takes no distribution for granted and included it in about 95% (94% with 30 users). Here Fisher's is {fisher} and the jackknife's {jackknife}: {read}."
            )
        }
        Lang::Ja => {
            let read = if apart {
                "両者には差があるため、ジャックナイフ法の区間を参考にしてください"
            } else {
                "どちらを使っても結論はほとんど変わりません"
            };
            format!(
                "フィッシャーの信頼区間は、2つの変数が正規分布に従うことを前提とします。分布が強く歪んでいると、人数を増やしても区間が狭すぎるままで、そのようなデータのシミュレーションでは、95%信頼区間が真の r を含む割合は約90%でした。ジャックナイフ法の区間は分布の形を前提とせず、この割合は約95%（30人では94%）でした。今回はフィッシャーの方法で {fisher}、ジャックナイフ法で {jackknife} です。{read}。"
            )
        }
    })
}

/// Why SSI without Brand is looked at.
pub(crate) fn why_without_brand(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "SSI is the sum of four pillars. The first, Brand, itself counts how complete a profile is, so part of the association is there by construction. SSI − Brand, the sum of the other three pillars, leaves that part out."
        }
        Lang::Ja => {
            "SSI は4つの柱の合計です。このうち「ブランド」の柱はプロフィールの充実度そのものを評価するため、関連の一部は指標の作り方から生じます。残る3つの柱の合計である「SSI − ブランド」では、その部分が除かれます。"
        }
    }
}

/// What remains without Brand.
pub(crate) fn without_brand(f: Findings<'_>, lang: Lang) -> Option<String> {
    let e = f.with_score(WITHOUT_BRAND)?;
    e.value?;
    let facts = facts(e, lang);
    Some(breaks(&match lang {
        Lang::En => format!("For SSI − Brand, {facts}."),
        Lang::Ja => format!("「SSI − ブランド」については、{facts} でした。"),
    }))
}

/// How much of what score and SSI have in common each pillar makes.
pub(crate) fn shares(f: Findings<'_>, lang: Lang) -> Option<String> {
    let of = |pillar| {
        let mut rows = f.correlations(f.pair().0, pillar);
        let row = rows.find(|e| e.method == "covariance_share" && e.value.is_some())?;
        let name = plain(&short(lang, pillar));
        let found = crate::sentences::claims::estimate(row, lang);
        Some(format!("{name} {found}"))
    };
    let all: Vec<String> = PILLARS.into_iter().map(of).collect::<Option<_>>()?;
    Some(breaks(&match lang {
        Lang::En => format!(
            "Shares of the pillars in the covariance of score and SSI, with {} intervals: {}.",
            f.level(),
            all.join(", ")
        ),
        Lang::Ja => format!(
            "得点と SSI の共分散に各柱が占める割合（{}信頼区間）：{}。",
            f.level(),
            all.join("、")
        ),
    }))
}

/// How many pillars clearly go with the score, and in which direction.
pub(crate) struct PillarCount {
    /// Pillars whose correlation with the score is known.
    known: usize,
    /// Those with an interval above 0.
    up: usize,
    /// Those with an interval below 0.
    down: usize,
    /// The last of these, by its name in the table: the only one where there is one.
    clear: Option<&'static str>,
}

/// Counts the pillars that go with the score, from `(pillar, lower end, upper end)`.
pub(crate) fn count_pillars(rows: impl Iterator<Item = (&'static str, f64, f64)>) -> PillarCount {
    let mut count = PillarCount { known: 0, up: 0, down: 0, clear: None };
    for (pillar, low, high) in rows {
        count.known += 1;
        count.up += usize::from(low > 0.0);
        count.down += usize::from(high < 0.0);
        if low > 0.0 || high < 0.0 {
            count.clear = Some(pillar);
        }
    }
    count
}

/// The finding about the pillars, as a title. Which is strongest depends on the kind of
/// correlation, so a title does not say it.
pub(crate) fn pillars_title(count: &PillarCount, lang: Lang) -> String {
    let only = count.clear.map(|pillar| plain(&short(lang, pillar))).unwrap_or_default();
    let (up, down) = (count.up, count.down);
    if count.known != PILLARS.len() {
        return breaks(match lang {
            Lang::En => "How do the variables go together?",
            Lang::Ja => "変数どうしは|どう関連しているか",
        });
    }
    breaks(&match (up, down, lang) {
        (4, 0, Lang::En) => "All four pillars of SSI go with the profile score".to_owned(),
        (4, 0, Lang::Ja) => "4つの柱は|いずれも|得点と関連".to_owned(),
        (0, 4, Lang::En) => "All four pillars fall as the profile score rises".to_owned(),
        (0, 4, Lang::Ja) => "4つの柱は|いずれも、|得点が高いほど低い".to_owned(),
        (1, 0, Lang::En) => {
            format!("One pillar of SSI clearly rises with the profile score: {only}")
        }
        (1, 0, Lang::Ja) => format!("得点とともに|はっきり高くなる柱は|「{only}」だけ"),
        (0, 1, Lang::En) => {
            format!("One pillar of SSI clearly falls as the profile score rises: {only}")
        }
        (0, 1, Lang::Ja) => format!("得点が高いほど|はっきり低い柱は|「{only}」だけ"),
        (_, 0, Lang::En) if up > 0 => {
            format!("{up} of the 4 pillars of SSI clearly rise with the profile score")
        }
        (_, 0, Lang::Ja) if up > 0 => {
            format!("得点とともに|はっきり高くなる柱は|4つのうち{up}つ")
        }
        (0, _, Lang::En) if down > 0 => {
            format!("{down} of the 4 pillars of SSI clearly fall as the profile score rises")
        }
        (0, _, Lang::Ja) if down > 0 => {
            format!("得点が高いほど|はっきり低い柱は|4つのうち{down}つ")
        }
        (0, 0, Lang::En) => "No pillar of SSI clearly goes with the profile score".to_owned(),
        (0, 0, Lang::Ja) => "得点との関連が|はっきりしている柱は|ない".to_owned(),
        (_, _, Lang::En) => {
            format!("As the profile score rises, {up} of the 4 pillars rise and {down} fall")
        }
        (_, _, Lang::Ja) => format!("得点が高いほど、|{up}つの柱は高く、|{down}つの柱は低い"),
    })
}

/// How the pillars go with the score, as sentences, with the strongest clear correlation.
pub(crate) fn pillars(f: Findings<'_>, lang: Lang) -> Option<String> {
    let rows: Vec<_> = PILLARS
        .iter()
        .filter_map(|pillar| {
            let e = f.with_score(pillar)?;
            Some((*pillar, e.value?, e.interval.as_ref()?))
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let known = rows.len();
    let up = rows.iter().filter(|(_, _, i)| i.low > 0.0).count();
    let down = rows.iter().filter(|(_, _, i)| i.high < 0.0).count();
    let mut out: Vec<String> = Vec::new();
    if up > 0 {
        out.push(pillars_on_one_side(up, known, true, lang));
    }
    if down > 0 {
        out.push(pillars_on_one_side(down, known, false, lang));
    }
    let clear = rows.iter().filter(|(_, _, i)| i.low > 0.0 || i.high < 0.0);
    if let Some((strongest, r, interval)) = clear.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs())) {
        let name = plain(&short(lang, strongest));
        let (r, range) = (number::correlation(*r, lang), correlation_range(interval, lang));
        let level = number::level(interval.level.get());
        out.push(match lang {
            Lang::En => format!(
                "The strongest correlation is that of {name} (r = {r}, {level} CI {range})."
            ),
            Lang::Ja => {
                format!("最も強いのは「{name}」との相関です（r = {r}、{level}信頼区間 {range}）。")
            }
        });
    } else {
        out.push(match (lang, known) {
            (Lang::En, 4) => "For none of the four pillars does the interval exclude 0.".to_owned(),
            (Lang::En, _) => {
                format!("For none of the {known} pillars here does the interval exclude 0.")
            }
            (Lang::Ja, _) => {
                format!("{known}つの柱のいずれについても、信頼区間は 0 を含みます。")
            }
        });
    }
    Some(match lang {
        Lang::En => out.join(" "),
        Lang::Ja => out.concat(),
    })
}

/// For how many pillars the whole interval lies above (or below) 0.
fn pillars_on_one_side(n: usize, known: usize, above: bool, lang: Lang) -> String {
    let (side, sided) =
        if above { ("above", "上回りました") } else { ("below", "下回りました") };
    match (lang, n == known) {
        (Lang::En, true) if known > 1 => {
            format!("For all {known} pillars the interval lies {side} 0.")
        }
        (Lang::En, _) => format!("For {n} of {known} pillars the interval lies {side} 0."),
        (Lang::Ja, true) if known > 1 => {
            format!("{known}つの柱すべてで、信頼区間全体が 0 を{sided}。")
        }
        (Lang::Ja, _) => {
            format!("{known}つの柱のうち{n}つで、信頼区間全体が 0 を{sided}。")
        }
    }
}

/// How to read the matrix.
pub(crate) fn matrix(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "Rank correlations of every pair, each with its interval; in pale cells the interval includes 0. The contacts enter as ranks, with everyone shown as 500+ sharing the top rank. The p-values are adjusted for the number of pairs."
        }
        Lang::Ja => {
            "すべての組の順位相関係数と信頼区間です。色の薄いセルは、区間が 0 を含む組を表します。つながり数は順位として扱い、500+ と表示される人は全員同じ最上位としました。p 値には組の数に応じた多重性の調整を行っています。"
        }
    }
}
