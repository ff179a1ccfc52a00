//! What `ssi groups` does.

use super::{Open, TableRequest};
use crate::Result;
use ssi_infer::formula;
use ssi_infer::groups::{self, Method};
use ssi_vocab::{Estimate, Results};

/// Compares an outcome between groups: `outcome ~ group`.
///
/// `methods` by name; without any, those for the number of groups. With `pairs`, every pair of
/// groups as well, by the two-sample methods among `methods` (Welch's t and Games and Howell's without any).
///
/// # Errors
/// Unreadable or refused data, a formula error, an unknown column or method, a comparison that
/// these data don't define.
pub fn groups(
    request: &TableRequest,
    formula: &str,
    methods: &[String],
    pairs: bool,
) -> Result<Results> {
    let (outcome, group) = formula::outcome_and_group(formula)?;
    let methods =
        methods.iter().map(|name| name.parse()).collect::<ssi_infer::Result<Vec<Method>>>()?;
    let mut open = Open::new(request)?;
    open.warn_of_repeats(None)?;
    for (part, table) in open.groups()? {
        let rows = groups::grouped(&table, &outcome, &group).and_then(|grouped| {
            let rows = rows(&grouped, &methods, pairs, open.level)?;
            open.results.excluded.extend(grouped.excluded().iter().cloned());
            Ok(rows)
        });
        match rows {
            Ok(rows) => {
                open.results.estimates.extend(rows.into_iter().map(|row| within(&part, row)))
            }
            Err(error) => open.undefined(&part, error)?,
        }
    }
    open.done()
}

fn rows(
    grouped: &groups::Grouped,
    methods: &[Method],
    pairs: bool,
    level: ssi_vocab::Level,
) -> ssi_infer::Result<Vec<Estimate>> {
    let two = grouped.levels().len() == 2;
    let (for_two, for_all): (Vec<Method>, Vec<Method>) =
        methods.iter().partition(|method| method.for_two());
    // With `pairs` the two-sample methods go to the pairs, of which two groups have one only.
    let paired = pairs && !two;
    let compared = match paired {
        true if for_all.is_empty() && !for_two.is_empty() => Vec::new(),
        true => groups::compare(grouped, &for_all, level)?,
        false => groups::compare(grouped, methods, level)?,
    };
    let pairs = if paired { groups::pairs(grouped, &for_two, level)? } else { Vec::new() };
    Ok(compared.into_iter().chain(pairs).chain(groups::describe(grouped, level)?).collect())
}

/// The row of a part of the table: `wave = 2, region: EU - JP`.
fn within(part: &Option<String>, row: Estimate) -> Estimate {
    let names: Vec<String> = part.iter().cloned().chain(row.group).collect();
    Estimate { group: (!names.is_empty()).then(|| names.join(", ")), ..row }
}
