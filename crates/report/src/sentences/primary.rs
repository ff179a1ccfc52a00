//! The verdict on claim C7, and exactly why.

use crate::findings::{Findings, WITHOUT_BRAND};
use crate::number::{self, correlation_beside, correlation_to};
use crate::phrase::spaced;
use crate::terms::{named, variable};
use ssi_vocab::{Claim, Interval, Lang, Verdict};

/// The claim and the verdict in one sentence.
pub(crate) fn verdict(f: Findings<'_>, claim: &Claim, lang: Lang) -> String {
    let verdict = named(lang, "verdict", claim.verdict.code());
    let (x, y) = (f.x(lang), f.y(lang));
    let decided = match (f.synthetic(), lang) {
        (false, Lang::En) => format!("Verdict: {verdict}."),
        (false, Lang::Ja) => format!("判定：{verdict}。"),
        (true, Lang::En) => format!(
            "In these synthetic data: {verdict}. This shows how the rule works; it is no evidence for or against the claim."
        ),
        (true, Lang::Ja) => format!(
            "合成データでの判定：{verdict}（判定規則の動作例であり、主張の証拠にも反証にもなりません）。"
        ),
    };
    match (f.is_score_and_ssi(), lang) {
        (true, Lang::En) => format!(
            "{decided} The claim of the original article, as it is tested here: the higher the profile score, the clearly higher the SSI."
        ),
        (true, Lang::Ja) => format!(
            "{decided}検証する元の記事の主張は「プロフィール得点が高いほど SSI も明らかに高い」です。"
        ),
        (false, Lang::En) => {
            format!("{decided} The claim tested: the higher {x}, the clearly higher {y}.")
        }
        (false, Lang::Ja) => {
            spaced(&format!("{decided}検証する主張は「{x}が高いほど{y}も明らかに高い」です。"))
        }
    }
}

/// The rule, what was compared with it, and that the threshold is a judgement.
pub(crate) fn why(f: Findings<'_>, claim: &Claim, lang: Lang) -> Vec<String> {
    if claim.verdict == Verdict::NotTestable {
        return vec![needs(claim.needs.as_deref(), lang)];
    }
    let Some(threshold) = claim.threshold else { return Vec::new() };
    let mut out = vec![rule(threshold, &f.level(), lang)];
    if let Some(interval) = f.primary().and_then(|e| e.interval.as_ref()) {
        out.push(comparison(claim.verdict, interval, threshold, lang));
        if interval.high < 0.0 {
            out.push(clear_but_negative(lang).to_owned());
        }
    }
    let without = f.with_score(WITHOUT_BRAND);
    if let Some((r, interval)) = without.and_then(|e| Some((e.value?, e.interval.as_ref()?))) {
        out.push(without_brand(claim.verdict, r, interval, threshold, lang));
    }
    out
}

/// What “contradicted” would hide: a clear correlation in the other direction.
fn clear_but_negative(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "The correlation is clear but negative.",
        Lang::Ja => "相関は明らかですが、負の方向です。",
    }
}

pub(super) fn needs(column: Option<&str>, lang: Lang) -> String {
    match (column, lang) {
        (Some(column), Lang::En) => {
            format!("These data can't answer it: the column {} is missing.", variable(lang, column))
        }
        (Some(column), Lang::Ja) => {
            format!("このデータでは判定できません。必要な列は「{}」です。", variable(lang, column))
        }
        (None, Lang::En) => "These data can't answer it.".to_owned(),
        (None, Lang::Ja) => "このデータでは判定できません。".to_owned(),
    }
}

fn rule(threshold: f64, level: &str, lang: Lang) -> String {
    let t = correlation_to(threshold, 2, lang);
    match lang {
        Lang::En => format!(
            "The rule was fixed in the plan before the data were read: supported if the whole {level} interval of Pearson's r (Fisher z) lies above {t}, contradicted if it lies below, inconclusive if it includes {t}. The threshold is a judgement; another plan can set another."
        ),
        Lang::Ja => format!(
            "判定規則は、データを読む前に解析計画で定めたものです。ピアソンの相関係数の{level}信頼区間（フィッシャーの z 変換）全体が {t} を上回れば「支持」、下回れば「否定」、区間が {t} を含めば「判断保留」とします。{t} という基準は絶対的なものではなく、解析計画で変更できます。"
        ),
    }
}

fn comparison(verdict: Verdict, interval: &Interval, threshold: f64, lang: Lang) -> String {
    let t = correlation_to(threshold, 2, lang);
    let range = number::range(
        &correlation_beside(interval.low, threshold, lang),
        &correlation_beside(interval.high, threshold, lang),
    );
    match (verdict, lang) {
        (Verdict::Supported, Lang::En) => {
            format!("Here the interval is {range}: all of it lies above {t}.")
        }
        (Verdict::Supported, Lang::Ja) => {
            format!("今回の区間は {range} で、全体が {t} を上回っています。")
        }
        (Verdict::Contradicted, Lang::En) => {
            format!("Here the interval is {range}: all of it lies below {t}.")
        }
        (Verdict::Contradicted, Lang::Ja) => {
            format!("今回の区間は {range} で、全体が {t} を下回っています。")
        }
        (_, Lang::En) => format!("Here the interval is {range}: it includes {t}."),
        (_, Lang::Ja) => format!("今回の区間は {range} で、{t} を含んでいます。"),
    }
}

fn without_brand(
    verdict: Verdict,
    r: f64,
    interval: &Interval,
    threshold: f64,
    lang: Lang,
) -> String {
    let t = correlation_to(threshold, 2, lang);
    let r = number::correlation(r, lang);
    let range = number::range(
        &correlation_beside(interval.low, threshold, lang),
        &correlation_beside(interval.high, threshold, lang),
    );
    let level = number::level(interval.level.get());
    let above = interval.low > threshold;
    let carries = !above && verdict == Verdict::Supported;
    match (lang, above, carries) {
        (Lang::En, true, _) => format!(
            "Without the Brand pillar, which counts profile completeness itself, the correlation is r = {r}, {level} CI {range}: its interval lies above {t}."
        ),
        (Lang::En, false, true) => format!(
            "Without the Brand pillar, which counts profile completeness itself, the correlation is r = {r}, {level} CI {range}: its lower end does not pass {t}, so the Brand pillar may carry the result."
        ),
        (Lang::En, false, false) => format!(
            "Without the Brand pillar, which counts profile completeness itself, the correlation is r = {r}, {level} CI {range}."
        ),
        (Lang::Ja, true, _) => format!(
            "プロフィールの充実度そのものを評価する「ブランド」の柱を除くと、相関係数は r = {r}（{level}信頼区間 {range}）で、区間全体が {t} を上回っています。"
        ),
        (Lang::Ja, false, true) => format!(
            "プロフィールの充実度そのものを評価する「ブランド」の柱を除くと、相関係数は r = {r}（{level}信頼区間 {range}）となり、下限は {t} を超えません。結果の大部分が「ブランド」の柱による可能性があります。"
        ),
        (Lang::Ja, false, false) => format!(
            "プロフィールの充実度そのものを評価する「ブランド」の柱を除くと、相関係数は r = {r}（{level}信頼区間 {range}）です。"
        ),
    }
}
