//! Numbers as survey forms have them: with units, with points and commas in either sense, capped.

use super::{Cells, Read};
use crate::choices::DecimalMark;
use crate::cohort::wording::bare;
use crate::cohort::{Known, Value};
use crate::decimal::Decimal;
use crate::grid::Form;
use crate::ledger::shown;
use crate::lines::tidy;
use crate::number::{Shape, declared, shape};
use crate::reading::Comma;
use crate::{Error, Field, Result, Role};
use ssi_vocab::{Capped, Reason, Rule};

impl<'a> Cells<'a> {
    /// A number with its wording; `None` where there is none.
    pub(super) fn number(
        &self,
        known: &Known<'_>,
        folded: &str,
        text: &str,
        row: usize,
    ) -> Result<Option<Read<'a>>> {
        let field = known.field;
        let mut rules = Vec::new();
        if let Some(value) = self.percentage(field, folded) {
            return Ok(Some(judged(field, value, false, vec![Rule::Unit])));
        }
        let declared = field.score_map.get(folded).copied();
        let (value, at_least) = if let Some(score) = declared {
            rules.push(Rule::DeclaredScore);
            (score.into(), false)
        } else if let Some(value) = self.plain(field, folded) {
            (value, false)
        } else {
            let lower;
            let (digits, at_least) = if matches!(self.shape(folded), Some(Shape::Plain(_))) {
                (folded, false)
            } else {
                lower = folded.to_lowercase();
                match bare(&lower, field, &mut rules) {
                    Some(found) => found,
                    None => return Ok(None),
                }
            };
            match self.resolve(known, (digits, at_least), text, row)? {
                Some((value, rule)) => {
                    rules.extend(rule);
                    (value, at_least)
                }
                None => return Ok(None),
            }
        };
        if !text.is_ascii() && folded != text {
            rules.push(Rule::FullWidth);
        }
        Ok(Some(judged(field, value, at_least, rules)))
    }

    /// What a workbook's percentage means where it is not what it shows: for a number that has no per
    /// cent, or where only the number itself can be right.
    fn percentage(&self, field: &Field, folded: &str) -> Option<Decimal> {
        if self.headed.form != Form::Workbook {
            return None;
        }
        let shown = folded.strip_suffix('%')?;
        // The point is moved in the text: a quotient may end in another digit.
        let (Shape::Plain(own), Shape::Plain(shown)) =
            (shape(&format!("{shown}e-2"))?, shape(shown)?)
        else {
            return None;
        };
        let has_unit = field.units.iter().any(|unit| unit == "%");
        (!has_unit || !field.allows(shown.value) && field.allows(own.value)).then_some(own)
    }

    /// A number without any mark that could be read in two ways.
    fn plain(&self, field: &Field, folded: &str) -> Option<Decimal> {
        let dotted =
            (field.role == Role::Capped || field.kind == "integer") && folded.contains('.');
        let plain = self.options.decimal.is_none() && !dotted;
        plain.then(|| Decimal::short(folded)).flatten()
    }

    /// The number that the digits say. Where a comma can be read in two ways, the column's range
    /// and type decide, then the file's other numbers.
    fn resolve(
        &self,
        known: &Known<'_>,
        (digits, at_least): (&str, bool),
        text: &str,
        row: usize,
    ) -> Result<Option<(Decimal, Option<Rule>)>> {
        let field = known.field;
        let is_count = field.kind == "integer" || field.role == Role::Capped;
        let possible =
            |read: Decimal| field.allows(read.value) && (!is_count || read.value.fract() == 0.0);
        let (decimal, thousands) = match self.shape(digits) {
            None => return Ok(None),
            Some(Shape::Plain(value)) => {
                // `1.204` contacts are no number unless the file has decimal commas.
                let dotted = || match declared(digits, DecimalMark::Comma, false) {
                    Some(Shape::Thousands(read)) if possible(read) => Some(read),
                    _ => None,
                };
                let is_text = self.headed.form != Form::Workbook && self.options.decimal.is_none();
                // What is shown as `1.5+` is no count.
                let is_whole = value.value.fract() == 0.0;
                let own = (is_whole || !at_least).then_some((value, None));
                let Some(read) = (is_text && is_count).then(dotted).flatten() else {
                    return Ok(own);
                };
                let comma = *self.comma.get_or_init(|| self.comma_of_file());
                return Ok(match comma {
                    Comma::Decimal => Some((read, Some(Rule::Thousands))),
                    // `283.000`, as some programs write whole numbers; but not `2.000+`.
                    _ if is_whole && !at_least => own,
                    _ => None,
                });
            }
            Some(Shape::Thousands(value)) => return Ok(Some((value, Some(Rule::Thousands)))),
            Some(Shape::DecimalComma(value)) => {
                return Ok(Some((value, Some(Rule::DecimalComma))));
            }
            // No count has decimals, be they zeros.
            Some(Shape::Either { thousands, .. }) if is_count => {
                return Ok(Some((thousands, Some(Rule::Thousands))));
            }
            Some(Shape::Either { decimal, thousands }) => (decimal, thousands),
        };
        let comma = match (possible(decimal), possible(thousands)) {
            (true, false) => Comma::Decimal,
            (false, true) => Comma::Thousands,
            _ => *self.comma.get_or_init(|| self.comma_of_file()),
        };
        match comma {
            Comma::Decimal => Ok(Some((decimal, Some(Rule::DecimalComma)))),
            Comma::Thousands => Ok(Some((thousands, Some(Rule::Thousands)))),
            Comma::Unknown => Err(Error::AmbiguousComma {
                name: self.name.to_owned(),
                column: field.name.as_str().into(),
                row,
                value: shown(text),
            }),
        }
    }

    /// What the digits say, by the decimal mark that the user names.
    fn shape(&self, digits: &str) -> Option<Shape> {
        match self.options.decimal {
            Some(mark) => declared(digits, mark, self.headed.form == Form::Workbook),
            None => shape(digits),
        }
    }

    fn comma_of_file(&self) -> Comma {
        let mut numeric = vec![false; self.headed.header.len()];
        let of_numbers = self.columns.0.iter().filter(|known| known.field.role.is_numeric());
        of_numbers.for_each(|known| numeric[known.at] = true);
        let fitting = self.headed.lines.iter().filter(|line| self.headed.fits(line));
        let cells = fitting.flat_map(|line| {
            line.cells().zip(&numeric).filter(|(_, numeric)| **numeric).map(|(cell, _)| tidy(cell))
        });
        match Comma::by(cells) {
            Comma::Unknown if self.headed.form != Form::OtherMarks => Comma::Thousands,
            found => found,
        }
    }
}

/// A number of a column, with its fault if it can't be right.
fn judged<'a>(field: &Field, value: Decimal, at_least: bool, rules: Vec<Rule>) -> Read<'a> {
    let fault = if field.role == Role::Item && ![0.0, 0.5, 1.0].contains(&value.value) {
        Some(Reason::NotAnItemScore)
    } else if field.allows(value.value) {
        None
    } else {
        Some(Reason::OutOfRange)
    };
    let value = match field.role {
        Role::Capped => Value::Capped(Ok(Capped { value: value.value, at_least })),
        _ => Value::Number(Ok(value)),
    };
    Read { value, fault, rules }
}
