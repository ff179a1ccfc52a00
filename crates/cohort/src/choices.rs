//! How a file is to be read, where the user knows better than what would be found out.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with a byte order mark or without.
    #[serde(rename = "utf-8")]
    Utf8,
    /// CP932, which is Shift_JIS as Windows writes it.
    #[serde(rename = "cp932")]
    Cp932,
    /// UTF-16; without a byte order mark in the order that puts the zero bytes of plain letters
    /// where they belong.
    #[serde(rename = "utf-16")]
    Utf16,
}

impl Encoding {
    /// As it is asked for.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Cp932 => "cp932",
            Self::Utf16 => "utf-16",
        }
    }
}

/// What stands between the cells of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    /// A comma.
    #[serde(rename = ",")]
    Comma,
    /// A semicolon.
    #[serde(rename = ";")]
    Semicolon,
    /// A tab.
    #[serde(rename = "tab")]
    Tab,
}

impl Delimiter {
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Which sign of a number begins its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalMark {
    /// `20,973` is about twenty-one, and a point separates thousands where it can.
    Comma,
    /// `20,973` is above twenty thousand, and `20,97` no number.
    Point,
}

/// The order of day, month and year in dates without words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// `03/04/2018` is the third of April.
    Dmy,
    /// `03/04/2018` is the fourth of March.
    Mdy,
    /// `18/04/03` is the third of April.
    Ymd,
}

/// What is used although it would be left out otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// Rows whose pillars don't add up to SSI; the ledger lists them.
    Pillars,
    /// Of rows of the same respondent, rater and wave with different values, the latest: that with
    /// the last `ssi_date`, or the last in the file.
    Latest,
}

/// The rows of the header, as the user counts them; two rows are read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HeaderRows {
    /// The first.
    pub first: usize,
    /// The last, which is the first or the one below it.
    pub last: usize,
}

impl fmt::Display for HeaderRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (first, last) if first == last => write!(out, "{first}"),
            (first, last) => write!(out, "{first}-{last}"),
        }
    }
}

impl From<HeaderRows> for String {
    fn from(rows: HeaderRows) -> Self {
        rows.to_string()
    }
}

impl TryFrom<String> for HeaderRows {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for HeaderRows {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let row = |text: &str| text.trim().parse().ok().filter(|row: &usize| *row > 0);
        let rows = match text.split_once('-') {
            Some((first, last)) => row(first).zip(row(last)),
            None => row(text).map(|row| (row, row)),
        };
        rows.filter(|(first, last)| first == last || first + 1 == *last)
            .map(|(first, last)| Self { first, last })
            .ok_or_else(|| {
                format!(
                    "a header is a row or two rows in succession, such as 3 or 3-4; found `{text}`"
                )
            })
    }
}

/// Reads a choice by the name it has in a plan.
macro_rules! named {
    ($($choice:ident: $($name:literal => $value:ident),+;)+) => {$(
        impl FromStr for $choice {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                let known = [$(($name, Self::$value)),+];
                let asked = text.to_ascii_lowercase();
                if let Some((_, value)) = known.iter().find(|(name, _)| *name == asked) {
                    return Ok(*value);
                }
                // Of several names of a choice the first.
                let first = |at: &usize| known[..*at].iter().all(|(_, value)| *value != known[*at].1);
                let names: Vec<String> =
                    (0..known.len()).filter(first).map(|at| format!("`{}`", known[at].0)).collect();
                Err(format!("`{text}` is none of {}", names.join(", ")))
            }
        }
    )+};
}

named! {
    Encoding: "utf-8" => Utf8, "cp932" => Cp932, "utf-16" => Utf16, "utf8" => Utf8,
        "shift_jis" => Cp932, "utf16" => Utf16;
    Delimiter: "," => Comma, ";" => Semicolon, "tab" => Tab, "comma" => Comma,
        "semicolon" => Semicolon, "\t" => Tab;
    DecimalMark: "comma" => Comma, "point" => Point;
    DateOrder: "dmy" => Dmy, "mdy" => Mdy, "ymd" => Ymd;
    Keep: "pillars" => Pillars, "latest" => Latest;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_row_or_two_in_succession() {
        assert_eq!("3".parse(), Ok(HeaderRows { first: 3, last: 3 }));
        assert_eq!("3-4".parse(), Ok(HeaderRows { first: 3, last: 4 }));
        for wrong in ["0", "", "x", "4-3", "1-3", "-2", "1-"] {
            assert!(wrong.parse::<HeaderRows>().is_err(), "{wrong}");
        }
        assert_eq!(HeaderRows { first: 3, last: 4 }.to_string(), "3-4");
    }

    #[test]
    fn choices_are_known_by_the_names_that_a_plan_has() {
        assert_eq!("CP932".parse(), Ok(Encoding::Cp932));
        assert_eq!("tab".parse(), Ok(Delimiter::Tab));
        let wrong = "latin-1".parse::<Encoding>().unwrap_err();
        assert_eq!(wrong, "`latin-1` is none of `utf-8`, `cp932`, `utf-16`");
    }
}
