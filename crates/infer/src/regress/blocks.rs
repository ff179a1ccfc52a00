//! Large, well-conditioned problems: blocks of rows, in doubles, on all threads.
//!
//! Each block is reduced to its own R; the Rs, one below the other, are a smaller problem of the
//! same kind. The rows are read again where they are needed (for the gradient that refines the
//! solution, for the residuals, for scores if anybody asks) instead of being kept a second time.
//! Blocks and the order in which their sums are added do not depend on the number of threads, so no
//! digit does.
//!
//! # References
//! Demmel, Grigori, Hoemmen and Langou (2012), doi:10.1137/080731992.

use super::basis::Basis;
use super::factor::{Triangle, householder};
use super::real::{Real, total};
use super::solve::{ILL_CONDITIONED, Problem, Residuals, Solution, condition};
use crate::double_double::DoubleDouble;
use crate::sums;
use ndarray::{Array2, ArrayBase, ArrayView2, Axis, Slice};
use rayon::prelude::*;
use ssi_vocab::Weights;
use std::ops::Range;

/// Rows of a block: with ten predictors its columns fit a processor's nearest cache.
const BLOCK: usize = 256;

/// Rows that one thread takes at a time.
const STRETCH: usize = 16 * BLOCK;

/// A model matrix of which each column is scaled and centred as it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) x: &'a Array2<f64>,
    pub(super) rest: Option<&'a Array2<f64>>,
    /// Powers of two.
    pub(super) scales: &'a [f64],
    /// What is taken from a scaled column: about its mean, or 0.
    pub(super) centres: &'a [f64],
}

/// The solution, or `None` where doubles are not enough.
pub(super) fn solve(problem: &Problem<'_>) -> Option<Solution> {
    let (n, k) = (problem.rows(), problem.design.terms.len());
    let intercept = problem.design.intercept;
    // Centres near the means do: the column of the intercept takes what is left. Its own stays.
    let centre = |(j, mean): (usize, &f64)| if intercept && j > 0 { *mean } else { 0.0 };
    let centres: Vec<f64> = problem.means.iter().enumerate().map(centre).collect();
    let y_centre = if intercept { problem.y_mean } else { 0.0 };
    let source = Source {
        x: &problem.design.x,
        rest: problem.design.x_rest.as_ref(),
        scales: &problem.scales,
        centres: &centres,
    };
    let system = System { problem, source, y_centre };
    let (r, z) = joined(stretches(n, |rows| system.reduced(rows)));
    // Not a number where a column is nothing but zeros.
    if !condition(&r).lt(&ILL_CONDITIONED) {
        return None;
    }
    let inverse = r.inverse();
    let mut b = r.solve(k, &z);
    let gradients = stretches(n, |rows| system.gradient(rows, &b));
    let sum = |j: usize| total(gradients.iter().map(|g| g[j].into())).hi;
    inverse.refine(&mut b, &(0..k).map(sum).collect::<Vec<_>>());

    let mut residuals = vec![0.0; n];
    let places = residuals.par_chunks_mut(STRETCH).enumerate();
    let squares: Vec<[DoubleDouble; 3]> =
        places.map(|(at, place)| system.squares(at * STRETCH, &b, place)).collect();
    let [residual_ss, y_squares, y_sum] = [0, 1, 2].map(|j| total(squares.iter().map(|s| s[j])));
    let total_ss =
        if intercept { y_squares - y_sum * y_sum / problem.total_weight } else { y_squares };
    let basis = match source.rest {
        None => Basis::later(centres.clone(), problem.scales.clone(), inverse.clone()),
        Some(_) => Basis::of(scores(&source, &inverse)),
    };
    let wide = |values: Vec<f64>| values.into_iter().map(DoubleDouble::from).collect::<Vec<_>>();
    let (coefficients, root) =
        problem.uncentred(wide(b), inverse.map(Real::new), &wide(centres), y_centre.into());
    let residuals = Residuals::Plain(residuals);
    Some(Solution { coefficients, root, basis, residuals, residual_ss, total_ss })
}

/// X R⁻¹, a row a respondent.
pub(super) fn scores(source: &Source<'_>, inverse: &Triangle<f64>) -> Array2<f64> {
    let (n, k) = source.x.dim();
    let mut scores = Array2::zeros((n, k));
    let Some(cells) = scores.as_slice_mut() else { return scores };
    cells.par_chunks_mut(STRETCH * k.max(1)).enumerate().for_each(|(at, place)| {
        let (mut x, mut score) = (vec![Vec::new(); k], Vec::new());
        let first = at * STRETCH;
        for rows in blocks(first..first + place.len() / k) {
            source.read(&rows, &mut x);
            let place = &mut place[(rows.start - first) * k..(rows.end - first) * k];
            for j in 0..k {
                score.clear();
                score.resize(rows.len(), 0.0);
                for (i, column) in x.iter().enumerate().take(j + 1) {
                    let cell = inverse.at(i, j);
                    score.iter_mut().zip(column).for_each(|(q, x)| *q += x * cell);
                }
                for (row, q) in place.chunks_exact_mut(k).zip(&score) {
                    row[j] = *q;
                }
            }
        }
    });
    scores
}

/// The largest absolute value of each column, and its mean, which is right to some digits.
pub(super) fn extents(x: ArrayView2<'_, f64>, weights: Option<&Weights>) -> (Vec<f64>, Vec<f64>) {
    let parts = stretches(x.nrows(), |rows| {
        let (mut most, mut sums, mut count) = (vec![0.0_f64; x.ncols()], vec![0.0; x.ncols()], 0.0);
        for i in rows {
            let weight = weights.map_or(1.0, |w| w.at(i));
            count += weight;
            let places = most.iter_mut().zip(&mut sums);
            let take = |((most, sum), v): ((&mut f64, &mut f64), &f64)| {
                *most = if v.abs() > *most { v.abs() } else { *most };
                *sum += v * weight;
            };
            match x.row(i).to_slice() {
                Some(row) => places.zip(row).for_each(take),
                None => places.zip(x.row(i)).for_each(take),
            }
        }
        (most, sums, count)
    });
    let count: f64 = parts.iter().map(|p| p.2).sum();
    let most = |j: usize| parts.iter().fold(0.0_f64, |most, p| most.max(p.0[j]));
    let mean = |j: usize| parts.iter().map(|p| p.1[j]).sum::<f64>() / count;
    ((0..x.ncols()).map(most).collect(), (0..x.ncols()).map(mean).collect())
}

/// R and Qᵀy of a matrix of `width` columns and its outcome, which `read` writes for some rows: a few
/// rows that stand for all of them.
pub(super) fn compressed(
    rows: usize,
    width: usize,
    read: impl Fn(Range<usize>, &mut [Vec<f64>], &mut Vec<f64>) + Sync,
) -> Reduced {
    let (block, stretch) = (BLOCK.max(4 * width), STRETCH.max(64 * width));
    let of = |start: usize| {
        let (mut x, mut y) = (vec![Vec::new(); width], Vec::new());
        let end = (start + stretch).min(rows);
        let reduced = (start..end).step_by(block).map(|from| {
            read(from..(from + block).min(end), &mut x, &mut y);
            factorised(&mut x, &mut y)
        });
        joined(reduced.collect())
    };
    let starts: Vec<usize> = (0..rows).step_by(stretch).collect();
    joined(starts.into_par_iter().map(of).collect())
}

/// Something of each stretch of rows, in their order.
fn stretches<S: Send>(rows: usize, of: impl Fn(Range<usize>) -> S + Sync) -> Vec<S> {
    let range = |b: usize| b * STRETCH..((b + 1) * STRETCH).min(rows);
    (0..rows.div_ceil(STRETCH)).into_par_iter().map(|b| of(range(b))).collect()
}

/// The blocks of a stretch.
fn blocks(rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    rows.clone().step_by(BLOCK).map(move |start| start..(start + BLOCK).min(rows.end))
}

impl Source<'_> {
    /// Rows, a column after the other.
    fn read(&self, rows: &Range<usize>, columns: &mut [Vec<f64>]) {
        let of = |matrix| ArrayBase::slice_axis(matrix, Axis(0), Slice::from(rows.clone()));
        let (x, rest) = (of(self.x), self.rest.map(of));
        for (j, column) in columns.iter_mut().enumerate() {
            let (scale, centre) = (self.scales[j], self.centres[j]);
            column.clear();
            column.extend(x.column(j).iter().map(|v| v * scale - centre));
            if let Some(rest) = &rest {
                column.iter_mut().zip(rest.column(j)).for_each(|(v, rest)| *v += rest * scale);
            }
        }
    }
}

/// A matrix with its outcome and weights.
struct System<'a> {
    problem: &'a Problem<'a>,
    source: Source<'a>,
    y_centre: f64,
}

impl System<'_> {
    fn outcome(&self, rows: &Range<usize>, y: &mut Vec<f64>) {
        let value = |i: usize| {
            let y = self.problem.y(i);
            (y.hi - self.y_centre) + y.lo
        };
        y.clear();
        y.extend(rows.clone().map(value));
    }

    fn weigh(&self, rows: &Range<usize>, values: &mut [f64], by: impl Fn(f64) -> f64) {
        if self.problem.design.weights.is_some() {
            values.iter_mut().zip(rows.clone()).for_each(|(v, i)| *v *= by(self.problem.weight(i)));
        }
    }

    /// R and Qᵀy of a stretch.
    fn reduced(&self, rows: Range<usize>) -> Reduced {
        let (mut x, mut y) = (vec![Vec::new(); self.source.scales.len()], Vec::new());
        let reduced = blocks(rows).map(|rows| {
            self.source.read(&rows, &mut x);
            self.outcome(&rows, &mut y);
            for column in x.iter_mut().chain([&mut y]) {
                self.weigh(&rows, column, f64::sqrt);
            }
            factorised(&mut x, &mut y)
        });
        joined(reduced.collect())
    }

    /// y less what the coefficients `b` make of the block `x`.
    fn residuals(x: &[Vec<f64>], b: &[f64], y: &mut [f64]) {
        for (column, b) in x.iter().zip(b) {
            y.iter_mut().zip(column).for_each(|(e, x)| *e -= x * b);
        }
    }

    /// Xᵀe of the residuals that the coefficients `b` leave in a stretch.
    fn gradient(&self, rows: Range<usize>, b: &[f64]) -> Vec<f64> {
        let (mut x, mut e) = (vec![Vec::new(); b.len()], Vec::new());
        let mut gradient = vec![0.0; b.len()];
        for rows in blocks(rows) {
            self.source.read(&rows, &mut x);
            self.outcome(&rows, &mut e);
            Self::residuals(&x, b, &mut e);
            self.weigh(&rows, &mut e, |w| w);
            for (sum, column) in gradient.iter_mut().zip(&x) {
                *sum += f64::dot(column, &e);
            }
        }
        gradient
    }

    /// Writes the residuals of the rows from `first` on; Σ we², Σ wy² and Σ wy of the centred y.
    fn squares(&self, first: usize, b: &[f64], place: &mut [f64]) -> [DoubleDouble; 3] {
        let rows = first..first + place.len();
        let (mut x, mut y, mut e) = (vec![Vec::new(); b.len()], Vec::new(), Vec::new());
        for rows in blocks(rows.clone()) {
            self.source.read(&rows, &mut x);
            self.outcome(&rows, &mut e);
            Self::residuals(&x, b, &mut e);
            place[rows.start - first..rows.end - first].copy_from_slice(&e);
        }
        self.outcome(&rows, &mut y);
        if self.problem.design.weights.is_none() {
            return [sums::squares(place), sums::squares(&y), sums::sum(&y, 1.0)];
        }
        let weight = |i: usize| self.problem.weight(first + i);
        let squares = |values: &[f64]| {
            let square = |(i, v): (usize, &f64)| DoubleDouble::product(*v, *v) * weight(i);
            total(values.iter().enumerate().map(square))
        };
        let sum = y.iter().enumerate().map(|(i, v)| DoubleDouble::product(*v, weight(i)));
        [squares(place), squares(&y), total(sum)]
    }
}

/// R and Qᵀy.
pub(super) type Reduced = (Triangle<f64>, Vec<f64>);

/// R and Qᵀy of some columns, fewer rows than columns included.
fn factorised(columns: &mut [Vec<f64>], y: &mut Vec<f64>) -> Reduced {
    let k = columns.len();
    for column in columns.iter_mut().chain([&mut *y]) {
        column.resize(column.len().max(k), 0.0);
    }
    householder(columns, y)
}

/// The R and Qᵀy of blocks below one another.
fn joined(mut blocks: Vec<Reduced>) -> Reduced {
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
