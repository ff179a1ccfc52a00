use super::proportion::wilson_limits;
use super::{Rate, falling_root, two};
use crate::tails::{normal_two_sided, normal_upper_quantile};
use ssi_vocab::{Analysis, Estimate, Interval, Level, PValue, Test};

fn row(first: Rate, second: Rate, method: &str, limits: (f64, f64), level: Level) -> Estimate {
    let mut row = two(first, second, Analysis::RateDifference, method);
    row.value = Some(first.value() - second.value());
    let (low, high) = limits;
    row.interval = Some(Interval { low, high, level, method: method.to_owned() });
    row
}

/// The difference of two rates with Newcombe's hybrid of two Wilson intervals.
///
/// # Formula
/// d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²), with Wilson's l and u.
///
/// # References
/// Newcombe (1998), method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
pub fn newcombe(first: Rate, second: Rate, level: Level) -> Estimate {
    let (p1, p2) = (first.value(), second.value());
    let ((l1, u1), (l2, u2)) = (wilson_limits(first, level), wilson_limits(second, level));
    let d = p1 - p2;
    let limits = (d - (p1 - l1).hypot(u2 - p2), d + (u1 - p1).hypot(p2 - l2));
    row(first, second, "newcombe", limits, level)
}

/// The difference of two rates with Agresti and Caffo's interval: Wald's after one success and one
/// failure more in each group. Limits beyond ±1 are drawn in.
///
/// # References
/// Agresti and Caffo (2000), doi:10.1080/00031305.2000.10474560.
pub fn agresti_caffo(first: Rate, second: Rate, level: Level) -> Estimate {
    let part = |rate: Rate| {
        let n = rate.trials as f64 + 2.0;
        let p = (rate.events as f64 + 1.0) / n;
        (p, p * (1.0 - p) / n)
    };
    let ((p1, v1), (p2, v2)) = (part(first), part(second));
    let half = normal_upper_quantile(level.tail()) * (v1 + v2).sqrt();
    let limits = ((p1 - p2 - half).max(-1.0), (p1 - p2 + half).min(1.0));
    row(first, second, "agresti_caffo", limits, level)
}

/// The difference of two rates with Miettinen and Nurminen's score interval and test.
///
/// # Formula
/// The differences δ that the score statistic (d − δ)/√(N/(N − 1)·(p̃₁q̃₁/n₁ + p̃₂q̃₂/n₂)) does not
/// refuse, where p̃ are the likeliest rates that differ by δ. They are found by bisection of the
/// likelihood's slope, parametrised by the distances from the ends of the range so that nothing
/// cancels. The test is the statistic at δ = 0.
///
/// # References
/// Miettinen and Nurminen (1985), doi:10.1002/sim.4780040211.
pub fn miettinen_nurminen(first: Rate, second: Rate, level: Level) -> Estimate {
    let z = normal_upper_quantile(level.tail());
    let d = first.value() - second.value();
    let lower = falling_root(-1.0, d, |delta| score(first, second, delta) - z);
    let upper = falling_root(d, 1.0, |delta| score(first, second, delta) + z);
    // At an end of the range no difference is left to refuse.
    let low = if d <= -1.0 { -1.0 } else { lower };
    let high = if d >= 1.0 { 1.0 } else { upper };
    let mut row = row(first, second, "miettinen_nurminen", (low, high), level);
    let statistic = score(first, second, 0.0);
    row.test = PValue::new(normal_two_sided(statistic)).map(|p_value| Test {
        statistic: Some(statistic),
        df: None,
        df2: None,
        p_value,
        method: "score".to_owned(),
        p_holm: None,
        p_bh: None,
    });
    row
}

/// The score statistic against a difference of `delta`; it falls as `delta` rises.
fn score(first: Rate, second: Rate, delta: f64) -> f64 {
    let d = first.value() - second.value();
    let (n1, n2) = (first.trials as f64, second.trials as f64);
    let far = delta - d;
    if far == 0.0 {
        return 0.0;
    }
    let [p1, q1, p2, q2] = restricted(first, second, delta);
    let n = n1 + n2;
    let variance = (p1 * q1 / n1 + p2 * q2 / n2) * n / (n - 1.0);
    -far / variance.sqrt().max(f64::MIN_POSITIVE)
}

/// The likeliest rates p₁ and p₂ with p₁ − p₂ = `delta`, and their complements.
fn restricted(first: Rate, second: Rate, delta: f64) -> [f64; 4] {
    let counts = |rate: Rate| (rate.events as f64, rate.failures() as f64);
    // The smaller rate is t, the larger t + |δ|; 1 less the larger is s, 1 less the smaller s + |δ|.
    let (small, large) = if delta >= 0.0 { (second, first) } else { (first, second) };
    let (gap, room) = (delta.abs(), 1.0 - delta.abs());
    let ((x, y), (big_x, big_y)) = (counts(small), counts(large));
    let part = |count: f64, rate: f64| if count == 0.0 { 0.0 } else { count / rate };
    let slope =
        |t: f64, s: f64| part(x, t) + part(big_x, t + gap) - part(big_y, s) - part(y, s + gap);
    // The root nearer to an end is found as the distance from that end.
    let half = room / 2.0;
    let (t, s) = if slope(half, half) <= 0.0 {
        let t = falling_root(0.0, half, |t| slope(t, room - t));
        (t, room - t)
    } else {
        let s = falling_root(0.0, half, |s| -slope(room - s, s));
        (room - s, s)
    };
    let (small, large) = ([t, s + gap], [t + gap, s]);
    if delta >= 0.0 {
        [large[0], large[1], small[0], small[1]]
    } else {
        [small[0], small[1], large[0], large[1]]
    }
}
