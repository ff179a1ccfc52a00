//! Row filters: `region == "JP" && score_total >= 8`.

mod parse;
mod slip;

pub use slip::{Expected, Slip};

use crate::{Codebook, Result};
use parse::{Compare, Expression, Literal, Operand};
use ssi_vocab::{Cells, Column, Seen, Table};
use std::cmp::Ordering;

/// A condition on the rows of a table.
///
/// Comparisons are `== != < <= > >=` and `in ("JP", "EU")`, joined by `&&`, `||` and `!` (also
/// written `and`, `or`, `not`), with parentheses. Words stand in single or double quotes; a
/// column whose name is no identifier stands in back ticks: `` `SSI score` >= 50 ``. Numbers are
/// compared as numbers; words, and dates in ISO 8601, by their characters. Canonical names work
/// beside the table's own.
///
/// # Missing data
/// A comparison with a missing value is neither true nor false, and so are its negation and all
/// that depends on it: such a row never matches. Neither is a comparison that a capped count
/// leaves open: for `500+`, `>= 500` is true and `< 500` false, but `> 600` and `== 500` are
/// unknown.
///
/// # Example
/// ```
/// use ssi_cohort::Filter;
/// let table = ssi_cohort::table("region,score\nJP,8\nEU,9\nJP,\n".as_bytes(), "t.csv")?.table;
/// let filter = Filter::parse(r#"region == "JP" && score >= 8"#)?;
/// assert_eq!(filter.rows(&table)?, [true, false, false]);
/// # Ok::<(), ssi_cohort::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    text: String,
    root: Expression,
}

impl Filter {
    /// Reads a condition.
    ///
    /// # Errors
    /// [`crate::Error::Filter`], which shows the place.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self { text: text.to_owned(), root: parse::parse(text)? })
    }

    /// The condition as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// For each row of the table, whether the condition holds.
    ///
    /// # Errors
    /// An unknown column ([`ssi_vocab::Error::UnknownColumn`]), a column of words compared with a
    /// number ([`ssi_vocab::Error::NotNumeric`]) or a column of numbers with a word ([`crate::Error::Filter`]).
    pub fn rows(&self, table: &Table) -> Result<Vec<bool>> {
        let truth = self.truth(&self.root, table, &Codebook::default())?;
        Ok(truth.into_iter().map(|t| t == Some(true)).collect())
    }

    /// Kleene's three truth values, `None` being unknown.
    fn truth(
        &self,
        expression: &Expression,
        table: &Table,
        book: &Codebook,
    ) -> Result<Vec<Option<bool>>> {
        Ok(match expression {
            Expression::Not(inner) => {
                self.truth(inner, table, book)?.into_iter().map(|t| t.map(|t| !t)).collect()
            }
            Expression::Both(parts) => self.fold(parts, false, table, book)?,
            Expression::Either(parts) => self.fold(parts, true, table, book)?,
            Expression::Compare { left, how, right, at } => {
                let (left, right) =
                    (self.values(left, table, book)?, self.values(right, table, book)?);
                self.compare(&left, *how, &right, table.n_rows(), *at)?
            }
            Expression::In { column, list, at } => {
                let column = self.values(column, table, book)?;
                let mut truth = vec![Some(false); table.n_rows()];
                for literal in list {
                    let equal = self.compare(
                        &column,
                        Compare::Equal,
                        &Values::from(literal),
                        table.n_rows(),
                        *at,
                    )?;
                    truth = join(truth, equal, true);
                }
                truth
            }
        })
    }

    /// Joins conditions: `decisive` is the truth value of one part that settles the whole.
    fn fold(
        &self,
        parts: &[Expression],
        decisive: bool,
        table: &Table,
        book: &Codebook,
    ) -> Result<Vec<Option<bool>>> {
        let mut truth = vec![Some(!decisive); table.n_rows()];
        for part in parts {
            truth = join(truth, self.truth(part, table, book)?, decisive);
        }
        Ok(truth)
    }

    fn values<'t>(
        &self,
        operand: &'t Operand,
        table: &'t Table,
        book: &Codebook,
    ) -> Result<Values<'t>> {
        Ok(match operand {
            Operand::Literal(literal) => Values::from(literal),
            Operand::Column(name) => Values::Column(table.column(book.resolve(table, name)?)?),
        })
    }

    fn compare(
        &self,
        left: &Values<'_>,
        how: Compare,
        right: &Values<'_>,
        n: usize,
        at: usize,
    ) -> Result<Vec<Option<bool>>> {
        if left.is_words() != right.is_words() {
            // One side is words and the other numbers: say which column is the odd one.
            for (side, other) in [(left, right), (right, left)] {
                if let (Values::Column(column), true) = (side, side.is_words())
                    && !matches!(other, Values::Column(_))
                {
                    column.numbers()?;
                }
            }
            return Err(parse::wrong(&self.text, at, Slip::WordForNumber));
        }
        Ok((0..n)
            .map(|i| match (left.at(i)?, right.at(i)?) {
                (Value::Word(a), Value::Word(b)) => Some(how.holds(a.cmp(b))),
                (Value::Number(a), Value::Number(b)) => a.compare(how, b),
                _ => None,
            })
            .collect())
    }
}

fn join(a: Vec<Option<bool>>, b: Vec<Option<bool>>, decisive: bool) -> Vec<Option<bool>> {
    let both = |(a, b): (Option<bool>, Option<bool>)| {
        if a == Some(decisive) || b == Some(decisive) {
            Some(decisive)
        } else {
            // Neither settles it: all that are known say the contrary.
            a.and(b)
        }
    };
    a.into_iter().zip(b).map(both).collect()
}

/// One side of a comparison.
enum Values<'t> {
    Column(&'t Column),
    Number(f64),
    Word(&'t str),
}

impl<'t> From<&'t Literal> for Values<'t> {
    fn from(literal: &'t Literal) -> Self {
        match literal {
            Literal::Number(value) => Self::Number(*value),
            Literal::Word(word) => Self::Word(word),
        }
    }
}

impl<'t> Values<'t> {
    fn is_words(&self) -> bool {
        match self {
            Self::Column(column) => matches!(column.cells, Cells::Factor { .. }),
            Self::Number(_) => false,
            Self::Word(_) => true,
        }
    }

    fn at(&self, i: usize) -> Option<Value<'_>> {
        let exact = |low: f64| Value::Number(Range { low, at_least: false });
        Some(match self {
            Self::Number(value) => exact(*value),
            Self::Word(word) => Value::Word(word),
            Self::Column(column) => match &column.cells {
                Cells::Number(values) => exact(seen(&values[i])?),
                Cells::Capped(values) => {
                    let c = seen(&values[i])?;
                    Value::Number(Range { low: c.value, at_least: c.at_least })
                }
                Cells::Factor { levels, codes } => Value::Word(&levels[seen(&codes[i])? as usize]),
            },
        })
    }
}

fn seen<T: Copy>(value: &Seen<T>) -> Option<T> {
    value.ok()
}

enum Value<'a> {
    Number(Range),
    Word(&'a str),
}

/// A number, or everything from a number upward.
#[derive(Clone, Copy)]
struct Range {
    low: f64,
    at_least: bool,
}

impl Range {
    /// Whether a comparison holds for each pair of possible values, for none, or is open.
    fn compare(self, how: Compare, other: Self) -> Option<bool> {
        let order = self.low.partial_cmp(&other.low)?;
        // The orders that are possible, given that either side may be larger than it shows.
        let less = order.is_lt() || other.at_least;
        let greater = order.is_gt() || self.at_least;
        let equal =
            order.is_eq() || (self.at_least && order.is_lt()) || (other.at_least && order.is_gt());
        let mut answers =
            [(less, Ordering::Less), (equal, Ordering::Equal), (greater, Ordering::Greater)]
                .into_iter()
                .filter(|(possible, _)| *possible)
                .map(|(_, order)| how.holds(order));
        let first = answers.next()?;
        answers.all(|a| a == first).then_some(first)
    }
}

impl Compare {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}
