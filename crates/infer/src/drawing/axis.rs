//! Axes and histograms with round edges.

use ssi_vocab::drawing::{Axis, Bins};

/// An axis over the values from `low` to `high`, widened to round ends, with ticks at multiples of
/// 1, 2 or 5 times a power of ten: about `ticks` of them.
///
/// Values that don't span a range get an axis of one unit around them.
pub fn round_axis(low: f64, high: f64, ticks: usize) -> Axis {
    let (low, high) = if high > low { (low, high) } else { (low - 0.5, low + 0.5) };
    let step = round_step((high - low) / ticks.max(1) as f64);
    // A value that is a multiple of the step but for rounding is a round end already.
    let slack = 1e-9;
    let min = ((low / step + slack).floor() * step).min(low);
    let max = ((high / step - slack).ceil() * step).max(high);
    Axis { min, max, step }
}

/// The number of the form 1, 2 or 5 times a power of ten that is nearest above `width`.
pub(crate) fn round_step(width: f64) -> f64 {
    if !(width > 0.0 && width.is_finite()) {
        return 1.0;
    }
    let exponent = libm::log10(width).floor() as i32;
    let steps = (exponent - 1..=exponent + 1).flat_map(|e| [1, 2, 5].map(|m| decimal(m, e)));
    let mut steps = steps.filter(|step| *step >= width * (1.0 - 1e-9));
    steps.next().unwrap_or(width)
}

/// `digit`·10^`exponent`, rounded once: 0.1 and not 0.1 + 1e-17.
fn decimal(digit: i32, exponent: i32) -> f64 {
    format!("{digit}e{exponent}").parse().unwrap_or(f64::from(digit))
}

/// A histogram of some values (with counts, if they have them) in bins of a round width.
///
/// The width is the round number at or above Freedman and Diaconis' 2·IQR/∛n, with 40 bins at
/// most. Values at a fixed distance `step` (a score in half points) get bins of whole steps with
/// the values at their centres, so that no value lies on an edge; otherwise edges are multiples of
/// the width, and a value at the end of the axis counts into the last bin within it.
///
/// # References
/// Freedman and Diaconis (1981), doi:10.1007/BF01025868.
pub(crate) fn bins(values: &[f64], counts: Option<&[u64]>, step: Option<f64>, axis: Axis) -> Bins {
    let mut sorted: Vec<(f64, u64)> = values
        .iter()
        .enumerate()
        .map(|(i, v)| (*v, counts.map_or(1, |counts| counts[i])))
        .filter(|(v, count)| v.is_finite() && *count > 0)
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(low), Some(high)) = (sorted.first().map(|v| v.0), sorted.last().map(|v| v.0)) else {
        return Bins::default();
    };
    let n: u64 = sorted.iter().map(|v| v.1).sum();
    let quantile = |share: f64| {
        let mut rest = share * n as f64;
        let found = sorted.iter().find(|(_, count)| {
            rest -= *count as f64;
            rest <= 0.0
        });
        found.map_or(high, |v| v.0)
    };
    let wanted = 2.0 * (quantile(0.75) - quantile(0.25)) / libm::cbrt(n as f64);
    let wanted = wanted.max((high - low) / 40.0);
    let step = step.filter(|step| *step > 0.0);
    let (width, origin) = match step {
        Some(step) => (step * (wanted / step - 1e-9).ceil().max(1.0), -step / 2.0),
        None => (round_step(if wanted > 0.0 { wanted } else { axis.step }), 0.0),
    };
    let bin = |v: f64| ((v - origin) / width + 1e-9).floor();
    let first = bin(low);
    let mut last = bin(high);
    let ends_axis = step.is_none() && last > first && last * width + origin >= axis.max;
    if ends_axis {
        last -= 1.0;
    }
    let size = (last - first) as usize + 1;
    let mut bins = Bins {
        edges: (0..=size).map(|i| (first + i as f64) * width + origin).collect(),
        counts: vec![0; size],
    };
    for (value, count) in &sorted {
        let at = (bin(*value) - first) as usize;
        bins.counts[at.min(size - 1)] += count;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_ends() {
        assert_eq!(round_axis(3.2, 96.0, 5), Axis { min: 0.0, max: 100.0, step: 20.0 });
        assert_eq!(round_axis(-0.12, 0.31, 5), Axis { min: -0.2, max: 0.4, step: 0.1 });
        assert_eq!(round_axis(0.0, 10.0, 5), Axis { min: 0.0, max: 10.0, step: 2.0 });
    }

    #[test]
    fn an_axis_of_one_value_still_has_a_length() {
        let axis = round_axis(4.0, 4.0, 5);
        assert!(axis.min < 4.0 && axis.max > 4.0 && axis.step > 0.0);
    }

    #[test]
    fn every_value_is_in_a_bin_and_the_end_of_the_axis_in_the_last() {
        let values: Vec<f64> = (0..=100).map(f64::from).collect();
        let bins = bins(&values, None, None, Axis { min: 0.0, max: 100.0, step: 20.0 });
        assert_eq!(bins.counts.iter().sum::<u64>(), 101);
        assert_eq!(bins.edges.last(), Some(&100.0));
        assert_eq!(bins.edges.len(), bins.counts.len() + 1);
    }

    #[test]
    fn half_points_stand_at_the_centre_of_their_bins() {
        let values = [7.0, 7.5, 7.5, 8.0, 8.5, 8.5];
        let axis = Axis { min: 0.0, max: 10.0, step: 1.0 };
        let bins = bins(&values, Some(&[1, 2, 1, 4, 1, 1]), Some(0.5), axis);
        assert_eq!(bins.counts.iter().sum::<u64>(), 10);
        for edge in &bins.edges {
            assert!(((edge - 0.25) / 0.5).fract().abs() < 1e-9, "{edge}");
        }
    }
}
