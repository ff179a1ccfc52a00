//! Whether the default interval suits the data.

use ssi_infer::correlate::{Method, correlate};
use ssi_infer::resample::jackknife_z;
use ssi_vocab::{Interval, Level, Paired, Warning};

/// Fewer respondents than this have a jackknife interval that is itself too unsure to cast doubt.
const FEWEST: usize = 30;

/// An end that is off by more than this share of the wider interval is off visibly.
const VISIBLE: f64 = 0.1;

/// A warning where Fisher's interval for r and the jackknife's differ visibly: Fisher's takes the
/// data to be normal, and is too narrow where they are strongly skewed (`tests/COVERAGE.md`).
pub(super) fn fisher(pair: &Paired, group: &Option<String>, level: Level) -> Option<Warning> {
    if pair.n_obs() < FEWEST {
        return None;
    }
    let row = correlate(pair, Method::Pearson, level).ok()?;
    let (fisher, robust) =
        (row.interval?, jackknife_z(pair, Method::Pearson, level).ok()?.interval?);
    let width = |i: &Interval| i.high - i.low;
    let off = (fisher.low - robust.low).abs().max((fisher.high - robust.high).abs());
    (off > VISIBLE * width(&fisher).max(width(&robust))).then(|| Warning::IntervalsDiffer {
        term: row.term,
        group: group.clone(),
        fisher_z: [fisher.low, fisher.high],
        jackknife_z: [robust.low, robust.high],
    })
}
