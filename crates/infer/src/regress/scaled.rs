use super::covariance::is_one;
use super::{Ols, real::total};
use crate::{Error, Result};
use ndarray::{ArrayView2, array};
use serde::{Deserialize, Serialize};
use ssi_vocab::{HalfWidth, Interval, Level, Weights};

/// The spread of a single respondent is not taken to be below this share of the mean spread,
/// wherever its straight line may lead.
const LEAST: f64 = 0.25;

impl Ols {
    /// Prediction intervals of one respondent each that are wide where the outcome scatters widely,
    /// and take no distribution for granted.
    ///
    /// [`Ols::predict`] takes the residuals to be normal with equal spread. Here the spread may
    /// change along the fitted values, and how many spreads to each side it takes to hold the share
    /// asked for is read off the respondents themselves, each left out in turn.
    ///
    /// # Formula
    /// ŷ(x) ± q·s(x)·√(1 + h(x)), with h(x) = xᵀ(XᵀX)⁻¹x. The spread s is the least-squares line of
    /// |eᵢ|/√(1 − hᵢ) on the fitted values, a quarter of its mean at least. q is the ⌈level·(n + 1)⌉-th
    /// smallest of the n scores |eᵢ|/(√(1 − hᵢ)·s₍ᵢ₎), where s₍ᵢ₎ is the line at respondent i fitted
    /// without respondent i. eᵢ/√(1 − hᵢ) is the residual of i from a fit without i, over √(1 + h) of
    /// that fit, so that neither fit has seen the respondent whom it is judged by, and both leave
    /// one respondent out in closed form.
    ///
    /// # Assumptions
    /// Respondents are independent and the one to come is like them. Over all respondents the share
    /// is held whatever the distribution, up to the stability of two least-squares fits
    /// (`tests/COVERAGE.md`); for those with a given score it is as good as the line of the spread.
    /// The intervals reach equally far to both sides, also where the outcome is skewed.
    ///
    /// # Missing data
    /// The fit is one of complete cases.
    ///
    /// # Errors
    /// [`Error::WrongWidth`] unless the matrix has a column for each coefficient. `None` where
    /// there are too few respondents for the level (19 are needed for 95 %), for a perfect fit, and
    /// with analytic or probability weights, under which respondents are not alike.
    ///
    /// # References
    /// Lei, J., G'Sell, M., Rinaldo, A., Tibshirani, R. J. & Wasserman, L. (2018).
    /// Distribution-free predictive inference for regression. doi:10.1080/01621459.2017.1307116.
    /// Steinberger, L. & Leeb, H. (2023). Conditional predictive inference for stable algorithms.
    /// doi:10.1214/22-AOS2250. Glejser, H. (1969). A new test for heteroskedasticity.
    /// doi:10.1080/01621459.1969.10500976
    pub fn scaled_intervals(
        &self,
        x: ArrayView2<'_, f64>,
        level: Level,
    ) -> Result<Option<Vec<Interval>>> {
        let k = self.coefficients.len();
        if x.ncols() != k {
            return Err(Error::WrongWidth { needed: k, found: x.ncols() });
        }
        let Some((spread, q)) = self.spread().and_then(|s| Some((s, self.reach(&s, level)?)))
        else {
            return Ok(None);
        };
        let one = |p: super::Prediction| {
            let h = (p.std_error / self.sigma) * (p.std_error / self.sigma);
            let half = q * spread.at(p.fitted) * (1.0 + h).sqrt();
            let (low, high) = (p.fitted - half, p.fitted + half);
            Interval { low, high, level, method: "scaled_jackknife".to_owned() }
        };
        Ok(Some(self.predict(x, level)?.into_iter().map(one).collect()))
    }

    /// Half the widths of [`Ols::scaled_intervals`] for a low and a high value of a line's predictor:
    /// its tenth and ninetieth percentile, as observed. Nothing for other models, where the two
    /// coincide, and where there are no such intervals.
    pub fn scaled_half_widths(&self, level: Level) -> Vec<HalfWidth> {
        if !self.intercept || self.coefficients.len() != 2 {
            return Vec::new();
        }
        let mut values: Vec<(f64, f64)> =
            (0..self.residuals.len()).map(|i| (self.x[[i, 1]], self.times(i))).collect();
        values.sort_by(|a, b| a.0.total_cmp(&b.0));
        let tenth = self.n_obs as f64 / 10.0;
        let passed = |(value, times): &(f64, f64), seen: &mut f64| {
            *seen += times;
            (*seen > tenth).then_some(*value)
        };
        let (mut below, mut above) = (0.0, 0.0);
        let low = values.iter().find_map(|row| passed(row, &mut below));
        let high = values.iter().rev().find_map(|row| passed(row, &mut above));
        let (Some(low), Some(high)) = (low, high) else { return Vec::new() };
        let places = array![[1.0, low], [1.0, high]];
        let found = self.scaled_intervals(places.view(), level).ok().flatten();
        let half = |(at, i): (f64, Interval)| HalfWidth { at, half_width: (i.high - i.low) / 2.0 };
        [low, high]
            .into_iter()
            .zip(found.filter(|_| low < high).unwrap_or_default())
            .map(half)
            .collect()
    }

    /// What [`Ols::scaled_intervals`] needs of the respondents, to be kept without them; `None`
    /// where there are no such intervals.
    pub fn left_out_scores(&self) -> Option<Scores> {
        let spread = self.spread()?;
        let sorted = self.sorted_scores(&spread);
        let kept = self.n_obs.min(MOST_SCORES);
        let (mut seen, mut next) = (0.0, sorted.iter());
        let mut score = f64::NAN;
        let quantile = |k: usize| {
            let rank = (k * self.n_obs).div_ceil(kept) as f64;
            while seen < rank {
                let (value, times) = next.next()?;
                score = *value;
                seen += times;
            }
            // A respondent whom the fit passes through whatever the outcome has no score.
            score.is_finite().then_some(score)
        };
        let quantiles = (1..=kept).map_while(quantile).collect();
        let Spread { centre, mean, slope, .. } = spread;
        Some(Scores { n_obs: self.n_obs, centre, mean, slope, quantiles })
    }

    /// |e|/√(1 − h) of row `i`; `None` where the fit passes through it whatever its outcome.
    fn distance(&self, i: usize) -> Option<f64> {
        let hat = self.hat()[i];
        (!is_one(hat)).then(|| self.residuals[i].abs() / (1.0 - hat).sqrt())
    }

    /// The line of the distances on the fitted values.
    fn spread(&self) -> Option<Spread> {
        let alike = matches!(self.weights(), None | Some(Weights::Frequency(_)));
        if self.perfect || self.sigma <= 0.0 || !alike {
            return None;
        }
        let rows: Vec<(f64, f64, f64)> = (0..self.residuals.len())
            .filter(|i| self.times(*i) > 0.0)
            .filter_map(|i| Some((self.times(i), self.fitted[i], self.distance(i)?)))
            .collect();
        let sum = |f: &dyn Fn(&(f64, f64, f64)) -> f64| {
            f64::from(total(rows.iter().map(|row| f(row).into())))
        };
        let n = sum(&|r| r.0);
        let (centre, mean) = (sum(&|r| r.0 * r.1) / n, sum(&|r| r.0 * r.2) / n);
        let s_xx = sum(&|r| r.0 * (r.1 - centre) * (r.1 - centre));
        let s_xy = sum(&|r| r.0 * (r.1 - centre) * (r.2 - mean));
        // Fitted values that are equal but for rounding have no line.
        let varies = s_xx > n * (1e-12 * centre) * (1e-12 * centre);
        let (slope, s_xx) = if varies { (s_xy / s_xx, s_xx) } else { (0.0, f64::INFINITY) };
        let spread = Spread { n, centre, mean, slope, s_xx };
        (mean > 0.0 && slope.is_finite()).then_some(spread)
    }

    /// How many spreads to each side: q.
    fn reach(&self, spread: &Spread, level: Level) -> Option<f64> {
        let wanted = rank(level, self.n_obs);
        let mut seen = 0.0;
        let found = self.sorted_scores(spread).into_iter().find(|(_, times)| {
            seen += times;
            seen >= wanted
        });
        found.map(|(score, _)| score).filter(|score| score.is_finite())
    }

    /// Each respondent's distance in spreads of a line without this respondent, with how often it
    /// counts; the smallest first.
    fn sorted_scores(&self, spread: &Spread) -> Vec<(f64, f64)> {
        let mut scores: Vec<(f64, f64)> = (0..self.residuals.len())
            .filter(|i| self.times(*i) > 0.0)
            .map(|i| {
                let own = self.distance(i).map(|d| d / spread.without(self.fitted[i], d));
                (own.unwrap_or(f64::INFINITY), self.times(i))
            })
            .collect();
        scores.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        scores
    }
}

/// ⌈level·(n + 1)⌉.
fn rank(level: Level, n_obs: usize) -> f64 {
    // 0.95 · 20 must not be taken for more than 19.
    (level.get() * (n_obs as f64 + 1.0) - 1e-9).ceil()
}

/// As many order statistics of the scores are kept at most; beyond, every (n/1000)-th.
pub const MOST_SCORES: usize = 1_000;

/// How far respondents lie from the line, in units of a spread that goes with the fitted value: what
/// is left of them for [`Ols::scaled_intervals`].
///
/// With up to [`MOST_SCORES`] respondents the intervals are the same; with more, q is the next kept
/// score above, so that they are wider by a share of 1/1000 of the respondents at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Respondents.
    pub n_obs: usize,
    /// Mean of their fitted values.
    pub centre: f64,
    /// Mean of the distances, which is the spread at the centre.
    pub mean: f64,
    /// How much the spread grows along the fitted values.
    pub slope: f64,
    /// The ⌈k·n/m⌉-th smallest score for k = 1, …, m, where m is the smaller of n and
    /// [`MOST_SCORES`]; the last are missing where they are infinite.
    pub quantiles: Vec<f64>,
}

impl Scores {
    /// Half the width of an interval around a fitted value of leverage h; `None` where there are too
    /// few respondents for the level.
    pub fn half_width(&self, fitted: f64, h: f64, level: Level) -> Option<f64> {
        let kept = self.n_obs.min(MOST_SCORES);
        let wanted = rank(level, self.n_obs);
        let at = (1..=kept).find(|k| (k * self.n_obs).div_ceil(kept) as f64 >= wanted)?;
        let spread = (self.mean + self.slope * (fitted - self.centre)).max(LEAST * self.mean);
        Some(self.quantiles.get(at - 1)? * spread * (1.0 + h).sqrt())
    }
}

/// A straight line of distances on fitted values.
#[derive(Debug, Clone, Copy)]
struct Spread {
    n: f64,
    centre: f64,
    mean: f64,
    slope: f64,
    s_xx: f64,
}

impl Spread {
    fn at(&self, fitted: f64) -> f64 {
        (self.mean + self.slope * (fitted - self.centre)).max(LEAST * self.mean)
    }

    /// The line at a respondent of that fitted value and distance, fitted without this respondent.
    fn without(&self, fitted: f64, distance: f64) -> f64 {
        let moved = fitted - self.centre;
        let leverage = 1.0 / self.n + moved * moved / self.s_xx;
        let residual = distance - (self.mean + self.slope * moved);
        let line = distance - residual / (1.0 - leverage);
        let mean = (self.n * self.mean - distance) / (self.n - 1.0);
        // A respondent who alone makes the line has no line without: the mean of the others is left.
        if is_one(leverage) { mean } else { line.max(LEAST * mean) }
    }
}
