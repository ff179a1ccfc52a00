use super::{Derivatives, ModelError};
use crate::{Error, Result};
use ndarray::Array2;
use ssi_vocab::{Design, Weights};

/// How often each row counts.
///
/// # Errors
/// [`Error::Unweighted`] for weights that are no frequencies.
pub(crate) fn frequencies(design: &Design, model: &'static str) -> Result<Vec<f64>> {
    match &design.weights {
        None => Ok(vec![1.0; design.y.len()]),
        Some(Weights::Frequency(counts)) => Ok(counts.iter().map(|c| *c as f64).collect()),
        Some(other) => Err(Error::Unweighted { analysis: model, kind: other.kind() }),
    }
}

/// A model matrix whose columns were brought to mean 0 (where there is an intercept to take the
/// shift) and spread 1, so that a search meets no parameter of another size than the others.
#[derive(Debug, Clone)]
pub(crate) struct Scaled {
    /// The columns.
    pub(crate) x: Array2<f64>,
    centres: Vec<f64>,
    scales: Vec<f64>,
    intercept: bool,
}

impl Scaled {
    /// The columns of a design; `centred` is for the search, the other form keeps the intercept
    /// what the user means by it.
    pub(crate) fn new(design: &Design, weights: &[f64], centred: bool) -> Self {
        let total: f64 = weights.iter().sum();
        let (mut x, intercept) = (design.x.as_ref().clone(), design.intercept);
        let mut centres = vec![0.0; x.ncols()];
        let mut scales = vec![1.0; x.ncols()];
        for (j, mut column) in x.columns_mut().into_iter().enumerate() {
            if intercept && j == 0 {
                continue;
            }
            let largest = column.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            if largest == 0.0 {
                continue;
            }
            let mean = |f: &dyn Fn(f64) -> f64| {
                column.iter().zip(weights).map(|(v, w)| w * f(*v)).sum::<f64>() / total
            };
            let centre = if intercept { mean(&|v| v) } else { 0.0 };
            let spread = largest * mean(&|v| ((v - centre) / largest).powi(2)).sqrt();
            scales[j] = if spread > 0.0 { spread } else { largest };
            centres[j] = if centred { centre } else { 0.0 };
            column.mapv_inplace(|v| (v - centres[j]) / scales[j]);
        }
        Self { x, centres, scales, intercept }
    }

    /// Coefficients in the units of the design.
    pub(crate) fn back(&self, scaled: &[f64]) -> Vec<f64> {
        let mut own: Vec<f64> = scaled.iter().zip(&self.scales).map(|(b, s)| b / s).collect();
        if self.intercept {
            own[0] -= own.iter().zip(&self.centres).skip(1).map(|(b, c)| b * c).sum::<f64>();
        }
        own
    }

    /// Coefficients of the scaled columns.
    pub(crate) fn forth(&self, own: &[f64]) -> Vec<f64> {
        let mut scaled: Vec<f64> = own.iter().zip(&self.scales).map(|(b, s)| b * s).collect();
        if self.intercept {
            scaled[0] += own.iter().zip(&self.centres).skip(1).map(|(b, c)| b * c).sum::<f64>();
        }
        scaled
    }

    /// The matrix that [`Scaled::back`] multiplies by, with `more` parameters after the
    /// coefficients that stay as they are.
    pub(crate) fn map(&self, more: usize) -> Array2<f64> {
        let k = self.scales.len();
        let mut map = Array2::eye(k + more);
        for j in 0..k {
            map[[j, j]] = 1.0 / self.scales[j];
            if self.intercept && j > 0 {
                map[[0, j]] = -self.centres[j] / self.scales[j];
            }
        }
        map
    }

    /// By how much a column was divided.
    pub(crate) fn scale(&self, j: usize) -> f64 {
        self.scales[j]
    }

    /// Σ log of the divisors: what a determinant of XᵀX in these units lacks, halved.
    pub(crate) fn log_scale(&self) -> f64 {
        self.scales.iter().map(|s| s.ln()).sum()
    }
}

/// What one row adds to a log-likelihood through its linear predictor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The log-likelihood.
    pub(crate) value: f64,
    /// Its derivative by the linear predictor.
    pub(crate) slope: f64,
    /// Minus its second derivative.
    pub(crate) curvature: f64,
}

/// The sum over rows that depend on the coefficients through one linear predictor each.
pub(crate) fn linear(
    x: &Array2<f64>,
    weights: &[f64],
    b: &[f64],
    row: &dyn Fn(usize, f64) -> Row,
) -> Derivatives {
    let k = b.len();
    let mut value = 0.0;
    let mut gradient = vec![0.0; k];
    let mut information = Array2::<f64>::zeros((k, k));
    for (i, line) in x.rows().into_iter().enumerate() {
        let eta: f64 = line.iter().zip(b).map(|(x, b)| x * b).sum();
        let Row { value: v, slope, curvature } = row(i, eta);
        let w = weights[i];
        value += w * v;
        for a in 0..k {
            gradient[a] += w * slope * line[a];
            let part = w * curvature * line[a];
            for c in 0..=a {
                information[[a, c]] += part * line[c];
            }
        }
    }
    mirror(&mut information);
    Derivatives { value, gradient, information }
}

/// Copies the lower triangle to the upper one.
pub(crate) fn mirror(matrix: &mut Array2<f64>) {
    for a in 0..matrix.nrows() {
        for c in 0..a {
            matrix[[c, a]] = matrix[[a, c]];
        }
    }
}

/// The design with an intercept and nothing else, where it has one.
pub(crate) fn intercept_only(design: &Design) -> Option<Design> {
    design.intercept.then(|| Design {
        terms: design.terms[..1].to_vec(),
        assign: design.assign[..1].to_vec(),
        families: design.families[..1].to_vec(),
        x: Array2::ones((design.y.len(), 1)).into(),
        x_rest: None,
        ..design.clone()
    })
}

/// Lower and upper bound, where they are in order.
///
/// # Errors
/// [`ModelError::Bounds`].
pub(crate) fn in_order(low: f64, high: f64) -> Result<()> {
    if low < high { Ok(()) } else { Err(ModelError::Bounds { low, high }.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::design;
    use ssi_vocab::{Column, Table};

    #[test]
    fn there_and_back_is_where_one_was() -> Result<()> {
        let numbers = |v: &[f64]| v.iter().copied().map(Ok).collect::<Vec<_>>();
        let columns = vec![
            Column::number("y", numbers(&[1.0, 0.0, 1.0, 0.0])),
            Column::number("x", numbers(&[1e6, 2e6, 4e6, 3e6])),
        ];
        let design = design(&Table::new(columns, vec![2, 3, 4, 5])?, "y ~ x")?;
        for centred in [true, false] {
            let scaled = Scaled::new(&design, &[1.0; 4], centred);
            let there = scaled.forth(&[0.5, 2e-6]);
            let back = scaled.back(&there);
            assert!((back[0] - 0.5).abs() < 1e-12 && (back[1] - 2e-6).abs() < 1e-18);
            let mapped = scaled.map(0).dot(&ndarray::Array1::from(there));
            assert!((mapped[0] - 0.5).abs() < 1e-12);
        }
        Ok(())
    }
}
