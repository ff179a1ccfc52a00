use super::hypergeometric::Hypergeometric;
use super::{Rate, falling_root, two};
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note};

/// The odds ratio of two rates, first against second: the conditional maximum-likelihood estimate
/// with its exact interval.
///
/// # Formula
/// Given the margins, the first group's events follow the noncentral hypergeometric distribution;
/// the estimate makes its mean the observed number, and the limits make either tail α/2 (as R's
/// `fisher.test`).
///
/// Where the events can't be more than they are the ratio has no upper end, and where all margins
/// are fixed there is none: a row without interval, with the note `no_events`.
///
/// # References
/// Cornfield (1956); Fay (2010), doi:10.32614/RJ-2010-008.
pub fn odds_ratio(first: Rate, second: Rate, level: Level) -> Estimate {
    let mut row = two(first, second, Analysis::OddsRatio, "exact");
    let tables = Hypergeometric::new(first, second);
    let x = first.events;
    if tables.high == x {
        row.note = Some(Note::NoEvents);
        return row;
    }
    // Beyond e⁷⁰⁰ lies no ratio of counts.
    let root = |f: &dyn Fn(f64) -> f64| falling_root(-700.0, 700.0, |log| f(log.exp())).exp();
    let share = |odds: f64, keep: &dyn Fn(u64) -> bool| {
        let (start, weights) = tables.weights(odds);
        let all: f64 = weights.iter().sum();
        let kept = weights.iter().enumerate().filter(|(i, _)| keep(start + *i as u64));
        kept.map(|(_, w)| w).sum::<f64>() / all
    };
    let tail = level.tail();
    let (value, low) = if tables.low == x {
        (0.0, 0.0)
    } else {
        let value = root(&|odds| {
            let (start, weights) = tables.weights(odds);
            let all: f64 = weights.iter().sum();
            let offset = x as f64 - start as f64;
            let each = weights.iter().enumerate();
            each.map(|(i, w)| (offset - i as f64) * w).sum::<f64>() / all
        });
        (value, root(&|odds| tail - share(odds, &|at| at >= x)))
    };
    let high = root(&|odds| share(odds, &|at| at <= x) - tail);
    row.value = Some(value);
    row.interval = Some(Interval { low, high, level, method: "exact".to_owned() });
    row
}
