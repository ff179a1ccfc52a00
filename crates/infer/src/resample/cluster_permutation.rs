use super::cluster::{CLUSTERS, ClusteredPair};
use super::influence::METHODS;
use super::kernel::standardised;
use super::permutation::Permutation;
use super::signs::sign_test;
use crate::correlate::ranks::{Classes, centred_ranks};
use crate::correlate::{KendallOrder, Method};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Progress};

/// The correlation of a pair tested by changing the signs of whole clusters.
///
/// # Formula
/// S is a cluster's sum of (x − x̄)(y − ȳ); of the products of centred midranks for Spearman; of
/// concordant less discordant partners for Kendall. Where the correlation is 0 these sums scatter
/// about 0, and each could as well have the other sign. T = ΣS/√ΣS², which weighs clusters by what
/// they hold, whatever their sizes; p is the share of the sign changes whose |ΣεS| is at least as
/// large. All 2^(G−1) of them where that is no more than the permutations asked for (then there is
/// nothing random), else p = (k + 1)/(B + 1) from B random ones.
///
/// Exchanging whole clusters' values would need clusters of one size; this does not.
///
/// # Assumptions
/// Clusters are independent; respondents within one need not be. With few clusters the sums should
/// scatter about symmetrically, as those of large clusters do. A simulated 5 % test with clusters of
/// 2 to 24 respondents errs in 5.4 to 7.0 % with 8 to 50 of them (the t test, which ignores clusters, in 24 to 32 %) (`tests/oracles/cluster_size.py`). With G clusters p
/// can't be below 2^(1−G): .0625 for 5.
///
/// # Missing data
/// See [`ClusteredPair::new`].
///
/// # Errors
/// Those of the method; [`Error::NotForMethod`]; [`Error::TooFewResamples`] without permutations;
/// [`Error::Interrupted`].
///
/// # References
/// Canay, I. A., Romano, J. P. & Shaikh, A. M. (2017). Randomization tests under an approximate
/// symmetry assumption. doi:10.3982/ECTA13081
pub fn cluster_permutation(
    clustered: &ClusteredPair,
    method: Method,
    how: &Permutation,
    level: Level,
    progress: &dyn Progress,
) -> Result<Estimate> {
    if how.permutations < 1 {
        return Err(Error::TooFewResamples { needed: 1, found: how.permutations });
    }
    let blank = clustered.blank(method, level)?;
    let sums = clustered.sums(scores(clustered, method)?);
    Ok(Estimate { test: sign_test(&sums, how, progress)?, ..blank })
}

/// What each respondent adds to the correlation.
fn scores(clustered: &ClusteredPair, method: Method) -> Result<impl Fn(usize) -> f64 + use<>> {
    let pair = clustered.pair();
    let counts = pair.counts();
    let products = |x: Vec<f64>, y: Vec<f64>| x.into_iter().zip(y).map(|(x, y)| x * y).collect();
    let ranks = |values: &[f64]| -> Vec<f64> {
        let classes = Classes::new(values);
        let ranks = centred_ranks(&classes.sizes(counts));
        let ranks: Vec<f64> = classes.code.iter().map(|c| ranks[*c as usize] as f64).collect();
        standardised(&ranks, counts)
    };
    let scores: Vec<f64> = if method == Method::Pearson {
        products(standardised(pair.x(), counts), standardised(pair.y(), counts))
    } else if method == Method::Spearman {
        products(ranks(pair.x()), ranks(pair.y()))
    } else if method == Method::Kendall {
        let net = KendallOrder::new(pair.x(), pair.y()).net_by_row(counts);
        let n = pair.n_obs() as f64;
        let all: f64 = clustered.sums(|i| net[i] as f64).iter().sum();
        // A pair of respondents belongs to both: the influence of one is twice its net less the
        // mean.
        net.into_iter().map(|net| (2.0 * net as f64 - all / n) / n).collect()
    } else {
        let known = METHODS.map(Method::code).to_vec();
        return Err(Error::NotForMethod { analysis: CLUSTERS, method: method.code(), known });
    };
    Ok(move |i: usize| scores[i])
}

#[cfg(test)]
mod tests {
    use super::super::cluster::tests::table;
    use super::*;
    use ssi_vocab::Quiet;

    #[test]
    fn few_clusters_are_enumerated_and_the_seed_does_not_matter() {
        let clustered =
            ClusteredPair::new(&table(60, 11), "x", "y", "team", Method::Pearson).unwrap();
        let p = |permutations, seed| {
            let how = Permutation { permutations, seed };
            let row =
                cluster_permutation(&clustered, Method::Pearson, &how, Level::DEFAULT, &Quiet);
            row.unwrap().test.unwrap().p_value.get()
        };
        let all = 2_f64.powi(clustered.count() as i32 - 1);
        assert_eq!(p(9999, 1), p(9999, 2));
        assert_eq!((p(9999, 1) * all).fract(), 0.0);
        assert!(p(9999, 1) >= 1.0 / all);
    }

    #[test]
    fn random_signs_come_near_all_of_them() {
        let clustered =
            ClusteredPair::new(&table(80, 37), "x", "y", "team", Method::Pearson).unwrap();
        assert!(clustered.count() > 15, "{}", clustered.count());
        for method in [Method::Pearson, Method::Spearman, Method::Kendall] {
            let p = |permutations| {
                let how = Permutation { permutations, seed: 5 };
                let row = cluster_permutation(&clustered, method, &how, Level::DEFAULT, &Quiet);
                row.unwrap().test.unwrap().p_value.get()
            };
            let (few, all) = (p(20_000), p(1 << 20));
            assert!((few - all).abs() < 0.01, "{method} {few} {all}");
        }
    }
}
