//! Quantiles without sorting: only the values at their places are put there.

use crate::double_double::DoubleDouble;
use ssi_vocab::Note;
use std::cmp::Ordering;

/// A quantile, or why there is none.
type Found = std::result::Result<f64, Note>;

/// The quantiles of type 7 at each of `shares`: between the order statistics around (n − 1)·p.
///
/// Value `i` is `rests[i]` more than its double, and stands for `weights[i]` respondents; `above` more have a value above every other that
/// is not known.
pub(super) fn quantiles(
    values: &[f64],
    rests: Option<&[f64]>,
    weights: Option<&[u64]>,
    above: u64,
    shares: &[f64],
) -> Vec<Found> {
    let known = weights.map_or(values.len() as u64, |w| w.iter().sum());
    let Some(last) = (known + above).checked_sub(1) else {
        return vec![Err(Note::TooFew); shares.len()];
    };
    let place = |p: f64| last as f64 * p;
    let mut places: Vec<u64> = shares
        .iter()
        .flat_map(|p| [place(*p).floor() as u64, place(*p).ceil() as u64])
        .filter(|place| *place < known)
        .collect();
    places.sort_unstable();
    places.dedup();
    let wide = |rests: &[f64]| -> Vec<DoubleDouble> {
        values.iter().zip(rests).map(|(v, rest)| DoubleDouble::with_rest(*v, *rest)).collect()
    };
    let at: Vec<DoubleDouble> = match (weights, rests) {
        (None, None) => {
            let found = selected(&mut values.to_vec(), &places, &f64::total_cmp);
            found.into_iter().map(DoubleDouble::from).collect()
        }
        (None, Some(rests)) => selected(&mut wide(rests), &places, &ascending),
        (Some(weights), Some(rests)) => counted(&wide(rests), weights, &places),
        (Some(weights), None) => counted(&wide(&vec![0.0; values.len()]), weights, &places),
    };
    let value = |place: u64| places.binary_search(&place).map(|i| at[i]).map_err(|_| Note::Capped);
    let quantile = |p: &f64| {
        let (place, below) = (place(*p), value(place(*p).floor() as u64)?);
        let share = place - place.floor();
        if share == 0.0 {
            return Ok(below.into());
        }
        let above = value(place.ceil() as u64)?;
        let between = f64::from(below * (1.0 - share) + above * share);
        // Values near the end of the range can't be carried in two doubles.
        let rounded = (1.0 - share) * below.hi + share * above.hi;
        Ok(if below == above {
            below.into()
        } else if between.is_finite() {
            between
        } else {
            rounded
        })
    };
    shares.iter().map(quantile).collect()
}

/// By the double, and then by what lies beyond it.
fn ascending(a: &DoubleDouble, b: &DoubleDouble) -> Ordering {
    a.hi.total_cmp(&b.hi).then(a.lo.total_cmp(&b.lo))
}

/// The values at ascending `places` of the sorted order.
fn selected<T: Copy>(
    values: &mut [T],
    places: &[u64],
    order: &impl Fn(&T, &T) -> Ordering,
) -> Vec<T> {
    let Some(middle) = places.get(places.len() / 2) else { return Vec::new() };
    let (below, value, above) = values.select_nth_unstable_by(*middle as usize, order);
    let (left, right) = places.split_at(places.len() / 2);
    let shifted: Vec<u64> = right[1..].iter().map(|place| place - middle - 1).collect();
    let mut found = selected(below, left, order);
    found.push(*value);
    found.extend(selected(above, &shifted, order));
    found
}

/// The same where values stand for several respondents.
fn counted(values: &[DoubleDouble], weights: &[u64], places: &[u64]) -> Vec<DoubleDouble> {
    let mut sorted: Vec<(DoubleDouble, u64)> =
        values.iter().copied().zip(weights.iter().copied()).collect();
    sorted.sort_by(|(a, _), (b, _)| ascending(a, b));
    let mut wanted = places.iter().peekable();
    let (mut found, mut passed) = (Vec::new(), 0);
    for (value, weight) in sorted {
        passed += weight;
        while wanted.next_if(|place| **place < passed).is_some() {
            found.push(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_sorted_values() {
        let values: Vec<f64> = (0..997).map(|i| f64::from(i * 389 % 997 % 300) - 150.0).collect();
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        for places in [vec![], vec![0], vec![996], vec![0, 1, 2, 500, 994, 996]] {
            let expected: Vec<f64> = places.iter().map(|p| sorted[*p as usize]).collect();
            assert_eq!(selected(&mut values.clone(), &places, &f64::total_cmp), expected);
            let wide: Vec<DoubleDouble> = values.iter().copied().map(DoubleDouble::from).collect();
            let found = counted(&wide, &[1; 997], &places);
            assert_eq!(found.into_iter().map(f64::from).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_quantile_that_reaches_an_unknown_value_is_capped() {
        let found = quantiles(&[3.0, 1.0, 2.0], None, None, 2, &[0.5, 0.55, 0.75]);
        assert_eq!(found, [Ok(3.0), Err(Note::Capped), Err(Note::Capped)]);
    }
}
