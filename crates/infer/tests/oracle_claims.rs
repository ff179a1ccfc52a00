//! What the claims need: exact tests, posteriors and order statistics against rational numbers and
//! mpmath, ceilings against R's NCA.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod samples;

use samples::{columns, oracle};
use serde_json::Value;
use ssi_infer::describe::median;
use ssi_infer::necessity::{Points, Scope, copula, necessity, permutation};
use ssi_infer::rates::{self, Composition, Rate, Rounded};
use ssi_infer::resample::Permutation;
use ssi_vocab::{Column, Estimate, Level, Quiet};

fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
}

fn near(found: f64, wanted: f64, tolerance: f64, what: &str) {
    let error = (found - wanted).abs();
    assert!(error <= tolerance * wanted.abs() + 1e-15, "{what}: {found:e}, not {wanted:e}");
}

fn rate(row: &Value) -> Rate {
    Rate::new(row["events"].as_u64().unwrap(), row["trials"].as_u64().unwrap()).unwrap()
}

fn ends(row: &Estimate) -> [f64; 2] {
    let interval = row.interval.as_ref().unwrap();
    [interval.low, interval.high]
}

fn each(file: &Value, part: &str) -> Vec<Value> {
    file[part].as_array().unwrap().clone()
}

#[test]
fn rates_and_their_posteriors() {
    let file = oracle("claims.py.json");
    for row in each(&file, "binomial") {
        let p = rates::binomial(rate(&row), number(&row["probability"])).test.unwrap().p_value;
        near(p.get(), number(&row["p"]), 1e-12, &row.to_string());
        near(number(&row["scipy"]), number(&row["p"]), 1e-9, "scipy");
    }
    for row in each(&file, "posterior") {
        let found = rates::posterior(rate(&row), Level::DEFAULT);
        near(found.value.unwrap(), number(&row["mean"]), 1e-15, "mean");
        let [low, high] = ends(&found);
        near(low, number(&row["low"]), 1e-12, &row.to_string());
        near(high, number(&row["high"]), 1e-12, &row.to_string());
    }
    for row in each(&file, "less") {
        let of = |v: &Value| Rate::new(v[0].as_u64().unwrap(), v[1].as_u64().unwrap()).unwrap();
        let found = rates::probability_less(of(&row["first"]), of(&row["second"])).value.unwrap();
        near(found, number(&row["p"]), 1e-11, &row.to_string());
    }
    for row in each(&file, "none") {
        let n = row["trials"].as_u64().unwrap();
        let found = rates::none_of(n, number(&row["mean"]), number(&row["sd"]));
        near(found, number(&row["p"]), 1e-12, &row.to_string());
    }
    for row in each(&file, "active_share") {
        let found = rates::active_share(rate(&row), number(&row["elsewhere"]), Level::DEFAULT);
        near(found.value.unwrap(), number(&row["share"]), 1e-12, &row.to_string());
    }
}

#[test]
fn a_share_among_contacts_over_counted_members() {
    let of = |value, half_unit| Rounded { value, half_unit };
    let article = Composition::new(of(0.025, 0.0005), of(2.0, 0.5), of(562.0, 0.5)).unwrap();
    for row in each(&oracle("claims.py.json"), "composition") {
        let n = row["contacts"].as_u64().unwrap();
        let [low, high] = ends(&article.with_contacts(n, Level::DEFAULT).unwrap());
        near(low, number(&row["low"]), 1e-12, &row.to_string());
        near(high, number(&row["high"]), 1e-12, &row.to_string());
        let [low, high] = ends(&article.with_rounding(n, Level::DEFAULT).unwrap());
        near(low, number(&row["rounded_low"]), 1e-12, &row.to_string());
        near(high, number(&row["rounded_high"]), 1e-12, &row.to_string());
    }
}

#[test]
fn order_statistics_around_a_median() {
    for row in each(&oracle("claims.py.json"), "median_place") {
        let (n, k) = (row["n"].as_u64().unwrap(), row["k"].as_u64().unwrap());
        // The k-th smallest of 1 to n is k.
        let column = Column::number("x", (1..=n).rev().map(|v| Ok(v as f64)).collect());
        let found = median(&column, None, Level::DEFAULT).unwrap();
        match found.interval {
            None => assert_eq!(k, 0, "{row}"),
            Some(i) => assert_eq!((i.low, i.high), (k as f64, (n + 1 - k) as f64), "{row}"),
        }
    }
}

#[test]
fn ceilings_are_those_of_nca() {
    let file = oracle("necessity.r.json");
    for set in ["continuous", "ties", "mid", "tiny"] {
        let table = samples::table(columns(set));
        let points = Points::of_pair(&table.paired("x", "y").unwrap()).unwrap();
        let ends: Vec<f64> = each(&file[set], "scope").iter().map(number).collect();
        let wide = Scope { x: [ends[0], ends[1]], y: [ends[2], ends[3]] };
        for (name, scope) in [("empirical", points.empirical()), ("wide", wide)] {
            let (wanted, what) = (&file[set][name], format!("{set} {name}"));
            let found = necessity(points.clone(), scope).unwrap();
            near(found.ce_fdh.d, number(&wanted["ce"]), 1e-12, &what);
            near(found.ce_fdh.zone, number(&wanted["ce_zone"]), 1e-12, &what);
            let line = found.cr_fdh.unwrap();
            near(line.d, number(&wanted["cr"]), 1e-10, &what);
            near(line.line.unwrap().slope, number(&wanted["slope"]), 1e-10, &what);
            near(line.line.unwrap().intercept, number(&wanted["intercept"]), 1e-10, &what);
            near(100.0 * line.accuracy, number(&wanted["cr_accuracy"]), 1e-12, &what);
            let rows = found.bottleneck(&found.tenths());
            for (method, key) in [("ce_fdh", "ce_bottleneck"), ("cr_fdh", "cr_bottleneck")] {
                let ours = rows.iter().filter(|e| e.method == method && e.term.starts_with("bott"));
                for (ours, theirs) in ours.zip(each(wanted, key)) {
                    match (ours.value, theirs.as_f64()) {
                        // NCA writes three decimals.
                        (Some(a), Some(b)) => assert!((a - b).abs() <= 6e-4, "{what}: {a} {b}"),
                        (a, b) => assert_eq!(a.is_none(), b.is_none(), "{what} {}", ours.term),
                    }
                }
            }
        }
    }
}

#[test]
fn without_necessity_corners_are_as_large_as_another_program_makes_them() {
    let file = oracle("necessity.py.json");
    let draws = number(&file["draws"]);
    let how = Permutation { permutations: 4_999, seed: 3 };
    for set in ["continuous", "ties", "outliers", "tiny"] {
        let table = samples::table(columns(set));
        let points = Points::of_pair(&table.paired("x", "y").unwrap()).unwrap();
        let scope = points.empirical();
        let found = necessity(points, scope).unwrap();
        near(found.ce_fdh.d, number(&file[set]["d"]), 1e-12, set);
        for (name, rows) in [
            ("copula", copula(&found, &how, &Quiet).unwrap()),
            ("permutation", permutation(&found, &how, &Quiet).unwrap()),
        ] {
            let (ours, theirs) =
                (rows[0].test.as_ref().unwrap().p_value.get(), number(&file[set][name]));
            // Four Monte Carlo standard errors of both, and the 1 that p counts for the data.
            let variance = theirs * (1.0 - theirs) + 1e-3;
            let limit = 4.0 * (variance * (1.0 / 4_999.0 + 1.0 / draws)).sqrt() + 2e-4;
            assert!((ours - theirs).abs() < limit, "{set} {name}: {ours}, not {theirs}");
        }
    }
}
