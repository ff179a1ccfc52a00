//! Columns that a fit uses beside its formula: weights and clusters.

use super::coded;
use super::recipe::Recipe;
use crate::regress::Clusters;
use crate::{Error, Result};
use ssi_vocab::{Cells, Column, Design, Exclusion, Table, Weights};
use std::fmt;
use std::str::FromStr;

/// What a column of weights means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WeightKind {
    /// A row stands for that many equal respondents.
    Frequency,
    /// A row has the variance σ²/w.
    Analytic,
    /// A row was drawn with a probability proportional to 1/w.
    Probability,
}

impl WeightKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Frequency, Self::Analytic, Self::Probability];

    /// The name after `--weight-kind`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Frequency => "frequency",
            Self::Analytic => "analytic",
            Self::Probability => "probability",
        }
    }
}

impl fmt::Display for WeightKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for WeightKind {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code().eq_ignore_ascii_case(text))
            .ok_or_else(|| Error::UnknownWeights { name: text.to_owned() })
    }
}

/// What a group's coefficients are differences from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contrasts {
    /// The first level (R's `contr.treatment`).
    #[default]
    Treatment,
    /// The mean of the levels (R's `contr.sum`, without the last level): the coding in which a
    /// term's coefficients are 0 where its marginal means are equal.
    Sum,
}

/// Columns beside the formula, and how groups are coded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extras {
    /// Column of weights, and what they mean.
    pub weights: Option<(String, WeightKind)>,
    /// Column whose values tell the clusters apart.
    pub cluster: Option<String>,
    /// How groups are coded.
    pub contrasts: Contrasts,
}

impl Extras {
    /// The same for the table that [`model_with`] returns, in which frequency weights stand as
    /// counts already.
    pub fn of_kept(&self) -> Self {
        let weights = self.weights.clone().filter(|(_, kind)| *kind != WeightKind::Frequency);
        Self { weights, ..self.clone() }
    }
}

/// A regression problem with everything that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Modelled {
    /// The problem, weights included.
    pub design: Design,
    /// How further rows are coded.
    pub recipe: Recipe,
    /// The cluster of each of the design's rows.
    pub clusters: Option<Clusters>,
    /// The table's rows that have their weight and cluster, before the formula's own gaps.
    pub table: Table,
}

/// [`model`](super::model) with weights and clusters.
///
/// # Missing data
/// A row without weight or cluster is left out and listed, as one without a value that the formula
/// needs. A weight of 0 is none of these: as a frequency it stands for nobody; else the row has a
/// fitted value and no influence.
///
/// # Errors
/// Those of [`design`](super::design); [`Error::Weight`] with the row of a weight that is negative,
/// infinite, or as a frequency not whole; [`Error::TooFewClusters`].
pub fn model_with(table: &Table, formula: &str, extras: &Extras) -> Result<Modelled> {
    // The formula's own slips come before those of the data.
    super::parse::parse(formula)?;
    if let (Some(_), Some((_, kind))) = (table.counts(), &extras.weights) {
        let analysis = "a table of counts";
        return Err(Error::Unweighted { analysis, kind: kind.code() });
    }
    let named =
        extras.weights.as_ref().map(|(name, kind)| Ok::<_, Error>((table.column(name)?, *kind)));
    let weights = named.transpose()?;
    let cluster = extras.cluster.as_ref().map(|name| table.column(name)).transpose()?;
    let values = weights.map(|(column, kind)| checked(table, column, kind)).transpose()?;
    let columns: Vec<&Column> = weights.iter().map(|(column, _)| *column).chain(cluster).collect();
    let mut excluded: Vec<Exclusion> = Vec::new();
    let mut keep = Vec::with_capacity(table.n_rows());
    for i in 0..table.n_rows() {
        let before = excluded.len();
        excluded.extend(columns.iter().filter_map(|column| table.exclusion(column, i)));
        keep.push(excluded.len() == before);
    }
    let kept = if excluded.is_empty() { table.clone() } else { table.keep(&keep) };
    let values: Option<Vec<f64>> =
        values.map(|v| v.into_iter().zip(&keep).filter(|(_, k)| **k).map(|(w, _)| w).collect());
    let frequency = matches!(weights, Some((_, WeightKind::Frequency)));
    let kept = match &values {
        Some(values) if frequency => {
            kept.with_counts(values.iter().map(|w| *w as u64).collect())?
        }
        _ => kept,
    };
    let (mut design, recipe) = coded(&kept, formula, extras.contrasts)?;
    // Rows are told apart by their numbers, which a table may repeat only together with the row.
    let at = places(&kept, &design);
    let pick = |values: &[f64]| at.iter().map(|i| values[*i]).collect::<Vec<f64>>();
    match (weights, &values) {
        (Some((_, WeightKind::Analytic)), Some(v)) => {
            design.weights = Some(Weights::Analytic(pick(v)));
        }
        (Some((_, WeightKind::Probability)), Some(v)) => {
            design.weights = Some(Weights::Probability(pick(v)));
        }
        _ => {}
    }
    design.excluded.extend(excluded);
    let clusters = match extras.cluster.as_ref().map(|name| kept.column(name)).transpose()? {
        Some(column) => {
            let used = |row: &usize| design.weights.as_ref().is_none_or(|w| w.at(*row) > 0.0);
            Some(Clusters::new(column, &at, &used)?)
        }
        None => None,
    };
    Ok(Modelled { design, recipe, clusters, table: kept })
}

/// The table's places of the design's rows, which are in the table's order.
fn places(table: &Table, design: &Design) -> Vec<usize> {
    let mut next = 0;
    let rows = table.rows();
    design
        .rows
        .iter()
        .map(|row| {
            while next + 1 < rows.len() && rows[next] != *row {
                next += 1;
            }
            next += 1;
            next - 1
        })
        .collect()
}

/// A column's weights; a missing one is 0 here and its row left out by the caller.
fn checked(table: &Table, column: &Column, kind: WeightKind) -> Result<Vec<f64>> {
    let wrong = |i: usize, value: f64| Error::Weight {
        column: column.name.clone(),
        row: table.rows()[i],
        value,
        kind: kind.code(),
    };
    let numbers = match &column.cells {
        Cells::Number(values) => values,
        _ => column.numbers()?,
    };
    let mut out = Vec::with_capacity(numbers.len());
    for (i, value) in numbers.iter().enumerate() {
        let value = value.unwrap_or(0.0);
        let whole = kind != WeightKind::Frequency || (value.fract() == 0.0 && value < 9e15);
        if !(value.is_finite() && value >= 0.0 && whole) {
            return Err(wrong(i, value));
        }
        out.push(value);
    }
    Ok(out)
}
