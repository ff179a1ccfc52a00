//! Cells, each read by the role of its column.

mod number;

use super::notes::{Notes, Wording};
use super::ratings::{Draft, Mark, Ratings};
use super::short::Plain;
use super::{Columns, Known, Value};
use crate::grid::Headed;
use crate::grid::Options;
use crate::ledger::{Ledger, shown};
use crate::lines::{Cut, Room, rows_at_a_time, tidy, trimmed};
use crate::number::{decimals, fold};
use crate::personal::{self, Personal};
use crate::reading::{Comma, ragged};
use crate::refusals::Refusals;
use crate::{Codebook, Error, Result, Role, date, decode};
use ssi_vocab::{Exclusion, Missing, Progress, Reason, Rule, Stage, is_infinite};
use std::borrow::Cow;
use std::cell::OnceCell;

/// Reads the cells of a file whose columns are known.
pub(super) struct Cells<'a> {
    headed: &'a Headed<'a>,
    columns: &'a Columns<'a>,
    codebook: &'a Codebook,
    name: &'a str,
    options: &'a Options,
    comma: OnceCell<Comma>,
    /// True where a plain number can mean nothing else.
    uncoded: bool,
    /// True where there are formulas or merged cells.
    has_marks: bool,
    /// The bytes with which a code may begin.
    codes: [bool; 256],
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
        headed: &'a Headed<'a>,
        columns: &'a Columns<'a>,
        codebook: &'a Codebook,
        name: &'a str,
        options: &'a Options,
    ) -> Self {
        Self {
            headed,
            columns,
            codebook,
            name,
            options,
            comma: OnceCell::new(),
            uncoded: !codebook.has_numeric_codes(),
            has_marks: !headed.formulas.is_empty() || !headed.merged.is_empty(),
            codes: codebook.first_of_codes(),
        }
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
        let headed = self.headed;
        let mut lines = Vec::with_capacity(headed.lines.len());
        for (at, line) in (0..).zip(headed.lines.iter()) {
            if headed.fits(&line) {
                lines.push(at);
            } else {
                excluded.push(ragged(line.number()));
            }
        }
        let draft = |known: &Known<'_>| {
            let role = known.field.role;
            let formula = missing(role, Missing::NotANumber);
            Draft::new(lines.len(), role == Role::Capped, formula)
        };
        // Where plain numbers can mean nothing else.
        let is_plain = self.uncoded && !self.has_marks && self.options.decimal.is_none();
        let plain = |known: &Known<'_>| is_plain.then(|| Plain::of(known.field)).flatten();
        let plain: Vec<Option<Plain>> = self.columns.0.iter().map(plain).collect();
        let mut drafts: Vec<Draft<'a>> = self.columns.0.iter().map(draft).collect();
        let mut sound = vec![true; lines.len()];
        let width = headed.header.len();
        let mut filled = vec![0; width];
        let others: Vec<usize> =
            (0..width).filter(|at| self.columns.0.iter().all(|k| k.at != *at)).collect();
        let (mut room, mut codes) = (Room::default(), Vec::new());
        self.options.watch.begin(Stage::Read, lines.len() as u64);
        // Some rows of all columns at a time, while their text is at hand.
        let some = rows_at_a_time(width);
        for (rows, sound) in lines.chunks(some).zip(sound.chunks_mut(some)) {
            let cut = headed.lines.cut(rows, width, &mut room);
            for ((known, draft), plain) in self.columns.0.iter().zip(&mut drafts).zip(&plain) {
                let mut notes = Notes { excluded, ledger, refusals };
                filled[known.at] += self.read(
                    (known, plain.as_ref()),
                    &cut,
                    draft,
                    (sound, &mut codes),
                    &mut notes,
                )?;
            }
            for at in &others {
                filled[*at] += (0..cut.len()).filter(|row| !cut.cell(*row, *at).is_empty()).count();
            }
            self.options.watch.advance(cut.len() as u64);
        }
        let columns = drafts.into_iter().map(|draft| draft.column).collect();
        Ok(Ratings { headed, lines, sound, columns, filled })
    }

    /// Reads the cells of a column in some rows; how many hold anything.
    fn read(
        &self,
        (known, plain): (&Known<'_>, Option<&Plain>),
        cut: &Cut<'a, '_>,
        draft: &mut Draft<'a>,
        (sound, codes): (&mut [bool], &mut Vec<u32>),
        notes: &mut Notes<'_>,
    ) -> Result<usize> {
        let (mut most, mut empty) = (0, 0);
        let role = known.field.role;
        // Numbers other than scores come too seldom again.
        let again = !self.has_marks && (role == Role::Item || !role.is_numeric());
        codes.resize(cut.len(), 0);
        for ((row, word), place) in cut.words(known.at).enumerate().zip(&mut *codes) {
            empty += usize::from(word.1 == 0);
            // Most cells of a clean file.
            if again && let Some(code) = draft.lately.code(word) {
                *place = code;
                continue;
            }
            if let Some((code, decimals)) = plain.and_then(|plain| plain.code(word)) {
                *place = code;
                most = most.max(decimals);
                if again {
                    draft.lately.keep(word, code);
                }
                continue;
            }
            let raw = cut.raw(row, known.at);
            let cell = (cut.number(row), raw);
            let (code, is_new) = self.other(known, cell, draft, &mut sound[row], notes)?;
            *place = code;
            empty += usize::from(!raw.is_empty() && trimmed(raw).is_empty());
            if again && is_new {
                draft.lately.keep(word, code);
            }
        }
        draft.column.codes.append(codes);
        draft.column.decimals = draft.column.decimals.max(most);
        Ok(cut.len() - empty)
    }

    /// The code of a cell that is not known at once, and whether it is a text of which nothing is to be
    /// said, that can be known from now on.
    #[inline(never)]
    fn other(
        &self,
        known: &Known<'_>,
        (row, raw): (usize, &'a str),
        draft: &mut Draft<'a>,
        sound: &mut bool,
        notes: &mut Notes<'_>,
    ) -> Result<(u32, bool)> {
        // A text that was one before is one again, unless an apostrophe would be taken away.
        if !self.has_marks
            && !raw.starts_with('\'')
            && let Some(code) = draft.recall(raw)
        {
            return Ok((code, true));
        }
        let text = tidy(raw);
        let code = self.code(known, (row, raw, text), draft, notes.refusals)?;
        let cell = (text, &draft.column.values[code as usize]);
        let mark = draft.mark(code);
        if let Some(mark) = mark {
            *sound &= !mark.refused && mark.fault.is_none();
            notes.add(known, row, cell, mark);
        }
        if self.headed.merged.contains(&(row, known.at)) && mark.is_none_or(|mark| !mark.refused) {
            notes.merged(known, row, cell);
        }
        Ok((code, mark.is_none() && text.len() == raw.len()))
    }

    /// The value of a cell: read, or what the same text was read as before.
    fn code(
        &self,
        known: &Known<'_>,
        (row, raw, text): (usize, &'a str, &'a str),
        draft: &mut Draft<'a>,
        refusals: &mut Refusals,
    ) -> Result<u32> {
        // The total is recomputed from the items, so that its formula can do no harm.
        let has_formula = self.headed.formulas.contains(&(row, known.at))
            && (known.field.name != "score_total" || text.is_empty());
        let code = if has_formula { Draft::FORMULA } else { draft.code(text) };
        let is_new = draft.lacks(code);
        if is_new {
            let (value, mark) = match self.cell(known, text, row) {
                Ok(Read { value, fault, rules }) => {
                    // How finely the column is given is told by what could be read.
                    if known.field.role.is_numeric() && fault.is_none() && !value.is_missing() {
                        let places = decimals(&fold(&shown(raw)));
                        draft.column.decimals = draft.column.decimals.max(places);
                    }
                    let is_read = !rules.is_empty();
                    let wording = is_read.then(|| Wording::of(known, (text, &value), &rules));
                    (value, Mark { rules, fault, refused: false, wording })
                }
                Err(error) => {
                    refusals.add_once(error)?;
                    let value = missing(known.field.role, Missing::NotANumber);
                    (value, Mark { refused: true, ..Mark::default() })
                }
            };
            draft.column.rewritten |= !mark.rules.is_empty();
            draft.push(value, mark);
        }
        Ok(code)
    }

    fn cell(&self, known: &Known<'_>, text: &'a str, row: usize) -> Result<Read<'a>> {
        let field = known.field;
        if matches!(field.role, Role::Identifier | Role::Group) && self.is_name(text) {
            return Ok(Read::fine(Value::Word(Ok(Cow::Borrowed(text)))));
        }
        if decode::is_mojibake(text) {
            return Err(Error::Garbled { name: self.name.to_owned(), row });
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

    /// True for letters, digits, hyphens and underscores behind a letter with which no code begins, as
    /// most identifiers and groups are written: nothing else can be meant by them.
    fn is_name(&self, text: &str) -> bool {
        text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() && !self.codes[usize::from(b)])
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    }
}

/// A value that is not there.
fn missing<'a>(role: Role, why: Missing) -> Value<'a> {
    match role {
        Role::Number | Role::Item => Value::Number(Err(why)),
        Role::Capped => Value::Capped(Err(why)),
        Role::Identifier | Role::Group | Role::Date => Value::Word(Err(why)),
    }
}
