//! `tests/benches/beside.sh`: our side of the comparison with R and Python, and cost against n.
//!
//! `--data DIR` writes the numbers that all programs read (x.f64 and y.f64: a million pairs of
//! doubles) and times each task on one core; `--curve` times the main estimators from a hundred to
//! a million respondents. Both print CSV: the fastest of some runs, in seconds. To add a task, add a
//! line to `tasks` here and one of the same name to `beside.py` and `beside.R`.
#![allow(clippy::print_stdout, reason = "this program talks")]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use ssi_infer::correlate::{self, Method};
use ssi_infer::describe::describe_values;
use ssi_infer::resample::{Bootstrap, bootstrap_bca};
use ssi_infer::{formula, regress};
use ssi_vocab::{Column, Level, Paired, Quiet, Table};
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROWS: usize = 1_000_000;
const COLUMNS: usize = 12;

type Task<'a> = (&'static str, usize, Box<dyn Fn() + Sync + 'a>);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str| arguments.iter().position(|a| a == flag).map(|i| i + 1);
    let (x, y) = numbers();
    let tasks = if arguments.iter().any(|a| a == "--curve") {
        curve(&x, &y)
    } else if let Some(dir) = after("--data").and_then(|i| arguments.get(i)) {
        for (name, values) in [("x.f64", &x), ("y.f64", &y)] {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            std::fs::write(Path::new(dir).join(name), bytes)?;
        }
        tasks(&x, &y)
    } else {
        // `cargo bench` and `cargo test --benches` run every bench; this one is run by its script.
        println!("run tests/benches/beside.sh");
        return Ok(());
    };
    println!("task,n,seconds");
    let one_core = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    for (name, n, task) in tasks {
        println!("{name},{n},{:.3e}", one_core.install(|| fastest(&task)).as_secs_f64());
    }
    Ok(())
}

fn tasks<'a>(x: &'a [f64], y: &'a [f64]) -> Vec<Task<'a>> {
    let method = |name, method, n| correlation(name, method, x, y, n);
    vec![
        bca("bca_10000", 10_000, x, y, 200),
        method("kendall", Method::Kendall, 10_000),
        method("kendall", Method::Kendall, 100_000),
        method("kendall", Method::Kendall, ROWS),
        method("spearman", Method::Spearman, ROWS),
        method("pearson", Method::Pearson, ROWS),
        describe("describe", x, ROWS),
        matrix("pearson_matrix_12", x, ROWS / COLUMNS),
    ]
}

fn curve<'a>(x: &'a [f64], y: &'a [f64]) -> Vec<Task<'a>> {
    let mut all = Vec::new();
    for n in [100, 1_000, 10_000, 100_000, ROWS] {
        all.push(describe("describe", x, n));
        for method in [Method::Pearson, Method::Spearman, Method::Kendall] {
            all.push(correlation(method.code(), method, x, y, n));
        }
        all.push(line("ols", x, y, n));
        if n <= 100_000 {
            all.push(bca("bca_1000", 1_000, x, y, n));
        }
    }
    all
}

/// Pairs with r = .6: normal, no ties.
fn numbers() -> (Vec<f64>, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut draw = || -> f64 { rng.sample(StandardNormal) };
    (0..ROWS).map(|_| (draw(), draw())).map(|(a, b)| (a, 0.6 * a + 0.8 * b)).unzip()
}

/// The fastest run: at least three, and as many as fit in a second.
fn fastest(task: &(dyn Fn() + Sync)) -> Duration {
    let (mut best, begun, mut runs) = (Duration::MAX, Instant::now(), 0);
    while runs < 3 || (begun.elapsed() < Duration::from_secs(1) && runs < 1000) {
        let start = Instant::now();
        task();
        best = best.min(start.elapsed());
        runs += 1;
    }
    best
}

fn pair(x: &[f64], y: &[f64], n: usize) -> Paired {
    Paired::complete("x", &x[..n], "y", &y[..n]).expect("normal draws are finite")
}

fn correlation<'a>(
    name: &'static str,
    method: Method,
    x: &'a [f64],
    y: &'a [f64],
    n: usize,
) -> Task<'a> {
    let pair = pair(x, y, n);
    let task = move || {
        let _ = black_box(correlate::correlate(&pair, method, Level::DEFAULT));
    };
    (name, n, Box::new(task))
}

fn bca<'a>(name: &'static str, resamples: usize, x: &'a [f64], y: &'a [f64], n: usize) -> Task<'a> {
    let (pair, how) = (pair(x, y, n), Bootstrap { resamples, seed: 1 });
    let task = move || {
        let _ = black_box(bootstrap_bca(&pair, Method::Pearson, &how, Level::DEFAULT, &Quiet));
    };
    (name, n, Box::new(task))
}

fn describe<'a>(name: &'static str, x: &'a [f64], n: usize) -> Task<'a> {
    let task = move || {
        let _ = black_box(describe_values("x", &x[..n], Level::DEFAULT));
    };
    (name, n, Box::new(task))
}

fn matrix<'a>(name: &'static str, x: &'a [f64], n: usize) -> Task<'a> {
    let names: Vec<String> = (0..COLUMNS).map(|k| format!("v{k}")).collect();
    let column = |(k, name): (usize, &String)| {
        Column::number(name.as_str(), x[k * n..(k + 1) * n].iter().copied().map(Ok).collect())
    };
    let columns = names.iter().enumerate().map(column).collect();
    let table = Table::new(columns, (1..=n).collect()).expect("columns are equally long");
    let task = move || {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let _ = black_box(correlate::matrix(&table, &names, Method::Pearson, Level::DEFAULT));
    };
    (name, n, Box::new(task))
}

fn line<'a>(name: &'static str, x: &'a [f64], y: &'a [f64], n: usize) -> Task<'a> {
    let column =
        |name: &str, v: &[f64]| Column::number(name, v[..n].iter().copied().map(Ok).collect());
    let table = Table::new(vec![column("x", x), column("y", y)], (1..=n).collect());
    let table = table.expect("columns are equally long");
    let task = move || {
        let design = formula::design(&table, "y ~ x");
        let _ = black_box(design.and_then(|design| regress::ols(&design)));
    };
    (name, n, Box::new(task))
}
