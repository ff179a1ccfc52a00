//! From ratings to respondents: duplicates, several raters, the table.

use super::average::{Averaged, MOST_KEPT, averages};
use super::duplicates::Duplicates;
use super::ratings::{Coded, Ratings};
use super::{Columns, Total, Value};
use crate::decimal::Decimal;
use crate::grid::Form;
use crate::ledger::Ledger;
use crate::reading::rest;
use crate::{Result, Role};
use ssi_vocab::{Column, Exclusion, Missing, Rule, Seen, Table, Words};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The respondents, and what became of the rows.
#[derive(Default)]
pub(super) struct Merged {
    /// One rating a respondent and wave: the mean over the raters, in file order; where respondents are
    /// wanted as a whole.
    pub(super) rows: Vec<u32>,
    /// How many ratings each of them rests on.
    raters: Vec<u32>,
    /// How many of them there are.
    pub(super) n_rows: usize,
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
    pub(super) ratings: Vec<u32>,
}

/// How respondents are put together.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// Of conflicting rows the latest counts.
    pub(super) keep_latest: bool,
    /// The single ratings are kept, too.
    pub(super) detailed: bool,
    /// They are wanted as a whole, and not only what is to be said of them.
    pub(super) whole: bool,
}

/// The words of a column as numbers.
pub(super) struct Identities {
    at: Option<usize>,
    of_code: Vec<Option<u32>>,
}

impl Identities {
    fn of(ratings: &Ratings<'_>, at: Option<usize>) -> Self {
        Self { at, of_code: at.map_or_else(Vec::new, |at| ratings.columns[at].identities()) }
    }

    /// The number of a rating's word, if it has one.
    pub(super) fn get(&self, ratings: &Ratings<'_>, rating: u32) -> Option<u32> {
        let code = ratings.columns[self.at?].codes.get(rating);
        // A plain number is no place among the values, and no word.
        self.of_code.get(code as usize).copied().flatten()
    }
}

/// Ratings of the same respondent in the same wave, by the first one's place in the file.
struct Groups {
    /// The ratings, group by group, each group in file order.
    members: Vec<u32>,
    /// Where each group ends.
    ends: Vec<u32>,
}

impl Groups {
    fn of(ratings: &Ratings<'_>, kept: &[u32], ids: &Identities, waves: &Identities) -> Self {
        // By respondent, and by respondent and wave where there is one.
        let mut of_id: Vec<Option<u32>> = vec![None; ids.of_code.len()];
        let mut of_wave: HashMap<(u32, u32), u32> = HashMap::new();
        let mut ends = Vec::new();
        let mut group = |rating: u32| {
            let next = ends.len() as u32;
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
            ends[place as usize] += 1;
            place
        };
        let places: Vec<u32> = kept.iter().map(|rating| group(*rating)).collect();
        let mut start = 0;
        for end in &mut ends {
            (*end, start) = (start, start + *end);
        }
        let mut members = vec![0; kept.len()];
        for (place, rating) in places.into_iter().zip(kept) {
            let end = &mut ends[place as usize];
            members[*end as usize] = *rating;
            *end += 1;
        }
        Self { members, ends }
    }

    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.members[*start as usize..*end as usize])
    }
}

/// Drops identical duplicates, excludes conflicting ones, averages raters.
pub(super) fn respondents(
    ratings: &mut Ratings<'_>,
    kept: &[u32],
    columns: &Columns<'_>,
    how: How,
    excluded: &mut Vec<Exclusion>,
    ledger: &mut Ledger,
) -> Merged {
    let mut merged = Merged::default();
    let date = columns.place("ssi_date").map(|at| (at, columns.0[at].at));
    let [ids, waves, raters] = ["respondent_id", "wave", "rater_id"]
        .map(|name| Identities::of(ratings, columns.place(name)));
    let groups = Groups::of(ratings, kept, &ids, &waves);
    let by = Duplicates { raters: &raters, date, keep_latest: how.keep_latest };
    let mut single = Groups { members: Vec::with_capacity(kept.len()), ends: Vec::new() };
    for group in groups.iter() {
        let left = by.without(ratings, group, &mut merged.rows_dropped, excluded, ledger);
        single.members.extend(left.iter());
        single.ends.push(single.members.len() as u32);
    }
    let several: Vec<&[u32]> = single.iter().filter(|group| group.len() > 1).collect();
    let Averaged { agree, codes, disputed } =
        averages(ratings, (&several, how.whole), columns, excluded, ledger);
    let like = || several.iter().zip(&agree).map(|(group, agree)| (group[0], *agree));
    let means = if how.whole {
        ratings.extend(like(), &codes)
    } else {
        like().map(|(first, agree)| agree.then_some(first)).collect()
    };
    let row = |(which, item): (usize, String)| (ratings.row(several[which][0]), item);
    merged.disputed = disputed.into_iter().map(row).collect();
    // For each rater, and for no name, the number.
    let mut numbers: Vec<Option<usize>> = vec![None; raters.of_code.len() + 1];
    let mut next_rater = 0;
    // For each identifier the person's number, once there is one.
    let mut identified: Vec<Option<u32>> = vec![None; ids.of_code.len()];
    // For each person whether two raters or more have scored them.
    let mut twice: Vec<bool> = Vec::new();
    let given = columns.place("score_total").map(|at| columns.0[at].order);
    let order = given.or(columns.0.last().map(|known| known.order + 1)).unwrap_or(0);
    let mean_totals = codes.last().map_or(&[][..], Vec::as_slice).iter();
    let mut means = means.into_iter().zip(mean_totals);
    // Of the different means lately.
    let mut wordings: BTreeMap<(usize, Option<u64>), (String, String)> = BTreeMap::new();
    for (whole, group) in groups.iter().zip(single.iter()) {
        let Some(first) = group.first() else { continue };
        let (n, row) = (group.len(), ratings.row(*first));
        let before = merged.totals.len();
        for rating in group {
            let who = raters.get(ratings, *rating).map_or(raters.of_code.len(), |r| r as usize);
            let rater = *numbers[who].get_or_insert_with(|| {
                next_rater += 1;
                next_rater - 1
            });
            let total = if how.whole { ratings.total(*rating) } else { None };
            merged.totals.extend(total.map(|value| Total { row, rater, value }));
        }
        let mean = if n > 1 { means.next() } else { None };
        let respondent = if n > 1 { mean.and_then(|(mean, _)| mean) } else { Some(*first) };
        let Some(respondent) = respondent else {
            merged.totals.truncate(before);
            continue;
        };
        merged.rows_used += n;
        if let Some((_, total)) = mean {
            let total = ratings.columns.last().and_then(|c| c.of_code(*total).number());
            if wordings.len() > MOST_KEPT {
                wordings.clear();
            }
            let (found, read_as) =
                wordings.entry((n, total.map(f64::to_bits))).or_insert_with(|| {
                    (n.to_string(), total.map_or_else(String::new, |total| total.to_string()))
                });
            let place = (order, "score_total");
            ledger.line(Rule::RatersAveraged, place, row, (found, read_as));
        }
        let id = whole.first().and_then(|first| ids.get(ratings, *first));
        let person = id.and_then(|id| identified[id as usize]).unwrap_or(twice.len() as u32);
        if person as usize == twice.len() {
            twice.push(false);
            if let Some(id) = id {
                identified[id as usize] = Some(person);
            }
        }
        twice[person as usize] |= n > 1;
        merged.n_rows += 1;
        if how.whole {
            merged.persons.push(person as usize);
            merged.rows.push(respondent);
            merged.raters.push(n as u32);
        }
        if how.detailed {
            merged.ratings.extend(group);
        }
    }
    merged.respondents = twice.len();
    merged.rated_twice = twice.into_iter().filter(|twice| *twice).count();
    merged
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
        let identified: BTreeMap<usize, u32> = (0..ratings.len() as u32)
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
            if let Some(used) = used.get_mut(column.codes.get(*rating) as usize) {
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
                let count = |rating: &u32| match column.value(*rating) {
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
                let code = |rating: &u32| coded[column.codes.get(*rating) as usize];
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
