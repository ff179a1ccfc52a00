//! How often a predictor stays in when the respondents are drawn anew.

use super::problem::{Problem, Sample};
use crate::resample::draws::Purpose;
use crate::{Error, Result};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use ssi_vocab::Design;

/// Resamples at least: fewer give no share worth the name.
const FEWEST: usize = 20;

/// The share of bootstrap resamples in which each coefficient is not 0, in formula order (an
/// intercept is always in).
///
/// # Formula
/// The elastic net is fitted to respondents drawn with replacement, at the same penalty and share
/// of the lasso: the question is how stable the choice of predictors is, not that of the penalty.
/// Resample `i` depends on the seed and on `i` alone.
///
/// # Errors
/// Those of [`coefficients_at`](super::coefficients_at); [`Error::TooFewResamples`] below 20.
///
/// # References
/// Meinshausen and Bühlmann (2010), doi:10.1111/j.1467-9868.2010.00740.x (who draw halves);
/// Bach (2008), doi:10.1145/1390156.1390161.
pub fn inclusion(
    design: &Design,
    l1_ratio: f64,
    penalty: f64,
    resamples: usize,
    seed: u64,
) -> Result<Vec<f64>> {
    super::coefficients_at(design, l1_ratio, penalty)?;
    if resamples < FEWEST {
        return Err(Error::TooFewResamples { needed: FEWEST, found: resamples });
    }
    let sample = Sample::new(design)?;
    let members = sample.members();
    let one = |resample: usize| -> Vec<bool> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Streams that no assignment to folds takes.
        rng.set_stream(Purpose::Inclusion.first() + resample as u64);
        let drawn: Vec<usize> =
            members.iter().map(|_| members[rng.gen_range(0..members.len())]).collect();
        let problem = Problem::new(&sample, &sample.weights(&drawn), l1_ratio);
        problem.coarse(penalty).into_iter().map(|b| b != 0.0).collect()
    };
    let included: Vec<Vec<bool>> = (0..resamples).into_par_iter().map(one).collect();
    let first = usize::from(design.intercept);
    let share = |j: usize| {
        if j < first {
            return 1.0;
        }
        included.iter().filter(|row| row[j]).count() as f64 / resamples as f64
    };
    Ok((0..design.terms.len()).map(share).collect())
}
