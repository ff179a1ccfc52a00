//! The grammar of filters.
//!
//! ```text
//! either     = both { ("||" | "or") both }
//! both       = unit { ("&&" | "and") unit }
//! unit       = ("!" | "not") unit | "(" either ")" | comparison
//! comparison = operand ("==" | "!=" | "<" | "<=" | ">" | ">=") operand
//!            | operand ["not"] "in" "(" literal { "," literal } ")"
//! operand    = name | `name` | number | "word" | 'word'
//! ```

use super::slip::{Expected, Slip};
use crate::{Error, Result};

/// How deep parentheses and negations may nest; the parser and the evaluation recurse.
const MOST_NESTED: usize = 64;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Not(Box<Expression>),
    Both(Vec<Expression>),
    Either(Vec<Expression>),
    Compare { left: Operand, how: Compare, right: Operand, at: usize },
    In { column: Operand, list: Vec<Literal>, at: usize },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    Column(String),
    Literal(Literal),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Number(f64),
    Word(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The error that shows `at` (a byte of the text) as the place of a mistake.
pub(super) fn wrong(text: &str, at: usize, slip: Slip) -> Error {
    let before = text.get(..at).unwrap_or(text);
    // East Asian characters are two cells wide in a terminal.
    let column = before.chars().map(|c| if ('\u{1100}'..'\u{FFE7}').contains(&c) { 2 } else { 1 });
    Error::Filter { expression: text.replace(['\n', '\r', '\t'], " "), column: column.sum(), slip }
}

pub(super) fn parse(text: &str) -> Result<Expression> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, next: 0, depth: 0 };
    let root = parser.either()?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.expected(Expected::Join)),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Quoted(String),
    Number(f64),
    Compare(Compare),
    And,
    Or,
    Not,
    In,
    Open,
    Close,
    Comma,
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if let Some((token, length)) = sign(rest) {
            (token, length)
        } else if matches!(c, '"' | '\'' | '`') {
            let Some(end) = rest[1..].find(c) else {
                return Err(wrong(text, at, Slip::Open { mark: c }));
            };
            let inner = rest[1..=end].to_owned();
            let token = if c == '`' { Token::Name(inner) } else { Token::Quoted(inner) };
            (token, end + 2)
        } else if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') {
            number(text, at)?
        } else if c.is_alphabetic() || c == '_' {
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '・'))
                .unwrap_or(rest.len());
            let token = match &rest[..length] {
                "and" => Token::And,
                "or" => Token::Or,
                "not" => Token::Not,
                "in" => Token::In,
                name => Token::Name(name.to_owned()),
            };
            (token, length)
        } else {
            let slip = match c {
                '=' | '&' | '|' => Slip::Single { sign: c },
                _ => Slip::Meaningless { character: c },
            };
            return Err(wrong(text, at, slip));
        };
        tokens.push((at, token));
        at += length;
    }
    Ok(tokens)
}

fn sign(rest: &str) -> Option<(Token, usize)> {
    let signs = [
        ("==", Token::Compare(Compare::Equal)),
        ("!=", Token::Compare(Compare::NotEqual)),
        ("<=", Token::Compare(Compare::LessOrEqual)),
        (">=", Token::Compare(Compare::GreaterOrEqual)),
        ("&&", Token::And),
        ("||", Token::Or),
        ("<", Token::Compare(Compare::Less)),
        (">", Token::Compare(Compare::Greater)),
        ("!", Token::Not),
        ("(", Token::Open),
        (")", Token::Close),
        (",", Token::Comma),
    ];
    signs.into_iter().find(|(sign, _)| rest.starts_with(sign)).map(|(sign, t)| (t, sign.len()))
}

fn number(text: &str, at: usize) -> Result<(Token, usize)> {
    let rest = &text[at..];
    let mut before = ' ';
    let length = rest
        .find(|c: char| {
            // A sign belongs to the number at its beginning and after an exponent's `e`.
            let part = c.is_ascii_alphanumeric()
                || c == '.'
                || (matches!(c, '-' | '+') && matches!(before, ' ' | 'e' | 'E'));
            before = c;
            !part
        })
        .unwrap_or(rest.len());
    match crate::number::shape(&rest[..length]) {
        Some(crate::number::Shape::Plain(read)) => Ok((Token::Number(read.value), length)),
        _ => Err(wrong(text, at, Slip::NotANumber { text: rest[..length].to_owned() })),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [(usize, Token)],
    next: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.text.len(), |(at, _)| *at)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.next += usize::from(found);
        found
    }

    fn expected(&self, what: Expected) -> Error {
        wrong(self.text, self.at(), Slip::Expected(what))
    }

    fn either(&mut self) -> Result<Expression> {
        let mut parts = vec![self.both()?];
        while self.take(&Token::Or) {
            parts.push(self.both()?);
        }
        Ok(alone(parts, Expression::Either))
    }

    fn both(&mut self) -> Result<Expression> {
        let mut parts = vec![self.unit()?];
        while self.take(&Token::And) {
            parts.push(self.unit()?);
        }
        Ok(alone(parts, Expression::Both))
    }

    fn unit(&mut self) -> Result<Expression> {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            return Err(wrong(self.text, self.at(), Slip::TooDeep));
        }
        let unit = if self.take(&Token::Not) {
            Expression::Not(Box::new(self.unit()?))
        } else if self.take(&Token::Open) {
            let inner = self.either()?;
            if !self.take(&Token::Close) {
                return Err(self.expected(Expected::Close));
            }
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(unit)
    }

    fn comparison(&mut self) -> Result<Expression> {
        let at = self.at();
        let left = self.operand()?;
        if let Some(Token::Compare(how)) = self.peek() {
            let how = *how;
            self.next += 1;
            return Ok(Expression::Compare { left, how, right: self.operand()?, at });
        }
        let negated = self.take(&Token::Not);
        if !self.take(&Token::In) {
            return Err(self.expected(Expected::Comparison));
        }
        let list = Expression::In { column: left, list: self.list()?, at };
        Ok(if negated { Expression::Not(Box::new(list)) } else { list })
    }

    fn list(&mut self) -> Result<Vec<Literal>> {
        if !self.take(&Token::Open) {
            return Err(self.expected(Expected::List));
        }
        let mut list = Vec::new();
        loop {
            match self.operand()? {
                Operand::Literal(literal) => list.push(literal),
                Operand::Column(_) => {
                    self.next -= 1;
                    return Err(self.expected(Expected::Literal));
                }
            }
            if self.take(&Token::Close) {
                return Ok(list);
            }
            if !self.take(&Token::Comma) {
                return Err(self.expected(Expected::CommaOrClose));
            }
        }
    }

    fn operand(&mut self) -> Result<Operand> {
        let operand = match self.peek() {
            Some(Token::Name(name)) => Operand::Column(name.clone()),
            Some(Token::Quoted(word)) => Operand::Literal(Literal::Word(word.clone())),
            Some(Token::Number(value)) => Operand::Literal(Literal::Number(*value)),
            _ => return Err(self.expected(Expected::Operand)),
        };
        self.next += 1;
        Ok(operand)
    }
}

fn alone(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}
