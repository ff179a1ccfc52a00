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
    pub(super) fn new(x: &[DoubleDouble], weight: &dyn Fn(usize) -> f64, degree: usize) -> Self {
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
    pub(super) fn at(&self, x: DoubleDouble) -> Vec<DoubleDouble> {
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
            columns.push(current / next_norm.root());
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_orthogonal_and_of_unit_length() {
        let x: Vec<DoubleDouble> = (0..9).map(|i| f64::from(i * i).into()).collect();
        let basis = Basis::new(&x, &|_| 1.0, 3);
        let columns: Vec<Vec<DoubleDouble>> = x.iter().map(|v| basis.at(*v)).collect();
        for a in 0..3 {
            let sum = total(columns.iter().map(|c| c[a]));
            assert!(sum.hi.abs() < 1e-28, "{sum:?}");
            for b in 0..3 {
                let dot = total(columns.iter().map(|c| c[a] * c[b]));
                let wanted = DoubleDouble::from(f64::from(u8::from(a == b)));
                assert!((dot - wanted).hi.abs() < 1e-28, "{a} {b} {dot:?}");
            }
        }
    }
}
