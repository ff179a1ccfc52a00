//! Tails and quantiles against mpmath at 60 digits; `tests/oracles/tails.py` prints the table.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use serde_json::Value;
use ssi_infer::tails::{
    beta_cdf, beta_quantile, beta_sf, beta_upper_quantile, chi_squared_cdf, chi_squared_quantile,
    chi_squared_sf, chi_squared_upper_quantile, f_cdf, f_quantile, f_sf, f_upper_quantile,
    noncentral_f_cdf, noncentral_f_sf, noncentral_t_cdf, noncentral_t_sf, normal_sf,
    normal_upper_quantile, t_sf, t_two_sided, t_upper_quantile,
};
use std::path::PathBuf;

const TOLERANCE: f64 = 1e-12;

fn oracle(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles");
    serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
}

/// A number printed with 25 digits; the double nearest to it.
fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64().unwrap(), |text| text.parse().unwrap())
}

fn check(found: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    if expected < 1e-300 {
        // Below what is promised: only small.
        assert!((0.0..1e-299).contains(&found), "{what}: {found:e} against {expected:e}");
        return;
    }
    let error = (found / expected - 1.0).abs();
    assert!(error < TOLERANCE, "{what}: {found:e} against {expected:e}, relative error {error:e}");
}

fn each(name: &str, at_least: usize, test: impl Fn(&Value, &[f64], f64)) {
    each_of("tails.py.json", name, at_least, test);
}

fn each_of(file: &str, name: &str, at_least: usize, test: impl Fn(&Value, &[f64], f64)) {
    let oracle = oracle(file);
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

type Tail = dyn Fn(f64, &[f64]) -> f64;

/// Both tails, and the quantiles from both, of a distribution whose parameters are the second
/// argument.
fn both_tails(name: &str, cdf: &Tail, sf: &Tail, lower: &Tail, upper: &Tail) {
    each_of("quantiles.py.json", name, 30, |row, args, x| {
        check(cdf(x, args), &row["cdf"], &format!("{name} cdf {args:?} {x:e}"));
        check(sf(x, args), &row["sf"], &format!("{name} sf {args:?} {x:e}"));
        for (side, quantile) in [("lower", lower), ("upper", upper)] {
            if let Some(found) = row.get(side) {
                let q = number(&found["q"]);
                let what = format!("{name} {side} quantile {args:?} {q:e}");
                check(quantile(q, args), &found["quantile"], &what);
            }
        }
    });
}

#[test]
fn beta_tails_and_quantiles_hold_twelve_digits() {
    both_tails(
        "beta",
        &|x, a| beta_cdf(x, a[0], a[1]),
        &|x, a| beta_sf(x, a[0], a[1]),
        &|q, a| beta_quantile(q, a[0], a[1]),
        &|q, a| beta_upper_quantile(q, a[0], a[1]),
    );
}

#[test]
fn quantiles_from_the_lower_tail_hold_twelve_digits() {
    both_tails(
        "chi_squared",
        &|x, a| chi_squared_cdf(x, a[0]),
        &|x, a| chi_squared_sf(x, a[0]),
        &|q, a| chi_squared_quantile(q, a[0]),
        &|q, a| chi_squared_upper_quantile(q, a[0]),
    );
    both_tails(
        "f",
        &|x, a| f_cdf(x, a[0], a[1]),
        &|x, a| f_sf(x, a[0], a[1]),
        &|q, a| f_quantile(q, a[0], a[1]),
        &|q, a| f_upper_quantile(q, a[0], a[1]),
    );
    each_of("quantiles.py.json", "t", 30, |row, df, t| {
        check(t_sf(t, df[0]), &row["sf"], &format!("t sf {df:?} {t:e}"));
        if let Some(found) = row.get("upper") {
            let q = number(&found["q"]);
            let what = format!("t quantile {df:?} {q:e}");
            check(t_upper_quantile(q, df[0]), &found["quantile"], &what);
        }
    });
}

/// Twelve digits, or an error of 1e-14 of 1 where the terms of a noncentral t cancel.
fn near_noncentral(found: f64, expected: &Value, what: &str) {
    if (found - number(expected)).abs() > 1e-14 {
        check(found, expected, what);
    }
}

#[test]
fn noncentral_tails_agree_with_their_definitions() {
    each_of("quantiles.py.json", "noncentral_f", 45, |row, a, f| {
        let what = format!("noncentral F {a:?} {f}");
        check(noncentral_f_cdf(f, a[0], a[1], a[2]), &row["cdf"], &what);
        check(noncentral_f_sf(f, a[0], a[1], a[2]), &row["sf"], &what);
    });
    each_of("quantiles.py.json", "noncentral_t", 125, |row, a, t| {
        let what = format!("noncentral t {a:?} {t}");
        near_noncentral(noncentral_t_cdf(t, a[0], a[1]), &row["cdf"], &what);
        near_noncentral(noncentral_t_sf(t, a[0], a[1]), &row["sf"], &what);
    });
}
