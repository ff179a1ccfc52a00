//! The likelihood of a mixed model, with exact derivatives, from a few sums of each group.
//!
//! With V = I + ZΓZᵀ (Γ the random effects' covariance over σ²) and each group's Z = OR, O
//! orthonormal, everything splits into what lies within the span of O, where V is D = I + RΓRᵀ, and
//! what lies outside, where V is I. All sums are of positive parts, so nothing cancels however
//! large Γ is.

use super::Likelihood;
use crate::model::Cholesky;
use ndarray::{Array1, Array2};
use std::f64::consts::PI;

/// A matrix for the intercept and the slope of a group; without a slope its second row and column
/// are 0.
pub(super) type Two = [[f64; 2]; 2];

/// One group's sums.
#[derive(Debug, Clone)]
struct Group {
    r: Two,
    x: [Array1<f64>; 2],
    y: [f64; 2],
}

/// A model matrix with orthonormal columns and an outcome, in groups.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    groups: Vec<Group>,
    within_xx: Array2<f64>,
    within_xy: Array1<f64>,
    within_yy: f64,
    n: f64,
    pub(super) slope: bool,
    likelihood: Likelihood,
}

/// What a problem is made from, a row a respondent.
pub(super) struct Rows<'a> {
    pub(super) x: &'a Array2<f64>,
    pub(super) y: &'a [f64],
    pub(super) slope: Option<&'a [f64]>,
    pub(super) group: &'a [usize],
    pub(super) weight: &'a dyn Fn(usize) -> f64,
}

/// The profiled deviance at some Γ, with its derivatives by Γ's cells and what they are made of.
pub(super) struct At {
    /// Minus twice the log-likelihood, but for the scale of the outcome and of the predictors.
    pub(super) deviance: f64,
    /// Its derivatives by Γ's cells: 11, 21, 22.
    pub(super) gradient: Vec<f64>,
    pub(super) hessian: Array2<f64>,
    /// σ².
    pub(super) variance: f64,
    /// Coefficients of the orthonormal columns.
    pub(super) beta: Array1<f64>,
    /// Their covariance over σ².
    pub(super) covariance: Array2<f64>,
    /// Derivatives of that covariance by Γ's cells.
    pub(super) covariance_slopes: Vec<Array2<f64>>,
    /// Second derivatives of the deviance by (σ², Γ's cells), not profiled.
    pub(super) joint: Array2<f64>,
    /// First derivatives by Γ's cells, not profiled.
    pub(super) joint_slopes: Vec<f64>,
}

/// Which cells of Γ are parameters.
pub(super) fn cells(slope: bool) -> &'static [(usize, usize)] {
    if slope { &[(0, 0), (1, 0), (1, 1)] } else { &[(0, 0)] }
}

impl Problem {
    pub(super) fn new(rows: &Rows<'_>, groups: usize, likelihood: Likelihood) -> Self {
        let (n_rows, p) = rows.x.dim();
        let (mut size, mut mean) = (vec![0.0; groups], vec![0.0; groups]);
        for i in 0..n_rows {
            let (g, w) = (rows.group[i], (rows.weight)(i));
            size[g] += w;
            mean[g] += w * rows.slope.map_or(0.0, |z| z[i]);
        }
        for (mean, size) in mean.iter_mut().zip(&size) {
            *mean /= size.max(1.0);
        }
        let off = |i: usize| rows.slope.map_or(0.0, |z| z[i] - mean[rows.group[i]]);
        let mut spread = vec![0.0; groups];
        for i in 0..n_rows {
            spread[rows.group[i]] += (rows.weight)(i) * off(i) * off(i);
        }
        let mut sums: Vec<Group> = (0..groups)
            .map(|g| {
                let root = size[g].sqrt();
                // The slope has unit spread over all respondents: less than this is rounding.
                spread[g] = if spread[g] > 1e-20 * size[g] { spread[g].sqrt() } else { 0.0 };
                let shift = if rows.slope.is_some() { root * mean[g] } else { 0.0 };
                let zero = || Array1::zeros(p);
                Group { r: [[root, shift], [0.0, spread[g]]], x: [zero(), zero()], y: [0.0; 2] }
            })
            .collect();
        let basis = |i: usize| {
            let g = rows.group[i];
            let second = if spread[g] > 0.0 { off(i) / spread[g] } else { 0.0 };
            [1.0 / size[g].sqrt(), second]
        };
        for i in 0..n_rows {
            let (w, o, sum) = ((rows.weight)(i), basis(i), &mut sums[rows.group[i]]);
            if w > 0.0 {
                for (a, o) in o.into_iter().enumerate() {
                    sum.x[a].scaled_add(w * o, &rows.x.row(i));
                    sum.y[a] += w * o * rows.y[i];
                }
            }
        }
        let (mut xx, mut xy, mut yy) = (Array2::zeros((p, p)), Array1::zeros(p), 0.0);
        for i in 0..n_rows {
            let (w, sum) = ((rows.weight)(i), &sums[rows.group[i]]);
            if w == 0.0 {
                continue;
            }
            let [first, second] = basis(i);
            let mut x = rows.x.row(i).to_owned();
            x.scaled_add(-first, &sum.x[0]);
            x.scaled_add(-second, &sum.x[1]);
            let y = rows.y[i] - first * sum.y[0] - second * sum.y[1];
            yy += w * y * y;
            xy.scaled_add(w * y, &x);
            for (a, mut row) in xx.rows_mut().into_iter().enumerate() {
                row.scaled_add(w * x[a], &x);
            }
        }
        let n = size.iter().sum();
        let slope = rows.slope.is_some();
        let (within_xx, within_xy, within_yy) = (xx, xy, yy);
        Self { groups: sums, within_xx, within_xy, within_yy, n, slope, likelihood }
    }

    /// What is left of Σy² once the predictors and an effect of any size for each group are in.
    pub(super) fn left_over(&self) -> Option<f64> {
        let all = 1e20;
        Some(self.at(&[[all, 0.0], [0.0, if self.slope { all } else { 0.0 }]])?.variance)
    }

    /// `None` where the model matrix has no full rank under V, or a number overflows.
    pub(super) fn at(&self, gamma: &Two) -> Option<At> {
        let p = self.within_xy.len();
        let reml = self.likelihood == Likelihood::Reml;
        let (mut xx, mut xy) = (self.within_xx.clone(), self.within_xy.clone());
        let mut yy = self.within_yy;
        let mut log_determinant = 0.0;
        let inverses: Vec<Two> = self
            .groups
            .iter()
            .map(|group| {
                let (inverse, determinant) = inverse(&spread(&group.r, gamma));
                log_determinant += determinant.ln();
                for (a, row) in inverse.iter().enumerate() {
                    for (b, d) in row.iter().copied().enumerate() {
                        if d == 0.0 {
                            continue;
                        }
                        yy += d * group.y[a] * group.y[b];
                        xy.scaled_add(d * group.y[b], &group.x[a]);
                        for (i, mut row) in xx.rows_mut().into_iter().enumerate() {
                            row.scaled_add(d * group.x[a][i], &group.x[b]);
                        }
                    }
                }
                inverse
            })
            .collect();
        let factor = Cholesky::new(&xx)?;
        let covariance = factor.inverse();
        let beta = Array1::from(factor.solve(&xy.to_vec()));
        let squares = yy - 2.0 * beta.dot(&xy) + beta.dot(&xx.dot(&beta));
        let df = if reml { self.n - p as f64 } else { self.n };
        let variance = squares / df;
        if !(variance > 0.0 && variance.is_finite()) {
            return None;
        }
        let own = if reml { log_determinant + factor.log_determinant() } else { log_determinant };
        let deviance = own + df * (variance.ln() + 1.0 + (2.0 * PI).ln());

        let cells = cells(self.slope);
        let k = cells.len();
        let (mut t, mut u) = (vec![0.0; k], vec![0.0; k]);
        let (mut tt, mut uu) = (Array2::<f64>::zeros((k, k)), Array2::<f64>::zeros((k, k)));
        let mut s = vec![Array2::<f64>::zeros((p, p)); k];
        let mut m = vec![Array1::<f64>::zeros(p); k];
        for (group, inverse) in self.groups.iter().zip(&inverses) {
            // Rᵀ D⁻¹, then with R, X and what is left of y.
            let rd = product(&transposed(&group.r), inverse);
            let kk = product(&rd, &group.r);
            let l = [0, 1].map(|a| &group.x[0] * rd[a][0] + &group.x[1] * rd[a][1]);
            let left = [0, 1].map(|a| group.y[a] - group.x[a].dot(&beta));
            let a = [0, 1].map(|i| rd[i][0] * left[0] + rd[i][1] * left[1]);
            let lc = [covariance.dot(&l[0]), covariance.dot(&l[1])];
            let nn: Two = [0, 1].map(|i| [0, 1].map(|j| l[i].dot(&lc[j])));
            for (at, (i, j)) in cells.iter().copied().enumerate() {
                t[at] += twice(i, j) * if reml { kk[i][j] - nn[i][j] } else { kk[i][j] };
                u[at] += twice(i, j) * a[i] * a[j];
                for (x, y) in sides(i, j) {
                    m[at].scaled_add(a[*y], &l[*x]);
                    for (row, mut line) in s[at].rows_mut().into_iter().enumerate() {
                        line.scaled_add(l[*x][row], &l[*y]);
                    }
                }
                for (other, (g, h)) in cells.iter().copied().enumerate() {
                    for (x, y) in sides(i, j) {
                        for (z, w) in sides(g, h) {
                            uu[[at, other]] += a[*x] * kk[*y][*z] * a[*w];
                            tt[[at, other]] += kk[*w][*x] * kk[*y][*z];
                            if reml {
                                tt[[at, other]] -= 2.0 * kk[*y][*z] * nn[*w][*x];
                            }
                        }
                    }
                }
            }
        }
        let cs: Vec<Array2<f64>> = s.iter().map(|s| covariance.dot(s)).collect();
        let (mut gradient, mut hessian) = (vec![0.0; k], Array2::zeros((k, k)));
        let mut joint = Array2::zeros((k + 1, k + 1));
        let mut joint_slopes = vec![0.0; k];
        joint[[0, 0]] = df / (variance * variance);
        for a in 0..k {
            gradient[a] = t[a] - u[a] / variance;
            joint_slopes[a] = gradient[a];
            joint[[0, a + 1]] = u[a] / (variance * variance);
            joint[[a + 1, 0]] = joint[[0, a + 1]];
            for b in 0..k {
                if reml {
                    tt[[a, b]] += cs[a].iter().zip(cs[b].t()).map(|(x, y)| x * y).sum::<f64>();
                }
                uu[[a, b]] -= m[a].dot(&covariance.dot(&m[b]));
                joint[[a + 1, b + 1]] = 2.0 * uu[[a, b]] / variance - tt[[a, b]];
                hessian[[a, b]] = joint[[a + 1, b + 1]] - u[a] * u[b] / (variance * variance * df);
            }
        }
        let covariance_slopes = cs.iter().map(|cs| cs.dot(&covariance)).collect();
        let finite = deviance.is_finite() && hessian.iter().all(|v: &f64| v.is_finite());
        finite.then_some(At {
            deviance,
            gradient,
            hessian,
            variance,
            beta,
            covariance,
            covariance_slopes,
            joint,
            joint_slopes,
        })
    }

    /// Each group's random effects as they are expected from its respondents, and their
    /// covariance over σ² (that of a group's true effects about them, the coefficients known).
    pub(super) fn effects(&self, gamma: &Two, beta: &Array1<f64>) -> Vec<([f64; 2], Two)> {
        let effect = |group: &Group| {
            let (inverse, _) = inverse(&spread(&group.r, gamma));
            let rd = product(&transposed(&group.r), &inverse);
            let left = [0, 1].map(|a| group.y[a] - group.x[a].dot(beta));
            let a = [0, 1].map(|i| rd[i][0] * left[0] + rd[i][1] * left[1]);
            let effect = [0, 1].map(|i| gamma[i][0] * a[0] + gamma[i][1] * a[1]);
            let taken = product(gamma, &product(&product(&rd, &group.r), gamma));
            (effect, [0, 1].map(|i| [0, 1].map(|j| gamma[i][j] - taken[i][j])))
        };
        self.groups.iter().map(effect).collect()
    }
}

/// 2 where a cell stands twice in a symmetric matrix.
fn twice(i: usize, j: usize) -> f64 {
    if i == j { 1.0 } else { 2.0 }
}

/// The places of a cell in a symmetric matrix.
fn sides(i: usize, j: usize) -> &'static [(usize, usize)] {
    match (i, j) {
        (0, 0) => &[(0, 0)],
        (1, 1) => &[(1, 1)],
        _ => &[(1, 0), (0, 1)],
    }
}

pub(super) fn product(a: &Two, b: &Two) -> Two {
    [0, 1].map(|i| [0, 1].map(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j]))
}

pub(super) fn transposed(a: &Two) -> Two {
    [0, 1].map(|i| [0, 1].map(|j| a[j][i]))
}

/// I + RΓRᵀ.
fn spread(r: &Two, gamma: &Two) -> Two {
    let mut d = product(&product(r, gamma), &transposed(r));
    d[0][0] += 1.0;
    d[1][1] += 1.0;
    d
}

/// Inverse and determinant of a symmetric positive definite matrix, by Cholesky.
fn inverse(d: &Two) -> (Two, f64) {
    let ratio = d[1][0] / d[0][0];
    let rest = d[1][1] - ratio * d[1][0];
    let last = 1.0 / rest;
    let cross = -ratio * last;
    ([[1.0 / d[0][0] - ratio * cross, cross], [cross, last]], d[0][0] * rest)
}
