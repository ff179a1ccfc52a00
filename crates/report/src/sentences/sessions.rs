//! Whether respondents of one session resemble each other, and what that changes.

use crate::findings::Findings;
use crate::number;
use crate::phrase::spaced;
use crate::terms::variable;
use ssi_vocab::{Estimate, Lang};

/// The model of how alike respondents of a session are.
const SESSIONS: &str = "sessions";

/// A row of that model: `icc`, `design_effect`.
pub(crate) fn alike<'a>(f: Findings<'a>, term: &str) -> Option<&'a Estimate> {
    f.results.estimates.iter().find(|e| e.model.as_deref() == Some(SESSIONS) && e.term == term)
}

/// The slope with errors of whole sessions.
pub(crate) fn slope(f: Findings<'_>) -> Option<&Estimate> {
    let x = f.pair().0;
    f.results.estimates.iter().find(|e| {
        let robust = e.vcov.as_deref().is_some_and(|vcov| vcov.starts_with("cr2:"));
        robust && e.model.as_deref() == Some("main") && e.term == x
    })
}

/// How alike they are, what that costs a mean, and that a correlation hardly notices.
pub(crate) fn explained(f: Findings<'_>, lang: Lang) -> Option<String> {
    let (icc, effect) = (alike(f, "icc")?, alike(f, "design_effect")?);
    let column = variable(lang, icc.x.as_deref().unwrap_or_default());
    let icc_text = number::correlation(icc.value?, lang);
    let range = icc.interval.as_ref().map(|i| {
        let ends = [i.low, i.high].map(|v| number::correlation(v, lang));
        let level = number::level(i.level.get());
        match lang {
            Lang::En => format!(", {level} CI {}", number::range(&ends[0], &ends[1])),
            Lang::Ja => format!("、{level}信頼区間 {}", number::range(&ends[0], &ends[1])),
        }
    });
    let (range, effect) = (range.unwrap_or_default(), number::fixed(effect.value?, 2));
    let y = f.y(lang);
    Some(match lang {
        Lang::En => format!(
            "Respondents of one group ({column}) may resemble each other. How much of the variance of {y} lies between groups is the intraclass correlation, {icc_text}{range}. A mean over all respondents then varies {effect} times as much as over independent ones (design effect); correlations and slopes are far less affected. The table has them with whole groups as the independent units, beside the usual intervals."
        ),
        Lang::Ja => spaced(&format!(
            "同じグループ（{column}）の回答者は互いに似ている可能性があります。{y}の分散のうちグループ間の割合（級内相関係数）は {icc_text}（{}）です。全体の平均の分散は、互いに独立な場合の {effect} 倍になります（デザイン効果）。相関係数や傾きへの影響はこれよりずっと小さくなります。表では、グループ全体を独立な単位とした場合の区間を、通常の区間と並べて示します。",
            range.trim_start_matches('、')
        )),
    })
}
