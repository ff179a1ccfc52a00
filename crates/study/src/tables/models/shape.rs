//! Splines, isotonic steps and breakpoints.

use super::super::fit::{FEW_CLUSTERS, FitRequest};
use super::super::predictions::{self, More, refuse};
use super::{Asked, Places, Said};
use crate::Plan;
use ssi_infer::formula::{Modelled, model_with, smoothed};
use ssi_infer::model::Kind;
use ssi_infer::predict::ranges;
use ssi_infer::regress::{ClusterKind, Clusters, Covariance, Ols, StandardErrors, ols};
use ssi_infer::shape::{
    Direction, average_slopes, isotonic, nonlinearity, nonlinearity_with, segmented,
};
use ssi_infer::{Error, Result};
use ssi_vocab::{Check, Estimate, Warning};

/// Places of a curve where no `--at` names any.
const PLACES: usize = 11;

/// Permutations of the test of trend, unless said otherwise.
const PERMUTATIONS: usize = 9_999;

pub(super) fn said(kind: Kind, asked: &Asked<'_>) -> Result<Said> {
    match kind {
        Kind::Spline => spline(asked),
        Kind::Isotonic => steps(asked),
        _ => bent(asked),
    }
}

/// What none of these models takes.
fn refuse_foreign(model: &'static str, wanted: &FitRequest) -> Result<()> {
    refuse(
        model,
        &[
            (!wanted.tau.is_empty(), "--tau", "choose --model quantile"),
            (wanted.random.is_some(), "--random", "choose --model mixed"),
            (wanted.importance, "--importance", "choose --model ols"),
            (wanted.anova.is_some(), "--anova", "write ns(x, 4) in the formula of --model ols"),
            (wanted.standardised, "--standardised", "choose --model ols"),
            (wanted.diagnostics, "--diagnostics", "write ns(x, 4) in the formula of --model ols"),
        ],
    )
}

/// What only models that are least squares underneath take.
fn refuse_linear(model: &'static str, wanted: &FitRequest) -> Result<()> {
    refuse(
        model,
        &[
            (wanted.se.is_some(), "--se", "choose --model spline or ols"),
            (wanted.cross_validate, "--cross-validate", "choose --model spline or ols"),
            (wanted.against.is_some(), "--against", "choose --model spline or ols"),
            (!wanted.intervals.is_empty(), "--interval", "choose --model spline or ols"),
            (
                wanted.at.is_empty() && (wanted.lower.is_some() || wanted.upper.is_some()),
                "--lower and --upper",
                "add --at, whose predictions they cut off",
            ),
        ],
    )
}

fn spline(asked: &Asked<'_>) -> Result<Said> {
    let (wanted, level) = (asked.wanted, asked.level);
    refuse_foreign("spline", wanted)?;
    let without = wanted.against.is_some() && !wanted.cross_validate;
    refuse("spline", &[(without, "--against", "add --cross-validate")])?;
    let errors: StandardErrors =
        wanted.se.as_deref().map(str::parse).transpose()?.unwrap_or_default();
    let text = smoothed(asked.table, &wanted.formula)?;
    let model = model_with(asked.table, &text, asked.extras)?;
    let fit = ols(&model.design)?;
    let mut estimates = fit.estimates_with(&errors, model.clusters.as_ref(), level)?;
    let mut glance = fit.glance_with(&errors, model.clusters.as_ref())?;
    glance.cluster = errors.cluster().map(str::to_owned);
    glance.n_clusters = model.clusters.as_ref().map(Clusters::len);
    let bends = curvature(&fit, &model, asked, &errors)?;
    glance.checks.splice(0..0, bends).for_each(drop);
    let curve = FitRequest { formula: text, at: places(wanted, &model)?, ..wanted.clone() };
    let data = (&curve, asked.codebook);
    let More { mut measures, mut predictions, mut dependence, mut warnings } =
        predictions::least_squares("spline", data, &fit, &model, &errors, asked.extras, level)?;
    if wanted.at.is_empty() {
        // The curve is that of the mean.
        predictions
            .retain(|row| row.interval.as_ref().is_none_or(|interval| interval.method == "mean_t"));
    }
    let clusters = model.clusters.as_ref();
    measures.splice(0..0, average_slopes(&fit, &model, &errors, clusters, level)?);
    let rows = estimates.iter_mut().chain(&mut measures);
    let rows = rows.chain(&mut predictions).chain(&mut dependence);
    rows.for_each(|row| "spline".clone_into(&mut row.method));
    if let Some(clusters) = model.clusters.as_ref().filter(|c| c.len() < FEW_CLUSTERS) {
        let (column, found) = (clusters.column.clone(), clusters.len());
        warnings.push(Warning::FewClusters { column, found });
    }
    let fitted = fit.fitted.iter().zip(&fit.residuals);
    Ok(Said {
        formula: fit.formula.clone(),
        method: "spline".to_owned(),
        estimates,
        measures,
        predictions,
        dependence,
        glance,
        reference: model.recipe.reference(),
        warnings,
        rows: fit.rows.iter().zip(fitted).map(|(row, (f, r))| (*row, *f, *r)).collect(),
        excluded: model.design.excluded,
        ..Said::default()
    })
}

/// The tests of the curve against the straight line: classical, which takes the spread to be equal,
/// and Wald's with HC3 or the robust errors that were asked for. Respondents in clusters have that
/// of the clusters alone.
fn curvature(
    fit: &Ols,
    model: &Modelled,
    asked: &Asked<'_>,
    errors: &StandardErrors,
) -> Result<Vec<Check>> {
    let (table, extras) = (&model.table, asked.extras.of_kept());
    let straight = asked.wanted.formula.as_str();
    let with = |errors: &StandardErrors| {
        nonlinearity_with(fit, table, straight, &extras, errors, model.clusters.as_ref())
    };
    let mut out = Vec::new();
    let robust = match errors {
        StandardErrors::Cluster(ClusterKind::Cr1, _) => return Ok(vec![with(errors)?]),
        // CR2 has degrees of freedom for single coefficients only.
        StandardErrors::Cluster(..) => return Ok(out),
        // Bell and McCaffrey's degrees of freedom are those of single coefficients, too.
        StandardErrors::Adjusted(_) | StandardErrors::Each(Covariance::Classical) => {
            StandardErrors::Each(Covariance::Hc3)
        }
        StandardErrors::Each(_) => errors.clone(),
    };
    match nonlinearity(fit, table, straight, &extras) {
        Ok(check) => out.extend(check),
        // Probability weights have no F of sums of squares.
        Err(Error::ErrorsOfWeights { .. }) => {}
        Err(error) => return Err(error),
    }
    match with(&robust) {
        Ok(check) => out.push(check),
        Err(Error::ErrorsOfWeights { .. }) => {}
        Err(error) => return Err(error),
    }
    Ok(out)
}

/// The places that were asked for, or equally spaced ones over the first numeric predictor.
fn places(wanted: &FitRequest, model: &Modelled) -> Result<Vec<String>> {
    if !wanted.at.is_empty() || !wanted.intervals.is_empty() {
        return Ok(wanted.at.clone());
    }
    let curved = |name: &String| {
        model.design.terms.iter().any(|term| term.starts_with("ns(") && term.contains(name))
    };
    let mut numeric = ranges(model)?.into_iter();
    let Some((name, low, high)) = numeric.find(|(name, ..)| curved(name)) else {
        return Ok(Vec::new());
    };
    let place = |i: usize| low + (high - low) * i as f64 / (PLACES - 1) as f64;
    Ok((0..PLACES).map(|i| format!("`{name}`={}", place(i).clamp(low, high))).collect())
}

fn steps(asked: &Asked<'_>) -> Result<Said> {
    let wanted = asked.wanted;
    refuse_foreign("isotonic", wanted)?;
    refuse_linear("isotonic", wanted)?;
    let model = model_with(asked.table, &wanted.formula, asked.extras)?;
    if !model.recipe.reference().is_empty() {
        return Err(ssi_infer::model::ModelError::OnePredictor { model: "isotonic" }.into());
    }
    let fit = isotonic(&model.design, Direction::Rising)?;
    let mut glance = fit.glance();
    let seed = wanted.seed.unwrap_or(Plan::default().seed);
    let permutations = wanted.resamples.unwrap_or(PERMUTATIONS);
    glance.checks.extend(fit.trend(permutations, seed, asked.progress)?);
    let Places { points, warnings, bounds } = asked.places(&model)?;
    let predictions = points.iter().map(|point| fit.predicted(point, bounds));
    let fitted = fit.fitted.iter().zip(&fit.residuals);
    Ok(Said {
        formula: fit.formula.clone(),
        method: "isotonic".to_owned(),
        estimates: fit.estimates(),
        predictions: predictions.collect(),
        glance,
        warnings,
        rows: fit.rows.iter().zip(fitted).map(|(row, (f, r))| (*row, *f, *r)).collect(),
        excluded: model.design.excluded,
        ..Said::default()
    })
}

fn bent(asked: &Asked<'_>) -> Result<Said> {
    let (wanted, level) = (asked.wanted, asked.level);
    refuse_foreign("segmented", wanted)?;
    refuse_linear("segmented", wanted)?;
    let model = model_with(asked.table, &wanted.formula, asked.extras)?;
    let found = segmented(&model.design)?;
    let Places { points, warnings, bounds } = asked.places(&model)?;
    let predictions: Vec<Estimate> = found.predicted(&points, level, bounds);
    let (estimates, measures) = (found.estimates(level), found.measures(level));
    let check = found.existence()?;
    let mut said = Said::of(found.fit, level);
    said.glance.checks.extend(check);
    said.warnings.extend(warnings);
    Ok(Said {
        estimates,
        measures,
        predictions,
        reference: model.recipe.reference(),
        excluded: model.design.excluded,
        ..said
    })
}
