use super::{Rate, one, two};
use crate::tails::{beta_quantile, beta_upper_quantile};
use ssi_vocab::{Analysis, Estimate, Level};

/// A rate's beta-binomial posterior from a uniform prior: Beta(x + 1, n − x + 1).
///
/// The value is the posterior mean (x + 1)/(n + 2), which is also the probability that the next trial
/// is an event; the interval is equal-tailed and credible: given the data, the rate lies in it with
/// this probability.
///
/// # References
/// Bayes (1763), doi:10.1098/rstl.1763.0053.
///
/// # Example
/// ```
/// use ssi_infer::rates::{Rate, posterior};
/// use ssi_vocab::Level;
/// let row = posterior(Rate::new(0, 100)?, Level::DEFAULT);
/// assert_eq!(row.value, Some(1.0 / 102.0));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn posterior(rate: Rate, level: Level) -> Estimate {
    let (a, b) = (rate.events() as f64 + 1.0, rate.failures() as f64 + 1.0);
    let (low, high) = (beta_quantile(level.tail(), a, b), beta_upper_quantile(level.tail(), a, b));
    let mut row = one(rate, "posterior", low, high, level);
    row.value = Some(a / (a + b));
    row.std_error = Some((a * b / (a + b + 1.0)).sqrt() / (a + b));
    if let Some(interval) = &mut row.interval {
        interval.method = "credible_uniform".to_owned();
    }
    row
}

/// The posterior probability that the first of two rates is the lower one, from uniform priors.
///
/// # Formula
/// With a = x + 1 and b = n − x + 1, P(p₁ < p₂) = Σᵢ₌₀^(a₂ − 1) B(a₁ + i, b₁ + b₂) /
/// ((b₂ + i) B(1 + i, b₂) B(a₁, b₁)), each term from the one before it.
///
/// # References
/// Miller (2015), Formulas for Bayesian A/B testing.
///
/// # Example
/// ```
/// use ssi_infer::rates::{Rate, probability_less};
/// // Of two rates from the same counts, each is as likely to be the lower one.
/// let row = probability_less(Rate::new(3, 10)?, Rate::new(3, 10)?);
/// assert!((row.value.unwrap_or_default() - 0.5).abs() < 1e-14);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn probability_less(first: Rate, second: Rate) -> Estimate {
    let row = two(first, second, Analysis::RateOrder, "probability_less");
    // The shorter of both sums: P(p₁ < p₂) = 1 − P(p₂ < p₁).
    let p = if second.events() <= first.events() {
        less(first, second)
    } else {
        1.0 - less(second, first)
    };
    Estimate { value: Some(p.clamp(0.0, 1.0)), ..row }
}

fn less(first: Rate, second: Rate) -> f64 {
    let (a1, b1) = (first.events() as f64 + 1.0, first.failures() as f64 + 1.0);
    let b2 = second.failures() as f64 + 1.0;
    // The first term is Π (b₁ + j)/(a₁ + b₁ + j) over j below b₂.
    let mut log: f64 =
        (0..second.failures() + 1).map(|j| (-a1 / (a1 + b1 + j as f64)).ln_1p()).sum();
    let mut sum = log.exp();
    for i in 0..second.events() {
        let i = i as f64;
        log += ((a1 + i) / (a1 + i + b1 + b2) * ((b2 + i) / (1.0 + i))).ln();
        sum += log.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_add_up_and_small_counts_are_what_integrals_say() {
        let rate = |x, n| Rate::new(x, n).unwrap();
        let p = |a, b| probability_less(a, b).value.unwrap();
        for (a, b) in [((0, 100), (10, 100)), ((3, 7), (900, 2000)), ((5, 5), (0, 3))] {
            let (a, b) = (rate(a.0, a.1), rate(b.0, b.1));
            assert!((p(a, b) + p(b, a) - 1.0).abs() < 1e-12);
        }
        // ∫ (1 − F₂) f₁ for 0/1 against 1/1: f₁ = 2(1 − p), F₂ = p²: 1 − ∫ 2(1 − p)p² = 5/6.
        assert!((p(rate(0, 1), rate(1, 1)) - 5.0 / 6.0).abs() < 1e-15);
    }
}
