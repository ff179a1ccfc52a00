//! A formula's characters as tokens, each with its place.

use super::Slip;
use super::literal::decimal;
use crate::Error;
use crate::double_double::DoubleDouble;
use unicode_width::UnicodeWidthChar;

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A column or function name.
    Name(String),
    /// A number.
    Number(DoubleDouble),
    /// One of `~ + - * / : ^ ( ) , =`.
    Symbol(char),
    /// Behind the last character.
    End,
}

impl Token {
    /// The token as a message shows it; nothing behind the last character.
    pub(super) fn shown(&self) -> Option<String> {
        match self {
            Self::Name(name) => Some(name.clone()),
            Self::Number(value) => Some(value.hi.to_string()),
            Self::Symbol(symbol) => Some(symbol.to_string()),
            Self::End => None,
        }
    }
}

/// A token with its first character's position, counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) at: usize,
}

/// The error for the character at `at` (counted from 0), with a caret under it.
pub(super) fn error(formula: &str, at: usize, slip: Slip) -> Error {
    // A full-width character takes an ideographic space, so that the caret stands below its
    // character in any font that gives both the same width.
    let wide = |c: char| c.width().unwrap_or(0) > 1;
    let padding = formula.chars().take(at).map(|c| if wide(c) { '\u{3000}' } else { ' ' });
    let missing = at.saturating_sub(formula.chars().count());
    let caret = padding.chain(std::iter::repeat_n(' ', missing)).chain(['^']).collect();
    let slip = Box::new(slip);
    Error::Formula { column: at + 1, slip, formula: formula.to_owned(), caret }
}

/// Splits a formula into tokens; the last is always [`Token::End`].
pub(super) fn tokens(formula: &str) -> Result<Vec<Placed>, Error> {
    let characters: Vec<char> = formula.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let start = at;
        let c = narrow(characters[at]);
        let token = if c.is_whitespace() {
            at += 1;
            continue;
        } else if c == '`' {
            let length = characters[at + 1..].iter().position(|c| *c == '`');
            let length = length.ok_or_else(|| error(formula, start, Slip::OpenBacktick))?;
            at += length + 2;
            Token::Name(characters[start + 1..start + 1 + length].iter().collect())
        } else if c.is_ascii_digit()
            || (c == '.' && characters.get(at + 1).is_some_and(char::is_ascii_digit))
        {
            at = number_end(&characters, at);
            let text: String = characters[start..at].iter().collect();
            match decimal(&text) {
                Some(value) => Token::Number(value),
                None => return Err(error(formula, start, Slip::NotANumber { text })),
            }
        } else if starts_name(c) {
            while characters.get(at).is_some_and(|c| continues_name(narrow(*c))) {
                at += 1;
            }
            Token::Name(characters[start..at].iter().collect())
        } else if "~+-*/:^(),=".contains(c) {
            at += 1;
            // R takes `**` for `^`.
            if c == '*' && characters.get(at).is_some_and(|c| narrow(*c) == '*') {
                at += 1;
                Token::Symbol('^')
            } else {
                Token::Symbol(c)
            }
        } else {
            return Err(error(formula, start, Slip::Meaningless { character: c }));
        };
        tokens.push(Placed { token, at: start });
    }
    tokens.push(Placed { token: Token::End, at });
    Ok(tokens)
}

fn number_end(characters: &[char], start: usize) -> usize {
    let digits = |mut at: usize| {
        while characters.get(at).is_some_and(char::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut at = digits(start);
    if characters.get(at) == Some(&'.') {
        at = digits(at + 1);
    }
    if matches!(characters.get(at), Some('e' | 'E')) {
        let sign = usize::from(matches!(characters.get(at + 1), Some('+' | '-')));
        let end = digits(at + 1 + sign);
        if end > at + 1 + sign {
            at = end;
        }
    }
    at
}

/// Full-width signs, as Japanese keyboards type them, mean what their narrow twins mean.
fn narrow(c: char) -> char {
    match c {
        '\u{301c}' => '~',
        '\u{ff08}'..='\u{ff0f}'
        | '\u{ff1a}'
        | '\u{ff1d}'
        | '\u{ff3e}'
        | '\u{ff40}'
        | '\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '.'
}

fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// The name as a formula writes it: in backticks unless it reads without them.
pub(super) fn written(name: &str) -> String {
    let mut characters = name.chars();
    let plain = characters.next().is_some_and(starts_name) && characters.all(continues_name);
    // `.5` is a number.
    let number = name.starts_with('.') && name[1..].starts_with(|c: char| c.is_ascii_digit());
    if plain && !number { name.to_owned() } else { format!("`{name}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_width_point_is_part_of_a_name_and_never_holds_the_lexer_up() {
        // Found by fuzzing: the point began a name that it did not go on, for ever.
        for (formula, names) in [
            ("y ~ a．b", vec!["y", "a．b"]),
            ("．", vec!["．"]),
            ("log10７．５", vec!["log10７．５"]),
        ] {
            let tokens = tokens(formula).unwrap();
            let found: Vec<&str> = tokens
                .iter()
                .filter_map(|t| match &t.token {
                    Token::Name(name) => Some(name.as_str()),
                    _ => None,
                })
                .collect();
            assert_eq!(found, names, "{formula}");
        }
    }
}
