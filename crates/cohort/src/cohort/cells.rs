//! Cells, each read by the role of its column.

use super::ratings::{Draft, Mark, Ratings};
use super::{Columns, Known, Value};
use crate::choices::DecimalMark;
use crate::decimal::Decimal;
use crate::grid::Options;
use crate::grid::{Form, Headed, Line};
use crate::ledger::{Ledger, shown};
use crate::number::{Shape, approximate, capped, decimals, declared, fold, shape};
use crate::personal::{self, Personal};
use crate::reading::{Comma, ragged};
use crate::refusals::Refusals;
use crate::{Codebook, Error, Field, Result, Role, date};
use ssi_vocab::{Capped, Exclusion, Missing, Reason, Rule, is_infinite};
use std::borrow::Cow;
use std::cell::OnceCell;

/// Reads the cells of a file whose columns are known.
pub(super) struct Cells<'a> {
    headed: &'a Headed,
    columns: &'a Columns<'a>,
    codebook: &'a Codebook,
    name: &'a str,
    options: &'a Options,
    comma: OnceCell<Comma>,
    /// True where a plain number can mean nothing else.
    uncoded: bool,
}

/// What a cell turned out to be, and how it was read.
struct Read<'a> {
    value: Value<'a>,
    fault: Option<Reason>,
    rules: Vec<Rule>,
}

impl<'a> Read<'a> {
    fn fine(value: Value<'a>) -> Self {
        Self { value, fault: None, rules: Vec::new() }
    }
}

impl<'a> Cells<'a> {
    pub(super) fn new(
        headed: &'a Headed,
        columns: &'a Columns<'a>,
        codebook: &'a Codebook,
        name: &'a str,
        options: &'a Options,
    ) -> Self {
        let uncoded = !codebook.has_numeric_codes();
        Self { headed, columns, codebook, name, options, comma: OnceCell::new(), uncoded }
    }

    /// What a comma was taken for, where a cell left it open.
    pub(super) fn comma(&self) -> Option<Comma> {
        self.comma.get().copied()
    }

    /// All rows, those with faults marked and their faults listed; ragged rows are only listed.
    pub(super) fn ratings(
        &self,
        excluded: &mut Vec<Exclusion>,
        ledger: &mut Ledger,
        refusals: &mut Refusals,
    ) -> Result<Ratings<'a>> {
        let n = self.headed.lines.len();
        let formula = |known: &Known<'_>| missing(known.field.role, Missing::NotANumber);
        let mut drafts: Vec<Draft<'a>> =
            self.columns.0.iter().map(|known| Draft::new(n, formula(known))).collect();
        let (mut lines, mut sound) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for (at, line) in (0..).zip(&self.headed.lines) {
            if !self.headed.fits(line) {
                excluded.push(ragged(line.number));
                continue;
            }
            let mut is_sound = true;
            for (known, draft) in self.columns.0.iter().zip(&mut drafts) {
                let code = self.code(known, line, draft, refusals)?;
                draft.column.codes.push(code);
                let is_merged = self.headed.merged.contains(&(line.number, known.at));
                let mark = draft.mark(code);
                if mark.is_none() && !is_merged {
                    continue;
                }
                let none = Mark::NONE;
                let mark = mark.unwrap_or(&none);
                is_sound &= !mark.refused && mark.fault.is_none();
                let value = &draft.column.values[code as usize];
                note((known, line), (mark, value), is_merged, excluded, ledger);
            }
            lines.push(at);
            sound.push(is_sound);
        }
        let columns = drafts.into_iter().map(|draft| draft.column).collect();
        Ok(Ratings { headed: self.headed, lines, sound, columns })
    }

    /// The value of a cell: read, or what the same text was read as before.
    fn code(
        &self,
        known: &Known<'_>,
        line: &'a Line,
        draft: &mut Draft<'a>,
        refusals: &mut Refusals,
    ) -> Result<u32> {
        let text = line.cell(known.at);
        // The total is recomputed from the items, so that its formula can do no harm.
        let has_formula = self.headed.formulas.contains(&(line.number, known.at))
            && (known.field.name != "score_total" || text.is_empty());
        let code = if has_formula { Draft::FORMULA } else { draft.code(text) };
        let is_new = draft.lacks(code);
        if known.field.role.is_numeric() && (is_new || has_formula) {
            let raw = shown(line.cells.get(known.at).unwrap_or_default());
            draft.column.decimals = draft.column.decimals.max(decimals(&fold(&raw)));
        }
        if is_new {
            let (value, mark) = match self.cell(known, text, line.number) {
                Ok(Read { value, fault, rules }) => (value, Mark { rules, fault, refused: false }),
                Err(error) => {
                    // One example a column is enough to tell what is wrong with it.
                    if !refusals.found.iter().any(|found| same_column(found, &error)) {
                        refusals.add(error)?;
                    }
                    let value = missing(known.field.role, Missing::NotANumber);
                    (value, Mark { refused: true, ..Mark::NONE })
                }
            };
            draft.column.rewritten |= !mark.rules.is_empty();
            draft.push(value, mark);
        }
        Ok(code)
    }

    fn cell(&self, known: &Known<'_>, text: &'a str, row: usize) -> Result<Read<'a>> {
        let field = known.field;
        // Most cells of a clean file, without a look at the codes.
        if self.uncoded
            && field.role.is_numeric()
            && let Some(value) = self.plain(field, text)
        {
            return Ok(judged(field, value, false, Vec::new()));
        }
        let folded = fold(text);
        let missing = |why: Missing, rule: Option<Rule>| Read {
            value: missing(field.role, why),
            fault: None,
            rules: rule.into_iter().collect(),
        };
        let faulty = |reason| Read { fault: Some(reason), ..missing(Missing::NotANumber, None) };
        if folded.starts_with(['=', '@']) {
            return Ok(faulty(Reason::Formula));
        }
        if self.codebook.is_missing(&folded) {
            return Ok(missing(Missing::Blank, (!text.is_empty()).then_some(Rule::MissingCode)));
        }
        if self.codebook.is_not_visible(&folded) {
            return Ok(missing(Missing::NotVisible, Some(Rule::NotVisible)));
        }
        if field.role.is_numeric() {
            return Ok(match self.number(known, &folded, text, row)? {
                Some(read) => read,
                None if is_infinite(&folded) => faulty(Reason::NotFinite),
                None => faulty(Reason::NotANumber),
            });
        }
        if let Some(what) = personal::of_cell(&folded).map(Personal::what) {
            let header = self.headed.header[known.at].clone();
            return Err(Error::Personal { name: self.name.to_owned(), header, what });
        }
        if field.role == Role::Date {
            return Ok(match date::iso(&folded, self.options.date_order) {
                Some(day) if day == text => Read::fine(Value::Word(Ok(Cow::Borrowed(text)))),
                Some(day) => {
                    Read { rules: vec![Rule::Date], ..Read::fine(Value::Word(Ok(day.into()))) }
                }
                None => faulty(Reason::NotADate),
            });
        }
        let rules = if folded == text { Vec::new() } else { vec![Rule::FullWidth] };
        Ok(Read { rules, ..Read::fine(Value::Word(Ok(folded))) })
    }

    /// A number with its wording; `None` where there is none.
    fn number(
        &self,
        known: &Known<'_>,
        folded: &str,
        text: &str,
        row: usize,
    ) -> Result<Option<Read<'a>>> {
        let field = known.field;
        let mut rules = Vec::new();
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
            match self.resolve(known, digits, text, row)? {
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
        digits: &str,
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
                let unfit = is_text && is_count && value.value.fract() != 0.0;
                let Some(read) = unfit.then(dotted).flatten() else {
                    return Ok(Some((value, None)));
                };
                let comma = *self.comma.get_or_init(|| self.comma_of_file());
                return Ok((comma == Comma::Decimal).then_some((read, Some(Rule::Thousands))));
            }
            Some(Shape::Thousands(value)) => return Ok(Some((value, Some(Rule::Thousands)))),
            Some(Shape::DecimalComma(value)) => {
                return Ok(Some((value, Some(Rule::DecimalComma))));
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
        let numeric = self.columns.0.iter().filter(|known| known.field.role.is_numeric());
        let at: Vec<usize> = numeric.map(|known| known.at).collect();
        let cells =
            self.headed.lines.iter().flat_map(|line| at.iter().map(move |at| line.cell(*at)));
        match Comma::by(cells) {
            Comma::Unknown if self.headed.form != Form::OtherMarks => Comma::Thousands,
            found => found,
        }
    }
}

/// Notes how a cell was read, and lists its fault.
fn note(
    (known, line): (&Known<'_>, &Line),
    (mark, value): (&Mark, &Value<'_>),
    is_merged: bool,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) {
    if mark.refused {
        return;
    }
    let text = line.cell(known.at);
    let numeric = known.field.role.is_numeric();
    // Free text never leaves: only what stands in a number column is repeated.
    let visible = if numeric { text } else { "" };
    for rule in mark.rules.iter().copied().chain(is_merged.then_some(Rule::MergedCell)) {
        let is_code = matches!(rule, Rule::MissingCode | Rule::NotVisible);
        let place = (known.order, known.field.name.as_str());
        let found = if is_code { text } else { visible };
        ledger.note(rule, place, line.number, found, || read_as(value, numeric));
    }
    if let Some(reason) = mark.fault {
        excluded.push(Exclusion {
            row: line.number,
            column: known.field.name.clone(),
            value: shown(visible),
            reason,
        });
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

/// A value that is not there.
fn missing<'a>(role: Role, why: Missing) -> Value<'a> {
    match role {
        Role::Number | Role::Item => Value::Number(Err(why)),
        Role::Capped => Value::Capped(Err(why)),
        Role::Identifier | Role::Group | Role::Date => Value::Word(Err(why)),
    }
}

/// True where both say the same of one column.
fn same_column(one: &Error, other: &Error) -> bool {
    match (one, other) {
        (Error::Personal { header: a, .. }, Error::Personal { header: b, .. }) => a == b,
        (Error::AmbiguousComma { column: a, .. }, Error::AmbiguousComma { column: b, .. }) => {
            a.column == b.column
        }
        _ => false,
    }
}

/// The digits within a number's wording, and whether it is capped. The text is folded and in
/// lower case.
fn bare<'t>(text: &'t str, field: &Field, rules: &mut Vec<Rule>) -> Option<(&'t str, bool)> {
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

/// A value as the ledger shows it; words stay in the file.
fn read_as(value: &Value<'_>, numeric: bool) -> String {
    match value {
        Value::Number(Ok(read)) => read.value.to_string(),
        Value::Capped(Ok(c)) => format!("{}{}", c.value, if c.at_least { "+" } else { "" }),
        Value::Word(Ok(word)) if numeric => word.to_string(),
        _ => String::new(),
    }
}
