//! Resampling: intervals from the bootstrap, p-values from permutations.
//!
//! Resample `i` depends on the seed and on `i` alone, through a stream of its own for each block
//! of resamples, so that the result is the same for any number of threads.

mod bca;
mod bootstrap;
mod draws;
mod general;
mod jackknife;
mod kernel;
mod permutation;

pub use bootstrap::{Bootstrap, Bootstrapped, bootstrap_bca, bootstrap_from_draws};
pub use permutation::{Permutation, Permuted, permutation, permutation_from_draws};
