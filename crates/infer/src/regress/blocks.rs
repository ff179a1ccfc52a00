//! Large, well-conditioned problems: blocks of rows, in doubles, on all threads.
//!
//! Each block is reduced to its own R; the Rs, one below the other, are a smaller problem of the
//! same kind. Blocks and the order in which their sums are added do not depend on the number of
//! threads, so no digit does.
//!
//! # References
//! Demmel, Grigori, Hoemmen and Langou (2012), doi:10.1137/080731992.

use super::factor::{Triangle, householder};
use super::real::{Real, total};
use super::solve::{ILL_CONDITIONED, Problem, Solution, condition};
use crate::double_double::DoubleDouble;
use ndarray::Array2;
use rayon::prelude::*;
use std::ops::Range;

/// Rows of a block: with ten predictors its columns fit a processor's nearest cache.
const BLOCK: usize = 256;

/// A block of rows, centred with 32 digits and then rounded, a column after the other.
struct Block {
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    /// None where every row stands for one respondent.
    weights: Option<Vec<f64>>,
}

/// The solution, or `None` where doubles are not enough.
pub(super) fn solve(problem: &Problem<'_>) -> Option<Solution> {
    let (n, k) = (problem.rows(), problem.design.terms.len());
    let (means, y_mean) = means(problem);
    let mut blocks = of_blocks(n, |rows| Block::new(problem, &means, y_mean, rows));
    let (r, z) = joined(blocks.par_iter().map(Block::reduced).collect());
    // Not a number where a column is nothing but zeros.
    if !condition(&r).lt(&ILL_CONDITIONED) {
        return None;
    }
    let inverse = r.inverse();
    let mut b = r.solve(k, &z);
    let sums: Vec<(Vec<f64>, DoubleDouble)> =
        blocks.par_iter().map(|block| (block.gradient(&b), block.total_ss())).collect();
    let gradient: Vec<f64> = (0..k).map(|j| total(sums.iter().map(|s| s.0[j].into())).hi).collect();
    inverse.refine(&mut b, &gradient);

    let mut scores = vec![0.0; n * k];
    let places = scores.par_chunks_mut(BLOCK * k);
    blocks.par_iter_mut().zip(places).for_each(|(block, place)| {
        block.y = block.residuals(&b);
        block.scores(&inverse, place);
    });
    let scores = Array2::from_shape_vec((n, k), scores).ok()?;
    let residuals = blocks.iter().flat_map(|block| block.y.iter().map(|e| (*e).into())).collect();
    let total_ss = total(sums.iter().map(|s| s.1));
    let b = b.into_iter().map(DoubleDouble::from).collect();
    let root = inverse.map(DoubleDouble::from);
    Some(problem.uncentred(b, root, &means, y_mean, scores, residuals, total_ss))
}

/// Something of each block of rows, in their order.
fn of_blocks<S: Send>(rows: usize, of: impl Fn(Range<usize>) -> S + Sync) -> Vec<S> {
    let range = |b: usize| b * BLOCK..((b + 1) * BLOCK).min(rows);
    (0..rows.div_ceil(BLOCK)).into_par_iter().map(|b| of(range(b))).collect()
}

impl Block {
    fn new(
        problem: &Problem<'_>,
        means: &[DoubleDouble],
        y_mean: DoubleDouble,
        rows: Range<usize>,
    ) -> Self {
        let design = problem.design;
        let mut x = vec![vec![0.0; rows.len()]; means.len()];
        for (place, i) in rows.clone().enumerate() {
            for (column, value) in x.iter_mut().zip(design.x.row(i)) {
                column[place] = *value;
            }
        }
        for (j, (column, mean)) in x.iter_mut().zip(means).enumerate() {
            let scale = problem.scales[j];
            column.iter_mut().for_each(|v| *v = centre(*v * scale, *mean));
            if let Some(rest) = &design.x_rest {
                column.iter_mut().zip(rows.clone()).for_each(|(v, i)| *v += rest[[i, j]] * scale);
            }
        }
        let y = rows.clone().map(|i| (problem.y(i) - y_mean).hi).collect();
        let weigh = |_| rows.clone().map(|i| problem.weight(i)).collect();
        Self { x, y, weights: problem.counts.map(weigh) }
    }

    fn weigh(&self, values: &mut [f64], by: impl Fn(f64) -> f64) {
        if let Some(weights) = &self.weights {
            values.iter_mut().zip(weights).for_each(|(v, w)| *v *= by(*w));
        }
    }

    /// R and Qᵀy.
    fn reduced(&self) -> (Triangle<f64>, Vec<f64>) {
        let (mut columns, mut y) = (self.x.clone(), self.y.clone());
        for column in columns.iter_mut().chain([&mut y]) {
            self.weigh(column, f64::sqrt);
        }
        factorised(&mut columns, &mut y)
    }

    fn residuals(&self, b: &[f64]) -> Vec<f64> {
        let mut rest = self.y.clone();
        for (column, b) in self.x.iter().zip(b) {
            rest.iter_mut().zip(column).for_each(|(e, x)| *e -= x * b);
        }
        rest
    }

    /// Xᵀe of the residuals that the coefficients `b` leave.
    fn gradient(&self, b: &[f64]) -> Vec<f64> {
        let mut e = self.residuals(b);
        self.weigh(&mut e, |w| w);
        self.x.iter().map(|column| f64::dot(column, &e)).collect()
    }

    fn total_ss(&self) -> DoubleDouble {
        let weight = |i: usize| self.weights.as_ref().map_or(1.0, |w| w[i]);
        let square = |(i, v): (usize, &f64)| DoubleDouble::product(*v, *v) * weight(i);
        total(self.y.iter().enumerate().map(square))
    }

    /// X R⁻¹, a row a respondent.
    fn scores(&self, inverse: &Triangle<f64>, place: &mut [f64]) {
        let k = self.x.len();
        let mut score = vec![0.0; self.y.len()];
        for j in 0..k {
            score.fill(0.0);
            for (i, column) in self.x.iter().enumerate().take(j + 1) {
                let cell = inverse.at(i, j);
                score.iter_mut().zip(column).for_each(|(q, x)| *q += x * cell);
            }
            for (row, q) in place.chunks_exact_mut(k).zip(&score) {
                row[j] = *q;
            }
        }
    }
}

/// A value less a mean, rounded once.
fn centre(value: f64, mean: DoubleDouble) -> f64 {
    let gap = value - mean.hi;
    let back = gap - value;
    let lost = (value - (gap - back)) - (mean.hi + back);
    gap + (lost - mean.lo)
}

/// The means of the predictors and of the outcome; zeros where there is no intercept.
fn means(problem: &Problem<'_>) -> (Vec<DoubleDouble>, DoubleDouble) {
    let k = problem.design.terms.len();
    let zero = DoubleDouble::ZERO;
    if !problem.design.intercept {
        return (vec![zero; k], zero);
    }
    let sums = of_blocks(problem.rows(), |rows| {
        let (mut sums, mut y_sum) = (vec![zero; k], zero);
        let mut row = vec![0.0; k];
        for i in rows {
            let weight = problem.weight(i);
            problem.fill(i, &mut row);
            for (sum, x) in sums.iter_mut().zip(&row) {
                if weight == 1.0 {
                    sum.gather(*x)
                } else {
                    *sum += DoubleDouble::product(*x, weight)
                }
            }
            if let Some(rest) = &problem.design.x_rest {
                for (j, sum) in sums.iter_mut().enumerate() {
                    sum.lo += rest[[i, j]] * problem.scales[j] * weight;
                }
            }
            y_sum += problem.y(i) * weight;
        }
        (sums, y_sum)
    });
    let n = DoubleDouble::from(problem.n_obs);
    // The intercept's own column stays as it is.
    let mean = |j: usize| if j == 0 { zero } else { total(sums.iter().map(|s| s.0[j].tidy())) / n };
    ((0..k).map(mean).collect(), total(sums.iter().map(|s| s.1)) / n)
}

/// R and Qᵀy of some columns, fewer rows than columns included.
fn factorised(columns: &mut [Vec<f64>], y: &mut Vec<f64>) -> (Triangle<f64>, Vec<f64>) {
    let k = columns.len();
    for column in columns.iter_mut().chain([&mut *y]) {
        column.resize(column.len().max(k), 0.0);
    }
    householder(columns, y)
}

/// The R and Qᵀy of blocks below one another.
fn joined(mut blocks: Vec<(Triangle<f64>, Vec<f64>)>) -> (Triangle<f64>, Vec<f64>) {
    while blocks.len() > 1 {
        let together = blocks.chunks(16).map(|several| {
            let k = several[0].0.size();
            let column = |j: usize| {
                several.iter().flat_map(|(r, _)| (0..k).map(move |i| r.at(i, j))).collect()
            };
            let mut columns: Vec<Vec<f64>> = (0..k).map(column).collect();
            let mut y: Vec<f64> = several.iter().flat_map(|(_, z)| z.iter().copied()).collect();
            factorised(&mut columns, &mut y)
        });
        blocks = together.collect();
    }
    blocks.pop().unwrap_or_else(|| factorised(&mut [], &mut Vec::new()))
}
