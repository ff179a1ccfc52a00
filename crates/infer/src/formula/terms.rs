//! R's algebra of terms: `a * b` is `a + b + a:b`, and `(a + b + c)^2` stops at pairs.

use super::Slip;
use super::lex::error;
use super::parse::{Atom, Formula, Tree};
use crate::Result;
use std::collections::BTreeSet;

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

/// More pairs of terms than this are not looked at in a formula: nearly all would be the same terms.
const MOST_PAIRS: usize = 1_000_000;

/// Expands a formula; `is_group` tells whether a bare column holds words.
pub(super) fn expand(
    text: &str,
    formula: &Formula,
    is_group: &dyn Fn(&str) -> bool,
) -> Result<Terms> {
    let outcome = formula.outcome.label();
    let mut expansion = Expansion { text, outcome, is_group, variables: Vec::new(), crossed: 0 };
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
    /// How many pairs of terms were looked at.
    crossed: usize,
}

/// Terms in order of appearance, and what was said of the intercept.
#[derive(Default)]
struct Partial {
    terms: Vec<Vec<usize>>,
    /// The same terms.
    known: BTreeSet<Vec<usize>>,
    intercept: Option<bool>,
}

impl Partial {
    fn of(intercept: Option<bool>) -> Self {
        Self { intercept, ..Self::default() }
    }

    fn add(&mut self, term: Vec<usize>) {
        if self.known.insert(term.clone()) {
            self.terms.push(term);
        }
    }
}

impl Expansion<'_> {
    fn expand(&mut self, tree: &Tree) -> Result<Partial> {
        Ok(match tree {
            Tree::Intercept(there) => Partial::of(Some(*there)),
            Tree::Atom(atom, at) => {
                let mut one = Partial::default();
                one.add(vec![self.variable(atom, *at)?]);
                one
            }
            Tree::Parentheses(inner) => self.expand(inner)?,
            Tree::Power(base, degree) => {
                let base = self.expand(base)?;
                let mut all = Partial::of(base.intercept);
                base.terms.iter().cloned().for_each(|term| all.add(term));
                for _ in 1..*degree {
                    let before = all.terms.clone();
                    self.cross(&mut all, &before, &base.terms)?;
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

    fn join(&mut self, sign: char, left: Partial, right: Partial) -> Result<Partial> {
        let bare = |side: &Partial| side.terms.is_empty() && side.intercept.is_some();
        if matches!(sign, '*' | ':') && (bare(&left) || bare(&right)) {
            return Err(error(self.text, 0, Slip::InterceptCrossed { sign }));
        }
        let mut all = Partial::of(right.intercept.or(left.intercept));
        match sign {
            '-' => {
                all.intercept = right.intercept.map(|there| !there).or(left.intercept);
                let left = left.terms.into_iter().filter(|term| !right.known.contains(term));
                left.for_each(|term| all.add(term));
            }
            ':' => self.cross(&mut all, &left.terms, &right.terms)?,
            _ => {
                left.terms.iter().chain(&right.terms).cloned().for_each(|term| all.add(term));
                if sign == '*' {
                    self.cross(&mut all, &left.terms, &right.terms)?;
                }
            }
        }
        Ok(all)
    }

    /// Adds what each two terms make together.
    fn cross(
        &mut self,
        all: &mut Partial,
        left: &[Vec<usize>],
        right: &[Vec<usize>],
    ) -> Result<()> {
        self.crossed = self.crossed.saturating_add(left.len().saturating_mul(right.len()));
        let flood = || error(self.text, 0, Slip::TooManyTerms);
        if self.crossed > MOST_PAIRS {
            return Err(flood());
        }
        for (a, b) in left.iter().flat_map(|a| right.iter().map(move |b| (a, b))) {
            all.add(union(a, b));
            if all.terms.len() > MOST {
                return Err(flood());
            }
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

fn union(a: &[usize], b: &[usize]) -> Vec<usize> {
    let mut all: Vec<usize> = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
