//! Values of options that are more than a text or a number.

use ssi_study::{HeaderRows, Variant};
use std::fmt;
use std::str::FromStr;

/// The most respondents of a synthetic cohort.
const MOST: u32 = 10_000_000;

/// A value that is none, said in both languages. The parser prints the English.
#[derive(Debug)]
pub(crate) struct Wrong {
    en: String,
    pub(crate) ja: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.en)
    }
}

impl std::error::Error for Wrong {}

/// A value of a few that have names.
pub(crate) fn named<T: FromStr<Err = String>>(text: &str, known: &str) -> Result<T, Wrong> {
    text.parse().map_err(|en| Wrong {
        en, ja: format!("{known} のいずれかを指定してください")
    })
}

/// The rows of a header.
pub(crate) fn header(text: &str) -> Result<HeaderRows, Wrong> {
    text.parse().map_err(|en| Wrong {
        en,
        ja: "見出しの行番号を、1行なら 3、連続する2行なら 3-4 のように指定してください".to_owned(),
    })
}

/// What is built into a synthetic cohort.
pub(crate) fn variant(text: &str) -> Result<Variant, Wrong> {
    named(text, &Variant::ALL.map(Variant::code).join("、"))
}

/// How many respondents a synthetic cohort has.
pub(crate) fn respondents(text: &str) -> Result<u32, Wrong> {
    let n = text.parse().ok().filter(|n| (1..=MOST).contains(n));
    n.ok_or_else(|| Wrong {
        en: format!("it is a whole number from 1 to {MOST}"),
        ja: format!("1～{MOST} の整数を指定してください"),
    })
}

/// A whole number, 0 or more.
pub(crate) fn whole<T: FromStr>(text: &str) -> Result<T, Wrong> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
    text.parse().map_err(|_| match digits {
        true => {
            Wrong { en: "it is too large".to_owned(), ja: "値が大きすぎます".to_owned() }
        }
        false => Wrong {
            en: "it is a whole number, 0 or more".to_owned(),
            ja: "0以上の整数を指定してください".to_owned(),
        },
    })
}
