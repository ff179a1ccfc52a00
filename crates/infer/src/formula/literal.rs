//! A number of a formula, as its decimal text says it.

use crate::double_double::DoubleDouble;

/// Digits of the text that two doubles hold; what comes behind them is below the last place.
const DIGITS: usize = 31;

/// The decimal number with 32 digits: `0.1` is a tenth, not the double nearest to it. `None` for
/// what is no number, or none that a double can hold.
pub(super) fn decimal(text: &str) -> Option<DoubleDouble> {
    let value: f64 = text.parse().ok().filter(|v: &f64| v.is_finite())?;
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    // Where a rest would be no normal double.
    if !(1e-250..1e250).contains(&value.abs()) || exponent.abs() > 250 {
        return Some(value.into());
    }
    let mut places = exponent;
    let (mut whole, mut held, mut behind) = (DoubleDouble::ZERO, 0, false);
    for byte in digits.bytes() {
        if byte == b'.' {
            behind = true;
        } else if held < DIGITS {
            whole = whole * 10.0 + f64::from(byte - b'0').into();
            held += usize::from(held > 0 || byte != b'0');
            places -= i32::from(behind);
        } else {
            places += i32::from(!behind);
        }
    }
    let power = DoubleDouble::from(10.0).power(places.unsigned_abs());
    let exact = if places < 0 { whole / power } else { whole * power };
    // The double is the nearest one; the rest is what the arithmetic knows beyond it.
    Some(DoubleDouble::with_rest(value, f64::from(exact - value.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_what_its_double_drops() {
        // Python's Fraction(text) - Fraction(float(text)), rounded to a double.
        for (text, rest) in [
            ("0.1", -5.551115123125783e-18),
            ("3.14159265358979323846264338327950288", 1.2246467991473532e-16),
            ("1e23", 8388608.0),
            ("2.5", 0.0),
            (".3", 1.1102230246251566e-17),
            ("1.1e-30", 8.349224537225755e-47),
        ] {
            let found = decimal(text).unwrap();
            assert_eq!(found.hi, text.parse::<f64>().unwrap(), "{text}");
            assert!((found.lo - rest).abs() <= 1e-14 * rest.abs(), "{text}: {}", found.lo);
        }
        assert_eq!(decimal("1e999"), None);
    }
}
