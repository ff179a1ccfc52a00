//! S-estimation: the surface from which residuals have the smallest M-scale.

use super::loss::{Bounded, Loss};
use super::reweighted::{away, median_scale, norm, step};
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

/// Of a block, and of all, so many starts are followed further.
const BEST: usize = 5;

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
/// Surfaces through p respondents are improved by two reweighting steps each, the best five then
/// to the end (fast S). Where there are few subsets of p rows all are taken, else random ones;
/// subsets that don't tell the coefficients are completed until they do.
///
/// # References
/// Salibian-Barrera and Yohai (2006), doi:10.1198/106186006X113629; Koller and Stahel (2017),
/// doi:10.1007/s00180-016-0679-x.
pub(super) fn fast_s(
    model: &'static str,
    start: &mut Start<'_>,
    seed: u64,
) -> Result<f64, ModelError> {
    let search = Search::new(start);
    let subsets = search.subsets();
    let blocks = subsets.len().max(search.starts()).div_ceil(BLOCK);
    let found: Vec<Vec<Candidate>> =
        (0..blocks).into_par_iter().map(|block| search.block(block, seed, &subsets)).collect();
    let mut best: Vec<Candidate> = found.into_iter().flatten().collect();
    best.sort_by(|a, b| a.scale.total_cmp(&b.scale));
    best.truncate(BEST);
    let mut best: Vec<Candidate> =
        best.into_iter().map(|candidate| search.followed(candidate, 60, 1e-7)).collect();
    best.sort_by(|a, b| a.scale.total_cmp(&b.scale));
    let Some(mut winner) = best.into_iter().next() else {
        return Err(ModelError::NotConverged { model, iterations: 0, gradient: f64::MAX });
    };
    for _ in 0..10 {
        start.go(&winner.delta);
        let search = Search::new(start);
        let zero = Candidate { delta: vec![0.0; start.k], scale: winner.scale };
        winner = search.followed(zero, 2_000, 1e-15);
        if winner.scale <= search.tiny {
            return Err(ModelError::ExactFit { model });
        }
        if norm(&winner.delta) <= 1e-12 * winner.scale {
            break;
        }
    }
    start.go(&winner.delta);
    Ok(Search::new(start).scale(&start.residuals, winner.scale))
}

struct Search<'a> {
    start: &'a Start<'a>,
    /// Respondents up to and with each row.
    passed: Vec<u64>,
    /// A scale that is nothing but rounding.
    tiny: f64,
}

impl<'a> Search<'a> {
    fn new(start: &'a Start<'a>) -> Self {
        let mut sum = 0;
        let add = |w: &f64| {
            sum += *w as u64;
            sum
        };
        let passed = start.weights.iter().map(add).collect();
        let largest = start.residuals.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
        Self { start, passed, tiny: 1e-13 * largest }
    }

    fn starts(&self) -> usize {
        STARTS * self.start.k.div_ceil(5)
    }

    /// All subsets of as many rows as there are coefficients, where they are few.
    fn subsets(&self) -> Vec<Vec<usize>> {
        let (n, k) = (self.start.rows(), self.start.k);
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

    /// The best few of one block of starts. The first block also tries least squares.
    fn block(&self, block: usize, seed: u64, subsets: &[Vec<usize>]) -> Vec<Candidate> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(Purpose::Starts.first() + block as u64);
        let mut best: Vec<Candidate> = Vec::new();
        let k = self.start.k;
        for number in block * BLOCK..(block + 1) * BLOCK {
            let delta = if number == 0 {
                Some(vec![0.0; k])
            } else if subsets.is_empty() {
                self.through(std::iter::repeat_with(|| self.drawn(&mut rng)).take(20 * k + 100))
            } else {
                subsets.get(number - 1).and_then(|rows| self.through(rows.iter().copied()))
            };
            let Some(delta) = delta else { continue };
            let bar = if best.len() == BEST { best.last().map(|c| c.scale) } else { None };
            if let Some(candidate) = self.improved(delta, bar) {
                let place = best.partition_point(|c| c.scale <= candidate.scale);
                best.insert(place, candidate);
                best.truncate(BEST);
            }
        }
        best
    }

    /// The row of a respondent drawn at random.
    fn drawn(&self, rng: &mut ChaCha8Rng) -> usize {
        let all = self.passed.last().copied().unwrap_or(1);
        let respondent = rng.gen_range(0..all);
        self.passed.partition_point(|passed| *passed <= respondent)
    }

    /// The surface through the first rows that tell it.
    fn through(&self, rows: impl Iterator<Item = usize>) -> Option<Vec<f64>> {
        let (start, k) = (self.start, self.start.k);
        // Gram and Schmidt: an orthonormal basis of the rows taken, and δ along it.
        let mut basis: Vec<Vec<f64>> = Vec::with_capacity(k);
        let mut delta = vec![0.0; k];
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        for i in rows {
            let q = start.row(i);
            let mut rest = q.to_vec();
            for _ in 0..2 {
                for b in &basis {
                    let along = dot(b, &rest);
                    rest.iter_mut().zip(b).for_each(|(r, b)| *r -= along * b);
                }
            }
            let length = norm(&rest);
            if length <= 1e-7 * norm(q) {
                continue;
            }
            // What δ lacks to pass through this row goes along the new direction.
            let lacking = (start.residuals[i] - dot(q, &delta)) / length;
            rest.iter_mut().for_each(|r| *r /= length);
            delta.iter_mut().zip(&rest).for_each(|(d, r)| *d += lacking * r);
            basis.push(rest);
            if basis.len() == k {
                return Some(delta);
            }
        }
        None
    }

    /// Two reweighting steps, and the scale; `None` where that is above the bar.
    fn improved(&self, mut delta: Vec<f64>, bar: Option<f64>) -> Option<Candidate> {
        let start = self.start;
        let mut residuals = vec![0.0; start.rows()];
        away(start, &delta, &mut residuals);
        let mut scale = median_scale(start, &residuals);
        for _ in 0..2 {
            if scale <= self.tiny {
                break;
            }
            scale = self.closer(&residuals, scale);
            let Some(step) = step(start, &residuals, |r| Loss::Bisquare(C).weight(r / scale))
            else {
                break;
            };
            delta.iter_mut().zip(&step).for_each(|(d, s)| *d += s);
            away(start, &delta, &mut residuals);
        }
        if bar.is_some_and(|bar| self.mean(&residuals, bar) >= 0.5) {
            return None;
        }
        let scale = self.scale(&residuals, scale);
        Some(Candidate { delta, scale })
    }

    /// Reweights until the scale settles.
    fn followed(&self, mut candidate: Candidate, steps: usize, tolerance: f64) -> Candidate {
        let start = self.start;
        let mut residuals = vec![0.0; start.rows()];
        let mut last = f64::INFINITY;
        for _ in 0..steps {
            away(start, &candidate.delta, &mut residuals);
            candidate.scale = self.scale(&residuals, candidate.scale);
            if candidate.scale <= self.tiny {
                break;
            }
            let scale = candidate.scale;
            let Some(step) = step(start, &residuals, |r| Loss::Bisquare(C).weight(r / scale))
            else {
                break;
            };
            let size = norm(&step) / scale;
            if size <= tolerance || (size <= 1e-12 && size >= last) {
                break;
            }
            last = size;
            candidate.delta.iter_mut().zip(&step).for_each(|(d, s)| *d += s);
        }
        candidate
    }

    /// Σ ρ(r/s)/(n − p).
    fn mean(&self, residuals: &[f64], scale: f64) -> f64 {
        let rows = residuals.iter().zip(&self.start.weights);
        let sum: f64 = rows.map(|(r, w)| w * Bounded(C).value(r / scale)).sum();
        sum / self.start.ols.df_residual as f64
    }

    /// One step of the scale's fixed-point iteration.
    fn closer(&self, residuals: &[f64], scale: f64) -> f64 {
        scale * (2.0 * self.mean(residuals, scale)).sqrt()
    }

    /// The M-scale, by Newton's method held within a factor of two; 0 where too few residuals
    /// differ from 0.
    fn scale(&self, residuals: &[f64], guess: f64) -> f64 {
        let rows = || residuals.iter().zip(&self.start.weights);
        let df = self.start.ols.df_residual as f64;
        let differing: f64 = rows().filter(|(r, _)| r.abs() > self.tiny).map(|(_, w)| w).sum();
        if differing <= 0.5 * df {
            return 0.0;
        }
        let mut scale = if guess > self.tiny {
            guess
        } else {
            rows().fold(0.0_f64, |m, (r, _)| m.max(r.abs()))
        };
        let mut last = f64::INFINITY;
        for _ in 0..200 {
            let (mut mean, mut slope) = (0.0, 0.0);
            for (r, w) in rows() {
                let u = r / scale;
                mean += w * Bounded(C).value(u);
                slope += w * Bounded(C).slope(u) * u;
            }
            let (over, slope) = (mean / df - 0.5, slope / df);
            let change = if slope > 0.0 { over / slope } else { over.signum() };
            let next = scale * (1.0 + change).clamp(0.5, 2.0);
            let moved = (next - scale).abs();
            // Sums over many rows round by more than a double's last digit: what no longer shrinks
            // is noise.
            if moved <= 4e-16 * scale || (moved <= 1e-13 * scale && moved >= last) {
                return next;
            }
            (scale, last) = (next, moved);
        }
        scale
    }
}

/// Whether a symmetric matrix can be inverted as one of second derivatives.
pub(super) fn inverse(matrix: &ndarray::Array2<f64>) -> Option<ndarray::Array2<f64>> {
    Cholesky::new(matrix).map(|c| c.inverse())
}
