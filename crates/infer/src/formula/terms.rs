//! R's algebra of terms: `a * b` is `a + b + a:b`, and `(a + b + c)^2` stops at pairs.

use super::Slip;
use super::lex::error;
use super::parse::{Atom, Formula, Tree};
use crate::Result;

/// The terms of a formula, as sets of variables.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Terms {
    /// The different predictors, in order of first appearance.
    pub(super) variables: Vec<Atom>,
    /// Each term's variables (ascending indices); lower orders first, as R sorts them.
    pub(super) terms: Vec<Vec<usize>>,
    /// True where the model has an intercept.
    pub(super) intercept: bool,
}

/// More terms, or columns of them, than this are a slip of an exponent or of a polynomial's degree.
pub(super) const MOST: usize = 10_000;

/// Expands a formula; `is_group` tells whether a bare column holds words.
pub(super) fn expand(
    text: &str,
    formula: &Formula,
    is_group: &dyn Fn(&str) -> bool,
) -> Result<Terms> {
    let outcome = formula.outcome.label();
    let mut expansion = Expansion { text, outcome, is_group, variables: Vec::new() };
    let all = expansion.expand(&formula.predictors)?;
    // An empty set is the intercept, which is there unless it was removed.
    let intercept = all.intercept.unwrap_or(true);
    let mut terms = all.terms;
    terms.sort_by_key(Vec::len);
    if terms.is_empty() && !intercept {
        let end = text.chars().count();
        return Err(error(text, end, Slip::NothingToEstimate));
    }
    Ok(Terms { variables: expansion.variables, terms, intercept })
}

struct Expansion<'a> {
    text: &'a str,
    outcome: String,
    is_group: &'a dyn Fn(&str) -> bool,
    variables: Vec<Atom>,
}

/// Terms in order of appearance, and what was said of the intercept.
#[derive(Default)]
struct Partial {
    terms: Vec<Vec<usize>>,
    intercept: Option<bool>,
}

impl Partial {
    fn add(&mut self, term: Vec<usize>) {
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }
}

impl Expansion<'_> {
    fn expand(&mut self, tree: &Tree) -> Result<Partial> {
        Ok(match tree {
            Tree::Intercept(there) => Partial { terms: Vec::new(), intercept: Some(*there) },
            Tree::Atom(atom, at) => {
                let index = self.variable(atom, *at)?;
                Partial { terms: vec![vec![index]], intercept: None }
            }
            Tree::Parentheses(inner) => self.expand(inner)?,
            Tree::Power(base, degree) => {
                let base = self.expand(base)?;
                let mut all = Partial { intercept: base.intercept, ..Partial::default() };
                base.terms.iter().cloned().for_each(|term| all.add(term));
                for _ in 1..*degree {
                    let before = all.terms.clone();
                    for (a, b) in pairs(&before, &base.terms) {
                        all.add(union(a, b));
                        self.refuse_flood(all.terms.len())?;
                    }
                    if all.terms.len() == before.len() {
                        break;
                    }
                }
                all
            }
            Tree::Two(sign, left, right) => {
                let left = left.as_deref().map(|l| self.expand(l)).transpose()?.unwrap_or_default();
                let right = self.expand(right)?;
                self.join(*sign, left, right)?
            }
        })
    }

    fn join(&self, sign: char, left: Partial, right: Partial) -> Result<Partial> {
        let bare = |side: &Partial| side.terms.is_empty() && side.intercept.is_some();
        if matches!(sign, '*' | ':') && (bare(&left) || bare(&right)) {
            return Err(error(self.text, 0, Slip::InterceptCrossed { sign }));
        }
        let mut all = Partial { intercept: right.intercept.or(left.intercept), terms: Vec::new() };
        match sign {
            '-' => {
                all.intercept = right.intercept.map(|there| !there).or(left.intercept);
                all.terms = left.terms;
                all.terms.retain(|term| !right.terms.contains(term));
            }
            ':' => {
                for (a, b) in pairs(&left.terms, &right.terms) {
                    all.add(union(a, b));
                    self.refuse_flood(all.terms.len())?;
                }
            }
            _ => {
                left.terms.iter().chain(&right.terms).cloned().for_each(|term| all.add(term));
                if sign == '*' {
                    for (a, b) in pairs(&left.terms, &right.terms) {
                        all.add(union(a, b));
                        self.refuse_flood(all.terms.len())?;
                    }
                }
            }
        }
        Ok(all)
    }

    fn refuse_flood(&self, found: usize) -> Result<()> {
        if found > MOST {
            return Err(error(self.text, 0, Slip::TooManyTerms));
        }
        Ok(())
    }

    fn variable(&mut self, atom: &Atom, at: usize) -> Result<usize> {
        if atom.label() == self.outcome {
            return Err(error(self.text, at, Slip::OutcomeAsPredictor));
        }
        // A column of words is a group with or without C().
        let atom = match atom {
            Atom::Expression(super::expression::Expression::Column(name))
                if (self.is_group)(name) =>
            {
                Atom::Factor(name.clone())
            }
            other => other.clone(),
        };
        if let Some(known) = self.variables.iter().position(|v| *v == atom) {
            return Ok(known);
        }
        self.variables.push(atom);
        Ok(self.variables.len() - 1)
    }
}

fn pairs<'a>(
    left: &'a [Vec<usize>],
    right: &'a [Vec<usize>],
) -> Vec<(&'a Vec<usize>, &'a Vec<usize>)> {
    left.iter().flat_map(|a| right.iter().map(move |b| (a, b))).collect()
}

fn union(a: &[usize], b: &[usize]) -> Vec<usize> {
    let mut all: Vec<usize> = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
