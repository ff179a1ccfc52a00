use crate::Result;
use crate::formula::Extras;
use crate::regress::{Clusters, Ols, StandardErrors};
use ssi_vocab::{Check, Note, Table};

/// Whether a curve fits better than the straight line that it contains: F of what bends.
///
/// `None` where the fit is perfect.
///
/// # Formula
/// [`Ols::against`] the straight formula.
///
/// # Assumptions
/// Independent residuals with equal spread: where the spread changes along the line, read
/// [`nonlinearity_with`].
///
/// # Errors
/// Those of [`Ols::against`].
pub fn nonlinearity(
    curve: &Ols,
    table: &Table,
    straight: &str,
    extras: &Extras,
) -> Result<Option<Check>> {
    let nested = curve.against(table, straight, extras)?;
    Ok(nested.statistic.map(|value| Check {
        name: "nonlinearity".to_owned(),
        value: Some(value),
        note: None,
        df: Some(nested.df),
        df2: Some(nested.df2),
        p_value: nested.p_value,
    }))
}

/// Whether a curve fits better than the straight line that it contains, with robust errors: Wald's F
/// of what bends. The check is named by its errors: `nonlinearity_hc3`, `nonlinearity_cluster`.
///
/// # Formula
/// [`Ols::against_with`] the straight formula.
///
/// # Assumptions
/// Those of the errors: independent respondents (or clusters) whose spread may differ.
///
/// # Errors
/// Those of [`Ols::against_with`].
pub fn nonlinearity_with(
    curve: &Ols,
    table: &Table,
    straight: &str,
    extras: &Extras,
    errors: &StandardErrors,
    clusters: Option<&Clusters>,
) -> Result<Check> {
    let added = curve.against_with(table, straight, extras, errors, clusters)?;
    let errors = errors.code();
    let kind = errors.split_once(':').map_or(errors.as_str(), |_| "cluster");
    Ok(Check {
        name: format!("nonlinearity_{kind}"),
        value: added.statistic,
        note: match added.statistic {
            Some(_) => None,
            None if curve.perfect => Some(Note::PerfectFit),
            None => Some(Note::ErrorsUndefined),
        },
        df: Some(added.df),
        df2: Some(added.df2),
        p_value: added.p_value,
    })
}
