//! Are numbers a normal sample? Shapiro and Wilk's and Anderson and Darling's tests.

use crate::tails::{normal_cdf, normal_quantile, normal_sf};

/// Shapiro and Wilk's W and its p-value, by Royston's algorithm AS R94 (R's `shapiro.test`).
///
/// `None` below 3 or above 5,000 numbers, for which the approximation was made, and where they are
/// all the same.
///
/// # References
/// Royston (1995), doi:10.2307/2986146.
pub fn shapiro_wilk(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len();
    if !(3..=5_000).contains(&n) {
        return None;
    }
    let mut x = values.to_vec();
    x.sort_by(f64::total_cmp);
    let range = x[n - 1] - x[0];
    if range <= 0.0 || !range.is_finite() {
        return None;
    }
    let half = coefficients(n);
    // The weights are antisymmetric, so their mean is 0.
    let weight = |i: usize| match i.cmp(&(n - 1 - i)) {
        std::cmp::Ordering::Less => -half[i],
        std::cmp::Ordering::Equal => 0.0,
        std::cmp::Ordering::Greater => half[n - 1 - i],
    };
    let mean = x.iter().map(|v| v / range).sum::<f64>() / n as f64;
    let (mut ss_a, mut ss_x, mut s_ax) = (0.0, 0.0, 0.0);
    for (i, v) in x.iter().enumerate() {
        let (a, d) = (weight(i), v / range - mean);
        ss_a += a * a;
        ss_x += d * d;
        s_ax += a * d;
    }
    // 1 − W, without the cancellation that W near 1 would bring.
    let root = (ss_a * ss_x).sqrt();
    let rest = (root - s_ax) * (root + s_ax) / (ss_a * ss_x);
    let w = 1.0 - rest;
    if n == 3 {
        let floor = std::f64::consts::FRAC_PI_3;
        let p = 6.0 / std::f64::consts::PI * (libm::asin(w.max(0.0).sqrt().min(1.0)) - floor);
        return Some((w, p.max(0.0)));
    }
    let y = libm::log(rest.max(f64::MIN_POSITIVE));
    let size = n as f64;
    let (y, mean, sd) = if n <= 11 {
        let gamma = polynomial(&[-2.273, 0.459], size);
        if y >= gamma {
            return Some((w, 1e-99));
        }
        let mean = polynomial(&[0.544, -0.39978, 0.025054, -6.714e-4], size);
        let sd = libm::exp(polynomial(&[1.3822, -0.77857, 0.062767, -0.0020322], size));
        (-libm::log(gamma - y), mean, sd)
    } else {
        let log = libm::log(size);
        let mean = polynomial(&[-1.5861, -0.31082, -0.083751, 0.0038915], log);
        (y, mean, libm::exp(polynomial(&[-0.4803, -0.082676, 0.0030302], log)))
    };
    Some((w, normal_sf((y - mean) / sd)))
}

/// The weights of the smallest numbers, by absolute value.
fn coefficients(n: usize) -> Vec<f64> {
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let half = n / 2;
    let size = n as f64;
    let m: Vec<f64> =
        (1..=half).map(|i| normal_quantile((i as f64 - 0.375) / (size + 0.25))).collect();
    let sum = 2.0 * m.iter().map(|v| v * v).sum::<f64>();
    let (root, u) = (sum.sqrt(), 1.0 / size.sqrt());
    let first =
        polynomial(&[0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], u) - m[0] / root;
    let mut a: Vec<f64>;
    if n > 5 {
        let second = polynomial(&[0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], u)
            - m[1] / root;
        let rest = (sum - 2.0 * m[0] * m[0] - 2.0 * m[1] * m[1])
            / (1.0 - 2.0 * first * first - 2.0 * second * second);
        a = m.iter().map(|v| -v / rest.sqrt()).collect();
        a[1] = second;
    } else {
        let rest = (sum - 2.0 * m[0] * m[0]) / (1.0 - 2.0 * first * first);
        a = m.iter().map(|v| -v / rest.sqrt()).collect();
    }
    a[0] = first;
    a
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// Anderson and Darling's A² against a normal distribution with the sample's mean and standard
/// deviation, and its p-value (nortest's `ad.test`). `None` below 8 numbers.
///
/// # References
/// Stephens (1986), in Goodness-of-Fit Techniques, doi:10.1201/9780203753064, table 4.9.
pub fn anderson_darling(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len();
    if n < 8 {
        return None;
    }
    let size = n as f64;
    let mut x = values.to_vec();
    x.sort_by(f64::total_cmp);
    let mean = x.iter().sum::<f64>() / size;
    let sd = (x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (size - 1.0)).sqrt();
    if sd <= 0.0 || !sd.is_finite() {
        return None;
    }
    let sum: f64 = (0..n)
        .map(|i| {
            let (low, high) = ((x[i] - mean) / sd, (x[n - 1 - i] - mean) / sd);
            let logs = libm::log(normal_cdf(low)) + libm::log(normal_sf(high));
            (2.0 * i as f64 + 1.0) * logs
        })
        .sum();
    let a = -size - sum / size;
    let z = (1.0 + 0.75 / size + 2.25 / (size * size)) * a;
    let p = if z < 0.2 {
        1.0 - libm::exp(-13.436 + 101.14 * z - 223.73 * z * z)
    } else if z < 0.34 {
        1.0 - libm::exp(-8.318 + 42.796 * z - 59.938 * z * z)
    } else if z < 0.6 {
        libm::exp(0.9177 - 4.279 * z - 1.38 * z * z)
    } else if z < 10.0 {
        libm::exp(1.2937 - 5.709 * z + 0.0186 * z * z)
    } else {
        3.7e-24
    };
    a.is_finite().then_some((a, p))
}
