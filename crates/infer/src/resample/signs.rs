//! The test of whether sums of clusters scatter about 0, by changing their signs.

use super::draws::{BLOCK, Purpose, Source};
use super::permutation::Permutation;
use crate::Result;
use rayon::prelude::*;
use ssi_vocab::{PValue, Progress, Stage, Test};

/// All sign changes where they are no more than the permutations asked for, else random ones; see
/// [`super::cluster_permutation`].
pub(super) fn sign_test(
    sums: &[f64],
    how: &Permutation,
    progress: &dyn Progress,
) -> Result<Option<Test>> {
    let norm = sums.iter().map(|s| s * s).sum::<f64>().sqrt();
    if norm == 0.0 {
        // Every cluster's sum is 0: no sign matters.
        return Ok(test(None, 1.0));
    }
    let observed = sums.iter().sum::<f64>() / norm;
    let far = norm * (observed.abs() * (1.0 - 1e-12) - 1e-12);
    let free = sums.len() - 1;
    let all = 1_usize.checked_shl(free as u32).filter(|all| free < 32 && *all <= how.permutations);
    let p = match all {
        Some(all) => {
            let as_far = (0..all)
                .filter(|signs| {
                    let sum: f64 = (sums.iter().enumerate())
                        .map(|(g, s)| if g < free && signs >> g & 1 == 1 { -s } else { *s })
                        .sum();
                    sum.abs() >= far
                })
                .count();
            as_far as f64 / all as f64
        }
        None => (random(sums, far, how, progress)? as f64 + 1.0) / (how.permutations as f64 + 1.0),
    };
    Ok(test(Some(observed), p))
}

/// How many of the random sign changes reach as far.
fn random(sums: &[f64], far: f64, how: &Permutation, progress: &dyn Progress) -> Result<usize> {
    progress.begin(Stage::Resample, how.permutations as u64);
    (0..how.permutations.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            progress.check()?;
            let mut source = Source::new(how.seed, Purpose::Permutation, block);
            let mut signs = vec![0; sums.len()];
            let size = BLOCK.min(how.permutations - block * BLOCK);
            let as_far = (0..size)
                .filter(|_| {
                    source.indices(2, &mut signs);
                    let signed = sums.iter().zip(&signs);
                    let sum: f64 = signed.map(|(s, sign)| if *sign == 1 { -s } else { *s }).sum();
                    sum.abs() >= far
                })
                .count();
            progress.advance(size as u64);
            Ok(as_far)
        })
        .sum()
}

fn test(statistic: Option<f64>, p: f64) -> Option<Test> {
    Some(Test {
        statistic,
        df: None,
        df2: None,
        p_value: PValue::new(p)?,
        method: "cluster_permutation".to_owned(),
        p_holm: None,
        p_bh: None,
    })
}
