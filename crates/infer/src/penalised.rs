//! Ridge, lasso and elastic net: many predictors at once, shrunk so that they predict better.

mod choice;
mod inclusion;
mod measures;
mod polish;
mod problem;

pub use choice::Tried;
pub use inclusion::inclusion;

use crate::{Error, Result};
use choice::{Choice, Folds, choose};
use problem::{Problem, Sample};
use rayon::prelude::*;
use ssi_vocab::{Analysis, Design, Estimate, Glance, Note};

/// How a penalised model is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ElasticNet {
    /// The lasso's share of the penalty: 0 is ridge, 1 the lasso.
    pub l1_ratio: f64,
    /// Folds of the cross-validation, inner and outer.
    pub folds: usize,
    /// Seed of the assignment to folds.
    pub seed: u64,
}

/// A penalised model and how well it predicts respondents it had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Penalised {
    /// The formula, as the design has it.
    pub formula: String,
    /// The outcome's name.
    pub outcome: String,
    /// The coefficients' names, in formula order.
    pub terms: Vec<String>,
    /// The coefficients on the predictors' own scale; the intercept is not penalised.
    pub coefficients: Vec<f64>,
    /// For each coefficient whether others could take its place without any change of the fit, as
    /// where columns are sums of others: it is then one of several.
    pub replaceable: Vec<bool>,
    /// The penalty λ that cross-validation chose, the one with the smallest error: the
    /// coefficients are those of this one.
    pub penalty: f64,
    /// The largest penalty whose error is within one standard error of the smallest.
    pub penalty_1se: f64,
    /// The coefficients at that penalty.
    pub coefficients_1se: Vec<f64>,
    /// The lasso's share of the penalty, of those tried the one with the smallest error.
    pub l1_ratio: f64,
    /// What cross-validation tried at this share, the largest penalty first.
    pub tried: Vec<Tried>,
    /// Folds of the cross-validation.
    pub folds: usize,
    /// Share of the outcome's variance that the model accounts for in the respondents it was
    /// fitted to: optimistic.
    pub r_squared: f64,
    /// The same for respondents the model had not seen; below 0 where the mean predicts better.
    pub cv_r_squared: f64,
    /// Root mean squared error for respondents the model had not seen, in outcome units.
    pub cv_rmse: f64,
    /// How many respondents.
    pub n_obs: usize,
    /// How many rows were left out.
    pub n_excluded: usize,
}

/// Fits an elastic net whose penalty is chosen by cross-validation.
///
/// # Formula
/// With predictors standardised (mean 0, mean square 1) and the outcome centred, the coefficients
/// minimise
///
/// 1/(2n)·‖y − Xβ‖² + λ·(α‖β‖₁ + (1 − α)/2·‖β‖²),
///
/// λ the penalty and α the `l1_ratio`: the objective of linfa and of scikit-learn's `ElasticNet`
/// (and of its `Ridge` with alpha = nλ), whose optimum this one equals to 1e-6. The coefficients
/// are then put back on the predictors' own scale. Coordinate descent is linfa's; it is given the
/// triangle of a QR factorisation instead of all rows, which has the same optimum, and for ridge
/// that triangle turned to its principal axes, where coordinate descent ends after one round. A
/// search over the signs of the coefficients then ends at the optimum exactly.
///
/// λ is the one of 25 (ridge: 57) values, eight to each power of ten, with the smallest squared
/// error over `folds` folds; of equal ones the largest. `cv_r_squared` and `cv_rmse` are
/// honest: each outer fold is predicted by a model whose penalty was chosen, in inner folds,
/// without it (nested cross-validation).
///
/// # Missing data
/// Complete cases, as the design has them. A frequency weight is that many respondents, who may
/// fall into different folds.
///
/// # Errors
/// [`Error::Setting`] for an `l1_ratio` outside [0, 1] or fewer than 2 folds, [`Error::TooFew`]
/// below two respondents a fold, [`Error::Constant`] for an outcome or a predictor that does not
/// vary, [`ModelError::NotConverged`](crate::model::ModelError::NotConverged).
///
/// # References
/// Zou and Hastie (2005), doi:10.1111/j.1467-9868.2005.00503.x; Varma and Simon (2006),
/// doi:10.1186/1471-2105-7-91.
pub fn elastic_net(design: &Design, settings: &ElasticNet) -> Result<Penalised> {
    elastic_net_of(design, &[settings.l1_ratio], settings.folds, settings.seed)
}

/// [`elastic_net`] that also chooses the lasso's share among some, by the same cross-validation.
///
/// The shares are compared on the same folds, and in each outer fold anew.
///
/// # Errors
/// Those of [`elastic_net`]; [`Error::Setting`] without any share.
pub fn elastic_net_of(
    design: &Design,
    l1_ratios: &[f64],
    folds: usize,
    seed: u64,
) -> Result<Penalised> {
    if l1_ratios.is_empty() {
        return Err(Error::Setting { name: "l1_ratio", value: 0.0, allowed: "one at least" });
    }
    l1_ratios.iter().try_for_each(|ratio| refuse_ratio(*ratio))?;
    if folds < 2 {
        let allowed = "a whole number of at least 2";
        return Err(Error::Setting { name: "folds", value: folds as f64, allowed });
    }
    let n_obs = design.n_obs();
    if n_obs < 2 * folds {
        let needed = 2 * folds;
        return Err(Error::TooFew { analysis: "cross-validation", needed, found: n_obs });
    }
    let sample = Sample::new(design)?;
    let everyone = sample.members();
    let outer = Folds::new(&everyone, folds, seed, 0);
    let (choice, predicted) = rayon::join(
        || choose(&sample, &everyone, l1_ratios, folds, seed, 0),
        || {
            (0..folds)
                .into_par_iter()
                .map(|fold| {
                    let (train, test) = (outer.without(fold), outer.only(fold));
                    let Choice { penalty, l1_ratio, .. } =
                        choose(&sample, &train, l1_ratios, folds, seed, fold as u64 + 1);
                    let problem = Problem::new(&sample, &sample.weights(&train), l1_ratio);
                    let coefficients = problem.coarse(penalty);
                    sample.squared_error(&coefficients, &test)
                })
                .collect::<Vec<f64>>()
        },
    );
    let error: f64 = predicted.iter().sum();
    let total = sample.total_ss();
    let Choice { penalty, penalty_1se, l1_ratio, tried } = choice;
    let problem = Problem::new(&sample, &sample.weights(&everyone), l1_ratio);
    let coefficients = problem.exact(penalty)?;
    let intercept = design.intercept.then_some(false);
    let replaceable = intercept.into_iter().chain(problem.replaceable(penalty)).collect();
    Ok(Penalised {
        formula: design.formula.clone(),
        outcome: design.outcome.clone(),
        terms: design.terms.clone(),
        replaceable,
        penalty,
        penalty_1se,
        coefficients_1se: problem.exact(penalty_1se)?,
        l1_ratio,
        tried,
        folds,
        r_squared: 1.0 - sample.squared_error(&coefficients, &everyone) / total,
        coefficients,
        cv_r_squared: 1.0 - error / total,
        cv_rmse: (error / n_obs as f64).sqrt(),
        n_obs,
        n_excluded: design.n_excluded(),
    })
}

/// The coefficients at a given penalty, in formula order and on the predictors' own scale: the
/// optimum of the objective in [`elastic_net`].
///
/// # Errors
/// Those of [`elastic_net`] that don't concern folds; [`Error::Setting`] for a penalty below 0.
pub fn coefficients_at(design: &Design, l1_ratio: f64, penalty: f64) -> Result<Vec<f64>> {
    refuse_ratio(l1_ratio)?;
    if !(penalty >= 0.0 && penalty.is_finite()) {
        let allowed = "a number of at least 0";
        return Err(Error::Setting { name: "penalty", value: penalty, allowed });
    }
    let sample = Sample::new(design)?;
    let weights = sample.weights(&sample.members());
    Problem::new(&sample, &weights, l1_ratio).exact(penalty)
}

fn refuse_ratio(l1_ratio: f64) -> Result<()> {
    if (0.0..=1.0).contains(&l1_ratio) {
        return Ok(());
    }
    Err(Error::Setting { name: "l1_ratio", value: l1_ratio, allowed: "from 0 to 1" })
}

impl Penalised {
    /// The method's contract name: `ridge`, `lasso` or `elastic_net`.
    pub fn method(&self) -> &'static str {
        match self.l1_ratio {
            0.0 => "ridge",
            1.0 => "lasso",
            _ => "elastic_net",
        }
    }

    /// The coefficients. They are shrunk on purpose, so they carry no standard error, interval or
    /// test, and the note `penalised` says so; `not_unique` where the lasso could as well have used
    /// other predictors for the same fit.
    pub fn estimates(&self) -> Vec<Estimate> {
        let one = |((term, value), replaceable): ((&String, &f64), &bool)| {
            let mut estimate =
                Estimate::new(Analysis::Regression, self.method(), term.as_str(), self.n_obs);
            estimate.x = Some(term.clone());
            estimate.y = Some(self.outcome.clone());
            estimate.formula = Some(self.formula.clone());
            estimate.value = Some(*value);
            estimate.n_excluded = self.n_excluded;
            estimate.note = Some(if *replaceable { Note::NotUnique } else { Note::Penalised });
            estimate
        };
        self.terms.iter().zip(&self.coefficients).zip(&self.replaceable).map(one).collect()
    }

    /// Fit statistics: the penalty, and R² and error for respondents the model had not seen.
    pub fn glance(&self) -> Glance {
        Glance {
            r_squared: Some(self.r_squared),
            n_obs: self.n_obs,
            n_excluded: self.n_excluded,
            penalty: Some(self.penalty),
            l1_ratio: Some(self.l1_ratio),
            cv_folds: Some(self.folds),
            cv_r_squared: Some(self.cv_r_squared),
            cv_rmse: Some(self.cv_rmse),
            ..Glance::default()
        }
    }
}
