use super::Method;
use super::likelihood::{Slope, estimate, maximum, maximum_near};
use super::method::blank;
use super::ordinal::{Levels, cumulated, thresholds};
use super::pearson::check;
use crate::tails::{bivariate_normal_cdf, bivariate_normal_density, normal_cdf};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Paired};

/// The polychoric correlation of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Polychoric {
    /// The coefficient; ±1 where the likelihood is largest at the end of the range.
    pub rho: f64,
    /// Standard error, the thresholds counted as estimated; `None` at ±1.
    pub std_error: Option<f64>,
    /// The log-likelihood, and what it is where the variables are independent.
    pub log_likelihood: [f64; 2],
    /// Where the first variable is cut, between its levels.
    pub x_thresholds: Vec<f64>,
    /// Where the second variable is cut.
    pub y_thresholds: Vec<f64>,
    /// Respondents.
    pub n_obs: usize,
    blank: Estimate,
}

/// The polychoric correlation (tetrachoric for two by two levels): the correlation of two normal
/// variables of which only ordered levels were seen.
///
/// # Formula
/// Thresholds are the normal quantiles of the cumulated margins; ρ maximises Σ nᵢⱼ ln πᵢⱼ(ρ), πᵢⱼ
/// the probability of the cell between its thresholds under a bivariate normal distribution (two
/// steps). Cells without respondents say nothing by themselves, and nothing is added to them:
/// where the likelihood rises up to −1 or 1, as it may with a cell of zero, that end is the
/// estimate, with a note and without an interval.
///
/// Standard error from the influence of each cell on ρ, through the thresholds too (delta method
/// under the fitted model); interval tanh(artanh ρ ± q·se/(1 − ρ²)). Test: twice the difference of
/// the log-likelihoods at ρ and at 0 against χ² with one degree of freedom. No more respondents than
/// thresholds and one say nothing of their scatter: no interval. [`super::full_likelihood()`] fits
/// thresholds and ρ at once.
///
/// # Assumptions
/// Respondents are independent; behind the levels stand jointly normal variables. Columns have at
/// most [`super::MAX_LEVELS`] different values, of which only the order matters.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] below three respondents; [`Error::Constant`]; [`Error::TooManyLevels`].
///
/// # References
/// Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient.
/// doi:10.1007/BF02296207
///
/// # Example
/// ```
/// use ssi_infer::correlate::polychoric;
/// use ssi_vocab::Paired;
///
/// let (x, y) = (vec![0.0, 0.0, 1.0, 1.0], vec![0.0, 1.0, 0.0, 1.0]);
/// let pair = Paired::new("x", x, "y", y, Some(vec![30, 15, 15, 30]), vec![])?;
/// // Thresholds at 0: the probability of a quadrant is a matter of the arcsine.
/// let expected = (std::f64::consts::PI / 6.0).sin();
/// assert!((polychoric(&pair)?.rho - expected).abs() < 1e-14);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn polychoric(pair: &Paired) -> Result<Polychoric> {
    let margins = margins(pair)?;
    let found = maximum(|rho| margins.slope(rho), margins.at_ends())
        .ok_or(Error::NotConverged { analysis: ANALYSIS })?;
    let inner = |cuts: &[f64]| cuts[1..cuts.len() - 1].to_vec();
    Ok(Polychoric {
        rho: found.rho,
        std_error: (found.rho.abs() < 1.0).then(|| margins.std_error(found.rho)),
        log_likelihood: [found.log_likelihood, margins.slope(0.0).log_likelihood],
        x_thresholds: inner(&margins.x),
        y_thresholds: inner(&margins.y),
        n_obs: pair.n_obs(),
        blank: blank(pair, Method::Polychoric),
    })
}

/// The table of a pair's levels.
pub(super) fn margins(pair: &Paired) -> Result<Margins> {
    check(pair, ANALYSIS)?;
    let levels = |name: &str, values: &[f64]| Levels::new(name, values, pair.counts());
    let (x, y) = (levels(pair.x_name(), pair.x())?, levels(pair.y_name(), pair.y())?);
    let mut table = Crossed::empty(x.len, y.len);
    for (i, (a, b)) in x.code.iter().zip(&y.code).enumerate() {
        table.add(*a, *b, pair.counts().map_or(1, |w| w[i]));
    }
    table.margins().ok_or_else(|| Error::Constant { column: pair.x_name().to_owned() })
}

const ANALYSIS: &str = "the polychoric correlation";

impl Polychoric {
    /// The coefficient with its interval by the delta method on artanh ρ and its
    /// likelihood-ratio test.
    pub fn estimate(&self, level: Level) -> Estimate {
        let fitted = self.x_thresholds.len() + self.y_thresholds.len() + 1;
        estimate(&self.blank, self.rho, self.std_error, fitted, self.log_likelihood, level)
    }
}

/// Respondents by the levels of two columns.
#[derive(Debug, Clone)]
pub(crate) struct Crossed {
    cells: Vec<u64>,
    columns: usize,
}

impl Crossed {
    pub(crate) fn empty(rows: usize, columns: usize) -> Self {
        Self { cells: vec![0; rows * columns], columns }
    }

    pub(crate) fn add(&mut self, row: u32, column: u32, respondents: u64) {
        self.cells[row as usize * self.columns + column as usize] += respondents;
    }

    /// ρ from a table whose answer is expected near `start`; `None` where a column is constant.
    pub(crate) fn rho_near(&self, start: f64) -> Option<f64> {
        let margins = self.margins()?;
        maximum_near(start, |rho| margins.slope(rho), margins.at_ends()).map(|m| m.rho)
    }

    /// The table without its empty rows and columns, and their thresholds.
    pub(super) fn margins(&self) -> Option<Margins> {
        let rows: Vec<&[u64]> =
            self.cells.chunks(self.columns).filter(|r| r.iter().any(|n| *n > 0)).collect();
        let seen = |column: &usize| rows.iter().any(|row| row[*column] > 0);
        let columns: Vec<usize> = (0..self.columns).filter(seen).collect();
        if rows.len() < 2 || columns.len() < 2 {
            return None;
        }
        let cells: Vec<u64> = rows.iter().flat_map(|row| columns.iter().map(|c| row[*c])).collect();
        let width = columns.len();
        let x_sums = cumulated(cells.chunks(width).map(|row| row.iter().sum()));
        let y_sums = cumulated((0..width).map(|c| cells.iter().skip(c).step_by(width).sum()));
        Some(Margins { x: thresholds(&x_sums), y: thresholds(&y_sums), x_sums, y_sums, cells })
    }
}

/// A table with its margins: thresholds from −∞ to ∞, and respondents below each.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Margins {
    pub(super) cells: Vec<u64>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    x_sums: Vec<u64>,
    y_sums: Vec<u64>,
}

impl Margins {
    fn n(&self) -> f64 {
        self.x_sums.last().map_or(0.0, |n| *n as f64)
    }

    /// For each cell what a function of its upper right corner adds up to over its four corners.
    fn by_cell(&self, corner: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let width = self.y.len();
        let corners: Vec<f64> = (0..self.x.len())
            .flat_map(|i| (0..width).map(move |j| (i, j)))
            .map(|(i, j)| corner(i, j))
            .collect();
        let mut cells = Vec::with_capacity(self.cells.len());
        for i in 1..self.x.len() {
            for j in 1..width {
                let at = |i: usize, j: usize| corners[i * width + j];
                cells.push((at(i, j) - at(i - 1, j)) - (at(i, j - 1) - at(i - 1, j - 1)));
            }
        }
        cells
    }

    fn probabilities(&self, rho: f64) -> Vec<f64> {
        let (last_x, last_y) = (self.x.len() - 1, self.y.len() - 1);
        self.by_cell(|i, j| {
            // The margins are known from the counts.
            if i == 0 || j == 0 {
                0.0
            } else if i == last_x {
                self.y_sums[j] as f64 / self.n()
            } else if j == last_y {
                self.x_sums[i] as f64 / self.n()
            } else {
                bivariate_normal_cdf(self.x[i], self.y[j], rho)
            }
        })
    }

    fn slope(&self, rho: f64) -> Slope {
        let probability = self.probabilities(rho);
        let first = self.by_cell(|i, j| bivariate_normal_density(self.x[i], self.y[j], rho));
        let second = self.by_cell(|i, j| {
            let (h, k) = (self.x[i], self.y[j]);
            let density = bivariate_normal_density(h, k, rho);
            if density == 0.0 {
                return 0.0;
            }
            let rest = (1.0 - rho) * (1.0 + rho);
            let bend = h * k * (1.0 + rho * rho) - rho * (h * h + k * k);
            density * (rho + bend / rest) / rest
        });
        let mut slope = Slope { log_likelihood: 0.0, score: 0.0, curvature: 0.0 };
        for (i, n) in self.cells.iter().enumerate().filter(|(_, n)| **n > 0) {
            let (n, p) = (*n as f64, probability[i]);
            let relative = first[i] / p;
            slope.log_likelihood += if p > 0.0 { n * p.ln() } else { f64::NEG_INFINITY };
            slope.score += n * relative;
            slope.curvature += n * (second[i] / p - relative * relative);
        }
        slope
    }

    /// The log-likelihood at −1 and 1, where each cell is where two stretches of one line overlap.
    fn at_ends(&self) -> [f64; 2] {
        let n = self.x_sums.last().copied().unwrap_or(0);
        let width = self.y_sums.len() - 1;
        [-1.0, 1.0].map(|end| {
            let mut log_likelihood = 0.0;
            for (at, count) in self.cells.iter().enumerate().filter(|(_, n)| **n > 0) {
                let (i, j) = (at / width, at % width);
                let (low, high) = (self.y_sums[j], self.y_sums[j + 1]);
                let (low, high) = if end > 0.0 { (low, high) } else { (n - high, n - low) };
                let overlap = self.x_sums[i + 1].min(high).saturating_sub(self.x_sums[i].max(low));
                log_likelihood += *count as f64 * (overlap as f64 / n as f64).ln();
            }
            log_likelihood
        })
    }

    /// The end of the range up to which the likelihood rises, thresholds being free, with its
    /// supremum: where the cells with respondents lie along a line that never falls, or never
    /// rises, thresholds on one line give each of them its share.
    pub(super) fn at_end(&self) -> Option<(f64, f64)> {
        // Then these are the margins' thresholds too.
        let ends = self.at_ends();
        let at = ends.iter().position(|log_likelihood| log_likelihood.is_finite())?;
        Some(([-1.0, 1.0][at], ends[at]))
    }

    /// The thresholds of the margins and a correlation of 0.
    pub(super) fn independent(&self) -> Vec<f64> {
        let inner = |cuts: &[f64]| cuts[1..cuts.len() - 1].to_vec();
        [inner(&self.x), inner(&self.y), vec![0.0]].concat()
    }

    /// From the influence of a respondent in each cell on ρ.
    ///
    /// # Formula
    /// ρ solves Σ pᵢⱼ π′ᵢⱼ/πᵢⱼ = 0, in which the thresholds follow from p too. By the implicit
    /// function theorem the influence of a cell is
    /// (π′/π + Σ Fₜ·(1[below t] − Pₜ)/φ(t)) / Σ(π′²/π), the sum over all thresholds t, with
    /// Fₜ = −Σ (π′/π) ∂π/∂t.
    fn std_error(&self, rho: f64) -> f64 {
        let (rows, width) = (self.x.len() - 1, self.y.len() - 1);
        let probability = self.probabilities(rho);
        let first = self.by_cell(|i, j| bivariate_normal_density(self.x[i], self.y[j], rho));
        let relative: Vec<f64> = first
            .iter()
            .zip(&probability)
            .map(|(d, p)| if *p > 0.0 { d / p } else { 0.0 })
            .collect();
        let information: f64 = relative.iter().zip(&first).map(|(r, d)| r * d).sum();
        let root = ((1.0 - rho) * (1.0 + rho)).sqrt();
        // The probability of a level of one variable where the other stands on a threshold.
        let given = |cuts: &[f64], level: usize, at: f64| {
            let below = |cut: f64| normal_cdf((cut - rho * at) / root);
            below(cuts[level + 1]) - below(cuts[level])
        };
        let score = |i: usize, j: usize| relative[i * width + j];
        let by_x: Vec<f64> = (1..rows)
            .map(|a| {
                let change = |j| (score(a - 1, j) - score(a, j)) * given(&self.y, j, self.x[a]);
                -(0..width).map(change).sum::<f64>()
            })
            .collect();
        let by_y: Vec<f64> = (1..width)
            .map(|b| {
                let change = |i| (score(i, b - 1) - score(i, b)) * given(&self.x, i, self.y[b]);
                -(0..rows).map(change).sum::<f64>()
            })
            .collect();
        let n = self.n();
        let through = |slopes: &[f64], sums: &[u64], level: usize| {
            let terms = slopes.iter().enumerate().map(|(t, slope)| {
                slope * (f64::from(u8::from(level <= t)) - sums[t + 1] as f64 / n)
            });
            terms.sum::<f64>()
        };
        let mut variance = 0.0;
        for (at, p) in probability.iter().enumerate() {
            let (i, j) = (at / width, at % width);
            let influence =
                score(i, j) + through(&by_x, &self.x_sums, i) + through(&by_y, &self.y_sums, j);
            variance += p.max(0.0) * influence * influence;
        }
        (variance / n).sqrt() / information
    }
}
