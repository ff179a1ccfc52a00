//! Curves, steps, breakpoints and predictions of few, flat and odd values, and of counts.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, columns, table};
use ssi_infer::Error;
use ssi_infer::formula::{Extras, Modelled, model_with, smoothed};
use ssi_infer::model::ModelError;
use ssi_infer::predict::{Bounds, Conformal, Point, conformal, of_least_squares, point};
use ssi_infer::regress::{Ols, StandardErrors, ols};
use ssi_infer::shape::{Direction, isotonic, segmented};
use ssi_infer::validate::{CrossValidation, cross_validate, cross_validate_on};
use ssi_vocab::{Column, Estimate, Level, Note, Quiet, Table, Warning};

fn fit(table: &Table, formula: &str) -> (Ols, Modelled) {
    let model = model_with(table, formula, &Extras::default()).unwrap();
    (ols(&model.design).unwrap(), model)
}

fn ends(row: &Estimate) -> [f64; 2] {
    let interval = row.interval.clone().unwrap();
    [interval.low, interval.high]
}

fn made(x: &[f64], y: &[f64]) -> Table {
    table(vec![samples::numbers("x", x), samples::numbers("y", y)])
}

#[test]
fn counts_give_what_the_rows_give() {
    let (x, y) =
        ([1.0, 2.0, 3.0, 4.0, 6.0, 7.0, 9.0, 11.0], [1.0, 4.0, 2.0, 6.0, 5.0, 9.0, 8.0, 8.5]);
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
    assert!((p_a.value.unwrap() - p_b.value.unwrap()).abs() < 1e-12);
    let points = |m: &Modelled| [point("x=5", m).unwrap()];
    for kind in Conformal::ALL {
        let level = Level::new(0.6).unwrap();
        let row = |m: &Modelled| {
            let found = conformal(&m.design, None, &points(m), kind, level, 4, Bounds::default());
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
    for formula in
        ["y ~ ns(x, 9)", "y ~ rcs(x, 3)", "y ~ ns(x, knots = c(0, 2))", "y ~ rcs(x, c(1, 1, 2))"]
    {
        let text = error(&few, formula).unwrap();
        assert!(text.contains("knots of"), "{formula}: {text}");
    }
    let flat = made(&[2.0; 6], &[1.0, 2.0, 4.0, 3.0, 5.0, 4.0]);
    assert!(error(&flat, "y ~ ns(x, 2)").unwrap().contains("knots of"));
    let huge = made(&[1e300, 2e300, 3e300, 5e300, 1.0, 0.0], &[1.0, 2.0, 4.0, 3.0, 5.0, 4.0]);
    assert!(error(&huge, "y ~ ns(x, 2)").unwrap().contains("beyond the range"));
    for formula in [
        "y ~ ns()",
        "y ~ ns(x, 0)",
        "y ~ ns(x, 2.5)",
        "y ~ ns(x, foo = 2)",
        "y ~ rcs(x, 2)",
        "y ~ rcs(x, c(1, 2))",
        "y ~ ns(x, c(1, 2))",
        "y ~ ns(x, 3, 4)",
        "y ~ rcs(x, c(1, 2, 3)",
        "y ~ log(ns(x, 3))",
    ] {
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
    let y: Vec<f64> =
        x.iter().map(|v| if *v < 0.5 { 9.0 } else { 0.1 * (v * 5.0).sin() }).collect();
    let edge = segmented(&design(&x, &y)).unwrap();
    assert!(
        matches!(edge.fit.warnings[..], [Warning::BreakpointAtEdge { at: 1.0, .. }]),
        "{}",
        edge.breakpoint
    );
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
    assert!(matches!(
        isotonic(&two, Direction::Rising),
        Err(Error::Model(ModelError::OnePredictor { .. }))
    ));
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
        conformal(&model.design, None, &points, kind, level, 1, Bounds::default())
            .unwrap()
            .remove(0)
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
    let found = conformal(&design, None, &points, Conformal::Split, L, 1, Bounds::default());
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
