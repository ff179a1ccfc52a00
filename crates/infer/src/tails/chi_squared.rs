use super::gamma::gamma_tails;
use super::normal::normal_quantile;
use super::solve::solve;

/// Probability that a chi-squared variable with `df` degrees of freedom exceeds `x`.
///
/// # Formula
/// Q(df/2, x/2), the regularised upper incomplete gamma function.
///
/// # Example
/// ```
/// let p = ssi_infer::tails::chi_squared_sf(3.841458820694124, 1.0);
/// assert!((p - 0.05).abs() < 1e-15);
/// ```
pub fn chi_squared_sf(x: f64, df: f64) -> f64 {
    gamma_tails(0.5 * x, 0.5 * df).1
}

/// Probability that a chi-squared variable with `df` degrees of freedom is at most `x`.
pub fn chi_squared_cdf(x: f64, df: f64) -> f64 {
    gamma_tails(0.5 * x, 0.5 * df).0
}

/// The value that a chi-squared variable stays below with probability `p`.
pub fn chi_squared_quantile(p: f64, df: f64) -> f64 {
    if p > 0.5 {
        return chi_squared_upper_quantile(1.0 - p, df);
    }
    if p <= 0.0 {
        return 0.0;
    }
    let lower = |x: f64| {
        let (lower, _, kernel) = gamma_tails(0.5 * x, 0.5 * df);
        (lower, kernel)
    };
    solve(lower, p, true, start(normal_quantile(p), df))
}

/// The value that a chi-squared variable exceeds with probability `q`: exact for small `q`, where
/// 1 − q would be rounded to 1.
pub fn chi_squared_upper_quantile(q: f64, df: f64) -> f64 {
    if q > 0.5 {
        return chi_squared_quantile(1.0 - q, df);
    }
    if q <= 0.0 {
        return f64::INFINITY;
    }
    let upper = |x: f64| {
        let (_, upper, kernel) = gamma_tails(0.5 * x, 0.5 * df);
        (upper, kernel)
    };
    solve(upper, q, false, start(-normal_quantile(q), df))
}

/// Wilson and Hilferty's cube, or the mean where the cube is not positive.
fn start(z: f64, df: f64) -> f64 {
    let spread = 2.0 / (9.0 * df);
    let root = 1.0 - spread + z * spread.sqrt();
    if root > 0.05 { df * root * root * root } else { df * 1e-4 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_degrees_of_freedom_are_exponential() {
        for x in [1e-5, 1.0, 40.0, 1300.0f64] {
            assert!((chi_squared_sf(x, 2.0) / (-0.5 * x).exp() - 1.0).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn quantiles_invert_both_tails() {
        for df in [1.0, 2.0, 11.0, 1e3, 1e6] {
            for q in [1e-290, 1e-9, 0.3] {
                let upper = chi_squared_upper_quantile(q, df);
                assert!((chi_squared_sf(upper, df) / q - 1.0).abs() < 1e-11, "{df} {q}");
                let lower = chi_squared_quantile(q, df);
                if lower > 0.0 {
                    assert!((chi_squared_cdf(lower, df) / q - 1.0).abs() < 1e-11, "{df} {q}");
                }
            }
        }
    }

    #[test]
    fn a_quantile_too_small_for_a_double_is_zero() {
        // About 1.6e-580.
        assert_eq!(chi_squared_quantile(1e-290, 1.0), 0.0);
        assert!(chi_squared_quantile(1e-150, 1.0) > 0.0);
    }
}
