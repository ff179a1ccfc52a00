//! Arithmetic on columns: what stands inside `I()`, `log()` and the like.

use super::lex::written;
use ssi_vocab::{Column, Missing, Reason, Result, Seen, Table};

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    /// `I`: the arithmetic value as it is.
    Identity,
    /// Natural logarithm.
    Log,
    /// Logarithm to base 10.
    Log10,
    /// Square root.
    Sqrt,
    /// Exponential.
    Exp,
}

impl Function {
    pub(super) const NAMES: [(&'static str, Self); 5] = [
        ("I", Self::Identity),
        ("log", Self::Log),
        ("log10", Self::Log10),
        ("sqrt", Self::Sqrt),
        ("exp", Self::Exp),
    ];

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, f)| *f == self).map_or("", |(name, _)| name)
    }
}

/// Arithmetic on columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    /// A column.
    Column(String),
    /// A number.
    Number(f64),
    /// A function of an expression.
    Call(Function, Box<Self>),
    /// Minus an expression.
    Minus(Box<Self>),
    /// Two expressions joined by one of `+ - * / ^`.
    Two(char, Box<Self>, Box<Self>),
    /// An expression in parentheses.
    Parentheses(Box<Self>),
}

/// Why an expression has no value in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Undefined {
    /// The reason, as the exclusions give it.
    pub(super) reason: Reason,
    /// The number that could not be used.
    pub(super) value: f64,
}

impl Expression {
    /// The expression as R writes it, which is how terms are named.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Column(name) => written(name),
            Self::Number(value) => number(*value),
            Self::Call(function, inner) => format!("{}({})", function.name(), inner.label()),
            Self::Minus(inner) => format!("-{}", inner.label()),
            Self::Parentheses(inner) => format!("({})", inner.label()),
            Self::Two(sign @ ('^' | '/'), left, right) => {
                format!("{}{sign}{}", left.label(), right.label())
            }
            Self::Two(sign, left, right) => format!("{} {sign} {}", left.label(), right.label()),
        }
    }

    /// The expression with its columns looked up.
    pub(super) fn bind<'a>(&'a self, table: &'a Table) -> Result<Bound<'a>> {
        Ok(match self {
            Self::Column(name) => {
                let column = table.column(name)?;
                Bound::Column(column, column.numbers()?)
            }
            Self::Number(value) => Bound::Number(*value),
            Self::Call(function, inner) => Bound::Call(*function, Box::new(inner.bind(table)?)),
            Self::Minus(inner) => Bound::Minus(Box::new(inner.bind(table)?)),
            Self::Parentheses(inner) => inner.bind(table)?,
            Self::Two(sign, left, right) => {
                Bound::Two(*sign, Box::new(left.bind(table)?), Box::new(right.bind(table)?))
            }
        })
    }
}

/// An expression bound to a table's columns.
#[derive(Debug, Clone)]
pub(super) enum Bound<'a> {
    Column(&'a Column, &'a [Seen<f64>]),
    Number(f64),
    Call(Function, Box<Self>),
    Minus(Box<Self>),
    Two(char, Box<Self>, Box<Self>),
}

impl<'a> Bound<'a> {
    /// The columns it uses, in order.
    pub(super) fn columns(&self) -> Vec<&'a Column> {
        match self {
            Self::Column(column, _) => vec![*column],
            Self::Number(_) => Vec::new(),
            Self::Call(_, inner) | Self::Minus(inner) => inner.columns(),
            Self::Two(_, left, right) => {
                let mut columns = left.columns();
                columns.extend(right.columns());
                columns
            }
        }
    }

    /// The value in row `i`; always finite.
    ///
    /// libm's functions, not the system's, so that another machine's C library can't change a
    /// digit.
    pub(super) fn value(&self, i: usize) -> std::result::Result<f64, Undefined> {
        let value = match self {
            Self::Column(_, values) => values[i].map_err(|missing| Undefined {
                reason: match missing {
                    Missing::NotANumber => Reason::NotANumber,
                    _ => Reason::Missing,
                },
                value: f64::NAN,
            })?,
            Self::Number(value) => *value,
            Self::Minus(inner) => -inner.value(i)?,
            Self::Call(function, inner) => {
                let inner = inner.value(i)?;
                let logarithm = matches!(function, Function::Log | Function::Log10);
                if logarithm && inner <= 0.0 {
                    return Err(Undefined { reason: Reason::LogOfNonPositive, value: inner });
                }
                let value = match function {
                    Function::Identity => inner,
                    Function::Log => libm::log(inner),
                    Function::Log10 => libm::log10(inner),
                    Function::Sqrt => inner.sqrt(),
                    Function::Exp => libm::exp(inner),
                };
                return finite(value, inner);
            }
            Self::Two(sign, left, right) => {
                let (left, right) = (left.value(i)?, right.value(i)?);
                let value = match sign {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    '/' => left / right,
                    _ => power(left, right),
                };
                return finite(value, left);
            }
        };
        finite(value, value)
    }
}

fn finite(value: f64, from: f64) -> std::result::Result<f64, Undefined> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Undefined { reason: Reason::NotFinite, value: from })
    }
}

/// A power; the square is one exact rounding, as in R.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 2.0 { base * base } else { libm::pow(base, exponent) }
}

/// A number as R writes it in a term: `100000` is `1e+05`, because that is shorter.
fn number(value: f64) -> String {
    let fixed = format!("{value}");
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let (sign, exponent) =
        exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    let scientific = format!("{digits}e{sign}{exponent:0>2}");
    if scientific.len() < fixed.len() { scientific } else { fixed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_r_writes_them() {
        let written = [1e5, 1000.0, 0.1, 1e-4, 123456.0, 2.0].map(number);
        assert_eq!(written, ["1e+05", "1000", "0.1", "1e-04", "123456", "2"]);
    }
}
