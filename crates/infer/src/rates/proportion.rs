use super::{Rate, one};
use crate::tails::{beta_quantile, beta_upper_quantile, normal_upper_quantile};
use ssi_vocab::{Estimate, Level};

/// A rate with Wilson's score interval.
///
/// # Formula
/// (x + z²/2 ± z√(x(n − x)/n + z²/4)) / (n + z²).
///
/// # Assumptions
/// Trials are independent with one probability. Its coverage is right on average over that
/// probability, not at each.
///
/// # References
/// Wilson (1927), doi:10.1080/01621459.1927.10502953.
///
/// # Example
/// ```
/// use ssi_infer::rates::{Rate, wilson};
/// use ssi_vocab::Level;
/// let row = wilson(Rate::new(0, 100)?, Level::DEFAULT);
/// let high = row.interval.map_or(1.0, |i| i.high);
/// assert!((high - 0.036_993_5).abs() < 1e-6);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn wilson(rate: Rate, level: Level) -> Estimate {
    let (low, high) = wilson_limits(rate, level);
    one(rate, "wilson", low, high, level)
}

pub(super) fn wilson_limits(rate: Rate, level: Level) -> (f64, f64) {
    let (x, y, n) = (rate.events as f64, rate.failures() as f64, rate.trials as f64);
    let z = normal_upper_quantile(level.tail());
    let half = z * (x * y / n + z * z / 4.0).sqrt();
    // The lower limit as c/(b + half): b − half would cancel near 0. The upper one likewise from 1.
    let limit = |successes: f64| successes * successes / n / (successes + z * z / 2.0 + half);
    (limit(x), 1.0 - limit(y))
}

/// A rate with Clopper and Pearson's exact interval, which covers at least as often as it says.
///
/// # Formula
/// The α/2 quantile of Beta(x, n − x + 1) and the upper one of Beta(x + 1, n − x).
///
/// # References
/// Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
pub fn clopper_pearson(rate: Rate, level: Level) -> Estimate {
    let (x, y) = (rate.events as f64, rate.failures() as f64);
    let low = if rate.events == 0 { 0.0 } else { beta_quantile(level.tail(), x, y + 1.0) };
    let high =
        if rate.failures() == 0 { 1.0 } else { beta_upper_quantile(level.tail(), x + 1.0, y) };
    one(rate, "clopper_pearson", low, high, level)
}

/// A rate with Clopper and Pearson's upper end alone, with all of the error there.
///
/// # Formula
/// 0 to the upper 1 − level quantile of Beta(x + 1, n − x).
///
/// # References
/// Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
pub fn clopper_pearson_upper(rate: Rate, level: Level) -> Estimate {
    let (x, y) = (rate.events as f64, rate.failures() as f64);
    let high = match rate.failures() {
        0 => 1.0,
        _ => beta_upper_quantile(1.0 - level.get(), x + 1.0, y),
    };
    one(rate, "clopper_pearson_upper", 0.0, high, level)
}

/// A rate with the equal-tailed interval of Jeffreys' posterior, Beta(x + ½, n − x + ½); 0 and 1
/// themselves where there are no events, or nothing else.
///
/// # References
/// Brown, Cai and DasGupta (2001), doi:10.1214/ss/1009213286.
pub fn jeffreys(rate: Rate, level: Level) -> Estimate {
    let (a, b) = (rate.events as f64 + 0.5, rate.failures() as f64 + 0.5);
    let low = if rate.events == 0 { 0.0 } else { beta_quantile(level.tail(), a, b) };
    let high = if rate.failures() == 0 { 1.0 } else { beta_upper_quantile(level.tail(), a, b) };
    one(rate, "jeffreys", low, high, level)
}

/// The rule of three: with no event in n trials the rate is below 3/n, one-sided at 95 %. `None`
/// where there are events, or at another level.
///
/// # References
/// Hanley and Lippman-Hand (1983), doi:10.1001/jama.1983.03330370053031.
pub fn rule_of_three(rate: Rate, level: Level) -> Option<Estimate> {
    let applies = rate.events == 0 && level == Level::DEFAULT;
    let high = (3.0 / rate.trials as f64).min(1.0);
    applies.then(|| one(rate, "rule_of_three", 0.0, high, level))
}
