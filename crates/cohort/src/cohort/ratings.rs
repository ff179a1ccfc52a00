//! The rows of a file as ratings, column by column: a cell is a code, of a short decimal or of a
//! value that is kept once.
//!
//! Most columns have few different texts, over and over. Each is read, checked and compared once,
//! and its other cells cost a byte or four. A plain number is its own code, and costs no more.

use super::codes::Codes;
use super::notes::Wording;
use super::short::{Lately, Short};
use super::{Columns, Value};
use crate::decimal::Decimal;
use crate::grid::Headed;
use crate::ledger::shown;
use crate::lines::Line;
use ssi_vocab::{Capped, Missing, Reason, Rule, Seen, Words};
use std::collections::HashMap;

/// One rating a row: a respondent as one rater saw them.
pub(super) struct Ratings<'a> {
    pub(super) headed: &'a Headed<'a>,
    /// Which of the lines each rating is.
    pub(super) lines: Vec<u32>,
    /// False where the row has a fault already.
    pub(super) sound: Vec<bool>,
    /// The file's columns in the codebook's order; behind them the total, once it is computed.
    pub(super) columns: Vec<Coded<'a>>,
    /// How many cells hold anything, a number for each of the file's columns in its own order.
    pub(super) filled: Vec<usize>,
}

/// A column of values.
#[derive(Default)]
pub(super) struct Coded<'a> {
    /// Each value once, or a few times where it was written in different ways; no short decimals.
    pub(super) values: Vec<Value<'a>>,
    /// The code of each rating's value: its place among the values, or a short decimal.
    pub(super) codes: Codes,
    /// How many digits stand behind a decimal mark, at most.
    pub(super) decimals: usize,
    /// True where the file may have written one word in two ways.
    pub(super) rewritten: bool,
    /// True where its numbers may be capped.
    pub(super) capped: bool,
    /// Values that were computed, by their bits.
    computed: HashMap<(u64, u64), u32>,
}

impl<'a> Ratings<'a> {
    /// How many.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The row as the user counts it.
    pub(super) fn row(&self, rating: u32) -> usize {
        self.line(rating).map_or(0, |line| line.number())
    }

    fn line(&self, rating: u32) -> Option<Line<'a>> {
        self.headed.lines.get(self.lines[rating as usize] as usize)
    }

    /// The value in one of the columns.
    pub(super) fn value(&self, rating: u32, at: usize) -> Value<'_> {
        self.columns[at].value(rating)
    }

    /// The number in one of the columns, if there is one.
    #[inline]
    pub(super) fn number(&self, rating: u32, at: usize) -> Option<f64> {
        self.columns[at].number(rating)
    }

    /// The total, which stands behind the columns.
    pub(super) fn total(&self, rating: u32) -> Option<f64> {
        self.columns.last().and_then(|total| total.number(rating))
    }

    /// True where two ratings have the same values.
    pub(super) fn alike(&self, one: u32, other: u32) -> bool {
        self.columns
            .iter()
            .all(|c| c.codes.get(one) == c.codes.get(other) || c.value(one) == c.value(other))
    }

    /// What stood in the cell of one of the columns, as the ledger of exclusions shows it. Free text
    /// never leaves: only what stands in a number column is repeated.
    pub(super) fn shown(&self, rating: u32, columns: &Columns<'_>, at: usize) -> String {
        let known = columns.0.get(at).filter(|known| known.field.role.is_numeric());
        shown(known.map_or("", |known| self.raw(rating, known.at)))
    }

    /// What stood in the cell of one of the file's columns.
    pub(super) fn raw(&self, rating: u32, place: usize) -> &'a str {
        self.line(rating).map_or("", |line| line.raw(place))
    }

    /// Appends ratings with other values, given by their codes, column by column: each of the line of
    /// another rating, where it is wanted at all. Which ones they are.
    pub(super) fn extend(
        &mut self,
        like: impl Iterator<Item = (u32, bool)> + Clone,
        codes: &[Vec<u32>],
    ) -> Vec<Option<u32>> {
        for (column, codes) in self.columns.iter_mut().zip(codes) {
            let wanted = like.clone().zip(codes).filter(|((_, wanted), _)| *wanted);
            column.codes.append(&wanted.map(|(_, code)| *code).collect::<Vec<u32>>());
        }
        let appended = |(like, wanted): (u32, bool)| {
            wanted.then(|| {
                self.lines.push(self.lines[like as usize]);
                self.sound.push(true);
                self.lines.len() as u32 - 1
            })
        };
        like.map(appended).collect()
    }
}

impl<'a> Coded<'a> {
    /// The value of a rating.
    pub(super) fn value(&self, rating: u32) -> Value<'_> {
        self.of_code(self.codes.get(rating))
    }

    /// The value of a code.
    pub(super) fn of_code(&self, code: u32) -> Value<'_> {
        match Short::of_code(code) {
            Some(short) if self.capped => {
                Value::Capped(Ok(Capped { value: short.number(), at_least: false }))
            }
            Some(short) => Value::Number(Ok(short.decimal())),
            None => self.values[code as usize].borrowed(),
        }
    }

    /// The number of a rating, if it has one.
    #[inline]
    pub(super) fn number(&self, rating: u32) -> Option<f64> {
        let code = self.codes.get(rating);
        match Short::of_code(code) {
            Some(short) => (!self.capped).then(|| short.number()),
            None => self.values[code as usize].number(),
        }
    }

    /// The number of a rating with all its text says, or why there is none.
    pub(super) fn decimal(&self, rating: u32) -> Seen<Decimal> {
        match self.value(rating) {
            Value::Number(seen) => seen,
            _ => Err(Missing::Blank),
        }
    }

    /// The code of a value that was computed.
    pub(super) fn code(&mut self, value: Value<'a>) -> u32 {
        let next = self.values.len() as u32;
        let bits = match &value {
            // Sums and means of halves.
            Value::Number(Ok(read)) => match (1..3).find_map(|p| Short::of_number(*read, p)) {
                Some(short) => return short.code(),
                None => (read.value.to_bits(), read.rest.to_bits()),
            },
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

    /// A number for each place among the values, the same for the same word; none for what is no
    /// word.
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
#[derive(Default)]
pub(super) struct Mark {
    /// How it was read.
    pub(super) rules: Vec<Rule>,
    /// Why its row is excluded.
    pub(super) fault: Option<Reason>,
    /// True where the file is refused for it.
    pub(super) refused: bool,
    /// What a ledger shows of it, where that is the same for all these cells.
    pub(super) wording: Option<Wording>,
}

/// A column that is being read.
pub(super) struct Draft<'a> {
    pub(super) column: Coded<'a>,
    /// The texts, in the order of the values behind the first one.
    texts: Words<'a>,
    /// By the values' codes, up to the last one that has a mark.
    marks: Vec<Option<Box<Mark>>>,
    /// Texts of which nothing is to be said.
    pub(super) lately: Lately,
}

impl<'a> Draft<'a> {
    /// The code of the first value, which cells with a formula have.
    pub(super) const FORMULA: u32 = 0;

    /// A column for so many ratings, with the value of a cell with a formula.
    pub(super) fn new(ratings: usize, capped: bool, formula: Value<'a>) -> Self {
        let column = Coded { codes: Codes::of(ratings), capped, ..Coded::default() };
        let (texts, marks, lately) = (Words::default(), Vec::new(), Lately::none());
        let mut draft = Self { column, texts, marks, lately };
        draft.push(formula, Mark { fault: Some(Reason::Formula), ..Mark::default() });
        draft
    }

    /// The value of a text: one that was read before, or the next one.
    pub(super) fn code(&mut self, text: &'a str) -> u32 {
        self.texts.code(text) + 1
    }

    /// The value of a text that stood there lately, if nothing is to be said of it.
    #[inline]
    pub(super) fn recall(&self, text: &str) -> Option<u32> {
        let code = self.texts.recall(text)? + 1;
        self.mark(code).is_none().then_some(code)
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
    #[inline]
    pub(super) fn mark(&self, code: u32) -> Option<&Mark> {
        self.marks.get(code as usize)?.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_has_the_code_of_its_text_where_it_is_short() {
        let mut column = Coded::default();
        for (value, code) in [(4.5, "4.5"), (7.0, "7.0"), (0.0, "0.0"), (0.25, "0.25")] {
            let mut bytes = [0; 8];
            bytes[..code.len()].copy_from_slice(code.as_bytes());
            let word = (u64::from_le_bytes(bytes), code.len());
            let (short, _) = Short::of_text(word).unwrap();
            assert_eq!(column.code(Value::Number(Ok(value.into()))), short.code());
        }
        for other in [-0.0, -1.0, 0.125, 1e9, 1.0 / 3.0] {
            let code = column.code(Value::Number(Ok(other.into())));
            assert!(Short::of_code(code).is_none());
            let Value::Number(Ok(read)) = column.of_code(code) else { panic!("{other}") };
            assert_eq!(read.value.to_bits(), other.to_bits());
        }
    }
}
