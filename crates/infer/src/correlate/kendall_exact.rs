/// Probability that a random order of `n` respondents has at most `inversions` discordant pairs.
///
/// # Formula
/// The last of m respondents adds 0 to m − 1 discordant pairs with equal chance, so that the
/// distribution for m is the mean of m shifted copies of that for m − 1. Only positive numbers
/// are added: a probability of 1e-60 has all its digits.
pub(super) fn at_most(n: usize, inversions: usize) -> f64 {
    distribution(n, inversions + 1).iter().sum()
}

/// The smallest number of discordant pairs that as few or fewer reach with more than `tail`.
pub(crate) fn first_above(n: usize, tail: f64) -> usize {
    let mut passed = 0.0;
    let chance = distribution(n, n * n.saturating_sub(1) / 2 + 1);
    let more = |p: &f64| {
        passed += p;
        passed > tail
    };
    chance.iter().position(more).unwrap_or(0)
}

/// The chances of 0 up to `length` − 1 discordant pairs.
fn distribution(n: usize, length: usize) -> Vec<f64> {
    let mut chance = vec![0.0; length];
    chance[0] = 1.0;
    for m in 2..=n {
        for k in (0..length).rev() {
            let shifted: f64 = chance[k.saturating_sub(m - 1)..=k].iter().sum();
            chance[k] = shifted / m as f64;
        }
    }
    chance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_of_four_are_counted() {
        // Of 24 orders 1, 3, 5, 6 have 0, 1, 2, 3 inversions.
        for (inversions, orders) in [(0, 1.0), (1, 4.0), (2, 9.0), (3, 15.0), (6, 24.0)] {
            assert!((at_most(4, inversions) - orders / 24.0).abs() < 1e-15);
        }
    }

    #[test]
    fn one_order_of_49_factorial_keeps_its_digits() {
        let factorial: f64 = (1..=49).map(f64::from).product();
        assert!((at_most(49, 0) * factorial - 1.0).abs() < 1e-13);
    }
}
