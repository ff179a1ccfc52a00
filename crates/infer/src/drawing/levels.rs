use crate::{Error, Result};
use ssi_vocab::Paired;
use ssi_vocab::drawing::{Axis, LevelDots, Levels};

/// The outcome (the pair's second variable) at each level of a score (its first).
///
/// Level i holds the scores from `edges[i]` up to but not including `edges[i + 1]`; the last one
/// includes its upper edge. Levels without respondents are left out. A level with at least
/// `smallest_group` respondents has its quartiles (type 7, as R); a smaller one only its dots.
///
/// # Errors
/// [`Error::Setting`] unless there are two or more edges, ascending.
pub fn levels(
    pair: &Paired,
    edges: &[f64],
    smallest_group: usize,
    x_axis: Axis,
    y_axis: Axis,
    threshold: Option<f64>,
    seed: u64,
) -> Result<Levels> {
    let ascend = edges.windows(2).all(|pair| pair[0] < pair[1]);
    if edges.len() < 2 || !ascend {
        let allowed = "two or more ascending edges";
        return Err(Error::Setting { name: "levels", value: edges.len() as f64, allowed });
    }
    let last = edges.len() - 2;
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); edges.len() - 1];
    for (i, (x, y)) in pair.x().iter().zip(pair.y()).enumerate() {
        let above = edges.partition_point(|edge| edge <= x);
        let Some(level) = above.checked_sub(1) else { continue };
        if level > last && *x > edges[last + 1] {
            continue;
        }
        let count = pair.counts().map_or(1, |counts| counts[i] as usize);
        values[level.min(last)].extend(std::iter::repeat_n(*y, count));
    }
    let dots = |(i, mut values): (usize, Vec<f64>)| {
        if values.is_empty() {
            return None;
        }
        values.sort_by(f64::total_cmp);
        let summary = (values.len() >= smallest_group)
            .then(|| (quantile(&values, 0.25), quantile(&values, 0.5), quantile(&values, 0.75)));
        Some(LevelDots {
            x: 0.5 * (edges[i] + edges[i + 1]),
            half_width: 0.5 * (edges[i + 1] - edges[i]),
            values,
            summary,
        })
    };
    let levels = values.into_iter().enumerate().filter_map(dots).collect();
    Ok(Levels { levels, x_axis, y_axis, threshold, seed })
}

/// Edges of levels of equal `width`, centred on `first`, `first + width`, … up to `last`: whole
/// score points are `level_edges(0.0, 10.0, 1.0)`.
pub fn level_edges(first: f64, last: f64, width: f64) -> Vec<f64> {
    let steps = ((last - first) / width).round().max(0.0) as usize;
    (0..=steps + 1).map(|i| first + (i as f64 - 0.5) * width).collect()
}

/// Quantile of ascending values by R's type 7.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + (place - low as f64) * (sorted[high] - sorted[low])
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXIS: Axis = Axis { min: 0.0, max: 10.0, step: 1.0 };

    #[test]
    fn each_respondent_stands_in_one_level() {
        let x = [0.0, 0.5, 1.0, 1.5, 10.0];
        let y = [5.0, 1.0, 2.0, 3.0, 4.0];
        let pair = Paired::complete("x", &x, "y", &y).unwrap();
        let edges = level_edges(0.0, 10.0, 1.0);
        assert_eq!((edges[0], edges[11], edges.len()), (-0.5, 10.5, 12));
        let found = levels(&pair, &edges, 2, AXIS, AXIS, None, 1).unwrap();
        let places: Vec<(f64, usize)> =
            found.levels.iter().map(|l| (l.x, l.values.len())).collect();
        assert_eq!(places, [(0.0, 1), (1.0, 2), (2.0, 1), (10.0, 1)]);
        assert_eq!(found.levels[0].summary, None);
        assert_eq!(found.levels[1].summary, Some((1.25, 1.5, 1.75)));
    }

    #[test]
    fn counts_are_repeated_respondents() {
        let pair =
            Paired::new("x", vec![1.0, 1.0], "y", vec![3.0, 7.0], Some(vec![3, 1]), Vec::new())
                .unwrap();
        let found = levels(&pair, &[0.0, 2.0], 4, AXIS, AXIS, None, 1).unwrap();
        assert_eq!(found.levels[0].values, [3.0, 3.0, 3.0, 7.0]);
        assert_eq!(found.levels[0].summary, Some((3.0, 3.0, 4.0)));
    }

    #[test]
    fn edges_that_do_not_ascend_are_an_error() {
        let pair = Paired::complete("x", &[1.0], "y", &[1.0]).unwrap();
        assert!(levels(&pair, &[1.0, 1.0], 1, AXIS, AXIS, None, 1).is_err());
        assert!(levels(&pair, &[], 1, AXIS, AXIS, None, 1).is_err());
    }
}
