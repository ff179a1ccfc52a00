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

/// The number of the form 1, 2 or 5 times a power of ten that is nearest below `width`.
fn round_below(width: f64) -> f64 {
    let above = round_step(width);
    if above <= width * (1.0 + 1e-9) { above } else { round_step(width / 2.5) }
}

/// A histogram of some values (with counts, if they have them) in bins of a round width.
///
/// The width is the round number at or above Freedman and Diaconis' 2·IQR/∛n, between a fortieth
/// and a tenth of the axis; edges are its multiples, and a value at the end of the axis counts into
/// the last bin within it.
///
/// Values at a fixed distance `step` (a score in half points) get bins one, two or four steps wide,
/// whichever is nearest (more only where that makes over 40 bins), centred on the multiples of their width from the
/// axis' lower end: whole scores stand at the middle of their bar. No bin reaches further past the
/// axis than half a step, as far as its first and last value stand for; one that would be less
/// than half a bin wide joins its neighbour.
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
    let least = (high - low) / 40.0;
    let step = step.filter(|step| *step > 0.0);
    let (width, origin, past) = match step {
        Some(step) => {
            let enough = wanted.min(4.0 * step).max(least) * (1.0 - 1e-9);
            let mut width = step;
            // The nearest by ratio: a little finer than wanted is better than twice as coarse.
            while width * std::f64::consts::SQRT_2 < enough {
                width *= 2.0;
            }
            (width, axis.min - width / 2.0, step / 2.0)
        }
        None => {
            let tenth = round_below((axis.max - axis.min) / 10.0);
            let wanted = wanted.max(least);
            let width = if wanted > 0.0 { round_step(wanted).min(tenth) } else { tenth };
            (width.max(round_step(least)), 0.0, 0.0)
        }
    };
    let bin = |v: f64| ((v - origin) / width + 1e-9).floor();
    let (first, last) = (bin(low), bin(high));
    let size = (last - first) as usize + 1;
    let mut bins = Bins {
        edges: (0..=size).map(|i| (first + i as f64) * width + origin).collect(),
        counts: vec![0; size],
    };
    for (value, count) in &sorted {
        bins.counts[((bin(*value) - first) as usize).min(size - 1)] += count;
    }
    clip(&mut bins, (axis.min - past).min(low), (axis.max + past).max(high), width / 2.0);
    bins
}

/// Ends a histogram at `low` and `high`; an end bin narrower than `least` joins its neighbour.
fn clip(bins: &mut Bins, low: f64, high: f64, least: f64) {
    let least = least * (1.0 - 1e-9);
    if let Some(first) = bins.edges.first_mut() {
        *first = first.max(low);
    }
    if let Some(last) = bins.edges.last_mut() {
        *last = last.min(high);
    }
    if bins.counts.len() > 1 && bins.edges[1] - bins.edges[0] < least {
        let joined = bins.counts.remove(0);
        bins.counts[0] += joined;
        bins.edges.remove(1);
    }
    let last = bins.counts.len();
    if last > 1 && bins.edges[last] - bins.edges[last - 1] < least {
        bins.counts[last - 2] += bins.counts[last - 1];
        bins.counts.pop();
        bins.edges.remove(last - 1);
    }
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
    fn whole_scores_stand_at_the_centre_of_their_bins() {
        let axis = Axis { min: 0.0, max: 10.0, step: 1.0 };
        let score: Vec<f64> = (0..=20).map(|i| f64::from(i) * 0.5).collect();
        // Half points, whole points, two points: the more respondents, the finer.
        for (each, width, count) in [(1000, 0.5, 21), (20, 1.0, 11), (1, 2.0, 6)] {
            let found = bins(&score, Some(&[each; 21]), Some(0.5), axis);
            assert_eq!(found.counts.len(), count, "{each}: {:?}", found.edges);
            assert_eq!(found.counts.iter().sum::<u64>(), 21 * each);
            assert_eq!((found.edges[0], found.edges[count]), (-0.25, 10.25));
            for (i, inner) in found.edges[1..count].iter().enumerate() {
                assert!((inner - (i as f64 + 0.5) * width).abs() < 1e-9, "{inner}");
            }
        }
        let few = bins(&[3.0, 3.5, 9.5], None, Some(0.5), axis);
        assert!(few.edges.windows(2).all(|w| w[1] - w[0] <= 2.0 + 1e-9), "{:?}", few.edges);
    }

    #[test]
    fn no_bin_is_wider_than_a_tenth_of_the_axis_or_a_sliver() {
        let axis = Axis { min: 0.0, max: 100.0, step: 20.0 };
        let found = bins(&[5.0, 25.0, 60.0, 95.0], None, None, axis);
        assert!(found.edges.windows(2).all(|w| w[1] - w[0] == 10.0), "{:?}", found.edges);
        let odd = Axis { min: 0.0, max: 7.0, step: 1.0 };
        let found = bins(&[0.0, 3.0, 7.0], None, Some(0.5), odd);
        assert!(found.edges.windows(2).all(|w| w[1] - w[0] >= 1.0), "{:?}", found.edges);
        assert_eq!(found.counts.iter().sum::<u64>(), 3);
        assert_eq!(bins(&[4.0; 9], None, None, axis).counts, [9]);
    }
}
