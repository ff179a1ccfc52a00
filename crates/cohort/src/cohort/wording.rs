//! What stands around a number: units, prefixes, `約`, `53 / 100`.

use crate::number::{Shape, approximate, capped, shape};
use crate::{Field, Role};
use ssi_vocab::Rule;

/// The digits within a number's wording, and whether it is capped. The text is folded and in
/// lower case.
pub(super) fn bare<'t>(
    text: &'t str,
    field: &Field,
    rules: &mut Vec<Rule>,
) -> Option<(&'t str, bool)> {
    let mut text = text;
    if let Some(rest) = approximate(text) {
        rules.push(Rule::Approximate);
        text = rest;
    }
    if field.role == Role::Capped
        && let Some(rest) = capped(text)
    {
        rules.push(Rule::Capped);
        return Some((rest, true));
    }
    let length = text.len();
    for prefix in &field.prefixes {
        if let Some(rest) = text.strip_prefix(prefix.as_str()) {
            text = rest.trim_start();
            break;
        }
    }
    if let Some(whole) = field.out_of {
        let parts = [" out of ", "/", " of "].iter().find_map(|mark| text.split_once(mark));
        if let Some((part, said)) = parts {
            // 53 out of another number would be another scale.
            match shape(unit(said.trim(), field)) {
                Some(Shape::Plain(said)) if said.value == whole => text = part.trim_end(),
                _ => return None,
            }
        }
    }
    text = unit(text, field);
    if text.len() < length {
        rules.push(Rule::Unit);
    }
    Some((text, false))
}

fn unit<'t>(text: &'t str, field: &Field) -> &'t str {
    field.units.iter().find_map(|unit| text.strip_suffix(unit.as_str())).unwrap_or(text).trim_end()
}
