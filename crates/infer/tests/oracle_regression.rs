//! Least squares against R, statsmodels, scikit-learn and mpmath: `tests/oracles/regression.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use serde_json::Value;
use ssi_infer::penalised::coefficients_at;
use ssi_infer::regress::{AugmentRow, Covariance, Ols, ols};
use ssi_infer::smooth::loess;
use ssi_infer::{formula, regress};
use ssi_vocab::{Column, Design, Estimate, Level, Table};

const R: &str = include_str!("../../../tests/oracles/regression.r.json");
const PYTHON: &str = include_str!("../../../tests/oracles/regression.py.json");

/// Where both sides are right to the last digits.
const CLOSED_FORM: f64 = 1e-12;

fn table(name: &str) -> Table {
    samples::table(samples::columns(&format!("regression_{name}")))
}

fn fit(case: &Value) -> Ols {
    let (data, text) = (case["data"].as_str().unwrap(), case["formula"].as_str().unwrap());
    ols(&formula::design(&table(data), text).unwrap()).unwrap()
}

fn oracle(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Compares each number relative to its own size.
#[track_caller]
fn assert_same(what: &str, case: &Value, ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = if theirs.is_array() { numbers(theirs) } else { vec![theirs.as_f64().unwrap()] };
    assert_eq!(ours.len(), theirs.len(), "{what} of {}", case["formula"]);
    for (a, b) in ours.iter().zip(&theirs) {
        let error = (a - b).abs() / b.abs().max(f64::MIN_POSITIVE);
        assert!(
            error <= tolerance,
            "{what} of {} ({}): {a} against {b}, off by {error:e}",
            case["formula"],
            case["data"]
        );
    }
}

/// Compares a column relative to its largest number: residuals near 0 have lost their digits in
/// any program that subtracts a fitted value.
#[track_caller]
fn assert_column(what: &str, case: &Value, ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = numbers(theirs);
    let size = theirs.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    assert_eq!(ours.len(), theirs.len(), "{what} of {}", case["formula"]);
    for (a, b) in ours.iter().zip(&theirs) {
        let error = (a - b).abs() / size;
        assert!(error <= tolerance, "{what} of {}: {a} {b}, {error:e}", case["formula"]);
    }
}

fn of(estimates: &[Estimate], pick: impl Fn(&Estimate) -> f64) -> Vec<f64> {
    estimates.iter().map(pick).collect()
}

fn std_errors(fit: &Ols, kind: Covariance) -> Vec<f64> {
    of(&fit.estimates(kind, Level::DEFAULT), |e| e.std_error.unwrap())
}

const ROBUST: [(&str, Covariance); 5] = [
    ("hc0", Covariance::Hc0),
    ("hc1", Covariance::Hc1),
    ("hc2", Covariance::Hc2),
    ("hc3", Covariance::Hc3),
    ("hc4", Covariance::Hc4),
];

#[test]
fn least_squares_equals_sixty_digit_arithmetic() {
    // All sets, the near-collinear one (condition number 2e7) included: what is compared is the
    // rounding of the final doubles. The outcome log(y) and predictor log10(z) are rounded to
    // doubles by us and not by mpmath, which the condition of that problem amplifies.
    for case in oracle(PYTHON)["fits"].as_array().unwrap() {
        let rounded_terms = case["formula"].as_str().unwrap().contains("log");
        let tolerance = if rounded_terms { 2e-13 } else { 2e-14 };
        let fit = fit(case);
        let estimates = fit.estimates(Covariance::Classical, Level::DEFAULT);
        let glance = fit.glance();
        let test = |e: &Estimate| e.test.clone().unwrap();
        let check = |what: &str, ours: &[f64]| {
            assert_same(what, case, ours, &case[what], tolerance);
        };
        check("estimate", &of(&estimates, |e| e.value.unwrap()));
        check("std_error", &of(&estimates, |e| e.std_error.unwrap()));
        check("statistic", &of(&estimates, |e| test(e).statistic.unwrap()));
        check("sigma", &[fit.sigma]);
        check("r_squared", &[glance.r_squared.unwrap()]);
        check("adj_r_squared", &[glance.adj_r_squared.unwrap()]);
        check("f", &[glance.statistic.unwrap()]);
        check("log_lik", &[glance.log_lik.unwrap()]);
        check("aic", &[glance.aic.unwrap()]);
        check("bic", &[glance.bic.unwrap()]);
        check("condition_number", &[check_value(&fit, "condition_number").unwrap()]);
        if matches!(case["data"].as_str(), Some("outliers" | "collinear")) {
            let largest = numbers(&case["variance_inflation"]).into_iter().fold(0.0, f64::max);
            let ours = check_value(&fit, "max_vif").unwrap();
            assert!((ours / largest - 1.0).abs() < tolerance, "{ours} {largest}");
        }
        // A p-value of 1e-150 multiplies the statistic's rounding by its exponent.
        let p = of(&estimates, |e| test(e).p_value.get());
        assert_same("p_value", case, &p, &case["p_value"], 1e-12);
        for (name, kind) in ROBUST {
            assert_same(name, case, &std_errors(&fit, kind), &case["robust"][name], tolerance);
        }
        let augment = fit.augment(Level::DEFAULT);
        let column =
            |pick: fn(&AugmentRow) -> f64| augment.rows.iter().map(pick).collect::<Vec<_>>();
        assert_same("fitted", case, &column(|r| r.fitted), &case["fitted"], tolerance);
        assert_column("resid", case, &column(|r| r.resid), &case["resid"], tolerance);
        assert_same("hat", case, &column(|r| r.hat), &case["hat"], tolerance);
        assert_column(
            "cooks_d",
            case,
            &column(|r| r.cooks_d.unwrap()),
            &case["cooks_d"],
            tolerance,
        );
    }
}

fn check_value(fit: &Ols, name: &str) -> Option<f64> {
    fit.glance().checks.iter().find(|check| check.name == name).and_then(|check| check.value)
}

#[test]
fn least_squares_equals_r() {
    for case in oracle(R)["fits"].as_array().unwrap() {
        // R keeps nine digits of this set (the test above compares it with mpmath).
        if case["data"] == "collinear" {
            continue;
        }
        let fit = fit(case);
        let terms: Vec<&str> =
            case["terms"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert_eq!(fit.terms, terms);
        let estimates = fit.estimates(Covariance::Classical, Level::DEFAULT);
        let glance = fit.glance();
        let check = |what: &str, ours: &[f64]| {
            assert_same(what, case, ours, &case[what], CLOSED_FORM);
        };
        check("estimate", &of(&estimates, |e| e.value.unwrap()));
        check("std_error", &of(&estimates, |e| e.std_error.unwrap()));
        check("statistic", &of(&estimates, |e| e.test.clone().unwrap().statistic.unwrap()));
        check("p_value", &of(&estimates, |e| e.test.clone().unwrap().p_value.get()));
        check("conf_low", &of(&estimates, |e| e.interval.clone().unwrap().low));
        check("conf_high", &of(&estimates, |e| e.interval.clone().unwrap().high));
        for (name, kind) in ROBUST {
            assert_same(name, case, &std_errors(&fit, kind), &case["robust"][name], CLOSED_FORM);
        }
        let robust = fit.estimates(Covariance::Hc3, Level::DEFAULT);
        // A p-value of 1e-48 multiplies the rounding of R's robust standard error by 70.
        let p = of(&robust, |e| e.test.clone().unwrap().p_value.get());
        assert_same("robust_p", case, &p, &case["robust_p"], 1e-11);
        check("sigma", &[fit.sigma]);
        check("df_residual", &[fit.df_residual as f64]);
        check("log_lik", &[glance.log_lik.unwrap()]);
        check("aic", &[glance.aic.unwrap()]);
        check("bic", &[glance.bic.unwrap()]);
        if case["f"].is_null() {
            // R says 0 for a model without predictors, give or take its rounding.
            assert_eq!(glance.statistic, None);
            assert!(glance.r_squared.unwrap().abs() < 1e-15);
        } else {
            check("r_squared", &[glance.r_squared.unwrap()]);
            check("adj_r_squared", &[glance.adj_r_squared.unwrap()]);
            check("f", &[glance.statistic.unwrap()]);
            check("f_df", &[glance.df.unwrap()]);
            check("f_p", &[glance.p_value.unwrap()]);
        }
    }
}

#[test]
fn the_checks_equal_lmtest_and_car() {
    let mut compared = 0;
    for case in oracle(R)["fits"].as_array().unwrap() {
        // R keeps five to nine digits of the near-collinear set (mpmath has its condition number
        // and VIF above).
        let tolerance = if case["data"] == "collinear" { 1e-5 } else { CLOSED_FORM };
        let checks = fit(case).glance().checks;
        for name in ["breusch_pagan", "durbin_watson", "condition_number", "max_vif"] {
            if case[name].is_null() {
                continue;
            }
            let check = checks.iter().find(|c| c.name == name).unwrap();
            assert_same(name, case, &[check.value.unwrap()], &case[name], tolerance);
            if name == "breusch_pagan" {
                let p = check.p_value.unwrap();
                assert_same("its p", case, &[p], &case["breusch_pagan_p"], tolerance);
            }
            compared += 1;
        }
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn each_respondent_equals_r() {
    for case in oracle(R)["fits"].as_array().unwrap() {
        let tolerance = if case["data"] == "collinear" { 1e-7 } else { CLOSED_FORM };
        let fit = fit(case);
        let rows = fit.augment(Level::DEFAULT).rows;
        let column = |pick: fn(&AugmentRow) -> f64| rows.iter().map(pick).collect::<Vec<_>>();
        let check = |what: &str, ours: &[f64]| {
            assert_column(what, case, ours, &case[what], tolerance);
        };
        check("fitted", &column(|r| r.fitted));
        check("resid", &column(|r| r.resid));
        check("hat", &column(|r| r.hat));
        check("std_resid", &column(|r| r.std_resid.unwrap()));
        check("cooks_d", &column(|r| r.cooks_d.unwrap()));
        check("dffits", &column(|r| r.dffits.unwrap()));
        check("augment_low", &column(|r| r.conf_low));
        check("augment_high", &column(|r| r.conf_high));
        check("pred_low", &column(|r| r.pred_low.unwrap()));
        check("pred_high", &column(|r| r.pred_high.unwrap()));
    }
}

#[test]
fn predictions_for_further_rows_equal_r() {
    for case in oracle(R)["predictions"].as_array().unwrap() {
        let (design, recipe) =
            formula::model(&table("factor"), case["formula"].as_str().unwrap()).unwrap();
        let number =
            |name: &str| Column::number(name, numbers(&case[name]).into_iter().map(Ok).collect());
        let regions: Vec<_> =
            case["region"].as_array().unwrap().iter().map(|w| Ok(w.as_str().unwrap())).collect();
        let columns = vec![number("x"), number("z"), Column::factor("region", &regions)];
        let further = Table::new(columns, vec![2, 3, 4]).unwrap();
        let x = recipe.matrix(&further).unwrap().x;
        let found = regress::ols(&design).unwrap().predict(x.view(), Level::new(0.9).unwrap());
        let found = found.unwrap();
        let column = |pick: fn(&regress::Prediction) -> f64| -> Vec<f64> {
            found.iter().map(pick).collect()
        };
        let check = |what: &str, ours: &[f64]| {
            assert_same(what, case, ours, &case[what], CLOSED_FORM);
        };
        check("fitted", &column(|p| p.fitted));
        check("conf_low", &column(|p| p.conf_low));
        check("conf_high", &column(|p| p.conf_high));
        check("pred_low", &column(|p| p.pred_low));
        check("pred_high", &column(|p| p.pred_high));
    }
}

#[test]
fn smooth_curves_equal_r() {
    for case in oracle(R)["smooths"].as_array().unwrap() {
        let name = |key: &str| case[key].as_str().unwrap();
        let pair = table(name("data")).paired(name("x"), name("y")).unwrap();
        let curve = loess(&pair, case["span"].as_f64().unwrap(), &numbers(&case["grid"])).unwrap();
        for ((at, ours), theirs) in curve.x.iter().zip(&curve.y).zip(numbers(&case["value"])) {
            let error = (ours - theirs).abs() / theirs.abs();
            assert!(error < 1e-10, "{} at {at}: {ours} {theirs} {error:e}", name("data"));
        }
    }
}

#[test]
fn frequency_weights_equal_statsmodels() {
    let counted = &oracle(PYTHON)["counted"];
    let (x, y, n) = (numbers(&counted["x"]), numbers(&counted["y"]), numbers(&counted["n"]));
    let column =
        |name: &str, values: &[f64]| Column::number(name, values.iter().copied().map(Ok).collect());
    let table = Table::new(vec![column("x", &x), column("y", &y)], (1..=x.len()).collect())
        .unwrap()
        .with_counts(n.iter().map(|n| *n as u64).collect())
        .unwrap();
    let fit = ols(&formula::design(&table, "y ~ x").unwrap()).unwrap();
    // statsmodels solves by a pseudo-inverse of doubles.
    assert_same("estimate", counted, &fit.coefficients.to_vec(), &counted["estimate"], CLOSED_FORM);
    let errors = std_errors(&fit, Covariance::Classical);
    assert_same("std_error", counted, &errors, &counted["std_error"], CLOSED_FORM);
}

#[test]
fn penalised_optima_equal_scikit_learn() {
    for case in oracle(PYTHON)["penalised"].as_array().unwrap() {
        let table = table(case["data"].as_str().unwrap());
        let design = formula::design(&table, case["formula"].as_str().unwrap()).unwrap();
        let number = |key: &str| case[key].as_f64().unwrap();
        let ours = coefficients_at(&design, number("l1_ratio"), number("penalty")).unwrap();
        let theirs = numbers(&case["estimate"]);
        let (a, b) = (objective(&design, &ours, case), objective(&design, &theirs, case));
        assert!(a <= b * (1.0 + 1e-13), "{case}: {a} is above {b}");
        // One fit of the near-collinear set is not converged after ten million rounds there.
        if case["converged"] == false {
            assert_eq!((case["data"].as_str(), number("l1_ratio")), (Some("collinear"), 1.0));
            continue;
        }
        // Relative to the largest slope: a coefficient that one program puts at 0 and the other
        // at 1e-15 is the same.
        let size = theirs[1..].iter().fold(0.0_f64, |m, v| m.max(v.abs())).max(1e-6);
        assert!((ours[0] - theirs[0]).abs() <= 1e-6 * theirs[0].abs().max(size), "{case}");
        for (a, b) in ours[1..].iter().zip(&theirs[1..]) {
            assert!((a - b).abs() <= 1e-6 * size, "{case}: {a} {b}");
        }
    }
}

/// 1/(2n)·‖y − Xβ‖² + λ(α‖β‖₁ + (1 − α)/2·‖β‖²), from the coefficients on the original scale.
fn objective(design: &Design, coefficients: &[f64], case: &Value) -> f64 {
    let n = design.y.len() as f64;
    let (alpha, lambda) = (case["l1_ratio"].as_f64().unwrap(), case["penalty"].as_f64().unwrap());
    let rest = &design.y - &design.x.dot(&ndarray::ArrayView1::from(coefficients));
    let penalty: f64 = coefficients[1..]
        .iter()
        .zip(design.x.columns().into_iter().skip(1))
        .map(|(b, column)| {
            let mean = column.sum() / n;
            let scale = (column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
            alpha * (b * scale).abs() + (1.0 - alpha) / 2.0 * (b * scale).powi(2)
        })
        .sum();
    rest.dot(&rest) / (2.0 * n) + lambda * penalty
}
