use super::subsets::Subsets;
use super::{Importance, MOST_COMPARED, dominance};
use crate::regress::Clusters;
use crate::resample::bca::{Correction, acceleration, bca, bias};
use crate::resample::draws::Purpose;
use crate::resample::percentile;
use crate::tails::normal_upper_quantile;
use crate::{Error, Result};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use ssi_vocab::{Design, Estimate, Interval, Level, Note, Weights};

/// Resamples at least, for an interval.
const FEWEST: usize = 100;

/// Parts at most that the jackknife leaves out one by one.
const MOST_PARTS: usize = 1_000;

/// What is drawn: a row of the design for each respondent, or the rows of each cluster, with how
/// many respondents each stands for.
enum Units {
    Respondents(Vec<usize>),
    Clusters(Vec<Vec<(usize, f64)>>),
}

impl Units {
    fn new(design: &Design, clusters: Option<&Clusters>) -> Result<Self> {
        crate::resample::written_out(design.n_obs())?;
        let counts = match &design.weights {
            None => None,
            Some(Weights::Frequency(counts)) => Some(counts),
            Some(other) => {
                let analysis = "the bootstrap of relative importance";
                return Err(Error::Unweighted { analysis, kind: other.kind() });
            }
        };
        let count = |i: usize| counts.map_or(1, |counts| counts[i]);
        let rows = 0..design.y.len();
        Ok(match clusters {
            None => Self::Respondents(
                rows.flat_map(|i| std::iter::repeat_n(i, count(i) as usize)).collect(),
            ),
            Some(clusters) => {
                let mut members = vec![Vec::new(); clusters.len()];
                rows.for_each(|i| members[clusters.of(i)].push((i, count(i) as f64)));
                Self::Clusters(members)
            }
        })
    }

    fn len(&self) -> usize {
        match self {
            Self::Respondents(rows) => rows.len(),
            Self::Clusters(members) => members.len(),
        }
    }

    /// Adds a unit's respondents to the rows' counts, so many times.
    fn add(&self, unit: usize, times: f64, counts: &mut [f64]) {
        match self {
            Self::Respondents(rows) => counts[rows[unit]] += times,
            Self::Clusters(members) => {
                members[unit].iter().for_each(|(row, n)| counts[*row] += times * n);
            }
        }
    }
}

impl Importance {
    /// The shares with bootstrap intervals, and for up to six terms what each adds beside 0, 1, 2 …
    /// others and which dominates which.
    ///
    /// Respondents (with clusters: whole clusters) are drawn with replacement, rows whole; resample
    /// `i` depends on the seed and on `i` alone.
    ///
    /// # Formula
    /// BCa, with the acceleration from the shares without one respondent or cluster (of more than
    /// 1,000, without one of as many equal parts). A share is never below 0 and noise adds to it, so
    /// that the resamples of a small one lie above it and a percentile interval may not reach down
    /// to its own estimate. Where less than half of 1 − level of the resamples lie below the
    /// estimate, no correction is defined; the interval is then the one from 0 to the percentile
    /// interval's upper end (`percentile_from_zero`), which holds at least its level.
    ///
    /// # Errors
    /// [`Error::TooFewResamples`] below 100; [`Error::Unweighted`] for intervals with analytic or
    /// probability weights.
    ///
    /// # References
    /// Efron (1987), doi:10.1080/01621459.1987.10478410; Grömping (2007),
    /// doi:10.1198/000313007X188252.
    pub fn estimates(
        &self,
        design: &Design,
        clusters: Option<&Clusters>,
        level: Level,
        resamples: usize,
        seed: u64,
    ) -> Result<Vec<Estimate>> {
        let p = self.terms.len();
        let shares = |subsets: &[f64]| dominance::shares(subsets, p);
        let rows = self.terms.iter().zip(&self.shares).map(|(term, share)| Estimate {
            x: Some(term.clone()),
            ..self.row(format!("lmg({term})"), Some(*share))
        });
        let how = How { clusters, level, resamples, seed };
        let mut rows = self.bootstrapped(design, rows.collect(), &shares, &how)?;
        rows.push(self.row("r_squared".to_owned(), Some(self.r_squared)));
        if self.terms.len() <= MOST_COMPARED {
            rows.extend(self.compared());
        }
        Ok(rows)
    }

    /// What each set of terms adds to R² beside all others, ΔR², with its bootstrap interval as of
    /// [`Self::estimates`]. The terms of a set are told by their places.
    ///
    /// # Errors
    /// Those of [`Self::estimates`].
    pub fn added(
        &self,
        design: &Design,
        sets: &[&[usize]],
        clusters: Option<&Clusters>,
        (level, resamples, seed): (Level, usize, u64),
    ) -> Result<Vec<Estimate>> {
        let all = self.subsets.len() - 1;
        let rest = |set: &&[usize]| set.iter().fold(all, |others, j| others & !(1 << j));
        let rests: Vec<usize> = sets.iter().map(rest).collect();
        let gains = |subsets: &[f64]| -> Vec<f64> {
            rests.iter().map(|rest| subsets[all] - subsets[*rest]).collect()
        };
        let row = |(set, gain): (&&[usize], f64)| {
            let names = |inside: bool| -> Vec<String> {
                let each = self.terms.iter().enumerate();
                each.filter(|(j, _)| set.contains(j) == inside).map(|(_, t)| t.clone()).collect()
            };
            let (x, controls) = (names(true).join(" + "), names(false));
            let term = format!("delta_r_squared({x} | {})", controls.join(" + "));
            Estimate { x: Some(x), controls, ..self.row(term, Some(gain)) }
        };
        let rows = sets.iter().zip(gains(&self.subsets)).map(row).collect();
        self.bootstrapped(design, rows, &gains, &How { clusters, level, resamples, seed })
    }

    /// Rows of numbers that the R² of all sets of terms give, with their intervals.
    fn bootstrapped(
        &self,
        design: &Design,
        rows: Vec<Estimate>,
        of: &OfSubsets<'_>,
        how: &How<'_>,
    ) -> Result<Vec<Estimate>> {
        let How { clusters, level, resamples, seed } = *how;
        if resamples < FEWEST {
            return Err(Error::TooFewResamples { needed: FEWEST, found: resamples });
        }
        let units = Units::new(design, clusters)?;
        let draws = self.draws(design, &units, (resamples, seed), of);
        let without = self.without(design, &units, of);
        let with_interval = |(j, mut row): (usize, Estimate)| {
            row.vcov = clusters.map(|c| format!("cluster:{}", c.column));
            let mut own: Vec<f64> = draws.iter().map(|values| values[j]).collect();
            own.sort_by(f64::total_cmp);
            if own.len() < resamples / 2 {
                row.note = Some(Note::DegenerateResamples);
                return row;
            }
            let left: Vec<Option<f64>> = without.iter().map(|s| s.as_ref().map(|s| s[j])).collect();
            let mut found = interval(&own, row.value.unwrap_or_default(), &left, level);
            if clusters.is_some() {
                found.method = format!("cluster_{}", found.method);
            }
            Estimate { interval: Some(found), ..row }
        };
        Ok(rows.into_iter().enumerate().map(with_interval).collect())
    }

    /// The values in each resample that has any.
    fn draws(
        &self,
        design: &Design,
        units: &Units,
        (resamples, seed): (usize, u64),
        of: &OfSubsets<'_>,
    ) -> Vec<Vec<f64>> {
        let one = |resample: usize| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(Purpose::Importance.first() + resample as u64);
            let mut counts = vec![0.0; design.y.len()];
            for _ in 0..units.len() {
                units.add(rng.gen_range(0..units.len()), 1.0, &mut counts);
            }
            self.values(design, &counts, of)
        };
        (0..resamples).into_par_iter().filter_map(one).collect()
    }

    /// The values without each part of the units.
    fn without(&self, design: &Design, units: &Units, of: &OfSubsets<'_>) -> Vec<Option<Vec<f64>>> {
        let mut whole = vec![0.0; design.y.len()];
        (0..units.len()).for_each(|unit| units.add(unit, 1.0, &mut whole));
        let parts = units.len().min(MOST_PARTS);
        let one = |part: usize| {
            let mut counts = whole.clone();
            (part..units.len()).step_by(parts).for_each(|unit| units.add(unit, -1.0, &mut counts));
            self.values(design, &counts, of)
        };
        (0..parts).into_par_iter().map(one).collect()
    }

    fn values(&self, design: &Design, counts: &[f64], of: &OfSubsets<'_>) -> Option<Vec<f64>> {
        let subsets = Subsets::new(design, self.terms.len(), &|i| counts[i]).all();
        subsets.iter().all(|r| r.is_finite()).then(|| of(&subsets))
    }
}

/// Numbers that the R² of all sets of terms give.
type OfSubsets<'a> = dyn Fn(&[f64]) -> Vec<f64> + Sync + 'a;

/// How intervals are made.
struct How<'a> {
    clusters: Option<&'a Clusters>,
    level: Level,
    resamples: usize,
    seed: u64,
}

/// The BCa interval of ascending resamples; where it is not defined, the one from 0.
fn interval(ascending: &[f64], share: f64, without: &[Option<f64>], level: Level) -> Interval {
    let corrected = || {
        // Beyond this the corrected quantiles leave the estimate out.
        let z0 =
            bias(ascending, share).filter(|z0| z0.abs() < normal_upper_quantile(level.tail()))?;
        let acceleration = acceleration(without, None)?;
        bca(ascending, Correction { z0, acceleration }, level)
    };
    let holds = |i: &Interval| i.low <= share && share <= i.high;
    corrected().filter(holds).unwrap_or_else(|| {
        let Interval { high, .. } = percentile(ascending, level);
        let method = "percentile_from_zero".to_owned();
        Interval { low: 0.0, high: high.max(share), level, method }
    })
}
