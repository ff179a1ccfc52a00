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
use samples::{L, table, tests_folder};
use ssi_infer::correlate::{Method, correlate};
use ssi_infer::formula::design;
use ssi_infer::imputation::{Chained, chained, correlation, regression};
use ssi_infer::regress::{Covariance, ols};
use ssi_vocab::{Column, Estimate, Missing, Quiet, Table};
use std::fmt::Write;

const SIZES: [usize; 2] = [60, 200];
/// Whether y is missing: at random, or where the auxiliary variable is high.
const MECHANISMS: [&str; 2] = ["mcar", "mar"];
const METHODS: [&str; 2] = ["complete_cases", "imputed"];
const QUANTITIES: [&str; 2] = ["r", "slope"];
/// The correlation and the slope of two variables of variance 1.
const TRUTH: f64 = 0.6;

/// x and y of variance 1 that correlate at 0.6, and z that goes with y at 0.7. A third of y is missing,
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

/// A line a mechanism, size, method and quantity: bias, coverage with its Monte Carlo error, width.
fn simulated(samples: usize) -> Vec<(String, [f64; 4])> {
    let mut out = Vec::new();
    for mechanism in MECHANISMS {
        for n in SIZES {
            let all: Vec<Vec<[f64; 3]>> =
                (0..samples).into_par_iter().map(|s| one(mechanism, n, s)).collect();
            for (j, method) in METHODS.iter().enumerate() {
                for (k, quantity) in QUANTITIES.iter().enumerate() {
                    let mean = |of: usize| {
                        all.iter().map(|s| s[2 * j + k][of]).sum::<f64>() / samples as f64
                    };
                    let coverage = mean(1);
                    let error = (coverage * (1.0 - coverage) / samples as f64).sqrt();
                    let name = format!("{mechanism},{n},{method},{quantity}");
                    out.push((name, [mean(0), coverage, error, mean(2)]));
                }
            }
        }
    }
    out
}

#[test]
fn imputation_covers_where_complete_cases_do_not() {
    let path = tests_folder().join("coverage/imputation.csv");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let samples = 4000;
        let mut text =
            "mechanism,n,method,quantity,samples,bias,coverage,mc_error,width\n".to_owned();
        for (name, [bias, coverage, error, width]) in simulated(samples) {
            writeln!(text, "{name},{samples},{bias:.4},{coverage:.4},{error:.4},{width:.4}")
                .unwrap();
        }
        std::fs::write(&path, text).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let committed: Vec<(String, Vec<f64>)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[..4].join(","), cells[4..].iter().map(|c| c.parse().unwrap()).collect())
        })
        .collect();
    assert_eq!(committed.len(), 16);
    for (name, cells) in &committed {
        let (bias, coverage) = (cells[1], cells[2]);
        if name.contains("imputed") {
            assert!((0.935..=0.965).contains(&coverage) && bias.abs() < 0.02, "{name} {cells:?}");
        }
    }
    // What imputation is for: values missing where the auxiliary variable is high.
    let biased = committed.iter().find(|(n, _)| n == "mar,200,complete_cases,r").unwrap();
    assert!(biased.1[1] < -0.03 && biased.1[2] < 0.93, "{biased:?}");
    let samples = 60;
    for ((name, found), (other, cells)) in simulated(samples).iter().zip(&committed) {
        assert_eq!(name, other);
        let error = (cells[2] * (1.0 - cells[2]) / samples as f64).sqrt();
        assert!((found[1] - cells[2]).abs() < 4.0 * error + 0.01, "{name} {found:?} {cells:?}");
        // The standard deviation of a mean of 60 is a quarter of a width over √60 at most.
        assert!((found[0] - cells[1]).abs() < 4.0 * cells[4] / 3.9 / 60f64.sqrt(), "{name}");
    }
}
