//! `tests/benches/beside.sh`: our side of the comparison with R and Python.
//!
//! `write DIR` writes the numbers that all programs read: x.f64 and y.f64 (a million pairs of
//! doubles), p.f64 (ten predictors, a column after the other) and table.csv (three columns). `table`
//! times each task on one core, `cores` those that use several on all, `curve` the main estimators
//! from a hundred to a million respondents, `models` the regressions beyond least squares (on
//! models.csv). All print CSV: the fastest of some runs, in seconds. To add a task, add a line here
//! (or in `models.rs`) and one of the same name to `beside.py` and `beside.R`.
#![allow(clippy::print_stdout, reason = "this program talks")]

mod models;

use ndarray::{Array1, Array2};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use ssi_infer::correlate::{self, Method};
use ssi_infer::describe::describe_values;
use ssi_infer::groups::{Grouped, kruskal_wallis, mann_whitney};
use ssi_infer::regress;
use ssi_infer::resample::{Bootstrap, bootstrap_bca};
use ssi_vocab::{Column, Design, Level, Paired, Quiet, Table};
use std::error::Error;
use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const ROWS: usize = 1_000_000;
const COLUMNS: usize = 12;
const PREDICTORS: usize = 10;

type Task<'a> = (&'static str, usize, Box<dyn Fn() + Sync + 'a>);

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` says --bench; run by itself this program does nothing.
    let arguments: Vec<String> = std::env::args().filter(|a| a != "--bench").collect();
    let numbers = Numbers::new();
    let cohort = models::Cohort::new();
    let tasks = match arguments.get(1).map(String::as_str) {
        Some("write") => {
            let dir = arguments.get(2).ok_or("write where?")?;
            std::fs::write(Path::new(dir).join("models.csv"), cohort.csv())?;
            return numbers.write(Path::new(dir));
        }
        Some("models") => models::tasks(&cohort, &numbers),
        Some("table") => numbers.tasks(),
        Some("curve") => numbers.curve(),
        Some("cores") => {
            vec![numbers.least_squares("ols_10_cores", ROWS)]
        }
        _ => {
            println!("run tests/benches/beside.sh");
            return Ok(());
        }
    };
    println!("task,n,seconds");
    // A task of one name alone, where one is named.
    let only = arguments.get(2).map(String::as_str);
    let tasks = tasks.into_iter().filter(|(name, ..)| only.is_none_or(|only| only == *name));
    let threads = if arguments[1] == "cores" { 0 } else { 1 };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let timed = if arguments[1] == "models" { cheapest } else { fastest };
    for (name, n, task) in tasks {
        println!("{name},{n},{:.3e}", pool.install(|| timed(&task)).as_secs_f64());
    }
    Ok(())
}

/// The fastest run: at least one, and as many as fit in half a second.
fn fastest(task: &(dyn Fn() + Sync)) -> Duration {
    let (mut best, begun, mut runs) = (Duration::MAX, Instant::now(), 0);
    while runs < 1 || (begun.elapsed() < Duration::from_millis(500) && runs < 1000) {
        let start = Instant::now();
        task();
        best = best.min(start.elapsed());
        runs += 1;
    }
    best
}

/// The processor's time for one run: what a busy machine takes away does not count.
fn cheapest(task: &(dyn Fn() + Sync)) -> Duration {
    let timed = |runs: u32| {
        let start = spent();
        (0..runs).for_each(|_| task());
        spent().saturating_sub(start)
    };
    let mut runs = 1;
    let mut took = timed(runs);
    // The count is exact to a few milliseconds.
    while took < Duration::from_millis(100) {
        runs *= if took < Duration::from_millis(10) { 10 } else { 3 };
        took = timed(runs);
    }
    let again = if took < Duration::from_secs(2) { timed(runs) } else { took };
    took.min(again) / runs
}

/// Nanoseconds that this thread has had a processor, as Linux counts them.
fn spent() -> Duration {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    // The count is brought up to date when the thread offers its place.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let first = text.as_deref().and_then(|t| t.split_whitespace().next()?.parse().ok());
    first.map_or_else(|| BEGUN.elapsed(), Duration::from_nanos)
}

/// Pairs with r = .6, normal, no ties; predictors of y that explain nothing.
struct Numbers {
    x: Vec<f64>,
    y: Vec<f64>,
    predictors: Vec<f64>,
}

impl Numbers {
    fn new() -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut draw = || -> f64 { rng.sample(StandardNormal) };
        let pairs = (0..ROWS).map(|_| (draw(), draw())).map(|(a, b)| (a, 0.6 * a + 0.8 * b));
        let (x, y) = pairs.unzip();
        let predictors = (0..ROWS * PREDICTORS).map(|_| draw()).collect();
        Self { x, y, predictors }
    }

    fn write(&self, dir: &Path) -> Result<(), Box<dyn Error>> {
        let files = [("x.f64", &self.x), ("y.f64", &self.y), ("p.f64", &self.predictors)];
        for (name, values) in files {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            std::fs::write(dir.join(name), bytes)?;
        }
        let mut text = String::from("a,b,c\n");
        for i in 0..ROWS {
            writeln!(text, "{},{},{}", self.x[i], self.y[i], self.predictors[i])?;
        }
        Ok(std::fs::write(dir.join("table.csv"), text)?)
    }

    fn tasks(&self) -> Vec<Task<'_>> {
        vec![
            self.bca("bca_10000", 10_000, 200),
            self.correlation("kendall", Method::Kendall, 10_000),
            self.correlation("kendall", Method::Kendall, 100_000),
            self.correlation("kendall", Method::Kendall, ROWS),
            self.correlation("distance", Method::Distance, 1_000),
            self.correlation("distance", Method::Distance, ROWS),
            self.correlation("spearman", Method::Spearman, ROWS),
            self.correlation("pearson", Method::Pearson, ROWS),
            self.mann_whitney(ROWS),
            self.kruskal_wallis(ROWS),
            self.describe(ROWS),
            self.matrix(ROWS / COLUMNS),
            self.least_squares("ols_10", ROWS),
        ]
    }

    fn curve(&self) -> Vec<Task<'_>> {
        let mut all = Vec::new();
        for n in [100, 1_000, 10_000, 100_000, ROWS] {
            for method in [Method::Pearson, Method::Spearman, Method::Kendall] {
                all.push(self.correlation(method.code(), method, n));
            }
            all.push(self.correlation("distance", Method::Distance, n));
            all.push(self.least_squares("ols_10", n));
            if n <= 100_000 {
                all.push(self.bca("bca_1000", 1_000, n));
            }
        }
        all
    }

    fn correlation(&self, name: &'static str, method: Method, n: usize) -> Task<'_> {
        let pair = pair(&self.x[..n], &self.y[..n]);
        let task = move || {
            let _ = black_box(correlate::correlate(&pair, method, Level::DEFAULT));
        };
        (name, n, Box::new(task))
    }

    fn bca(&self, name: &'static str, resamples: usize, n: usize) -> Task<'_> {
        let pair = pair(&self.x[..n], &self.y[..n]);
        let how = Bootstrap { resamples, seed: 1 };
        let task = move || {
            let _ = black_box(bootstrap_bca(&pair, Method::Pearson, &how, Level::DEFAULT, &Quiet));
        };
        (name, n, Box::new(task))
    }

    /// The first half of x beside the second half of y, which is shifted by a tenth.
    fn mann_whitney(&self, n: usize) -> Task<'_> {
        let other: Vec<f64> = self.y[n / 2..n].iter().map(|v| v + 0.1).collect();
        let groups = [("a", self.x[..n / 2].to_vec()), ("b", other)];
        let grouped = Grouped::from_values("v", "g", &groups).expect("normal draws are finite");
        let task = move || {
            let _ = black_box(mann_whitney(&grouped).map(|test| test.estimates(Level::DEFAULT)));
        };
        ("mann_whitney", n, Box::new(task))
    }

    /// Four quarters of x.
    fn kruskal_wallis(&self, n: usize) -> Task<'_> {
        let quarter = |(k, name)| (name, self.x[k * n / 4..(k + 1) * n / 4].to_vec());
        let groups: Vec<_> = ["a", "b", "c", "d"].into_iter().enumerate().map(quarter).collect();
        let grouped = Grouped::from_values("v", "g", &groups).expect("normal draws are finite");
        let task = move || {
            let _ = black_box(kruskal_wallis(&grouped).map(|test| test.estimate()));
        };
        ("kruskal_wallis", n, Box::new(task))
    }

    fn describe(&self, n: usize) -> Task<'_> {
        let task = move || {
            let _ = black_box(describe_values("x", &self.x[..n], Level::DEFAULT));
        };
        ("describe", n, Box::new(task))
    }

    fn matrix(&self, n: usize) -> Task<'_> {
        let names: Vec<String> = (0..COLUMNS).map(|k| format!("v{k}")).collect();
        let column = |(k, name): (usize, &String)| {
            let values = &self.x[k * n..(k + 1) * n];
            Column::number(name.as_str(), values.iter().copied().map(Ok).collect())
        };
        let columns = names.iter().enumerate().map(column).collect();
        let table = Table::new(columns, (1..=n).collect()).expect("columns are equally long");
        let task = move || {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let _ = black_box(correlate::matrix(&table, &names, Method::Pearson, Level::DEFAULT));
        };
        ("pearson_matrix_12", n, Box::new(task))
    }

    /// Ten predictors and an intercept, as `lm.fit` and `lstsq` have them.
    fn design(&self, n: usize) -> Design {
        let k = PREDICTORS + 1;
        let cell = |(i, j): (usize, usize)| {
            if j == 0 { 1.0 } else { self.predictors[(j - 1) * ROWS + i] }
        };
        Design {
            formula: "y ~ p".to_owned(),
            outcome: "y".to_owned(),
            terms: (0..k).map(|j| format!("p{j}")).collect(),
            assign: (0..k).collect(),
            intercept: true,
            x: Array2::from_shape_fn((n, k), cell).into(),
            y: Array1::from_vec(self.y[..n].to_vec()),
            x_rest: None,
            y_rest: None,
            families: (0..k).collect(),
            weights: None,
            rows: (1..=n).collect(),
            excluded: Vec::new(),
            left_out: 0,
        }
    }

    fn least_squares(&self, name: &'static str, n: usize) -> Task<'_> {
        let design = self.design(n);
        let task = move || {
            let _ = black_box(regress::ols(&design).expect("normal draws are no sums of others"));
        };
        (name, n, Box::new(task))
    }
}

fn pair(x: &[f64], y: &[f64]) -> Paired {
    Paired::complete("x", x, "y", y).expect("normal draws are finite")
}
