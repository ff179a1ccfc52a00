use crate::{Error, Result};
use ndarray::Array2;

/// A number pooled over completed data sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// The mean over the completed data sets.
    pub value: f64,
    /// Its standard error, within and between data sets.
    pub std_error: f64,
    /// Degrees of freedom of its t; infinite where it is normal.
    pub df: f64,
    /// The mean of the data sets' squared standard errors.
    pub within: f64,
    /// The variance of the value between data sets.
    pub between: f64,
    /// The share of the variance that is due to the missing values.
    pub lambda: f64,
    /// By how much the missing values increase the variance, relative to that within; infinite
    /// where there is none within.
    pub increase: f64,
    /// The fraction of information that is missing.
    pub missing: f64,
}

impl Pooled {
    /// A number that was not imputed.
    pub(super) fn complete(value: f64, variance: f64, df: f64) -> Self {
        let (std_error, within) = (variance.sqrt(), variance);
        Self {
            value,
            std_error,
            df,
            within,
            between: 0.0,
            lambda: 0.0,
            increase: 0.0,
            missing: 0.0,
        }
    }

    /// Rubin's rules from what there is within and between `m` data sets.
    fn new(value: f64, within: f64, between: f64, m: f64, df: f64) -> Self {
        let extra = (1.0 + 1.0 / m) * between;
        let total = within + extra;
        let lambda = if total > 0.0 { extra / total } else { 0.0 };
        // Of infinitely many respondents nothing but the number of data sets limits them.
        let observed =
            if df.is_finite() { (df + 1.0) / (df + 3.0) * df * (1.0 - lambda) } else { df };
        let own = 1.0 / (lambda * lambda / (m - 1.0) + 1.0 / observed);
        let (increase, missing) = if within > 0.0 {
            let increase = extra / within;
            (increase, (increase + 2.0 / (own + 3.0)) / (increase + 1.0))
        } else if extra > 0.0 {
            (f64::INFINITY, 1.0)
        } else {
            (0.0, 2.0 / (own + 3.0))
        };
        let std_error = total.sqrt();
        Self { value, std_error, df: own, within, between, lambda, increase, missing }
    }
}

/// Rubin's rules for one number: its values and squared standard errors in the completed data sets.
///
/// `df` are the degrees of freedom it has without gaps, infinite for one that is then normal, such
/// as Fisher's z. The formula is that of [`pool`].
///
/// # Errors
/// [`Error::Setting`] below two data sets.
///
/// # References
/// Rubin (1987), doi:10.1002/9780470316696, section 3.1; Barnard and Rubin (1999),
/// doi:10.1093/biomet/86.4.948.
///
/// # Example
/// ```
/// use ssi_infer::imputation::pool_scalar;
///
/// let found = pool_scalar(&[2.0, 2.2, 2.4], &[0.1, 0.1, 0.1], f64::INFINITY)?;
/// assert!((found.value - 2.2).abs() < 1e-15);
/// // 0.1 within, 4/3 of 0.04 between.
/// assert!((found.std_error.powi(2) - (0.1 + 0.16 / 3.0)).abs() < 1e-15);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn pool_scalar(values: &[f64], variances: &[f64], df: f64) -> Result<Pooled> {
    let found = values.len().min(variances.len());
    let m = at_least_two(found)?;
    let (values, variances) = (&values[..found], &variances[..found]);
    let value = mean(values);
    let within = variances.iter().sum::<f64>() / m;
    let between = values.iter().map(|v| (v - value).powi(2)).sum::<f64>() / (m - 1.0);
    Ok(Pooled::new(value, within, between, m, df))
}

/// The mean; of equal values exactly that, so that nothing but gaps gives a variance between.
fn mean(values: &[f64]) -> f64 {
    let first = values.first().copied().unwrap_or_default();
    first + values.iter().map(|v| v - first).sum::<f64>() / values.len() as f64
}

/// The number of data sets, of which Rubin's rules need two.
fn at_least_two(found: usize) -> Result<f64> {
    if found < 2 {
        let (value, allowed) = (found as f64, "a whole number of at least 2");
        return Err(Error::Setting { name: "imputations", value, allowed });
    }
    Ok(found as f64)
}

/// Rubin's rules: coefficients and covariance matrices of completed data sets, in one.
///
/// # Formula
/// b = mean of the b_i; T = W + (1 + 1/m)B, with W the mean of their covariances and B the
/// covariance of the b_i (m − 1 in the denominator). With λ = (1 + 1/m)B/T and ν the degrees of
/// freedom of the complete data, the degrees of freedom are 1/(1/ν₁ + 1/ν₂), ν₁ = (m − 1)/λ²,
/// ν₂ = (ν + 1)/(ν + 3)·ν(1 − λ) (Barnard and Rubin). With r = (1 + 1/m)B/W the fraction of missing
/// information is (r + 2/(df + 3))/(r + 1).
///
/// # Errors
/// [`Error::Setting`] below two data sets.
///
/// # References
/// Rubin (1987), doi:10.1002/9780470316696, section 3.1; Barnard and Rubin (1999),
/// doi:10.1093/biomet/86.4.948.
pub fn pool(fits: &[(Vec<f64>, Array2<f64>)], df: f64) -> Result<(Vec<Pooled>, Array2<f64>)> {
    let m = at_least_two(fits.len())?;
    let k = fits[0].0.len();
    let each = |j: usize| mean(&fits.iter().map(|(b, _)| b[j]).collect::<Vec<_>>());
    let mean: Vec<f64> = (0..k).map(each).collect();
    let mut within = Array2::<f64>::zeros((k, k));
    let mut between = Array2::<f64>::zeros((k, k));
    for (b, covariance) in fits {
        within.scaled_add(1.0 / m, covariance);
        for i in 0..k {
            for j in 0..k {
                between[[i, j]] += (b[i] - mean[i]) * (b[j] - mean[j]) / (m - 1.0);
            }
        }
    }
    let total = &within + &(&between * (1.0 + 1.0 / m));
    let one = |j: usize| Pooled::new(mean[j], within[[j, j]], between[[j, j]], m, df);
    Ok(((0..k).map(one).collect(), total))
}
