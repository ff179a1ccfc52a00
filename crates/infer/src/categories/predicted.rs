//! Probabilities of categories at chosen values.

use super::{Firth, Logistic, Ordinal};
use crate::model::Fit;
use crate::model::logit::logistic;
use crate::predict::{Bounds, Point, of_fit, row};
use crate::tails::normal_upper_quantile;
use ndarray::Array1;
use ssi_vocab::{Estimate, Interval, Level, Note};

impl Logistic {
    /// The probability of the event at each point, `p(answer = yes | x = 7)`, its interval made on
    /// the log-odds and carried over (`link_normal`).
    pub fn predicted(&self, points: &[Point], level: Level) -> Vec<Estimate> {
        of_event(&self.fit, &self.event, points, level)
    }
}

impl Firth {
    /// As that of a [logistic regression](super::Logistic::predicted), with the Wald covariance of
    /// the penalised fit. The penalty draws probabilities towards one half.
    pub fn predicted(&self, points: &[Point], level: Level) -> Vec<Estimate> {
        of_event(&self.fit, &self.event, points, level)
    }
}

fn of_event(fit: &Fit, event: &str, points: &[Point], level: Level) -> Vec<Estimate> {
    let rows = of_fit(fit, points, level, Bounds::default());
    let named = rows.into_iter().zip(points).map(|(row, point)| {
        let term = format!("p({} = {event} | {})", fit.outcome, point.chosen);
        Estimate { term, ..row }
    });
    named.collect()
}

impl Ordinal {
    /// The probability of each level at each point, `p(rating = high | x = 7)`.
    ///
    /// # Formula
    /// P(Y = j) = F(θⱼ − xb) − F(θⱼ₋₁ − xb), with the standard error s by the delta method; the
    /// interval is made on the log-odds of that probability p, logit p ± q·s/(p(1 − p))
    /// (`delta_logit`), as R's `predict.clm`.
    pub fn predicted(&self, points: &[Point], level: Level) -> Vec<Estimate> {
        points.iter().flat_map(|point| self.at(point, level)).collect()
    }

    fn at(&self, point: &Point, level: Level) -> Vec<Estimate> {
        let fit = &self.fit;
        let m = self.levels.len() - 1;
        let (theta, b) = fit.coefficients.split_at(m);
        // The intercept is the thresholds.
        let x: Vec<f64> = point.x.iter().skip(1).copied().collect();
        let eta: f64 = x.iter().zip(b).map(|(x, b)| x * b).sum();
        let q = normal_upper_quantile(level.tail());
        let one = |(j, name): (usize, &String)| {
            let counts = (fit.n_obs, fit.n_excluded);
            let mut row = row(fit.method, &fit.formula, &fit.outcome, point, counts);
            row.term = format!("p({} = {name} | {})", fit.outcome, point.chosen);
            let above = theta.get(j).map_or(f64::INFINITY, |t| t - eta);
            let below = j.checked_sub(1).map_or(f64::NEG_INFINITY, |j| theta[j] - eta);
            // The tail in which both are small, so that nothing cancels.
            let p = if below > 0.0 {
                logistic(-below) - logistic(-above)
            } else {
                logistic(above) - logistic(below)
            };
            if !eta.is_finite() || !p.is_finite() {
                row.note = Some(Note::BeyondRange);
                return row;
            }
            row.value = Some(p);
            let Some(covariance) = &fit.covariance else { return row };
            row.vcov = Some(fit.vcov.clone());
            let slope = |z: f64| logistic(z) * logistic(-z);
            let (up, down) = (slope(above), slope(below));
            let mut gradient = Array1::zeros(fit.coefficients.len());
            if j < m {
                gradient[j] = up;
            }
            if j > 0 {
                gradient[j - 1] = -down;
            }
            for (l, x) in x.iter().enumerate() {
                gradient[m + l] = -(up - down) * x;
            }
            let s = gradient.dot(&covariance.dot(&gradient)).max(0.0).sqrt();
            let (centre, half) = ((p / (1.0 - p)).ln(), q * s / (p * (1.0 - p)));
            let (low, high) = (logistic(centre - half), logistic(centre + half));
            if s.is_finite() && low.is_finite() && high.is_finite() {
                row.std_error = Some(s);
                let method = "delta_logit".to_owned();
                row.interval = Some(Interval { low, high, level, method });
            } else {
                row.note = Some(Note::ErrorsUndefined);
            }
            row
        };
        self.levels.iter().enumerate().map(one).collect()
    }
}
