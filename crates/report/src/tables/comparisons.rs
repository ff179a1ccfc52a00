//! Comparisons of groups: a row a measure, estimate and interval before the test.

use super::{header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results};

/// All comparisons of groups, if there are any.
pub(crate) fn comparisons(results: &Results, lang: Lang) -> Option<TableBlock> {
    let rows: Vec<&Estimate> =
        results.estimates.iter().filter(|e| e.analysis == Analysis::Groups).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        header(lang, "header.method", false),
        header(lang, "header.group", false),
        header(lang, "header.measure", false),
        header(lang, "header.estimate", true),
        interval_header(lang, &rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.statistic", true),
        header(lang, "header.df", true),
        header(lang, "header.p", true),
        header(lang, "header.p_method", false),
        header(lang, "header.p_holm", true),
        header(lang, "header.p_bh", true),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let (interval, test) = (e.interval.as_ref(), e.test.as_ref());
            let text = |value: f64| shown(e, value, lang);
            vec![
                named(lang, "method", &e.method),
                e.group.clone().unwrap_or_default(),
                named(lang, "measure", &e.term),
                e.value.map_or_else(|| UNDEFINED.to_owned(), text),
                interval.map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default(),
                e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default(),
                test.and_then(|t| t.statistic).map(statistic).unwrap_or_default(),
                degrees(e),
                p_cell(test.map(|t| t.p_value.get()), lang),
                e.p_method().map(|m| named(lang, "test", m)).unwrap_or_default(),
                p_cell(test.and_then(|t| t.p_holm).map(|p| p.get()), lang),
                p_cell(test.and_then(|t| t.p_bh).map(|p| p.get()), lang),
                number::count(e.n_obs),
                number::count(e.n_excluded),
                note(e, lang),
            ]
        })
        .collect();
    Some(TableBlock::new(word(lang, "table.group_comparisons").to_owned(), columns, cells))
}

/// Shares and correlations with three decimals; a difference with those of its standard error or
/// of its interval's width.
fn shown(e: &Estimate, value: f64, lang: Lang) -> String {
    match e.term.as_str() {
        "mean_difference" | "shift" => {
            let width = e.interval.as_ref().map_or(0.0, |i| (i.high - i.low) / 4.0);
            number::with_decimals(value, number::decimals(e.std_error.unwrap_or(width), 2))
        }
        "cohens_d" | "hedges_g" => number::fixed(value, 3),
        _ => number::correlation_to(value, 3, lang),
    }
}

fn statistic(value: f64) -> String {
    if value.abs() < 1e7 { number::fixed(value, 2) } else { number::general(value) }
}

/// `2, 57`; Welch's are not whole.
fn degrees(e: &Estimate) -> String {
    let Some(test) = &e.test else { return String::new() };
    let one = |df: f64| number::fixed(df, usize::from(df.fract() != 0.0));
    test.df.into_iter().chain(test.df2).map(one).collect::<Vec<_>>().join("; ")
}
