use super::Method;
use super::robust::{Robust, from_median, robust};
use crate::Result;
use ssi_vocab::Paired;

/// Beyond this many median absolute deviations from the median a value has no weight.
const REACH: f64 = 9.0;

/// The biweight midcorrelation: Pearson's r with weights that fall smoothly to zero for values
/// far from the median.
///
/// # Formula
/// r = Σab / √(Σa² Σb²), a = (x − M)(1 − u²)² for |u| < 1, else 0, u = (x − M)/(9·MAD), with M the
/// median and MAD the median of |x − M| (without the factor 1.4826); b from y alike.
///
/// Test: t = r√((n − 2)/(1 − r²)) with n − 2 degrees of freedom. Standard error from the influence
/// of each respondent, h = uv − r(u² + v²)/2 with u and v the a and b of mean square 1:
/// se² = Σh²/(n(n − 3)); interval tanh(artanh r ± q·se/(1 − r²)), q the t quantile.
///
/// # Assumptions
/// Respondents are independent. On data like ours the interval covers 94.8, 94.9, 95.1 % at
/// n = 30, 200, 1000, on heavy tails 93.3, 94.2, 94.5 %, where Fisher's falls to 91 %
/// (`tests/oracles/methods_coverage.py`).
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`crate::Error::TooFew`] below three respondents; [`crate::Error::Constant`];
/// [`crate::Error::NoSpread`] where half of a column's values are equal, so that the MAD is 0.
///
/// # References
/// Wilcox, R. R. (2012). Introduction to robust estimation and hypothesis testing, 9.3.8.
/// Langfelder, P. & Horvath, S. (2012). Fast R functions for robust correlations and hierarchical
/// clustering. doi:10.18637/jss.v046.i11
///
/// # Example
/// ```
/// use ssi_infer::correlate::biweight;
/// use ssi_vocab::Paired;
///
/// let pair =
///     Paired::complete("x", &[1.0, 2.0, 3.0, 4.0, 900.0], "y", &[1.0, 3.0, 2.0, 5.0, -7.0])?;
/// assert!((biweight(&pair)?.r - 0.5009351038333).abs() < 1e-12);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn biweight(pair: &Paired) -> Result<Robust> {
    robust(pair, Method::Biweight, "the biweight midcorrelation", weighted, |_| 0)
}

/// Deviations from the median times their biweights; `None` where the MAD is 0.
pub(crate) fn weighted(values: &[f64]) -> Option<Vec<f64>> {
    let (mut deviations, mad) = from_median(values);
    let reach = REACH * mad;
    if reach == 0.0 {
        return None;
    }
    for d in &mut deviations {
        let u = *d / reach;
        // (1 − u)(1 + u) keeps its digits next to the end, where the weight vanishes.
        let rest = (1.0 - u) * (1.0 + u);
        *d = if u.abs() < 1.0 { *d * rest * rest } else { 0.0 };
    }
    Some(deviations)
}
