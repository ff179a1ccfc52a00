use super::beta::Beta;
use super::deviance::{deviance, stirling_error};
use super::normal::normal_cdf;
use crate::double_double::DoubleDouble;
use std::f64::consts::TAU;

/// Probability that a noncentral F variable with `df1` and `df2` degrees of freedom and
/// noncentrality `ncp` is at most `f`.
///
/// # Formula
/// Σ Poisson(j; ncp/2) · I_x(df1/2 + j, df2/2) with x = df1·f / (df1·f + df2). The beta tails come
/// from one another by adding positive terms only. The time grows with √ncp.
///
/// # References
/// Johnson, N. L., Kotz, S. & Balakrishnan, N. (1995). *Continuous univariate distributions*, 2,
/// chapter 30.
///
/// # Example
/// ```
/// // The mixture by mpmath; R's pf(3.2, 2, 57, ncp = 1.5) has nine of these digits.
/// let p = ssi_infer::tails::noncentral_f_cdf(3.2, 2.0, 57.0, 1.5);
/// assert!((p - 0.832961801606585).abs() < 1e-13);
/// ```
pub fn noncentral_f_cdf(f: f64, df1: f64, df2: f64, ncp: f64) -> f64 {
    Mixture::of_f(f, df1, df2, ncp).lower()
}

/// Probability that a noncentral F variable exceeds `f`.
pub fn noncentral_f_sf(f: f64, df1: f64, df2: f64, ncp: f64) -> f64 {
    Mixture::of_f(f, df1, df2, ncp).upper()
}

/// Probability that a noncentral t variable with `df` degrees of freedom and noncentrality `ncp`
/// is at most `t`.
///
/// # Formula
/// For t ≥ 0: Φ(−ncp) + ½ Σ (p_j I_x(j + ½, df/2) ± q_j I_x(j + 1, df/2)) with
/// x = t²/(t² + df), p_j = e^(−h) h^j / j!, q_j = e^(−h) h^(j + ½) / Γ(j + 3/2), h = ncp²/2, and
/// the sign of ncp. For a negative ncp the sums cancel: the error is then 1e-15 of 1, not of the
/// tail.
///
/// # References
/// Lenth, R. V. (1989). Algorithm AS 243. doi:10.2307/2347693
///
/// # Example
/// ```
/// // R: pt(2.1, 10, ncp = 0.5)
/// let p = ssi_infer::tails::noncentral_t_cdf(2.1, 10.0, 0.5);
/// assert!((p - 0.920383029362).abs() < 1e-11);
/// ```
pub fn noncentral_t_cdf(t: f64, df: f64, ncp: f64) -> f64 {
    if t < 0.0 {
        return noncentral_t_sf(-t, df, -ncp);
    }
    let [even, odd] = Mixture::of_t(t, df, ncp).map(|m| 0.5 * m.lower());
    (normal_cdf(-ncp) + even + odd.copysign(ncp)).clamp(0.0, 1.0)
}

/// Probability that a noncentral t variable exceeds `t`.
pub fn noncentral_t_sf(t: f64, df: f64, ncp: f64) -> f64 {
    if t < 0.0 {
        return noncentral_t_cdf(-t, df, -ncp);
    }
    let [even, odd] = Mixture::of_t(t, df, ncp).map(|m| 0.5 * m.upper());
    (even + odd.copysign(ncp)).clamp(0.0, 1.0)
}

/// A weight below this share of the largest one adds nothing.
const NOTHING: f64 = 1e-19;

/// A mixture of beta tails I_x(a + j, b) with weights e^(−h) h^(j + s) / Γ(j + s + 1).
struct Mixture {
    a: f64,
    b: f64,
    x: f64,
    y: f64,
    h: f64,
    s: f64,
}

impl Mixture {
    fn of_f(f: f64, df1: f64, df2: f64, ncp: f64) -> Self {
        let ratio = (f * (df1 / df2)).clamp(0.0, f64::MAX);
        let whole = 1.0 + ratio;
        Self { a: 0.5 * df1, b: 0.5 * df2, x: ratio / whole, y: 1.0 / whole, h: 0.5 * ncp, s: 0.0 }
    }

    fn of_t(t: f64, df: f64, ncp: f64) -> [Self; 2] {
        let even = Self::of_f(t * t, 1.0, df, ncp * ncp);
        let odd = Self { a: 1.0, s: 0.5, ..Self::of_f(t * t, 1.0, df, ncp * ncp) };
        [even, odd]
    }

    /// The j of about the largest weight.
    fn middle(&self) -> f64 {
        (self.h - self.s).max(0.0).floor()
    }

    fn weight(&self, j: f64) -> f64 {
        let k = j + self.s;
        if self.h == 0.0 || k == 0.0 {
            return if k == 0.0 { (-self.h).exp() } else { 0.0 };
        }
        (-stirling_error(k) - k * deviance((k - self.h) / k, self.h / k)).exp() / (TAU * k).sqrt()
    }

    /// How far from the middle the weights are next to nothing: ten standard deviations, and the
    /// longer upper tail of a small mean.
    fn reach(&self) -> f64 {
        (10.0 * self.h.sqrt() + 40.0).ceil()
    }

    fn beta(&self, j: f64) -> Beta {
        let (a, b, x, y) = (self.a + j, self.b, self.x, self.y);
        let below_mean = f64::from(DoubleDouble::product(a, y) - DoubleDouble::product(b, x));
        Beta { a, b, x, y, below_mean }
    }

    /// I_x(a + j, b) − I_x(a + j + 1, b).
    fn step(&self, j: f64) -> f64 {
        self.beta(j).kernel() / (self.a + j)
    }

    /// The mixture of lower tails, from the largest j down: each tail is the last one and more.
    fn lower(&self) -> f64 {
        if self.x == 0.0 {
            return 0.0;
        }
        let middle = self.middle();
        let mut j = middle + self.reach();
        let (mut weight, mut step) = (self.weight(j), self.step(j));
        let mut tail = self.beta(j).tails().0;
        let mut sum = 0.0;
        loop {
            let term = weight * tail;
            sum += term;
            if j == 0.0 || j < middle && (weight == 0.0 || term < NOTHING * sum) {
                return sum.min(1.0);
            }
            weight = self.moved(weight, (j + self.s) / self.h, j - 1.0);
            j -= 1.0;
            step *= (self.a + j + 1.0) / ((self.a + j + self.b) * self.x);
            if !(1e-280..1e280).contains(&step) {
                step = self.step(j);
            }
            tail += step;
        }
    }

    /// The mixture of upper tails, from the smallest j up.
    fn upper(&self) -> f64 {
        let middle = self.middle();
        let mut j = (middle - self.reach()).max(0.0);
        let mut weight = self.weight(j);
        if self.x == 0.0 {
            // The weights alone: 1, or for s = ½ what lies within ±√(2h) of a normal variable.
            return if self.s == 0.0 {
                1.0
            } else {
                1.0 - 2.0 * normal_cdf(-(2.0 * self.h).sqrt())
            };
        }
        let mut step = self.step(j);
        let mut tail = self.beta(j).tails().1;
        let mut sum = 0.0;
        loop {
            let term = weight * tail;
            sum += term;
            if j > middle && (weight == 0.0 || term < NOTHING * sum) {
                return sum.min(1.0);
            }
            tail += step;
            weight = self.moved(weight, self.h / (j + self.s + 1.0), j + 1.0);
            step *= (self.a + j + self.b) * self.x / (self.a + j + 1.0);
            j += 1.0;
            if !(1e-280..1e280).contains(&step) {
                step = self.step(j);
            }
        }
    }

    /// The weight of a neighbour: the last one times their ratio, or anew where that one was lost
    /// below the smallest doubles.
    fn moved(&self, weight: f64, ratio: f64, to: f64) -> f64 {
        let next = weight * ratio;
        if next > 1e-280 && next.is_finite() { next } else { self.weight(to) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tails::{f_cdf, f_sf, t_cdf};

    #[test]
    fn without_noncentrality_they_are_the_central_ones() {
        for x in [0.0, 0.3, 2.5, 40.0] {
            assert!((noncentral_f_cdf(x, 3.0, 17.0, 0.0) - f_cdf(x, 3.0, 17.0)).abs() < 1e-14);
            assert!((noncentral_f_sf(x, 3.0, 17.0, 0.0) - f_sf(x, 3.0, 17.0)).abs() < 1e-14);
            for t in [x, -x] {
                assert!((noncentral_t_cdf(t, 4.5, 0.0) - t_cdf(t, 4.5)).abs() < 1e-14, "{t}");
            }
        }
    }

    #[test]
    fn both_tails_add_to_one() {
        for ncp in [0.0, 1e-12, 0.7, 60.0, 1e4, 1e7f64] {
            let f = 1.0 + ncp / 5.0;
            let sum = noncentral_f_cdf(f, 5.0, 80.0, ncp) + noncentral_f_sf(f, 5.0, 80.0, ncp);
            assert!((sum - 1.0).abs() < 1e-11, "{ncp} {sum}");
            let t = ncp.sqrt();
            for ncp in [t, -t] {
                let sum = noncentral_t_cdf(t, 80.0, ncp) + noncentral_t_sf(t, 80.0, ncp);
                assert!((sum - 1.0).abs() < 1e-11, "{ncp} {sum}");
            }
        }
    }
}
