use super::{Ratings, Weighting, row};
use crate::Result;
use crate::tails::t_upper_quantile;
use ssi_vocab::{Estimate, Interval, Level, Note};

/// Gwet's AC1: the share of equal ratings beyond chance, with a chance that stays small where
/// nearly all ratings are the same, `gwet_ac1`. For any number of raters, with gaps.
///
/// # Formula
/// (pₐ − pₑ)/(1 − pₑ): pₐ the mean over respondents of the share of equal pairs among their
/// ratings, pₑ = Σ π(1 − π)/(q − 1) over the q different ratings, π the mean share of each. q
/// counts every rating of the column, also those of respondents who were rated once. The interval
/// is t with n − 1 degrees of freedom from the variance over respondents, cut at 1.
///
/// # Missing data
/// Respondents with two ratings or more.
///
/// # Errors
/// Those of [`super::icc`].
///
/// # References
/// Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high
/// agreement. doi:10.1348/000711006X126600; Gwet (2014), Handbook of inter-rater reliability,
/// chapters 5 and 6.
pub fn gwet_ac1(ratings: &Ratings, level: Level) -> Result<Estimate> {
    let same = |a: f64, b: f64| f64::from(u8::from(a == b));
    gwet(ratings, "gwet_ac1", ratings.what().to_owned(), &same, level)
}

/// Gwet's AC2, `gwet_ac2`: as [`gwet_ac1`], but ratings near one another agree in part.
///
/// # Formula
/// As [`gwet_ac1`] with each pair of ratings weighed as in [`super::weighted_kappa`], the range
/// being that of the column's ratings, and pₑ times (Σ w)/q.
///
/// # Errors
/// Those of [`super::icc`].
pub fn gwet_ac2(ratings: &Ratings, weighting: Weighting, level: Level) -> Result<Estimate> {
    let levels = ratings.levels();
    let range = levels.last().zip(levels.first()).map_or(1.0, |(high, low)| high - low);
    let term = format!("{}({})", weighting.code(), ratings.what());
    gwet(ratings, "gwet_ac2", term, &|a, b| weighting.weight(a, b, range), level)
}

/// Different ratings at most: the weights are a table of each with each.
const MOST_LEVELS: usize = 25;

fn gwet(
    ratings: &Ratings,
    method: &str,
    term: String,
    weight: &dyn Fn(f64, f64) -> f64,
    level: Level,
) -> Result<Estimate> {
    let used = ratings.compared("Gwet's coefficient", 2)?;
    let row = row(method, term, ratings, used.len());
    let levels = ratings.levels();
    if levels.len() < 2 {
        return Ok(Estimate { note: Some(Note::ConstantColumn), ..row });
    }
    if levels.len() > MOST_LEVELS {
        return Ok(Estimate { note: Some(Note::TooManyLevels), ..row });
    }
    let (n, q) = (used.len() as f64, levels.len() as f64);
    let place = |v: f64| levels.partition_point(|l| *l < v);
    let mut share = vec![0.0; levels.len()];
    for own in &used {
        own.iter().for_each(|(_, v)| share[place(*v)] += 1.0 / (own.len() as f64 * n));
    }
    let all: f64 = levels.iter().flat_map(|a| levels.iter().map(|b| weight(*a, *b))).sum();
    let factor = all / (q * (q - 1.0));
    let expected = factor * share.iter().map(|p| p * (1.0 - p)).sum::<f64>();
    let agreed = |own: &[(usize, f64)]| {
        let m = own.len() as f64;
        let pairs: f64 = own.iter().flat_map(|a| own.iter().map(|b| weight(a.1, b.1))).sum();
        (pairs - m) / (m * (m - 1.0))
    };
    let each: Vec<f64> = used.iter().map(|own| agreed(own)).collect();
    let observed = each.iter().sum::<f64>() / n;
    let value = (observed - expected) / (1.0 - expected);
    let mut row = Estimate { value: Some(value), ..row };
    if observed == 1.0 {
        return Ok(row.lacking_interval(METHOD, Note::PerfectAgreement));
    }
    let squares: f64 = used
        .iter()
        .zip(&each)
        .map(|(own, agreed)| {
            let chance = own.iter().map(|(_, v)| 1.0 - share[place(*v)]).sum::<f64>()
                / own.len() as f64
                * factor;
            let here = (agreed - expected) / (1.0 - expected);
            let moved = 2.0 * (1.0 - value) * (chance - expected) / (1.0 - expected);
            (here - moved - value).powi(2)
        })
        .sum();
    let se = (squares / (n * (n - 1.0))).sqrt();
    let half = se * t_upper_quantile(level.tail(), n - 1.0);
    row.std_error = Some(se);
    let (low, high) = (value - half, (value + half).min(1.0));
    row.interval = Some(Interval { low, high, level, method: METHOD.to_owned() });
    Ok(row)
}

const METHOD: &str = "t";
