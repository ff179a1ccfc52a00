//! Exact tests that take only the group sizes as fixed: the largest p-value over the common rate.

use super::hypergeometric::{Hypergeometric, LogFactorials};
use super::{Rate, test, two, weights_around};
use rayon::prelude::*;
use ssi_vocab::{Analysis, Estimate, Note};

/// Tables that count as no less extreme for rounding alone.
const TIED: f64 = 1e-13;

/// More trials than this take minutes: such groups need no exact test.
const MOST_TRIALS: u64 = 250_000;

/// True where an exact test would take too long; the row says so.
fn too_many(first: Rate, second: Rate, row: &mut Estimate) -> bool {
    let many = first.trials + second.trials > MOST_TRIALS;
    if many {
        row.note = Some(Note::TooMany);
    }
    many
}

/// Boschloo's exact test of two rates, two-sided: uniformly more powerful than Fisher's.
///
/// # Formula
/// The tables whose one-sided Fisher p is no larger than the observed one have, at a common rate π,
/// some probability; the one-sided p is the largest over π. The two-sided p is twice the smaller
/// one-sided, at most 1 (as scipy). The largest is searched on a grid finer than the binomial
/// distributions can wiggle, and then refined. Above 250,000 trials there is no test, and the note
/// `too_many`.
///
/// # References
/// Boschloo (1970), doi:10.1111/j.1467-9574.1970.tb00104.x.
pub fn boschloo(first: Rate, second: Rate) -> Estimate {
    let mut row = two(first, second, Analysis::RateTest, "boschloo");
    if too_many(first, second, &mut row) {
        return row;
    }
    let side = |a: Rate, b: Rate| {
        let observed = Hypergeometric::new(a, b).at_most(a.events);
        (observed, a, b)
    };
    let (mut small, mut large) = (side(first, second), side(second, first));
    if large.0 < small.0 {
        std::mem::swap(&mut small, &mut large);
    }
    let one_sided =
        |(observed, a, b): (f64, Rate, Rate)| largest(a, b, &fewer(a, b, observed * (1.0 + TIED)));
    let mut p = one_sided(small);
    // The other side is smaller only where neither says anything.
    if small.0 > 0.2 {
        p = p.min(one_sided(large));
    }
    row.test = test((2.0 * p).min(1.0), "boschloo");
    row
}

/// Barnard's exact test of two rates, two-sided, by the pooled score statistic.
///
/// # Formula
/// As [`boschloo`], with the tables whose |z| is no smaller than the observed one, where
/// z = (p₁ − p₂)/√(p(1 − p)(1/n₁ + 1/n₂)) with the pooled rate p (0 where that is 0 or 1).
///
/// # References
/// Barnard (1945), doi:10.1038/156177a0.
pub fn barnard(first: Rate, second: Rate) -> Estimate {
    let mut row = two(first, second, Analysis::RateTest, "barnard");
    if too_many(first, second, &mut row) {
        return row;
    }
    let (n1, n2) = (first.trials, second.trials);
    let observed = score(first.events, second.events, n1, n2).abs() * (1.0 - TIED);
    let p = if observed == 0.0 {
        1.0
    } else {
        let region: Vec<Edges> = (0..=n1)
            .into_par_iter()
            .map(|x1| {
                // z falls as the second group's events rise.
                let z = |x2: u64| score(x1, x2, n1, n2);
                Edges {
                    at_most: first_that(n2, |x2| z(x2) < observed).checked_sub(1),
                    at_least: Some(first_that(n2, |x2| z(x2) <= -observed)).filter(|x| *x <= n2),
                }
            })
            .collect();
        largest(first, second, &region)
    };
    row.test = test(p, "barnard");
    row
}

fn score(x1: u64, x2: u64, n1: u64, n2: u64) -> f64 {
    let (n1, n2) = (n1 as f64, n2 as f64);
    let (p1, p2) = (x1 as f64 / n1, x2 as f64 / n2);
    let events = (x1 + x2) as f64;
    let variance = events * (n1 + n2 - events) / ((n1 + n2) * n1 * n2);
    if variance == 0.0 { 0.0 } else { (p1 - p2) / variance.sqrt() }
}

/// The smallest of 0 to `n` for which a condition holds that stays true once it is; `n + 1` where
/// it never does.
fn first_that(n: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, n + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// For one number of events in the first group, the second group's that are as extreme.
#[derive(Debug, Clone, Copy)]
struct Edges {
    at_most: Option<u64>,
    at_least: Option<u64>,
}

/// The tables in which the first group has so few events, given both, that Fisher's one-sided p is
/// at most `limit`.
fn fewer(first: Rate, second: Rate, limit: f64) -> Vec<Edges> {
    let (n1, n2) = (first.trials, second.trials);
    let factorials = LogFactorials::up_to(n1 + n2);
    let is_few = |x1: u64, x2: u64| {
        let (a, b) = (Rate { events: x1, trials: n1 }, Rate { events: x2, trials: n2 });
        Hypergeometric::new(a, b).is_at_most(x1, limit, &factorials)
    };
    (0..n1 / ROWS + 1)
        .into_par_iter()
        .flat_map_iter(|block| {
            let start = block * ROWS;
            let mut edge = first_that(n2, |x2| is_few(start, x2));
            (start..=n1.min(start + ROWS - 1)).map(move |x1| {
                // One event more in the first group never needs fewer in the second.
                while edge <= n2 && !is_few(x1, edge) {
                    edge += 1;
                }
                Edges { at_most: None, at_least: Some(edge).filter(|x| *x <= n2) }
            })
        })
        .collect()
}

/// Rows of a region that one thread takes at a time.
const ROWS: u64 = 1024;

/// The largest probability of a region over the common rate.
fn largest(first: Rate, second: Rate, region: &[Edges]) -> f64 {
    let (n1, n2) = (first.trials, second.trials);
    // On this scale a binomial share has the same spread, 1/(2√n), at every rate.
    let at = |angle: f64| probability(n1, n2, region, angle.sin().powi(2));
    let steps = (16.0 * (n1.max(n2) as f64).sqrt()).clamp(1000.0, 6000.0) as usize;
    let width = std::f64::consts::FRAC_PI_2 / steps as f64;
    let grid: Vec<f64> = (0..=steps).into_par_iter().map(|i| at(i as f64 * width)).collect();
    let best = grid.iter().copied().fold(0.0, f64::max);
    let mut peaks: Vec<usize> = (1..steps)
        .filter(|i| grid[*i] >= grid[i - 1] && grid[*i] >= grid[i + 1] && grid[*i] > 0.9 * best)
        .collect();
    peaks.sort_by(|a, b| grid[*b].total_cmp(&grid[*a]).then(a.cmp(b)));
    peaks.truncate(32);
    let refined: Vec<f64> = peaks
        .into_par_iter()
        .map(|i| summit((i - 1) as f64 * width, (i + 1) as f64 * width, &at))
        .collect();
    refined.into_iter().fold(best, f64::max).min(1.0)
}

/// The top of a function with one peak between two points, by the golden section.
fn summit(mut low: f64, mut high: f64, f: &dyn Fn(f64) -> f64) -> f64 {
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (high - golden * (high - low), low + golden * (high - low));
    let (mut fa, mut fb) = (f(a), f(b));
    // The value is flat at the top: eight digits of the place are sixteen of the height.
    for _ in 0..40 {
        if fa < fb {
            (low, a, fa) = (a, b, fb);
            b = low + golden * (high - low);
            fb = f(b);
        } else {
            (high, b, fb) = (b, a, fa);
            a = high - golden * (high - low);
            fa = f(a);
        }
    }
    fa.max(fb)
}

/// The probability of a region at a common rate.
fn probability(n1: u64, n2: u64, region: &[Edges], rate: f64) -> f64 {
    let (start1, p1) = binomial(n1, rate);
    let (start2, p2) = binomial(n2, rate);
    let mut below = Vec::with_capacity(p2.len() + 1);
    below.push(0.0);
    for p in &p2 {
        below.push(below[below.len() - 1] + p);
    }
    let mut above = vec![0.0; p2.len() + 1];
    for i in (0..p2.len()).rev() {
        above[i] = above[i + 1] + p2[i];
    }
    let place = |x: u64| (x.saturating_sub(start2) as usize).min(p2.len());
    let tails = |edges: &Edges| {
        let low = edges.at_most.map_or(0.0, |x| if x < start2 { 0.0 } else { below[place(x + 1)] });
        let high = edges.at_least.map_or(0.0, |x| above[place(x)]);
        low + high
    };
    p1.iter().enumerate().map(|(i, p)| p * tails(&region[start1 as usize + i])).sum()
}

/// Binomial probabilities: where the first that is not negligible is, and each.
fn binomial(n: u64, rate: f64) -> (u64, Vec<f64>) {
    if rate <= 0.0 || rate >= 1.0 {
        return (if rate <= 0.0 { 0 } else { n }, vec![1.0]);
    }
    let odds = rate / (1.0 - rate);
    let mode = (((n + 1) as f64 * rate) as u64).min(n);
    let ratio = |x: u64| (n - x) as f64 / (x + 1) as f64 * odds;
    let (start, mut weights) = weights_around(mode, (0, n), ratio);
    let all: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= all);
    (start, weights)
}
