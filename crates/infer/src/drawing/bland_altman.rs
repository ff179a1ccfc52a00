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

#[cfg(test)]
mod tests {
    use super::*;

    const AXIS: Axis = Axis { min: 0.0, max: 10.0, step: 1.0 };

    #[test]
    fn what_is_drawn_is_what_the_estimates_say() {
        // Half of the respondents have another second rater, and all a third one.
        let given = (0..12).flat_map(|i| {
            let second = if i < 6 { 1 } else { 2 };
            let first = (i % 5) as f64;
            [(i, 0, first), (i, second, first + f64::from(i as u8 % 3) - 0.5), (i, 3, 9.0)]
        });
        let names = (0..4).map(|i| i.to_string()).collect();
        let ratings = Ratings::new("score_total", names, 12, given).unwrap();
        let drawn = bland_altman(&ratings, 10, AXIS, Level::DEFAULT).unwrap();
        assert_eq!((drawn.points.x.len(), drawn.pairs), (12, 2));
        let (pair, _) = ratings.first_two();
        let [bias, lower, upper] = agreement::bland_altman(&pair, Level::DEFAULT);
        for (row, limit) in [(bias, drawn.bias), (lower, drawn.lower), (upper, drawn.upper)] {
            let ends = row.interval.unwrap();
            assert_eq!(
                (row.value, ends.low, ends.high),
                (Some(limit.value), limit.low, limit.high)
            );
            assert!(drawn.y_axis.min <= limit.low && limit.high <= drawn.y_axis.max);
        }
        assert!((drawn.bias.value + 0.5).abs() < 1e-12);
        let few = bland_altman(&ratings, 13, AXIS, Level::DEFAULT);
        assert!(matches!(few, Err(Error::TooFew { needed: 13, found: 12, .. })));
    }

    #[test]
    fn raters_who_never_differ_have_lines_without_width() {
        let given = (0..10).flat_map(|i| [(i, 0, i as f64), (i, 1, i as f64)]);
        let names = vec!["a".to_owned(), "b".to_owned()];
        let ratings = Ratings::new("score_total", names, 10, given).unwrap();
        let drawn = bland_altman(&ratings, 10, AXIS, Level::DEFAULT).unwrap();
        for limit in [drawn.bias, drawn.lower, drawn.upper] {
            assert_eq!((limit.value, limit.low, limit.high), (0.0, 0.0, 0.0));
        }
        assert!(drawn.y_axis.min < drawn.y_axis.max);
    }
}
