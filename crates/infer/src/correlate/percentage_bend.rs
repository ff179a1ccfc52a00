use super::Method;
use super::robust::{Robust, from_median, robust};
use crate::Result;
use crate::double_double::DoubleDouble;
use ssi_vocab::Paired;

/// β: the share of values that may lie beyond the bend.
const BEND: f64 = 0.2;

/// The percentage bend correlation: values beyond the bend, a fifth of them, count as if they
/// stood on it.
///
/// # Formula
/// r = Σab / √(Σa² Σb²), a = (x − φ)/ω cut to [−1, 1]. ω is the ⌊(1 − β)n + ½⌋-th smallest
/// |x − M|, M the median, β = .2; φ = (ω(i₂ − i₁) + Σx)/(n − i₁ − i₂), where i₁ and i₂ values lie
/// more than ω below and above M and the sum is over the others; b from y alike.
///
/// Test: t = r√((n − 2)/(1 − r²)) with n − 2 degrees of freedom. Standard error and interval as
/// for [`super::biweight`].
///
/// # Assumptions
/// Respondents are independent. On data like ours the interval covers 94.2, 94.1, 94.7 % at
/// n = 30, 200, 1000, on heavy tails 93.8, 94.4, 94.7 % (`tests/oracles/methods_coverage.py`).
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`crate::Error::TooFew`] below three respondents; [`crate::Error::Constant`];
/// [`crate::Error::NoSpread`] where four fifths of a column's values are equal.
///
/// # References
/// Wilcox, R. R. (1994). The percentage bend correlation coefficient. doi:10.1007/BF02294395
///
/// # Example
/// ```
/// use ssi_infer::correlate::percentage_bend;
/// use ssi_vocab::Paired;
///
/// let pair =
///     Paired::complete("x", &[1.0, 2.0, 3.0, 4.0, 900.0], "y", &[1.0, 3.0, 2.0, 5.0, 6.0])?;
/// assert!(percentage_bend(&pair)?.r > 0.8);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn percentage_bend(pair: &Paired) -> Result<Robust> {
    robust(pair, Method::PercentageBend, "the percentage bend correlation", bent, |_| 0)
}

/// Values less their centre, in units of ω and cut to ±1; `None` where ω is 0.
pub(crate) fn bent(values: &[f64]) -> Option<Vec<f64>> {
    let (deviations, _) = from_median(values);
    let n = deviations.len();
    let mut sizes: Vec<f64> = deviations.iter().map(|d| d.abs()).collect();
    let place = (((1.0 - BEND) * n as f64 + 0.5) as usize).clamp(1, n);
    let omega = *sizes.select_nth_unstable_by(place - 1, f64::total_cmp).1;
    if omega == 0.0 {
        return None;
    }
    let (mut below, mut above, mut sum) = (0_usize, 0_usize, DoubleDouble::ZERO);
    for d in &deviations {
        // The quotient, not the values, is compared: so does every other program.
        let psi = d / omega;
        if psi < -1.0 {
            below += 1;
        } else if psi > 1.0 {
            above += 1;
        } else {
            sum += DoubleDouble::from(*d);
        }
    }
    sum += DoubleDouble::product(omega, above as f64 - below as f64);
    let centre = sum / DoubleDouble::from((n - below - above) as f64);
    let bend = |d: f64| (f64::from(DoubleDouble::from(d) - centre) / omega).clamp(-1.0, 1.0);
    Some(deviations.into_iter().map(bend).collect())
}
