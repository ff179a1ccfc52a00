//! From tokens to a tree: `outcome ~ sum of terms`.
//!
//! Outside functions the signs are those of R's model formulas (`:` binds before `*`, `*` before
//! `+`); inside `I()`, `log()` and the like they are arithmetic.

use super::Slip;
use super::expression::{Expression, Function};
use super::lex::{Placed, Token, error, tokens};
use crate::Result;
use crate::double_double::DoubleDouble;
use ssi_vocab::nearest;

/// One predictor as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Atom {
    /// Arithmetic; a bare column may turn out to be a group.
    Expression(Expression),
    /// `C(x)`: the column as a group.
    Factor(String),
    /// `poly(x, degree)`.
    Polynomial {
        /// Of what.
        of: Expression,
        /// The highest power.
        degree: usize,
        /// Plain powers instead of orthogonal polynomials.
        raw: bool,
    },
}

/// The right-hand side as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// `0` or `1`.
    Intercept(bool),
    /// A predictor and its place.
    Atom(Atom, usize),
    /// Two sides joined by one of `+ - * :`; nothing left of a leading sign.
    Two(char, Option<Box<Self>>, Box<Self>),
    /// `(a + b)^2`.
    Power(Box<Self>, usize),
    /// In parentheses.
    Parentheses(Box<Self>),
}

/// A formula as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Formula {
    pub(super) outcome: Expression,
    pub(super) predictors: Tree,
}

/// Parentheses within parentheses: more than a person would write, and safe for the stack.
const DEEPEST: usize = 64;

/// Words and signs of a formula: more than a person would write, and safe for the stack.
const LONGEST: usize = 2_000;

pub(super) fn parse(formula: &str) -> Result<Formula> {
    let mut parser = Parser { formula, tokens: tokens(formula)?, next: 0, depth: 0 };
    if parser.tokens.len() > LONGEST {
        parser.next = LONGEST;
        return Err(parser.error(Slip::TooLong));
    }
    if matches!(parser.peek(), Token::Symbol('~') | Token::End) {
        return Err(parser.error(Slip::NoOutcome));
    }
    let outcome = parser.arithmetic()?;
    if !parser.take('~') {
        return Err(parser.error(Slip::NoTilde { found: parser.peek().shown() }));
    }
    let predictors = parser.sum()?;
    match parser.peek() {
        Token::End => Ok(Formula { outcome, predictors }),
        Token::Symbol('/') => Err(parser.error(Slip::Slash)),
        Token::Symbol('~') => Err(parser.error(Slip::SecondTilde)),
        Token::Symbol(')') => Err(parser.error(Slip::StrayParenthesis)),
        token => Err(parser.error(Slip::NoSign { found: token.shown() })),
    }
}

struct Parser<'a> {
    formula: &'a str,
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next.min(self.tokens.len() - 1)].token
    }

    fn at(&self) -> usize {
        self.tokens[self.next.min(self.tokens.len() - 1)].at
    }

    fn error(&self, slip: Slip) -> crate::Error {
        error(self.formula, self.at(), slip)
    }

    fn take(&mut self, symbol: char) -> bool {
        let found = *self.peek() == Token::Symbol(symbol);
        self.next += usize::from(found);
        found
    }

    /// Closes the parenthesis of a function, or one of its own.
    fn close(&mut self, function: Option<&str>) -> Result<()> {
        self.depth -= 1;
        if self.take(')') {
            return Ok(());
        }
        let (function, found) = (function.map(str::to_owned), self.peek().shown());
        Err(self.error(Slip::OpenParenthesis { function, found }))
    }

    fn open(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(Slip::TooDeep));
        }
        Ok(())
    }

    /// Terms joined by `+` and `-`.
    fn sum(&mut self) -> Result<Tree> {
        let mut tree = if self.take('-') {
            Tree::Two('-', None, Box::new(self.product()?))
        } else {
            self.take('+');
            self.product()?
        };
        loop {
            let sign = if self.take('+') {
                '+'
            } else if self.take('-') {
                '-'
            } else {
                return Ok(tree);
            };
            tree = Tree::Two(sign, Some(Box::new(tree)), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Tree> {
        let mut tree = self.interaction()?;
        while self.take('*') {
            tree = Tree::Two('*', Some(Box::new(tree)), Box::new(self.interaction()?));
        }
        Ok(tree)
    }

    fn interaction(&mut self) -> Result<Tree> {
        let mut tree = self.raised()?;
        while self.take(':') {
            tree = Tree::Two(':', Some(Box::new(tree)), Box::new(self.raised()?));
        }
        Ok(tree)
    }

    fn raised(&mut self) -> Result<Tree> {
        let base = self.primary()?;
        if *self.peek() != Token::Symbol('^') {
            return Ok(base);
        }
        // R reads x^2 as x crossed with itself, which is x: surely not what was meant.
        if let Tree::Atom(atom, _) = &base {
            return Err(self.error(Slip::PowerOfTerm { term: atom.label() }));
        }
        self.next += 1;
        match *self.peek() {
            Token::Number(degree) if whole(degree) && degree.hi < 100.0 => {
                self.next += 1;
                Ok(Tree::Power(Box::new(base), degree.hi as usize))
            }
            _ => Err(self.error(Slip::NoDegree)),
        }
    }

    fn primary(&mut self) -> Result<Tree> {
        let at = self.at();
        if self.take('(') {
            self.open()?;
            let inner = self.sum()?;
            self.close(None)?;
            return Ok(Tree::Parentheses(Box::new(inner)));
        }
        match self.peek().clone() {
            Token::Number(value) if value.hi == 0.0 || value == 1.0.into() => {
                self.next += 1;
                Ok(Tree::Intercept(value.hi == 1.0))
            }
            Token::Number(_) => Err(self.error(Slip::NumberAlone)),
            Token::Name(name) => Ok(Tree::Atom(self.atom(&name)?, at)),
            token => Err(self.error(Slip::NoPredictor { found: token.shown() })),
        }
    }

    fn atom(&mut self, name: &str) -> Result<Atom> {
        let called = self.tokens.get(self.next + 1).map(|t| &t.token) == Some(&Token::Symbol('('));
        if called && name == "C" {
            self.next += 2;
            self.open()?;
            let Token::Name(column) = self.peek().clone() else {
                return Err(self.error(Slip::GroupArgument));
            };
            self.next += 1;
            self.close(Some("C"))?;
            return Ok(Atom::Factor(column));
        }
        if called && name == "poly" {
            self.next += 2;
            return self.polynomial();
        }
        Ok(Atom::Expression(self.operand()?))
    }

    /// What stands between the parentheses of `poly(x, 3, raw = true)`.
    fn polynomial(&mut self) -> Result<Atom> {
        self.open()?;
        let of = self.arithmetic()?;
        let (mut degree, mut raw) = (1, false);
        let mut first = true;
        while self.take(',') {
            let named = match (self.peek().clone(), self.tokens.get(self.next + 1)) {
                (Token::Name(name), Some(next)) if next.token == Token::Symbol('=') => {
                    self.next += 2;
                    name
                }
                _ if first => "degree".to_owned(),
                _ => String::new(),
            };
            first = false;
            match (named.as_str(), self.peek().clone()) {
                ("degree", Token::Number(d)) if whole(d) && d.hi <= 100.0 => {
                    degree = d.hi as usize;
                }
                ("raw", Token::Name(word)) if word.eq_ignore_ascii_case("true") || word == "T" => {
                    raw = true;
                }
                ("raw", Token::Name(word)) if word.eq_ignore_ascii_case("false") || word == "F" => {
                    raw = false;
                }
                _ => {
                    return Err(self.error(Slip::PolynomialArguments));
                }
            }
            self.next += 1;
        }
        self.close(Some("poly"))?;
        Ok(Atom::Polynomial { of, degree, raw })
    }

    /// Arithmetic, with the usual precedence; `^` binds to the right and before a minus sign.
    fn arithmetic(&mut self) -> Result<Expression> {
        let mut left = self.factors()?;
        loop {
            let sign = if self.take('+') {
                '+'
            } else if self.take('-') {
                '-'
            } else {
                return Ok(left);
            };
            left = Expression::Two(sign, Box::new(left), Box::new(self.factors()?));
        }
    }

    fn factors(&mut self) -> Result<Expression> {
        let mut left = self.signed()?;
        loop {
            let sign = if self.take('*') {
                '*'
            } else if self.take('/') {
                '/'
            } else {
                return Ok(left);
            };
            left = Expression::Two(sign, Box::new(left), Box::new(self.signed()?));
        }
    }

    fn signed(&mut self) -> Result<Expression> {
        if self.take('-') {
            self.open()?;
            let inner = self.signed()?;
            self.depth -= 1;
            return Ok(Expression::Minus(Box::new(inner)));
        }
        if self.take('+') {
            return self.exponential();
        }
        self.exponential()
    }

    fn exponential(&mut self) -> Result<Expression> {
        let base = self.operand()?;
        if !self.take('^') {
            return Ok(base);
        }
        self.open()?;
        let exponent = self.signed()?;
        self.depth -= 1;
        Ok(Expression::Two('^', Box::new(base), Box::new(exponent)))
    }

    fn operand(&mut self) -> Result<Expression> {
        if self.take('(') {
            self.open()?;
            let inner = self.arithmetic()?;
            self.close(None)?;
            return Ok(Expression::Parentheses(Box::new(inner)));
        }
        match self.peek().clone() {
            Token::Number(value) => {
                self.next += 1;
                Ok(Expression::Number(value))
            }
            Token::Name(name) => {
                let function = Function::NAMES.iter().find(|(known, _)| *known == name);
                let called =
                    self.tokens.get(self.next + 1).map(|t| &t.token) == Some(&Token::Symbol('('));
                if !called {
                    self.next += 1;
                    return Ok(Expression::Column(name));
                }
                let Some((_, function)) = function else {
                    return Err(self.error(no_function(&name)));
                };
                self.next += 2;
                self.open()?;
                let inner = self.arithmetic()?;
                self.close(Some(&name))?;
                Ok(Expression::Call(*function, Box::new(inner)))
            }
            token => Err(self.error(Slip::NoOperand { found: token.shown() })),
        }
    }
}

/// True for 1, 2, 3, …
fn whole(number: DoubleDouble) -> bool {
    number.lo == 0.0 && number.hi >= 1.0 && number.hi.fract() == 0.0
}

fn no_function(name: &str) -> Slip {
    let known = Function::NAMES.iter().map(|(name, _)| *name).chain(["poly", "C"]);
    let meant = match name {
        "ln" => Some("log".to_owned()),
        "factor" | "as.factor" => Some("C".to_owned()),
        _ => nearest(name, known),
    };
    let function = name.to_owned();
    match name {
        "C" | "poly" => Slip::NotInside { function },
        _ => Slip::NoFunction { name: function, nearest: meant },
    }
}

impl Atom {
    /// The predictor as R writes it.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Expression(expression) => expression.label(),
            Self::Factor(column) => format!("C({})", super::lex::written(column)),
            Self::Polynomial { of, degree, raw } => {
                let raw = if *raw { ", raw = TRUE" } else { "" };
                format!("poly({}, {degree}{raw})", of.label())
            }
        }
    }
}

impl Tree {
    /// The right-hand side as R writes it.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Intercept(there) => if *there { "1" } else { "0" }.to_owned(),
            Self::Atom(atom, _) => atom.label(),
            Self::Two(':', Some(left), right) => format!("{}:{}", left.label(), right.label()),
            Self::Two(sign, Some(left), right) => {
                format!("{} {sign} {}", left.label(), right.label())
            }
            Self::Two(sign, None, right) => format!("{sign}{}", right.label()),
            Self::Power(base, degree) => format!("{}^{degree}", base.label()),
            Self::Parentheses(inner) => format!("({})", inner.label()),
        }
    }
}
