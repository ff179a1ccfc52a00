use super::beta::Beta;
use super::normal::{normal_sf, normal_upper_quantile};
use super::solve::solve;
use statrs::function::gamma::ln_gamma;
use std::f64::consts::PI;

/// Past this many degrees of freedom t and normal tails agree to more digits than a double holds.
const NORMAL_FROM: f64 = 1e18;

/// Probability that a t variable with `df` degrees of freedom exceeds `t`.
///
/// # Formula
/// ½ I_x(df/2, ½) with x = df / (df + t²).
///
/// # Example
/// ```
/// let p = ssi_infer::tails::t_sf(2.0, 10.0);
/// assert!((p - 0.03669401738537018).abs() < 1e-15);
/// ```
pub fn t_sf(t: f64, df: f64) -> f64 {
    if df > NORMAL_FROM {
        return normal_sf(t);
    }
    let outside = 0.5 * split(t, df).1;
    if t >= 0.0 { outside } else { 1.0 - outside }
}

/// Probability that a t variable with `df` degrees of freedom is at most `t`.
pub fn t_cdf(t: f64, df: f64) -> f64 {
    t_sf(-t, df)
}

/// Probability that a t variable with `df` degrees of freedom lies farther from 0 than `t`, on
/// either side: the two-sided p-value.
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if df > NORMAL_FROM { (2.0 * normal_sf(t.abs())).min(1.0) } else { split(t, df).1 }
}

/// The value that a t variable with `df` degrees of freedom stays below with probability `p`.
///
/// −∞ and ∞ for 0 and 1.
///
/// # Example
/// ```
/// let t = ssi_infer::tails::t_quantile(0.975, 10.0);
/// assert!((t - 2.2281388519862744).abs() < 1e-14);
/// ```
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if p < 0.5 { -t_upper_quantile(p, df) } else { t_upper_quantile(1.0 - p, df) }
}

/// The value that a t variable with `df` degrees of freedom exceeds with probability `q`: exact
/// for small `q`, where 1 − q would be rounded to 1.
pub fn t_upper_quantile(q: f64, df: f64) -> f64 {
    if q > 0.5 {
        return -t_upper_quantile(1.0 - q, df);
    }
    if q <= 0.0 {
        return f64::INFINITY;
    }
    if q == 0.5 {
        return 0.0;
    }
    let z = normal_upper_quantile(q);
    if df > NORMAL_FROM {
        return z;
    }
    if q > 0.25 {
        // Near the middle the tail hardly changes: solve for what lies between −t and t.
        let inside = |t: f64| {
            let (inside, _, kernel) = split(t, df);
            (0.5 * inside, kernel)
        };
        return solve(inside, 0.5 - q, true, z);
    }
    let outside = |t: f64| {
        let (_, outside, kernel) = split(t, df);
        (0.5 * outside, kernel)
    };
    // Wallace's approximation; its exponent is kept where exp is finite.
    let grown = (z * z * (df - 5.0 / 6.0) / ((df - 2.0 / 3.0) * (df - 2.0 / 3.0))).min(700.0);
    // Below 5/6 degrees of freedom it is no number; the normal quantile then is start enough.
    let start = (df * grown.exp_m1()).sqrt();
    solve(outside, q, false, if start > 0.0 { start } else { z })
}

/// Probabilities inside and outside of ±t, and |t| times the density.
fn split(t: f64, df: f64) -> (f64, f64, f64) {
    let t = t.abs();
    if t == f64::INFINITY {
        return (1.0, 0.0, 0.0);
    }
    let a = 0.5 * df;
    if t > 1e150 {
        // t² overflows. Here x is so small that the first term of the series is exact.
        let ln_beta = ln_gamma(a) + 0.5 * PI.ln() - ln_gamma(a + 0.5);
        let outside = (a * (df.ln() - 2.0 * t.ln()) - a.ln() - ln_beta).exp();
        return (1.0 - outside, outside, a * outside);
    }
    let square = t * t;
    let whole = df + square;
    let place = Beta {
        a,
        b: 0.5,
        x: df / whole,
        y: square / whole,
        below_mean: df * ((t - 1.0) * (t + 1.0) / whole) / 2.0,
    };
    if place.y == 0.0 {
        return (0.0, 1.0, 0.0);
    }
    let (outside, inside) = place.tails();
    (inside, outside, place.kernel())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_freedom_is_cauchy() {
        for t in [1e-3, 0.5, 3.0, 1e10, 1e200f64] {
            let exact = (1.0 / t).atan() / PI;
            assert!((t_sf(t, 1.0) / exact - 1.0).abs() < 1e-13, "{t}");
        }
    }

    #[test]
    fn quantiles_invert_the_tail() {
        for df in [1.0, 2.0, 5.5, 30.0, 1e6] {
            for q in [1e-280, 1e-40, 1e-3, 0.2, 0.3, 0.4999] {
                let t = t_upper_quantile(q, df);
                assert!((t_sf(t, df) / q - 1.0).abs() < 1e-12, "{df} {q} {t}");
            }
        }
    }

    #[test]
    fn a_quantile_mirrors_at_one_half() {
        assert_eq!(t_quantile(0.5, 4.0), 0.0);
        assert_eq!(t_quantile(0.25, 4.0), -t_quantile(0.75, 4.0));
        assert_eq!(t_quantile(0.0, 4.0), f64::NEG_INFINITY);
    }
}
