use super::hypergeometric::Hypergeometric;
use super::{Rate, no_more_probable, test, two};
use ssi_vocab::{Analysis, Estimate};

/// Fisher's exact test of two rates, two-sided.
///
/// # Formula
/// Given the margins, the probability of all tables that are no more probable than the observed one
/// (within 1e-7 of it, as R).
///
/// # References
/// Fisher (1935), doi:10.2307/2342435.
///
/// # Example
/// ```
/// use ssi_infer::rates::{Rate, fisher};
/// let row = fisher(Rate::new(0, 100)?, Rate::new(10, 100)?);
/// let p = row.test.map_or(1.0, |t| t.p_value.get());
/// assert!((p - 0.001_542_05).abs() < 1e-8);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn fisher(first: Rate, second: Rate) -> Estimate {
    let mut row = two(first, second, Analysis::RateTest, "fisher");
    let tables = Hypergeometric::new(first, second);
    let (start, weights) = tables.weights(1.0);
    let p = no_more_probable(start, &weights, first.events);
    row.test = test(p, "fisher");
    row
}
