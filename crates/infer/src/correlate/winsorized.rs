use super::Method;
use super::moments::{mean, power_of_two_scale};
use super::robust::{Robust, robust};
use crate::Result;
use crate::double_double::DoubleDouble;
use ssi_vocab::Paired;

/// One in so many values is drawn in at either end: 20 %.
const ONE_IN: usize = 5;

/// The winsorized correlation: Pearson's r after the lowest and the highest fifth of each
/// variable have been drawn in to the nearest value that is left.
///
/// # Formula
/// With g = ⌊.2n⌋, values below the (g + 1)-th smallest become equal to it, values above the
/// (g + 1)-th largest to that. Test: t = r√((n − 2)/(1 − r²)) with n − 2g − 2 degrees of freedom.
/// Standard error and interval as for [`super::biweight`], with those degrees of freedom.
///
/// # Assumptions
/// Respondents are independent. On data like ours the interval covers 94.7, 93.9, 93.8 % at
/// n = 30, 200, 1000, on heavy tails 95.6, 95.3, 94.7 % (Fisher's with n: 92 %) (`tests/oracles/methods_coverage.py`).
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`crate::Error::TooFew`] below three respondents; [`crate::Error::Constant`];
/// [`crate::Error::NoSpread`] where three fifths of a column's values are equal, so that drawing
/// in leaves one value.
///
/// # References
/// Wilcox, R. R. (1993). Some results on a winsorized correlation coefficient.
/// doi:10.1111/j.2044-8317.1993.tb01020.x
///
/// # Example
/// ```
/// use ssi_infer::correlate::winsorized;
/// use ssi_vocab::Paired;
///
/// let pair =
///     Paired::complete("x", &[1.0, 2.0, 3.0, 4.0, 900.0], "y", &[1.0, 3.0, 2.0, 5.0, 6.0])?;
/// let r = winsorized(&pair)?;
/// assert_eq!(r.df, 1.0);
/// assert!(r.r > 0.8);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn winsorized(pair: &Paired) -> Result<Robust> {
    let lost = |n: usize| 2 * (n / ONE_IN);
    robust(pair, Method::Winsorized, "the winsorized correlation", drawn_in, lost)
}

/// The values drawn in, less their mean; `None` where they are then all equal.
pub(crate) fn drawn_in(values: &[f64]) -> Option<Vec<f64>> {
    let n = values.len();
    let cut = n / ONE_IN;
    let mut sorted = values.to_vec();
    let low = *sorted.select_nth_unstable_by(cut, f64::total_cmp).1;
    let high = *sorted.select_nth_unstable_by(n - cut - 1, f64::total_cmp).1;
    if low >= high {
        return None;
    }
    let drawn: Vec<f64> = values.iter().map(|v| v.clamp(low, high)).collect();
    let scale = power_of_two_scale(&drawn);
    let mean = mean(&drawn, None, scale);
    Some(drawn.into_iter().map(|v| f64::from(DoubleDouble::from(v * scale) - mean)).collect())
}
