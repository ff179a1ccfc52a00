//! What `ssi cor` does.

mod compared;
mod controlled;
mod doubt;
mod request;

use super::{Open, TableRequest, numeric};
use crate::plan::Plan;
use crate::{Error, Result};
use ssi_infer::correlate::{self, Method};
use ssi_infer::resample::{self, Bootstrap, Clustered, Permutation};
use ssi_vocab::{Cells, Column, Estimate, Level, Paired, Progress, Results, Table};

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
    /// Intervals beside the default one: `bca`, `percentile`, `studentised`.
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
    // Only the classical methods have a partial form.
    let all = if wanted.is_controlled() { &Method::CLASSICAL[..] } else { &Method::ALL[..] };
    let methods = methods(&wanted.methods, all)?;
    let extras = Extras::new(wanted)?;
    let mut open = Open::new(request)?;
    extras.check(&methods, wanted)?;
    wanted.check(&methods, request.by.is_some())?;
    if wanted.compare {
        compared::groups(&mut open, wanted)?;
        return open.done();
    }
    for (group, table) in open.groups()? {
        if !wanted.with.is_empty() {
            compared::pairs(&mut open, &group, &table, wanted)?;
            continue;
        }
        for method in &methods {
            if wanted.is_controlled() {
                controlled::rows(&mut open, &group, &table, *method, wanted)?;
                continue;
            }
            match &wanted.pair {
                Some((x, y)) => {
                    let pair = correlate::pair(&table, x, y, *method)?;
                    open.results.excluded.extend(pair.excluded().iter().cloned());
                    if *method == Method::Pearson && wanted.has_fisher_alone() {
                        open.results.warnings.extend(doubt::fisher(&pair, &group, open.level));
                    }
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
                    let clustered = extras.clustered(&table, (x, y), *method, open.level, progress);
                    match clustered {
                        Ok(rows) => open.add(&group, rows),
                        Err(error) => open.undefined(&group, error)?,
                    }
                }
                None => {
                    let names = matrix_columns(&open, &table, *method)?;
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
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
    open.done()
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
        let (name, found) = (&open.file, names.len());
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

/// Up to this many respondents times pairs a distance correlation is tested by permutations unless
/// another test is asked for: they take some seconds then.
const PERMUTED_UP_TO: usize = 5_000;

/// Resampled intervals and tests beside the default ones.
struct Extras {
    chi_squared: bool,
    bca: bool,
    percentile: bool,
    studentised: bool,
    jackknife: bool,
    permutation: bool,
    tost: Option<f64>,
    bayes: Option<f64>,
    reliability: Option<[f64; 2]>,
    cluster: Option<String>,
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

/// What a method has beside that.
fn other_names(method: Method) -> [&'static [&'static str]; 2] {
    match method {
        Method::Pearson => [
            &["bca", "percentile", "studentised", "jackknife_z"],
            &["permutation", "tost", "bayes"],
        ],
        method if Method::CLASSICAL.contains(&method) => {
            [&["bca", "percentile", "studentised", "jackknife_z"], &["permutation", "tost"]]
        }
        _ => [&["bca", "percentile"], &["permutation"]],
    }
}

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
            studentised: has(&wanted.intervals, "studentised"),
            jackknife: has(&wanted.intervals, "jackknife_z"),
            permutation: has(&wanted.tests, "permutation"),
            tost: wanted.bound.filter(|_| has(&wanted.tests, "tost")),
            bayes: has(&wanted.tests, "bayes").then_some(wanted.prior.unwrap_or(1.0)),
            reliability: match wanted.reliability[..] {
                [x, y] => Some([x, y]),
                _ => None,
            },
            cluster: wanted.cluster.clone(),
            bootstrap: Bootstrap { resamples: plan.resamples, seed: plan.seed },
            permutations: Permutation { permutations: plan.permutations, seed: plan.seed },
        })
    }

    /// Fails for an interval or test that none of the methods has, and for resampling of a whole
    /// matrix, rather than leaving out silently what was asked for.
    fn check(&self, methods: &[Method], wanted: &CorrelationRequest) -> Result<()> {
        for (given, at) in [(&wanted.intervals, 0), (&wanted.tests, 1)] {
            let of = |names: fn(Method) -> [&'static [&'static str]; 2]| {
                methods.iter().flat_map(move |m| names(*m)[at]).copied()
            };
            let mut known: Vec<&str> = Vec::new();
            for name in of(default_names).chain(of(other_names)) {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
            if let Some(name) = given.iter().find(|name| !known.contains(&name.as_str())) {
                let (option, list) = (["--interval", "--test"][at], known.join(", "));
                return Err(Error::usage(
                    format!("{option} {name}: not available for these methods; use {list}"),
                    format!("{option} {name}：この方法では使えません。使えるもの：{list}"),
                ));
            }
        }
        // What a method that was named lacks is told; `all` gives each what it has.
        let named = methods.iter().filter(|m| wanted.methods.iter().any(|name| name == m.code()));
        for method in named {
            for (given, at) in [(&wanted.intervals, 0), (&wanted.tests, 1)] {
                let own = other_names(*method)[at];
                let special = ["studentised", "jackknife_z", "tost", "bayes"];
                let lacks = |name: &&String| {
                    special.contains(&name.as_str()) && !own.contains(&name.as_str())
                };
                if let Some(name) = given.iter().find(lacks) {
                    let option = ["--interval", "--test"][at];
                    return Err(Error::usage(
                        format!(
                            "{option} {name}: not available for {method}; leave one of them out"
                        ),
                        format!(
                            "{option} {name}：{method} では使えません。どちらかを外してください"
                        ),
                    ));
                }
            }
        }
        let further = self.tost.is_some() || self.bayes.is_some();
        if wanted.pair.is_none() && (self.resamples() || further) {
            return Err(Error::usage(
                "resampled intervals and tests, tost and bayes are for one pair; name it with -x and -y",
                "リサンプリングによる区間と検定、tost、bayes は、-x と -y で列を指定したときに使えます",
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
        if self.cluster.is_none() {
            self.resampled(&mut rows, pair, method, level, progress)?;
        }
        if self.jackknife && Method::CLASSICAL.contains(&method) {
            rows.push(resample::jackknife_z(pair, method, level)?);
        }
        if let Some(bound) = self.tost.filter(|_| Method::CLASSICAL.contains(&method)) {
            rows.push(correlate::tost(pair, method, bound, level)?);
        }
        if method == Method::Pearson {
            if let Some(prior) = self.bayes {
                let [factor, posterior] = correlate::bayes::bayes_factor(pair, prior, level)?;
                rows.extend([posterior, factor]);
            }
            if let Some(reliability) = self.reliability {
                rows.push(correlate::disattenuate(pair, reliability, level)?);
            }
        }
        Ok(rows)
    }

    fn resamples(&self) -> bool {
        self.bca || self.percentile || self.studentised || self.jackknife || self.permutation
    }

    /// Intervals and tests that resample whole clusters, where clusters were named.
    fn clustered(
        &self,
        table: &Table,
        (x, y): (&str, &str),
        method: Method,
        level: Level,
        progress: &dyn Progress,
    ) -> ssi_infer::Result<Vec<Estimate>> {
        let mut rows = Vec::new();
        let Some(cluster) = self.cluster.as_ref().filter(|_| Method::CLASSICAL.contains(&method))
        else {
            return Ok(rows);
        };
        let clustered = Clustered::new(table, x, y, cluster, method)?;
        if self.bca || self.percentile || self.studentised {
            let how = &self.bootstrap;
            let drawn = resample::cluster_bootstrap(&clustered, method, how, level, progress)?;
            rows.extend(self.bca.then_some(drawn.bca));
            rows.extend(self.percentile.then_some(drawn.percentile));
            rows.extend(self.studentised.then_some(drawn.studentised));
        }
        if self.permutation {
            let how = &self.permutations;
            rows.push(resample::cluster_permutation(&clustered, method, how, level, progress)?);
        }
        Ok(rows)
    }

    /// Intervals and tests that resample respondents.
    fn resampled(
        &self,
        rows: &mut Vec<Estimate>,
        pair: &Paired,
        method: Method,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<()> {
        if self.bca || self.percentile {
            let drawn = resample::bootstrap_bca(pair, method, &self.bootstrap, level, progress)?;
            if self.bca {
                rows.push(drawn.estimate.clone());
            }
            if self.percentile {
                let note = drawn.estimate.note.filter(|_| drawn.percentile.is_none());
                rows.push(Estimate { interval: drawn.percentile, note, ..drawn.estimate });
            }
        }
        if self.studentised && Method::CLASSICAL.contains(&method) {
            let found = resample::studentised(pair, method, &self.bootstrap, level, progress)?;
            rows.push(found.estimate);
        }
        if self.permutation && !self.permuted_by_default(pair, method, 1) {
            let permuted =
                resample::permutation(pair, method, &self.permutations, level, progress)?;
            rows.push(permuted.estimate);
        }
        Ok(())
    }
}
