//! What beta regression and tobit expect at chosen values.

use super::mills::density;
use super::tobit::response;
use super::{Beta, Tobit};
use crate::model::Link;
use crate::predict::{Bounds, Point, of_fit, row};
use crate::tails::{
    beta_quantile, beta_upper_quantile, normal_cdf, normal_sf, normal_upper_quantile,
};
use ndarray::Array1;
use ssi_vocab::{Estimate, Interval, Level, Note};

impl Beta {
    /// At each point the mean with its confidence interval, made on the logit scale
    /// (`link_normal`), then one respondent (`prediction_beta`).
    ///
    /// # Formula
    /// One respondent: the quantiles of beta(pφ, (1 − p)φ) between the bounds, at the estimates of p
    /// and φ.
    ///
    /// # Assumptions
    /// The respondent's interval takes p and φ as known, as R's betareg does (`type = "quantile"`):
    /// with few respondents it is a little too narrow.
    pub fn predicted(&self, points: &[Point], level: Level) -> Vec<Estimate> {
        let Link::Logit { low, high } = self.fit.link else { return Vec::new() };
        let means = of_fit(&self.fit, points, level, Bounds::default());
        let phi = self.log_precision.0.exp();
        means
            .into_iter()
            .flat_map(|mean| {
                let mut one = Estimate { std_error: None, interval: None, ..mean.clone() };
                if let Some(value) = mean.value {
                    let share = (value - low) / (high - low);
                    let (a, b) = (share * phi, (1.0 - share) * phi);
                    let at = |share: f64| low + (high - low) * share;
                    let ends = (
                        at(beta_quantile(level.tail(), a, b)),
                        at(beta_upper_quantile(level.tail(), a, b)),
                    );
                    one.vcov = None;
                    if a > 0.0 && b > 0.0 && ends.0.is_finite() && ends.1.is_finite() {
                        one.interval = Some(named(ends, level, "prediction_beta"));
                        one.note = None;
                    } else {
                        one.note = Some(Note::BeyondRange);
                    }
                }
                [mean, one]
            })
            .collect()
    }
}

impl Tobit {
    /// At each point what would be seen without limits, `latent(x = 7)`; what is expected to be seen,
    /// `expected(x = 7)`; for each limit how probable it is to be reached, `p(y >= 500 | x = 7)`; and
    /// one respondent (`prediction_normal`), cut off at the limits.
    ///
    /// # Formula
    /// With the covariance V of (b, log σ): the latent mean xb ± q·√(xᵀVx); the mean of the outcome
    /// cut off at its limits by the delta method, its interval cut off too (`delta`); P(y ≥ U) =
    /// Φ(z ± q·s), z = (xb − U)/σ and s its standard error by the delta method (`link_normal`), and
    /// likewise P(y ≤ L); one respondent, xb ± q·√(σ² + xᵀVx).
    ///
    /// # Assumptions
    /// Those of [`tobit`](super::tobit()). The respondent's interval leans on normal residuals of
    /// equal spread.
    pub fn predicted(&self, points: &[Point], level: Level) -> Vec<Estimate> {
        points.iter().flat_map(|point| self.at(point, level)).collect()
    }

    fn at(&self, point: &Point, level: Level) -> Vec<Estimate> {
        let fit = &self.fit;
        let (sigma, (low, high)) = (self.log_sigma.0.exp(), self.limits);
        let q = normal_upper_quantile(level.tail());
        let mut rows = of_fit(fit, std::slice::from_ref(point), level, Bounds::default());
        let Some(latent) = rows.first_mut() else { return rows };
        let mu = latent.value;
        latent.term = format!("latent({})", point.chosen);
        let Some(mu) = mu else { return rows };
        let latent_error = latent.std_error;
        let blank = |term: String| {
            let mut row = row(fit.method, &fit.formula, &fit.outcome, point, counts(fit));
            row.term = term;
            row.vcov = Some(fit.vcov.clone());
            row
        };
        // The standard error of what has these derivatives by the mean and by log σ.
        let error = |by_mean: f64, by_scale: f64| {
            let own = point.x.iter().map(|x| by_mean * x).chain([by_scale]);
            let g: Array1<f64> = own.collect();
            g.dot(&self.covariance.dot(&g)).max(0.0).sqrt()
        };
        let limits = Bounds {
            low: Some(low).filter(|v| v.is_finite()),
            high: Some(high).filter(|v| v.is_finite()),
        };
        let seen = response(mu, sigma, self.limits);
        let mut expected = blank(format!("expected({})", point.chosen));
        let s = error(seen.slope, seen.mean_by_scale);
        expected.value = Some(seen.mean);
        if s.is_finite() {
            expected.std_error = Some(s);
            let ends = (seen.mean - q * s, seen.mean + q * s);
            expected.interval = Some(named(ends, level, "delta"));
        } else {
            expected.note = Some(Note::ErrorsUndefined);
        }
        rows.push(limits.clip(expected));
        for (limit, sign, sign_text) in [(low, -1.0, "<="), (high, 1.0, ">=")] {
            if !limit.is_finite() {
                continue;
            }
            let z = sign * (mu - limit) / sigma;
            let mut reached =
                blank(format!("p({} {sign_text} {limit} | {})", fit.outcome, point.chosen));
            reached.value = Some(normal_cdf(z));
            let s = error(sign / sigma, -z);
            if s.is_finite() {
                reached.std_error = Some(density(z) * s);
                let ends = (normal_cdf(z - q * s), normal_sf(-(z + q * s)));
                reached.interval = Some(named(ends, level, "link_normal"));
            } else {
                reached.note = Some(Note::ErrorsUndefined);
            }
            rows.push(reached);
        }
        let mut one = blank(point.chosen.clone());
        one.value = Some(mu);
        match latent_error {
            Some(s) => {
                let s = s.hypot(sigma);
                one.std_error = Some(s);
                one.interval = Some(named((mu - q * s, mu + q * s), level, "prediction_normal"));
            }
            None => one.note = Some(Note::ErrorsUndefined),
        }
        rows.push(limits.clip(one));
        rows
    }
}

fn counts(fit: &crate::model::Fit) -> (usize, usize) {
    (fit.n_obs, fit.n_excluded)
}

fn named((low, high): (f64, f64), level: Level, method: &str) -> Interval {
    Interval { low, high, level, method: method.to_owned() }
}
