//! Degrees of freedom for variances that are estimated from variance components.

use super::problem::Two;
use super::search::{Optimum, add_curvature, jacobian};
use crate::regress::factor::rotated;
use ndarray::{Array1, Array2, ArrayView1};

/// What Satterthwaite's formula needs of an optimum, in the units it was solved in.
///
/// The parameters are σ² and the root θ, in which also a singular fit is stationary: the gradient
/// by a cell at the boundary is 0 there, and it drops out.
#[derive(Debug, Clone)]
pub(super) struct Satterthwaite {
    /// From the orthonormal predictors to the design's.
    root: Array2<f64>,
    /// Covariance of the orthonormal predictors' coefficients over σ², and its derivatives by Γ's
    /// cells.
    covariance: Array2<f64>,
    slopes: Vec<Array2<f64>>,
    variance: f64,
    jacobian: Array2<f64>,
    /// Principal axes of the deviance's second derivatives, with their lengths.
    axes: Vec<(f64, Vec<f64>)>,
}

/// A variance and its degrees of freedom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    /// In squared residual units of least squares.
    pub(super) variance: f64,
    pub(super) df: f64,
}

impl Satterthwaite {
    pub(super) fn new(root: &Array2<f64>, optimum: &Optimum) -> Self {
        let at = &optimum.at;
        let k = optimum.theta.len();
        let by_root = jacobian(&optimum.theta);
        let jacobian = Array2::from_shape_fn((k + 1, k + 1), |cell| match cell {
            (0, 0) => 1.0,
            (0, _) | (_, 0) => 0.0,
            (i, j) => by_root[[i - 1, j - 1]],
        });
        let mut hessian = jacobian.t().dot(&at.joint).dot(&jacobian);
        add_curvature(&at.joint_slopes, 1, &mut hessian);
        let rows: Vec<Vec<f64>> = hessian.rows().into_iter().map(|row| row.to_vec()).collect();
        let (values, vectors) = rotated(&rows);
        let largest = values.first().copied().unwrap_or(0.0);
        let axes = values.into_iter().zip(vectors).filter(|(value, _)| *value > 1e-10 * largest);
        Self {
            root: root.clone(),
            covariance: at.covariance.clone(),
            slopes: at.covariance_slopes.clone(),
            variance: at.variance,
            axes: axes.collect(),
            jacobian,
        }
    }

    /// The variance of xᵀβ.
    pub(super) fn of_mean(&self, x: ArrayView1<'_, f64>) -> Parts {
        let (own, slopes) = self.slopes_of(x);
        self.judged(own, slopes)
    }

    /// The variance of a new group's respondent about xᵀβ.
    pub(super) fn of_one(&self, x: ArrayView1<'_, f64>, z: [f64; 2], gamma: &Two) -> Parts {
        let (own, mut slopes) = self.slopes_of(x);
        let pairs = [(0, 0), (1, 0), (1, 1)];
        for ((i, j), slope) in pairs.into_iter().zip(&mut slopes[1..]) {
            *slope += self.variance * z[i] * z[j] * if i == j { 1.0 } else { 2.0 };
        }
        let between: f64 =
            (0..2).map(|i| (0..2).map(|j| z[i] * gamma[i][j] * z[j]).sum::<f64>()).sum();
        slopes[0] += 1.0 + between;
        self.judged(own + 1.0 + between, slopes)
    }

    /// The variance of xᵀβ over σ², and the variance's derivatives by σ² and Γ's cells.
    fn slopes_of(&self, x: ArrayView1<'_, f64>) -> (f64, Vec<f64>) {
        let contrast = self.root.t().dot(&x);
        let form = |matrix: &Array2<f64>| contrast.dot(&matrix.dot(&contrast));
        let own = form(&self.covariance);
        let by_cells = self.slopes.iter().map(|slope| self.variance * form(slope));
        (own, [own].into_iter().chain(by_cells).collect())
    }

    fn judged(&self, over_sigma: f64, slopes: Vec<f64>) -> Parts {
        let slopes = self.jacobian.t().dot(&Array1::from(slopes));
        let spread: f64 = self
            .axes
            .iter()
            .map(|(value, vector)| {
                let along: f64 = vector.iter().zip(&slopes).map(|(v, s)| v * s).sum();
                2.0 * along * along / value
            })
            .sum();
        let variance = self.variance * over_sigma;
        Parts { variance, df: 2.0 * variance * variance / spread }
    }
}
