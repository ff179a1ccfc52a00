//! The rows of a file as ratings, column by column: a cell is a code, of a short decimal or of a
//! value that is kept once.
//!
//! Most columns have few different texts, over and over. Each is read, checked and compared once,
//! and its other cells cost four bytes. A plain number is its own code, and costs no more.

use super::{Columns, Value};
use crate::decimal::Decimal;
use crate::grid::Headed;
use crate::ledger::shown;
use crate::lines::Line;
use crate::{Field, Role};
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
}

/// A column of values.
#[derive(Default)]
pub(super) struct Coded<'a> {
    /// Each value once, or a few times where it was written in different ways; no short decimals.
    pub(super) values: Vec<Value<'a>>,
    /// The code of each rating's value: its place among the values, or a short decimal.
    pub(super) codes: Vec<u32>,
    /// How many digits stand behind a decimal mark, at most.
    pub(super) decimals: usize,
    /// True where the file may have written one word in two ways.
    pub(super) rewritten: bool,
    /// True where its numbers may be capped.
    pub(super) capped: bool,
    /// Values that were computed, by their bits.
    computed: HashMap<(u64, u64), u32>,
}

/// A number of at most eight digits, seven of them behind the point, in a code that no place among
/// the values has: the highest bit, three bits for the places, and the digits as an integer.
#[derive(Clone, Copy)]
struct Short(u32);

impl Short {
    const MARK: u32 = 1 << 31;
    const DIGITS: u32 = (1 << 28) - 1;

    fn of_code(code: u32) -> Option<Self> {
        (code & Self::MARK != 0).then_some(Self(code))
    }

    fn mantissa(self) -> u32 {
        self.0 & Self::DIGITS
    }

    fn places(self) -> usize {
        (self.0 >> 28 & 7) as usize
    }

    fn number(self) -> f64 {
        Decimal::quotient(self.mantissa(), self.places())
    }

    fn decimal(self) -> Decimal {
        Decimal::scaled(self.mantissa(), self.places())
    }

    /// The text's number, and whether there is a point in it.
    fn of_text(text: &[u8]) -> Option<(Self, bool)> {
        if text.len() > 9 {
            return None;
        }
        let (mut mantissa, mut digits, mut point) = (0, 0, None);
        for (at, byte) in text.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa * 10 + u32::from(byte - b'0');
                    digits += 1;
                }
                b'.' if point.is_none() => point = Some(text.len() - at - 1),
                _ => return None,
            }
        }
        let places = point.unwrap_or(0);
        if !(1..=8).contains(&digits) || places > 7 {
            return None;
        }
        Some((Self(Self::MARK | (places as u32) << 28 | mantissa), point.is_some()))
    }

    /// A number in tenths that nothing was rounded of.
    fn of_tenths(read: Decimal) -> Option<Self> {
        let tenths = read.value * 10.0;
        let fits = read.rest == 0.0
            && read.value.is_sign_positive()
            && tenths < f64::from(Self::DIGITS)
            && tenths.fract() == 0.0;
        let short = fits.then_some(Self(Self::MARK | 1 << 28 | tenths as u32))?;
        (short.decimal() == read).then_some(short)
    }
}

/// What a plain number may be in a column, so that nothing is to be said of it.
#[derive(Clone, Copy)]
pub(super) struct Plain {
    low: f64,
    high: f64,
    is_item: bool,
    /// False where a point may separate thousands.
    point: bool,
}

impl Plain {
    /// Of a column; nothing where it holds no numbers.
    pub(super) fn of(field: &Field) -> Option<Self> {
        let is_count = field.role == Role::Capped;
        let low = field.constraints.minimum.unwrap_or(f64::NEG_INFINITY);
        field.role.is_numeric().then_some(Self {
            low: if is_count { low.max(0.0) } else { low },
            high: field.constraints.maximum.unwrap_or(f64::INFINITY),
            is_item: field.role == Role::Item,
            point: !is_count && field.kind != "integer",
        })
    }

    /// The code of a cell, and how many digits stand behind the point.
    pub(super) fn code(self, text: &[u8]) -> Option<(u32, usize)> {
        let (short, has_point) = Short::of_text(text)?;
        let value = short.number();
        let fits = self.low <= value
            && value <= self.high
            && (!self.is_item || [0.0, 0.5, 1.0].contains(&value))
            && (self.point || !has_point);
        fits.then_some((short.0, short.places()))
    }
}

impl<'a> Ratings<'a> {
    /// How many.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The row as the user counts it.
    pub(super) fn row(&self, rating: usize) -> usize {
        self.line(rating).map_or(0, |line| line.number())
    }

    fn line(&self, rating: usize) -> Option<Line<'a>> {
        self.headed.lines.get(self.lines[rating] as usize)
    }

    /// The value in one of the columns.
    pub(super) fn value(&self, rating: usize, at: usize) -> Value<'_> {
        self.columns[at].value(rating)
    }

    /// The number in one of the columns, if there is one.
    pub(super) fn number(&self, rating: usize, at: usize) -> Option<f64> {
        self.columns[at].number(rating)
    }

    /// The total, which stands behind the columns.
    pub(super) fn total(&self, rating: usize) -> Option<f64> {
        self.columns.last().and_then(|total| total.number(rating))
    }

    /// True where two ratings have the same values.
    pub(super) fn alike(&self, one: usize, other: usize) -> bool {
        self.columns
            .iter()
            .all(|c| c.codes[one] == c.codes[other] || c.value(one) == c.value(other))
    }

    /// What stood in the cell of one of the columns, as the ledger of exclusions shows it. Free text
    /// never leaves: only what stands in a number column is repeated.
    pub(super) fn shown(&self, rating: usize, columns: &Columns<'_>, at: usize) -> String {
        let known = columns.0.get(at).filter(|known| known.field.role.is_numeric());
        let text = known.and_then(|known| Some(self.line(rating)?.raw(known.at)));
        shown(text.unwrap_or(""))
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
    pub(super) fn value(&self, rating: usize) -> Value<'_> {
        self.of_code(self.codes[rating])
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
    pub(super) fn number(&self, rating: usize) -> Option<f64> {
        let code = self.codes[rating];
        match Short::of_code(code) {
            Some(short) => (!self.capped).then(|| short.number()),
            None => self.values[code as usize].number(),
        }
    }

    /// The number of a rating with all its text says, or why there is none.
    pub(super) fn decimal(&self, rating: usize) -> Seen<Decimal> {
        match self.value(rating) {
            Value::Number(seen) => seen,
            _ => Err(Missing::Blank),
        }
    }

    /// The code of a value that was computed.
    pub(super) fn code(&mut self, value: Value<'a>) -> u32 {
        let next = self.values.len() as u32;
        let bits = match &value {
            Value::Number(Ok(read)) => match Short::of_tenths(*read) {
                Some(short) => return short.0,
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
    pub(super) fn new(ratings: usize, capped: bool, formula: Value<'a>) -> Self {
        let column = Coded { codes: Vec::with_capacity(ratings), capped, ..Coded::default() };
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
