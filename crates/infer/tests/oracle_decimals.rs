//! What follows from a fit keeps the digits that the coefficients have: sums of squares, White,
//! RESET, standardised coefficients, predictions and quantiles of decimal text against rational
//! arithmetic, `tests/oracles/decimals.py`; the whole model's Wald test against R, `wald.R`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::oracle;
use serde_json::Value;
use ssi_infer::describe::describe;
use ssi_infer::formula::{Extras, model_with};
use ssi_infer::regress::{ClusterKind, Covariance, Ols, StandardErrors, SumsOfSquares, anova, ols};
use ssi_vocab::{Column, Level, Note, Table};

/// Each number of the script is the nearest double and what the text says beyond it.
fn column(name: &str, values: &Value) -> Column {
    let pairs: Vec<(f64, f64)> = serde_json::from_value(values.clone()).unwrap();
    let (values, rest): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    let numbers = Column::number(name, values.into_iter().map(Ok).collect());
    Column { rest: Some(rest), ..numbers }
}

fn table(columns: &Value) -> Table {
    let columns: Vec<Column> =
        columns.as_object().unwrap().iter().map(|(name, v)| column(name, v)).collect();
    let rows = (2..columns[0].len() + 2).collect();
    Table::new(columns, rows).unwrap()
}

#[track_caller]
fn same(what: &str, found: f64, expected: &Value, tolerance: f64) {
    let expected: f64 = expected.as_str().unwrap().parse().unwrap();
    let error = (found / expected - 1.0).abs();
    assert!(error <= tolerance, "{what}: {found:e} against {expected:e}, off by {error:e}");
}

#[test]
fn what_follows_from_a_fit_has_the_digits_of_its_coefficients() {
    let all = oracle("decimals.py.json");
    for case in all["fits"].as_array().unwrap() {
        let text = case["formula"].as_str().unwrap();
        let (table, extras) = (table(&case["columns"]), Extras::default());
        let made = model_with(&table, text, &extras).unwrap();
        let fit = ols(&made.design).unwrap();
        let say = |what: &str| format!("{} {what}", case["name"]);
        for number in [1, 2] {
            let kind = SumsOfSquares::new(number).unwrap();
            let plain = StandardErrors::default();
            let rows = anova(&fit, &made.recipe, kind, &plain, &made.table, text, &extras).unwrap();
            let expected = case[format!("type{number}")].as_array().unwrap();
            assert_eq!(rows.len(), expected.len() + 1);
            for (row, expected) in rows.iter().zip(expected) {
                same(&say(&row.term), row.sum_sq.unwrap(), expected, 1e-14);
            }
        }
        let nested = fit.against(&made.table, case["smaller"].as_str().unwrap(), &extras).unwrap();
        same(&say("nested F"), nested.statistic.unwrap(), &case["nested_f"], 1e-14);
        for (one, expected) in
            fit.standardised().iter().zip(case["standardised"].as_array().unwrap())
        {
            same(&say(&one.term), one.estimate, expected, 1e-14);
        }
        let checks = fit.diagnostics();
        for name in ["reset", "breusch_pagan", "white"] {
            if let Some(expected) = case.get(name) {
                let check = checks.iter().find(|c| c.name == name).unwrap();
                same(&say(name), check.value.unwrap(), expected, 1e-13);
            }
        }
        let further = made.recipe.matrix(&self::table(&case["at"])).unwrap();
        let found = fit.predict_rows(&further, Level::DEFAULT).unwrap();
        for (one, expected) in found.iter().zip(case["predicted"].as_array().unwrap()) {
            same(&say("prediction"), one.fitted, expected, 1e-14);
        }
    }
}

#[test]
fn a_prediction_of_the_own_rows_is_the_fitted_value() {
    let all = oracle("decimals.py.json");
    let case = &all["fits"][0];
    let table = table(&case["columns"]);
    let made = model_with(&table, case["formula"].as_str().unwrap(), &Extras::default()).unwrap();
    let fit = ols(&made.design).unwrap();
    let rows = made.recipe.matrix(&table).unwrap();
    let wide = fit.predict_rows(&rows, Level::DEFAULT).unwrap();
    let rounded = fit.predict(rows.x.view(), Level::DEFAULT).unwrap();
    let off = |found: &[ssi_infer::regress::Prediction]| {
        found.iter().zip(&fit.fitted).fold(0.0_f64, |m, (p, f)| m.max((p.fitted / f - 1.0).abs()))
    };
    assert!(off(&wide) < 1e-15, "{:e}", off(&wide));
    // Powers rounded to doubles cost Filip's model half of its digits.
    assert!(off(&rounded) > 1e-10, "{:e}", off(&rounded));
}

#[test]
fn quantiles_lie_between_decimals() {
    for case in oracle("decimals.py.json")["quantiles"].as_array().unwrap() {
        let rows = describe(&column("v", &case["values"]), None, Level::DEFAULT).unwrap();
        for method in ["q1", "median", "q3"] {
            let row = rows.iter().find(|r| r.method == method).unwrap();
            same(method, row.value.unwrap(), &case[method], 1.2e-16);
        }
    }
}

fn of_data(case: &Value) -> (Ols, ssi_infer::formula::Modelled) {
    let name = case["data"].as_str().unwrap();
    let mut columns = samples::columns(&format!("regression_{name}"));
    let n = columns[0].len();
    let cluster: Vec<f64> = (1..=n).map(|i| (i * i % 13) as f64).collect();
    columns.push(samples::numbers("cluster", &cluster));
    let extras = Extras { cluster: Some("cluster".to_owned()), ..Extras::default() };
    let made = model_with(&samples::table(columns), case["formula"].as_str().unwrap(), &extras);
    let made = made.unwrap();
    (ols(&made.design).unwrap(), made)
}

#[test]
fn the_whole_model_is_tested_with_the_errors_asked_for() {
    for case in oracle("wald.r.json")["fits"].as_array().unwrap() {
        let (fit, made) = of_data(case);
        let clusters = made.clusters.as_ref();
        let cluster = |kind| StandardErrors::Cluster(kind, "cluster".to_owned());
        for errors in [
            StandardErrors::Each(Covariance::Hc1),
            StandardErrors::Each(Covariance::Hc3),
            cluster(ClusterKind::Cr1),
        ] {
            let glance = fit.glance_with(&errors, clusters).unwrap();
            let key = errors.code();
            let theirs = case[key.split(':').next().unwrap()].as_f64().unwrap();
            let few = errors.cluster().is_some() && fit.terms.len() > 7;
            match glance.statistic {
                Some(f) => assert!((f / theirs - 1.0).abs() < 1e-11, "{key}: {f} {theirs}"),
                None => assert!(few, "{key} of {}", case["formula"]),
            }
            assert_eq!(glance.vcov.as_deref(), Some(key.as_str()));
            assert_eq!(glance.df2, errors.cluster().and(glance.statistic).map(|_| 6.0));
            assert_eq!(glance.r_squared, fit.glance().r_squared);
        }
        // One predictor: F is the square of its t; more have no test together.
        let found = fit.glance_with(&cluster(ClusterKind::Cr2), clusters).unwrap();
        let rows =
            fit.estimates_with(&cluster(ClusterKind::Cr2), clusters, Level::DEFAULT).unwrap();
        if fit.terms.len() == 2 {
            let test = rows[1].test.clone().unwrap();
            let t = test.statistic.unwrap();
            assert!((found.statistic.unwrap() / (t * t) - 1.0).abs() < 1e-12);
            assert!((found.p_value.unwrap() / test.p_value.get() - 1.0).abs() < 1e-11);
        } else {
            assert_eq!((found.statistic, found.p_value, found.df2), (None, None, None));
        }
    }
}

#[test]
fn a_check_that_was_asked_for_stands_there_with_its_reason() {
    let n = 3;
    let table = samples::table(vec![
        samples::numbers("y", &[1.0, 2.5, 2.0]),
        samples::numbers("x", &[1.0, 2.0, 3.0]),
    ]);
    let fit = ols(&model_with(&table, "y ~ x", &Extras::default()).unwrap().design).unwrap();
    assert_eq!(fit.n_obs, n);
    let checks = fit.diagnostics();
    assert_eq!(checks.len(), 11);
    let note = |name: &str| checks.iter().find(|c| c.name == name).unwrap().note;
    assert_eq!(note("reset"), Some(Note::TooFew));
    assert_eq!(note("anderson_darling"), Some(Note::TooFew));
    assert_eq!(note("max_vif"), Some(Note::OnePredictor));
    // Its value is there, its p-value is not.
    assert_eq!(note("durbin_watson"), Some(Note::TooFew));
    assert!(checks.iter().all(|c| c.value.is_some() || c.note.is_some()));
}

#[test]
fn the_certified_values_are_those_of_rational_arithmetic() {
    let all = oracle("nist_exact.py.json");
    let sets = all.as_object().unwrap().iter().filter(|(name, _)| *name != "versions");
    let mut seen = 0;
    for (name, set) in sets {
        // Numbers of 30 digits, and NIST's own of about 15.
        for (kind, least) in [("exact", 29.0), ("exact_on_doubles", 29.0), ("certified", 14.0)] {
            for (key, digits) in set[kind].as_object().unwrap() {
                assert!(digits.as_f64().unwrap() > least, "{name} {kind} {key}: {digits}");
                seen += 1;
            }
        }
    }
    assert!(seen > 700, "{seen}");
}
