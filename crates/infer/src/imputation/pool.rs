use crate::{Error, Result};
use ndarray::Array2;

/// A coefficient pooled over completed data sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// The mean of the completed data sets' coefficients.
    pub value: f64,
    /// Its standard error, within and between data sets.
    pub std_error: f64,
    /// Degrees of freedom of its t.
    pub df: f64,
    /// By how much the missing values increase the variance, relative to that within.
    pub increase: f64,
    /// The fraction of information that is missing.
    pub missing: f64,
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
    let [first, .., _] = fits else {
        let (value, allowed) = (fits.len() as f64, "a whole number of at least 2");
        return Err(Error::Setting { name: "imputations", value, allowed });
    };
    let (m, k) = (fits.len() as f64, first.0.len());
    let mean: Vec<f64> = (0..k).map(|j| fits.iter().map(|(b, _)| b[j]).sum::<f64>() / m).collect();
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
    let pooled = (0..k).map(|j| {
        let (w, t) = (within[[j, j]], total[[j, j]]);
        let extra = (1.0 + 1.0 / m) * between[[j, j]];
        let share = if t > 0.0 { extra / t } else { 0.0 };
        let observed = (df + 1.0) / (df + 3.0) * df * (1.0 - share);
        let own = 1.0 / (share * share / (m - 1.0) + 1.0 / observed);
        let increase = if w > 0.0 { extra / w } else { 0.0 };
        let missing = (increase + 2.0 / (own + 3.0)) / (increase + 1.0);
        Pooled { value: mean[j], std_error: t.sqrt(), df: own, increase, missing }
    });
    Ok((pooled.collect(), total))
}
