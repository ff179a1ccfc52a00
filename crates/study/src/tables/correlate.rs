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
                            let first =
                                extras.tested(&pair, *method, first, 1, open.level, progress)?;
                            open.add(&group, [first]);
                        }
                        // `all` are those that these columns can have.
                        Err(error) if does_not_apply(&error) && among_all(*method, wanted) => {
                            let row = correlate::correlate_or_note(&pair, *method, open.level);
                            open.add(&group, [row]);
                            continue;
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
                    let mut rows = correlate::matrix(&table, &names, *method, open.level)?;
                    if *method == Method::Distance {
                        let pairs = rows.len();
                        for row in &mut rows {
                            let Some((x, y)) = row.x.clone().zip(row.y.clone()) else { continue };
                            let pair = correlate::pair(&table, &x, &y, *method)?;
                            let (method, level, old) = (*method, open.level, row.clone());
                            *row = extras.tested(&pair, method, old, pairs, level, progress)?;
                        }
                        rows = correlate::adjusted(rows);
                    }
                    open.add(&group, rows);
                }
            }
        }
    }
    Ok(open.done())
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

/// Up to this many respondents times pairs a distance correlation is tested by permutations unless
/// another test is asked for: they take some seconds then.
const PERMUTED_UP_TO: usize = 5_000;

/// Resampled intervals and tests beside the default ones.
struct Extras {
    chi_squared: bool,
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
        Method::PointBiserial => [&["tate_z"], &["t"]],
        Method::Biweight | Method::PercentageBend | Method::Winsorized => [&["delta_z"], &["t"]],
        Method::Distance => [&["delta_z"], &["chi_squared"]],
        Method::Polychoric | Method::Polyserial => [&["delta_z"], &["likelihood_ratio"]],
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
            chi_squared: has(&wanted.tests, "chi_squared"),
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

    /// True where the default test of these pairs is by permutations.
    fn permuted_by_default(&self, pair: &Paired, method: Method, pairs: usize) -> bool {
        let few = pair.n_obs().saturating_mul(pairs) <= PERMUTED_UP_TO;
        method == Method::Distance && few && !self.chi_squared
    }

    /// The row with its default test, which for a distance correlation is by permutations.
    fn tested(
        &self,
        pair: &Paired,
        method: Method,
        row: Estimate,
        pairs: usize,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<Estimate> {
        if row.value.is_none() || !self.permuted_by_default(pair, method, pairs) {
            return Ok(row);
        }
        let permuted = resample::permutation(pair, method, &self.permutations, level, progress)?;
        Ok(Estimate { test: permuted.estimate.test, ..row })
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
        if self.permutation && !self.permuted_by_default(pair, method, 1) {
            let permuted =
                resample::permutation(pair, method, &self.permutations, level, progress)?;
            rows.push(permuted.estimate);
        }
        Ok(rows)
    }
}
