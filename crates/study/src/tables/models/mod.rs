//! Regressions beyond least squares, a file for each family: what `ssi fit --model` does.

mod bounded;
pub(in crate::tables) mod mixed;
mod robust;
mod shape;

use super::fit::FitRequest;
use super::predictions::{bounds, points};
use ssi_cohort::Codebook;
use ssi_infer::formula::{Extras, Modelled};
use ssi_infer::importance::{Expected, dependence};
use ssi_infer::model::{Fit, Kind, ModelError};
use ssi_infer::predict::{Bounds, Point};
use ssi_vocab::{
    Calibration, Drawing, Estimate, Exclusion, Glance, Level, Progress, Table, Warning,
};
use std::collections::BTreeMap;

/// What a family's function is asked: one group's rows, and everything that was said on the
/// command line.
pub(super) struct Asked<'a> {
    pub(super) table: &'a Table,
    pub(super) wanted: &'a FitRequest,
    /// Weights and clusters, by column.
    pub(super) extras: &'a Extras,
    pub(super) codebook: &'a Codebook,
    pub(super) level: Level,
    pub(super) progress: &'a dyn Progress,
}

/// Where a model is asked for predictions: the points, what a reader should know of them, and what
/// they are cut off at.
pub(super) struct Places {
    pub(super) points: Vec<Point>,
    pub(super) warnings: Vec<Warning>,
    pub(super) bounds: Bounds,
}

impl Asked<'_> {
    /// The values of `--at`.
    pub(super) fn places(&self, model: &Modelled) -> ssi_infer::Result<Places> {
        let (points, warnings) = points(&self.wanted.at, model)?;
        Ok(Places { points, warnings, bounds: bounds(self.wanted, self.codebook, model)? })
    }

    /// True for bounds that no prediction is cut off at.
    pub(super) fn idle_bounds(&self) -> bool {
        let wanted = self.wanted;
        wanted.at.is_empty() && (wanted.lower.is_some() || wanted.upper.is_some())
    }
}

/// What a model says of one group's rows.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) formula: String,
    pub(crate) method: String,
    /// The coefficients, in formula order; alternative intervals follow as rows of their own.
    pub(crate) estimates: Vec<Estimate>,
    /// What the model says beyond them.
    pub(crate) measures: Vec<Estimate>,
    /// What it expects at the values of `--at`.
    pub(crate) predictions: Vec<Estimate>,
    /// What it expects along the column of `--dependence`.
    pub(crate) dependence: Vec<Estimate>,
    /// How its probabilities hold.
    pub(crate) calibration: Option<Calibration>,
    pub(crate) glance: Glance,
    /// The level that each factor's coefficients are differences from.
    pub(crate) reference: BTreeMap<String, String>,
    pub(crate) excluded: Vec<Exclusion>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) drawings: BTreeMap<String, Drawing>,
    /// Row as the user counts it, expected outcome, residual.
    pub(crate) rows: Vec<(usize, f64, f64)>,
    /// How much each of these rows counts in a robust fit, from 0 to 1.
    pub(crate) weights: Vec<f64>,
}

impl Said {
    /// A fit with its Wald rows; the caller adds what else the model says.
    pub(super) fn of(fit: Fit, level: Level) -> Self {
        let estimates = fit.estimates(level);
        let fitted = fit.fitted.iter().zip(&fit.residuals);
        let rows = fit.rows.iter().zip(fitted).map(|(row, (f, r))| (*row, *f, *r)).collect();
        Self {
            formula: fit.formula,
            method: fit.method.to_owned(),
            estimates,
            glance: fit.glance,
            warnings: fit.warnings,
            rows,
            ..Self::default()
        }
    }
}

/// What a fit expects along the column of `--dependence`; nothing where none was named.
fn along(asked: &Asked<'_>, modelled: &Modelled, fit: &Fit) -> ssi_infer::Result<Vec<Estimate>> {
    let Some(column) = &asked.wanted.dependence else { return Ok(Vec::new()) };
    let bounds = bounds(asked.wanted, asked.codebook, modelled)?;
    dependence(modelled, column, &Expected::of_fit(fit), asked.level, bounds)
}

/// Fits the model of a request to a table that was read already, without weights or clusters.
pub(crate) fn model_of(
    table: &Table,
    codebook: &Codebook,
    wanted: &FitRequest,
    level: Level,
    progress: &dyn Progress,
) -> ssi_infer::Result<Said> {
    let extras = Extras::default();
    said(wanted.model, &Asked { table, wanted, extras: &extras, codebook, level, progress })
}

/// Fits the model that was asked for.
pub(super) fn said(kind: Kind, asked: &Asked<'_>) -> ssi_infer::Result<Said> {
    match kind {
        Kind::Spline | Kind::Isotonic | Kind::Segmented => shape::said(kind, asked),
        Kind::Tobit
        | Kind::Logistic
        | Kind::Firth
        | Kind::Ordinal
        | Kind::Fractional
        | Kind::Beta => bounded::said(kind, asked),
        Kind::Huber | Kind::Bisquare | Kind::Mm | Kind::TheilSen | Kind::Quantile => {
            robust::said(kind, asked)
        }
        Kind::Mixed | Kind::Ridge | Kind::Lasso | Kind::ElasticNet | Kind::Ols => {
            mixed::said(kind, asked)
        }
    }
}

/// Fails for an option of one model that was given with another.
pub(super) fn belongs(wanted: &FitRequest) -> ssi_infer::Result<()> {
    let kind = wanted.model;
    let options: [(bool, &'static str, Kind, &'static str); 5] = [
        (wanted.random.is_some(), "--random", Kind::Mixed, "add --model mixed"),
        (wanted.ml, "--ml", Kind::Mixed, "add --model mixed"),
        (wanted.l1_ratio.is_some(), "--l1-ratio", Kind::ElasticNet, "add --model elastic_net"),
        (wanted.capped.is_some(), "--capped", Kind::Ols, "leave out --model"),
        (wanted.importance, "--importance", Kind::Ols, "leave out --model"),
    ];
    let no_mean = matches!(kind, Kind::Tobit | Kind::Ordinal | Kind::Isotonic | Kind::Segmented);
    if wanted.dependence.is_some() && (no_mean || wanted.capped.is_some() || wanted.tau.len() > 1) {
        let model = if no_mean { kind.code() } else { "several models at once" };
        let (option, instead) = ("--dependence", "leave it out, or choose another model");
        return Err(ModelError::Option { option, model, instead }.into());
    }
    let strange = options.into_iter().find(|(given, _, of, _)| *given && *of != kind);
    match strange {
        Some((_, option, _, instead)) => {
            Err(ModelError::Option { option, model: kind.code(), instead }.into())
        }
        None => Ok(()),
    }
}
