//! From terms to a model matrix, and to further rows coded the same way.

use super::complete::{Complete, Values, complete, nobody};
use super::expression::Expression;
use super::extras::Contrasts;
use super::lex::written;
use super::terms::Terms;
use super::variable::{Variable, bind, groups, learn, sound};
use crate::Result;
use crate::double_double::DoubleDouble;
use ndarray::{Array1, Array2};
use ssi_vocab::{Column, Exclusion, Table};
use std::collections::{BTreeMap, BTreeSet};

/// How a model matrix is made: which groups and polynomials, with which levels and scaling.
///
/// A recipe remembers what it learnt from the respondents it was fitted to (the levels of groups,
/// the orthogonal polynomials), so that further rows are coded alike: for a prediction, a curve,
/// another cohort.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    outcome: Expression,
    pub(super) variables: Vec<Variable>,
    terms: Vec<Coded>,
    intercept: bool,
    contrasts: Contrasts,
}

/// A model matrix of further rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// A row a respondent, a column a coefficient.
    pub x: Array2<f64>,
    /// What the cells of `x` are beyond their doubles; none where the doubles are all there is.
    pub x_rest: Option<Array2<f64>>,
    /// Which of the table's rows they are, counted from 0.
    pub at: Vec<usize>,
    /// The rows that could not be coded, and why.
    pub excluded: Vec<Exclusion>,
}

/// A column that predictors are made from.
pub(crate) struct Input<'a> {
    /// The column.
    pub(crate) column: &'a Column,
    /// Its levels, where it is a group.
    pub(crate) levels: Option<Vec<String>>,
}

/// A term: its variables, and for groups whether every level has a column.
#[derive(Debug, Clone, PartialEq)]
struct Coded {
    variables: Vec<(usize, bool)>,
}

impl Recipe {
    /// Binds terms to a table: finds the complete rows, the levels, the polynomials.
    pub(super) fn new(
        outcome: Expression,
        terms: &Terms,
        table: &Table,
    ) -> Result<(Self, Complete)> {
        let values =
            terms.variables.iter().map(|atom| bind(atom, table)).collect::<Result<Vec<_>>>()?;
        let bound_outcome = Values::Number(outcome.bind(table)?);
        let all: Vec<&Values<'_>> = [&bound_outcome].into_iter().chain(&values).collect();
        let complete = complete(table, &all);
        if complete.at.is_empty() {
            return Err(nobody(&complete.excluded));
        }
        let weight = |i: usize| table.counts().map_or(1.0, |c| c[complete.at[i]] as f64);
        let variables = terms
            .variables
            .iter()
            .zip(&values)
            .map(|(atom, values)| learn(atom, values, &complete.at, &weight))
            .collect::<Result<Vec<_>>>()?;
        let coded = code(terms, &variables);
        let (intercept, contrasts) = (terms.intercept, Contrasts::Treatment);
        Ok((Self { outcome, variables, terms: coded, intercept, contrasts }, complete))
    }

    /// The same recipe with groups coded otherwise.
    pub(super) fn with(self, contrasts: Contrasts) -> Self {
        Self { contrasts, ..self }
    }

    /// The terms, as the formula has them, each with the numbers of its variables.
    /// [`Design::assign`](ssi_vocab::Design::assign) counts terms from 1.
    pub fn terms(&self) -> Vec<(String, Vec<usize>)> {
        let label = |variable: &usize| match &self.variables[*variable] {
            Variable::Number(of) => of.label(),
            Variable::Factor { column, .. } => written(column),
            Variable::Power { label, .. }
            | Variable::Orthogonal { label, .. }
            | Variable::Spline { label, .. } => label.clone(),
        };
        self.terms
            .iter()
            .map(|term| {
                let variables: Vec<usize> = term.variables.iter().map(|(v, _)| *v).collect();
                (variables.iter().map(label).collect::<Vec<_>>().join(":"), variables)
            })
            .collect()
    }

    /// A variable's columns in a term: a group's as its contrasts say, unless it keeps all levels.
    fn contrast(&self, variable: usize, full: bool, columns: &[DoubleDouble]) -> Vec<DoubleDouble> {
        match columns {
            [levels @ .., last] if self.variables[variable].is_factor() && !full => {
                match self.contrasts {
                    Contrasts::Treatment => columns[1..].to_vec(),
                    Contrasts::Sum => levels.iter().map(|v| *v - *last).collect(),
                }
            }
            _ => columns.to_vec(),
        }
    }

    /// The model matrix of further rows, coded as the model's own; the outcome is not needed.
    ///
    /// A row with a missing value, or with a level that the model has not seen, is left out and
    /// listed.
    ///
    /// # Errors
    /// [`Error::Input`](crate::Error::Input) for a predictor that the table lacks or holds as words.
    pub fn matrix(&self, table: &Table) -> Result<Rows> {
        let values = self.values(table)?;
        let Complete { at, excluded } = complete(table, &values.iter().collect::<Vec<_>>());
        let (x, x_rest) = self.code_rows(&values, &at);
        Ok(Rows { x, x_rest, at, excluded })
    }

    /// The table's columns that the predictors are made from, each with the levels that the model
    /// has seen where it is a group.
    pub(crate) fn inputs<'a>(&'a self, table: &'a Table) -> Result<Vec<Input<'a>>> {
        let mut inputs: Vec<Input<'a>> = Vec::new();
        for values in self.values(table)? {
            let (columns, levels) = match values {
                Values::Number(bound) => (bound.columns(), None),
                Values::Factor(column, _, levels) => (vec![column], Some(levels)),
            };
            for column in columns {
                match inputs.iter_mut().find(|input| input.column.name == column.name) {
                    Some(known) => known.levels = known.levels.take().or(levels.clone()),
                    None => inputs.push(Input { column, levels: levels.clone() }),
                }
            }
        }
        Ok(inputs)
    }

    /// The level that each group column's coefficients are differences from: column to level.
    /// Empty without an intercept, where a group may keep all its levels.
    pub fn reference(&self) -> BTreeMap<String, String> {
        let first = |variable: &Variable| match variable {
            Variable::Factor { column, levels } => Some((column.clone(), levels.first()?.clone())),
            _ => None,
        };
        if self.intercept {
            self.variables.iter().filter_map(first).collect()
        } else {
            BTreeMap::new()
        }
    }

    /// The matrix of the rows that [`Recipe::new`] found complete.
    pub(super) fn own_matrix(&self, table: &Table, complete: &Complete) -> Result<Wide> {
        Ok(self.code_rows(&self.values(table)?, &complete.at))
    }

    /// The outcome in the rows that [`Recipe::new`] found complete.
    pub(super) fn outcome(
        &self,
        table: &Table,
        complete: &Complete,
    ) -> Result<(Array1<f64>, Option<Array1<f64>>)> {
        let outcome = self.outcome.bind(table)?;
        let mut y = Array1::zeros(complete.at.len());
        let mut rest = None;
        for (place, i) in complete.at.iter().enumerate() {
            let value = outcome.value(*i).unwrap_or_default();
            y[place] = value.hi;
            if value.lo != 0.0 {
                rest.get_or_insert_with(|| Array1::zeros(complete.at.len()))[place] = value.lo;
            }
        }
        Ok((y, rest))
    }

    /// For each column of the matrix, a number for the set of numbers that it is made from.
    pub(super) fn families(&self) -> Vec<usize> {
        let mut known: Vec<BTreeSet<String>> = Vec::new();
        let of_term = self.terms.iter().map(|term| {
            let sources: BTreeSet<String> =
                term.variables.iter().flat_map(|(v, _)| self.variables[*v].sources()).collect();
            known.iter().position(|k| *k == sources).unwrap_or_else(|| {
                known.push(sources);
                known.len() - 1
            })
        });
        let of_term: Vec<usize> = of_term.collect();
        // The intercept is a family of its own.
        let family = |term: usize| term.checked_sub(1).map_or(of_term.len(), |t| of_term[t]);
        self.names().1.into_iter().map(family).collect()
    }

    fn values<'a>(&'a self, table: &'a Table) -> Result<Vec<Values<'a>>> {
        self.variables
            .iter()
            .map(|variable| {
                Ok(match variable {
                    Variable::Number(of)
                    | Variable::Power { of, .. }
                    | Variable::Orthogonal { of, .. }
                    | Variable::Spline { of, .. } => Values::Number(of.bind(table)?),
                    Variable::Factor { column, levels } => {
                        let column = table.column(column)?;
                        let (found, codes) = groups(column)?;
                        // A level the model has not seen gets a code beyond the known ones.
                        let place = |level: &String| {
                            levels.iter().position(|l| l == level).unwrap_or(levels.len()) as u32
                        };
                        let places: Vec<u32> = found.iter().map(place).collect();
                        let codes =
                            codes.into_iter().map(|c| c.map(|c| places[c as usize])).collect();
                        Values::Factor(column, codes, levels.clone())
                    }
                })
            })
            .collect()
    }

    fn code_rows(&self, values: &[Values<'_>], at: &[usize]) -> Wide {
        let width = self.names().0.len();
        let mut x = Array2::zeros((at.len(), width));
        let mut rest: Option<Array2<f64>> = None;
        for (line, i) in at.iter().enumerate() {
            let columns: Vec<Vec<DoubleDouble>> = self
                .variables
                .iter()
                .zip(values)
                .map(|(variable, values)| variable.columns(values, *i))
                .collect();
            let mut place = 0;
            if self.intercept {
                x[[line, 0]] = 1.0;
                place = 1;
            }
            for term in &self.terms {
                let mut products = vec![DoubleDouble::from(1.0)];
                for (variable, full) in &term.variables {
                    let own = self.contrast(*variable, *full, &columns[*variable]);
                    // The first variable's columns vary fastest, as in R.
                    products = own
                        .iter()
                        .flat_map(|v| products.iter().map(|p| sound(*p * *v, || p.hi * v.hi)))
                        .collect();
                }
                for product in products {
                    x[[line, place]] = product.hi;
                    if product.lo != 0.0 {
                        let rest = rest.get_or_insert_with(|| Array2::zeros((at.len(), width)));
                        rest[[line, place]] = product.lo;
                    }
                    place += 1;
                }
            }
        }
        (x, rest)
    }

    /// How many columns the matrix has.
    pub(super) fn width(&self) -> usize {
        let each: Vec<usize> = self.variables.iter().map(|v| v.names().len()).collect();
        let own = |(variable, full): &(usize, bool)| {
            each[*variable] - usize::from(self.variables[*variable].is_factor() && !full)
        };
        let columns = |term: &Coded| term.variables.iter().map(own).fold(1, usize::saturating_mul);
        self.terms.iter().map(columns).fold(usize::from(self.intercept), usize::saturating_add)
    }

    /// The columns' names, as R names them, and the term each belongs to.
    pub(super) fn names(&self) -> (Vec<String>, Vec<usize>) {
        let mut names = Vec::new();
        let mut assign = Vec::new();
        if self.intercept {
            names.push("(Intercept)".to_owned());
            assign.push(0);
        }
        for (t, term) in self.terms.iter().enumerate() {
            let mut joined: Vec<String> = Vec::new();
            for (variable, full) in &term.variables {
                let variable = &self.variables[*variable];
                let skip = usize::from(variable.is_factor() && !full);
                let own = variable.names().split_off(skip);
                joined = if joined.is_empty() {
                    own
                } else {
                    own.iter()
                        .flat_map(|o| joined.iter().map(move |j| format!("{j}:{o}")))
                        .collect()
                };
            }
            assign.extend(std::iter::repeat_n(t + 1, joined.len()));
            names.extend(joined);
        }
        (names, assign)
    }

    /// The outcome as R writes it.
    pub(super) fn outcome_label(&self) -> String {
        match &self.outcome {
            Expression::Column(name) => name.clone(),
            other => other.label(),
        }
    }
}

/// A model matrix, and what its cells are beyond their doubles.
type Wide = (Array2<f64>, Option<Array2<f64>>);

/// R's rule for a group in a term: it loses its first level where an earlier term holds the rest
/// of this one; without an intercept the first group of the formula keeps all its levels.
fn code(terms: &Terms, variables: &[Variable]) -> Vec<Coded> {
    let margin_is_there = |t: usize, variable: usize| {
        let rest: Vec<usize> = terms.terms[t].iter().copied().filter(|v| *v != variable).collect();
        rest.is_empty()
            || terms.terms[..t].iter().any(|earlier| rest.iter().all(|v| earlier.contains(v)))
    };
    let mut keeps_all = !terms.intercept;
    let mut coded = Vec::with_capacity(terms.terms.len());
    for (t, term) in terms.terms.iter().enumerate() {
        let mut in_term = Vec::with_capacity(term.len());
        for variable in term {
            let factor = variables[*variable].is_factor();
            let full = factor && (keeps_all || !margin_is_there(t, *variable));
            keeps_all &= !factor;
            in_term.push((*variable, full));
        }
        coded.push(Coded { variables: in_term });
    }
    coded
}
