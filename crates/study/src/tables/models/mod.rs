//! Regressions beyond least squares, a file for each family: what `ssi fit --model` does.

use super::fit::FitRequest;
use ssi_infer::formula::Extras;
use ssi_infer::model::{Fit, Kind};
use ssi_vocab::{Drawing, Estimate, Exclusion, Glance, Level, Progress, Table, Warning};
use std::collections::BTreeMap;

/// What a family's function is asked: one group's rows, and everything that was said on the
/// command line.
#[allow(dead_code, reason = "each family reads its own part")]
pub(super) struct Asked<'a> {
    pub(super) table: &'a Table,
    pub(super) wanted: &'a FitRequest,
    /// Weights and clusters, by column.
    pub(super) extras: &'a Extras,
    pub(super) level: Level,
    pub(super) progress: &'a dyn Progress,
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
    pub(crate) glance: Glance,
    /// The level that each factor's coefficients are differences from.
    pub(crate) reference: BTreeMap<String, String>,
    pub(crate) excluded: Vec<Exclusion>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) drawings: BTreeMap<String, Drawing>,
    /// Row as the user counts it, expected outcome, residual.
    pub(crate) rows: Vec<(usize, f64, f64)>,
}

#[allow(dead_code, reason = "each family adds its arm below")]
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

/// Fits the model of a request to a table that was read already, without weights or clusters.
pub(crate) fn model_of(
    table: &Table,
    wanted: &FitRequest,
    level: Level,
    progress: &dyn Progress,
) -> ssi_infer::Result<Said> {
    let extras = Extras::default();
    said(wanted.model, &Asked { table, wanted, extras: &extras, level, progress })
}

/// Fits the model that was asked for.
pub(super) fn said(kind: Kind, _asked: &Asked<'_>) -> ssi_infer::Result<Said> {
    // A family's file replaces its kinds here by `Kind::A | Kind::B => family::said(kind, asked)`.
    let known = vec![Kind::Ols.code()];
    Err(ssi_infer::model::ModelError::Unknown {
        name: kind.code().to_owned(),
        nearest: None,
        known,
    }
    .into())
}
