//! What each column of a cohort means, and under which headers it is known.

mod dialect;
mod foreign;
mod headers;
mod package;
mod slip;

pub(crate) use dialect::Dialect;
pub(crate) use headers::{Strength, key};
pub use slip::{Slip as CodebookSlip, Wanted as CodebookWanted};

use crate::number::fold;
use crate::{Error, Result};
use headers::index;
use package::Schema;
use serde::{Deserialize, Serialize};
use ssi_vocab::{Missing, nearest};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// Every column of the contract. A test holds that the reference dataset's schema agrees with it.
const CONTRACT: &str = include_str!("codebook.json");

static DEFAULT: LazyLock<Codebook> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the text is compiled in, and a test parses it")]
    Codebook::parse(CONTRACT).expect("the embedded codebook is a Table Schema")
});

/// What a column is for, which decides how its cells are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A code for a person. It is used to find rows that belong together and then dropped.
    Identifier,
    /// A word that puts respondents into groups.
    Group,
    /// A day.
    Date,
    /// A number.
    Number,
    /// A count that may be capped, such as `500+`.
    Capped,
    /// The score of one item: 0, 0.5 or 1.
    Item,
}

impl Role {
    /// True where cells are numbers: only their text may stand in a ledger.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Capped | Self::Item)
    }
}

/// One column of a cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The canonical name.
    pub name: String,
    /// Title in English.
    #[serde(default)]
    pub title: String,
    /// Title in Japanese.
    #[serde(default)]
    pub title_ja: String,
    /// What it holds.
    #[serde(default)]
    pub description: String,
    /// What it is for.
    pub role: Role,
    /// Its type in the sense of the Table Schema: `integer`, `number`, `string` or `date`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The range of its values.
    #[serde(default)]
    pub constraints: Constraints,
    /// Headers that mean this column.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Headers that mean this column if no other header does, such as a form's timestamp for the
    /// date of the reading.
    #[serde(default)]
    pub fallback_aliases: Vec<String>,
    /// Words that may stand before the number (`Top`).
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Words that may stand behind the number (`点`).
    #[serde(default)]
    pub units: Vec<String>,
    /// The number behind `out of` or `/`, as in `53/100`.
    #[serde(default)]
    pub out_of: Option<f64>,
    /// Words that are declared to be scores: `{"○": 1, "△": 0.5, "×": 0}`.
    #[serde(default)]
    pub score_map: BTreeMap<String, f64>,
}

/// The range of a column's values, ends included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Constraints {
    /// Smallest value.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// Largest value.
    #[serde(default)]
    pub maximum: Option<f64>,
}

impl Field {
    /// True where a value lies in the column's range; a capped count is never negative.
    pub fn allows(&self, value: f64) -> bool {
        let is_count = self.role == Role::Capped;
        (!is_count || value >= 0.0)
            && self.constraints.minimum.is_none_or(|low| value >= low)
            && self.constraints.maximum.is_none_or(|high| value <= high)
    }
}

/// The columns that a cohort may have.
#[derive(Debug, Clone, PartialEq)]
pub struct Codebook {
    fields: Vec<Field>,
    missing: BTreeSet<String>,
    not_visible: BTreeSet<String>,
    /// What the known headers mean.
    by_key: HashMap<String, (usize, Strength)>,
    /// Canonical name to the file's own header, where the user said so.
    map: BTreeMap<String, String>,
    /// The rubric that a data package says its items were scored by.
    rubric: Option<String>,
    /// Codes of missing values that a data package adds to those of the contract.
    declared: BTreeSet<String>,
    /// How a data package says that the file is written.
    dialect: Dialect,
}

/// What a data package declares of the words in a column of any table.
pub(crate) struct Declared<'c> {
    missing: &'c BTreeSet<String>,
    scores: Option<&'c BTreeMap<String, f64>>,
}

impl Declared<'_> {
    /// True for a code of a missing value; the text must be folded.
    pub(crate) fn is_missing(&self, text: &str) -> bool {
        self.missing.contains(text)
    }

    /// The score that a word is declared to be; the text must be folded.
    pub(crate) fn score(&self, text: &str) -> Option<f64> {
        self.scores?.get(text).copied()
    }
}

impl Default for Codebook {
    /// The columns of the contract, with their English and Japanese headers.
    fn default() -> Self {
        DEFAULT.clone()
    }
}
impl Codebook {
    fn parse(text: &str) -> serde_json::Result<Self> {
        let schema: Schema<Field> = serde_json::from_str(text)?;
        let folded = |codes: Vec<String>| codes.iter().map(|c| fold(c).into_owned()).collect();
        Ok(Self {
            by_key: index(&schema.fields),
            fields: schema.fields,
            missing: folded(schema.missing),
            not_visible: folded(schema.not_visible),
            map: BTreeMap::new(),
            rubric: None,
            declared: BTreeSet::new(),
            dialect: Dialect::default(),
        })
    }

    /// The codebook with the user's own headers: (canonical name, header). They go before
    /// everything that would be recognised otherwise.
    ///
    /// # Errors
    /// [`Error::UnknownCanonical`]. Whether the header exists is seen on reading.
    pub fn with_map(mut self, map: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<Self> {
        for (canonical, header) in map {
            self.check(canonical.as_ref())?;
            self.map.insert(canonical.as_ref().to_owned(), header.as_ref().trim().to_owned());
        }
        Ok(self)
    }

    /// The codebook without any headers of the user's own, which reads a file that has canonical
    /// names.
    #[must_use]
    pub fn without_map(self) -> Self {
        Self { map: BTreeMap::new(), ..self }
    }

    /// True where a file is read as by the default codebook, whatever the fields are called here.
    pub fn reads_as_default(&self) -> bool {
        let default = Self::default();
        let bounds = |a: &Field, b: &Field| {
            (&a.constraints, &a.score_map, &a.units) == (&b.constraints, &b.score_map, &b.units)
        };
        self.map.is_empty()
            && self.dialect == default.dialect
            && (&self.missing, &self.not_visible) == (&default.missing, &default.not_visible)
            && self.by_key == default.by_key
            && self.fields.iter().zip(&default.fields).all(|(a, b)| bounds(a, b))
    }

    /// How a data package says that the file is written.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The rubric that a data package says its items were scored by.
    pub fn rubric(&self) -> Option<&str> {
        self.rubric.as_deref()
    }

    /// The columns, in the contract's order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// A column by its canonical name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The canonical name that a header stands for: by itself, by an alias, or by a fallback
    /// alias, without regard to width, case, spaces, hyphens and underscores. A remark in
    /// brackets at the end is tried without.
    pub fn canonical(&self, header: &str) -> Option<&str> {
        self.meaning(header).map(|(i, _)| self.fields[i].name.as_str())
    }

    /// The bytes with which codes begin.
    pub(crate) fn first_of_codes(&self) -> [bool; 256] {
        let mut first = [false; 256];
        let codes = self.missing.iter().chain(&self.not_visible);
        codes.filter_map(|code| code.bytes().next()).for_each(|b| first[usize::from(b)] = true);
        first
    }

    /// True for a code that stands for a missing value; the text must be folded.
    pub(crate) fn is_missing(&self, text: &str) -> bool {
        text.is_empty() || self.missing.contains(text)
    }

    /// True where a plain number is a code or a declared score: `-99`, or 5 for 1.
    pub(crate) fn has_numeric_codes(&self) -> bool {
        let scores = self.fields.iter().flat_map(|field| field.score_map.keys());
        let mut codes = self.missing.iter().chain(&self.not_visible).chain(scores);
        codes.any(|code| crate::decimal::Decimal::short(code).is_some())
    }

    /// What a data package declares of the words in a table's column.
    pub(crate) fn declared(&self, header: &str) -> Declared<'_> {
        let field = self.map.iter().find(|(_, own)| key(own) == key(header));
        let name =
            field.map(|(canonical, _)| canonical.as_str()).or_else(|| self.canonical(header));
        let scores = name.and_then(|name| self.field(name)).map(|field| &field.score_map);
        Declared { missing: &self.declared, scores }
    }

    /// True where a data package declares that a plain number is a code or a score.
    pub(crate) fn declares_numbers(&self) -> bool {
        let scores = self.fields.iter().flat_map(|field| field.score_map.keys());
        let mut words = self.declared.iter().chain(scores);
        words.any(|word| crate::decimal::Decimal::short(word).is_some())
    }

    /// True for a code that says the rater could not see the item; the text must be folded.
    pub(crate) fn is_not_visible(&self, text: &str) -> bool {
        self.not_visible.contains(text)
    }

    /// Why a cell with this text holds no score, where it is one of the known codes.
    pub fn unscored(&self, text: &str) -> Option<Missing> {
        let folded = fold(text);
        if self.is_not_visible(&folded) {
            return Some(Missing::NotVisible);
        }
        self.is_missing(&folded).then_some(Missing::Blank)
    }

    fn check(&self, canonical: &str) -> Result<()> {
        if self.field(canonical).is_some() {
            return Ok(());
        }
        let known: Vec<String> = self.fields.iter().map(|f| f.name.clone()).collect();
        Err(Error::UnknownCanonical {
            column: canonical.to_owned(),
            nearest: nearest(canonical, known.iter().map(String::as_str)),
            known,
        })
    }
}
