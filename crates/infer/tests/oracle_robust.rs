//! Robust and quantile regression against mpmath, fractions, linear programming and R:
//! `tests/oracles/robust.*`; and their edges.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, columns, noise, numbers, oracle, table};
use serde_json::Value;
use ssi_infer::formula::design;
use ssi_infer::model::ModelError;
use ssi_infer::quantile::{QuantileErrors, RankInversion, quantile};
use ssi_infer::resample::Bootstrap;
use ssi_infer::robust::{Robust, RobustErrors, bisquare, huber, mm, theil_sen};
use ssi_infer::{Error, Result};
use ssi_vocab::{Design, Estimate, Note, Quiet, Table};

const TAUS: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

fn data(case: &Value) -> Table {
    table(columns(case["data"].as_str().unwrap()))
}

fn formula(case: &Value) -> &str {
    case["formula"].as_str().unwrap()
}

/// The counts of `robust.R`.
fn counted(table: &Table) -> Table {
    let counts = (1..=table.n_rows()).map(|i| ((7 * i) % 11 / 3) as u64).collect();
    table.clone().with_counts(counts).unwrap()
}

fn repeated(table: &Table) -> Table {
    let mut rows = Vec::new();
    for i in 0..table.n_rows() {
        rows.extend(std::iter::repeat_n(i, (7 * (i + 1)) % 11 / 3));
    }
    let pick = |name: &str| {
        let column = table.column(name).unwrap().numbers().unwrap();
        numbers(name, &rows.iter().map(|i| column[*i].unwrap()).collect::<Vec<_>>())
    };
    samples::table(vec![pick("x"), pick("y")])
}

fn list(value: &Value) -> Vec<Option<f64>> {
    match value.as_array() {
        Some(values) => values.iter().map(Value::as_f64).collect(),
        None => vec![value.as_f64()],
    }
}

/// Compares each number relative to its own size, but for those that are nothing beside the
/// largest. What the other program leaves out is not compared.
#[track_caller]
fn assert_same(what: &str, case: &Value, ours: &[f64], theirs: &Value, tolerance: f64) {
    let theirs = list(theirs);
    assert_eq!(ours.len(), theirs.len(), "{what} of {case}");
    let largest = theirs.iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
    for (a, b) in ours.iter().zip(&theirs) {
        let Some(b) = b else { continue };
        let error = (a - b).abs() / b.abs().max(largest * 1e-3).max(f64::MIN_POSITIVE);
        let name = &case["data"];
        assert!(error <= tolerance, "{what} of {name}: {a} against {b}, off by {error:e}");
    }
}

fn errors(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|e| e.std_error.unwrap()).collect()
}

#[test]
fn m_estimators_equal_fifty_digit_arithmetic() {
    for case in oracle("robust.py.json")["fits"].as_array().unwrap() {
        let table = data(case);
        let design = design(&table, formula(case)).unwrap();
        // Least squares from double-double starts leaves a little less where columns nearly repeat.
        let hard = ["near_line", "regression_collinear"].contains(&case["data"].as_str().unwrap());
        let tolerance = if hard { 1e-9 } else { 1e-12 };
        for (name, fit) in [
            ("huber", huber(&design, RobustErrors::Classical).unwrap()),
            ("bisquare", bisquare(&design, RobustErrors::Classical).unwrap()),
        ] {
            let theirs = &case[name];
            assert_same(name, case, &fit.fit.coefficients, &theirs["estimate"], tolerance);
            assert_same("scale", case, &[fit.scale], &theirs["scale"], tolerance);
        }
    }
}

#[test]
fn m_estimators_equal_rlm() {
    type Fit = fn(&Design, RobustErrors) -> Result<Robust>;
    for case in oracle("robust.r.json")["fits"].as_array().unwrap() {
        let table = data(case);
        let made = design(&table, formula(case)).unwrap();
        for (name, fit) in [("huber", huber as Fit), ("bisquare", bisquare as Fit)] {
            let theirs = &case[name];
            let ours = fit(&made, RobustErrors::Classical).unwrap();
            let check = |what: &str, ours: &[f64], tolerance: f64| {
                assert_same(what, case, ours, &theirs[what], tolerance);
            };
            check("estimate", &ours.fit.coefficients, 1e-10);
            check("scale", &[ours.scale], 1e-11);
            check("weights", &ours.weights, 1e-10);
            check("std_error", &errors(&ours.fit.estimates(L)), 1e-10);
            let sandwich = fit(&made, RobustErrors::Sandwich).unwrap();
            check("sandwich", &errors(&sandwich.fit.estimates(L)), 1e-9);
        }
        let counted = design(&counted(&table), formula(case)).unwrap();
        let theirs = &case["counted_huber"];
        let ours = huber(&counted, RobustErrors::Classical).unwrap();
        assert_same("counts", case, &ours.fit.coefficients, &theirs["estimate"], 1e-10);
        assert_same("counts", case, &errors(&ours.fit.estimates(L)), &theirs["std_error"], 1e-10);
    }
}

#[test]
fn mm_equals_lmrob() {
    for case in oracle("robust.r.json")["fits"].as_array().unwrap() {
        let table = data(case);
        for (key, table) in [("mm", table.clone()), ("counted_mm", counted(&table))] {
            let theirs = &case[key];
            let ours = mm(&design(&table, formula(case)).unwrap(), 20_260_401).unwrap();
            // A smaller scale than lmrob's would be a better S-estimate.
            let scale = theirs["scale"].as_f64().unwrap();
            assert!(ours.scale <= scale * (1.0 + 1e-12), "{key}: {} {scale}", ours.scale);
            if ours.scale < scale * (1.0 - 1e-9) {
                continue;
            }
            assert_same(key, case, &ours.fit.coefficients, &theirs["estimate"], 1e-9);
            assert_same(key, case, &errors(&ours.fit.estimates(L)), &theirs["std_error"], 1e-6);
        }
    }
}

#[test]
fn theil_sen_equals_sorted_fractions() {
    for case in oracle("robust.py.json")["fits"].as_array().unwrap() {
        let theirs = &case["theil_sen"];
        if theirs.is_null() {
            continue;
        }
        let table = data(case);
        let line = theil_sen(&design(&table, formula(case)).unwrap()).unwrap();
        let interval = line.interval(L).unwrap();
        assert_eq!(interval.method, theirs["method"].as_str().unwrap());
        // Differences of doubles lose digits at an offset of 1e9.
        let tolerance = if case["data"] == "near_line" { 1e-7 } else { 1e-12 };
        let check = |what: &str, ours: f64| {
            assert_same(what, case, &[ours], &theirs[what], tolerance);
        };
        check("slope", line.fit.coefficients[1]);
        check("intercept", line.fit.coefficients[0]);
        check("low", interval.low);
        check("high", interval.high);
        assert_same("scipy", case, &[line.fit.coefficients[1]], &case["scipy"]["slope"], 1e-12);
    }
}

#[test]
fn quantile_regression_has_the_objective_of_the_linear_programme() {
    for case in oracle("robust.py.json")["fits"].as_array().unwrap() {
        let Some(theirs) = case["objective"].as_array() else { continue };
        let table = data(case);
        let design = design(&table, formula(case)).unwrap();
        for (tau, theirs) in TAUS.into_iter().zip(theirs) {
            let fit = quantile(&design, tau).unwrap();
            assert_same("objective", case, &[fit.objective], theirs, 1e-10);
            // It passes through as many respondents as there are coefficients.
            let on = fit.fit.residuals.iter().filter(|r| **r == 0.0).count();
            assert!(on >= design.terms.len());
        }
    }
}

#[test]
fn quantile_regression_equals_quantreg() {
    for case in oracle("robust.r.json")["fits"].as_array().unwrap() {
        let table = data(case);
        let made = design(&table, formula(case)).unwrap();
        // Equal values make the path of a rank inversion, and which vertex is found, a matter of
        // order.
        let tied = ["ties", "regression_ties"].contains(&case["data"].as_str().unwrap());
        for theirs in case["quantile"].as_array().unwrap() {
            let fit = quantile(&made, theirs["tau"].as_f64().unwrap()).unwrap();
            let check = |what: &str, ours: &[f64], tolerance: f64| {
                assert_same(what, case, ours, &theirs[what], tolerance);
            };
            check("objective", &[fit.objective], 1e-10);
            let r1 =
                1.0 - theirs["objective"].as_f64().unwrap() / theirs["alone"].as_f64().unwrap();
            assert!((fit.r1.unwrap() - r1).abs() < 1e-10);
            for (what, ours) in [
                ("log_lik", fit.fit.glance.log_lik),
                ("aic", fit.fit.glance.aic),
                ("bic", fit.fit.glance.bic),
            ] {
                check(what, &[ours.unwrap()], 1e-10);
            }
            if !fit.unique {
                continue;
            }
            check("estimate", &fit.fit.coefficients, 1e-10);
            if tied {
                continue;
            }
            for (what, kind, tolerance) in [
                ("iid", QuantileErrors::Iid, 1e-8),
                ("nid", QuantileErrors::Nid, 1e-8),
                ("nid_quantreg", QuantileErrors::Nid, 1e-4),
                ("powell", QuantileErrors::Powell, 1e-9),
            ] {
                if what == "iid" && theirs["iid_unique"] == 0 {
                    continue;
                }
                let rows = fit.estimates(kind, L).unwrap();
                if rows.iter().all(|row| row.std_error.is_some()) {
                    check(what, &errors(&rows), tolerance);
                }
            }
            // Where a share of the respondents (of a group) is a whole number the fit with one
            // coefficient held is not unique, and quantreg interpolates between other vertices.
            if TAUS.contains(&fit.tau) {
                continue;
            }
            for kind in [RankInversion::Iid, RankInversion::Nid] {
                let low = format!("{}_low", kind.code());
                let high = format!("{}_high", kind.code());
                let (low, high) = (list(&theirs[&low]), list(&theirs[&high]));
                for (j, row) in fit.rank(kind, L).unwrap().iter().enumerate() {
                    let Some(interval) = &row.interval else { continue };
                    for (ours, theirs) in [(interval.low, low[j]), (interval.high, high[j])] {
                        let Some(theirs) = theirs else { continue };
                        let error = (ours - theirs).abs() / theirs.abs();
                        let what = (&case["data"], fit.tau, &row.term);
                        assert!(error < 1e-8, "{what:?}: {ours} {theirs}");
                    }
                }
            }
        }
        let counted = design(&counted(&table), formula(case)).unwrap();
        for (tau, theirs) in TAUS.into_iter().zip(case["counted_objective"].as_array().unwrap()) {
            let fit = quantile(&counted, tau).unwrap();
            assert_same("counts", case, &[fit.objective], theirs, 1e-10);
        }
    }
}

#[test]
fn counts_give_what_their_rows_give() {
    for name in ["continuous", "ties"] {
        let whole = table(columns(name));
        let (few, many) = (counted(&whole), repeated(&whole));
        let (a, b) = (design(&few, "y ~ x").unwrap(), design(&many, "y ~ x").unwrap());
        let (line, rows) = (theil_sen(&a).unwrap(), theil_sen(&b).unwrap());
        assert_eq!(line.fit.coefficients, rows.fit.coefficients);
        assert_eq!(line.interval(L), rows.interval(L));
        let (one, other) = (quantile(&a, 0.3).unwrap(), quantile(&b, 0.3).unwrap());
        assert!((one.objective / other.objective - 1.0).abs() < 1e-13);
        let how = Bootstrap { resamples: 99, seed: 5 };
        let (x, y) = (one.bootstrap(&how, L, &Quiet), other.bootstrap(&how, L, &Quiet));
        if one.unique && other.unique && name == "continuous" {
            let interval = |e: &[Estimate]| e[1].interval.clone().unwrap().low;
            let (x, y) = (x.unwrap().estimates, y.unwrap().estimates);
            assert!((interval(&x) / interval(&y) - 1.0).abs() < 1e-9);
            let (x, y) = (one.rank(RankInversion::Iid, L), other.rank(RankInversion::Iid, L));
            assert!((interval(&x.unwrap()) / interval(&y.unwrap()) - 1.0).abs() < 1e-9);
        }
    }
}

#[test]
fn a_large_problem_ends_at_the_same_vertex_as_a_simple_search() {
    // Above 3,000 rows a sample comes first; each half of the data alone stays below.
    let n = 8_000;
    let (a, b, e) = (noise(n, 1), noise(n, 2), noise(n, 3));
    let y: Vec<f64> = (0..n).map(|i| 2.0 + a[i] - b[i] + (1.0 + a[i]) * e[i]).collect();
    let all = table(vec![numbers("y", &y), numbers("a", &a), numbers("b", &b)]);
    let design = design(&all, "y ~ a + b").unwrap();
    for tau in [0.02, 0.5, 0.9] {
        let fit = quantile(&design, tau).unwrap();
        // Optimal: with a subgradient of 0 as many residuals are below as τ asks for, but for the
        // three on the surface; and so it is with the residuals weighted by a predictor.
        let below = fit.fit.residuals.iter().filter(|r| **r < 0.0).count();
        let on = fit.fit.residuals.iter().filter(|r| **r == 0.0).count();
        assert_eq!(on, 3);
        assert!((below as f64) <= n as f64 * tau && n as f64 * tau <= (below + on) as f64);
        let pull: f64 =
            (0..n).map(|i| a[i] * f64::from(u8::from(fit.fit.residuals[i] < 0.0))).sum();
        let wanted = tau * a.iter().sum::<f64>();
        assert!((pull - wanted).abs() < 3.0, "{pull} {wanted}");
    }
    let alone = samples::table(vec![numbers("y", &y), numbers("a", &a)]);
    let line = theil_sen(&samples_design(&alone)).unwrap();
    let slope = line.fit.coefficients[1];
    let interval = line.interval(L).unwrap();
    assert!(interval.low < slope && slope < interval.high && (slope - 1.5).abs() < 0.1);
}

fn samples_design(table: &Table) -> Design {
    design(table, "y ~ a").unwrap()
}

fn made(x: &[f64], y: &[f64]) -> Design {
    design(&table(vec![numbers("x", x), numbers("y", y)]), "y ~ x").unwrap()
}

#[test]
fn half_of_the_respondents_cannot_move_mm() {
    let x: Vec<f64> = (0..41).map(f64::from).collect();
    let wave = |v: &f64| 3.0 + 2.0 * v + (v * 1.7).sin();
    let clean = mm(&made(&x, &x.iter().map(wave).collect::<Vec<_>>()), 1).unwrap();
    let y: Vec<f64> = x.iter().map(|v| if *v < 24.0 { wave(v) } else { -1e6 }).collect();
    let fit = mm(&made(&x, &y), 1).unwrap();
    assert!((fit.fit.coefficients[1] - clean.fit.coefficients[1]).abs() < 0.1);
    assert!(fit.weights[30] == 0.0 && fit.weights[3] > 0.1);
    let moved = huber(&made(&x, &y), RobustErrors::Classical);
    assert!(moved.is_err() || moved.is_ok_and(|m| m.fit.coefficients[1] < -1e3));
}

#[test]
fn of_many_rows_a_sample_finds_the_surface_that_all_find() {
    // Thrice 2,000 rows go through a sample; as counts of three they are tried whole.
    let n = 2_000;
    let (x, e) = (noise(n, 4), noise(n, 5));
    let far = |i: usize| if i % 5 < 2 { 30.0 - 20.0 * x[i] } else { 0.0 };
    let y: Vec<f64> = (0..n).map(|i| 1.0 + 2.0 * x[i] + e[i] + far(i)).collect();
    let counted = table(vec![numbers("x", &x), numbers("y", &y)]).with_counts(vec![3; n]).unwrap();
    let few = mm(&design(&counted, "y ~ x").unwrap(), 1).unwrap();
    let many = mm(&made(&x.repeat(3), &y.repeat(3)), 1).unwrap();
    assert!((few.scale / many.scale - 1.0).abs() < 1e-10, "{} {}", few.scale, many.scale);
    for (a, b) in few.fit.coefficients.iter().zip(&many.fit.coefficients) {
        assert!((a - b).abs() < 1e-10, "{a} {b}");
    }
    assert!((many.fit.coefficients[1] - 2.0).abs() < 0.2, "{:?}", many.fit.coefficients);
}

#[test]
fn a_perfect_fit_is_said_to_be_one() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let design = made(&x, &x.map(|v| 1.0 + 2.0 * v));
    let notes = |rows: Vec<Estimate>| {
        rows.iter().all(|r| r.note == Some(Note::PerfectFit) && r.test.is_none())
    };
    for fit in [huber(&design, RobustErrors::Sandwich), mm(&design, 1)] {
        let fit = fit.unwrap();
        assert_eq!(fit.fit.coefficients, [1.0, 2.0]);
        assert_eq!(fit.scale, 0.0);
        assert!(notes(fit.fit.estimates(L)));
    }
    let fit = quantile(&design, 0.25).unwrap();
    assert_eq!((fit.fit.coefficients.clone(), fit.objective), (vec![1.0, 2.0], 0.0));
    assert!(notes(fit.estimates(QuantileErrors::Nid, L).unwrap()));
    assert_eq!(fit.fit.glance.aic, None);
    let line = theil_sen(&design).unwrap();
    assert_eq!(line.estimates(L)[1].note, Some(Note::PerfectFit));
}

#[test]
fn a_line_through_most_has_no_scale_for_the_others() {
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|v| if *v < 9.0 { 2.0 * v } else { 50.0 + v * v }).collect();
    let design = made(&x, &y);
    let fit = mm(&design, 1);
    assert!(matches!(fit, Err(Error::Model(ModelError::ExactFit { .. }))), "{fit:?}");
    let one: Vec<f64> = x.iter().map(|v| if *v < 11.0 { 2.0 * v } else { 1e3 }).collect();
    for estimator in [huber, bisquare] {
        let fit = estimator(&made(&x, &one), RobustErrors::Classical);
        assert!(matches!(fit, Err(Error::Model(ModelError::ExactFit { .. }))), "{fit:?}");
    }
    let median = quantile(&design, 0.5).unwrap();
    assert_eq!(median.fit.coefficients, [0.0, 2.0]);
    // About the fourth point the line may turn: what the eight others lose the three far ones gain.
    assert!(!median.unique);
}

#[test]
fn slips_and_poor_data_are_typed() {
    let design = made(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 5.0]);
    for tau in [0.0, 1.0, -0.5, f64::NAN] {
        assert!(matches!(quantile(&design, tau), Err(Error::Setting { name: "tau", .. })));
    }
    for (x, y) in [
        (vec![], vec![]),
        (vec![1.0], vec![1.0]),
        (vec![1.0, 2.0], vec![1.0, 2.0]),
        (vec![1.0, 1.0, 1.0], vec![1.0, 2.0, 3.0]),
        (vec![1.0, 2.0, 3.0], vec![4.0, 4.0, 4.0]),
        (vec![1e300, 2.0, 3.0], vec![4.0, 4.0, 5.0]),
    ] {
        let table = table(vec![numbers("x", &x), numbers("y", &y)]);
        let Ok(design) = design_of(&table) else { continue };
        assert!(huber(&design, RobustErrors::Classical).is_err());
        assert!(mm(&design, 1).is_err());
        assert!(theil_sen(&design).is_err());
        assert!(quantile(&design, 0.5).is_err());
    }
}

fn design_of(table: &Table) -> Result<Design> {
    design(table, "y ~ x")
}

#[test]
fn of_an_even_number_the_median_is_not_unique() {
    let table = table(vec![numbers("y", &[1.0, 2.0, 4.0, 9.0])]);
    let design = design(&table, "y ~ 1").unwrap();
    let fit = quantile(&design, 0.5).unwrap();
    assert!(!fit.unique);
    assert_eq!(fit.objective, 5.0);
    let rows = fit.estimates(QuantileErrors::Powell, L).unwrap();
    assert_eq!(rows[0].note, Some(Note::NotUnique));
}
