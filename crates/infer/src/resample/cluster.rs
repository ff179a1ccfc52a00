use super::bootstrap::{Bootstrap, resampled};
use super::influence::Influence;
use super::units::{Resampled, Units, Urn};
use crate::correlate::ranks::Classes;
use crate::correlate::{Complete, Method, correlate};
use crate::{Error, Result};
use ssi_vocab::{Column, Estimate, Exclusion, Level, Paired, Progress, Table};

/// What there is for some methods only.
pub(super) const CLUSTERS: &str = "resampling of clusters";

/// Fewer clusters than this tell too little of how much clusters differ.
const FEWEST: usize = 5;

/// A pair whose respondents come in clusters: sessions, teams, schools.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusteredPair {
    pair: Paired,
    units: Units,
}

impl ClusteredPair {
    /// Two columns and the column that names each respondent's cluster.
    ///
    /// # Missing data
    /// Respondents without a value in one of the three are left out and listed.
    ///
    /// # Errors
    /// [`Error::TooFewClusters`] below five clusters; [`Error::SameColumn`] where the cluster column
    /// is one of the two; those of [`Complete::new`].
    pub fn new(table: &Table, x: &str, y: &str, cluster: &str, method: Method) -> Result<Self> {
        let (complete, units) = in_clusters(table, &[x, y], cluster, method)?;
        let (names, columns) = (complete.names(), complete.columns());
        let pair = Paired::new(
            &names[0],
            columns[0].clone(),
            &names[1],
            columns[1].clone(),
            complete.counts().map(<[u64]>::to_vec),
            complete.excluded().to_vec(),
        )?;
        Ok(Self { pair: pair.with_left_out(table.left_out()), units })
    }

    /// The two columns.
    pub fn pair(&self) -> &Paired {
        &self.pair
    }

    /// How many clusters there are.
    pub fn count(&self) -> usize {
        self.units.drawn()
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        self.pair.excluded()
    }

    /// The correlation itself, with nothing said of its uncertainty but which clusters it heeds.
    pub(super) fn blank(&self, method: Method, level: Level) -> Result<Estimate> {
        let vcov = self.units.cluster().map(|column| format!("cluster:{column}"));
        Ok(Estimate { vcov, ..correlate(&self.pair, method, level)?.bare() })
    }

    /// The sum of a number over the respondents of each cluster.
    pub(super) fn sums(&self, of_row: impl Fn(usize) -> f64) -> Vec<f64> {
        self.units.sums(of_row)
    }
}

/// Some columns, and the clusters of the respondents who have a value in all of them.
pub(super) fn in_clusters(
    table: &Table,
    names: &[&str],
    cluster: &str,
    method: Method,
) -> Result<(Complete, Units)> {
    let column = table.column(cluster)?;
    let name = column.name.clone();
    for other in names {
        if table.column(other)?.name == name {
            return Err(Error::SameColumn { column: name });
        }
    }
    // The clusters as numbers, so that one pass finds the respondents who have everything.
    let codes = column.groups().1.into_iter().map(|code| code.map(f64::from)).collect();
    let unread = column.unread.clone();
    let numbered = Column { unread, ..Column::number(name.clone(), codes) };
    let table = table.clone().with_column(numbered)?;
    let all: Vec<&str> = names.iter().copied().chain([name.as_str()]).collect();
    let (complete, codes) = Complete::new(&table, &all, method)?.without_last();
    let classes = Classes::new(&codes);
    let found = classes.len;
    if found < FEWEST {
        let analysis = "resampling whole clusters";
        return Err(Error::TooFewClusters { column: name, analysis, needed: FEWEST, found });
    }
    let units = Units::clusters(&name, classes.code, found, complete.counts());
    Ok((complete, units))
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
/// See [`ClusteredPair::new`].
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
    clustered: &ClusteredPair,
    method: Method,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Resampled> {
    let influence = Influence::new(&clustered.pair, method, CLUSTERS)?;
    let blank = clustered.blank(method, level)?;
    urn(clustered, &influence)?.draw(&blank, how, level, progress)
}

/// The same from draws that are given: each names as many clusters as there are (0 is the first, in
/// the order of their names).
///
/// # Errors
/// Those of [`cluster_bootstrap`]; [`Error::WrongDraw`].
pub fn cluster_bootstrap_from_draws<D: AsRef<[u32]>>(
    clustered: &ClusteredPair,
    method: Method,
    draws: impl IntoIterator<Item = D>,
    level: Level,
) -> Result<Resampled> {
    let influence = Influence::new(&clustered.pair, method, CLUSTERS)?;
    let blank = clustered.blank(method, level)?;
    urn(clustered, &influence)?.given(&blank, draws, level)
}

fn urn<'a>(clustered: &'a ClusteredPair, influence: &'a Influence) -> Result<Urn<'a, Influence>> {
    resampled(&clustered.pair)?;
    Ok(Urn { units: &clustered.units, statistic: influence, too_few: false })
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::draws::{Purpose, Source};
    use super::*;
    use crate::resample::{bootstrap_from_draws, studentised_from_draws};
    use ssi_vocab::{Interval, Missing, Quiet};

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
        let clustered =
            ClusteredPair::new(&table(25, 9), "x", "y", "own", Method::Pearson).unwrap();
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
        let clustered =
            ClusteredPair::new(&table(60, 11), "x", "y", "team", Method::Kendall).unwrap();
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
        let few = ClusteredPair::new(&table(30, 3), "x", "y", "team", Method::Pearson).unwrap_err();
        assert!(matches!(few, Error::TooFewClusters { needed: 5, found: 2, .. }), "{few}");
        let mut names: Vec<_> = (0..30).map(|i| Ok(format!("{}", i % 6))).collect();
        names[3] = Err(Missing::Blank);
        let gap = table(30, 3).with_column(Column::factor("team", &names)).unwrap();
        let found = ClusteredPair::new(&gap, "x", "y", "team", Method::Pearson).unwrap();
        assert_eq!((found.count(), found.pair().n_obs(), found.pair().n_excluded()), (6, 29, 1));
        assert!(ClusteredPair::new(&gap, "x", "y", "x", Method::Pearson).is_err());
    }
}
