//! A formula's variables: what each has to remember of the respondents, and the columns it gives.

use super::complete::Values;
use super::expression::Expression;
use super::lex::written;
use super::parse::Atom;
use super::polynomial::Basis;
use super::spline::Spline;
use crate::double_double::DoubleDouble;
use crate::{Error, Result};
use ssi_vocab::{Cells, Column, Seen, Table};
use std::collections::BTreeSet;

/// A group column with more levels than this is an identifier, not a group.
const MOST_LEVELS: usize = 1_000;

/// One variable of a formula, as the complete rows define it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Variable {
    Number(Expression),
    Factor { column: String, levels: Vec<String> },
    Power { of: Expression, label: String, degree: usize },
    Orthogonal { of: Expression, label: String, basis: Basis },
    Spline { of: Expression, label: String, basis: Spline },
}

/// The number, or the double where that can't be carried in two.
pub(super) fn sound(exact: DoubleDouble, value: impl FnOnce() -> f64) -> DoubleDouble {
    if exact.hi.is_finite() { exact } else { value().into() }
}

impl Variable {
    pub(super) fn sources(&self) -> BTreeSet<String> {
        match self {
            Self::Number(of)
            | Self::Power { of, .. }
            | Self::Orthogonal { of, .. }
            | Self::Spline { of, .. } => of.sources(),
            Self::Factor { column, .. } => BTreeSet::from([column.clone()]),
        }
    }

    pub(super) fn is_factor(&self) -> bool {
        matches!(self, Self::Factor { .. })
    }

    /// A name for each column, a group's first level included.
    pub(super) fn names(&self) -> Vec<String> {
        let numbered = |label: &str, degree: usize| match degree {
            1 => vec![label.to_owned()],
            _ => (1..=degree).map(|d| format!("{label}{d}")).collect(),
        };
        match self {
            Self::Number(of) => vec![of.label()],
            Self::Factor { column, levels } => {
                levels.iter().map(|level| format!("{}{level}", written(column))).collect()
            }
            Self::Power { label, degree, .. } => numbered(label, *degree),
            Self::Orthogonal { label, basis, .. } => numbered(label, basis.degree()),
            Self::Spline { of, label, basis } => basis.names(label, &of.label()),
        }
    }

    /// The columns' values in row `i`, which is complete.
    pub(super) fn columns(&self, values: &Values<'_>, i: usize) -> Vec<DoubleDouble> {
        let number = match values {
            Values::Number(bound) => bound.value(i).unwrap_or_default(),
            Values::Factor(..) => DoubleDouble::ZERO,
        };
        match (self, values) {
            (Self::Power { degree, .. }, _) => (1..=*degree as u32)
                .map(|d| sound(number.power(d), || libm::pow(number.hi, f64::from(d))))
                .collect(),
            (Self::Orthogonal { basis, .. }, _) => basis.at(number),
            (Self::Spline { basis, .. }, _) => basis.at(number),
            (Self::Factor { levels, .. }, Values::Factor(_, codes, _)) => (0..levels.len())
                .map(|level| f64::from(u8::from(codes[i] == Ok(level as u32))).into())
                .collect(),
            _ => vec![number],
        }
    }
}

pub(super) fn bind<'a>(atom: &'a Atom, table: &'a Table) -> Result<Values<'a>> {
    Ok(match atom {
        Atom::Expression(of) | Atom::Polynomial { of, .. } | Atom::Spline { of, .. } => {
            Values::Number(of.bind(table)?)
        }
        Atom::Factor(column) => {
            let column = table.column(column)?;
            let (levels, codes) = groups(column)?;
            Values::Factor(column, codes, levels)
        }
    })
}

/// A column as groups, unless it has so many different values that it can't be meant as one.
pub(super) fn groups(column: &Column) -> Result<(Vec<String>, Vec<Seen<u32>>)> {
    let found = match &column.cells {
        Cells::Factor { levels, .. } => levels.len(),
        Cells::Number(values) => different(values.iter().flatten().copied()),
        Cells::Capped(values) => different(values.iter().flatten().map(|c| c.value)),
    };
    if found > MOST_LEVELS {
        return Err(Error::FactorLevels { column: column.name.clone(), found, limit: MOST_LEVELS });
    }
    Ok(column.groups())
}

fn different(values: impl Iterator<Item = f64>) -> usize {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values.len()
}

/// What a variable has to remember of the complete rows.
pub(super) fn learn(
    atom: &Atom,
    values: &Values<'_>,
    at: &[usize],
    weight: &dyn Fn(usize) -> f64,
) -> Result<Variable> {
    match (atom, values) {
        (Atom::Expression(of), _) => Ok(Variable::Number(of.clone())),
        (Atom::Polynomial { of, degree, raw }, Values::Number(bound)) => {
            let numbers: Vec<DoubleDouble> =
                at.iter().map(|i| bound.value(*i).unwrap_or_default()).collect();
            let found = different(numbers.iter().map(|v| v.hi));
            let (of, label, degree) = (of.clone(), atom.label(), *degree);
            if found <= degree {
                return Err(Error::PolynomialDegree { term: label, degree, found });
            }
            Ok(if *raw {
                Variable::Power { of, label, degree }
            } else {
                let basis = Basis::new(&numbers, weight, degree);
                Variable::Orthogonal { of, label, basis }
            })
        }
        (Atom::Spline { of, wanted }, Values::Number(bound)) => {
            let numbers = at.iter().map(|i| (bound.value(*i).unwrap_or_default(), weight(*i)));
            let (of, label) = (of.clone(), atom.label());
            let basis = Spline::new(wanted, numbers.collect(), &label)?;
            Ok(Variable::Spline { of, label, basis })
        }
        (_, Values::Factor(column, codes, levels)) => {
            let mut seen = vec![false; levels.len()];
            for i in at {
                if let Ok(code) = codes[*i] {
                    seen[code as usize] = true;
                }
            }
            let levels: Vec<String> = levels
                .iter()
                .zip(&seen)
                .filter(|(_, seen)| **seen)
                .map(|(level, _)| level.clone())
                .collect();
            let column = column.name.clone();
            if levels.len() < 2 {
                return Err(Error::FactorLevels {
                    column,
                    found: levels.len(),
                    limit: MOST_LEVELS,
                });
            }
            Ok(Variable::Factor { column, levels })
        }
        // A group is always bound as one.
        (Atom::Factor(column), Values::Number(_)) => {
            Err(Error::FactorLevels { column: column.clone(), found: 0, limit: MOST_LEVELS })
        }
    }
}
