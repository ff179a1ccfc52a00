use super::bootstrap::{Bootstrap, resampled};
use super::cluster::{CLUSTERS, in_clusters};
use super::influence::Influence;
use super::units::{Resampled, Units, Urn, Weighted};
use crate::correlate::{Complete, Method, correlate};
use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Exclusion, Level, Paired, Progress, Table};

/// Two pairs of columns of the same respondents, whose correlations are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoPairs {
    pairs: [Paired; 2],
    method: Method,
    units: Units,
    excluded: Vec<Exclusion>,
    n_excluded: usize,
}

impl TwoPairs {
    /// The pairs, and the column of the clusters if there are any.
    ///
    /// # Missing data
    /// Respondents without a value in one of the columns are left out: both correlations are of the
    /// same respondents.
    ///
    /// # Errors
    /// [`Error::SameColumn`] for two pairs of the same two columns; those of [`Complete::new`] and,
    /// with clusters, of [`super::ClusteredPair::new`].
    pub fn new(
        table: &Table,
        first: (&str, &str),
        second: (&str, &str),
        method: Method,
        cluster: Option<&str>,
    ) -> Result<Self> {
        let names = [first.0, first.1, second.0, second.1];
        let (complete, units) = match cluster {
            Some(cluster) => in_clusters(table, &names, cluster, method)?,
            None => {
                let complete = Complete::new(table, &names, method)?;
                let rows = complete.columns()[0].len();
                let units = Units::respondents(rows, complete.counts());
                (complete, units)
            }
        };
        let own = complete.names();
        let same = |a: [usize; 2]| own[a[0]] == own[2] && own[a[1]] == own[3];
        if same([0, 1]) || same([1, 0]) {
            return Err(Error::SameColumn { column: own[0].clone() });
        }
        let pair = |i: usize| {
            let column = |at: usize| complete.columns()[at].clone();
            let counts = complete.counts().map(<[u64]>::to_vec);
            Paired::new(&own[i], column(i), &own[i + 1], column(i + 1), counts, Vec::new())
        };
        let left_out = complete.n_excluded();
        let pairs = [pair(0)?.with_left_out(left_out), pair(2)?.with_left_out(left_out)];
        let excluded = complete.excluded().to_vec();
        Ok(Self { pairs, method, units, excluded, n_excluded: complete.n_excluded() })
    }

    /// The pairs.
    pub fn pairs(&self) -> &[Paired; 2] {
        &self.pairs
    }

    /// How many clusters, or respondents, there are to draw from.
    pub fn count(&self) -> usize {
        self.units.drawn()
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        &self.excluded
    }

    /// The difference with nothing said of its uncertainty.
    fn blank(&self, level: Level) -> Result<Estimate> {
        let [first, second] = &self.pairs;
        let value = |pair: &Paired| -> Result<Option<f64>> {
            Ok(correlate(pair, self.method, level)?.value)
        };
        let (r1, r2) = (value(first)?, value(second)?);
        let [a, b, c, d] = [first.x_name(), first.y_name(), second.x_name(), second.y_name()];
        let vcov = self.units.cluster().map(|column| format!("cluster:{column}"));
        Ok(Estimate {
            value: r1.zip(r2).map(|(r1, r2)| r1 - r2),
            vcov,
            n_excluded: self.n_excluded,
            ..Estimate::new(
                Analysis::Comparison,
                "bootstrap",
                format!("({a}, {b}) - ({c}, {d}){}", of_method(self.method)),
                first.n_obs(),
            )
        })
    }
}

/// What a comparison adds to its name where the coefficient is another than Pearson's.
pub(crate) fn of_method(method: Method) -> String {
    if method == Method::Pearson { String::new() } else { format!(" ({method})") }
}

/// The difference of two correlations of the same respondents, with bootstrap intervals.
///
/// # Formula
/// Respondents, or whole clusters, are drawn with replacement; both correlations are of the same
/// draw, so that the difference keeps what they have in common. BCa and percentile intervals of the
/// difference as of [`super::bootstrap_bca`]. A difference has no artanh: the studentised row is
/// empty. For Spearman's and Kendall's coefficients no closed form takes the ties and the
/// dependence into account; for Pearson's r this is a second opinion beside
/// [`crate::correlate::compare::columns`].
///
/// # Assumptions
/// Respondents, or clusters, are independent.
///
/// # Missing data
/// See [`TwoPairs::new`].
///
/// # Errors
/// [`Error::TooFew`]; [`Error::Constant`]; [`Error::NotForMethod`]; [`Error::TooFewResamples`];
/// [`Error::Interrupted`].
///
/// # References
/// Wilcox, R. R. (2016). Comparing dependent robust correlations. doi:10.1111/bmsp.12069. Efron, B.
/// (1987). doi:10.1080/01621459.1987.10478410
pub fn difference_bootstrap(
    pairs: &TwoPairs,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Resampled> {
    let (both, blank) = (Both::new(pairs)?, pairs.blank(level)?);
    both.urn(pairs).draw(&blank, how, level, progress).map(unstudentised)
}

/// The same from draws that are given: each names as many respondents, or clusters, as there are.
///
/// # Errors
/// Those of [`difference_bootstrap`]; [`Error::WrongDraw`].
pub fn difference_bootstrap_from_draws<D: AsRef<[u32]>>(
    pairs: &TwoPairs,
    draws: impl IntoIterator<Item = D>,
    level: Level,
) -> Result<Resampled> {
    let (both, blank) = (Both::new(pairs)?, pairs.blank(level)?);
    both.urn(pairs).given(&blank, draws, level).map(unstudentised)
}

fn unstudentised(found: Resampled) -> Resampled {
    Resampled { studentised: found.studentised.bare(), ..found }
}

struct Both([Influence; 2]);

impl Both {
    fn new(pairs: &TwoPairs) -> Result<Self> {
        let [first, second] = &pairs.pairs;
        resampled(first)?;
        let of = |pair| Influence::new(pair, pairs.method, CLUSTERS);
        Ok(Self([of(first)?, of(second)?]))
    }

    fn urn<'a>(&'a self, pairs: &'a TwoPairs) -> Urn<'a, Self> {
        let too_few = pairs.pairs[0].n_obs() <= 3;
        Urn { units: &pairs.units, statistic: self, too_few }
    }
}

impl Weighted for Both {
    fn at(&self, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
        let mut second = Vec::new();
        let [first_pair, second_pair] = &self.0;
        let r1 = first_pair.at(weights, slopes)?;
        let r2 = second_pair.at(weights, &mut second)?;
        slopes.iter_mut().zip(second).for_each(|(slope, other)| *slope -= other);
        Some(r1 - r2)
    }
}

#[cfg(test)]
mod tests {
    use super::super::cluster::tests::table;
    use super::*;
    use ssi_vocab::{Column, Quiet};

    fn with_third(n: usize) -> Table {
        let z = (0..n).map(|i| Ok((i as f64 * 0.37).sin() + (i as f64 * 2.9).cos())).collect();
        table(n, 9).with_column(Column::number("z", z)).unwrap()
    }

    #[test]
    fn exchanging_the_pairs_turns_the_interval() {
        let table = with_third(40);
        let how = Bootstrap { resamples: 500, seed: 7 };
        for method in [Method::Pearson, Method::Spearman, Method::Kendall] {
            let of = |first, second| {
                let pairs = TwoPairs::new(&table, first, second, method, None).unwrap();
                difference_bootstrap(&pairs, &how, Level::DEFAULT, &Quiet).unwrap()
            };
            let (a, b) = (of(("x", "y"), ("z", "y")), of(("z", "y"), ("x", "y")));
            let (i, j) = (a.bca.interval.unwrap(), b.bca.interval.unwrap());
            assert!((i.low + j.high).abs() < 1e-12 && (i.high + j.low).abs() < 1e-12);
            let value = a.bca.value.unwrap();
            assert!(i.low < value && value < i.high);
        }
    }

    #[test]
    fn a_pair_is_not_compared_with_itself() {
        let table = with_third(20);
        let error = TwoPairs::new(&table, ("x", "y"), ("y", "x"), Method::Kendall, None);
        assert!(error.is_err_and(|e| e.is_usage()));
        let robust = TwoPairs::new(&table, ("x", "y"), ("z", "y"), Method::Biweight, None).unwrap();
        let how = Bootstrap { resamples: 500, seed: 7 };
        let error = difference_bootstrap(&robust, &how, Level::DEFAULT, &Quiet).unwrap_err();
        assert!(matches!(error, Error::NotForMethod { .. }));
    }
}
