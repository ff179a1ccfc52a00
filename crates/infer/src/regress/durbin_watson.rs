//! The exact distribution of Durbin and Watson's statistic.

use rayon::prelude::*;
use std::ops::{Add, Div, Mul, Sub};

/// P(D < d) for independent normal residuals of a model whose matrix has the orthonormal columns
/// `basis`, `n` rows long.
///
/// # Formula
/// D < d where the quadratic form eᵀM(A − d)Me of independent normal e is below 0, with A the matrix
/// of squared differences and M the projection off the model. Its characteristic function needs no
/// eigenvalues: det(I − 2it·M(A − d)M) = det(T)·det(QᵀT⁻¹Q), T = I − 2it(A − d), and T is
/// tridiagonal. Gil-Pelaez's integral ½ − (1/π)∫Im φ(t)/t dt is summed after t = exp(π/2·sinh s),
/// which makes the trapezoidal rule converge exponentially.
///
/// # References
/// Imhof (1961), doi:10.1093/biomet/48.3-4.419; Takahasi and Mori (1974),
/// doi:10.2977/prims/1195192451.
pub(super) fn lower_tail(d: f64, basis: &[Vec<f64>], n: usize) -> Option<f64> {
    if n < 2 || n <= basis.len() {
        return None;
    }
    // The spread of the form sets the unit of t.
    let ends = 2.0 * (1.0 - d) * (1.0 - d);
    let squares = ends + (n as f64 - 2.0) * (2.0 - d) * (2.0 - d) + 2.0 * (n as f64 - 1.0);
    let unit = 1.0 / (2.0 * squares).sqrt();
    let half_pi = std::f64::consts::FRAC_PI_2;
    let sum = |step: f64, from: f64| -> f64 {
        let reach = (5.0 / step) as i32;
        let points: Vec<f64> = (-reach..=reach)
            .into_par_iter()
            .map(|j| {
                let s = (f64::from(j) + from) * step;
                let t = unit * libm::exp(half_pi * libm::sinh(s));
                if !(1e-280..1e280).contains(&t) {
                    return 0.0;
                }
                // dt/t = π/2·cosh s ds
                half_pi * libm::cosh(s) * imaginary(t, d, basis, n)
            })
            .collect();
        // In their order, so that threads change no digit.
        points.iter().sum::<f64>()
    };
    // Each halving of the step keeps what was summed and adds the points between.
    let mut step = 0.25;
    let mut points = sum(step, 0.0);
    let mut value = points * step;
    for _ in 0..5 {
        points += sum(step, 0.5);
        step /= 2.0;
        let next = points * step;
        let settled = (next - value).abs() < 1e-13;
        value = next;
        if settled {
            break;
        }
    }
    Some((0.5 - value / std::f64::consts::PI).clamp(0.0, 1.0))
}

/// The imaginary part of the characteristic function at `t`.
fn imaginary(t: f64, d: f64, basis: &[Vec<f64>], n: usize) -> f64 {
    let diagonal = |i: usize| {
        let a = if i == 0 || i + 1 == n { 1.0 } else { 2.0 };
        Complex { re: 1.0, im: -2.0 * t * (a - d) }
    };
    let off = Complex { re: 0.0, im: 2.0 * t };
    // Pivots of a matrix with positive real part have one too, so that their angles add up without
    // a jump.
    let (mut size, mut angle) = (0.0, 0.0);
    let mut pivots = Vec::with_capacity(n);
    for i in 0..n {
        let pivot = match pivots.last() {
            None => diagonal(i),
            Some(above) => diagonal(i) - off * off / *above,
        };
        size += pivot.log_size();
        angle += pivot.angle();
        pivots.push(pivot);
    }
    let solved: Vec<Vec<Complex>> = basis.iter().map(|q| solve(&pivots, off, q)).collect();
    let k = basis.len();
    let mut inner: Vec<Vec<Complex>> = basis
        .iter()
        .map(|q| {
            solved
                .iter()
                .map(|z| {
                    q.iter().zip(z).fold(Complex::default(), |s, (q, z)| {
                        s + Complex { re: q * z.re, im: q * z.im }
                    })
                })
                .collect()
        })
        .collect();
    for p in 0..k {
        let pivot = inner[p].clone();
        size += pivot[p].log_size();
        angle += pivot[p].angle();
        for row in inner.iter_mut().skip(p + 1) {
            let factor = row[p] / pivot[p];
            for (cell, above) in row.iter_mut().zip(&pivot).skip(p) {
                *cell = *cell - factor * *above;
            }
        }
    }
    // φ = det^(−1/2)
    libm::exp(-0.5 * size) * libm::sin(-0.5 * angle)
}

/// T⁻¹q of the tridiagonal matrix with these pivots.
fn solve(pivots: &[Complex], off: Complex, q: &[f64]) -> Vec<Complex> {
    let mut z: Vec<Complex> = q.iter().map(|re| Complex { re: *re, im: 0.0 }).collect();
    for i in 1..z.len() {
        z[i] = z[i] - off / pivots[i - 1] * z[i - 1];
    }
    let last = z.len() - 1;
    z[last] = z[last] / pivots[last];
    for i in (0..last).rev() {
        z[i] = (z[i] - off * z[i + 1]) / pivots[i];
    }
    z
}

#[derive(Debug, Clone, Copy, Default)]
struct Complex {
    re: f64,
    im: f64,
}

impl Complex {
    fn log_size(self) -> f64 {
        libm::log(self.re.hypot(self.im))
    }

    fn angle(self) -> f64 {
        libm::atan2(self.im, self.re)
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            re: self.re * other.re - self.im * other.im,
            im: self.re * other.im + self.im * other.re,
        }
    }
}

impl Div for Complex {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        // Smith's way, which keeps squares of large parts in range.
        if other.re.abs() >= other.im.abs() {
            let ratio = other.im / other.re;
            let below = other.re + other.im * ratio;
            Self {
                re: (self.re + self.im * ratio) / below,
                im: (self.im - self.re * ratio) / below,
            }
        } else {
            let ratio = other.re / other.im;
            let below = other.re * ratio + other.im;
            Self {
                re: (self.re * ratio + self.im) / below,
                im: (self.im * ratio - self.re) / below,
            }
        }
    }
}
