//! Sentences: a function per result, with one body per language.
//!
//! `|` in a Japanese sentence marks where a line may break; [`breaks`](crate::phrase::breaks)
//! turns it into a zero-width space.

pub(crate) mod answer;
pub(crate) mod claim;
pub(crate) mod correlation;
pub(crate) mod diagnostics;
pub(crate) mod items;
pub(crate) mod methods;
pub(crate) mod regression;
pub(crate) mod resampling;
pub(crate) mod sample;
pub(crate) mod warnings;

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
