//! Correlations with other columns held constant.

use super::super::Open;
use super::extras::Extras;
use super::{CorrelationRequest, matrix_columns};
use crate::Result;
use ssi_infer::correlate::{self, Controlled, Method};
use ssi_infer::resample::ControlledPair;
use ssi_vocab::{Progress, Table};

/// The partial or semi-partial correlation of the pair with all that was asked for, or the matrix of
/// partial ones.
pub(super) fn rows(
    open: &mut Open,
    group: &Option<String>,
    table: &Table,
    method: Method,
    wanted: &CorrelationRequest,
    extras: &Extras,
    progress: &dyn Progress,
) -> Result<()> {
    let (kind, controls) = if wanted.semipartial.is_empty() {
        (Controlled::Both, &wanted.partial)
    } else {
        (Controlled::First, &wanted.semipartial)
    };
    let mut own = Vec::new();
    for name in controls {
        own.push(table.column(name).map_err(|e| open.failed(e.into()))?.name.clone());
    }
    let controls: Vec<&str> = own.iter().map(String::as_str).collect();
    if let Some((x, y)) = &wanted.pair {
        let (level, pair) = (open.level, (x.as_str(), y.as_str()));
        let held = |cluster: Option<&str>| {
            ControlledPair::new(table, pair, &controls, method, kind, cluster)
        };
        match held(None) {
            Ok(found) => {
                open.results.excluded.extend(found.excluded().iter().cloned());
                open.add(group, [found.partial().estimate(level)]);
                // Those without a cluster take part in the correlation, not in its resamples.
                let more = match &wanted.cluster {
                    Some(cluster) => held(Some(cluster)),
                    None => Ok(found),
                };
                let more =
                    more.and_then(|pair| extras.controlled(&pair, method, wanted, level, progress));
                match more {
                    Ok(rows) => open.add(group, rows),
                    Err(error) => open.undefined(group, error)?,
                }
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
