//! Bootstraps of a correlation that is told how often each row counts, drawing respondents or whole
//! clusters of them.

use super::bca::{Correction, acceleration, bca, bias, percentile};
use super::bootstrap::{Bootstrap, TOO_MANY_DEGENERATE, enough, standard_deviation};
use super::draws::{BLOCK, Purpose, Source};
use super::influence::Influence;
use super::studentised::Point;
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Interval, Level, Note, Progress, Stage};

/// A correlation bootstrapped, with an interval a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampled {
    /// With the BCa interval; the standard error is the standard deviation of the resamples.
    pub bca: Estimate,
    /// With the percentile interval of the same resamples.
    pub percentile: Estimate,
    /// With the studentised interval; the standard error is that of the infinitesimal jackknife.
    pub studentised: Estimate,
    /// The value of each resample, in the order of the draws; without the degenerate ones.
    pub draws: Vec<f64>,
    /// Resamples in which the value is not defined, as where a variable is constant.
    pub degenerate: usize,
}

/// What is drawn: each respondent, or each cluster with all its respondents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Units {
    /// The unit to which each row belongs.
    of_row: Vec<u32>,
    /// How often a row stands in its unit.
    size: Vec<u64>,
    /// How often each unit stands in the data.
    own: Vec<u64>,
    /// The unit of each thing that a draw may name, where there are more of these than units.
    of_draw: Option<Vec<u32>>,
    /// The column of the clusters.
    cluster: Option<String>,
}

impl Units {
    /// Respondents: row `i` stands for `counts[i]` of them.
    pub(super) fn respondents(rows: usize, counts: Option<&[u64]>) -> Self {
        let of_draw = counts.map(|counts| {
            let each = counts.iter().enumerate();
            each.flat_map(|(i, n)| std::iter::repeat_n(i as u32, *n as usize)).collect()
        });
        Self {
            of_row: (0..rows as u32).collect(),
            size: vec![1; rows],
            own: counts.map_or_else(|| vec![1; rows], <[u64]>::to_vec),
            of_draw,
            cluster: None,
        }
    }

    /// Clusters, by the number of the one that each row belongs to.
    pub(super) fn clusters(
        column: &str,
        of_row: Vec<u32>,
        count: usize,
        counts: Option<&[u64]>,
    ) -> Self {
        let size = counts.map_or_else(|| vec![1; of_row.len()], <[u64]>::to_vec);
        Self { of_row, size, own: vec![1; count], of_draw: None, cluster: Some(column.to_owned()) }
    }

    /// How many clusters, or respondents, a draw names.
    pub(super) fn drawn(&self) -> usize {
        self.of_draw.as_ref().map_or(self.own.len(), Vec::len)
    }

    /// The column of the clusters, where clusters are drawn.
    pub(super) fn cluster(&self) -> Option<&str> {
        self.cluster.as_deref()
    }

    /// The sum of a number over the rows of each unit.
    pub(super) fn sums(&self, of_row: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.own.len()];
        for (i, unit) in self.of_row.iter().enumerate() {
            sums[*unit as usize] += self.size[i] as f64 * of_row(i);
        }
        sums
    }

    /// The name of an interval, which says what was drawn.
    fn name(&self, interval: &str) -> String {
        let prefix = if self.cluster.is_some() { "cluster_" } else { "" };
        format!("{prefix}{interval}")
    }
}

/// A number that rows give, each counting as often as it is told.
pub(super) trait Weighted: Sync {
    /// The value and its derivative with respect to each weight; `None` where it is undefined.
    fn at(&self, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64>;
}

impl Weighted for Influence {
    fn at(&self, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
        self.at(weights, slopes)
    }
}

/// Buffers of one thread.
#[derive(Default)]
struct Scratch {
    copies: Vec<u64>,
    weights: Vec<u64>,
    slopes: Vec<f64>,
}

/// A resample's value, and it with its standard error.
#[derive(Clone, Copy)]
struct Drawn {
    value: Option<f64>,
    point: Option<Point>,
}

/// A statistic of some units, to be drawn again and again.
pub(super) struct Urn<'a, S> {
    pub(super) units: &'a Units,
    pub(super) statistic: &'a S,
    /// True where the data themselves are too few for an interval.
    pub(super) too_few: bool,
}

impl<S: Weighted> Urn<'_, S> {
    /// Bootstraps with random draws; `blank` is the estimate without its uncertainty.
    pub(super) fn draw(
        &self,
        blank: &Estimate,
        how: &Bootstrap,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<Resampled> {
        enough(how.resamples, level)?;
        let n = self.units.drawn() as u32;
        progress.begin(Stage::Resample, how.resamples as u64);
        let blocks: Result<Vec<Vec<Drawn>>> = (0..how.resamples.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                progress.check()?;
                let mut source = Source::new(how.seed, Purpose::Bootstrap, block);
                let (mut draw, mut scratch) = (vec![0; n as usize], Scratch::default());
                let size = BLOCK.min(how.resamples - block * BLOCK);
                let values = (0..size)
                    .map(|_| {
                        source.indices(n, &mut draw);
                        self.on(&draw, &mut scratch)
                    })
                    .collect();
                progress.advance(size as u64);
                Ok(values)
            })
            .collect();
        Ok(self.summary(blank, blocks?.into_iter().flatten(), level))
    }

    /// The same from draws that are given.
    pub(super) fn given<D: AsRef<[u32]>>(
        &self,
        blank: &Estimate,
        draws: impl IntoIterator<Item = D>,
        level: Level,
    ) -> Result<Resampled> {
        let (mut scratch, mut values) = (Scratch::default(), Vec::new());
        let needed = self.units.drawn();
        for draw in draws {
            let draw = draw.as_ref();
            if draw.len() != needed || draw.iter().any(|i| *i as usize >= needed) {
                return Err(Error::WrongDraw { needed, found: draw.len() });
            }
            values.push(self.on(draw, &mut scratch));
        }
        enough(values.len(), level)?;
        Ok(self.summary(blank, values.into_iter(), level))
    }

    fn on(&self, draw: &[u32], scratch: &mut Scratch) -> Drawn {
        scratch.copies.clear();
        scratch.copies.resize(self.units.own.len(), 0);
        for drawn in draw {
            let unit = self.units.of_draw.as_ref().map_or(*drawn, |of| of[*drawn as usize]);
            scratch.copies[unit as usize] += 1;
        }
        self.of_copies(scratch)
    }

    /// The value where each unit stands as often as `scratch.copies` says.
    fn of_copies(&self, scratch: &mut Scratch) -> Drawn {
        let Scratch { copies, weights, slopes } = scratch;
        let units = self.units;
        weights.clear();
        let rows = units.of_row.iter().zip(&units.size);
        weights.extend(rows.map(|(unit, size)| copies[*unit as usize] * size));
        let value = self.statistic.at(weights, slopes);
        let point = value.and_then(|value| {
            let sums = units.sums(|i| slopes[i]);
            let squares = sums.iter().zip(copies.iter()).map(|(s, m)| *m as f64 * s * s);
            Point::new(value, squares.sum())
        });
        Drawn { value, point }
    }

    /// The value without one of the unit, for each unit.
    fn without_one(&self) -> Vec<Option<f64>> {
        let own = &self.units.own;
        (0..own.len())
            .into_par_iter()
            .map_init(Scratch::default, |scratch, left_out| {
                scratch.copies.clone_from(own);
                let copies = &mut scratch.copies[left_out];
                *copies = copies.saturating_sub(1);
                self.of_copies(scratch).value
            })
            .collect()
    }

    fn summary(
        &self,
        blank: &Estimate,
        values: impl Iterator<Item = Drawn>,
        level: Level,
    ) -> Resampled {
        let mut scratch = Scratch { copies: self.units.own.clone(), ..Scratch::default() };
        let own = self.of_copies(&mut scratch);
        let (mut draws, mut distances, mut all) = (Vec::new(), Vec::new(), 0);
        for value in values {
            all += 1;
            draws.extend(value.value);
            distances.extend(own.point.zip(value.point).map(|(own, new)| own.distance(new)));
        }
        let few = |found: usize| (all - found) as f64 > TOO_MANY_DEGENERATE * all as f64;
        let ascending = |values: &[f64]| {
            let mut ascending = values.to_vec();
            ascending.sort_unstable_by(f64::total_cmp);
            ascending
        };
        let row = |interval: Option<Interval>, se: Option<f64>, name: &str| {
            let row = Estimate { std_error: se, ..blank.clone() };
            let method = self.units.name(name);
            match interval.filter(|_| !self.too_few) {
                Some(ends) => Estimate { interval: Some(Interval { method, ..ends }), ..row },
                None if self.too_few => row.lacking_interval(&method, Note::TooFewForInterval),
                None => row.lacking_interval(&method, Note::DegenerateResamples),
            }
        };
        let sorted = ascending(&draws);
        let width = sorted.last().zip(sorted.first()).map_or(0.0, |(high, low)| high - low);
        let usable = !few(draws.len()) && width > 1e-14;
        let se = usable.then(|| standard_deviation(&draws));
        let corrected = || {
            let z0 = bias(&draws, own.value?)?;
            let counts = self.units.of_draw.as_ref().map(|_| self.units.own.as_slice());
            let acceleration = acceleration(&self.without_one(), counts)?;
            bca(&sorted, Correction { z0, acceleration }, level)
        };
        let bca = row(usable.then(corrected).flatten(), se, "bca");
        let middle = usable.then(|| percentile(&sorted, level));
        let percentile = row(middle, se, "percentile");
        let point = own.point.filter(|_| !few(distances.len()));
        let ends = point.map(|point| point.interval(&ascending(&distances), level, ""));
        let studentised = row(ends, point.map(|point| point.se), "studentised");
        let degenerate = all - draws.len();
        Resampled { bca, percentile, studentised, draws, degenerate }
    }
}
