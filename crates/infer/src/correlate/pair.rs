use super::Method;
use super::ranks::Classes;
use crate::{Error, Result};
use ssi_vocab::{Capped, Cells, Column, Paired, Seen, Table};

/// Two columns of a table as the method can use them.
///
/// Rank methods take a capped column ("500+") as ranks, see [`ranked_pair`]; others need numbers.
///
/// # Missing data
/// Respondents without both values are left out and listed.
///
/// # Errors
/// [`Error::Capped`] for a capped column and a method that needs its values, and those of
/// [`Table::paired`].
pub fn pair(table: &Table, x: &str, y: &str, method: Method) -> Result<Paired> {
    let (x, y) = (&table.column(x)?.name, &table.column(y)?.name);
    Ok(usable(table, &[x, y], method)?.paired(x, y)?)
}

/// The columns `names` of a table as the method can use them: numbers, or their order.
pub(super) fn usable(table: &Table, names: &[&str], method: Method) -> Result<Table> {
    for name in names {
        if let Cells::Capped(values) = &table.column(name)?.cells
            && !method.uses_ranks()
            && let Some(capped) = values.iter().flatten().find(|c| c.at_least)
        {
            return Err(Error::Capped {
                column: (*name).to_owned(),
                example: format!("{}+", capped.value),
                analysis: method.code(),
            });
        }
    }
    plain(table, names)
}

/// Two columns of a table in which a capped value ("500+") ranks above every other one.
///
/// A column without capped values keeps its numbers. A column with some is replaced by the order
/// of its values (0, 1, 2, …): capped values share the highest place, whatever stands beside
/// them, and never become the number at which they were capped. Only methods that use the order
/// alone may read such a pair.
///
/// # Errors
/// Those of [`Table::paired`].
pub fn ranked_pair(table: &Table, x: &str, y: &str) -> Result<Paired> {
    let (x, y) = (&table.column(x)?.name, &table.column(y)?.name);
    Ok(plain(table, &[x, y])?.paired(x, y)?)
}

/// The table with the capped columns among `names` as numbers: their own where none is capped,
/// else their order. A table of those columns only.
fn plain(table: &Table, names: &[&str]) -> Result<Table> {
    let mut columns: Vec<Column> = Vec::new();
    for name in names {
        let column = table.column(name)?;
        if columns.iter().any(|c| c.name == column.name) {
            continue;
        }
        columns.push(match &column.cells {
            Cells::Capped(values) => Column {
                cells: Cells::Number(in_order(values)),
                name: column.name.clone(),
                unread: column.unread.clone(),
                rest: None,
            },
            _ => column.clone(),
        });
    }
    let narrow = Table::new(columns, table.rows().to_vec())?.with_left_out(table.left_out());
    Ok(match table.counts() {
        Some(counts) => narrow.with_counts(counts.to_vec())?,
        None => narrow,
    })
}

fn in_order(values: &[Seen<Capped>]) -> Vec<Seen<f64>> {
    if !values.iter().flatten().any(|c| c.at_least) {
        return values.iter().map(|v| v.map(|c| c.value)).collect();
    }
    let uncapped: Vec<f64> =
        values.iter().flatten().filter(|c| !c.at_least).map(|c| c.value).collect();
    let classes = Classes::new(&uncapped);
    let mut place = classes.code.iter();
    let top = classes.len as f64;
    values
        .iter()
        .map(|v| {
            v.map(|c| if c.at_least { top } else { place.next().map_or(top, |p| f64::from(*p)) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Missing;

    fn table() -> Table {
        let capped = |value, at_least| Ok(Capped { value, at_least });
        let contacts = vec![
            capped(120.0, false),
            capped(500.0, true),
            Err(Missing::Blank),
            capped(700.0, false),
            capped(500.0, true),
            capped(500.0, false),
        ];
        let ssi = [30.0, 40.0, 50.0, 45.0, 60.0, 20.0];
        let columns = vec![
            Column::capped("contacts", contacts),
            Column::number("ssi", ssi.into_iter().map(Ok).collect()),
        ];
        Table::new(columns, vec![2, 3, 4, 5, 6, 7]).unwrap()
    }

    #[test]
    fn a_capped_value_ranks_above_every_other() {
        let pair = ranked_pair(&table(), "contacts", "ssi").unwrap();
        assert_eq!(pair.x(), [0.0, 3.0, 2.0, 3.0, 1.0]);
        assert_eq!(pair.n_excluded(), 1);
    }

    #[test]
    fn pearson_refuses_a_capped_column() {
        let error = pair(&table(), "contacts", "ssi", Method::Pearson).unwrap_err();
        assert!(error.to_string().contains("`500+`"), "{error}");
        assert!(pair(&table(), "contacts", "ssi", Method::Kendall).is_ok());
    }

    #[test]
    fn a_column_may_be_paired_with_itself() {
        let pair = pair(&table(), "ssi", "ssi", Method::Pearson).unwrap();
        assert_eq!(pair.x(), pair.y());
    }
}
