//! Orthogonal polynomials of a predictor, as R's `poly`.

use crate::double_double::DoubleDouble;
use crate::regress::real::{Real, total};

/// The recurrence that makes orthogonal polynomials of one predictor.
///
/// # Formula
/// p₀ = 1, p₁ = x − α₁, pⱼ₊₁ = (x − αⱼ₊₁)pⱼ − (nⱼ/nⱼ₋₁)pⱼ₋₁ with nⱼ = Σpⱼ² and αⱼ₊₁ = Σxpⱼ²/nⱼ over
/// the respondents. Column j is pⱼ/√nⱼ: unit length, highest power positive, as in R.
///
/// # References
/// Forsythe (1957), doi:10.1137/0105007.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Basis {
    /// αⱼ and nⱼ₋₁, from j = 1.
    steps: Vec<(DoubleDouble, DoubleDouble)>,
    /// n of the highest power.
    last: DoubleDouble,
}

impl Basis {
    /// The basis for these values, each standing for `weight(i)` respondents. The values must take
    /// more than `degree` different values.
    pub(super) fn new(values: &[f64], weight: &dyn Fn(usize) -> f64, degree: usize) -> Self {
        let x: Vec<DoubleDouble> = values.iter().map(|v| (*v).into()).collect();
        let sum = |of: &dyn Fn(usize) -> DoubleDouble| {
            total((0..x.len()).map(|i| of(i) * DoubleDouble::from(weight(i))))
        };
        let mut before = vec![DoubleDouble::ZERO; x.len()];
        let mut current = vec![DoubleDouble::from(1.0); x.len()];
        let mut norm_before = DoubleDouble::from(1.0);
        let mut norm = sum(&|_| 1.0.into());
        let mut steps = Vec::with_capacity(degree);
        for _ in 0..degree {
            let alpha = sum(&|i| x[i] * current[i] * current[i]) / norm;
            steps.push((alpha, norm));
            let ratio = if steps.len() == 1 { DoubleDouble::ZERO } else { norm / norm_before };
            let next =
                (0..x.len()).map(|i| (x[i] - alpha) * current[i] - ratio * before[i]).collect();
            before = std::mem::replace(&mut current, next);
            norm_before = norm;
            norm = sum(&|i| current[i] * current[i]);
        }
        Self { steps, last: norm }
    }

    /// The highest power.
    pub(super) fn degree(&self) -> usize {
        self.steps.len()
    }

    /// The columns at one value, from the first power to the highest.
    pub(super) fn at(&self, value: f64) -> Vec<f64> {
        let x = DoubleDouble::from(value);
        let (mut before, mut current) = (DoubleDouble::ZERO, DoubleDouble::from(1.0));
        let mut columns = Vec::with_capacity(self.steps.len());
        for (j, (alpha, norm)) in self.steps.iter().enumerate() {
            let ratio = match j.checked_sub(1) {
                Some(j) => *norm / self.steps[j].1,
                None => DoubleDouble::ZERO,
            };
            let next = (x - *alpha) * current - ratio * before;
            before = std::mem::replace(&mut current, next);
            let next_norm = self.steps.get(j + 1).map_or(self.last, |step| step.1);
            columns.push((current / next_norm.root()).value());
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_orthogonal_and_of_unit_length() {
        let x: Vec<f64> = (0..9).map(|i| f64::from(i * i)).collect();
        let basis = Basis::new(&x, &|_| 1.0, 3);
        let columns: Vec<Vec<f64>> = x.iter().map(|v| basis.at(*v)).collect();
        for a in 0..3 {
            let sum: f64 = columns.iter().map(|c| c[a]).sum();
            assert!(sum.abs() < 1e-15, "{sum}");
            for b in 0..3 {
                let dot: f64 = columns.iter().map(|c| c[a] * c[b]).sum();
                let wanted = f64::from(u8::from(a == b));
                assert!((dot - wanted).abs() < 1e-15, "{a} {b} {dot}");
            }
        }
    }
}
