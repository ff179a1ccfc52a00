//! Size, mean and sum of squares of a group, with twice the digits of a double.

use super::grouped::{Grouped, Sample};
use crate::double_double::DoubleDouble;

/// One group summed up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Summary {
    pub(super) n: f64,
    pub(super) mean: DoubleDouble,
    /// Σ(x − x̄)²; exactly 0 where all values are equal.
    pub(super) squares: DoubleDouble,
}

impl Summary {
    /// All groups, in two passes over each.
    pub(super) fn all(groups: &Grouped) -> Vec<Self> {
        groups.samples.iter().map(Self::new).collect()
    }

    fn new(sample: &Sample) -> Self {
        let n = sample.n() as f64;
        let value = |i: usize| DoubleDouble {
            hi: sample.values[i],
            lo: sample.rest.as_ref().map_or(0.0, |rest| rest[i]),
        };
        let weight = |i: usize| sample.counts.as_ref().map_or(1.0, |w| w[i] as f64);
        let all = 0..sample.values.len();
        let first = value(0);
        if all.clone().all(|i| value(i) == first) {
            return Self { n, mean: first, squares: DoubleDouble::ZERO };
        }
        let mut sum = DoubleDouble::ZERO;
        for i in all.clone() {
            // Differences from one of the values are small where an offset is large.
            sum += (value(i) - first) * weight(i);
        }
        let mean = first + sum / n.into();
        let mut squares = DoubleDouble::ZERO;
        for i in all {
            let d = value(i) - mean;
            squares += d * d * weight(i);
        }
        Self { n, mean, squares }
    }

    /// n − 1.
    pub(super) fn df(&self) -> f64 {
        self.n - 1.0
    }

    /// The variance, with n − 1.
    pub(super) fn variance(&self) -> f64 {
        f64::from(self.squares) / self.df()
    }
}

/// The mean of everybody.
pub(super) fn grand_mean(groups: &[Summary]) -> DoubleDouble {
    let first = groups[0].mean;
    let (mut n, mut sum) = (0.0, DoubleDouble::ZERO);
    for group in groups {
        n += group.n;
        sum += (group.mean - first) * group.n;
    }
    first + sum / n.into()
}
