//! Agreement between raters: totals a row a measure, items a row an item, kappas a row a pair.

use super::{header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results};

/// The tables that the results hold.
pub(crate) fn agreement(results: &Results, lang: Lang) -> Vec<TableBlock> {
    let rows: Vec<&Estimate> =
        results.estimates.iter().filter(|e| e.analysis == Analysis::Agreement).collect();
    let is = |e: &&Estimate, methods: &[&str]| methods.contains(&e.method.as_str());
    let pairs: Vec<&Estimate> =
        rows.iter().copied().filter(|e| is(e, &["kappa", "weighted_kappa"])).collect();
    // A column is measured or sorted into categories: only the latter have a coefficient of Gwet.
    let sorted = |e: &&Estimate| {
        let of = |row: &&Estimate| row.x == e.x && row.group == e.group;
        rows.iter().any(|row| of(row) && is(row, &["gwet_ac1"]))
    };
    let items: Vec<&Estimate> = rows
        .iter()
        .copied()
        .filter(|e| is(e, &["krippendorff", "gwet_ac1", "gwet_ac2"]) && sorted(e))
        .collect();
    let own = |e: &&Estimate| !is(e, &["kappa", "weighted_kappa"]) && !items.contains(e);
    let totals: Vec<&Estimate> = rows.iter().copied().filter(own).collect();
    let mut out = Vec::new();
    if !totals.is_empty() {
        out.push(listed(&totals, lang));
    }
    if !items.is_empty() {
        out.push(side_by_side(&items, "table.agreement_items", false, lang));
    }
    if !pairs.is_empty() {
        out.push(side_by_side(&pairs, "table.agreement_pairs", true, lang));
    }
    out
}

/// What a row is called: the method, with the distance or weights that its term begins with, or
/// which of several numbers of the method it is.
fn measure(e: &Estimate, lang: Lang) -> String {
    let method = named(lang, "method", &e.method);
    let kind = match e.method.as_str() {
        "bland_altman" => Some(e.term.as_str()),
        _ => e.term.split_once('(').map(|(kind, _)| kind),
    };
    match kind.map(|kind| named(lang, "agreement", kind)) {
        None => method,
        Some(kind) if lang == Lang::Ja => format!("{method}（{kind}）"),
        Some(kind) => format!("{method} ({kind})"),
    }
}

fn listed(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.rated", false),
        header(lang, "header.group", false),
        header(lang, "header.measure", false),
        header(lang, "header.raters", false),
        header(lang, "header.estimate", true),
        interval_header(lang, rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.p", true),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    let cells = rows.iter().map(|e| {
        let ends = e.interval.as_ref();
        vec![
            e.x.clone().unwrap_or_default(),
            e.group.clone().unwrap_or_default(),
            measure(e, lang),
            e.y.clone().unwrap_or_default(),
            e.value.map_or_else(|| UNDEFINED.to_owned(), three),
            ends.map(|i| number::range(&three(i.low), &three(i.high))).unwrap_or_default(),
            e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default(),
            p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang),
            number::count(e.n_obs),
            number::count(e.n_excluded),
            note(e, lang),
        ]
    });
    TableBlock::new(word(lang, "table.agreement").to_owned(), columns, cells.collect())
}

fn three(value: f64) -> String {
    number::fixed(value, 3)
}

/// A row for each item (and pair of raters), a column for each measure: `.81 [.70, .92]`.
fn side_by_side(
    rows: &[&Estimate],
    caption: &'static str,
    of_pairs: bool,
    lang: Lang,
) -> TableBlock {
    let mut measures: Vec<String> = Vec::new();
    let mut keys: Vec<(&Option<String>, &Option<String>, &Option<String>)> = Vec::new();
    for e in rows {
        let (name, key) = (measure(e, lang), (&e.x, &e.group, &e.y));
        if !measures.contains(&name) {
            measures.push(name);
        }
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut columns =
        vec![header(lang, "header.rated", false), header(lang, "header.group", false)];
    if of_pairs {
        columns.push(header(lang, "header.raters", false));
    }
    columns.extend(measures.iter().map(|name| (name.clone(), true)));
    columns.push(header(lang, "header.n", true));
    columns.push(header(lang, "header.excluded", true));
    columns.push(header(lang, "header.note", false));
    let cells = keys.iter().map(|(x, group, y)| {
        let own: Vec<&&Estimate> =
            rows.iter().filter(|e| (&e.x, &e.group, &e.y) == (*x, *group, *y)).collect();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let mut cells = vec![text(x), text(group)];
        if of_pairs {
            cells.push(text(y));
        }
        cells.extend(measures.iter().map(|name| {
            let found = own.iter().find(|e| measure(e, lang) == *name);
            found.map_or_else(String::new, |e| with_interval(e))
        }));
        cells.push(own.first().map(|e| number::count(e.n_obs)).unwrap_or_default());
        cells.push(own.first().map(|e| number::count(e.n_excluded)).unwrap_or_default());
        cells.push(own.iter().map(|e| note(e, lang)).find(|n| !n.is_empty()).unwrap_or_default());
        cells
    });
    TableBlock::new(with_level(word(lang, caption), rows), columns, cells.collect())
}

/// A caption with the level of the intervals in its cells.
pub(super) fn with_level(caption: &str, rows: &[&Estimate]) -> String {
    let level = rows.iter().find_map(|e| e.interval.as_ref()).map_or(0.95, |i| i.level.get());
    caption.replace("{level}", &number::level(level))
}

/// `0.81 [0.70, 0.92]`.
pub(super) fn with_interval(e: &Estimate) -> String {
    let two = |value: f64| number::fixed(value, 2);
    match (e.value, &e.interval) {
        (None, _) => UNDEFINED.to_owned(),
        (Some(value), None) => two(value),
        (Some(value), Some(i)) => {
            format!("{} {}", two(value), number::range(&two(i.low), &two(i.high)))
        }
    }
}
