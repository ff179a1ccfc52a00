//! The rows of a file as ratings, column by column: a cell is the code of a value that is kept once.
//!
//! Most columns have few different texts, over and over. Each is read, checked and compared once,
//! and its other cells cost four bytes.

use super::{Columns, Value};
use crate::grid::{Headed, Line};
use crate::ledger::shown;
use ssi_vocab::{Reason, Rule, Words};
use std::collections::HashMap;

/// One rating a row: a respondent as one rater saw them.
pub(super) struct Ratings<'a> {
    pub(super) headed: &'a Headed,
    /// Which of the lines each rating is.
    pub(super) lines: Vec<u32>,
    /// False where the row has a fault already.
    pub(super) sound: Vec<bool>,
    /// The file's columns in the codebook's order; behind them the total, once it is computed.
    pub(super) columns: Vec<Coded<'a>>,
}

/// A column of values.
#[derive(Default)]
pub(super) struct Coded<'a> {
    /// Each value once, or a few times where it was written in different ways.
    pub(super) values: Vec<Value<'a>>,
    /// Which value each rating has.
    pub(super) codes: Vec<u32>,
    /// How many digits stand behind a decimal mark, at most.
    pub(super) decimals: usize,
    /// True where the file may have written one word in two ways.
    pub(super) rewritten: bool,
    /// Values that were computed, by their bits.
    computed: HashMap<(u64, u64), u32>,
}

impl<'a> Ratings<'a> {
    /// How many.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The row as the user counts it.
    pub(super) fn row(&self, rating: usize) -> usize {
        self.line(rating).number
    }

    fn line(&self, rating: usize) -> &'a Line {
        &self.headed.lines[self.lines[rating] as usize]
    }

    /// The value in one of the columns.
    pub(super) fn value(&self, rating: usize, at: usize) -> &Value<'a> {
        self.columns[at].value(rating)
    }

    /// The number in one of the columns, if there is one.
    pub(super) fn number(&self, rating: usize, at: usize) -> Option<f64> {
        self.value(rating, at).number()
    }

    /// The total, which stands behind the columns.
    pub(super) fn total(&self, rating: usize) -> Option<f64> {
        self.columns.last().and_then(|total| total.value(rating).number())
    }

    /// True where two ratings have the same values.
    pub(super) fn alike(&self, one: usize, other: usize) -> bool {
        self.columns
            .iter()
            .all(|c| c.codes[one] == c.codes[other] || c.value(one) == c.value(other))
    }

    /// What stood in a cell, not trimmed.
    pub(super) fn text(&self, rating: usize, column: usize) -> &'a str {
        self.line(rating).cells.get(column).unwrap_or_default()
    }

    /// What stood in the cell of one of the columns, as the ledger of exclusions shows it. Free text
    /// never leaves: only what stands in a number column is repeated.
    pub(super) fn shown(&self, rating: usize, columns: &Columns<'_>, at: usize) -> String {
        let known = columns.0.get(at).filter(|known| known.field.role.is_numeric());
        shown(known.map_or("", |known| self.text(rating, known.at)))
    }

    /// Appends a rating of the same line with other values, given by their codes.
    pub(super) fn append(&mut self, like: usize, codes: &[u32]) -> usize {
        self.lines.push(self.lines[like]);
        self.sound.push(true);
        self.columns.iter_mut().zip(codes).for_each(|(column, code)| column.codes.push(*code));
        self.len() - 1
    }
}

impl<'a> Coded<'a> {
    /// The value of a rating.
    pub(super) fn value(&self, rating: usize) -> &Value<'a> {
        &self.values[self.codes[rating] as usize]
    }

    /// The code of a value that was computed.
    pub(super) fn code(&mut self, value: Value<'a>) -> u32 {
        let next = self.values.len() as u32;
        let bits = match &value {
            Value::Number(Ok(read)) => (read.value.to_bits(), read.rest.to_bits()),
            // No number is so.
            Value::Number(Err(missing)) => (*missing as u64, u64::MAX),
            Value::Capped(_) | Value::Word(_) => {
                self.values.push(value);
                return next;
            }
        };
        let code = *self.computed.entry(bits).or_insert(next);
        if code == next {
            self.values.push(value);
        }
        code
    }

    /// A number for each code, the same for the same word; none for what is no word.
    pub(super) fn identities(&self) -> Vec<Option<u32>> {
        let words = self.values.iter().map(Value::word).zip(0..);
        if !self.rewritten {
            return words.map(|(word, code)| word.map(|_| code)).collect();
        }
        let mut known = Words::default();
        words.map(|(word, _)| word.map(|word| known.code(word))).collect()
    }
}

/// What is to be said of every cell with a text.
pub(super) struct Mark {
    /// How it was read.
    pub(super) rules: Vec<Rule>,
    /// Why its row is excluded.
    pub(super) fault: Option<Reason>,
    /// True where the file is refused for it.
    pub(super) refused: bool,
}

impl Mark {
    /// Nothing is.
    pub(super) const NONE: Self = Self { rules: Vec::new(), fault: None, refused: false };
}

/// A column that is being read.
pub(super) struct Draft<'a> {
    pub(super) column: Coded<'a>,
    /// The texts, in the order of the values behind the first one.
    texts: Words<'a>,
    /// By the values' codes, up to the last one that has a mark.
    marks: Vec<Option<Box<Mark>>>,
}

impl<'a> Draft<'a> {
    /// The code of the first value, which cells with a formula have.
    pub(super) const FORMULA: u32 = 0;

    /// A column for so many ratings, with the value of a cell with a formula.
    pub(super) fn new(ratings: usize, formula: Value<'a>) -> Self {
        let column = Coded { codes: Vec::with_capacity(ratings), ..Coded::default() };
        let mut draft = Self { column, texts: Words::default(), marks: Vec::new() };
        draft.push(formula, Mark { fault: Some(Reason::Formula), ..Mark::NONE });
        draft
    }

    /// The value of a text: one that was read before, or the next one.
    pub(super) fn code(&mut self, text: &'a str) -> u32 {
        self.texts.code(text) + 1
    }

    /// True where there is no value with the code yet.
    pub(super) fn lacks(&self, code: u32) -> bool {
        code as usize == self.column.values.len()
    }

    /// Appends a value.
    pub(super) fn push(&mut self, value: Value<'a>, mark: Mark) {
        if !mark.rules.is_empty() || mark.fault.is_some() || mark.refused {
            self.marks.resize_with(self.column.values.len(), || None);
            self.marks.push(Some(Box::new(mark)));
        }
        self.column.values.push(value);
    }

    /// What is to be said of the cells with a value.
    pub(super) fn mark(&self, code: u32) -> Option<&Mark> {
        self.marks.get(code as usize)?.as_deref()
    }
}
