//! Householder's QR factorisation of a model matrix, and what regression reads off it.

use super::real::Real;

/// An upper triangular matrix, stored full, a row after the other.
#[derive(Debug, Clone)]
pub(crate) struct Triangle<T> {
    size: usize,
    cells: Vec<T>,
}

impl<T: Real> Triangle<T> {
    fn zero(size: usize) -> Self {
        Self { size, cells: vec![T::zero(); size * size] }
    }

    /// How many rows, and columns.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The cell in row `i`, column `j`.
    pub(crate) fn at(&self, i: usize, j: usize) -> T {
        self.cells[i * self.size + j]
    }

    /// Writes the cell in row `i`, column `j`.
    pub(crate) fn set(&mut self, i: usize, j: usize, value: T) {
        self.cells[i * self.size + j] = value;
    }

    /// The solution c of R c = z, by substitution from below, with the leading `size` rows.
    pub(crate) fn solve(&self, size: usize, z: &[T]) -> Vec<T> {
        let mut c = z[..size].to_vec();
        for i in (0..size).rev() {
            for j in i + 1..size {
                c[i] = c[i] - self.at(i, j) * c[j];
            }
            c[i] = c[i] / self.at(i, i);
        }
        c
    }

    /// The inverse, which is upper triangular too.
    pub(crate) fn inverse(&self) -> Self {
        let mut inverse = Self::zero(self.size);
        for j in 0..self.size {
            let mut unit = vec![T::zero(); j + 1];
            unit[j] = T::new(1.0);
            for (i, value) in self.solve(j + 1, &unit).into_iter().enumerate() {
                inverse.set(i, j, value);
            }
        }
        inverse
    }

    /// The same matrix with each cell changed by `change`.
    pub(crate) fn map<U>(&self, change: impl Fn(T) -> U) -> Triangle<U> {
        Triangle { size: self.size, cells: self.cells.iter().map(|v| change(*v)).collect() }
    }

    /// Adds to the coefficients `b` what the gradient Xᵀe of their residuals still asks for, where
    /// this matrix is R⁻¹: R⁻¹R⁻ᵀ times the gradient.
    pub(crate) fn refine(&self, b: &mut [T], gradient: &[T]) {
        let half = self.left(gradient);
        for (j, value) in b.iter_mut().enumerate() {
            *value = (j..self.size).fold(*value, |sum, l| sum + self.at(j, l) * half[l]);
        }
    }

    /// Row vector times this matrix.
    pub(crate) fn left(&self, row: &[T]) -> Vec<T> {
        (0..self.size)
            .map(|j| (0..=j).fold(T::zero(), |sum, i| sum + row[i] * self.at(i, j)))
            .collect()
    }
}

/// R of the factorisation `columns = Q R`, and Qᵀy. The columns are used up.
///
/// Columns are factorised in the order given, without pivoting: a collinear column shows as a
/// diagonal of R that is 0 but for rounding, and the caller, who knows how large rounding can be,
/// judges it.
///
/// # References
/// Householder (1958), doi:10.1145/320941.320947; Golub (1965), doi:10.1007/BF01436075.
pub(crate) fn householder<T: Real>(
    columns: &mut [Vec<T>],
    outcome: &mut [T],
) -> (Triangle<T>, Vec<T>) {
    let size = columns.len();
    let mut r = Triangle::zero(size);
    for j in 0..size {
        let (done, rest) = columns.split_at_mut(j + 1);
        let pivot = &mut done[j];
        let norm = T::dot(&pivot[j..], &pivot[j..]).root();
        if norm.value() > 0.0 {
            // The reflection's sign avoids cancellation in its first entry.
            let alpha = if pivot[j].value() > 0.0 { -norm } else { norm };
            let first = pivot[j] - alpha;
            let scale = -(alpha * first);
            pivot[j] = first;
            let reflector = &pivot[j..];
            for column in rest.iter_mut().map(|c| &mut c[j..]).chain([&mut outcome[j..]]) {
                let factor = T::dot(reflector, column) / scale;
                for (x, v) in column.iter_mut().zip(reflector) {
                    *x = *x - factor * *v;
                }
            }
            r.set(j, j, alpha);
        }
        for (i, column) in rest.iter().enumerate() {
            r.set(j, j + 1 + i, column[j]);
        }
    }
    let z = outcome[..size].to_vec();
    (r, z)
}

/// The singular values of a small square matrix (rows of equal length), largest first.
///
/// One-sided Jacobi rotations: slow for large matrices, and accurate to the last digit for those
/// of a regression.
///
/// # References
/// Hestenes (1958), doi:10.1137/0106005.
pub(crate) fn singular_values(rows: &[Vec<f64>]) -> Vec<f64> {
    rotated(rows).0
}

/// Singular values (largest first) and right singular vectors, a row each.
pub(crate) fn rotated(rows: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = rows.first().map_or(0, Vec::len);
    let mut columns: Vec<Vec<f64>> =
        (0..size).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|j| (0..size).map(|i| f64::from(u8::from(i == j))).collect()).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    for _ in 0..60 {
        let mut turned = false;
        for p in 0..size {
            for q in p + 1..size {
                let (a, b) = (dot(&columns[p], &columns[p]), dot(&columns[q], &columns[q]));
                let c = dot(&columns[p], &columns[q]);
                if c == 0.0 || c.abs() <= f64::EPSILON * (a * b).sqrt() {
                    continue;
                }
                turned = true;
                let zeta = (b - a) / (2.0 * c);
                let t = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
                let cos = 1.0 / t.hypot(1.0);
                let sin = cos * t;
                for matrix in [&mut columns, &mut vectors] {
                    let (low, high) = matrix.split_at_mut(q);
                    for (x, y) in low[p].iter_mut().zip(high[0].iter_mut()) {
                        (*x, *y) = (cos * *x - sin * *y, sin * *x + cos * *y);
                    }
                }
            }
        }
        if !turned {
            break;
        }
    }
    let mut found: Vec<(f64, Vec<f64>)> =
        columns.iter().map(|c| dot(c, c).sqrt()).zip(vectors).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::double_double::DoubleDouble;

    #[test]
    fn the_factor_squares_to_the_cross_products() {
        let x = [[1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 4.0, 7.0]];
        let wide =
            |v: &[f64]| v.iter().copied().map(<DoubleDouble as Real>::new).collect::<Vec<_>>();
        let mut columns: Vec<_> = x.iter().map(|c| wide(c)).collect();
        let mut y = wide(&[2.0, 3.0, 5.0, 8.0]);
        let (r, z) = householder(&mut columns, &mut y);
        let cross = r.at(0, 0) * r.at(0, 1);
        assert!((cross - <DoubleDouble as Real>::new(14.0)).value().abs() < 1e-28);
        // The outcome is 1 + x exactly, so the coefficients are.
        let c = r.solve(2, &z);
        assert!((c[0] - <DoubleDouble as Real>::new(1.0)).value().abs() < 1e-28);
        assert!((c[1] - <DoubleDouble as Real>::new(1.0)).value().abs() < 1e-28);
    }

    #[test]
    fn singular_values_multiply_to_the_determinant() {
        let values = singular_values(&[vec![3.0, 1.0], vec![0.0, 2.0]]);
        assert!((values[0] * values[1] - 6.0).abs() < 1e-14);
        assert!((values[0].powi(2) + values[1].powi(2) - 14.0).abs() < 1e-13);
    }
}
