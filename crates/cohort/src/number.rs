//! A cell's text as a number, whatever the machine's locale and the report's language.

use crate::choices::DecimalMark;
use crate::decimal::Decimal;
use crate::grid::is_unseen;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The text as it is compared and read: full-width signs become plain ones (NFKC), marks that
/// can't be seen vanish, white space around it goes.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text.trim());
    }
    let folded: String = text
        .nfkc()
        .filter(|c| !is_unseen(*c))
        // NFKC leaves the minus sign of mathematics apart from the hyphen of keyboards.
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    Cow::Owned(folded.trim().to_owned())
}

/// What the digits, points and commas of a number say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Shape {
    /// No comma, or nothing that a comma could change.
    Plain(Decimal),
    /// The comma can only separate thousands: `1,024,000`, `1,024.5`.
    Thousands(Decimal),
    /// The comma can only be a decimal comma: `20,97`, `0,973`, `1.024,5`.
    DecimalComma(Decimal),
    /// `1,024`: three digits after one comma.
    Either {
        /// Read with a decimal comma.
        decimal: Decimal,
        /// Read with thousands.
        thousands: Decimal,
    },
}

/// Reads a folded text as a finite number.
///
/// A point is always a decimal point, except where a comma follows it. A number too large for a
/// double is not a number.
pub(crate) fn shape(text: &str) -> Option<Shape> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let finite = |plain: &str| -> Option<Decimal> {
        let read = Decimal::read(plain)?;
        Some(if negative { -read } else { read })
    };
    if !digits.contains(',') {
        return is_plain(digits).then(|| finite(digits)).flatten().map(Shape::Plain);
    }
    let without_commas = digits.replace(',', "");
    let thousands = grouped(digits, ',', '.').then(|| finite(&without_commas)).flatten();
    let with_point = digits.replace('.', "").replace(',', ".");
    let one_comma = digits.matches(',').count() == 1;
    let (before, after) = digits.split_once(',').unwrap_or((digits, ""));
    let whole = !before.is_empty() && (is_digits(before) || grouped(before, '.', ','));
    let decimal = (one_comma && whole && is_digits(after)).then(|| finite(&with_point)).flatten();
    match (decimal, thousands) {
        (Some(decimal), Some(thousands)) => Some(Shape::Either { decimal, thousands }),
        (Some(value), None) => Some(Shape::DecimalComma(value)),
        (None, Some(value)) => Some(Shape::Thousands(value)),
        (None, None) => None,
    }
}

/// Reads a folded text whose decimal mark is declared. With a decimal comma, a point separates
/// thousands where it can (`1.024`), except in a workbook, whose own numbers have points.
pub(crate) fn declared(text: &str, mark: DecimalMark, workbook: bool) -> Option<Shape> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if mark == DecimalMark::Comma && !workbook && grouped(digits, '.', ',') {
        let value = Decimal::read(&digits.replace('.', "").replace(',', "."))?;
        let value = if text.starts_with('-') { -value } else { value };
        return Some(if digits.contains(',') {
            Shape::DecimalComma(value)
        } else {
            Shape::Thousands(value)
        });
    }
    match (mark, shape(text)?) {
        (DecimalMark::Comma, Shape::Either { decimal, .. }) => Some(Shape::DecimalComma(decimal)),
        (DecimalMark::Point, Shape::Either { thousands, .. }) => Some(Shape::Thousands(thousands)),
        (DecimalMark::Comma, Shape::Thousands(_))
        | (DecimalMark::Point, Shape::DecimalComma(_)) => None,
        (_, other) => Some(other),
    }
}

/// How many digits stand after the decimal mark.
pub(crate) fn decimals(text: &str) -> usize {
    let tail = text.rsplit(['.', ',']).next().filter(|tail| tail.len() < text.len());
    tail.map_or(0, |tail| tail.bytes().take_while(u8::is_ascii_digit).count())
}

/// A count that may be capped: `500+`, `500人以上`, `500以上`. Returns the text before the mark.
pub(crate) fn capped(text: &str) -> Option<&str> {
    ["+", "人以上", "以上", " or more"]
        .iter()
        .find_map(|mark| text.strip_suffix(mark))
        .or_else(|| text.strip_prefix(">=").or_else(|| text.strip_prefix('≥')))
        .map(str::trim)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// An approximate number: `約300`, `300くらい`. Returns the text without the wording.
pub(crate) fn approximate(text: &str) -> Option<&str> {
    ["約", "およそ", "だいたい", "ざっと", "~", "〜", "about ", "approx. ", "ca. "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .or_else(|| {
            ["くらい", "ぐらい", "程度", "前後", "ほど"]
                .iter()
                .find_map(|mark| text.strip_suffix(mark))
        })
        .map(str::trim)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `12`, `12.5`, `.5`, `12.`, `1.2e-3`: nothing else that Rust would parse, such as `inf`.
fn is_plain(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let mantissa_is_fine = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            (is_digits(whole) && (fraction.is_empty() || is_digits(fraction)))
                || (whole.is_empty() && is_digits(fraction))
        }
        None => is_digits(mantissa),
    };
    mantissa_is_fine && exponent.is_none_or(|e| is_digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// Digits in groups of three, as in `1,024` or `12,345.6`, that don't begin with 0.
fn grouped(text: &str, mark: char, point: char) -> bool {
    let (whole, fraction) = match text.split_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_some()
        && is_digits(first)
        && first.len() <= 3
        && !first.starts_with('0')
        && rest.all(|group| group.len() == 3 && is_digits(group))
        && fraction.is_none_or(is_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_read_by_what_stands_around_it() {
        let read = |plain: &str| Decimal::read(plain).unwrap();
        assert_eq!(shape("20,97"), Some(Shape::DecimalComma(read("20.97"))));
        assert_eq!(shape("0,973"), Some(Shape::DecimalComma(read("0.973"))));
        assert_eq!(shape("-1.024,5"), Some(Shape::DecimalComma(-read("1024.5"))));
        assert_eq!(shape("1,024.5"), Some(Shape::Thousands(read("1024.5"))));
        assert_eq!(shape("1,024,000"), Some(Shape::Thousands(read("1024000"))));
        let (decimal, thousands) = (read("1.024"), read("1024"));
        assert_eq!(shape("1,024"), Some(Shape::Either { decimal, thousands }));
        for wrong in ["1,02,4", ",5", "5,", "1,024,00", "1,2.3", "1.0.2", ","] {
            assert_eq!(shape(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_declared_mark_leaves_one_reading() {
        let read = |plain: &str| Decimal::read(plain).unwrap();
        let comma = |text| declared(text, DecimalMark::Comma, false);
        let point = |text| declared(text, DecimalMark::Point, false);
        assert_eq!(comma("1,024"), Some(Shape::DecimalComma(read("1.024"))));
        assert_eq!(comma("1.024"), Some(Shape::Thousands(read("1024"))));
        assert_eq!(comma("-1.024,5"), Some(Shape::DecimalComma(-read("1024.5"))));
        assert_eq!(comma("20.97"), Some(Shape::Plain(read("20.97"))));
        assert_eq!(comma("1,024,000"), None);
        assert_eq!(point("1,024"), Some(Shape::Thousands(read("1024"))));
        assert_eq!(point("20,97"), None);
        let own = declared("20.973", DecimalMark::Comma, true);
        assert_eq!(own, Some(Shape::Plain(read("20.973"))), "a workbook's own number");
    }

    #[test]
    fn only_decimal_notation_is_a_number() {
        for (text, value) in [("12", 12.0), (".5", 0.5), ("12.", 12.0), ("1.5E+3", 1500.0)] {
            assert_eq!(shape(text), Some(Shape::Plain(value.into())), "{text}");
        }
        for wrong in ["inf", "NaN", "0x10", "1e", "e5", "1e999", "", "-", "+", "1 024", "--1"] {
            assert_eq!(shape(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn full_width_digits_fold_to_plain_ones() {
        assert_eq!(fold("\u{3000}７５．５％ "), "75.5%");
        assert_eq!(fold("５００＋"), "500+");
        assert_eq!(shape(&fold("−３")), Some(Shape::Plain((-3.0).into())));
    }

    #[test]
    fn caps_and_approximations_are_recognised() {
        assert_eq!(capped("500+"), Some("500"));
        assert_eq!(capped("500人以上"), Some("500"));
        assert_eq!(capped("C++"), None);
        assert_eq!(approximate("約300"), Some("300"));
        assert_eq!(approximate("300くらい"), Some("300"));
        assert_eq!(approximate("300"), None);
    }

    #[test]
    fn decimals_are_counted_from_the_text() {
        assert_eq!(decimals("20.973"), 3);
        assert_eq!(decimals("20,9"), 1);
        assert_eq!(decimals("15"), 0);
    }
}
