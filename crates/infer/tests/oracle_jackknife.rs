//! Jackknife intervals against mpmath, which leaves each respondent out and starts anew.
//!
//! The reference is printed by `tests/oracles/jackknife.py`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use serde_json::Value;
use ssi_infer::correlate::Method;
use ssi_infer::resample::jackknife_z;
use ssi_vocab::{Level, Paired, Row};
use std::path::PathBuf;

/// The first rows of a data set.
fn data(name: &str, rows: usize) -> Paired {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut reader = csv::Reader::from_path(tests.join(format!("data/{name}.csv"))).unwrap();
    let (x, y): (Vec<f64>, Vec<f64>) =
        reader.deserialize::<(f64, f64)>().map(Result::unwrap).take(rows).unzip();
    Paired::complete("x", &x, "y", &y).unwrap()
}

#[test]
fn intervals_agree_with_leaving_respondents_out() {
    let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles");
    let text = std::fs::read_to_string(place.join("jackknife.py.json")).unwrap();
    let oracle: Value = serde_json::from_str(&text).unwrap();
    let rows = oracle["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 12);
    for row in rows {
        let (name, method) = (row["data"].as_str().unwrap(), row["method"].as_str().unwrap());
        let method: Method = method.parse().unwrap();
        let pair = data(name, row["n"].as_u64().unwrap() as usize);
        let found = Row::from(jackknife_z(&pair, method, Level::DEFAULT).unwrap());
        for (value, expected) in [
            (found.estimate, &row["estimate"]),
            (found.std_error, &row["std_error"]),
            (found.conf_low, &row["interval"][0]),
            (found.conf_high, &row["interval"][1]),
        ] {
            let (value, expected) = (value.unwrap(), expected.as_f64().unwrap());
            let error = (value / expected - 1.0).abs();
            assert!(error < 1e-12, "{name} {method}: {value}, expected {expected}, {error:e}");
        }
    }
}
