//! Correlations by several methods, the pillars, and the matrix.

use super::{correlation_range, facts};
use crate::findings::{Findings, PILLARS, WITHOUT_BRAND};
use crate::number;
use crate::phrase::{breaks, plain};
use crate::terms::short;
use ssi_vocab::Lang;

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

/// Why SSI without Brand is looked at.
pub(crate) fn why_without_brand(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "SSI is the sum of four pillars. The first, Brand, itself counts how complete a profile is, so part of the association is there by construction. SSI − Brand, the sum of the other three pillars, leaves that part out."
        }
        Lang::Ja => {
            "SSI は4つの柱の合計です。このうち「ブランド」の柱はプロフィールの充実度そのものを数えるため、関連の一部は指標の作り方から生じます。残る3つの柱の合計である「SSI − ブランド」では、その部分が除かれます。"
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

/// Which pillars have an interval above 0, and which of them goes with the score most.
pub(crate) struct PillarCount {
    /// Pillars whose correlation with the score is known.
    known: usize,
    /// Those with an interval above 0.
    up: usize,
    /// The largest correlation among them, by short name.
    most: Option<&'static str>,
}

/// Counts the pillars that go with the score, from `(pillar, r, lower end)`.
pub(crate) fn count_pillars(rows: impl Iterator<Item = (&'static str, f64, f64)>) -> PillarCount {
    let (mut known, mut up, mut best): (usize, usize, Option<(&str, f64)>) = (0, 0, None);
    for (pillar, r, low) in rows {
        known += 1;
        if low > 0.0 {
            up += 1;
            if best.is_none_or(|(_, b)| r > b) {
                best = Some((pillar, r));
            }
        }
    }
    PillarCount { known, up, most: best.map(|(pillar, _)| pillar) }
}

/// The finding about the pillars, as a title.
pub(crate) fn pillars_title(count: &PillarCount, lang: Lang) -> String {
    let most = count.most.map(|pillar| plain(&short(lang, pillar))).unwrap_or_default();
    let all = count.known == PILLARS.len();
    breaks(&match (count.up, all, lang) {
        (4, true, Lang::En) => {
            format!("All four pillars of SSI go with the profile score, {most} most")
        }
        (4, true, Lang::Ja) => {
            format!("4つの柱は|いずれも|得点と|関連し、|最も強いのは|「{most}」")
        }
        (1, true, Lang::En) => {
            format!("One pillar of SSI clearly goes with the profile score: {most}")
        }
        (1, true, Lang::Ja) => format!("得点との|関連が|はっきりしている柱は|「{most}」だけ"),
        (up @ (2 | 3), true, Lang::En) => {
            format!("{up} of the 4 pillars of SSI clearly go with the profile score, {most} most")
        }
        (up @ (2 | 3), true, Lang::Ja) => {
            format!(
                "得点との|関連が|はっきりしている柱は|4つのうち{up}つ、|最も強いのは|「{most}」"
            )
        }
        (0, true, Lang::En) => "No pillar of SSI clearly rises with the profile score".to_owned(),
        (0, true, Lang::Ja) => "得点とともに|はっきり高くなる柱は|みられない".to_owned(),
        (_, _, Lang::En) => "How do the variables go together?".to_owned(),
        (_, _, Lang::Ja) => "変数どうしは|どう関連しているか".to_owned(),
    })
}

/// How the pillars go with the score, as a sentence with the range of their correlations.
pub(crate) fn pillars(f: Findings<'_>, lang: Lang) -> Option<String> {
    let rows: Vec<_> = PILLARS
        .iter()
        .filter_map(|pillar| {
            let e = f.with_score(pillar)?;
            Some((*pillar, e.value?, e.interval.as_ref()?))
        })
        .collect();
    let (strongest, r, interval) = rows.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let name = plain(&short(lang, strongest));
    let (r, range) = (number::correlation(*r, lang), correlation_range(interval, lang));
    let level = number::level(interval.level.get());
    let up = rows.iter().filter(|(_, _, i)| i.low > 0.0).count();
    let known = rows.len();
    Some(match (lang, up == known) {
        (Lang::En, true) => format!(
            "For all {known} pillars the interval lies above 0. The largest correlation is that of {name} (r = {r}, {level} CI {range})."
        ),
        (Lang::En, false) => format!(
            "For {up} of {known} pillars the interval lies above 0. The largest correlation is that of {name} (r = {r}, {level} CI {range})."
        ),
        (Lang::Ja, true) => format!(
            "{known}つの柱すべてで、信頼区間全体が 0 を上回りました。最も強いのは「{name}」との相関です（r = {r}、{level}信頼区間 {range}）。"
        ),
        (Lang::Ja, false) => format!(
            "信頼区間全体が 0 を上回ったのは、{known}つの柱のうち{up}つでした。最も強いのは「{name}」との相関です（r = {r}、{level}信頼区間 {range}）。"
        ),
    })
}

/// How to read the matrix.
pub(crate) fn matrix(lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            "Rank correlations of every pair, each with its interval; in pale cells the interval holds 0. The contacts enter as ranks, with everyone shown as 500+ sharing the top rank. The p-values are adjusted for the number of pairs."
        }
        Lang::Ja => {
            "すべての組の順位相関係数と信頼区間です。色の薄いセルは、区間が 0 を含む組を表します。つながり数は順位として扱い、500+ と表示される人は全員同じ最上位としました。p 値には組の数に応じた多重性の調整を行っています。"
        }
    }
}
