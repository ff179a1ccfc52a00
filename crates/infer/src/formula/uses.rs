//! Which parts of a formula a column stands in.

use super::expression::Expression;
use super::parse::{Atom, parse};
use super::terms::expand;
use crate::Result;
use ssi_vocab::{Cells, Table};

/// Where a formula uses a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Uses {
    /// In the outcome.
    pub(crate) outcome: bool,
    /// In each term, as [`Design::assign`](ssi_vocab::Design::assign) counts them (the first is 1).
    pub(crate) terms: Vec<bool>,
}

/// Where a formula uses the column, by any name that the table knows it by.
pub(crate) fn uses(table: &Table, formula: &str, column: &str) -> Result<Uses> {
    let parsed = parse(formula)?;
    let own = |name: &str| table.column(name).map_or(name, |c| c.name.as_str()) == column;
    let is_group = |name: &str| {
        table.column(name).is_ok_and(|column| matches!(column.cells, Cells::Factor { .. }))
    };
    let terms = expand(formula, &parsed, &is_group)?;
    let uses = |atom: &Atom| match atom {
        Atom::Factor(name) => own(name),
        Atom::Expression(of) | Atom::Polynomial { of, .. } | Atom::Spline { of, .. } => {
            holds(of, &own)
        }
    };
    let in_term = |term: &Vec<usize>| term.iter().any(|v| uses(&terms.variables[*v]));
    Ok(Uses {
        outcome: holds(&parsed.outcome, &own),
        terms: terms.terms.iter().map(in_term).collect(),
    })
}

fn holds(expression: &Expression, own: &dyn Fn(&str) -> bool) -> bool {
    match expression {
        Expression::Column(name) => own(name),
        Expression::Number(_) => false,
        Expression::Call(_, inner) | Expression::Minus(inner) | Expression::Parentheses(inner) => {
            holds(inner, own)
        }
        Expression::Two(_, left, right) => holds(left, own) || holds(right, own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Column;

    #[test]
    fn a_column_is_found_within_functions_and_interactions() {
        let column = |name: &str| Column::number(name, vec![Ok(1.0)]);
        let table = Table::new(vec![column("a"), column("b"), column("y")], vec![2]).unwrap();
        let found = |formula: &str| uses(&table, formula, "b").unwrap();
        let here = found("y ~ a + log10(b) + a:b");
        assert_eq!(here, Uses { outcome: false, terms: vec![false, true, true] });
        assert!(found("log(b) ~ a").outcome);
        assert_eq!(found("y ~ poly(b, 2, raw = true)").terms, [true]);
    }
}
