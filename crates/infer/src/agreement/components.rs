//! Variance components of respondents and raters that are crossed, with gaps.

use crate::model::Cholesky;
use crate::tails::chi_squared_upper_quantile;
use ndarray::Array2;
use ssi_vocab::Level;

/// More raters than this make matrices that no one waits for.
const MOST_RATERS: usize = 300;

/// The intraclass correlation of single ratings by restricted maximum likelihood.
pub(super) struct Fitted {
    pub(super) value: f64,
    /// The ends of the profiled likelihood's interval.
    pub(super) interval: Option<(f64, f64)>,
    /// True where the variance of respondents is 0.
    pub(super) boundary: bool,
}

/// Ratings of respondents by raters, with gaps.
pub(super) struct Crossed {
    subjects: Vec<Vec<(usize, f64)>>,
    raters: usize,
    n: f64,
}

impl Crossed {
    /// The values are centred, and multiplied by `scale`.
    pub(super) fn new(subjects: &[&[(usize, f64)]], raters: usize, scale: f64) -> Self {
        let mut place = vec![usize::MAX; raters];
        let mut seen = 0;
        let n = subjects.iter().map(|own| own.len()).sum::<usize>() as f64;
        let mean =
            subjects.iter().flat_map(|own| own.iter()).map(|(_, v)| v * scale).sum::<f64>() / n;
        let mut numbered = |rater: usize| {
            if place[rater] == usize::MAX {
                place[rater] = seen;
                seen += 1;
            }
            place[rater]
        };
        let subjects: Vec<Vec<(usize, f64)>> = subjects
            .iter()
            .map(|own| own.iter().map(|(r, v)| (numbered(*r), v * scale - mean)).collect())
            .collect();
        Self { subjects, raters: seen, n }
    }

    /// Minus twice the restricted log-likelihood but for a constant, with the total variance at its
    /// best, where respondents have the share `icc` of it and raters the share `of_rest` of the
    /// rest. `None` where there is no variance left to divide.
    ///
    /// V = eI + sZZᵀ + rWWᵀ (Z respondents, W raters): without raters it falls into a block for
    /// each respondent, and they add a matrix of their own size.
    fn deviance(&self, icc: f64, of_rest: f64) -> Option<f64> {
        let (s, r) = (icc, (1.0 - icc) * of_rest);
        let e = (1.0 - icc) * (1.0 - of_rest);
        if e <= 0.0 {
            return None;
        }
        let k = self.raters;
        let mut m = Array2::<f64>::eye(k);
        let (mut by_y, mut by_one) = (vec![0.0; k], vec![0.0; k]);
        let (mut yy, mut y1, mut one, mut log) = (0.0, 0.0, 0.0, 0.0);
        for own in &self.subjects {
            let size = own.len() as f64;
            let shared = s / (e + size * s);
            let sum: f64 = own.iter().map(|(_, y)| y).sum();
            log += (size - 1.0) * e.ln() + (e + size * s).ln();
            yy += (own.iter().map(|(_, y)| y * y).sum::<f64>() - shared * sum * sum) / e;
            y1 += sum * (1.0 - shared * size) / e;
            one += size * (1.0 - shared * size) / e;
            for (a, y) in own {
                by_y[*a] += (y - shared * sum) / e;
                by_one[*a] += (1.0 - shared * size) / e;
                for (b, _) in own {
                    let diagonal = if a == b { 1.0 } else { 0.0 };
                    m[[*a, *b]] += r * (diagonal - shared) / e;
                }
            }
        }
        let factor = Cholesky::new(&m)?;
        let (of_y, of_one) = (factor.solve(&by_y), factor.solve(&by_one));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let yy = yy - r * dot(&by_y, &of_y);
        let y1 = y1 - r * dot(&by_y, &of_one);
        let one = one - r * dot(&by_one, &of_one);
        let left = yy - y1 * y1 / one;
        let value = (self.n - 1.0) * left.ln() + log + factor.log_determinant() + one.ln();
        value.is_finite().then_some(value)
    }

    /// The best share of raters for an `icc`, and the deviance there.
    fn best(&self, icc: f64) -> Option<(f64, f64)> {
        least(0.0, NEARLY_ONE, &|share| self.deviance(icc, share))
    }

    pub(super) fn fit(&self, level: Level) -> Option<Fitted> {
        if self.raters > MOST_RATERS {
            return None;
        }
        let profile = |icc: f64| self.best(icc).map(|(_, d)| d);
        let (rough, _) = least(0.0, NEARLY_ONE, &profile)?;
        let (share, _) = self.best(rough)?;
        let (value, share) = self.polished(rough, share);
        let lowest = self.deviance(value, share)?.min(profile(value)?);
        let bound = chi_squared_upper_quantile(2.0 * level.tail(), 1.0);
        let outside = |icc: f64| profile(icc).is_none_or(|d| d - lowest > bound);
        let low = if outside(0.0) { crossing(value, 0.0, &outside) } else { 0.0 };
        let perfect = value >= NEARLY_ONE - 1e-9;
        let interval = (!perfect).then(|| (low, crossing(value, 1.0, &outside)));
        Some(Fitted { value, interval, boundary: value == 0.0 })
    }

    /// Comparing values finds a minimum to half of the digits; where the slopes vanish, to most.
    fn polished(&self, mut icc: f64, mut share: f64) -> (f64, f64) {
        for _ in 0..4 {
            let room = |x: f64| x.min(1.0 - x);
            let (h, g) = (0.02 * room(icc), 0.02 * room(share));
            if h < 1e-6 || g < 1e-6 {
                return self.polished_alone(icc, share);
            }
            let at = |a: f64, b: f64| self.deviance(icc + a * h, share + b * g);
            let Some(step) = newton_step(&at) else { return (icc, share) };
            // Steps beyond what the comparison left open are noise.
            if step.0.abs() > 1.0 || step.1.abs() > 1.0 {
                return (icc, share);
            }
            (icc, share) = (icc + step.0 * h, share + step.1 * g);
        }
        (icc, share)
    }

    /// The same along one variance, where that of raters is at 0.
    fn polished_alone(&self, mut icc: f64, share: f64) -> (f64, f64) {
        if icc < 1e-9 {
            return (0.0, share);
        }
        let share = if share < 1e-6 { 0.0 } else { share };
        for _ in 0..4 {
            let h = 0.02 * icc.min(1.0 - icc);
            let at = |a: f64| self.deviance(icc + a * h, share);
            let (Some(slope), Some(bend)) = (slope(&at), bend(&at)) else { break };
            if !(bend > 0.0 && (slope / bend).abs() <= 1.0) {
                break;
            }
            icc -= h * slope / bend;
        }
        (icc, share)
    }
}

const NEARLY_ONE: f64 = 1.0 - 1e-10;

/// f′(0) by central differences of sixth order.
fn slope(f: &dyn Fn(f64) -> Option<f64>) -> Option<f64> {
    let odd = |a: f64| Some(f(a)? - f(-a)?);
    Some((45.0 * odd(1.0)? - 9.0 * odd(2.0)? + odd(3.0)?) / 60.0)
}

/// f″(0).
fn bend(f: &dyn Fn(f64) -> Option<f64>) -> Option<f64> {
    Some(f(1.0)? - 2.0 * f(0.0)? + f(-1.0)?)
}

/// Newton's step to the minimum of a function of two steps.
fn newton_step(f: &dyn Fn(f64, f64) -> Option<f64>) -> Option<(f64, f64)> {
    let (a, b) = (slope(&|x| f(x, 0.0))?, slope(&|y| f(0.0, y))?);
    let (aa, bb) = (bend(&|x| f(x, 0.0))?, bend(&|y| f(0.0, y))?);
    let ab = (f(1.0, 1.0)? - f(1.0, -1.0)? - f(-1.0, 1.0)? + f(-1.0, -1.0)?) / 4.0;
    let determinant = aa * bb - ab * ab;
    (aa > 0.0 && determinant > 0.0)
        .then(|| ((ab * b - bb * a) / determinant, (ab * a - aa * b) / determinant))
}

/// Where a function with one valley is least: golden section, and both ends looked at.
fn least(low: f64, high: f64, f: &dyn Fn(f64) -> Option<f64>) -> Option<(f64, f64)> {
    let value = |x: f64| f(x).unwrap_or(f64::INFINITY);
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (low, high);
    let (mut c, mut d) = (b - golden * (b - a), a + golden * (b - a));
    let (mut at_c, mut at_d) = (value(c), value(d));
    for _ in 0..50 {
        if at_c <= at_d {
            (b, d, at_d) = (d, c, at_c);
            c = b - golden * (b - a);
            at_c = value(c);
        } else {
            (a, c, at_c) = (c, d, at_d);
            d = a + golden * (b - a);
            at_d = value(d);
        }
    }
    let inner = if at_c <= at_d { (c, at_c) } else { (d, at_d) };
    let ends = [low, high].map(|x| (x, value(x)));
    let best = ends.into_iter().fold(inner, |best, end| if end.1 <= best.1 { end } else { best });
    best.1.is_finite().then_some(best)
}

/// Where what holds at `to`, and not at `from`, begins to.
fn crossing(from: f64, to: f64, outside: &dyn Fn(f64) -> bool) -> f64 {
    let (mut inside, mut out) = (from, to);
    for _ in 0..50 {
        let middle = 0.5 * (inside + out);
        if outside(middle) { out = middle } else { inside = middle }
    }
    0.5 * (inside + out)
}
