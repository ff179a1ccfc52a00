//! The likelihood of a tobit with a spread that may depend on predictors.

use super::mills::log_cdf;
use crate::model::{Derivatives, mirror, newton};
use crate::tails::chi_squared_sf;
use ndarray::{Array2, ArrayView1};
use ssi_vocab::Check;
use std::f64::consts::PI;

/// Where an outcome lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Between the limits: its value is known.
    Seen,
    /// At or below the lower limit, which stands in its place.
    Below,
    /// At or above the upper limit, which stands in its place.
    Above,
}

impl Side {
    /// 1 for an outcome below its limit, −1 for one above.
    pub(super) fn sign(self) -> f64 {
        if self == Self::Above { -1.0 } else { 1.0 }
    }
}

/// The data of a tobit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) x: &'a Array2<f64>,
    pub(super) y: &'a [f64],
    pub(super) sides: &'a [Side],
    pub(super) weights: &'a [f64],
}

/// What one row says: value; derivatives by its mean and by its log σ; minus the second ones.
struct Said {
    value: f64,
    slopes: [f64; 2],
    information: [f64; 3],
}

fn said(y: f64, side: Side, mean: f64, log_sigma: f64) -> Said {
    let sigma = log_sigma.exp();
    let r = (y - mean) / sigma;
    if side == Side::Seen {
        return Said {
            value: -log_sigma - 0.5 * r * r - 0.5 * (2.0 * PI).ln(),
            slopes: [r / sigma, r * r - 1.0],
            information: [1.0 / (sigma * sigma), 2.0 * r / sigma, 2.0 * r * r],
        };
    }
    let s = side.sign();
    let b = s * r;
    let (value, m) = log_cdf(b);
    let change = -m * (b + m);
    Said {
        value,
        slopes: [-s * m / sigma, -b * m],
        information: [
            -change / (sigma * sigma),
            -s * (b * change + m) / sigma,
            -(b * m + b * b * change),
        ],
    }
}

fn each<'a>(rows: &Rows<'a>, z: &'a Array2<f64>, p: &[f64]) -> impl Iterator<Item = Said> + 'a {
    let k = rows.x.ncols();
    let mean = rows.x.dot(&ArrayView1::from(&p[..k]));
    let log_sigma = z.dot(&ArrayView1::from(&p[k..]));
    let Rows { y, sides, .. } = *rows;
    (0..y.len()).map(move |i| said(y[i], sides[i], mean[i], log_sigma[i]))
}

/// The log-likelihood at b and d, with mean xb and log σ = zd.
pub(super) fn derivatives(rows: &Rows<'_>, z: &Array2<f64>, p: &[f64]) -> Derivatives {
    let (k, size) = (rows.x.ncols(), p.len());
    let mut value = 0.0;
    let mut gradient = vec![0.0; size];
    let mut information = Array2::<f64>::zeros((size, size));
    for (i, row) in each(rows, z, p).enumerate() {
        let w = rows.weights[i];
        value += w * row.value;
        let cell = |a: usize| if a < k { (rows.x[[i, a]], 0) } else { (z[[i, a - k]], 1) };
        for a in 0..size {
            let (own, kind) = cell(a);
            gradient[a] += w * row.slopes[kind] * own;
            for c in 0..=a {
                let (other, of) = cell(c);
                information[[a, c]] += w * row.information[kind + of] * own * other;
            }
        }
    }
    mirror(&mut information);
    Derivatives { value, gradient, information }
}

/// Derivatives of each row's value by the parameters.
pub(super) fn scores(rows: &Rows<'_>, z: &Array2<f64>, p: &[f64]) -> Array2<f64> {
    let k = rows.x.ncols();
    let mut scores = Array2::zeros((rows.y.len(), p.len()));
    for (i, row) in each(rows, z, p).enumerate() {
        for a in 0..p.len() {
            scores[[i, a]] =
                if a < k { row.slopes[0] * rows.x[[i, a]] } else { row.slopes[1] * z[[i, a - k]] };
        }
    }
    scores
}

/// The likelihood ratio of log σ linear in the predictors against one σ; none without predictors,
/// or where that likelihood has no top that the search finds.
pub(super) fn check(rows: &Rows<'_>, equal: &[f64], intercept: bool) -> Option<Check> {
    let k = rows.x.ncols();
    let from = usize::from(intercept);
    let df = k - from;
    if df == 0 {
        return None;
    }
    let z = Array2::from_shape_fn((rows.y.len(), 1 + df), |(i, j)| match j {
        0 => 1.0,
        _ => rows.x[[i, from + j - 1]],
    });
    let ones = Array2::ones((rows.y.len(), 1));
    let value = derivatives(rows, &ones, equal).value;
    let mut start = equal.to_vec();
    start.resize(k + 1 + df, 0.0);
    let top = newton("tobit", start, &mut |p| {
        let found = derivatives(rows, &z, p);
        found.value.is_finite().then_some(found)
    });
    let statistic = (2.0 * (top.ok()?.found.value - value)).max(0.0);
    Some(Check {
        name: "unequal_spread".to_owned(),
        value: Some(statistic),
        df: Some(df as f64),
        df2: None,
        p_value: Some(chi_squared_sf(statistic, df as f64)),
        note: None,
    })
}
