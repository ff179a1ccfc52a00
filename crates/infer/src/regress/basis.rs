//! An orthonormal basis of a fit and the leverages, made when somebody asks for them.
//!
//! The basis is as large as the data: of a million rows nobody wants it who asks for coefficients.

use super::Ols;
use super::blocks::{Source, scores};
use super::factor::Triangle;
use ndarray::{Array1, Array2};
use std::sync::OnceLock;

/// A row a respondent: x S, so that the leverage is its squared length.
#[derive(Debug, Clone)]
pub(super) struct Basis {
    scores: OnceLock<Array2<f64>>,
    hat: OnceLock<Array1<f64>>,
    /// None where the scores are there from the start.
    from: Option<From>,
}

/// What makes scores of the model matrix.
#[derive(Debug, Clone)]
struct From {
    centres: Vec<f64>,
    scales: Vec<f64>,
    inverse: Triangle<f64>,
}

impl Basis {
    /// Of scores that are there.
    pub(super) fn of(scores: Array2<f64>) -> Self {
        Self { scores: scores.into(), hat: OnceLock::new(), from: None }
    }

    /// Of scores that will be (x · scale − centre) R⁻¹.
    pub(super) fn later(centres: Vec<f64>, scales: Vec<f64>, inverse: Triangle<f64>) -> Self {
        let from = Some(From { centres, scales, inverse });
        Self { scores: OnceLock::new(), hat: OnceLock::new(), from }
    }
}

impl Ols {
    /// Each respondent's row of X S, where S Sᵀ = (XᵀX)⁻¹: an orthonormal basis of the fit.
    pub(crate) fn scores(&self) -> &Array2<f64> {
        self.basis.scores.get_or_init(|| {
            let Some(From { centres, scales, inverse }) = &self.basis.from else {
                return Array2::zeros(self.x.dim());
            };
            scores(&Source { x: &self.x, rest: None, scales, centres }, inverse)
        })
    }

    /// Leverages, one a row (of a single respondent, where rows have frequency weights).
    pub fn hat(&self) -> &Array1<f64> {
        self.basis.hat.get_or_init(|| {
            // A weight that is a precision belongs to the row.
            let precision = |i: usize| if self.precise() { self.weight(i) } else { 1.0 };
            let rows = self.scores().rows().into_iter().enumerate();
            rows.map(|(i, q)| (precision(i) * q.dot(&q)).min(1.0)).collect()
        })
    }
}
