//! Which penalty predicts best, by cross-validation.

use super::problem::{Path, Problem, Sample};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// A penalty and how well it predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tried {
    /// The penalty λ.
    pub penalty: f64,
    /// Mean squared error over the folds, each counted by its respondents.
    pub error: f64,
    /// Its standard error, from how the folds differ.
    pub std_error: f64,
}

/// The penalty and the lasso's share that predict best.
pub(super) struct Choice {
    pub(super) penalty: f64,
    pub(super) penalty_1se: f64,
    pub(super) l1_ratio: f64,
    pub(super) tried: Vec<Tried>,
}

/// The penalty with the smallest cross-validated squared error among the members; of equal ones
/// the largest, and the share named first.
pub(super) fn choose(
    sample: &Sample<'_>,
    members: &[usize],
    l1_ratios: &[f64],
    folds: usize,
    seed: u64,
    stream: u64,
) -> Choice {
    // Inner assignments take streams that no outer one takes, or both would be the same draw.
    let inner = Folds::new(members, folds, seed, stream + (1 << 32));
    let whole = sample.weights(members);
    let paths: Vec<Path> = Problem::each(sample, &whole, l1_ratios).iter().map(Path::new).collect();
    // For each fold its respondents, and for each share the errors along the path.
    let errors: Vec<(f64, Vec<Vec<f64>>)> = (0..folds)
        .into_par_iter()
        .map(|fold| {
            let weights = sample.weights(&inner.without(fold));
            let test = inner.only(fold);
            let problems = Problem::each(sample, &weights, l1_ratios);
            let of = |(problem, path): (&Problem, &Path)| {
                let fits = problem.along(&path.penalties);
                fits.iter().map(|fit| sample.squared_error(fit, &test)).collect()
            };
            (test.len() as f64, problems.iter().zip(&paths).map(of).collect())
        })
        .collect();
    let at_ratio = |ratio: usize| -> Vec<Tried> {
        let penalties = paths[ratio].penalties.iter().enumerate();
        penalties.map(|(at, penalty)| tried(*penalty, &errors, ratio, at)).collect()
    };
    let all: Vec<(f64, Vec<Tried>)> =
        l1_ratios.iter().enumerate().map(|(i, ratio)| (*ratio, at_ratio(i))).collect();
    let mut best = (0, 0);
    for (ratio, (_, tried)) in all.iter().enumerate() {
        for (at, one) in tried.iter().enumerate() {
            if one.error < all[best.0].1[best.1].error {
                best = (ratio, at);
            }
        }
    }
    let (l1_ratio, tried) = all[best.0].clone();
    let least = tried[best.1];
    let limit = least.error + least.std_error;
    // The path falls, so the first within the limit is the largest.
    let within = tried.iter().find(|one| one.error <= limit).unwrap_or(&least);
    Choice { penalty: least.penalty, penalty_1se: within.penalty, l1_ratio, tried }
}

/// The folds' mean and its standard error, as cv.glmnet has them.
fn tried(penalty: f64, folds: &[(f64, Vec<Vec<f64>>)], ratio: usize, at: usize) -> Tried {
    let total: f64 = folds.iter().map(|(n, _)| n).sum();
    let error = folds.iter().map(|(_, errors)| errors[ratio][at]).sum::<f64>() / total;
    let spread =
        folds.iter().map(|(n, errors)| n * (errors[ratio][at] / n - error).powi(2)).sum::<f64>();
    let std_error = (spread / total / (folds.len() as f64 - 1.0)).sqrt();
    Tried { penalty, error, std_error }
}

/// An assignment of respondents to folds.
pub(super) struct Folds {
    shuffled: Vec<usize>,
    folds: usize,
}

impl Folds {
    pub(super) fn new(members: &[usize], folds: usize, seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let mut shuffled = members.to_vec();
        shuffled.shuffle(&mut rng);
        Self { shuffled, folds }
    }

    fn part(&self, keep: impl Fn(usize) -> bool) -> Vec<usize> {
        let kept = self.shuffled.iter().enumerate().filter(|(i, _)| keep(i % self.folds));
        kept.map(|(_, member)| *member).collect()
    }

    pub(super) fn only(&self, fold: usize) -> Vec<usize> {
        self.part(|f| f == fold)
    }

    pub(super) fn without(&self, fold: usize) -> Vec<usize> {
        self.part(|f| f != fold)
    }
}
