//! Mixed and penalised models, and least squares with an imputed predictor.

use super::{Asked, Places, Said, along};
use crate::Plan;
use ssi_infer::formula::{Modelled, model_with};
use ssi_infer::importance::{Expected, dependence};
use ssi_infer::imputation::{Imputation, capped_columns, impute};
use ssi_infer::mixed::{Grouping, Likelihood, Random, mixed};
use ssi_infer::model::{Kind, Link, ModelError};
use ssi_infer::penalised::{elastic_net_of, inclusion};
use ssi_infer::regress::StandardErrors;
use ssi_infer::{Error, Result};
use ssi_vocab::Estimate;

/// The lasso's shares that an elastic net is chosen from.
const L1_RATIOS: [f64; 3] = [0.1, 0.5, 0.9];

/// Folds, where there are respondents enough.
const FOLDS: usize = 10;

/// Bootstrap resamples for the choice of predictors, unless more or fewer are asked for.
pub(in crate::tables) const RESAMPLES: usize = 1_000;

/// Completed data sets.
const IMPUTATIONS: usize = 50;

pub(super) fn said(kind: Kind, asked: &Asked<'_>) -> Result<Said> {
    let wanted = asked.wanted;
    plain(kind.code(), asked)?;
    if wanted.se.is_some() {
        return Err(unused("--se", kind.code()));
    }
    match kind {
        Kind::Mixed => of_groups(asked),
        Kind::Ols => imputed(asked),
        _ => of_penalty(kind, asked),
    }
}

fn of_groups(asked: &Asked<'_>) -> Result<Said> {
    let wanted = asked.wanted;
    let random: Random = match &wanted.random {
        Some(text) => text.parse()?,
        None => {
            let (option, example) = ("--random", "--random session_id");
            return Err(ModelError::Needs { model: "mixed", option, example }.into());
        }
    };
    let (table, gaps) = Grouping::complete(asked.table, &random.group)?;
    let mut modelled = model_with(&table, &wanted.formula, asked.extras)?;
    modelled.design.excluded.extend(gaps);
    let Places { points, warnings, bounds } = asked.places(&modelled)?;
    let Modelled { design, recipe, table, .. } = &modelled;
    let grouping = Grouping::new(table, &random.group, design)?;
    let likelihood = if wanted.ml { Likelihood::Ml } else { Likelihood::Reml };
    let found = mixed(design, &grouping, random.slope.as_deref(), likelihood)?;
    let measures = found.measures(asked.level);
    let predictions = found.predicted(&points, asked.level, bounds);
    let dependence = along(asked, &modelled, &found.fit)?;
    let mut said = Said::of(found.fit, asked.level);
    said.warnings.extend(warnings);
    let reference = recipe.reference();
    let excluded = modelled.design.excluded;
    Ok(Said { measures, predictions, dependence, reference, excluded, ..said })
}

fn of_penalty(kind: Kind, asked: &Asked<'_>) -> Result<Said> {
    let wanted = asked.wanted;
    let modelled = model_with(asked.table, &wanted.formula, asked.extras)?;
    let Places { points, warnings, bounds } = asked.places(&modelled)?;
    let Modelled { design, recipe, .. } = &modelled;
    let own = wanted.l1_ratio.map(|ratio| vec![ratio]);
    let ratios = match kind {
        Kind::Ridge => vec![0.0],
        Kind::Lasso => vec![1.0],
        _ => own.unwrap_or_else(|| L1_RATIOS.to_vec()),
    };
    let folds = (design.n_obs() / 2).clamp(2, FOLDS);
    let seed = wanted.seed.unwrap_or(Plan::default().seed);
    let found = elastic_net_of(design, &ratios, folds, seed)?;
    asked.progress.check()?;
    // Ridge leaves no predictor out.
    let included = match found.l1_ratio {
        0.0 => None,
        ratio => {
            let resamples = wanted.resamples.unwrap_or(RESAMPLES);
            Some(inclusion(design, ratio, found.penalty, resamples, seed)?)
        }
    };
    let fitted = found.fitted(&design.x);
    let rows = design.rows.iter().zip(fitted.iter().zip(&design.y));
    // The share that was chosen may be an end of the range; the model asked for keeps its name.
    let named = |rows: Vec<Estimate>| {
        let method = kind.code().to_owned();
        rows.into_iter().map(|row| Estimate { method: method.clone(), ..row }).collect()
    };
    let expected = Expected {
        names: (kind.code(), &found.formula, &found.outcome),
        counts: (design.n_obs(), design.n_excluded()),
        coefficients: &found.coefficients,
        covariance: None,
        df: None,
        link: Link::Identity,
    };
    let along = wanted
        .dependence
        .as_ref()
        .map(|column| dependence(&modelled, column, &expected, asked.level, bounds));
    Ok(Said {
        dependence: along.transpose()?.unwrap_or_default(),
        formula: found.formula.clone(),
        method: kind.code().to_owned(),
        estimates: named(found.estimates()),
        measures: named(found.measures(included.as_deref())),
        predictions: named(found.predicted(&points).into_iter().map(|r| bounds.clip(r)).collect()),
        warnings,
        glance: found.glance(),
        reference: recipe.reference(),
        rows: rows.map(|(row, (f, y))| (*row, *f, y - f)).collect(),
        excluded: design.excluded.clone(),
        ..Said::default()
    })
}

/// Least squares with a capped predictor whose values are imputed.
pub(in crate::tables) fn imputed(asked: &Asked<'_>) -> Result<Said> {
    let wanted = asked.wanted;
    plain("with --capped impute", asked)?;
    let pooled = [(wanted.importance, "--importance"), (wanted.augment, "--augment")];
    if let Some((_, option)) = pooled.into_iter().find(|(given, _)| *given) {
        return Err(unused(option, "with --capped impute"));
    }
    let errors: StandardErrors =
        wanted.se.as_deref().map(str::parse).transpose()?.unwrap_or_default();
    let StandardErrors::Each(covariance) = errors else {
        return Err(Error::ErrorsOfTest {
            test: "imputation",
            errors: errors.code().to_owned(),
            instead: "use classical or hc0 to hc4",
        });
    };
    let columns = capped_columns(asked.table, &wanted.formula)?;
    let [column] = &columns[..] else {
        return Err(if columns.is_empty() {
            ModelError::NotCapped.into()
        } else {
            ModelError::CappedTwice { columns }.into()
        });
    };
    let seed = wanted.seed.unwrap_or(Plan::default().seed);
    let settings = Imputation { imputations: IMPUTATIONS, seed, covariance };
    let (found, design) = impute(asked.table, &wanted.formula, asked.extras, column, &settings)?;
    let measures = found.measures(asked.level);
    Ok(Said {
        measures,
        excluded: design.excluded,
        rows: Vec::new(),
        ..Said::of(found.fit, asked.level)
    })
}

/// Fails for what these models don't do.
fn plain(model: &'static str, asked: &Asked<'_>) -> Result<()> {
    let wanted = asked.wanted;
    let pooled = asked.wanted.model == Kind::Ols;
    if !pooled && asked.idle_bounds() {
        let (option, instead) = ("--lower and --upper", "add --at, whose predictions they cut off");
        return Err(ModelError::Option { option, model, instead }.into());
    }
    let given: [(bool, &'static str); 10] = [
        (!wanted.tau.is_empty(), "--tau"),
        (pooled && wanted.lower.is_some(), "--lower"),
        (pooled && wanted.upper.is_some(), "--upper"),
        (pooled && !wanted.at.is_empty(), "--at"),
        (!wanted.intervals.is_empty(), "--interval"),
        (wanted.cross_validate, "--cross-validate"),
        (wanted.anova.is_some(), "--anova"),
        (wanted.against.is_some(), "--against"),
        (wanted.standardised, "--standardised"),
        (wanted.diagnostics, "--diagnostics"),
    ];
    match given.iter().find(|(given, _)| *given) {
        Some((_, option)) => Err(unused(option, model)),
        None => Ok(()),
    }
}

fn unused(option: &'static str, model: &'static str) -> Error {
    ModelError::Option { option, model, instead: "leave it out" }.into()
}
