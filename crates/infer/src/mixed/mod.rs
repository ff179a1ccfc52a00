//! Linear mixed models: do respondents of one group (a session, a school) go together, and what is
//! left of an effect once that is allowed for?

mod components;
mod grouping;
mod predicted;
mod problem;
mod satterthwaite;
mod search;

pub use grouping::{Grouping, Random};

use crate::model::{Fit, ModelError, Reference};
use crate::regress::ols;
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use problem::{Problem, Rows, Two, cells};
use satterthwaite::Satterthwaite;
use ssi_vocab::{Design, Warning, Weights};

/// What is maximised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Likelihood {
    /// The likelihood of what the coefficients leave (restricted, residual): variances without the
    /// bias of fitted coefficients.
    #[default]
    Reml,
    /// The likelihood itself: to compare models with different coefficients.
    Ml,
}

/// A fitted mixed model.
#[derive(Debug, Clone)]
pub struct Mixed {
    /// Coefficients, covariance, degrees of freedom, fit statistics; fitted values contain the
    /// groups' effects.
    pub fit: Fit,
    /// What was maximised.
    pub likelihood: Likelihood,
    /// Which rows go together.
    pub grouping: Grouping,
    /// The predictor whose slope differs between groups, if any.
    pub slope: Option<String>,
    /// Variance of a respondent about the group, in squared outcome units.
    pub residual_variance: f64,
    /// Covariance of the groups' effects (of the intercept and of the slope), in the same units.
    pub covariance: Vec<Vec<f64>>,
    /// True where it is singular: a variance of 0, or a correlation of ±1.
    pub singular: bool,
    /// Minus twice the log-likelihood.
    pub criterion: f64,
    problem: Standard,
}

/// The problem in the units it was solved in: orthonormal predictors, residuals of unit spread, a
/// slope variable of mean 0 and spread 1.
#[derive(Debug, Clone)]
struct Standard {
    /// Outcome units in one.
    scale: f64,
    /// Mean and spread of the slope's variable.
    centre: (f64, f64),
    gamma: Two,
    variance: f64,
    /// Asymptotic covariance of (σ², Γ's cells), where all are inside their range.
    parameters: Option<Array2<f64>>,
    /// Each group's size, effects and their covariance over σ².
    effects: Vec<(f64, [f64; 2], Two)>,
    sums: Problem,
    /// The least deviance, in these units.
    deviance: f64,
    /// Variance of the expected outcomes without the groups' effects, in squared outcome units.
    explained: f64,
    satterthwaite: Satterthwaite,
}

/// Fits a linear mixed model with random intercepts, and on request random slopes, of the groups of
/// one column.
///
/// # Formula
/// y = Xβ + Zb + ε, with b ~ N(0, G) for each group and ε ~ N(0, σ²). REML maximises
/// −½(ln|V| + ln|XᵀV⁻¹X| + (y − Xβ)ᵀV⁻¹(y − Xβ) + (n − k) ln 2π), V = σ²I + ZGZᵀ, over G and σ²;
/// ML leaves out the second part and has n in the last. Derivatives are exact, and the search ends
/// where rounding does. β has the covariance (XᵀV⁻¹X)⁻¹, and each coefficient is compared with a t
/// of Satterthwaite's degrees of freedom, 2v²/(gᵀAg): v its variance, g that variance's gradient by
/// the variance parameters, A the inverse of half the deviance's second derivatives by them.
///
/// # Assumptions
/// Groups are independent, effects and residuals normal with the same variances everywhere. With
/// few groups (below some five) their variance is hardly known.
///
/// A variance of 0 (or a correlation of ±1) is a boundary of the model, not an error: the warning
/// `singular_fit` says so.
///
/// # Missing data
/// Complete cases. A frequency weight is that many respondents of the row's group.
///
/// # Errors
/// Those of [`ols`]; [`Error::Unweighted`]; [`Error::TooFewClusters`] for one group;
/// [`ModelError::RandomEffects`] where respondents don't outnumber the groups' effects (each group
/// one respondent), [`ModelError::NothingLeft`] where nothing varies within the groups,
/// [`ModelError::SlopeWithin`] for a slope of something that does not,
/// [`ModelError::NotConverged`].
///
/// # References
/// Bates, Mächler, Bolker and Walker (2015), doi:10.18637/jss.v067.i01; Satterthwaite (1946),
/// doi:10.2307/3002019; Kuznetsova, Brockhoff and Christensen (2017), doi:10.18637/jss.v082.i13.
pub fn mixed(
    design: &Design,
    grouping: &Grouping,
    slope: Option<&str>,
    likelihood: Likelihood,
) -> Result<Mixed> {
    if let Some(weights @ (Weights::Analytic(_) | Weights::Probability(_))) = &design.weights {
        return Err(Error::Unweighted { analysis: "a mixed model", kind: weights.kind() });
    }
    let weight = |i: usize| design.weights.as_ref().map_or(1.0, |w| w.at(i));
    let (groups, n) = (grouping.len(), design.n_obs());
    if groups < 2 {
        let (column, analysis) = (grouping.column.clone(), "a mixed model");
        return Err(Error::TooFewClusters { column, analysis, needed: 2, found: groups });
    }
    let effects = groups * (1 + usize::from(slope.is_some()));
    if effects >= n {
        let column = grouping.column.clone();
        return Err(ModelError::RandomEffects { column, effects, found: n }.into());
    }
    let fit = ols(design)?;
    let nothing_left = || ModelError::NothingLeft {
        outcome: design.outcome.clone(),
        column: grouping.column.clone(),
    };
    if fit.perfect {
        return Err(nothing_left().into());
    }
    let (slope, centre, centred) = match slope {
        None => (None, (0.0, 1.0), None),
        Some(name) => {
            let (centre, values) = grouping.slope(design, name, &weight)?;
            (Some(name.to_owned()), centre, Some(values))
        }
    };
    let y: Vec<f64> = fit.residuals.iter().map(|e| e / fit.sigma).collect();
    let rows = Rows {
        x: fit.scores(),
        y: &y,
        slope: centred.as_deref(),
        group: &grouping.codes,
        weight: &weight,
    };
    let problem = Problem::new(&rows, groups, likelihood);
    if problem.left_over().is_none_or(|rest| rest < 1e-16) {
        return Err(nothing_left().into());
    }
    let optimum = search::search(&problem)?;

    // Back to the outcome's and the predictors' units.
    let root = fit.root();
    let k = design.terms.len();
    let root = Array2::from_shape_fn((k, k), |(i, j)| if j < i { 0.0 } else { root.at(i, j).hi });
    let moved = root.dot(&optimum.at.beta) * fit.sigma;
    let coefficients: Array1<f64> = &fit.coefficients + &moved;
    let variance = optimum.at.variance * fit.sigma * fit.sigma;
    let covariance = root.dot(&optimum.at.covariance).dot(&root.t()) * variance;
    let satterthwaite = Satterthwaite::new(&root, &optimum);
    let unit = |j: usize| Array1::from_shape_fn(k, |i| f64::from(u8::from(i == j)));
    let degrees = (0..k).map(|j| satterthwaite.of_mean(unit(j).view()).df).collect();

    let mut out = Fit::new("mixed", design, coefficients.to_vec());
    let explained = weighted_variance(&out.fitted, &weight);
    let found = problem.effects(&optimum.gamma, &optimum.at.beta);
    for (i, (fitted, residual)) in out.fitted.iter_mut().zip(&mut out.residuals).enumerate() {
        let effect = found[grouping.codes[i]].0;
        let slope = centred.as_ref().map_or(0.0, |z| z[i]);
        let own = (effect[0] + effect[1] * slope) * fit.sigma;
        *fitted += own;
        *residual -= own;
    }
    let scale = match likelihood {
        Likelihood::Reml => 2.0 * (n - k) as f64 * fit.sigma.ln() - 2.0 * log_diagonal(&root),
        Likelihood::Ml => 2.0 * n as f64 * fit.sigma.ln(),
    };
    let criterion = optimum.at.deviance + scale;
    let singular = is_singular(&optimum.theta);
    let parameters = (k + cells(problem.slope).len() + 1) as f64;
    out.covariance = Some(covariance);
    out.reference = Reference::Each(degrees);
    out.vcov = "classical".to_owned();
    let glance = &mut out.glance;
    glance.sigma = Some(variance.sqrt());
    glance.log_lik = Some(-0.5 * criterion);
    glance.aic = Some(criterion + 2.0 * parameters);
    glance.bic = Some(criterion + (n as f64).ln() * parameters);
    glance.iterations = Some(optimum.iterations);
    glance.gradient = Some(optimum.gradient);
    glance.n_clusters = Some(groups);
    glance.cluster = Some(grouping.column.clone());
    glance.weights = design.weights.as_ref().map(|w| w.kind().to_owned());
    if singular {
        let column = grouping.column.clone();
        out.warnings.push(Warning::SingularFit { column });
    }
    let mut sizes = vec![0.0; groups];
    for (i, group) in grouping.codes.iter().enumerate() {
        sizes[*group] += weight(i);
    }
    let standard = Standard {
        scale: fit.sigma,
        centre,
        gamma: optimum.gamma,
        variance: optimum.at.variance,
        parameters: if singular { None } else { inverse_information(&optimum.at.joint) },
        effects: sizes.into_iter().zip(found).map(|(m, (b, v))| (m, b, v)).collect(),
        deviance: optimum.at.deviance,
        sums: problem,
        explained,
        satterthwaite,
    };
    let covariance = components::covariance(&standard);
    Ok(Mixed {
        fit: out,
        likelihood,
        grouping: grouping.clone(),
        slope,
        residual_variance: variance,
        covariance,
        singular,
        criterion,
        problem: standard,
    })
}

/// Twice the inverse of the deviance's second derivatives.
fn inverse_information(joint: &Array2<f64>) -> Option<Array2<f64>> {
    Some(crate::model::Cholesky::new(joint)?.inverse() * 2.0)
}

/// As lme4: a diagonal cell of the root below 1e-4.
fn is_singular(theta: &[f64]) -> bool {
    theta[0] < 1e-4 || theta.last().is_some_and(|last| *last < 1e-4)
}

fn log_diagonal(root: &Array2<f64>) -> f64 {
    root.diag().iter().map(|v| v.abs().ln()).sum()
}

fn weighted_variance(values: &[f64], weight: &dyn Fn(usize) -> f64) -> f64 {
    let total: f64 = (0..values.len()).map(weight).sum();
    let mean = values.iter().enumerate().map(|(i, v)| weight(i) * v).sum::<f64>() / total;
    let squares = values.iter().enumerate().map(|(i, v)| weight(i) * (v - mean).powi(2));
    squares.sum::<f64>() / (total - 1.0)
}
