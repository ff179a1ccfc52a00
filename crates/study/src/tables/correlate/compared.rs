//! Correlations compared: of two pairs of columns, or of groups.

use super::super::Open;
use super::CorrelationRequest;
use crate::{Error, Result};
use ssi_infer::correlate::{self, Method, compare};
use ssi_vocab::{Estimate, Table};

/// r(x, y) beside r(c, y), or beside r(c, d).
pub(super) fn pairs(
    open: &mut Open,
    group: &Option<String>,
    table: &Table,
    wanted: &CorrelationRequest,
) -> Result<()> {
    let Some((x, y)) = &wanted.pair else { return Ok(()) };
    let second = match &wanted.with[..] {
        [c, d] => (c.as_str(), d.as_str()),
        [c, ..] => (c.as_str(), y.as_str()),
        [] => return Ok(()),
    };
    match compare::columns(table, (x, y), second, open.level) {
        Ok((rows, complete)) => {
            open.results.excluded.extend(complete.excluded().iter().cloned());
            open.add(group, rows);
            Ok(())
        }
        Err(error) => open.undefined(group, error),
    }
}

/// The correlation in each group, and the difference between each two of them.
pub(super) fn groups(open: &mut Open, wanted: &CorrelationRequest) -> Result<()> {
    let Some((x, y)) = &wanted.pair else { return Ok(()) };
    let mut found: Vec<(String, Estimate)> = Vec::new();
    for (group, table) in open.groups()? {
        let pair = correlate::pair(&table, x, y, Method::Pearson)?;
        open.results.excluded.extend(pair.excluded().iter().cloned());
        match correlate::correlate(&pair, Method::Pearson, open.level) {
            Ok(row) => {
                found.push((group.clone().unwrap_or_default(), row.clone()));
                open.add(&group, [row]);
            }
            Err(error) => open.undefined(&group, error)?,
        }
    }
    if found.len() < 2 {
        return Err(Error::usage(
            "--compare needs at least two groups in which the correlation is defined; see --by",
            "--compare には、相関を計算できるグループが2つ以上必要です。--by の列を確認してください",
        ));
    }
    let mut rows = Vec::new();
    for (i, (a, first)) in found.iter().enumerate() {
        for (b, second) in &found[i + 1..] {
            // A row that was correlated has a value.
            let (Some(r1), Some(r2)) = (first.value, second.value) else { continue };
            match compare::independent(r1, first.n_obs, r2, second.n_obs, open.level) {
                Ok(compared) => rows.extend(compared.into_iter().map(|row| Estimate {
                    term: format!("{}: {a} - {b}", first.term),
                    n_excluded: first.n_excluded + second.n_excluded,
                    ..row
                })),
                Err(error) => open.undefined(&Some(format!("{a} - {b}")), error)?,
            }
        }
    }
    open.add(&None, correlate::adjusted(rows));
    Ok(())
}
