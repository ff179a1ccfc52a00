//! Decimal text as a double, and what the text said beyond it.

use std::ops::Neg;

/// A number as its decimal text says it: `0.1` is the double nearest to it and a rest of −5.55e−18.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decimal {
    /// The double nearest to the text.
    pub(crate) value: f64,
    /// The text's number less that double.
    pub(crate) rest: f64,
}

/// Powers of ten that a double holds exactly.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Integers below 2^53 are doubles.
const WHOLE: u128 = 1 << 53;

impl Decimal {
    /// Reads digits with or without a point and an exponent; `None` for a number that is too large
    /// for a double.
    pub(crate) fn read(plain: &str) -> Option<Self> {
        let value = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
        let rest = if value == 0.0 { 0.0 } else { rest(plain, value) };
        Some(Self { value, rest })
    }
}

impl Decimal {
    /// Reads what most cells of numbers hold, in one pass: at most 19 digits with or without a sign
    /// and a point. `None` for anything else, which may still be a number.
    ///
    /// Below 2^53 the digits and the power of ten are doubles without an error, so that their
    /// quotient is the double nearest to the text.
    pub(crate) fn short(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', digits @ ..] => (true, digits),
            [b'+', digits @ ..] | digits => (false, digits),
        };
        if !(1..=20).contains(&digits.len()) {
            return None;
        }
        let (mut mantissa, mut count, mut point) = (0_u64, 0, None);
        for (at, byte) in digits.iter().enumerate() {
            match byte {
                b'0'..=b'9' if count < 19 => {
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                    count += 1;
                }
                b'.' if point.is_none() => point = Some(at),
                _ => return None,
            }
        }
        if count == 0 {
            return None;
        }
        let places = point.map_or(0, |at| digits.len() - at - 1);
        let value = if u128::from(mantissa) < WHOLE {
            mantissa as f64 / EXACT[places]
        } else {
            text.trim_start_matches(['+', '-']).parse().ok()?
        };
        let exponent = -(places as i32);
        let rest = if value == 0.0 { 0.0 } else { rest_of(mantissa.into(), exponent, value) };
        let read = Self { value, rest };
        Some(if negative { -read } else { read })
    }
}

impl Decimal {
    /// Digits as an integer, with so many places behind the point: 20 at most.
    pub(crate) fn scaled(mantissa: u32, places: usize) -> Self {
        let value = f64::from(mantissa) / EXACT[places];
        // A multiple of 5ᵏ over 10ᵏ is a double.
        let is_double = places == 0 || mantissa.is_multiple_of(5_u32.pow(places.min(13) as u32));
        let rest = if is_double { 0.0 } else { rest_of(mantissa.into(), -(places as i32), value) };
        Self { value, rest }
    }

    /// The double of [`Decimal::scaled`].
    pub(crate) fn quotient(mantissa: u32, places: usize) -> f64 {
        f64::from(mantissa) / EXACT[places]
    }
}

impl From<f64> for Decimal {
    fn from(value: f64) -> Self {
        Self { value, rest: 0.0 }
    }
}

impl Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        // Not −0, so that what has no rest compares equal.
        Self { value: -self.value, rest: if self.rest == 0.0 { 0.0 } else { -self.rest } }
    }
}

/// The text's number less the double nearest to it, right to about the last digit of a double.
///
/// # Formula
/// With the digits as an integer m and the places k behind the point: (m − value · 10ᵏ) / 10ᵏ,
/// where product and difference are carried in two doubles.
fn rest(plain: &str, value: f64) -> f64 {
    integer(plain).map_or(0.0, |(mantissa, exponent)| rest_of(mantissa, exponent, value))
}

/// [`rest`] of digits as an integer, times a power of ten.
fn rest_of(mantissa: u128, exponent: i32, value: f64) -> f64 {
    if mantissa < WHOLE && exponent == 0 {
        return 0.0;
    }
    // Where the splitting of a product could overflow, or the rest be no normal double.
    if !(1e-250..1e250).contains(&value.abs()) || exponent.abs() > 270 {
        return 0.0;
    }
    let (head, tail) = if mantissa < WHOLE {
        (mantissa as u64 as f64, 0.0)
    } else {
        let head = mantissa as f64;
        // The rounded head may lie above the mantissa.
        (head, (mantissa as i128 - head as i128) as f64)
    };
    let power = power_of_ten(exponent.unsigned_abs() as usize);
    if exponent >= 0 {
        let (high, low) = times((head, tail), power);
        return (high - value) + low;
    }
    let (high, low) = times((value, 0.0), power);
    ((head - high) + (tail - low)) / power.0
}

/// The digits as an integer, and the power of ten it is to be multiplied by. Digits that no pair of
/// doubles could hold are left out.
fn integer(plain: &str) -> Option<(u128, i32)> {
    let (digits, exponent) = match plain.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (plain, 0),
    };
    let (mut mantissa, mut exponent) = (0_u128, exponent);
    let mut behind = false;
    for byte in digits.bytes() {
        match byte {
            b'.' => behind = true,
            // 10^36 leaves room for a digit below the 2^127 of a signed integer.
            _ if mantissa >= 10_u128.pow(36) => {
                exponent = exponent.saturating_add(i32::from(!behind));
            }
            _ => {
                mantissa = mantissa * 10 + u128::from(byte - b'0');
                exponent = exponent.saturating_sub(i32::from(behind));
            }
        }
    }
    Some((mantissa, exponent))
}

/// 10ⁿ as a double and what its rounding left out.
fn power_of_ten(n: usize) -> (f64, f64) {
    let mut power = (EXACT[n % 22], 0.0);
    for _ in 0..n / 22 {
        power = times(power, (EXACT[22], 0.0));
    }
    power
}

/// The product of two numbers that are sums of two doubles each, by Dekker's splitting.
fn times(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    let halves = |v: f64| {
        let c = 134_217_729.0 * v;
        let high = c - (c - v);
        (high, v - high)
    };
    let product = a.0 * b.0;
    let ((a_high, a_low), (b_high, b_low)) = (halves(a.0), halves(b.0));
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    let low = error + (a.0 * b.1 + a.1 * b.0);
    let high = product + low;
    (high, low - (high - product))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_what_the_double_can_not_hold() {
        // By exact rational arithmetic (Python's fractions).
        for (text, expected) in [
            ("0.1", -5.551115123125783e-18),
            ("2.675", 1.7763568394002506e-16),
            ("1.1e-3", -6.626643678231403e-20),
            ("1000000000000.4", -2.44140625e-05),
            ("1000000000000000.4", 0.025),
            ("1e23", 8388608.0),
            ("123456789012345678901234567890.5", 1023514970834.5),
            ("3.14159265358979323846264338327950288419716939937510", 1.2246467991473532e-16),
            ("6.02214076e-140", 7.112292475859154e-157),
            ("1.7e200", 1.5343218685955167e+184),
        ] {
            let rest = Decimal::read(text).unwrap().rest;
            assert!((rest / expected - 1.0).abs() < 1e-13, "{text}: {rest:e} for {expected:e}");
            assert_eq!((-Decimal::read(text).unwrap()).rest, -rest);
        }
    }

    #[test]
    fn short_numbers_are_read_as_all_others() {
        let texts = [
            "0",
            "-0",
            "+7",
            "12.",
            ".5",
            "-0.25",
            "0.1",
            "2.675",
            "1000000000000.4",
            "0.000",
            "00012.50",
            "9007199254740992",
            "9007199254740993",
            "-9007199254740993.1",
            "1234567890123456.789",
            "0.123456789012345678",
            "9999999999999999999",
            "0.000000000000000001",
            "-2.3283064365386963",
        ];
        for text in texts {
            let read = Decimal::read(text.trim_start_matches(['+', '-'])).unwrap();
            let read = if text.starts_with('-') { -read } else { read };
            let short = Decimal::short(text).unwrap();
            let bits = |d: Decimal| (d.value.to_bits(), d.rest.to_bits());
            assert_eq!(bits(short), bits(read), "{text}");
        }
        for other in
            ["", "-", ".", "+.", "1e3", "1.2.3", "--1", "1 2", "12345678901234567890", "１"]
        {
            assert_eq!(Decimal::short(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_double_holds_has_no_rest() {
        for text in ["0", "0.0", "7", "0.5", "2.250", "1e22", "2251799813685249.5", "1e-300"] {
            assert_eq!(Decimal::read(text).unwrap().rest, 0.0, "{text}");
        }
        assert_eq!(Decimal::read("9007199254740993").unwrap().rest.abs(), 1.0);
        assert_eq!(Decimal::read("1e999"), None);
    }

    #[test]
    fn any_exponent_is_a_number_or_none() {
        let zeros = "0".repeat(40);
        let [most, least] = [i32::MAX, i32::MIN].map(|n| n.to_string());
        for (digits, exponent, value) in [
            (format!("1{zeros}"), &most, None),
            (format!("0.{zeros}1"), &most, None),
            (format!("1{zeros}"), &least, Some(0.0)),
            (format!("0.{zeros}1"), &least, Some(0.0)),
            (format!("1{zeros}"), &"-40".to_owned(), Some(1.0)),
        ] {
            let text = format!("{digits}e{exponent}");
            assert_eq!(Decimal::read(&text).map(|d| d.value), value, "{text}");
        }
    }
}
