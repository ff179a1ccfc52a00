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
    /// How many cells hold anything, a number for each of the file's columns in its own order.
    pub(super) filled: Vec<usize>,
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

/// A number of at most eight digits, in a code that no place among
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

    /// The number of a text of so many bytes, which are the word's first, and whether there is a point
    /// in it. Its digits are looked at together.
    #[inline]
    fn of_text((word, len): (u64, usize)) -> Option<(Self, bool)> {
        const fn of(byte: u8) -> u64 {
            u64::from_ne_bytes([byte; 8])
        }
        if !(1..=8).contains(&len) {
            return None;
        }
        // The last byte of the text becomes the highest one.
        let text = word << (8 * (8 - len));
        let x = text ^ of(b'.');
        let points = !(((x & of(0x7F)) + of(0x7F)) | x | of(0x7F));
        // What stands before the point moves into its place; without one, nothing does.
        let has_point = points != 0;
        let below = points.trailing_zeros() / 8 * 8;
        let before = text & of(0xFF).unbounded_shr(64 - below);
        let behind = text & of(0xFF).unbounded_shl(below + 8);
        let digits = behind | before << (8 * u32::from(has_point));
        let (count, places) = (len - usize::from(has_point), (7 * 8 - below.min(7 * 8)) / 8);
        let zeros = of(b'0').unbounded_shr(8 * count as u32);
        let values = (digits | zeros) ^ of(b'0');
        // 0x76 takes what is more than nine beyond the seven lower bits.
        if count == 0 || (values | values.wrapping_add(of(0x76))) & of(0x80) != 0 {
            return None;
        }
        let pairs = values.wrapping_mul(10 << 8 | 1) >> 8 & 0x00FF_00FF_00FF_00FF;
        let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_FFFF_0000_FFFF;
        let mantissa = (fours.wrapping_mul(10_000 << 32 | 1) >> 32) as u32;
        Some((Self(Self::MARK | places << 28 | mantissa), has_point))
    }

    /// A number with so many places, if nothing of it is rounded.
    fn of_number(read: Decimal, places: usize) -> Option<Self> {
        let digits = read.value * f64::from(ONE[places]);
        let fits = read.value.is_sign_positive() && digits < f64::from(Self::DIGITS);
        let short = fits.then_some(Self(Self::MARK | (places as u32) << 28 | digits as u32))?;
        (short.decimal() == read).then_some(short)
    }
}

/// Which plain numbers a column may have, so that nothing is to be said of them.
#[derive(Clone)]
pub(super) struct Plain {
    /// For each number of places behind the point the first digits and the first too large ones.
    range: [(u32, u32); 8],
    is_item: bool,
    /// False where a point may separate thousands.
    point: bool,
}

impl Plain {
    /// Of a column; nothing where it holds no numbers.
    pub(super) fn of(field: &Field) -> Option<Self> {
        let is_count = field.role == Role::Capped;
        let range = std::array::from_fn(|places| {
            // Numbers grow with their digits: the first that is allowed, and the last.
            let number = |digits| Decimal::quotient(digits, places);
            let low = |value| field.constraints.minimum.is_some_and(|low| value < low);
            let high = |value| field.constraints.maximum.is_none_or(|high| value <= high);
            let first = partition(|digits| low(number(digits)));
            (first, partition(|digits| high(number(digits))))
        });
        field.role.is_numeric().then_some(Self {
            range,
            is_item: field.role == Role::Item,
            point: !is_count && field.kind != "integer",
        })
    }

    /// The code of a cell, and how many digits stand behind the point.
    #[inline]
    pub(super) fn code(&self, text: (u64, usize)) -> Option<(u32, usize)> {
        let (short, has_point) = Short::of_text(text)?;
        let (digits, places) = (short.mantissa(), short.places());
        let (first, end) = self.range[places];
        let one = ONE[places];
        // All of it is looked at: that takes less than to decide what is not.
        let fits = (first <= digits)
            & (digits < end)
            & (!self.is_item | (digits == 0) | (digits == one) | (2 * digits == one))
            & (self.point | !has_point);
        fits.then_some((short.0, places))
    }
}

/// 1 with so many places behind the point.
const ONE: [u32; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The first digits of which something is no longer true, that is true of all below.
fn partition(holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, Short::DIGITS + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        (low, high) = if holds(middle) { (middle + 1, high) } else { (low, middle) };
    }
    low
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
        self.columns.iter().all(|c| {
            c.codes[one as usize] == c.codes[other as usize] || c.value(one) == c.value(other)
        })
    }

    /// What stood in the cell of one of the columns, as the ledger of exclusions shows it. Free text
    /// never leaves: only what stands in a number column is repeated.
    pub(super) fn shown(&self, rating: u32, columns: &Columns<'_>, at: usize) -> String {
        let known = columns.0.get(at).filter(|known| known.field.role.is_numeric());
        let text = known.and_then(|known| Some(self.line(rating)?.raw(known.at)));
        shown(text.unwrap_or(""))
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
            column.codes.extend(wanted.map(|(_, code)| *code));
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
        self.of_code(self.codes[rating as usize])
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
        let code = self.codes[rating as usize];
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

    /// The value of a text that stood there lately, if nothing is to be said of it.
    #[inline]
    pub(super) fn recall(&self, text: &str) -> Option<u32> {
        let code = self.texts.recall(text)? + 1;
        self.mark(code).is_none().then_some(code)
    }

    /// See [`Words::foresee`].
    pub(super) fn foresee<'w>(&self, texts: impl Iterator<Item = &'w str>) {
        self.texts.foresee(texts);
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

    fn read(text: &str) -> Option<(Decimal, bool)> {
        let mut bytes = *b"garbage!";
        let n = text.len().min(8);
        bytes[..n].copy_from_slice(&text.as_bytes()[..n]);
        let (short, point) = Short::of_text((u64::from_le_bytes(bytes), text.len()))?;
        Some((short.decimal(), point))
    }

    #[test]
    fn a_plain_number_is_read_at_once_as_digit_by_digit() {
        let signs = *b"019.-/: a";
        for length in 0..=5_u32 {
            for code in 0..signs.len().pow(length) {
                let sign = |i| char::from(signs[code / signs.len().pow(i) % signs.len()]);
                let text: String = (0..length).map(sign).collect();
                let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                let expected =
                    Decimal::short(&text).filter(|_| plain).map(|read| (read, text.contains('.')));
                assert_eq!(read(&text), expected, "{text:?}");
            }
        }
        for text in ["12345678", "1234567.", ".1234567", "123.4567", "00000000", "99999999"] {
            assert_eq!(read(text).map(|read| read.0), Decimal::short(text), "{text}");
        }
        for other in ["123456789", "1.2.3", "12\u{e9}", "\u{ff11}", "1\0", "1e3", "1234567\u{b9}"] {
            assert_eq!(read(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_computed_has_the_code_of_its_text_where_it_is_short() {
        let mut column = Coded::default();
        for (value, code) in [(4.5, "4.5"), (7.0, "7.0"), (0.0, "0.0"), (0.25, "0.25")] {
            let mut bytes = [0; 8];
            bytes[..code.len()].copy_from_slice(code.as_bytes());
            let word = (u64::from_le_bytes(bytes), code.len());
            let (short, _) = Short::of_text(word).unwrap();
            assert_eq!(column.code(Value::Number(Ok(value.into()))), short.0);
        }
        for other in [-0.0, -1.0, 0.125, 1e9, 1.0 / 3.0] {
            let code = column.code(Value::Number(Ok(other.into())));
            assert!(Short::of_code(code).is_none());
            let Value::Number(Ok(read)) = column.of_code(code) else { panic!("{other}") };
            assert_eq!(read.value.to_bits(), other.to_bits());
        }
    }
}
