//! Intervals from bootstrap values.

use crate::tails::{normal_cdf, normal_quantile};
use ssi_vocab::{Interval, Level};

/// The two corrections of the BCa interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Correction {
    /// Bias, on the normal scale.
    pub(crate) z0: f64,
    /// Acceleration: how fast the standard error changes with the estimate.
    pub(crate) acceleration: f64,
}

/// z₀ from the share of bootstrap values below the estimate, ties counting half.
///
/// `None` where all lie on one side: then no shift of the normal scale can say how far.
pub(crate) fn bias(draws: &[f64], estimate: f64) -> Option<f64> {
    // A resample that holds the same respondents differs from the sample by rounding only.
    let equal = |d: f64| (d - estimate).abs() <= 1e-13 * estimate.abs();
    let ties = draws.iter().filter(|d| equal(**d)).count() as f64;
    let below = draws.iter().filter(|d| **d < estimate && !equal(**d)).count() as f64;
    let share = (below + 0.5 * ties) / draws.len() as f64;
    (share > 0.0 && share < 1.0).then(|| normal_quantile(share))
}

/// The acceleration from the estimates without one respondent; row `i` counts `counts[i]` times.
///
/// # Formula
/// ΣL³ / (6 (ΣL²)^(3/2)) with L the mean of the leave-one-out values less each of them.
pub(crate) fn acceleration(without: &[Option<f64>], counts: Option<&[u64]>) -> Option<f64> {
    let weight = |i: usize| counts.map_or(1.0, |w| w[i] as f64);
    let used = || without.iter().enumerate().filter(|(i, _)| weight(*i) > 0.0);
    let (mut sum, mut n) = (0.0, 0.0);
    for (i, value) in used() {
        sum += weight(i) * (*value)?;
        n += weight(i);
    }
    let mean = sum / n;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for (i, value) in used() {
        let influence = mean - (*value)?;
        squares += weight(i) * influence * influence;
        cubes += weight(i) * influence * influence * influence;
    }
    // Equal influence of all respondents leaves rounding only.
    if squares <= n * 1e-30 { Some(0.0) } else { Some(cubes / (6.0 * squares * squares.sqrt())) }
}

/// The BCa interval. `None` where the corrections are so strong that the ends lose their order.
pub(crate) fn bca(ascending: &[f64], correction: Correction, level: Level) -> Option<Interval> {
    let Correction { z0, acceleration } = correction;
    let moved = |p: f64| {
        let z = z0 + normal_quantile(p);
        let shrunk = 1.0 - acceleration * z;
        (shrunk > 0.0).then(|| normal_cdf(z0 + z / shrunk))
    };
    let (low, high) = (moved(level.tail())?, moved(1.0 - level.tail())?);
    Some(Interval {
        low: order_statistic(ascending, low),
        high: order_statistic(ascending, high),
        level,
        method: "bca".to_owned(),
    })
}

/// The interval between two quantiles of the bootstrap values.
pub(crate) fn percentile(ascending: &[f64], level: Level) -> Interval {
    Interval {
        low: order_statistic(ascending, level.tail()),
        high: order_statistic(ascending, 1.0 - level.tail()),
        level,
        method: "percentile".to_owned(),
    }
}

/// The quantile at (R + 1)·p, between two values interpolated on the normal scale, as R's package
/// boot does it.
pub(super) fn order_statistic(ascending: &[f64], p: f64) -> f64 {
    let count = ascending.len();
    let place = (count as f64 + 1.0) * p;
    let k = place.floor() as usize;
    if k == 0 {
        return ascending[0];
    }
    if k >= count {
        return ascending[count - 1];
    }
    let (low, high) = (ascending[k - 1], ascending[k]);
    if place == k as f64 {
        return low;
    }
    let scale = |i: f64| normal_quantile(i / (count as f64 + 1.0));
    let (start, end) = (scale(k as f64), scale(k as f64 + 1.0));
    low + (normal_quantile(p) - start) / (end - start) * (high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_ties_count_as_below() {
        assert_eq!(bias(&[0.1, 0.2, 0.2, 0.3], 0.2), Some(0.0));
        assert_eq!(bias(&[0.1, 0.1], 0.2), None);
    }

    #[test]
    fn without_corrections_bca_is_percentile() {
        let draws: Vec<f64> = (0..999).map(|i| f64::from(i) / 1000.0).collect();
        let none = Correction { z0: 0.0, acceleration: 0.0 };
        let (bca, percentile) =
            (bca(&draws, none, Level::DEFAULT).unwrap(), percentile(&draws, Level::DEFAULT));
        assert!((bca.low - percentile.low).abs() < 1e-12);
        assert!((bca.high - percentile.high).abs() < 1e-12);
        // (999 + 1)·0.025 is the 25th value.
        assert!((percentile.low - 0.024).abs() < 1e-12);
    }

    #[test]
    fn symmetric_influence_has_no_acceleration() {
        let without = [Some(0.1), Some(0.2), Some(0.3)];
        assert!(acceleration(&without, None).unwrap().abs() < 1e-15);
        assert_eq!(acceleration(&[Some(0.1), None], None), None);
    }
}
