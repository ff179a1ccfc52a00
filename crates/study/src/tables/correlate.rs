//! What `ssi cor` does.

mod compared;
mod controlled;
mod doubt;
mod extras;
mod request;

use super::{Open, TableRequest, numeric};
use crate::{Error, Result};
use extras::Extras;
use ssi_infer::correlate::{self, Method};
use ssi_vocab::{Cells, Column, Estimate, Progress, Results, Table};

/// Which correlations, with which intervals and tests.
#[derive(Debug, Clone, Default)]
pub struct CorrelationRequest {
    /// Two columns; without them every pair of numeric columns.
    pub pair: Option<(String, String)>,
    /// Methods by name, or `all`.
    pub methods: Vec<String>,
    /// Columns held constant in both columns of a pair.
    pub partial: Vec<String>,
    /// Columns held constant in the first column only.
    pub semipartial: Vec<String>,
    /// One column to compare with the first one, or the two columns of another pair.
    pub with: Vec<String>,
    /// Compare the groups' correlations.
    pub compare: bool,
    /// Intervals beside the default one: `bca`, `percentile`, `studentised`, `jackknife_z`,
    /// `full_ml`, `profile`.
    pub intervals: Vec<String>,
    /// Tests beside the default one: `permutation`, `tost`, `bayes`.
    pub tests: Vec<String>,
    /// The largest correlation that would not matter, for `tost`.
    pub bound: Option<f64>,
    /// Width of the prior for `bayes`; 1 (uniform) where none is given.
    pub prior: Option<f64>,
    /// Reliabilities of the two columns, to correct the correlation for.
    pub reliability: Vec<f64>,
    /// Column of clusters that are resampled whole.
    pub cluster: Option<String>,
    /// Resamples and permutations; the default plan's where none are given.
    pub resamples: Option<usize>,
    /// Seed; the default plan's where none is given.
    pub seed: Option<u64>,
}
/// Correlates two columns, or every pair of numeric columns.
///
/// # Errors
/// Unreadable or refused data, an unknown column or method, and for a named pair an undefined
/// correlation.
pub fn correlate(
    request: &TableRequest,
    wanted: &CorrelationRequest,
    progress: &dyn Progress,
) -> Result<Results> {
    // Only the classical methods have a partial form and can be compared.
    let classical = wanted.is_controlled() || wanted.compares();
    let all = if classical { &Method::CLASSICAL[..] } else { &Method::ALL[..] };
    let methods = methods(&wanted.methods, all)?;
    let extras = Extras::new(wanted)?;
    let mut open = Open::new(request)?;
    extras.check(&methods, wanted)?;
    wanted.check(&methods, request.by.is_some())?;
    open.warn_of_repeats(wanted.cluster.as_deref())?;
    if wanted.compare {
        compared::groups(&mut open, &methods, wanted)?;
        return open.done();
    }
    for (group, table) in open.groups()? {
        for method in &methods {
            if !wanted.with.is_empty() {
                compared::pairs(&mut open, &group, &table, *method, wanted, &extras, progress)?;
            } else if wanted.is_controlled() {
                controlled::rows(&mut open, &group, &table, *method, wanted, &extras, progress)?;
            } else if let Some((x, y)) = &wanted.pair {
                let pair = (x.as_str(), y.as_str());
                one_pair(&mut open, &group, &table, pair, *method, wanted, &extras, progress)?;
            } else {
                every_pair(&mut open, &group, &table, *method, &extras, progress)?;
            }
        }
    }
    open.done()
}

/// A named pair by one method, with all intervals and tests that were asked for.
#[expect(clippy::too_many_arguments, reason = "a step of `correlate` with all it knows")]
fn one_pair(
    open: &mut Open,
    group: &Option<String>,
    table: &Table,
    (x, y): (&str, &str),
    method: Method,
    wanted: &CorrelationRequest,
    extras: &Extras,
    progress: &dyn Progress,
) -> Result<()> {
    let pair = match correlate::pair(table, x, y, method) {
        Ok(pair) => pair,
        Err(error) => return open.undefined(group, error),
    };
    open.results.excluded.extend(pair.excluded().iter().cloned());
    if method == Method::Pearson && wanted.has_fisher_alone() {
        open.results.warnings.extend(doubt::fisher(&pair, group, open.level));
    }
    match correlate::correlate(&pair, method, open.level) {
        Ok(first) => {
            exact_as_asked(&first, wanted)?;
            let first = extras.tested(&pair, method, first, 1, open.level, progress)?;
            open.add(group, [first]);
            if method == Method::Polyserial
                && wanted.has_delta_alone()
                && let Some((row, warning)) = doubt::polyserial(&pair, group, open.level)
            {
                open.add(group, [row]);
                open.results.warnings.push(warning);
            }
        }
        // `all` are those that these columns can have.
        Err(error) if does_not_apply(&error) && among_all(method, wanted) => {
            let row = correlate::correlate_or_note(&pair, method, open.level);
            open.add(group, [row]);
            return Ok(());
        }
        Err(error) => return open.undefined(group, error),
    }
    let more = extras.rows(&pair, method, open.level, progress)?;
    open.add(group, more);
    match extras.clustered(table, (x, y), method, open.level, progress) {
        Ok(rows) => open.add(group, rows),
        Err(error) => open.undefined(group, error)?,
    }
    Ok(())
}

/// The matrix of all columns that the method can use.
fn every_pair(
    open: &mut Open,
    group: &Option<String>,
    table: &Table,
    method: Method,
    extras: &Extras,
    progress: &dyn Progress,
) -> Result<()> {
    let names = matrix_columns(open, table, method)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut rows =
        correlate::matrix(table, &names, method, open.level).map_err(|e| open.failed(e))?;
    if method == Method::Distance {
        let pairs = rows.len();
        for row in &mut rows {
            let Some((x, y)) = row.x.clone().zip(row.y.clone()) else { continue };
            let pair = correlate::pair(table, &x, &y, method)?;
            *row = extras.tested(&pair, method, row.clone(), pairs, open.level, progress)?;
        }
        rows = correlate::adjusted(rows);
    }
    open.add(group, rows);
    Ok(())
}

/// True where another method would have a value for these columns.
fn does_not_apply(error: &ssi_infer::Error) -> bool {
    use ssi_infer::Error as E;
    matches!(error, E::NoSpread { .. } | E::NotTwoValued { .. } | E::TooManyLevels { .. })
}

/// True for a method that was not named but is one of `all`.
fn among_all(method: Method, wanted: &CorrelationRequest) -> bool {
    let named = |name: &str| wanted.methods.iter().any(|m| m == name);
    named("all") && !named(method.code())
}

/// An exact test comes by itself where there are few respondents and no ties. Where it was asked
/// for and these data have none, another test is not passed off as it.
fn exact_as_asked(row: &Estimate, wanted: &CorrelationRequest) -> Result<()> {
    let asked = wanted.tests.iter().any(|test| test == "exact");
    let other = row.test.as_ref().filter(|test| test.method != "exact");
    match other {
        Some(test) if asked && ["spearman", "kendall"].contains(&row.method.as_str()) => {
            let (method, has) = (&row.method, &test.method);
            Err(Error::usage(
                format!(
                    "--test exact: {method} has none for these data (ties, or too many respondents); it uses `{has}`"
                ),
                format!(
                    "--test exact：このデータでは {method} の正確な検定は使えません（同順位がある、または人数が多い）。`{has}` を使います"
                ),
            ))
        }
        _ => Ok(()),
    }
}

/// The columns of a matrix: all that the method can use.
fn matrix_columns(open: &Open, table: &Table, method: Method) -> Result<Vec<String>> {
    let names: Vec<String> = table
        .columns()
        .iter()
        .filter(|c| numeric(c) || method.uses_ranks() && capped(c))
        .map(|c| c.name.clone())
        .collect();
    if names.len() < 2 {
        let (name, found) = (&open.file.name, names.len());
        return Err(Error::usage(
            format!("{name}: has {found} column(s) of numbers, and a correlation needs two"),
            format!("{name}：数値の列が{found}列しかありません（相関には2列必要です）"),
        ));
    }
    Ok(names)
}

fn capped(column: &Column) -> bool {
    matches!(column.cells, Cells::Capped(_))
}

/// The methods named, `all` standing for those of `all`.
fn methods(names: &[String], all: &[Method]) -> Result<Vec<Method>> {
    let mut methods = Vec::new();
    for name in names {
        if name == "all" {
            methods.extend(all);
        } else {
            methods.push(name.parse::<Method>()?);
        }
    }
    let mut seen = Vec::new();
    methods.retain(|m| !seen.contains(m) && (seen.push(*m), true).1);
    Ok(methods)
}
