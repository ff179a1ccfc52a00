//! Large, well-conditioned problems: blocks of rows, in doubles, on all threads.
//!
//! Each block is reduced to its own R; the Rs, one below the other, are a smaller problem of the
//! same kind. Blocks and the order in which their sums are added do not depend on the number of
//! threads, so no digit does.
//!
//! # References
//! Demmel, Grigori, Hoemmen and Langou (2012), doi:10.1137/080731992.

use super::factor::{Triangle, householder};
use super::real::total;
use super::solve::{ILL_CONDITIONED, Problem, Solution, condition};
use crate::double_double::DoubleDouble;
use ndarray::Array2;
use rayon::prelude::*;
use std::ops::Range;

/// Rows of a block: with ten predictors its columns fit a processor's nearest cache.
const BLOCK: usize = 256;

/// What the rows of a block sum to, in the order of the blocks.
fn block_sums<S: Send>(rows: usize, sum: impl Fn(Range<usize>) -> S + Sync) -> Vec<S> {
    let blocks = rows.div_ceil(BLOCK);
    let range = |b: usize| b * BLOCK..((b + 1) * BLOCK).min(rows);
    (0..blocks).into_par_iter().map(|b| sum(range(b))).collect()
}

/// The columns and the outcome of a problem, centred with 32 digits and then rounded.
struct Centred<'a> {
    problem: &'a Problem<'a>,
    means: Vec<DoubleDouble>,
    y_mean: DoubleDouble,
}

/// The solution, or `None` where doubles are not enough.
pub(super) fn solve(problem: &Problem<'_>) -> Option<Solution> {
    let centred = Centred::new(problem);
    let (r, z) = centred.reduced();
    let k = r.size();
    // Not a number where a column is nothing but zeros.
    if !condition(&r).lt(&ILL_CONDITIONED) {
        return None;
    }
    let inverse = r.inverse();
    let mut b = r.solve(k, &z);
    let gradient = centred.gradient(&b);
    inverse.refine(&mut b, &gradient);

    let (scores, residuals) = centred.rows(&inverse, &b);
    let total_ss = total(block_sums(problem.rows(), |rows| {
        total(rows.map(|i| {
            let v = centred.y(i);
            DoubleDouble::product(v, v) * problem.weight(i)
        }))
    }));
    let b = b.into_iter().map(DoubleDouble::from).collect();
    let root = inverse.map(DoubleDouble::from);
    let Centred { means, y_mean, .. } = &centred;
    Some(problem.uncentred(b, root, means, *y_mean, scores, residuals, total_ss))
}

impl<'a> Centred<'a> {
    fn new(problem: &'a Problem<'a>) -> Self {
        let k = problem.design.terms.len();
        let zero = DoubleDouble::ZERO;
        if !problem.design.intercept {
            return Self { problem, means: vec![zero; k], y_mean: zero };
        }
        let sums = block_sums(problem.rows(), |rows| {
            let mut sums = vec![zero; k + 1];
            for i in rows {
                let weight = problem.weight(i);
                for (j, sum) in sums.iter_mut().enumerate().skip(1) {
                    let value = if j < k { problem.x(i, j) } else { problem.y(i) };
                    *sum += value * weight;
                }
            }
            sums
        });
        let mean = |j: usize| total(sums.iter().map(|s| s[j])) / problem.total_weight;
        Self { problem, means: (0..k).map(mean).collect(), y_mean: mean(k) }
    }

    fn x(&self, i: usize, j: usize) -> f64 {
        (self.problem.x(i, j) - self.means[j]).hi
    }

    fn y(&self, i: usize) -> f64 {
        (self.problem.y(i) - self.y_mean).hi
    }

    /// R and Qᵀy.
    fn reduced(&self) -> (Triangle<f64>, Vec<f64>) {
        let k = self.means.len();
        let blocks = block_sums(self.problem.rows(), |rows| {
            let root = |i: usize| self.problem.weight(i).sqrt();
            let column = |j: usize| rows.clone().map(|i| self.x(i, j) * root(i)).collect();
            let mut columns: Vec<Vec<f64>> = (0..k).map(column).collect();
            let mut y: Vec<f64> = rows.clone().map(|i| self.y(i) * root(i)).collect();
            factorised(&mut columns, &mut y)
        });
        joined(blocks)
    }

    /// Xᵀe of the residuals that the coefficients `b` leave.
    fn gradient(&self, b: &[f64]) -> Vec<f64> {
        let k = b.len();
        let sums = block_sums(self.problem.rows(), |rows| {
            let mut sums = vec![0.0; k];
            let mut row = vec![0.0; k];
            for i in rows {
                let e = self.residual(&mut row, b, i) * self.problem.weight(i);
                for (sum, x) in sums.iter_mut().zip(&row) {
                    *sum += x * e;
                }
            }
            sums
        });
        (0..k).map(|j| total(sums.iter().map(|s| s[j].into())).hi).collect()
    }

    /// The residual of row `i`, whose predictors are left in `row`.
    fn residual(&self, row: &mut [f64], b: &[f64], i: usize) -> f64 {
        let mut rest = self.y(i);
        for (j, value) in row.iter_mut().enumerate() {
            *value = self.x(i, j);
            rest -= *value * b[j];
        }
        rest
    }

    /// A row of X R⁻¹ and a residual for each respondent.
    fn rows(&self, inverse: &Triangle<f64>, b: &[f64]) -> (Array2<f64>, Vec<DoubleDouble>) {
        let (n, k) = (self.problem.rows(), b.len());
        let mut scores = vec![0.0; n * k];
        let mut residuals = vec![DoubleDouble::ZERO; n];
        let blocks = scores.par_chunks_mut(BLOCK * k).zip(residuals.par_chunks_mut(BLOCK));
        blocks.enumerate().for_each(|(at, (scores, residuals))| {
            let mut row = vec![0.0; k];
            for (place, (score, e)) in scores.chunks_mut(k).zip(residuals).enumerate() {
                *e = self.residual(&mut row, b, at * BLOCK + place).into();
                for (j, cell) in score.iter_mut().enumerate() {
                    *cell = (0..=j).map(|l| row[l] * inverse.at(l, j)).sum();
                }
            }
        });
        (Array2::from_shape_fn((n, k), |(i, j)| scores[i * k + j]), residuals)
    }
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
