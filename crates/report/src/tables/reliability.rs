//! A checklist as an instrument: the whole, its items, the graded response and the Rasch model, its
//! dimensions.

use super::agreement::{with_interval, with_level};
use super::{Naming, header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::number::{self, UNDEFINED};
use crate::terms::{named, word};
use ssi_vocab::{Analysis, Estimate, Lang, Results};

/// The tables that the results hold.
pub(crate) fn reliability(results: &Results, lang: Lang, naming: Naming) -> Vec<TableBlock> {
    let rows: Vec<&Estimate> =
        results.estimates.iter().filter(|e| e.analysis == Analysis::Reliability).collect();
    let of = |methods: &[&str]| -> Vec<&Estimate> {
        rows.iter().copied().filter(|e| methods.contains(&e.method.as_str())).collect()
    };
    let whole: Vec<&Estimate> = of(&WHOLE).into_iter().filter(|e| e.x.is_none()).collect();
    let each: Vec<&Estimate> = of(&["difficulty", "item_rest", "alpha", "item_outcome", "lmg"])
        .into_iter()
        .filter(|e| e.x.is_some())
        .collect();
    let tables = [
        (!whole.is_empty()).then(|| of_whole(&whole, lang)),
        (!each.is_empty()).then(|| of_items(&each, lang, naming)),
        Some(of(&["grm"])).filter(|own| !own.is_empty()).map(|own| of_model(&own, lang, naming)),
        Some(of(&["rasch", "infit", "outfit"]))
            .filter(|own| !own.is_empty())
            .map(|own| of_rasch(&own, lang, naming)),
        Some(of(&["eigenvalue", "parallel"]))
            .filter(|own| !own.is_empty())
            .map(|own| of_components(&own, lang)),
    ];
    tables.into_iter().flatten().collect()
}

const WHOLE: [&str; 5] = ["alpha", "omega", "separation", "andersen", "components"];

fn of_whole(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let tested = rows.iter().any(|e| e.test.is_some());
    let mut columns = vec![
        header(lang, "header.measure", false),
        header(lang, "header.group", false),
        header(lang, "header.estimate", true),
        interval_header(lang, rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    if tested {
        columns.insert(5, header(lang, "header.p", true));
    }
    let cells = rows.iter().map(|e| {
        let decimals = if e.method == "components" { 0 } else { 3 };
        let text = |value: f64| number::fixed(value, decimals);
        let ends = e.interval.as_ref();
        let mut cells = vec![
            named(lang, "method", &e.method),
            e.group.clone().unwrap_or_default(),
            e.value.map_or_else(|| UNDEFINED.to_owned(), text),
            ends.map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default(),
            e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default(),
            number::count(e.n_obs),
            number::count(e.n_excluded),
            note(e, lang),
        ];
        if tested {
            cells.insert(5, p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang));
        }
        cells
    });
    TableBlock::new(word(lang, "table.reliability").to_owned(), columns, cells.collect())
}

/// Rows side by side, a line for each item (and group).
fn lines(
    rows: &[&Estimate],
    of: &dyn Fn(&Estimate) -> String,
    columns: &[String],
    (lang, naming): (Lang, Naming),
) -> Vec<Vec<String>> {
    let mut keys: Vec<(&Option<String>, &Option<String>)> = Vec::new();
    for e in rows {
        if !keys.contains(&(&e.x, &e.group)) {
            keys.push((&e.x, &e.group));
        }
    }
    keys.into_iter()
        .map(|(x, group)| {
            let own: Vec<&&Estimate> =
                rows.iter().filter(|e| (&e.x, &e.group) == (x, group)).collect();
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let name = x.as_deref().map(|x| naming.variable(lang, x)).unwrap_or_default();
            let mut cells = vec![name, text(group)];
            cells.extend(columns.iter().map(|column| {
                let found = own.iter().find(|e| of(e) == *column);
                found.map_or_else(String::new, |e| with_interval(e))
            }));
            let most = own.iter().max_by_key(|e| e.n_obs);
            cells.push(most.map(|e| number::count(e.n_obs)).unwrap_or_default());
            let notes = own.iter().map(|e| note(e, lang));
            cells.push(notes.into_iter().find(|n| !n.is_empty()).unwrap_or_default());
            cells
        })
        .collect()
}

fn of_items(rows: &[&Estimate], lang: Lang, naming: Naming) -> TableBlock {
    let known = ["difficulty", "item_rest", "alpha", "item_outcome", "lmg"];
    let has = |method: &&&str| rows.iter().any(|e| e.method == **method);
    let methods: Vec<String> = known.iter().filter(has).map(|m| (*m).to_owned()).collect();
    let mut columns = vec![header(lang, "header.item", false), header(lang, "header.group", false)];
    columns.extend(methods.iter().map(|method| match method.as_str() {
        "alpha" => header(lang, "header.without", true),
        "lmg" => header(lang, "header.share", true),
        other => (named(lang, "method", other), true),
    }));
    columns.push(header(lang, "header.n", true));
    columns.push(header(lang, "header.note", false));
    let cells = lines(rows, &|e| e.method.clone(), &methods, (lang, naming));
    TableBlock::new(with_level(word(lang, "table.items_analysis"), rows), columns, cells)
}

fn of_model(rows: &[&Estimate], lang: Lang, naming: Naming) -> TableBlock {
    let kind = |e: &Estimate| e.term.split('(').next().unwrap_or_default().to_owned();
    let mut kinds: Vec<String> = rows.iter().map(|e| kind(e)).collect();
    kinds.sort();
    kinds.dedup();
    let mut columns = vec![header(lang, "header.item", false), header(lang, "header.group", false)];
    columns.extend(kinds.iter().map(|kind| match kind.strip_prefix('b') {
        Some(place) => (word(lang, "header.threshold").replace("{i}", place), true),
        None => header(lang, "header.discrimination", true),
    }));
    columns.push(header(lang, "header.n", true));
    columns.push(header(lang, "header.note", false));
    let cells = lines(rows, &kind, &kinds, (lang, naming));
    TableBlock::new(with_level(word(lang, "table.grm"), rows), columns, cells)
}

fn of_rasch(rows: &[&Estimate], lang: Lang, naming: Naming) -> TableBlock {
    let kind = |e: &Estimate| match e.method.as_str() {
        "rasch" => e.term.split('(').next().unwrap_or_default().to_owned(),
        other => other.to_owned(),
    };
    let mut kinds: Vec<String> = rows.iter().map(|e| kind(e)).collect();
    // Thresholds first: d1, d2, …, then infit and outfit.
    kinds.sort_by_key(|kind| (kind.ends_with("fit"), kind.len(), kind.clone()));
    kinds.dedup();
    let mut columns = vec![header(lang, "header.item", false), header(lang, "header.group", false)];
    columns.extend(kinds.iter().map(|kind| match kind.strip_prefix('d') {
        Some(place) => (word(lang, "header.step").replace("{i}", place), true),
        None => (named(lang, "method", kind), true),
    }));
    columns.push(header(lang, "header.n", true));
    columns.push(header(lang, "header.note", false));
    let cells = lines(rows, &kind, &kinds, (lang, naming));
    TableBlock::new(with_level(word(lang, "table.rasch"), rows), columns, cells)
}

fn of_components(rows: &[&Estimate], lang: Lang) -> TableBlock {
    let columns = vec![
        header(lang, "header.component", false),
        header(lang, "header.group", false),
        (named(lang, "method", "eigenvalue"), true),
        (named(lang, "method", "parallel"), true),
    ];
    let first = rows.iter().filter(|e| e.method == "eigenvalue");
    let cells = first.map(|e| {
        let same =
            |o: &&&Estimate| o.method == "parallel" && o.term == e.term && o.group == e.group;
        let text = |value: Option<f64>| value.map(|v| number::fixed(v, 3)).unwrap_or_default();
        let place = e.term.rsplit(' ').next().unwrap_or_default().to_owned();
        let by_chance = rows.iter().find(same).and_then(|o| o.value);
        vec![place, e.group.clone().unwrap_or_default(), text(e.value), text(by_chance)]
    });
    TableBlock::new(word(lang, "table.components").to_owned(), columns, cells.collect())
}
