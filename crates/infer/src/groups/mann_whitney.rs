use super::order_statistic::Differences;
use super::rank_sum::{EXACT_BELOW, RankSum};
use super::ranked::{Ranked, ties};
use super::{Grouped, Method};
use crate::double_double::DoubleDouble;
use crate::tails::{normal_two_sided, normal_upper_quantile, t_upper_quantile};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};

/// A Mann–Whitney (Wilcoxon rank-sum) comparison of two groups.
#[derive(Debug, Clone)]
pub struct MannWhitney {
    /// How often a value of the first group is above one of the second, ties counting half: U, and
    /// R's W.
    pub u: f64,
    /// U as a share of all pairs.
    pub superiority: f64,
    /// True where the p-value and the interval count the ways to divide the ranks: no ties, and
    /// fewer than 50 respondents in each group.
    pub exact: bool,
    n: [u64; 2],
    /// The variance of U, ties taken into account, and that with the ties within each group only.
    variance: f64,
    variance_within: f64,
    /// Standard error and degrees of freedom of the share of pairs.
    spread: (f64, f64),
    differences: Option<Differences>,
    row: Estimate,
}

/// Mann and Whitney's test: does a value of one group tend to lie above one of the other, and how
/// far are the groups shifted?
///
/// # Formula
/// U counts pairs with x₁ > x₂, ties as one half. Without ties and with fewer than 50 respondents
/// in each group the p-value counts the ways to divide the ranks, else it is that of
/// (|U − mn/2| − ½)/σ with the tie-corrected σ² = mn/12·(N + 1 − Σ(t³ − t)/(N(N − 1))): as R's
/// `wilcox.test`.
///
/// The shift is Hodges and Lehmann's median of all differences x₁ − x₂. Its interval runs between
/// two of the ordered differences: number q and number mn + 1 − q, with q the quantile of U, or
/// ⌈mn/2 − ½ − zσ⌉ with the ties inside the groups in σ, where R searches with a tolerance of 1e-4.
/// No interval where even all differences do not reach the level.
///
/// U/mn is the probability of superiority, with Brunner and Munzel's standard error and t
/// interval, cut at 0 and 1; the rank-biserial correlation is 2U/mn − 1.
///
/// # Assumptions
/// Independent respondents. The shift assumes two distributions of the same shape; U/mn does not.
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out. Capped values rank highest; the shift is
/// then not defined.
///
/// # Errors
/// [`Error::TwoGroups`]; [`Error::Constant`]; [`Error::Magnitude`] where a difference leaves the
/// range of doubles.
///
/// # References
/// Mann, H. B. & Whitney, D. R. (1947). doi:10.1214/aoms/1177730491. Hodges, J. L. & Lehmann, E. L.
/// (1963). doi:10.1214/aoms/1177704172. Bauer, D. F. (1972). doi:10.1080/01621459.1972.10481279.
/// Brunner, E. & Munzel, U. (2000).
/// doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U
///
/// # Example
/// ```
/// use ssi_infer::groups::{Grouped, mann_whitney};
///
/// let groups = Grouped::from_values(
///     "y",
///     "g",
///     &[("a", vec![1.1, 2.2, 3.3, 4.4]), ("b", vec![0.5, 0.7, 1.9])],
/// )?;
/// let test = mann_whitney(&groups)?;
/// assert_eq!((test.u, test.exact), (11.0, true));
/// assert!((test.p_value() - 4.0 / 35.0).abs() < 1e-15);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn mann_whitney(groups: &Grouped) -> Result<MannWhitney> {
    groups.check(Method::MannWhitney)?;
    let ranked = Ranked::new(groups);
    let [m, n] = [ranked.n[0], ranked.n[1]];
    let (x, y) = (&ranked.sizes[0], &ranked.sizes[1]);
    let pairs = i128::from(m) * i128::from(n);
    // A sum of centred ranks is 2U − mn.
    let twice = ranked.sums[0] + pairs;
    let all = (m + n) as f64;
    let variance =
        |ties: i128| pairs as f64 / 12.0 * (all + 1.0 - ties as f64 / (all * (all - 1.0)));
    let both: Vec<u64> = x.iter().zip(y).map(|(a, b)| a + b).collect();
    let tied = ties(&both);
    let differences = if groups.capped().is_some() {
        None
    } else {
        if let (Some(low), Some(high)) = (ranked.values.first(), ranked.values.last())
            && !(high - low).is_finite()
        {
            let largest = low.abs().max(high.abs());
            return Err(Error::Magnitude { column: groups.outcome.clone(), largest });
        }
        Some(Differences::new(&ranked.values, x, y))
    };
    Ok(MannWhitney {
        u: twice as f64 / 2.0,
        superiority: twice as f64 / (2.0 * pairs as f64),
        exact: tied == 0 && m.max(n) < EXACT_BELOW,
        n: [m, n],
        variance: variance(tied),
        variance_within: variance(ties(x) + ties(y)),
        spread: spread(x, y, m, n),
        differences,
        row: groups.row(Method::MannWhitney, Method::MannWhitney.first_term()),
    })
}

/// Brunner and Munzel's standard error of U/mn, and its degrees of freedom.
fn spread(x: &[u64], y: &[u64], m: u64, n: u64) -> (f64, f64) {
    // Variance of the share of the other group below each member of this one.
    let placements = |own: &[u64], own_n: u64, other: &[u64], other_n: u64| {
        let (mut below, mut sum, mut squares) = (0_i128, 0_i128, 0_i128);
        for (own, other) in own.iter().zip(other) {
            let (own, other) = (i128::from(*own), i128::from(*other));
            let twice = 2 * below + other;
            sum += own * twice;
            squares += own * twice * twice;
            below += other;
        }
        // A product of four counts leaves 127 bits where their cubes don't.
        let (n, sum) = (DoubleDouble::from(own_n as f64), DoubleDouble::from_integer(sum));
        let around = f64::from(n * DoubleDouble::from_integer(squares) - sum * sum);
        let variance = around / (4.0 * own_n as f64 * (own_n as f64 - 1.0));
        variance / (own_n as f64 * other_n as f64 * other_n as f64)
    };
    if m.min(n) < 2 {
        return (0.0, 0.0);
    }
    let (a, b) = (placements(x, m, y, n), placements(y, n, x, m));
    let (p, q) = (a / (a + b), b / (a + b));
    let df = 1.0 / (p * p / (m as f64 - 1.0) + q * q / (n as f64 - 1.0));
    ((a + b).sqrt(), df)
}

impl MannWhitney {
    /// The two-sided p-value.
    pub fn p_value(&self) -> f64 {
        if self.exact {
            return RankSum::new(self.n[0], self.n[1]).two_sided(self.u as usize);
        }
        let distance = (self.u - 0.5 * self.pairs() as f64).abs();
        normal_two_sided((distance - 0.5).max(0.0) / self.variance.sqrt())
    }

    fn pairs(&self) -> u128 {
        u128::from(self.n[0]) * u128::from(self.n[1])
    }

    /// Hodges and Lehmann's shift; `None` for a capped outcome.
    pub fn shift(&self) -> Option<f64> {
        let differences = self.differences.as_ref()?;
        let half = self.pairs().div_ceil(2);
        let low = differences.smallest(half);
        if self.pairs() % 2 == 1 {
            return Some(low);
        }
        Some(low + (differences.smallest(half + 1) - low) / 2.0)
    }

    /// The interval of the shift; `None` where the level is out of reach.
    pub fn shift_interval(&self, level: Level) -> Option<Interval> {
        let differences = self.differences.as_ref()?;
        let (place, method) = if self.exact {
            let place = RankSum::new(self.n[0], self.n[1]).quantile(level.tail());
            (place as u128, "exact")
        } else {
            let z = normal_upper_quantile(level.tail());
            let place = 0.5 * self.pairs() as f64 - 0.5 - z * self.variance_within.sqrt();
            (place.ceil().max(0.0) as u128, "normal_corrected")
        };
        (place > 0).then(|| Interval {
            low: differences.smallest(place),
            high: differences.smallest(self.pairs() + 1 - place),
            level,
            method: method.to_owned(),
        })
    }

    /// The shift with its interval and the test, the probability of superiority and the
    /// rank-biserial correlation.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        let mut shift = self.row.clone();
        shift.value = self.shift();
        shift.interval = self.shift_interval(level);
        shift.test = PValue::new(self.p_value()).map(|p_value| Test {
            statistic: Some(self.u),
            df: None,
            df2: None,
            p_value,
            method: if self.exact { "exact" } else { "normal_corrected" }.to_owned(),
            p_holm: None,
            p_bh: None,
        });
        shift.note = match (shift.value, &shift.interval) {
            (None, _) => Some(Note::Capped),
            (_, None) => Some(Note::TooFewForInterval),
            _ => None,
        };
        let mut share = Estimate {
            term: "probability_of_superiority".to_owned(),
            value: Some(self.superiority),
            ..self.row.clone()
        };
        let mut biserial = Estimate {
            term: "rank_biserial".to_owned(),
            value: Some(2.0 * self.superiority - 1.0),
            ..self.row.clone()
        };
        let (std_error, df) = self.spread;
        if std_error > 0.0 {
            let reach = t_upper_quantile(level.tail(), df) * std_error;
            let (low, high) = (self.superiority - reach, self.superiority + reach);
            let (low, high) = (low.max(0.0), high.min(1.0));
            let interval = |low, high| {
                Some(Interval { low, high, level, method: "brunner_munzel".to_owned() })
            };
            (share.std_error, share.interval) = (Some(std_error), interval(low, high));
            biserial.std_error = Some(2.0 * std_error);
            biserial.interval = interval(2.0 * low - 1.0, 2.0 * high - 1.0);
        } else {
            let few = self.n[0].min(self.n[1]) < 2;
            let note = if few { Note::TooFewForInterval } else { Note::Separated };
            (share.note, biserial.note) = (Some(note), Some(note));
        }
        vec![shift, share, biserial]
    }
}
