use super::real::{Real, total};
use super::{Covariance, Ols};
use crate::double_double::DoubleDouble;
use crate::formula::Rows;
use crate::tails::t_upper_quantile;
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};
use ssi_vocab::{Level, Weights};

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
    /// Residuals are normal with equal spread (the prediction interval leans on it at any n). With
    /// analytic weights the prediction interval is that of a respondent of weight 1, as in R; with
    /// probability weights the interval of the mean is robust (HC1).
    ///
    /// # Errors
    /// [`Error::WrongWidth`] unless the matrix has a column for each coefficient.
    pub fn predict(&self, x: ArrayView2<'_, f64>, level: Level) -> Result<Vec<Prediction>> {
        self.check_width(x.ncols())?;
        Ok(self.predicted(x.nrows(), &|i, j| DoubleDouble::from(x[[i, j]]), level))
    }

    /// [`Ols::predict`] of coded rows, with what their cells are beyond doubles: a power or a
    /// product rounded to a double would cost a nearly collinear model half of its digits.
    ///
    /// # Errors
    /// [`Error::WrongWidth`] for the rows of another model.
    pub fn predict_rows(&self, rows: &Rows, level: Level) -> Result<Vec<Prediction>> {
        self.check_width(rows.x.ncols())?;
        let rest = |i: usize, j: usize| rows.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]]);
        let cell = |i: usize, j: usize| DoubleDouble::with_rest(rows.x[[i, j]], rest(i, j));
        Ok(self.predicted(rows.x.nrows(), &cell, level))
    }

    fn check_width(&self, found: usize) -> Result<()> {
        let needed = self.coefficients.len();
        if found == needed { Ok(()) } else { Err(Error::WrongWidth { needed, found }) }
    }

    fn predicted(
        &self,
        rows: usize,
        cell: &dyn Fn(usize, usize) -> DoubleDouble,
        level: Level,
    ) -> Vec<Prediction> {
        let t = self.t(level);
        let meat = self.linearised();
        let one = |i: usize| {
            let row: Vec<DoubleDouble> = (0..self.terms.len()).map(|j| cell(i, j)).collect();
            let fitted = total(self.exact.iter().zip(&row).map(|(b, v)| *b * *v)).value();
            let q = self.root.left(&row);
            match &meat {
                Some(meat) => {
                    let q: Vec<f64> = q.into_iter().map(Real::value).collect();
                    self.between(fitted, quadratic(meat, &q).sqrt(), self.sigma, t)
                }
                None => {
                    let h = total(q.into_iter().map(|q| q * q)).value();
                    self.around(fitted, h, t)
                }
            }
        };
        (0..rows).map(one).collect()
    }

    /// The quantile that makes a standard error half an interval.
    pub(super) fn t(&self, level: Level) -> f64 {
        t_upper_quantile(level.tail(), self.df_residual as f64)
    }

    /// With probability weights, Σ over the respondents of the squared scores (HC1), from which the
    /// variance of a fitted value is made: the classical one does not hold then.
    pub(super) fn linearised(&self) -> Option<Array2<f64>> {
        matches!(self.weights(), Some(Weights::Probability(_)))
            .then(|| self.meat(Covariance::Hc1))
            .flatten()
    }

    /// The intervals around a fitted value of leverage `h`, `t` standard errors to each side.
    pub(super) fn around(&self, fitted: f64, h: f64, t: f64) -> Prediction {
        Self::sides(fitted, self.sigma * h.sqrt(), self.sigma * (1.0 + h).sqrt(), t)
    }

    /// The same from the mean's standard error and a respondent's own standard deviation.
    pub(super) fn between(&self, fitted: f64, std_error: f64, spread: f64, t: f64) -> Prediction {
        Self::sides(fitted, std_error, std_error.hypot(spread), t)
    }

    fn sides(fitted: f64, std_error: f64, of_one: f64, t: f64) -> Prediction {
        let (mean, one) = (t * std_error, t * of_one);
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

/// qᵀMq.
pub(super) fn quadratic(matrix: &Array2<f64>, q: &[f64]) -> f64 {
    let rows = matrix.rows().into_iter().zip(q);
    rows.map(|(row, a)| a * row.iter().zip(q).map(|(m, b)| m * b).sum::<f64>()).sum()
}
