//! Sentences: a function per result, with one body per language.
//!
//! `|` in a Japanese sentence marks where a line may break; [`breaks`](crate::phrase::breaks)
//! turns it into a zero-width space.

pub(crate) mod answer;
pub(crate) mod claims;
pub(crate) mod correlation;
pub(crate) mod diagnostics;
pub(crate) mod items;
pub(crate) mod methods;
pub(crate) mod missing;
pub(crate) mod primary;
pub(crate) mod regression;
pub(crate) mod resampling;
pub(crate) mod sample;
pub(crate) mod sessions;
pub(crate) mod shape;
pub(crate) mod views;
pub(crate) mod warnings;

use crate::findings::Findings;
use crate::number;
use ssi_vocab::{Estimate, Interval, Lang};

/// A correlation's interval in brackets.
pub(crate) fn correlation_range(interval: &Interval, lang: Lang) -> String {
    number::range(
        &number::correlation(interval.low, lang),
        &number::correlation(interval.high, lang),
    )
}

/// An interval in SSI points, in brackets, with one decimal.
pub(crate) fn point_range(interval: &Interval) -> String {
    number::range(&number::fixed(interval.low, 1), &number::fixed(interval.high, 1))
}

/// A coefficient's interval with its kind, to stand in parentheses: `95% CI [2.6, 3.8], HC3`.
/// Without an interval there are no words.
pub(crate) fn coefficient_interval(f: Findings<'_>, e: &Estimate, lang: Lang) -> Option<String> {
    interval_words(f, e, &point_range(e.interval.as_ref()?), lang)
}

/// The same with the ends already written.
pub(crate) fn interval_words(
    f: Findings<'_>,
    e: &Estimate,
    ends: &str,
    lang: Lang,
) -> Option<String> {
    let level = number::level(e.interval.as_ref()?.level.get());
    let robust = e.vcov.as_deref() == Some("hc3");
    Some(match (robust, f.without_hc3(e), lang) {
        (true, _, Lang::En) => format!("{level} CI {ends}, HC3"),
        (true, _, Lang::Ja) => format!("頑健標準誤差による{level}信頼区間 {ends}"),
        (false, true, Lang::En) => format!("{level} CI {ends}, classical; HC3 not defined"),
        (false, true, Lang::Ja) => {
            format!("通常の標準誤差による{level}信頼区間 {ends}、HC3 は計算不能")
        }
        (false, false, Lang::En) => format!("{level} CI {ends}, classical"),
        (false, false, Lang::Ja) => format!("通常の標準誤差による{level}信頼区間 {ends}"),
    })
}

/// The kind of a coefficient's interval after the interval itself: `(95% CI, HC3)`.
pub(crate) fn interval_kind(f: Findings<'_>, e: &Estimate, lang: Lang) -> String {
    let level = f.level();
    let robust = e.vcov.as_deref() == Some("hc3");
    match (robust, f.without_hc3(e), lang) {
        (true, _, Lang::En) => format!("({level} CI, HC3)"),
        (true, _, Lang::Ja) => format!("（{level}信頼区間、HC3）"),
        (false, true, Lang::En) => format!("({level} CI, classical; HC3 not defined)"),
        (false, true, Lang::Ja) => {
            format!("（通常の標準誤差による|{level}信頼区間。|HC3 は計算不能）")
        }
        (false, false, Lang::En) => format!("({level} CI, classical)"),
        (false, false, Lang::Ja) => format!("（通常の標準誤差による|{level}信頼区間）"),
    }
}

/// Estimate, interval and n of a correlation: `r = .60, 95% CI [.50, .68], n = 200`.
pub(crate) fn facts(e: &Estimate, lang: Lang) -> String {
    let n = number::count(e.n_obs);
    let Some(value) = e.value else { return format!("n = {n}") };
    let r = number::correlation(value, lang);
    match (lang, &e.interval) {
        (Lang::En, Some(i)) => format!(
            "r = {r}, {} CI {}, n = {n}",
            number::level(i.level.get()),
            correlation_range(i, lang)
        ),
        (Lang::En, None) => format!("r = {r}, n = {n}"),
        (Lang::Ja, Some(i)) => format!(
            "相関係数 r = {r}、|{}信頼区間 {}、|n = {n}",
            number::level(i.level.get()),
            correlation_range(i, lang)
        ),
        (Lang::Ja, None) => format!("相関係数 r = {r}、|n = {n}"),
    }
}
