use super::axis::{round_axis, round_step};
use ssi_vocab::Interval;
use ssi_vocab::drawing::{Bins, MarkedInterval, Resampling};

/// The distributions of an estimate under resampling, with its intervals.
///
/// `bootstrap` and `permutation` are values of the resamples, in any order; the second may be
/// empty. Both histograms share their bins, so that their heights compare: a round width about
/// that of Freedman and Diaconis for the bootstrap values, at most 80 bins in all.
///
/// # References
/// Freedman, D. & Diaconis, P. (1981). doi:10.1007/BF01025868
///
/// # Example
/// ```
/// let draws: Vec<f64> = (0..100).map(|i| 0.5 + f64::from(i) / 1000.0).collect();
/// let drawing = ssi_infer::drawing::resampling(0.55, &draws, &[], &[]);
/// assert_eq!(drawing.bootstrap.counts.iter().sum::<u64>(), 100);
/// ```
pub fn resampling(
    observed: f64,
    bootstrap: &[f64],
    permutation: &[f64],
    intervals: &[Interval],
) -> Resampling {
    let ends = intervals.iter().flat_map(|i| [i.low, i.high]);
    let all = || bootstrap.iter().chain(permutation).copied().chain(ends.clone()).chain([observed]);
    let (low, high) = (all().fold(observed, f64::min), all().fold(observed, f64::max));
    let width = bin_width(bootstrap, high - low);
    Resampling {
        observed,
        bootstrap: bins(bootstrap, width),
        permutation: bins(permutation, width),
        intervals: intervals
            .iter()
            .map(|i| MarkedInterval { method: i.method.clone(), low: i.low, high: i.high })
            .collect(),
        x_axis: round_axis(low, high, 8),
    }
}

/// A round bin width: 2·IQR/∛n of the values, but not under an eightieth of the axis.
fn bin_width(values: &[f64], range: f64) -> f64 {
    let mut ascending = values.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (share * ascending.len() as f64) as usize;
        ascending.get(place).copied().unwrap_or_default()
    };
    let wanted = 2.0 * (at(0.75) - at(0.25)) / libm::cbrt(values.len().max(1) as f64);
    round_step(wanted.max(range / 80.0))
}

/// A histogram whose edges are multiples of `width`.
fn bins(values: &[f64], width: f64) -> Bins {
    let place = |v: f64| (v / width).floor() as i64;
    let mut places: Vec<i64> = values.iter().map(|v| place(*v)).collect();
    places.sort_unstable();
    let (Some(first), Some(last)) = (places.first().copied(), places.last().copied()) else {
        return Bins::default();
    };
    let mut counts = vec![0; (last - first) as usize + 1];
    for place in places {
        counts[(place - first) as usize] += 1;
    }
    Bins { edges: (first..=last + 1).map(|k| multiple(k, width)).collect(), counts }
}

/// k·width as the nearest double to the round number: 0.06, where 3 · 0.02 would give more.
fn multiple(k: i64, width: f64) -> f64 {
    if width < 1.0 { k as f64 / (1.0 / width).round() } else { k as f64 * width }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Level;

    #[test]
    fn edges_are_round_and_hold_all_values() {
        let bootstrap: Vec<f64> = (0..1000).map(|i| 0.4 + f64::from(i) / 2500.0).collect();
        let permutation: Vec<f64> = (0..1000).map(|i| -0.2 + f64::from(i) / 2500.0).collect();
        let drawing = resampling(0.6, &bootstrap, &permutation, &[]);
        for bins in [&drawing.bootstrap, &drawing.permutation] {
            assert_eq!(bins.counts.iter().sum::<u64>(), 1000);
            assert_eq!(bins.edges.len(), bins.counts.len() + 1);
            let short = bins.edges.iter().all(|e| e.to_string().len() <= 6);
            assert!(short, "{:?}", bins.edges);
        }
        assert!(drawing.x_axis.min <= -0.2 && drawing.x_axis.max >= 0.7996);
    }

    #[test]
    fn the_axis_holds_the_intervals() {
        let interval =
            Interval { low: 0.1, high: 0.97, level: Level::DEFAULT, method: "bca".into() };
        let drawing = resampling(0.6, &[0.6, 0.61], &[], &[interval]);
        assert!(drawing.x_axis.min <= 0.1 && drawing.x_axis.max >= 0.97);
        assert_eq!(drawing.intervals[0].method, "bca");
        assert!(drawing.permutation.counts.is_empty());
    }
}
