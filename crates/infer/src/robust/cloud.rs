//! Respondents column by column, for the many passes over them that an S-estimate takes.

use super::fast_s::C;
use super::reweighted::middle;
use crate::model::{Cholesky, Start};
use ndarray::Array2;

/// Rows that are passed over together: their part of each column stays near the processor.
const CHUNK: usize = 512;

/// Numbers that are summed side by side.
const LANES: usize = 4;

/// Predictors, outcomes and counts, where the predictors are those of a [`Start`].
pub(super) struct Cloud {
    /// How many coefficients.
    pub(super) k: usize,
    /// Predictors, a column after the other.
    columns: Vec<f64>,
    /// Residuals of the start.
    pub(super) y: Vec<f64>,
    /// How many respondents each row stands for.
    pub(super) counts: Vec<f64>,
    counted: bool,
    /// Respondents less coefficients.
    df: f64,
    /// A scale that is nothing but rounding.
    pub(super) tiny: f64,
}

impl Cloud {
    pub(super) fn new(start: &Start<'_>) -> Self {
        let all: Vec<usize> = (0..start.rows()).collect();
        let counted = start.design.weights.is_some();
        Self { counts: start.weights.clone(), counted, ..Self::of(start, &all) }
            .with_df(start.ols.df_residual as f64)
    }

    /// Some of the rows, one respondent each.
    pub(super) fn of(start: &Start<'_>, rows: &[usize]) -> Self {
        let k = start.k;
        let columns = (0..k).flat_map(|j| rows.iter().map(move |i| start.row(*i)[j])).collect();
        let y: Vec<f64> = rows.iter().map(|i| start.residuals[*i]).collect();
        let (counts, df) = (vec![1.0; rows.len()], rows.len() as f64 - k as f64);
        Self { k, columns, tiny: tiny(&y), y, counts, counted: false, df }
    }

    fn with_df(self, df: f64) -> Self {
        Self { df, ..self }
    }

    /// The same respondents seen from where the start stands now.
    pub(super) fn seen_from(&mut self, start: &Start<'_>) {
        self.y.clone_from(&start.residuals);
        self.tiny = tiny(&self.y);
    }

    pub(super) fn rows(&self) -> usize {
        self.y.len()
    }

    fn column(&self, j: usize) -> &[f64] {
        &self.columns[j * self.rows()..(j + 1) * self.rows()]
    }

    /// The predictors of row `i`.
    pub(super) fn row(&self, i: usize) -> impl Iterator<Item = f64> {
        (0..self.k).map(move |j| self.columns[j * self.rows() + i])
    }

    /// Whether the rows tell all coefficients.
    pub(super) fn tells(&self) -> bool {
        self.step(&self.y, None).is_some()
    }

    /// The residuals δ away.
    pub(super) fn away(&self, delta: &[f64], residuals: &mut [f64]) {
        for (at, part) in residuals.chunks_mut(CHUNK).enumerate() {
            let rows = at * CHUNK..at * CHUNK + part.len();
            part.copy_from_slice(&self.y[rows.clone()]);
            for (j, d) in delta.iter().enumerate() {
                let column = &self.column(j)[rows.clone()];
                part.iter_mut().zip(column).for_each(|(r, q)| *r -= d * q);
            }
        }
    }

    /// The median of |r| by 0.6745, over the respondents.
    pub(super) fn median(&self, residuals: &[f64]) -> f64 {
        middle(residuals, self.counted.then_some(&self.counts))
    }

    /// Σ ρ(r/s)/(n − p), and how fast it falls as log s grows.
    pub(super) fn mean(&self, residuals: &[f64], scale: f64) -> (f64, f64) {
        let by = 1.0 / (C * scale);
        let (mut values, mut slopes) = ([0.0; LANES], [0.0; LANES]);
        let mut add = |lane: usize, r: f64, w: f64| {
            let t = ((r * by) * (r * by)).min(1.0);
            values[lane] += w * (t * (3.0 + t * (t - 3.0)));
            slopes[lane] += w * (6.0 * t * (1.0 - t) * (1.0 - t));
        };
        let (r, w) = (residuals.chunks_exact(LANES), self.counts.chunks_exact(LANES));
        let rest = r.remainder().iter().zip(w.remainder());
        for (r, w) in r.zip(w) {
            for lane in 0..LANES {
                add(lane, r[lane], w[lane]);
            }
        }
        rest.for_each(|(r, w)| add(0, *r, *w));
        (values.iter().sum::<f64>() / self.df, slopes.iter().sum::<f64>() / self.df)
    }

    /// The M-scale, by Newton's method on its logarithm held within a factor of two; 0 where too
    /// few residuals differ from 0.
    pub(super) fn scale(&self, residuals: &[f64], guess: f64) -> f64 {
        let rows = || residuals.iter().zip(&self.counts);
        let moved: f64 = rows().filter(|(r, _)| r.abs() > self.tiny).map(|(_, w)| w).sum();
        if moved <= 0.5 * self.df {
            return 0.0;
        }
        let mut scale = if guess > self.tiny {
            guess
        } else {
            rows().fold(0.0_f64, |m, (r, _)| m.max(r.abs()))
        };
        for _ in 0..200 {
            let (mean, slope) = self.mean(residuals, scale);
            let over = mean - 0.5;
            let change = if slope > 0.0 { over / slope } else { over.signum() };
            let change = (1.0 + change).clamp(0.5, 2.0) - 1.0;
            scale *= 1.0 + change;
            // Newton's method squares the error: what is left is rounding.
            if change.abs() <= 1e-9 {
                break;
            }
        }
        scale
    }

    /// One least-squares step from the residuals, with the bisquare's weights at a scale (or all
    /// weights 1); `None` where they leave a direction untold.
    pub(super) fn step(&self, residuals: &[f64], scale: Option<f64>) -> Option<Vec<f64>> {
        let k = self.k;
        let (mut squares, mut sum) = (Array2::zeros((k, k)), vec![0.0; k]);
        let by = scale.map_or(0.0, |scale| 1.0 / (C * scale));
        let (mut omega, mut scaled) = ([0.0; CHUNK], [0.0; CHUNK]);
        for (at, part) in residuals.chunks(CHUNK).enumerate() {
            let (rows, m) = (at * CHUNK..at * CHUNK + part.len(), part.len());
            let counts = &self.counts[rows.clone()];
            for (o, (r, w)) in omega.iter_mut().zip(part.iter().zip(counts)) {
                let rest = 1.0 - ((r * by) * (r * by)).min(1.0);
                *o = w * (rest * rest);
            }
            for a in 0..k {
                let column = &self.column(a)[rows.clone()];
                let products = omega.iter().zip(column);
                scaled.iter_mut().zip(products).for_each(|(s, (o, q))| *s = o * q);
                sum[a] += dot(&scaled[..m], part);
                for b in 0..=a {
                    squares[[a, b]] += dot(&scaled[..m], &self.column(b)[rows.clone()]);
                }
            }
        }
        Some(Cholesky::new(&squares)?.solve(&sum))
    }
}

/// The largest |y| rounds to more than this.
fn tiny(y: &[f64]) -> f64 {
    1e-13 * y.iter().fold(0.0_f64, |m, r| m.max(r.abs()))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}
