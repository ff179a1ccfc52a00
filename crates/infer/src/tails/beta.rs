use super::deviance::{deviance, stirling_error};
use super::{f_quantile, f_upper_quantile};
use crate::double_double::DoubleDouble;

/// Probability that a beta variable is at most `x`: the regularised incomplete beta I_x(a, b).
///
/// # Formula
/// The continued fraction of the Boost library for the smaller tail, with the factor
/// x^a (1 − x)^b / B(a, b) from Loader's deviances instead of log-gamma differences.
///
/// # References
/// Loader, C. (2000). Fast and accurate computation of binomial probabilities. DiDonato, A. R. &
/// Morris, A. H. (1992). Algorithm 708. doi:10.1145/131766.131776
///
/// # Example
/// ```
/// assert!((ssi_infer::tails::beta_cdf(0.5, 2.0, 3.0) - 0.6875).abs() < 1e-15);
/// ```
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    Beta::at(x, a, b).tails().0
}

/// Probability that a beta variable is larger than `x`.
pub fn beta_sf(x: f64, a: f64, b: f64) -> f64 {
    Beta::at(x, a, b).tails().1
}

/// The value that a beta variable stays below with probability `p`.
///
/// # Formula
/// a·f/(b + a·f), f the quantile of F with 2a and 2b degrees of freedom: solving for the odds
/// keeps the digits of a value next to 0. A value too small for a double is 0.
///
/// # Example
/// ```
/// let x = ssi_infer::tails::beta_quantile(0.6875, 2.0, 3.0);
/// assert!((x - 0.5).abs() < 1e-15);
/// ```
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    of_odds(f_quantile(p, 2.0 * a, 2.0 * b), a, b)
}

/// The value that a beta variable exceeds with probability `q`: exact for small `q`, where 1 − q
/// would be rounded to 1.
pub fn beta_upper_quantile(q: f64, a: f64, b: f64) -> f64 {
    of_odds(f_upper_quantile(q, 2.0 * a, 2.0 * b), a, b)
}

/// The beta variable that belongs to an F variable.
fn of_odds(f: f64, a: f64, b: f64) -> f64 {
    let rest = b / a / f;
    if rest == 0.0 { 1.0 } else { 1.0 / (1.0 + rest) }
}

/// A place in a beta distribution. The caller knows `1 − x` and the distance from the mean to
/// full precision, where a subtraction here would lose digits at large degrees of freedom.
pub(super) struct Beta {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) x: f64,
    /// 1 − x.
    pub(super) y: f64,
    /// a·y − b·x, which is (a + b) times the distance of x below the mean.
    pub(super) below_mean: f64,
}

impl Beta {
    fn at(x: f64, a: f64, b: f64) -> Self {
        // Near the mean the two products cancel; a rounded one would cost the far tail of large
        // shapes its last digits.
        let below =
            DoubleDouble::from(a) - DoubleDouble::product(a, x) - DoubleDouble::product(b, x);
        Self { a, b, x, y: 1.0 - x, below_mean: f64::from(below) }
    }

    fn mirrored(&self) -> Self {
        Self { a: self.b, b: self.a, x: self.y, y: self.x, below_mean: -self.below_mean }
    }

    /// Lower and upper tail.
    pub(super) fn tails(&self) -> (f64, f64) {
        if self.x <= 0.0 {
            return (0.0, 1.0);
        }
        if self.y <= 0.0 {
            return (1.0, 0.0);
        }
        if self.below_mean >= 0.0 {
            let lower = (self.kernel() / self.fraction()).min(1.0);
            (lower, 1.0 - lower)
        } else {
            let upper = (self.kernel() / self.mirrored().fraction()).min(1.0);
            (1.0 - upper, upper)
        }
    }

    /// x^a y^b / B(a, b).
    pub(super) fn kernel(&self) -> f64 {
        let (a, b, n) = (self.a, self.b, self.a + self.b);
        let exponent = stirling_error(n)
            - stirling_error(a)
            - stirling_error(b)
            - a * deviance(self.below_mean / a, n * self.x / a)
            - b * deviance(-self.below_mean / b, n * self.y / b);
        exponent.exp() * (a * b / (std::f64::consts::TAU * n)).sqrt()
    }

    /// The continued fraction by which the kernel is divided, evaluated by Lentz's method. It
    /// converges in about √(a + b) steps where x is below the mean.
    fn fraction(&self) -> f64 {
        let Self { a, b, x, below_mean, .. } = *self;
        let denominator = |m: f64| {
            m + m * (b - m) * x / (a + 2.0 * m - 1.0)
                + (a + m) * (below_mean + 1.0 + m * (2.0 - x)) / (a + 2.0 * m + 1.0)
        };
        // At m = 0 the first summand is 0; for a = 1 it would read 0/0.
        let mut value = a * (below_mean + 1.0) / (a + 1.0);
        let (mut c, mut d) = (value, 0.0);
        for step in 1..1_000_000_u32 {
            let m = f64::from(step);
            let odd = a + 2.0 * m - 1.0;
            let numerator = (m * (a + m - 1.0) / odd) * ((a + b + m - 1.0) / odd) * (b - m) * x * x;
            let next = denominator(m);
            d = 1.0 / (next + numerator * d);
            c = next + numerator / c;
            let change = c * d;
            value *= change;
            if (change - 1.0).abs() <= f64::EPSILON {
                break;
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(beta_cdf(0.0, 2.0, 3.0), 0.0);
        assert_eq!(beta_sf(1.0, 2.0, 3.0), 0.0);
    }

    #[test]
    fn quantiles_invert_both_tails() {
        for (a, b) in [(0.5, 0.5), (0.5, 1e5), (1e5, 0.5), (3.0, 40.0), (1e5, 1e5)] {
            for q in [1e-140, 1e-6, 0.3] {
                let lower = beta_quantile(q, a, b);
                assert!(
                    lower == 0.0 || (beta_cdf(lower, a, b) / q - 1.0).abs() < 1e-9,
                    "{a} {b} {q}"
                );
                // Next to 1 a double has no room for the last digits of the tail.
                let upper = beta_upper_quantile(q, a, b);
                let room = if upper > 0.999 { 1.0 } else { 1e-9 };
                assert!((beta_sf(upper, a, b) / q - 1.0).abs() <= room, "{a} {b} {q}");
            }
        }
        assert_eq!((beta_quantile(0.0, 2.0, 3.0), beta_quantile(1.0, 2.0, 3.0)), (0.0, 1.0));
    }

    #[test]
    fn tails_add_to_one() {
        for x in [0.01, 0.3, 0.5, 0.9] {
            let sum = beta_cdf(x, 0.5, 7.0) + beta_sf(x, 0.5, 7.0);
            assert!((sum - 1.0).abs() < 1e-15);
        }
    }
}
