//! Rates: how many of so many responded, and how two groups differ.
//!
//! Differences and ratios are first against second.

mod activity;
mod binomial;
mod composition;
mod difference;
mod fisher;
mod hypergeometric;
mod odds_ratio;
mod posterior;
mod proportion;
mod risk_ratio;
mod unconditional;
mod varying;

pub use activity::active_share;
pub use binomial::binomial;
pub use composition::{Composition, Rounded};
pub use difference::{agresti_caffo, miettinen_nurminen, newcombe};
pub use fisher::fisher;
pub use odds_ratio::odds_ratio;
pub use posterior::{posterior, probability_less};
pub use proportion::{clopper_pearson, clopper_pearson_upper, jeffreys, rule_of_three, wilson};
pub use risk_ratio::koopman;
pub use unconditional::{barnard, boschloo};
pub use varying::{none_of, spread_that_explains};

use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Interval, Level, PValue, Test};

/// Events among trials: at least one trial, and no more events than trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    events: u64,
    trials: u64,
}

/// Groups larger than this are no survey, and exact tests of them no exercise.
const MOST_TRIALS: u64 = 10_000_000;

impl Rate {
    /// `events` of `trials`.
    ///
    /// # Errors
    /// [`Error::Rate`] for no trials, more events than trials, or more than ten million trials.
    pub fn new(events: u64, trials: u64) -> Result<Self> {
        if trials == 0 || events > trials || trials > MOST_TRIALS {
            return Err(Error::Rate { events, trials });
        }
        Ok(Self { events, trials })
    }

    /// How many events.
    pub fn events(self) -> u64 {
        self.events
    }

    /// How many trials.
    pub fn trials(self) -> u64 {
        self.trials
    }

    /// Events a trial.
    pub fn value(self) -> f64 {
        self.events as f64 / self.trials as f64
    }

    fn failures(self) -> u64 {
        self.trials - self.events
    }
}

/// A row about one rate.
fn one(rate: Rate, method: &str, low: f64, high: f64, level: Level) -> Estimate {
    let term = format!("{}/{}", rate.events, rate.trials);
    let mut row = Estimate::new(Analysis::Rate, method, term, rate.trials as usize);
    row.value = Some(rate.value());
    row.interval = Some(Interval { low, high, level, method: method.to_owned() });
    row
}

/// A row about two rates, without value.
fn two(first: Rate, second: Rate, analysis: Analysis, method: &str) -> Estimate {
    let term = format!("{}/{}, {}/{}", first.events, first.trials, second.events, second.trials);
    Estimate::new(analysis, method, term, (first.trials + second.trials) as usize)
}

/// A test without a statistic of its own.
fn test(p: f64, method: &str) -> Option<Test> {
    Some(Test {
        statistic: None,
        df: None,
        df2: None,
        p_value: PValue::new(p)?,
        method: method.to_owned(),
        p_holm: None,
        p_bh: None,
    })
}

/// Weights of the whole numbers from `low` to `high`, from the first to the last that is not
/// negligible beside the largest, which is that of `mode` and 1: where they begin, and each. They
/// are made outwards, from each weight over the one before it, which keeps all digits.
fn weights_around(
    mode: u64,
    (low, high): (u64, u64),
    over_last: impl Fn(u64) -> f64,
) -> (u64, Vec<f64>) {
    const NEGLIGIBLE: f64 = 1e-300;
    let mut below = Vec::new();
    let (mut start, mut w) = (mode, 1.0);
    while start > low {
        w /= over_last(start - 1);
        if w < NEGLIGIBLE {
            break;
        }
        start -= 1;
        below.push(w);
    }
    let mut weights: Vec<f64> = below.into_iter().rev().collect();
    weights.push(1.0);
    w = 1.0;
    for x in mode..high {
        w *= over_last(x);
        if w < NEGLIGIBLE {
            break;
        }
        weights.push(w);
    }
    (start, weights)
}

/// The share of all weights, the first of which is that of `start`, that are no larger than that of
/// `observed` (within 1e-7 of it).
fn no_more_probable(start: u64, weights: &[f64], observed: u64) -> f64 {
    let at = observed.checked_sub(start).and_then(|at| weights.get(at as usize));
    let limit = at.copied().unwrap_or_default() * (1.0 + 1e-7);
    // The smallest first, so that they are not lost beside the large ones.
    let sum = |keep: &dyn Fn(f64) -> bool| {
        let mut kept: Vec<f64> = weights.iter().copied().filter(|w| keep(*w)).collect();
        kept.sort_by(f64::total_cmp);
        kept.iter().sum::<f64>()
    };
    sum(&|w| w <= limit) / sum(&|_| true)
}

/// Where a falling function passes zero between two points: the doubles between them are halved by
/// rank, so that 64 steps reach the last digit near 0 too.
fn falling_root(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (rank(low), rank(high));
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if f(double(middle)) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    double(high)
}

/// The place of a double among all doubles: neighbours differ by 1, and both zeros are 0.
fn rank(value: f64) -> i128 {
    let bits = i128::from(value.abs().to_bits());
    if value < 0.0 { -bits } else { bits }
}

fn double(rank: i128) -> f64 {
    let magnitude = f64::from_bits(rank.unsigned_abs() as u64);
    if rank < 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_found_to_the_last_digit() {
        assert_eq!(falling_root(-1.0, 1.0, |v| 1e-200 - v), 1e-200);
        assert_eq!(falling_root(-1.0, 1.0, |v| -0.3 - v), -0.3);
    }

    #[test]
    fn a_rate_has_trials_and_no_more_events() {
        assert!(Rate::new(0, 0).is_err());
        assert!(Rate::new(3, 2).is_err());
        assert!(Rate::new(2, 2).is_ok());
    }
}
