//! What a value means, and its text: as a workbook's cells are written.

use std::fmt::Write;

/// How values are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Physical {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    /// So many bytes each.
    Fixed(usize),
}

impl Physical {
    /// By its number in the format.
    pub(super) fn of(number: i64, length: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Boolean,
            1 => Self::Int32,
            2 => Self::Int64,
            3 => Self::Int96,
            4 => Self::Float,
            5 => Self::Double,
            6 => Self::Bytes,
            // The format's lengths have 32 bits.
            7 => Self::Fixed(i32::try_from(length).ok()?.try_into().ok().filter(|n| *n > 0)?),
            _ => return None,
        })
    }

    /// The bytes of a value, where all have the same number.
    pub(super) fn width(self) -> Option<usize> {
        match self {
            Self::Int32 | Self::Float => Some(4),
            Self::Int64 | Self::Double => Some(8),
            Self::Int96 => Some(12),
            Self::Fixed(n) => Some(n),
            Self::Boolean | Self::Bytes => None,
        }
    }
}

/// What a column's values are said to be, by the numbers of the format.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Logical {
    pub(super) of: i64,
    pub(super) scale: i64,
    pub(super) unit: i64,
    pub(super) utc: bool,
    pub(super) unsigned: bool,
}

/// What values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Truth,
    Integer,
    /// An integer that keeps as many bits as it is stored in.
    Unsigned(u64),
    Number,
    /// A double of half the bytes of a `float`.
    Half,
    Text,
    /// An integer without its decimal point, which stands before so many digits.
    Decimal(usize),
    /// Days since 1970.
    Date,
    /// Since midnight; so many a second.
    Time(i64),
    /// Since 1970; so many a second. In UTC where it is true, else on the clock of the place.
    Timestamp(i64, bool),
    /// Nanoseconds of a day, and the Julian day.
    OldTimestamp,
    Uuid,
    /// Nothing at all.
    Empty,
}

/// A value as it is stored.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    Truth(bool),
    Integer(i64),
    Float(f32),
    Double(f64),
    Bytes(&'a [u8]),
}

impl Value {
    /// What a column's values mean; the format's name of the kind where it is not read.
    pub(super) fn of(
        physical: Physical,
        logical: Option<Logical>,
        converted: Option<i64>,
        scale: i64,
    ) -> Result<Self, &'static str> {
        let said = logical.unwrap_or_else(|| older(converted, scale));
        let second = match said.unit {
            1 => 1_000,
            2 => 1_000_000,
            _ => 1_000_000_000,
        };
        let is_int = matches!(physical, Physical::Int32 | Physical::Int64);
        let is_bytes = matches!(physical, Physical::Bytes);
        Ok(match (said.of, physical) {
            (1 | 4 | 12, _) if is_bytes => Self::Text,
            (5, Physical::Fixed(n)) if n > 16 => return Err("DECIMAL"),
            (5, _) if is_int || is_bytes || matches!(physical, Physical::Fixed(_)) => {
                Self::Decimal(
                    usize::try_from(said.scale).ok().filter(|s| *s <= 38).ok_or("DECIMAL")?,
                )
            }
            (6, Physical::Int32) => Self::Date,
            (7, _) if is_int => Self::Time(second),
            (8, Physical::Int64) => Self::Timestamp(second, said.utc),
            (10, Physical::Int32) if said.unsigned => Self::Unsigned(u32::MAX.into()),
            (10, Physical::Int64) if said.unsigned => Self::Unsigned(u64::MAX),
            (11, _) => Self::Empty,
            (13, _) => return Err("BSON"),
            (14, Physical::Fixed(16)) => Self::Uuid,
            (15, Physical::Fixed(2)) => Self::Half,
            (16, _) => return Err("VARIANT"),
            (17, _) => return Err("GEOMETRY"),
            (18, _) => return Err("GEOGRAPHY"),
            (INTERVAL, _) => return Err("INTERVAL"),
            (_, Physical::Boolean) => Self::Truth,
            (_, Physical::Int32 | Physical::Int64) => Self::Integer,
            (_, Physical::Int96) => Self::OldTimestamp,
            (_, Physical::Float | Physical::Double) => Self::Number,
            // Older writers don't say that bytes are text; where they are none, it is found out.
            (_, Physical::Bytes) => Self::Text,
            (_, Physical::Fixed(_)) => return Err("FIXED_LEN_BYTE_ARRAY"),
        })
    }

    /// Appends the text of a value; `None` for what is none of its kind.
    pub(super) fn write(self, raw: Raw<'_>, out: &mut String) -> Option<()> {
        match (self, raw) {
            (Self::Truth, Raw::Truth(v)) => out.push_str(if v { "TRUE" } else { "FALSE" }),
            (Self::Integer, Raw::Integer(v)) => write!(out, "{v}").ok()?,
            (Self::Unsigned(all), Raw::Integer(v)) => write!(out, "{}", v as u64 & all).ok()?,
            (Self::Number, Raw::Float(v)) => number(v.is_nan(), &v, out)?,
            (Self::Number, Raw::Double(v)) => number(v.is_nan(), &v, out)?,
            (Self::Half, Raw::Bytes(&[low, high])) => {
                let v = half(u16::from_le_bytes([low, high]));
                number(v.is_nan(), &v, out)?;
            }
            (Self::Text, Raw::Bytes(bytes)) => out.push_str(std::str::from_utf8(bytes).ok()?),
            (Self::Decimal(scale), Raw::Integer(v)) => decimal(i128::from(v), scale, out)?,
            (Self::Decimal(scale), Raw::Bytes(bytes)) => decimal(big_endian(bytes)?, scale, out)?,
            (Self::Date, Raw::Integer(days)) => date(days, out)?,
            (Self::Time(second), Raw::Integer(v)) => time(v, second, out)?,
            (Self::Timestamp(second, utc), Raw::Integer(v)) => {
                let day = second * 86_400;
                moment(v.div_euclid(day), v.rem_euclid(day), (second, utc), out)?;
            }
            (Self::OldTimestamp, Raw::Bytes(bytes)) => {
                let (of_day, day) = bytes.split_first_chunk::<8>()?;
                let day = i32::from_le_bytes(day.try_into().ok()?);
                // 1970-01-01 is the Julian day 2440588.
                let (day, of_day) = (i64::from(day) - 2_440_588, i64::from_le_bytes(*of_day));
                moment(day, of_day, (1_000_000_000, false), out)?;
            }
            (Self::Uuid, Raw::Bytes(bytes)) => {
                for (at, byte) in bytes.iter().enumerate() {
                    let dash = if [4, 6, 8, 10].contains(&at) { "-" } else { "" };
                    write!(out, "{dash}{byte:02x}").ok()?;
                }
            }
            (Self::Empty, _) => {}
            _ => return None,
        }
        Some(())
    }
}

/// The number that stands here for what only older files have, and is not read.
const INTERVAL: i64 = -1;

/// What older files say instead.
fn older(converted: Option<i64>, scale: i64) -> Logical {
    let (of, unit) = match converted {
        Some(0) => (1, 0),
        Some(4) => (4, 0),
        Some(5) => (5, 0),
        Some(6) => (6, 0),
        Some(at @ (7 | 8)) => (7, at - 6),
        Some(at @ (9 | 10)) => (8, at - 8),
        Some(11..=18) => (10, 0),
        Some(19) => (12, 0),
        Some(20) => (13, 0),
        Some(21) => (INTERVAL, 0),
        _ => (0, 0),
    };
    let unsigned = matches!(converted, Some(11..=14));
    // Whether a clock was in UTC they did not agree on.
    Logical { of, scale, unit, utc: false, unsigned }
}

/// A number; what is none is missing, as everywhere.
fn number(none: bool, value: &dyn std::fmt::Display, out: &mut String) -> Option<()> {
    if none { Some(()) } else { write!(out, "{value}").ok() }
}

/// IEEE 754's number of 16 bits.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2_f32.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

fn big_endian(bytes: &[u8]) -> Option<i128> {
    if bytes.is_empty() || bytes.len() > 16 {
        return None;
    }
    let sign = if bytes[0] >= 0x80 { -1 } else { 0 };
    Some(bytes.iter().fold(sign, |value, byte| value << 8 | i128::from(*byte)))
}

fn decimal(value: i128, scale: usize, out: &mut String) -> Option<()> {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>1$}", value.unsigned_abs(), scale + 1);
    let (whole, after) = digits.split_at(digits.len() - scale);
    let point = if scale > 0 { "." } else { "" };
    write!(out, "{sign}{whole}{point}{after}").ok()
}

/// A day of the Gregorian calendar, counted from 1970-01-01.
///
/// # References
/// Hinnant (2013), *chrono-compatible low-level date algorithms*, `civil_from_days`.
fn date(days: i64, out: &mut String) -> Option<()> {
    // Years begin with March, so that a leap day is the last of its year; eras have 400 of them.
    let days = days.checked_add(719_468)?;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    write!(out, "{:04}-{month:02}-{day:02}", year + 400 * era + next).ok()
}

fn time(since_midnight: i64, second: i64, out: &mut String) -> Option<()> {
    let (seconds, part) = (since_midnight.div_euclid(second), since_midnight.rem_euclid(second));
    let (hour, minute) = (seconds / 3_600, seconds / 60 % 60);
    write!(out, "{hour:02}:{minute:02}:{:02}", seconds % 60).ok()?;
    if part != 0 {
        let places = second.ilog10() as usize;
        let digits = format!("{part:0places$}");
        write!(out, ".{}", digits.trim_end_matches('0')).ok()?;
    }
    Some(())
}

/// A day and a time; at midnight only the day, as a workbook's dates are written. In UTC midnight
/// is said, because the day may be another one elsewhere.
fn moment(day: i64, of_day: i64, (second, utc): (i64, bool), out: &mut String) -> Option<()> {
    date(day, out)?;
    if of_day != 0 || utc {
        out.push('T');
        time(of_day, second, out)?;
    }
    if utc {
        out.push('Z');
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Value, raw: Raw<'_>) -> Option<String> {
        let mut out = String::new();
        value.write(raw, &mut out).map(|()| out)
    }

    #[test]
    fn days_and_moments_are_those_of_the_calendar() {
        let day = |days| text(Value::Date, Raw::Integer(days)).unwrap();
        // Python: datetime.date(1970, 1, 1) + timedelta(days).
        let known = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (17_724, "2018-07-12"),
            (-719_162, "0001-01-01"),
            (2_932_896, "9999-12-31"),
        ];
        known.iter().for_each(|(days, iso)| assert_eq!(day(*days), *iso));
        let moment = |value, n| text(value, Raw::Integer(n)).unwrap();
        let (ms, utc) = (Value::Timestamp(1_000, false), Value::Timestamp(1_000_000_000, true));
        assert_eq!(moment(ms, 1_531_353_600_000), "2018-07-12");
        assert_eq!(moment(ms, -1), "1969-12-31T23:59:59.999");
        assert_eq!(moment(utc, 1_531_353_600_000_000_000), "2018-07-12T00:00:00Z");
        assert_eq!(moment(utc, 1_531_407_910_000_000_500), "2018-07-12T15:05:10.0000005Z");
        assert_eq!(moment(Value::Time(1_000_000), 54_310_250_000), "15:05:10.25");
        assert_eq!(text(Value::Date, Raw::Integer(i64::MAX)), None);
    }

    #[test]
    fn decimals_keep_every_digit() {
        let of = |scale, bytes: &[u8]| text(Value::Decimal(scale), Raw::Bytes(bytes));
        assert_eq!(of(2, &[0xFF]).unwrap(), "-0.01");
        assert_eq!(of(0, &[0x00, 0xFF]).unwrap(), "255");
        assert_eq!(of(3, &[0x04, 0xD2]).unwrap(), "1.234");
        assert_eq!(of(0, &[0x80; 17]), None);
        let most = text(Value::Decimal(38), Raw::Bytes(&[0x7F; 16])).unwrap();
        assert_eq!(most.len(), "1.".len() + 38);
    }

    #[test]
    fn halves_are_the_numbers_of_ieee_754() {
        let known = [(0x3C00, 1.0), (0xC000, -2.0), (0x7BFF, 65_504.0), (0x0001, 5.960_464_5e-8)];
        known.iter().for_each(|(bits, value)| assert_eq!(half(*bits), *value));
        assert!(half(0x7E00).is_nan() && half(0x7C00).is_infinite());
    }
}
