//! What a study is about: the sample that is left after reading and filtering.

use crate::disclosure::tells_nobody;
use crate::source::REFERENCE;
use crate::{Error, Plan, Result, Source};
use ssi_cohort::Cohort;
use ssi_vocab::{FilterFacts, InputFacts, Seen, StudyFacts, Table};

/// Refuses a table in which people stand more than once: they are not independent respondents.
pub(crate) fn one_wave(cohort: &Cohort, table: &Table, name: &str) -> Result<()> {
    let Ok(column) = table.column("wave") else { return Ok(()) };
    let (levels, codes) = column.groups();
    let used = |code: usize| codes.contains(&Ok(code as u32));
    let waves: Vec<String> =
        levels.into_iter().enumerate().filter(|(i, _)| used(*i)).map(|(_, level)| level).collect();
    // Identifiers don't leave the reader: whether people stand twice is known of the whole cohort.
    if waves.len() < 2 || cohort.table.n_rows() <= cohort.respondents {
        return Ok(());
    }
    Err(Error::Waves { name: name.to_owned(), waves })
}

pub(crate) fn facts(source: &Source, plan: &Plan, cohort: &Cohort, table: &Table) -> StudyFacts {
    let raters = table.column("n_raters").ok().and_then(|column| column.numbers().ok());
    let twice = |values: &[Seen<f64>]| values.iter().flatten().filter(|n| **n > 1.0).count();
    let told = |n: usize| plan.privacy.local || !(1..plan.smallest_group).contains(&n);
    let rated_twice = raters.map_or(0, twice);
    StudyFacts {
        name: plan.study_name(source),
        synthetic: cohort.synthetic || source.bytes == REFERENCE,
        input: InputFacts {
            name: source.name.clone(),
            sha256: source.sha256(),
            // A second rating is a second row.
            rows_read: Some(cohort.rows_read).filter(|_| told(cohort.rated_twice)),
            rows_excluded: cohort.rows_excluded,
            rows_dropped: cohort.rows_dropped,
            respondents: table.n_rows(),
            rated_twice: Some(rated_twice).filter(|n| told(*n)),
        },
        filter: plan.filter.clone().map(|condition| {
            let (before, after) = (cohort.table.n_rows(), table.n_rows());
            let told = tells_nobody(after, before, plan.smallest_group);
            FilterFacts { condition, respondents_before: told.then_some(before) }
        }),
        level: plan.level,
        seed: plan.seed,
        resamples: plan.resamples,
        permutations: plan.permutations,
        ssi_dates: dates(table),
        smallest_group: plan.smallest_group,
        local: plan.privacy.local,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        plan: plan.to_toml(),
    }
}

/// First and last day on which SSI was read. ISO dates sort as they follow each other.
pub(crate) fn dates(table: &Table) -> Option<(String, String)> {
    let (levels, codes) = table.column("ssi_date").ok()?.groups();
    let days = || codes.iter().flatten().map(|code| levels[*code as usize].clone());
    Some((days().min()?, days().max()?))
}

/// Whether the second of two waves is the later one: by a number in their names (`T1`, `2`), or by
/// words such as `pre` and `post`; `None` where the names don't tell.
pub(crate) fn later(first: &str, second: &str) -> Option<bool> {
    let (a, b) = (place(first)?, place(second)?);
    (a != b).then_some(a < b)
}

/// Where a wave stands among the others, as far as its name tells.
fn place(wave: &str) -> Option<u64> {
    const BEFORE: [&str; 4] = ["pre", "before", "baseline", "前"];
    const AFTER: [&str; 4] = ["post", "after", "follow", "後"];
    let name = wave.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match (has(&BEFORE), has(&AFTER)) {
        (true, false) => Some(0),
        (false, true) => Some(1),
        (true, true) => None,
        (false, false) => {
            let digits: String = name.chars().filter(char::is_ascii_digit).collect();
            digits.parse().ok()
        }
    }
}

/// LinkedIn changed the formula of SSI in January 2015 and in February 2017.
pub(crate) fn era(date: &str) -> u8 {
    u8::from(date >= "2015-01-01") + u8::from(date >= "2017-02-01")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_follow_each_other_by_number_or_by_word() {
        for (first, second, expected) in [
            ("pre", "post", Some(true)),
            ("Post-training", "baseline", Some(false)),
            ("研修前", "研修後", Some(true)),
            ("T1", "T2", Some(true)),
            ("10", "9", Some(false)),
            ("2018-05", "2018-06", Some(true)),
            ("pre", "pre", None),
            ("spring", "autumn", None),
            ("pre", "spring", None),
        ] {
            assert_eq!(later(first, second), expected, "{first} {second}");
        }
    }
}
