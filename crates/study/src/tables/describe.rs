//! What `ssi describe` does.

use super::{Open, TableRequest, numeric};
use crate::{Error, Result};
use ssi_infer::{describe as description, missing as gaps};
use ssi_vocab::{Column, Drawing, Estimate, Level, Results};

/// Describes columns: all numeric ones where none is named. Also which of their values are missing
/// together, if that is asked for (of all columns where none is named; not by group).
///
/// # Errors
/// Unreadable or refused data, an unknown column, a column of words.
pub fn describe(request: &TableRequest, columns: &[String], missing: bool) -> Result<Results> {
    let mut open = Open::new(request)?;
    let names: Vec<String> = if columns.is_empty() {
        open.table.columns().iter().filter(|c| numeric(c)).map(|c| c.name.clone()).collect()
    } else {
        columns.to_vec()
    };
    if names.is_empty() {
        let name = &request.source.name;
        return Err(Error::usage(
            format!("{name}: has no column of numbers to describe"),
            format!("{name}：数値の列がありません"),
        ));
    }
    open.warn_of_repeats(None)?;
    for (group, table) in open.groups()? {
        for name in &names {
            let column = table.column(name).map_err(|e| open.failed(e.into()))?;
            let rows = described(column, table.counts(), open.level);
            let mut rows = rows.map_err(|e| open.failed(e))?;
            rows.iter_mut().for_each(|row| row.n_excluded += table.left_out());
            open.add(&group, rows);
            let gaps = (0..table.n_rows()).filter_map(|i| table.exclusion(column, i));
            open.results.excluded.extend(gaps);
        }
    }
    if missing {
        let all = open.table.columns().iter().map(|c| c.name.as_str());
        let wanted: Vec<&str> = if columns.is_empty() {
            all.collect()
        } else {
            columns.iter().map(String::as_str).collect()
        };
        let found = gaps::missing(&open.table, &wanted).map_err(|e| open.failed(e))?;
        // The table is the user's own: no pattern is too rare to be shown.
        let together = gaps::patterns(&open.table, &wanted, 1).map_err(|e| open.failed(e))?;
        let together = together.map(|gaps| ("missing".to_owned(), Drawing::Gaps(gaps)));
        open.results.missing = found;
        open.results.drawings.extend(together);
    }
    open.done()
}

/// The description of a column, with Hall's interval of the mean after its own.
pub(crate) fn described(
    column: &Column,
    counts: Option<&[u64]>,
    level: Level,
) -> ssi_infer::Result<Vec<Estimate>> {
    let mut rows = description::describe(column, counts, level)?;
    let hall = description::hall(column, counts, level)?;
    if let Some(place) = rows.iter().position(|row| row.method == "mean")
        && hall.interval.is_some()
    {
        rows.insert(place + 1, hall);
    }
    Ok(rows)
}
