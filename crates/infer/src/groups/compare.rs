use super::{
    Grouped, Method, anova, games_howell, kruskal_wallis, mann_whitney, t, tukey, welch, welch_t,
};
use crate::adjust::{benjamini_hochberg, holm};
use crate::describe as description;
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note, PValue};

/// All pairs of more groups than this would be a table that nobody reads.
const MOST_PAIRED: usize = 50;

/// Groups compared by several methods, a method's rows together: the estimate with its interval
/// and test first.
///
/// Without methods, those of [`Method::default_for`] the number of groups. A method that these data
/// leave undefined has a row without a value and with a note.
///
/// # Errors
/// [`Error::Constant`]; [`Error::TwoGroups`] for a two-sample method and more groups;
/// [`Error::CappedOutcome`] where a method was asked for that needs the capped values;
/// [`Error::Magnitude`].
pub fn compare(groups: &Grouped, methods: &[Method], level: Level) -> Result<Vec<Estimate>> {
    let asked = !methods.is_empty();
    let methods = if asked { methods } else { Method::default_for(groups.samples.len()) };
    let mut rows = Vec::new();
    for method in methods {
        match one(groups, *method, level) {
            Ok(more) => rows.extend(more),
            Err(error) => {
                let mut row = groups.row(*method, method.first_term());
                row.note = Some(match error {
                    Error::TooFew { .. } => Note::TooFew,
                    Error::CappedOutcome { .. } if !asked => Note::Capped,
                    error => return Err(error),
                });
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

fn one(groups: &Grouped, method: Method, level: Level) -> Result<Vec<Estimate>> {
    Ok(match method {
        Method::Anova => anova(groups)?.estimates(level),
        Method::Welch => vec![welch(groups)?.estimate(level)],
        Method::KruskalWallis => vec![kruskal_wallis(groups)?.estimate()],
        Method::T => t(groups)?.estimates(level),
        Method::WelchT => welch_t(groups)?.estimates(level),
        Method::MannWhitney => mann_whitney(groups)?.estimates(level),
        Method::Tukey | Method::GamesHowell => {
            groups.check(method)?;
            together(groups, method, level)?
        }
    })
}

/// Every pair by a method whose intervals hold together.
fn together(groups: &Grouped, method: Method, level: Level) -> Result<Vec<Estimate>> {
    if method == Method::Tukey { tukey(groups, level) } else { games_howell(groups, level) }
}

/// Every pair of groups by two-sample methods (by [`welch_t`] and [`games_howell`] where none is
/// given), a row each. [`tukey`] and [`games_howell`] have intervals and p-values that hold for all
/// pairs together; the others intervals for a pair alone, and p-values adjusted in the family of a
/// method's pairs.
///
/// # Errors
/// [`Error::FactorLevels`] for more than 50 groups; [`Error::NotPairwise`] for a method that
/// compares all groups at once; otherwise those of the method.
pub fn pairs(groups: &Grouped, methods: &[Method], level: Level) -> Result<Vec<Estimate>> {
    let (found, limit) = (groups.samples.len(), MOST_PAIRED);
    if found > limit {
        return Err(Error::FactorLevels { column: groups.group.clone(), found, limit });
    }
    let default = [Method::WelchT, Method::GamesHowell];
    let methods = if methods.is_empty() { &default } else { methods };
    if let Some(method) = methods.iter().find(|m| !m.for_two()) {
        return Err(Error::NotPairwise { method: method.code() });
    }
    let mut rows = Vec::new();
    for method in methods {
        if method.simultaneous() {
            rows.extend(together(groups, *method, level)?);
            continue;
        }
        let mut family = Vec::new();
        for first in 0..found {
            for second in first + 1..found {
                let pair = groups.pair(first, second);
                family.push(first_row(&pair, *method, level)?);
            }
        }
        adjust(&mut family);
        rows.extend(family);
    }
    Ok(rows)
}

/// The first row of a two-sample method; one without a value where two groups of many are equal.
fn first_row(pair: &Grouped, method: Method, level: Level) -> Result<Estimate> {
    let noted = |note| Estimate { note: Some(note), ..pair.row(method, method.first_term()) };
    match one(pair, method, level) {
        Ok(rows) => Ok(rows.into_iter().next().unwrap_or_else(|| noted(Note::TooFew))),
        Err(Error::TooFew { .. }) => Ok(noted(Note::TooFew)),
        Err(Error::Constant { .. }) => Ok(noted(Note::ConstantColumn)),
        Err(error) => Err(error),
    }
}

fn adjust(family: &mut [Estimate]) {
    let mut tests: Vec<_> = family.iter_mut().filter_map(|row| row.test.as_mut()).collect();
    let p: Vec<PValue> = tests.iter().map(|test| test.p_value).collect();
    for ((test, holm), bh) in tests.iter_mut().zip(holm(&p)).zip(benjamini_hochberg(&p)) {
        (test.p_holm, test.p_bh) = (Some(holm), Some(bh));
    }
}

/// Each group described: `n mean sd median`, under its name; excluded are its respondents without a
/// usable outcome (one without a group belongs to none).
///
/// # Errors
/// Those of [`description::describe`].
pub fn describe(groups: &Grouped, level: Level) -> Result<Vec<Estimate>> {
    let mut rows = Vec::new();
    for sample in &groups.samples {
        let column = sample.column(&groups.outcome);
        let all = description::describe(&column, sample.counts.as_deref(), level)?;
        let wanted = all.into_iter().filter(|row| WANTED.contains(&row.method.as_str()));
        rows.extend(wanted.map(|row| Estimate {
            group: Some(format!("{} = {}", groups.group, sample.level)),
            n_excluded: sample.excluded,
            ..row
        }));
    }
    Ok(rows)
}

const WANTED: [&str; 4] = ["n", "mean", "sd", "median"];
