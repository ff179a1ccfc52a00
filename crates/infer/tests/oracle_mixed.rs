//! Mixed models against the definition in mpmath, lme4 with lmerTest, and the closed form of the
//! balanced case: `tests/oracles/mixed.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, close, numbers, table};
use serde_json::Value;
use ssi_infer::Error;
use ssi_infer::formula::design;
use ssi_infer::mixed::{Grouping, Likelihood, Mixed, mixed};
use ssi_infer::model::ModelError;
use ssi_vocab::{Column, Note, Table, Warning};

const R: &str = include_str!("../../../tests/oracles/mixed.r.json");
const PYTHON: &str = include_str!("../../../tests/oracles/mixed.py.json");

fn fitted(
    table: &Table,
    formula: &str,
    slope: Option<&str>,
    group: &str,
    likelihood: Likelihood,
) -> ssi_infer::Result<Mixed> {
    let design = design(table, formula)?;
    let grouping = Grouping::new(table, group, &design)?;
    mixed(&design, &grouping, slope, likelihood)
}

fn of_case(case: &Value) -> Mixed {
    let text = |key: &str| case[key].as_str();
    let name = text("data").unwrap();
    let reml = case["reml"].as_bool().unwrap_or(text("reml") == Some("TRUE"));
    let likelihood = if reml { Likelihood::Reml } else { Likelihood::Ml };
    let columns = samples::columns(&format!("mixed_{name}"));
    let mut data = table(columns);
    if let Some(counts) = text("counts") {
        let counts = data.column(counts).unwrap().numbers().unwrap();
        let counts = counts.iter().map(|c| c.unwrap() as u64).collect();
        data = data.with_counts(counts).unwrap();
    }
    fitted(&data, text("formula").unwrap(), text("slope"), text("group").unwrap(), likelihood)
        .unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(values) => values.iter().map(|v| v.as_f64().unwrap()).collect(),
        None => vec![value.as_f64().unwrap()],
    }
}

fn all_close(what: &str, ours: &[f64], theirs: &[f64], tolerance: f64) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!(close(*a, *b, tolerance), "{what}: {a} {b} {:.1e}", (a - b).abs() / b.abs());
    }
}

fn degrees(fit: &Mixed) -> Vec<f64> {
    fit.fit.estimates(L).iter().map(|e| e.test.as_ref().unwrap().df.unwrap()).collect()
}

fn errors(fit: &Mixed) -> Vec<f64> {
    fit.fit.estimates(L).iter().map(|e| e.std_error.unwrap()).collect()
}

#[test]
fn fits_equal_the_definition() {
    let all: Value = serde_json::from_str(PYTHON).unwrap();
    for case in all["fits"].as_array().unwrap() {
        let fit = of_case(case);
        let g = fit.fit.glance.gradient.unwrap();
        assert!(g < 1e-8, "gradient {g}");
        let mut ours = vec![fit.residual_variance, fit.covariance[0][0]];
        if fit.slope.is_some() {
            ours.extend([fit.covariance[0][1], fit.covariance[1][1]]);
        }
        // The search of the definition ends at a step of 1e-14; derivatives there have 1e-15.
        all_close("parameters", &ours, &list(&case["parameters"]), 1e-9);
        all_close("coefficients", &fit.fit.coefficients, &list(&case["coefficients"]), 1e-10);
        all_close("errors", &errors(&fit), &list(&case["std_error"]), 1e-9);
        all_close("df", &degrees(&fit), &list(&case["df"]), 1e-7);
        let log_lik = fit.fit.glance.log_lik.unwrap();
        assert!(close(log_lik, case["log_lik"].as_f64().unwrap(), 1e-12), "{log_lik}");
        let measures = fit.measures(L);
        let error = |name: &str| {
            let row = measures.iter().find(|e| e.term.starts_with(name)).unwrap();
            row.std_error.unwrap()
        };
        let theirs = list(&case["parameter_se"]);
        assert!(close(error("var(Residual)"), theirs[0], 1e-6));
        assert!(close(error("var((Intercept)"), theirs[1], 1e-6), "{}", error("var((Intercept)"));
        if let Some(peer) = case["statsmodels"].as_object() {
            // Its search stops on a flat top, but never above ours.
            assert!(peer["log_lik"].as_f64().unwrap() <= log_lik + 1e-9);
        }
    }
}

#[test]
fn the_balanced_case_is_the_analysis_of_variance() {
    let all: Value = serde_json::from_str(PYTHON).unwrap();
    let wanted = |key: &str| all["balanced"][key].as_f64().unwrap();
    let data = table(samples::columns("mixed_balanced"));
    let fit = fitted(&data, "y ~ 1", None, "group", Likelihood::Reml).unwrap();
    assert!(close(fit.fit.coefficients[0], wanted("mean"), 1e-14));
    assert!(close(fit.residual_variance, wanted("sigma"), 1e-12));
    assert!(close(fit.covariance[0][0], wanted("tau"), 1e-12));
    assert!(close(errors(&fit)[0], wanted("std_error"), 1e-12));
    assert!(close(degrees(&fit)[0], wanted("df"), 1e-10), "{}", degrees(&fit)[0]);
    let measures = fit.measures(L);
    let value = |name: &str| measures.iter().find(|e| e.term == name).unwrap().value.unwrap();
    assert!(close(value("icc"), wanted("icc"), 1e-12));
    // With equal sizes both design effects are one number.
    assert!(close(value("design_effect"), wanted("design_effect"), 1e-12));
    assert!(close(value("design_effect_mean_size"), wanted("design_effect"), 1e-12));
}

#[test]
fn fits_equal_lme4_and_lmer_test() {
    let all: Value = serde_json::from_str(R).unwrap();
    for case in all["fits"].as_array().unwrap() {
        let fit = of_case(case);
        let singular = case["singular"].as_str() == Some("TRUE");
        assert_eq!(fit.singular, singular);
        // lme4 stops where the deviance is flat to its search: its σ has 7 or 8 digits, and a
        // singular fit's are looser still.
        let tolerance = if singular { 2e-5 } else { 2e-6 };
        all_close("coefficients", &fit.fit.coefficients, &list(&case["coefficients"]), tolerance);
        all_close("errors", &errors(&fit), &list(&case["std_error"]), tolerance);
        let sigma = fit.residual_variance.sqrt();
        assert!(close(sigma, case["sigma"].as_f64().unwrap(), tolerance), "{sigma}");
        // lmerTest's derivatives are numerical.
        all_close("df", &degrees(&fit), &list(&case["df"]), if singular { 1e-3 } else { 2e-4 });
        let glance = &fit.fit.glance;
        for (ours, key) in [(glance.log_lik, "log_lik"), (glance.aic, "aic"), (glance.bic, "bic")] {
            assert!(close(ours.unwrap(), case[key].as_f64().unwrap(), 1e-10), "{key} {ours:?}");
        }
        let largest = fit.fit.fitted.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        for (ours, theirs) in fit.fit.fitted.iter().zip(list(&case["fitted"])) {
            assert!((ours - theirs).abs() < 1e-4 * largest, "{ours} {theirs}");
        }
    }
}

#[test]
fn the_interval_of_the_icc_is_that_of_the_profiled_deviance() {
    let all: Value = serde_json::from_str(R).unwrap();
    for case in all["profile"].as_array().unwrap() {
        let name = case["data"].as_str().unwrap();
        let (formula, group) =
            if name == "balanced" { ("y ~ 1", "group") } else { ("y ~ x", "session") };
        let data = table(samples::columns(&format!("mixed_{name}")));
        let fit = fitted(&data, formula, None, group, Likelihood::Reml).unwrap();
        let measures = fit.measures(L);
        let icc = measures.iter().find(|e| e.term == "icc").unwrap();
        let interval = icc.interval.as_ref().unwrap();
        let ours = [icc.value.unwrap(), interval.low, interval.high];
        all_close("icc", &ours, &list(&case["icc"]), 1e-6);
    }
}

#[test]
fn a_singular_fit_is_warned_of_and_has_no_interval() {
    let data = table(samples::columns("mixed_singular"));
    let fit = fitted(&data, "y ~ x", None, "group", Likelihood::Reml).unwrap();
    assert_eq!(fit.fit.warnings, [Warning::SingularFit { column: "group".into() }]);
    assert_eq!(fit.covariance, [[0.0]]);
    let measures = fit.measures(L);
    assert_eq!((measures[0].value, measures[0].note), (Some(0.0), Some(Note::Boundary)));
    assert!(measures[0].interval.is_none());
    // Without a variance between groups this is least squares.
    let plain = samples::fit(&data, "y ~ x").unwrap();
    all_close("b", &fit.fit.coefficients, &plain.coefficients.to_vec(), 1e-13);
    assert!(close(degrees(&fit)[1], 30.0, 1e-9), "{}", degrees(&fit)[1]);
    let icc = measures.iter().find(|e| e.term == "icc").unwrap();
    let interval = icc.interval.as_ref().unwrap();
    assert!(interval.low == 0.0 && interval.high > 0.0 && interval.high < 0.5, "{interval:?}");
}

#[test]
fn units_do_not_matter() {
    let columns = samples::columns("mixed_sessions");
    let numbers_of = |name: &str| -> Vec<f64> {
        let column = columns.iter().find(|c| c.name == name).unwrap();
        column.numbers().unwrap().iter().map(|v| v.unwrap()).collect()
    };
    let session = columns.iter().find(|c| c.name == "session").unwrap().clone();
    let run = |y: f64, shift: f64, x: f64| {
        let ys: Vec<f64> = numbers_of("y").iter().map(|v| v * y).collect();
        let xs: Vec<f64> = numbers_of("x").iter().map(|v| (v + shift) * x).collect();
        let data = table(vec![numbers("y", &ys), numbers("x", &xs), session.clone()]);
        fitted(&data, "y ~ x", Some("x"), "session", Likelihood::Reml).unwrap()
    };
    let base = run(1.0, 0.0, 1.0);
    for (y, shift, x) in [(1e40, 0.0, 1e-30), (1e-40, 0.0, 1e30), (1.0, 1e4, 1.0)] {
        let other = run(y, shift, x);
        assert!(close(other.fit.coefficients[1] * x / y, base.fit.coefficients[1], 1e-7));
        assert!(close(degrees(&other)[1], degrees(&base)[1], 1e-6));
        assert!(close(other.residual_variance / y / y, base.residual_variance, 1e-7));
        assert!(close(other.covariance[1][1] * x * x / y / y, base.covariance[1][1], 1e-6));
    }
}

#[test]
fn counts_are_rows() {
    let all = samples::columns("mixed_offset");
    let counts: Vec<u64> = (0..all[0].len() as u64).map(|i| i % 3).collect();
    let at: Vec<usize> =
        counts.iter().enumerate().flat_map(|(i, c)| std::iter::repeat_n(i, *c as usize)).collect();
    let expanded = all.iter().map(|column| match column.numbers() {
        Ok(values) => Column::number(&*column.name, at.iter().map(|i| values[*i]).collect()),
        Err(_) => {
            let (levels, codes) = column.groups();
            let words: Vec<_> = at.iter().map(|i| codes[*i].map(|c| &levels[c as usize])).collect();
            Column::factor(&*column.name, &words)
        }
    });
    let rows = table(expanded.collect());
    let counted = table(all.clone()).with_counts(counts).unwrap();
    for slope in [None, Some("t")] {
        let a = fitted(&counted, "y ~ t", slope, "group", Likelihood::Reml).unwrap();
        let b = fitted(&rows, "y ~ t", slope, "group", Likelihood::Reml).unwrap();
        all_close("b", &a.fit.coefficients, &b.fit.coefficients, 1e-9);
        all_close("df", &degrees(&a), &degrees(&b), 1e-6);
        assert!(close(a.criterion, b.criterion, 1e-12));
        assert_eq!(a.fit.n_obs, b.fit.n_obs);
    }
}

#[test]
fn what_can_not_be_fitted_is_named() {
    let groups =
        |words: &[&str]| Column::factor("g", &words.iter().map(|w| Ok(*w)).collect::<Vec<_>>());
    let y = numbers("y", &[1.0, 3.0, 2.0, 5.0, 4.0, 7.0]);
    let x = numbers("x", &[1.0, 2.0, 3.0, 4.0, 5.0, 6.5]);
    let of = |y: &Column, x: &Column, words: &[&str], slope: Option<&str>| {
        let data = table(vec![y.clone(), x.clone(), groups(words)]);
        fitted(&data, "y ~ x", slope, "g", Likelihood::Reml).unwrap_err()
    };
    let one = of(&y, &x, &["a"; 6], None);
    assert!(matches!(one, Error::TooFewClusters { found: 1, needed: 2, .. }), "{one}");
    let singles = of(&y, &x, &["a", "b", "c", "d", "e", "f"], None);
    let Error::Model(ModelError::RandomEffects { effects: 6, found: 6, .. }) = singles else {
        panic!("{singles}")
    };
    let pairs = ["a", "a", "b", "b", "c", "c"];
    let full = of(&y, &x, &pairs, Some("x"));
    assert!(matches!(full, Error::Model(ModelError::RandomEffects { .. })), "{full}");
    let threes = ["a", "a", "a", "b", "b", "b"];
    let flat = of(&y, &numbers("x", &[1.0, 1.0, 1.0, 2.0, 2.0, 2.0]), &threes, Some("x"));
    assert!(matches!(flat, Error::Model(ModelError::SlopeWithin { .. })), "{flat}");
    let unknown = of(&y, &x, &threes, Some("z"));
    assert!(matches!(unknown, Error::Model(ModelError::RandomSlope { .. })), "{unknown}");
    assert!(unknown.is_usage());
    let constant = of(&numbers("y", &[1.0; 6]), &x, &threes, None);
    assert!(matches!(constant, Error::Constant { .. }), "{constant}");
    let still = numbers("y", &[1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    let still_x = numbers("x", &[1.0, 2.0, 3.0, 1.0, 2.0, 3.0]);
    let nothing = of(&still, &still_x, &threes, None);
    assert!(matches!(nothing, Error::Model(ModelError::NothingLeft { .. })), "{nothing}");
    let same = numbers("y", &[1.0, 2.0, 3.0, 4.0, 5.0, 6.5]);
    let perfect = of(&same, &x, &threes, None);
    assert!(matches!(perfect, Error::Model(_) | Error::Collinear { .. }), "{perfect}");
    let huge = of(&numbers("y", &[1e300, 3.0, 2.0, 5.0, 4.0, 7.0]), &x, &threes, None);
    assert!(matches!(huge, Error::Magnitude { .. }), "{huge}");
}
