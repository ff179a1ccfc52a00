use super::{Cholesky, Errors, Fit, ModelError, Optimum, Reference, Row, Scaled};
use super::{intercept_only, linear, newton, separating};
use crate::tails::chi_squared_sf;
use crate::{Error, Result};
use ndarray::Array2;
use ssi_vocab::{Check, Design, Glance};

/// log(1 + eˣ) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// 1/(1 + e⁻ˣ), right to the last digits on both sides.
pub(crate) fn logistic(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// y log p + (1 − y) log(1 − p) with the log-odds η of p, for an outcome from 0 to 1.
pub(crate) fn row(y: f64, eta: f64) -> Row {
    let (p, q) = (logistic(eta), logistic(-eta));
    Row {
        value: -y * softplus(-eta) - (1.0 - y) * softplus(eta),
        slope: y * q - (1.0 - y) * p,
        curvature: p * q,
    }
}

/// The largest (quasi-)likelihood of a logit.
#[derive(Debug, Clone)]
pub(crate) struct Logit {
    pub(crate) scaled: Scaled,
    pub(crate) top: Optimum,
}

/// The top of the likelihood of shares `y` (0 to 1) with the predictors of a design.
///
/// Newton's method; where a fitted share ends next to 0 or 1, or nowhere, it is decided exactly
/// whether a top exists at all.
pub(crate) fn logit(
    design: &Design,
    y: &[f64],
    weights: &[f64],
    model: &'static str,
    instead: &'static str,
) -> Result<Logit> {
    sound(design, model)?;
    let scaled = Scaled::new(design, weights, true);
    let k = design.terms.len();
    let mut start = vec![0.0; k];
    if design.intercept {
        let total: f64 = weights.iter().sum();
        let mean = y.iter().zip(weights).map(|(y, w)| y * w).sum::<f64>() / total;
        start[0] = (mean / (1.0 - mean)).ln().clamp(-30.0, 30.0);
    }
    let mut at = |b: &[f64]| Some(linear(&scaled.x, weights, b, &|i, eta| row(y[i], eta)));
    let found = newton(model, start, &mut at);
    let certain = |top: &Optimum| {
        scaled.x.rows().into_iter().all(|line| {
            let eta: f64 = line.iter().zip(&top.at).map(|(x, b)| x * b).sum();
            eta.abs() < 15.0
        })
    };
    if !found.as_ref().is_ok_and(certain) {
        let rows = scaled.x.rows().into_iter().zip(y).flat_map(|(line, y)| {
            let signed = |sign: f64| line.iter().map(|x| sign * x).collect::<Vec<f64>>();
            // A share between the bounds keeps its log-odds where they are.
            let up = (*y > 0.0).then(|| signed(1.0));
            let down = (*y < 1.0).then(|| signed(-1.0));
            up.into_iter().chain(down)
        });
        let rows: Vec<Vec<f64>> = rows.collect();
        if let Some(columns) = separating(&rows, usize::from(design.intercept)) {
            let columns = columns.into_iter().map(|j| design.terms[j].clone()).collect();
            let outcome = design.outcome.clone();
            return Err(ModelError::Separated { outcome, columns, instead }.into());
        }
    }
    Ok(Logit { top: found?, scaled })
}

/// What least squares refuses every regression refuses: too few respondents, columns that do not
/// vary, that repeat one another, or that are too large to compute with.
pub(crate) fn sound(design: &Design, model: &'static str) -> Result<()> {
    let (n, k) = (design.n_obs(), design.terms.len());
    if n <= k {
        return Err(Error::TooFew { analysis: model, needed: k + 1, found: n });
    }
    crate::regress::ols(design).map(|_| ())
}

impl Logit {
    /// Derivatives of each row's value by the coefficients, in the search's own units.
    pub(crate) fn scores(&self, y: &[f64]) -> Array2<f64> {
        let mut scores = self.scaled.x.clone();
        for (mut line, y) in scores.rows_mut().into_iter().zip(y) {
            let eta: f64 = line.iter().zip(&self.top.at).map(|(x, b)| x * b).sum();
            line *= row(*y, eta).slope;
        }
        scores
    }

    /// The covariance in the design's units.
    pub(crate) fn covariance(
        &self,
        y: &[f64],
        weights: &[f64],
        errors: &Errors<'_>,
        information: &Array2<f64>,
        model: &'static str,
    ) -> Result<Array2<f64>> {
        let inverse = inverse(information, &self.top, model)?;
        let covariance = errors.covariance(&inverse, &self.scores(y), weights)?;
        let map = self.scaled.map(0);
        Ok(map.dot(&covariance).dot(&map.t()))
    }
}

/// The inverse of an information matrix.
///
/// # Errors
/// [`ModelError::NotConverged`] where it has none.
pub(crate) fn inverse(
    information: &Array2<f64>,
    top: &Optimum,
    model: &'static str,
) -> Result<Array2<f64>> {
    let (iterations, gradient) = (top.iterations, top.gradient());
    let none = ModelError::NotConverged { model, iterations, gradient };
    Ok(Cholesky::new(information).ok_or(none)?.inverse())
}

/// A fit on the logit scale with what every likelihood says of itself.
pub(crate) fn filled(
    method: &'static str,
    design: &Design,
    coefficients: Vec<f64>,
    covariance: Array2<f64>,
    errors: &Errors<'_>,
) -> Fit {
    let mut fit = Fit::new(method, design, coefficients);
    fit.covariance = Some(covariance);
    fit.vcov = errors.kind.code().to_owned();
    fit.reference = Reference::Normal;
    fit.glance.cluster = errors.kind.cluster().map(str::to_owned);
    fit.glance.n_clusters = errors.clusters.map(crate::regress::Clusters::len);
    fit
}

/// Log-likelihood and the criteria made from it, with `parameters` estimated.
pub(crate) fn judged(glance: &mut Glance, top: &Optimum, log_lik: f64, parameters: usize) {
    let (n, p) = (glance.n_obs as f64, parameters as f64);
    glance.log_lik = Some(log_lik);
    glance.aic = Some(2.0 * p - 2.0 * log_lik);
    glance.bic = Some(p * n.ln() - 2.0 * log_lik);
    glance.df_residual = Some(n - p);
    glance.iterations = Some(top.iterations);
    glance.gradient = Some(top.gradient());
}

/// The whole model against one without predictors, as a check.
pub(crate) fn against_null(value: f64, null: f64, df: usize) -> Check {
    let statistic = (2.0 * (value - null)).max(0.0);
    Check {
        name: "likelihood_ratio".to_owned(),
        value: Some(statistic),
        df: Some(df as f64),
        df2: None,
        p_value: Some(chi_squared_sf(statistic, df as f64)),
        note: None,
    }
}

/// The largest log-likelihood of a logit without predictors.
pub(crate) fn null_value(design: &Design, y: &[f64], weights: &[f64]) -> Option<f64> {
    intercept_only(design)?;
    let total: f64 = weights.iter().sum();
    let mean = y.iter().zip(weights).map(|(y, w)| y * w).sum::<f64>() / total;
    Some(total * (mean * mean.ln() + (1.0 - mean) * (1.0 - mean).ln()))
}
