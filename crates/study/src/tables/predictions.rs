//! What `ssi fit` adds to least squares on request: predictions and cross-validation.

use super::fit::FitRequest;
use crate::Plan;
use ssi_cohort::Codebook;
use ssi_infer::formula::{Extras, Modelled, model_with};
use ssi_infer::importance::{Expected, dependence};
use ssi_infer::model::ModelError;
use ssi_infer::predict::{Bounds, Conformal, Point, conformal, of_least_squares, point};
use ssi_infer::regress::{ClusterKind, Ols, StandardErrors};
use ssi_infer::validate::{CrossValidation, Validated, cross_validate, cross_validate_clusters};
use ssi_infer::{Error, Result};
use ssi_vocab::{Estimate, Level, Warning};

/// Rows beyond the coefficients.
#[derive(Debug, Default)]
pub(super) struct More {
    pub(super) measures: Vec<Estimate>,
    pub(super) predictions: Vec<Estimate>,
    pub(super) dependence: Vec<Estimate>,
    pub(super) warnings: Vec<Warning>,
}

/// Each `--at` as a point, and what a reader should know of it.
pub(super) fn points(at: &[String], model: &Modelled) -> Result<(Vec<Point>, Vec<Warning>)> {
    let points = at.iter().map(|text| point(text, model)).collect::<Result<Vec<_>>>()?;
    let warnings = points.iter().flat_map(|point| point.warnings.clone()).collect();
    Ok((points, warnings))
}

/// What predictions of the outcome are cut off at: the bounds that were given, else those that the
/// codebook gives it.
///
/// # Errors
/// [`ModelError::Bounds`].
pub(super) fn bounds(wanted: &FitRequest, codebook: &Codebook, model: &Modelled) -> Result<Bounds> {
    let own = crate::scale::bounds(codebook, &model.table, &model.design.outcome);
    in_order(Bounds { low: wanted.lower.or(own.low), high: wanted.upper.or(own.high) })
}

/// Refuses bounds that are not in order.
fn in_order(bounds: Bounds) -> Result<Bounds> {
    match (bounds.low, bounds.high) {
        (Some(low), Some(high)) if low >= high => Err(ModelError::Bounds { low, high }.into()),
        _ => Ok(bounds),
    }
}

/// Refuses options that have no meaning for a model: (given, option, what can be done).
pub(super) fn refuse(
    model: &'static str,
    given: &[(bool, &'static str, &'static str)],
) -> Result<()> {
    match given.iter().find(|(given, ..)| *given) {
        Some((_, option, instead)) => Err(ModelError::Option { option, model, instead }.into()),
        None => Ok(()),
    }
}

/// Predictions at `--at` and cross-validated measures of a least-squares fit, which the user knows by
/// `name`.
pub(super) fn least_squares(
    name: &'static str,
    (wanted, codebook): (&FitRequest, &Codebook),
    fit: &Ols,
    model: &Modelled,
    errors: &StandardErrors,
    extras: &Extras,
    level: Level,
) -> Result<More> {
    let nowhere = wanted.at.is_empty();
    let bounded = wanted.lower.is_some() || wanted.upper.is_some();
    refuse(
        name,
        &[
            (!wanted.tau.is_empty(), "--tau", "choose --model quantile"),
            (wanted.random.is_some(), "--random", "choose --model mixed"),
            (nowhere && bounded, "--lower and --upper", "add --at, whose predictions they cut off"),
            (
                nowhere && !wanted.intervals.is_empty(),
                "--interval",
                "add --at, whose predictions they surround",
            ),
        ],
    )?;
    let mut more = More::default();
    let seed = wanted.seed.unwrap_or(Plan::default().seed);
    if !nowhere {
        let kinds =
            wanted.intervals.iter().map(|name| name.parse()).collect::<Result<Vec<Conformal>>>()?;
        let (points, warnings) = points(&wanted.at, model)?;
        let (bounds, clusters) = (bounds(wanted, codebook, model)?, model.clusters.as_ref());
        more.warnings = warnings;
        for point in &points {
            let one = std::slice::from_ref(point);
            more.predictions.extend(of_least_squares(fit, errors, clusters, one, level, bounds)?);
            for kind in &kinds {
                let design = &model.design;
                let rows = conformal(design, clusters, one, *kind, level, seed, bounds)?;
                more.predictions.extend(rows);
            }
        }
    }
    if let Some(column) = &wanted.dependence {
        let bounds = bounds(wanted, codebook, model)?;
        more.dependence = along(column, fit, model, errors, level, bounds)?;
    }
    if wanted.cross_validate {
        more.measures = validated(wanted, model, extras, &CrossValidation::new(seed), level)?;
    }
    Ok(more)
}

/// What least squares expects along a column, with the errors that were asked for.
fn along(
    column: &str,
    fit: &Ols,
    model: &Modelled,
    errors: &StandardErrors,
    level: Level,
    bounds: Bounds,
) -> Result<Vec<Estimate>> {
    let (covariance, df) = match (errors, &model.clusters) {
        (StandardErrors::Each(kind), _) => (fit.covariance(*kind), fit.df_residual as f64),
        (StandardErrors::Cluster(ClusterKind::Cr1, _), Some(clusters)) => {
            let found = fit.clustered(clusters, ClusterKind::Cr1)?;
            (Some(found.covariance), clusters.len() as f64 - 1.0)
        }
        _ => {
            let instead = "use --se cluster:COLUMN or hc3";
            return Err(ModelError::Option { option: "--dependence", model: "cr2", instead }.into());
        }
    };
    let named = covariance.map(|v| (v, errors.code()));
    dependence(model, column, &Expected::of_least_squares(fit, named, df), level, bounds)
}

/// R², RMSE and MAE for unseen respondents; with `--against` the difference from that model, both
/// on the same respondents and folds.
fn validated(
    wanted: &FitRequest,
    model: &Modelled,
    extras: &Extras,
    how: &CrossValidation,
    level: Level,
) -> Result<Vec<Estimate>> {
    let own = crossed(model, how)?;
    let mut rows = own.measures(level);
    let Some(other) = &wanted.against else { return Ok(rows) };
    let extras = extras.of_kept();
    // The respondents that both models can use.
    let rows_of = |rows: &[usize], table: &ssi_vocab::Table| {
        let keep: Vec<bool> =
            table.rows().iter().map(|row| rows.binary_search(row).is_ok()).collect();
        table.keep(&keep)
    };
    let mut used = model.design.rows.clone();
    used.sort_unstable();
    let table = rows_of(&used, &model.table);
    let second = model_with(&table, other, &extras)?;
    if second.design.outcome != model.design.outcome {
        let (formula, term) = (second.design.formula, second.design.outcome);
        return Err(Error::NotNested { formula, term });
    }
    if second.design.rows.len() == model.design.rows.len() {
        rows.push(own.against(&crossed(&second, how)?, level)?);
        return Ok(rows);
    }
    let mut used = second.design.rows.clone();
    used.sort_unstable();
    let table = rows_of(&used, &table);
    let first = crossed(&model_with(&table, &wanted.formula, &extras)?, how)?;
    rows.push(first.against(&crossed(&second, how)?, level)?);
    Ok(rows)
}

/// By folds of respondents, or of whole clusters.
fn crossed(model: &Modelled, how: &CrossValidation) -> Result<Validated> {
    match &model.clusters {
        Some(clusters) => cross_validate_clusters(&model.design, clusters, how),
        None => cross_validate(&model.design, how),
    }
}
