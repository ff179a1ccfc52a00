use crate::double_double::DoubleDouble;
use crate::formula::Modelled;
use crate::model::ModelError;
use crate::{Error, Result};
use ndarray::Array1;
use ssi_vocab::{Cells, Column, Table, Warning, nearest};
use std::collections::BTreeSet;

/// Values of a model's predictors.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The values that were chosen: `score_total = 7, region = JP`.
    pub chosen: String,
    /// The predictors that were not, with what they are held at: `hours = 3.5`.
    pub held: Vec<String>,
    /// The row of the model matrix.
    pub x: Array1<f64>,
    /// Values beyond those that the model has seen.
    pub warnings: Vec<Warning>,
}

/// Values to predict at, from text such as `score_total=7,region=JP`.
///
/// A numeric predictor that is not named is held at the mean of the respondents used, a group at
/// its most common level (of equally common ones the first). In `log10(x)` it is x that is named
/// and averaged.
///
/// # Errors
/// [`ModelError::At`] for text that does not read, [`Error::Input`] for an unknown column (with the
/// nearest name), [`ModelError::NotAPredictor`], [`ModelError::AtNumber`], [`ModelError::AtLevel`],
/// [`ModelError::AtUndefined`] where the formula has no value there.
pub fn point(text: &str, model: &Modelled) -> Result<Point> {
    let table = &model.table;
    let mut chosen: Vec<(&Column, String)> = Vec::new();
    let inputs = model.recipe.inputs(table)?;
    for (name, value) in pairs(text).ok_or_else(|| ModelError::At { text: text.to_owned() })? {
        let column = table.column(&name)?;
        if !inputs.iter().any(|input| input.column.name == column.name) {
            let known = inputs.iter().map(|input| input.column.name.clone()).collect::<Vec<_>>();
            let nearest = nearest(&name, known.iter().map(String::as_str));
            return Err(ModelError::NotAPredictor { name, nearest, known }.into());
        }
        if chosen.iter().any(|(known, _)| known.name == column.name) {
            return Err(ModelError::At { text: text.to_owned() }.into());
        }
        chosen.push((column, value));
    }
    let at = used(model);
    let weight = |i: usize| table.counts().map_or(1.0, |counts| counts[i] as f64);
    let mut words: Vec<(bool, String)> = Vec::new();
    let mut warnings = Vec::new();
    let only = |i: usize| table.keep(&(0..table.n_rows()).map(|r| r == i).collect::<Vec<_>>());
    let first = at.first().copied().unwrap_or_default();
    let mut row: Table = only(first);
    for input in &inputs {
        let column = input.column;
        let named = chosen.iter().find(|(known, _)| known.name == column.name).map(|(_, v)| v);
        let (cell, shown) = match (&input.levels, named) {
            (Some(levels), named) => {
                let (level, i) = level(column, levels, named, &at, &weight)?;
                (only(i).column(&column.name)?.clone(), level)
            }
            (None, Some(text)) => {
                let wrong =
                    || ModelError::AtNumber { column: column.name.clone(), value: text.clone() };
                let value = text.parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(wrong)?;
                warnings.extend(beyond(column, value, &at));
                (Column::number(column.name.clone(), vec![Ok(value)]), value.to_string())
            }
            (None, None) => {
                let value = mean(column, &at, &weight)?;
                (Column::number(column.name.clone(), vec![Ok(value)]), value.to_string())
            }
        };
        words.push((named.is_some(), format!("{} = {shown}", column.name)));
        row = row.with_column(cell)?;
    }
    // In the order in which they were named.
    let shown = |column: &Column| {
        let place = inputs.iter().position(|input| input.column.name == column.name);
        place.map(|place| words[place].1.clone()).unwrap_or_default()
    };
    let label = chosen.iter().map(|(column, _)| shown(column)).collect::<Vec<_>>().join(", ");
    let coded = model.recipe.matrix(&row)?;
    match coded.x.rows().into_iter().next() {
        Some(x) if x.iter().all(|v| v.is_finite()) => Ok(Point {
            chosen: label,
            held: words.into_iter().filter(|(named, _)| !named).map(|(_, word)| word).collect(),
            x: x.to_owned(),
            warnings,
        }),
        _ => Err(ModelError::AtUndefined { text: label }.into()),
    }
}

/// The numeric columns that a model's predictors are made from, each with its smallest and largest
/// value among the respondents used.
///
/// # Errors
/// [`Error::Input`] for a table that lacks a column.
pub fn ranges(model: &Modelled) -> Result<Vec<(String, f64, f64)>> {
    let at = used(model);
    let inputs = model.recipe.inputs(&model.table)?;
    let numeric = inputs.iter().filter(|input| input.levels.is_none());
    Ok(numeric
        .map(|input| {
            let (low, high) = range(input.column, &at);
            (input.column.name.clone(), low, high)
        })
        .collect())
}

/// The places of the table's rows that the model uses.
fn used(model: &Modelled) -> Vec<usize> {
    let rows: BTreeSet<usize> = model.design.rows.iter().copied().collect();
    let table = &model.table;
    let counted = |i: usize| table.counts().is_none_or(|counts| counts[i] > 0);
    (0..table.n_rows()).filter(|i| rows.contains(&table.rows()[*i]) && counted(*i)).collect()
}

/// `a=1,b=x` as names and values; a name may stand in backticks, a value in quotes.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mut parts: Vec<String> = vec![String::new()];
    let mut within: Option<char> = None;
    for c in text.chars() {
        // Full-width signs, as Japanese keyboards type them.
        let c = match c {
            '，' | '、' if within.is_none() => ',',
            '＝' if within.is_none() => '=',
            other => other,
        };
        match within {
            Some(mark) if c == mark => within = None,
            None if matches!(c, '`' | '"') => within = Some(c),
            _ => {}
        }
        match (c, within, parts.last_mut()) {
            (',', None, _) => parts.push(String::new()),
            (_, _, Some(last)) => last.push(c),
            _ => {}
        }
    }
    let bare = |text: &str, mark: char| {
        let text = text.trim();
        let inner = text.strip_prefix(mark).and_then(|t| t.strip_suffix(mark));
        inner.unwrap_or(text).to_owned()
    };
    let pair = |part: &String| {
        let name_end = match part.trim_start().strip_prefix('`') {
            Some(rest) => rest.find('`').map(|end| part.len() - rest.len() + end + 1)?,
            None => 0,
        };
        let sign = name_end + part[name_end..].find('=')?;
        let (name, value) = (bare(&part[..sign], '`'), bare(&part[sign + 1..], '"'));
        (!name.is_empty() && !value.is_empty()).then_some((name, value))
    };
    parts.iter().map(pair).collect()
}

/// The level that was named, or the most common one, and a row that has it.
fn level(
    column: &Column,
    levels: &[String],
    named: Option<&String>,
    at: &[usize],
    weight: &dyn Fn(usize) -> f64,
) -> Result<(String, usize)> {
    let (names, codes) = column.groups();
    let mut found: Vec<(f64, Option<usize>)> = vec![(0.0, None); names.len()];
    for i in at {
        if let Ok(code) = codes[*i] {
            let cell = &mut found[code as usize];
            cell.0 += weight(*i);
            cell.1 = cell.1.or(Some(*i));
        }
    }
    let seen = names.iter().zip(found).filter_map(|(name, (n, i))| Some((name, n, i?)));
    let chosen = match named {
        Some(wanted) => seen.into_iter().find(|(name, ..)| *name == wanted),
        None => seen.rev().max_by(|a, b| a.1.total_cmp(&b.1)),
    };
    chosen.map(|(name, _, i)| (name.clone(), i)).ok_or_else(|| {
        let level = named.cloned().unwrap_or_default();
        Error::from(ModelError::AtLevel {
            column: column.name.clone(),
            level,
            known: levels.to_vec(),
        })
    })
}

fn mean(column: &Column, at: &[usize], weight: &dyn Fn(usize) -> f64) -> Result<f64> {
    let values = column.numbers()?;
    let (mut sum, mut n) = (DoubleDouble::ZERO, 0.0);
    for i in at {
        if let Ok(value) = values[*i] {
            sum += DoubleDouble::product(value, weight(*i));
            n += weight(*i);
        }
    }
    Ok((sum / DoubleDouble::from(n)).hi)
}

/// A warning where a value lies beyond those of the rows used.
fn beyond(column: &Column, value: f64, at: &[usize]) -> Option<Warning> {
    let (low, high) = range(column, at);
    let column = column.name.clone();
    (value < low || value > high).then_some(Warning::Extrapolation { column, value, low, high })
}

fn range(column: &Column, at: &[usize]) -> (f64, f64) {
    let Cells::Number(values) = &column.cells else { return (f64::MIN, f64::MAX) };
    let seen = at.iter().filter_map(|i| values[*i].ok());
    seen.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn text_reads_as_names_and_values() {
        let read = |text: &str| {
            let own = |(a, b): (String, String)| format!("{a}|{b}");
            pairs(text).map(|p| p.into_iter().map(own).collect::<Vec<_>>())
        };
        let some = |v: &[&str]| Some(v.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(read("a=1, b = x y"), some(&["a|1", "b|x y"]));
        assert_eq!(read("`a=b, c`=-2e3"), some(&["a=b, c|-2e3"]));
        assert_eq!(read("点数＝7，地域=\"A, B\""), some(&["点数|7", "地域|A, B"]));
        for wrong in ["", "a", "a=", "=1", "a=1,", "`a=1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
