//! Some respondents of a population, as a report would read them.

use super::Population;
use ssi_infer::Result;
use ssi_infer::regress::{Ols, ols};
use ssi_infer::{describe, formula};
use ssi_vocab::{Capped, Column, Level, Paired, Seen, Table};

/// Contacts are shown up to this number.
const CAP: f64 = 500.0;

/// Some respondents of a population.
pub(super) struct Sample {
    pub(super) pair: Paired,
    pub(super) table: Table,
    /// True where there are the further columns of a cohort.
    pub(super) cohort: bool,
}

impl Sample {
    /// The respondents of those rows.
    pub(super) fn new(population: &Population, rows: &[u32]) -> Result<Self> {
        let pick = |values: &[f64]| rows.iter().map(|i| values[*i as usize]).collect::<Vec<f64>>();
        let (x, y) = (pick(&population.x), pick(&population.y));
        let column =
            |name, values: &[f64]| Column::number(name, values.iter().copied().map(Ok).collect());
        let mut columns = vec![column("score", &x), column("ssi", &y)];
        if let Some(cohort) = &population.cohort {
            columns.extend(cohort.numbers.iter().map(|(name, v)| column(name, &pick(v))));
            let contacts = pick(&cohort.contacts).into_iter().map(shown).collect();
            columns.push(Column::capped("contacts", contacts));
            let region: Vec<Seen<&str>> =
                rows.iter().map(|i| Ok(cohort.region[*i as usize])).collect();
            columns.push(Column::factor("region", &region));
        }
        Ok(Self {
            pair: Paired::complete("score", &x, "ssi", &y)?,
            table: Table::new(columns, (1..=rows.len()).collect())?,
            cohort: population.cohort.is_some(),
        })
    }

    pub(super) fn fit(&self, formula: &str) -> Result<Ols> {
        ols(&formula::design(&self.table, formula)?)
    }
}

fn shown(contacts: f64) -> Seen<Capped> {
    Ok(Capped { value: contacts.min(CAP), at_least: contacts >= CAP })
}

/// Where a population's line is looked at, and who is predicted.
pub(super) struct Places {
    /// A standard deviation below the mean score, and one above.
    pub(super) scores: [f64; 2],
    /// All rows, those of the lowest tenth of scores, and those of the highest (or a little more of
    /// them, where scores are tied).
    pub(super) fresh: [Vec<u32>; 3],
}

impl Places {
    /// Of a population.
    ///
    /// # Errors
    /// Those of the description.
    pub(super) fn new(population: &Population) -> Result<Self> {
        let rows = describe::describe_values("score", &population.x, Level::DEFAULT)?;
        let of = |method: &str| {
            rows.iter().find(|row| row.method == method).and_then(|row| row.value).unwrap_or(0.0)
        };
        let mut ascending = population.x.clone();
        ascending.sort_unstable_by(f64::total_cmp);
        let (n, tenth) = (ascending.len(), ascending.len() / 10);
        let (low, high) = (ascending[tenth], ascending[n - 1 - tenth]);
        let which = |keep: &dyn Fn(f64) -> bool| -> Vec<u32> {
            (0..n as u32).filter(|i| keep(population.x[*i as usize])).collect()
        };
        Ok(Self {
            scores: [of("mean") - of("sd"), of("mean") + of("sd")],
            fresh: [which(&|_| true), which(&|x| x <= low), which(&|x| x >= high)],
        })
    }
}
