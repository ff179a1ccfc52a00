use super::Slip;
use super::expression::Expression;
use super::lex::error;
use super::parse::{Atom, Tree, parse};
use crate::Result;

/// The two columns of a comparison of groups, `outcome ~ group`; `C(group)` says the same.
///
/// # Errors
/// [`Error::Formula`](crate::Error::Formula), with a caret under what is more than a column.
///
/// # Example
/// ```
/// let (outcome, group) = ssi_infer::formula::outcome_and_group("ssi_total ~ region")?;
/// assert_eq!((outcome.as_str(), group.as_str()), ("ssi_total", "region"));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn outcome_and_group(formula: &str) -> Result<(String, String)> {
    let parsed = parse(formula)?;
    let Expression::Column(outcome) = parsed.outcome else {
        return Err(error(formula, 0, Slip::OutcomeNoColumn));
    };
    match parsed.predictors {
        Tree::Atom(Atom::Expression(Expression::Column(group)) | Atom::Factor(group), _) => {
            Ok((outcome, group))
        }
        other => {
            let last = formula.trim_end().chars().count().saturating_sub(1);
            Err(error(formula, second(&other).unwrap_or(last), Slip::GroupNoColumn))
        }
    }
}

/// Where the first thing stands that is more than one column.
fn second(tree: &Tree) -> Option<usize> {
    match tree {
        Tree::Atom(_, at) => Some(*at),
        Tree::Two(_, _, right) => second(right),
        Tree::Power(inner, _) | Tree::Parentheses(inner) => second(inner),
        Tree::Intercept(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_on_each_side() {
        let columns = |formula: &str| outcome_and_group(formula).unwrap();
        assert_eq!(columns("`my y` ~ C(g)"), ("my y".to_owned(), "g".to_owned()));
    }

    #[test]
    fn more_than_a_column_is_pointed_at() {
        for (formula, at) in
            [("y ~ g + h", 9), ("y ~ g*h", 7), ("y ~ log(g)", 5), ("log(y) ~ g", 1), ("y ~ 1", 5)]
        {
            let error = outcome_and_group(formula).unwrap_err();
            let crate::Error::Formula { column, .. } = error else { panic!("{error}") };
            assert_eq!(column, at, "{formula}");
        }
    }
}
