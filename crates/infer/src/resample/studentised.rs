use super::bca::order_statistic;
use super::bootstrap::{Bootstrap, TOO_MANY_DEGENERATE, enough, resampled, row_of_respondent};
use super::draws::{BLOCK, Purpose, Source};
use super::influence::Influence;
use crate::correlate::{Method, correlate};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Interval, Level, Note, Paired, Progress, Stage};

/// A correlation with its studentised bootstrap interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Studentised {
    /// The correlation with the interval and the standard error by the infinitesimal jackknife.
    pub estimate: Estimate,
    /// (artanh r* − artanh r)/se* of each resample, in the order of the draws; without the
    /// degenerate ones.
    pub draws: Vec<f64>,
    /// Resamples without a correlation between −1 and 1 and a standard error.
    pub degenerate: usize,
}

/// The correlation of a pair with its studentised bootstrap interval (bootstrap-t).
///
/// # Formula
/// On Fisher's scale, z = artanh r: the interval runs from z − t(1 − α)·se to z − t(α)·se, with t
/// the quantiles of (z* − z)/se* over the resamples, and back by tanh. The standard errors are
/// those of the infinitesimal jackknife, √Σ(∂z/∂wᵢ)²: the derivative of z with respect to the weight
/// of each respondent, which for rank methods includes how the ranks move. Quantiles at (R + 1)p,
/// interpolated on the normal scale, as R's package boot.
///
/// Resamples that have no correlation between −1 and 1, or no spread of influence, are dropped and
/// counted; where they are more than one in twenty, or there are only three respondents, there is
/// no interval and the note says so.
///
/// # Assumptions
/// Respondents are independent.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// Those of the method; [`Error::NotForMethod`]; [`Error::TooFewResamples`];
/// [`Error::Interrupted`].
///
/// # References
/// Efron, B. & Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, 12.5.
/// doi:10.1201/9780429246593. Jaeckel, L. A. (1972). The infinitesimal jackknife. Hall, P.,
/// Martin, M. A. & Schucany, W. R. (1989). doi:10.1080/00949658908811142
///
/// # Example
/// ```
/// use ssi_infer::correlate::Method;
/// use ssi_infer::resample::{Bootstrap, studentised};
/// use ssi_vocab::{Level, Paired, Quiet};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|v| v + 9.0 * (v * 1.7).sin()).collect();
/// let pair = Paired::complete("x", &x, "y", &y)?;
/// let how = Bootstrap { resamples: 2000, seed: 1 };
/// let found = studentised(&pair, Method::Pearson, &how, Level::DEFAULT, &Quiet)?;
/// let (interval, r) = (found.estimate.interval, found.estimate.value);
/// assert!(interval.is_some_and(|i| Some(i.low) < r && r < Some(i.high)));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn studentised(
    pair: &Paired,
    method: Method,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Studentised> {
    enough(how.resamples, level)?;
    let base = Base::new(pair, method, level)?;
    progress.begin(Stage::Resample, how.resamples as u64);
    let blocks: Result<Vec<Vec<Option<f64>>>> = (0..how.resamples.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, Purpose::Bootstrap, block);
            let (mut draw, mut scratch) = (vec![0; base.n as usize], Scratch::default());
            let size = BLOCK.min(how.resamples - block * BLOCK);
            let values = (0..size)
                .map(|_| {
                    source.indices(base.n, &mut draw);
                    base.on(&draw, &mut scratch)
                })
                .collect();
            progress.advance(size as u64);
            Ok(values)
        })
        .collect();
    Ok(base.summary(blocks?.into_iter().flatten(), level))
}

/// The same from index draws that are given; see [`super::bootstrap_from_draws`].
///
/// # Errors
/// Those of [`studentised`]; [`Error::WrongDraw`].
pub fn studentised_from_draws<D: AsRef<[u32]>>(
    pair: &Paired,
    method: Method,
    draws: impl IntoIterator<Item = D>,
    level: Level,
) -> Result<Studentised> {
    let base = Base::new(pair, method, level)?;
    let (mut scratch, mut values) = (Scratch::default(), Vec::new());
    for draw in draws {
        let draw = draw.as_ref();
        if draw.len() != base.n as usize || draw.iter().any(|i| *i >= base.n) {
            return Err(Error::WrongDraw { needed: base.n as usize, found: draw.len() });
        }
        values.push(base.on(draw, &mut scratch));
    }
    enough(values.len(), level)?;
    Ok(base.summary(values.into_iter(), level))
}

/// Buffers of one thread.
#[derive(Default)]
struct Scratch {
    weights: Vec<u64>,
    slopes: Vec<f64>,
}

struct Base {
    influence: Influence,
    row_of: Option<Vec<u32>>,
    rows: usize,
    n: u32,
    plain: Estimate,
    /// The data's own r, 1 − r² and standard error, where they are of use.
    point: Option<Point>,
}

/// A correlation with its standard error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) r: f64,
    pub(super) se: f64,
}

impl Point {
    /// `None` where artanh r or its standard error are not above 0 and finite.
    pub(super) fn new(r: f64, variance: f64) -> Option<Self> {
        let se = variance.sqrt();
        // Rounding leaves some 1e-16 of an influence that is 0.
        (r.abs() < 1.0 - 1e-15 && se > 1e-14).then_some(Self { r, se })
    }

    /// The standard error of artanh r.
    pub(super) fn se_z(self) -> f64 {
        self.se / ((1.0 - self.r) * (1.0 + self.r))
    }

    /// How many of its own standard errors another point lies above this one.
    pub(super) fn distance(self, other: Self) -> f64 {
        (other.r.atanh() - self.r.atanh()) / other.se_z()
    }

    /// The studentised interval from the distances, which must be in ascending order.
    pub(super) fn interval(self, ascending: &[f64], level: Level, method: &str) -> Interval {
        let (z, se) = (self.r.atanh(), self.se_z());
        let end = |p: f64| (z - se * order_statistic(ascending, p)).tanh();
        Interval {
            low: end(1.0 - level.tail()),
            high: end(level.tail()),
            level,
            method: method.to_owned(),
        }
    }
}

impl Base {
    fn new(pair: &Paired, method: Method, level: Level) -> Result<Self> {
        let influence = Influence::new(pair, method, "a studentised interval")?;
        let plain = correlate(pair, method, level)?;
        let (n, rows) = (resampled(pair)?, pair.x().len());
        let row_of = row_of_respondent(pair);
        let mut base = Self { influence, row_of, rows, n, plain, point: None };
        let all: Vec<u32> = (0..n).collect();
        base.point = base.point_of(&all, &mut Scratch::default());
        Ok(base)
    }

    fn point_of(&self, draw: &[u32], scratch: &mut Scratch) -> Option<Point> {
        let Scratch { weights, slopes } = scratch;
        weights.clear();
        weights.resize(self.rows, 0);
        for i in draw {
            let row = self.row_of.as_ref().map_or(*i, |row_of| row_of[*i as usize]);
            weights[row as usize] += 1;
        }
        let r = self.influence.at(weights, slopes)?;
        let squares = weights.iter().zip(slopes.iter()).map(|(w, d)| *w as f64 * d * d);
        Point::new(r, squares.sum())
    }

    fn on(&self, draw: &[u32], scratch: &mut Scratch) -> Option<f64> {
        self.point_of(draw, scratch).zip(self.point).map(|(new, own)| own.distance(new))
    }

    fn summary(self, values: impl Iterator<Item = Option<f64>>, level: Level) -> Studentised {
        let (mut draws, mut all) = (Vec::new(), 0);
        for value in values {
            all += 1;
            draws.extend(value);
        }
        let degenerate = all - draws.len();
        let mut found = Studentised { estimate: self.plain.bare(), draws, degenerate };
        let usable = degenerate as f64 <= TOO_MANY_DEGENERATE * all as f64;
        match self.point.filter(|_| usable) {
            Some(point) if self.n > 3 => {
                let mut ascending = found.draws.clone();
                ascending.sort_unstable_by(f64::total_cmp);
                found.estimate.std_error = Some(point.se);
                found.estimate.interval = Some(point.interval(&ascending, level, "studentised"));
            }
            at => {
                let few = at.is_some() || self.n <= 3;
                let note = if few { Note::TooFewForInterval } else { Note::DegenerateResamples };
                found.estimate = found.estimate.lacking_interval("studentised", note);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Quiet;

    const HOW: Bootstrap = Bootstrap { resamples: 500, seed: 3 };
    const METHODS: [Method; 3] = [Method::Pearson, Method::Spearman, Method::Kendall];

    fn sample(n: usize) -> (Vec<f64>, Vec<f64>) {
        let x: Vec<f64> = (0..n).map(|i| (i as f64 * 0.37).sin()).collect();
        let y = x.iter().enumerate().map(|(i, v)| v + (i as f64 * 1.7).cos()).collect();
        (x, y)
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let (x, y) = sample(30);
        let pair = Paired::complete("x", &x, "y", &y).unwrap();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                METHODS.map(|m| studentised(&pair, m, &HOW, Level::DEFAULT, &Quiet).unwrap())
            })
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn counts_give_what_the_rows_give() {
        let (x, y) = sample(12);
        let counts = vec![1, 3, 1, 1, 2, 1, 1, 1, 4, 1, 1, 2];
        let counted = Paired::new("x", x, "y", y, Some(counts), Vec::new()).unwrap();
        for method in METHODS {
            let run = |pair: &Paired| {
                let found = studentised(pair, method, &HOW, Level::DEFAULT, &Quiet).unwrap();
                let interval = found.estimate.interval.unwrap();
                (interval.low, interval.high)
            };
            let (a, b) = (run(&counted), run(&counted.expanded()));
            assert!((a.0 - b.0).abs() < 1e-10 && (a.1 - b.1).abs() < 1e-10, "{method} {a:?} {b:?}");
        }
    }

    #[test]
    fn degenerate_data_have_a_note() {
        let line =
            Paired::complete("x", &[1.0, 2.0, 3.0, 5.0], "y", &[2.0, 4.0, 6.0, 10.0]).unwrap();
        let three = Paired::complete("x", &[1.0, 2.0, 3.0], "y", &[2.0, 1.0, 3.5]).unwrap();
        for pair in [line, three] {
            for method in METHODS {
                let found = studentised(&pair, method, &HOW, Level::DEFAULT, &Quiet).unwrap();
                assert!(found.estimate.interval.is_none() && found.estimate.note.is_some());
            }
        }
    }
}
