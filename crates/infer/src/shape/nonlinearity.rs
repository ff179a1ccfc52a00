use crate::Result;
use crate::formula::Extras;
use crate::regress::Ols;
use ssi_vocab::{Check, Table};

/// Whether a curve fits better than the straight line that it contains: F of what bends.
///
/// `None` where the fit is perfect.
///
/// # Formula
/// [`Ols::against`] the straight formula.
///
/// # Assumptions
/// Independent residuals with equal spread.
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
