//! The Gaussian copula that has the observed margins and correlation.

use crate::tails::{bivariate_normal_cdf, normal_cdf, normal_quantile};

/// More levels than this are joined, for the correlation alone.
const LEVELS: usize = 100;

/// The different values of a variable and where each ends on the normal scale.
#[derive(Debug, Clone)]
pub(super) struct Margin {
    values: Vec<f64>,
    /// Below which normal value each level but the last lies.
    ends: Vec<f64>,
}

impl Margin {
    /// From all values of the respondents.
    pub(super) fn new(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        let n = all.len() as f64;
        let mut values = all.clone();
        values.dedup();
        let share = |value: &f64| all.partition_point(|v| v <= value) as f64 / n;
        let ends = values[..values.len() - 1].iter().map(|v| normal_quantile(share(v))).collect();
        Self { values, ends }
    }

    /// The level that a normal value stands for.
    pub(super) fn level(&self, z: f64) -> usize {
        self.ends.partition_point(|end| *end < z)
    }

    /// The value of a level.
    pub(super) fn value(&self, level: usize) -> f64 {
        self.values[level]
    }

    /// The steps between levels: where each stands on the normal scale, and how high it is.
    fn steps(&self) -> Vec<(f64, f64)> {
        let each = self.ends.iter().zip(self.values.windows(2));
        let each: Vec<(f64, f64)> = each.map(|(end, pair)| (*end, pair[1] - pair[0])).collect();
        let together = each.len().div_ceil(LEVELS);
        if together <= 1 {
            return each;
        }
        each.chunks(together)
            .map(|steps| {
                let height: f64 = steps.iter().map(|s| s.1).sum();
                (steps.iter().map(|s| s.0 * s.1).sum::<f64>() / height, height)
            })
            .collect()
    }

    fn sd(&self) -> f64 {
        let steps = self.steps();
        covariance(&steps, &steps, |a, b| normal_cdf(a.min(b))).sqrt()
    }
}

/// Hoeffding's sum: Σ ΔxΔy (P(X ≤ a, Y ≤ b) − P(X ≤ a)P(Y ≤ b)).
fn covariance(x: &[(f64, f64)], y: &[(f64, f64)], joint: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sum = 0.0;
    for (a, dx) in x {
        for (b, dy) in y {
            sum += dx * dy * (joint(*a, *b) - normal_cdf(*a) * normal_cdf(*b));
        }
    }
    sum
}

/// The correlation of the normal variables with which the margins have correlation `r`; the nearest
/// that can be, where the margins allow none.
pub(super) fn normal_correlation(x: &Margin, y: &Margin, r: f64) -> f64 {
    const STEPS: usize = 40;
    const MOST: f64 = 0.9999;
    let (sx, sy) = (x.steps(), y.steps());
    let scale = x.sd() * y.sd();
    let made = |rho: f64| covariance(&sx, &sy, |a, b| bivariate_normal_cdf(a, b, rho)) / scale;
    let (mut low, mut high) = (-MOST, MOST);
    for _ in 0..STEPS {
        let middle = (low + high) / 2.0;
        if made(middle) < r {
            low = middle;
        } else {
            high = middle;
        }
        if high - low < 1e-6 {
            break;
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_split_has_the_arcsines_correlation() {
        let half = Margin::new(vec![0.0, 1.0]);
        // Corr = (2/π) arcsin ρ for two median splits.
        let rho = normal_correlation(&half, &half, 1.0 / 3.0);
        assert!((rho - 0.5).abs() < 1e-5, "{rho}");
        assert_eq!((half.level(-0.1), half.level(0.1)), (0, 1));
    }

    #[test]
    fn joined_levels_change_next_to_nothing() {
        let fine: Vec<f64> =
            (0..1000).map(|i| normal_quantile((f64::from(i) + 0.5) / 1000.0)).collect();
        let margin = Margin::new(fine);
        let rho = normal_correlation(&margin, &margin, 0.6);
        assert!((rho - 0.6).abs() < 0.01, "{rho}");
    }
}
