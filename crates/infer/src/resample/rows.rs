//! The percentile bootstrap of any number that a list of respondents gives.

use super::bca::percentile;
use super::bootstrap::{Bootstrap, TOO_MANY_DEGENERATE, enough, standard_deviation};
use super::draws::{BLOCK, Purpose, Source};
use crate::Result;
use rayon::prelude::*;
use ssi_vocab::{Estimate, Level, Note, Progress, Stage};

/// What each resample of `n` respondents gives, in the order of the draws.
pub(crate) fn drawn<T: Send>(
    n: usize,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
    of: &(dyn Fn(&[u32]) -> T + Sync),
) -> Result<Vec<T>> {
    enough(how.resamples, level)?;
    super::written_out(n)?;
    progress.begin(Stage::Resample, how.resamples as u64);
    let blocks: Result<Vec<Vec<T>>> = (0..how.resamples.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, Purpose::Bootstrap, block);
            let mut rows = vec![0; n];
            let size = BLOCK.min(how.resamples - block * BLOCK);
            let values = (0..size)
                .map(|_| {
                    source.indices(n as u32, &mut rows);
                    of(&rows)
                })
                .collect();
            progress.advance(size as u64);
            Ok(values)
        })
        .collect();
    Ok(blocks?.into_iter().flatten().collect())
}

/// A row with the percentile interval and the standard deviation of its resamples' values; without,
/// and with a note, where too many have none or all are the same.
pub(crate) fn with_percentile(
    row: Estimate,
    values: impl IntoIterator<Item = Option<f64>>,
    level: Level,
) -> Estimate {
    let (mut found, mut all) = (Vec::new(), 0);
    for value in values {
        all += 1;
        found.extend(value);
    }
    found.sort_unstable_by(f64::total_cmp);
    let few = (all - found.len()) as f64 > TOO_MANY_DEGENERATE * all as f64;
    // Values that differ by rounding alone, whatever their unit, are the same.
    let alike = found
        .last()
        .zip(found.first())
        .is_none_or(|(high, low)| high - low <= 1e-14 * high.abs().max(low.abs()));
    if few || alike {
        return row.lacking_interval("percentile", Note::DegenerateResamples);
    }
    let std_error = Some(standard_deviation(&found));
    Estimate { std_error, interval: Some(percentile(&found, level)), ..row }
}

/// The row of a number with its percentile bootstrap interval.
pub(crate) fn resampled(
    row: Estimate,
    n: usize,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
    of: &(dyn Fn(&[u32]) -> Option<f64> + Sync),
) -> Result<Estimate> {
    Ok(with_percentile(row, drawn(n, how, level, progress, of)?, level))
}
