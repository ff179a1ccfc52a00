use super::fractional::average_effects;
use super::polygamma::{digamma, trigamma};
use super::shares;
use crate::Result;
use crate::formula::Modelled;
use crate::model::logit::{self, logistic};
use crate::model::{
    Derivatives, Errors, Fit, Link, ModelError, Optimum, Scaled, frequencies, intercept_only,
    mirror, newton, wald,
};
use crate::tails::normal_upper_quantile;
use ndarray::Array2;
use ssi_vocab::{Design, Estimate, Interval, Level};

const MODEL: &str = "beta";

/// A fitted beta regression.
#[derive(Debug, Clone)]
pub struct Beta {
    /// Coefficients (log-odds of the mean share) and fit statistics.
    pub fit: Fit,
    modelled: Modelled,
    weights: Vec<f64>,
    /// log φ and its standard error.
    pub(super) log_precision: (f64, f64),
    pseudo_r_squared: Option<f64>,
}

/// Beta regression: how the mean of an outcome strictly between two bounds depends on predictors,
/// when the outcome spreads as a beta variable.
///
/// # Formula
/// Shares s = (y − low)/(high − low) with density beta(pφ, (1 − p)φ), p = 1/(1 + e^(−xb)); b and
/// log φ by maximum likelihood (Newton's method). Covariance: the inverse of the expected
/// information, as R's betareg; sandwiches use the observed scores. The log-likelihood is that of
/// the outcome in its own units (shares' less n log(high − low)), so that AIC compares with other
/// models of the same outcome.
///
/// # Assumptions
/// A beta distribution with one precision φ; independent respondents (clusters with `cr1`).
///
/// # Missing data
/// Complete cases.
///
/// # Errors
/// [`ModelError::AtBound`] with the row of a value at a bound, [`ModelError::OutOfBounds`],
/// [`ModelError::NotConverged`] (as where the outcome follows the curve exactly), and those of
/// [`ols`](crate::regress::ols).
///
/// # References
/// Ferrari and Cribari-Neto (2004), doi:10.1080/0266476042000214501.
pub fn beta(modelled: &Modelled, low: f64, high: f64, errors: &Errors<'_>) -> Result<Beta> {
    errors.check(MODEL)?;
    let design = &modelled.design;
    let weights = frequencies(design, MODEL)?;
    let y = shares(design, low, high, MODEL)?;
    if let Some(i) = y.iter().position(|s| *s <= 0.0 || *s >= 1.0) {
        let (column, row, value) = (design.outcome.clone(), design.rows[i], design.y[i]);
        return Err(ModelError::AtBound { column, row, value, low, high, model: MODEL }.into());
    }
    let (n, k) = (design.n_obs(), design.terms.len());
    if n <= k + 1 {
        return Err(crate::Error::TooFew { analysis: MODEL, needed: k + 2, found: n });
    }
    let (scaled, top) = search(design, &y, &weights)?;
    let shape = Shape { x: &scaled.x, y: &y, weights: &weights };
    let expected = shape.derivatives(&top.at, true);
    let inverse = logit::inverse(&expected.information, &top, MODEL)?;
    let covariance = errors.covariance(&inverse, &shape.scores(&top.at), &weights)?;
    let map = scaled.map(1);
    let all = map.dot(&covariance).dot(&map.t());
    let own = Array2::from_shape_fn((k, k), |cell| all[cell]);
    let b = scaled.back(&top.at[..k]);
    let mut fit = logit::filled(MODEL, design, b, own, errors);
    fit.link = Link::Logit { low, high };
    let eta = scaled.x.dot(&ndarray::ArrayView1::from(&top.at[..k]));
    fit.fitted = eta.iter().map(|eta| fit.link.mean(*eta)).collect();
    fit.residuals = design.y.iter().zip(&fit.fitted).map(|(y, f)| y - f).collect();
    let units = n as f64 * (high - low).ln();
    logit::judged(&mut fit.glance, &top, top.found.value - units, k + 1);
    if let Some(null) = intercept_only(design).filter(|_| k > 1) {
        let (_, null) = search(&null, &y, &weights)?;
        fit.glance.checks.push(logit::against_null(top.found.value, null.found.value, k - 1));
    }
    let observed: Vec<f64> = y.iter().map(|s| (s / (1.0 - s)).ln()).collect();
    let pseudo_r_squared = correlation(&eta.to_vec(), &observed, &weights).map(|r| r * r);
    let log_precision = (top.at[k], all[[k, k]].sqrt());
    Ok(Beta { fit, modelled: modelled.clone(), weights, log_precision, pseudo_r_squared })
}

impl Beta {
    /// The coefficients of the mean.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        self.fit.estimates(level)
    }

    /// Average marginal effects in outcome units, the precision φ (interval from log φ), and the
    /// pseudo R²: the squared correlation of the linear predictor with the outcome's log-odds.
    pub fn measures(&self, level: Level) -> Vec<Estimate> {
        let mut out = average_effects(&self.fit, &self.modelled, &self.weights, level);
        out.push(exponential(&self.fit, "phi", self.log_precision, level));
        if let Some(value) = self.pseudo_r_squared {
            let mut row = self.fit.row("pseudo_r_squared");
            row.value = Some(value);
            out.push(row);
        }
        out
    }
}

/// A positive parameter from its logarithm and that one's standard error.
pub(super) fn exponential(fit: &Fit, name: &str, log: (f64, f64), level: Level) -> Estimate {
    let mut row = fit.row(name);
    let value = log.0.exp();
    row.vcov = Some(fit.vcov.clone());
    wald(&mut row, value, value * log.1, level, "wald");
    row.test = None;
    let half = normal_upper_quantile(level.tail()) * log.1;
    let (low, high) = ((log.0 - half).exp(), (log.0 + half).exp());
    row.value = Some(value);
    row.interval = Some(Interval { low, high, level, method: "wald_log".to_owned() });
    row
}

/// The top of the likelihood: coefficients in the search's units, then log φ.
fn search(design: &Design, y: &[f64], weights: &[f64]) -> Result<(Scaled, Optimum)> {
    let start = logit::logit(design, y, weights, MODEL, "leave them out")?;
    let eta = start.scaled.x.dot(&ndarray::ArrayView1::from(&start.top.at));
    let (mut spread, mut square) = (0.0, 0.0);
    for ((eta, y), w) in eta.iter().zip(y).zip(weights) {
        let (p, q) = (logistic(*eta), logistic(-eta));
        spread += w * p * q;
        square += w * (y - p) * (y - p);
    }
    let mut at = start.top.at.clone();
    at.push((spread / square - 1.0).max(0.1).ln().min(40.0));
    let scaled = start.scaled;
    let shape = Shape { x: &scaled.x, y, weights };
    let top = newton(MODEL, at, &mut |p| {
        (p[p.len() - 1] < 60.0).then(|| shape.derivatives(p, false)).filter(|d| d.value.is_finite())
    })?;
    Ok((scaled, top))
}

struct Shape<'a> {
    x: &'a Array2<f64>,
    y: &'a [f64],
    weights: &'a [f64],
}

/// What one row says: value; derivatives by the linear predictor η and by log φ; minus the second
/// derivatives, observed or expected.
struct Said {
    value: f64,
    eta: f64,
    precision: f64,
    information: [f64; 3],
}

fn said(y: f64, eta: f64, log_precision: f64, expected: bool) -> Said {
    let phi = log_precision.exp();
    let (p, q) = (logistic(eta), logistic(-eta));
    let (a, b) = (p * phi, q * phi);
    let (log_y, log_rest) = (y.ln(), (-y).ln_1p());
    let slope = p * q;
    let miss = (log_y - log_rest) - (digamma(a) - digamma(b));
    let by_phi = digamma(phi) - p * digamma(a) - q * digamma(b) + p * log_y + q * log_rest;
    let (ta, tb) = (trigamma(a), trigamma(b));
    let mut information = [
        phi * phi * (ta + tb) * slope * slope,
        phi * phi * slope * (p * ta - q * tb),
        -phi * phi * (trigamma(phi) - p * p * ta - q * q * tb),
    ];
    if !expected {
        information[0] -= phi * miss * slope * (q - p);
        information[1] -= phi * miss * slope;
        information[2] -= phi * by_phi;
    }
    Said {
        value: libm::lgamma(phi) - libm::lgamma(a) - libm::lgamma(b)
            + (a - 1.0) * log_y
            + (b - 1.0) * log_rest,
        eta: phi * miss * slope,
        precision: phi * by_phi,
        information,
    }
}

impl Shape<'_> {
    fn rows(&self, p: &[f64], expected: bool) -> impl Iterator<Item = Said> {
        let k = p.len() - 1;
        let eta = self.x.dot(&ndarray::ArrayView1::from(&p[..k]));
        let precision = p[k];
        (0..self.y.len()).map(move |i| said(self.y[i], eta[i], precision, expected))
    }

    fn derivatives(&self, p: &[f64], expected: bool) -> Derivatives {
        let k = p.len() - 1;
        let mut value = 0.0;
        let mut gradient = vec![0.0; k + 1];
        let mut information = Array2::<f64>::zeros((k + 1, k + 1));
        for (i, row) in self.rows(p, expected).enumerate() {
            let (x, w) = (self.x.row(i), self.weights[i]);
            value += w * row.value;
            gradient[k] += w * row.precision;
            information[[k, k]] += w * row.information[2];
            for a in 0..k {
                gradient[a] += w * row.eta * x[a];
                information[[k, a]] += w * row.information[1] * x[a];
                for c in 0..=a {
                    information[[a, c]] += w * row.information[0] * x[a] * x[c];
                }
            }
        }
        mirror(&mut information);
        Derivatives { value, gradient, information }
    }

    fn scores(&self, p: &[f64]) -> Array2<f64> {
        let k = p.len() - 1;
        let mut scores = Array2::zeros((self.y.len(), k + 1));
        for (i, row) in self.rows(p, false).enumerate() {
            for a in 0..k {
                scores[[i, a]] = row.eta * self.x[[i, a]];
            }
            scores[[i, k]] = row.precision;
        }
        scores
    }
}

fn correlation(a: &[f64], b: &[f64], weights: &[f64]) -> Option<f64> {
    let total: f64 = weights.iter().sum();
    let mean = |v: &[f64]| v.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let (ma, mb) = (mean(a), mean(b));
    let cross = |u: &[f64], mu: f64, v: &[f64], mv: f64| -> f64 {
        (0..u.len()).map(|i| weights[i] * (u[i] - mu) * (v[i] - mv)).sum()
    };
    let r = cross(a, ma, b, mb) / (cross(a, ma, a, ma) * cross(b, mb, b, mb)).sqrt();
    r.is_finite().then_some(r)
}
