use std::fmt;

/// Why a data package or a table schema is no codebook.
///
/// A closed list, so that each has its sentence in every language; [`fmt::Display`] is the English
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slip {
    /// It can't be understood as JSON.
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The byte in it, counted from 1.
        column: usize,
        /// What the reader of JSON says, in English.
        reason: String,
    },
    /// It ends too early.
    Ended {
        /// Its last line.
        line: usize,
    },
    /// No schema with fields.
    NoFields,
    /// A resource that lies elsewhere.
    Outside {
        /// Its path.
        path: String,
    },
    /// A property of another kind.
    Kind {
        /// The field, counted from 1, and its name where it has one; none for the whole.
        field: Option<(usize, String)>,
        /// The property.
        property: &'static str,
        /// What it should be.
        wanted: Wanted,
    },
}

/// What a property of a codebook should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A list of texts.
    Texts,
    /// A list of fields.
    Fields,
    /// Properties with values.
    Object,
    /// Words with the score that each means.
    Scores,
}

impl Slip {
    pub(super) fn of_json(error: &serde_json::Error) -> Self {
        if error.is_eof() {
            return Self::Ended { line: error.line() };
        }
        let whole = error.to_string();
        let reason = whole.split(" at line ").next().unwrap_or_default().to_owned();
        Self::Syntax { line: error.line(), column: error.column(), reason }
    }
}

impl fmt::Display for Slip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { line, column, reason } => {
                write!(out, "it is no JSON (line {line}, column {column}: {reason})")
            }
            Self::Ended { line } => write!(
                out,
                "it is no JSON: it ends (in line {line}) before it is complete, so look for a bracket or a quotation mark that is never closed"
            ),
            Self::NoFields => {
                write!(out, "it has neither `resources[0].schema.fields` nor `fields`")
            }
            Self::Outside { path } => {
                write!(out, "its resource `{path}` lies outside of its folder")
            }
            Self::Kind { field: None, property, wanted } => {
                write!(out, "its `{property}` should be {wanted}")
            }
            Self::Kind { field: Some((at, name)), property, wanted } if name.is_empty() => {
                write!(out, "`{property}` of its field {at} should be {wanted}")
            }
            Self::Kind { field: Some((at, name)), property, wanted } => {
                write!(out, "`{property}` of its field {at} (`{name}`) should be {wanted}")
            }
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Texts => "a list of texts, such as [\"NA\", \"-\"]",
            Self::Fields => "a list of fields, each with its `name`",
            Self::Object => "properties in braces",
            Self::Scores => "words with their scores, such as {\"○\": 1}",
        })
    }
}
