use super::summary::Summary;
use super::{Grouped, Method};
use crate::tails::{studentised_range_sf, studentised_range_upper_quantile};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};
use std::f64::consts::FRAC_1_SQRT_2;

/// Tukey's honest significant differences: how far apart are the means of every pair of groups, at
/// one level for all pairs together, if the groups vary alike?
///
/// # Formula
/// x̄ᵢ − x̄ⱼ ± q·√(s²/2·(1/nᵢ + 1/nⱼ)) with the pooled variance s² of all groups and q from the
/// studentised range of as many groups on n − k degrees of freedom; the statistic is the difference
/// by that root, and p its tail. With groups of different sizes (Kramer) the level is at least the
/// nominal one. The standard error is that of the difference, s√(1/nᵢ + 1/nⱼ).
///
/// # Assumptions
/// Independent respondents, normal in each group with one variance.
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] without a second respondent in any group; [`Error::CappedOutcome`];
/// [`Error::Magnitude`].
///
/// # References
/// Tukey (1949), doi:10.2307/3001913; Kramer (1956), doi:10.2307/3001469; Hayter (1984),
/// doi:10.1214/aos/1176346392.
pub fn tukey(groups: &Grouped, level: Level) -> Result<Vec<Estimate>> {
    groups.check_means(Method::Tukey)?;
    let summaries = Summary::all(groups);
    let (n, k) = (groups.n_obs(), summaries.len());
    if n <= k {
        return Err(Error::TooFew { analysis: "analysis of variance", needed: k + 1, found: n });
    }
    let df = (n - k) as f64;
    let variance = summaries.iter().map(|g| f64::from(g.squares)).sum::<f64>() / df;
    let reach = studentised_range_upper_quantile(2.0 * level.tail(), k as f64, df);
    let rows = of_pairs(k, |i, j| {
        let (a, b) = (summaries[i], summaries[j]);
        let std_error = (variance * (1.0 / a.n + 1.0 / b.n)).sqrt();
        // The variance is that of all groups, so all respondents count.
        let row = Estimate { n_obs: n, ..groups.pair(i, j).row(Method::Tukey, TERM) };
        Difference { value: f64::from(a.mean - b.mean), std_error, df, row }
            .estimate(k, level, reach)
    });
    Ok(rows)
}

/// Games and Howell's comparisons: how far apart are the means of every pair of groups, at one
/// level for all pairs together, however the groups vary?
///
/// # Formula
/// As [`tukey`], with (vᵢ + vⱼ)/2, v = s²/n, under the root and Welch and Satterthwaite's degrees of
/// freedom for each pair.
///
/// # Assumptions
/// Independent respondents, normal in each group; from about six respondents a group (below, the
/// level is not kept).
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out. A pair with a group of one respondent has a
/// row without interval and test.
///
/// # Errors
/// [`Error::CappedOutcome`]; [`Error::Magnitude`].
///
/// # References
/// Games and Howell (1976), doi:10.3102/10769986001002113.
pub fn games_howell(groups: &Grouped, level: Level) -> Result<Vec<Estimate>> {
    groups.check_means(Method::GamesHowell)?;
    let summaries = Summary::all(groups);
    let k = summaries.len();
    let rows = of_pairs(k, |i, j| {
        let (a, b) = (summaries[i], summaries[j]);
        let row = groups.pair(i, j).row(Method::GamesHowell, TERM);
        let value = f64::from(a.mean - b.mean);
        if a.n.min(b.n) < 2.0 {
            return Estimate { value: Some(value), note: Some(Note::TooFewForInterval), ..row };
        }
        let (v_a, v_b) = (a.variance() / a.n, b.variance() / b.n);
        // Shares of the variance, so that no square leaves the range of a double.
        let (p, q) = (v_a / (v_a + v_b), v_b / (v_a + v_b));
        let df = 1.0 / (p * p / a.df() + q * q / b.df());
        let reach = match df.is_finite() {
            true => studentised_range_upper_quantile(2.0 * level.tail(), k as f64, df),
            false => 0.0,
        };
        Difference { value, std_error: (v_a + v_b).sqrt(), df, row }.estimate(k, level, reach)
    });
    Ok(rows)
}

const TERM: &str = "mean_difference";
const METHOD: &str = "studentised_range";

/// A row for every pair of `k` groups, in order.
fn of_pairs(k: usize, row: impl Fn(usize, usize) -> Estimate + Sync) -> Vec<Estimate> {
    let pairs: Vec<(usize, usize)> = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j))).collect();
    pairs.into_par_iter().map(|(i, j)| row(i, j)).collect()
}

/// A pair's difference of means.
struct Difference {
    value: f64,
    std_error: f64,
    df: f64,
    row: Estimate,
}

impl Difference {
    /// With `reach`, the quantile of the studentised range of `k` groups.
    fn estimate(self, k: usize, level: Level, reach: f64) -> Estimate {
        let Self { value, std_error, df, row } = self;
        let row = Estimate { value: Some(value), std_error: Some(std_error), ..row };
        let unit = std_error * FRAC_1_SQRT_2;
        let q = value.abs() / unit;
        if std_error <= 0.0 || !q.is_finite() {
            return Estimate { note: Some(Note::ConstantGroup), ..row };
        }
        let test = PValue::new(studentised_range_sf(q, k as f64, df)).map(|p_value| Test {
            statistic: Some(q),
            df: Some(df),
            df2: None,
            p_value,
            method: METHOD.to_owned(),
            p_holm: None,
            p_bh: None,
        });
        let (low, high) = (value - reach * unit, value + reach * unit);
        let interval = Interval { low, high, level, method: METHOD.to_owned() };
        Estimate { interval: Some(interval), test, ..row }
    }
}
