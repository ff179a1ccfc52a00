//! Iteratively reweighted least squares, up to the last digits.

use super::loss::Loss;
use crate::model::{Cholesky, ModelError, Start};
use ndarray::Array2;

/// Steps at most.
const STEPS: usize = 10_000;

/// The scale that makes the median of |r| unbiased for the standard deviation of normal errors.
pub(super) const NORMAL: f64 = 0.6745;

/// Which scale the residuals are measured by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scale {
    /// Median |r| / 0.6745 about zero, anew in each step.
    Median,
    /// One that stays.
    Fixed(f64),
}

/// Where reweighting ended.
pub(super) struct Settled {
    pub(super) scale: f64,
    pub(super) iterations: usize,
    /// The largest component of the mean of ψ(r/s)·x, x of mean square 1.
    pub(super) gradient: f64,
}

/// Reweights until no step changes anything; the start goes along.
///
/// It goes on from the residuals of the point it came to, formed anew with 32 digits, so that a
/// start far away costs no digits.
pub(super) fn reweighted(
    model: &'static str,
    start: &mut Start<'_>,
    loss: Loss,
    scale: Scale,
) -> Result<Settled, ModelError> {
    let mut iterations = 0;
    for round in 0..10 {
        let first = median_scale(start, &start.residuals);
        let (delta, settled) = rounds(model, start, loss, scale, &mut iterations)?;
        start.go(&delta);
        let moved = norm(&delta);
        let near = settled.scale >= 0.5 * first || matches!(scale, Scale::Fixed(_));
        if round > 0 && near && moved <= 1e-9 * settled.scale {
            return Ok(settled);
        }
    }
    Err(ModelError::NotConverged { model, iterations, gradient: f64::MAX })
}

fn rounds(
    model: &'static str,
    start: &Start<'_>,
    loss: Loss,
    how: Scale,
    iterations: &mut usize,
) -> Result<(Vec<f64>, Settled), ModelError> {
    let mut delta = vec![0.0; start.k];
    let mut residuals = start.residuals.clone();
    let scale_of = |residuals: &[f64]| match how {
        Scale::Median => median_scale(start, residuals),
        Scale::Fixed(scale) => scale,
    };
    let first = scale_of(&start.residuals);
    let mut last = f64::INFINITY;
    // Far from the bulk its residuals are known to less: the next round goes on from nearer.
    let rounding = |scale: f64| (1e-13 * first / scale).max(1e-12);
    let mut gradient = f64::MAX;
    while *iterations < STEPS {
        let scale = scale_of(&residuals);
        // The largest |y| rounds to more than this.
        if scale <= 1e-13 * first || scale <= f64::MIN_POSITIVE {
            return Err(ModelError::ExactFit { model });
        }
        let step = step(start, &residuals, |r| loss.weight(r / scale))
            .ok_or(ModelError::NoWeight { model })?;
        let sum = start.sum(|i| loss.psi(residuals[i] / scale));
        gradient = sum.iter().fold(0.0_f64, |m, v| m.max(v.abs())) / start.n();
        let size = norm(&step) / scale;
        let done = size <= 4e-16 || (size <= rounding(scale) && size >= last);
        if done {
            return Ok((delta, Settled { scale, iterations: *iterations, gradient }));
        }
        last = size;
        delta.iter_mut().zip(&step).for_each(|(d, s)| *d += s);
        away(start, &delta, &mut residuals);
        *iterations += 1;
    }
    Err(ModelError::NotConverged { model, iterations: *iterations, gradient })
}

/// One weighted least-squares step from the residuals; `None` where the weights leave a direction
/// untold.
pub(super) fn step(
    start: &Start<'_>,
    residuals: &[f64],
    weight: impl Fn(f64) -> f64,
) -> Option<Vec<f64>> {
    // Written out: random starts spend their time here.
    let k = start.k;
    let (mut squares, mut sum) = (vec![0.0; k * k], vec![0.0; k]);
    let rows = start.predictors().chunks_exact(k).zip(&start.weights);
    for ((q, count), r) in rows.zip(residuals) {
        let omega = count * weight(*r);
        if omega == 0.0 {
            continue;
        }
        for (a, line) in squares.chunks_exact_mut(k).enumerate() {
            let scaled = omega * q[a];
            sum[a] += scaled * r;
            line[..=a].iter_mut().zip(q).for_each(|(cell, q)| *cell += scaled * q);
        }
    }
    let matrix = Array2::from_shape_fn((k, k), |(a, b)| squares[a.max(b) * k + a.min(b)]);
    Some(Cholesky::new(&matrix)?.solve(&sum))
}

/// The residuals δ away from where the start stands.
pub(super) fn away(start: &Start<'_>, delta: &[f64], residuals: &mut [f64]) {
    let rows = start.predictors().chunks_exact(start.k).zip(&start.residuals);
    for (r, (q, here)) in residuals.iter_mut().zip(rows) {
        *r = here - q.iter().zip(delta).map(|(q, d)| q * d).sum::<f64>();
    }
}

pub(super) fn norm(v: &[f64]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// The median of |r| over the respondents, by 0.6745.
pub(super) fn median_scale(start: &Start<'_>, residuals: &[f64]) -> f64 {
    middle(residuals, start.design.weights.is_some().then_some(&start.weights))
}

/// The same, from how many respondents each row stands for (one, unless said).
pub(super) fn middle(residuals: &[f64], counts: Option<&Vec<f64>>) -> f64 {
    let mut sizes: Vec<f64> = residuals.iter().map(|r| r.abs()).collect();
    let n = sizes.len();
    let Some(counts) = counts else {
        let (below, middle, _) = sizes.select_nth_unstable_by(n / 2, f64::total_cmp);
        let upper = *middle;
        let lower = if n % 2 == 1 { upper } else { below.iter().fold(0.0_f64, |m, v| m.max(*v)) };
        return 0.5 * (lower + upper) / NORMAL;
    };
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_unstable_by(|a, b| sizes[*a].total_cmp(&sizes[*b]));
    let half = 0.5 * counts.iter().sum::<f64>();
    let mut passed = 0.0;
    let mut lower = None;
    for i in order {
        passed += counts[i];
        if let Some(lower) = lower
            && counts[i] > 0.0
        {
            return 0.5 * (lower + sizes[i]) / NORMAL;
        }
        if passed > half {
            return sizes[i] / NORMAL;
        }
        if passed == half {
            lower = Some(sizes[i]);
        }
    }
    lower.unwrap_or(0.0) / NORMAL
}
