//! Codebooks as Frictionless data packages and table schemas: read, and written for editing.

use super::{Codebook, Constraints, headers::index};
use crate::number::fold;
use crate::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use ssi_vocab::Recognised;
use std::collections::BTreeMap;

/// A Table Schema, with the properties that are our own.
#[derive(Deserialize)]
pub(super) struct Schema<F> {
    pub(super) fields: Vec<F>,
    #[serde(default, rename = "missingValues")]
    pub(super) missing: Vec<String>,
    #[serde(default, rename = "notVisible")]
    pub(super) not_visible: Vec<String>,
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
        Self::of_resource(text, None)
    }

    /// [`Codebook::from_datapackage`], by the resource that describes a file; by the first one where
    /// none says so.
    ///
    /// # Errors
    /// As [`Codebook::from_datapackage`].
    pub fn of_file(text: &str, file: &str) -> Result<Self> {
        Self::of_resource(text, resource(text, file)?)
    }

    /// What reading a file takes of a data package: the fields that are canonical columns, with their
    /// titles, ranges and words, the codes, the rubric. Who made it, descriptions and all other
    /// fields are left out, so that it can stand in a report. It makes the same codebook.
    ///
    /// # Errors
    /// As [`Codebook::from_datapackage`].
    pub fn bare(text: &str, file: &str) -> Result<String> {
        const OF_A_FIELD: [&str; 8] = [
            "name",
            "canonical",
            "title",
            "title_ja",
            "constraints",
            "aliases",
            "units",
            "score_map",
        ];
        const OF_THE_SCHEMA: [&str; 2] = ["missingValues", "notVisible"];
        let own = Self::default();
        Self::of_file(text, file)?;
        let json: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
            .map_err(|e| Error::Codebook { reason: format!("it is no JSON ({e})") })?;
        let at = resource(text, file)?.unwrap_or(0);
        let schema = json.pointer(&format!("/resources/{at}/schema")).unwrap_or(&json);
        let is_ours = |field: &&Value| {
            let name = field.get("name").and_then(Value::as_str);
            field.get("canonical").is_some()
                || name.is_some_and(|name| own.canonical(name).is_some())
        };
        let picked = |from: &Value, names: &[&str]| -> serde_json::Map<String, Value> {
            let of = |name: &&str| Some(((*name).to_owned(), from.get(*name)?.clone()));
            names.iter().filter_map(of).collect()
        };
        let fields = schema.get("fields").and_then(Value::as_array).into_iter().flatten();
        let fields: Vec<Value> =
            fields.filter(is_ours).map(|field| picked(field, &OF_A_FIELD).into()).collect();
        let mut bare = picked(schema, &OF_THE_SCHEMA);
        bare.insert("fields".to_owned(), fields.into());
        let rubric = json.get("rubric").or_else(|| schema.get("rubric"));
        bare.extend(rubric.map(|rubric| ("rubric".to_owned(), rubric.clone())));
        Ok(Value::from(bare).to_string())
    }

    /// True where a data package says that it describes a file.
    ///
    /// # Errors
    /// [`Error::Codebook`] for what is no JSON.
    pub fn describes(text: &str, file: &str) -> Result<bool> {
        resource(text, file).map(|found| found.is_some())
    }

    fn of_resource(text: &str, resource: Option<usize>) -> Result<Self> {
        let wrong = |reason: String| Error::Codebook { reason };
        let json: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
            .map_err(|e| wrong(format!("it is no JSON ({e})")))?;
        let path = json.pointer(&format!("/resources/{}/path", resource.unwrap_or(0)));
        if let Some(path) = path.and_then(Value::as_str).filter(|path| leaves_its_folder(path)) {
            return Err(wrong(format!("its resource `{path}` lies outside of its folder")));
        }
        let schema = match json.pointer(&format!("/resources/{}/schema", resource.unwrap_or(0))) {
            Some(schema) => schema,
            None if json.get("fields").is_some() => &json,
            None => {
                return Err(wrong(
                    "it has neither `resources[0].schema.fields` nor `fields`".to_owned(),
                ));
            }
        };
        let rubric = json.get("rubric").or_else(|| schema.get("rubric"));
        let rubric = match rubric {
            Some(Value::String(label)) => Some(label.trim().to_owned()),
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
            for (ours, theirs) in
                [(&mut field.aliases, foreign.aliases), (&mut field.units, foreign.units)]
            {
                theirs.into_iter().for_each(|word| {
                    if !ours.contains(&word) {
                        ours.push(word);
                    }
                });
            }
            field.score_map.extend(
                foreign.score_map.iter().map(|(word, score)| (fold(word).into_owned(), *score)),
            );
        }
        book.by_key = index(&book.fields);
        Ok(book)
    }

    /// A data package that reads a file as it was recognised, for editing: every column under its
    /// header and in file order, with the canonical name, type, titles and range that it has.
    /// Given as a codebook, it makes the same cohort of the file.
    pub fn to_datapackage(&self, file: &str, columns: &[Recognised]) -> String {
        let fields: Vec<Value> = columns.iter().map(|column| self.described(column)).collect();
        let codes = |codes: &std::collections::BTreeSet<String>| -> Vec<String> {
            codes.iter().cloned().collect()
        };
        let mut missing = codes(&self.missing);
        if !missing.iter().any(String::is_empty) {
            missing.insert(0, String::new());
        }
        let schema = json!({
            "fields": fields,
            "missingValues": missing,
            "notVisible": codes(&self.not_visible),
        });
        let resource = json!({
            "name": slug(file), "path": file, "profile": "tabular-data-resource", "schema": schema,
        });
        let mut package = json!({
            "name": slug(file), "profile": "tabular-data-package", "resources": [resource],
        });
        if let Some(rubric) = &self.rubric {
            package["rubric"] = json!(rubric);
        }
        format!("{package:#}\n")
    }

    fn described(&self, column: &Recognised) -> Value {
        let known = column.canonical.as_deref().and_then(|name| self.field(name));
        let Some(field) = known else {
            let mut entry = json!({ "name": column.header, "type": "string", "canonical": null });
            if let Some(guess) = &column.guess {
                entry["suggested_canonical"] = json!(guess.canonical);
            }
            return entry;
        };
        let mut entry = json!({
            "name": column.header,
            "canonical": field.name,
            "type": field.kind,
            "title": field.title,
            "title_ja": field.title_ja,
        });
        let Constraints { minimum, maximum } = field.constraints;
        for (limit, value) in [("minimum", minimum), ("maximum", maximum)] {
            if let Some(value) = value {
                entry["constraints"][limit] = json!(value);
            }
        }
        if !field.units.is_empty() {
            entry["units"] = json!(field.units);
        }
        if !field.score_map.is_empty() {
            entry["score_map"] = json!(field.score_map);
        }
        entry
    }
}

/// Which of a data package's resources describes a file.
fn resource(text: &str, file: &str) -> Result<Option<usize>> {
    let wrong = |e: serde_json::Error| Error::Codebook { reason: format!("it is no JSON ({e})") };
    let json: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).map_err(wrong)?;
    let names_it = |resource: &Value| {
        let path = resource.get("path").and_then(Value::as_str).unwrap_or_default();
        path.strip_prefix("./").unwrap_or(path) == file
    };
    let resources = json.get("resources").and_then(Value::as_array);
    Ok(resources.and_then(|all| all.iter().position(names_it)))
}

/// A name as the standard wants it: small letters, digits and `-`.
fn slug(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_lowercase();
    let name: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "survey".to_owned() } else { name.to_owned() }
}

/// True for the path of a resource that is absolute or goes up.
fn leaves_its_folder(path: &str) -> bool {
    let mut parts = path.split(['/', '\\']);
    path.starts_with(['/', '\\']) || parts.any(|part| part == "..")
}
