//! Short decimals, which are their own codes, and what is taken for one at first sight.

use crate::decimal::Decimal;
use crate::lines::Word;
use crate::{Field, Role};

/// A number of at most eight digits, in a code that no place among a column's values has: the highest
/// bit, three bits for how many digits stand behind the point, and the digits as an integer.
#[derive(Clone, Copy)]
pub(super) struct Short(u32);

impl Short {
    const MARK: u32 = 1 << 31;
    const DIGITS: u32 = (1 << 28) - 1;

    /// The short decimal of a code, if it is one.
    pub(super) fn of_code(code: u32) -> Option<Self> {
        (code & Self::MARK != 0).then_some(Self(code))
    }

    /// The code.
    pub(super) fn code(self) -> u32 {
        self.0
    }

    fn mantissa(self) -> u32 {
        self.0 & Self::DIGITS
    }

    fn places(self) -> usize {
        (self.0 >> 28 & 7) as usize
    }

    /// The double nearest to it.
    pub(super) fn number(self) -> f64 {
        Decimal::quotient(self.mantissa(), self.places())
    }

    /// All of it.
    pub(super) fn decimal(self) -> Decimal {
        Decimal::scaled(self.mantissa(), self.places())
    }

    /// True for 0, 0.5 and 1.
    fn is_score(self) -> bool {
        let (digits, one) = (self.mantissa(), ONE[self.places()]);
        digits == 0 || digits == one || 2 * digits == one
    }

    /// Twice the score with a code, where it is written as `0`, `0.5` or `1`; [`Self::OTHER`] for any
    /// other code.
    #[inline]
    pub(super) fn halves(code: u32) -> u32 {
        const ZERO: u32 = Short::MARK;
        const HALF: u32 = Short::half(1).0;
        const ONE: u32 = Short::whole(1).0;
        let (half, one) = (u32::from(code == HALF), u32::from(code == ONE));
        half + 2 * one + Self::OTHER * (1 - half - one - u32::from(code == ZERO))
    }

    /// More than twice the sum of any scores.
    pub(super) const OTHER: u32 = 1 << 16;

    /// Half of an integer below 10,000,000, with a digit behind the point.
    pub(super) const fn half(twice: u32) -> Self {
        Self(Self::MARK | 1 << 28 | (5 * twice))
    }

    /// An integer below 100,000,000.
    pub(super) const fn whole(number: u32) -> Self {
        Self(Self::MARK | number)
    }

    /// The number of a text of so many bytes, which are the word's first, and whether there is a point
    /// in it. Its digits are looked at together.
    #[inline]
    pub(super) fn of_text((word, len): Word) -> Option<(Self, bool)> {
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
        // What stands before the first point moves into its place; without one, nothing does.
        let has_point = points != 0;
        let point = (points & points.wrapping_neg()) >> 7;
        let before = point.wrapping_sub(1);
        let behind = !(before | point.wrapping_mul(0xFF));
        let digits = text & behind | (text & before) << (8 * u32::from(has_point));
        let count = len - usize::from(has_point);
        if count == 0 {
            return None;
        }
        let values = (digits ^ of(b'0')) & u64::MAX << (8 * (8 - count));
        // 0x76 takes what is more than nine beyond the seven lower bits.
        if (values | values.wrapping_add(of(0x76))) & of(0x80) != 0 {
            return None;
        }
        let places = 7 - (points | 1 << 63).trailing_zeros() / 8;
        let pairs = values.wrapping_mul(10 << 8 | 1) >> 8 & 0x00FF_00FF_00FF_00FF;
        let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_FFFF_0000_FFFF;
        let mantissa = (fours.wrapping_mul(10_000 << 32 | 1) >> 32) as u32;
        Some((Self(Self::MARK | places << 28 | mantissa), has_point))
    }

    /// A number with so many places, if nothing of it is rounded.
    pub(super) fn of_number(read: Decimal, places: usize) -> Option<Self> {
        let digits = read.value * f64::from(ONE[places]);
        let fits = read.value.is_sign_positive() && digits < f64::from(Self::DIGITS);
        let short = fits.then_some(Self(Self::MARK | (places as u32) << 28 | digits as u32))?;
        (short.decimal() == read).then_some(short)
    }
}

/// Which plain numbers a column may have, so that nothing is to be said of them.
#[derive(Clone)]
pub(super) struct Plain {
    /// The first digits and the first too large ones: for each number of places behind a point, and
    /// for numbers without one.
    range: [(u32, u32); 9],
    is_item: bool,
}

impl Plain {
    /// Of a column; nothing where it holds no numbers.
    pub(super) fn of(field: &Field) -> Option<Self> {
        let within = |places| {
            // Numbers grow with their digits.
            let number = |digits| Decimal::quotient(digits, places);
            let low = |value| field.constraints.minimum.is_some_and(|low| value < low);
            let high = |value| field.constraints.maximum.is_none_or(|high| value <= high);
            let first = partition(|digits| low(number(digits)));
            (first, partition(|digits| high(number(digits))))
        };
        // A point in a count may separate thousands.
        let point = field.role != Role::Capped && field.kind != "integer";
        let range = std::array::from_fn(|at| match at {
            8 => within(0),
            places if point => within(places),
            _ => (0, 0),
        });
        let is_item = field.role == Role::Item;
        field.role.is_numeric().then_some(Self { range, is_item })
    }

    /// The code of a cell, and how many digits stand behind the point.
    #[inline]
    pub(super) fn code(&self, text: Word) -> Option<(u32, usize)> {
        let (short, has_point) = Short::of_text(text)?;
        let (digits, places) = (short.mantissa(), short.places());
        let (first, end) = self.range[if has_point { places } else { 8 }];
        let fits = (first <= digits) & (digits < end) && (!self.is_item || short.is_score());
        fits.then_some((short.0, places))
    }
}

/// The short texts that stood in a column lately, and their codes. Most columns have a few texts, over
/// and over, in no order: to look one up takes less than to ask which one it is.
pub(super) struct Lately([Known; 128]);

/// A text, how long it is, and its code.
#[derive(Clone, Copy)]
struct Known {
    text: u64,
    len: u32,
    code: u32,
}

impl Lately {
    /// None.
    pub(super) fn none() -> Self {
        Self([Known { text: 0, len: u32::MAX, code: 0 }; 128])
    }

    /// The code of a text.
    #[inline]
    pub(super) fn code(&self, (word, len): Word) -> Option<u32> {
        let text = word & OWN.get(len)?;
        let known = self.0[Self::place(text)];
        ((known.text == text) & (known.len == len as u32)).then_some(known.code)
    }

    /// Keeps the code of a text, if it is short.
    pub(super) fn keep(&mut self, (word, len): Word, code: u32) {
        if let Some(own) = OWN.get(len) {
            let text = word & own;
            self.0[Self::place(text)] = Known { text, len: len as u32, code };
        }
    }

    /// Where to look for a text.
    fn place(text: u64) -> usize {
        // The golden ratio, by whose multiples neighbours are far apart.
        (text.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 57) as usize
    }
}

/// The bits of a word that are a text's own, by its length.
const OWN: [u64; 9] = {
    let mut own = [u64::MAX; 9];
    let mut len = 0;
    while len < 8 {
        own[len] = (1 << (8 * len)) - 1;
        len += 1;
    }
    own
};

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
    fn a_text_that_stood_there_lately_is_known_by_its_own_bytes_and_length() {
        let mut lately = Lately::none();
        let word = |text: &str, other: u8| {
            let mut bytes = [other; 8];
            bytes[..text.len().min(8)].copy_from_slice(&text.as_bytes()[..text.len().min(8)]);
            (u64::from_le_bytes(bytes), text.len())
        };
        let texts = ["", "0", "1", "0.5", "0\0", "\0", "12345678", "123456789", "日本"];
        for (code, text) in (7..).zip(texts) {
            assert_eq!(lately.code(word(text, b'x')), None, "{text:?}");
            lately.keep(word(text, b'y'), code);
            let kept = (text.len() <= 8).then_some(code);
            assert_eq!(lately.code(word(text, b'z')), kept, "{text:?}");
        }
    }

    #[test]
    fn scores_are_counted_in_halves() {
        let short = |text: &str| {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            Short::of_text((u64::from_le_bytes(bytes), text.len())).unwrap().0
        };
        for (text, twice) in [("0", 0), ("0.5", 1), ("1", 2)] {
            assert_eq!(Short::halves(short(text).code()), twice, "{text}");
        }
        for text in ["0.0", "0.50", ".5", "1.", "01"] {
            assert!(short(text).is_score(), "{text}");
        }
        for text in ["2", "0.6", "1.5", "5", "10", "0.05"] {
            assert!(!short(text).is_score(), "{text}");
            assert_eq!(Short::halves(short(text).code()), Short::OTHER, "{text}");
        }
        assert_eq!((Short::halves(0), Short::halves(7)), (Short::OTHER, Short::OTHER));
        for (twice, number) in [(0, 0.0), (1, 0.5), (20, 10.0), (9_999_999, 4_999_999.5)] {
            assert_eq!(Short::half(twice).decimal(), Decimal::from(number));
        }
        assert_eq!(Short::whole(7).decimal(), Decimal::from(7.0));
    }
}
