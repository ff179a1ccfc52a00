use super::Method;
use super::likelihood::{Slope, estimate, maximum, maximum_near};
use super::method::blank;
use super::moments::{is_constant, mean, power_of_two_scale};
use super::ordinal::{Levels, cumulated, thresholds};
use super::pearson::check;
use super::probit::Probit;
use super::ranks::Classes;
use crate::double_double::DoubleDouble;
use crate::tails::{normal_cdf, normal_sf};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Paired};
use std::f64::consts::PI;

/// The polyserial correlation of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Polyserial {
    /// The coefficient; ±1 where the likelihood is largest at the end of the range.
    pub rho: f64,
    /// Standard error, thresholds, mean and standard deviation counted as estimated; `None` at ±1.
    pub std_error: Option<f64>,
    /// The log-likelihood of the levels given the values, and what it is where they are
    /// independent.
    pub log_likelihood: [f64; 2],
    /// Where the variable behind the levels is cut.
    pub thresholds: Vec<f64>,
    /// Respondents.
    pub n_obs: usize,
    blank: Estimate,
}

/// The polyserial correlation: the correlation of a variable and a normal variable of which only
/// ordered levels were seen.
///
/// # Formula
/// Thresholds are the normal quantiles of the cumulated levels, z the standardised values (n − 1);
/// ρ maximises Σ ln(Φ((t_y − ρz)/√(1 − ρ²)) − Φ((t_{y−1} − ρz)/√(1 − ρ²))) (two steps). The column
/// with fewer different values is the ordinal one, the second where both have as many.
///
/// Standard error from the influence of each respondent, through the thresholds, the mean and the
/// standard deviation too; interval tanh(artanh ρ ± q·se/(1 − ρ²)). Test: twice the difference of
/// the log-likelihoods at ρ and at 0 against χ² with one degree of freedom. The interval needs three
/// respondents more than the thresholds, mean, standard deviation and ρ are numbers: of fewer it
/// would contradict the test.
/// [`super::full_likelihood()`] fits all of it at once.
///
/// # Assumptions
/// Respondents are independent; the two variables are jointly normal. The ordinal column has at
/// most [`super::MAX_LEVELS`] different values.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] below three respondents; [`Error::Constant`]; [`Error::TooManyLevels`].
///
/// # References
/// Olsson, U., Drasgow, F. & Dorans, N. J. (1982). The polyserial correlation coefficient.
/// doi:10.1007/BF02294164
///
/// # Example
/// ```
/// use ssi_infer::correlate::polyserial;
/// use ssi_vocab::Paired;
///
/// let x = [1.0, 2.0, 2.5, 3.0, 4.0, 5.5, 6.0, 7.0];
/// let y = [0.0, 0.0, 1.0, 0.0, 1.0, 2.0, 1.0, 2.0];
/// let rho = polyserial(&Paired::complete("x", &x, "y", &y)?)?.rho;
/// assert!(rho > 0.8 && rho < 1.0);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn polyserial(pair: &Paired) -> Result<Polyserial> {
    let sample = sample(pair)?;
    let found = maximum(|rho| sample.slope(rho), sample.at_ends())
        .ok_or(Error::NotConverged { analysis: ANALYSIS })?;
    Ok(Polyserial {
        rho: found.rho,
        std_error: (found.rho.abs() < 1.0).then(|| sample.std_error(found.rho)),
        log_likelihood: [found.log_likelihood, sample.slope(0.0).log_likelihood],
        thresholds: sample.cuts[1..sample.cuts.len() - 1].to_vec(),
        n_obs: pair.n_obs(),
        blank: blank(pair, Method::Polyserial),
    })
}

const ANALYSIS: &str = "the polyserial correlation";

fn sample(pair: &Paired) -> Result<Sample> {
    check(pair, ANALYSIS)?;
    let (values, levels) = sides(pair)?;
    Sample::new(values, &levels.code, levels.len, pair.counts())
        .ok_or_else(|| Error::Constant { column: pair.x_name().to_owned() })
}

/// The likelihood with all parameters free, and these where the variables are independent.
pub(super) fn probit(pair: &Paired) -> Result<(Probit, Vec<f64>)> {
    let Sample { rows, cuts, .. } = sample(pair)?;
    let n: f64 = rows.iter().map(|row| row.2).sum();
    // From the standard deviation with n − 1 to that with n.
    let unit = (n / (n - 1.0)).sqrt();
    let rows = rows.into_iter().map(|(z, level, weight)| (z * unit, level, weight)).collect();
    let inner = &cuts[1..cuts.len() - 1];
    let start = inner.iter().copied().chain([1.0, 0.0]).collect();
    Ok((Probit { rows, levels: inner.len() + 1 }, start))
}

/// True where the first column is the one of levels: that with fewer different values.
pub(super) fn levels_are_first(pair: &Paired) -> bool {
    let different = |values: &[f64]| {
        let sizes = Classes::new(values).sizes(pair.counts());
        sizes.into_iter().filter(|size| *size > 0).count()
    };
    different(pair.x()) < different(pair.y())
}

/// The values and the levels of a pair.
pub(crate) fn sides(pair: &Paired) -> Result<(&[f64], Levels)> {
    Ok(if levels_are_first(pair) {
        (pair.y(), Levels::new(pair.x_name(), pair.x(), pair.counts())?)
    } else {
        (pair.x(), Levels::new(pair.y_name(), pair.y(), pair.counts())?)
    })
}

/// ρ of a resample whose answer is expected near `start`; `None` where a column is constant.
pub(crate) fn rho_near(values: &[f64], code: &[u32], levels: usize, start: f64) -> Option<f64> {
    let sample = Sample::new(values, code, levels, None)?;
    maximum_near(start, |rho| sample.slope(rho), sample.at_ends()).map(|m| m.rho)
}

impl Polyserial {
    /// The coefficient with its interval by the delta method on artanh ρ and its
    /// likelihood-ratio test.
    pub fn estimate(&self, level: Level) -> Estimate {
        // Thresholds, mean, standard deviation and the correlation; from one or two influences
        // beyond these the standard error is far too small.
        let fitted = self.thresholds.len() + 3 + 2;
        estimate(&self.blank, self.rho, self.std_error, fitted, self.log_likelihood, level)
    }
}

/// Standardised values with their levels and how many respondents have them, in an order that does
/// not depend on that of the rows.
struct Sample {
    rows: Vec<(f64, usize, f64)>,
    cuts: Vec<f64>,
    shares: Vec<f64>,
    n: f64,
}

/// What a threshold contributes for a respondent: Φ(u), φ(u), and its derivatives by ρ.
struct Cut {
    u: f64,
    density: f64,
    first: f64,
    second: f64,
}

impl Sample {
    fn new(values: &[f64], code: &[u32], levels: usize, counts: Option<&[u64]>) -> Option<Self> {
        let weight = |i: usize| counts.map_or(1, |w| w[i]);
        let scale = power_of_two_scale(values);
        let bar = mean(values, counts, scale);
        let centred: Vec<f64> =
            values.iter().map(|v| f64::from(DoubleDouble::from(v * scale) - bar)).collect();
        let (mut squares, mut sizes) = (DoubleDouble::ZERO, vec![0_u64; levels]);
        for (i, d) in centred.iter().enumerate() {
            squares += DoubleDouble::product(*d, *d) * weight(i) as f64;
            sizes[code[i] as usize] += weight(i);
        }
        let n = sizes.iter().sum::<u64>() as f64;
        let sd = (f64::from(squares) / (n - 1.0)).sqrt();
        let seen: Vec<usize> = (0..levels).filter(|l| sizes[*l] > 0).collect();
        if seen.len() < 2 || sd == 0.0 || is_constant(values, counts) {
            return None;
        }
        let mut place = vec![0; levels];
        seen.iter().enumerate().for_each(|(i, level)| place[*level] = i);
        let sums = cumulated(seen.iter().map(|l| sizes[*l]));
        let mut rows: Vec<(f64, usize, f64)> = (0..values.len())
            .filter(|i| weight(*i) > 0)
            .map(|i| (centred[i] / sd, place[code[i] as usize], weight(i) as f64))
            .collect();
        rows.sort_unstable_by(|a, b| a.1.cmp(&b.1).then(a.0.total_cmp(&b.0)));
        // Equal respondents stand together, so that counts give what the rows give.
        rows.dedup_by(|next, row| {
            let same = (next.0, next.1) == (row.0, row.1);
            if same {
                row.2 += next.2;
            }
            same
        });
        let shares = sums.iter().map(|s| *s as f64 / n).collect();
        Some(Self { rows, cuts: thresholds(&sums), shares, n })
    }

    fn cut(&self, at: usize, z: f64, rho: f64) -> Cut {
        let cut = self.cuts[at];
        if cut.is_infinite() {
            return Cut { u: cut, density: 0.0, first: 0.0, second: 0.0 };
        }
        let rest = (1.0 - rho) * (1.0 + rho);
        let root = rest.sqrt();
        let u = (cut - rho * z) / root;
        let density = (-0.5 * u * u).exp() / (2.0 * PI).sqrt();
        let turn = (rho * cut - z) / (rest * root);
        let bend = cut / (rest * root) + 3.0 * rho * turn / rest;
        Cut { u, density, first: density * turn, second: density * (bend - u * turn * turn) }
    }

    fn slope(&self, rho: f64) -> Slope {
        let mut slope = Slope { log_likelihood: 0.0, score: 0.0, curvature: 0.0 };
        for (z, level, n) in &self.rows {
            let (low, high) = (self.cut(*level, *z, rho), self.cut(level + 1, *z, rho));
            let p = between(low.u, high.u);
            let relative = (high.first - low.first) / p;
            slope.log_likelihood += if p > 0.0 { n * p.ln() } else { f64::NEG_INFINITY };
            slope.score += n * relative;
            slope.curvature += n * ((high.second - low.second) / p - relative * relative);
        }
        slope
    }

    /// The log-likelihood at −1 and 1: 0 where each value lies between the thresholds of its
    /// level, else no respondent could be as this one is.
    fn at_ends(&self) -> [f64; 2] {
        [-1.0, 1.0].map(|end| {
            let inside = |(z, level, _): &(f64, usize, f64)| {
                let at = end * z;
                self.cuts[*level] < at && at < self.cuts[level + 1]
            };
            if self.rows.iter().all(inside) { 0.0 } else { f64::NEG_INFINITY }
        })
    }

    /// From the influence of each respondent on ρ.
    ///
    /// # Formula
    /// With s = P′/P the score of a respondent, F the mean derivative of the score by a first-step
    /// parameter and g that parameter's influence: (s + ΣF·g) / I. The derivatives are the expected
    /// ones given z, −Σ (P′/P) ∂P over all levels; g is (1[y ≤ t] − Pₜ)/φ(t) for a threshold, z for
    /// the mean and (z² − 1)/2 for the standard deviation, both in units of it.
    fn std_error(&self, rho: f64) -> f64 {
        let levels = self.cuts.len() - 1;
        let n = self.n;
        let root = ((1.0 - rho) * (1.0 + rho)).sqrt();
        let (mut information, mut by_mean, mut by_sd) = (0.0, 0.0, 0.0);
        let mut by_cut = vec![0.0; levels + 1];
        for (z, _, weight) in &self.rows {
            let cuts: Vec<Cut> = (0..=levels).map(|at| self.cut(at, *z, rho)).collect();
            let mut below = 0.0;
            for level in 0..levels {
                let (low, high) = (&cuts[level], &cuts[level + 1]);
                let p = between(low.u, high.u);
                let first = high.first - low.first;
                let score = if p > 0.0 { first / p } else { 0.0 };
                information += weight * score * first;
                let by_z = -rho / root * (high.density - low.density) * weight;
                by_mean += score * by_z;
                by_sd += score * by_z * z;
                by_cut[level] -= (below - score) * weight * low.density / root;
                below = score;
            }
        }
        let normal = |cut: f64| (-0.5 * cut * cut).exp() / (2.0 * PI).sqrt();
        let mut squares = 0.0;
        for (z, level, weight) in &self.rows {
            let (low, high) = (self.cut(*level, *z, rho), self.cut(level + 1, *z, rho));
            let mut influence = (high.first - low.first) / between(low.u, high.u);
            for (at, slope) in by_cut.iter().enumerate().take(levels).skip(1) {
                let below = f64::from(u8::from(*level < at));
                influence += slope / n * (below - self.shares[at]) / normal(self.cuts[at]);
            }
            influence += by_mean / n * z + by_sd / n * 0.5 * (z * z - 1.0);
            squares += weight * influence * influence;
        }
        squares.sqrt() / information
    }
}

/// Φ(high) − Φ(low), from the nearer tails.
pub(super) fn between(low: f64, high: f64) -> f64 {
    if low > 0.0 { normal_sf(low) - normal_sf(high) } else { normal_cdf(high) - normal_cdf(low) }
}
