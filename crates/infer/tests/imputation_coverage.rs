//! How often intervals hold the truth when values are missing: complete cases and multiple
//! imputation. `tests/coverage/imputation.csv`.
//!
//! `UPDATE_GOLDEN=1` runs the whole simulation and rewrites the table; without it a small run is
//! compared with it.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;
use samples::{L, oracle, table, tests_folder};
use ssi_infer::correlate::{Method, correlate};
use ssi_infer::formula::design;
use ssi_infer::imputation::{Chained, chained, correlation, regression};
use ssi_infer::regress::{Covariance, ols};
use ssi_vocab::{Column, Estimate, Missing, Quiet, Table};
use std::fmt::Write;

const SIZES: [usize; 2] = [60, 200];
/// Whether y is missing: a third at random, or more often where the auxiliary variable is high.
const MECHANISMS: [&str; 2] = ["mcar", "mar"];
const METHODS: [&str; 2] = ["complete_cases", "imputed"];
const QUANTITIES: [&str; 2] = ["r", "slope"];
/// The correlation and the slope of two variables of variance 1.
const TRUTH: f64 = 0.6;

/// x and y of variance 1 that correlate at 0.6, and z that goes with y at 0.7. A third of y is missing
/// and a tenth of x.
fn drawn(mechanism: &str, n: usize, sample: usize) -> Table {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    rng.set_stream((n as u64) << 32 | sample as u64);
    let (mut x, mut y, mut z) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..n {
        let mut normal = || -> f64 { rng.sample(StandardNormal) };
        let (of_x, own, aside) = (normal(), normal(), normal());
        let of_y = TRUTH * of_x + 0.8 * own;
        let of_z = 0.7 * of_y + (1.0 - 0.49f64).sqrt() * aside;
        let chance = match mechanism {
            "mcar" => 1.0 / 3.0,
            _ => 1.0 / (1.0 + (1.0 - 1.5 * of_z).exp()),
        };
        let gone = |p: f64, rng: &mut ChaCha8Rng| rng.r#gen::<f64>() < p;
        y.push(if gone(chance, &mut rng) { Err(Missing::Blank) } else { Ok(of_y) });
        x.push(if gone(0.1, &mut rng) { Err(Missing::Blank) } else { Ok(of_x) });
        z.push(Ok(of_z));
    }
    table(vec![Column::number("x", x), Column::number("y", y), Column::number("z", z)])
}

/// Error, coverage and width of r and of the slope, by each method.
fn one(mechanism: &str, n: usize, sample: usize) -> Vec<[f64; 3]> {
    let data = drawn(mechanism, n, sample);
    let said = |row: &Estimate| {
        let interval = row.interval.as_ref().unwrap();
        let holds = f64::from(u8::from((interval.low..=interval.high).contains(&TRUTH)));
        [row.value.unwrap() - TRUTH, holds, interval.high - interval.low]
    };
    let r = correlate(&data.paired("x", "y").unwrap(), Method::Pearson, L).unwrap();
    let fit = ols(&design(&data, "y ~ x").unwrap()).unwrap();
    let settings = Chained { iterations: 5, ..Chained::new(sample as u64) };
    let filled = chained(&data, &["x", "y", "z"], &settings, &Quiet).unwrap();
    let tables = filled.tables().unwrap();
    let pooled = correlation(&tables, "x", "y", L).unwrap();
    let (slopes, _) = regression(&tables, "y ~ x", Covariance::Classical, L).unwrap();
    let slope = &fit.estimates(Covariance::Classical, L)[1];
    vec![said(&r), said(slope), said(&pooled.rows[0]), said(&slopes.rows[1])]
}

/// A line a size, method and quantity: bias, coverage with its Monte Carlo error, width.
fn simulated(mechanism: &str, samples: usize) -> Vec<(String, [f64; 4])> {
    let mut out = Vec::new();
    for n in SIZES {
        let all: Vec<Vec<[f64; 3]>> =
            (0..samples).into_par_iter().map(|s| one(mechanism, n, s)).collect();
        for (j, method) in METHODS.iter().enumerate() {
            for (k, quantity) in QUANTITIES.iter().enumerate() {
                let mean =
                    |of: usize| all.iter().map(|s| s[2 * j + k][of]).sum::<f64>() / samples as f64;
                let coverage = mean(1);
                let error = (coverage * (1.0 - coverage) / samples as f64).sqrt();
                let name = format!("{mechanism},{n},{method},{quantity}");
                out.push((name, [mean(0), coverage, error, mean(2)]));
            }
        }
    }
    out
}

/// The committed table: bias, coverage, its Monte Carlo error, width.
fn committed() -> Vec<(String, [f64; 4])> {
    let path = tests_folder().join("coverage/imputation.csv");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let head = "mechanism,n,method,quantity,samples,bias,coverage,mc_error,width\n";
        let mut text = head.to_owned();
        let samples = 4000;
        for (name, [bias, coverage, error, width]) in
            MECHANISMS.iter().flat_map(|m| simulated(m, samples))
        {
            writeln!(text, "{name},{samples},{bias:.4},{coverage:.4},{error:.4},{width:.4}")
                .unwrap();
        }
        std::fs::write(&path, text).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse().unwrap();
        (cells[..4].join(","), [number(5), number(6), number(7), number(8)])
    };
    text.lines().skip(1).map(line).collect()
}

#[test]
fn imputed_intervals_hold_the_truth_as_often_as_the_table_says() {
    let committed = committed();
    assert_eq!(committed.len(), 16);
    let of = |name: &str| committed.iter().find(|(n, _)| n == name).unwrap().1;
    // Missing at random in 200 respondents: next to nothing is lost.
    for quantity in QUANTITIES {
        let [bias, coverage, ..] = of(&format!("mcar,200,imputed,{quantity}"));
        assert!(bias.abs() < 0.02 && (coverage - 0.95).abs() < 0.02, "{bias} {coverage}");
    }
    // What imputation gains: intervals that are narrower than those of complete cases.
    for n in SIZES {
        let width = |method: &str| of(&format!("mcar,{n},{method},r"))[3];
        assert!(width("imputed") < 0.96 * width("complete_cases"));
    }
    let samples = 60;
    let quick: Vec<_> = MECHANISMS.iter().flat_map(|m| simulated(m, samples)).collect();
    for ((name, found), (other, cells)) in quick.iter().zip(&committed) {
        assert_eq!(name, other);
        let error = (cells[1] * (1.0 - cells[1]) / samples as f64).sqrt();
        assert!((found[1] - cells[1]).abs() < 4.0 * error + 0.01, "{name} {found:?} {cells:?}");
        // An estimate's standard deviation is about a quarter of its interval's width.
        let spread = cells[3] / 3.9 / (samples as f64).sqrt();
        assert!((found[0] - cells[0]).abs() < 4.5 * spread, "{name} {found:?} {cells:?}");
    }
}

/// Predictive mean matching pulls slopes towards 0 where much is missing of few; so does mice's.
#[test]
fn bias_and_coverage_are_those_of_mice() {
    let table = committed();
    let theirs = oracle("imputation_coverage.r.json");
    let rows = theirs["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 8);
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap();
        let number = |key: &str| row[key].as_f64().unwrap();
        let name = format!("{},{},imputed,{}", text("mechanism"), row["n"], text("quantity"));
        let ours = table.iter().find(|(n, _)| *n == name).unwrap().1;
        let spread = ours[3] / 3.9;
        let error = (number("bias_error").powi(2) + spread * spread / 4000.0).sqrt();
        let apart = (ours[0] - number("bias")) / error;
        assert!(apart.abs() < 3.5, "{name}: bias {} {} ({apart})", ours[0], number("bias"));
        let error = ours[2].hypot(number("coverage_error")).max(0.01);
        let apart = (ours[1] - number("coverage")) / error;
        assert!(apart.abs() < 3.5, "{name}: coverage {} {}", ours[1], number("coverage"));
    }
}
