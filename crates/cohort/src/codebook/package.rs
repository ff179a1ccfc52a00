//! Codebooks as Frictionless data packages and table schemas: read, and written for editing.

use super::dialect::Dialect;
use super::foreign::Properties;
use super::slip::{Slip, Wanted};
use super::{Codebook, Constraints, Field, headers::index};
use crate::number::fold;
use crate::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use ssi_vocab::Recognised;

/// A Table Schema, with the properties that are our own.
#[derive(Deserialize)]
pub(super) struct Schema<F> {
    pub(super) fields: Vec<F>,
    #[serde(default, rename = "missingValues")]
    pub(super) missing: Vec<String>,
    #[serde(default, rename = "notVisible")]
    pub(super) not_visible: Vec<String>,
}

impl Codebook {
    /// The default codebook, changed by a Frictionless Data Package or Table Schema.
    ///
    /// A field is a canonical column if its `name`, or its own property `canonical`, says so;
    /// then its titles, range, `aliases`, `units` and `score_map` (`{"○": 1}`) replace or extend
    /// ours, and its `name` is the file's header. Other fields are left alone. `missingValues`
    /// and `notVisible` are added to ours. The resource's `encoding`, the delimiter of its `dialect`, and
    /// a field's `decimalChar`, `groupChar` and date `format` (`%d/%m/%Y`) hold where no option says
    /// otherwise. A property `rubric` of the package or the schema names
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
        const OF_A_FIELD: [&str; 12] = [
            "name",
            "type",
            "format",
            "decimalChar",
            "groupChar",
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
        let json = json_of(text)?;
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
        bare.extend(picked(
            json.pointer(&format!("/resources/{at}")).unwrap_or(&json),
            &["encoding", "dialect"],
        ));
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
        let wrong = |slip| Error::Codebook { slip };
        let json = json_of(text)?;
        let path = json.pointer(&format!("/resources/{}/path", resource.unwrap_or(0)));
        if let Some(path) = path.and_then(Value::as_str).filter(|path| leaves_its_folder(path)) {
            return Err(wrong(Slip::Outside { path: path.to_owned() }));
        }
        let schema = match json.pointer(&format!("/resources/{}/schema", resource.unwrap_or(0))) {
            Some(schema) => schema,
            None if json.get("fields").is_some() => &json,
            None => return Err(wrong(Slip::NoFields)),
        };
        let own = json.pointer(&format!("/resources/{}", resource.unwrap_or(0))).unwrap_or(&json);
        let dialect = Dialect::of(own, schema.get("fields"));
        let rubric = json.get("rubric").or_else(|| schema.get("rubric"));
        let rubric = match rubric {
            Some(Value::String(label)) => Some(label.trim().to_owned()),
            Some(_) => {
                let (property, wanted) = ("rubric", Wanted::Text);
                return Err(wrong(Slip::Kind { field: None, property, wanted }));
            }
            None => None,
        };
        let schema = Properties::of_schema(schema).map_err(wrong)?;
        let mut book = Self { rubric, dialect, ..Self::default() };
        let codes = |property| schema.texts(property).map_err(wrong);
        let missing = codes("missingValues")?;
        book.declared.extend(missing.iter().map(|c| fold(c).into_owned()));
        book.missing.extend(book.declared.iter().cloned());
        book.not_visible.extend(codes("notVisible")?.iter().map(|c| fold(c).into_owned()));
        for (name, foreign) in schema.fields().map_err(wrong)? {
            let canonical = match foreign.text("canonical").map_err(wrong)? {
                Some(canonical) => {
                    book.check(&canonical)?;
                    if name != canonical {
                        book.map.insert(canonical.clone(), name.to_owned());
                    }
                    canonical
                }
                None => match book.canonical(name) {
                    Some(name) => name.to_owned(),
                    None => continue,
                },
            };
            let Some(field) = book.fields.iter_mut().find(|f| f.name == canonical) else {
                continue;
            };
            field.take(&foreign).map_err(wrong)?;
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

impl Field {
    /// Takes over what somebody else's field says.
    fn take(&mut self, foreign: &Properties<'_>) -> std::result::Result<(), Slip> {
        let titles = [
            (&mut self.title, "title"),
            (&mut self.title_ja, "title_ja"),
            (&mut self.description, "description"),
        ];
        for (ours, property) in titles {
            if let Some(theirs) = foreign.text(property)? {
                *ours = theirs;
            }
        }
        let Constraints { minimum, maximum } = &mut self.constraints;
        for (ours, bound) in [(minimum, "minimum"), (maximum, "maximum")] {
            *ours = foreign.constraint(bound)?.or(*ours);
        }
        for (ours, property) in [(&mut self.aliases, "aliases"), (&mut self.units, "units")] {
            for word in foreign.texts(property)? {
                if !ours.contains(&word) {
                    ours.push(word);
                }
            }
        }
        let scores = foreign.scores("score_map")?;
        self.score_map.extend(scores.iter().map(|(word, s)| (fold(word).into_owned(), *s)));
        Ok(())
    }
}

fn json_of(text: &str) -> Result<Value> {
    serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
        .map_err(|e| Error::Codebook { slip: Slip::of_json(&e) })
}

/// Which of a data package's resources describes a file.
fn resource(text: &str, file: &str) -> Result<Option<usize>> {
    let json = json_of(text)?;
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
