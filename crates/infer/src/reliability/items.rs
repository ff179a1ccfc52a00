use crate::correlate::moments::power_of_two_scale;
use crate::{Error, Result};
use ssi_vocab::{Missing, Seen, Table};
use thiserror::Error;

/// Why columns are no instrument.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ItemError {
    /// Fewer than two items that vary.
    #[error(
        "an instrument needs two items or more that vary, and found {found}; name more columns with --items"
    )]
    TooFewItems {
        /// How many vary.
        found: usize,
    },
}

/// Respondents by items, some answers missing. Frequency weights are written out.
#[derive(Debug, Clone, PartialEq)]
pub struct Items {
    names: Vec<String>,
    /// A row a respondent.
    rows: Vec<Vec<Seen<f64>>>,
    /// The rows without a gap.
    complete: Vec<usize>,
}

impl Items {
    /// The items of a table.
    ///
    /// # Errors
    /// An unknown column, one of words or of capped counts, one named twice; more than ten million
    /// counted respondents.
    pub fn new(table: &Table, names: &[&str]) -> Result<Self> {
        let mut columns = Vec::with_capacity(names.len());
        let mut own: Vec<String> = Vec::with_capacity(names.len());
        for name in names {
            let column = table.column(name)?;
            if own.contains(&column.name) {
                return Err(Error::SameColumn { column: column.name.clone() });
            }
            own.push(column.name.clone());
            columns.push(column.numbers()?);
        }
        let counts = table.counts();
        if let Some(counts) = counts {
            let all = counts.iter().try_fold(0_u64, |sum, c| sum.checked_add(*c));
            crate::resample::written_out(all.map_or(usize::MAX, |n| n as usize))?;
        }
        let mut rows = Vec::new();
        for i in 0..table.n_rows() {
            let finite = |v: Seen<f64>| {
                v.and_then(|v| if v.is_finite() { Ok(v) } else { Err(Missing::Incomplete) })
            };
            let row: Vec<Seen<f64>> = columns.iter().map(|c| finite(c[i])).collect();
            let copies = counts.map_or(1, |w| w[i]);
            rows.extend(std::iter::repeat_n(row, copies as usize));
        }
        Ok(Self::of(own, rows))
    }

    fn of(names: Vec<String>, rows: Vec<Vec<Seen<f64>>>) -> Self {
        let whole = |row: &Vec<Seen<f64>>| row.iter().all(|v| v.is_ok());
        let complete = rows.iter().enumerate().filter(|(_, r)| whole(r)).map(|(i, _)| i).collect();
        Self { names, rows, complete }
    }

    /// The items' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many respondents there are.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// How many have answered every item.
    pub fn n_complete(&self) -> usize {
        self.complete.len()
    }

    /// The respondents' answers to every item, gaps and all.
    pub(super) fn rows(&self) -> &[Vec<Seen<f64>>] {
        &self.rows
    }

    /// Those items that take two values or more among the complete respondents, and the names of
    /// the others.
    pub fn varying(&self) -> (Self, Vec<String>) {
        let varies = |j: usize| {
            let mut values = self.complete.iter().map(|i| &self.rows[*i][j]);
            let first = values.next();
            values.any(|v| Some(v) != first)
        };
        let keep: Vec<usize> = (0..self.names.len()).filter(|j| varies(*j)).collect();
        let names = keep.iter().map(|j| self.names[*j].clone()).collect();
        let rows = self.rows.iter().map(|r| keep.iter().map(|j| r[*j]).collect()).collect();
        let constant = (0..self.names.len()).filter(|j| !keep.contains(j));
        let constant = constant.map(|j| self.names[j].clone()).collect();
        (Self::of(names, rows), constant)
    }

    /// The complete respondents' answers, a column an item, times a power of two that brings the
    /// largest near 1.
    pub(super) fn scaled(&self) -> Vec<Vec<f64>> {
        let value = |i: usize, j: usize| self.rows[i][j].unwrap_or(0.0);
        let columns: Vec<Vec<f64>> = (0..self.names.len())
            .map(|j| self.complete.iter().map(|i| value(*i, j)).collect())
            .collect();
        let scale = power_of_two_scale(&columns.concat());
        columns.into_iter().map(|c| c.into_iter().map(|v| v * scale).collect()).collect()
    }

    /// The complete respondents' answers to one item.
    pub(super) fn answers(&self, item: usize) -> Vec<f64> {
        self.complete.iter().map(|i| self.rows[*i][item].unwrap_or(0.0)).collect()
    }

    pub(super) fn complete(&self) -> &[usize] {
        &self.complete
    }

    /// Fails without two items that vary, or without `needed` complete respondents.
    pub(super) fn checked(&self, analysis: &'static str, needed: usize) -> Result<()> {
        if self.complete.len() < needed {
            return Err(Error::TooFew { analysis, needed, found: self.complete.len() });
        }
        match self.names.len() {
            found @ 0..2 => Err(ItemError::TooFewItems { found }.into()),
            _ => Ok(()),
        }
    }
}

/// Covariances of columns (n − 1), over the rows drawn.
pub(super) fn covariances(columns: &[Vec<f64>], drawn: Option<&[u32]>) -> Vec<Vec<f64>> {
    let gathered: Vec<Vec<f64>> = columns
        .iter()
        .map(|c| {
            let mut own: Vec<f64> = match drawn {
                Some(rows) => rows.iter().map(|i| c[*i as usize]).collect(),
                None => c.clone(),
            };
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            own.iter_mut().for_each(|v| *v -= mean);
            own
        })
        .collect();
    let n = gathered.first().map_or(0, Vec::len) as f64;
    let size = columns.len();
    let mut s = vec![vec![0.0; size]; size];
    for a in 0..size {
        for b in 0..=a {
            let sum: f64 = gathered[a].iter().zip(&gathered[b]).map(|(x, y)| x * y).sum();
            (s[a][b], s[b][a]) = (sum / (n - 1.0), sum / (n - 1.0));
        }
    }
    s
}

/// Correlations from covariances; `None` where a variance is 0.
pub(super) fn correlations(s: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let sd: Vec<f64> = (0..s.len()).map(|j| s[j][j].sqrt()).collect();
    if sd.iter().any(|v| *v <= 0.0 || !v.is_finite()) {
        return None;
    }
    let cell = |a: usize, b: usize| if a == b { 1.0 } else { s[a][b] / sd[a] / sd[b] };
    Some((0..s.len()).map(|a| (0..s.len()).map(|b| cell(a, b)).collect()).collect())
}
