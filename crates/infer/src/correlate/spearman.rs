use super::fisher::{artanh, interval_on_z, perfect_interval};
use super::method::{Method, blank};
use super::moments::Moments;
use super::pearson::{check, t_test};
use super::ranks::{Classes, centred_ranks};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note, PValue, Paired, Test};

/// Up to this many respondents without ties the p-value counts permutations.
const EXACT_UP_TO: usize = 9;

/// Spearman's rank correlation of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Spearman {
    /// The coefficient.
    pub rho: f64,
    /// 1 − rho², kept apart because it has digits that `rho` near ±1 has not.
    pub unexplained: f64,
    /// Respondents.
    pub n_obs: usize,
    /// True where no value of either variable occurs twice.
    pub untied: bool,
    blank: Estimate,
}

/// Spearman's correlation: how well any rising or falling curve describes two variables.
///
/// # Formula
/// Pearson's r of the midranks. Test: with up to nine respondents and no ties the exact
/// distribution of S = Σ(rank difference)² over all permutations, two-sided as twice the smaller
/// tail (S is then the statistic); else t = ρ√((n − 2)/(1 − ρ²)) with n − 2 degrees of freedom.
/// Interval after Bonett and Wright: tanh(artanh ρ ± q√((1 + ρ²/2)/(n − 3))). The standard error
/// is that of the interval, (1 − ρ²)√((1 + ρ²/2)/(n − 3)).
///
/// With three respondents there is neither interval nor standard error. Where the ranks agree
/// fully ρ is ±1, the standard error 0, the interval has no width and there is no test by t.
///
/// # Assumptions
/// Respondents are independent. The interval covers 95.2 to 95.9 % on tied data like ours at
/// n = 30, 200, 1000.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] below three respondents; [`Error::Constant`].
///
/// # References
/// Spearman, C. (1904). doi:10.2307/1412159. Bonett, D. G. & Wright, T. A. (2000). Sample size
/// requirements for estimating Pearson, Kendall and Spearman correlations.
/// doi:10.1007/BF02294183
///
/// # Example
/// ```
/// use ssi_infer::correlate::spearman;
/// use ssi_vocab::{Level, Paired};
///
/// let pair = Paired::complete("x", &[1.0, 2.0, 3.0, 4.0], "y", &[1.0, 3.0, 2.0, 50.0])?;
/// let estimate = spearman(&pair)?.estimate(Level::DEFAULT);
/// assert_eq!(estimate.value, Some(0.8));
/// assert_eq!(estimate.test.map(|t| t.p_value.get()), Some(1.0 / 3.0));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn spearman(pair: &Paired) -> Result<Spearman> {
    check(pair, "Spearman's correlation")?;
    let ranks = |values: &[f64]| {
        let classes = Classes::new(values);
        let sizes = classes.sizes(pair.counts());
        let rank = centred_ranks(&sizes);
        let ranks: Vec<f64> = classes.code.iter().map(|c| rank[*c as usize] as f64).collect();
        (ranks, sizes.iter().all(|s| *s <= 1))
    };
    let ((x, x_untied), (y, y_untied)) = (ranks(pair.x()), ranks(pair.y()));
    let undefined = || Error::Constant { column: pair.x_name().to_owned() };
    let moments = Moments::new(&x, &y, pair.counts());
    let (rho, unexplained) = moments.correlation().ok_or_else(undefined)?;
    Ok(Spearman {
        rho,
        unexplained,
        n_obs: pair.n_obs(),
        untied: x_untied && y_untied,
        blank: blank(pair, Method::Spearman),
    })
}

impl Spearman {
    /// The coefficient with its Bonett–Wright interval and its test.
    pub fn estimate(&self, level: Level) -> Estimate {
        let mut estimate = self.blank.clone();
        estimate.value = Some(self.rho);
        let n = self.n_obs as f64;
        let perfect = self.rho.abs() == 1.0;
        estimate.test = if self.untied && self.n_obs <= EXACT_UP_TO {
            self.exact_test()
        } else if perfect {
            None
        } else {
            t_test(self.rho, self.unexplained, n - 2.0)
        };
        if self.n_obs <= 3 {
            estimate.note = Some(Note::TooFewForInterval);
        } else if perfect {
            estimate.std_error = Some(0.0);
            estimate.interval = Some(perfect_interval(self.rho, level, "bonett_wright"));
        } else {
            let se_z = ((1.0 + 0.5 * self.rho * self.rho) / (n - 3.0)).sqrt();
            let z = artanh(self.rho, self.unexplained);
            estimate.std_error = Some(self.unexplained * se_z);
            estimate.interval = Some(interval_on_z(z, se_z, level, "bonett_wright"));
        }
        if perfect {
            estimate.note = Some(Note::PerfectFit);
        }
        estimate
    }

    fn exact_test(&self) -> Option<Test> {
        let n = self.n_obs;
        let largest = n * (n * n - 1) / 3;
        // Without ties ρ = 1 − 2S / largest, where S is even.
        let s = ((1.0 - self.rho) * largest as f64 / 4.0).round() as usize * 2;
        let ways = permutations_by_s(n);
        let all: u64 = ways.iter().sum();
        let tail: u64 = ways[..=s.min(largest - s)].iter().sum();
        Some(Test {
            statistic: Some(s as f64),
            df: None,
            df2: None,
            p_value: PValue::new(2.0 * tail as f64 / all as f64)?,
            method: "exact".to_owned(),
            p_holm: None,
            p_bh: None,
        })
    }
}

/// How many permutations of `n` ranks have each S, from 0 to n(n² − 1)/3.
///
/// Ranks are handed out one place at a time; what matters for the rest is only the set of those
/// already given, so that 2^n sets replace n! permutations.
fn permutations_by_s(n: usize) -> Vec<u64> {
    let length = n * (n * n - 1) / 3 + 1;
    let mut ways = vec![vec![0_u64; length]; 1 << n];
    ways[0][0] = 1;
    for set in 0..(1_usize << n) {
        let place = set.count_ones() as usize;
        let here = std::mem::take(&mut ways[set]);
        for rank in (0..n).filter(|r| set & (1 << r) == 0) {
            let squared = rank.abs_diff(place).pow(2);
            let next = &mut ways[set | (1 << rank)];
            for (s, count) in here.iter().enumerate().filter(|(_, c)| **c > 0) {
                next[s + squared] += count;
            }
        }
        ways[set] = here;
    }
    ways.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_permutations_are_counted() {
        let ways = permutations_by_s(4);
        assert_eq!(ways.iter().sum::<u64>(), 24);
        // S of 1234 is 0; three neighbour swaps have S = 2; S is symmetric about its middle.
        assert_eq!((ways[0], ways[2], ways[20], ways[18]), (1, 3, 1, 3));
    }

    #[test]
    fn full_agreement_of_a_few_keeps_its_exact_test() {
        let values = [1.0, 4.0, 9.0, 16.0, 25.0];
        let pair = Paired::complete("x", &values, "y", &values.map(|v: f64| -v.sqrt())).unwrap();
        let estimate = spearman(&pair).unwrap().estimate(Level::DEFAULT);
        assert_eq!(estimate.value, Some(-1.0));
        assert_eq!(estimate.note, Some(Note::PerfectFit));
        assert_eq!(estimate.test.map(|t| t.p_value.get()), Some(2.0 / 120.0));
    }

    #[test]
    fn the_middle_of_the_distribution_is_certain() {
        let pair = Paired::complete("x", &[1.0, 2.0, 3.0], "y", &[2.0, 3.0, 1.0]).unwrap();
        let test = spearman(&pair).unwrap().estimate(Level::DEFAULT).test;
        assert_eq!(test.map(|t| t.p_value.get()), Some(1.0));
    }
}
