//! Eigenvalues and eigenvectors of correlations, by linfa's linear algebra.

use crate::{Error, Result};
use linfa_linalg::eigh::{EigSort, EigValshInto, EighInto};
use ndarray::Array2;

const NAME: &str = "an eigendecomposition";

/// The eigenvalues of a matrix of correlations (rows of equal length), largest first.
///
/// # Errors
/// [`Error::NotConverged`] for a matrix that is not finite.
pub(super) fn eigenvalues(rows: &[Vec<f64>]) -> Result<Vec<f64>> {
    let found = matrix(rows)?.eigvalsh_into().map_err(|_| failed())?;
    Ok(clamped(found.sort_eig_desc().to_vec()))
}

/// The same with the eigenvectors, a row each: unit vectors.
///
/// # Errors
/// As [`eigenvalues`].
pub(super) fn eigenvectors(rows: &[Vec<f64>]) -> Result<(Vec<f64>, Vec<Vec<f64>>)> {
    let (values, vectors) = matrix(rows)?.eigh_into().map_err(|_| failed())?.sort_eig_desc();
    let vectors = vectors.columns().into_iter().map(|column| column.to_vec()).collect();
    Ok((clamped(values.to_vec()), vectors))
}

/// Correlations have no eigenvalue below 0: what is, is rounding.
fn clamped(values: Vec<f64>) -> Vec<f64> {
    values.into_iter().map(|v| v.max(0.0)).collect()
}

fn matrix(rows: &[Vec<f64>]) -> Result<Array2<f64>> {
    // The iteration would not end on what is not finite.
    if !rows.iter().flatten().all(|v| v.is_finite()) {
        return Err(failed());
    }
    Ok(Array2::from_shape_fn((rows.len(), rows.len()), |(i, j)| rows[i][j]))
}

fn failed() -> Error {
    Error::NotConverged { analysis: NAME }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_put_together_again_from_its_parts() {
        // Items that are copies of three others: rank 3.
        let base = [[1.0, 0.6, -0.2], [0.6, 1.0, 0.1], [-0.2, 0.1, 1.0]];
        let r: Vec<Vec<f64>> =
            (0..12).map(|i| (0..12).map(|j| base[i % 3][j % 3]).collect()).collect();
        let (values, vectors) = eigenvectors(&r).unwrap_or_default();
        assert!(values.windows(2).all(|two| two[0] >= two[1]));
        assert!(values[2] > 0.1 && values[3] < 1e-13, "{values:?}");
        assert_eq!(eigenvalues(&r).unwrap_or_default().len(), 12);
        for i in 0..12 {
            for j in 0..12 {
                let cell: f64 = values.iter().zip(&vectors).map(|(l, v)| l * v[i] * v[j]).sum();
                assert!((cell - r[i][j]).abs() < 1e-13, "{i} {j}: {cell}");
            }
        }
        assert!(eigenvalues(&[vec![f64::NAN]]).is_err());
    }
}
