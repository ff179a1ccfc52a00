use super::axis::round_axis;
use crate::agreement::{self, Ratings};
use crate::{Error, Result};
use ssi_vocab::drawing::{Axis, BlandAltman, Limit, Points};
use ssi_vocab::{Estimate, Level};

/// Each respondent's first two ratings, their difference against their mean, with the bias, the
/// limits of agreement and the intervals of all three (see [`agreement::bland_altman`]).
///
/// `x_axis` is that of the ratings.
///
/// # Errors
/// [`Error::TooFew`] for fewer than `smallest` respondents with two ratings.
pub fn bland_altman(
    ratings: &Ratings,
    smallest: usize,
    x_axis: Axis,
    level: Level,
) -> Result<BlandAltman> {
    let (pair, pairs) = ratings.first_two();
    let found = pair.values().len();
    let smallest = smallest.max(3);
    let too_few = || Error::TooFew { analysis: "a Bland-Altman figure", needed: smallest, found };
    if found < smallest {
        return Err(too_few());
    }
    let [bias, lower, upper] = agreement::bland_altman(&pair, level);
    let limit = |row: &Estimate| {
        let value = row.value?;
        // Raters who never differ have no interval: nothing is drawn around the line.
        let ends = row.interval.as_ref().map_or((value, value), |i| (i.low, i.high));
        Some(Limit { value, low: ends.0, high: ends.1 })
    };
    let (Some(bias), Some(lower), Some(upper)) = (limit(&bias), limit(&lower), limit(&upper))
    else {
        return Err(too_few());
    };
    let (x, y) = agreement::differences(&pair);
    let far = y.iter().copied().chain([lower.low, upper.high]).map(f64::abs).fold(0.0, f64::max);
    let y_axis = round_axis(-far, far, 8);
    Ok(BlandAltman { points: Points { x, y }, bias, lower, upper, pairs, x_axis, y_axis })
}
