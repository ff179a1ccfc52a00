//! The likelihood of a table of levels by its thresholds and the correlation together.

use super::joint::{Bend, Joint};
use super::polychoric::Margins;
use crate::tails::{bivariate_normal_cdf, bivariate_normal_density, normal_cdf};
use std::f64::consts::PI;

/// The probability below a corner of the table, with its derivatives by the corner's thresholds and
/// by ρ.
#[derive(Clone, Copy, Default)]
struct Corner {
    p: f64,
    x: f64,
    y: f64,
    rho: f64,
    xx: f64,
    yy: f64,
    xy: f64,
    x_rho: f64,
    y_rho: f64,
    rho_rho: f64,
}

impl Corner {
    fn new(h: f64, k: f64, rho: f64) -> Self {
        if h == f64::NEG_INFINITY || k == f64::NEG_INFINITY {
            return Self::default();
        }
        let density = |v: f64| (-0.5 * v * v).exp() / (2.0 * PI).sqrt();
        if h.is_infinite() || k.is_infinite() {
            let mut corner = Self { p: normal_cdf(h) * normal_cdf(k), ..Self::default() };
            if h.is_finite() {
                (corner.x, corner.xx) = (density(h), -h * density(h));
            }
            if k.is_finite() {
                (corner.y, corner.yy) = (density(k), -k * density(k));
            }
            return corner;
        }
        let rest = (1.0 - rho) * (1.0 + rho);
        let root = rest.sqrt();
        let both = bivariate_normal_density(h, k, rho);
        let x = density(h) * normal_cdf((k - rho * h) / root);
        let y = density(k) * normal_cdf((h - rho * k) / root);
        let bend = h * k * (1.0 + rho * rho) - rho * (h * h + k * k);
        Self {
            p: bivariate_normal_cdf(h, k, rho),
            x,
            y,
            rho: both,
            xx: -h * x - rho * both,
            yy: -k * y - rho * both,
            xy: both,
            x_rho: -both * (h - rho * k) / rest,
            y_rho: -both * (k - rho * h) / rest,
            rho_rho: both * (rho + bend / rest) / rest,
        }
    }
}

impl Joint for Margins {
    /// Parameters: the thresholds of x, those of y, artanh ρ.
    fn at(&self, parameters: &[f64]) -> Option<Bend> {
        let (rows, width) = (self.x.len() - 1, self.y.len() - 1);
        let last = rows + width - 2;
        let rho = parameters[last].tanh();
        let edge = |cuts: &[f64], at: usize| match at {
            0 => f64::NEG_INFINITY,
            at => cuts.get(at - 1).copied().unwrap_or(f64::INFINITY),
        };
        let (x_cuts, y_cuts) = parameters[..last].split_at(rows - 1);
        let corners: Vec<Vec<Corner>> = (0..=rows)
            .map(|i| {
                (0..=width).map(|j| Corner::new(edge(x_cuts, i), edge(y_cuts, j), rho)).collect()
            })
            .collect();
        let mut bend = Bend::flat(last + 1);
        for (at, n) in self.cells.iter().enumerate().filter(|(_, n)| **n > 0) {
            let (i, j) = (at / width, at % width);
            // The four corners with their signs and the parameters that they stand on.
            let four = [(1, 1, 1.0), (0, 1, -1.0), (1, 0, -1.0), (0, 0, 1.0)];
            let mut p = 0.0;
            let mut first = vec![0.0; last + 1];
            let mut second: Vec<(usize, usize, f64)> = Vec::with_capacity(24);
            for (up, right, sign) in four {
                let (a, b) = (i + up, j + right);
                let corner = &corners[a][b];
                p += sign * corner.p;
                let x_at = (a > 0 && a < rows).then(|| a - 1);
                let y_at = (b > 0 && b < width).then(|| rows - 1 + b - 1);
                first[last] += sign * corner.rho;
                second.push((last, last, sign * corner.rho_rho));
                if let Some(x_at) = x_at {
                    first[x_at] += sign * corner.x;
                    second.push((x_at, x_at, sign * corner.xx));
                    second.push((last, x_at, sign * corner.x_rho));
                }
                if let Some(y_at) = y_at {
                    first[y_at] += sign * corner.y;
                    second.push((y_at, y_at, sign * corner.yy));
                    second.push((last, y_at, sign * corner.y_rho));
                }
                if let (Some(x_at), Some(y_at)) = (x_at, y_at) {
                    second.push((y_at, x_at, sign * corner.xy));
                }
            }
            if p.is_nan() || p <= 0.0 {
                return None;
            }
            let n = *n as f64;
            bend.log_likelihood += n * p.ln();
            let touched: Vec<usize> = (0..=last).filter(|k| first[*k] != 0.0).collect();
            for k in &touched {
                bend.gradient[*k] += n * first[*k] / p;
                for l in touched.iter().filter(|l| *l <= k) {
                    bend.hessian[*k][*l] -= n * (first[*k] / p) * (first[*l] / p);
                }
            }
            second.into_iter().for_each(|(k, l, value)| bend.hessian[k][l] += n * value / p);
        }
        by_artanh(&mut bend, rho);
        bend.log_likelihood.is_finite().then_some(bend)
    }
}

/// From derivatives by ρ, the last parameter, to those by artanh ρ; the upper triangle is filled.
fn by_artanh(bend: &mut Bend, rho: f64) {
    let last = bend.gradient.len() - 1;
    let turn = (1.0 - rho) * (1.0 + rho);
    for k in 0..last {
        bend.hessian[last][k] *= turn;
    }
    let slope = bend.gradient[last];
    bend.hessian[last][last] = bend.hessian[last][last] * turn * turn - 2.0 * rho * turn * slope;
    bend.gradient[last] = slope * turn;
    for k in 0..=last {
        for l in 0..k {
            bend.hessian[l][k] = bend.hessian[k][l];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::polychoric::Crossed;
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_likelihood() {
        let mut table = Crossed::empty(3, 3);
        let counts = [9_u64, 4, 2, 5, 0, 6, 1, 4, 8];
        for (at, n) in counts.into_iter().enumerate() {
            table.add(at as u32 / 3, at as u32 % 3, n);
        }
        let margins = table.margins().unwrap();
        let point = [-0.6, 0.3, -0.5, 0.4, 0.7];
        let bend = margins.at(&point).unwrap();
        let step = 1e-5;
        for k in 0..5 {
            let moved = |by: f64| {
                let mut p = point;
                p[k] += by;
                margins.at(&p).unwrap()
            };
            let (up, down) = (moved(step), moved(-step));
            let slope = (up.log_likelihood - down.log_likelihood) / (2.0 * step);
            assert!((slope - bend.gradient[k]).abs() < 1e-6, "{k} {slope} {}", bend.gradient[k]);
            for l in 0..5 {
                let slope = (up.gradient[l] - down.gradient[l]) / (2.0 * step);
                assert!((slope - bend.hessian[k][l]).abs() < 1e-5, "{k} {l} {slope}");
            }
        }
    }
}
