use super::beta::Beta;
use super::solve::solve;

/// Probability that an F variable with `df1` and `df2` degrees of freedom exceeds `f`.
///
/// # Formula
/// I_x(df2/2, df1/2) with x = df2 / (df2 + df1·f).
///
/// # Example
/// ```
/// let p = ssi_infer::tails::f_sf(4.0, 1.0, 10.0);
/// assert!((p - 0.07338803477074037).abs() < 1e-15);
/// ```
pub fn f_sf(f: f64, df1: f64, df2: f64) -> f64 {
    split(f, df1, df2).1
}

/// Probability that an F variable with `df1` and `df2` degrees of freedom is at most `f`.
pub fn f_cdf(f: f64, df1: f64, df2: f64) -> f64 {
    split(f, df1, df2).0
}

/// The value that an F variable stays below with probability `p`.
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    if p > 0.5 {
        return f_upper_quantile(1.0 - p, df1, df2);
    }
    if p <= 0.0 {
        return 0.0;
    }
    let lower = |f: f64| {
        let (lower, _, kernel) = split(f, df1, df2);
        (lower, kernel)
    };
    solve(lower, p, true, 1.0)
}

/// The value that an F variable exceeds with probability `q`: exact for small `q`, where 1 − q
/// would be rounded to 1.
pub fn f_upper_quantile(q: f64, df1: f64, df2: f64) -> f64 {
    if q > 0.5 {
        return f_quantile(1.0 - q, df1, df2);
    }
    if q <= 0.0 {
        return f64::INFINITY;
    }
    let upper = |f: f64| {
        let (_, upper, kernel) = split(f, df1, df2);
        (upper, kernel)
    };
    solve(upper, q, false, 1.0)
}

/// Lower tail, upper tail, and f times the density.
fn split(f: f64, df1: f64, df2: f64) -> (f64, f64, f64) {
    if f <= 0.0 {
        return (0.0, 1.0, 0.0);
    }
    let (a, b) = (0.5 * df2, 0.5 * df1);
    let ratio = f * (df1 / df2);
    if ratio == f64::INFINITY {
        return (1.0, 0.0, 0.0);
    }
    let whole = 1.0 + ratio;
    let place =
        Beta { a, b, x: 1.0 / whole, y: ratio / whole, below_mean: b * ((f - 1.0) / whole) };
    if place.y == 0.0 {
        return (0.0, 1.0, 0.0);
    }
    let (upper, lower) = place.tails();
    (lower, upper, place.kernel())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tails::t_two_sided;

    #[test]
    fn one_numerator_degree_of_freedom_is_t_squared() {
        for (t, df) in [(0.3, 4.0), (2.5, 198.0), (30.0, 1e6)] {
            let (f, t) = (f_sf(t * t, 1.0, df), t_two_sided(t, df));
            assert!((f / t - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_quantile_too_large_for_a_double_is_infinite() {
        // About 4e400.
        assert_eq!(f_upper_quantile(1e-200, 1.0, 1.0), f64::INFINITY);
    }

    #[test]
    fn quantiles_invert_both_tails() {
        for (df1, df2) in [(1.0, 1.0), (2.0, 30.0), (17.0, 1e5), (1e6, 1e6)] {
            for q in [1e-140, 1e-6, 0.3] {
                let upper = f_upper_quantile(q, df1, df2);
                assert!((f_sf(upper, df1, df2) / q - 1.0).abs() < 1e-11, "{df1} {df2} {q}");
                let lower = f_quantile(q, df1, df2);
                assert!((f_cdf(lower, df1, df2) / q - 1.0).abs() < 1e-11, "{df1} {df2} {q}");
            }
        }
    }
}
