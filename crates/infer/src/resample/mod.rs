//! Resampling: intervals from the bootstrap, p-values from permutations.
//!
//! Resample `i` depends on the seed and on `i` alone, through a stream of its own for each block
//! of resamples, so that the result is the same for any number of threads.

pub(crate) mod bca;
mod bootstrap;
mod cluster;
mod cluster_permutation;
mod difference;
pub(crate) mod draws;
mod general;
mod influence;
mod jackknife;
mod jackknife_z;
mod kernel;
mod partial;
mod partial_permutation;
mod permutation;
mod rows;
mod share;
mod signs;
mod studentised;
mod units;

pub(crate) use bca::percentile;
pub(crate) use bootstrap::enough;
pub use bootstrap::{Bootstrap, Bootstrapped, bootstrap_bca, bootstrap_from_draws};
pub use cluster::{ClusteredPair, cluster_bootstrap, cluster_bootstrap_from_draws};
pub use cluster_permutation::cluster_permutation;
pub use difference::{TwoPairs, difference_bootstrap, difference_bootstrap_from_draws};
pub use jackknife_z::jackknife_z;
pub use partial::{ControlledPair, partial_bootstrap, partial_bootstrap_from_draws};
pub use partial_permutation::{partial_permutation, partial_permuted};
pub use permutation::{Permutation, Permuted, permutation, permutation_from_draws};
pub(crate) use rows::{drawn, resampled, with_percentile};
pub use share::covariance_shares;
pub use studentised::{Studentised, studentised, studentised_from_draws};
pub use units::Resampled;

/// Fails where counted respondents are too many to be written out one by one.
pub(crate) fn written_out(found: usize) -> crate::Result<()> {
    const LIMIT: usize = 10_000_000;
    if found <= LIMIT {
        return Ok(());
    }
    let analysis = "an analysis that takes counted respondents one by one";
    Err(crate::Error::TooManyRespondents { analysis, limit: LIMIT, found })
}
