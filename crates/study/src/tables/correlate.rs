//! What `ssi cor` does.

use super::{Open, TableRequest, numeric};
use crate::plan::Plan;
use crate::{Error, Result};
use ssi_infer::correlate::{self, Method};
use ssi_infer::resample::{self, Bootstrap, Permutation};
use ssi_vocab::{Cells, Column, Estimate, Level, Paired, Progress, Results};

/// Which correlations, with which intervals and tests.
#[derive(Debug, Clone)]
pub struct CorrelationRequest {
    /// Two columns; without them every pair of numeric columns.
    pub pair: Option<(String, String)>,
    /// Methods by name, or `all`.
    pub methods: Vec<String>,
    /// Intervals beside the default one: `bca`, `percentile`.
    pub intervals: Vec<String>,
    /// Tests beside the default one: `permutation`.
    pub tests: Vec<String>,
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
    let methods = methods(&wanted.methods)?;
    let extras = Extras::new(wanted)?;
    let mut open = Open::new(request)?;
    extras.check(&methods, wanted)?;
    for (group, table) in open.groups()? {
        for method in &methods {
            match &wanted.pair {
                Some((x, y)) => {
                    let pair = correlate::pair(&table, x, y, *method)?;
                    open.results.excluded.extend(pair.excluded().iter().cloned());
                    match correlate::correlate(&pair, *method, open.level) {
                        Ok(first) => {
                            exact_as_asked(&first, wanted)?;
                            open.add(&group, [first]);
                        }
                        Err(error) => {
                            open.undefined(&group, error)?;
                            continue;
                        }
                    }
                    let more = extras.rows(&pair, *method, open.level, progress)?;
                    open.add(&group, more);
                }
                None => {
                    let names: Vec<&str> = table
                        .columns()
                        .iter()
                        .filter(|c| numeric(c) || method.uses_ranks() && capped(c))
                        .map(|c| c.name.as_str())
                        .collect();
                    if names.len() < 2 {
                        let (name, found) = (&request.source.name, names.len());
                        return Err(Error::usage(
                            format!(
                                "{name}: has {found} column(s) of numbers, and a correlation needs two"
                            ),
                            format!(
                                "{name}：数値の列が{found}列しかありません（相関には2列必要です）"
                            ),
                        ));
                    }
                    let rows = correlate::matrix(&table, &names, *method, open.level)?;
                    open.add(&group, rows);
                }
            }
        }
    }
    Ok(open.done())
}

/// An exact test comes by itself where there are few respondents and no ties. Where it was asked
/// for and these data have none, another test is not passed off as it.
fn exact_as_asked(row: &Estimate, wanted: &CorrelationRequest) -> Result<()> {
    let asked = wanted.tests.iter().any(|test| test == "exact");
    let other = row.test.as_ref().filter(|test| test.method != "exact");
    match other {
        Some(test) if asked && row.method != "pearson" => {
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

fn capped(column: &Column) -> bool {
    matches!(column.cells, Cells::Capped(_))
}

fn methods(names: &[String]) -> Result<Vec<Method>> {
    let mut methods = Vec::new();
    for name in names {
        if name == "all" {
            methods.extend(Method::ALL);
        } else {
            methods.push(name.parse::<Method>()?);
        }
    }
    let mut seen = Vec::new();
    methods.retain(|m| !seen.contains(m) && (seen.push(*m), true).1);
    Ok(methods)
}

/// Resampled intervals and tests beside the default ones.
struct Extras {
    bca: bool,
    percentile: bool,
    permutation: bool,
    bootstrap: Bootstrap,
    permutations: Permutation,
}

/// The interval and the tests that a method brings by itself; which test it is depends on the data.
fn default_names(method: Method) -> [&'static [&'static str]; 2] {
    match method {
        Method::Pearson => [&["fisher_z"], &["t"]],
        Method::Spearman => [&["bonett_wright"], &["t", "exact"]],
        _ => [&["delta_z"], &["normal", "exact"]],
    }
}

const INTERVALS: [&str; 2] = ["bca", "percentile"];
const TESTS: [&str; 1] = ["permutation"];

impl Extras {
    fn new(wanted: &CorrelationRequest) -> Result<Self> {
        let plan = Plan {
            resamples: wanted.resamples.unwrap_or(Plan::default().resamples),
            permutations: wanted.resamples.unwrap_or(Plan::default().permutations),
            seed: wanted.seed.unwrap_or(Plan::default().seed),
            ..Plan::default()
        }
        .checked()?;
        let has = |given: &[String], name: &str| given.iter().any(|g| g == name);
        Ok(Self {
            bca: has(&wanted.intervals, "bca"),
            percentile: has(&wanted.intervals, "percentile"),
            permutation: has(&wanted.tests, "permutation"),
            bootstrap: Bootstrap { resamples: plan.resamples, seed: plan.seed },
            permutations: Permutation { permutations: plan.permutations, seed: plan.seed },
        })
    }

    /// Fails for an interval or test that none of the methods has, and for resampling of a whole
    /// matrix, rather than leaving out silently what was asked for.
    fn check(&self, methods: &[Method], wanted: &CorrelationRequest) -> Result<()> {
        let defaults = |at: usize| methods.iter().flat_map(move |m| default_names(*m)[at]).copied();
        for (given, at, extra) in
            [(&wanted.intervals, 0, &INTERVALS[..]), (&wanted.tests, 1, &TESTS[..])]
        {
            let known: Vec<&str> = defaults(at).chain(extra.iter().copied()).collect();
            if let Some(name) = given.iter().find(|name| !known.contains(&name.as_str())) {
                let (option, list) = (["--interval", "--test"][at], known.join(", "));
                return Err(Error::usage(
                    format!("{option} {name}: not available for these methods; use {list}"),
                    format!("{option} {name}：この方法では使えません。使えるもの：{list}"),
                ));
            }
        }
        if wanted.pair.is_none() && (self.bca || self.percentile || self.permutation) {
            return Err(Error::usage(
                "resampled intervals and tests are for one pair; name it with -x and -y",
                "リサンプリングによる区間と検定は、-x と -y で列を指定したときに使えます",
            ));
        }
        Ok(())
    }

    fn rows(
        &self,
        pair: &Paired,
        method: Method,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<Vec<Estimate>> {
        let mut rows = Vec::new();
        if self.bca || self.percentile {
            let drawn = resample::bootstrap_bca(pair, method, &self.bootstrap, level, progress)?;
            if self.bca {
                rows.push(drawn.estimate.clone());
            }
            if self.percentile {
                rows.push(Estimate { interval: drawn.percentile, ..drawn.estimate });
            }
        }
        if self.permutation {
            let permuted =
                resample::permutation(pair, method, &self.permutations, level, progress)?;
            rows.push(permuted.estimate);
        }
        Ok(rows)
    }
}
