//! S-estimation: the surface from which residuals have the smallest M-scale.

use super::cloud::Cloud;
use super::reweighted::norm;
use crate::model::{Cholesky, ModelError, Start};
use crate::resample::draws::Purpose;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// The bisquare constant for a breakdown point of one half: E ρ(Z) = 1/2 for normal Z.
pub(super) const C: f64 = 1.547_644_980_928_226;

/// Random starts for a model of up to five coefficients.
const STARTS: usize = 500;

/// Up to so many subsets of rows are all taken instead.
const ALL_BELOW: usize = 1_000;

/// Starts that share a stream of random numbers.
const BLOCK: usize = 32;

/// Of all starts, so many are followed further.
const BEST: usize = 5;

/// From more rows than this the starts are tried on a sample of so many respondents.
const LARGE: usize = 5_000;
const SAMPLE: usize = 2_000;

/// A surface δ away from the start, and the M-scale of its residuals.
#[derive(Debug, Clone)]
struct Candidate {
    delta: Vec<f64>,
    scale: f64,
}

/// Moves the start to the S-estimate and gives its scale.
///
/// # Formula
/// The scale solves Σ ρ(rᵢ/s) = (n − p)/2 with the bisquare ρ from 0 to 1, as R's `lmrob`.
/// Surfaces through p respondents are improved by one reweighting step each, as by `lmrob`, the best
/// five then to the end (fast S). A start whose residuals have Σ ρ(rᵢ/s) at or above that at the fifth-best
/// scale s is dropped unmeasured. Where there are few subsets of p rows all are taken, else random
/// ones; subsets that don't tell the coefficients are completed until they do. Of more than 5,000
/// rows a random 2,000 find the best five, which are then improved on all.
///
/// # References
/// Salibian-Barrera and Yohai (2006), doi:10.1198/106186006X113629; Koller and Stahel (2017),
/// doi:10.1007/s00180-016-0679-x.
pub(super) fn fast_s(
    model: &'static str,
    start: &mut Start<'_>,
    seed: u64,
) -> Result<f64, ModelError> {
    let mut cloud = Cloud::new(start);
    let mut best = match sample(start, seed) {
        Some(part) => {
            let found = Search::new(&part).best(seed);
            let whole = Search::new(&cloud);
            found.into_iter().map(|candidate| whole.followed(candidate, 2, 1e-7)).collect()
        }
        None => Search::new(&cloud).best(seed),
    };
    best.sort_by(|a, b| a.scale.total_cmp(&b.scale));
    let Some(mut winner) = best.into_iter().next() else {
        return Err(ModelError::NotConverged { model, iterations: 0, gradient: f64::MAX });
    };
    for _ in 0..10 {
        start.go(&winner.delta);
        cloud.seen_from(start);
        let zero = Candidate { delta: vec![0.0; start.k], scale: winner.scale };
        winner = Search::new(&cloud).followed(zero, 2_000, 1e-15);
        if winner.scale <= cloud.tiny {
            return Err(ModelError::ExactFit { model });
        }
        if norm(&winner.delta) <= 1e-12 * winner.scale {
            break;
        }
    }
    start.go(&winner.delta);
    Ok(cloud.scale(&start.residuals, winner.scale))
}

/// Rows drawn at random, where there are many: as many more as it takes to tell all coefficients.
fn sample(start: &Start<'_>, seed: u64) -> Option<Cloud> {
    let n = start.rows();
    if n <= LARGE {
        return None;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(Purpose::Starts.first() + (1 << 40));
    let passed = passed(&start.weights);
    let mut rows = Vec::new();
    while rows.len() < n {
        let more = rows.len().max(SAMPLE);
        rows.extend((0..more).map(|_| drawn(&passed, &mut rng)));
        let cloud = Cloud::of(start, &rows);
        if cloud.tells() {
            return Some(cloud);
        }
    }
    None
}

/// Respondents up to and with each row.
fn passed(counts: &[f64]) -> Vec<u64> {
    let mut sum = 0;
    let add = |w: &f64| {
        sum += *w as u64;
        sum
    };
    counts.iter().map(add).collect()
}

/// The row of a respondent drawn at random.
fn drawn(passed: &[u64], rng: &mut ChaCha8Rng) -> usize {
    let all = passed.last().copied().unwrap_or(1);
    let respondent = rng.gen_range(0..all);
    passed.partition_point(|passed| *passed <= respondent)
}

struct Search<'a> {
    cloud: &'a Cloud,
    passed: Vec<u64>,
}

impl<'a> Search<'a> {
    fn new(cloud: &'a Cloud) -> Self {
        Self { cloud, passed: passed(&cloud.counts) }
    }

    /// The best few of all starts, followed until little changes.
    fn best(&self, seed: u64) -> Vec<Candidate> {
        let subsets = self.subsets();
        let blocks = subsets.len().max(self.starts()).div_ceil(BLOCK);
        let found: Vec<Vec<Candidate>> =
            (0..blocks).into_par_iter().map(|block| self.block(block, seed, &subsets)).collect();
        // One after the other, so that the bar does not depend on the number of threads.
        let mut best: Vec<Candidate> = Vec::with_capacity(BEST + 1);
        let mut residuals = vec![0.0; self.cloud.rows()];
        for Candidate { delta, scale } in found.into_iter().flatten() {
            self.cloud.away(&delta, &mut residuals);
            let bar = if best.len() == BEST { best.last() } else { None };
            if bar.is_some_and(|bar| self.cloud.mean(&residuals, bar.scale).0 >= 0.5) {
                continue;
            }
            let scale = self.cloud.scale(&residuals, scale);
            let place = best.partition_point(|c| c.scale <= scale);
            best.insert(place, Candidate { delta, scale });
            best.truncate(BEST);
        }
        best.into_iter().map(|candidate| self.followed(candidate, 60, 1e-7)).collect()
    }

    fn starts(&self) -> usize {
        STARTS * self.cloud.k.div_ceil(5)
    }

    /// All subsets of as many rows as there are coefficients, where they are few.
    fn subsets(&self) -> Vec<Vec<usize>> {
        let (n, k) = (self.cloud.rows(), self.cloud.k);
        let mut all = 1_usize;
        for i in 0..k {
            all = all.saturating_mul(n - i.min(n)) / (i + 1);
        }
        if all == 0 || all > ALL_BELOW {
            return Vec::new();
        }
        let mut out = Vec::with_capacity(all);
        let mut rows: Vec<usize> = (0..k).collect();
        loop {
            out.push(rows.clone());
            let Some(place) = (0..k).rev().find(|p| rows[*p] < n - k + p) else { return out };
            rows[place] += 1;
            for p in place + 1..k {
                rows[p] = rows[p - 1] + 1;
            }
        }
    }

    /// The starts of one block, improved. The first block also tries least squares.
    fn block(&self, block: usize, seed: u64, subsets: &[Vec<usize>]) -> Vec<Candidate> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(Purpose::Starts.first() + block as u64);
        let k = self.cloud.k;
        let mut residuals = vec![0.0; self.cloud.rows()];
        let one = |number: usize| {
            let delta = if number == 0 {
                vec![0.0; k]
            } else if subsets.is_empty() {
                let rows = std::iter::repeat_with(|| drawn(&self.passed, &mut rng));
                self.through(rows.take(20 * k + 100))?
            } else {
                self.through(subsets.get(number - 1)?.iter().copied())?
            };
            Some(self.improved(delta, &mut residuals))
        };
        (block * BLOCK..(block + 1) * BLOCK).filter_map(one).collect()
    }

    /// The surface through the first rows that tell it.
    fn through(&self, rows: impl Iterator<Item = usize>) -> Option<Vec<f64>> {
        let (cloud, k) = (self.cloud, self.cloud.k);
        // Gram and Schmidt: an orthonormal basis of the rows taken, and δ along it.
        let mut basis: Vec<f64> = Vec::with_capacity(k * k);
        let (mut delta, mut rest) = (vec![0.0; k], Vec::with_capacity(k));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        for i in rows {
            rest.clear();
            rest.extend(cloud.row(i));
            let (size, expected) = (norm(&rest), dot(&rest, &delta));
            for _ in 0..2 {
                for b in basis.chunks_exact(k) {
                    let along = dot(b, &rest);
                    rest.iter_mut().zip(b).for_each(|(r, b)| *r -= along * b);
                }
            }
            let length = norm(&rest);
            if length <= 1e-7 * size {
                continue;
            }
            // What δ lacks to pass through this row goes along the new direction.
            let lacking = (cloud.y[i] - expected) / length;
            rest.iter_mut().for_each(|r| *r /= length);
            delta.iter_mut().zip(&rest).for_each(|(d, r)| *d += lacking * r);
            basis.extend_from_slice(&rest);
            if basis.len() == k * k {
                return Some(delta);
            }
        }
        None
    }

    /// One reweighting step; the scale is a guess.
    fn improved(&self, mut delta: Vec<f64>, residuals: &mut [f64]) -> Candidate {
        let cloud = self.cloud;
        cloud.away(&delta, residuals);
        let mut scale = cloud.median(residuals);
        if scale > cloud.tiny {
            // One step of the scale's fixed-point iteration.
            scale *= (2.0 * cloud.mean(residuals, scale).0).sqrt();
            if let Some(step) = cloud.step(residuals, Some(scale)) {
                delta.iter_mut().zip(&step).for_each(|(d, s)| *d += s);
                cloud.away(&delta, residuals);
            }
        }
        Candidate { delta, scale }
    }

    /// Reweights until the scale settles.
    fn followed(&self, mut candidate: Candidate, steps: usize, tolerance: f64) -> Candidate {
        let cloud = self.cloud;
        let mut residuals = vec![0.0; cloud.rows()];
        let mut last = f64::INFINITY;
        for _ in 0..steps {
            cloud.away(&candidate.delta, &mut residuals);
            candidate.scale = cloud.scale(&residuals, candidate.scale);
            if candidate.scale <= cloud.tiny {
                break;
            }
            let scale = candidate.scale;
            let Some(step) = cloud.step(&residuals, Some(scale)) else { break };
            let size = norm(&step) / scale;
            if size <= tolerance || (size <= 1e-12 && size >= last) {
                break;
            }
            last = size;
            candidate.delta.iter_mut().zip(&step).for_each(|(d, s)| *d += s);
        }
        candidate
    }
}

/// Whether a symmetric matrix can be inverted as one of second derivatives.
pub(super) fn inverse(matrix: &ndarray::Array2<f64>) -> Option<ndarray::Array2<f64>> {
    Cholesky::new(matrix).map(|c| c.inverse())
}
