use super::Pooled;
use crate::formula::{Extras, model_with, uses};
use crate::regress::{Covariance, ols};
use crate::{Error, Result};
use ssi_vocab::{Cells, Column, Table};

/// The capped columns that a formula's predictors use, in the table's order.
///
/// # Errors
/// [`Error::Formula`].
pub fn capped_columns(table: &Table, formula: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for column in table.columns().iter().filter(|c| matches!(c.cells, Cells::Capped(_))) {
        let uses = uses(table, formula, &column.name)?;
        if uses.terms.contains(&true) && !factor_only(formula, &column.name) {
            found.push(column.name.clone());
        }
    }
    Ok(found)
}

/// The capped column that a formula's outcome uses, if there is one.
///
/// # Errors
/// [`Error::Formula`].
pub fn capped_outcome(table: &Table, formula: &str) -> Result<Option<String>> {
    for column in table.columns().iter().filter(|c| matches!(c.cells, Cells::Capped(_))) {
        if uses(table, formula, &column.name)?.outcome {
            return Ok(Some(column.name.clone()));
        }
    }
    Ok(None)
}

/// True where the formula names a column only as groups, `C(x)`, for which a cap is a level.
fn factor_only(formula: &str, name: &str) -> bool {
    let squeezed: String = formula.chars().filter(|c| !c.is_whitespace()).collect();
    let group = [format!("C({name})"), format!("C(`{name}`)")];
    let rest = group.iter().fold(squeezed.clone(), |rest, group| rest.replace(group, ""));
    rest != squeezed && !rest.contains(name)
}

/// The table in which a capped column holds the cap where it is reached, and a new column
/// `NAME_capped` says where, with the formula that has both.
///
/// A slope then speaks of the values below the cap, and the indicator's coefficient is the step
/// from the cap itself to the respondents beyond it.
///
/// # Errors
/// [`Error::Input`] for an unknown column.
///
/// # Example
/// ```
/// use ssi_infer::imputation::indicated;
/// use ssi_vocab::{Capped, Column, Table};
/// let capped = |value, at_least| Ok(Capped { value, at_least });
/// let contacts = Column::capped("contacts", vec![capped(120.0, false), capped(500.0, true)]);
/// let (table, formula) = indicated(&Table::new(vec![contacts], vec![2, 3])?, "y ~ log(contacts)", "contacts")?;
/// assert_eq!(formula, "y ~ log(contacts) + `contacts_capped`");
/// assert_eq!(table.column("contacts_capped")?.numbers()?, [Ok(0.0), Ok(1.0)]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn indicated(table: &Table, formula: &str, column: &str) -> Result<(Table, String)> {
    let name = table.column(column)?.name.clone();
    let (table, capped) = filled(table, &name)?;
    let mut own = format!("{name}_capped");
    while table.has(&own) {
        own.push('_');
    }
    let cells = capped.into_iter().map(|c| Ok(f64::from(u8::from(c)))).collect();
    let table = table.with_column(Column::number(&*own, cells))?;
    Ok((table, format!("{} + `{own}`", formula.trim())))
}

/// The table in which a capped column holds numbers, the cap where it is reached, and whether it
/// is, a row a row.
pub(super) fn filled(table: &Table, column: &str) -> Result<(Table, Vec<bool>)> {
    let column = table.column(column)?;
    let Cells::Capped(cells) = &column.cells else {
        let none = vec![false; table.n_rows()];
        column.numbers()?;
        return Ok((table.clone(), none));
    };
    let capped = cells.iter().map(|cell| cell.is_ok_and(|c| c.at_least)).collect();
    let numbers = cells.iter().map(|cell| cell.map(|c| c.value)).collect();
    let filled = Column { unread: column.unread.clone(), ..Column::number(&*column.name, numbers) };
    Ok((table.clone().with_column(filled)?, capped))
}

/// The rows of `of` (part of `table`, with its counts), as the table has them, a row a respondent,
/// numbered from 0.
pub(super) fn expanded(table: &Table, of: &Table) -> Result<Table> {
    if let Some(counts) = of.counts() {
        crate::resample::written_out(counts.iter().sum::<u64>() as usize)?;
    }
    let mut place = 0;
    let mut at = Vec::new();
    for (i, row) in of.rows().iter().enumerate() {
        while table.rows()[place] != *row {
            place += 1;
        }
        let times = of.counts().map_or(1, |counts| counts[i]);
        at.extend(std::iter::repeat_n(place, times as usize));
        place += 1;
    }
    fn pick<T: Clone>(values: &[T], at: &[usize]) -> Vec<T> {
        at.iter().map(|i| values[*i].clone()).collect()
    }
    let columns = table.columns().iter().map(|column| {
        let cells = match &column.cells {
            Cells::Number(v) => Cells::Number(pick(v, &at)),
            Cells::Capped(v) => Cells::Capped(pick(v, &at)),
            Cells::Factor { levels, codes } => {
                Cells::Factor { levels: levels.clone(), codes: pick(codes, &at) }
            }
        };
        let rest = column.rest.as_ref().map(|rest| pick(rest, &at));
        Column { name: column.name.clone(), cells, unread: Vec::new(), rest }
    });
    let aliases: Vec<(String, String)> = table.aliases();
    Ok(Table::new(columns.collect(), (0..at.len()).collect())?.with_aliases(aliases))
}

/// The coefficients of the fit with an indicator, as one imputation would give them.
pub(super) fn fit(
    table: &Table,
    formula: &str,
    extras: &Extras,
    column: &str,
    errors: Covariance,
) -> Result<Vec<(String, Pooled)>> {
    let (table, formula) = indicated(table, formula, column)?;
    let fit = match model_with(&table, &formula, extras).and_then(|m| ols(&m.design)) {
        Ok(fit) => fit,
        // Nobody is capped, or everybody: there is nothing to compare with.
        Err(Error::Constant { .. } | Error::Collinear { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let Some(covariance) = fit.covariance(errors) else { return Ok(Vec::new()) };
    let one = |(j, term): (usize, &String)| {
        let (value, df) = (fit.coefficients[j], fit.df_residual as f64);
        (term.clone(), Pooled::complete(value, covariance[[j, j]], df))
    };
    Ok(fit.terms.iter().enumerate().map(one).collect())
}
