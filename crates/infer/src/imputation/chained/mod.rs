//! Gaps filled many times by chained equations with predictive mean matching.

mod chain;
mod coded;
mod normal;
mod settled;

use super::indicator::expanded;
use crate::{Error, Result};
use chain::Chain;
use coded::Coded;
use rayon::prelude::*;
use ssi_vocab::{Cells, Column, Missing, Note, Progress, Seen, Table};

/// In which order the columns are imputed within an iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visit {
    /// As they are named.
    #[default]
    AsNamed,
    /// That with the fewest gaps first.
    FewestFirst,
}

/// How gaps are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chained {
    /// How many completed data sets; 2 or more.
    pub imputations: usize,
    /// How often each column is imputed anew in each of them.
    pub iterations: usize,
    /// From how many of the nearest respondents a value is taken.
    pub donors: usize,
    /// Order of the columns.
    pub visit: Visit,
    /// Seed of the draws.
    pub seed: u64,
}

impl Chained {
    /// Twenty imputations of ten iterations and five donors, columns as they are named.
    pub fn new(seed: u64) -> Self {
        Self { imputations: 20, iterations: 10, donors: 5, visit: Visit::AsNamed, seed }
    }

    fn check(&self) -> Result<()> {
        let at_least = |name, value: usize, least: usize, allowed| {
            let value = value as f64;
            if value < least as f64 { Err(Error::Setting { name, value, allowed }) } else { Ok(()) }
        };
        at_least("imputations", self.imputations, 2, "a whole number of at least 2")?;
        at_least("iterations", self.iterations, 1, "a whole number of at least 1")?;
        at_least("donors", self.donors, 1, "a whole number of at least 1")
    }
}

/// A column that takes no part, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omitted {
    /// The column.
    pub column: String,
    /// Why.
    pub note: Note,
}

/// A table whose gaps have been filled, several times.
#[derive(Debug, Clone)]
pub struct Filled {
    table: Table,
    /// Each imputed column: its place in the table, and its gaps.
    gaps: Vec<(usize, Vec<usize>)>,
    chains: Vec<Chain>,
    omitted: Vec<Omitted>,
}

/// Fills the gaps of a table's columns several times, each from the others.
///
/// # Formula
/// Gaps begin with values drawn from those seen. Then, column by column and over again, a column y
/// is regressed on all others, X, where it was seen: b = (X'X + κ diag X'X)⁻¹X'y with κ = 1e-5,
/// σ*² = RSS/χ²(n − p), b* = b + σ*·(a normal vector of that inverse's covariance). Each gap gets
/// the value of one of the `donors` respondents whose X·b is nearest to the gap's X·b* (type 1
/// matching), each equally likely. The last iteration's values are the imputation. As R's
/// `mice(method = "pmm")`, but that the ridge always stands there; mice adds it where X'X can't be
/// inverted.
///
/// Predictors are standardised, words are 0/1 columns, and a capped count is log2(count/cap) below
/// its cap and an indicator of the cap; its gap gets a donor's whole cell, which may be `500+`.
/// Every imputed value is one that somebody has: items stay 0, 0.5 or 1.
///
/// # Assumptions
/// Whether a value is missing depends on nothing but what was seen (missing at random), and the
/// columns hold what it depends on. Leave out what is a sum of others: [`total_of`] adds it up
/// afterwards. Columns that are missing together and nearly determine each other (SSI and its
/// pillars) would hold on to their first values for ever: leave one side out.
///
/// Where much is missing of few, the nearest donors are not near, and slopes are pulled towards 0: by
/// 7 % where a third of 60 outcomes is missing at random, 2 % of 200, and 6 % of 200 where mostly
/// high ones are missing. mice's slopes are pulled as far (`tests/coverage/imputation.csv`,
/// `tests/oracles/imputation_coverage.R`).
///
/// # Missing data
/// Infinite numbers count as gaps. Words are predictors; a column of words with gaps, or of too many
/// different ones, is left out, as is one in which nothing was seen ([`Filled::omitted`]). A gap in
/// a constant column gets the constant. Frequency weights are expanded to respondents. Each
/// imputation has a random stream of its own, so that threads change nothing.
///
/// # Errors
/// [`Error::Setting`]; [`Error::Input`] for an unknown column; [`Error::TooFew`] where a column with
/// gaps was seen less often than its equation has coefficients, and two; [`Error::Interrupted`].
///
/// # References
/// van Buuren (2018). *Flexible Imputation of Missing Data*, 2nd ed., algorithms 3.1, 3.3 and 4.3,
/// doi:10.1201/9780429492259; van Buuren and Groothuis-Oudshoorn (2011), doi:10.18637/jss.v045.i03.
///
/// # Example
/// ```
/// use ssi_infer::imputation::{Chained, chained};
/// use ssi_vocab::{Column, Missing, Quiet, Table};
///
/// let x: Vec<_> = (0..30).map(|i| Ok(f64::from(i))).collect();
/// let mut y = x.clone();
/// y[4] = Err(Missing::Blank);
/// let table = Table::new(vec![Column::number("x", x), Column::number("y", y)], (2..32).collect())?;
/// let filled = chained(&table, &["x", "y"], &Chained::new(7), &Quiet)?;
/// let imputed = filled.table(0)?.column("y")?.numbers()?[4];
/// assert!(imputed.is_ok_and(|y| (2.0..=7.0).contains(&y)));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn chained(
    table: &Table,
    columns: &[&str],
    settings: &Chained,
    progress: &dyn Progress,
) -> Result<Filled> {
    settings.check()?;
    let left_out = table.left_out();
    let table = match table.counts() {
        Some(_) => expanded(table, table)?.with_left_out(left_out),
        None => table.clone(),
    };
    let coded = Coded::new(&table, columns)?;
    coded.check()?;
    let chains = (0..settings.imputations)
        .into_par_iter()
        .map(|i| {
            progress.check()?;
            Ok(Chain::run(&coded, settings, i))
        })
        .collect::<Result<Vec<_>>>()?;
    let gaps = coded.variables.into_iter().filter(|v| !v.gaps.is_empty());
    let gaps = gaps.map(|v| (v.place, v.gaps)).collect();
    Ok(Filled { table, gaps, chains, omitted: coded.omitted })
}

impl Filled {
    /// How many completed tables there are.
    pub fn imputations(&self) -> usize {
        self.chains.len()
    }

    /// How many gaps were filled in each of them.
    pub fn gaps(&self) -> usize {
        self.gaps.iter().map(|(_, gaps)| gaps.len()).sum()
    }

    /// The columns that took no part.
    pub fn omitted(&self) -> &[Omitted] {
        &self.omitted
    }

    /// A completed table, from 0.
    ///
    /// # Errors
    /// [`Error::Setting`] for a number beyond those there are.
    pub fn table(&self, imputation: usize) -> Result<Table> {
        let Some(chain) = self.chains.get(imputation) else {
            let (value, allowed) = (imputation as f64, "one of the imputations, from 0");
            return Err(Error::Setting { name: "imputation", value, allowed });
        };
        let mut table = self.table.clone();
        for ((place, gaps), donors) in self.gaps.iter().zip(&chain.donors) {
            let old = &self.table.columns()[*place];
            let pairs = || gaps.iter().zip(donors);
            let mut column = old.clone();
            match &mut column.cells {
                Cells::Number(cells) => pairs().for_each(|(to, from)| cells[*to] = cells[*from]),
                Cells::Capped(cells) => pairs().for_each(|(to, from)| cells[*to] = cells[*from]),
                Cells::Factor { .. } => {}
            }
            if let Some(rest) = &mut column.rest {
                pairs().for_each(|(to, from)| rest[*to] = rest[*from]);
            }
            column.unread.clear();
            table = table.with_column(column)?;
        }
        Ok(table)
    }

    /// All completed tables.
    ///
    /// # Errors
    /// None that a filled table gives.
    pub fn tables(&self) -> Result<Vec<Table>> {
        (0..self.chains.len()).map(|i| self.table(i)).collect()
    }

    /// The mean of each imputed column's values after each iteration, a row an imputation, in
    /// standard deviations from the mean of those seen: (column, means).
    pub fn means(&self) -> Vec<(&str, Vec<&[f64]>)> {
        self.traces(|chain| &chain.means)
    }

    /// Their standard deviation after each iteration, in the same units.
    pub fn spreads(&self) -> Vec<(&str, Vec<&[f64]>)> {
        self.traces(|chain| &chain.spreads)
    }

    fn traces(&self, of: fn(&Chain) -> &[Vec<f64>]) -> Vec<(&str, Vec<&[f64]>)> {
        let name = |place: usize| self.table.columns()[place].name.as_str();
        let one = |(v, (place, _)): (usize, &(usize, Vec<usize>))| {
            (name(*place), self.chains.iter().map(|c| of(c)[v].as_slice()).collect())
        };
        self.gaps.iter().enumerate().map(one).collect()
    }

    /// The largest R̂ of the columns' chain means, over the second half of the iterations: near 1
    /// where the chains have mixed. None where fewer than four iterations, or constant values, say
    /// nothing.
    pub fn r_hat(&self) -> Option<f64> {
        let each = self.means().into_iter().filter_map(|(_, chains)| settled::r_hat(&chains));
        each.fold(None, |most, r| Some(most.map_or(r, |m: f64| m.max(r))))
    }
}

/// The table in which a total that is missing is the sum of its parts, where all of them are there;
/// a total that was seen stays.
///
/// # Errors
/// [`Error::Input`] for an unknown column or one of words.
pub fn total_of(table: &Table, total: &str, parts: &[&str]) -> Result<Table> {
    let old = table.column(total)?;
    let seen = old.numbers()?;
    let parts: Vec<&[Seen<f64>]> =
        parts.iter().map(|p| Ok(table.column(p)?.numbers()?)).collect::<Result<_>>()?;
    let sum = |i: usize| -> Seen<f64> {
        parts.iter().map(|p| p[i]).sum::<Seen<f64>>().map_err(|_| Missing::Incomplete)
    };
    let cells = seen.iter().enumerate().map(|(i, v)| v.or_else(|_| sum(i))).collect();
    let column = Column { rest: old.rest.clone(), ..Column::number(&*old.name, cells) };
    Ok(table.clone().with_column(column)?)
}
