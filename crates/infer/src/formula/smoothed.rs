use super::complete::Complete;
use super::expression::Expression;
use super::parse::{Atom, Tree, parse};
use super::recipe::Recipe;
use super::spline::{self, Spline};
use super::terms::expand;
use crate::Result;
use crate::model::ModelError;
use ssi_vocab::{Cells, Table};

/// From so many respondents a curve has four coefficients instead of three.
const MANY: f64 = 100.0;

/// The formula with a natural spline in place of each straight numeric predictor.
///
/// A spline has 4 degrees of freedom from 100 respondents on and 3 below (Harrell's five and four
/// knots), and fewer, down to 2, where the quantiles that its knots stand at coincide. A predictor
/// of so few values that not even 2 can be had, such as one of 0 and 1, stays as it is; so do
/// groups, polynomials and splines.
///
/// # Errors
/// Those of [`design`](super::design); [`ModelError::NothingToSmooth`] where every predictor stays
/// as it is.
pub fn smoothed(table: &Table, formula: &str) -> Result<String> {
    let parsed = parse(formula)?;
    let is_group = |name: &str| {
        table.column(name).is_ok_and(|column| matches!(column.cells, Cells::Factor { .. }))
    };
    let terms = expand(formula, &parsed, &is_group)?;
    let outcome = parsed.outcome.label();
    let (_, Complete { at, .. }) = Recipe::new(parsed.outcome, &terms, table)?;
    let mut changed = false;
    let mut smooth = |expression: &Expression| -> Result<Option<Atom>> {
        if matches!(expression, Expression::Column(name) if is_group(name)) {
            return Ok(None);
        }
        let bound = expression.bind(table)?;
        let weight = |i: usize| table.counts().map_or(1.0, |counts| counts[i] as f64);
        let values: Vec<_> =
            at.iter().map(|i| (bound.value(*i).unwrap_or_default(), weight(*i))).collect();
        let n: f64 = values.iter().map(|(_, times)| times).sum();
        let most = if n >= MANY { 4 } else { 3 };
        let curve = (2..=most).rev().find_map(|df| {
            let atom = spline::of(expression, df);
            let Atom::Spline { wanted, .. } = &atom else { return None };
            Spline::new(wanted, values.clone(), "").is_ok().then_some(atom)
        });
        changed |= curve.is_some();
        Ok(curve)
    };
    let predictors = replaced(&parsed.predictors, &mut smooth)?;
    if changed {
        Ok(format!("{outcome} ~ {}", predictors.label()))
    } else {
        Err(ModelError::NothingToSmooth.into())
    }
}

fn replaced(
    tree: &Tree,
    smooth: &mut dyn FnMut(&Expression) -> Result<Option<Atom>>,
) -> Result<Tree> {
    Ok(match tree {
        Tree::Atom(Atom::Expression(expression), at) => {
            Tree::Atom(smooth(expression)?.unwrap_or(Atom::Expression(expression.clone())), *at)
        }
        Tree::Two(sign, left, right) => {
            let left = left.as_deref().map(|l| replaced(l, smooth)).transpose()?;
            Tree::Two(*sign, left.map(Box::new), Box::new(replaced(right, smooth)?))
        }
        Tree::Power(base, degree) => Tree::Power(Box::new(replaced(base, smooth)?), *degree),
        Tree::Parentheses(inner) => Tree::Parentheses(Box::new(replaced(inner, smooth)?)),
        other => other.clone(),
    })
}
