//! C11, the second half: how SSI changes from before a training to after it, by its hours.

use super::{Evidence, undefined};
use crate::facts::later;
use ssi_infer::formula;
use ssi_infer::regress::{BellMcCaffrey, StandardErrors, ols};
use ssi_vocab::{Analysis, Column, Estimate, Seen, Table};
use std::collections::BTreeMap;

/// One person's rows before and after.
type Twice = (usize, usize);

/// The change of SSI after so many hours at an average SSI before, and by the hour:
/// change ~ I(hours − h) + I(before − mean), with HC3 errors. Without a value where nobody, or fewer
/// than are summarised, were seen before and after; empty where the file has no waves or no hours.
pub(super) fn change(evidence: &Evidence<'_>) -> Vec<Estimate> {
    let whole = &evidence.cohort.table;
    if !whole.has("wave") || !whole.has("hours_trained") {
        return Vec::new();
    }
    let hours = evidence.plan.claims.trained;
    let found = changes(evidence).and_then(|table| estimates(&table, hours, evidence));
    found.unwrap_or_else(|error| {
        let row = Estimate::new(Analysis::Regression, "ols", "(Intercept)", 0);
        vec![undefined(&error, Estimate { y: Some("ssi_change".to_owned()), ..row })]
    })
}

fn estimates(
    table: &Table,
    hours: f64,
    evidence: &Evidence<'_>,
) -> ssi_infer::Result<Vec<Estimate>> {
    let before = table.column("ssi_before")?.numbers()?;
    let mean = before.iter().flatten().sum::<f64>() / before.len().max(1) as f64;
    // Where everybody had as many hours there is no slope to tell.
    let same = {
        let trained = table.column("hours_trained")?.numbers()?;
        trained.windows(2).all(|pair| pair[0] == pair[1])
    };
    let by_hour = if same { String::new() } else { format!("I(hours_trained - {hours}) + ") };
    let formula = format!("ssi_change ~ {by_hour}I(ssi_before - {mean})");
    let design = formula::design(table, &formula)?;
    let errors = StandardErrors::Adjusted(BellMcCaffrey::Hc3);
    let rows = ols(&design)?.estimates_with(&errors, None, evidence.level)?;
    let told = if same { 1 } else { 2 };
    let named = |row: Estimate| Estimate {
        y: Some("ssi_change".to_owned()),
        n_excluded: evidence.table.n_rows().saturating_sub(row.n_obs),
        ..row
    };
    Ok(rows.into_iter().take(told).map(named).collect())
}

/// SSI before, its change and the hours of each respondent of the study of whom all is known.
fn known(evidence: &Evidence<'_>) -> Option<Vec<[f64; 3]>> {
    let (whole, persons) = (&evidence.cohort.table, &evidence.cohort.persons);
    let ssi = whole.column("ssi_total").ok()?.numbers().ok()?;
    let hours = whole.column("hours_trained").ok()?.numbers().ok()?;
    let pairs = twice(evidence, whole, persons)?;
    let of = |(before, after): &Twice| -> Option<[f64; 3]> {
        let trained = hours[*after].or(hours[*before]).ok()?;
        Some([ssi[*before].ok()?, ssi[*after].ok()? - ssi[*before].ok()?, trained])
    };
    Some(pairs.iter().filter_map(of).collect())
}

/// The same as a table.
fn changes(evidence: &Evidence<'_>) -> ssi_infer::Result<Table> {
    let known = known(evidence).unwrap_or_default();
    let (needed, found) = (evidence.plan.smallest_group.max(4), known.len());
    if found < needed {
        let analysis = "a change after a training";
        return Err(ssi_infer::Error::TooFew { analysis, needed, found });
    }
    let column = |name: &str, at: usize| {
        let values: Vec<Seen<f64>> = known.iter().map(|row| Ok(row[at])).collect();
        Column::number(name, values)
    };
    let columns =
        vec![column("ssi_before", 0), column("ssi_change", 1), column("hours_trained", 2)];
    Ok(Table::new(columns, (1..=known.len()).collect())?)
}

/// Who of the study's respondents stands in exactly two waves, of which one is the later.
fn twice(evidence: &Evidence<'_>, whole: &Table, persons: &[usize]) -> Option<Vec<Twice>> {
    let (waves, codes) = whole.column("wave").ok()?.groups();
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, person) in persons.iter().enumerate() {
        rows.entry(*person).or_default().push(i);
    }
    let studied: std::collections::BTreeSet<usize> =
        evidence.table.rows().iter().copied().collect();
    let name = |i: usize| codes[i].ok().map(|code| waves[code as usize].as_str());
    let ordered = |own: &Vec<usize>| -> Option<Twice> {
        let [a, b] = own[..] else { return None };
        let known = studied.contains(&whole.rows()[a]) || studied.contains(&whole.rows()[b]);
        let b_is_later = later(name(a)?, name(b)?)?;
        known.then_some(if b_is_later { (a, b) } else { (b, a) })
    };
    Some(rows.values().filter_map(ordered).collect())
}
