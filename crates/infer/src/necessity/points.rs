use super::ceiling::Peer;
use crate::{Error, Result};
use ssi_vocab::{Capped, Cells, Exclusion, Paired, Seen, Table};

/// A rectangle: the values that condition and outcome could take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scope {
    /// Smallest and largest value of the condition.
    pub x: [f64; 2],
    /// Smallest and largest value of the outcome.
    pub y: [f64; 2],
}

impl Scope {
    pub(super) fn area(self) -> f64 {
        (self.x[1] - self.x[0]) * (self.y[1] - self.y[0])
    }
}

/// A condition that may be capped, with an outcome, of the same respondents.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    names: [String; 2],
    /// The condition's different values, ascending.
    levels: Vec<f64>,
    /// True where the last level stands for all that are capped.
    capped: bool,
    /// Each respondent's level.
    codes: Vec<u32>,
    y: Vec<f64>,
    counts: Option<Vec<u64>>,
    excluded: Vec<Exclusion>,
    n_excluded: usize,
}

impl Points {
    /// From a pair of columns of numbers.
    ///
    /// # Errors
    /// [`Error::TooFew`] below two respondents; [`Error::Constant`].
    pub fn of_pair(pair: &Paired) -> Result<Self> {
        let x = pair.x().iter().map(|value| Capped { value: *value, at_least: false }).collect();
        let names = [pair.x_name().to_owned(), pair.y_name().to_owned()];
        let counts = pair.counts().map(<[u64]>::to_vec);
        let left_out = (pair.excluded().to_vec(), pair.n_excluded());
        Self::new(names, x, pair.y().to_vec(), counts, left_out)
    }

    /// From two columns of a table; the condition may be capped ("500+").
    ///
    /// # Missing data
    /// Respondents without a value in one of the columns are left out and listed. Of two caps the
    /// lower one counts: a number above it is as good as capped.
    ///
    /// # Errors
    /// An unknown column, one of words, a capped outcome; those of [`Self::of_pair`].
    pub fn of_table(table: &Table, x: &str, y: &str) -> Result<Self> {
        let condition = table.column(x)?;
        let Cells::Capped(cells) = &condition.cells else {
            return Self::of_pair(&table.paired(x, y)?);
        };
        let outcome = table.column(y)?;
        let values = outcome.numbers()?;
        let finite = |value: &Seen<f64>| value.is_ok_and(f64::is_finite);
        let keep: Vec<usize> =
            (0..table.n_rows()).filter(|i| cells[*i].is_ok() && finite(&values[*i])).collect();
        let excluded: Vec<Exclusion> = (0..table.n_rows())
            .flat_map(|i| [condition, outcome].map(|column| table.exclusion(column, i)))
            .flatten()
            .collect();
        let n_excluded = table.left_out() + table.n_rows() - keep.len();
        let taken = |seen: Seen<Capped>| seen.unwrap_or(Capped { value: 0.0, at_least: false });
        let names = [condition.name.clone(), outcome.name.clone()];
        let x = keep.iter().map(|i| taken(cells[*i])).collect();
        let y = keep.iter().map(|i| values[*i].unwrap_or_default()).collect();
        let counts = table.counts().map(|counts| keep.iter().map(|i| counts[*i]).collect());
        Self::new(names, x, y, counts, (excluded, n_excluded))
    }

    fn new(
        names: [String; 2],
        x: Vec<Capped>,
        y: Vec<f64>,
        counts: Option<Vec<u64>>,
        (excluded, n_excluded): (Vec<Exclusion>, usize),
    ) -> Result<Self> {
        let n = counts.as_ref().map_or(x.len() as u64, |counts| counts.iter().sum());
        if n < 2 {
            let (analysis, found) = ("a ceiling", n as usize);
            return Err(Error::TooFew { analysis, needed: 2, found });
        }
        let cap = x.iter().filter(|c| c.at_least).map(|c| c.value).reduce(f64::min);
        // Adding 0 turns −0 into 0.
        let at = |c: &Capped| cap.map_or(c.value, |cap| c.value.min(cap)) + 0.0;
        let mut levels: Vec<f64> = x.iter().map(at).collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let codes =
            x.iter().map(|c| levels.partition_point(|level| *level < at(c)) as u32).collect();
        let mut constant = y.clone();
        constant.dedup();
        for (values, name) in [(levels.len(), &names[0]), (constant.len(), &names[1])] {
            if values < 2 {
                return Err(Error::Constant { column: name.clone() });
            }
        }
        Ok(Self { names, levels, capped: cap.is_some(), codes, y, counts, excluded, n_excluded })
    }

    pub(super) fn x_name(&self) -> &str {
        &self.names[0]
    }

    pub(super) fn y_name(&self) -> &str {
        &self.names[1]
    }

    /// How many respondents there are.
    pub fn n_obs(&self) -> usize {
        let sum = |counts: &Vec<u64>| counts.iter().sum::<u64>() as usize;
        self.counts.as_ref().map_or(self.y.len(), sum)
    }

    /// How many were left out.
    pub fn n_excluded(&self) -> usize {
        self.n_excluded
    }

    /// Who was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        &self.excluded
    }

    /// The cap of the condition, if somebody has it.
    pub fn cap(&self) -> Option<f64> {
        self.levels.last().copied().filter(|_| self.capped)
    }

    /// The smallest rectangle that holds the data. At a cap it ends.
    pub fn empirical(&self) -> Scope {
        let ends = |values: &[f64]| {
            let fold = |[low, high]: [f64; 2], v: &f64| [low.min(*v), high.max(*v)];
            values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], fold)
        };
        Scope { x: ends(&self.levels), y: ends(&self.y) }
    }

    /// The rectangle of the scales, where they are given, ending at a cap.
    pub fn theoretical(&self, x: [f64; 2], y: [f64; 2]) -> Scope {
        Scope { x: [x[0], self.cap().map_or(x[1], |cap| cap.min(x[1]))], y }
    }

    pub(super) fn within(&self, scope: Scope) -> Result<()> {
        let data = self.empirical();
        for (name, given, found) in [
            ("the scope of the condition", scope.x, data.x),
            ("the scope of the outcome", scope.y, data.y),
        ] {
            let allowed = "a finite range that holds every value";
            for (end, holds) in [(given[0], given[0] <= found[0]), (given[1], given[1] >= found[1])]
            {
                if !end.is_finite() || !holds {
                    return Err(Error::Setting { name, value: end, allowed });
                }
            }
        }
        if scope.area().is_finite() && scope.area() > 0.0 {
            Ok(())
        } else {
            let allowed = "a range whose area a double can hold";
            Err(Error::Setting { name: "the scope", value: scope.area(), allowed })
        }
    }

    /// The points whose condition is a number, and the outcomes of those who are capped. Rows that
    /// stand for several respondents are drawn once.
    pub(crate) fn drawn(&self) -> (Vec<(f64, f64)>, Vec<f64>) {
        let (mut points, mut capped) = (Vec::new(), Vec::new());
        for (code, y) in self.codes.iter().zip(&self.y) {
            if self.capped && *code as usize + 1 == self.levels.len() {
                capped.push(*y);
            } else {
                points.push((self.levels[*code as usize], *y));
            }
        }
        (points, capped)
    }

    pub(super) fn levels(&self) -> &[f64] {
        &self.levels
    }

    /// Each respondent's level and outcome, one after the other where rows stand for several.
    pub(super) fn expanded(&self) -> (Vec<u32>, Vec<f64>) {
        let count = |i: usize| self.counts.as_ref().map_or(1, |counts| counts[i] as usize);
        let of = |i: usize| std::iter::repeat_n((self.codes[i], self.y[i]), count(i));
        (0..self.y.len()).flat_map(of).unzip()
    }

    /// The largest outcome at each level, and how many respondents have it there.
    pub(super) fn tops(&self) -> Vec<Top> {
        let count = |i: usize| self.counts.as_ref().map_or(1, |counts| counts[i]);
        let rows = (0..self.y.len()).map(|i| (self.codes[i], self.y[i], count(i)));
        tops(self.levels.len(), rows)
    }

    /// The same without one respondent at a peer.
    pub(super) fn tops_without(&self, peer: &Peer) -> Vec<Top> {
        let (codes, y) = self.expanded();
        let at = |i: &usize| self.levels[codes[*i] as usize] == peer.x && y[*i] == peer.y;
        let first = (0..y.len()).find(at);
        let rows = (0..y.len()).filter(|i| Some(*i) != first);
        tops(self.levels.len(), rows.map(|i| (codes[i], y[i], 1)))
    }

    /// The share of respondents on or below a ceiling; those who are capped lie under none.
    pub(super) fn share_below(&self, ceiling: impl Fn(f64) -> f64) -> f64 {
        let (codes, y) = self.expanded();
        let slack = 1e-12 * (self.empirical().y[1] - self.empirical().y[0]);
        let below = |(code, y): (&u32, &f64)| {
            let last = *code as usize + 1 == self.levels.len();
            (self.capped && last) || *y <= ceiling(self.levels[*code as usize]) + slack
        };
        codes.iter().zip(&y).filter(|point| below(*point)).count() as f64 / y.len() as f64
    }

    /// The share of respondents whose condition is below a value.
    pub(super) fn share_left_of(&self, x: f64) -> f64 {
        let (codes, _) = self.expanded();
        let left = codes.iter().filter(|code| self.levels[**code as usize] < x).count();
        left as f64 / codes.len() as f64
    }

    pub(super) fn pearson(&self) -> Result<f64> {
        let (codes, y) = self.expanded();
        let x: Vec<f64> = codes.iter().map(|code| self.levels[*code as usize]).collect();
        let pair = Paired::complete(&self.names[0], &x, &self.names[1], &y)?;
        Ok(crate::correlate::pearson(&pair)?.r)
    }
}

/// The largest outcome at a level, and how many respondents have it.
pub(super) type Top = (f64, u64);

/// The largest outcome at each of so many levels; below every other where there is none.
pub(super) fn tops(levels: usize, points: impl Iterator<Item = (u32, f64, u64)>) -> Vec<Top> {
    let mut tops = vec![(f64::NEG_INFINITY, 0); levels];
    for (code, y, count) in points.filter(|(.., count)| *count > 0) {
        let top = &mut tops[code as usize];
        if y > top.0 {
            *top = (y, count);
        } else if y == top.0 {
            top.1 += count;
        }
    }
    tops
}
