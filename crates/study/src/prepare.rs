//! Tables made ready for the analyses: derived columns, the plan's rows, counts.

use crate::disclosure::tells_nobody;
use crate::publication::{coarse, with_pooled};
use crate::run::{PILLARS, WITHOUT_BRAND};
use crate::{Plan, Result};
use ssi_cohort::Cohort;
use ssi_cohort::filter::Filter;
use ssi_vocab::{Capped, Cells, Column, Exclusion, Missing, Paired, Reason, Seen, Table};
use std::collections::{BTreeMap, BTreeSet};

/// The factor of the model with contacts.
pub(crate) const REGION: &str = "region";
/// Contacts as a file has them, and the two terms that a model makes of them.
const CONTACTS: &str = "conn_display";
const LOG2: &str = "conn_log2";
const AT_CAP: &str = "conn_500plus";

/// The cohort's table with the derived columns, and only the rows that the plan asks for.
pub(crate) fn prepared(cohort: &Cohort, plan: &Plan) -> Result<Table> {
    let mut table = derived(cohort.table.clone())?;
    if let Some(text) = &plan.filter {
        table = table.keep(&Filter::parse(text)?.rows(&table)?);
    }
    named(table, plan)
}

/// The same rows with the coarser numbers that single respondents are shown by, for a report that
/// is not local; nothing for one that is.
pub(crate) fn coarser(cohort: &Cohort, plan: &Plan, exact: &Table) -> Result<Option<Table>> {
    if plan.privacy.local {
        return Ok(None);
    }
    let wanted: BTreeSet<usize> = exact.rows().iter().copied().collect();
    let kept: Vec<bool> = cohort.table.rows().iter().map(|row| wanted.contains(row)).collect();
    named(derived(coarse(cohort.table.keep(&kept))?)?, plan).map(Some)
}

fn derived(mut table: Table) -> Result<Table> {
    if let Some(rest) = sum_of(&table, &PILLARS[1..]) {
        table = table.with_column(Column::number(WITHOUT_BRAND, rest))?;
    }
    if let Some(Cells::Capped(contacts)) = table.column(CONTACTS).ok().map(|c| &c.cells) {
        let (log2, capped) = contacts_terms(contacts);
        table = table
            .with_column(Column::number(LOG2, log2))?
            .with_column(Column::number(AT_CAP, capped))?;
    }
    Ok(table)
}

/// The model with contacts names each region, so that small ones share a name.
fn named(table: Table, plan: &Plan) -> Result<Table> {
    if !table.has(REGION) {
        return Ok(table);
    }
    let needed = [plan.primary.x.as_str(), &plan.primary.y, LOG2];
    with_pooled(table, REGION, &needed, plan.smallest_group)
}

/// Whether a report may tell of those with 500+ contacts, and of the others, as groups: each is k
/// respondents or more, or nobody, among all and among those whom an analysis of contacts is about.
/// A local report tells of them in any case.
pub(crate) fn cap_tells_nobody(table: &Table, plan: &Plan) -> Result<bool> {
    let cells: Vec<Seen<Capped>> = match table.column(CONTACTS).map(|column| &column.cells) {
        Ok(Cells::Capped(cells)) if !plan.privacy.local => cells.clone(),
        _ => return Ok(true),
    };
    let (x, y) = (plan.primary.x.as_str(), plan.primary.y.as_str());
    let (score, ssi) = ("score_total", "ssi_total");
    for needed in
        [&[][..], &[score], &[ssi], &[score, ssi], &[x, y], &[x, y, LOG2], &[x, y, LOG2, REGION]]
    {
        let known = needed.iter().filter(|name| table.has(name));
        let known: Vec<Vec<Seen<u32>>> =
            known.map(|name| Ok(table.column(name)?.groups().1)).collect::<Result<_>>()?;
        let whole: Vec<Capped> = (cells.iter().enumerate())
            .filter(|(i, _)| known.iter().all(|codes| codes[*i].is_ok()))
            .filter_map(|(_, cell)| cell.ok())
            .collect();
        let shown = whole.iter().filter(|c| c.at_least).count();
        let reached = whole.iter().filter(|c| c.at_least || c.value >= 500.0).count();
        if [shown, reached].iter().any(|n| !tells_nobody(*n, whole.len(), plan.smallest_group)) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn sum_of(table: &Table, names: &[&str]) -> Option<Vec<Seen<f64>>> {
    let columns: Vec<&[Seen<f64>]> =
        names.iter().map(|n| table.column(n).ok()?.numbers().ok()).collect::<Option<_>>()?;
    let row =
        |i: usize| columns.iter().map(|c| c[i]).sum::<Seen<f64>>().map_err(|_| Missing::Incomplete);
    Some((0..table.n_rows()).map(row).collect())
}

/// A capped count as two predictors: log2(count / 500) below the cap and 0 at it, and an indicator
/// of the cap. The indicator's coefficient is the step at 500+, whatever the counts behind it are.
fn contacts_terms(contacts: &[Seen<Capped>]) -> (Vec<Seen<f64>>, Vec<Seen<f64>>) {
    let term = |c: &Seen<Capped>| match c {
        Err(missing) => (Err(*missing), Err(*missing)),
        Ok(c) if c.at_least => (Ok(0.0), Ok(1.0)),
        // No contacts at all: the logarithm is not defined, so the row is excluded and listed.
        Ok(c) if c.value <= 0.0 => (Err(Missing::Incomplete), Ok(0.0)),
        Ok(c) => (Ok((c.value / 500.0).log2()), Ok(0.0)),
    };
    contacts.iter().map(term).unzip()
}

/// Exclusions as the user's file has them: contacts stand there in one column, whatever terms a
/// model makes of it, and one gap in it is one gap.
pub(crate) fn in_file(table: &Table, excluded: &[Exclusion]) -> Vec<Exclusion> {
    let contacts = table.column(CONTACTS).ok().map(|column| &column.cells);
    let none: BTreeSet<usize> = match contacts {
        Some(Cells::Capped(cells)) => (table.rows().iter().zip(cells))
            .filter(|(_, cell)| cell.is_ok_and(|c| !c.at_least && c.value <= 0.0))
            .map(|(row, _)| *row)
            .collect(),
        _ => BTreeSet::new(),
    };
    let named = |one: &Exclusion| {
        if ![LOG2, AT_CAP].contains(&one.column.as_str()) {
            return one.clone();
        }
        let column = CONTACTS.to_owned();
        if none.contains(&one.row) {
            let (value, reason) = ("0".to_owned(), Reason::LogOfNonPositive);
            return Exclusion { row: one.row, column, value, reason };
        }
        Exclusion { column, ..one.clone() }
    };
    let unique: BTreeSet<Exclusion> = excluded.iter().map(named).collect();
    unique.into_iter().collect()
}

/// Those of the candidate columns that take two values or more among the rows in which all of them,
/// and the needed columns, have a value. A column that does not vary can't be a predictor.
pub(crate) fn varying<'n>(
    table: &Table,
    needed: &[&str],
    candidates: &[&'n str],
) -> Result<Vec<&'n str>> {
    let columns = |names: &[&str]| -> Result<Vec<Vec<Seen<u32>>>> {
        names.iter().map(|name| Ok(table.column(name)?.groups().1)).collect()
    };
    let (needed, coded) = (columns(needed)?, columns(candidates)?);
    let complete = |i: &usize| needed.iter().chain(&coded).all(|codes| codes[*i].is_ok());
    let rows: Vec<usize> = (0..table.n_rows()).filter(complete).collect();
    let varies = |codes: &Vec<Seen<u32>>| rows.iter().any(|i| codes[*i] != codes[rows[0]]);
    let kept = candidates.iter().zip(&coded).filter(|(_, codes)| varies(codes));
    Ok(kept.map(|(name, _)| *name).collect())
}

/// A pair as a counted table: one row for each different (x, y).
pub(crate) fn counted(pair: &Paired) -> Result<Table> {
    let mut cells: BTreeMap<(u64, u64), (f64, f64, u64)> = BTreeMap::new();
    let weight = |i: usize| pair.counts().map_or(1, |counts| counts[i]);
    for (i, (x, y)) in pair.x().iter().zip(pair.y()).enumerate() {
        cells.entry((x.to_bits(), y.to_bits())).or_insert((*x, *y, 0)).2 += weight(i);
    }
    let column = |name: &str, of: &dyn Fn(&(f64, f64, u64)) -> f64| {
        Column::number(name, cells.values().map(|cell| Ok(of(cell))).collect())
    };
    let columns = vec![column(pair.x_name(), &|c| c.0), column(pair.y_name(), &|c| c.1)];
    let table = Table::new(columns, (1..=cells.len()).collect())?;
    let table = table.with_left_out(pair.n_excluded());
    Ok(table.with_counts(cells.values().map(|c| c.2).collect())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capped_count_becomes_an_indicator_and_never_the_cap() {
        let count = |value, at_least| Ok(Capped { value, at_least });
        let contacts =
            [count(250.0, false), count(500.0, true), count(0.0, false), Err(Missing::Blank)];
        let (log2, capped) = contacts_terms(&contacts);
        assert_eq!(log2, [Ok(-1.0), Ok(0.0), Err(Missing::Incomplete), Err(Missing::Blank)]);
        assert_eq!(capped, [Ok(0.0), Ok(1.0), Ok(0.0), Err(Missing::Blank)]);
    }

    #[test]
    fn a_gap_in_contacts_is_one_gap_and_no_contacts_have_no_logarithm() {
        let count = |value| Ok(Capped { value, at_least: false });
        let cells = vec![count(0.0), Err(Missing::Blank), count(80.0)];
        let table = Table::new(vec![Column::capped(CONTACTS, cells)], vec![2, 3, 4]).unwrap();
        let out = |row, column: &str, value: &str, reason| Exclusion {
            row,
            column: column.to_owned(),
            value: value.to_owned(),
            reason,
        };
        let of_model = [
            out(2, LOG2, "", Reason::Missing),
            out(3, LOG2, "", Reason::Missing),
            out(3, AT_CAP, "", Reason::Missing),
            out(4, "region", "", Reason::Missing),
        ];
        assert_eq!(
            in_file(&table, &of_model),
            [
                out(2, CONTACTS, "0", Reason::LogOfNonPositive),
                out(3, CONTACTS, "", Reason::Missing),
                out(4, "region", "", Reason::Missing),
            ]
        );
    }

    #[test]
    fn a_predictor_that_only_varies_in_incomplete_rows_does_not_vary() {
        let columns = vec![
            Column::number("y", vec![Ok(1.0), Ok(2.0), Err(Missing::Blank)]),
            Column::factor("region", &[Ok("EU"), Ok("EU"), Ok("JP")]),
            Column::number("x", vec![Ok(1.0), Ok(3.0), Ok(3.0)]),
        ];
        let table = Table::new(columns, vec![2, 3, 4]).unwrap();
        assert_eq!(varying(&table, &["y"], &["region", "x"]).unwrap(), ["x"]);
    }

    #[test]
    fn a_counted_table_has_a_row_for_each_different_pair() {
        let pair = Paired::complete("x", &[1.0, 2.0, 1.0], "y", &[5.0, 6.0, 5.0]);
        let table = counted(&pair.unwrap()).unwrap();
        assert_eq!(table.counts(), Some(&[2, 1][..]));
    }
}
