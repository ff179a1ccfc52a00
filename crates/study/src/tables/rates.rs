//! What `ssi rates` does.

use super::{Open, TableRequest};
use crate::{Error, Result};
use ssi_infer::adjust::{benjamini_hochberg, holm};
use ssi_infer::rates::{self, Rate};
use ssi_vocab::{Estimate, Level, PValue, Results, Table};

/// Every pair of more groups than this is no table that anyone reads.
const MOST_GROUPS: usize = 20;

/// Values that mean an event, each with those that mean none.
const YES_NO: [(&str, &str); 5] =
    [("1", "0"), ("true", "false"), ("yes", "no"), ("はい", "いいえ"), ("あり", "なし")];

/// Rates as they were typed, `0/100`, and how each two of them differ.
///
/// # Errors
/// A text that is no rate, events beyond the trials, more than twenty rates.
pub fn rates_of(texts: &[String], level: Option<f64>) -> Result<Results> {
    let level = level.map_or(Ok(Level::DEFAULT), Level::new)?;
    let named: Vec<(Option<String>, Rate)> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let name = (texts.len() > 1).then(|| (i + 1).to_string());
            Ok((name, parsed(text)?))
        })
        .collect::<Result<_>>()?;
    few(named.len())?;
    Ok(Results { estimates: rows(&named, level), ..Results::default() })
}

/// The rate of an event (`COLUMN` or `COLUMN=VALUE`) in a table, in each group of a column.
///
/// # Missing data
/// A row without event or group is left out and listed.
///
/// # Errors
/// Unreadable data, an unknown column, a column of which it is not clear which value is the event,
/// more than twenty groups.
pub fn rates(request: &TableRequest, event: &str, group: Option<&str>) -> Result<Results> {
    let mut open = Open::new(request)?;
    for (part, table) in open.groups()? {
        let named = counted(&table, event, group, &mut open.results);
        let named = named.map_err(|e| e.at(&open.file).after(open.kept.as_ref()))?;
        let level = open.level;
        let rows = rows(&named, level).into_iter().map(|row| {
            let names: Vec<String> = part.iter().cloned().chain(row.group.clone()).collect();
            Estimate { group: (!names.is_empty()).then(|| names.join(", ")), ..row }
        });
        open.results.estimates.extend(rows);
    }
    open.done()
}

fn few(found: usize) -> Result<()> {
    if found <= MOST_GROUPS {
        return Ok(());
    }
    Err(Error::usage(
        format!(
            "at most {MOST_GROUPS} groups can be compared two by two, and there are {found}; join groups, or keep some with --where"
        ),
        format!(
            "対ごとに比較できるのは{MOST_GROUPS}群までですが、{found}群あります。群をまとめるか、--where で絞ってください"
        ),
    ))
}

fn parsed(text: &str) -> Result<Rate> {
    let number = |part: &str| part.trim().parse::<u64>().ok();
    let pair = text.split_once('/').and_then(|(a, b)| Some((number(a)?, number(b)?)));
    let Some((events, trials)) = pair else {
        return Err(Error::usage(
            format!(
                "`{text}` is no rate; write events/trials, such as 10/100, or name a file with --event COLUMN"
            ),
            format!(
                "`{text}` は割合として読めません。10/100 のように「件数/全体」で書くか、ファイルと --event 列名 を指定してください"
            ),
        ));
    };
    Ok(Rate::new(events, trials)?)
}

/// The rate in each group that has rows.
fn counted(
    table: &Table,
    event: &str,
    group: Option<&str>,
    results: &mut Results,
) -> Result<Vec<(Option<String>, Rate)>> {
    // A header may hold an equals sign itself.
    let (name, value) = match event.rsplit_once('=') {
        Some((name, value)) if !table.has(event) => (name.trim(), Some(value.trim())),
        _ => (event, None),
    };
    let column = table.column(name).map_err(ssi_infer::Error::from)?;
    let (levels, codes) = column.groups();
    let happened = event_of(&column.name, &levels, value)?;
    let by = group.map(|name| table.column(name)).transpose().map_err(ssi_infer::Error::from)?;
    let (names, places) = match by {
        Some(column) => column.groups(),
        None => (vec![String::new()], vec![Ok(0); codes.len()]),
    };
    few(names.len())?;
    let mut counts = vec![(0_u64, 0_u64); names.len()];
    for (i, (code, place)) in codes.iter().zip(&places).enumerate() {
        let gaps = [Some(column), by].into_iter().flatten().filter_map(|c| table.exclusion(c, i));
        results.excluded.extend(gaps);
        if let (Ok(code), Ok(place)) = (code, place) {
            let (events, trials) = &mut counts[*place as usize];
            *trials += 1;
            *events += u64::from(happened.contains(code));
        }
    }
    let mut named = Vec::new();
    for (name, (events, trials)) in names.iter().zip(counts).filter(|(_, (_, n))| *n > 0) {
        let label = by.map(|column| format!("{} = {name}", column.name));
        named.push((label, Rate::new(events, trials)?));
    }
    if named.is_empty() {
        let analysis = "a rate";
        return Err(ssi_infer::Error::TooFew { analysis, needed: 1, found: 0 }.into());
    }
    Ok(named)
}

/// The codes of the values that are the event, however they are spelt; none where it never
/// happened.
fn event_of(column: &str, levels: &[String], value: Option<&str>) -> Result<Vec<u32>> {
    let places = |wanted: &str| -> Vec<u32> {
        let of = |(_, level): &(u32, &String)| level.eq_ignore_ascii_case(wanted);
        (0_u32..).zip(levels).filter(of).map(|(code, _)| code).collect()
    };
    let is = |level: &String, word: &str| level.eq_ignore_ascii_case(word);
    let known = YES_NO.into_iter().find(|(yes, no)| levels.iter().all(|l| is(l, yes) || is(l, no)));
    match (value, known) {
        (None, Some((yes, _))) => Ok(places(yes)),
        (Some(value), Some((yes, _))) if value.eq_ignore_ascii_case(yes) => Ok(places(value)),
        (Some(value), _) if !places(value).is_empty() => Ok(places(value)),
        _ => {
            let shown: Vec<&str> = levels.iter().take(10).map(String::as_str).collect();
            Err(Error::usage(
                format!(
                    "column `{column}`: say which value is the event, as --event '{column}=VALUE'; it holds {}",
                    shown.join(", ")
                ),
                format!(
                    "列 `{column}`：どの値を「起きた」とみなすかを --event '{column}=値' で指定してください。ある値：{}",
                    shown.join("、")
                ),
            ))
        }
    }
}

/// Each rate with its intervals, then each two rates with how they differ.
fn rows(named: &[(Option<String>, Rate)], level: Level) -> Vec<Estimate> {
    let mut out = Vec::new();
    for (name, rate) in named {
        let of = [
            Some(rates::wilson(*rate, level)),
            Some(rates::clopper_pearson(*rate, level)),
            Some(rates::jeffreys(*rate, level)),
            rates::rule_of_three(*rate, level),
            Some(rates::posterior(*rate, level)),
        ];
        out.extend(of.into_iter().flatten().map(|row| Estimate { group: name.clone(), ..row }));
    }
    let mut pairs = Vec::new();
    for (i, (name, first)) in named.iter().enumerate() {
        for (other, second) in &named[i + 1..] {
            let of = [
                rates::newcombe(*first, *second, level),
                rates::miettinen_nurminen(*first, *second, level),
                rates::agresti_caffo(*first, *second, level),
                rates::koopman(*first, *second, level),
                rates::odds_ratio(*first, *second, level),
                rates::fisher(*first, *second),
                rates::barnard(*first, *second),
                rates::boschloo(*first, *second),
                rates::probability_less(*first, *second),
            ];
            pairs.extend(of.into_iter().map(|row| Estimate {
                x: name.clone(),
                y: other.clone(),
                ..row
            }));
        }
    }
    adjust(&mut pairs);
    out.extend(pairs);
    out
}

/// Holm's and Benjamini and Hochberg's p-values, a family for each test.
fn adjust(pairs: &mut [Estimate]) {
    for method in ["miettinen_nurminen", "fisher", "barnard", "boschloo"] {
        let mut tests: Vec<_> = pairs
            .iter_mut()
            .filter(|row| row.method == method)
            .filter_map(|row| row.test.as_mut())
            .collect();
        if tests.len() < 2 {
            continue;
        }
        let p: Vec<PValue> = tests.iter().map(|test| test.p_value).collect();
        for ((test, holm), bh) in tests.iter_mut().zip(holm(&p)).zip(benjamini_hochberg(&p)) {
            (test.p_holm, test.p_bh) = (Some(holm), Some(bh));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Analysis;

    fn texts(rates: &[&str]) -> Vec<String> {
        rates.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_family_of_pairs_is_adjusted_and_one_pair_is_not() -> Result<()> {
        let two = rates_of(&texts(&["0/100", "10/100"]), None)?;
        let three = rates_of(&texts(&["0/100", "10/100", "12/90"]), None)?;
        let adjusted = |results: &Results| {
            let tests = results.estimates.iter().filter(|row| row.analysis != Analysis::Rate);
            tests.filter_map(|row| row.test.as_ref()?.p_holm).count()
        };
        assert_eq!((adjusted(&two), adjusted(&three)), (0, 12));
        Ok(())
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        for text in ["10", "a/b", "3/2", "0/0", "1/2/3", "-1/5"] {
            assert!(rates_of(&texts(&[text]), None).is_err(), "{text}");
        }
    }

    #[test]
    fn the_event_is_named_unless_it_is_clear() -> Result<()> {
        let levels = |v: &[&str]| texts(v);
        assert_eq!(event_of("a", &levels(&["0", "1"]), None)?, [1]);
        assert_eq!(event_of("a", &levels(&["0"]), None)?, [0_u32; 0]);
        assert_eq!(event_of("a", &levels(&["いいえ", "はい"]), None)?, [1]);
        assert_eq!(event_of("a", &levels(&["Yes", "no", "yes"]), None)?, [0, 2]);
        assert_eq!(event_of("a", &levels(&["x", "y"]), Some("x"))?, [0]);
        assert!(event_of("a", &levels(&["x", "y"]), None).is_err());
        assert!(event_of("a", &levels(&["x", "y"]), Some("z")).is_err());
        Ok(())
    }
}
