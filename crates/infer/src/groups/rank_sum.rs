//! The distribution of the rank-sum statistic without ties, counted.

/// Groups below this size have an exact test where there are no ties, as in R.
pub(super) const EXACT_BELOW: u64 = 50;

/// How many of the ways to divide m + n ranks give U = 0, 1, …, mn, and what they add up to.
pub(super) struct RankSum {
    counts: Vec<i128>,
    total: f64,
}

impl RankSum {
    /// The Gaussian binomial coefficient Π(1 − q^(n + i))/(1 − q^i): its terms stay below
    /// C(98, 49), which 95 bits hold.
    pub(super) fn new(m: u64, n: u64) -> Self {
        let (m, n) = (m.min(n) as usize, m.max(n) as usize);
        let mut counts = vec![0_i128; m * n + 1];
        counts[0] = 1;
        for i in 1..=m {
            for u in (n + i..counts.len()).rev() {
                counts[u] -= counts[u - n - i];
            }
            for u in i..counts.len() {
                counts[u] += counts[u - i];
            }
        }
        let total = counts.iter().sum::<i128>() as f64;
        Self { counts, total }
    }

    /// P(U ≤ u).
    fn at_most(&self, u: usize) -> f64 {
        self.counts[..(u + 1).min(self.counts.len())].iter().sum::<i128>() as f64 / self.total
    }

    /// Twice the smaller tail of `u`, at most 1.
    pub(super) fn two_sided(&self, u: usize) -> f64 {
        let smaller = u.min(self.counts.len() - 1 - u);
        (2.0 * self.at_most(smaller)).min(1.0)
    }

    /// The smallest u with P(U ≤ u) ≥ `tail`.
    pub(super) fn quantile(&self, tail: f64) -> usize {
        let wanted = (tail - 10.0 * f64::EPSILON) * self.total;
        let mut sum = 0;
        let reached = |count: &i128| {
            sum += count;
            sum as f64 >= wanted
        };
        self.counts.iter().position(reached).unwrap_or(self.counts.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_three_ranks_are_divided_in_ten_ways() {
        assert_eq!(RankSum::new(3, 2).counts, [1, 1, 2, 2, 2, 1, 1]);
        assert_eq!(RankSum::new(2, 3).quantile(0.2), 1);
    }

    #[test]
    fn the_largest_table_is_exact() {
        let table = RankSum::new(49, 49);
        // C(98, 49)
        assert_eq!(table.counts.iter().sum::<i128>(), 25_477_612_258_980_856_902_730_428_600);
        assert!(table.counts.iter().zip(table.counts.iter().rev()).all(|(a, b)| a == b));
    }
}
