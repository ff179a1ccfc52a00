use super::ranked::Ranked;
use super::{Grouped, Method};
use crate::Result;
use crate::double_double::DoubleDouble;
use crate::tails::chi_squared_sf;
use ssi_vocab::{Estimate, PValue, Test};

/// A Kruskal–Wallis analysis of variance of ranks.
#[derive(Debug, Clone, PartialEq)]
pub struct KruskalWallis {
    /// The statistic, corrected for ties.
    pub h: f64,
    /// Groups less one.
    pub df: f64,
    /// H / (n − 1): the share of the ranks' variance that lies between the groups.
    pub epsilon_squared: f64,
    row: Estimate,
}

/// Kruskal and Wallis's test: does one group tend to hold higher values than another?
///
/// # Formula
/// ε² is η² of the midranks; H = (n − 1)·ε², which is the statistic corrected for ties, against
/// chi-squared with k − 1 degrees of freedom. Rank sums are integers and exact.
///
/// No interval: there is none in closed form.
///
/// # Assumptions
/// Independent respondents. The p-value is an approximation, good from about five respondents a
/// group.
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::Constant`](crate::Error::Constant).
///
/// # References
/// Kruskal, W. H. & Wallis, W. A. (1952). doi:10.2307/2280779. Tomczak, M. & Tomczak, E. (2014).
/// The need to report effect size estimates revisited. *Trends in Sport Sciences*, 1(21), 19–25.
///
/// # Example
/// ```
/// use ssi_infer::groups::{Grouped, kruskal_wallis};
///
/// let groups = Grouped::from_values("y", "g", &[("a", vec![1.0, 2.0]), ("b", vec![3.0, 4.0])])?;
/// assert!((kruskal_wallis(&groups)?.h - 2.4).abs() < 1e-15);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn kruskal_wallis(groups: &Grouped) -> Result<KruskalWallis> {
    groups.check(Method::KruskalWallis)?;
    let ranked = Ranked::new(groups);
    let mut between = DoubleDouble::ZERO;
    for (sum, n) in ranked.sums.iter().zip(&ranked.n) {
        let sum = DoubleDouble::from_integer(*sum);
        between += sum * sum / DoubleDouble::from(*n as f64);
    }
    let share = between / DoubleDouble::from_integer(ranked.squares);
    let rest = groups.n_obs() as f64 - 1.0;
    let row = groups.row(Method::KruskalWallis, Method::KruskalWallis.first_term());
    let df = ranked.n.len() as f64 - 1.0;
    Ok(KruskalWallis {
        h: f64::from(share * rest),
        df,
        epsilon_squared: f64::from(share).min(1.0),
        row,
    })
}

impl KruskalWallis {
    /// ε² with the chi-squared test.
    pub fn estimate(&self) -> Estimate {
        let test = PValue::new(chi_squared_sf(self.h, self.df)).map(|p_value| Test {
            statistic: Some(self.h),
            df: Some(self.df),
            df2: None,
            p_value,
            method: "chi_squared".to_owned(),
            p_holm: None,
            p_bh: None,
        });
        Estimate { value: Some(self.epsilon_squared), test, ..self.row.clone() }
    }
}
