//! Short decimals, which are their own codes, and what is taken for one at first sight.

use crate::decimal::Decimal;
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

    /// The number of a text of so many bytes, which are the word's first, and whether there is a point
    /// in it. Its digits are looked at together.
    #[inline]
    pub(super) fn of_text((word, len): (u64, usize)) -> Option<(Self, bool)> {
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
    /// For each number of places behind the point the first digits and the first too large ones.
    range: [(u32, u32); 8],
    is_item: bool,
    /// True where it may have 0, 0.5 and 1.
    usual: bool,
    /// False where a point may separate thousands.
    point: bool,
}

impl Plain {
    /// Of a column; nothing where it holds no numbers.
    pub(super) fn of(field: &Field) -> Option<Self> {
        let is_count = field.role == Role::Capped;
        let range = std::array::from_fn(|places| {
            // Numbers grow with their digits.
            let number = |digits| Decimal::quotient(digits, places);
            let low = |value| field.constraints.minimum.is_some_and(|low| value < low);
            let high = |value| field.constraints.maximum.is_none_or(|high| value <= high);
            let first = partition(|digits| low(number(digits)));
            (first, partition(|digits| high(number(digits))))
        });
        field.role.is_numeric().then_some(Self {
            range,
            is_item: field.role == Role::Item,
            usual: field.role == Role::Item && [0.0, 0.5, 1.0].into_iter().all(|v| field.allows(v)),
            point: !is_count && field.kind != "integer",
        })
    }

    /// The code of a score that is written in the usual way: `0`, `1` or `0.5`. Scores come in no
    /// order, so that to ask which one it is would take longer than to look it up.
    #[inline]
    fn usual_score((word, len): (u64, usize)) -> Option<(u32, usize)> {
        const fn score(text: &[u8; 8], len: usize, places: u32, digits: u32) -> (u64, usize, u32) {
            (u64::from_le_bytes(*text), len, Short::MARK | places << 28 | digits)
        }
        const SCORES: [(u64, usize, u32); 4] = [
            score(b"0\0\0\0\0\0\0\0", 1, 0, 0),
            score(b"1\0\0\0\0\0\0\0", 1, 0, 1),
            score(b"0.5\0\0\0\0\0", 3, 1, 5),
            (0, 0, 0),
        ];
        let (text, own, code) = SCORES[len & 2 | word as usize & 1];
        let own_bytes = !u64::MAX.unbounded_shl(8 * own as u32);
        (own == len && text == word & own_bytes && len > 0).then_some((code, len / 2))
    }

    /// The code of a cell, and how many digits stand behind the point.
    #[inline]
    pub(super) fn code(&self, text: (u64, usize)) -> Option<(u32, usize)> {
        if self.usual
            && let Some(found) = Self::usual_score(text)
        {
            return Some(found);
        }
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
    fn the_usual_scores_have_the_codes_of_their_texts() {
        for text in ["0", "1", "0.5", "", "2", "3", "0.6", "1.5", "1.0", "00", "0\0\0\0\0", "0.5\0"]
        {
            let mut bytes = *b"garbage!";
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            let word = (u64::from_le_bytes(bytes), text.len());
            let expected = Short::of_text(word).map(|(short, _)| (short.0, short.places()));
            let usual = ["0", "1", "0.5"].contains(&text);
            assert_eq!(Plain::usual_score(word), expected.filter(|_| usual), "{text:?}");
        }
    }
}
