//! Single analyses of any table under its own column names: what `ssi describe`, `ssi cor` and
//! `ssi fit` do.

use crate::plan::Plan;
use crate::{Error, Result, Source, write_file};
use ssi_cohort::{Codebook, Filter, Reading};
use ssi_infer::correlate::{self, Method};
use ssi_infer::regress::{Augment, Covariance, ols};
use ssi_infer::resample::{self, Bootstrap, Permutation};
use ssi_infer::{describe as description, formula};
use ssi_vocab::{
    Cells, Column, Estimate, Level, Paired, Progress, Results, Table, Warning, nearest,
};
use std::path::Path;

/// A table, and which part of it is asked about.
#[derive(Debug, Clone)]
pub struct TableRequest {
    /// The table's bytes.
    pub source: Source,
    /// Own column names: (canonical, the file's).
    pub map: Vec<(String, String)>,
    /// A codebook of one's own (a Frictionless data package or table schema, JSON).
    pub codebook: Option<String>,
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
    level: Level,
    results: Results,
    by: Option<String>,
    file: String,
}

impl Open {
    fn new(request: &TableRequest) -> Result<Self> {
        let level = request.level.map_or(Ok(Level::DEFAULT), Level::new)?;
        let codebook = match &request.codebook {
            Some(text) => Codebook::from_datapackage(text)?,
            None => Codebook::default(),
        };
        let source = &request.source;
        let Reading { table, changes, excluded, .. } =
            ssi_cohort::table(&source.bytes[..], &source.name)?;
        let table = with_other_names(table, &codebook, request)?;
        let table = match &request.filter {
            None => table,
            Some(text) => {
                let rows = Filter::parse(text)?.rows(&table)?;
                table.keep(&rows)
            }
        };
        let results = Results { changes, excluded, ..Results::default() };
        let by = request.by.clone();
        Ok(Self { table, level, results, by, file: source.name.clone() })
    }

    /// The whole table, or a table for each group, with the group's label.
    fn groups(&self) -> Result<Vec<(Option<String>, Table)>> {
        let Some(by) = &self.by else { return Ok(vec![(None, self.table.clone())]) };
        let column = self.table.column(by)?;
        let (levels, codes) = column.groups();
        let group = |(code, level): (usize, &String)| {
            let keep: Vec<bool> = codes.iter().map(|c| *c == Ok(code as u32)).collect();
            (Some(format!("{} = {level}", column.name)), self.table.keep(&keep))
        };
        Ok(levels.iter().enumerate().map(group).collect())
    }

    fn add(&mut self, group: &Option<String>, rows: impl IntoIterator<Item = Estimate>) {
        self.results.estimates.extend(rows.into_iter().map(|mut row| {
            row.group.clone_from(group);
            row
        }));
    }

    /// An analysis that is undefined: an error of the whole table, a warning of one group.
    fn undefined(&mut self, group: &Option<String>, error: ssi_infer::Error) -> Result<()> {
        match group {
            Some(group) if !error.is_usage() => {
                let why = crate::run::why(&error);
                self.results.warnings.push(Warning::LeftOut { analysis: group.clone(), why });
                Ok(())
            }
            _ => Err(Error::from(error).in_file(&self.file)),
        }
    }

    fn done(mut self) -> Results {
        self.results.excluded.sort();
        self.results.excluded.dedup();
        self.results
    }
}

/// The table in which a column may also be asked for by its canonical name: the one that `--map`
/// gives it, or the one that its header is known by.
fn with_other_names(table: Table, codebook: &Codebook, request: &TableRequest) -> Result<Table> {
    for (name, header) in &request.map {
        if !table.has(header) {
            let known: Vec<String> = table.columns().iter().map(|c| c.name.clone()).collect();
            return Err(Error::Cohort(ssi_cohort::Error::UnknownHeader {
                name: request.source.name.clone(),
                column: name.clone(),
                header: header.clone(),
                nearest: nearest(header, known.iter().map(String::as_str)),
                known,
            }));
        }
    }
    // A name that two headers could stand for is nobody's other name.
    let known = codebook.fields().iter().filter_map(|field| {
        let own = codebook.resolve(&table, &field.name).ok()?;
        Some((field.name.clone(), own.to_owned()))
    });
    let aliases: Vec<(String, String)> = known.chain(request.map.iter().cloned()).collect();
    Ok(table.with_aliases(aliases))
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
        columns.to_vec()
    };
    if names.is_empty() {
        let name = &request.source.name;
        return Err(Error::usage(
            format!("{name}: has no column of numbers to describe"),
            format!("{name}：数値の列がありません"),
        ));
    }
    for (group, table) in open.groups()? {
        for name in &names {
            let column = table.column(name)?;
            let mut rows = description::describe(column, table.counts(), open.level)?;
            rows.iter_mut().for_each(|row| row.n_excluded += table.left_out());
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

/// Fits a regression by ordinary least squares.
///
/// # Errors
/// Unreadable or refused data, a formula error, an unknown kind of standard error, a model that
/// these data don't define.
pub fn fit(request: &TableRequest, formula: &str, se: &str) -> Result<Fitted> {
    let covariance: Covariance = se.parse()?;
    let mut open = Open::new(request)?;
    let mut augment = Vec::new();
    for (group, table) in open.groups()? {
        let fitted = formula::model(&table, formula)
            .and_then(|(design, recipe)| Ok((ols(&design)?, design, recipe)));
        let (fit, design, recipe) = match fitted {
            Ok(fitted) => fitted,
            Err(error) => {
                open.undefined(&group, error)?;
                continue;
            }
        };
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
                reference: recipe.reference(),
            }),
        }
        augment.push(fit.augment(open.level));
    }
    Ok(Fitted { results: open.done(), augment })
}

impl Fitted {
    /// Writes the row-by-row table as CSV; never over a file that is there.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::Write`].
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
        write_file(path, &bytes)
    }
}
