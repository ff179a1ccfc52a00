//! Descriptions, correlations, coefficients: a row an estimate or a term.

use super::{Naming, header, interval_header, note, p_cell};
use crate::blocks::TableBlock;
use crate::findings::{Findings, pair};
use crate::number::{self, UNDEFINED};
use crate::terms::{group, named, short, term, word};
use ssi_vocab::{Analysis, Estimate, Interval, Lang, Results};
use std::collections::{HashMap, HashSet};

/// A described column and its group.
type Key<'e> = (&'e str, Option<&'e str>);

/// One row a described column, one column a statistic; after the mean a column for each of its
/// intervals.
pub(crate) fn description(results: &Results, lang: Lang, naming: Naming) -> Option<TableBlock> {
    // A study describes groups only where a claim is about one; they stand with the claim.
    let told = |e: &&Estimate| naming == Naming::Literal || e.group.is_none();
    let described = results.estimates.iter().filter(|e| e.analysis == Analysis::Description);
    let rows: Vec<&Estimate> = described.filter(told).collect();
    let mut statistics: Vec<&str> = Vec::new();
    // The estimates of each column and group: a table may have thousands of columns.
    let mut described: Vec<(Key<'_>, Vec<&Estimate>)> = Vec::new();
    let mut places: HashMap<Key<'_>, usize> = HashMap::new();
    // Shape belongs to `ssi describe`; a page has room for place and width.
    let shape = |e: &&Estimate| matches!(e.method.as_str(), "skewness" | "kurtosis" | "lag1");
    for e in rows.iter().copied().filter(|e| naming == Naming::Literal || !shape(e)) {
        if !statistics.contains(&e.method.as_str()) {
            statistics.push(&e.method);
        }
        let key = (e.term.as_str(), e.group.as_deref());
        let place = *places.entry(key).or_insert(described.len());
        if place == described.len() {
            described.push((key, Vec::new()));
        }
        described[place].1.push(e);
    }
    if rows.is_empty() {
        return None;
    }
    let mut columns =
        vec![header(lang, "header.variable", false), header(lang, "header.group", false)];
    let means: Vec<&Estimate> = rows.iter().copied().filter(|e| e.method == "mean").collect();
    let shown = |interval: &&str| {
        means.iter().filter_map(|e| e.interval.as_ref()).any(|i| i.method == *interval)
    };
    // A mean with nothing but its t interval leaves that to its row in JSON.
    let intervals = if shown(&"hall") { &["t", "hall"][..] } else { &[] };
    for statistic in &statistics {
        columns.push((named(lang, "statistic", statistic), true));
        if *statistic == "mean" {
            columns.extend(intervals.iter().map(|name| interval_header_of(lang, &means, name)));
        }
    }
    let cells = described.iter().map(|((name_of, group), own)| {
        let find = |statistic: &str| own.iter().find(|e| e.method == statistic);
        let sd = find("sd").and_then(|e| e.value).unwrap_or(0.0);
        let digits = number::decimals(sd, 3);
        let mut row =
            vec![naming.variable(lang, name_of), group.map(str::to_owned).unwrap_or_default()];
        let text = |v: f64| number::with_decimals(v, digits);
        let range = |name: &&str| {
            let means = own.iter().filter(|e| e.method == "mean");
            let mut found = means.filter_map(|e| e.interval.as_ref());
            let found = found.find(|i| i.method == *name);
            found.map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default()
        };
        for statistic in &statistics {
            row.push(match (find(statistic).and_then(|e| e.value), *statistic) {
                (None, _) => UNDEFINED.to_owned(),
                (Some(value), "n" | "missing") => number::fixed(value, 0),
                (Some(value), "skewness" | "kurtosis" | "lag1") => number::fixed(value, 2),
                (Some(value), _) => text(value),
            });
            if *statistic == "mean" {
                row.extend(intervals.iter().map(range));
            }
        }
        row
    });
    let rows = cells.collect();
    Some(TableBlock::new(word(lang, "table.description").to_owned(), columns, rows))
}

/// What the first column of a table of correlations says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    /// Both variables.
    Pair,
    /// The one that is not the score.
    Partner,
    /// Nothing: the whole table is about one pair.
    None,
}

/// A row a correlation: estimate and interval before p. `beside` gives the jackknife's interval
/// where it has a column of its own.
pub(crate) fn correlations<'a>(
    rows: &[&'a Estimate],
    beside: &dyn Fn(&'a Estimate) -> Option<&'a Interval>,
    first: First,
    caption: String,
    lang: Lang,
    naming: Naming,
) -> TableBlock {
    let columns = vec![
        match first {
            First::Partner => header(lang, "header.with", false),
            _ => header(lang, "header.pair", false),
        },
        header(lang, "header.group", false),
        header(lang, "header.controls", false),
        header(lang, "header.method", false),
        header(lang, "header.estimate", true),
        interval_header(lang, rows),
        jackknife_header(lang, rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.p", true),
        header(lang, "header.p_method", false),
        header(lang, "header.p_holm", true),
        header(lang, "header.p_bh", true),
        header(lang, "header.n", true),
        header(lang, "header.excluded", true),
        header(lang, "header.note", false),
    ];
    let named_pair = |e: &Estimate| match (first, pair(e), naming) {
        (First::None, _, _) => String::new(),
        (First::Partner, Some((_, y)), _) => naming.variable(lang, y),
        (First::Pair, Some((x, y)), Naming::Worded) => {
            format!("{} – {}", short(lang, x), short(lang, y))
        }
        _ => e.term.clone(),
    };
    let cells = rows
        .iter()
        .map(|e| {
            let (interval, test) = (e.interval.as_ref(), e.test.as_ref());
            let r = |value: f64| naming.correlation(value, lang);
            // A study's other tables are about one method, which their title names.
            let say = |text: String| {
                if first == First::None || naming == Naming::Literal { text } else { String::new() }
            };
            vec![
                named_pair(e),
                match (naming, &e.group) {
                    (Naming::Worded, Some(name)) => group(lang, name),
                    (_, name) => name.clone().unwrap_or_default(),
                },
                e.controls.join(", "),
                say(named(lang, "method", &e.method)),
                e.value.map_or_else(|| UNDEFINED.to_owned(), r),
                interval.map(|i| number::range(&r(i.low), &r(i.high))).unwrap_or_default(),
                beside(e).map(|i| number::range(&r(i.low), &r(i.high))).unwrap_or_default(),
                say(e.conf_method().map(|m| named(lang, "interval", m)).unwrap_or_default()),
                p_cell(test.map(|t| t.p_value.get()), lang),
                say(e.p_method().map(|m| named(lang, "test", m)).unwrap_or_default()),
                p_cell(test.and_then(|t| t.p_holm).map(|p| p.get()), lang),
                p_cell(test.and_then(|t| t.p_bh).map(|p| p.get()), lang),
                number::count(e.n_obs),
                number::count(e.n_excluded),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(caption, columns, cells)
}

/// `95% CI (t)`.
fn interval_header_of(lang: Lang, rows: &[&Estimate], method: &str) -> (String, bool) {
    let ((text, numeric), method) = (interval_header(lang, rows), named(lang, "interval", method));
    let text = match lang {
        Lang::En => format!("{text} ({})", method.split(" (").next().unwrap_or(&method)),
        Lang::Ja => format!("{text}（{}）", method.split('（').next().unwrap_or(&method)),
    };
    (text, numeric)
}

/// `95% CI (jackknife)`.
fn jackknife_header(lang: Lang, rows: &[&Estimate]) -> (String, bool) {
    let (text, numeric) = interval_header(lang, rows);
    let text = match lang {
        Lang::En => format!("{text} (jackknife)"),
        Lang::Ja => format!("{text}（ジャックナイフ法）"),
    };
    (text, numeric)
}

/// The decimals that suit a coefficient: two digits of its standard error.
fn coefficient_digits(e: &Estimate) -> Option<usize> {
    number::decimals(e.std_error.unwrap_or(0.0), 2)
}

fn coefficient_range(e: &Estimate, digits: Option<usize>) -> String {
    let text = |v| number::with_decimals(v, digits);
    e.interval.as_ref().map(|i| number::range(&text(i.low), &text(i.high))).unwrap_or_default()
}

/// A row a coefficient, with one kind of standard error.
pub(crate) fn coefficients(
    rows: &[&Estimate],
    caption: String,
    lang: Lang,
    naming: Naming,
) -> TableBlock {
    let methods = || rows.iter().filter_map(|e| e.interval.as_ref().map(|i| i.method.as_str()));
    let several = methods().any(|method| Some(method) != methods().next());
    let columns = vec![
        header(lang, "header.term", false),
        header(lang, "header.group", false),
        header(lang, "header.estimate", true),
        interval_header(lang, rows),
        header(lang, "header.interval_method", false),
        header(lang, "header.std_error", true),
        (test_header(rows, lang).to_owned(), true),
        header(lang, "header.p", true),
        header(lang, "header.note", false),
    ];
    let cells = rows
        .iter()
        .map(|e| {
            let digits = coefficient_digits(e);
            let text = |v: f64| number::with_decimals(v, digits);
            let statistic = e.test.as_ref().and_then(|t| t.statistic);
            vec![
                naming.term(lang, &e.term),
                e.group.clone().unwrap_or_default(),
                e.value.map_or_else(|| UNDEFINED.to_owned(), text),
                coefficient_range(e, digits),
                // A column that is needed where rows differ in it.
                e.interval
                    .as_ref()
                    .filter(|_| several)
                    .map(|i| named(lang, "interval", &i.method))
                    .unwrap_or_default(),
                e.std_error.map(text).unwrap_or_default(),
                statistic.map(|t| number::fixed(t, 2)).unwrap_or_default(),
                p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang),
                note(e, lang),
            ]
        })
        .collect();
    TableBlock::new(caption, columns, cells)
}

/// The statistic's letter: z or t where every test is one of these.
fn test_header(rows: &[&Estimate], lang: Lang) -> &'static str {
    let tests = || rows.iter().filter_map(|e| e.test.as_ref().map(|t| t.method.as_str()));
    match tests().next() {
        Some("normal") if tests().all(|method| method == "normal") => "z",
        Some(_) if tests().any(|method| method == "likelihood_ratio") => {
            word(lang, "header.statistic")
        }
        _ => "t",
    }
}

/// A row a coefficient, HC3 errors (the ones to read, with the interval on the coefficient's own
/// degrees of freedom) beside the classical ones.
pub(crate) fn two_errors(
    f: Findings<'_>,
    rows: &[&Estimate],
    caption: String,
    lang: Lang,
) -> TableBlock {
    let of = |vcov: &str| {
        let vcov = vcov.to_owned();
        move |e: &&&Estimate| e.vcov.as_deref() == Some(vcov.as_str())
    };
    let (_, numeric) = interval_header(lang, rows);
    let with = |key: &'static str, vcov: &str| {
        let text = match key {
            "header.interval" => interval_header(lang, rows).0,
            key => word(lang, key).to_owned(),
        };
        let vcov = match (vcov, lang) {
            ("classical", Lang::En) => "classical".to_owned(),
            ("hc3_bm", Lang::En) => "HC3, Bell–McCaffrey".to_owned(),
            ("hc3_bm", Lang::Ja) => "HC3、Bell–McCaffrey".to_owned(),
            (other, _) => named(lang, "vcov", other),
        };
        let text = match lang {
            Lang::En => format!("{text} ({vcov})"),
            Lang::Ja => format!("{text}（{vcov}）"),
        };
        (text, numeric)
    };
    let columns = vec![
        header(lang, "header.term", false),
        header(lang, "header.estimate", true),
        with("header.interval", "hc3"),
        with("header.interval", "hc3_bm"),
        with("header.std_error", "hc3"),
        with("header.p", "hc3"),
        with("header.interval", "classical"),
        with("header.std_error", "classical"),
        with("header.p", "classical"),
    ];
    let mut known = HashSet::new();
    let terms: Vec<&str> =
        rows.iter().map(|e| e.term.as_str()).filter(|term| known.insert(*term)).collect();
    let side = |e: Option<&&Estimate>| -> [String; 3] {
        let Some(e) = e else { return Default::default() };
        let digits = coefficient_digits(e);
        [
            coefficient_range(e, digits),
            e.std_error.map(|se| number::with_decimals(se, digits)).unwrap_or_default(),
            p_cell(e.test.as_ref().map(|t| t.p_value.get()), lang),
        ]
    };
    let cells = terms
        .iter()
        .map(|name| {
            let row = |vcov: &str| rows.iter().filter(of(vcov)).find(|e| e.term == *name);
            let (classical, hc3) = (row("classical"), row("hc3"));
            let value = classical
                .or(hc3)
                .and_then(|e| Some(number::with_decimals(e.value?, coefficient_digits(e))));
            let model = classical.or(hc3).and_then(|e| e.model.as_deref());
            let mut cells =
                vec![f.term(model, name, lang), value.unwrap_or_else(|| UNDEFINED.to_owned())];
            let [interval, rest @ ..] = side(hc3);
            let [beside, ..] = side(row("hc3_bm"));
            cells.extend([interval, beside]);
            cells.extend(rest);
            cells.extend(side(classical));
            cells
        })
        .collect();
    TableBlock::new(caption, columns, cells)
}

/// The coefficients of a penalised model, in SSI points, with nothing beside them.
pub(crate) fn weights(rows: &[&Estimate], caption: String, lang: Lang) -> TableBlock {
    let columns = vec![header(lang, "header.term", false), header(lang, "header.estimate", true)];
    let cells = rows
        .iter()
        .map(|e| {
            let value = e.value.map_or_else(|| UNDEFINED.to_owned(), |v| number::fixed(v, 1));
            vec![term(lang, &e.term), value]
        })
        .collect();
    TableBlock::new(caption, columns, cells)
}
