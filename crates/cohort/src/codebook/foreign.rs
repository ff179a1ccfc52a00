//! Somebody else's schema: what stands in it is looked at piece by piece, so that what is wrong has
//! a place.

use super::slip::{Slip, Wanted};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Properties of a schema or of one of its fields, and where they stand.
pub(super) struct Properties<'a> {
    all: &'a Map<String, Value>,
    /// The field, counted from 1, and its name.
    field: Option<(usize, &'a str)>,
}

impl<'a> Properties<'a> {
    /// Those of a schema.
    pub(super) fn of_schema(schema: &'a Value) -> Result<Self, Slip> {
        let slip = Slip::Kind { field: None, property: "schema", wanted: Wanted::Object };
        let all = schema.as_object().ok_or(slip)?;
        Ok(Self { all, field: None })
    }

    /// Those of a schema's fields; a field has a name.
    pub(super) fn fields(&self) -> Result<Vec<(&'a str, Self)>, Slip> {
        let found = self.all.get("fields").ok_or(Slip::NoFields)?;
        let found = found.as_array().ok_or_else(|| self.wrong("fields", Wanted::Fields))?;
        let field = |(i, field): (usize, &'a Value)| {
            let place = |wanted, property| {
                let field = Some((i + 1, String::new()));
                Slip::Kind { field, property, wanted }
            };
            let all = field.as_object().ok_or_else(|| self.wrong("fields", Wanted::Fields))?;
            let name = all.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| place(Wanted::Text, "name"))?;
            Ok((name, Self { all, field: Some((i + 1, name)) }))
        };
        found.iter().enumerate().map(field).collect()
    }

    fn wrong(&self, property: &'static str, wanted: Wanted) -> Slip {
        let field = self.field.map(|(at, name)| (at, name.to_owned()));
        Slip::Kind { field, property, wanted }
    }

    /// A property that is there and not null.
    fn given(&self, property: &str) -> Option<&'a Value> {
        self.all.get(property).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, property: &'static str) -> Result<Option<String>, Slip> {
        let text = |value: &Value| {
            let text = value.as_str().ok_or_else(|| self.wrong(property, Wanted::Text))?;
            Ok(text.to_owned())
        };
        self.given(property).map(text).transpose()
    }

    pub(super) fn texts(&self, property: &'static str) -> Result<Vec<String>, Slip> {
        let wrong = || self.wrong(property, Wanted::Texts);
        let Some(value) = self.given(property) else { return Ok(Vec::new()) };
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(wrong);
        value.as_array().ok_or_else(wrong)?.iter().map(text).collect()
    }

    /// Words and the scores that they mean.
    pub(super) fn scores(&self, property: &'static str) -> Result<BTreeMap<String, f64>, Slip> {
        let wrong = || self.wrong(property, Wanted::Scores);
        let Some(value) = self.given(property) else { return Ok(BTreeMap::new()) };
        let score = |(word, value): (&String, &Value)| {
            Ok((word.clone(), value.as_f64().ok_or_else(wrong)?))
        };
        value.as_object().ok_or_else(wrong)?.iter().map(score).collect()
    }

    /// A number among the constraints.
    pub(super) fn constraint(&self, bound: &'static str) -> Result<Option<f64>, Slip> {
        let Some(constraints) = self.given("constraints") else { return Ok(None) };
        let constraints = constraints.as_object();
        let constraints = constraints.ok_or_else(|| self.wrong("constraints", Wanted::Object))?;
        let number =
            |value: &Value| value.as_f64().ok_or_else(|| self.wrong(bound, Wanted::Number));
        constraints.get(bound).filter(|value| !value.is_null()).map(number).transpose()
    }
}
