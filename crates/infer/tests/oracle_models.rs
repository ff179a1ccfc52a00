//! What stands beside a model (groups of risk, tests of curvature, average slopes, partial
//! dependence) against R, and bounded outcomes against statsmodels: `tests/oracles/models.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, columns, oracle, table};
use serde_json::Value;
use ssi_infer::bounded::{beta, fractional};
use ssi_infer::categories::{coded, logistic};
use ssi_infer::formula::{Extras, model_with};
use ssi_infer::importance::{Expected, dependence};
use ssi_infer::model::Errors;
use ssi_infer::predict::Bounds;
use ssi_infer::regress::{Covariance, StandardErrors, ols};
use ssi_infer::shape::{average_slopes, nonlinearity, nonlinearity_with};
use ssi_vocab::{Column, Estimate, Table};

fn numbers(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(values) => values.iter().map(|v| v.as_f64().unwrap()).collect(),
        None => vec![value.as_f64().unwrap()],
    }
}

#[track_caller]
fn same(what: &str, ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = numbers(theirs);
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1e-3), "{what}: {a} against {b}");
    }
}

fn values(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|row| row.value.unwrap()).collect()
}

fn errors_of(rows: &[Estimate]) -> Vec<f64> {
    rows.iter().map(|row| row.std_error.unwrap()).collect()
}

#[test]
fn groups_of_risk_and_their_test_are_those_of_the_definition() {
    for case in oracle("models.r.json")["hosmer_lemeshow"].as_array().unwrap() {
        let (data, formula) = (case["data"].as_str().unwrap(), case["formula"].as_str().unwrap());
        let what = format!("{data}, {formula}");
        let coded = coded(&table(columns(data)), formula, &Extras::default()).unwrap();
        let kind = StandardErrors::default();
        let model = logistic(&coded, &Errors { kind: &kind, clusters: None }).unwrap();
        let bins = model.calibration(L).bins;
        let of = |f: &dyn Fn(&ssi_vocab::RiskGroup) -> f64| bins.iter().map(f).collect::<Vec<_>>();
        same(&what, &of(&|g| g.n_obs as f64), &case["n"], 0.0);
        same(&what, &of(&|g| g.events as f64), &case["events"], 0.0);
        // The offset's linear predictor is a small difference of numbers 1e5 times as large.
        let close = if data == "bounded_offset" { 1e-7 } else { 1e-10 };
        same(&what, &of(&|g| g.expected), &case["expected"], close);
        same(&what, &of(&|g| g.conf_low), &case["low"], 1e-12);
        same(&what, &of(&|g| g.conf_high), &case["high"], 1e-12);
        let checks = &model.fit.glance.checks;
        let test = checks.iter().find(|c| c.name == "hosmer_lemeshow").unwrap();
        same(&what, &[test.df.unwrap()], &case["df"], 0.0);
        let statistic = case["statistic"].as_f64().unwrap();
        assert!(
            (test.value.unwrap() - statistic).abs() < 10.0 * close * (1.0 + statistic),
            "{what}"
        );
        same(&what, &[test.p_value.unwrap()], &case["p_value"], 100.0 * close);
    }
}

#[test]
fn curvature_is_that_of_car_with_hc3_and_slopes_those_of_the_exact_derivative() {
    let exact = oracle("models.py.json");
    for (i, case) in oracle("models.r.json")["bends"].as_array().unwrap().iter().enumerate() {
        let exact = &exact["bends"][i];
        let text = |key: &str| case[key].as_str().unwrap();
        let (x, y) = (text("x"), text("y"));
        let what = format!("{} {}", text("data"), case["df"]);
        let table = table(columns(text("data")));
        let straight = format!("{y} ~ {x}");
        let curved = format!("{y} ~ ns({x}, {})", case["df"]);
        let model = model_with(&table, &curved, &Extras::default()).unwrap();
        let fit = ols(&model.design).unwrap();
        let hc3 = StandardErrors::Each(Covariance::Hc3);
        let extras = Extras::default();
        let wald = nonlinearity_with(&fit, &table, &straight, &extras, &hc3, None).unwrap();
        assert_eq!(wald.name, "nonlinearity_hc3");
        assert_eq!(exact["data"], case["data"]);
        same(&what, &[wald.value.unwrap()], &exact["wald"], 1e-10);
        same(&what, &[wald.p_value.unwrap()], &exact["wald_p"], 1e-10);
        same(&what, &[wald.value.unwrap()], &case["wald"], 1e-8);
        same(&what, &[wald.df.unwrap()], &case["wald_df"], 0.0);
        same(&what, &[wald.df2.unwrap()], &case["wald_df2"], 0.0);
        same(&what, &[wald.p_value.unwrap()], &case["wald_p"], 1e-8);
        let f = nonlinearity(&fit, &table, &straight, &extras).unwrap().unwrap();
        same(&what, &[f.value.unwrap()], &case["f"], 1e-9);
        same(&what, &[f.p_value.unwrap()], &case["p"], 1e-9);
        for (kind, key) in [(Covariance::Classical, "classical"), (Covariance::Hc3, "hc3")] {
            let errors = StandardErrors::Each(kind);
            let rows = average_slopes(&fit, &model, &errors, None, L).unwrap();
            // Respondents within 2⁻¹⁵ of the range of a knot have a difference across it, not a derivative.
            same(&what, &values(&rows), &case["slope"], 1e-8);
            same(&what, &errors_of(&rows), &case[key], 1e-8);
        }
    }
}

#[test]
fn robust_curvature_does_not_depend_on_the_predictors_scale_and_counts_equal_rows() {
    let read = table(columns("ties"));
    let moved = |by: f64, times: f64| -> Table {
        let x = read.column("x").unwrap().numbers().unwrap().iter();
        let x = x.map(|v| v.map(|v| v * times + by)).collect();
        read.clone().with_column(Column::number("x", x)).unwrap()
    };
    let hc3 = StandardErrors::Each(Covariance::Hc3);
    let test = |table: &Table| {
        let model = model_with(table, "y ~ ns(x, 3)", &Extras::default()).unwrap();
        let fit = ols(&model.design).unwrap();
        let extras = Extras::default();
        nonlinearity_with(&fit, table, "y ~ x", &extras, &hc3, None).unwrap().value.unwrap()
    };
    let own = test(&read);
    assert!((test(&moved(1e4, 8.0)) / own - 1.0).abs() < 1e-6);
    let counts: Vec<u64> = (0..read.n_rows() as u64).map(|i| i % 3 + 1).collect();
    let rows: Vec<usize> =
        (0..read.n_rows()).flat_map(|i| std::iter::repeat_n(i, counts[i] as usize)).collect();
    let long = |name: &str| {
        let values = read.column(name).unwrap().numbers().unwrap();
        Column::number(name, rows.iter().map(|i| values[*i]).collect())
    };
    let long = table(vec![long("x"), long("y")]);
    let counted = read.clone().with_counts(counts).unwrap();
    assert!((test(&long) / test(&counted) - 1.0).abs() < 1e-10);
}

#[test]
fn partial_dependence_is_that_written_out_in_r() {
    for case in oracle("models.r.json")["dependence"].as_array().unwrap() {
        let text = |key: &str| case[key].as_str().unwrap();
        let (formula, column) = (text("model"), text("column"));
        let what = format!("{formula}, {column}");
        let (rows, close) = if formula.starts_with("binary") {
            let table = table(columns("bounded_plain"));
            let coded = coded(&table, formula, &Extras::default()).unwrap();
            let kind = StandardErrors::default();
            let model = logistic(&coded, &Errors { kind: &kind, clusters: None }).unwrap();
            let expected = Expected::of_fit(&model.fit);
            (dependence(&coded.modelled, column, &expected, L, Bounds::default()).unwrap(), 1e-7)
        } else {
            let table = table(columns("regression_ties"));
            let model = model_with(&table, formula, &Extras::default()).unwrap();
            let fit = ols(&model.design).unwrap();
            let v = fit.covariance(Covariance::Hc3).unwrap();
            let df = fit.df_residual as f64;
            let expected = Expected::of_least_squares(&fit, Some((v, "hc3".to_owned())), df);
            (dependence(&model, column, &expected, L, Bounds::default()).unwrap(), 1e-9)
        };
        same(&what, &values(&rows), &case["mean"], 1e-9);
        // R's glm takes the weights of its last step but one.
        same(&what, &errors_of(&rows), &case["std_error"], close);
        assert_eq!(rows[0].x.as_deref(), Some(column));
    }
}

#[test]
fn a_column_that_the_model_lacks_has_no_dependence() {
    let table = table(columns("regression_ties"));
    let model = model_with(&table, "ssi ~ score", &Extras::default()).unwrap();
    let fit = ols(&model.design).unwrap();
    let expected = Expected::of_least_squares(&fit, None, 1.0);
    let ask = |name: &str| dependence(&model, name, &expected, L, Bounds::default());
    assert!(ask("many").unwrap_err().is_usage());
    assert!(ask("nobody").unwrap_err().is_usage());
    let rows = ask("score").unwrap();
    assert!(rows.iter().all(|row| row.interval.is_none() && row.value.is_some()));
}

#[test]
fn bounded_outcomes_are_those_of_statsmodels() {
    let python = oracle("models.py.json");
    for name in ["plain", "small", "ties"] {
        let table = table(columns(&format!("bounded_{name}")));
        let of = |outcome: &str| {
            model_with(&table, &format!("{outcome} ~ x + z + g"), &Extras::default()).unwrap()
        };
        let wanted = &python["beta"][name];
        let kind = StandardErrors::default();
        let with = Errors { kind: &kind, clusters: None };
        let model = beta(&of("inner"), 0.0, 100.0, &with).unwrap();
        let phi = model.measures(L).into_iter().find(|row| row.term == "phi").unwrap();
        let mut coefficients = values(&model.estimates(L));
        coefficients.push(phi.value.unwrap().ln());
        same(name, &coefficients, &wanted["coef"], 1e-6);
        same(name, &[model.fit.glance.log_lik.unwrap()], &wanted["log_lik"], 1e-10);
        let kind = StandardErrors::Each(Covariance::Hc0);
        let with = Errors { kind: &kind, clusters: None };
        let model = fractional(&of("share"), 0.0, 100.0, &with).unwrap();
        let wanted = &python["fractional"][name];
        same(name, &values(&model.estimates(L)), &wanted["coef"], 1e-8);
        same(name, &errors_of(&model.estimates(L)), &wanted["hc0"], 1e-7);
    }
}
