//! A column of any table: numbers, counts that may be capped, or words.

use super::Comma;
use crate::choices::DecimalMark;
use crate::codebook::Declared;
use crate::decimal::Decimal;
use crate::grid::Form;
use crate::ledger::{Ledger, shown};
use crate::number::{Shape, capped, declared, fold, shape};
use crate::{Error, Result};
use ssi_vocab::{Capped, Column, Missing, Rule, Seen, Words};
use std::borrow::Cow;

/// How the cells of a column are read: what a comma means, how cells were kept apart, which sign the
/// user says begins decimals, and the words that a codebook declares.
pub(super) type How<'c> = (Comma, Form, Option<DecimalMark>, Option<Declared<'c>>);

enum Cell<'a> {
    Missing,
    Number { value: Decimal, at_least: bool, rule: Option<Rule> },
    Undecided,
    Word(&'a str),
}

fn cell<'t>(text: &'t str, (comma, form, asked, said): &How<'_>) -> Cell<'t> {
    let (comma, form, asked) = (*comma, *form, *asked);
    let folded = fold(text);
    if text.is_empty() || is_missing(text) || said.as_ref().is_some_and(|s| s.is_missing(&folded)) {
        return Cell::Missing;
    }
    if let Some(score) = said.as_ref().and_then(|said| said.score(&folded)) {
        let (value, rule) = (score.into(), Some(Rule::DeclaredScore));
        return Cell::Number { value, at_least: false, rule };
    }
    if let (Some(value), None) = (Decimal::short(text), asked) {
        return Cell::Number { value, at_least: false, rule: None };
    }
    let (digits, at_least) = match capped(&folded) {
        Some(rest) => (rest, true),
        None => (&*folded, false),
    };
    let shape = match (shape(digits), asked) {
        (Some(Shape::Either { thousands, .. }), _) if comma == Comma::Thousands => {
            Some(Shape::Thousands(thousands))
        }
        (_, Some(mark)) => declared(digits, mark, form == Form::Workbook),
        (shape, None) => shape,
    };
    let (value, rule) = match shape {
        Some(Shape::Plain(value)) => (value, None),
        Some(Shape::Thousands(value)) => (value, Some(Rule::Thousands)),
        // A decimal comma in a comma-separated file is more likely a slip than a number.
        Some(Shape::DecimalComma(value)) if form == Form::OtherMarks || asked.is_some() => {
            (value, Some(Rule::DecimalComma))
        }
        Some(Shape::Either { decimal, thousands }) => match comma {
            Comma::Thousands => (thousands, Some(Rule::Thousands)),
            Comma::Decimal => (decimal, Some(Rule::DecimalComma)),
            Comma::Unknown => return Cell::Undecided,
        },
        Some(Shape::DecimalComma(_)) | None => return Cell::Word(text),
    };
    let wide = !text.is_ascii() && digits.len() != text.len();
    let rule = rule.or((wide && !at_least).then_some(Rule::FullWidth));
    Cell::Number { value, at_least, rule }
}

fn is_missing(text: &str) -> bool {
    text == "NA" || ["nan", "n/a", "#n/a", "null"].iter().any(|c| text.eq_ignore_ascii_case(c))
}

/// What the text of a column says beyond its doubles, if anything. A workbook holds doubles: its
/// text here is ours.
pub(crate) fn rest(rests: Vec<f64>, form: Form) -> Option<Vec<f64>> {
    let said = form != Form::Workbook && rests.iter().any(|rest| *rest != 0.0);
    said.then_some(rests)
}

/// A column that is being read: its numbers, and what else stands in it.
pub(super) struct Draft<'a> {
    /// True where a plain number can mean nothing else.
    plain: bool,
    values: Vec<Seen<f64>>,
    /// What the text of each number says beyond its double; nothing as long as none says any.
    rests: Vec<f64>,
    /// Cells that are no plain number, with the codes of their texts.
    odd: Vec<(u32, u32)>,
    words: Words<'a>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(rows: usize, plain: bool) -> Self {
        let (values, rests, odd) = (Vec::with_capacity(rows), Vec::new(), Vec::new());
        Self { plain, values, rests, odd, words: Words::default() }
    }

    /// How the column is read, as far as all of its cells tell. In a file with decimal commas, points
    /// separate thousands in a column where each of them can (`1.024`), as they do in capped counts, and
    /// there commas do so, too.
    fn settle(&self, (comma, form, asked, said): How<'a>) -> How<'a> {
        let words = || self.words.words().iter().map(|text| fold(text));
        let counts = words().any(|text| capped(&text).is_some());
        let pointed = |text: &Cow<'_, str>| text.contains('.') && !text.contains(',');
        let grouped = |text: Cow<'_, str>| {
            let digits = capped(&text).unwrap_or(&text);
            shape(digits).is_none()
                || matches!(declared(digits, DecimalMark::Comma, false), Some(Shape::Thousands(_)))
        };
        let mut numbers = words().filter(pointed).peekable();
        let settled = match (asked, comma) {
            (None, Comma::Decimal) if numbers.peek().is_some() && numbers.all(grouped) => {
                Some(DecimalMark::Comma)
            }
            _ => asked,
        };
        let comma = if counts && asked.is_none() { Comma::Thousands } else { comma };
        (comma, form, settled, said)
    }

    /// Appends a cell. Most are plain numbers or stood there before, and cost no memory of their
    /// own.
    pub(super) fn add(&mut self, text: &'a str) {
        let Some(read) = Decimal::short(text).filter(|_| self.plain) else {
            self.odd.push((self.values.len() as u32, self.words.code(text)));
            self.values.push(Err(Missing::Blank));
            return;
        };
        if read.rest != 0.0 {
            self.rests.resize(self.values.len(), 0.0);
            self.rests.push(read.rest);
        }
        self.values.push(Ok(read.value));
    }

    /// The column, once all of its cells are there; `line` gives the row and the text of a cell.
    pub(super) fn column(
        mut self,
        (at, title): (usize, String),
        how: How<'a>,
        file: &str,
        line: impl Fn(usize) -> (usize, &'a str),
        ledger: &mut Ledger,
    ) -> Result<Column> {
        let n = self.values.len();
        let how = self.settle(how);
        let form = how.1;
        let read: Vec<Cell<'a>> = self.words.words().iter().map(|text| cell(text, &how)).collect();
        let odd = || self.odd.iter().map(|(k, code)| (*k as usize, &read[*code as usize]));
        let missing = odd().filter(|(_, cell)| matches!(cell, Cell::Missing)).count();
        let words = odd().filter(|(_, cell)| matches!(cell, Cell::Word(_))).count();
        let (filled, numbers) = (n - missing, n - missing - words);
        let place = (at, title.as_str());
        for (k, _) in odd().filter(|(_, cell)| matches!(cell, Cell::Missing)) {
            let (row, text) = line(k);
            if !text.is_empty() {
                ledger.note(Rule::MissingCode, place, row, text, String::new);
            }
        }
        if 2 * numbers < filled {
            // Its numbers are words like the others.
            let mut odd = self.odd.iter().peekable();
            let codes = (0..n)
                .map(|k| match odd.next_if(|(odd, _)| *odd as usize == k) {
                    Some((_, code)) if matches!(read[*code as usize], Cell::Missing) => {
                        Err(Missing::Blank)
                    }
                    Some((_, code)) => Ok(*code),
                    None => Ok(self.words.code(line(k).1)),
                })
                .collect();
            return Ok(Column::coded(title, &self.words, codes));
        }
        if let Some((k, _)) = odd().find(|(_, cell)| matches!(cell, Cell::Undecided)) {
            let (row, text) = line(k);
            let (name, value) = (file.to_owned(), shown(text));
            return Err(Error::AmbiguousComma { name, column: title.as_str().into(), row, value });
        }
        let has_caps = odd().any(|(_, c)| matches!(c, Cell::Number { at_least: true, .. }));
        let mut capped = vec![false; if has_caps { n } else { 0 }];
        let mut unread = Vec::new();
        for (k, code) in &self.odd {
            let k = *k as usize;
            match &read[*code as usize] {
                Cell::Number { value, at_least, rule } => {
                    let rule = if *at_least { Some(Rule::Capped) } else { *rule };
                    if let Some(rule) = rule {
                        let mark = if *at_least { "+" } else { "" };
                        let (row, text) = line(k);
                        ledger.note(rule, place, row, text, || format!("{}{mark}", value.value));
                    }
                    self.values[k] = Ok(value.value);
                    if value.rest != 0.0 {
                        self.rests.resize(n.max(self.rests.len()), 0.0);
                        self.rests[k] = value.rest;
                    }
                    if *at_least {
                        capped[k] = true;
                    }
                }
                Cell::Word(word) => {
                    unread.push((k, (*word).to_owned()));
                    self.values[k] = Err(Missing::NotANumber);
                }
                Cell::Missing | Cell::Undecided => {}
            }
        }
        let mut column = if has_caps {
            let cap = |(value, at_least): (Seen<f64>, bool)| {
                value.map(|value| Capped { value, at_least })
            };
            Column::capped(title, self.values.into_iter().zip(capped).map(cap).collect())
        } else {
            self.rests.resize(if self.rests.is_empty() { 0 } else { n }, 0.0);
            Column { rest: rest(self.rests, form), ..Column::number(title, self.values) }
        };
        column.unread = unread;
        Ok(column)
    }
}
