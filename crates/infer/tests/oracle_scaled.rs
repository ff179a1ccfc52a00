//! Prediction intervals by the scaled jackknife against mpmath, which leaves each respondent out and
//! fits anew.
//!
//! The reference is printed by `tests/oracles/scaled_jackknife.py`.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing must fail")]

use serde_json::Value;
use ssi_infer::formula;
use ssi_infer::regress::{Ols, ols};
use ssi_vocab::{Column, Interval, Level, Table};
use std::path::PathBuf;

fn fit(x: &[f64], y: &[f64], counts: Option<Vec<u64>>) -> Ols {
    let column = |name, v: &[f64]| Column::number(name, v.iter().copied().map(Ok).collect());
    let table = Table::new(vec![column("x", x), column("y", y)], (1..=x.len()).collect()).unwrap();
    let table = match counts {
        Some(counts) => table.with_counts(counts).unwrap(),
        None => table,
    };
    ols(&formula::design(&table, "y ~ x").unwrap()).unwrap()
}

fn at(fit: &Ols, place: f64, level: f64) -> Option<Interval> {
    let matrix = ndarray::array![[1.0, place]];
    fit.scaled_intervals(matrix.view(), Level::new(level).unwrap()).unwrap()?.pop()
}

#[test]
fn intervals_agree_with_leaving_respondents_out() {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let text = std::fs::read_to_string(tests.join("oracles/scaled_jackknife.py.json")).unwrap();
    let oracle: Value = serde_json::from_str(&text).unwrap();
    let rows = oracle["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 48);
    for row in rows {
        let name = row["data"].as_str().unwrap();
        let number = |key: &str| row[key].as_f64().unwrap();
        let mut reader = csv::Reader::from_path(tests.join(format!("data/{name}.csv"))).unwrap();
        let (x, y): (Vec<f64>, Vec<f64>) = reader
            .deserialize::<(f64, f64)>()
            .map(Result::unwrap)
            .take(row["n"].as_u64().unwrap() as usize)
            .unzip();
        let found = at(&fit(&x, &y, None), number("at"), number("level")).unwrap();
        assert_eq!(found.method, "scaled_jackknife");
        let width = number("high") - number("low");
        for (value, expected) in [(found.low, number("low")), (found.high, number("high"))] {
            let error = (value - expected).abs() / width.max(expected.abs());
            assert!(error < 1e-12, "{name}: {value}, expected {expected}, {error:e}");
        }
    }
}

const X: [f64; 6] = [1.0, 2.0, 3.0, 5.0, 8.0, 9.0];
const Y: [f64; 6] = [2.0, 1.0, 4.0, 3.0, 9.0, 4.0];

#[test]
fn counts_give_what_the_rows_give() {
    let counts = [3, 4, 5, 2, 6, 1];
    let rows = |v: &[f64]| -> Vec<f64> {
        v.iter().zip(counts).flat_map(|(v, n)| std::iter::repeat_n(*v, n)).collect()
    };
    let counted = fit(&X, &Y, Some(counts.map(|n| n as u64).to_vec()));
    let plain = fit(&rows(&X), &rows(&Y), None);
    for level in [0.5, 0.9, 0.95] {
        let (a, b) = (at(&counted, 6.5, level).unwrap(), at(&plain, 6.5, level).unwrap());
        assert!((a.low / b.low - 1.0).abs() < 1e-12 && (a.high / b.high - 1.0).abs() < 1e-12);
    }
    assert_eq!(counted.scaled_half_widths(Level::DEFAULT).len(), 2);
    let (a, b) =
        (counted.scaled_half_widths(Level::DEFAULT), plain.scaled_half_widths(Level::DEFAULT));
    for (a, b) in a.into_iter().zip(b) {
        assert_eq!(a.at, b.at);
        assert!((a.half_width / b.half_width - 1.0).abs() < 1e-12);
    }
}

/// n respondents around a line, who scatter as far as their x is large.
fn fan(n: usize) -> Ols {
    let x: Vec<f64> = (0..n).map(|i| (i % 10) as f64).collect();
    let side = |i: usize| if (i / 10 + i).is_multiple_of(2) { 1.0 } else { -1.0 };
    let y: Vec<f64> =
        (0..n).map(|i| 2.0 * x[i] + side(i) * (0.5 + x[i]) * (1.0 + (i % 7) as f64)).collect();
    fit(&x, &y, None)
}

#[test]
fn nineteen_respondents_are_needed_for_95_percent() {
    assert_eq!(at(&fan(18), 3.0, 0.95), None);
    assert!(at(&fan(19), 3.0, 0.95).is_some());
    assert!(at(&fan(9), 3.0, 0.9).is_some());
    assert!(fan(18).scaled_half_widths(Level::DEFAULT).is_empty());
}

#[test]
fn the_width_follows_the_spread_and_never_vanishes() {
    let fit = fan(200);
    let width = |x: f64| at(&fit, x, 0.95).map(|i| i.high - i.low).unwrap();
    assert!(width(9.0) > 3.0 * width(0.0), "{} {}", width(9.0), width(0.0));
    // Far below the data the line of the spread is negative; the interval is not.
    assert!(width(-100.0) > 0.0);
    let [low, high] = fit.scaled_half_widths(Level::DEFAULT)[..] else { panic!("two places") };
    assert_eq!((low.at, high.at), (1.0, 8.0));
    assert!((2.0 * high.half_width / width(8.0) - 1.0).abs() < 1e-12);
    assert!(low.half_width < high.half_width);
}

#[test]
fn a_scale_of_the_outcome_is_a_scale_of_the_interval() {
    let plain = fan(60);
    let x: Vec<f64> = plain.x().column(1).to_vec();
    for scale in [1e-70, 1e70] {
        let y: Vec<f64> = plain.y().iter().map(|v| v * scale).collect();
        let found = at(&fit(&x, &y, None), 4.0, 0.95).unwrap();
        let expected = at(&plain, 4.0, 0.95).unwrap();
        assert!((found.high / scale / expected.high - 1.0).abs() < 1e-12, "{scale}");
    }
}

#[test]
fn a_perfect_fit_has_no_such_interval() {
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let line = fit(&x, &x.iter().map(|v| 1.0 + 2.0 * v).collect::<Vec<_>>(), None);
    assert_eq!(at(&line, 3.0, 0.95), None);
}

#[test]
fn a_respondent_who_decides_the_line_is_infinitely_far() {
    // Everybody has the same x but one, whose leverage is 1.
    let mut x = vec![1.0; 40];
    x[39] = 5.0;
    let y: Vec<f64> = (0..40).map(|i| f64::from(i % 7)).collect();
    assert!(at(&fit(&x, &y, None), 1.0, 0.95).is_some());
    assert_eq!(at(&fit(&x[20..], &y[20..], None), 1.0, 0.96), None);
}
