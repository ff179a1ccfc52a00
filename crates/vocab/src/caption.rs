use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A language that reports, messages and figures speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// English.
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// Both, English first.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// The BCP 47 code, as file names use it.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }
}

/// A place where a Japanese line may break (a zero-width space). English breaks at spaces.
pub const PHRASE_BREAK: char = '\u{200b}';

/// Every word in a figure. The figure crate has none of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Caption {
    /// Its language.
    pub lang: Lang,
    /// What was found or asked, in words.
    pub title: String,
    /// The estimate, its interval, n.
    pub subtitle: String,
    /// Title of the horizontal axis, with the unit.
    pub x: String,
    /// Title of the vertical axis, with the unit.
    pub y: String,
    /// Source, method, seed and version, small below the figure.
    pub note: String,
    /// The mark of synthetic data, where they are.
    pub mark: Option<String>,
    /// Alternative text, for readers who can't see the picture.
    pub alt: String,
    /// Words for the identifiers in the drawing.
    pub labels: BTreeMap<String, String>,
}

impl Caption {
    /// The word for an identifier; the identifier itself where there is none.
    pub fn label<'a>(&'a self, key: &'a str) -> &'a str {
        self.labels.get(key).map_or(key, String::as_str)
    }
}
