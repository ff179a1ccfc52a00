use super::Pair;
use super::severity::{moments, of_mean};
use crate::tails::{noncentral_t_cdf, noncentral_t_sf, normal_upper_quantile};
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note};

/// Bland and Altman's limits of agreement of two raters: the mean difference, and the limits between
/// which the level's share of the differences lies, each with an interval.
///
/// Three rows of the method `bland_altman`, with the terms `bias`, `lower_limit` and `upper_limit`;
/// differences are the first rater less the second.
///
/// # Formula
/// d̄ ± z·s, z the normal quantile that leaves the level between ±z. The bias has Student's
/// interval. The exact one of μ + z·σ is d̄ + s·t/√n, with t the quantiles of the noncentral t with n − 1 degrees of freedom and
/// noncentrality z√n, and that of μ − z·σ its mirror image.
///
/// # Assumptions
/// Differences are independent, normal, and do not depend on the size of what is rated; look at the
/// figure.
///
/// # References
/// Bland, J. M. & Altman, D. G. (1999). Measuring agreement in method comparison studies.
/// doi:10.1177/096228029900800204; Carkeet, A. (2015). Exact parametric confidence intervals for
/// Bland-Altman limits of agreement. doi:10.1097/OPX.0000000000000513
pub fn bland_altman(pair: &Pair, level: Level) -> [Estimate; 3] {
    let apart: Vec<f64> = pair.values.iter().map(|(a, b)| a - b).collect();
    let n = apart.len();
    let blank = |term: &str| {
        let mut row = Estimate::new(Analysis::Agreement, "bland_altman", term, n);
        (row.x, row.y) = (Some(pair.what.clone()), Some(pair.name()));
        row
    };
    let bias = of_mean(blank("bias"), &apart, level);
    let (mean, spread) = moments(&apart);
    let z = normal_upper_quantile(level.tail());
    let limit = |term: &str, side: f64| {
        let row = blank(term);
        let Some(spread) = spread else {
            return Estimate { note: Some(Note::TooFew), ..row };
        };
        let row = Estimate { value: Some(mean + side * z * spread), ..row };
        if spread == 0.0 {
            return row.lacking_interval(METHOD, Note::PerfectAgreement);
        }
        let (df, root) = (n as f64 - 1.0, (n as f64).sqrt());
        let quantile = |p: f64, upper: bool| noncentral_t_quantile(p, upper, df, z * root);
        let (Some(near), Some(far)) = (quantile(level.tail(), false), quantile(level.tail(), true))
        else {
            return row.lacking_interval(METHOD, Note::NotConverged);
        };
        let ends = [near, far].map(|t| mean + side * spread * t / root);
        let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let interval = Interval { low, high, level, method: METHOD.to_owned() };
        Estimate { interval: Some(interval), ..row }
    };
    [bias, limit("lower_limit", -1.0), limit("upper_limit", 1.0)]
}

const METHOD: &str = "noncentral_t";

/// What the figure of the differences shows: the mean of each respondent's two ratings, and the
/// first less the second.
pub fn differences(pair: &Pair) -> (Vec<f64>, Vec<f64>) {
    pair.values.iter().map(|(a, b)| (0.5 * (a + b), a - b)).unzip()
}

/// The value that a noncentral t is below (or, `upper`, above) with probability `p`.
fn noncentral_t_quantile(p: f64, upper: bool, df: f64, ncp: f64) -> Option<f64> {
    // Whether the value sought lies above `t`.
    let above = |t: f64| {
        if upper { noncentral_t_sf(t, df, ncp) > p } else { noncentral_t_cdf(t, df, ncp) < p }
    };
    let (mut low, mut high) = (-1.0, 1.0);
    for _ in 0..200 {
        if !above(high) {
            break;
        }
        high *= 2.0;
    }
    for _ in 0..200 {
        if above(low) {
            break;
        }
        low *= 2.0;
    }
    if above(high) || !above(low) {
        return None;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if above(middle) { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}
