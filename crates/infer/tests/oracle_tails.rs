//! Tails and quantiles against mpmath at 60 digits; `tests/oracles/tails.py` prints the table.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use serde_json::Value;
use ssi_infer::tails::{
    chi_squared_sf, chi_squared_upper_quantile, f_sf, f_upper_quantile, normal_sf,
    normal_upper_quantile, t_sf, t_two_sided, t_upper_quantile,
};
use std::path::PathBuf;

const TOLERANCE: f64 = 1e-12;

fn oracle() -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles/tails.py.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// A number printed with 25 digits; the double nearest to it.
fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
}

fn check(found: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    let error = (found / expected - 1.0).abs();
    assert!(error < TOLERANCE, "{what}: {found:e} against {expected:e}, relative error {error:e}");
}

fn each(name: &str, at_least: usize, test: impl Fn(&Value, &[f64], f64)) {
    let oracle = oracle();
    let rows = oracle[name].as_array().unwrap();
    assert!(rows.len() >= at_least, "{name} has {} rows", rows.len());
    for row in rows {
        let args: Vec<f64> =
            row["args"].as_array().map_or_else(Vec::new, |a| a.iter().map(number).collect());
        test(row, &args, number(&row["x"]));
    }
}

#[test]
fn normal_tails_hold_twelve_digits() {
    each("normal", 13, |row, _, z| check(normal_sf(z), &row["sf"], &format!("normal {z}")));
}

#[test]
fn normal_quantiles_hold_twelve_digits() {
    each("normal_quantile", 8, |row, _, _| {
        let q = number(&row["q"]);
        check(normal_upper_quantile(q), &row["x"], &format!("normal quantile {q}"));
    });
}

#[test]
fn t_tails_hold_twelve_digits() {
    each("t", 60, |row, df, t| {
        check(t_sf(t, df[0]), &row["sf"], &format!("t {df:?} {t}"));
        let half = t_two_sided(-t, df[0]) / 2.0;
        check(half, &row["sf"], &format!("two-sided t {df:?} {t}"));
    });
}

#[test]
fn f_tails_hold_twelve_digits() {
    each("f", 60, |row, df, f| {
        check(f_sf(f, df[0], df[1]), &row["sf"], &format!("F {df:?} {f}"));
    });
}

#[test]
fn chi_squared_tails_hold_twelve_digits() {
    each("chi_squared", 45, |row, df, x| {
        check(chi_squared_sf(x, df[0]), &row["sf"], &format!("chi-squared {df:?} {x}"));
    });
}

#[test]
fn quantiles_hold_twelve_digits() {
    for name in ["t", "f", "chi_squared"] {
        each(name, 45, |row, df, _| {
            if row["q"].is_null() {
                return;
            }
            let q = number(&row["q"]);
            let found = match name {
                "t" => t_upper_quantile(q, df[0]),
                "f" => f_upper_quantile(q, df[0], df[1]),
                _ => chi_squared_upper_quantile(q, df[0]),
            };
            check(found, &row["quantile"], &format!("{name} quantile {df:?} {q}"));
        });
    }
}
