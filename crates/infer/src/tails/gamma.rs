use super::deviance::{deviance, stirling_error};
use std::f64::consts::TAU;

/// Lower and upper tail of a gamma variable with shape `a` and scale 1, and x times its density.
///
/// # Formula
/// Below a + 1 the power series of the lower tail, above it the continued fraction of the upper
/// one, both times x^a e^(−x) / Γ(a + 1) from Loader's deviance.
pub(super) fn gamma_tails(x: f64, a: f64) -> (f64, f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0, 0.0);
    }
    // Where x is beyond a double in units of the mean there is no upper tail.
    if x / a == f64::INFINITY {
        return (1.0, 0.0, 0.0);
    }
    let mass = (-stirling_error(a) - a * deviance((a - x) / a, x / a)).exp() / (TAU * a).sqrt();
    if x < a + 1.0 {
        let lower = (mass * series(x, a)).min(1.0);
        (lower, 1.0 - lower, a * mass)
    } else {
        let upper = (a * mass / fraction(x, a)).min(1.0);
        (1.0 - upper, upper, a * mass)
    }
}

/// 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …
fn series(x: f64, a: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, a);
    loop {
        k += 1.0;
        term *= x / k;
        let next = sum + term;
        if next == sum || !next.is_finite() {
            return sum;
        }
        sum = next;
    }
}

/// x + 1 − a − 1(1 − a)/(x + 3 − a − 2(2 − a)/(x + 5 − a − …)), by Lentz's method.
fn fraction(x: f64, a: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut value = b;
    let (mut c, mut d) = (value, 0.0);
    for step in 1..1_000_000_u32 {
        let i = f64::from(step);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / (b + numerator * d);
        c = b + numerator / c;
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}
