//! Curves, steps, breakpoints, predictions and cross-validation against mpmath, scikit-learn and R:
//! `tests/oracles/shape.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, columns, oracle, table};
use serde_json::Value;
use ssi_infer::formula::{Extras, Modelled, model_with};
use ssi_infer::predict::{Bounds, Conformal, conformal, of_least_squares, point};
use ssi_infer::regress::{Covariance, Ols, StandardErrors, ols};
use ssi_infer::shape::{Direction, isotonic, nonlinearity, segmented};
use ssi_infer::validate::cross_validate_on;
use ssi_vocab::{Estimate, Level, Note, Table};

fn data(case: &Value) -> Table {
    table(columns(case["data"].as_str().unwrap()))
}

fn fit(table: &Table, formula: &str) -> (Ols, Modelled) {
    let model = model_with(table, formula, &Extras::default()).unwrap();
    (ols(&model.design).unwrap(), model)
}

fn numbers(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(values) => values.iter().map(|v| v.as_f64().unwrap()).collect(),
        None => vec![value.as_f64().unwrap()],
    }
}

/// Relative to each number, or to a thousandth of the largest.
#[track_caller]
fn assert_same(what: &str, case: &Value, ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = numbers(theirs);
    assert_eq!(ours.len(), theirs.len(), "{what} of {}", case["formula"]);
    let largest = theirs.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for (a, b) in ours.iter().zip(&theirs) {
        let error = (a - b).abs() / b.abs().max(largest * 1e-3).max(f64::MIN_POSITIVE);
        assert!(error <= tolerance, "{what} of {}: {a} against {b}, {error:e}", case["formula"]);
    }
}

fn ends(row: &Estimate) -> [f64; 2] {
    let interval = row.interval.clone().unwrap();
    [interval.low, interval.high]
}

#[test]
fn splines_equal_forty_digit_arithmetic() {
    for case in oracle("shape.py.json")["splines"].as_array().unwrap() {
        let table = data(case);
        let (fit, model) = fit(&table, case["formula"].as_str().unwrap());
        let offset = case["data"] == "near_line";
        let tolerance = if offset { 1e-9 } else { 1e-12 };
        assert_same("fitted", case, &fit.fitted.to_vec(), &case["fitted"], tolerance);
        assert_same("rss", case, &[fit.residual_ss()], &case["rss"], tolerance);
        assert_same("log_lik", case, &[fit.glance().log_lik.unwrap()], &case["log_lik"], tolerance);
        let straight = case["straight"].as_str().unwrap();
        let test = nonlinearity(&fit, &table, straight, &Extras::default()).unwrap().unwrap();
        assert_same("f", case, &[test.value.unwrap()], &case["f"], 1e-10);
        assert_same("p", case, &[test.p_value.unwrap()], &case["p"], 1e-10);
        assert_same("df", case, &[test.df.unwrap(), test.df2.unwrap()], &case["df"], 0.0);
        for (place, theirs) in numbers(&case["places"]).iter().zip(numbers(&case["at"])) {
            let text = format!("{}={place:e}", case["name"].as_str().unwrap());
            let point = point(&text, &model).unwrap();
            let x = point.x.insert_axis(ndarray::Axis(0));
            let ours = fit.predict(x.view(), L).unwrap()[0].fitted;
            assert!(
                (ours - theirs).abs() <= tolerance * theirs.abs().max(1.0) * 10.0,
                "{} at {place}: {ours} against {theirs}",
                case["formula"]
            );
        }
    }
}

/// R's bases to the sign, so that coefficients and their names agree.
#[test]
fn splines_have_the_coefficients_of_r() {
    for case in oracle("shape.r.json")["splines"].as_array().unwrap() {
        let (fit, _) = fit(&data(case), case["formula"].as_str().unwrap());
        let terms: Vec<&str> =
            case["terms"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert_eq!(fit.terms, terms);
        let rows = fit.estimates(Covariance::Classical, L);
        let values: Vec<f64> = rows.iter().map(|r| r.value.unwrap()).collect();
        let errors: Vec<f64> = rows.iter().map(|r| r.std_error.unwrap()).collect();
        assert_same("estimate", case, &values, &case["estimate"], 1e-10);
        assert_same("std_error", case, &errors, &case["std_error"], 1e-10);
        let first: Vec<f64> = fit
            .x()
            .columns()
            .into_iter()
            .flat_map(|c| c.iter().take(5).copied().collect::<Vec<_>>())
            .collect();
        assert_same("x", case, &first, &case["x"], 1e-10);
    }
}

#[test]
fn curves_beyond_the_data_are_those_of_r() {
    for case in oracle("shape.r.json")["predictions"].as_array().unwrap() {
        let (fit, model) = fit(&data(case), case["formula"].as_str().unwrap());
        let text = match case["estimate"].as_f64().unwrap() {
            v if (v - 48.41).abs() < 0.01 => "x=6,region=JP",
            _ if case["formula"].as_str().unwrap().contains("rcs") => "x=-2",
            _ => "x=15,region=EU",
        };
        let points = [point(text, &model).unwrap()];
        let plain = StandardErrors::default();
        let rows = of_least_squares(&fit, &plain, None, &points, L, Bounds::default()).unwrap();
        assert_same("estimate", case, &[rows[0].value.unwrap()], &case["estimate"], 1e-10);
        assert_same("mean", case, &ends(&rows[0]), &case["mean"], 1e-10);
        assert_same("one", case, &ends(&rows[1]), &case["one"], 1e-10);
    }
}

#[test]
fn breakpoints_equal_forty_digit_arithmetic() {
    for case in oracle("shape.py.json")["segmented"].as_array().unwrap() {
        let (_, model) = fit(&data(case), case["formula"].as_str().unwrap());
        let found = segmented(&model.design).unwrap();
        assert_same("breakpoint", case, &[found.breakpoint], &case["breakpoint"], 1e-12);
        assert_same("rss", case, &[found.residual_ss], &case["rss"], 1e-12);
        let rows = found.estimates(L);
        let values: Vec<f64> = rows.iter().map(|r| r.value.unwrap()).collect();
        assert_same("estimate", case, &values, &case["estimate"], 1e-11);
        let measures = found.measures(L);
        assert_same("interval", case, &ends(&measures[0]), &case["interval"], 1e-9);
        assert_eq!(measures[0].interval.clone().unwrap().method, "f_inversion");
        let slopes = [measures[2].value.unwrap(), measures[3].value.unwrap()];
        assert_same("slopes", case, &slopes, &case["slopes"], 1e-11);
        let errors =
            |rows: &[Estimate]| rows.iter().filter_map(|r| r.std_error).collect::<Vec<_>>();
        let edge = found.breakpoint >= found.range.1;
        assert_eq!(edge, case["data"] == "ties");
        if edge {
            assert!(errors(&rows).is_empty() && errors(&measures).is_empty());
            assert!(rows.iter().all(|r| r.note == Some(Note::Boundary)));
        } else {
            assert_same("std_error", case, &errors(&rows), &case["std_error"], 1e-11);
            let error = &errors(&measures[..1]);
            assert_same("breakpoint_error", case, error, &case["breakpoint_error"], 1e-11);
            let slopes = &errors(&measures[2..]);
            assert_same("slope_errors", case, slopes, &case["slope_errors"], 1e-11);
        }
        let test = found.existence().unwrap().unwrap();
        assert_same("score", case, &[test.value.unwrap()], &case["score"], 1e-11);
        assert_same("score_p", case, &[test.p_value.unwrap()], &case["score_p"], 1e-10);
    }
}

/// R's segmented iterates from a start: never below our minimum, and close to it where it finds the
/// same one.
#[test]
fn no_breakpoint_of_r_fits_better() {
    let mut same = 0;
    for case in oracle("shape.r.json")["segmented"].as_array().unwrap() {
        let (_, model) = fit(&data(case), case["formula"].as_str().unwrap());
        let found = segmented(&model.design).unwrap();
        let theirs = case["rss"].as_f64().unwrap();
        assert!(found.residual_ss <= theirs * (1.0 + 1e-12), "{case}");
        if (found.residual_ss / theirs - 1.0).abs() < 1e-6 {
            same += 1;
            assert_same("breakpoint", case, &[found.breakpoint], &case["breakpoint"], 1e-6);
        }
        if case["data"] == "continuous" {
            let errors =
                found.estimates(L).iter().map(|r| r.std_error.unwrap()).collect::<Vec<_>>();
            assert_same("std_error", case, &errors, &case["std_error"], 1e-6);
            let error = [found.std_error.unwrap()];
            assert_same("breakpoint_error", case, &error, &case["breakpoint_error"], 1e-6);
        }
    }
    assert_eq!(same, 2);
}

#[test]
fn isotonic_fits_equal_the_max_min_formula_and_r() {
    for case in oracle("shape.py.json")["isotonic"].as_array().unwrap() {
        let (_, model) = fit(&data(case), case["formula"].as_str().unwrap());
        for (name, direction) in [("rising", Direction::Rising), ("falling", Direction::Falling)] {
            let found = isotonic(&model.design, direction).unwrap();
            assert_same(name, case, &found.fitted, &case[name], 1e-13);
            for (x, fitted) in model.design.x.column(1).iter().zip(&found.fitted) {
                assert_eq!(found.at(*x), *fitted);
            }
            assert_eq!(found.steps.iter().map(|s| s.n_obs).sum::<usize>(), found.n_obs);
        }
    }
    for case in oracle("shape.r.json")["isotonic"].as_array().unwrap() {
        let (_, model) = fit(&data(case), case["formula"].as_str().unwrap());
        let found = isotonic(&model.design, Direction::Rising).unwrap();
        assert_same("rising", case, &found.fitted, &case["rising"], 1e-10);
    }
}

#[test]
fn predictions_equal_forty_digit_arithmetic() {
    let cases = oracle("shape.py.json");
    let case = &cases["predictions"];
    let (fit, model) = fit(&data(case), case["formula"].as_str().unwrap());
    for place in case["points"].as_array().unwrap() {
        let points = [point(place["at"].as_str().unwrap(), &model).unwrap()];
        let rows = |errors: Covariance| {
            let errors = StandardErrors::Each(errors);
            of_least_squares(&fit, &errors, None, &points, L, Bounds::default()).unwrap()
        };
        let plain = rows(Covariance::Classical);
        assert_same("estimate", case, &[plain[0].value.unwrap()], &place["estimate"], 1e-13);
        assert_same("std_error", case, &[plain[0].std_error.unwrap()], &place["std_error"], 1e-13);
        assert_same("mean", case, &ends(&plain[0]), &place["mean"], 1e-12);
        assert_same("one", case, &ends(&plain[1]), &place["one"], 1e-12);
        assert_same("hc3", case, &ends(&rows(Covariance::Hc3)[0]), &place["hc3"], 1e-12);
        for (level, theirs) in [0.9, 0.95].iter().zip(place["jackknife_plus"].as_array().unwrap()) {
            let level = Level::new(*level).unwrap();
            let kind = Conformal::JackknifePlus;
            let row = conformal(&model.design, None, &points, kind, level, 1, Bounds::default());
            assert_same("jackknife_plus", case, &ends(&row.unwrap()[0]), theirs, 1e-11);
        }
    }
}

#[test]
fn cross_validation_equals_scikit_learn_on_the_same_folds() {
    let cases = oracle("shape.py.json");
    let case = &cases["validation"];
    let folds: Vec<Vec<Vec<usize>>> = serde_json::from_value(case["folds"].clone()).unwrap();
    let table = data(case);
    let validated: Vec<_> = case["formulas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| cross_validate_on(&fit(&table, f.as_str().unwrap()).1.design, &folds).unwrap())
        .collect();
    for (ours, theirs) in validated.iter().zip(case["measures"].as_array().unwrap()) {
        for row in ours.measures(L) {
            let [low, high] = ends(&row);
            let all = [row.value.unwrap(), low, high];
            assert_same(&row.term, case, &all, &theirs[&row.term], 1e-11);
        }
    }
    let row = validated[0].against(&validated[1], L).unwrap();
    let [low, high] = ends(&row);
    assert_same("difference", case, &[row.value.unwrap(), low, high], &case["difference"], 1e-10);
}
