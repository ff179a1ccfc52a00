//! Standardised effects and their intervals, by the noncentral distributions of the statistics.

use crate::tails::{
    chi_squared_quantile, chi_squared_upper_quantile, half_step, noncentral_f_cdf, noncentral_f_sf,
    noncentral_t_cdf, noncentral_t_sf, normal_upper_quantile,
};
use ssi_vocab::{Interval, Level};

/// Beyond this noncentrality the sums get long. The spread of F then comes from its denominator,
/// and a chi-squared variable that has the same variance gives the borders to 1e-4 of their width.
const LARGE: f64 = 1e8;

/// The interval of the share of variance between groups in the population, λ/(λ + n).
pub(super) fn variance_share(f: f64, df: f64, df2: f64, n: usize, level: Level) -> Interval {
    let n = n as f64;
    let (low, high) = noncentrality_f(f, df, df2, level.tail());
    let share = |ncp: f64| if ncp.is_finite() { ncp / (ncp + n) } else { 1.0 };
    Interval { low: share(low), high: share(high), level, method: "noncentral_f".to_owned() }
}

/// The noncentralities at which F has `tail` above and below it; 0 where even the central F has
/// less there.
fn noncentrality_f(f: f64, df: f64, df2: f64, tail: f64) -> (f64, f64) {
    let about = f * df;
    if about > LARGE {
        return large(about, df2, tail);
    }
    let start = about + df + 1.0;
    let low = root(|ncp| noncentral_f_sf(f, df, df2, ncp) - tail, 0.0, start);
    let high = root(|ncp| tail - noncentral_f_cdf(f, df, df2, ncp), 0.0, start);
    (low, high)
}

fn large(ncp: f64, df2: f64, tail: f64) -> (f64, f64) {
    let df = 1.0 / (1.0 / df2 + 2.0 / ncp);
    let times = |chi: f64| ncp * (chi / df);
    (times(chi_squared_quantile(tail, df)), times(chi_squared_upper_quantile(tail, df)))
}

/// The noncentralities at which t has `tail` above and below it.
pub(super) fn noncentrality_t(t: f64, df: f64, tail: f64) -> (f64, f64) {
    if t * t > LARGE {
        let (near, far) = large(t * t, df, tail);
        let (near, far) = (near.sqrt(), far.sqrt());
        return if t > 0.0 { (near, far) } else { (-far, -near) };
    }
    let reach = normal_upper_quantile(tail) * (1.0 + 0.5 * t * t / df).sqrt() + 1.0;
    let low = root(|ncp| noncentral_t_sf(t, df, ncp) - tail, t - reach, t);
    let high = root(|ncp| tail - noncentral_t_cdf(t, df, ncp), t, t + reach);
    (low, high)
}

/// Where a rising function passes 0, by halving and by straight lines in turn, from a bracket that
/// grows as needed. `low` itself where the function is not negative there and `low` is 0.
fn root(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let mut width = high - low;
    let mut f_low = f(low);
    while f_low >= 0.0 {
        if low == 0.0 {
            return 0.0;
        }
        low -= width;
        width *= 2.0;
        f_low = f(low);
    }
    let mut f_high = f(high);
    while f_high < 0.0 {
        (low, f_low) = (high, f_high);
        high += width;
        width *= 2.0;
        f_high = f(high);
    }
    // Illinois: the value of an end that stays is halved, so that it does not stay for ever.
    let mut last = f64::NAN;
    for step in 0..200 {
        let straight = high - f_high * (high - low) / (f_high - f_low);
        let inside = straight > low && straight < high && step % 8 != 7;
        let middle = if inside { straight } else { 0.5 * (low + high) };
        let value = f(middle);
        // The function is known to some units of its last place only, so that the bracket may stay
        // wider than the steps.
        let close = |a: f64, b: f64| (a - b).abs() <= 2.0 * f64::EPSILON * a.abs();
        if value == 0.0 || close(middle, last) || close(high, low) {
            return middle;
        }
        last = middle;
        if value < 0.0 {
            (low, f_low) = (middle, value);
            f_high *= 0.5;
        } else {
            (high, f_high) = (middle, value);
            f_low *= 0.5;
        }
    }
    0.5 * (low + high)
}

/// Hedges's factor, by which the standardised difference loses its bias:
/// Γ(df/2) / (√(df/2) Γ((df − 1)/2)). `None` below two degrees of freedom.
pub(super) fn hedges_factor(df: f64) -> Option<f64> {
    (df > 1.0).then(|| half_step(0.5 * df))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_noncentralities_join() {
        let df2 = 1e4;
        let (low, high) = noncentrality_f(LARGE, 1.0, df2, 0.025);
        let (l, h) = large(LARGE, df2, 0.025);
        let width = high - low;
        assert!((low - l).abs() / width < 1e-4 && (high - h).abs() / width < 1e-4);
    }

    #[test]
    fn hedges_factor_at_ten_and_a_million() {
        // 1 − 3/(4·10 − 1) is 0.9231; exactly 0.922745608053...
        assert!((hedges_factor(10.0).unwrap() - 0.922_745_608_053_087).abs() < 1e-12);
        assert!((hedges_factor(1e6).unwrap() - 0.999_999_249_999_781_2).abs() < 1e-15);
        assert_eq!(hedges_factor(1.0), None);
    }
}
