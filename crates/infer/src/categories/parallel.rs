//! Whether the odds are proportional: the same coefficients at every threshold.

use super::ordinal::{Problem, cell};
use crate::model::logit::{self, logistic};
use crate::model::{Cholesky, Derivatives, Optimum, mirror, newton};
use crate::tails::chi_squared_sf;
use ndarray::{Array1, Array2};
use ssi_vocab::{Check, Design};

/// Brant's test: are the slopes of the separate logistic regressions of Y > j equal?
///
/// # Formula
/// Wald's test of equal slopes b₁ = … = bₘ with cov(bⱼ, bₗ) = Aⱼ⁻¹XᵀWⱼₗXAₗ⁻¹, Aⱼ = XᵀWⱼX and for
/// j < l the weights P(Y > l)(1 − P(Y > j)). None where one of them has no estimate.
pub(super) fn brant(problem: &Problem, design: &Design) -> Option<Check> {
    let (m, k) = (problem.thresholds, problem.x.ncols());
    if m < 2 {
        return None;
    }
    let mut slopes = Vec::with_capacity(m * k);
    let mut inverses = Vec::with_capacity(m);
    let mut fitted: Vec<Vec<f64>> = Vec::with_capacity(m);
    let mut matrix = None;
    for j in 0..m {
        let y: Vec<f64> = problem.level.iter().map(|l| f64::from(u8::from(*l > j))).collect();
        let one = logit::logit(design, &y, &problem.weights, "logistic", "").ok()?;
        let x = &one.scaled.x;
        let eta = x.dot(&ndarray::ArrayView1::from(&one.top.at));
        fitted.push(eta.iter().map(|e| logistic(*e)).collect());
        inverses.push(Cholesky::new(&one.top.found.information)?.inverse());
        slopes.extend_from_slice(&one.top.at[1..]);
        matrix = Some(one.scaled.x);
    }
    let x = matrix?;
    let mut covariance = Array2::<f64>::zeros((m * k, m * k));
    for j in 0..m {
        for l in j..m {
            let mut weighted = x.clone();
            for (i, mut row) in weighted.rows_mut().into_iter().enumerate() {
                row *= problem.weights[i] * fitted[l][i] * (1.0 - fitted[j][i]);
            }
            let block = inverses[j].dot(&x.t().dot(&weighted)).dot(&inverses[l]);
            for a in 0..k {
                for b in 0..k {
                    covariance[[j * k + a, l * k + b]] = block[[a + 1, b + 1]];
                    covariance[[l * k + b, j * k + a]] = block[[a + 1, b + 1]];
                }
            }
        }
    }
    let df = (m - 1) * k;
    let contrast = Array2::from_shape_fn((df, m * k), |(r, c)| {
        let (j, a) = (r / k + 1, r % k);
        f64::from(i8::from(c == a) - i8::from(c == j * k + a))
    });
    let difference = contrast.dot(&Array1::from(slopes)).to_vec();
    let spread = contrast.dot(&covariance).dot(&contrast.t());
    let solved = Cholesky::new(&spread)?.solve(&difference);
    Some(check("brant", difference.iter().zip(&solved).map(|(d, s)| d * s).sum(), df))
}

/// The likelihood ratio against slopes of their own at every threshold; none where those cross or
/// have no estimate.
pub(super) fn against_free(problem: &Problem, top: &Optimum) -> Option<Check> {
    let (m, k) = (problem.thresholds, problem.x.ncols());
    if m < 2 {
        return None;
    }
    let size = k + 1;
    let mut start = Vec::with_capacity(m * size);
    for j in 0..m {
        start.push(top.at[j]);
        start.extend_from_slice(&top.at[m..]);
    }
    let mut at = |p: &[f64]| free(problem, p);
    let found = newton("ordinal", start, &mut at).ok()?;
    // Next to a certain probability the top may lie at infinity.
    let finite = found.at.iter().all(|v| v.abs() < 15.0);
    let statistic = 2.0 * (found.found.value - top.found.value);
    finite.then(|| check("proportional_odds", statistic.max(0.0), (m - 1) * k))
}

fn check(name: &str, value: f64, df: usize) -> Check {
    let df = df as f64;
    let p_value = Some(chi_squared_sf(value, df));
    Check {
        name: name.to_owned(),
        value: Some(value),
        df: Some(df),
        df2: None,
        p_value,
        note: None,
    }
}

/// The likelihood with a threshold and slopes of its own for each j, (θⱼ, bⱼ) after one another.
fn free(problem: &Problem, p: &[f64]) -> Option<Derivatives> {
    let (m, k) = (problem.thresholds, problem.x.ncols());
    let size = k + 1;
    let mut value = 0.0;
    let mut gradient = vec![0.0; p.len()];
    let mut information = Array2::<f64>::zeros((p.len(), p.len()));
    let mut v = vec![1.0; size];
    for (i, level) in problem.level.iter().enumerate() {
        for (l, x) in problem.x.row(i).iter().enumerate() {
            v[l + 1] = -x;
        }
        let predictor = |j: usize| v.iter().zip(&p[j * size..]).map(|(v, p)| v * p).sum::<f64>();
        let above = (*level < m).then_some(*level);
        let below = level.checked_sub(1);
        let c = cell(above.map(predictor), below.map(predictor))?;
        let w = problem.weights[i];
        value += w * c.value;
        for (place, slope, own) in [(above, c.a, c.aa), (below, c.b, c.bb)] {
            let Some(at) = place.map(|j| j * size) else { continue };
            for a in 0..size {
                gradient[at + a] += w * slope * v[a];
                for b in 0..=a {
                    information[[at + a, at + b]] -= w * own * v[a] * v[b];
                }
            }
        }
        if let (Some(above), Some(below)) = (above, below) {
            for a in 0..size {
                for b in 0..size {
                    information[[above * size + a, below * size + b]] -= w * c.ab * v[a] * v[b];
                }
            }
        }
    }
    mirror(&mut information);
    value.is_finite().then_some(Derivatives { value, gradient, information })
}
