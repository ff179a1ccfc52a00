//! Outcomes with bounds or limits, and outcomes that are categories.

use super::{Asked, Places, Said, along};
use ssi_infer::bounded::{beta, censored, fractional, tobit};
use ssi_infer::categories::{coded, firth, logistic, ordinal};
use ssi_infer::formula::{Modelled, model_with};
use ssi_infer::model::{Errors, Fit, Kind, ModelError};
use ssi_infer::predict::{Bounds, of_fit};
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
    let part = |fit: Fit, modelled: &Modelled, rows: [Vec<Estimate>; 3], mut more| {
        let [estimates, measures, predictions] = rows;
        let mut said = Said::of(fit, level);
        said.warnings.append(&mut more);
        Said {
            estimates,
            measures,
            predictions,
            reference: modelled.recipe.reference(),
            excluded: modelled.design.excluded.clone(),
            ..said
        }
    };
    Ok(match kind {
        Kind::Logistic | Kind::Firth | Kind::Ordinal => {
            let coded = coded(table, formula, asked.extras)?;
            let clusters = coded.modelled.clusters.as_ref();
            let errors = Errors { kind: &kind_of_errors, clusters };
            let modelled = &coded.modelled;
            let Places { points, warnings, .. } = asked.places(modelled)?;
            match kind {
                Kind::Logistic => {
                    let model = logistic(&coded, &errors)?;
                    let rows = model.estimates(level);
                    let measures = model.measures(&rows, level);
                    let predictions = model.predicted(&points, level);
                    let dependence = along(asked, modelled, &model.fit)?;
                    let calibration = Some(model.calibration(level));
                    let said = part(model.fit, modelled, [rows, measures, predictions], warnings);
                    Said { dependence, calibration, ..said }
                }
                Kind::Firth => {
                    let model = firth(&coded, &errors)?;
                    let rows = model.estimates(level);
                    let measures = model.measures(&rows, level);
                    let predictions = model.predicted(&points, level);
                    let dependence = along(asked, modelled, &model.fit)?;
                    let calibration = Some(model.calibration(level));
                    let said = part(model.fit, modelled, [rows, measures, predictions], warnings);
                    Said { dependence, calibration, ..said }
                }
                _ => {
                    let model = ordinal(&coded, &errors)?;
                    let rows = model.estimates(level);
                    let measures = model.measures(&rows);
                    let predictions = model.predicted(&points, level);
                    part(model.fit, modelled, [rows, measures, predictions], warnings)
                }
            }
        }
        Kind::Tobit => {
            let censored = censored(table, formula, asked.extras)?;
            let modelled = &censored.modelled;
            let errors = Errors { kind: &kind_of_errors, clusters: modelled.clusters.as_ref() };
            let model = tobit(&censored, wanted.lower, wanted.upper, &errors)?;
            let Places { points, warnings, .. } = asked.places(modelled)?;
            let predictions = model.predicted(&points, level);
            let rows = [model.estimates(level), model.measures(level), predictions];
            part(model.fit, modelled, rows, warnings)
        }
        _ => {
            let modelled = model_with(table, formula, asked.extras)?;
            let errors = Errors { kind: &kind_of_errors, clusters: modelled.clusters.as_ref() };
            let Places { points, warnings, bounds } = asked.places(&modelled)?;
            // A share lies between 0 and 1 unless something else is said.
            let (low, high) = (bounds.low.unwrap_or(0.0), bounds.high.unwrap_or(1.0));
            let (fit, rows) = if kind == Kind::Fractional {
                let model = fractional(&modelled, low, high, &errors)?;
                let predictions = of_fit(&model.fit, &points, level, Bounds::default());
                let rows = [model.estimates(level), model.measures(level), predictions];
                (model.fit, rows)
            } else {
                let model = beta(&modelled, low, high, &errors)?;
                let predictions = model.predicted(&points, level);
                let rows = [model.estimates(level), model.measures(level), predictions];
                (model.fit, rows)
            };
            let dependence = along(asked, &modelled, &fit)?;
            Said { dependence, ..part(fit, &modelled, rows, warnings) }
        }
    })
}

/// An error for an option that the model has no use for.
fn refuse(kind: Kind, asked: &Asked<'_>) -> ssi_infer::Result<()> {
    let wanted = asked.wanted;
    let bounded = matches!(kind, Kind::Tobit | Kind::Fractional | Kind::Beta);
    let least_squares = "it is for least squares; leave it out";
    let given: [(bool, &'static str, &'static str); 11] = [
        (!wanted.tau.is_empty(), "--tau", "use --model quantile"),
        (wanted.lower.is_some() && !bounded, "--lower", "use tobit, fractional or beta"),
        (wanted.upper.is_some() && !bounded, "--upper", "use tobit, fractional or beta"),
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
