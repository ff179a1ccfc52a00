use super::Coded;
use super::calibration::{calibration, smoothed};
use super::hosmer_lemeshow::{RISK_GROUPS, hosmer_lemeshow, risk_groups};
use super::roc::auc;
use crate::Result;
use crate::model::logit::{self, Logit};
use crate::model::{
    Derivatives, Errors, Fit, Link, Optimum, Profiled, Response, Scaled, constrained, effects,
    frequencies, linear, odds_ratios, profile, with_profiles,
};
use crate::tails::normal_upper_quantile;
use ndarray::Array2;
use ssi_vocab::{Calibration, Estimate, Level, Warning};

/// Fewer events than this for each predictor make the intervals unreliable.
const EVENTS_EACH: usize = 10;

/// A fitted logistic regression.
#[derive(Debug, Clone)]
pub struct Logistic {
    /// Coefficients (log-odds) and fit statistics.
    pub fit: Fit,
    /// The level whose probability is modelled.
    pub event: String,
    pub(super) binary: Binary,
}

/// What both logistic regressions know of their problem.
#[derive(Debug, Clone)]
pub(super) struct Binary {
    pub(super) coded: Coded,
    pub(super) y: Vec<f64>,
    pub(super) weights: Vec<f64>,
    pub(super) logit: Logit,
    /// Minus the second derivatives without any penalty, in the search's units.
    pub(super) information: Array2<f64>,
    pub(super) classical: bool,
    /// Σ ½ log det of the information, in the search's units, is part of the likelihood.
    pub(super) penalised: bool,
}

/// Logistic regression: how the odds of one of two values depend on predictors.
///
/// # Formula
/// log(p/(1 − p)) = xb, with b where Σ [y log p + (1 − y) log(1 − p)] is largest (Newton's method
/// on centred, scaled columns). Interval and test of a coefficient from its profile likelihood;
/// Wald rows follow. Covariance: inverse information; `hc0`, `hc1` and `cr1` are sandwiches, and
/// then there are Wald rows alone.
///
/// # Assumptions
/// Independent respondents (clusters with `cr1`); log-odds linear in the predictors.
///
/// # Missing data
/// Complete cases.
///
/// # Errors
/// [`ModelError::NotBinary`](crate::model::ModelError::NotBinary);
/// [`ModelError::Separated`](crate::model::ModelError::Separated), with the terms that separate,
/// decided exactly and not by a failed iteration; those of [`ols`](crate::regress::ols).
///
/// # References
/// McCullagh and Nelder (1989), doi:10.1007/978-1-4899-3242-6; Venzon and Moolgavkar (1988),
/// doi:10.2307/2347496.
pub fn logistic(coded: &Coded, errors: &Errors<'_>) -> Result<Logistic> {
    const MODEL: &str = "logistic";
    errors.check(MODEL)?;
    coded.binary(MODEL)?;
    let design = &coded.modelled.design;
    let weights = frequencies(design, MODEL)?;
    let y = design.y.to_vec();
    let instead = "use firth, which is finite under separation, or leave them out";
    let logit = logit::logit(design, &y, &weights, MODEL, instead)?;
    let information = logit.top.found.information.clone();
    let covariance = logit.covariance(&y, &weights, errors, &information, MODEL)?;
    let b = logit.scaled.back(&logit.top.at);
    let mut fit = logit::filled(MODEL, design, b, covariance, errors);
    let value = logit.top.found.value;
    logit::judged(&mut fit.glance, &logit.top, value, design.terms.len());
    fit.glance.deviance = Some(-2.0 * value);
    if let Some(null) = logit::null_value(design, &y, &weights) {
        fit.glance.null_deviance = Some(-2.0 * null);
        let df = design.terms.len() - 1;
        if df > 0 {
            fit.glance.checks.push(logit::against_null(value, null, df));
        }
    }
    let classical = errors.classical();
    let coded = coded.clone();
    let binary = Binary { coded, y, weights, logit, information, classical, penalised: false };
    binary.finish(&mut fit);
    Ok(Logistic { event: binary.coded.levels[1].clone(), fit, binary })
}

impl Logistic {
    /// The coefficients; with classical errors profile-likelihood rows first, then Wald rows.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        self.binary.estimates(&self.fit, level)
    }

    /// What the model says beyond its coefficients, given its [rows](Self::estimates): odds ratios,
    /// average marginal effects on the probability, how well it tells events from the rest (area
    /// under the ROC curve with DeLong's interval, Brier score) and how well its probabilities
    /// hold (calibration).
    pub fn measures(&self, rows: &[Estimate], level: Level) -> Vec<Estimate> {
        self.binary.measures(&self.fit, rows, level)
    }

    /// Events observed and expected in ten groups of risk, with a smooth curve.
    pub fn calibration(&self, level: Level) -> Calibration {
        self.binary.calibration(&self.fit, level)
    }
}

impl Binary {
    /// Fitted probabilities, residuals and warnings.
    pub(super) fn finish(&self, fit: &mut Fit) {
        fit.link = Link::Logit { low: 0.0, high: 1.0 };
        fit.fitted = self.eta().into_iter().map(logit::logistic).collect();
        fit.residuals = self.y.iter().zip(&fit.fitted).map(|(y, p)| y - p).collect();
        let groups = risk_groups(&fit.fitted, &self.y, &self.weights, RISK_GROUPS, Level::DEFAULT);
        fit.glance.checks.push(hosmer_lemeshow(&groups));
        let events: f64 = self.y.iter().zip(&self.weights).map(|(y, w)| y * w).sum();
        let total: f64 = self.weights.iter().sum();
        let events = events.min(total - events) as usize;
        let design = &self.coded.modelled.design;
        let predictors = design.terms.len() - usize::from(design.intercept);
        if events < EVENTS_EACH * predictors {
            fit.warnings.push(Warning::FewEvents { events, predictors, group: None });
        }
    }

    fn eta(&self) -> Vec<f64> {
        let b = ndarray::ArrayView1::from(&self.logit.top.at);
        self.logit.scaled.x.dot(&b).to_vec()
    }

    fn derivatives(&self, x: &Array2<f64>, b: &[f64]) -> Option<Derivatives> {
        if self.penalised {
            super::firth::penalised(x, &self.y, &self.weights, b).map(|(d, _)| d)
        } else {
            Some(linear(x, &self.weights, b, &|i, eta| logit::row(self.y[i], eta)))
        }
    }

    pub(super) fn estimates(&self, fit: &Fit, level: Level) -> Vec<Estimate> {
        if !self.classical {
            return fit.estimates(level);
        }
        let q = normal_upper_quantile(level.tail());
        let design = &self.coded.modelled.design;
        with_profiles(fit, level, &mut |j| {
            // The intercept's profile is that of the uncentred columns.
            let own = design.intercept && j == 0;
            let scaled = if own {
                Scaled::new(design, &self.weights, false)
            } else {
                self.logit.scaled.clone()
            };
            let mut at = |b: &[f64]| self.derivatives(&scaled.x, b);
            let start = scaled.forth(&fit.coefficients);
            let Some(found) = at(&start) else {
                return Profiled { ends: [None, None], statistic: None };
            };
            let top = Optimum { at: start, found, iterations: 0 };
            let ends = profile(fit.method, &top, j, q, &mut at);
            let mut without = top.at.clone();
            without[j] = 0.0;
            let statistic = constrained(fit.method, j, 0.0, &without, &mut at)
                .map(|(_, found)| (2.0 * (top.found.value - found.value)).max(0.0));
            Profiled { ends: ends.map(|e| e.map(|e| e / scaled.scale(j))), statistic }
        })
    }

    pub(super) fn measures(&self, fit: &Fit, rows: &[Estimate], level: Level) -> Vec<Estimate> {
        let total: f64 = self.weights.iter().sum();
        let mean = |f: &dyn Fn(usize) -> f64| {
            (0..self.y.len()).map(|i| self.weights[i] * f(i)).sum::<f64>() / total
        };
        let valued = |term: &str, value: f64| {
            let mut row = fit.row(term);
            row.value = Some(value);
            row
        };
        let event = &self.coded.levels[1];
        let share = valued(&format!("share({} = {event})", fit.outcome), mean(&|i| self.y[i]));
        let mut out = vec![share];
        out.extend(odds_ratios(rows, &|term| term == "(Intercept)"));
        let response = |eta: f64| {
            let (p, q) = (logit::logistic(eta), logit::logistic(-eta));
            Response {
                mean: p,
                slope: p * q,
                curvature: p * q * (q - p),
                mean_by_scale: 0.0,
                slope_by_scale: 0.0,
            }
        };
        if let Some(covariance) = &fit.covariance {
            let modelled = &self.coded.modelled;
            out.extend(effects(fit, modelled, covariance, &self.weights, &response, level));
        }
        let eta = self.eta();
        if let Some(auc) = auc(&eta, &self.y, &self.weights) {
            let mut row = fit.row("auc");
            auc.fill(&mut row, level);
            out.push(row);
        }
        out.push(valued("brier_score", mean(&|i| fit.residuals[i].powi(2))));
        if let (Some(deviance), Some(null)) = (fit.glance.deviance, fit.glance.null_deviance) {
            out.push(valued("mcfadden_r_squared", 1.0 - deviance / null));
        }
        if let Some(hat) = self.leverages(&eta) {
            out.extend(calibration(fit, &eta, &hat, &self.y, &self.weights, level));
        }
        out
    }

    pub(super) fn calibration(&self, fit: &Fit, level: Level) -> Calibration {
        let (risks, y, weights) = (&fit.fitted, &self.y, &self.weights);
        Calibration {
            group: None,
            bins: risk_groups(risks, y, weights, RISK_GROUPS, level),
            smooth: smoothed(risks, y, weights),
        }
    }

    /// The leverage of one respondent of each row.
    fn leverages(&self, eta: &[f64]) -> Option<Vec<f64>> {
        let inverse = crate::model::Cholesky::new(&self.information)?.inverse();
        let x = &self.logit.scaled.x;
        let half = x.dot(&inverse);
        let hat = |i: usize| {
            let own: f64 = half.row(i).dot(&x.row(i));
            own * logit::logistic(eta[i]) * logit::logistic(-eta[i])
        };
        Some((0..eta.len()).map(hat).collect())
    }
}
