use crate::model::ModelError;
use crate::{Error, Result};
use ssi_vocab::{Design, Exclusion, Table};
use std::collections::HashMap;
use std::str::FromStr;

/// Which effects differ between groups, as `--random` takes it: `session_id` or
/// `score_total | session_id`.
///
/// # Example
/// ```
/// use ssi_infer::mixed::Random;
/// let random: Random = "1 + score_total | session_id".parse()?;
/// assert_eq!(random, "score_total | session_id".parse()?);
/// assert_eq!(random.slope.as_deref(), Some("score_total"));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random {
    /// The term whose slope differs between groups, if any; the intercept always does.
    pub slope: Option<String>,
    /// The column of the groups.
    pub group: String,
}

impl FromStr for Random {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let unreadable = || Error::from(ModelError::Random { text: text.to_owned() });
        let (effects, group) = match text.split_once('|') {
            Some((effects, group)) => (effects.trim(), group),
            None => ("1", text),
        };
        let group = group.trim().trim_matches('`');
        let slope = match effects.split_once('+') {
            Some((one, slope)) if one.trim() == "1" => Some(slope.trim()),
            _ if effects == "1" => None,
            _ => Some(effects),
        };
        let wrong = |name: &str| name.is_empty() || name == "0" || name.contains(['|', '+']);
        if wrong(group) || slope.is_some_and(wrong) {
            return Err(unreadable());
        }
        Ok(Self { slope: slope.map(str::to_owned), group: group.to_owned() })
    }
}

/// Which group each row of a design belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// The column that tells them apart.
    pub column: String,
    /// The groups that have respondents, in the column's order.
    pub levels: Vec<String>,
    /// A group for each row of the design.
    pub(super) codes: Vec<usize>,
}

impl Grouping {
    /// The groups of a design's rows.
    ///
    /// # Errors
    /// [`Error::Input`] for an unknown column.
    pub fn new(table: &Table, column: &str, design: &Design) -> Result<Self> {
        let column = table.column(column)?;
        let (names, all) = column.groups();
        let place: HashMap<usize, usize> =
            table.rows().iter().enumerate().map(|(i, row)| (*row, i)).collect();
        let used = |at: usize| design.weights.as_ref().is_none_or(|w| w.at(at) > 0.0);
        let code = |row: &usize| place.get(row).and_then(|i| all[*i].ok()).map(|c| c as usize);
        let own: Vec<Option<usize>> = design.rows.iter().map(code).collect();
        let mut number = vec![None; names.len()];
        for (_, code) in own.iter().enumerate().filter(|(at, _)| used(*at)) {
            if let Some(code) = code {
                number[*code] = Some(0);
            }
        }
        let mut levels = Vec::new();
        for (number, name) in number.iter_mut().zip(names) {
            if number.is_some() {
                *number = Some(levels.len());
                levels.push(name);
            }
        }
        // A row that stands for nobody may stand anywhere.
        let codes = own.iter().map(|code| code.and_then(|code| number[code]).unwrap_or(0));
        Ok(Self { column: column.name.clone(), codes: codes.collect(), levels })
    }

    /// The table's rows that have a group, and the exclusion of each other row.
    ///
    /// # Errors
    /// [`Error::Input`] for an unknown column.
    pub fn complete(table: &Table, column: &str) -> Result<(Table, Vec<Exclusion>)> {
        let column = table.column(column)?;
        let gaps: Vec<Option<Exclusion>> =
            (0..table.n_rows()).map(|i| table.exclusion(column, i)).collect();
        let keep: Vec<bool> = gaps.iter().map(Option::is_none).collect();
        Ok((table.keep(&keep), gaps.into_iter().flatten().collect()))
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.levels.len()
    }

    /// True without respondents.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// A predictor's mean and spread, and its values in these units.
    pub(super) fn slope(
        &self,
        design: &Design,
        name: &str,
        weight: &dyn Fn(usize) -> f64,
    ) -> Result<((f64, f64), Vec<f64>)> {
        let known = || design.terms.iter().filter(|t| *t != "(Intercept)").cloned().collect();
        let at = design.terms.iter().position(|term| term == name);
        let at = at.filter(|at| !(design.intercept && *at == 0)).ok_or_else(|| {
            Error::from(ModelError::RandomSlope { name: name.to_owned(), known: known() })
        })?;
        let values = design.x.column(at);
        let mut first: Vec<Option<f64>> = vec![None; self.len()];
        let mut varies = false;
        for (i, value) in values.iter().enumerate().filter(|(i, _)| weight(*i) > 0.0) {
            varies |= *first[self.codes[i]].get_or_insert(*value) != *value;
        }
        if !varies {
            let (name, column) = (name.to_owned(), self.column.clone());
            return Err(ModelError::SlopeWithin { name, column }.into());
        }
        let total: f64 = (0..values.len()).map(weight).sum();
        let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
            values.iter().enumerate().map(|(i, v)| weight(i) * of(*v)).sum::<f64>() / total
        };
        let mean = sum(&|v| v);
        let spread = sum(&|v| (v - mean).powi(2)).sqrt();
        Ok(((mean, spread), values.iter().map(|v| (v - mean) / spread).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_random_takes() {
        let read = |text: &str| text.parse::<Random>();
        let plain = Random { slope: None, group: "g".to_owned() };
        assert_eq!(read("g"), Ok(plain.clone()));
        assert_eq!(read("1 | g"), Ok(plain));
        assert_eq!(read("x|g"), Ok(Random { slope: Some("x".to_owned()), group: "g".to_owned() }));
        for wrong in ["", "x |", "| g", "0 + x | g", "x + z | g", "x | g | h", "x || g"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
