//! From ratings to respondents: duplicates, several raters, the table.

use super::ratings::{Coded, Ratings};
use super::{Columns, Total, Value};
use crate::decimal::Decimal;
use crate::grid::Form;
use crate::ledger::Ledger;
use crate::reading::rest;
use crate::{Result, Role};
use ssi_vocab::{Column, Exclusion, Missing, Reason, Rule, Seen, Table, Words};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The respondents, and what became of the rows.
#[derive(Default)]
pub(super) struct Merged {
    /// One rating a respondent and wave: the mean over the raters, in file order.
    pub(super) rows: Vec<usize>,
    /// How many ratings each of them rests on.
    raters: Vec<u32>,
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
    /// Items on which the raters of a row differ.
    pub(super) disputed: Vec<(usize, String)>,
    /// The ratings themselves, respondent by respondent, where they are asked for.
    pub(super) ratings: Vec<usize>,
}

/// How respondents are put together.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// Of conflicting rows the latest counts.
    pub(super) keep_latest: bool,
    /// The single ratings are kept, too.
    pub(super) detailed: bool,
}

/// The words of a column as numbers.
struct Identities {
    at: Option<usize>,
    of_code: Vec<Option<u32>>,
}

impl Identities {
    fn of(ratings: &Ratings<'_>, at: Option<usize>) -> Self {
        Self { at, of_code: at.map_or_else(Vec::new, |at| ratings.columns[at].identities()) }
    }

    /// The number of a rating's word, if it has one.
    fn get(&self, ratings: &Ratings<'_>, rating: usize) -> Option<u32> {
        let code = ratings.columns[self.at?].codes[rating];
        // A plain number is no place among the values, and no word.
        self.of_code.get(code as usize).copied().flatten()
    }
}

/// Ratings of the same respondent in the same wave, by the first one's place in the file.
struct Groups {
    /// The ratings, group by group, each group in file order.
    members: Vec<usize>,
    /// Where each group ends.
    ends: Vec<usize>,
}

impl Groups {
    fn of(ratings: &Ratings<'_>, kept: &[usize], ids: &Identities, waves: &Identities) -> Self {
        // By respondent, and by respondent and wave where there is one.
        let mut of_id: Vec<Option<usize>> = vec![None; ids.of_code.len()];
        let mut of_wave: HashMap<(u32, u32), usize> = HashMap::new();
        let mut ends = Vec::new();
        let mut group = |rating: usize| {
            let next = ends.len();
            let place = match (ids.get(ratings, rating), waves.get(ratings, rating)) {
                // A row without an identifier can't be joined to another: it is a respondent of
                // its own.
                (None, _) => next,
                (Some(id), None) => *of_id[id as usize].get_or_insert(next),
                (Some(id), Some(wave)) => *of_wave.entry((id, wave)).or_insert(next),
            };
            if place == next {
                ends.push(0);
            }
            ends[place] += 1;
            place
        };
        let places: Vec<usize> = kept.iter().map(|rating| group(*rating)).collect();
        let mut start = 0;
        for end in &mut ends {
            (*end, start) = (start, start + *end);
        }
        let mut members = vec![0; kept.len()];
        for (place, rating) in places.into_iter().zip(kept) {
            members[ends[place]] = *rating;
            ends[place] += 1;
        }
        Self { members, ends }
    }

    fn iter(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.members[*start..*end])
    }
}

/// Drops identical duplicates, excludes conflicting ones, averages raters.
pub(super) fn respondents(
    ratings: &mut Ratings<'_>,
    kept: &[usize],
    columns: &Columns<'_>,
    how: How,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Merged {
    let mut merged = Merged::default();
    let date = columns.place("ssi_date");
    let [ids, waves, raters] = ["respondent_id", "wave", "rater_id"]
        .map(|name| Identities::of(ratings, columns.place(name)));
    let groups = Groups::of(ratings, kept, &ids, &waves);
    // For each rater, and for no name, the number.
    let mut numbers: Vec<Option<usize>> = vec![None; raters.of_code.len() + 1];
    let mut next_rater = 0;
    // For each identifier the person's number, once there is one.
    let mut identified: Vec<Option<usize>> = vec![None; ids.of_code.len()];
    // For each person whether two raters or more have scored them.
    let mut twice: Vec<bool> = Vec::new();
    let by = Duplicates { raters: &raters, date, keep_latest: how.keep_latest };
    for group in groups.iter() {
        let id = group.first().and_then(|first| ids.get(ratings, *first));
        let group = by.without(ratings, group, &mut merged.rows_dropped, excluded, ledger);
        let n = group.len();
        let before = merged.totals.len();
        for rating in group.iter() {
            let who = raters.get(ratings, *rating).map_or(raters.of_code.len(), |r| r as usize);
            let rater = *numbers[who].get_or_insert_with(|| {
                next_rater += 1;
                next_rater - 1
            });
            let row = group[0];
            let total = ratings.total(*rating);
            merged.totals.extend(total.map(|value| Total { row: ratings.row(row), rater, value }));
        }
        let disputed = &mut merged.disputed;
        let Some(respondent) = average(ratings, &group, columns, disputed, excluded, ledger) else {
            merged.totals.truncate(before);
            continue;
        };
        merged.rows_used += n;
        if n > 1 {
            let total = ratings.total(respondent);
            let read_as = || total.map_or_else(String::new, |t| t.to_string());
            let given = columns.place("score_total").map(|at| columns.0[at].order);
            let order = given.or(columns.0.last().map(|known| known.order + 1)).unwrap_or(0);
            let place = (order, "score_total");
            let row = ratings.row(respondent);
            ledger.note(Rule::RatersAveraged, place, row, &n.to_string(), read_as);
        }
        let person = id.and_then(|id| identified[id as usize]).unwrap_or(twice.len());
        if person == twice.len() {
            twice.push(false);
            if let Some(id) = id {
                identified[id as usize] = Some(person);
            }
        }
        twice[person] |= n > 1;
        merged.persons.push(person);
        merged.rows.push(respondent);
        merged.raters.push(n as u32);
        if how.detailed {
            merged.ratings.extend(group.iter());
        }
    }
    merged.respondents = twice.len();
    merged.rated_twice = twice.into_iter().filter(|twice| *twice).count();
    merged
}

/// How the rows of one rater are told apart.
struct Duplicates<'i> {
    raters: &'i Identities,
    date: Option<usize>,
    keep_latest: bool,
}

impl Duplicates<'_> {
    /// One rating a rater. Of identical rows the first is kept; of conflicting ones none, or the
    /// latest.
    fn without<'g>(
        &self,
        ratings: &Ratings<'_>,
        group: &'g [usize],
        rows_dropped: &mut usize,
        excluded: &mut Vec<Exclusion>,
        ledger: &mut Ledger,
    ) -> Cow<'g, [usize]> {
        let [first, rest @ ..] = group else { return Cow::Borrowed(group) };
        let who = |rating: &usize| self.raters.get(ratings, *rating);
        if rest.is_empty() || rest.len() == 1 && who(first) != who(&rest[0]) {
            return Cow::Borrowed(group);
        }
        let mut kept: Vec<(usize, bool)> = Vec::with_capacity(group.len());
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

    /// By the day of the reading, where both rows have one; else by the place in the file.
    fn is_later(&self, ratings: &Ratings<'_>, rating: usize, other: usize) -> bool {
        let day = |rating| self.date.map(|at| ratings.value(rating, at));
        let (one, two) = (day(rating), day(other));
        match (one.as_ref().and_then(Value::word), two.as_ref().and_then(Value::word)) {
            (Some(one), Some(two)) if one != two => one > two,
            _ => ratings.row(rating) > ratings.row(other),
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
    ratings: &mut Ratings<'_>,
    group: &[usize],
    columns: &Columns<'_>,
    disputed: &mut Vec<(usize, String)>,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Option<usize> {
    let first_of_group = *group.first()?;
    if group.len() == 1 {
        return Some(first_of_group);
    }
    let mut disagree = false;
    let mut codes = Vec::with_capacity(ratings.columns.len());
    for at in 0..ratings.columns.len() {
        let known = columns.0.get(at);
        let column = &ratings.columns[at];
        let own = column.codes[first_of_group];
        let alike = group.iter().all(|rating| column.codes[*rating] == own);
        // The computed total stands behind the columns.
        let is_rated = known.is_none_or(|known| {
            known.field.role == Role::Item || known.field.name == "score_total"
        });
        if is_rated {
            let seen = || group.iter().filter_map(|rating| column.number(*rating));
            let n = seen().count();
            let differ = || seen().zip(seen().skip(1)).any(|(one, next)| one != next);
            if let Some(item) = known.filter(|known| known.field.role == Role::Item)
                && differ()
            {
                disputed.push((ratings.row(first_of_group), item.field.name.clone()));
            }
            let mean = Decimal::from(seen().sum::<f64>() / n as f64);
            // By its bits: the mean of −0 and 0 is 0.
            let is_own = match column.of_code(own) {
                Value::Number(Ok(own)) => {
                    own.value.to_bits() == mean.value.to_bits() && own.rest == mean.rest
                }
                _ => false,
            };
            let keeps = n == 0 || is_own;
            codes.push(if keeps { own } else { ratings.columns[at].code(Value::Number(Ok(mean))) });
            continue;
        }
        if alike {
            codes.push(own);
            continue;
        }
        let mut filled = group.iter().filter(|rating| !column.value(**rating).is_missing());
        let (Some(known), Some(first)) = (known, filled.next()) else {
            codes.push(own);
            continue;
        };
        let code = column.codes[*first];
        let mut others = filled.filter(|other| column.codes[**other] != code);
        if known.field.role != Role::Identifier
            && others.any(|other| column.value(*other) != column.value(*first))
        {
            if known.field.role.is_numeric() {
                disagree = true;
                excluded.extend(group.iter().map(|rating| {
                    let shown = ratings.shown(*rating, columns, at);
                    conflicting(ratings.row(*rating), &known.field.name, &shown)
                }));
            } else {
                let place = (known.order, known.field.name.as_str());
                let row = ratings.row(first_of_group);
                ledger.note(Rule::RatersAveraged, place, row, "", String::new);
            }
        }
        codes.push(code);
    }
    (!disagree).then(|| ratings.append(first_of_group, &codes))
}

impl Merged {
    /// How many respondents the excluded rows cost: those of whom no other row is left.
    pub(super) fn lost(
        &self,
        excluded: &BTreeSet<usize>,
        ratings: &Ratings<'_>,
        columns: &Columns<'_>,
    ) -> usize {
        if excluded.is_empty() {
            return 0;
        }
        let ids = Identities::of(ratings, columns.place("respondent_id"));
        let mut kept = vec![false; ids.of_code.len()];
        for id in self.rows.iter().filter_map(|rating| ids.get(ratings, *rating)) {
            kept[id as usize] = true;
        }
        let identified: BTreeMap<usize, u32> = (0..ratings.len())
            .map(|rating| (rating, ratings.row(rating)))
            .filter(|(_, row)| excluded.contains(row))
            .filter_map(|(rating, row)| Some((row, ids.get(ratings, rating)?)))
            .collect();
        // A row without an identifier is a respondent of its own.
        let lost: BTreeSet<std::result::Result<u32, usize>> =
            excluded.iter().map(|row| identified.get(row).copied().ok_or(*row)).collect();
        lost.iter()
            .filter(|person| person.is_err() || person.is_ok_and(|id| !kept[id as usize]))
            .count()
    }

    /// The different words of a column among the respondents, where there are any.
    pub(super) fn words<'r>(&self, ratings: &'r Ratings<'_>, at: Option<usize>) -> Vec<&'r str> {
        let Some(column) = at.map(|at| &ratings.columns[at]) else { return Vec::new() };
        let mut used = vec![false; column.values.len()];
        for rating in &self.rows {
            if let Some(used) = used.get_mut(column.codes[*rating] as usize) {
                *used = true;
            }
        }
        let used = column.values.iter().zip(used).filter(|(_, used)| *used);
        used.filter_map(|(value, _)| value.word()).collect()
    }

    /// The table, in the codebook's order, then `score_total` and `n_raters`, the number of ratings
    /// that the respondent's scores are the mean of.
    pub(super) fn table(
        &self,
        ratings: &mut Ratings<'_>,
        columns: &Columns<'_>,
        form: Form,
    ) -> Result<Table> {
        let mut made = Vec::with_capacity(columns.0.len() + 1);
        // What a column was read into goes as soon as it stands in the table.
        let mut read = std::mem::take(&mut ratings.columns).into_iter();
        for (known, column) in columns.0.iter().zip(read.by_ref()) {
            if known.field.role != Role::Identifier && known.field.name != "score_total" {
                made.push(self.column(&known.field.name, &column, known.field.role, form));
            }
        }
        if let Some(total) = read.next() {
            made.push(self.column("score_total", &total, Role::Number, form));
        }
        let raters = self.raters.iter().map(|n| Ok(f64::from(*n))).collect();
        made.push(Column::number("n_raters", raters));
        Ok(Table::new(made, self.rows.iter().map(|rating| ratings.row(*rating)).collect())?)
    }

    fn column(&self, name: &str, column: &Coded<'_>, role: Role, form: Form) -> Column {
        match role {
            Role::Number | Role::Item => {
                let mut values = Vec::with_capacity(self.rows.len());
                let mut rests = Vec::new();
                for rating in &self.rows {
                    let read = column.decimal(*rating);
                    if let Ok(Decimal { rest, .. }) = read
                        && rest != 0.0
                    {
                        rests.resize(values.len(), 0.0);
                        rests.push(rest);
                    }
                    values.push(read.map(|read| read.value));
                }
                rests.resize(if rests.is_empty() { 0 } else { values.len() }, 0.0);
                Column { rest: rest(rests, form), ..Column::number(name, values) }
            }
            Role::Capped => {
                let count = |rating: &usize| match column.value(*rating) {
                    Value::Capped(seen) => seen,
                    _ => Err(Missing::Blank),
                };
                Column::capped(name, self.rows.iter().map(count).collect())
            }
            Role::Identifier | Role::Group | Role::Date => {
                let mut words = Words::default();
                let coded: Vec<Seen<u32>> = column
                    .values
                    .iter()
                    .map(|value| match value {
                        Value::Word(Ok(word)) => Ok(words.code(word)),
                        Value::Word(Err(missing)) => Err(*missing),
                        _ => Err(Missing::Blank),
                    })
                    .collect();
                let code = |rating: &usize| coded[column.codes[*rating] as usize];
                let codes = self.rows.iter().map(code).collect();
                Column::coded(name, &words, codes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Codebook, cohort};
    use ssi_vocab::Cells;

    #[test]
    fn the_mean_of_two_zeros_is_zero_whichever_comes_first() {
        let head = "respondent_id,rater_id,ssi_total,score_total\nB,R1,60,7\n";
        for (one, other) in [("-0", "0"), ("0", "-0")] {
            let file = format!("{head}A,R1,50,{one}\nA,R2,50,{other}\n");
            let read = cohort(file.as_bytes(), "t.csv", &Codebook::default()).unwrap();
            let Cells::Number(totals) = &read.table.column("score_total").unwrap().cells else {
                panic!("no numbers")
            };
            assert_eq!(totals[1].unwrap().to_bits(), 0.0_f64.to_bits());
        }
    }
}
