use crate::{Error, Result};

/// The probability of no event in `n` trials where the rate itself varies: a beta-binomial.
///
/// All trials share one rate, drawn from a beta distribution with this mean and standard deviation.
/// With a standard deviation of 0 it is (1 − mean)ⁿ. The largest standard deviation that a rate can
/// have is √(mean(1 − mean)): then it is 1 − mean, the share of those who never respond.
///
/// # Formula
/// B(a, b + n)/B(a, b) with a = mean·s, b = (1 − mean)·s, s = mean(1 − mean)/sd² − 1.
///
/// # References
/// Skellam, J. G. (1948). A probability distribution derived from the binomial distribution by
/// regarding the probability of success as variable. doi:10.1111/j.2517-6161.1948.tb00014.x
///
/// # Example
/// ```
/// // A rate of 9 % leaves next to no chance of 0 in 100; a rate that varies by 5 points does.
/// assert!((ssi_infer::rates::none_of(100, 0.09, 0.0) - 8.02e-5).abs() < 1e-7);
/// assert!((ssi_infer::rates::none_of(100, 0.09, 0.05) - 0.015).abs() < 1e-3);
/// ```
pub fn none_of(n: u64, mean: f64, sd: f64) -> f64 {
    let variance = mean * (1.0 - mean);
    if sd <= 0.0 {
        return (n as f64 * (-mean).ln_1p()).exp();
    }
    let s = variance / (sd * sd) - 1.0;
    if s <= 0.0 {
        return 1.0 - mean;
    }
    let (a, b) = (mean * s, (1.0 - mean) * s);
    // Π (b + i)/(a + b + i), as a sum of logarithms.
    (0..n).map(|i| (-a / (a + b + i as f64)).ln_1p()).sum::<f64>().exp()
}

/// The standard deviation between groups at which no event in `n` trials has a probability of
/// `tail`; none where even no spread leaves it more likely.
///
/// # Errors
/// [`Error::Setting`] for a mean that is no rate between 0 and 1.
pub fn spread_that_explains(n: u64, mean: f64, tail: f64) -> Result<Option<f64>> {
    if !(mean > 0.0 && mean < 1.0) {
        let allowed = "between 0 and 1";
        return Err(Error::Setting { name: "a mean rate", value: mean, allowed });
    }
    if none_of(n, mean, 0.0) >= tail {
        return Ok(None);
    }
    let (mut low, mut high) = (0.0, (mean * (1.0 - mean)).sqrt());
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if none_of(n, mean, middle) < tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok((none_of(n, mean, high) >= tail).then_some(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_makes_nothing_likelier_up_to_those_who_never_respond() {
        let at = |sd| none_of(100, 0.1, sd);
        assert!((at(0.0) - 0.9_f64.powi(100)).abs() < 1e-18);
        assert!(at(0.02) < at(0.05) && at(0.05) < at(0.2));
        assert!((at(0.3) - 0.9).abs() < 1e-9);
        let sd = spread_that_explains(100, 0.09, 0.05).unwrap().unwrap();
        assert!((none_of(100, 0.09, sd) - 0.05).abs() < 1e-12);
        assert_eq!(spread_that_explains(10, 0.09, 0.05).unwrap(), None);
        assert!(spread_that_explains(10, 0.0, 0.05).is_err());
    }
}
