use super::slopes::Slopes;
use crate::correlate::{Kendall, first_above, kendall};
use crate::model::{Fit, Kind, ModelError};
use crate::regress::ols;
use crate::tails::normal_upper_quantile;
use crate::{Error, Result};
use ssi_vocab::{Design, Estimate, Interval, Level, Note, Paired, Weights};

/// A line through the median of all slopes.
#[derive(Debug, Clone)]
pub struct TheilSen {
    /// Coefficients and residuals; no covariance.
    pub fit: Fit,
    /// Predictor, outcome and how many respondents, a row a row.
    pub(super) points: Vec<(f64, f64, u64)>,
    slopes: Slopes,
    tau: Kendall,
    perfect: bool,
}

/// Theil and Sen's line: the median of the slopes of all pairs, and the intercept that goes with
/// the medians of both variables.
///
/// # Formula
/// b = median of (yⱼ − yᵢ)/(xⱼ − xᵢ) over all pairs with xᵢ ≠ xⱼ; intercept
/// median(y) − b·median(x). Up to 1,200 different points all slopes are sorted; beyond, the same
/// slope is selected in O(n log n).
///
/// Test: Kendall's, of no monotone relation. Interval: the slopes that this test would not refuse
/// at the level, so that both agree; exact with fewer than 50 respondents without ties, else by
/// the normal distribution with the tie-corrected variance and a continuity correction. The
/// intercept has none.
///
/// # Assumptions
/// Respondents are independent, and residuals have the same distribution whatever the predictor.
/// Breakdown point 29 %.
///
/// # Missing data
/// Complete cases, as the design has them. A frequency weight is that many respondents.
///
/// # Errors
/// [`ModelError::OnePredictor`]; else those of [`ols`](crate::regress::ols) and
/// [`kendall`](crate::correlate::kendall()).
///
/// # References
/// Theil (1950), doi:10.1007/978-94-011-2546-8_20; Sen (1968),
/// doi:10.1080/01621459.1968.10480934.
///
/// # Example
/// ```
/// use ssi_infer::{formula::design, robust::theil_sen};
/// use ssi_vocab::{Column, Table};
/// let numbers = |v: &[f64]| v.iter().copied().map(Ok).collect::<Vec<_>>();
/// let table = Table::new(
///     vec![
///         Column::number("score", numbers(&[1.0, 2.0, 3.0, 4.0])),
///         Column::number("ssi", numbers(&[11.0, 19.0, 31.0, 0.0])),
///     ],
///     vec![2, 3, 4, 5],
/// )?;
/// // Slopes 8, 10, 12 and, to the last respondent, −11/3, −9.5, −31.
/// let line = theil_sen(&design(&table, "ssi ~ score")?)?;
/// assert!((line.fit.coefficients[1] - (8.0 - 11.0 / 3.0) / 2.0).abs() < 1e-14);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn theil_sen(design: &Design) -> Result<TheilSen> {
    let model = Kind::TheilSen.code();
    if design.terms.len() != 2 || !design.intercept {
        return Err(ModelError::OnePredictor { model }.into());
    }
    let counts = match &design.weights {
        None => None,
        Some(Weights::Frequency(counts)) => Some(counts.clone()),
        Some(other) => return Err(Error::Unweighted { analysis: model, kind: other.kind() }),
    };
    // For its checks of the columns.
    let perfect = ols(design).map_err(|error| error.under(model))?.perfect;
    let (x, y) = (design.x.column(1).to_vec(), design.y.to_vec());
    let weight = |i: usize| counts.as_ref().map_or(1, |c| c[i]);
    let points: Vec<(f64, f64, u64)> = (0..x.len()).map(|i| (x[i], y[i], weight(i))).collect();
    let slopes = Slopes::new(&points);
    let unsettled = || Error::NotConverged { analysis: model };
    let slope = slopes.median().ok_or_else(unsettled)?;
    let intercept = through_medians(&points, slope);
    let pair = Paired::new(&design.terms[1], x, &design.outcome, y, counts, Vec::new())?;
    let mut fit = Fit::new(model, design, vec![intercept, slope]);
    fit.vcov = String::new();
    Ok(TheilSen { fit, points, slopes, tau: kendall(&pair)?, perfect })
}

/// The intercept that goes with a slope and the medians of both variables.
pub(super) fn through_medians(points: &[(f64, f64, u64)], slope: f64) -> f64 {
    let middle = |value: fn(&(f64, f64, u64)) -> f64| {
        median(points.iter().map(|p| (value(p), p.2)).collect())
    };
    middle(|p| p.1) - slope * middle(|p| p.0)
}

/// The median of values that occur several times.
fn median(mut values: Vec<(f64, u64)>) -> f64 {
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let n: u64 = values.iter().map(|v| v.1).sum();
    let at = |place: u64| {
        let mut passed = 0;
        let found = values.iter().find(|v| {
            passed += v.1;
            passed > place
        });
        found.map_or(0.0, |v| v.0)
    };
    let (lower, upper) = (at((n.max(1) - 1) / 2), at(n / 2));
    lower + 0.5 * (upper - lower)
}

impl TheilSen {
    /// Intercept and slope; the slope with its interval and Kendall's test.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        let mut rows = self.fit.estimates(level);
        if let Some(slope) = rows.last_mut() {
            slope.test = self.tau.estimate(level).test;
            slope.interval = self.interval(level);
            slope.note = match (&slope.interval, self.perfect) {
                (_, true) => Some(Note::PerfectFit),
                (None, _) => Some(Note::TooFewForInterval),
                _ => None,
            };
        }
        rows
    }

    /// The slopes that Kendall's test does not refuse; `None` where respondents are too few.
    pub fn interval(&self, level: Level) -> Option<Interval> {
        let pairs = self.slopes.len();
        let (below, method) = if self.tau.is_exact() {
            (first_above(self.tau.n_obs, level.tail()) as u128, "exact")
        } else {
            let half = normal_upper_quantile(level.tail()) * self.tau.null_variance().sqrt();
            let below = (0.5 * (pairs as f64 - half)).round();
            (if below > 0.0 { below as u128 } else { 0 }, "normal_corrected")
        };
        if below == 0 {
            return None;
        }
        Some(Interval {
            low: self.slopes.smallest(below)?,
            high: self.slopes.smallest(pairs + 1 - below)?,
            level,
            method: method.to_owned(),
        })
    }
}
