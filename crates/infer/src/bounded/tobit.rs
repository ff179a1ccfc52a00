use super::beta::exponential;
use super::mills::{density, log_cdf};
use super::unequal::{self, Rows, Side};
use crate::Result;
use crate::formula::{Extras, Modelled, model_with, outcome_column};
use crate::model::logit;
use crate::model::{
    Derivatives, Errors, Fit, ModelError, Optimum, Response, Scaled, effects, frequencies,
    in_order, intercept_only, mirror, newton,
};
use crate::tails::{normal_cdf, normal_sf};
use ndarray::Array2;
use ssi_vocab::{Cells, Column, Design, Estimate, Level, Table, Warning};
use std::collections::BTreeSet;
use std::f64::consts::PI;

const MODEL: &str = "tobit";

/// A regression problem whose outcome may be capped.
#[derive(Debug, Clone)]
pub struct Censored {
    /// The problem; a capped outcome has its cap as a number.
    pub modelled: Modelled,
    /// For each row whether its outcome is at least that number.
    capped: Vec<bool>,
}

/// The regression problem of a formula whose outcome may be a capped column ("500+"), or the
/// logarithm, root or exponential of one.
///
/// # Missing data
/// As in [`model_with`](crate::formula::model_with).
///
/// # Errors
/// Those of [`model_with`](crate::formula::model_with).
pub fn censored(table: &Table, formula: &str, extras: &Extras) -> Result<Censored> {
    let mut own = table.clone();
    let mut rows = BTreeSet::new();
    if let Some((name, _)) = outcome_column(formula)? {
        let column = table.column(&name)?;
        if let Cells::Capped(values) = &column.cells {
            let at_least = values.iter().zip(table.rows());
            rows.extend(at_least.filter(|(v, _)| v.is_ok_and(|v| v.at_least)).map(|(_, r)| *r));
            let numbers = values.iter().map(|v| v.map(|v| v.value)).collect();
            let mut numbered = Column::number(&column.name, numbers);
            numbered.unread.clone_from(&column.unread);
            own = own.with_column(numbered)?;
        }
    }
    let modelled = model_with(&own, formula, extras)?;
    let capped = modelled.design.rows.iter().map(|row| rows.contains(row)).collect();
    Ok(Censored { modelled, capped })
}

/// A fitted tobit.
#[derive(Debug, Clone)]
pub struct Tobit {
    /// Coefficients, in outcome units, and fit statistics.
    pub fit: Fit,
    modelled: Modelled,
    weights: Vec<f64>,
    /// Covariance of the coefficients and log σ.
    pub(super) covariance: Array2<f64>,
    pub(super) log_sigma: (f64, f64),
    pub(super) limits: (f64, f64),
    below: usize,
    above: usize,
}

/// Tobit: a normal linear regression of an outcome that was seen only between limits.
///
/// # Formula
/// y* = xb + σε; an outcome at or beyond a limit is known to lie beyond it and adds log Φ((L − xb)/σ)
/// or log Φ((xb − U)/σ) to the log-likelihood, any other its normal density. A capped column
/// ("500+") has its own caps. Maximised in Olsen's (b/σ, 1/σ), where the log-likelihood is concave;
/// covariance from the observed information of (b, log σ), as R's survreg.
///
/// # Assumptions
/// Normal ε of equal spread, which matters far more here than in least squares: the check
/// `unequal_spread` is the likelihood ratio against log σ linear in the predictors. Robust errors
/// do not mend estimates that unequal spread has biased.
///
/// # Missing data
/// Complete cases.
///
/// # Errors
/// [`ModelError::AllCensored`], [`ModelError::Bounds`], [`ModelError::NotConverged`] (as where the
/// outcomes that were seen lie exactly on a line), and those of [`ols`](crate::regress::ols).
///
/// # References
/// Tobin (1958), doi:10.2307/1907382; Olsen (1978), doi:10.2307/1913082.
pub fn tobit(
    censored: &Censored,
    lower: Option<f64>,
    upper: Option<f64>,
    errors: &Errors<'_>,
) -> Result<Tobit> {
    errors.check(MODEL)?;
    let (low, high) = (lower.unwrap_or(f64::NEG_INFINITY), upper.unwrap_or(f64::INFINITY));
    in_order(low, high)?;
    let modelled = &censored.modelled;
    let design = &modelled.design;
    let weights = frequencies(design, MODEL)?;
    let (n, k) = (design.n_obs(), design.terms.len());
    if n <= k + 1 {
        return Err(crate::Error::TooFew { analysis: MODEL, needed: k + 2, found: n });
    }
    let seen = |(y, capped): (&f64, &bool)| match (*y, *capped) {
        (y, _) if y >= high => (high, Side::Above),
        (y, true) => (y, Side::Above),
        (y, false) if y <= low => (low, Side::Below),
        (y, false) => (y, Side::Seen),
    };
    let (y, sides): (Vec<f64>, Vec<Side>) = design.y.iter().zip(&censored.capped).map(seen).unzip();
    let count = |side: Side| {
        let rows = sides.iter().zip(&weights).filter(|(s, _)| **s == side);
        rows.map(|(_, w)| *w).sum::<f64>() as usize
    };
    let (below, above) = (count(Side::Below), count(Side::Above));
    if below + above == n {
        return Err(ModelError::AllCensored { column: design.outcome.clone() }.into());
    }
    let problem = Design { y: y.iter().copied().collect(), y_rest: None, ..design.clone() };
    let found = search(&problem, &sides, &weights)?;
    let rows = Rows { x: &found.scaled.x, y: &found.y, sides: &sides, weights: &weights };
    let (covariance, at) = found.covariance(&rows, errors)?;
    let own = Array2::from_shape_fn((k, k), |cell| covariance[cell]);
    let mut fit = logit::filled(MODEL, design, at[..k].to_vec(), own, errors);
    let caps = y.iter().zip(&sides).filter(|(_, s)| **s == Side::Above).map(|(y, _)| *y);
    let limits = (low, caps.fold(high, f64::min));
    let sigma = at[k].exp();
    fit.fitted = fit.fitted.iter().map(|mu| response(*mu, sigma, limits).mean).collect();
    fit.residuals = y.iter().zip(&fit.fitted).map(|(y, f)| y - f).collect();
    fit.glance.sigma = Some(sigma);
    logit::judged(&mut fit.glance, &found.top, found.log_lik, k + 1);
    if let Some(null) = intercept_only(&problem).filter(|_| k > 1) {
        let null = search(&null, &sides, &weights)?;
        fit.glance.checks.push(logit::against_null(found.log_lik, null.log_lik, k - 1));
    }
    fit.glance.checks.extend(unequal::check(&rows, &found.parameters(), design.intercept));
    if below + above == 0 {
        fit.warnings.push(Warning::NobodyCensored { column: design.outcome.clone() });
    }
    let log_sigma = (at[k], covariance[[k, k]].sqrt());
    let modelled = modelled.clone();
    Ok(Tobit { fit, modelled, weights, covariance, log_sigma, limits, below, above })
}

impl Tobit {
    /// The coefficients: effects on the outcome as it would be seen without limits.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        self.fit.estimates(level)
    }

    /// Average marginal effects on the outcome as it is seen (cut off at its limits), σ, and how
    /// many outcomes are at either limit.
    pub fn measures(&self, level: Level) -> Vec<Estimate> {
        let sigma = self.log_sigma.0.exp();
        let at = |eta: f64| response(eta, sigma, self.limits);
        let (fit, covariance) = (&self.fit, &self.covariance);
        let mut out = effects(fit, &self.modelled, covariance, &self.weights, &at, level);
        out.push(exponential(fit, "sigma", self.log_sigma, level));
        for (term, count) in [("n_below", self.below), ("n_above", self.above)] {
            let mut row = fit.row(term);
            row.value = Some(count as f64);
            out.push(row);
        }
        out
    }
}

/// The mean of a normal variable that is cut off at limits, and its derivatives by μ and log σ.
pub(super) fn response(mu: f64, sigma: f64, (low, high): (f64, f64)) -> Response {
    let (a, b) = ((low - mu) / sigma, (high - mu) / sigma);
    // A limit that is not there adds nothing.
    let times = |limit: f64, factor: f64| if limit.is_finite() { limit * factor } else { 0.0 };
    let between = normal_cdf(b) - normal_cdf(a);
    let (da, db) = (density(a), density(b));
    Response {
        mean: times(low, normal_cdf(a))
            + times(high, normal_sf(b))
            + mu * between
            + sigma * (da - db),
        slope: between,
        curvature: (da - db) / sigma,
        mean_by_scale: sigma * (da - db),
        slope_by_scale: times(a, da) - times(b, db),
    }
}

/// The top of a tobit's likelihood, with the outcome in standard deviations from its mean.
struct Found {
    scaled: Scaled,
    /// The outcome and the limits in the search's units.
    y: Vec<f64>,
    /// Olsen's b/σ and 1/σ.
    top: Optimum,
    centre: f64,
    unit: f64,
    /// In outcome units.
    log_lik: f64,
}

fn search(design: &Design, sides: &[Side], weights: &[f64]) -> Result<Found> {
    logit::sound(design, MODEL)?;
    let scaled = Scaled::new(design, weights, true);
    let total: f64 = weights.iter().sum();
    let mean = |f: &dyn Fn(f64) -> f64| {
        design.y.iter().zip(weights).map(|(y, w)| w * f(*y)).sum::<f64>() / total
    };
    let centre = if design.intercept { mean(&|y| y) } else { 0.0 };
    let unit = mean(&|y| (y - centre).powi(2)).sqrt();
    let y: Vec<f64> = design.y.iter().map(|y| (y - centre) / unit).collect();
    let mut start = vec![0.0; design.terms.len()];
    start.push(1.0);
    let top = newton(MODEL, start, &mut |p| olsen(&scaled.x, &y, sides, weights, p))?;
    let seen: f64 =
        sides.iter().zip(weights).filter(|(s, _)| **s == Side::Seen).map(|(_, w)| w).sum();
    let log_lik = top.found.value - seen * unit.ln();
    Ok(Found { scaled, y, top, centre, unit, log_lik })
}

impl Found {
    /// b and log σ in the search's units.
    fn parameters(&self) -> Vec<f64> {
        let (theta, gamma) = self.top.at.split_last().unwrap_or((&1.0, &[]));
        gamma.iter().map(|g| g / theta).chain([-theta.ln()]).collect()
    }

    /// Covariance and values of b and log σ, in the design's units.
    fn covariance(&self, rows: &Rows<'_>, errors: &Errors<'_>) -> Result<(Array2<f64>, Vec<f64>)> {
        let own = self.parameters();
        let k = own.len() - 1;
        let ones = Array2::ones((self.y.len(), 1));
        let found = unequal::derivatives(rows, &ones, &own);
        let inverse = logit::inverse(&found.information, &self.top, MODEL)?;
        let scores = unequal::scores(rows, &ones, &own);
        let covariance = errors.covariance(&inverse, &scores, rows.weights)?;
        let mut map = self.scaled.map(1);
        map *= self.unit;
        map[[k, k]] = 1.0;
        let mut at = map.dot(&ndarray::ArrayView1::from(&own)).to_vec();
        // Without an intercept the centre is 0.
        at[0] += self.centre;
        at[k] += self.unit.ln();
        Ok((map.dot(&covariance).dot(&map.t()), at))
    }
}

/// The log-likelihood at Olsen's γ = b/σ and θ = 1/σ.
fn olsen(
    x: &Array2<f64>,
    y: &[f64],
    sides: &[Side],
    weights: &[f64],
    p: &[f64],
) -> Option<Derivatives> {
    let k = p.len() - 1;
    let theta = p[k];
    if !(theta > 0.0 && theta < 1e12) {
        return None;
    }
    let mut value = 0.0;
    let mut gradient = vec![0.0; k + 1];
    let mut information = Array2::<f64>::zeros((k + 1, k + 1));
    for (i, line) in x.rows().into_iter().enumerate() {
        let eta: f64 = line.iter().zip(p).map(|(x, g)| x * g).sum();
        let (w, r) = (weights[i], theta * y[i] - eta);
        // The derivative by r and minus the second one: r is linear in all parameters.
        let (v, slope, curvature) = match sides[i] {
            Side::Seen => (-0.5 * r * r - 0.5 * (2.0 * PI).ln() + theta.ln(), -r, 1.0),
            side => {
                let sign = side.sign();
                let (v, m) = log_cdf(sign * r);
                (v, sign * m, m * (sign * r + m))
            }
        };
        value += w * v;
        if sides[i] == Side::Seen {
            gradient[k] += w / theta;
            information[[k, k]] += w / (theta * theta);
        }
        gradient[k] += w * slope * y[i];
        information[[k, k]] += w * curvature * y[i] * y[i];
        for a in 0..k {
            gradient[a] -= w * slope * line[a];
            information[[k, a]] -= w * curvature * y[i] * line[a];
            for c in 0..=a {
                information[[a, c]] += w * curvature * line[a] * line[c];
            }
        }
    }
    mirror(&mut information);
    value.is_finite().then_some(Derivatives { value, gradient, information })
}
