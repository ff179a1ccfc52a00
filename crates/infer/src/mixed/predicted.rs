//! What a mixed model expects at chosen values.

use super::Mixed;
use super::satterthwaite::Parts;
use crate::predict::{Bounds, Point, row};
use crate::tails::{normal_upper_quantile, t_upper_quantile};
use ssi_vocab::{Estimate, Interval, Level, Note};

impl Mixed {
    /// At each point the mean over all groups (`mean_t`), then one respondent of a group that was
    /// not seen (`prediction_new_group`).
    ///
    /// # Formula
    /// xᵀβ ± t·√v with v = xᵀ(XᵀV⁻¹X)⁻¹x for the mean, and v + zᵀGz + σ² for one respondent (z is 1
    /// and, with a random slope, its predictor): the groups' variance is part of what a new
    /// respondent differs by. Each t has Satterthwaite's degrees of freedom of its own variance,
    /// 2v²/(gᵀAg).
    ///
    /// # Assumptions
    /// Effects and residuals are normal. Somebody of a group that was seen has a narrower interval
    /// about that group's own level, which this is not.
    ///
    /// # References
    /// Kuznetsova, Brockhoff and Christensen (2017), doi:10.18637/jss.v082.i13.
    pub fn predicted(&self, points: &[Point], level: Level, bounds: Bounds) -> Vec<Estimate> {
        points.iter().flat_map(|point| self.at(point, level, bounds)).collect()
    }

    fn at(&self, point: &Point, level: Level, bounds: Bounds) -> [Estimate; 2] {
        let fit = &self.fit;
        let counts = (fit.n_obs, fit.n_excluded);
        let mut mean = row(fit.method, &fit.formula, &fit.outcome, point, counts);
        mean.vcov = Some(fit.vcov.clone());
        let value = point.x.iter().zip(&fit.coefficients).map(|(x, b)| x * b).sum::<f64>();
        let mut one = mean.clone();
        let solved = &self.problem;
        let slope = self.slope.as_ref().and_then(|name| fit.terms.iter().position(|t| t == name));
        let (centre, spread) = solved.centre;
        let z = [1.0, slope.map_or(0.0, |at| (point.x[at] - centre) / spread)];
        let parts = solved.satterthwaite.of_mean(point.x.view());
        let whole = solved.satterthwaite.of_one(point.x.view(), z, &solved.gamma);
        for (row, parts, method) in
            [(&mut mean, parts, "mean_t"), (&mut one, whole, "prediction_new_group")]
        {
            let Parts { variance, df } = parts;
            let t = if df.is_finite() {
                t_upper_quantile(level.tail(), df)
            } else {
                normal_upper_quantile(level.tail())
            };
            let s = variance.max(0.0).sqrt() * solved.scale;
            let (low, high) = (value - t * s, value + t * s);
            if low.is_finite() && high.is_finite() {
                row.value = Some(value);
                row.std_error = Some(s);
                row.interval = Some(Interval { low, high, level, method: method.to_owned() });
            } else {
                row.note = Some(Note::BeyondRange);
            }
        }
        [bounds.clip(mean), bounds.clip(one)]
    }
}
