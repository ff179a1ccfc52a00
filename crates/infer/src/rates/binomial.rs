use super::{Rate, no_more_probable, test, weights_around};
use ssi_vocab::{Analysis, Estimate};

/// The exact test of one rate against a probability strictly between 0 and 1, two-sided.
///
/// # Formula
/// The probability of all counts that are no more probable than the observed one (within 1e-7 of
/// it, as R), if each trial has that probability.
///
/// # Assumptions
/// Trials are independent with one probability.
///
/// # Errors
/// The row has no test for a probability of 0 or 1, or beyond.
///
/// # References
/// Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
///
/// # Example
/// ```
/// use ssi_infer::rates::{Rate, binomial};
/// let row = binomial(Rate::new(0, 100)?, 0.05);
/// let p = row.test.map_or(1.0, |t| t.p_value.get());
/// assert!((p - 0.010_194_71).abs() < 1e-8);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn binomial(rate: Rate, probability: f64) -> Estimate {
    let n = rate.trials;
    let term = format!("{}/{n}", rate.events);
    let mut row = Estimate::new(Analysis::RateTest, "binomial", term, n as usize);
    if !(probability > 0.0 && probability < 1.0) {
        return row;
    }
    row.value = Some(rate.value());
    let odds = probability / (1.0 - probability);
    let mode = (((n + 1) as f64 * probability) as u64).min(n);
    let (start, weights) = weights_around(mode, (0, n), |x| (n - x) as f64 / (x + 1) as f64 * odds);
    row.test = test(no_more_probable(start, &weights, rate.events), "binomial");
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_at_its_own_probability_is_no_surprise_and_a_certain_one_has_no_test() {
        let p = |events, trials, by| {
            let rate = Rate::new(events, trials).unwrap();
            binomial(rate, by).test.map(|t| t.p_value.get())
        };
        assert_eq!(p(5, 10, 0.5), Some(1.0));
        assert!((p(0, 4, 0.5).unwrap() - 0.125).abs() < 1e-15);
        assert!((p(4, 4, 0.5).unwrap() - 0.125).abs() < 1e-15);
        assert_eq!(p(1, 4, 0.0), None);
        assert_eq!(p(1, 4, f64::NAN), None);
    }
}
