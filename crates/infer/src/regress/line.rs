use super::covariance::is_one;
use super::real::total;
use super::{Ols, Scores};
use crate::predict::Bounds;
use crate::tails::t_upper_quantile;
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note, Weights};

/// A straight line of one predictor with what it takes to predict from it, and nobody's data.
///
/// Made by [`Ols::line`], or from numbers that were kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The expected outcome where the predictor is 0.
    pub intercept: f64,
    /// How much the outcome is expected to rise with one unit of the predictor.
    pub slope: f64,
    /// Residual standard deviation.
    pub sigma: f64,
    /// Respondents less two.
    pub df_residual: usize,
    /// Respondents.
    pub n_obs: usize,
    /// Mean of the predictor, x̄.
    pub mean: f64,
    /// Σ(x − x̄)².
    pub s_xx: f64,
    /// Smallest and largest value of the predictor.
    pub range: [f64; 2],
    /// For intervals that assume no distribution, where there are any.
    pub scores: Option<Scores>,
}

impl Ols {
    /// What a fit without the respondent expects of each: yᵢ − eᵢ/(1 − hᵢ), by row of the design;
    /// not of those whom the fit passes through whatever their outcome.
    pub fn left_out(&self) -> Vec<(usize, f64)> {
        let free = |i: &usize| !is_one(self.hat()[*i]);
        let one = |i: usize| (i, self.y()[i] - self.residuals[i] / (1.0 - self.hat()[i]));
        (0..self.residuals.len()).filter(free).map(one).collect()
    }

    /// The fit as a [`Line`]; `None` unless it has an intercept, one more term and no weights other
    /// than counts.
    pub fn line(&self) -> Option<Line> {
        let alike = matches!(self.weights(), None | Some(Weights::Frequency(_)));
        if !self.intercept || self.terms.len() != 2 || !alike {
            return None;
        }
        let rows: Vec<(f64, f64)> = (0..self.residuals.len())
            .map(|i| (self.x()[[i, 1]], self.times(i)))
            .filter(|(_, times)| *times > 0.0)
            .collect();
        let sum =
            |f: &dyn Fn(&(f64, f64)) -> f64| f64::from(total(rows.iter().map(|row| f(row).into())));
        let n = sum(&|row| row.1);
        let mean = sum(&|row| row.0 * row.1) / n;
        let s_xx = sum(&|row| row.1 * (row.0 - mean) * (row.0 - mean));
        let values = || rows.iter().map(|row| row.0);
        Some(Line {
            intercept: self.coefficients[0],
            slope: self.coefficients[1],
            sigma: self.sigma,
            df_residual: self.df_residual,
            n_obs: self.n_obs,
            mean,
            s_xx,
            range: [values().fold(f64::INFINITY, f64::min), values().fold(f64::MIN, f64::max)],
            scores: self.left_out_scores(),
        })
    }
}

impl Line {
    /// The expected outcome.
    pub fn at(&self, x: f64) -> f64 {
        self.intercept + self.slope * x
    }

    /// True for a value that the line was fitted within.
    pub fn holds(&self, x: f64) -> bool {
        (self.range[0]..=self.range[1]).contains(&x)
    }

    /// Leverage of a value: 1/n + (x − x̄)²/Sxx.
    pub fn leverage(&self, x: f64) -> f64 {
        let moved = x - self.mean;
        1.0 / self.n_obs as f64 + moved * moved / self.s_xx
    }

    /// What is expected of one person, with the interval that takes residuals to be normal with equal
    /// spread (`prediction_t`), then with the one that assumes no distribution
    /// (`scaled_jackknife`); both cut off at the bounds, with a note where that changed them.
    ///
    /// # Formula
    /// a + bx ± t(n − 2)·σ·√(1 + h) with h = 1/n + (x − x̄)²/Sxx; the other as in
    /// [`Ols::scaled_intervals`].
    ///
    /// # Assumptions
    /// The person is like those the line was fitted to. Beyond their range ([`Line::holds`]) nothing
    /// but the line speaks for it.
    pub fn one(&self, x: f64, level: Level, bounds: Bounds) -> [Estimate; 2] {
        let value = self.at(x);
        let row = |half: Option<f64>, method: &str| {
            let mut row = Estimate::new(Analysis::Prediction, "ols", String::new(), self.n_obs);
            if !value.is_finite() {
                row.note = Some(Note::BeyondRange);
                return row;
            }
            row.value = Some(value);
            let ends = half.map(|half| (value - half, value + half));
            match ends {
                Some((low, high)) if low.is_finite() && high.is_finite() => {
                    let method = method.to_owned();
                    row.interval = Some(Interval { low, high, level, method });
                    bounds.clip(row)
                }
                Some(_) => bounds.clip(row).lacking_interval(method, Note::BeyondRange),
                None => bounds.clip(row).lacking_interval(method, Note::TooFewForInterval),
            }
        };
        let h = self.leverage(x);
        let error = self.sigma * (1.0 + h).sqrt();
        let t = t_upper_quantile(level.tail(), self.df_residual as f64);
        let mut normal = row(Some(t * error), "prediction_t");
        normal.std_error = normal.interval.is_some().then_some(error);
        let scaled = self.scores.as_ref().and_then(|s| s.half_width(value, h, level));
        [normal, row(scaled, "scaled_jackknife")]
    }
}
