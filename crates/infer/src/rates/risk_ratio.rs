use super::{Rate, falling_root, two};
use crate::tails::normal_upper_quantile;
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note};

/// The ratio of two rates, first over second, with Koopman's score interval.
///
/// # Formula
/// The ratios φ with (x₁ − n₁p̃₁)²/(n₁p̃₁q̃₁)·(1 + n₁(φ − p̃₁)/(n₂q̃₁)) ≤ z², where p̃₁ = φp̃₂ are the
/// likeliest rates with that ratio (a quadratic's root, in the form that does not cancel).
///
/// Without events in the second group the ratio has no upper end: the row has no interval and the
/// note `no_events`.
///
/// # References
/// Koopman (1984), doi:10.2307/2531405.
pub fn koopman(first: Rate, second: Rate, level: Level) -> Estimate {
    let mut row = two(first, second, Analysis::RiskRatio, "koopman");
    if second.events == 0 {
        row.note = Some(Note::NoEvents);
        return row;
    }
    let ratio = first.value() / second.value();
    row.value = Some(ratio);
    let z = normal_upper_quantile(level.tail());
    let at = |log: f64| score(first, second, log.exp());
    // From the estimate outwards until the score is refused; e³⁰⁰ is beyond any ratio of counts.
    let (low, high) = if first.events == 0 {
        (0.0, falling_root(-300.0, 300.0, |log| at(log) + z).exp())
    } else {
        let centre = ratio.ln();
        let low = falling_root(centre - 300.0, centre, |log| at(log) - z);
        let high = falling_root(centre, centre + 300.0, |log| at(log) + z);
        (low.exp(), high.exp())
    };
    row.interval = Some(Interval { low, high, level, method: "koopman".to_owned() });
    row
}

/// The signed root of Koopman's statistic, which falls as the ratio rises.
fn score(first: Rate, second: Rate, phi: f64) -> f64 {
    let (x1, n1) = (first.events as f64, first.trials as f64);
    let (x2, n2) = (second.events as f64, second.trials as f64);
    // p̃₂ solves φN p² − (φ(n₁ + x₂) + x₁ + n₂) p + (x₁ + x₂) = 0.
    let a = phi * (n1 + n2);
    let b = phi * (n1 + x2) + x1 + n2;
    let c = x1 + x2;
    let p2 = 2.0 * c / (b + (b * b - 4.0 * a * c).max(0.0).sqrt());
    let p1 = phi * p2;
    let (q1, q2) = ((1.0 - p1).max(0.0), (1.0 - p2).max(0.0));
    let far = x1 / n1 - phi * (x2 / n2);
    if far == 0.0 {
        return 0.0;
    }
    let variance = p1 * q1 / n1 + phi * phi * p2 * q2 / n2;
    far / variance.sqrt().max(f64::MIN_POSITIVE)
}
