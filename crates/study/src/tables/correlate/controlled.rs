//! Correlations with other columns held constant.

use super::super::Open;
use super::{CorrelationRequest, matrix_columns};
use crate::Result;
use ssi_infer::correlate::{self, Controlled, Method};
use ssi_vocab::Table;

/// The partial or semi-partial correlation of the pair, or the matrix of partial ones.
pub(super) fn rows(
    open: &mut Open,
    group: &Option<String>,
    table: &Table,
    method: Method,
    wanted: &CorrelationRequest,
) -> Result<()> {
    let (kind, controls) = if wanted.semipartial.is_empty() {
        (Controlled::Both, &wanted.partial)
    } else {
        (Controlled::First, &wanted.semipartial)
    };
    let mut own = Vec::new();
    for name in controls {
        own.push(table.column(name)?.name.clone());
    }
    let controls: Vec<&str> = own.iter().map(String::as_str).collect();
    if let Some((x, y)) = &wanted.pair {
        match correlate::partial(table, x, y, &controls, method, kind) {
            Ok(found) => {
                open.results.excluded.extend(found.excluded().iter().cloned());
                let row = found.estimate(open.level);
                open.add(group, [row]);
            }
            Err(error) => open.undefined(group, error)?,
        }
        return Ok(());
    }
    let names = matrix_columns(open, table, method)?;
    let names: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !controls.contains(name)).collect();
    let rows = correlate::partial_matrix(table, &names, &controls, method, open.level)?;
    open.add(group, rows);
    Ok(())
}
