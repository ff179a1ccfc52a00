//! Outcomes with bounds or limits, and outcomes that are categories.

use super::{Asked, Said};
use ssi_cohort::Codebook;
use ssi_infer::bounded::{beta, censored, fractional, tobit};
use ssi_infer::categories::{coded, firth, logistic, ordinal};
use ssi_infer::formula::{Modelled, model_with};
use ssi_infer::model::{Errors, Fit, Kind, ModelError};
use ssi_infer::regress::{Covariance, StandardErrors};
use ssi_vocab::Estimate;

pub(super) fn said(kind: Kind, asked: &Asked<'_>) -> ssi_infer::Result<Said> {
    refuse(kind, asked)?;
    let (table, wanted, level) = (asked.table, asked.wanted, asked.level);
    let robust = StandardErrors::Each(Covariance::Hc1);
    let kind_of_errors = match wanted.se.as_deref() {
        Some(text) => text.parse()?,
        // A fractional outcome has no likelihood of its own to take errors from.
        None if kind == Kind::Fractional => robust,
        None => StandardErrors::default(),
    };
    let formula = wanted.formula.as_str();
    let part = |fit: Fit, modelled: &Modelled, rows: Vec<Estimate>, measures: Vec<Estimate>| Said {
        estimates: rows,
        measures,
        reference: modelled.recipe.reference(),
        excluded: modelled.design.excluded.clone(),
        ..Said::of(fit, level)
    };
    Ok(match kind {
        Kind::Logistic | Kind::Firth | Kind::Ordinal => {
            let coded = coded(table, formula, asked.extras)?;
            let clusters = coded.modelled.clusters.as_ref();
            let errors = Errors { kind: &kind_of_errors, clusters };
            let modelled = &coded.modelled;
            match kind {
                Kind::Logistic => {
                    let model = logistic(&coded, &errors)?;
                    let rows = model.estimates(level);
                    let measures = model.measures(&rows, level);
                    part(model.fit, modelled, rows, measures)
                }
                Kind::Firth => {
                    let model = firth(&coded, &errors)?;
                    let rows = model.estimates(level);
                    let measures = model.measures(&rows, level);
                    part(model.fit, modelled, rows, measures)
                }
                _ => {
                    let model = ordinal(&coded, &errors)?;
                    let rows = model.estimates(level);
                    let measures = model.measures(&rows);
                    part(model.fit, modelled, rows, measures)
                }
            }
        }
        Kind::Tobit => {
            let censored = censored(table, formula, asked.extras)?;
            let modelled = &censored.modelled;
            let errors = Errors { kind: &kind_of_errors, clusters: modelled.clusters.as_ref() };
            let model = tobit(&censored, wanted.lower, wanted.upper, &errors)?;
            let (rows, measures) = (model.estimates(level), model.measures(level));
            part(model.fit, modelled, rows, measures)
        }
        _ => {
            let modelled = model_with(table, formula, asked.extras)?;
            let errors = Errors { kind: &kind_of_errors, clusters: modelled.clusters.as_ref() };
            let (low, high) = bounds(asked, &modelled.design.outcome);
            let (fit, rows, measures) = if kind == Kind::Fractional {
                let model = fractional(&modelled, low, high, &errors)?;
                let (rows, measures) = (model.estimates(level), model.measures(level));
                (model.fit, rows, measures)
            } else {
                let model = beta(&modelled, low, high, &errors)?;
                let (rows, measures) = (model.estimates(level), model.measures(level));
                (model.fit, rows, measures)
            };
            part(fit, &modelled, rows, measures)
        }
    })
}

/// The outcome's bounds: those that were named, else those that the codebook gives the column
/// (SSI: 0 to 100), else 0 and 1.
fn bounds(asked: &Asked<'_>, outcome: &str) -> (f64, f64) {
    let codebook = Codebook::default();
    let own = codebook.fields().iter().find(|field| {
        asked.table.column(&field.name).is_ok_and(|column| column.name == outcome)
            || field.name == outcome
    });
    let constraints = own.map(|field| (field.constraints.minimum, field.constraints.maximum));
    let (low, high) = match constraints {
        Some((Some(low), Some(high))) => (low, high),
        _ => (0.0, 1.0),
    };
    (asked.wanted.lower.unwrap_or(low), asked.wanted.upper.unwrap_or(high))
}

/// An error for an option that the model has no use for.
fn refuse(kind: Kind, asked: &Asked<'_>) -> ssi_infer::Result<()> {
    let wanted = asked.wanted;
    let bounded = matches!(kind, Kind::Tobit | Kind::Fractional | Kind::Beta);
    let least_squares = "it is for least squares; leave it out";
    let given: [(bool, &'static str, &'static str); 12] = [
        (!wanted.tau.is_empty(), "--tau", "use --model quantile"),
        (wanted.lower.is_some() && !bounded, "--lower", "use tobit, fractional or beta"),
        (wanted.upper.is_some() && !bounded, "--upper", "use tobit, fractional or beta"),
        (!wanted.at.is_empty(), "--at", "leave it out; --augment writes the expected outcomes"),
        (wanted.random.is_some(), "--random", "use --model mixed"),
        (!wanted.intervals.is_empty(), "--interval", "its intervals are all shown; leave it out"),
        (wanted.cross_validate, "--cross-validate", least_squares),
        (wanted.importance, "--importance", least_squares),
        (wanted.anova.is_some(), "--anova", least_squares),
        (wanted.against.is_some(), "--against", least_squares),
        (wanted.standardised, "--standardised", least_squares),
        (wanted.diagnostics, "--diagnostics", "its checks are always shown; leave it out"),
    ];
    match given.into_iter().find(|(given, ..)| *given) {
        Some((_, option, instead)) => {
            Err(ModelError::Option { option, model: kind.code(), instead }.into())
        }
        None => Ok(()),
    }
}
