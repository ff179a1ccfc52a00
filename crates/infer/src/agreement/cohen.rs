use super::{Pair, Weighting};
use crate::tails::normal_upper_quantile;
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note};

/// Cohen's kappa: how much more often than by chance two raters give the same rating, `kappa`.
///
/// # Formula
/// (p₀ − pₑ)/(1 − pₑ): p₀ the share of equal ratings, pₑ that of two raters who draw from their own
/// ratings at random. The variance is Fleiss, Cohen and Everitt's; the interval is cut at ±1.
///
/// # Assumptions
/// Respondents are independent. Where nearly all ratings are the same, pₑ is near 1 and kappa low
/// however much the raters agree: [`super::gwet_ac1`] stays.
///
/// # Missing data
/// Respondents with both ratings.
///
/// # References
/// Cohen, J. (1960), doi:10.1177/001316446002000104; Fleiss, J. L., Cohen, J. & Everitt, B. S.
/// (1969). Large sample standard errors of kappa and weighted kappa. doi:10.1037/h0028106
pub fn kappa(pair: &Pair, level: Level) -> Estimate {
    let same = |a: f64, b: f64| f64::from(u8::from(a == b));
    of_pair(pair, "kappa", pair.what.clone(), &same, level)
}

/// Cohen's weighted kappa, `weighted_kappa`: as [`kappa`], but ratings near one another agree in
/// part.
///
/// # Formula
/// As [`kappa`], with p₀ and pₑ the means of 1 − |a − b|/range (linear) or 1 − (a − b)²/range²
/// (quadratic) over the pairs of ratings. Distances are those of the ratings themselves, so that a
/// rating that nobody gave changes nothing.
///
/// # References
/// Cohen, J. (1968), doi:10.1037/h0026256; Fleiss, Cohen and Everitt (1969), doi:10.1037/h0028106.
pub fn weighted_kappa(pair: &Pair, weighting: Weighting, level: Level) -> Estimate {
    let all = || pair.values.iter().flat_map(|(a, b)| [*a, *b]);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(-f64::INFINITY, f64::max));
    let range = if high > low { high - low } else { 1.0 };
    let term = format!("{}({})", weighting.code(), pair.what);
    of_pair(pair, "weighted_kappa", term, &|a, b| weighting.weight(a, b, range), level)
}

fn of_pair(
    pair: &Pair,
    method: &str,
    term: String,
    weight: &dyn Fn(f64, f64) -> f64,
    level: Level,
) -> Estimate {
    let n = pair.values.len();
    let mut row = Estimate::new(Analysis::Agreement, method, term, n);
    (row.x, row.y) = (Some(pair.what.clone()), Some(pair.name()));
    // The number of either rater's ratings of each value, so that n² becomes n times the values.
    let counted = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let mut sorted: Vec<f64> = pair.values.iter().map(|v| of(v) + 0.0).collect();
        sorted.sort_by(f64::total_cmp);
        let same = sorted.chunk_by(|a, b| a == b);
        same.map(|run| (run[0], run.len() as f64 / n as f64)).collect::<Vec<_>>()
    };
    let (first, second) = (counted(&|v| v.0), counted(&|v| v.1));
    if first.len() == 1 && second.len() == 1 && first[0].0 == second[0].0 {
        return Estimate { note: Some(Note::ConstantColumn), ..row };
    }
    let of_first = |a: f64| second.iter().map(|(b, p)| p * weight(a, *b)).sum::<f64>();
    let of_second = |b: f64| first.iter().map(|(a, p)| p * weight(*a, b)).sum::<f64>();
    let mean = |f: &dyn Fn(f64, f64) -> f64| {
        pair.values.iter().map(|(a, b)| f(*a, *b)).sum::<f64>() / n as f64
    };
    let observed = mean(weight);
    let expected: f64 = first.iter().map(|(a, p)| p * of_first(*a)).sum();
    let kappa = (observed - expected) / (1.0 - expected);
    row.value = Some(kappa);
    if observed == 1.0 {
        return row.lacking_interval(METHOD, Note::PerfectAgreement);
    }
    if first.len() == 1 || second.len() == 1 {
        return row.lacking_interval(METHOD, Note::ConstantColumn);
    }
    // The mean of what is squared is known: taking it off first keeps the digits.
    let centre = observed * expected - 2.0 * expected + observed;
    let square = mean(&|a, b| {
        let expected_here = of_first(a) + of_second(b);
        (weight(a, b) * (1.0 - expected) - expected_here * (1.0 - observed) - centre).powi(2)
    });
    let variance = square / (n as f64 * (1.0 - expected).powi(4));
    let se = variance.sqrt();
    let half = se * normal_upper_quantile(level.tail());
    row.std_error = Some(se);
    let (low, high) = ((kappa - half).max(-1.0), (kappa + half).min(1.0));
    row.interval = Some(Interval { low, high, level, method: METHOD.to_owned() });
    row
}

const METHOD: &str = "wald";
