use super::Method;
use crate::correlate::ranks::Classes;
use crate::{Error, Result};
use ssi_vocab::{Analysis, Capped, Cells, Column, Estimate, Exclusion, Seen, Table};

/// More groups than this are taken for a column that was not meant as one.
pub const MOST_GROUPS: usize = 1_000;

/// Cubes of so many respondents are whole numbers of 127 bits.
const MOST_RANKED: f64 = 1e12;

/// An outcome in groups: finite, each group with at least one respondent, and aware of what was
/// left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped {
    pub(super) outcome: String,
    pub(super) group: String,
    pub(super) samples: Vec<Sample>,
    excluded: Vec<Exclusion>,
    left_out: usize,
}

/// The respondents of one group.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sample {
    pub(super) level: String,
    /// The outcome; where it is capped, its order among all respondents.
    pub(super) values: Vec<f64>,
    /// What the decimal text said beyond each double.
    pub(super) rest: Option<Vec<f64>>,
    pub(super) counts: Option<Vec<u64>>,
    /// The outcome itself where some of it is capped.
    capped: Option<Vec<Capped>>,
    /// How many of its respondents have no usable outcome.
    pub(super) excluded: usize,
}

impl Sample {
    pub(super) fn n(&self) -> u64 {
        let sum = |w: &Vec<u64>| w.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
        self.counts.as_ref().map_or(self.values.len() as u64, sum)
    }

    /// The group as a column, for its description.
    pub(super) fn column(&self, name: &str) -> Column {
        match &self.capped {
            Some(capped) => Column::capped(name, capped.iter().copied().map(Ok).collect()),
            None => Column {
                rest: self.rest.clone(),
                ..Column::number(name, self.values.iter().copied().map(Ok).collect())
            },
        }
    }
}

/// The outcome of a table in the groups of one of its columns.
///
/// Words are groups in code-point order, numbers in ascending order; groups without a respondent
/// who has an outcome are left out. An outcome with capped values ("500+") is taken as ranks, the
/// capped ones on top, which only rank methods may use.
///
/// # Missing data
/// Respondents without a group or without a finite outcome are left out and listed. The table's
/// counts are frequency weights.
///
/// # Errors
/// [`Error::Input`] for an unknown column or an outcome of words; [`Error::FactorLevels`] for
/// fewer than 2 or more than [`MOST_GROUPS`] groups.
pub fn grouped(table: &Table, outcome: &str, group: &str) -> Result<Grouped> {
    let (outcome, group) = (table.column(outcome)?, table.column(group)?);
    let limit = MOST_GROUPS;
    let (levels, codes) = group.groups();
    let (values, capped): (Vec<Seen<f64>>, _) = match &outcome.cells {
        Cells::Capped(cells) if cells.iter().flatten().any(|c| c.at_least) => {
            (in_order(cells), Some(cells))
        }
        Cells::Capped(cells) => (cells.iter().map(|c| c.map(|c| c.value)).collect(), None),
        _ => (outcome.numbers()?.to_vec(), None),
    };
    let blank = |level: String| Sample {
        level,
        values: Vec::new(),
        rest: outcome.rest.as_ref().map(|_| Vec::new()),
        counts: table.counts().map(|_| Vec::new()),
        capped: capped.map(|_| Vec::new()),
        excluded: 0,
    };
    let mut samples: Vec<Sample> = levels.into_iter().map(blank).collect();
    let mut excluded = Vec::new();
    for (i, (code, value)) in codes.iter().zip(&values).enumerate() {
        let gaps = [group, outcome].into_iter().filter_map(|c| table.exclusion(c, i));
        let before = excluded.len();
        excluded.extend(gaps);
        let count = table.counts().map_or(1, |w| w[i]);
        if let (Ok(code), true) = (code, excluded.len() > before && count > 0) {
            samples[*code as usize].excluded += 1;
        }
        let (Ok(code), Ok(value)) = (code, value) else { continue };
        if excluded.len() > before || count == 0 {
            continue;
        }
        let sample = &mut samples[*code as usize];
        sample.values.push(*value);
        if let (Some(to), Some(from)) = (&mut sample.rest, &outcome.rest) {
            to.push(from[i]);
        }
        if let Some(counts) = &mut sample.counts {
            counts.push(count);
        }
        if let (Some(to), Some(Ok(cell))) = (&mut sample.capped, capped.map(|cells| cells[i])) {
            to.push(cell);
        }
    }
    samples.retain(|s| !s.values.is_empty());
    let found = samples.len();
    if !(2..=limit).contains(&found) {
        return Err(Error::FactorLevels { column: group.name.clone(), found, limit });
    }
    Ok(Grouped {
        outcome: outcome.name.clone(),
        group: group.name.clone(),
        samples,
        excluded,
        left_out: table.left_out(),
    })
}

impl Grouped {
    /// Groups from their names and values, in the order given.
    ///
    /// # Errors
    /// [`Error::Input`] for a value that is not finite, [`Error::FactorLevels`] as for a table.
    pub fn from_values<S: AsRef<str>>(
        outcome: &str,
        group: &str,
        samples: &[(S, Vec<f64>)],
    ) -> Result<Self> {
        let (words, values): (Vec<_>, Vec<_>) = samples
            .iter()
            .flat_map(|(level, values)| values.iter().map(|v| (level.as_ref().to_owned(), *v)))
            .unzip();
        if let Some(i) = values.iter().position(|v| !v.is_finite()) {
            let (column, row, value) = (outcome.to_owned(), i + 1, values[i]);
            return Err(Error::Input(ssi_vocab::Error::NotFinite { column, row, value }));
        }
        let rows = (1..=values.len()).collect();
        let words: Vec<Seen<String>> = words.into_iter().map(Ok).collect();
        let columns = vec![
            Column::number(outcome, values.into_iter().map(Ok).collect()),
            Column::factor(group, &words),
        ];
        grouped(&Table::new(columns, rows)?, outcome, group)
    }

    /// The names of the groups.
    pub fn levels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.samples.iter().map(|s| s.level.as_str())
    }

    /// How many respondents.
    pub fn n_obs(&self) -> usize {
        self.samples.iter().map(Sample::n).sum::<u64>() as usize
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        &self.excluded
    }

    /// How many respondents were left out (one with two gaps counts once).
    pub fn n_excluded(&self) -> usize {
        // They stand in the order of their rows.
        let again = self.excluded.windows(2).filter(|pair| pair[0].row == pair[1].row).count();
        self.left_out + self.excluded.len() - again
    }

    /// Two of the groups, the first less the second.
    pub(super) fn pair(&self, first: usize, second: usize) -> Self {
        let samples = vec![self.samples[first].clone(), self.samples[second].clone()];
        Self {
            samples,
            excluded: self.excluded.clone(),
            left_out: self.left_out,
            ..self.clone_names()
        }
    }

    fn clone_names(&self) -> Self {
        Self {
            outcome: self.outcome.clone(),
            group: self.group.clone(),
            samples: Vec::new(),
            excluded: Vec::new(),
            left_out: 0,
        }
    }

    /// An estimate with nothing said yet.
    pub(super) fn row(&self, method: Method, term: &str) -> Estimate {
        Estimate {
            x: Some(self.group.clone()),
            y: Some(self.outcome.clone()),
            formula: Some(format!("{} ~ {}", self.outcome, self.group)),
            group: method.for_two().then(|| self.contrast()),
            n_excluded: self.n_excluded(),
            ..Estimate::new(Analysis::Groups, method.code(), term, self.n_obs())
        }
    }

    /// Which group less which: `region: EU - JP`.
    fn contrast(&self) -> String {
        let levels: Vec<&str> = self.levels().take(2).collect();
        format!("{}: {}", self.group, levels.join(" - "))
    }

    /// One of the capped values, if there are any.
    pub(super) fn capped(&self) -> Option<String> {
        let mut capped = self.samples.iter().filter_map(|s| s.capped.as_ref()).flatten();
        capped.find(|c| c.at_least).map(|c| format!("{}+", c.value))
    }

    /// Fails where the method can't be applied to these groups, whatever their values.
    pub(super) fn check(&self, method: Method) -> Result<()> {
        if method.for_two() && self.samples.len() != 2 {
            return Err(Error::TwoGroups {
                method: method.code(),
                column: self.group.clone(),
                found: self.samples.len(),
            });
        }
        let mut values = self.samples.iter().flat_map(|s| &s.values);
        if let Some(first) = values.next()
            && values.all(|v| v == first)
        {
            return Err(Error::Constant { column: self.outcome.clone() });
        }
        if method.uses_ranks() {
            let sizes = self.samples.iter().map(|s| s.n() as f64);
            let found = sizes.sum::<f64>();
            if found > MOST_RANKED {
                return Err(Error::TooManyToRank { limit: MOST_RANKED, found });
            }
            return Ok(());
        }
        self.check_means(method)
    }

    /// Fails where means can't be made, or their squares leave the range of a double.
    pub(super) fn check_means(&self, method: Method) -> Result<()> {
        if let Some(example) = self.capped() {
            let (column, method) = (self.outcome.clone(), method.code());
            return Err(Error::CappedOutcome { column, example, method });
        }
        let values = self.samples.iter().flat_map(|s| &s.values);
        let largest = values.fold(0.0_f64, |m, v| m.max(v.abs()));
        if !(1e-75..=1e75).contains(&largest) {
            return Err(Error::Magnitude { column: self.outcome.clone(), largest });
        }
        Ok(())
    }
}

/// The values by their order, capped ones sharing the highest place.
fn in_order(cells: &[Seen<Capped>]) -> Vec<Seen<f64>> {
    let uncapped: Vec<f64> =
        cells.iter().flatten().filter(|c| !c.at_least).map(|c| c.value).collect();
    let classes = Classes::new(&uncapped);
    let mut place = classes.code.iter();
    let top = classes.len as f64;
    let order =
        |c: Capped| if c.at_least { top } else { place.next().map_or(top, |p| f64::from(*p)) };
    let mut order = order;
    cells.iter().map(|cell| cell.map(&mut order)).collect()
}
