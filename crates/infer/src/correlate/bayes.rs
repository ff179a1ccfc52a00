//! Bayes factor and posterior of Pearson's correlation under the stretched beta prior.
//!
//! The posterior is integrated numerically on Fisher's scale z = artanh ρ, where nothing cancels:
//! with Hotelling's form of the density of r and the identity
//! 1 − tanh a·tanh b = cosh(a − b)/(cosh a·cosh b), its logarithm is, but for a constant,
//! −(2/κ + ½) ln cosh z − (n − 3/2) ln cosh(z − artanh r) + ln ₂F₁(½, ½; n − ½; (1 + rρ)/2).

use super::equivalence::with_controls;
use super::fisher::artanh;
use super::method::blank;
use super::{Controlled, Method, Partial, pearson};
use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note, Paired};
use std::f64::consts::LN_2;

/// The Bayes factor for a correlation against none, and the posterior's credible interval.
///
/// # Formula
/// BF₁₀ = ∫ f(r | ρ) π(ρ) dρ / f(r | 0), with f the density of r in normal data and π the beta(1/κ,
/// 1/κ) density stretched to (−1, 1): κ = 1 is uniform, smaller κ expects smaller correlations. It
/// says how many times as probable the data are with a correlation as without one. The interval is
/// the central one of the posterior f(r | ρ)π(ρ); for a narrow prior it may leave out r itself.
/// Both by Gauss–Legendre quadrature, right to 1e-10 or better.
///
/// A factor beyond the range of doubles has no value, and a note; [`ln_bayes_factor`] has its
/// logarithm. Where all points lie on a line it has no bound: no value and a note.
///
/// # Assumptions
/// Respondents are independent and the two variables jointly normal.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// Those of [`pearson()`]; [`Error::Setting`] for a κ outside 0.01 to 2.
///
/// # References
/// Ly, A., Verhagen, J. & Wagenmakers, E.-J. (2016). Harold Jeffreys's default Bayes factor
/// hypothesis tests. doi:10.1016/j.jmp.2015.06.004. Hotelling, H. (1953). New light on the
/// correlation coefficient and its transforms. doi:10.1111/j.2517-6161.1953.tb00135.x
///
/// # Example
/// ```
/// use ssi_infer::correlate::bayes::bayes_factor;
/// use ssi_vocab::{Level, Paired};
///
/// let x: Vec<f64> = (0..30).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|v| v + 20.0 * (v * 1.7).sin()).collect();
/// let [factor, posterior] = bayes_factor(&Paired::complete("x", &x, "y", &y)?, 1.0, Level::DEFAULT)?;
/// assert!(factor.value.is_some_and(|b| b > 3.0));
/// assert!(posterior.interval.is_some_and(|i| i.low > 0.0));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn bayes_factor(pair: &Paired, prior: f64, level: Level) -> Result<[Estimate; 2]> {
    allowed(prior)?;
    let found = pearson(pair)?;
    Ok(weighed(
        (found.r, found.unexplained),
        found.n_obs,
        blank(pair, Method::Pearson),
        prior,
        level,
    ))
}

/// The Bayes factor and the posterior of Pearson's partial correlation.
///
/// # Formula
/// That of [`bayes_factor`] with n − k respondents: with k variables held constant r is distributed
/// as a correlation of so many.
///
/// # Assumptions
/// Those of [`bayes_factor`], all variables jointly normal.
///
/// # Errors
/// [`Error::Setting`] for a κ outside 0.01 to 2; [`Error::NotForMethod`] for another coefficient and
/// for a semi-partial correlation, which has another distribution.
///
/// # References
/// Fisher, R. A. (1924). The distribution of the partial correlation coefficient. *Metron*, 3,
/// 329–332. Wetzels, R. & Wagenmakers, E.-J. (2012). A default Bayesian hypothesis test for
/// correlations and partial correlations. doi:10.3758/s13423-012-0295-x
pub fn partial_bayes_factor(partial: &Partial, prior: f64, level: Level) -> Result<[Estimate; 2]> {
    allowed(prior)?;
    let method = match partial.kind() {
        (Method::Pearson, Controlled::Both) => {
            let r = (partial.r, partial.unexplained);
            return Ok(weighed(r, partial.effective(), partial.blank(), prior, level));
        }
        (_, Controlled::First) => "a semi-partial correlation",
        (method, Controlled::Both) => method.code(),
    };
    let known = vec!["Pearson's partial correlation (--partial)"];
    Err(Error::NotForMethod { analysis: "a Bayes factor", method, known })
}

/// The rows of a correlation, given with 1 less its square, of `n` respondents.
fn weighed(
    (r, unexplained): (f64, f64),
    n: usize,
    blank: Estimate,
    prior: f64,
    level: Level,
) -> [Estimate; 2] {
    const INTERVAL: &str = "credible_stretched_beta";
    let (analysis, term) =
        (Analysis::BayesFactor, format!("{} (κ = {prior})", with_controls(&blank)));
    let mut factor = Estimate { analysis, term, ..blank.clone() };
    let mut posterior = Estimate { value: Some(r), ..blank };
    if r.abs() == 1.0 {
        factor.note = Some(Note::PerfectFit);
        return [factor, posterior.lacking_interval(INTERVAL, Note::PerfectFit)];
    }
    let curve = Curve::new(r, unexplained, n, prior);
    let density = Density::new(&curve);
    let value = curve.ln_factor(&density).exp();
    factor.value = value.is_finite().then_some(value);
    factor.note = (!value.is_finite()).then_some(Note::BeyondRange);
    let end = |p: f64| density.quantile(&curve, p).tanh();
    posterior.interval = Some(Interval {
        low: end(level.tail()),
        high: end(1.0 - level.tail()),
        level,
        method: INTERVAL.to_owned(),
    });
    [factor, posterior]
}

/// The natural logarithm of the Bayes factor of a correlation `r` of `n` respondents.
///
/// # Errors
/// [`Error::Setting`] for an `r` that is not between −1 and 1 or a prior width outside 0.01 to 2;
/// [`Error::TooFew`] below three respondents.
pub fn ln_bayes_factor(r: f64, n: usize, prior: f64) -> Result<f64> {
    allowed(prior)?;
    if !(r > -1.0 && r < 1.0) {
        let (name, allowed) = ("a correlation", "between -1 and 1");
        return Err(Error::Setting { name, value: r, allowed });
    }
    if n < 3 {
        return Err(Error::TooFew { analysis: "a Bayes factor", needed: 3, found: n });
    }
    let curve = Curve::new(r, (1.0 - r) * (1.0 + r), n, prior);
    Ok(curve.ln_factor(&Density::new(&curve)))
}

fn allowed(prior: f64) -> Result<()> {
    if (0.01..=2.0).contains(&prior) {
        return Ok(());
    }
    let (name, allowed) = ("the prior's width", "from 0.01 to 2");
    Err(Error::Setting { name, value: prior, allowed })
}

/// The logarithm of the posterior's density on Fisher's scale.
struct Curve {
    r: f64,
    z: f64,
    n: f64,
    /// 1/κ.
    shape: f64,
}

impl Curve {
    fn new(r: f64, unexplained: f64, n: usize, prior: f64) -> Self {
        Self { r, z: artanh(r, unexplained), n: n as f64, shape: 1.0 / prior }
    }

    fn at(&self, z: f64) -> f64 {
        let apart = ln_cosh(z - self.z);
        // 1 − w = (1 − rρ)/2, without the subtraction.
        let rest = 0.5 * (apart - ln_cosh(z) - ln_cosh(self.z)).exp();
        let w = 0.5 * (1.0 + self.r * z.tanh());
        -(2.0 * self.shape + 0.5) * ln_cosh(z) - (self.n - 1.5) * apart
            + hotelling(self.n, w, rest.min(1.0)).ln()
    }

    fn ln_factor(&self, density: &Density) -> f64 {
        let ln_beta = 2.0 * libm::lgamma(self.shape) - libm::lgamma(2.0 * self.shape);
        (1.0 - 2.0 * self.shape) * LN_2 - ln_beta - hotelling(self.n, 0.5, 0.5).ln()
            + ((self.n - 1.5) * ln_cosh(self.z) + density.peak)
            + density.mass().ln()
    }

    /// Where the density is highest: it has one summit, between 0 and artanh r or just beyond.
    fn mode(&self) -> f64 {
        let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
        let (mut low, mut high) = (self.z.min(0.0) - 1.0, self.z.max(0.0) + 1.0);
        for _ in 0..60 {
            let step = golden * (high - low);
            if self.at(high - step) < self.at(low + step) {
                low = high - step;
            } else {
                high = low + step;
            }
        }
        0.5 * (low + high)
    }
}

/// ln cosh, without overflow.
fn ln_cosh(z: f64) -> f64 {
    let size = z.abs();
    // Next to 0 the difference of two logarithms would lose the digits.
    if size < 0.5 {
        let half = (0.5 * size).sinh();
        (2.0 * half * half).ln_1p()
    } else {
        size + (-2.0 * size).exp().ln_1p() - LN_2
    }
}

/// ₂F₁(½, ½; n − ½; w), given w and 1 − w.
fn hotelling(n: f64, w: f64, rest: f64) -> f64 {
    let c = n - 0.5;
    if c > 12.0 || w < 0.8 {
        return series(0.5, c, w);
    }
    // Few respondents and w next to 1: the series in 1 − w. n is whole, so that c is not, and the
    // second term's gamma functions come to ∓1.
    let first = libm::tgamma(c) * libm::tgamma(c - 1.0) / libm::tgamma(c - 0.5).powi(2);
    let sign = if n % 2.0 == 0.0 { -1.0 } else { 1.0 };
    first * series(0.5, 2.0 - c, rest) + sign * rest.powf(c - 1.0) * series(c - 0.5, c, rest)
}

/// ₂F₁(a, a; c; x) by its power series.
fn series(a: f64, c: f64, x: f64) -> f64 {
    let (mut sum, mut term, mut m) = (1.0, 1.0, 0.0);
    while m < 10_000.0 {
        term *= (a + m) * (a + m) / ((c + m) * (m + 1.0)) * x;
        let next = sum + term;
        m += 1.0;
        if next == sum && m > 12.0 {
            break;
        }
        sum = next;
    }
    sum
}

/// How many pieces the density is integrated in.
const PIECES: usize = 64;

/// The posterior's density in pieces, as a share of its summit.
struct Density {
    low: f64,
    width: f64,
    /// ln of the density's summit.
    peak: f64,
    /// The mass up to the end of each piece.
    upto: Vec<f64>,
    nodes: Vec<(f64, f64)>,
}

impl Density {
    fn new(curve: &Curve) -> Self {
        let mode = curve.mode();
        let peak = curve.at(mode);
        // e^−45 of the summit: what lies beyond is less than rounding.
        let reach = |sign: f64| {
            let mut step = 1.0 / curve.n.sqrt();
            while curve.at(mode + sign * step) > peak - 45.0 {
                step *= 1.3;
            }
            mode + sign * step
        };
        let (low, high) = (reach(-1.0), reach(1.0));
        let width = (high - low) / PIECES as f64;
        let mut found = Self { low, width, peak, upto: Vec::new(), nodes: gauss_legendre(16) };
        let mut sum = 0.0;
        for piece in 0..PIECES {
            sum += found.between(curve, found.start(piece), found.start(piece + 1));
            found.upto.push(sum);
        }
        found
    }

    fn start(&self, piece: usize) -> f64 {
        self.low + piece as f64 * self.width
    }

    fn mass(&self) -> f64 {
        self.upto[PIECES - 1]
    }

    fn between(&self, curve: &Curve, from: f64, to: f64) -> f64 {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let terms = self
            .nodes
            .iter()
            .map(|(x, weight)| weight * (curve.at(middle + half * x) - self.peak).exp());
        half * terms.sum::<f64>()
    }

    /// The z below which a share `p` of the mass lies.
    fn quantile(&self, curve: &Curve, p: f64) -> f64 {
        let target = p * self.mass();
        let piece = self.upto.partition_point(|mass| *mass < target).min(PIECES - 1);
        let before = if piece == 0 { 0.0 } else { self.upto[piece - 1] };
        let (from, mut low, mut high) =
            (self.start(piece), self.start(piece), self.start(piece + 1));
        let mut z = 0.5 * (low + high);
        // Newton's steps, and halving where one would leave the piece.
        for _ in 0..60 {
            let short = target - before - self.between(curve, from, z);
            if short > 0.0 {
                low = z
            } else {
                high = z
            }
            let step = short / (curve.at(z) - self.peak).exp();
            let next = z + step;
            let next = if next > low && next < high { next } else { 0.5 * (low + high) };
            if (next - z).abs() <= 1e-16 * z.abs() {
                break;
            }
            z = next;
        }
        z
    }
}

/// Nodes and weights on (−1, 1), by Newton's method on Legendre's polynomial.
fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let polynomial = |x: f64| {
        let (mut before, mut here) = (1.0, x);
        for k in 2..=count {
            let k = k as f64;
            (before, here) = (here, ((2.0 * k - 1.0) * x * here - (k - 1.0) * before) / k);
        }
        let slope = count as f64 * (x * here - before) / (x * x - 1.0);
        (here, slope)
    };
    (0..count)
        .map(|i| {
            let angle = (i as f64 + 0.75) / (count as f64 + 0.5) * std::f64::consts::PI;
            let mut x = angle.cos();
            for _ in 0..8 {
                let (value, slope) = polynomial(x);
                x -= value / slope;
            }
            let slope = polynomial(x).1;
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_series_meet() {
        for n in 3..13 {
            let c = f64::from(n) - 0.5;
            let near = hotelling(f64::from(n), 0.82, 0.18);
            assert!((near / series(0.5, c, 0.82) - 1.0).abs() < 1e-13, "{n}: {near}");
        }
    }

    #[test]
    fn the_sign_of_r_does_not_matter_and_n_speaks() {
        let b = |r, n| ln_bayes_factor(r, n, 1.0).unwrap();
        assert!((b(0.3, 50) - b(-0.3, 50)).abs() < 1e-13);
        assert!(b(0.3, 500) > b(0.3, 50) && b(0.0, 500) < b(0.0, 50) && b(0.0, 50) < 0.0);
    }

    #[test]
    fn settings_and_few_respondents_are_refused() {
        for prior in [0.0, -1.0, 2.1, f64::NAN] {
            assert!(ln_bayes_factor(0.1, 10, prior).is_err_and(|e| e.is_usage()));
        }
        assert!(ln_bayes_factor(1.0, 10, 1.0).is_err());
        assert!(matches!(ln_bayes_factor(0.1, 2, 1.0), Err(Error::TooFew { .. })));
    }

    #[test]
    fn a_factor_beyond_doubles_has_a_logarithm_and_a_note() {
        let x: Vec<f64> = (0..4000).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|v| v + 100.0 * (v * 1.7).sin()).collect();
        let pair = Paired::complete("x", &x, "y", &y).unwrap();
        let [factor, posterior] = bayes_factor(&pair, 1.0, Level::DEFAULT).unwrap();
        assert_eq!((factor.value, factor.note), (None, Some(Note::BeyondRange)));
        assert!(ln_bayes_factor(0.99, 4000, 1.0).unwrap() > 710.0);
        let (interval, r) = (posterior.interval.unwrap(), posterior.value.unwrap());
        assert!(interval.low < r && r < interval.high && interval.high - interval.low < 0.001);
    }

    #[test]
    fn a_line_has_no_factor() {
        let pair = Paired::complete("x", &[1.0, 2.0, 4.0], "y", &[1.0, 2.0, 4.0]).unwrap();
        let [factor, posterior] = bayes_factor(&pair, 1.0, Level::DEFAULT).unwrap();
        assert_eq!((factor.value, factor.note), (None, Some(Note::PerfectFit)));
        assert_eq!(posterior.interval, None);
    }
}
