//! How often intervals hold what they should: a seeded simulation, its table, page and figures.

mod cohort;
mod conformal;
mod figure;
mod goal;
mod imputation;
mod intervals;
mod page;
mod population;
mod sample;
mod table;

pub use cohort::by_command;
pub use figure::figures;
pub use goal::{Verdict, better, verdict};
pub use page::page;
pub use population::{Cohort, POPULATIONS, Population, population};
pub use table::{from_csv, to_csv};

use intervals::{Row, closed, resampled};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use sample::{Places, Sample};
use std::collections::HashMap;

/// How much to simulate.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Rows of each population.
    pub population: usize,
    /// For each of [`SIZES`], samples for the closed-form intervals of a report.
    pub closed: [usize; 3],
    /// For each of [`SIZES`], samples for the bootstrap intervals.
    pub resampled: [usize; 3],
    /// Resamples of each of those.
    pub resamples: usize,
    /// For each of [`SIZES`], samples for the intervals of single commands.
    pub commands: [usize; 3],
    /// Seed of the samples.
    pub seed: u64,
}

impl Effort {
    /// What the committed table was made with.
    pub const FULL: Self = Self {
        population: 200_000,
        closed: [10_000, 10_000, 4_000],
        resampled: [10_000, 4_000, 1_000],
        resamples: 2_000,
        commands: [10_000, 4_000, 1_000],
        seed: 3,
    };

    /// What runs in seconds: enough to see an interval that has changed.
    pub const QUICK: Self = Self {
        population: 20_000,
        closed: [400, 200, 0],
        resampled: [150, 50, 0],
        resamples: 400,
        commands: [200, 100, 0],
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
    /// Samples for which a report has such a row.
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
    let places = Places::new(population)?;
    let everybody: Vec<u32> = (0..population.x.len() as u32).collect();
    let all = Sample::new(population, &everybody)?;
    // The intervals of the whole population are of no interest, its estimates are the parameters.
    let mut truth = report(&all, &places, [(0.0, 0.0); 3]);
    truth.extend(cohort::of_commands(&all));
    truth.extend(resampled(&all, 100, effort.seed));
    let one = |size| Simulated { population, places: &places, effort, size }.cells(&truth);
    Ok((0..SIZES.len()).flat_map(one).collect())
}

/// The closed-form intervals of a default report.
fn report(sample: &Sample, places: &Places, fresh: [(f64, f64); 3]) -> Vec<Row> {
    let mut rows = closed(sample, places, fresh);
    rows.extend(cohort::of_report(sample));
    rows
}

/// A population, sampled at one size.
struct Simulated<'a> {
    population: &'a Population,
    places: &'a Places,
    effort: &'a Effort,
    size: usize,
}

/// What one sample says of an interval.
struct Found {
    /// Which, by its place among the parameters.
    kind: usize,
    truth: f64,
    ends: Option<(f64, f64)>,
}

impl Simulated<'_> {
    fn cells(&self, truth: &[Row]) -> Vec<Cell> {
        let (effort, size) = (self.effort, self.size);
        let key = |row: &Row| (row.estimate.clone(), row.interval);
        let places: HashMap<_, _> = truth.iter().enumerate().map(|(i, r)| (key(r), i)).collect();
        let found = |row: Row| {
            let kind = *places.get(&key(&row))?;
            let truth = row.outcome.or(truth[kind].value)?;
            Some(Found { kind, truth, ends: row.ends })
        };
        let kinds = [
            (effort.closed[size], Kind::Report),
            (effort.commands[size], Kind::Commands),
            (effort.resampled[size], Kind::Bootstrap),
        ];
        let mut samples: Vec<Vec<Found>> = Vec::new();
        for (times, kind) in kinds {
            let one = |i| self.sample(kind, i).into_iter().filter_map(found).collect::<Vec<_>>();
            samples.extend((0..times).into_par_iter().map(one).collect::<Vec<_>>());
        }
        tally(&samples, truth, self.population.name, SIZES[size])
    }

    /// The rows of sample `i`; none where it has no pair at all.
    fn sample(&self, kind: Kind, i: usize) -> Vec<Row> {
        let (population, n) = (self.population, SIZES[self.size]);
        let which = POPULATIONS.iter().position(|(name, _)| *name == population.name).unwrap_or(0);
        let mut rng = ChaCha8Rng::seed_from_u64(self.effort.seed);
        rng.set_stream((which as u64) << 56 | (n as u64) << 40 | (kind as u64) << 36 | i as u64);
        let size = population.x.len() as u32;
        let rows: Vec<u32> = (0..n).map(|_| rng.gen_range(0..size)).collect();
        let Ok(sample) = Sample::new(population, &rows) else { return Vec::new() };
        let fresh = [0, 1, 2].map(|j| {
            let all = &self.places.fresh[j];
            let i = all[rng.gen_range(0..all.len())] as usize;
            (population.x[i], population.y[i])
        });
        match kind {
            Kind::Report => report(&sample, self.places, fresh),
            Kind::Commands => cohort::of_commands(&sample),
            Kind::Bootstrap => resampled(&sample, self.effort.resamples, rng.r#gen()),
        }
    }
}

/// Which intervals a sample is drawn for.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Report,
    Bootstrap,
    Commands,
}

/// A cell for each interval that was found, in the order of the parameters.
fn tally(samples: &[Vec<Found>], truth: &[Row], population: &str, n: usize) -> Vec<Cell> {
    let mut by_kind: Vec<Vec<&Found>> = truth.iter().map(|_| Vec::new()).collect();
    for found in samples.iter().flatten() {
        by_kind[found.kind].push(found);
    }
    let cell = |(all, kind): (Vec<&Found>, &Row)| {
        let count = |f: &dyn Fn(f64, (f64, f64)) -> bool| {
            all.iter().filter(|found| found.ends.is_some_and(|ends| f(found.truth, ends))).count()
        };
        let widths: Vec<f64> =
            all.iter().filter_map(|f| f.ends).map(|(low, high)| high - low).collect();
        (!all.is_empty()).then(|| Cell {
            population: population.to_owned(),
            estimate: kind.estimate.clone(),
            interval: kind.interval.to_owned(),
            n,
            samples: all.len(),
            truth: all.iter().map(|found| found.truth).sum::<f64>() / all.len() as f64,
            held: count(&|truth, (low, high)| low <= truth && truth <= high),
            below: count(&|truth, (_, high)| high < truth),
            above: count(&|truth, (low, _)| low > truth),
            width: widths.iter().sum::<f64>() / widths.len().max(1) as f64,
        })
    };
    by_kind.into_iter().zip(truth).filter_map(cell).collect()
}
