//! What `ssi necessity` does.

use super::{Open, TableRequest};
use crate::scale::ends;
use crate::{Error, Result};
use ssi_cohort::Codebook;
use ssi_infer::necessity::{Necessity, Points, Scope, copula, necessity, permutation};
use ssi_infer::rates::{Rate, clopper_pearson};
use ssi_infer::resample::Permutation;
use ssi_vocab::{Analysis, Cells, Estimate, Level, Progress, Results, Table};

/// The rectangle whose corner is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScopeKind {
    /// That of the data.
    Empirical,
    /// That of the scales, as the codebook has them or as they are given.
    Theoretical {
        /// Ends of the condition's scale.
        x: Option<[f64; 2]>,
        /// Ends of the outcome's scale.
        y: Option<[f64; 2]>,
    },
}

/// Whether a condition is necessary for an outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct NecessityRequest {
    /// Column of the condition.
    pub x: String,
    /// Column of the outcome.
    pub y: String,
    /// The scope.
    pub scope: ScopeKind,
    /// Counterexamples have an outcome of at least the first and a condition below the second.
    pub counterexamples: Option<(f64, f64)>,
    /// Permutations, and samples of the copula.
    pub permutations: Option<usize>,
    /// Seed of both.
    pub seed: Option<u64>,
}

/// Analyses a necessary condition in any table.
///
/// # Errors
/// Unreadable or refused data, an unknown column, a scale that no codebook knows, a scope that does
/// not hold the data, an analysis that these data don't define.
pub fn necessary(
    request: &TableRequest,
    wanted: &NecessityRequest,
    progress: &dyn Progress,
) -> Result<Results> {
    let plan = crate::Plan::default();
    let how = Permutation {
        permutations: wanted.permutations.unwrap_or(plan.permutations),
        seed: wanted.seed.unwrap_or(plan.seed),
    };
    let codebook = request.own_codebook()?;
    let mut open = Open::new(request)?;
    open.warn_of_repeats(None)?;
    for (part, table) in open.groups()? {
        let level = open.level;
        let points = match Points::of_table(&table, &wanted.x, &wanted.y) {
            Ok(points) => points,
            Err(error) => {
                open.undefined(&part, error)?;
                continue;
            }
        };
        open.results.excluded.extend(points.excluded().iter().cloned());
        let scope = scope(&points, wanted, (&codebook, &table))?;
        let rows = necessity(points, scope).and_then(|found| {
            let mut rows = sizes(&found, &how, progress)?;
            let scope = match wanted.scope {
                ScopeKind::Empirical => "empirical",
                ScopeKind::Theoretical { .. } => "theoretical",
            };
            rows.iter_mut().for_each(|row| row.model = Some(scope.to_owned()));
            rows.extend(counterexamples(&table, wanted, level)?);
            Ok((rows, details(&found)))
        });
        match rows {
            Ok((rows, details)) => {
                open.add(&part, rows);
                let named = details.into_iter().map(|row| Estimate { group: part.clone(), ..row });
                open.results.measures.extend(named);
            }
            Err(ssi_infer::Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => open.undefined(&part, error)?,
        }
    }
    open.done()
}

/// d with the test against a correlation alone, then with that against no link.
pub(crate) fn sizes(
    found: &Necessity,
    how: &Permutation,
    progress: &dyn Progress,
) -> ssi_infer::Result<Vec<Estimate>> {
    let mut rows = copula(found, how, progress)?;
    rows.extend(permutation(found, how, progress)?.into_iter().filter(|row| row.value.is_some()));
    Ok(rows)
}

/// Who lies above, what takes how much, and what hangs on one respondent.
pub(crate) fn details(found: &Necessity) -> Vec<Estimate> {
    let mut rows = found.accuracy();
    rows.extend(found.bottleneck(&found.tenths()));
    rows.extend(found.without_each_peer());
    rows
}

fn scope(
    points: &Points,
    wanted: &NecessityRequest,
    (codebook, table): (&Codebook, &Table),
) -> Result<Scope> {
    let ScopeKind::Theoretical { x, y } = wanted.scope else { return Ok(points.empirical()) };
    let scale = |name: &str, cap, given: Option<[f64; 2]>, flag: &str| -> Result<[f64; 2]> {
        let known = || ends(codebook, table, name, cap);
        given.or_else(known).ok_or_else(|| {
            Error::usage(
                format!("no scale is known for column `{name}`; give its ends as {flag} 0,10"),
                format!(
                    "列 `{name}` の尺度が分かりません。{flag} 0,10 のように両端を指定してください"
                ),
            )
        })
    };
    Ok(points.theoretical(
        scale(&wanted.x, points.cap(), x, "--scope-x")?,
        scale(&wanted.y, None, y, "--scope-y")?,
    ))
}

/// How many of those with so much of the outcome have less than so much of the condition.
fn counterexamples(
    table: &Table,
    wanted: &NecessityRequest,
    level: Level,
) -> ssi_infer::Result<Option<Estimate>> {
    let Some((from, under)) = wanted.counterexamples else { return Ok(None) };
    let (condition, outcome) = (table.column(&wanted.x)?, table.column(&wanted.y)?);
    let values = outcome.numbers()?;
    let less = |i: usize| -> Option<bool> {
        match &condition.cells {
            // "500+" is not below 500, and may be below a thousand.
            Cells::Capped(cells) => cells[i].ok().and_then(|c| match c.at_least {
                true if c.value >= under => Some(false),
                true => None,
                false => Some(c.value < under),
            }),
            _ => condition.numbers().ok()?[i].ok().map(|value| value < under),
        }
    };
    let (mut events, mut trials) = (0, 0);
    for i in 0..table.n_rows() {
        let weight = table.counts().map_or(1, |counts| counts[i]);
        if let (Some(less), Ok(true)) = (less(i), values[i].map(|value| value >= from)) {
            trials += weight;
            events += if less { weight } else { 0 };
        }
    }
    let term = format!("{} >= {from}, {} < {under}", outcome.name, condition.name);
    let blank = Estimate {
        x: Some(condition.name.clone()),
        y: Some(outcome.name.clone()),
        ..Estimate::new(Analysis::Necessity, "counterexamples", term, trials as usize)
    };
    Ok(Some(match Rate::new(events, trials) {
        Ok(rate) => {
            let row = clopper_pearson(rate, level);
            Estimate { value: row.value, interval: row.interval, ..blank }
        }
        Err(_) => Estimate { note: Some(ssi_vocab::Note::TooFew), ..blank },
    }))
}
