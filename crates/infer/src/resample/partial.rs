use super::bootstrap::{Bootstrap, resampled};
use super::cluster::{CLUSTERS, in_clusters};
use super::influence::Influence;
use super::units::{Resampled, Units, Urn, Weighted};
use crate::Result;
use crate::correlate::elimination::{freed, identity, swept};
use crate::correlate::{Complete, Controlled, Method, Partial, partial_columns};
use crate::double_double::DoubleDouble;
use ssi_vocab::{Estimate, Exclusion, Level, Paired, Progress, Table};

/// A partial or semi-partial correlation whose respondents, or their clusters, can be drawn again.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlledPair {
    partial: Partial,
    units: Units,
}

impl ControlledPair {
    /// Two columns, those held constant, and the column of the clusters if there are any.
    ///
    /// # Missing data
    /// Respondents without a value in one of the columns are left out and listed.
    ///
    /// # Errors
    /// Those of [`crate::correlate::partial()`] and, with clusters, of [`super::ClusteredPair::new`].
    pub fn new(
        table: &Table,
        (x, y): (&str, &str),
        controls: &[&str],
        method: Method,
        controlled: Controlled,
        cluster: Option<&str>,
    ) -> Result<Self> {
        let names = partial_columns(table, x, y, controls, method)?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (complete, units) = match cluster {
            Some(cluster) => in_clusters(table, &names, cluster, method)?,
            None => {
                let complete = Complete::new(table, &names, method)?;
                let rows = complete.columns()[0].len();
                let units = Units::respondents(rows, complete.counts());
                (complete, units)
            }
        };
        Ok(Self { partial: Partial::new(complete, method, controlled)?, units })
    }

    /// The correlation itself.
    pub fn partial(&self) -> &Partial {
        &self.partial
    }

    /// How many clusters, or respondents, there are to draw from.
    pub fn count(&self) -> usize {
        self.units.drawn()
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        self.partial.excluded()
    }

    /// The correlation with nothing said of its uncertainty but which clusters it heeds.
    pub(super) fn blank(&self) -> Estimate {
        let vcov = self.units.cluster().map(|column| format!("cluster:{column}"));
        Estimate { vcov, value: Some(self.partial.r), ..self.partial.blank() }
    }

    /// The units that are drawn.
    pub(super) fn units(&self) -> &Units {
        &self.units
    }

    fn urn<'a>(&'a self, columns: &'a Columns) -> Result<Urn<'a, Columns>> {
        // Three respondents more than controls have no scatter to speak of, as with none.
        let too_few = self.partial.effective() <= 3;
        Ok(Urn { units: &self.units, statistic: columns, too_few })
    }
}

/// A partial or semi-partial correlation with bootstrap intervals.
///
/// # Formula
/// Respondents, or whole clusters, are drawn with replacement, each with the values of all columns,
/// and the correlation is computed anew: the controls are eliminated from the resample's own matrix
/// of Pearson's, Spearman's (midranks of the resample) or Kendall's correlations. BCa, percentile
/// and studentised intervals as of [`super::bootstrap_bca`] and [`super::studentised()`]; the
/// standard error of the latter from the derivatives of the correlation by the weight of each
/// respondent: with e the weights of the variables in what the controls leave (1 for x, less its
/// regression weights for the controls), r = e′ₓRe_y/√(e′ₓRe′ₓ · e_yRe_y), so that the derivatives
/// of the matrix R carry over. A resample in which controls determine x, y or each other is dropped
/// and counted.
///
/// # Assumptions
/// Respondents, or clusters, are independent.
///
/// # Missing data
/// See [`ControlledPair::new`].
///
/// # Errors
/// [`crate::Error::TooFewResamples`]; [`crate::Error::TooManyToResample`];
/// [`crate::Error::Interrupted`].
///
/// # References
/// Efron, B. (1987). doi:10.1080/01621459.1987.10478410. Davison, A. C. & Hinkley, D. V. (1997).
/// *Bootstrap Methods and their Application*. doi:10.1017/CBO9780511802843
///
/// # Example
/// ```
/// use ssi_infer::correlate::{Controlled, Method};
/// use ssi_infer::resample::{Bootstrap, ControlledPair, partial_bootstrap};
/// use ssi_vocab::{Column, Level, Quiet, Table};
///
/// let of = |f: fn(f64) -> f64| (0..40).map(|i| Ok(f(f64::from(i)))).collect();
/// let columns = vec![
///     Column::number("x", of(|i| (i * 0.7).sin() + 0.1 * i)),
///     Column::number("y", of(|i| (i * 0.7).sin() + (i * 1.3).cos())),
///     Column::number("z", of(|i| i)),
/// ];
/// let table = Table::new(columns, (2..42).collect())?;
/// let pair =
///     ControlledPair::new(&table, ("x", "y"), &["z"], Method::Pearson, Controlled::Both, None)?;
/// let how = Bootstrap { resamples: 1000, seed: 1 };
/// let found = partial_bootstrap(&pair, &how, Level::DEFAULT, &Quiet)?;
/// let r = pair.partial().r;
/// assert!(found.bca.interval.is_some_and(|i| i.low < r && r < i.high));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn partial_bootstrap(
    pair: &ControlledPair,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Resampled> {
    let columns = Columns::new(pair)?;
    pair.urn(&columns)?.draw(&pair.blank(), how, level, progress)
}

/// The same from draws that are given: each names as many respondents, or clusters, as there are.
///
/// # Errors
/// Those of [`partial_bootstrap`]; [`crate::Error::WrongDraw`].
pub fn partial_bootstrap_from_draws<D: AsRef<[u32]>>(
    pair: &ControlledPair,
    draws: impl IntoIterator<Item = D>,
    level: Level,
) -> Result<Resampled> {
    let columns = Columns::new(pair)?;
    pair.urn(&columns)?.given(&pair.blank(), draws, level)
}

/// What each two of the columns have in common.
struct Columns {
    size: usize,
    /// In the order (1, 0), (2, 0), (2, 1), …
    pairs: Vec<Influence>,
    controlled: Controlled,
}

/// What is left of a variable by rounding, where its correlations with the others determine it.
const SINGULAR: f64 = 1e-13;

impl Columns {
    fn new(pair: &ControlledPair) -> Result<Self> {
        let complete = pair.partial.complete();
        let (method, controlled) = pair.partial.kind();
        let values = columns(complete, method, controlled);
        let size = values.len();
        let counts = complete.counts().map(<[u64]>::to_vec);
        let mut pairs = Vec::with_capacity(size * (size - 1) / 2);
        for (i, j) in below_diagonal(size) {
            let (x, y) = (values[i].clone(), values[j].clone());
            let pair = Paired::new("x", x, "y", y, counts.clone(), Vec::new())?;
            resampled(&pair)?;
            pairs.push(Influence::new(&pair, method, CLUSTERS)?);
        }
        Ok(Self { size, pairs, controlled })
    }
}

/// The places below the diagonal of a matrix, row by row.
fn below_diagonal(size: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..size).flat_map(|i| (0..i).map(move |j| (i, j)))
}

/// The columns in an order controls, x, y. A product-moment correlation is the same for controls and
/// remainders that the whole data set apart, in which no resample loses digits.
fn columns(complete: &Complete, method: Method, controlled: Controlled) -> Vec<Vec<f64>> {
    let mut columns = complete.columns().to_vec();
    if method != Method::Pearson {
        return columns;
    }
    if let Ok(freed) = freed(complete, method) {
        let plain = |v: Vec<DoubleDouble>| v.into_iter().map(f64::from).collect();
        let k = freed.controls.len();
        columns[..k].iter_mut().zip(freed.controls).for_each(|(own, free)| *own = plain(free));
        columns[k] = plain(freed.x);
        if controlled == Controlled::Both {
            columns[k + 1] = plain(freed.y);
        }
    }
    columns
}

impl Weighted for Columns {
    fn at(&self, weights: &[u64], slopes: &mut Vec<f64>) -> Option<f64> {
        let mut matrix = identity(self.size);
        let mut of_pair: Vec<Vec<f64>> = Vec::with_capacity(self.pairs.len());
        for ((i, j), pair) in below_diagonal(self.size).zip(&self.pairs) {
            let mut own = Vec::new();
            matrix[i][j] = DoubleDouble::from(pair.at(weights, &mut own)?);
            matrix[j][i] = matrix[i][j];
            of_pair.push(own);
        }
        let swept = swept(matrix, SINGULAR).ok()?;
        let all_of_y = self.controlled == Controlled::First;
        let (r, _) = swept.left.correlation(all_of_y);
        let [e_x, e_y] = {
            let [x, y] = swept.shares;
            let with = |shares: Vec<f64>, own: [f64; 2]| -> Vec<f64> {
                shares.into_iter().map(|s| -s).chain(own).collect()
            };
            [with(x, [1.0, 0.0]), with(y, [0.0, 1.0])]
        };
        let (s_xx, s_yy) = (f64::from(swept.left.s_xx), f64::from(swept.left.s_yy));
        let root = (s_xx * if all_of_y { 1.0 } else { s_yy }).sqrt();
        // How much r changes with each correlation of the matrix.
        let change = below_diagonal(self.size).map(|(i, j)| {
            let product = (e_x[i] * e_y[j] + e_x[j] * e_y[i]) / root;
            let of_x = 2.0 * e_x[i] * e_x[j] / s_xx;
            let of_y = if all_of_y { 0.0 } else { 2.0 * e_y[i] * e_y[j] / s_yy };
            product - 0.5 * r * (of_x + of_y)
        });
        slopes.clear();
        slopes.resize(weights.len(), 0.0);
        for (own, change) in of_pair.iter().zip(change) {
            slopes.iter_mut().zip(own).for_each(|(sum, slope)| *sum += change * slope);
        }
        Some(r)
    }
}

#[cfg(test)]
mod tests {
    use super::super::cluster::tests::table;
    use super::super::draws::{Purpose, Source};
    use super::super::{ClusteredPair, cluster_bootstrap_from_draws};
    use super::*;
    use ssi_vocab::{Column, Note, Quiet};

    const METHODS: [Method; 3] = [Method::Pearson, Method::Spearman, Method::Kendall];

    fn with_controls(n: usize) -> Table {
        let of = |f: fn(f64) -> f64| (0..n).map(|i| Ok(f(i as f64))).collect();
        let z = Column::number("z", of(|i| (0.37 * i).sin() * 0.5 + (2.9 * i).cos()));
        let w = Column::number("w", of(|i| ((1.3 * i).sin() * 3.0).round()));
        table(n, 9).with_column(z).unwrap().with_column(w).unwrap()
    }

    fn pair(table: &Table, controls: &[&str], method: Method, kind: Controlled) -> ControlledPair {
        ControlledPair::new(table, ("x", "y"), controls, method, kind, None).unwrap()
    }

    #[test]
    fn slopes_are_those_of_the_correlation() {
        let table = with_controls(14);
        for (method, kind) in METHODS
            .into_iter()
            .flat_map(|method| [(method, Controlled::Both), (method, Controlled::First)])
        {
            let columns = Columns::new(&pair(&table, &["z", "w"], method, kind)).unwrap();
            // Many copies of each row, so that one more or less is a small step.
            let (mut slopes, mut unused) = (Vec::new(), Vec::new());
            columns.at(&[100_000; 14], &mut slopes).unwrap();
            for i in 0..14 {
                let mut step = |change: i64| {
                    let mut weights = [100_000_u64; 14];
                    weights[i] = weights[i].saturating_add_signed(change);
                    columns.at(&weights, &mut unused).unwrap()
                };
                let slope = (step(100) - step(-100)) / 200.0;
                let scale = slope.abs().max(1e-8);
                assert!((slopes[i] - slope).abs() < 1e-4 * scale, "{method} {kind:?} {slope}");
            }
        }
    }

    #[test]
    fn the_data_themselves_give_the_correlation_and_each_resample_that_of_its_rows() {
        let table = with_controls(20);
        let mut draw = vec![0; 20];
        Source::new(2, Purpose::Bootstrap, 0).indices(20, &mut draw);
        let drawn = {
            let take = |name: &str| -> Column {
                let seen = table.column(name).unwrap().numbers().unwrap();
                Column::number(name, draw.iter().map(|i| seen[*i as usize]).collect())
            };
            Table::new(["x", "y", "z", "w"].map(take).to_vec(), (2..22).collect()).unwrap()
        };
        for (method, kind) in METHODS
            .into_iter()
            .flat_map(|method| [(method, Controlled::Both), (method, Controlled::First)])
        {
            let own = pair(&table, &["z", "w"], method, kind);
            let columns = Columns::new(&own).unwrap();
            let r = columns.at(&[1; 20], &mut Vec::new()).unwrap();
            assert!((r - own.partial().r).abs() < 1e-13, "{method} {kind:?}");
            let mut weights = [0; 20];
            draw.iter().for_each(|i| weights[*i as usize] += 1);
            let resampled = columns.at(&weights, &mut Vec::new()).unwrap();
            let expected = pair(&drawn, &["z", "w"], method, kind).partial().r;
            assert!((resampled - expected).abs() < 1e-12, "{method} {kind:?}");
        }
    }

    #[test]
    fn without_controls_it_is_the_bootstrap_of_the_pair() {
        let table = table(60, 11);
        for method in METHODS {
            let plain = ClusteredPair::new(&table, "x", "y", "team", method).unwrap();
            let (pair, kind) = (("x", "y"), Controlled::Both);
            let held = ControlledPair::new(&table, pair, &[], method, kind, Some("team")).unwrap();
            let fit: Vec<Vec<u32>> = (0..200)
                .map(|block| {
                    let mut draw = vec![0; held.count()];
                    let n = held.count() as u32;
                    Source::new(4, Purpose::Bootstrap, block).indices(n, &mut draw);
                    draw
                })
                .collect();
            let a = partial_bootstrap_from_draws(&held, &fit, Level::DEFAULT).unwrap();
            let b = cluster_bootstrap_from_draws(&plain, method, &fit, Level::DEFAULT).unwrap();
            for (a, b) in a.draws.iter().zip(&b.draws) {
                assert!((a - b).abs() < 1e-13, "{method}");
            }
            assert_eq!(a.bca.conf_method(), Some("cluster_bca"));
        }
    }

    #[test]
    fn counts_give_what_the_rows_give_and_few_have_no_interval() {
        let table = with_controls(12);
        let counts = vec![1, 2, 1, 3, 1, 1, 2, 1, 1, 1, 2, 1];
        let rows = {
            let take = |name: &str| -> Column {
                let seen = table.column(name).unwrap().numbers().unwrap();
                let repeat = |(v, n): (&ssi_vocab::Seen<f64>, &u64)| vec![*v; *n as usize];
                Column::number(name, seen.iter().zip(&counts).flat_map(repeat).collect())
            };
            Table::new(["x", "y", "z", "w"].map(take).to_vec(), (2..19).collect()).unwrap()
        };
        let counted = table.clone().with_counts(counts).unwrap();
        let how = Bootstrap { resamples: 200, seed: 1 };
        for method in METHODS {
            let of = |table: &Table| {
                let pair = pair(table, &["z"], method, Controlled::Both);
                partial_bootstrap(&pair, &how, Level::DEFAULT, &Quiet).unwrap()
            };
            let (a, b) = (of(&counted), of(&rows));
            let near = |a: &Estimate, b: &Estimate| {
                let (a, b) = (a.interval.as_ref().unwrap(), b.interval.as_ref().unwrap());
                assert!(
                    (a.low - b.low).abs() < 1e-10 && (a.high - b.high).abs() < 1e-10,
                    "{method}"
                );
            };
            near(&a.bca, &b.bca);
            near(&a.studentised, &b.studentised);
        }
        let few = pair(&with_controls(4), &["z"], Method::Pearson, Controlled::Both);
        let found = partial_bootstrap(&few, &how, Level::DEFAULT, &Quiet).unwrap();
        assert_eq!((found.bca.interval, found.bca.note), (None, Some(Note::TooFewForInterval)));
    }
}
