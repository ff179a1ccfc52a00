//! Arithmetic on columns: what stands inside `I()`, `log()` and the like.

use super::lex::written;
use crate::double_double::DoubleDouble;
use ssi_vocab::{Column, Missing, Reason, Result, Seen, Table};
use std::collections::BTreeSet;

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
    /// A number, as its decimal text says it.
    Number(DoubleDouble),
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
            Self::Number(value) => number(value.hi),
            Self::Call(function, inner) => format!("{}({})", function.name(), inner.label()),
            Self::Minus(inner) => format!("-{}", inner.label()),
            Self::Parentheses(inner) => format!("({})", inner.label()),
            Self::Two(sign @ ('^' | '/'), left, right) => {
                format!("{}{sign}{}", left.label(), right.label())
            }
            Self::Two(sign, left, right) => format!("{} {sign} {}", left.label(), right.label()),
        }
    }

    /// The numbers that the expression is an exact function of: its columns, and the functions in it
    /// whose values are rounded.
    pub(super) fn sources(&self) -> BTreeSet<String> {
        match self {
            Self::Column(name) => BTreeSet::from([name.clone()]),
            Self::Number(_) => BTreeSet::new(),
            Self::Call(Function::Identity, inner)
            | Self::Minus(inner)
            | Self::Parentheses(inner) => inner.sources(),
            Self::Two('^', base, exponent) => match exponent.as_ref() {
                Self::Number(value) if value.lo == 0.0 && value.hi.fract() == 0.0 => base.sources(),
                _ => BTreeSet::from([self.label()]),
            },
            Self::Two(_, left, right) => left.sources().union(&right.sources()).cloned().collect(),
            Self::Call(..) => BTreeSet::from([self.label()]),
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
    Number(DoubleDouble),
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

    /// The value in row `i`, with the digits that rounding it to a double would drop; always finite.
    ///
    /// libm's functions, not the system's, so that another machine's C library can't change a
    /// digit.
    pub(super) fn value(&self, i: usize) -> std::result::Result<DoubleDouble, Undefined> {
        match self {
            Self::Column(column, values) => {
                let value = values[i].map_err(|missing| Undefined {
                    reason: match missing {
                        Missing::NotANumber => Reason::NotANumber,
                        _ => Reason::Missing,
                    },
                    value: f64::NAN,
                })?;
                let exact = match &column.rest {
                    Some(rest) => DoubleDouble::with_rest(value, rest[i]),
                    None => value.into(),
                };
                finite(exact, value, value)
            }
            Self::Number(value) => finite(*value, value.hi, value.hi),
            Self::Minus(inner) => Ok(-inner.value(i)?),
            Self::Call(function, inner) => {
                let inner = inner.value(i)?;
                let from = inner.hi;
                let logarithm = matches!(function, Function::Log | Function::Log10);
                if logarithm && from <= 0.0 {
                    return Err(Undefined { reason: Reason::LogOfNonPositive, value: from });
                }
                if *function == Function::Sqrt && from < 0.0 {
                    return Err(Undefined { reason: Reason::RootOfNegative, value: from });
                }
                match function {
                    Function::Identity => Ok(inner),
                    Function::Log => finite(inner.log(), libm::log(from), from),
                    Function::Log10 => finite(inner.log10(), libm::log10(from), from),
                    Function::Sqrt => finite(inner.sqrt(), from.sqrt(), from),
                    Function::Exp => finite(inner.exp(), libm::exp(from), from),
                }
            }
            Self::Two(sign, left, right) => {
                let (left, right) = (left.value(i)?, right.value(i)?);
                let (a, b) = (left.hi, right.hi);
                match sign {
                    '+' => finite(left + right, a + b, a),
                    '-' => finite(left - right, a - b, a),
                    '*' => finite(left * right, a * b, a),
                    '/' if b == 0.0 => Err(Undefined { reason: Reason::DivisionByZero, value: b }),
                    '/' => finite(left / right, a / b, a),
                    _ => power(left, right),
                }
            }
        }
    }
}

/// The exact value, or the double where that is too large or too small to be carried in two.
fn finite(
    exact: DoubleDouble,
    value: f64,
    from: f64,
) -> std::result::Result<DoubleDouble, Undefined> {
    if !value.is_finite() {
        return Err(Undefined { reason: Reason::BeyondRange, value: from });
    }
    let sound = exact.hi.is_finite() && exact.lo.is_finite() && CARRIED.contains(&value.abs());
    Ok(if sound { exact } else { value.into() })
}

/// Sizes whose products and rests are normal doubles.
const CARRIED: std::ops::Range<f64> = 1e-250..1e290;

/// Whole powers up to this one are products.
const MOST_FACTORS: f64 = 64.0;

/// A power; a whole one has all its digits.
fn power(
    base: DoubleDouble,
    exponent: DoubleDouble,
) -> std::result::Result<DoubleDouble, Undefined> {
    if base.hi == 0.0 && exponent.hi < 0.0 {
        return Err(Undefined { reason: Reason::DivisionByZero, value: base.hi });
    }
    let value = libm::pow(base.hi, exponent.hi);
    if value.is_nan() {
        return Err(Undefined { reason: Reason::RootOfNegative, value: base.hi });
    }
    let whole = exponent.lo == 0.0 && exponent.hi.fract() == 0.0;
    let exact = if whole && (0.0..=MOST_FACTORS).contains(&exponent.hi) {
        base.power(exponent.hi as u32)
    } else if whole && (-MOST_FACTORS..0.0).contains(&exponent.hi) {
        DoubleDouble::from(1.0) / base.power(-exponent.hi as u32)
    } else if base.hi > 0.0 {
        (base.log() * exponent).exp()
    } else {
        value.into()
    };
    finite(exact, value, base.hi)
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
