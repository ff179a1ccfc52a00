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

/// The columns and the outcome of a problem, centred with 32 digits and then rounded.
struct Centred<'a> {
    problem: &'a Problem<'a>,
    means: Vec<DoubleDouble>,
    y_mean: DoubleDouble,
    /// A row a respondent.
    x: Vec<f64>,
    y: Vec<f64>,
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

    let total_ss = total(block_sums(problem.rows(), |rows| {
        total(rows.map(|i| DoubleDouble::product(centred.y[i], centred.y[i]) * problem.weight(i)))
    }));
    let Centred { means, y_mean, mut x, mut y, .. } = centred;
    let blocks = x.par_chunks_mut(BLOCK * k).zip(y.par_chunks_mut(BLOCK));
    blocks.for_each(|(x, y)| {
        let mut score = vec![0.0; k];
        for (row, y) in x.chunks_exact_mut(k).zip(y) {
            *y = residual(row, &b, *y);
            inverse.left_into(row, &mut score);
            row.copy_from_slice(&score);
        }
    });
    let scores = Array2::from_shape_vec((problem.rows(), k), x).ok()?;
    let residuals = y.into_iter().map(DoubleDouble::from).collect();
    let b = b.into_iter().map(DoubleDouble::from).collect();
    let root = inverse.map(DoubleDouble::from);
    Some(problem.uncentred(b, root, &means, y_mean, scores, residuals, total_ss))
}

/// What the rows of a block sum to, in the order of the blocks.
fn block_sums<S: Send>(rows: usize, sum: impl Fn(Range<usize>) -> S + Sync) -> Vec<S> {
    let blocks = rows.div_ceil(BLOCK);
    let range = |b: usize| b * BLOCK..((b + 1) * BLOCK).min(rows);
    (0..blocks).into_par_iter().map(|b| sum(range(b))).collect()
}

fn residual(x: &[f64], b: &[f64], y: f64) -> f64 {
    x.iter().zip(b).fold(y, |rest, (x, b)| rest - x * b)
}

impl<'a> Centred<'a> {
    fn new(problem: &'a Problem<'a>) -> Self {
        let (n, k) = (problem.rows(), problem.design.terms.len());
        let (means, y_mean) = means(problem);
        let (mut x, mut y) = (vec![0.0; n * k], vec![0.0; n]);
        let blocks = x.par_chunks_mut(BLOCK * k).zip(y.par_chunks_mut(BLOCK));
        blocks.enumerate().for_each(|(at, (x, y))| {
            for (place, (row, y)) in x.chunks_exact_mut(k).zip(y).enumerate() {
                let i = at * BLOCK + place;
                problem.fill(i, row);
                for (x, mean) in row.iter_mut().zip(&means) {
                    *x = centre(*x, *mean);
                }
                if let Some(rest) = &problem.design.x_rest {
                    for (j, x) in row.iter_mut().enumerate() {
                        *x += rest[[i, j]] * problem.scales[j];
                    }
                }
                *y = (problem.y(i) - y_mean).hi;
            }
        });
        Self { problem, means, y_mean, x, y }
    }

    /// R and Qᵀy.
    fn reduced(&self) -> (Triangle<f64>, Vec<f64>) {
        let k = self.means.len();
        let blocks = block_sums(self.problem.rows(), |rows| {
            let x = &self.x[rows.start * k..rows.end * k];
            let mut columns: Vec<Vec<f64>> =
                (0..k).map(|j| x.iter().skip(j).step_by(k).copied().collect()).collect();
            let mut y = self.y[rows.clone()].to_vec();
            if self.problem.counts.is_some() {
                let roots: Vec<f64> = rows.map(|i| self.problem.weight(i).sqrt()).collect();
                for column in columns.iter_mut().chain([&mut y]) {
                    column.iter_mut().zip(&roots).for_each(|(v, root)| *v *= root);
                }
            }
            factorised(&mut columns, &mut y)
        });
        joined(blocks)
    }

    /// Xᵀe of the residuals that the coefficients `b` leave.
    fn gradient(&self, b: &[f64]) -> Vec<f64> {
        let k = b.len();
        let sums = block_sums(self.problem.rows(), |rows| {
            let mut sums = vec![0.0; k];
            for i in rows {
                let row = &self.x[i * k..(i + 1) * k];
                let e = residual(row, b, self.y[i]) * self.problem.weight(i);
                for (sum, x) in sums.iter_mut().zip(row) {
                    *sum += x * e;
                }
            }
            sums
        });
        (0..k).map(|j| total(sums.iter().map(|s| s[j].into())).hi).collect()
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
    let sums = block_sums(problem.rows(), |rows| {
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
