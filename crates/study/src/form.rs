//! Plans, rubrics, models and manifests: files of a form that is known here, and where one departs
//! from it.
//!
//! The formats' own readers say that in English sentences only. So a file is first read as values
//! of any form, and these then as what they should be, by a reader whose errors are facts.

mod value;

pub(crate) use value::Value;

use serde::de::{self, Deserialize, DeserializeOwned, Expected, Unexpected};
use std::fmt;
use thiserror::Error;

/// Where a file departs from its form.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Misfit {
    /// It can't be understood.
    #[error("line {line}, column {column}: {reason}{}", shown(.text, *.column))]
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The character in it, counted from 1.
        column: usize,
        /// What the reader of the format says, in English.
        reason: String,
        /// The line, or nothing where it is too long to be shown.
        text: String,
    },
    /// It ends too early.
    #[error(
        "it ends (in line {line}) before it is complete; look for a bracket or a quotation mark that is never closed"
    )]
    Ended {
        /// Its last line.
        line: usize,
    },
    /// A key that the form does not have.
    #[error(
        "there is no `{key}`{}; there are: {}",
        .nearest.as_ref().map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default(),
        .known.join(", ")
    )]
    Unknown {
        /// The key, with those that it stands in.
        key: String,
        /// The most similar key of the form.
        nearest: Option<String>,
        /// The keys that may stand there.
        known: Vec<String>,
    },
    /// A key that must be there.
    #[error("`{key}` is missing")]
    Absent {
        /// The key, with those that it stands in.
        key: String,
    },
    /// A key that is there twice.
    #[error("`{key}` stands twice; remove one")]
    Twice {
        /// The key, with those that it stands in.
        key: String,
    },
    /// A value of another kind.
    #[error("{} {wanted}, and is {found}", of_key(.key))]
    Kind {
        /// The key, with those that it stands in; empty for the whole file.
        key: String,
        /// What should stand there.
        wanted: Wanted,
        /// What stands there.
        found: String,
    },
    /// A word that is none of a few.
    #[error("{} one of {}, and is `{found}`", of_key(.key), .known.join(", "))]
    Choice {
        /// The key, with those that it stands in.
        key: String,
        /// The word.
        found: String,
        /// The words that may stand there.
        known: Vec<String>,
    },
    /// The same, in a line that is known.
    #[error("line {line}: {misfit}")]
    InLine {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        misfit: Box<Self>,
    },
    /// A value that can't be used for another reason.
    #[error("`{key}`: {reason}")]
    Value {
        /// The key, with those that it stands in.
        key: String,
        /// Why, in English.
        reason: String,
    },
}

/// What kind of value should stand somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted {
    /// Any number.
    Number,
    /// A whole number from 0.
    Count,
    /// A text.
    Text,
    /// True or false.
    YesNo,
    /// A list, of so many values where that is fixed.
    List(Option<usize>),
    /// Keys with values.
    Table,
    /// Something else.
    Other,
}

impl fmt::Display for Wanted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number => out.write_str("a number"),
            Self::Count => out.write_str("a whole number, 0 or more"),
            Self::Text => out.write_str("a text in quotation marks"),
            Self::YesNo => out.write_str("true or false"),
            Self::List(Some(n)) => write!(out, "a list of {n} values"),
            Self::List(None) => out.write_str("a list"),
            Self::Table => out.write_str("a table of keys and values"),
            Self::Other => out.write_str("something else"),
        }
    }
}

fn of_key(key: &str) -> String {
    if key.is_empty() { "it should be".to_owned() } else { format!("`{key}` should be") }
}

/// The line with the place under it.
pub(crate) fn shown(text: &str, column: usize) -> String {
    if text.is_empty() {
        return String::new();
    }
    // East Asian characters are two cells wide in a terminal.
    let width = |c: char| if ('\u{1100}'..'\u{FFE7}').contains(&c) { 2 } else { 1 };
    let before = text.chars().take(column - 1).map(width).sum();
    format!("\n  {text}\n  {}^", " ".repeat(before))
}

/// The longest line that is shown.
const LONGEST: usize = 160;

impl Misfit {
    /// What the reader of TOML says.
    fn of_toml(error: &toml::de::Error, text: &str) -> Self {
        let at = error.span().map_or(text.len(), |span| span.start.min(text.len()));
        let before = text.get(..at).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let short = line.chars().count() <= LONGEST;
        Self::Syntax {
            line: 1 + before.matches('\n').count(),
            column: 1 + before[start..].chars().count(),
            reason: error.message().replace('\n', ", "),
            text: if short { line.replace('\t', " ") } else { String::new() },
        }
    }

    /// What the reader of JSON says.
    fn of_json(error: &serde_json::Error) -> Self {
        if error.is_eof() {
            return Self::Ended { line: error.line() };
        }
        let whole = error.to_string();
        let reason = whole.split(" at line ").next().unwrap_or_default().to_owned();
        Self::Syntax { line: error.line(), column: error.column(), reason, text: String::new() }
    }

    /// The same, in a part of the file.
    fn within(mut self, outer: &str) -> Self {
        match &mut self {
            Self::Unknown { key, .. }
            | Self::Absent { key }
            | Self::Twice { key }
            | Self::Kind { key, .. }
            | Self::Choice { key, .. }
            | Self::Value { key, .. } => {
                let dot = if key.is_empty() || key.starts_with('[') { "" } else { "." };
                *key = format!("{outer}{dot}{key}");
            }
            Self::Syntax { .. } | Self::Ended { .. } | Self::InLine { .. } => {}
        }
        self
    }

    /// A list of more values than it should have.
    fn too_long(wanted: usize) -> Self {
        let wanted = Wanted::List(Some(wanted));
        Self::Kind { key: String::new(), wanted, found: "`[…]`".to_owned() }
    }

    fn kind(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Kind { key: String::new(), wanted: wanted(&expected.to_string()), found: said(found) }
    }
}

/// What serde expects, by the names that it has for it.
fn wanted(expected: &str) -> Wanted {
    let length = expected.rsplit(' ').next().and_then(|n| n.parse().ok());
    match expected {
        "f32" | "f64" => Wanted::Number,
        "u8" | "u16" | "u32" | "u64" | "usize" => Wanted::Count,
        "a boolean" => Wanted::YesNo,
        "a sequence" => Wanted::List(None),
        "a map" => Wanted::Table,
        _ if expected.contains("string") || expected.contains("identifier") => Wanted::Text,
        _ if expected.starts_with("an array") => Wanted::List(length),
        _ if expected.starts_with("enum ") => Wanted::Text,
        _ if expected.starts_with("struct ") => Wanted::Table,
        _ => Wanted::Other,
    }
}

/// A value, shown briefly.
fn said(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("`{value}`"),
        Unexpected::Signed(value) => format!("`{value}`"),
        Unexpected::Float(value) => format!("`{value}`"),
        Unexpected::Str(text) => format!("`\"{}\"`", text.chars().take(40).collect::<String>()),
        Unexpected::Seq => "`[…]`".to_owned(),
        Unexpected::Map => "`{…}`".to_owned(),
        _ => "`null`".to_owned(),
    }
}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::Value { key: String::new(), reason: reason.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::kind(found, expected)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::kind(found, expected)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::kind(Unexpected::Seq, expected)
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        let known = known.iter().map(|&name| name.to_owned()).collect();
        Self::Choice { key: String::new(), found: found.chars().take(40).collect(), known }
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::Unknown {
            key: key.to_owned(),
            nearest: ssi_vocab::nearest(key, known.iter().copied()),
            known: known.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Absent { key: key.to_owned() }
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::Twice { key: key.to_owned() }
    }
}

/// What a TOML text should be.
pub(crate) fn of_toml<T: DeserializeOwned>(text: &str) -> Result<T, Misfit> {
    let values: Value = toml::from_str(text).map_err(|e| Misfit::of_toml(&e, text))?;
    T::deserialize(values).map_err(|misfit| {
        // The format's own reader knows the line.
        let place = toml::from_str::<T>(text).err().and_then(|e| e.span());
        match place.and_then(|span| text.get(..span.start)) {
            Some(before) => {
                let line = 1 + before.matches('\n').count();
                Misfit::InLine { line, misfit: Box::new(misfit) }
            }
            None => misfit,
        }
    })
}

/// The table of a TOML text.
pub(crate) fn table(text: &str) -> Result<toml::Table, Misfit> {
    toml::from_str(text).map_err(|e| Misfit::of_toml(&e, text))
}

/// What a table of TOML should be.
pub(crate) fn of_table<T: DeserializeOwned>(table: toml::Table) -> Result<T, Misfit> {
    let values = Value::deserialize(toml::Value::Table(table));
    T::deserialize(values.map_err(|e| Misfit::of_toml(&e, ""))?)
}

/// The values of a JSON text.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, Misfit> {
    serde_json::from_slice(bytes).map_err(|e| Misfit::of_json(&e))
}

/// What values should be.
pub(crate) fn fitted<T: DeserializeOwned>(values: Value) -> Result<T, Misfit> {
    T::deserialize(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Plan, Rubric};

    fn of_plan(text: &str) -> String {
        Plan::parse(text, "p.toml").unwrap_err().to_string()
    }

    #[test]
    fn a_slip_in_a_plan_is_told_with_its_key_and_what_belongs_there() {
        for (text, said) in [
            ("resampels = 5", "there is no `resampels` (did you mean `resamples`?); there are: "),
            ("level = \"high\"", "`level` should be a number, and is `\"high\"`"),
            ("seed = -1", "`seed` should be a whole number, 0 or more, and is `-1`"),
            ("claims = 3", "`claims` should be a table of keys and values, and is `3`"),
            (
                "[imputation]\nm = 2.5",
                "`imputation.m` should be a whole number, 0 or more, and is `2.5`",
            ),
            ("[claims]\nhours = [6]", "`claims.hours` should be a list of 2 values, and is `[…]`"),
            ("[claims]\nhours = [6, 8, 10]", "`claims.hours` should be a list of 2 values"),
            ("[claims]\nhours = [6, true]", "`claims.hours[2]` should be a number, and is `true`"),
            (
                "[reading]\nencoding = \"latin\"",
                "`reading.encoding` should be one of utf-8, cp932, utf-16, and is `latin`",
            ),
            ("[privacy]\nlocal = \"no\"", "`privacy.local` should be true or false"),
            ("[privacy]\nlocl = true", "there is no `privacy.locl` (did you mean `local`?)"),
        ] {
            let message = of_plan(text);
            assert!(message.starts_with(&format!("p.toml: {said}")), "{text}: {message}");
        }
    }

    #[test]
    fn what_is_no_toml_is_shown_with_its_line() {
        let message = of_plan("name = \"調査\"\nlevel == 0.9\n");
        assert!(message.contains("line 2, column 8"), "{message}");
        assert!(message.ends_with("\n  level == 0.9\n         ^"), "{message}");
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        assert_eq!(json(b"{\n  \"a\": [1, 2\n").unwrap_err(), Misfit::Ended { line: 3 });
        let wrong = json(b"{\n  \"a\" 1}").unwrap_err();
        assert!(matches!(wrong, Misfit::Syntax { line: 2, column: 7, .. }), "{wrong}");
    }

    #[test]
    fn a_part_that_a_rubric_lacks_is_named() {
        let wrong =
            Rubric::parse("id = \"a\"\nversion = \"1\"\nitem = [{ column = \"x\" }]", "r.toml");
        assert!(wrong.unwrap_err().to_string().contains("line 3: `item[1].en` is missing"));
    }
}
