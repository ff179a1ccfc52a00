use super::bca::{Correction, acceleration, bca, bias, percentile};
use super::bootstrap::{Bootstrap, TOO_MANY_DEGENERATE, enough, resampled, standard_deviation};
use super::draws::{BLOCK, Purpose, Source};
use super::influence::Influence;
use super::studentised::Point;
use crate::correlate::ranks::Classes;
use crate::correlate::{Complete, Method, correlate};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{
    Column, Estimate, Exclusion, Interval, Level, Note, Paired, Progress, Stage, Table,
};

/// What there is for some methods only.
pub(super) const CLUSTERS: &str = "resampling of clusters";

/// Fewer clusters than this tell too little of how much clusters differ.
const FEWEST: usize = 5;

/// A pair whose respondents come in clusters: sessions, teams, schools.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustered {
    pair: Paired,
    column: String,
    of_row: Vec<u32>,
    count: usize,
}

impl Clustered {
    /// Two columns and the column that names each respondent's cluster.
    ///
    /// # Missing data
    /// Respondents without a value in one of the three are left out and listed.
    ///
    /// # Errors
    /// [`Error::TooFewClusters`] below five clusters; [`Error::Collinear`] where the cluster column
    /// is one of the two; those of [`Complete::new`].
    pub fn new(table: &Table, x: &str, y: &str, cluster: &str, method: Method) -> Result<Self> {
        let column = table.column(cluster)?;
        let name = column.name.clone();
        for other in [x, y] {
            if table.column(other)?.name == name {
                return Err(Error::Collinear { columns: vec![name.clone(), name] });
            }
        }
        // The clusters as numbers, so that one pass finds the respondents who have all three.
        let codes = column.groups().1.into_iter().map(|code| code.map(f64::from)).collect();
        let unread = column.unread.clone();
        let numbered = Column { unread, ..Column::number(name.clone(), codes) };
        let table = table.clone().with_column(numbered)?;
        let complete = Complete::new(&table, &[x, y, &name], method)?;
        let (names, columns) = (complete.names(), complete.columns());
        let pair = Paired::new(
            &names[0],
            columns[0].clone(),
            &names[1],
            columns[1].clone(),
            complete.counts().map(<[u64]>::to_vec),
            complete.excluded().to_vec(),
        )?;
        let classes = Classes::new(&columns[2]);
        let (of_row, count) = (classes.code, classes.len);
        if count < FEWEST {
            let analysis = "resampling whole clusters";
            return Err(Error::TooFewClusters {
                column: name,
                analysis,
                needed: FEWEST,
                found: count,
            });
        }
        Ok(Self { pair: pair.with_left_out(table.left_out()), column: name, of_row, count })
    }

    /// The two columns.
    pub fn pair(&self) -> &Paired {
        &self.pair
    }

    /// How many clusters there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        self.pair.excluded()
    }

    /// The correlation itself, with nothing said of its uncertainty but which clusters it heeds.
    pub(super) fn blank(&self, method: Method, level: Level) -> Result<Estimate> {
        let plain = correlate(&self.pair, method, level)?;
        let vcov = Some(format!("cluster:{}", self.column));
        Ok(Estimate { std_error: None, interval: None, test: None, note: None, vcov, ..plain })
    }

    /// The sum of a number over the respondents of each cluster.
    pub(super) fn sums(&self, of_row: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.count];
        for (i, cluster) in self.of_row.iter().enumerate() {
            let copies = self.pair.counts().map_or(1.0, |w| w[i] as f64);
            sums[*cluster as usize] += copies * of_row(i);
        }
        sums
    }
}

/// A correlation bootstrapped by whole clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterBootstrapped {
    /// With the BCa interval; the standard error is the standard deviation of the resamples.
    pub bca: Estimate,
    /// With the percentile interval of the same resamples.
    pub percentile: Estimate,
    /// With the studentised interval; the standard error is that of the infinitesimal jackknife.
    pub studentised: Estimate,
    /// The correlation of each resample, in the order of the draws; without the degenerate ones.
    pub draws: Vec<f64>,
    /// Resamples in which a variable was constant.
    pub degenerate: usize,
}

/// The correlation of a pair with bootstrap intervals that draw whole clusters.
///
/// # Formula
/// As many clusters as there are, drawn with replacement, each with all its respondents; so the
/// number of respondents varies. BCa with the acceleration from the correlations without one
/// cluster at a time, percentile, and studentised on Fisher's scale with the infinitesimal
/// jackknife over clusters: se² = Σ (Σ ∂r/∂wᵢ of a cluster's respondents)² over the clusters drawn.
/// Otherwise as [`super::bootstrap_bca`] and [`super::studentised()`].
///
/// # Assumptions
/// Clusters are independent; respondents within one need not be. Some thirty clusters or more; of
/// fewer, the studentised interval is the one to read.
///
/// # Missing data
/// See [`Clustered::new`].
///
/// # Errors
/// Those of the method; [`Error::NotForMethod`]; [`Error::TooFewResamples`];
/// [`Error::Interrupted`].
///
/// # References
/// Davison, A. C. & Hinkley, D. V. (1997). *Bootstrap Methods and their Application*, 3.8.
/// doi:10.1017/CBO9780511802843. Field, C. A. & Welsh, A. H. (2007). Bootstrapping clustered data.
/// doi:10.1111/j.1467-9868.2007.00593.x
pub fn cluster_bootstrap(
    clustered: &Clustered,
    method: Method,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<ClusterBootstrapped> {
    enough(how.resamples, level)?;
    let base = Base::new(clustered, method)?;
    let blank = clustered.blank(method, level)?;
    let n = clustered.count as u32;
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
                    base.on(&draw, &mut scratch)
                })
                .collect();
            progress.advance(size as u64);
            Ok(values)
        })
        .collect();
    Ok(base.summary(blank, blocks?.into_iter().flatten(), level))
}

/// The same from draws that are given: each names as many clusters as there are (0 is the first, in
/// the order of their names).
///
/// # Errors
/// Those of [`cluster_bootstrap`]; [`Error::WrongDraw`].
pub fn cluster_bootstrap_from_draws<D: AsRef<[u32]>>(
    clustered: &Clustered,
    method: Method,
    draws: impl IntoIterator<Item = D>,
    level: Level,
) -> Result<ClusterBootstrapped> {
    let base = Base::new(clustered, method)?;
    let blank = clustered.blank(method, level)?;
    let (mut scratch, mut values) = (Scratch::default(), Vec::new());
    for draw in draws {
        let draw = draw.as_ref();
        let needed = clustered.count;
        if draw.len() != needed || draw.iter().any(|i| *i as usize >= needed) {
            return Err(Error::WrongDraw { needed, found: draw.len() });
        }
        values.push(base.on(draw, &mut scratch));
    }
    enough(values.len(), level)?;
    Ok(base.summary(blank, values.into_iter(), level))
}

/// Buffers of one thread.
#[derive(Default)]
struct Scratch {
    copies: Vec<u64>,
    weights: Vec<u64>,
    slopes: Vec<f64>,
}

/// A resample's correlation, and it with its standard error.
#[derive(Clone, Copy)]
struct Drawn {
    r: Option<f64>,
    point: Option<Point>,
}

struct Base<'a> {
    clustered: &'a Clustered,
    influence: Influence,
}

impl<'a> Base<'a> {
    fn new(clustered: &'a Clustered, method: Method) -> Result<Self> {
        resampled(&clustered.pair)?;
        let influence = Influence::new(&clustered.pair, method, CLUSTERS)?;
        Ok(Self { clustered, influence })
    }

    fn on(&self, draw: &[u32], scratch: &mut Scratch) -> Drawn {
        scratch.copies.clear();
        scratch.copies.resize(self.clustered.count, 0);
        draw.iter().for_each(|cluster| scratch.copies[*cluster as usize] += 1);
        self.of_copies(scratch)
    }

    /// The correlation where each cluster stands as often as `scratch.copies` says.
    fn of_copies(&self, scratch: &mut Scratch) -> Drawn {
        let Scratch { copies, weights, slopes } = scratch;
        let of_row = &self.clustered.of_row;
        weights.clear();
        weights.extend(of_row.iter().map(|cluster| copies[*cluster as usize]));
        if let Some(counts) = self.clustered.pair.counts() {
            weights.iter_mut().zip(counts).for_each(|(weight, count)| *weight *= count);
        }
        let r = self.influence.at(weights, slopes);
        let point = r.and_then(|r| {
            let sums = self.clustered.sums(|i| slopes[i]);
            let squares = sums.iter().zip(copies.iter()).map(|(s, m)| *m as f64 * s * s);
            Point::new(r, squares.sum())
        });
        Drawn { r, point }
    }

    fn summary(
        &self,
        blank: Estimate,
        values: impl Iterator<Item = Drawn>,
        level: Level,
    ) -> ClusterBootstrapped {
        let count = self.clustered.count;
        let mut scratch = Scratch { copies: vec![1; count], ..Scratch::default() };
        let own = self.of_copies(&mut scratch);
        let (mut draws, mut distances, mut all) = (Vec::new(), Vec::new(), 0);
        for value in values {
            all += 1;
            draws.extend(value.r);
            distances.extend(own.point.zip(value.point).map(|(own, new)| own.distance(new)));
        }
        let few = |found: usize| (all - found) as f64 > TOO_MANY_DEGENERATE * all as f64;
        let ascending = |values: &[f64]| {
            let mut ascending = values.to_vec();
            ascending.sort_unstable_by(f64::total_cmp);
            ascending
        };
        let row = |interval: Option<Interval>, se: Option<f64>, name: &str| {
            let note = interval.is_none().then_some(Note::DegenerateResamples);
            let interval = interval.map(|i| Interval { method: name.to_owned(), ..i });
            Estimate { interval, note, std_error: se, ..blank.clone() }
        };
        let sorted = ascending(&draws);
        let width = sorted.last().zip(sorted.first()).map_or(0.0, |(high, low)| high - low);
        let usable = !few(draws.len()) && width > 1e-14;
        let se = usable.then(|| standard_deviation(&draws));
        let bca = || {
            let z0 = bias(&draws, own.r?)?;
            let without: Vec<Option<f64>> = (0..count)
                .map(|left_out| {
                    let mut scratch = Scratch { copies: vec![1; count], ..Scratch::default() };
                    scratch.copies[left_out] = 0;
                    self.of_copies(&mut scratch).r
                })
                .collect();
            let acceleration = acceleration(&without, None)?;
            bca(&sorted, Correction { z0, acceleration }, level)
        };
        let bca = row(usable.then(bca).flatten(), se, "cluster_bca");
        let middle = usable.then(|| percentile(&sorted, level));
        let percentile = row(middle, se, "cluster_percentile");
        let point = own.point.filter(|_| !few(distances.len()));
        let name = "cluster_studentised";
        let ends = point.map(|point| point.interval(&ascending(&distances), level, name));
        let studentised = row(ends, point.map(|point| point.se), name);
        let degenerate = all - draws.len();
        ClusterBootstrapped { bca, percentile, studentised, draws, degenerate }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::resample::{bootstrap_from_draws, studentised_from_draws};
    use ssi_vocab::{Missing, Quiet};

    pub(in crate::resample) fn table(n: usize, clusters: usize) -> Table {
        let x: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
        let y = x.iter().enumerate().map(|(i, v)| Ok(v + (i as f64 * 1.7).cos())).collect();
        let names: Vec<_> = (0..n).map(|i| Ok(format!("c{:02}", (i * i) % clusters))).collect();
        Table::new(
            vec![
                Column::number("x", x.iter().copied().map(Ok).collect()),
                Column::number("y", y),
                Column::factor("own", &(0..n).map(|i| Ok(format!("{i:03}"))).collect::<Vec<_>>()),
                Column::factor("team", &names),
            ],
            (2..n + 2).collect(),
        )
        .unwrap()
    }

    const METHODS: [Method; 3] = [Method::Pearson, Method::Spearman, Method::Kendall];

    #[test]
    fn clusters_of_one_are_respondents() {
        let clustered = Clustered::new(&table(25, 9), "x", "y", "own", Method::Pearson).unwrap();
        let mut source = Source::new(4, Purpose::Bootstrap, 0);
        let draws: Vec<Vec<u32>> = (0..300)
            .map(|_| {
                let mut draw = vec![0; 25];
                source.indices(25, &mut draw);
                draw
            })
            .collect();
        let near = |a: &Option<Interval>, b: &Option<Interval>| {
            let (a, b) = (a.as_ref().unwrap(), b.as_ref().unwrap());
            assert!((a.low - b.low).abs() < 1e-13 && (a.high - b.high).abs() < 1e-13);
            assert_eq!(a.method, format!("cluster_{}", b.method));
        };
        for method in METHODS {
            let whole = cluster_bootstrap_from_draws(&clustered, method, &draws, Level::DEFAULT);
            let (whole, pair) = (whole.unwrap(), clustered.pair());
            let single = bootstrap_from_draws(pair, method, &draws, Level::DEFAULT).unwrap();
            near(&whole.bca.interval, &single.estimate.interval);
            near(&whole.percentile.interval, &single.percentile);
            let single = studentised_from_draws(pair, method, &draws, Level::DEFAULT).unwrap();
            near(&whole.studentised.interval, &single.estimate.interval);
            assert_eq!(whole.bca.vcov.as_deref(), Some("cluster:own"));
        }
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let clustered = Clustered::new(&table(60, 11), "x", "y", "team", Method::Kendall).unwrap();
        let how = Bootstrap { resamples: 400, seed: 3 };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                cluster_bootstrap(&clustered, Method::Kendall, &how, Level::DEFAULT, &Quiet)
                    .unwrap()
            })
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn few_clusters_and_gaps_are_seen() {
        let few = Clustered::new(&table(30, 3), "x", "y", "team", Method::Pearson).unwrap_err();
        assert!(matches!(few, Error::TooFewClusters { needed: 5, found: 2, .. }), "{few}");
        let mut names: Vec<_> = (0..30).map(|i| Ok(format!("{}", i % 6))).collect();
        names[3] = Err(Missing::Blank);
        let gap = table(30, 3).with_column(Column::factor("team", &names)).unwrap();
        let found = Clustered::new(&gap, "x", "y", "team", Method::Pearson).unwrap();
        assert_eq!((found.count(), found.pair().n_obs(), found.pair().n_excluded()), (6, 29, 1));
        assert!(Clustered::new(&gap, "x", "y", "x", Method::Pearson).is_err());
    }
}
