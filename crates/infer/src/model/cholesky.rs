use ndarray::Array2;

/// L with A = L Lᵀ for a symmetric positive definite A.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    size: usize,
    /// The lower triangle, stored full, a row after the other.
    lower: Vec<f64>,
}

impl Cholesky {
    /// `None` unless the matrix is positive definite beyond rounding.
    pub(crate) fn new(matrix: &Array2<f64>) -> Option<Self> {
        let size = matrix.nrows();
        let mut lower = vec![0.0; size * size];
        for j in 0..size {
            for i in j..size {
                let dot: f64 = (0..j).map(|l| lower[i * size + l] * lower[j * size + l]).sum();
                let rest = matrix[[i, j]] - dot;
                if i == j {
                    // What is left of a diagonal cell after so much cancels is rounding.
                    let rounding = 1e-14 * size as f64 * matrix[[j, j]].abs();
                    if !(rest > rounding && rest.is_finite()) {
                        return None;
                    }
                    lower[j * size + j] = rest.sqrt();
                } else {
                    lower[i * size + j] = rest / lower[j * size + j];
                }
            }
        }
        Some(Self { size, lower })
    }

    /// x with A x = b.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let (n, at) = (self.size, |i: usize, j: usize| self.lower[i * self.size + j]);
        let mut x = b.to_vec();
        for i in 0..n {
            let dot: f64 = (0..i).map(|j| at(i, j) * x[j]).sum();
            x[i] = (x[i] - dot) / at(i, i);
        }
        for i in (0..n).rev() {
            let dot: f64 = (i + 1..n).map(|j| at(j, i) * x[j]).sum();
            x[i] = (x[i] - dot) / at(i, i);
        }
        x
    }

    /// x with Lᵀ x = b: from independent numbers of variance 1, ones with the covariance A⁻¹.
    pub(crate) fn solve_transposed(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in (0..self.size).rev() {
            let dot: f64 = (i + 1..self.size).map(|j| self.lower[j * self.size + i] * x[j]).sum();
            x[i] = (x[i] - dot) / self.lower[i * self.size + i];
        }
        x
    }

    /// A⁻¹.
    pub(crate) fn inverse(&self) -> Array2<f64> {
        let n = self.size;
        let mut inverse = Array2::zeros((n, n));
        let mut unit = vec![0.0; n];
        for j in 0..n {
            unit[j] = 1.0;
            for (i, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[[i, j]] = value;
            }
            unit[j] = 0.0;
        }
        // Both halves are the same number up to rounding; make them the same double.
        for i in 0..n {
            for j in 0..i {
                let mean = 0.5 * (inverse[[i, j]] + inverse[[j, i]]);
                inverse[[i, j]] = mean;
                inverse[[j, i]] = mean;
            }
        }
        inverse
    }

    /// log det A.
    pub(crate) fn log_determinant(&self) -> f64 {
        2.0 * (0..self.size).map(|i| self.lower[i * self.size + i].ln()).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn solves_inverts_and_refuses() {
        let a = array![[4.0, 2.0, 0.0], [2.0, 5.0, 1.0], [0.0, 1.0, 3.0]];
        let c = Cholesky::new(&a).map(|c| (c.solve(&[8.0, 15.0, 11.0]), c.log_determinant()));
        let (x, log_determinant) = c.unwrap_or_default();
        for (found, wanted) in x.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - wanted).abs() < 1e-14);
        }
        assert!((log_determinant - 44f64.ln()).abs() < 1e-14);
        assert!(Cholesky::new(&array![[1.0, 2.0], [2.0, 4.0]]).is_none());
        let inverse = Cholesky::new(&a).map(|c| c.inverse().dot(&a)).unwrap_or_default();
        assert!((&inverse - &Array2::<f64>::eye(3)).iter().all(|v| v.abs() < 1e-14));
    }
}
