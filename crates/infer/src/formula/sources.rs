//! The columns that a formula is made from.

use super::parse::parse;
use super::recipe::Recipe;
use super::variable::Variable;
use crate::Result;
use std::collections::BTreeSet;

/// A column that predictors are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Its name, as the formula has it.
    pub(crate) column: String,
    /// Its levels, where it is used as groups, the reference first.
    pub(crate) levels: Option<Vec<String>>,
}

impl Recipe {
    /// The columns that the predictors are made from, in order of first appearance; a column that
    /// is used as groups and as numbers stands as groups.
    pub(crate) fn sources(&self) -> Vec<Source> {
        let mut out: Vec<Source> = Vec::new();
        for (columns, levels) in self.variables.iter().map(origin) {
            for column in columns {
                match out.iter_mut().find(|s| s.column == column) {
                    Some(known) => known.levels = known.levels.take().or_else(|| levels.clone()),
                    None => out.push(Source { column, levels: levels.clone() }),
                }
            }
        }
        out
    }
}

/// The column that the outcome is, or is an increasing function of (`log(x)`); none for other
/// arithmetic. The second is true for the bare column.
pub(crate) fn outcome_column(formula: &str) -> Result<Option<(String, bool)>> {
    let outcome = parse(formula)?.outcome;
    let bare = matches!(outcome, super::expression::Expression::Column(_));
    Ok(outcome.increasing_in().map(|name| (name.to_owned(), bare)))
}

/// The columns that a variable is made from, and a group's levels.
fn origin(variable: &Variable) -> (BTreeSet<String>, Option<Vec<String>>) {
    match variable {
        Variable::Number(of)
        | Variable::Power { of, .. }
        | Variable::Orthogonal { of, .. }
        | Variable::Spline { of, .. } => (of.columns(), None),
        Variable::Factor { column, levels } => {
            (BTreeSet::from([column.clone()]), Some(levels.clone()))
        }
    }
}
