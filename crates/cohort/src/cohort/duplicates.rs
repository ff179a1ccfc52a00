//! Rows of the same respondent, wave and rater: identical, or in conflict.

use super::Value;
use super::merge::Identities;
use super::ratings::Ratings;
use crate::date::time_of_day;
use crate::ledger::Ledger;
use crate::number::fold;
use ssi_vocab::{Exclusion, Reason, Rule};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How the rows of one rater are told apart.
pub(super) struct Duplicates<'i> {
    pub(super) raters: &'i Identities,
    /// The column of days, and its place in the file.
    pub(super) date: Option<(usize, usize)>,
    pub(super) keep_latest: bool,
}

impl Duplicates<'_> {
    /// One rating a rater. Of identical rows the first is kept; of conflicting ones none, or the
    /// latest.
    pub(super) fn without<'g>(
        &self,
        ratings: &Ratings<'_>,
        group: &'g [u32],
        rows_dropped: &mut usize,
        excluded: &mut Vec<Exclusion>,
        ledger: &mut Ledger,
    ) -> Cow<'g, [u32]> {
        let [first, rest @ ..] = group else { return Cow::Borrowed(group) };
        let who = |rating: &u32| self.raters.get(ratings, *rating);
        if rest.is_empty() || rest.len() == 1 && who(first) != who(&rest[0]) {
            return Cow::Borrowed(group);
        }
        let mut kept: Vec<(u32, bool)> = Vec::with_capacity(group.len());
        let mut places: BTreeMap<Option<u32>, usize> = BTreeMap::new();
        for rating in group.iter().copied() {
            let who = self.raters.get(ratings, rating);
            let place = *places.entry(who).or_insert(kept.len());
            match kept.get_mut(place) {
                Some((first, _)) if ratings.alike(*first, rating) => {
                    ledger.drop_row(Rule::IdenticalDuplicate, ratings.row(rating), "");
                    *rows_dropped += 1;
                }
                Some((first, _)) if self.keep_latest => {
                    let older = if self.is_later(ratings, rating, *first) {
                        std::mem::replace(first, rating)
                    } else {
                        rating
                    };
                    ledger.drop_row(Rule::OlderDuplicate, ratings.row(older), "");
                    *rows_dropped += 1;
                }
                Some((_, conflict)) => {
                    *conflict = true;
                    excluded.push(conflicting(ratings.row(rating), "", ""));
                }
                None => kept.push((rating, false)),
            }
        }
        for (first, _) in kept.iter().filter(|(_, conflict)| *conflict) {
            excluded.push(conflicting(ratings.row(*first), "", ""));
        }
        kept.into_iter().filter(|(_, conflict)| !conflict).map(|(rating, _)| rating).collect()
    }

    /// By the day of the reading and the time of that day, where both rows have one; else by the place
    /// in the file.
    fn is_later(&self, ratings: &Ratings<'_>, rating: u32, other: u32) -> bool {
        let day = |rating| self.date.map(|(column, _)| ratings.value(rating, column));
        let time = |rating| {
            let text = self.date.map_or("", |(_, place)| ratings.raw(rating, place));
            time_of_day(&fold(text))
        };
        let (one, two) = (day(rating), day(other));
        match (one.as_ref().and_then(Value::word), two.as_ref().and_then(Value::word)) {
            (Some(one), Some(two)) if one != two => return one > two,
            (Some(_), Some(_)) => {}
            _ => return ratings.row(rating) > ratings.row(other),
        }
        match (time(rating), time(other)) {
            (Some(one), Some(two)) if one != two => one > two,
            _ => ratings.row(rating) > ratings.row(other),
        }
    }
}

/// A row that says something else than another one.
pub(super) fn conflicting(row: usize, column: &str, value: &str) -> Exclusion {
    Exclusion {
        row,
        column: if column.is_empty() { "respondent_id" } else { column }.to_owned(),
        value: value.to_owned(),
        reason: Reason::ConflictingDuplicate,
    }
}
