//! Order statistics of all differences between two groups, without making them.

/// All differences x − y of two groups, as distinct values, ascending, with how often each occurs.
#[derive(Debug, Clone)]
pub(super) struct Differences {
    x: Vec<(f64, u64)>,
    y: Vec<(f64, u64)>,
}

impl Differences {
    /// From the distinct values of both groups and how often each group has them.
    pub(super) fn new(values: &[f64], x: &[u64], y: &[u64]) -> Self {
        let seen = |sizes: &[u64]| -> Vec<(f64, u64)> {
            let all = values.iter().copied().zip(sizes.iter().copied());
            all.filter(|(_, n)| *n > 0).collect()
        };
        Self { x: seen(x), y: seen(y) }
    }

    /// The `k`-th smallest difference, counted from 1.
    ///
    /// The smallest double that at least k differences do not pass, by halving the doubles between
    /// the ends: 64 counts of O(m + n) each. Rounding is monotone, so that the rounded differences
    /// are as sorted as the exact ones and the count is that of the differences as doubles.
    pub(super) fn smallest(&self, k: u128) -> f64 {
        let (Some(x), Some(y)) =
            (self.x.first().zip(self.x.last()), self.y.first().zip(self.y.last()))
        else {
            return 0.0;
        };
        let (mut low, mut high) = (place(x.0.0 - y.1.0), place(x.1.0 - y.0.0));
        while low < high {
            let middle = (low as i128 + high as i128).div_euclid(2) as i64;
            if self.at_most(double(middle)) >= k {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        double(high)
    }

    /// How many differences are at most `d`.
    fn at_most(&self, d: f64) -> u128 {
        // With x rising, the y with x − y > d rise as well.
        let mut above = self.y.iter().peekable();
        let n: u128 = self.y.iter().map(|(_, n)| u128::from(*n)).sum();
        let (mut passed, mut count) = (0_u128, 0_u128);
        for (x, weight) in &self.x {
            while let Some((y, size)) = above.peek()
                && x - y > d
            {
                passed += u128::from(*size);
                above.next();
            }
            count += u128::from(*weight) * (n - passed);
        }
        count
    }
}

/// The place of a double among all of them: neighbours differ by 1, and both zeros are at 0.
fn place(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    if bits < 0 { i64::MIN - bits } else { bits }
}

fn double(place: i64) -> f64 {
    f64::from_bits(if place < 0 { i64::MIN - place } else { place } as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_statistic_is_that_of_the_sorted_differences() {
        let values = [-3.5, -1.0, 0.0, 0.1, 0.2, 0.7, 2.0, 1e9];
        let (x, y) = ([1, 0, 2, 1, 0, 3, 0, 1], [0, 2, 1, 0, 1, 1, 1, 0]);
        let mut all: Vec<f64> = Vec::new();
        for i in 0..8 {
            for j in 0..8 {
                all.extend(std::iter::repeat_n(values[i] - values[j], x[i] * y[j]));
            }
        }
        all.sort_by(f64::total_cmp);
        let (x, y) = (x.map(|n| n as u64), y.map(|n| n as u64));
        let differences = Differences::new(&values, &x, &y);
        for (i, expected) in all.iter().enumerate() {
            assert_eq!(differences.smallest(i as u128 + 1), *expected, "{i}");
        }
    }

    #[test]
    fn doubles_and_their_places_are_one_to_one() {
        for value in [-1e300, -5e-324, 0.0, 5e-324, 1.5] {
            assert_eq!(double(place(value)), value);
        }
        assert_eq!(place(-0.0), 0);
        assert_eq!(place(-5e-324), -1);
    }
}
