//! Curves, steps, breakpoints, predictions and cross-validation against mpmath, scikit-learn and R:
//! `tests/oracles/shape.*`.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, columns, oracle, table};
use serde_json::Value;
use ssi_infer::formula::{Extras, Modelled, model_with, smoothed};
use ssi_infer::model::ModelError;
use ssi_infer::predict::{Bounds, Conformal, Point, conformal, of_least_squares, point};
use ssi_infer::regress::{Covariance, Ols, StandardErrors, ols};
use ssi_infer::shape::{Direction, isotonic, nonlinearity, segmented};
use ssi_infer::validate::{CrossValidation, cross_validate, cross_validate_on};
use ssi_infer::Error;
use ssi_vocab::{Column, Estimate, Level, Note, Quiet, Table, Warning};

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
        assert_same("f", case, &[test.value], &case["f"], 1e-10);
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
        let first: Vec<f64> =
            fit.x().columns().into_iter().flat_map(|c| c.iter().take(5).copied().collect::<Vec<_>>()).collect();
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
        let rows =
            of_least_squares(&fit, &plain, None, &points, L, Bounds::default()).unwrap();
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
        let errors: Vec<f64> = rows.iter().map(|r| r.std_error.unwrap()).collect();
        assert_same("estimate", case, &values, &case["estimate"], 1e-11);
        assert_same("std_error", case, &errors, &case["std_error"], 1e-11);
        let measures = found.measures(L);
        assert_same("interval", case, &ends(&measures[0]), &case["interval"], 1e-9);
        let error = measures[0].std_error.unwrap();
        assert_same("breakpoint_error", case, &[error], &case["breakpoint_error"], 1e-11);
        let slopes = [measures[2].value.unwrap(), measures[3].value.unwrap()];
        assert_same("slopes", case, &slopes, &case["slopes"], 1e-11);
        let errors = [measures[2].std_error.unwrap(), measures[3].std_error.unwrap()];
        assert_same("slope_errors", case, &errors, &case["slope_errors"], 1e-11);
        let test = found.existence().unwrap().unwrap();
        assert_same("score", case, &[test.value], &case["score"], 1e-11);
        assert_same("score_p", case, &[test.p_value.unwrap()], &case["score_p"], 1e-10);
        assert_eq!(measures[0].interval.clone().unwrap().method, "f_inversion");
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
            let errors = found.estimates(L).iter().map(|r| r.std_error.unwrap()).collect::<Vec<_>>();
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
            let row = conformal(&model.design, &points, kind, level, 1, Bounds::default());
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

fn made(x: &[f64], y: &[f64]) -> Table {
    table(vec![samples::numbers("x", x), samples::numbers("y", y)])
}

#[test]
fn counts_give_what_the_rows_give() {
    let (x, y) = ([1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 9.0, 11.0], [1.0, 4.0, 2.0, 6.0, 5.0, 9.0, 8.0, 8.5]);
    let counts = [3, 1, 2, 4, 1, 2, 3, 1];
    let repeat = |v: &[f64]| -> Vec<f64> {
        v.iter().zip(counts).flat_map(|(v, n)| std::iter::repeat_n(*v, n as usize)).collect()
    };
    let rows = made(&repeat(&x), &repeat(&y));
    let counted = made(&x, &y).with_counts(counts.to_vec()).unwrap();
    for formula in ["y ~ ns(x, 3)", "y ~ rcs(x, 3)"] {
        let (a, b) = (fit(&rows, formula).0, fit(&counted, formula).0);
        for (a, b) in a.coefficients.iter().zip(&b.coefficients) {
            assert!((a - b).abs() < 1e-10 * a.abs().max(1.0), "{formula}");
        }
    }
    let (a, b) = (fit(&rows, "y ~ x").1, fit(&counted, "y ~ x").1);
    let (s, t) = (segmented(&a.design).unwrap(), segmented(&b.design).unwrap());
    assert!((s.breakpoint - t.breakpoint).abs() < 1e-12);
    assert!((s.std_error.unwrap() - t.std_error.unwrap()).abs() < 1e-12);
    let [low, high] = ends(&t.measures(L)[0]);
    let [low_rows, high_rows] = ends(&s.measures(L)[0]);
    assert!((low - low_rows).abs() < 1e-10 && (high - high_rows).abs() < 1e-10);
    let steps = |m: &Modelled| isotonic(&m.design, Direction::Rising).unwrap();
    assert_eq!(steps(&a).steps, steps(&b).steps);
    let p = |m: &Modelled| steps(m).trend(499, 3, &Quiet).unwrap().unwrap();
    let (p_a, p_b) = (p(&a), p(&b));
    assert_eq!(p_a.p_value, p_b.p_value);
    assert!((p_a.value - p_b.value).abs() < 1e-12);
    let points = |m: &Modelled| [point("x=5", m).unwrap()];
    for kind in Conformal::ALL {
        let level = Level::new(0.6).unwrap();
        let row = |m: &Modelled| {
            let found = conformal(&m.design, &points(m), kind, level, 4, Bounds::default());
            ends(&found.unwrap()[0])
        };
        let (a, b) = (row(&a), row(&b));
        assert!((a[0] - b[0]).abs() < 1e-10 && (a[1] - b[1]).abs() < 1e-10, "{kind}");
    }
    let how = CrossValidation { folds: 4, repeats: 2, seed: 5 };
    let cv = |m: &Modelled| cross_validate(&m.design, &how).unwrap().measures(L)[1].value.unwrap();
    assert!((cv(&a) - cv(&b)).abs() < 1e-12);
    let held = |m: &Modelled| point("", m);
    assert!(held(&a).is_err());
}

#[test]
fn splines_that_the_values_cannot_carry_are_errors() {
    let few = made(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0], &[1.0, 2.0, 4.0, 3.0, 5.0, 4.0]);
    let error = |table: &Table, formula: &str| {
        model_with(table, formula, &Extras::default()).err().map(|e| e.to_string())
    };
    for formula in ["y ~ ns(x, 9)", "y ~ rcs(x, 3)", "y ~ ns(x, knots = c(0, 2))", "y ~ rcs(x, c(1, 1, 2))"] {
        let text = error(&few, formula).unwrap();
        assert!(text.contains("knots of"), "{formula}: {text}");
    }
    let flat = made(&[2.0; 6], &[1.0, 2.0, 4.0, 3.0, 5.0, 4.0]);
    assert!(error(&flat, "y ~ ns(x, 2)").unwrap().contains("knots of"));
    let huge = made(&[1e300, 2e300, 3e300, 5e300, 1.0, 0.0], &[1.0, 2.0, 4.0, 3.0, 5.0, 4.0]);
    assert!(error(&huge, "y ~ ns(x, 2)").unwrap().contains("beyond the range"));
    for formula in ["y ~ ns()", "y ~ ns(x, 0)", "y ~ ns(x, 2.5)", "y ~ ns(x, foo = 2)", "y ~ rcs(x, 2)", "y ~ rcs(x, c(1, 2))", "y ~ ns(x, c(1, 2))", "y ~ ns(x, 3, 4)", "y ~ rcs(x, c(1, 2, 3)", "y ~ log(ns(x, 3))"] {
        let found = model_with(&few, formula, &Extras::default());
        assert!(matches!(found, Err(Error::Formula { .. })), "{formula}: {found:?}");
    }
}

#[test]
fn straight_predictors_become_curves_where_they_can() {
    let n = 120;
    let x: Vec<f64> = (0..n).map(|i| f64::from(i % 60)).collect();
    let two: Vec<f64> = (0..n).map(|i| f64::from(i % 2)).collect();
    let words: Vec<_> = (0..n).map(|i| Ok(if i % 3 == 0 { "a" } else { "b" })).collect();
    let columns = vec![
        samples::numbers("y", &samples::noise(n as usize, 3)),
        samples::numbers("x", &x),
        samples::numbers("two", &two),
        Column::factor("g", &words),
    ];
    let table = table(columns);
    assert_eq!(smoothed(&table, "y ~ x + two + g").unwrap(), "y ~ ns(x, 4) + two + g");
    assert_eq!(smoothed(&table, "y ~ log(x + 1)*g").unwrap(), "y ~ ns(log(x + 1), 4) * g");
    let keep: Vec<bool> = (0..n).map(|i| i < 50).collect();
    assert_eq!(smoothed(&table.keep(&keep), "y ~ x").unwrap(), "y ~ ns(x, 3)");
    let nothing = smoothed(&table, "y ~ two + g");
    assert_eq!(nothing, Err(Error::Model(ModelError::NothingToSmooth)));
}

#[test]
fn few_and_flat_values_have_no_breakpoint() {
    let design = |x: &[f64], y: &[f64]| fit(&made(x, y), "y ~ x").1.design;
    let three = design(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0], &[1.0, 2.0, 4.0, 3.0, 5.0, 4.0]);
    assert!(matches!(segmented(&three), Err(Error::Model(ModelError::NoRoomForBreak))));
    let short = design(&[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 4.0, 3.0]);
    assert!(matches!(segmented(&short), Err(Error::TooFew { needed: 5, found: 4, .. })));
    // A bend that is there exactly.
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|v| 1.0 + v + 2.0 * (v - 5.5).max(0.0)).collect();
    let exact = segmented(&design(&x, &y)).unwrap();
    assert!((exact.breakpoint - 5.5).abs() < 1e-12, "{}", exact.breakpoint);
    assert!(exact.measures(L).iter().all(|r| r.value.is_some()));
    // No bend at all.
    let line = segmented(&design(&x, &x)).unwrap();
    assert!(line.existence().unwrap().is_none());
    for row in line.estimates(L).iter().chain(&line.measures(L)) {
        assert!(row.value.is_some_and(f64::is_finite), "{row:?}");
    }
    // A bend beside the end.
    let y: Vec<f64> = x.iter().map(|v| if *v < 0.5 { 9.0 } else { 0.1 * (v * 5.0).sin() }).collect();
    let edge = segmented(&design(&x, &y)).unwrap();
    assert!(matches!(edge.fit.warnings[..], [Warning::BreakpointAtEdge { at: 1.0, .. }]), "{}", edge.breakpoint);
}

#[test]
fn steps_of_odd_data() {
    let design = |x: &[f64], y: &[f64]| ssi_infer::formula::design(&made(x, y), "y ~ x").unwrap();
    let one = isotonic(&design(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), Direction::Rising).unwrap();
    assert_eq!((one.steps.len(), one.fitted.clone()), (1, vec![2.0; 3]));
    assert_eq!(one.estimates()[0].term, "1 <= x <= 3");
    let flat = isotonic(&design(&[1.0, 2.0, 3.0], &[2.0; 3]), Direction::Rising).unwrap();
    assert_eq!((flat.r_squared, flat.trend(99, 1, &Quiet).unwrap()), (None, None));
    let rising: Vec<f64> = (0..30).map(f64::from).collect();
    let fit_ = isotonic(&design(&rising, &rising), Direction::Rising).unwrap();
    assert_eq!(fit_.trend(199, 1, &Quiet).unwrap().unwrap().p_value, Some(0.005));
    assert!(fit_.trend(0, 1, &Quiet).is_err());
    assert_eq!((fit_.at(-5.0), fit_.at(3.7), fit_.at(99.0)), (0.0, 3.0, 29.0));
    let two = fit(&table(columns("regression_factor")), "y ~ x + z").1.design;
    assert!(matches!(isotonic(&two, Direction::Rising), Err(Error::Model(ModelError::OnePredictor { .. }))));
}

#[test]
fn values_to_predict_at_that_do_not_read_are_errors() {
    let (_, model) = fit(&table(columns("regression_factor")), "y ~ x + region");
    let error = |text: &str| point(text, &model).err().unwrap();
    for text in ["x", "x=", "x=1,x=2", "", "=3"] {
        assert!(matches!(error(text), Error::Model(ModelError::At { .. })), "{text}");
    }
    assert!(error("regoin=JP").to_string().contains("did you mean `region`"));
    assert!(matches!(error("z=3"), Error::Model(ModelError::NotAPredictor { .. })));
    for text in ["x=abc", "x=inf", "x=nan", "x=1e999"] {
        assert!(matches!(error(text), Error::Model(ModelError::AtNumber { .. })), "{text}");
    }
    let level = error("region=JPN");
    assert!(level.to_string().contains("did you mean `JP`"), "{level}");
    assert!([error("x"), error("z=3"), error("x=abc"), level].iter().all(Error::is_usage));
    let (_, logged) = fit(&table(columns("regression_factor")), "y ~ log(x)");
    assert!(matches!(point("x=0", &logged), Err(Error::Model(ModelError::AtUndefined { .. }))));
    let Point { chosen, held, warnings, .. } = point("x = 1e3", &model).unwrap();
    assert_eq!(chosen, "x = 1000");
    assert_eq!(held, ["region = JP"]);
    assert!(matches!(&warnings[..], [Warning::Extrapolation { value: 1000.0, .. }]));
}

#[test]
fn bounds_cut_off_and_say_so() {
    let (fit, model) = fit(&table(columns("regression_ties")), "ssi ~ score");
    let points = [point("score=1000", &model).unwrap(), point("score=5", &model).unwrap()];
    let bounds = Bounds { low: Some(0.0), high: Some(100.0) };
    let rows =
        of_least_squares(&fit, &StandardErrors::default(), None, &points, L, bounds).unwrap();
    assert_eq!((rows[0].value, rows[0].note), (Some(100.0), Some(Note::Clipped)));
    assert_eq!(ends(&rows[1]), [100.0, 100.0]);
    assert_eq!(rows[2].note, None);
}

#[test]
fn conformal_intervals_need_enough_respondents() {
    let n = 12;
    let x: Vec<f64> = (0..n).map(f64::from).collect();
    let y = samples::noise(n as usize, 9);
    let (_, model) = fit(&made(&x, &y), "y ~ x");
    let points = [point("x=3", &model).unwrap()];
    let row = |kind, level| {
        let level = Level::new(level).unwrap();
        conformal(&model.design, &points, kind, level, 1, Bounds::default()).unwrap().remove(0)
    };
    for kind in Conformal::ALL {
        let none = row(kind, 0.95);
        assert_eq!((none.interval, none.note), (None, Some(Note::TooFewForInterval)), "{kind}");
        let some = row(kind, 0.8);
        assert_eq!(some.interval.unwrap().method, kind.code());
        assert_eq!(row(kind, 0.8), row(kind, 0.8));
    }
    let short = made(&[1.0, 2.0], &[1.0, 3.0]);
    let design = ssi_infer::formula::design(&short, "y ~ x").unwrap();
    let found = conformal(&design, &points, Conformal::Split, L, 1, Bounds::default());
    assert!(matches!(found, Err(Error::TooFew { .. })));
    assert!("cv_plsu".parse::<Conformal>().unwrap_err().to_string().contains("cv_plus"));
}

#[test]
fn folds_hold_everyone_once() {
    let divided = CrossValidation::new(3).divide(23);
    assert_eq!(divided.len(), 10);
    for folds in &divided {
        let mut all: Vec<usize> = folds.iter().flatten().copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..23).collect::<Vec<_>>());
        assert!(folds.iter().all(|f| f.len() == 2 || f.len() == 3));
    }
    assert_ne!(divided[0], divided[1]);
    let (_, model) = fit(&samples::sample(30), "y ~ a + b");
    let wrong = cross_validate_on(&model.design, &[vec![vec![0, 1], vec![2]]]);
    assert!(matches!(wrong, Err(Error::Model(ModelError::Folds { needed: 30 }))));
    let how = CrossValidation { folds: 1, repeats: 1, seed: 1 };
    assert!(matches!(cross_validate(&model.design, &how), Err(Error::Setting { .. })));
}
