//! What each column of a cohort means, and under which headers it is known.

use crate::number::fold;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use ssi_vocab::{Missing, Table, nearest};
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
}

impl Default for Codebook {
    /// The columns of the contract, with their English and Japanese headers.
    fn default() -> Self {
        DEFAULT.clone()
    }
}

/// A Table Schema, with the properties that are our own.
#[derive(Deserialize)]
struct Schema<F> {
    fields: Vec<F>,
    #[serde(default, rename = "missingValues")]
    missing: Vec<String>,
    #[serde(default, rename = "notVisible")]
    not_visible: Vec<String>,
}

/// A field of somebody else's schema: only its name is certain.
#[derive(Deserialize)]
struct Foreign {
    name: String,
    canonical: Option<String>,
    title: Option<String>,
    title_ja: Option<String>,
    description: Option<String>,
    #[serde(default)]
    constraints: Constraints,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    units: Vec<String>,
    #[serde(default)]
    score_map: BTreeMap<String, f64>,
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
        })
    }

    /// The default codebook, changed by a Frictionless Data Package or Table Schema.
    ///
    /// A field is a canonical column if its `name`, or its own property `canonical`, says so;
    /// then its titles, range, `aliases`, `units` and `score_map` (`{"○": 1}`) replace or extend
    /// ours, and its `name` is the file's header. Other fields are left alone. `missingValues`
    /// and `notVisible` are added to ours. A property `rubric` of the package or the schema names
    /// the rubric that the items were scored by, such as `generic-10 v1`.
    ///
    /// # Errors
    /// [`Error::Codebook`] for what is no JSON, or has no fields; [`Error::UnknownCanonical`].
    pub fn from_datapackage(text: &str) -> Result<Self> {
        let wrong = |reason: String| Error::Codebook { reason };
        let json: serde_json::Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
            .map_err(|e| wrong(format!("it is no JSON ({e})")))?;
        let schema = match json.pointer("/resources/0/schema") {
            Some(schema) => schema,
            None if json.get("fields").is_some() => &json,
            None => {
                return Err(wrong(
                    "it has neither `resources[0].schema.fields` nor `fields`".to_owned(),
                ));
            }
        };
        let path = json.pointer("/resources/0/path").and_then(|path| path.as_str());
        if let Some(path) = path.filter(|path| leaves_its_folder(path)) {
            return Err(wrong(format!("its resource `{path}` lies outside of its folder")));
        }
        let rubric = json.get("rubric").or_else(|| schema.get("rubric"));
        let rubric = match rubric {
            Some(serde_json::Value::String(label)) => Some(label.trim().to_owned()),
            Some(other) => {
                return Err(wrong(format!(
                    "its `rubric` is no text such as generic-10 v1: {other}"
                )));
            }
            None => None,
        };
        let schema: Schema<Foreign> = serde_json::from_value(schema.clone())
            .map_err(|e| wrong(format!("its fields can't be read ({e})")))?;
        let mut book = Self { rubric, ..Self::default() };
        book.missing.extend(schema.missing.iter().map(|c| fold(c).into_owned()));
        book.not_visible.extend(schema.not_visible.iter().map(|c| fold(c).into_owned()));
        for foreign in schema.fields {
            let canonical = match &foreign.canonical {
                Some(canonical) => {
                    book.check(canonical)?;
                    canonical.clone()
                }
                None => match book.canonical(&foreign.name) {
                    Some(name) => name.to_owned(),
                    None => continue,
                },
            };
            if foreign.canonical.is_some() && foreign.name != canonical {
                book.map.insert(canonical.clone(), foreign.name.clone());
            }
            let Some(field) = book.fields.iter_mut().find(|f| f.name == canonical) else {
                continue;
            };
            field.title = foreign.title.unwrap_or(std::mem::take(&mut field.title));
            field.title_ja = foreign.title_ja.unwrap_or(std::mem::take(&mut field.title_ja));
            field.description =
                foreign.description.unwrap_or(std::mem::take(&mut field.description));
            field.constraints.minimum = foreign.constraints.minimum.or(field.constraints.minimum);
            field.constraints.maximum = foreign.constraints.maximum.or(field.constraints.maximum);
            field.aliases.extend(foreign.aliases);
            field.units.extend(foreign.units);
            field.score_map.extend(
                foreign.score_map.iter().map(|(word, score)| (fold(word).into_owned(), *score)),
            );
        }
        book.by_key = index(&book.fields);
        Ok(book)
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

    /// The name under which a table has a column that is asked for as `name`: its own name, the
    /// canonical name of one of its headers, or a header's canonical counterpart.
    ///
    /// # Errors
    /// [`ssi_vocab::Error::UnknownColumn`].
    pub fn resolve<'t>(&self, table: &'t Table, name: &str) -> Result<&'t str> {
        if let Some(column) = table.columns().iter().find(|c| c.name == name) {
            return Ok(&column.name);
        }
        if let Some(header) = self.map.get(name)
            && let Some(column) = table.columns().iter().find(|c| c.name == *header)
        {
            return Ok(&column.name);
        }
        let meant = self.meaning(name).map(|(i, _)| i);
        let mut found: Vec<(Strength, &str)> = table
            .columns()
            .iter()
            .filter_map(|c| {
                self.meaning(&c.name)
                    .filter(|(canonical, _)| Some(*canonical) == meant)
                    .map(|(_, strength)| (strength, c.name.as_str()))
            })
            .collect();
        found.sort_unstable();
        match found.as_slice() {
            [] => Ok(&table.column(name)?.name),
            [(_, only)] => Ok(only),
            [(first, name), (second, _), ..] if first < second => Ok(name),
            several => Err(Error::RepeatedColumn {
                name: "the table".to_owned(),
                column: name.to_owned(),
                headers: several.iter().map(|(_, header)| (*header).to_owned()).collect(),
            }),
        }
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

    /// The field that a header means, and how surely.
    fn meaning(&self, header: &str) -> Option<(usize, Strength)> {
        if let Some(i) = self.fields.iter().position(|f| f.name == header) {
            return Some((i, Strength::Exact));
        }
        let folded = fold(header);
        let bare = folded.split(['(', '[']).next().unwrap_or_default();
        self.by_key.get(&key(&folded)).or_else(|| self.by_key.get(&key(bare))).copied()
    }

    /// How many of the headers are known, by the codebook or the user's map.
    pub(crate) fn known(&self, header: &[String]) -> usize {
        let is_mapped = |title: &String| self.map.values().any(|wanted| key(wanted) == key(title));
        header.iter().filter(|title| self.meaning(title).is_some() || is_mapped(title)).count()
    }

    /// For each canonical column that the header has, the index of the header that means it.
    ///
    /// # Errors
    /// [`Error::UnknownHeader`] for a mapped header that is not there, [`Error::RepeatedColumn`]
    /// where two headers mean one column equally well.
    pub(crate) fn columns(&self, header: &[String], file: &str) -> Result<BTreeMap<usize, usize>> {
        let mut found: BTreeMap<usize, (Strength, Vec<usize>)> = BTreeMap::new();
        let place = |name: &str| self.fields.iter().position(|f| f.name == name);
        let mut taken = BTreeSet::new();
        for (canonical, wanted) in &self.map {
            let same = |h: &&String| *h == wanted || key(h) == key(wanted);
            let exact: Vec<usize> = (0..header.len()).filter(|i| header[*i] == *wanted).collect();
            let at = match exact.as_slice() {
                [] => (0..header.len()).filter(|i| same(&&header[*i])).collect(),
                _ => exact,
            };
            if at.is_empty() {
                return Err(Error::UnknownHeader {
                    name: file.to_owned(),
                    column: canonical.clone(),
                    header: wanted.clone(),
                    nearest: nearest(wanted, header.iter().map(String::as_str)),
                    known: header.to_vec(),
                });
            }
            taken.extend(at.iter().copied());
            if let Some(field) = place(canonical) {
                found.insert(field, (Strength::Mapped, at));
            }
        }
        for (i, title) in header.iter().enumerate().filter(|(i, _)| !taken.contains(i)) {
            let Some((field, strength)) = self.meaning(title) else { continue };
            let entry = found.entry(field).or_insert((strength, Vec::new()));
            if strength < entry.0 {
                *entry = (strength, vec![i]);
            } else if strength == entry.0 {
                entry.1.push(i);
            }
        }
        let mut columns = BTreeMap::new();
        for (field, (_, at)) in found {
            if at.len() > 1 {
                return Err(Error::RepeatedColumn {
                    name: file.to_owned(),
                    column: self.fields[field].name.clone(),
                    headers: at.iter().map(|i| header[*i].clone()).collect(),
                });
            }
            columns.extend(at.first().map(|i| (field, *i)));
        }
        Ok(columns)
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

/// True for the path of a resource that is absolute or goes up.
fn leaves_its_folder(path: &str) -> bool {
    let mut parts = path.split(['/', '\\']);
    path.starts_with(['/', '\\']) || parts.any(|part| part == "..")
}

/// Every known header, as it is compared, with what it means; the surest meaning wins.
fn index(fields: &[Field]) -> HashMap<String, (usize, Strength)> {
    let mut by_key = HashMap::new();
    for (i, f) in fields.iter().enumerate() {
        for name in [&f.name, &f.title, &f.title_ja].into_iter().chain(&f.aliases) {
            by_key.entry(key(name)).or_insert((i, Strength::Alias));
        }
    }
    for (i, f) in fields.iter().enumerate() {
        for name in &f.fallback_aliases {
            by_key.entry(key(name)).or_insert((i, Strength::Fallback));
        }
    }
    by_key.remove("");
    by_key
}

/// How surely a header means a column; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    Mapped,
    Exact,
    Alias,
    Fallback,
}

/// What is compared of a header.
fn key(header: &str) -> String {
    fold(header)
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '・' | ':' | '"' | '\''))
        .collect()
}
