//! The further correlations against mpmath, WGCNA, energy and polycor.
//!
//! The references are printed by `tests/oracles/methods.py` and `tests/oracles/methods.R`; the data
//! by `tests/data/correlation_data.py`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

mod samples;

use samples::{oracle, tests_folder};
use serde_json::Value;
use ssi_infer::correlate::{Method, correlate, polychoric, polyserial};
use ssi_infer::tails::bivariate_normal_cdf;
use ssi_vocab::{Level, Note, Paired, Row};

const SETS: [&str; 6] = ["continuous", "ties", "outliers", "near_line", "tiny", "mid"];
const FIELDS: [&str; 6] =
    ["estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value"];

fn data(name: &str) -> (Vec<f64>, Vec<f64>) {
    let file = tests_folder().join("data").join(format!("{name}.csv"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize::<(f64, f64)>().map(Result::unwrap).unzip()
}

fn pair(x: &[f64], y: &[f64]) -> Paired {
    Paired::complete("x", x, "y", y).unwrap()
}

/// Levels of about equal size by rank, ties together: as the scripts cut.
fn cut(values: &[f64], levels: usize) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let limits: Vec<f64> = (1..levels).map(|k| sorted[values.len() * k / levels]).collect();
    values.iter().map(|v| limits.iter().filter(|l| v >= l).count() as f64).collect()
}

fn row(pair: &Paired, method: Method) -> Row {
    Row::from(correlate(pair, method, Level::DEFAULT).unwrap())
}

#[track_caller]
fn close(found: Option<f64>, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what}: no reference"));
    let found = found.unwrap_or_else(|| panic!("{what}: undefined"));
    let error = (found - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
    assert!(
        found == expected || error <= tolerance,
        "{what}: {found:e} against {expected:e}, relative error {error:e}"
    );
}

fn compare(found: &Row, expected: &Value, tolerance: f64, what: &str) {
    let values = [
        found.estimate,
        found.std_error,
        found.conf_low,
        found.conf_high,
        found.statistic,
        found.p_value,
    ];
    for (field, value) in FIELDS.into_iter().zip(values) {
        close(value, &expected[field], tolerance, &format!("{what} {field}"));
    }
}

#[test]
fn closed_forms_agree_with_mpmath() {
    let oracle = oracle("methods.py.json");
    for name in SETS {
        let (x, y) = data(name);
        for method in
            [Method::Biweight, Method::PercentageBend, Method::Winsorized, Method::Distance]
        {
            let expected = &oracle["data"][name][method.code()];
            // Next to ±1 the standard error is a difference of nearly equal numbers, known to
            // within the rounding of the transformed values.
            let tolerance = if name == "near_line" { 1e-10 } else { 1e-12 };
            compare(&row(&pair(&x, &y), method), expected, tolerance, &format!("{name} {method}"));
        }
        let expected = &oracle["data"][name]["point_biserial"];
        let found = row(&pair(&cut(&x, 2), &y), Method::PointBiserial);
        compare(&found, expected, 1e-12, &format!("{name} point_biserial"));
        // Either column may be the one of two values.
        assert_eq!(row(&pair(&y, &cut(&x, 2)), Method::PointBiserial).estimate, found.estimate);
    }
}

#[test]
fn likelihoods_agree_with_mpmath() {
    let oracle = oracle("methods.py.json");
    let mut compared = 0;
    for name in SETS {
        let (x, y) = data(name);
        let sets = &oracle["data"][name];
        let pairs = [
            ("polyserial", pair(&x, &cut(&y, 4)), Method::Polyserial),
            ("polychoric_2x2", pair(&cut(&x, 2), &cut(&y, 2)), Method::Polychoric),
            ("polychoric_3x4", pair(&cut(&x, 3), &cut(&y, 4)), Method::Polychoric),
        ];
        for (key, pair, method) in pairs {
            if sets[key].is_null() {
                continue;
            }
            let what = format!("{name} {key}");
            let found = row(&pair, method);
            // The reference derives numerically; what is near 0 keeps its absolute digits.
            let small = sets[key]["estimate"].as_f64().unwrap().abs() < 0.1;
            compare(&found, &sets[key], if small { 1e-8 } else { 1e-10 }, &what);
            let log_likelihood = match method {
                Method::Polyserial => polyserial(&pair).unwrap().log_likelihood[0],
                _ => polychoric(&pair).unwrap().log_likelihood[0],
            };
            close(Some(log_likelihood), &sets[key]["log_likelihood"], 1e-12, &what);
            compared += 1;
        }
    }
    assert_eq!(compared, 14);
}

#[test]
fn packages_of_r_agree() {
    let oracle = oracle("methods.r.json");
    for (name, expected) in oracle["data"].as_object().unwrap() {
        let (x, y) = data(name);
        let plain = pair(&x, &y);
        let biweight = row(&plain, Method::Biweight);
        close(biweight.estimate, &expected["biweight"], 1e-12, name);
        close(biweight.p_value, &expected["biweight_p"], 1e-10, name);
        close(row(&plain, Method::Distance).estimate, &expected["distance"], 1e-12, name);
        // polycor fits the thresholds and the correlation together, or, by default, takes a short
        // cut through Pearson's correlation, which is .02 away here.
        let polyserial = row(&pair(&x, &cut(&y, 4)), Method::Polyserial).estimate.unwrap();
        let together = expected["polyserial_full_ml"].as_f64().unwrap();
        assert!((polyserial - together).abs() < 0.005, "{name}");
        // Its optimiser stops after five digits or so.
        for (key, a, b) in [("polychoric_2x2", 2, 2), ("polychoric_3x4", 3, 4)] {
            let Some(expected) = expected[key].as_f64() else { continue };
            let found = row(&pair(&cut(&x, a), &cut(&y, b)), Method::Polychoric).estimate;
            assert!((found.unwrap() - expected).abs() < 1e-4, "{name} {key}");
        }
    }
}

#[test]
fn a_cell_of_zero_may_put_the_maximum_at_the_end() {
    let (x, y) = (vec![0.0, 0.0, 1.0, 1.0], vec![0.0, 1.0, 0.0, 1.0]);
    let table = Paired::new("x", x, "y", y, Some(vec![20, 10, 30, 0]), Vec::new()).unwrap();
    let found = correlate(&table, Method::Polychoric, Level::DEFAULT).unwrap();
    assert_eq!((found.value, found.note), (Some(-1.0), Some(Note::Boundary)));
    assert_eq!((found.std_error, found.interval), (None, None));
    assert!(found.test.is_some());
    // polycor's search stops short of it.
    let polycor = oracle("methods.r.json")["zero_cell"].as_f64().unwrap();
    assert!(polycor > -1.0 && polycor < -0.9);
}

#[test]
fn the_bivariate_normal_distribution_agrees_with_mpmath() {
    let oracle = oracle("methods.py.json");
    let rows = oracle["bivariate_normal"].as_array().unwrap();
    assert_eq!(rows.len(), 90);
    for row in rows {
        let number = |i: usize| row[i].as_f64().unwrap();
        let found = bivariate_normal_cdf(number(0), number(1), number(2));
        assert!((found - number(3)).abs() < 1e-15, "{row} {found:e}");
    }
}
