//! What each column was taken for, and what those that were not recognised might be.
//!
//! A guess is only said: nothing is ever read by it.

use super::inspection::of;
use super::{Columns, ITEMS};
use crate::codebook::key;
use crate::grid::Headed;
use crate::number::{Shape, capped, fold, shape};
use crate::samples::Samples;
use crate::{Codebook, Field, Role, date, personal};
use ssi_vocab::{Content, Guess, How, Recognised};
use std::collections::BTreeSet;

/// A header that is as like a known one as this may mean the same.
const ALIKE: f64 = 0.85;

/// All columns in file order.
pub(super) fn recognised(
    (headed, samples): (&Headed<'_>, &Samples<'_>),
    columns: &Columns<'_>,
    codebook: &Codebook,
) -> Vec<Recognised> {
    let names: Vec<(&Field, Vec<String>)> =
        codebook.fields().iter().map(|field| (field, names(field))).collect();
    let mut taken: BTreeSet<&str> =
        columns.0.iter().map(|known| known.field.name.as_str()).collect();
    (0..headed.header.len())
        .map(|at| {
            if let Some(known) = columns.0.iter().find(|known| known.at == at) {
                return of(headed, at, Some(&known.field.name), known.how);
            }
            let cells = samples.of_column(at);
            if personal::of_column(&headed.header[at], cells).is_some() {
                return of(headed, at, None, How::Personal);
            }
            // Without a name there is nothing to map.
            let named = Some(&headed.header[at]).filter(|header| !header.is_empty());
            let guess = named.and(Profile::of(cells)).and_then(|profile| {
                let (field, by_name) = profile.guess(&headed.header[at], &names, &taken)?;
                taken.insert(&field.name);
                let (canonical, content) = (field.name.clone(), profile.content());
                Some(Guess { canonical, by_name, content })
            });
            Recognised { guess, ..of(headed, at, None, How::Unknown) }
        })
        .collect()
}

/// What the filled cells of a column look like.
#[derive(Default)]
struct Profile {
    filled: usize,
    numbers: Vec<f64>,
    capped: usize,
    dates: usize,
    words: BTreeSet<String>,
}

impl Profile {
    fn of(cells: &[&str]) -> Option<Self> {
        let mut profile = Self::default();
        for cell in cells {
            let text = fold(cell);
            profile.filled += 1;
            let number = capped(&text).unwrap_or(&text);
            match shape(number).or_else(|| shape(without_unit(number))) {
                Some(
                    Shape::Plain(read)
                    | Shape::DecimalComma(read)
                    | Shape::Thousands(read)
                    | Shape::Either { decimal: read, .. },
                ) => {
                    profile.numbers.push(read.value);
                    profile.capped += usize::from(capped(&text).is_some());
                }
                None if date::iso(&text, None).is_some() => profile.dates += 1,
                None => {
                    profile.words.insert(text.into_owned());
                }
            }
        }
        (profile.filled > 0).then_some(profile)
    }

    /// True where three in four are so: a column has its slips.
    fn mostly(&self, count: usize) -> bool {
        4 * count >= 3 * self.filled
    }

    fn content(&self) -> Content {
        if self.capped > 0 && self.mostly(self.numbers.len()) {
            return Content::Capped;
        }
        if self.mostly(self.numbers.len()) {
            let (low, high) = self.range();
            return Content::Numbers { low, high };
        }
        if self.mostly(self.dates) {
            return Content::Dates;
        }
        Content::Words { different: self.words.len() }
    }

    fn range(&self) -> (f64, f64) {
        let low = self.numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (low, high)
    }

    /// True where the cells could be of the column.
    fn fits(&self, field: &Field) -> bool {
        match (field.role, self.content()) {
            (Role::Number | Role::Item, Content::Numbers { low, high }) => {
                let scored = |v: &f64| [0.0, 0.5, 1.0].contains(v);
                field.allows(low)
                    && field.allows(high)
                    && (field.role != Role::Item || self.numbers.iter().all(scored))
                    && (field.name != "ssi_total" || high > 25.0)
            }
            (Role::Capped, Content::Capped) => true,
            (Role::Capped, Content::Numbers { low, .. }) => low >= 0.0,
            (Role::Date, Content::Dates) => true,
            (Role::Group | Role::Identifier, Content::Words { .. }) => true,
            (Role::Identifier, Content::Numbers { .. }) => true,
            _ => false,
        }
    }

    /// The column whose names the header is most like and whose cells these could be, with `true`;
    /// else a required one whose cells look like these.
    fn guess<'c>(
        &self,
        header: &str,
        names: &[(&'c Field, Vec<String>)],
        taken: &BTreeSet<&str>,
    ) -> Option<(&'c Field, bool)> {
        let free = || names.iter().filter(|(field, _)| !taken.contains(field.name.as_str()));
        let wanted = key(header);
        let by_name = free()
            .filter(|(field, _)| self.fits(field))
            .filter_map(|(field, names)| Some((likeness(&wanted, names)?, *field)))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, field)) = by_name {
            return Some((field, true));
        }
        let (_, high) = self.range();
        let halves = self.numbers.iter().all(|v| (2.0 * v).fract() == 0.0);
        let has_items = ITEMS.iter().all(|item| taken.contains(item));
        let by_content = |field: &&Field| match field.name.as_str() {
            "ssi_total" => true,
            "conn_display" => self.capped > 0,
            "score_total" => !has_items && halves && high > 1.0,
            _ => false,
        };
        let mut free = free().map(|(field, _)| *field).filter(by_content);
        free.find(|field| self.fits(field)).map(|field| (field, false))
    }
}

/// A number without the few letters behind it, as in `78点`.
fn without_unit(text: &str) -> &str {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    if text[number.len()..].chars().count() <= 3 { number } else { text }
}

/// The names of a column, as they are compared.
fn names(field: &Field) -> Vec<String> {
    let own = [&field.name, &field.title, &field.title_ja].into_iter();
    own.chain(&field.aliases).chain(&field.fallback_aliases).map(|name| key(name)).collect()
}

/// How like a header is to the names of a column: the longest name within it, or the likeness to
/// one of them.
fn likeness(wanted: &str, names: &[String]) -> Option<f64> {
    names
        .iter()
        .filter_map(|name| {
            let long = name.chars().count() >= if name.is_ascii() { 3 } else { 2 };
            if long && wanted.contains(name) {
                return Some(1.0 + name.chars().count() as f64);
            }
            let alike = strsim::jaro_winkler(wanted, name);
            (alike >= ALIKE && !wanted.is_empty()).then_some(alike)
        })
        .max_by(f64::total_cmp)
}
