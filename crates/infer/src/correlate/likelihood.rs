//! The maximum of a likelihood of one correlation, inside (−1, 1) or at an end.

use super::fisher::interval_on_z;
use crate::tails::chi_squared_sf;
use ssi_vocab::{Estimate, Level, Note, PValue, Test};

/// The log-likelihood and its first two derivatives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slope {
    pub(super) log_likelihood: f64,
    pub(super) score: f64,
    pub(super) curvature: f64,
}

/// Where a likelihood is largest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Maximum {
    pub(super) rho: f64,
    pub(super) log_likelihood: f64,
}

/// Starts of the search over the whole range, equally spaced in arcsin ρ.
const STARTS: [f64; 5] = [0.0, 0.5, -0.5, 0.87, -0.87];

/// The largest of the maxima found from several starts and of the values at −1 and 1, which `ends`
/// gives.
pub(super) fn maximum(slope: impl Fn(f64) -> Slope, ends: [f64; 2]) -> Option<Maximum> {
    let inside = STARTS
        .iter()
        .filter_map(|start| climb(&slope, *start))
        .reduce(|a, b| if b.log_likelihood > a.log_likelihood + 1e-9 { b } else { a });
    best(inside, ends)
}

/// The same from one start: enough where the answer is known to be near.
pub(super) fn maximum_near(
    start: f64,
    slope: impl Fn(f64) -> Slope,
    ends: [f64; 2],
) -> Option<Maximum> {
    best(climb(&slope, start.clamp(-0.98, 0.98)), ends)
}

/// Next to ±1 a likelihood may be flat to the last digit: an end that is no worse is the maximum.
fn best(inside: Option<Maximum>, ends: [f64; 2]) -> Option<Maximum> {
    let mut best = inside;
    for (rho, log_likelihood) in [-1.0, 1.0].into_iter().zip(ends) {
        let slack = 1e-12 * (1.0 + log_likelihood.abs());
        let no_worse = best.is_none_or(|b| log_likelihood >= b.log_likelihood - slack);
        if log_likelihood.is_finite() && no_worse {
            best = Some(Maximum { rho, log_likelihood });
        }
    }
    best
}

/// Newton's method inside a bracket that halves where a step would leave it. `None` where the
/// score leads to an end of the range.
fn climb(slope: &impl Fn(f64) -> Slope, start: f64) -> Option<Maximum> {
    let (mut low, mut high, mut rho) = (-1.0_f64, 1.0_f64, start);
    for _ in 0..200 {
        let at = slope(rho);
        if !at.score.is_finite() || !at.log_likelihood.is_finite() {
            // A likelihood of zero lies beyond the maximum, seen from the start of the search.
            if rho > start {
                high = rho
            } else {
                low = rho
            }
            rho = 0.5 * (low + high);
            continue;
        }
        if at.score == 0.0 {
            return (at.curvature < 0.0)
                .then_some(Maximum { rho, log_likelihood: at.log_likelihood });
        }
        if at.score > 0.0 {
            low = rho;
        } else {
            high = rho;
        }
        let newton = rho - at.score / at.curvature;
        let straight = at.curvature < 0.0 && newton > low && newton < high;
        let next = if straight { newton } else { 0.5 * (low + high) };
        // Newton's error is squared by a step: after a step of 1e-9 it is below rounding.
        let settled = straight && (next - rho).abs() <= 1e-9 * (1.0 - rho * rho);
        if settled || high - low <= 4e-16 {
            let inside = next.abs() < 1.0 - 1e-9;
            return inside.then_some(Maximum { rho: next, log_likelihood: at.log_likelihood });
        }
        rho = next;
    }
    None
}

/// A correlation of greatest likelihood with its interval by the delta method on artanh ρ and its
/// likelihood-ratio test. As many respondents as there are numbers `fitted` say nothing of their
/// scatter.
pub(super) fn estimate(
    blank: &Estimate,
    rho: f64,
    std_error: Option<f64>,
    fitted: usize,
    log_likelihood: [f64; 2],
    level: Level,
) -> Estimate {
    let mut estimate = blank.clone();
    estimate.value = Some(rho);
    estimate.test = likelihood_ratio(log_likelihood);
    match std_error {
        Some(se) if blank.n_obs > fitted.max(3) => {
            let se_z = se / ((1.0 - rho) * (1.0 + rho));
            estimate.std_error = Some(se);
            estimate.interval = Some(interval_on_z(rho.atanh(), se_z, level, "delta_z"));
        }
        Some(_) => estimate = estimate.lacking_interval("delta_z", Note::TooFewForInterval),
        None => estimate = estimate.lacking_interval("delta_z", Note::Boundary),
    }
    estimate
}

/// Twice what the correlation adds to the log-likelihood, against χ² with one degree of freedom.
pub(super) fn likelihood_ratio([best, independent]: [f64; 2]) -> Option<Test> {
    let statistic = (2.0 * (best - independent)).max(0.0);
    Some(Test {
        statistic: Some(statistic),
        df: Some(1.0),
        df2: None,
        p_value: PValue::new(chi_squared_sf(statistic, 1.0))?,
        method: "likelihood_ratio".to_owned(),
        p_holm: None,
        p_bh: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parabola(top: f64) -> impl Fn(f64) -> Slope {
        move |rho| Slope {
            log_likelihood: -(rho - top) * (rho - top),
            score: -2.0 * (rho - top),
            curvature: -2.0,
        }
    }

    #[test]
    fn the_top_is_found_from_any_start() {
        let worst = [f64::NEG_INFINITY; 2];
        for start in [-0.9, 0.0, 0.9] {
            let found = maximum_near(start, parabola(0.3), worst).unwrap();
            assert!((found.rho - 0.3).abs() < 1e-15);
        }
    }

    #[test]
    fn an_end_that_is_no_worse_wins() {
        assert_eq!(maximum(parabola(0.3), [-5.0, 0.0]).map(|m| m.rho), Some(1.0));
        assert_eq!(maximum(parabola(-1.5), [-0.25, -9.0]).map(|m| m.rho), Some(-1.0));
    }
}
