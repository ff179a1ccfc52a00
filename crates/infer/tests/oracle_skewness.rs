//! Hall's interval of a mean, and robust errors on the degrees of freedom of Bell and McCaffrey,
//! against mpmath's definitions and R's clubSandwich.
//!
//! The references are printed by `tests/oracles/skewness.py` and `skewness.R`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use serde_json::Value;
use ssi_infer::describe::hall;
use ssi_infer::formula;
use ssi_infer::regress::{BellMcCaffrey, Ols, StandardErrors, ols};
use ssi_vocab::{Column, Estimate, Level, Table};
use std::path::PathBuf;

fn tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

fn oracle(file: &str) -> Value {
    let text = std::fs::read_to_string(tests().join("oracles").join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A data set; a column that is not all numbers has groups.
fn table(name: &str) -> Table {
    let mut reader = csv::Reader::from_path(tests().join(format!("data/{name}.csv"))).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |(j, name): (usize, &String)| {
        let texts: Vec<&str> = rows.iter().map(|row| row.get(j).unwrap()).collect();
        match texts.iter().map(|t| t.parse::<f64>()).collect::<Result<Vec<f64>, _>>() {
            Ok(values) => Column::number(name, values.into_iter().map(Ok).collect()),
            Err(_) => Column::factor(name, &texts.into_iter().map(Ok).collect::<Vec<_>>()),
        }
    };
    let columns = names.iter().enumerate().map(column).collect();
    Table::new(columns, (1..=rows.len()).collect()).unwrap()
}

fn fit(case: &Value) -> Ols {
    let table = table(case["data"].as_str().unwrap());
    ols(&formula::design(&table, case["formula"].as_str().unwrap()).unwrap()).unwrap()
}

fn agree(what: &str, case: &Value, value: f64, expected: &Value, tolerance: f64) {
    let expected = expected.as_f64().unwrap();
    let error = ((value - expected) / expected).abs();
    let (data, formula) = (&case["data"], &case["formula"]);
    assert!(
        error < tolerance,
        "{what} of {data} {formula}: {value}, expected {expected}, {error:e}"
    );
}

fn ends(row: &Estimate) -> [f64; 2] {
    row.interval.as_ref().map(|i| [i.low, i.high]).unwrap()
}

#[test]
fn halls_interval_undoes_the_transformation() {
    let oracle = oracle("skewness.py.json");
    let cases = oracle["means"].as_array().unwrap();
    assert_eq!(cases.len(), 10);
    for case in cases {
        let table = table(case["data"].as_str().unwrap());
        let column = table.column(case["column"].as_str().unwrap()).unwrap();
        let row = hall(column, None, Level::DEFAULT).unwrap();
        assert_eq!(row.n_obs as u64, case["n"].as_u64().unwrap());
        agree("mean", case, row.value.unwrap(), &case["mean"], 1e-14);
        agree("std_error", case, row.std_error.unwrap(), &case["std_error"], 1e-14);
        for (end, expected) in ends(&row).into_iter().zip(case["interval"].as_array().unwrap()) {
            agree("interval", case, end, expected, 1e-12);
        }
    }
}

#[test]
fn degrees_of_freedom_are_those_of_the_whole_matrix() {
    let oracle = oracle("skewness.py.json");
    let cases = oracle["fits"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let fit = fit(case);
        // Cells that are rounded to doubles cost a nearly collinear fit four of its digits.
        let tolerance = if case["data"] == "regression_collinear" { 1e-8 } else { 1e-12 };
        for kind in BellMcCaffrey::ALL {
            let theirs = &case[kind.code()];
            let rows = fit.estimates_with(&StandardErrors::Adjusted(kind), None, Level::DEFAULT);
            let found = theirs["coefficients"].as_array().unwrap();
            for (row, expected) in rows.unwrap().iter().zip(found) {
                let test = row.test.as_ref().unwrap();
                agree("df", case, test.df.unwrap(), &expected["df"], tolerance);
                let error = row.std_error.unwrap();
                agree("std_error", case, error, &expected["std_error"], tolerance);
                agree("p_value", case, test.p_value.get(), &expected["p_value"], 20.0 * tolerance);
                for (end, expected) in
                    ends(row).into_iter().zip(expected["interval"].as_array().unwrap())
                {
                    agree("interval", case, end, expected, 20.0 * tolerance);
                }
                assert_eq!(row.vcov.as_deref(), Some(kind.code()));
            }
            let places = case["places"].as_array().unwrap();
            let cell = |(i, j): (usize, usize)| places[i][j].as_f64().unwrap();
            let at = ndarray::Array2::from_shape_fn((places.len(), fit.terms.len()), cell);
            let band = fit.bell_mccaffrey_intervals(at.view(), kind, Level::DEFAULT);
            let found = theirs["places"].as_array().unwrap();
            for (interval, expected) in band.unwrap().unwrap().iter().zip(found) {
                agree("low", case, interval.low, &expected["interval"][0], 20.0 * tolerance);
                agree("high", case, interval.high, &expected["interval"][1], 20.0 * tolerance);
            }
        }
    }
}

#[test]
fn clubsandwich_agrees() {
    let oracle = oracle("skewness.r.json");
    let cases = oracle["fits"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let fit = fit(case);
        for kind in BellMcCaffrey::ALL {
            let theirs = &case[kind.code()];
            let rows = fit.estimates_with(&StandardErrors::Adjusted(kind), None, Level::DEFAULT);
            for (j, row) in rows.unwrap().iter().enumerate() {
                let test = row.test.as_ref().unwrap();
                agree("df", case, test.df.unwrap(), &theirs["df"][j], 1e-10);
                agree("std_error", case, row.std_error.unwrap(), &theirs["std_error"][j], 1e-10);
                agree("p_value", case, test.p_value.get(), &theirs["p_value"][j], 1e-9);
            }
        }
    }
}
