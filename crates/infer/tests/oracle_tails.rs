//! Tails and quantiles against mpmath at 60 digits; `tests/oracles/tails.py` and
//! `tests/oracles/quantiles.py` print the tables.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use serde_json::Value;
use ssi_infer::tails::{
    beta_cdf, beta_quantile, beta_sf, beta_upper_quantile, chi_squared_cdf, chi_squared_quantile,
    chi_squared_sf, chi_squared_upper_quantile, f_cdf, f_quantile, f_sf, f_upper_quantile,
    noncentral_f_cdf, noncentral_f_sf, noncentral_t_cdf, noncentral_t_sf, normal_sf,
    normal_upper_quantile, t_quantile, t_sf, t_two_sided, t_upper_quantile,
};
use std::path::PathBuf;

const TOLERANCE: f64 = 1e-12;

fn oracle(name: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles").join(name);
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
    let oracle = oracle("tails.py.json");
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

/// Rows of `quantiles.py`: arguments, whether the upper tail is meant, the tail and its quantile.
fn each_quantile(name: &str, at_least: usize, test: impl Fn(&[f64], bool, f64, &Value)) {
    let oracle = oracle("quantiles.py.json");
    let rows = oracle[name].as_array().unwrap();
    assert!(rows.len() >= at_least, "{name} has {} rows", rows.len());
    for row in rows {
        let args: Vec<f64> = row["args"].as_array().unwrap().iter().map(number).collect();
        test(&args, row["side"] == "upper", number(&row["p"]), &row["x"]);
    }
}

#[test]
fn quantiles_from_both_ends_hold_twelve_digits() {
    each_quantile("beta", 80, |args, upper, p, x| {
        let [a, b] = *args else { panic!("two shapes") };
        let found = if upper { beta_upper_quantile(p, a, b) } else { beta_quantile(p, a, b) };
        check(found, x, &format!("beta quantile {args:?} {upper} {p:e}"));
    });
    each_quantile("f", 60, |args, upper, p, x| {
        let [d1, d2] = *args else { panic!("two degrees of freedom") };
        let found = if upper { f_upper_quantile(p, d1, d2) } else { f_quantile(p, d1, d2) };
        check(found, x, &format!("F quantile {args:?} {upper} {p:e}"));
    });
    each_quantile("chi_squared", 50, |args, upper, p, x| {
        let df = args[0];
        let found =
            if upper { chi_squared_upper_quantile(p, df) } else { chi_squared_quantile(p, df) };
        check(found, x, &format!("chi-squared quantile {args:?} {upper} {p:e}"));
    });
    each_quantile("t", 25, |args, _, p, x| {
        check(t_upper_quantile(p, args[0]), x, &format!("t quantile {args:?} {p:e}"));
        check(-t_quantile(p, args[0]), x, &format!("t quantile {args:?} {p:e}"));
    });
}

/// The tail at the double nearest to a quantile is the tail, to the rounding of the place: this
/// reads the same rows for the tails themselves.
#[test]
fn tails_at_those_quantiles_hold_what_the_place_allows() {
    // d ln tail / d ln x times the rounding of x, and twelve digits.
    let allowed = |x: f64, tail: &dyn Fn(f64) -> f64| {
        let h = 1e-7;
        let slope = (tail(x * (1.0 + h)) / tail(x)).ln().abs() / h;
        TOLERANCE + 4.0 * slope * f64::EPSILON
    };
    let compare = |p: f64, x: &Value, tail: &dyn Fn(f64) -> f64, what: String| {
        let x = number(x);
        let error = (tail(x) / p - 1.0).abs();
        assert!(error < allowed(x, tail), "{what}: {:e} against {p:e}, {error:e}", tail(x));
    };
    each_quantile("beta", 80, |args, upper, p, x| {
        let [a, b] = *args else { panic!("two shapes") };
        let tail = |x: f64| if upper { beta_sf(x, a, b) } else { beta_cdf(x, a, b) };
        // Next to 1 the place has lost the tail.
        if number(x) < 0.99 {
            compare(p, x, &tail, format!("beta {args:?} {upper}"));
        }
    });
    each_quantile("f", 60, |args, upper, p, x| {
        let tail = |x: f64| {
            if upper { f_sf(x, args[0], args[1]) } else { f_cdf(x, args[0], args[1]) }
        };
        compare(p, x, &tail, format!("F {args:?} {upper}"));
    });
    each_quantile("chi_squared", 50, |args, upper, p, x| {
        let tail =
            |x: f64| if upper { chi_squared_sf(x, args[0]) } else { chi_squared_cdf(x, args[0]) };
        compare(p, x, &tail, format!("chi-squared {args:?} {upper}"));
    });
}

#[test]
fn noncentral_tails_hold_twelve_digits() {
    let oracle = oracle("quantiles.py.json");
    let mut compared = 0;
    for (name, n) in [("noncentral_f", 4), ("noncentral_t", 3)] {
        for row in oracle[name].as_array().unwrap() {
            let a: Vec<f64> = row["args"].as_array().unwrap().iter().map(number).collect();
            assert_eq!(a.len(), n);
            let (cdf, sf) = match name {
                "noncentral_f" => (
                    noncentral_f_cdf(a[0], a[1], a[2], a[3]),
                    noncentral_f_sf(a[0], a[1], a[2], a[3]),
                ),
                _ => (noncentral_t_cdf(a[0], a[1], a[2]), noncentral_t_sf(a[0], a[1], a[2])),
            };
            check(cdf, &row["cdf"], &format!("{name} {a:?}"));
            check(sf, &row["sf"], &format!("{name} {a:?} above"));
            compared += 1;
        }
    }
    assert!(compared >= 18);
}
