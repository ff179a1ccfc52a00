use super::Ols;
use super::real::{Real, total};
use crate::tails::t_upper_quantile;
use crate::{Error, Result};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use ssi_vocab::Level;

/// What a model expects at some values of the predictors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The expected outcome.
    pub fitted: f64,
    /// Standard error of the expected outcome.
    pub std_error: f64,
    /// Lower end of the confidence interval of the mean.
    pub conf_low: f64,
    /// Upper end of the confidence interval of the mean.
    pub conf_high: f64,
    /// Lower end of the prediction interval of one respondent.
    pub pred_low: f64,
    /// Upper end of the prediction interval of one respondent.
    pub pred_high: f64,
}

impl Ols {
    /// The expected outcome at each row of a model matrix, with two intervals: of the mean, and of
    /// a single respondent.
    ///
    /// [`crate::formula::Recipe::matrix`] makes such a matrix from a table, coded as the model's
    /// own.
    ///
    /// # Formula
    /// xᵀb ± t(n − k)·σ√h and xᵀb ± t(n − k)·σ√(1 + h), with h = xᵀ(XᵀX)⁻¹x.
    ///
    /// # Assumptions
    /// Residuals are normal with equal spread (the prediction interval leans on it at any n).
    ///
    /// # Errors
    /// [`Error::WrongWidth`] unless the matrix has a column for each coefficient.
    pub fn predict(&self, x: ArrayView2<'_, f64>, level: Level) -> Result<Vec<Prediction>> {
        let k = self.coefficients.len();
        if x.ncols() != k {
            return Err(Error::WrongWidth { needed: k, found: x.ncols() });
        }
        let t = self.t(level);
        Ok(x.rows()
            .into_iter()
            .map(|row| {
                let fitted = total(self.exact.iter().zip(row).map(|(b, v)| *b * *v)).value();
                let wide: Vec<_> = row.iter().map(|v| Real::new(*v)).collect();
                let h = total(self.root.left(&wide).into_iter().map(|q| q * q)).value();
                self.around(fitted, h, t)
            })
            .collect())
    }

    /// The quantile that makes a standard error half an interval.
    pub(super) fn t(&self, level: Level) -> f64 {
        t_upper_quantile(level.tail(), self.df_residual as f64)
    }

    /// The intervals around a fitted value of leverage `h`, `t` standard errors to each side.
    pub(super) fn around(&self, fitted: f64, h: f64, t: f64) -> Prediction {
        let std_error = self.sigma * h.sqrt();
        let (mean, one) = (t * std_error, t * self.sigma * (1.0 + h).sqrt());
        Prediction {
            fitted,
            std_error,
            conf_low: fitted - mean,
            conf_high: fitted + mean,
            pred_low: fitted - one,
            pred_high: fitted + one,
        }
    }
}
