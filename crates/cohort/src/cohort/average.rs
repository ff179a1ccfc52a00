//! The mean over a respondent's raters.

use super::duplicates::conflicting;
use super::ratings::{Coded, Ratings};
use super::{Columns, Known, Value};
use crate::Role;
use crate::decimal::Decimal;
use crate::ledger::Ledger;
use ssi_vocab::{Exclusion, Rule};
use std::collections::BTreeMap;

/// What became of the respondents with several ratings.
pub(super) struct Averaged {
    /// False where a respondent's ratings contradict each other.
    pub(super) agree: Vec<bool>,
    /// The code of each respondent's mean, column by column; of the total alone where no more is
    /// wanted.
    pub(super) codes: Vec<Vec<u32>>,
    /// Items on which raters differ: which respondent, and the item.
    pub(super) disputed: Vec<(usize, String)>,
}

/// Raters mostly differ in few ways. Of so many the mean, or its wording, is kept.
pub(super) const MOST_KEPT: usize = 1_000;

/// Averages the ratings of each respondent: the items and the total, or the total alone where not the
/// `whole` rating is wanted. What is the respondent's own is taken from the first row that has it;
/// numbers of it must agree. A mean of different numbers is a double: what the ratings' text said beyond
/// theirs is dropped.
///
/// It goes column by column, because that is how ratings lie in memory.
pub(super) fn averages(
    ratings: &mut Ratings<'_>,
    (several, whole): (&[&[u32]], bool),
    columns: &Columns<'_>,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Averaged {
    let mut agree = vec![true; several.len()];
    let mut disputed = Vec::new();
    let mut codes: Vec<Vec<u32>> = Vec::with_capacity(ratings.columns.len());
    for at in 0..ratings.columns.len() {
        let known = columns.0.get(at);
        // The computed total stands behind the columns.
        let is_rated = known.is_none_or(|known| {
            known.field.role == Role::Item || known.field.name == "score_total"
        });
        let item = known.filter(|known| known.field.role == Role::Item);
        if !whole && is_rated && known.is_some() {
            continue;
        }
        let mut column = std::mem::take(&mut ratings.columns[at]);
        let mut own = Vec::with_capacity(several.len());
        let mut of_two = BTreeMap::new();
        for (which, group) in several.iter().enumerate() {
            let first = column.codes.get(group[0]);
            own.push(if group.iter().all(|rating| column.codes.get(*rating) == first) {
                first
            } else if is_rated {
                let codes = [group[0], group[1]].map(|rating| column.codes.get(rating));
                let known = of_two.get(&codes).filter(|_| group.len() == 2);
                let (code, differ) = known.copied().unwrap_or_else(|| mean(&mut column, group));
                if group.len() == 2 && of_two.len() < MOST_KEPT {
                    of_two.insert(codes, (code, differ));
                }
                if let Some(item) = item.filter(|_| differ) {
                    disputed.push((which, item.field.name.clone()));
                }
                code
            } else if let Some(known) = known {
                let (code, differ) = first_filled(&column, group, known);
                if differ && known.field.role.is_numeric() {
                    agree[which] = false;
                    excluded.extend(group.iter().map(|rating| {
                        let shown = ratings.shown(*rating, columns, at);
                        conflicting(ratings.row(*rating), &known.field.name, &shown)
                    }));
                } else if differ {
                    let place = (known.order, known.field.name.as_str());
                    let row = ratings.row(group[0]);
                    ledger.note(Rule::RatersAveraged, place, row, "", String::new);
                }
                code
            } else {
                first
            });
        }
        if whole || known.is_none() {
            codes.push(own);
        }
        ratings.columns[at] = column;
    }
    disputed.sort_by_key(|(which, _)| *which);
    Averaged { agree, codes, disputed }
}

/// The code of the mean of a respondent's numbers, and whether they differ.
fn mean(column: &mut Coded<'_>, group: &[u32]) -> (u32, bool) {
    let seen = || group.iter().filter_map(|rating| column.number(*rating));
    let own = column.codes.get(group[0]);
    let n = seen().count();
    if n == 0 {
        return (own, false);
    }
    let differ = seen().zip(seen().skip(1)).any(|(one, next)| one != next);
    let mean = Decimal::from(seen().sum::<f64>() / n as f64);
    // By its bits: the mean of −0 and 0 is 0.
    let is_own = match column.of_code(own) {
        Value::Number(Ok(own)) => {
            own.value.to_bits() == mean.value.to_bits() && own.rest == mean.rest
        }
        _ => false,
    };
    (if is_own { own } else { column.code(Value::Number(Ok(mean))) }, differ)
}

/// The code of the first of a respondent's values that is there, and whether another one differs.
fn first_filled(column: &Coded<'_>, group: &[u32], known: &Known<'_>) -> (u32, bool) {
    let mut filled = group.iter().filter(|rating| !column.value(**rating).is_missing());
    let Some(first) = filled.next() else { return (column.codes.get(group[0]), false) };
    let code = column.codes.get(*first);
    let mut others = filled.filter(|other| column.codes.get(**other) != code);
    let differ = known.field.role != Role::Identifier
        && others.any(|other| column.value(*other) != column.value(*first));
    (code, differ)
}
