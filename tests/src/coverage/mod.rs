//! How often intervals hold what they should: a seeded simulation, its table, page and figures.

mod figure;
mod goal;
mod intervals;
mod page;
mod population;
mod table;

pub use figure::figures;
pub use goal::{Verdict, better, verdict};
pub use page::page;
pub use population::{POPULATIONS, Population, population};
pub use table::{from_csv, to_csv};

use intervals::{Found, Sample, Truth, closed, resampled, truth};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// How much to simulate.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rows of each population.
    pub population: usize,
    /// For each of [`SIZES`], samples for the closed-form intervals.
    pub closed: [usize; 3],
    /// For each of [`SIZES`], samples for the bootstrap intervals.
    pub resampled: [usize; 3],
    /// Resamples of each of those.
    pub resamples: usize,
    /// Seed of the samples.
    pub seed: u64,
}

impl Effort {
    /// What the committed table was made with.
    pub const FULL: Self = Self {
        population: 200_000,
        closed: [10_000; 3],
        resampled: [2_000, 2_000, 500],
        resamples: 2_000,
        seed: 1,
    };

    /// What runs in seconds: enough to see an interval that has changed.
    pub const QUICK: Self = Self {
        population: 20_000,
        closed: [400, 200, 0],
        resampled: [150, 50, 0],
        resamples: 400,
        seed: 2,
    };
}

/// Sizes of the samples.
pub const SIZES: [usize; 3] = [30, 200, 1000];

/// How often one interval held its parameter in samples of one size from one population.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Population.
    pub population: String,
    /// What is estimated.
    pub estimate: String,
    /// How the interval is made.
    pub interval: String,
    /// Respondents in a sample.
    pub n: usize,
    /// Samples.
    pub samples: usize,
    /// The parameter; the mean outcome, for predictions.
    pub truth: f64,
    /// Samples whose interval holds it.
    pub held: usize,
    /// Samples whose interval lies below it.
    pub below: usize,
    /// Samples whose interval lies above it.
    pub above: usize,
    /// Mean width of the intervals.
    pub width: f64,
}

impl Cell {
    /// The share of samples whose interval holds the parameter. A sample without an interval
    /// counts as one that does not.
    pub fn coverage(&self) -> f64 {
        self.held as f64 / self.samples as f64
    }

    /// Monte Carlo standard error of the coverage.
    pub fn error(&self) -> f64 {
        (self.coverage() * (1.0 - self.coverage()) / self.samples as f64).sqrt()
    }
}

/// Simulates one population at every sample size.
///
/// Each sample has a random stream of its own, so that the result is the same on any number of
/// threads.
///
/// # Errors
/// Those of the estimators on the whole population.
pub fn simulate(population: &Population, effort: &Effort) -> ssi_infer::Result<Vec<Cell>> {
    let truth = truth(population)?;
    Ok((0..SIZES.len()).flat_map(|size| one_size(population, &truth, size, effort)).collect())
}

fn one_size(population: &Population, truth: &Truth, size: usize, effort: &Effort) -> Vec<Cell> {
    let n = SIZES[size];
    let which = POPULATIONS.iter().position(|(name, _)| *name == population.name).unwrap_or(0);
    let sample = |kind: u64, i: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(effort.seed);
        rng.set_stream((which as u64) << 56 | (n as u64) << 40 | kind << 36 | i as u64);
        let size = population.x.len() as u32;
        let rows: Vec<u32> = (0..n).map(|_| rng.gen_range(0..size)).collect();
        let sample = Sample::new(population, &rows, rng.gen_range(0..size));
        // Rows of a population are finite and equally long.
        (sample.ok(), rng.r#gen::<u64>())
    };
    let plain: Vec<Vec<Found>> = (0..effort.closed[size])
        .into_par_iter()
        .map(|i| sample(0, i).0.map(|s| closed(&s, truth)).unwrap_or_default())
        .collect();
    let drawn: Vec<Vec<Found>> = (0..effort.resampled[size])
        .into_par_iter()
        .map(|i| {
            let (sample, seed) = sample(1, i);
            sample.map(|s| resampled(&s, truth, effort.resamples, seed)).unwrap_or_default()
        })
        .collect();
    [plain, drawn].iter().flat_map(|samples| tally(samples, population.name, n)).collect()
}

/// A cell for each interval, in their order.
fn tally(samples: &[Vec<Found>], population: &str, n: usize) -> Vec<Cell> {
    let kinds = samples.first().map_or(0, Vec::len);
    let cell = |k: usize| {
        let all = || samples.iter().map(|sample| &sample[k]);
        let count = |f: &dyn Fn(f64, (f64, f64)) -> bool| {
            all().filter(|found| found.ends.is_some_and(|ends| f(found.truth, ends))).count()
        };
        let widths: Vec<f64> = all().filter_map(|f| f.ends).map(|(low, high)| high - low).collect();
        let (estimate, interval) = samples[0][k].kind;
        Cell {
            population: population.to_owned(),
            estimate: estimate.to_owned(),
            interval: interval.to_owned(),
            n,
            samples: samples.len(),
            truth: all().map(|found| found.truth).sum::<f64>() / samples.len() as f64,
            held: count(&|truth, (low, high)| low <= truth && truth <= high),
            below: count(&|truth, (_, high)| high < truth),
            above: count(&|truth, (low, _)| low > truth),
            width: widths.iter().sum::<f64>() / widths.len().max(1) as f64,
        }
    };
    (0..kinds).map(cell).collect()
}
