//! People whose SSI was predicted, one by one, and the mean of all.

use super::{header, interval_header, note};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results, Scored};

/// The tables that the results hold.
pub(crate) fn scored(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let of = |e: &&Estimate| e.analysis == Analysis::Prediction;
    let rows: Vec<&Estimate> = results.estimates.iter().filter(of).collect();
    let people = (!results.scored.is_empty()).then(|| people(&results.scored, lang));
    people.into_iter().chain((!rows.is_empty()).then(|| population(&rows, lang))).collect()
}

fn points(value: f64) -> String {
    number::fixed(value, 1)
}

fn people(scored: &[Scored], lang: Lang) -> TableBlock {
    let level = scored.first().map_or(0.95, |one| one.conf_level.get());
    let with_level =
        |key: &'static str| (word(lang, key).replace("{level}", &number::level(level)), true);
    let columns = vec![
        header(lang, "header.row", true),
        header(lang, "header.group", false),
        header(lang, "header.score", true),
        header(lang, "header.predicted", true),
        with_level("header.single"),
        with_level("header.single_scaled"),
        header(lang, "header.extrapolation", false),
        header(lang, "header.note", false),
    ];
    let range = |ends: (Option<f64>, Option<f64>)| match ends {
        (Some(low), Some(high)) => number::range(&points(low), &points(high)),
        _ => String::new(),
    };
    let outside = |one: &Scored| if one.extrapolation { word(lang, "label.outside") } else { "" };
    let cells = scored
        .iter()
        .map(|one| {
            vec![
                one.row.to_string(),
                one.group.clone().unwrap_or_default(),
                one.score.map_or_else(|| UNDEFINED.to_owned(), |v| number::fixed(v, 2)),
                one.predicted.map_or_else(|| UNDEFINED.to_owned(), points),
                range((one.pred_low, one.pred_high)),
                range((one.scaled_low, one.scaled_high)),
                outside(one).to_owned(),
                one.note.map(|note| named(lang, "note", note.code())).unwrap_or_default(),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.scored").to_owned(), columns, cells)
}

fn population(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.method", false),
        header(lang, "header.group", false),
        header(lang, "header.estimate", true),
        interval_header(lang, rows),
        header(lang, "header.std_error", true),
        (word(lang, "label.people").to_owned(), true),
        header(lang, "header.known", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let interval = e.interval.as_ref();
            vec![
                named(lang, "method", &e.method),
                e.group.clone().unwrap_or_default(),
                e.value.map_or_else(|| UNDEFINED.to_owned(), points),
                interval
                    .map(|i| number::range(&points(i.low), &points(i.high)))
                    .unwrap_or_default(),
                e.std_error.map(|s| number::fixed(s, 2)).unwrap_or_default(),
                number::count(e.n_obs),
                known(&e.term).to_owned(),
                number::count(e.n_excluded),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.population").to_owned(), columns, cells)
}

/// The number in `mean(known=38)`.
fn known(term: &str) -> &str {
    term.strip_prefix("mean(known=").and_then(|rest| rest.strip_suffix(')')).unwrap_or_default()
}
