//! What the three robust correlations share: each variable is transformed by itself so that
//! extreme values can't rule it, and the product-moment correlation of the results is taken.

use super::fisher::{artanh, interval_with_reach, perfect_interval};
use super::method::{Method, blank};
use super::moments::{Moments, power_of_two_scale};
use super::pearson::{a_row_each, check, t_test_of};
use crate::double_double::DoubleDouble;
use crate::tails::t_upper_quantile;
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note, Paired};

/// A robust correlation of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Robust {
    /// The coefficient.
    pub r: f64,
    /// 1 − r², kept apart because it has digits that `r` near ±1 has not.
    pub unexplained: f64,
    /// Degrees of freedom of the test.
    pub df: f64,
    /// Standard error from the influence of each respondent, the transformation taken as given;
    /// `None` with three respondents.
    pub std_error: Option<f64>,
    /// Respondents.
    pub n_obs: usize,
    blank: Estimate,
}

/// How a method transforms a variable: `None` where most values are equal, so that it would
/// divide by zero or leave nothing to correlate.
pub(crate) type Transform = fn(&[f64]) -> Option<Vec<f64>>;

/// The correlation of transformed variables and 1 − r².
pub(crate) fn transformed_correlation(a: &[f64], b: &[f64]) -> Option<(f64, f64)> {
    Moments::about_zero(a, b).correlation()
}

/// A pair by one of the three methods; `lost` is how many respondents the test does not count.
pub(super) fn robust(
    pair: &Paired,
    method: Method,
    analysis: &'static str,
    transform: Transform,
    lost: impl Fn(usize) -> usize,
) -> Result<Robust> {
    check(pair, analysis)?;
    let rows = a_row_each(pair, analysis)?;
    let transformed = |name: &str, values: &[f64]| {
        transform(values).ok_or_else(|| Error::NoSpread { column: name.to_owned(), analysis })
    };
    let (a, b) = (transformed(pair.x_name(), rows.x())?, transformed(pair.y_name(), rows.y())?);
    let undefined = || Error::NoSpread { column: pair.x_name().to_owned(), analysis };
    let (r, unexplained) = transformed_correlation(&a, &b).ok_or_else(undefined)?;
    let n_obs = pair.n_obs();
    Ok(Robust {
        r,
        unexplained,
        df: (n_obs - 2 - lost(n_obs)) as f64,
        std_error: (n_obs > 3).then(|| std_error(&a, &b, r, unexplained)),
        n_obs,
        blank: blank(pair, method),
    })
}

/// √(Σ(uv − r(u² + v²)/2)² / (n(n − 3))), with u and v of mean square 1.
fn std_error(a: &[f64], b: &[f64], r: f64, unexplained: f64) -> f64 {
    // In double-double, so that the order of rows leaves no trace.
    let sum = |terms: &mut dyn Iterator<Item = f64>| {
        let mut sum = DoubleDouble::ZERO;
        terms.for_each(|t| sum += DoubleDouble::product(t, t));
        f64::from(sum)
    };
    let n = a.len() as f64;
    let unit = |values: &[f64]| {
        let scale = power_of_two_scale(values);
        scale * (n / sum(&mut values.iter().map(|v| v * scale))).sqrt()
    };
    let (a_unit, b_unit, size) = (unit(a), unit(b), r.abs());
    let mut influences = a.iter().zip(b).map(|(a, b)| {
        let (u, v) = (a * a_unit, (b * b_unit).copysign(b * r));
        // (1 − |r|)uv − |r|(u − v)²/2 is the same, and keeps its digits where |r| is next to 1.
        unexplained / (1.0 + size) * u * v - 0.5 * size * (u - v) * (u - v)
    });
    (sum(&mut influences) / (n * (n - 3.0))).sqrt()
}

impl Robust {
    /// The coefficient with its interval by the delta method on artanh r and its t test.
    ///
    /// With three respondents, or fewer than one degree of freedom, parts of it are missing and
    /// the note says so; where r is ±1 the interval has no width and there is no test.
    pub fn estimate(&self, level: Level) -> Estimate {
        let mut estimate = self.blank.clone();
        estimate.value = Some(self.r);
        if self.r.abs() == 1.0 {
            estimate.std_error = Some(0.0);
            estimate.interval =
                (self.n_obs > 3).then(|| perfect_interval(self.r, level, "delta_z"));
            estimate.note = Some(Note::PerfectFit);
            return estimate;
        }
        // The statistic has n − 2 whatever the degrees of freedom of its distribution.
        let t = self.r * ((self.n_obs as f64 - 2.0) / self.unexplained).sqrt();
        estimate.test = t_test_of(t, self.df);
        match self.std_error.filter(|se| *se > 0.0) {
            Some(se) => {
                estimate.std_error = Some(se);
                let z = artanh(self.r, self.unexplained);
                let reach = t_upper_quantile(level.tail(), self.df) * se / self.unexplained;
                estimate.interval = Some(interval_with_reach(z, reach, level, "delta_z"));
            }
            None => estimate.note = Some(Note::TooFewForInterval),
        }
        estimate
    }
}

/// Each value less the median, and the median of their sizes: to the last digit also where the
/// values share a large offset, because no rounded median is subtracted.
pub(super) fn from_median(values: &[f64]) -> (Vec<f64>, f64) {
    let scale = 0.5 * power_of_two_scale(values);
    let (low, high) = middle(&mut values.to_vec());
    let (low, high) = (low * scale, high * scale);
    let deviations: Vec<f64> =
        values.iter().map(|v| 0.5 * ((v * scale - low) + (v * scale - high))).collect();
    let mut sizes: Vec<f64> = deviations.iter().map(|d| d.abs()).collect();
    let (low, high) = middle(&mut sizes);
    (deviations, 0.5 * (low + high))
}

/// The two middle values, or twice the middle one. Reorders the values.
fn middle(values: &mut [f64]) -> (f64, f64) {
    let half = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, high, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let high = *high;
    if !even {
        return (high, high);
    }
    (below.iter().copied().fold(f64::NEG_INFINITY, f64::max), high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_between() {
        let (deviations, size) = from_median(&[1.0, 2.0, 4.0, 100.0]);
        // On the scale of a power of two, here 1/128.
        let unscaled: Vec<f64> = deviations.iter().map(|d| d * 128.0).collect();
        assert_eq!(unscaled, [-2.0, -1.0, 1.0, 97.0]);
        assert_eq!(size * 128.0, 1.5);
    }

    #[test]
    fn the_ends_of_the_range_do_not_overflow() {
        let (deviations, size) = from_median(&[-1.7e308, 0.0, 1e308, 1.7e308, 1.0]);
        assert!(deviations.iter().all(|d| d.is_finite()) && size.is_finite());
    }
}
