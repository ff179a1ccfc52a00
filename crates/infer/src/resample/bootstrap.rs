use super::bca::{Correction, acceleration, bca, bias, percentile};
use super::draws::{BLOCK, Purpose, Source};
use super::kernel::{Kernel, Scratch};
use crate::correlate::{Method, correlate};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Interval, Level, Note, Paired, Progress, Quiet, Stage};

/// How to bootstrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// How many resamples.
    pub resamples: usize,
    /// Seed of the random draws.
    pub seed: u64,
}

/// A bootstrapped correlation.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrapped {
    /// The correlation with its BCa interval; the standard error is the standard deviation of
    /// the resamples' values. No test.
    pub estimate: Estimate,
    /// The percentile interval of the same resamples, where there is one.
    pub percentile: Option<Interval>,
    /// The correlation of each resample, in the order of the draws; without the degenerate ones.
    pub draws: Vec<f64>,
    /// Resamples in which a variable was constant, so that they have no correlation.
    pub degenerate: usize,
    /// Bias correction on the normal scale, where there is one.
    pub z0: Option<f64>,
    /// Acceleration, where there is one.
    pub acceleration: Option<f64>,
}

/// The share of degenerate resamples from which there is no interval.
pub(super) const TOO_MANY_DEGENERATE: f64 = 0.05;

/// The most respondents a resample may have: beyond, its indices alone would fill the memory.
pub(super) const MOST_RESPONDENTS: usize = 100_000_000;

/// The correlation of a pair with its BCa bootstrap interval (bias-corrected and accelerated).
///
/// # Formula
/// Respondents are drawn with replacement. The interval runs between the quantiles
/// Φ(z₀ + (z₀ + q)/(1 − a(z₀ + q))) of the resamples' values, for q the normal quantiles of the
/// level: z₀ is the normal quantile of the share of values below the estimate, ties counting
/// half; a is Σ L³ / (6 (Σ L²)^(3/2)), with L from the correlations without one respondent at a
/// time. Quantiles at (R + 1)p, interpolated on the normal scale, as R's package boot.
///
/// Resamples in which a variable is constant are dropped and counted; where they are more than
/// one in twenty, or all values lie on one side of the estimate, or there are only three
/// respondents, there is no interval and the note says so.
///
/// # Assumptions
/// Respondents are independent. Coverage on data like ours is 93.9, 94.3, 94.3 % at n = 30, 200,
/// 1000: for Pearson's r a second opinion beside Fisher's interval.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// Those of the method; [`Error::TooFewResamples`]; [`Error::Interrupted`].
///
/// # References
/// Efron, B. (1987). Better bootstrap confidence intervals. doi:10.1080/01621459.1987.10478410
///
/// # Example
/// ```
/// use ssi_infer::correlate::Method;
/// use ssi_infer::resample::{Bootstrap, bootstrap_bca};
/// use ssi_vocab::{Level, Paired, Quiet};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|v| v + 9.0 * (v * 1.7).sin()).collect();
/// let pair = Paired::complete("x", &x, "y", &y)?;
/// let how = Bootstrap { resamples: 2000, seed: 1 };
/// let found = bootstrap_bca(&pair, Method::Pearson, &how, Level::DEFAULT, &Quiet)?;
/// let (interval, r) = (found.estimate.interval, found.estimate.value);
/// assert!(interval.is_some_and(|i| Some(i.low) < r && r < Some(i.high)));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn bootstrap_bca(
    pair: &Paired,
    method: Method,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Bootstrapped> {
    enough(how.resamples, level)?;
    let plain = correlate(pair, method, level)?;
    let n = resampled(pair)?;
    let row_of = row_of_respondent(pair);
    let kernel = Kernel::new(pair, method, plain.value)?;
    progress.begin(Stage::Resample, how.resamples as u64);
    let blocks: Result<Vec<Vec<Option<f64>>>> = (0..how.resamples.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, Purpose::Bootstrap, block);
            let mut scratch = Scratch::default();
            let mut rows = vec![0; n as usize];
            let size = BLOCK.min(how.resamples - block * BLOCK);
            let values = (0..size)
                .map(|_| {
                    source.indices(n, &mut rows);
                    if let Some(row_of) = &row_of {
                        rows.iter_mut().for_each(|i| *i = row_of[*i as usize]);
                    }
                    kernel.on(&rows, &mut scratch)
                })
                .collect();
            progress.advance(size as u64);
            Ok(values)
        })
        .collect();
    let values: Vec<Option<f64>> = blocks?.into_iter().flatten().collect();
    summary(pair, &kernel, plain, values, level, progress)
}

/// The same from index draws that are given: each names, for every respondent of the resample,
/// the respondent drawn (0 is the first; with counts, respondents stand in the order of the rows).
///
/// For comparing two programs on the same draws.
///
/// # Errors
/// Those of [`bootstrap_bca`]; [`Error::WrongDraw`].
pub fn bootstrap_from_draws<D: AsRef<[u32]>>(
    pair: &Paired,
    method: Method,
    draws: impl IntoIterator<Item = D>,
    level: Level,
) -> Result<Bootstrapped> {
    let plain = correlate(pair, method, level)?;
    let n = resampled(pair)?;
    let row_of = row_of_respondent(pair);
    let kernel = Kernel::new(pair, method, plain.value)?;
    let mut scratch = Scratch::default();
    let mut values = Vec::new();
    for draw in draws {
        let draw = draw.as_ref();
        if draw.len() != n as usize || draw.iter().any(|i| *i >= n) {
            return Err(Error::WrongDraw { needed: n as usize, found: draw.len() });
        }
        let rows: Vec<u32> = match &row_of {
            Some(row_of) => draw.iter().map(|i| row_of[*i as usize]).collect(),
            None => draw.to_vec(),
        };
        values.push(kernel.on(&rows, &mut scratch));
    }
    enough(values.len(), level)?;
    summary(pair, &kernel, plain, values, level, &Quiet)
}

fn summary(
    pair: &Paired,
    kernel: &Kernel,
    plain: Estimate,
    values: Vec<Option<f64>>,
    level: Level,
    progress: &dyn Progress,
) -> Result<Bootstrapped> {
    let (mut draws, mut degenerate) = (Vec::new(), 0);
    for value in values {
        match value {
            Some(value) => draws.push(value),
            None => degenerate += 1,
        }
    }
    let mut found = Bootstrapped {
        estimate: plain.bare(),
        percentile: None,
        draws,
        degenerate,
        z0: None,
        acceleration: None,
    };
    let all = found.draws.len() + degenerate;
    let value = found.estimate.value.unwrap_or_default();
    let too_many = degenerate as f64 > TOO_MANY_DEGENERATE * all as f64;
    let mut ascending = found.draws.clone();
    ascending.sort_unstable_by(f64::total_cmp);
    let width = ascending.last().zip(ascending.first()).map_or(0.0, |(high, low)| high - low);
    if too_many || width <= 1e-14 {
        return Ok(found.lacking(Note::DegenerateResamples));
    }
    found.estimate.std_error = Some(standard_deviation(&found.draws));
    if found.estimate.n_obs <= 3 {
        return Ok(found.lacking(Note::TooFewForInterval));
    }
    found.percentile = Some(percentile(&ascending, level));
    found.z0 = bias(&found.draws, value);
    let without = kernel.leave_one_out(pair.counts(), progress)?;
    found.acceleration = acceleration(&without, pair.counts());
    found.estimate.interval = found
        .z0
        .zip(found.acceleration)
        .and_then(|(z0, acceleration)| bca(&ascending, Correction { z0, acceleration }, level));
    if found.estimate.interval.is_none() {
        return Ok(found.lacking(Note::DegenerateResamples));
    }
    Ok(found)
}

impl Bootstrapped {
    fn lacking(self, note: Note) -> Self {
        Self { estimate: self.estimate.lacking_interval("bca", note), ..self }
    }

    /// The estimate with its percentile interval in place of the BCa one.
    pub fn with_percentile(&self) -> Estimate {
        let note = self.estimate.note.unwrap_or(Note::DegenerateResamples);
        let std_error = self.estimate.std_error;
        let row = Estimate { std_error, ..self.estimate.clone().bare() };
        match self.percentile.clone() {
            Some(interval) => Estimate { interval: Some(interval), ..row },
            None => row.lacking_interval("percentile", note),
        }
    }
}

pub(super) fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// An interval's ends need a value or two beyond them.
pub(crate) fn enough(found: usize, level: Level) -> Result<()> {
    let needed = (1.0 / level.tail()).ceil() as usize;
    if found < needed { Err(Error::TooFewResamples { needed, found }) } else { Ok(()) }
}

/// How many respondents a resample draws.
pub(super) fn resampled(pair: &Paired) -> Result<u32> {
    let found = pair.n_obs();
    match u32::try_from(found) {
        Ok(n) if found <= MOST_RESPONDENTS => Ok(n),
        _ => Err(Error::TooManyToResample { limit: MOST_RESPONDENTS, found }),
    }
}

/// For a counted pair, the row in which each respondent stands.
pub(super) fn row_of_respondent(pair: &Paired) -> Option<Vec<u32>> {
    let counts = pair.counts()?;
    let rows = counts.iter().enumerate();
    Some(rows.flat_map(|(i, n)| std::iter::repeat_n(i as u32, *n as usize)).collect())
}
