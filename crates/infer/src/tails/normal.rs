use statrs::distribution::{ContinuousCDF, Normal};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// What the double nearest to 1/√2 leaves out.
const FRAC_1_SQRT_2_REST: f64 = -4.833646656726457e-17;

/// Probability that a standard normal variable exceeds `z`.
///
/// # Formula
/// erfc(z/√2) / 2. The rounding of z/√2 is put back to first order: in the far tail it would cost
/// z² units in the last place.
///
/// # Example
/// ```
/// let p = ssi_infer::tails::normal_sf(1.959963984540054);
/// assert!((p - 0.025).abs() < 1e-16);
/// ```
pub fn normal_sf(z: f64) -> f64 {
    if z.is_infinite() {
        return if z > 0.0 { 0.0 } else { 1.0 };
    }
    let w = z * FRAC_1_SQRT_2;
    let rest = libm::fma(z, FRAC_1_SQRT_2, -w) + z * FRAC_1_SQRT_2_REST;
    let slope = 2.0 / PI.sqrt() * (-w * w).exp();
    0.5 * (libm::erfc(w) - slope * rest)
}

/// Probability that a standard normal variable is at most `z`.
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// Probability that a standard normal variable lies farther from 0 than `z`, on either side.
pub fn normal_two_sided(z: f64) -> f64 {
    (2.0 * normal_sf(z.abs())).min(1.0)
}

/// The value that a standard normal variable stays below with probability `p`.
///
/// −∞ and ∞ for 0 and 1. From statrs, which is right to the last digit here.
///
/// # Example
/// ```
/// let z = ssi_infer::tails::normal_quantile(0.975);
/// assert!((z - 1.959963984540054).abs() < 1e-14);
/// ```
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p.clamp(0.0, 1.0))
}

/// The value that a standard normal variable exceeds with probability `q`: exact for small `q`,
/// where 1 − q would be rounded to 1.
pub fn normal_upper_quantile(q: f64) -> f64 {
    -normal_quantile(q)
}
