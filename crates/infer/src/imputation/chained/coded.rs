use super::Omitted;
use crate::{Error, Result};
use ssi_vocab::{Cells, Column, Note, Seen, Table};

/// Words of more different values than this say too little each.
const MOST_LEVELS: usize = 20;

/// A column of the table in the equations.
pub(super) struct Variable {
    /// Where it stands in the table.
    pub(super) place: usize,
    /// Its columns of the matrix; none where it is constant. The first is what its gaps are
    /// predicted by.
    pub(super) columns: Vec<usize>,
    /// Rows without a value.
    pub(super) gaps: Vec<usize>,
    /// Rows with one.
    pub(super) seen: Vec<usize>,
}

/// All columns as numbers, standardised: a column of ones, then theirs. Gaps hold 0.
pub(super) struct Coded {
    pub(super) matrix: Vec<Vec<f64>>,
    pub(super) variables: Vec<Variable>,
    pub(super) omitted: Vec<Omitted>,
}

impl Coded {
    pub(super) fn new(table: &Table, names: &[&str]) -> Result<Self> {
        let mut coded = Self {
            matrix: vec![vec![1.0; table.n_rows()]],
            variables: Vec::new(),
            omitted: Vec::new(),
        };
        for name in names {
            let column = table.column(name)?;
            let Some(place) = table.columns().iter().position(|c| c.name == column.name) else {
                continue;
            };
            if coded.variables.iter().all(|v| v.place != place) {
                coded.add(place, column);
            }
        }
        Ok(coded)
    }

    /// Fails where a column was seen too rarely for its equation.
    pub(super) fn check(&self) -> Result<()> {
        for variable in self.variables.iter().filter(|v| !v.gaps.is_empty()) {
            let needed = self.matrix.len() - variable.columns.len() + 2;
            let found = variable.seen.len();
            if !variable.columns.is_empty() && found < needed {
                let analysis = "imputation by chained equations (values seen of a column)";
                return Err(Error::TooFew { analysis, needed, found });
            }
        }
        Ok(())
    }

    fn add(&mut self, place: usize, column: &Column) {
        let omit = |note| Omitted { column: column.name.clone(), note };
        let (values, is_seen): (Vec<Vec<f64>>, Vec<bool>) = match &column.cells {
            Cells::Number(cells) => {
                let seen = |c: &Seen<f64>| c.is_ok_and(f64::is_finite);
                let values = cells.iter().map(|c| c.unwrap_or(0.0)).collect();
                (vec![values], cells.iter().map(seen).collect())
            }
            Cells::Capped(cells) => {
                let capped = |c: &&ssi_vocab::Capped| c.at_least;
                let caps = cells.iter().flatten().filter(capped).map(|c| c.value);
                let cap = caps.fold(1.0, f64::max);
                // Nobody and one contact are the same distance from the cap.
                let log = cells.iter().map(|c| c.map_or(0.0, |c| (c.value.max(1.0) / cap).log2()));
                let at = cells.iter().map(|c| c.map_or(0.0, |c| f64::from(u8::from(c.at_least))));
                let seen = |c: &Seen<ssi_vocab::Capped>| c.is_ok_and(|c| c.value.is_finite());
                (vec![log.collect(), at.collect()], cells.iter().map(seen).collect())
            }
            Cells::Factor { levels, codes } => {
                if codes.iter().any(Seen::is_err) {
                    let all = codes.iter().all(Seen::is_err);
                    self.omitted.push(omit(if all { Note::NothingSeen } else { Note::WordGaps }));
                    return;
                }
                if levels.len() > MOST_LEVELS {
                    self.omitted.push(omit(Note::TooManyLevels));
                    return;
                }
                let of = |level: usize| {
                    let is = |c: &Seen<u32>| f64::from(u8::from(*c == Ok(level as u32)));
                    codes.iter().map(is).collect()
                };
                ((1..levels.len()).map(of).collect(), vec![true; codes.len()])
            }
        };
        let rows = |wanted: bool| (0..is_seen.len()).filter(|i| is_seen[*i] == wanted).collect();
        let (seen, gaps): (Vec<usize>, Vec<usize>) = (rows(true), rows(false));
        if seen.is_empty() {
            self.omitted.push(omit(Note::NothingSeen));
            return;
        }
        let first = self.matrix.len();
        self.matrix.extend(values.iter().filter_map(|values| standardised(values, &seen)));
        let columns: Vec<usize> = (first..self.matrix.len()).collect();
        if columns.is_empty() {
            self.omitted.push(omit(Note::ConstantColumn));
        }
        self.variables.push(Variable { place, columns, gaps, seen });
    }
}

/// Mean 0 and mean square 1 over the rows seen, 0 elsewhere; none for a constant.
fn standardised(values: &[f64], seen: &[usize]) -> Option<Vec<f64>> {
    let unit = seen.iter().map(|i| values[*i].abs()).fold(0.0, f64::max);
    if unit == 0.0 {
        return None;
    }
    let n = seen.len() as f64;
    let mean = seen.iter().map(|i| values[*i] / unit).sum::<f64>() / n;
    let square = seen.iter().map(|i| (values[*i] / unit - mean).powi(2)).sum::<f64>() / n;
    let spread = square.sqrt();
    // Below that it is the rounding of the mean.
    if spread <= 1e-13 * mean.abs() {
        return None;
    }
    let mut out = vec![0.0; values.len()];
    seen.iter().for_each(|i| out[*i] = (values[*i] / unit - mean) / spread);
    Some(out)
}
