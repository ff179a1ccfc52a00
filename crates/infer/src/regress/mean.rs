use super::{Covariance, Ols};
use crate::{Error, Result};
use ndarray::ArrayView2;
use ssi_vocab::{Interval, Level};

impl Ols {
    /// Confidence intervals of the expected outcome at each row of a model matrix, with the
    /// covariance asked for: the band of a line whose residuals spread unequally.
    ///
    /// # Formula
    /// xᵀb ± t(n − k)·√(xᵀVx), with V from [`Ols::covariance`]. With the classical covariance these
    /// are the intervals of [`Ols::predict`].
    ///
    /// # Assumptions
    /// Those of the covariance. Where the spread grows along the line the classical band holds some
    /// 84 to 93 % at its upper end and HC3's about 95 %: `tests/COVERAGE.md`.
    ///
    /// # Errors
    /// [`Error::WrongWidth`] unless the matrix has a column for each coefficient. `None` where the
    /// covariance is undefined.
    pub fn mean_intervals(
        &self,
        x: ArrayView2<'_, f64>,
        kind: Covariance,
        level: Level,
    ) -> Result<Option<Vec<Interval>>> {
        let k = self.coefficients.len();
        if x.ncols() != k {
            return Err(Error::WrongWidth { needed: k, found: x.ncols() });
        }
        let (t, predicted) = (self.t(level), self.predict(x, level)?);
        let Some(covariance) = self.covariance(kind) else { return Ok(None) };
        let one = |(i, row): (usize, ndarray::ArrayView1<'_, f64>)| {
            let reach = t * row.dot(&covariance.dot(&row)).max(0.0).sqrt();
            let (low, high) = (predicted[i].fitted - reach, predicted[i].fitted + reach);
            Interval { low, high, level, method: kind.code().to_owned() }
        };
        Ok(Some(x.rows().into_iter().enumerate().map(one).collect()))
    }
}

#[cfg(test)]
mod tests {
    use crate::regress::{Covariance, Ols, ols};
    use crate::{Error, formula};
    use ssi_vocab::{Column, Level, Table};

    const X: [f64; 8] = [1.0, 2.0, 2.0, 4.0, 5.0, 7.0, 8.0, 11.0];
    const Y: [f64; 8] = [2.0, 1.0, 4.0, 3.0, 6.0, 2.0, 9.0, 3.0];

    fn fit(moved: f64) -> Ols {
        let column =
            |name: &str, v: Vec<f64>| Column::number(name, v.into_iter().map(Ok).collect());
        let columns = vec![column("x", X.map(|v| v - moved).to_vec()), column("y", Y.to_vec())];
        let table = Table::new(columns, (1..=8).collect()).unwrap();
        ols(&formula::design(&table, "y ~ x").unwrap()).unwrap()
    }

    /// The mean at x₀ is the intercept of the model whose predictor is x − x₀.
    #[test]
    fn the_mean_is_the_intercept_of_a_moved_model() {
        let place = ndarray::array![[1.0, 3.5], [1.0, -20.0]];
        for kind in Covariance::ALL {
            let found = fit(0.0).mean_intervals(place.view(), kind, Level::DEFAULT).unwrap();
            for (row, interval) in place.rows().into_iter().zip(found.unwrap()) {
                let intercept = fit(row[1]).estimates(kind, Level::DEFAULT).remove(0);
                let expected = intercept.interval.unwrap();
                assert!((interval.low / expected.low - 1.0).abs() < 1e-12, "{kind}");
                assert!((interval.high / expected.high - 1.0).abs() < 1e-12, "{kind}");
            }
        }
    }

    #[test]
    fn the_classical_band_is_that_of_predict() {
        let (fit, place) = (fit(0.0), ndarray::array![[1.0, 6.0]]);
        let band = fit.mean_intervals(place.view(), Covariance::Classical, Level::DEFAULT);
        let (band, one) = (band.unwrap().unwrap(), fit.predict(place.view(), Level::DEFAULT));
        let one = one.unwrap()[0];
        assert!((band[0].low - one.conf_low).abs() < 1e-13);
        assert!((band[0].high - one.conf_high).abs() < 1e-13);
    }

    #[test]
    fn a_matrix_of_another_model_is_an_error() {
        let wide = ndarray::array![[1.0, 2.0, 3.0]];
        let found = fit(0.0).mean_intervals(wide.view(), Covariance::Hc3, Level::DEFAULT);
        assert_eq!(found, Err(Error::WrongWidth { needed: 2, found: 3 }));
    }
}
