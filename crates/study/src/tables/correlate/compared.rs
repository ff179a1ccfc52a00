//! Correlations compared: of two pairs of columns, or of groups.

use super::super::Open;
use super::CorrelationRequest;
use super::extras::Extras;
use crate::{Error, Result};
use ssi_infer::correlate::{self, Method, compare};
use ssi_infer::resample::TwoPairs;
use ssi_vocab::{Estimate, Paired, Progress, Table};

/// r(x, y) beside r(c, y), or beside r(c, d).
pub(super) fn pairs(
    open: &mut Open,
    group: &Option<String>,
    table: &Table,
    method: Method,
    wanted: &CorrelationRequest,
    extras: &Extras,
    progress: &dyn Progress,
) -> Result<()> {
    let Some((x, y)) = &wanted.pair else { return Ok(()) };
    let first = (x.as_str(), y.as_str());
    let second = match &wanted.with[..] {
        [c, d] => (c.as_str(), d.as_str()),
        [c, ..] => (c.as_str(), y.as_str()),
        [] => return Ok(()),
    };
    let level = open.level;
    let compared = || -> ssi_infer::Result<_> {
        let all = TwoPairs::new(table, first, second, method, None)?;
        let mut rows = if method == Method::Pearson {
            compare::columns(table, first, second, level)?.0
        } else {
            let of = |pair: &Paired| correlate::correlate(pair, method, level);
            all.pairs().iter().map(of).collect::<ssi_infer::Result<Vec<_>>>()?
        };
        let excluded = all.excluded().to_vec();
        let drawn = match &wanted.cluster {
            Some(cluster) => TwoPairs::new(table, first, second, method, Some(cluster))?,
            None => all,
        };
        rows.extend(extras.compared(&drawn, method, level, progress)?);
        Ok((rows, excluded))
    };
    match compared() {
        Ok((rows, excluded)) => {
            open.results.excluded.extend(excluded);
            open.add(group, rows);
            Ok(())
        }
        Err(error) => open.undefined(group, error),
    }
}

/// More groups than this have more pairs than anyone reads, as in `ssi groups --pairs`.
const MOST_GROUPS: usize = 50;

/// The correlation in each group, and the difference between each two of them, by each method.
pub(super) fn groups(
    open: &mut Open,
    methods: &[Method],
    wanted: &CorrelationRequest,
) -> Result<()> {
    let Some((x, y)) = &wanted.pair else { return Ok(()) };
    let groups = open.groups()?;
    if groups.len() > MOST_GROUPS {
        let column = open.by.clone().unwrap_or_default();
        let (found, limit) = (groups.len(), MOST_GROUPS);
        let error = ssi_infer::Error::FactorLevels { column, found, limit };
        return Err(Error::from(error).at(&open.file));
    }
    let mut compared = Vec::new();
    for method in methods {
        let mut found: Vec<(String, Paired)> = Vec::new();
        for (group, table) in &groups {
            let defined = correlate::pair(table, x, y, *method).and_then(|pair| {
                let row = correlate::correlate(&pair, *method, open.level)?;
                Ok((pair, row))
            });
            match defined {
                Ok((pair, row)) => {
                    open.results.excluded.extend(pair.excluded().iter().cloned());
                    found.push((group.clone().unwrap_or_default(), pair));
                    open.add(group, [row]);
                }
                Err(error) => open.undefined(group, error)?,
            }
        }
        if found.len() < 2 {
            return Err(Error::usage(
                "--compare needs at least two groups in which the correlation is defined; see --by",
                "--compare には、相関を計算できるグループが2つ以上必要です。--by の列を確認してください",
            ));
        }
        compared.extend(correlate::adjusted(differences(open, *method, &found)?));
    }
    open.add(&None, compared);
    Ok(())
}

fn differences(
    open: &mut Open,
    method: Method,
    found: &[(String, Paired)],
) -> Result<Vec<Estimate>> {
    let of = if method == Method::Pearson { String::new() } else { format!(" ({method})") };
    let mut rows = Vec::new();
    for (i, (a, first)) in found.iter().enumerate() {
        for (b, second) in &found[i + 1..] {
            match compare::groups(first, second, method, open.level) {
                Ok(compared) => rows.extend(compared.into_iter().map(|row| Estimate {
                    term: format!("{}, {}{of}: {a} - {b}", first.x_name(), first.y_name()),
                    n_excluded: first.n_excluded() + second.n_excluded(),
                    ..row
                })),
                Err(error) => open.undefined(&Some(format!("{a} - {b}")), error)?,
            }
        }
    }
    Ok(rows)
}
