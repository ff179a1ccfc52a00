//! Quantiles without sorting: only the values at their places are put there.

use ssi_vocab::Note;

/// A quantile, or why there is none.
type Found = std::result::Result<f64, Note>;

/// The quantiles of type 7 at each of `shares`: between the order statistics around (n − 1)·p.
///
/// Value `i` stands for `weights[i]` respondents; `above` more have a value above every other that
/// is not known.
pub(super) fn quantiles(
    values: &[f64],
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
    let at = match weights {
        None => selected(&mut values.to_vec(), &places),
        Some(weights) => counted(values, weights, &places),
    };
    let value = |place: u64| places.binary_search(&place).map(|i| at[i]).map_err(|_| Note::Capped);
    let quantile = |p: &f64| {
        let (place, below) = (place(*p), value(place(*p).floor() as u64)?);
        let share = place - place.floor();
        if share == 0.0 {
            return Ok(below);
        }
        let above = value(place.ceil() as u64)?;
        Ok(if below == above { below } else { (1.0 - share) * below + share * above })
    };
    shares.iter().map(quantile).collect()
}

/// The values at ascending `places` of the sorted order.
fn selected(values: &mut [f64], places: &[u64]) -> Vec<f64> {
    let Some(middle) = places.get(places.len() / 2) else { return Vec::new() };
    let (below, value, above) = values.select_nth_unstable_by(*middle as usize, f64::total_cmp);
    let (left, right) = places.split_at(places.len() / 2);
    let shifted: Vec<u64> = right[1..].iter().map(|place| place - middle - 1).collect();
    let mut found = selected(below, left);
    found.push(*value);
    found.extend(selected(above, &shifted));
    found
}

/// The same where values stand for several respondents.
fn counted(values: &[f64], weights: &[u64], places: &[u64]) -> Vec<f64> {
    let mut sorted: Vec<(f64, u64)> = values.iter().copied().zip(weights.iter().copied()).collect();
    sorted.sort_by(|(a, _), (b, _)| a.total_cmp(b));
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
            assert_eq!(selected(&mut values.clone(), &places), expected);
            assert_eq!(counted(&values, &[1; 997], &places), expected);
        }
    }

    #[test]
    fn a_quantile_that_reaches_an_unknown_value_is_capped() {
        let found = quantiles(&[3.0, 1.0, 2.0], None, 2, &[0.5, 0.55, 0.75]);
        assert_eq!(found, [Ok(3.0), Err(Note::Capped), Err(Note::Capped)]);
    }
}
