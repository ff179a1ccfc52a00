//! Single analyses of any table under its own column names: what `ssi describe`, `ssi cor` and
//! `ssi fit` do.

use crate::plan::Plan;
use crate::{Error, Result, Source, write_file};
use ssi_cohort::{Codebook, Filter, Reading};
use ssi_infer::correlate::{self, Method};
use ssi_infer::regress::{Augment, Covariance, ols};
use ssi_infer::resample::{self, Bootstrap, Permutation};
use ssi_infer::{describe as description, formula};
use ssi_vocab::{Cells, Column, Estimate, Level, Paired, Progress, Results, Table, nearest};
use std::path::Path;

/// A table, and which part of it is asked about.
#[derive(Debug, Clone)]
pub struct TableRequest {
    /// The table's bytes.
    pub source: Source,
    /// Own column names: (canonical, the file's).
    pub map: Vec<(String, String)>,
    /// Row filter, as `--where` takes it.
    pub filter: Option<String>,
    /// Column whose groups are analysed one by one.
    pub by: Option<String>,
    /// Confidence level; 0.95 where none is given.
    pub level: Option<f64>,
}

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

/// A fitted model with a row for each respondent.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Coefficients and fit statistics.
    pub results: Results,
    /// Fitted values, residuals and influence: one part a group.
    pub augment: Vec<Augment>,
}

/// A table that was read, with the names it is known by.
struct Open {
    table: Table,
    codebook: Codebook,
    level: Level,
    results: Results,
    by: Option<String>,
}

impl Open {
    fn new(request: &TableRequest) -> Result<Self> {
        let level = request.level.map_or(Ok(Level::DEFAULT), Level::new)?;
        let codebook = Codebook::default().with_map(&request.map)?;
        let source = &request.source;
        let Reading { table, changes, excluded, .. } =
            ssi_cohort::table(&source.bytes[..], &source.name)?;
        let table = match &request.filter {
            None => table,
            Some(text) => {
                let rows = Filter::parse(text)?.rows(&table)?;
                table.keep(&rows)
            }
        };
        let results = Results { changes, excluded, ..Results::default() };
        let mut open = Self { table, codebook, level, results, by: None };
        open.by = request.by.as_ref().map(|by| open.own_name(by)).transpose()?;
        Ok(open)
    }

    /// The file's own name for a column that may be asked for by its canonical name.
    fn own_name(&self, name: &str) -> Result<String> {
        Ok(self.codebook.resolve(&self.table, name)?.to_owned())
    }

    /// The whole table, or a table for each group, with the group's label.
    fn groups(&self) -> Result<Vec<(Option<String>, Table)>> {
        let Some(by) = &self.by else { return Ok(vec![(None, self.table.clone())]) };
        let (levels, codes) = self.table.column(by)?.groups();
        let group = |(code, level): (usize, &String)| {
            let keep: Vec<bool> = codes.iter().map(|c| *c == Ok(code as u32)).collect();
            (Some(format!("{by} = {level}")), self.table.keep(&keep))
        };
        Ok(levels.iter().enumerate().map(group).collect())
    }

    fn add(&mut self, group: &Option<String>, rows: impl IntoIterator<Item = Estimate>) {
        self.results.estimates.extend(rows.into_iter().map(|mut row| {
            row.group.clone_from(group);
            row
        }));
    }

    fn done(mut self) -> Results {
        self.results.excluded.sort();
        self.results.excluded.dedup();
        self.results
    }
}

fn numeric(column: &Column) -> bool {
    matches!(column.cells, Cells::Number(_))
}

/// Describes columns: all numeric ones where none is named.
///
/// # Errors
/// Unreadable or refused data, an unknown column, a column of words.
pub fn describe(request: &TableRequest, columns: &[String]) -> Result<Results> {
    let mut open = Open::new(request)?;
    let names: Vec<String> = if columns.is_empty() {
        open.table.columns().iter().filter(|c| numeric(c)).map(|c| c.name.clone()).collect()
    } else {
        columns.iter().map(|name| open.own_name(name)).collect::<Result<_>>()?
    };
    if names.is_empty() {
        return Err(Error::Usage(format!(
            "{}: has no column of numbers to describe",
            request.source.name
        )));
    }
    for (group, table) in open.groups()? {
        for name in &names {
            let column = table.column(name)?;
            let rows = description::describe(column, table.counts(), open.level)?;
            open.add(&group, rows);
            let gaps = (0..table.n_rows()).filter_map(|i| table.exclusion(column, i));
            open.results.excluded.extend(gaps);
        }
    }
    Ok(open.done())
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
    let pair = match &wanted.pair {
        None => None,
        Some((x, y)) => Some((open.own_name(x)?, open.own_name(y)?)),
    };
    for (group, table) in open.groups()? {
        for method in &methods {
            match &pair {
                Some((x, y)) => {
                    let pair = correlate::pair(&table, x, y, *method)?;
                    open.results.excluded.extend(pair.excluded().iter().cloned());
                    let first = correlate::correlate(&pair, *method, open.level)
                        .map_err(|e| Error::from(e).in_file(&request.source.name))?;
                    open.add(&group, [first]);
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
                        return Err(Error::Usage(format!(
                            "{}: has {} column(s) of numbers, and a correlation needs two",
                            request.source.name,
                            names.len()
                        )));
                    }
                    let rows = correlate::matrix(&table, &names, *method, open.level)?;
                    open.add(&group, rows);
                }
            }
        }
    }
    Ok(open.done())
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

/// The intervals and tests that each method brings by itself.
const DEFAULTS: [&str; 5] = ["fisher_z", "bonett_wright", "delta_z", "t", "exact"];

impl Extras {
    fn new(wanted: &CorrelationRequest) -> Result<Self> {
        let plan = Plan {
            resamples: wanted.resamples.unwrap_or(Plan::default().resamples),
            permutations: wanted.resamples.unwrap_or(Plan::default().permutations),
            seed: wanted.seed.unwrap_or(Plan::default().seed),
            ..Plan::default()
        }
        .checked()?;
        let known = |given: &[String], what: &str, extra: &[&str]| {
            let unknown = given
                .iter()
                .find(|n| !extra.contains(&n.as_str()) && !DEFAULTS.contains(&n.as_str()));
            match unknown {
                None => Ok(()),
                Some(name) => {
                    let all = extra.iter().copied().chain(DEFAULTS);
                    let hint = nearest(name, all)
                        .map(|n| format!(" (did you mean `{n}`?)"))
                        .unwrap_or_default();
                    let list = extra.join(", ");
                    Err(Error::Usage(format!("no {what} named `{name}`{hint}; use {list}")))
                }
            }
        };
        known(&wanted.intervals, "interval", &["bca", "percentile"])?;
        known(&wanted.tests, "test", &["permutation"])?;
        let has = |given: &[String], name: &str| given.iter().any(|g| g == name);
        Ok(Self {
            bca: has(&wanted.intervals, "bca"),
            percentile: has(&wanted.intervals, "percentile"),
            permutation: has(&wanted.tests, "permutation"),
            bootstrap: Bootstrap { resamples: plan.resamples, seed: plan.seed },
            permutations: Permutation { permutations: plan.permutations, seed: plan.seed },
        })
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

/// Fits a regression by ordinary least squares.
///
/// # Errors
/// Unreadable or refused data, a formula error, an unknown kind of standard error, a model that
/// these data don't define.
pub fn fit(request: &TableRequest, formula: &str, se: &str) -> Result<Fitted> {
    let covariance: Covariance = se.parse()?;
    let mut open = Open::new(request)?;
    open.table = with_names_of(&open, formula)?;
    let mut augment = Vec::new();
    for (group, table) in open.groups()? {
        let design = formula::design(&table, formula)?;
        let fit = ols(&design).map_err(|e| Error::from(e).in_file(&request.source.name))?;
        open.results.excluded.extend(design.excluded);
        let rows = fit.estimates(covariance, open.level);
        open.add(&group, rows);
        match group {
            None => open.results.glance = Some(fit.glance()),
            Some(id) => open.results.models.push(ssi_vocab::Model {
                id,
                formula: fit.formula.clone(),
                method: "ols".to_owned(),
                glance: fit.glance(),
            }),
        }
        augment.push(fit.augment(open.level));
    }
    Ok(Fitted { results: open.done(), augment })
}

/// The table in which a header goes by its canonical name where the formula uses that.
fn with_names_of(open: &Open, formula: &str) -> Result<Table> {
    let mut table = open.table.clone();
    loop {
        match formula::design(&table, formula) {
            Err(ssi_infer::Error::Input(ssi_vocab::Error::UnknownColumn { name, .. })) => {
                // An unknown name that no header stands for is the user's error.
                let own = open.codebook.resolve(&table, &name)?.to_owned();
                table = renamed(&table, &own, &name)?;
            }
            _ => return Ok(table),
        }
    }
}

fn renamed(table: &Table, from: &str, to: &str) -> Result<Table> {
    let rename = |column: &Column| {
        let name = if column.name == from { to.to_owned() } else { column.name.clone() };
        Column { name, ..column.clone() }
    };
    let columns = table.columns().iter().map(rename).collect();
    Ok(Table::new(columns, table.rows().to_vec())?)
}

impl Fitted {
    /// Writes the row-by-row table as CSV; an older file of that name is replaced whole.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write_augment(&self, path: &Path) -> Result<()> {
        let fail = |e: csv::Error| Error::Write {
            path: path.to_owned(),
            source: std::io::Error::other(e),
        };
        let mut rows: Vec<_> = self.augment.iter().flat_map(|part| &part.rows).collect();
        rows.sort_by_key(|row| row.row);
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in rows {
            writer.serialize(row).map_err(fail)?;
        }
        let bytes = writer.into_inner().map_err(|e| fail(e.into_error().into()))?;
        write_file(path, &bytes, true)
    }
}
