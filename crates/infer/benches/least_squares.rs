//! Times least squares: 10 predictors and an intercept, on 1,000,000 rows in doubles and on 200
//! rows with 32 digits. `tests/benches/least_squares.sh` runs it beside R and numpy.
#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints")]

use ndarray::{Array1, Array2};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use ssi_infer::regress::ols;
use ssi_vocab::Design;
use std::time::Instant;

fn design(n: usize) -> Design {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
    let x = Array2::from_shape_fn((n, 11), |(_, j)| if j == 0 { 1.0 } else { normal() });
    let y = Array1::from_iter(x.rows().into_iter().map(|row| row.sum() + normal()));
    let terms = (0..11).map(|j| format!("x{j}")).collect();
    Design {
        formula: "y ~ x".to_owned(),
        outcome: "y".to_owned(),
        terms,
        assign: (0..11).collect(),
        intercept: true,
        x,
        y,
        x_rest: None,
        y_rest: None,
        families: (0..11).collect(),
        weights: None,
        rows: (1..=n).collect(),
        excluded: Vec::new(),
        left_out: 0,
    }
}

/// The fastest of some runs, in milliseconds.
fn fastest(runs: usize, work: impl Fn()) -> f64 {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..runs).map(time).fold(f64::INFINITY, f64::min)
}

fn main() {
    let (large, small) = (design(1_000_000), design(200));
    let fit = |design: &Design| assert!(ols(design).unwrap().sigma > 0.9);
    println!("ssi, 1,000,000 rows: {:.0} ms", fastest(5, || fit(&large)));
    println!("ssi, 200 rows, 32 digits: {:.2} ms", fastest(100, || fit(&small)));
}
