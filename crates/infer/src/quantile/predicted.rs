//! What a quantile regression expects at chosen values: a quantile, with its interval.

use super::{Quantile, QuantileBootstrap, QuantileErrors, RankInversion};
use crate::Result;
use crate::predict::{Bounds, Point, of_fit, row};
use crate::resample::Bootstrap;
use ssi_vocab::{Estimate, Level, Note, Progress};

/// A number that changes with δ as a straight line: a coefficient, or a quantile at a point.
pub(super) struct Target {
    /// Its row, with the value and without interval.
    pub(super) row: Estimate,
    /// How it changes with δ.
    pub(super) along: Vec<f64>,
    pub(super) value: f64,
}

impl Quantile<'_> {
    pub(super) fn coefficients(&self, level: Level) -> Vec<Target> {
        let rows = self.fit.estimates(level).into_iter().enumerate();
        rows.map(|(j, row)| Target {
            row: Estimate { note: self.note(), ..row },
            along: self.start.along(j),
            value: self.fit.coefficients[j],
        })
        .collect()
    }

    fn quantiles(&self, points: &[Point]) -> Vec<Target> {
        let fit = &self.fit;
        let one = |point: &Point| {
            let counts = (fit.n_obs, fit.n_excluded);
            let mut row = row(fit.method, &fit.formula, &fit.outcome, point, counts);
            let value = point.x.iter().zip(&fit.coefficients).map(|(x, b)| x * b).sum::<f64>();
            let mut along = vec![0.0; self.start.k];
            for (j, x) in point.x.iter().enumerate() {
                along.iter_mut().zip(self.start.along(j)).for_each(|(sum, a)| *sum += x * a);
            }
            row.value = Some(value).filter(|v| v.is_finite());
            row.note = if row.value.is_some() { self.note() } else { Some(Note::BeyondRange) };
            Target { row, along, value }
        };
        points.iter().map(one).collect()
    }

    /// The τ-quantile of the outcome at each point, with an interval by the inversion of a rank test.
    ///
    /// # Formula
    /// That of [`Quantile::rank`]: the quantile at x is the intercept of the same model with
    /// predictors counted from x.
    ///
    /// # Errors
    /// Those of [`Quantile::rank`].
    pub fn rank_at(
        &self,
        points: &[Point],
        kind: RankInversion,
        level: Level,
    ) -> Result<Vec<Estimate>> {
        let rows = self.inverted(kind, level, self.quantiles(points))?;
        // Whether a quantile is 0 is no question.
        Ok(rows.into_iter().map(|row| Estimate { test: None, ..row }).collect())
    }

    /// The τ-quantile at each point ± t·√(xᵀVx), with the covariance V of
    /// [`Quantile::estimates`].
    ///
    /// # Errors
    /// Those of [`Quantile::estimates`].
    pub fn estimates_at(
        &self,
        points: &[Point],
        errors: QuantileErrors,
        level: Level,
    ) -> Result<Vec<Estimate>> {
        let mut rows = of_fit(&self.with(errors)?, points, level, Bounds::default());
        for row in &mut rows {
            row.note = row.note.or(self.note());
            if let Some(interval) = &mut row.interval {
                interval.method = errors.code().to_owned();
            }
        }
        Ok(rows)
    }

    /// The τ-quantile at each point with a percentile interval, by [`Quantile::bootstrap`].
    ///
    /// # Errors
    /// Those of [`Quantile::bootstrap`].
    pub fn bootstrap_at(
        &self,
        points: &[Point],
        how: &Bootstrap,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<QuantileBootstrap> {
        self.resampled(how, level, self.quantiles(points), progress)
    }
}
