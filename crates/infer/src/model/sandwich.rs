use super::ModelError;
use crate::regress::{BellMcCaffrey, ClusterKind, Clusters, Covariance, StandardErrors};
use crate::{Error, Result};
use ndarray::Array2;

/// Which standard errors a likelihood's parameters get, and the clusters they need.
#[derive(Debug, Clone, Copy)]
pub struct Errors<'a> {
    /// The kind.
    pub kind: &'a StandardErrors,
    /// The cluster of each row.
    pub clusters: Option<&'a Clusters>,
}

impl Errors<'_> {
    /// True for errors that take the model at its word.
    pub fn classical(&self) -> bool {
        *self.kind == StandardErrors::default()
    }

    /// Refuses the kinds that lean on leverages of least squares.
    ///
    /// # Errors
    /// [`ModelError::Option`].
    pub(crate) fn check(&self, model: &'static str) -> Result<()> {
        match self.kind {
            StandardErrors::Each(Covariance::Classical | Covariance::Hc0 | Covariance::Hc1)
            | StandardErrors::Cluster(ClusterKind::Cr1, _) => Ok(()),
            other => Err(ModelError::Option {
                option: match other {
                    StandardErrors::Each(Covariance::Hc2) => "--se hc2",
                    StandardErrors::Each(Covariance::Hc3) => "--se hc3",
                    StandardErrors::Each(_) => "--se hc4",
                    StandardErrors::Adjusted(BellMcCaffrey::Hc2) => "--se hc2_bm",
                    StandardErrors::Adjusted(BellMcCaffrey::Hc3) => "--se hc3_bm",
                    StandardErrors::Cluster(..) => "--se cr2",
                },
                model,
                instead: "use classical, hc0, hc1 or cluster:COLUMN",
            }
            .into()),
        }
    }

    /// The covariance of parameters from the inverse information and a row of scores a respondent.
    ///
    /// # Formula
    /// A⁻¹ B A⁻¹ with the information A. HC0: B = Σ sᵢsᵢᵀ; HC1: times n/(n − p) with p parameters;
    /// CR1: B = Σ_g (Σ_g sᵢ)(Σ_g sᵢ)ᵀ · G/(G − 1) · (n − 1)/(n − p), the factor of least squares.
    pub(crate) fn covariance(
        &self,
        inverse: &Array2<f64>,
        scores: &Array2<f64>,
        weights: &[f64],
    ) -> Result<Array2<f64>> {
        let p = inverse.nrows();
        let n: f64 = weights.iter().sum();
        let rest = n / (n - p as f64);
        let (sums, factor) = match self.kind {
            StandardErrors::Each(Covariance::Classical) => return Ok(inverse.clone()),
            StandardErrors::Each(_) | StandardErrors::Adjusted(_) => {
                let mut rows = scores.clone();
                for (mut row, w) in rows.rows_mut().into_iter().zip(weights) {
                    row *= w.sqrt();
                }
                let hc1 = *self.kind == StandardErrors::Each(Covariance::Hc1);
                (rows, if hc1 { rest } else { 1.0 })
            }
            StandardErrors::Cluster(_, column) => {
                let clusters = self.clusters.ok_or_else(|| Error::TooFewClusters {
                    column: column.clone(),
                    analysis: "a cluster-robust error",
                    needed: 2,
                    found: 0,
                })?;
                let mut sums = Array2::zeros((clusters.len(), p));
                for (i, row) in scores.rows().into_iter().enumerate() {
                    sums.row_mut(clusters.of(i)).scaled_add(weights[i], &row);
                }
                let g = clusters.len() as f64;
                (sums, g / (g - 1.0) * ((n - 1.0) / (n - p as f64)))
            }
        };
        let half = sums.dot(inverse);
        let mut covariance = half.t().dot(&half) * factor;
        super::scaled::mirror(&mut covariance);
        Ok(covariance)
    }
}
