//! From ratings to respondents: duplicates, several raters, the table.

use super::{Columns, Rating, Total, Value};
use crate::decimal::Decimal;
use crate::grid::Form;
use crate::ledger::Ledger;
use crate::reading::rest;
use crate::{Result, Role};
use ssi_vocab::{Column, Exclusion, Missing, Reason, Rule, Seen, Table};
use std::collections::{BTreeMap, BTreeSet};

/// The respondents, and what became of the rows.
pub(super) struct Merged {
    /// One rating a respondent and wave: the mean over the raters, in file order.
    pub(super) rows: Vec<Rating>,
    /// How many ratings each of them rests on.
    raters: Vec<usize>,
    /// Rows that went in.
    pub(super) rows_used: usize,
    /// Identical duplicates.
    pub(super) rows_dropped: usize,
    /// Different respondents.
    pub(super) respondents: usize,
    /// Respondents with two raters or more.
    pub(super) rated_twice: usize,
    /// The total of each rating.
    pub(super) totals: Vec<Total>,
    /// Who each of the rows is about: respondents are numbered from 0 as they come.
    pub(super) persons: Vec<usize>,
    /// The ratings themselves, respondent by respondent, where they are asked for.
    pub(super) ratings: Vec<Rating>,
}

/// How respondents are put together.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// Of conflicting rows the latest counts.
    pub(super) keep_latest: bool,
    /// The single ratings are kept, too.
    pub(super) detailed: bool,
}

/// Who stands in which row, by identifier.
pub(super) fn people(ratings: &[Rating], columns: &Columns<'_>) -> BTreeMap<usize, String> {
    let id = columns.place("respondent_id");
    let named = |r: &Rating| Some((r.row, r.values[id?].word()?.to_owned()));
    ratings.iter().filter_map(named).collect()
}

/// Drops identical duplicates, excludes conflicting ones, averages raters.
pub(super) fn respondents(
    ratings: Vec<Rating>,
    columns: &Columns<'_>,
    how: How,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Merged {
    let mut merged = Merged {
        rows: Vec::new(),
        raters: Vec::new(),
        rows_used: 0,
        rows_dropped: 0,
        respondents: 0,
        rated_twice: 0,
        totals: Vec::new(),
        persons: Vec::new(),
        ratings: Vec::new(),
    };
    let date = columns.place("ssi_date");
    let mut raters: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let [id, wave, rater] = ["respondent_id", "wave", "rater_id"].map(|name| columns.place(name));
    // Keyed by the first row of the group, so that file order is kept.
    let mut groups: Vec<(Option<String>, Vec<Rating>)> = Vec::new();
    let mut places: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    for rating in ratings {
        let word =
            |at: Option<usize>| at.and_then(|at| rating.values[at].word()).map(ToOwned::to_owned);
        // A row without an identifier can't be joined to another: it is a respondent of its own.
        let Some(id) = word(id) else {
            groups.push((None, vec![rating]));
            continue;
        };
        let place = *places.entry((id.clone(), word(wave))).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push(rating),
            None => groups.push((Some(id), vec![rating])),
        }
    }
    let mut identified = BTreeMap::new();
    let mut twice = BTreeSet::new();
    for (number, (id, group)) in groups.into_iter().enumerate() {
        let by = Duplicates { rater, date, keep_latest: how.keep_latest };
        let group = by.without(group, &mut merged.rows_dropped, excluded, ledger);
        let (n, first_row) = (group.len(), group.first().map_or(0, |r| r.row));
        let given: Vec<(usize, f64)> = group
            .iter()
            .filter_map(|rating| {
                let who = rater.and_then(|at| rating.values[at].word()).map(ToOwned::to_owned);
                let next = raters.len();
                Some((
                    *raters.entry(who).or_insert(next),
                    rating.values.last().and_then(Value::number)?,
                ))
            })
            .collect();
        let Some(respondent) = average(&group, columns, excluded, ledger) else { continue };
        if how.detailed {
            merged.ratings.extend(group);
        }
        let row = respondent.row;
        merged.totals.extend(given.into_iter().map(|(rater, value)| Total { row, rater, value }));
        merged.rows_used += n;
        let person = id.ok_or(number);
        if n > 1 {
            twice.insert(person.clone());
            let total = respondent.values.last().and_then(Value::number);
            let read_as = || total.map_or_else(String::new, |t| t.to_string());
            let given = columns.place("score_total").map(|at| columns.0[at].order);
            let order = given.or(columns.0.last().map(|known| known.order + 1)).unwrap_or(0);
            ledger.note(
                Rule::RatersAveraged,
                (order, "score_total"),
                first_row,
                &n.to_string(),
                read_as,
            );
        }
        let next = identified.len();
        merged.persons.push(*identified.entry(person).or_insert(next));
        merged.rows.push(respondent);
        merged.raters.push(n);
    }
    merged.respondents = identified.len();
    merged.rated_twice = twice.len();
    merged
}

/// How the rows of one rater are told apart.
struct Duplicates {
    rater: Option<usize>,
    date: Option<usize>,
    keep_latest: bool,
}

impl Duplicates {
    /// One rating a rater. Of identical rows the first is kept; of conflicting ones none, or the
    /// latest.
    fn without(
        &self,
        group: Vec<Rating>,
        rows_dropped: &mut usize,
        excluded: &mut Vec<Exclusion>,
        ledger: &mut Ledger,
    ) -> Vec<Rating> {
        let mut kept: Vec<(Rating, bool)> = Vec::with_capacity(group.len());
        let mut places: BTreeMap<Option<String>, usize> = BTreeMap::new();
        for rating in group {
            let who = self.rater.and_then(|at| rating.values[at].word()).map(ToOwned::to_owned);
            let place = *places.entry(who).or_insert(kept.len());
            match kept.get_mut(place) {
                Some((first, _)) if first.values == rating.values => {
                    ledger.drop_row(Rule::IdenticalDuplicate, rating.row, "");
                    *rows_dropped += 1;
                }
                Some((first, _)) if self.keep_latest => {
                    let older = if self.is_later(&rating, first) {
                        std::mem::replace(first, rating).row
                    } else {
                        rating.row
                    };
                    ledger.drop_row(Rule::OlderDuplicate, older, "");
                    *rows_dropped += 1;
                }
                Some((_, conflict)) => {
                    *conflict = true;
                    excluded.push(conflicting(rating.row, "", ""));
                }
                None => kept.push((rating, false)),
            }
        }
        for (first, _) in kept.iter().filter(|(_, conflict)| *conflict) {
            excluded.push(conflicting(first.row, "", ""));
        }
        kept.into_iter().filter(|(_, conflict)| !conflict).map(|(rating, _)| rating).collect()
    }

    /// By the day of the reading, where both rows have one; else by the place in the file.
    fn is_later(&self, rating: &Rating, other: &Rating) -> bool {
        let day = |r: &Rating| self.date.and_then(|at| r.values[at].word()).map(ToOwned::to_owned);
        match (day(rating), day(other)) {
            (Some(one), Some(two)) if one != two => one > two,
            _ => rating.row > other.row,
        }
    }
}

fn conflicting(row: usize, column: &str, value: &str) -> Exclusion {
    Exclusion {
        row,
        column: if column.is_empty() { "respondent_id" } else { column }.to_owned(),
        value: value.to_owned(),
        reason: Reason::ConflictingDuplicate,
    }
}

/// The mean over raters of one respondent: of the items and the total. What is the respondent's
/// own is taken from the first row that has it; numbers of it must agree. A mean is a double: what
/// the ratings' text said beyond theirs is dropped.
fn average(
    group: &[Rating],
    columns: &Columns<'_>,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Option<Rating> {
    let mut ratings = group.iter();
    let mut mean = ratings.next()?.clone();
    if group.len() == 1 {
        return Some(mean);
    }
    let mut disagree = false;
    for at in 0..mean.values.len() {
        let known = columns.0.get(at);
        // The computed total stands behind the columns.
        let is_rated = known.is_none_or(|known| {
            known.field.role == Role::Item || known.field.name == "score_total"
        });
        let values = || group.iter().map(|r| &r.values[at]).filter(|v| !v.is_missing());
        if is_rated {
            let seen: Vec<f64> = values().filter_map(Value::number).collect();
            if !seen.is_empty() {
                let average = seen.iter().sum::<f64>() / seen.len() as f64;
                mean.values[at] = Value::Number(Ok(average.into()));
            }
            continue;
        }
        let (Some(known), Some(first)) = (known, values().next()) else { continue };
        if known.field.role != Role::Identifier && values().any(|v| v != first) {
            if known.field.role.is_numeric() {
                disagree = true;
                excluded.extend(
                    group
                        .iter()
                        .map(|r| conflicting(r.row, &known.field.name, &r.shown(columns, at))),
                );
            } else {
                let place = (known.order, known.field.name.as_str());
                ledger.note(Rule::RatersAveraged, place, mean.row, "", String::new);
            }
        }
        mean.values[at] = first.clone();
    }
    (!disagree).then_some(mean)
}

impl Merged {
    /// How many respondents the excluded rows cost: those of whom no other row is left.
    pub(super) fn lost(
        &self,
        excluded: &BTreeSet<usize>,
        people: &BTreeMap<usize, String>,
        columns: &Columns<'_>,
    ) -> usize {
        let kept: BTreeSet<&str> = self.words("respondent_id", columns).collect();
        // A row without an identifier is a respondent of its own.
        let lost: BTreeSet<std::result::Result<&str, usize>> =
            excluded.iter().map(|row| people.get(row).map(String::as_str).ok_or(*row)).collect();
        lost.iter()
            .filter(|person| person.is_err() || person.is_ok_and(|id| !kept.contains(id)))
            .count()
    }

    /// The words of a column, where there are any.
    pub(super) fn words<'s>(
        &'s self,
        name: &str,
        columns: &Columns<'_>,
    ) -> impl Iterator<Item = &'s str> + use<'s> {
        let at = columns.place(name);
        self.rows.iter().filter_map(move |r| at.and_then(|at| r.values[at].word()))
    }

    /// The table, in the codebook's order, then `score_total` and `n_raters`, the number of ratings
    /// that the respondent's scores are the mean of.
    pub(super) fn table(&self, columns: &Columns<'_>, form: Form) -> Result<Table> {
        let mut made = Vec::with_capacity(columns.0.len() + 1);
        let used = columns.0.iter().enumerate().filter(|(_, known)| {
            known.field.role != Role::Identifier && known.field.name != "score_total"
        });
        for (at, known) in used {
            made.push(self.column(&known.field.name, at, known.field.role, form));
        }
        made.push(self.column("score_total", columns.0.len(), Role::Number, form));
        made.push(Column::number("n_raters", self.raters.iter().map(|n| Ok(*n as f64)).collect()));
        Ok(Table::new(made, self.rows.iter().map(|r| r.row).collect())?)
    }

    fn column(&self, name: &str, at: usize, role: Role, form: Form) -> Column {
        let values = self.rows.iter().map(|r| &r.values[at]);
        match role {
            Role::Number | Role::Item => {
                let read: Vec<Seen<Decimal>> = values
                    .map(|v| match v {
                        Value::Number(seen) => *seen,
                        _ => Err(Missing::Blank),
                    })
                    .collect();
                let rests = read.iter().map(|r| r.map_or(0.0, |r| r.rest)).collect();
                let values = read.into_iter().map(|r| r.map(|r| r.value)).collect();
                Column { rest: rest(rests, form), ..Column::number(name, values) }
            }
            Role::Capped => Column::capped(
                name,
                values
                    .map(|v| match v {
                        Value::Capped(seen) => *seen,
                        _ => Err(Missing::Blank),
                    })
                    .collect(),
            ),
            Role::Identifier | Role::Group | Role::Date => {
                let words: Vec<Seen<&str>> = values
                    .map(|v| match v {
                        Value::Word(Ok(word)) => Ok(word.as_str()),
                        Value::Word(Err(missing)) => Err(*missing),
                        _ => Err(Missing::Blank),
                    })
                    .collect();
                Column::factor(name, &words)
            }
        }
    }
}
