//! Scoring people by a line fitted to others, against mpmath from the definitions.
//!
//! The reference is printed by `tests/oracles/population.py`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use serde_json::Value;
use ssi_infer::drawing::calibration;
use ssi_infer::formula;
use ssi_infer::predict::{Bounds, Population, transport, two_phase};
use ssi_infer::regress::{MOST_SCORES, Ols, ols};
use ssi_vocab::{Column, Estimate, Level, Table};
use std::path::PathBuf;

fn fit(x: &[f64], y: &[f64]) -> Ols {
    let column = |name, v: &[f64]| Column::number(name, v.iter().copied().map(Ok).collect());
    let table = Table::new(vec![column("x", x), column("y", y)], (1..=x.len()).collect()).unwrap();
    ols(&formula::design(&table, "y ~ x").unwrap()).unwrap()
}

fn read(name: &str) -> (Vec<f64>, Vec<f64>) {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut reader = csv::Reader::from_path(tests.join(format!("data/{name}.csv"))).unwrap();
    reader.deserialize::<(f64, f64)>().map(Result::unwrap).unzip()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn agree(name: &str, row: &Estimate, wanted: &[f64]) {
    let interval = row.interval.as_ref().unwrap();
    let found = [row.value.unwrap(), row.std_error.unwrap(), interval.low, interval.high];
    let width = wanted[3] - wanted[2];
    for (i, (value, expected)) in found.iter().zip(wanted).enumerate() {
        // An end near 0 is judged by the width.
        let size = if i == 1 { expected.abs() } else { width.max(expected.abs()) };
        let error = (value - expected).abs() / size;
        assert!(error < 1e-12, "{name} {i}: {value}, expected {expected}, {error:e}");
    }
}

#[test]
fn persons_and_means_agree_with_the_definitions() {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let text = std::fs::read_to_string(tests.join("oracles/population.py.json")).unwrap();
    let oracle: Value = serde_json::from_str(&text).unwrap();
    let rows = oracle["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 12);
    for row in rows {
        let name = row["data"].as_str().unwrap();
        let (x, y) = read(name);
        let n = row["n"].as_u64().unwrap() as usize;
        let level = Level::new(row["level"].as_f64().unwrap()).unwrap();
        let line = fit(&x[..n], &y[..n]).line().unwrap();
        for wanted in row["single"].as_array().unwrap() {
            let wanted = numbers(wanted);
            let [one, _] = line.one(wanted[0], level, Bounds::default());
            let half = (wanted[3] - wanted[2]) / 2.0;
            let interval = one.interval.unwrap();
            for (value, expected) in
                [one.value.unwrap(), interval.low, interval.high].iter().zip(&wanted[1..])
            {
                let error = (value - expected).abs() / half.max(expected.abs());
                assert!(error < 1e-12, "{name}: {value}, expected {expected}, {error:e}");
            }
        }
        let first = row["first"].as_u64().unwrap() as usize;
        let known: Vec<usize> = numbers(&row["known"]).iter().map(|k| *k as usize).collect();
        let people = Population {
            x: x[first..].to_vec(),
            known: known.into_iter().map(|k| (k, y[first + k])).collect(),
        };
        let bounds = Bounds::default();
        agree(name, &transport(&line, &people.x, level, bounds), &numbers(&row["transport"]));
        agree(name, &two_phase(&line, &people, level, bounds), &numbers(&row["two_phase"]));
    }
}

#[test]
fn kept_scores_give_the_intervals_that_the_respondents_give() {
    for name in ["continuous", "ties", "outliers", "mid"] {
        let (x, y) = read(name);
        let fit = fit(&x, &y);
        let line = fit.line().unwrap();
        for level in [0.95, 0.8, 0.5].map(|level| Level::new(level).unwrap()) {
            for at in [x[0], line.mean, 2.0 * line.range[1]] {
                let [_, kept] = line.one(at, level, Bounds::default());
                let place = ndarray::array![[1.0, at]];
                let own = fit.scaled_intervals(place.view(), level).unwrap();
                let Some(own) = own.and_then(|mut own| own.pop()) else {
                    assert!(kept.interval.is_none() && kept.note.is_some());
                    continue;
                };
                let (kept, width) = (kept.interval.unwrap(), own.high - own.low);
                assert!((kept.low - own.low).abs() < 1e-12 * width.max(own.low.abs()), "{name}");
                assert!((kept.high - own.high).abs() < 1e-12 * width.max(own.high.abs()), "{name}");
            }
        }
    }
}

#[test]
fn more_respondents_than_scores_are_kept_widen_the_interval_a_little_and_never_narrow_it() {
    let n = 3 * MOST_SCORES + 7;
    let x: Vec<f64> = (0..n).map(|i| f64::from((i % 21) as u32) / 2.0).collect();
    let y: Vec<f64> = (0..n).map(|i| x[i] * 3.0 + ((i * 7919) % 1009) as f64 / 40.0).collect();
    let fit = fit(&x, &y);
    let line = fit.line().unwrap();
    assert_eq!(line.scores.as_ref().unwrap().quantiles.len(), MOST_SCORES);
    for level in [0.5, 0.9, 0.95, 0.99].map(|level| Level::new(level).unwrap()) {
        let [_, kept] = line.one(5.0, level, Bounds::default());
        let place = ndarray::array![[1.0, 5.0]];
        let own = fit.scaled_intervals(place.view(), level).unwrap().unwrap().pop().unwrap();
        let kept = kept.interval.unwrap();
        let ratio = (kept.high - kept.low) / (own.high - own.low);
        assert!((1.0 - 1e-12..1.01).contains(&ratio), "{ratio}");
    }
}

#[test]
fn calibration_leaves_each_respondent_out_and_keeps_equal_predictors_together() {
    let (x, y) = read("ties");
    let whole = fit(&x, &y);
    let without = |v: &[f64], i: usize| -> Vec<f64> {
        v.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, v)| *v).collect()
    };
    let mut squares = 0.0;
    for (i, predicted) in whole.left_out() {
        let other = fit(&without(&x, i), &without(&y, i)).line().unwrap().at(x[i]);
        assert!((predicted - other).abs() < 1e-11 * other.abs(), "{predicted} {other}");
        squares += (y[i] - other) * (y[i] - other) / y.len() as f64;
    }
    let drawn = calibration(&whole, 5, Level::DEFAULT).unwrap();
    assert!((drawn.cv_rmse - squares.sqrt()).abs() < 1e-11 * drawn.cv_rmse);
    assert!(drawn.groups.len() > 2 && drawn.groups.iter().all(|group| group.n_obs >= 5));
    assert_eq!(drawn.groups.iter().map(|group| group.n_obs).sum::<usize>(), y.len());
    // The sizes add up to places where the predictor changes.
    let mut sorted = x.clone();
    sorted.sort_by(f64::total_cmp);
    let mut end = 0;
    for group in &drawn.groups {
        end += group.n_obs;
        assert!(end == sorted.len() || sorted[end] > sorted[end - 1], "{end}");
    }
    assert!(calibration(&fit(&x[..6], &y[..6]), 5, Level::DEFAULT).is_err());
}
