//! What `ssi fit` shows of a model beyond its coefficients, and what it expects at chosen values.

use super::{header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, quantity, word};
use ssi_vocab::{Analysis, Calibration, Estimate, Lang, Results};

/// The tables that the results hold.
pub(crate) fn model_details(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let table = |rows: &[Estimate], key: &'static str| {
        (!rows.is_empty()).then(|| estimates(rows, word(lang, key).to_owned(), lang))
    };
    let (_, measures): (Vec<Estimate>, Vec<Estimate>) =
        results.measures.iter().cloned().partition(|row| row.analysis == Analysis::Necessity);
    let measures = table(&measures, "table.measures");
    let predictions = table(&results.predictions, "table.predictions");
    let dependence = table(&results.dependence, "table.dependence");
    let calibration = (!results.calibration.is_empty()).then(|| groups(&results.calibration, lang));
    measures.into_iter().chain(calibration).chain(predictions).chain(dependence).collect()
}

/// Events expected and observed: a row a group of risk.
fn groups(all: &[Calibration], lang: Lang) -> TableBlock {
    let level = all.iter().flat_map(|c| &c.bins).map(|bin| number::level(bin.conf_level)).next();
    let interval = word(lang, "header.interval").replace("{level}", &level.unwrap_or_default());
    let columns = vec![
        header(lang, "header.risk", false),
        header(lang, "header.group", false),
        header(lang, "header.expected", true),
        header(lang, "header.events", true),
        header(lang, "header.observed", true),
        (interval, true),
        header(lang, "header.interval_method", false),
    ];
    let share = |v: f64| number::fixed(v, 3);
    let rows = all.iter().flat_map(|c| c.bins.iter().map(move |bin| (c, bin)));
    let cells = rows
        .map(|(calibration, bin)| {
            let events = bin.n_obs as f64 * bin.expected;
            vec![
                format!("{}–{}", share(bin.from), share(bin.to)),
                calibration.group.clone().unwrap_or_default(),
                number::fixed(events, 1),
                format!("{} / {}", number::count(bin.events), number::count(bin.n_obs)),
                share(bin.observed),
                number::range(&share(bin.conf_low), &share(bin.conf_high)),
                named(lang, "interval", &bin.conf_method),
            ]
        })
        .collect();
    TableBlock::new(word(lang, "table.calibration").to_owned(), columns, cells)
}

/// A row an estimate, with its interval's name.
fn estimates(rows: &[Estimate], caption: String, lang: Lang) -> TableBlock {
    let shown: Vec<&Estimate> = rows.iter().collect();
    let columns = vec![
        header(lang, "header.term", false),
        header(lang, "header.group", false),
        header(lang, "header.estimate", true),
        interval_header(lang, &shown),
        header(lang, "header.interval_method", false),
        header(lang, "header.p", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let text = |v: f64| number::general(v);
            let interval = e.interval.as_ref();
            vec![
                label(e, lang),
                e.group.clone().unwrap_or_default(),
                e.value.map_or_else(|| UNDEFINED.to_owned(), text),
                interval.map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default(),
                interval.map(|i| named(lang, "interval", &i.method)).unwrap_or_default(),
                p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(caption, columns, cells)
}

/// A measure's name in words; a prediction's values with those that were held in parentheses.
fn label(e: &Estimate, lang: Lang) -> String {
    match e.controls.as_slice() {
        [] => match e.analysis {
            Analysis::Prediction => shortened(&e.term),
            _ => quantity(lang, &e.term),
        },
        held => {
            let held: Vec<String> = held.iter().map(|value| shortened(value)).collect();
            match lang {
                Lang::En => format!("{} ({})", shortened(&e.term), held.join(", ")),
                Lang::Ja => format!("{}（{}）", shortened(&e.term), held.join("、")),
            }
        }
    }
}

/// `x = 6.909561752988048` with as many digits as a reader takes in.
fn shortened(place: &str) -> String {
    match place.rsplit_once(" = ") {
        Some((name, value)) => match value.parse::<f64>() {
            Ok(number) => format!("{name} = {}", number::general(number)),
            Err(_) => place.to_owned(),
        },
        None => place.to_owned(),
    }
}
