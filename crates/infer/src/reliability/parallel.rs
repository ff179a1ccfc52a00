use super::eigen::{eigenvalues, eigenvectors};
use super::items::{correlations, covariances};
use super::{Items, row};
use crate::resample::Bootstrap;
use crate::resample::draws::{BLOCK, Purpose, Source};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Level, Note, Progress, Stage};

/// Permutations at most: more say no more of a 95th percentile.
const MOST: usize = 2_000;

/// The principal components of some items, beside those of items that have nothing in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// For each component its `eigenvalue` (the items' variances it stands for) and the `parallel`
    /// one that chance exceeds no more often than the level allows; then `components`, how many are
    /// kept.
    pub rows: Vec<Estimate>,
    /// The items' weights in each component: unit vectors, the largest weight positive.
    pub weights: Vec<Vec<f64>>,
}

/// How many dimensions the items have: Horn's parallel analysis of the principal components of
/// their correlations.
///
/// # Formula
/// Eigenvalues of the correlation matrix, against those of the same answers with each item's put in
/// random order: the components are kept up to the first that does not exceed the quantile at the
/// level of the permuted ones (`level` one-sided, as customary). The items keep their own
/// distributions, which normal deviates would not. At most 2,000 permutations.
///
/// # Missing data
/// Respondents who have answered every item.
///
/// # Errors
/// [`ItemError::TooFewItems`](super::ItemError::TooFewItems), fewer than three respondents,
/// [`Error::TooFewResamples`] below 100, [`Error::Interrupted`].
///
/// # References
/// Horn, J. L. (1965), doi:10.1007/BF02289447; Buja, A. & Eyuboglu, N. (1992). Remarks on parallel
/// analysis. doi:10.1207/s15327906mbr2704_2
pub fn parallel(
    items: &Items,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Components> {
    items.checked("parallel analysis", 3)?;
    if how.resamples < 100 {
        return Err(Error::TooFewResamples { needed: 100, found: how.resamples });
    }
    let columns = items.scaled();
    let Some(r) = correlations(&covariances(&columns, None)) else {
        let note = Some(Note::ConstantColumn);
        return Ok(Components {
            rows: vec![Estimate { note, ..row("components", super::ITEMS, items) }],
            weights: Vec::new(),
        });
    };
    let (values, mut weights) = eigenvectors(&r)?;
    for own in &mut weights {
        let largest = own.iter().fold(0.0_f64, |a, v| if v.abs() > a.abs() { *v } else { a });
        own.iter_mut().for_each(|v| *v *= largest.signum());
    }
    let permuted = permuted(&columns, how, progress)?;
    let bound = |place: usize| {
        let mut own: Vec<f64> = permuted.iter().map(|values| values[place]).collect();
        own.sort_unstable_by(f64::total_cmp);
        let at = (level.get() * (own.len() as f64 + 1.0)).floor() as usize;
        own.get(at.clamp(1, own.len().max(1)) - 1).copied()
    };
    let mut rows = Vec::new();
    let mut kept = 0;
    for (place, value) in values.iter().enumerate() {
        let term = format!("component {}", place + 1);
        let of = |method: &str, value: Option<f64>| Estimate {
            value,
            note: value.is_none().then_some(Note::TooFew),
            ..row(method, term.clone(), items)
        };
        let bound = bound(place);
        if kept == place && bound.is_some_and(|bound| *value > bound) {
            kept += 1;
        }
        rows.push(of("eigenvalue", Some(*value)));
        rows.push(of("parallel", bound));
    }
    let mut count = row("components", super::ITEMS, items);
    count.value = Some(kept as f64);
    rows.push(count);
    Ok(Components { rows, weights })
}

/// The eigenvalues of each random order.
fn permuted(
    columns: &[Vec<f64>],
    how: &Bootstrap,
    progress: &dyn Progress,
) -> Result<Vec<Vec<f64>>> {
    let runs = how.resamples.min(MOST);
    let n = columns.first().map_or(0, Vec::len);
    crate::resample::written_out(n)?;
    progress.begin(Stage::Resample, runs as u64);
    let blocks: Result<Vec<Vec<Vec<f64>>>> = (0..runs.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, Purpose::Permutation, block);
            let mut order: Vec<u32> = (0..n as u32).collect();
            let size = BLOCK.min(runs - block * BLOCK);
            let mut found = Vec::with_capacity(size);
            for _ in 0..size {
                let mixed: Vec<Vec<f64>> = columns
                    .iter()
                    .map(|column| {
                        source.shuffle(&mut order);
                        order.iter().map(|i| column[*i as usize]).collect()
                    })
                    .collect();
                if let Some(r) = correlations(&covariances(&mixed, None)) {
                    found.push(eigenvalues(&r)?);
                }
            }
            progress.advance(size as u64);
            Ok(found)
        })
        .collect();
    Ok(blocks?.into_iter().flatten().collect())
}
