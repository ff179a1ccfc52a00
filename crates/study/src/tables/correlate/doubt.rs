//! Whether the default interval suits the data.

use ssi_infer::correlate::{Method, correlate, full_likelihood};
use ssi_infer::resample::jackknife_z;
use ssi_vocab::{Estimate, Interval, Level, Paired, Warning};

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

/// With fewer respondents than this the delta method's interval of a polyserial correlation is too
/// narrow.
const ENOUGH: usize = 100;

/// The profile-likelihood row beside a polyserial correlation of few respondents, and why it is
/// there (`tests/COVERAGE.md`).
pub(super) fn polyserial(
    pair: &Paired,
    group: &Option<String>,
    level: Level,
) -> Option<(Estimate, Warning)> {
    if pair.n_obs() >= ENOUGH {
        return None;
    }
    let row = full_likelihood(pair, Method::Polyserial).ok()?.profile(level);
    row.interval.as_ref()?;
    let (term, group, n_obs) = (row.term.clone(), group.clone(), row.n_obs);
    Some((row, Warning::FewForDeltaMethod { term, group, n_obs }))
}
