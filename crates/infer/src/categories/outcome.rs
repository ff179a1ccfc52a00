use crate::formula::{Extras, Modelled, model_with, outcome_column};
use crate::model::ModelError;
use crate::{Error, Result};
use ssi_vocab::{Cells, Column, Table};

/// A regression problem whose outcome is a level's number, from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// The problem; its outcome holds 0, 1, 2, … for the levels.
    pub modelled: Modelled,
    /// The levels that occur, lowest first.
    pub levels: Vec<String>,
}

/// The regression problem of a formula whose outcome is categories.
///
/// Words are put into code-point order, numbers in ascending order; a capped value ("500+") is the
/// highest of all. Levels that no complete row has are no levels.
///
/// # Missing data
/// As in [`model_with`](crate::formula::model_with).
///
/// # Errors
/// Those of [`model_with`](crate::formula::model_with).
///
/// # Example
/// ```
/// use ssi_infer::{categories::coded, formula::Extras};
/// use ssi_vocab::{Column, Table};
/// let table = Table::new(
///     vec![
///         Column::factor("answer", &[Ok("no"), Ok("yes"), Ok("no")]),
///         Column::number("score", vec![Ok(1.0), Ok(2.0), Ok(3.0)]),
///     ],
///     vec![2, 3, 4],
/// )?;
/// let coded = coded(&table, "answer ~ score", &Extras::default())?;
/// assert_eq!(coded.levels, ["no", "yes"]);
/// assert_eq!(coded.modelled.design.y.to_vec(), [0.0, 1.0, 0.0]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn coded(table: &Table, formula: &str, extras: &Extras) -> Result<Coded> {
    let mut names = None;
    let mut own = table.clone();
    if let Some((name, true)) = outcome_column(formula)? {
        let column = table.column(&name)?;
        if !matches!(column.cells, Cells::Number(_)) {
            let (levels, codes) = column.groups();
            let numbers = codes.into_iter().map(|code| code.map(f64::from)).collect();
            let mut numbered = Column::number(&column.name, numbers);
            numbered.unread.clone_from(&column.unread);
            own = own.with_column(numbered)?;
            names = Some(levels);
        }
    }
    let mut modelled = model_with(&own, formula, extras)?;
    let design = &mut modelled.design;
    let mut values: Vec<f64> = design.y.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    for y in &mut design.y {
        *y = values.partition_point(|v| v < y) as f64;
    }
    design.y_rest = None;
    let name = |value: &f64| match &names {
        Some(names) => names[*value as usize].clone(),
        None => value.to_string(),
    };
    Ok(Coded { levels: values.iter().map(name).collect(), modelled })
}

impl Coded {
    /// True where the outcome is words.
    pub(super) fn words(&self) -> bool {
        self.levels.iter().any(|level| level.parse::<f64>().is_err())
    }

    /// An error unless the outcome is one of two values.
    pub(super) fn binary(&self, model: &'static str) -> Result<()> {
        let column = self.modelled.design.outcome.clone();
        let found = match self.levels.as_slice() {
            [_] => return Err(Error::Constant { column }),
            [a, b] if self.words() || (a == "0" && b == "1") => return Ok(()),
            [a, b] => format!("the values {a} and {b}"),
            more => format!("{} different ones", more.len()),
        };
        Err(ModelError::NotBinary { column, found, model }.into())
    }
}
