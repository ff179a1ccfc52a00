//! Single analyses of any table under its own column names, a file for each command.

mod augmented;
mod correlate;
mod describe;
mod fit;
mod groups;
mod items;
mod models;
mod necessity;
mod predictions;
mod raters;
mod rates;

pub use correlate::{CorrelationRequest, correlate};
pub use describe::describe;
pub(crate) use describe::described;
pub use fit::{FitRequest, Fitted, fit};
pub use groups::groups;
pub use items::items;
pub(crate) use models::model_of;
pub use necessity::{NecessityRequest, ScopeKind, necessary};
pub(crate) use necessity::{details as necessity_details, sizes};
pub use raters::raters;
pub use rates::{rates, rates_of};

use crate::error::{Kept, Place};
use crate::{Error, Plan, Result, Source};
use ssi_cohort::{Codebook, Filter, Options, Reading};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::{Cells, Column, Estimate, Level, Results, Table, Warning, nearest};
use std::collections::BTreeMap;

/// A table, and which part of it is asked about.
#[derive(Debug, Clone)]
pub struct TableRequest {
    /// The table's bytes.
    pub source: Source,
    /// Own column names: (canonical, the file's).
    pub map: Vec<(String, String)>,
    /// A codebook of one's own (a Frictionless data package or table schema, JSON).
    pub codebook: Option<String>,
    /// How the table is read, where that is not to be found out.
    pub options: Options,
    /// Row filter, as `--where` takes it.
    pub filter: Option<String>,
    /// Column whose groups are analysed one by one.
    pub by: Option<String>,
    /// Confidence level; 0.95 where none is given.
    pub level: Option<f64>,
}

impl TableRequest {
    fn own_codebook(&self) -> Result<Codebook> {
        Ok(match &self.codebook {
            Some(text) => Codebook::of_file(text, &self.source.name)?,
            None => Codebook::default(),
        })
    }
}

/// A column with more different values than this is an identifier, not groups to analyse.
const MOST_GROUPS: usize = 1_000;

/// The column by which the rows of one person are found.
const RESPONDENT: &str = "respondent_id";

/// A table that was read, with the names it is known by.
struct Open {
    table: Table,
    codebook: Codebook,
    level: Level,
    results: Results,
    by: Option<String>,
    file: Place,
    /// What the condition left, where there is one.
    kept: Option<Kept>,
    /// Why the last group that was left out has no results.
    last: Option<ssi_infer::Error>,
}

impl Open {
    fn new(request: &TableRequest) -> Result<Self> {
        let (source, codebook) = (&request.source, request.own_codebook()?);
        let options = source.options(&request.options);
        let reading = ssi_cohort::exported(&source.bytes, &source.name, &codebook, &options)?;
        let level = request.level.map_or(Ok(Level::DEFAULT), Level::new)?;
        let Reading { table, changes, excluded, sheet, below_titles, totals, sheets, .. } = reading;
        let file = Place { name: source.name.clone(), sheets };
        let table = with_other_names(table, &codebook, request)?;
        let (table, kept) = match &request.filter {
            None => (table, None),
            Some(text) => {
                let rows = Filter::parse(text)?.rows(&table);
                let part = table.keep(&rows.map_err(|e| Error::from(e).at(&file))?);
                let (rows, of, condition) = (part.n_rows(), table.n_rows(), text.clone());
                if rows == 0 {
                    return Err(Error::NobodyKept { name: source.name.clone(), condition, of });
                }
                (part, Some(Kept { condition, rows, of }))
            }
        };
        let sheet = sheet.map(|(_, sheet)| Warning::Sheet { sheet });
        let titles = below_titles.map(|header| Warning::Titles { header });
        let totals = totals.map(|row| Warning::Totals { row });
        let points = changes.iter().filter(|change| {
            let has = |mark| change.found.contains(mark);
            change.rule == ssi_vocab::Rule::Thousands && has('.') && !has(',')
        });
        let points = points.map(|change| Warning::Points {
            column: change.column.clone(),
            found: change.found.clone(),
            read_as: change.read_as.clone(),
        });
        let warnings = sheet.into_iter().chain(titles).chain(totals).chain(points).collect();
        let results = Results { changes, excluded, warnings, ..Results::default() };
        let by = request.by.clone();
        Ok(Self { table, codebook, level, results, by, file, kept, last: None })
    }

    /// The whole table, or a table for each group, with the group's label.
    fn groups(&self) -> Result<Vec<(Option<String>, Table)>> {
        let Some(by) = &self.by else { return Ok(vec![(None, self.table.clone())]) };
        let column = self.table.column(by).map_err(|e| self.failed(ssi_infer::Error::from(e)))?;
        let (levels, codes) = column.groups();
        if levels.len() > MOST_GROUPS {
            let (column, found, limit) = (column.name.clone(), levels.len(), MOST_GROUPS);
            return Err(self.failed(ssi_infer::Error::FactorLevels { column, found, limit }));
        }
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

    /// An analysis that is undefined: an error of the whole table, a warning of one group, where
    /// other groups may have it.
    fn undefined(&mut self, group: &Option<String>, error: ssi_infer::Error) -> Result<()> {
        match group {
            Some(group) if !error.is_usage() || error.is_of_rows() => {
                let why = crate::run::why(&error);
                self.results.warnings.push(Warning::LeftOut { analysis: group.clone(), why });
                self.last = Some(error);
                Ok(())
            }
            _ => Err(self.failed(error)),
        }
    }

    /// An error of the table, with its file and what `--where` left of it.
    fn failed(&self, error: ssi_infer::Error) -> Error {
        Error::from(error).at(&self.file).after(self.kept.as_ref())
    }

    /// Warns of respondents who stand in several rows of the same group, each of which counts as one
    /// respondent; not where `clustered`, the column of clusters, is that of their codes.
    fn warn_of_repeats(&mut self, clustered: Option<&str>) -> Result<()> {
        let Ok(column) = self.table.column(RESPONDENT) else { return Ok(()) };
        let name = column.name.clone();
        let own = |given: &str| self.table.column(given).is_ok_and(|c| c.name == name);
        if clustered.is_some_and(own) {
            return Ok(());
        }
        let of = different(column).len();
        let mut repeated = std::collections::BTreeSet::new();
        for (_, table) in self.groups()? {
            let codes = different(table.column(&name)?);
            repeated.extend(codes.into_iter().filter(|(_, n)| *n > 1).map(|(code, _)| code));
        }
        if !repeated.is_empty() {
            let repeated = repeated.len();
            let column = name;
            self.results.warnings.push(Warning::RepeatedRespondents { column, repeated, of });
        }
        Ok(())
    }

    /// The results; where no group has any, why the last one has none.
    fn done(mut self) -> Result<Results> {
        if let (true, Some(error)) = (self.results.estimates.is_empty(), self.last.take()) {
            return Err(self.failed(error));
        }
        self.results.excluded.sort();
        self.results.excluded.dedup();
        Ok(self.results)
    }
}

/// How bootstraps are done: as the default plan says, where nothing else is asked for.
///
/// # Errors
/// [`Error::Usage`] for a number of resamples that is too small, or that nobody waits for.
pub fn resampling(resamples: Option<usize>, seed: Option<u64>) -> Result<Bootstrap> {
    if let Some(found) = resamples.filter(|n| !(100..=10_000_000).contains(n)) {
        return Err(Error::usage(
            format!("--resamples lies between 100 and 10000000; found {found}"),
            format!("--resamples は 100～10000000 で指定してください（指定された値：{found}）"),
        ));
    }
    let default = Plan::default();
    let resamples = resamples.unwrap_or(default.resamples);
    Ok(Bootstrap { resamples, seed: seed.unwrap_or(default.seed) })
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

/// How often each value of a column occurs.
fn different(column: &Column) -> BTreeMap<String, usize> {
    let (levels, codes) = column.groups();
    let mut counts = vec![0; levels.len()];
    codes.into_iter().flatten().for_each(|code| counts[code as usize] += 1);
    levels.into_iter().zip(counts).filter(|(_, n)| *n > 0).collect()
}

fn numeric(column: &Column) -> bool {
    matches!(column.cells, Cells::Number(_))
}
