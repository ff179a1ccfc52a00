use super::predict::quadratic;
use super::real::Real;
use super::{Covariance, Ols};
use crate::double_double::DoubleDouble;
use crate::tails::t_upper_quantile;
use crate::{Error, Result};
use ndarray::{Array2, ArrayView1, ArrayView2};
use ssi_vocab::{Interval, Level};

/// Heteroskedasticity-robust errors whose t has the degrees of freedom that their own variance
/// leaves it, instead of n − k.
///
/// # Formula
/// The error is that of HC2 or HC3. As a quadratic form in independent residuals of equal spread,
/// the estimated variance of a linear combination ℓᵀb is Σ cᵢ²eᵢ², with cᵢ = ℓᵀ(XᵀX)⁻¹xᵢ/(1 − hᵢ)^(δ/2)
/// and δ = 1 (HC2) or 2 (HC3); with D = diag(cᵢ²) and the hat matrix H it has Satterthwaite's
/// degrees of freedom
///
/// (tr D(I − H))² / tr (D(I − H))² = (Σ cᵢ²(1 − hᵢ))² / Σᵢⱼ cᵢ²cⱼ²(δᵢⱼ − hᵢⱼ)².
///
/// HC2's are those of Bell and McCaffrey, and of clubSandwich's CR2 with each respondent a cluster;
/// HC3's those of its CR3. As hᵢⱼ = qᵢᵀqⱼ with an orthonormal basis q of the fit, the double sum is
/// Σᵢ cᵢ⁴(1 − hᵢ)² + 2 cᵢ² qᵢᵀ(Σ_{j<i} cⱼ²qⱼqⱼᵀ)qᵢ: n·k² operations, none of which cancels.
///
/// # Assumptions
/// Independence; the spread may be unequal. A few respondents of high leverage carry most of what
/// the error is estimated from, and then the t of n − k holds less than it says: with 30 respondents
/// and strong skewness HC3 holds 91 % with n − k and 94 % with these (`tests/COVERAGE.md`). With
/// hundreds the two agree.
///
/// # References
/// Bell, R. M. & McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression
/// with multi-stage samples. Survey Methodology 28, 169–181. Imbens, G. W. & Kolesár, M. (2016).
/// Robust standard errors in small samples: some practical advice. doi:10.1162/REST_a_00552.
/// Pustejovsky, J. E. & Tipton, E. (2018). doi:10.1080/07350015.2016.1247004
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BellMcCaffrey {
    /// With HC2, which is unbiased under equal spread.
    Hc2,
    /// With HC3, close to the jackknife.
    Hc3,
}

impl BellMcCaffrey {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hc2, Self::Hc3];

    /// The name in the `vcov` field and after `--se`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hc2 => "hc2_bm",
            Self::Hc3 => "hc3_bm",
        }
    }

    /// The covariance that the errors are made from.
    pub fn covariance(self) -> Covariance {
        match self {
            Self::Hc2 => Covariance::Hc2,
            Self::Hc3 => Covariance::Hc3,
        }
    }
}

impl Ols {
    /// The degrees of freedom of each coefficient's error; see [`BellMcCaffrey`].
    ///
    /// None where the error is undefined or nothing is left to estimate it from.
    pub fn bell_mccaffrey_df(&self, kind: BellMcCaffrey) -> Vec<Option<f64>> {
        let k = self.coefficients.len();
        let along = |j: usize| (0..k).map(move |l| if l < j { 0.0 } else { self.root.at(j, l).hi });
        (0..k).map(|j| self.df_along(kind, along(j).collect())).collect()
    }

    /// The degrees of freedom of the expected outcome's error at one row of a model matrix.
    pub(crate) fn bell_mccaffrey_df_at(
        &self,
        kind: BellMcCaffrey,
        x: ArrayView1<'_, f64>,
    ) -> Option<f64> {
        self.df_along(kind, self.scores_of(x))
    }

    /// A row of a model matrix in the coordinates of the scores.
    fn scores_of(&self, x: ArrayView1<'_, f64>) -> Vec<f64> {
        let row: Vec<DoubleDouble> = x.iter().map(|v| DoubleDouble::from(*v)).collect();
        self.root.left(&row).into_iter().map(Real::value).collect()
    }

    /// Confidence intervals of the expected outcome at each row of a model matrix: the band of
    /// [`Ols::mean_intervals`], each place on degrees of freedom of its own.
    ///
    /// # Errors
    /// [`Error::WrongWidth`] unless the matrix has a column for each coefficient. `None` where the
    /// covariance, or the degrees of freedom at one of the rows, are undefined.
    pub fn bell_mccaffrey_intervals(
        &self,
        x: ArrayView2<'_, f64>,
        kind: BellMcCaffrey,
        level: Level,
    ) -> Result<Option<Vec<Interval>>> {
        let k = self.coefficients.len();
        if x.ncols() != k {
            return Err(Error::WrongWidth { needed: k, found: x.ncols() });
        }
        let Some(meat) = self.meat(kind.covariance()) else { return Ok(None) };
        let predicted = self.predict(x, level)?;
        let one = |(i, row): (usize, ArrayView1<'_, f64>)| {
            // In the scores' coordinates nothing cancels where predictors are nearly collinear.
            let q = self.scores_of(row);
            let t = t_upper_quantile(level.tail(), self.df_along(kind, q.clone())?);
            let reach = t * quadratic(&meat, &q).max(0.0).sqrt();
            let (low, high) = (predicted[i].fitted - reach, predicted[i].fitted + reach);
            Some(Interval { low, high, level, method: kind.code().to_owned() })
        };
        Ok(x.rows().into_iter().enumerate().map(one).collect())
    }

    /// Along a direction ℓ in the coordinates of the scores: that of ℓᵀ Σ q w e.
    fn df_along(&self, kind: BellMcCaffrey, mut along: Vec<f64>) -> Option<f64> {
        if !self.allows(kind.covariance()) {
            return None;
        }
        let k = self.coefficients.len();
        // Only the direction counts; its length could leave the range of doubles.
        let most = along.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        if most == 0.0 {
            // A sum of no coefficient has no error, and any quantile leaves it at that.
            return Some(self.df_residual as f64);
        }
        along.iter_mut().for_each(|v| *v /= most);
        let (mut trace, mut squares) = (DoubleDouble::ZERO, DoubleDouble::ZERO);
        // Σ c²qqᵀ over the respondents before.
        let mut before = Array2::<f64>::zeros((k, k));
        for (i, q) in self.scores().rows().into_iter().enumerate() {
            let times = self.times(i);
            if times == 0.0 {
                continue;
            }
            let rest = 1.0 - self.hat()[i];
            if super::covariance::is_one(1.0 - rest) {
                return None;
            }
            // Where weights belong to the rows, √w·x and √w·e are the rows and residuals.
            let unit = self.unit(i);
            let shift = unit * q.iter().zip(&along).map(|(q, l)| q * l).sum::<f64>();
            let c = match kind {
                BellMcCaffrey::Hc2 => shift * shift / rest,
                BellMcCaffrey::Hc3 => (shift / rest) * (shift / rest),
            };
            let q = q.mapv(|v| unit * v);
            let own = c * rest;
            trace += DoubleDouble::from(times * own);
            let mut cross = 2.0 * q.dot(&before.dot(&q));
            // Equal respondents meet one another too.
            let leverage = 1.0 - rest;
            cross += (times - 1.0) * c * leverage * leverage;
            squares += DoubleDouble::from(times * (own * own + c * cross));
            for a in 0..k {
                let step = times * c * q[a];
                for b in 0..k {
                    before[[a, b]] += step * q[b];
                }
            }
        }
        let (trace, squares) = (trace.value(), squares.value());
        let df = trace * (trace / squares);
        (trace > 0.0 && df.is_finite()).then_some(df)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::{self, Extras, WeightKind, model_with};
    use crate::regress::ols;
    use ndarray::array;
    use ssi_vocab::{Column, Table};

    const X: [f64; 8] = [1.0, 2.0, 2.0, 4.0, 5.0, 7.0, 8.0, 21.0];
    const Y: [f64; 8] = [2.0, 1.0, 4.0, 3.0, 6.0, 2.0, 9.0, 3.0];

    fn table(x: &[f64], y: &[f64]) -> Table {
        let column =
            |name: &str, v: &[f64]| Column::number(name, v.iter().copied().map(Ok).collect());
        Table::new(vec![column("x", x), column("y", y)], (1..=x.len()).collect()).unwrap()
    }

    fn fit(x: &[f64]) -> Ols {
        ols(&formula::design(&table(x, &Y), "y ~ x").unwrap()).unwrap()
    }

    /// tr(A)²/tr(A²) of A = D(I − H), written out.
    fn written_out(fit: &Ols, direction: [f64; 2], power: i32) -> f64 {
        let n = fit.x().nrows();
        let q = fit.scores();
        let h = |i: usize, j: usize| q.row(i).dot(&q.row(j));
        let inverse = fit.covariance(Covariance::Classical).unwrap() / fit.sigma.powi(2);
        let weight = |i: usize| {
            let shift = ndarray::arr1(&direction).dot(&inverse.dot(&fit.x().row(i)));
            shift * shift / (1.0 - h(i, i)).powi(power)
        };
        let cell = |i: usize, j: usize| weight(i) * (f64::from(u8::from(i == j)) - h(i, j));
        let trace: f64 = (0..n).map(|i| cell(i, i)).sum();
        let all = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
        trace * trace / all.map(|(i, j)| cell(i, j) * cell(j, i)).sum::<f64>()
    }

    #[test]
    fn the_sum_is_that_of_the_whole_matrix() {
        let fit = fit(&X);
        for (kind, power) in [(BellMcCaffrey::Hc2, 1), (BellMcCaffrey::Hc3, 2)] {
            let found = fit.bell_mccaffrey_df(kind);
            for (direction, found) in [[1.0, 0.0], [0.0, 1.0]].into_iter().zip(found) {
                let expected = written_out(&fit, direction, power);
                assert!((found.unwrap() / expected - 1.0).abs() < 1e-12, "{kind:?} {direction:?}");
            }
            let place = array![1.0, 13.0];
            let found = fit.bell_mccaffrey_df_at(kind, place.view()).unwrap();
            let expected = written_out(&fit, [1.0, 13.0], power);
            assert!((found / expected - 1.0).abs() < 1e-12, "{kind:?}");
        }
    }

    /// The mean at x₀ is the intercept of the model whose predictor is x − x₀.
    #[test]
    fn the_mean_is_the_intercept_of_a_moved_model() {
        let place = array![[1.0, 3.5], [1.0, -20.0]];
        for kind in BellMcCaffrey::ALL {
            let found =
                fit(&X).bell_mccaffrey_intervals(place.view(), kind, Level::DEFAULT).unwrap();
            for (row, interval) in place.rows().into_iter().zip(found.unwrap()) {
                let errors = super::super::StandardErrors::Adjusted(kind);
                let moved = fit(&X.map(|v| v - row[1]));
                let rows = moved.estimates_with(&errors, None, Level::DEFAULT).unwrap();
                let expected = rows[0].interval.as_ref().unwrap();
                assert!((interval.low / expected.low - 1.0).abs() < 1e-12);
                assert!((interval.high / expected.high - 1.0).abs() < 1e-12);
                assert_eq!(interval.method, kind.code());
            }
        }
    }

    #[test]
    fn counts_and_equal_precisions_give_what_rows_give() {
        let counts = [2_u64, 1, 3, 1, 0, 1, 2, 1];
        let several = |v: &[f64]| -> Vec<f64> {
            v.iter().zip(counts).flat_map(|(v, n)| std::iter::repeat_n(*v, n as usize)).collect()
        };
        let rows = table(&several(&X), &several(&Y));
        let rows = ols(&formula::design(&rows, "y ~ x").unwrap()).unwrap();
        let counted = table(&X, &Y).with_counts(counts.to_vec()).unwrap();
        let counted = ols(&formula::design(&counted, "y ~ x").unwrap()).unwrap();
        let weighted = table(&X, &Y).with_column(Column::number("w", vec![Ok(2.5); 8])).unwrap();
        let weights = Some(("w".to_owned(), WeightKind::Analytic));
        let extras = Extras { weights, ..Extras::default() };
        let weighted = ols(&model_with(&weighted, "y ~ x", &extras).unwrap().design).unwrap();
        for kind in BellMcCaffrey::ALL {
            let df = |fit: &Ols| {
                fit.bell_mccaffrey_df(kind).into_iter().map(Option::unwrap).collect::<Vec<f64>>()
            };
            for (a, b) in [(df(&rows), df(&counted)), (df(&fit(&X)), df(&weighted))] {
                assert!(a.iter().zip(b).all(|(a, b)| (a / b - 1.0).abs() < 1e-12), "{kind:?}");
            }
        }
    }

    #[test]
    fn a_leverage_of_one_leaves_none() {
        let fit = fit(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        for kind in BellMcCaffrey::ALL {
            assert_eq!(fit.bell_mccaffrey_df(kind), [None, None]);
            let errors = super::super::StandardErrors::Adjusted(kind);
            let rows = fit.estimates_with(&errors, None, Level::DEFAULT).unwrap();
            assert_eq!(rows[1].note, Some(ssi_vocab::Note::LeverageOne));
            let place = array![[1.0, 0.5]];
            let band = fit.bell_mccaffrey_intervals(place.view(), kind, Level::DEFAULT);
            assert_eq!(band, Ok(None));
        }
    }

    #[test]
    fn a_matrix_of_another_model_is_an_error() {
        let wide = array![[1.0, 2.0, 3.0]];
        let kind = BellMcCaffrey::Hc3;
        let found = fit(&X).bell_mccaffrey_intervals(wide.view(), kind, Level::DEFAULT);
        assert_eq!(found, Err(Error::WrongWidth { needed: 2, found: 3 }));
    }
}
