//! One analysis of every completed table, pooled.

use super::{Pooled, pool, pool_scalar};
use crate::correlate::{Pearson, pearson};
use crate::formula::design;
use crate::model::{Fit, Reference};
use crate::regress::{Covariance, ols};
use crate::tails::{t_two_sided, t_upper_quantile};
use crate::{Error, Result};
use ndarray::Array2;
use rayon::prelude::*;
use ssi_vocab::{Design, Estimate, Interval, Level, Note, PValue, Table, Test};

/// A pooled analysis: its rows, and what Rubin's rules say of each; nothing where they don't apply.
#[derive(Debug, Clone)]
pub struct Repeated {
    /// The estimates.
    pub rows: Vec<Estimate>,
    /// Each of them on the scale on which it was pooled.
    pub pooled: Vec<Pooled>,
}

/// Pearson's correlation pooled over completed tables.
///
/// # Formula
/// z = artanh r and its variance 1/(n − 3) of each table by Rubin's rules ([`pool_scalar`], the
/// complete data's degrees of freedom infinite, since z is then normal); the estimate is tanh of the
/// mean, the interval tanh(z ± t·√T), the test z/√T on the same t. The standard error is that of z
/// times 1 − r².
///
/// # Assumptions
/// Those of Fisher's interval, and that the tables are imputations of the same gaps.
///
/// # Errors
/// Those of [`pearson`]; [`Error::Setting`] below two tables.
///
/// # References
/// Rubin (1987), doi:10.1002/9780470316696; van Buuren (2018), section 5.2.2.
pub fn correlation(tables: &[Table], x: &str, y: &str, level: Level) -> Result<Repeated> {
    let found =
        tables.iter().map(|table| pearson(&table.paired(x, y)?)).collect::<Result<Vec<_>>>()?;
    let Some(first) = found.first().filter(|_| found.len() > 1) else {
        let (value, allowed) = (found.len() as f64, "a whole number of at least 2");
        return Err(Error::Setting { name: "imputations", value, allowed });
    };
    let mut row = first.estimate(level);
    (row.std_error, row.interval, row.test, row.note) = (None, None, None, None);
    if found.iter().any(|r| r.r.abs() == 1.0) {
        // Fisher's z of a line is infinite.
        row.value = Some(found.iter().map(|r| r.r).sum::<f64>() / found.len() as f64);
        let row = row.lacking_interval("rubin", Note::PerfectFit);
        return Ok(Repeated { rows: vec![row], pooled: Vec::new() });
    }
    let z: Vec<f64> = found.iter().map(Pearson::z).collect();
    let freedom = first.n_obs.saturating_sub(3);
    if freedom == 0 {
        row.value = Some((z.iter().sum::<f64>() / z.len() as f64).tanh());
        let row = row.lacking_interval("rubin", Note::TooFewForInterval);
        return Ok(Repeated { rows: vec![row], pooled: Vec::new() });
    }
    let variances = vec![1.0 / freedom as f64; z.len()];
    let pooled = pool_scalar(&z, &variances, f64::INFINITY)?;
    let r = pooled.value.tanh();
    let statistic = pooled.value / pooled.std_error;
    let reach = t_upper_quantile(level.tail(), pooled.df) * pooled.std_error;
    row.value = Some(r);
    row.std_error = Some(pooled.std_error * (1.0 - r * r));
    let (low, high) = ((pooled.value - reach).tanh(), (pooled.value + reach).tanh());
    row.interval = Some(Interval { low, high, level, method: "rubin".to_owned() });
    row.test = PValue::new(t_two_sided(statistic, pooled.df)).map(|p_value| Test {
        statistic: Some(statistic),
        df: pooled.df.is_finite().then_some(pooled.df),
        df2: None,
        p_value,
        method: "rubin".to_owned(),
        p_holm: None,
        p_bh: None,
    });
    Ok(Repeated { rows: vec![row], pooled: vec![pooled] })
}

/// Least squares pooled over completed tables.
///
/// # Formula
/// Coefficients and covariances of each table's fit by Rubin's rules ([`pool`]), with the fit's
/// residual degrees of freedom as the complete data's.
///
/// # Errors
/// Those of [`ols`] and of the formula; [`Error::Setting`] below two tables; [`Error::ErrorsOfTest`]
/// where the covariance is not defined.
///
/// # References
/// Rubin (1987), doi:10.1002/9780470316696; Barnard and Rubin (1999), doi:10.1093/biomet/86.4.948.
pub fn regression(
    tables: &[Table],
    formula: &str,
    covariance: Covariance,
    level: Level,
) -> Result<(Repeated, Fit)> {
    type Fitted = (Design, (Vec<f64>, Array2<f64>));
    let one = |table: &Table| -> Result<Fitted> {
        let design = design(table, formula)?;
        let fit = ols(&design)?;
        let found = fit.covariance(covariance).ok_or(Error::ErrorsOfTest {
            test: "imputation",
            errors: covariance.code().to_owned(),
            instead: "use classical, hc0 or hc1",
        })?;
        Ok((design, (fit.coefficients.to_vec(), found)))
    };
    let found = tables.par_iter().map(one).collect::<Result<Vec<_>>>()?;
    let (designs, fits): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let df = designs.first().map_or(0.0, |d| d.n_obs() as f64 - d.terms.len() as f64);
    let (pooled, total) = pool(&fits, df)?;
    let mut fit = Fit::new("ols", &designs[0], pooled.iter().map(|p| p.value).collect());
    fit.covariance = Some(total);
    fit.reference = Reference::Each(pooled.iter().map(|p| p.df).collect());
    fit.vcov = match covariance {
        Covariance::Classical => "rubin".to_owned(),
        other => format!("rubin_{}", other.code()),
    };
    Ok((Repeated { rows: fit.estimates(level), pooled }, fit))
}
