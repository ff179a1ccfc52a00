use super::shares;
use crate::Result;
use crate::formula::Modelled;
use crate::model::logit;
use crate::model::{Errors, Fit, Link, Reference, Response, effects, frequencies};
use ssi_vocab::{Estimate, Level};

/// A fitted fractional logit.
#[derive(Debug, Clone)]
pub struct Fractional {
    /// Coefficients (log-odds of the share) and fit statistics.
    pub fit: Fit,
    modelled: Modelled,
    weights: Vec<f64>,
}

/// Fractional logit: how the mean of an outcome between two bounds depends on predictors, bounds
/// included.
///
/// # Formula
/// E(y) = low + (high − low)/(1 + e^(−xb)), with b where the Bernoulli quasi-likelihood of the shares
/// s = (y − low)/(high − low), Σ [s log p + (1 − s) log(1 − p)], is largest. `classical` errors take
/// the variance to be φp(1 − p), φ from Pearson's residuals, with t on n − k degrees of freedom (R's
/// quasibinomial); `hc0`, `hc1` and `cr1` are sandwiches, which need the mean alone to be right.
///
/// # Assumptions
/// The mean's form; independent respondents (clusters with `cr1`).
///
/// # Missing data
/// Complete cases.
///
/// # Errors
/// [`ModelError::OutOfBounds`](crate::model::ModelError::OutOfBounds) with the row;
/// [`ModelError::Separated`](crate::model::ModelError::Separated); those of
/// [`ols`](crate::regress::ols).
///
/// # References
/// Papke and Wooldridge (1996),
/// doi:10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1.
pub fn fractional(
    modelled: &Modelled,
    low: f64,
    high: f64,
    errors: &Errors<'_>,
) -> Result<Fractional> {
    const MODEL: &str = "fractional";
    errors.check(MODEL)?;
    let design = &modelled.design;
    let weights = frequencies(design, MODEL)?;
    let y = shares(design, low, high, MODEL)?;
    let fitted = logit::logit(design, &y, &weights, MODEL, "leave them out")?;
    let information = &fitted.top.found.information;
    let mut covariance = fitted.covariance(&y, &weights, errors, information, MODEL)?;
    let (n, k) = (design.n_obs() as f64, design.terms.len());
    let mean: Vec<f64> = fitted.scaled.x.dot(&ndarray::ArrayView1::from(&fitted.top.at)).to_vec();
    if errors.classical() {
        let pearson = y.iter().zip(&mean).zip(&weights).map(|((y, eta), w)| {
            let (p, q) = (logit::logistic(*eta), logit::logistic(-eta));
            w * (y - p) * (y - p) / (p * q)
        });
        covariance *= pearson.sum::<f64>() / (n - k as f64);
    }
    let b = fitted.scaled.back(&fitted.top.at);
    let mut fit = logit::filled(MODEL, design, b, covariance, errors);
    if errors.classical() {
        fit.reference = Reference::T(n - k as f64);
    }
    fit.link = Link::Logit { low, high };
    fit.fitted = mean.iter().map(|eta| fit.link.mean(*eta)).collect();
    fit.residuals = design.y.iter().zip(&fit.fitted).map(|(y, f)| y - f).collect();
    // What the best conceivable shares would reach: the entropy of the outcome itself.
    let entropy = |p: f64| if p > 0.0 { p * p.ln() } else { 0.0 };
    let saturated: f64 =
        y.iter().zip(&weights).map(|(y, w)| w * (entropy(*y) + entropy(1.0 - y))).sum();
    fit.glance.deviance = Some(2.0 * (saturated - fitted.top.found.value));
    fit.glance.null_deviance =
        logit::null_value(design, &y, &weights).map(|null| 2.0 * (saturated - null));
    fit.glance.df_residual = Some(n - k as f64);
    fit.glance.iterations = Some(fitted.top.iterations);
    fit.glance.gradient = Some(fitted.top.gradient());
    Ok(Fractional { fit, modelled: modelled.clone(), weights })
}

impl Fractional {
    /// The coefficients.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        self.fit.estimates(level)
    }

    /// Average marginal effects, in outcome units for a unit of the predictor (SSI points for a
    /// profile point).
    pub fn measures(&self, level: Level) -> Vec<Estimate> {
        average_effects(&self.fit, &self.modelled, &self.weights, level)
    }
}

/// Average marginal effects of a fit on the logit scale between bounds.
pub(super) fn average_effects(
    fit: &Fit,
    modelled: &Modelled,
    weights: &[f64],
    level: Level,
) -> Vec<Estimate> {
    let (Link::Logit { low, high }, Some(covariance)) = (fit.link, &fit.covariance) else {
        return Vec::new();
    };
    let response = |eta: f64| {
        let (p, q) = (logit::logistic(eta), logit::logistic(-eta));
        Response {
            mean: low + (high - low) * p,
            slope: (high - low) * p * q,
            curvature: (high - low) * p * q * (q - p),
            mean_by_scale: 0.0,
            slope_by_scale: 0.0,
        }
    };
    effects(fit, modelled, covariance, weights, &response, level)
}
