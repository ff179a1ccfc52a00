use super::pair::usable;
use super::{Method, moments::is_constant};
use crate::{Error, Result};
use ssi_vocab::{Exclusion, Table};

/// Some columns of a table, where all of them have a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Complete {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    counts: Option<Vec<u64>>,
    excluded: Vec<Exclusion>,
    n_obs: usize,
    n_excluded: usize,
}

impl Complete {
    /// The columns in the order asked for, as the method can use them: for a rank method a capped
    /// value ("500+") ranks above every other one.
    ///
    /// # Missing data
    /// Respondents without a value in every column are left out and listed.
    ///
    /// # Errors
    /// An unknown column, a column of words, or a capped one with a method that needs its values.
    pub fn new(table: &Table, names: &[&str], method: Method) -> Result<Self> {
        let own = |name: &&str| Ok(table.column(name)?.name.clone());
        let names: Vec<String> = names.iter().map(own).collect::<Result<_>>()?;
        let asked: Vec<&str> = names.iter().map(String::as_str).collect();
        let narrow = usable(table, &asked, method)?;
        let cells: Vec<_> =
            asked.iter().map(|name| Ok(narrow.column(name)?.numbers()?)).collect::<Result<_>>()?;
        let (mut kept, mut excluded, mut n_excluded) = (Vec::new(), Vec::new(), table.left_out());
        for i in 0..narrow.n_rows() {
            if cells.iter().all(|column| column[i].is_ok_and(f64::is_finite)) {
                kept.push(i);
            } else {
                excluded.extend(narrow.columns().iter().filter_map(|c| narrow.exclusion(c, i)));
                n_excluded += 1;
            }
        }
        let value = |column: &[ssi_vocab::Seen<f64>]| -> Vec<f64> {
            kept.iter().filter_map(|i| column[*i].ok()).collect()
        };
        let columns = cells.iter().map(|column| value(column)).collect();
        let counts: Option<Vec<u64>> =
            narrow.counts().map(|w| kept.iter().map(|i| w[*i]).collect());
        let n_obs = counts.as_ref().map_or(kept.len(), |w| w.iter().sum::<u64>() as usize);
        Ok(Self { names, columns, counts, excluded, n_obs, n_excluded })
    }

    /// The same respondents without the last column, and that column.
    pub(crate) fn without_last(mut self) -> (Self, Vec<f64>) {
        self.names.pop();
        let last = self.columns.pop().unwrap_or_default();
        (self, last)
    }

    /// The columns' own names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The columns.
    pub(crate) fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// Frequency weights, if the table has them.
    pub(crate) fn counts(&self) -> Option<&[u64]> {
        self.counts.as_deref()
    }

    /// How many respondents: the rows, or the sum of the counts.
    pub fn n_obs(&self) -> usize {
        self.n_obs
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        &self.excluded
    }

    /// How many respondents were left out.
    pub fn n_excluded(&self) -> usize {
        self.n_excluded
    }

    /// Fails for too few respondents, and for a column that does not vary.
    pub(crate) fn check(&self, analysis: &'static str, needed: usize) -> Result<()> {
        if self.n_obs < needed {
            return Err(Error::TooFew { analysis, needed, found: self.n_obs });
        }
        for (name, values) in self.names.iter().zip(&self.columns) {
            if is_constant(values, self.counts()) {
                return Err(Error::Constant { column: name.clone() });
            }
        }
        Ok(())
    }
}
