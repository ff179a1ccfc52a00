//! What is not known, imputed many times: gaps in any columns by chained equations, and the values
//! beyond the cap of a capped predictor (`500+`) in a regression, with an indicator of the cap
//! beside them.

mod chained;
mod indicator;
mod pool;
mod repeated;
mod tail;
mod tobit;

pub use chained::{Chained, Filled, Omitted, Visit, chained, total_of};
pub use indicator::{capped_columns, capped_outcome, indicated};
pub use pool::{Pooled, pool, pool_scalar};
pub use repeated::{Repeated, correlation, regression};
pub use tail::Tail;

use crate::formula::{Extras, design, model_with, uses};
use crate::model::{Fit, ModelError, Reference};
use crate::regress::{Covariance, ols};
use crate::{Error, Result};
use indicator::{expanded, filled};
use ndarray::Array2;
use rayon::prelude::*;
use ssi_vocab::{Column, Design, Estimate, Interval, Level, PValue, Table, Test, Weights};
use tail::Draw;
use tobit::Tobit;

/// Imputations at least: Rubin's variance between them rests on their number.
const FEWEST: usize = 2;

/// How values are imputed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Imputation {
    /// How many completed data sets; 20 or more.
    pub imputations: usize,
    /// Seed of the draws.
    pub seed: u64,
    /// Standard errors of each completed data set's fit.
    pub covariance: Covariance,
}

/// A regression whose capped predictor was imputed.
#[derive(Debug, Clone)]
pub struct Imputed {
    /// The pooled fit, with Rubin's covariance and Barnard and Rubin's degrees of freedom.
    pub fit: Fit,
    /// The capped column.
    pub column: String,
    /// How many respondents are capped, of those used.
    pub capped: usize,
    /// How many completed data sets.
    pub imputations: usize,
    /// Residual standard deviation of the column's natural logarithm in the imputation model.
    pub sigma: f64,
    /// Each coefficient, pooled.
    pub pooled: Vec<Pooled>,
    /// The same under other tails beyond the cap.
    pub tails: Vec<(Tail, Vec<Pooled>)>,
    /// The fit with an indicator of the cap instead: the same terms, then the indicator.
    pub indicator: Vec<(String, Pooled)>,
}

/// Least squares with a capped predictor whose values beyond the cap are imputed.
///
/// # Formula
/// The column's natural logarithm is taken to be normal about a linear function of the outcome and
/// of all terms of the formula that don't use it, censored at the cap (a Tobit model, fitted by
/// maximum likelihood). For each imputation the parameters are drawn from their asymptotic normal
/// distribution (in Olsen's parameters b/σ and 1/σ), and each capped value from the
/// truncated lognormal that they give; the regression is fitted, and the fits are pooled by
/// [`pool`]. The outcome belongs in the imputation model: without it slopes come out too small.
///
/// # Assumptions
/// What the data can't show: how the values go on beyond the cap. The fit is therefore repeated
/// with a thinner and a thicker tail ([`Tail`]), and with an indicator of the cap.
///
/// # Missing data
/// Complete cases; a capped value is no gap. Frequency weights are expanded to respondents, each
/// with draws of his own.
///
/// # Errors
/// Those of [`ols`]; [`Error::Unweighted`]; [`ModelError::CappedOutcome`] where the formula has the
/// column on its left; [`ModelError::NotPositive`] for a value without a logarithm;
/// [`Error::TooFew`] where fewer values lie below the cap than the imputation model has parameters;
/// [`Error::Setting`] below 2 imputations, [`ModelError::NotConverged`].
///
/// # References
/// Rubin (1987), doi:10.1002/9780470316696; Barnard and Rubin (1999), doi:10.1093/biomet/86.4.948;
/// Olsen (1978), doi:10.2307/1913242; Moons et al. (2006), doi:10.1016/j.jclinepi.2006.01.009.
pub fn impute(
    table: &Table,
    formula: &str,
    extras: &Extras,
    column: &str,
    settings: &Imputation,
) -> Result<(Imputed, Design)> {
    if settings.imputations < FEWEST {
        let (value, allowed) = (settings.imputations as f64, "a whole number of at least 2");
        return Err(Error::Setting { name: "imputations", value, allowed });
    }
    let name = table.column(column)?.name.clone();
    let used = uses(table, formula, &name)?;
    if used.outcome {
        return Err(ModelError::CappedOutcome { column: name }.into());
    }
    let (with_caps, _) = filled(table, &name)?;
    let first = model_with(&with_caps, formula, extras)?;
    if let Some(weights @ (Weights::Analytic(_) | Weights::Probability(_))) = &first.design.weights
    {
        return Err(Error::Unweighted { analysis: "imputation", kind: weights.kind() });
    }
    // The rows that have weights, a row a respondent, numbered from 0; the caps go with them.
    let (kept, capped) = filled(&expanded(table, &first.table)?, &name)?;
    let base = design(&kept, formula)?;
    let values: Vec<f64> =
        kept.column(&name)?.numbers()?.iter().map(|v| v.unwrap_or(1.0)).collect();
    if let Some(row) = base.rows.iter().find(|row| values[**row] <= 0.0) {
        let (row, value) = (first.table.rows().get(*row).copied().unwrap_or(*row), values[*row]);
        return Err(ModelError::NotPositive { column: name, row, value }.into());
    }
    let logs: Vec<f64> = base.rows.iter().map(|row| values[*row].ln()).collect();
    let censored: Vec<bool> = base.rows.iter().map(|row| capped[*row]).collect();
    let own = |j: &usize| base.assign[*j].checked_sub(1).is_some_and(|term| used.terms[term]);
    let others: Vec<usize> = (0..base.terms.len()).filter(|j| !own(j)).collect();
    let tobit = Tobit::new(&base, &others, &logs, &censored)?;
    let draws: Vec<Draw> = (0..settings.imputations)
        .into_par_iter()
        .map(|i| tobit.draw(settings.seed, i as u64))
        .collect();
    let complete = |tail: Tail| -> Result<Vec<(Vec<f64>, Array2<f64>)>> {
        draws
            .par_iter()
            .map(|draw| {
                let mut cells: Vec<_> = values.iter().copied().map(Ok).collect();
                for (place, log) in tobit.imputed(draw, tail) {
                    cells[base.rows[place]] = Ok(log.exp());
                }
                let table = kept.clone().with_column(Column::number(&*name, cells))?;
                let fit = ols(&design(&table, formula)?)?;
                let errors = settings.covariance;
                let covariance = fit.covariance(errors).ok_or(Error::ErrorsOfTest {
                    test: "imputation",
                    errors: errors.code().to_owned(),
                    instead: "use classical, hc0 or hc1",
                })?;
                Ok((fit.coefficients.to_vec(), covariance))
            })
            .collect()
    };
    let df = (base.n_obs() - base.terms.len()) as f64;
    let main = complete(Tail::LogNormal)?;
    let (pooled, covariance) = pool(&main, df)?;
    let tails = Tail::OTHERS
        .into_iter()
        .map(|tail| Ok((tail, pool(&complete(tail)?, df)?.0)))
        .collect::<Result<Vec<_>>>()?;

    let mut fit = Fit::new("ols", &first.design, pooled.iter().map(|p| p.value).collect());
    fit.covariance = Some(covariance);
    fit.reference = Reference::Each(pooled.iter().map(|p| p.df).collect());
    fit.vcov = match settings.covariance {
        Covariance::Classical => "rubin".to_owned(),
        other => format!("rubin_{}", other.code()),
    };
    let capped = censored.iter().filter(|c| **c).count();
    let indicator = indicator::fit(table, formula, extras, &name, settings.covariance)?;
    fit.glance.weights = first.design.weights.as_ref().map(|w| w.kind().to_owned());
    let imputations = settings.imputations;
    let sigma = tobit.sigma();
    let imputed =
        Imputed { fit, column: name, capped, imputations, sigma, pooled, tails, indicator };
    Ok((imputed, first.design))
}

impl Imputed {
    /// How many values were imputed, how much of each coefficient's information is missing, and
    /// what the coefficients are under other tails and with an indicator of the cap.
    pub fn measures(&self, level: Level) -> Vec<Estimate> {
        let plain = |term: String, value: f64| {
            let mut row = self.fit.row(&term);
            row.value = Some(value);
            row
        };
        let mut rows = vec![
            plain(format!("capped({})", self.column), self.capped as f64),
            plain("imputations".to_owned(), self.imputations as f64),
            plain(format!("sigma(log({}))", self.column), self.sigma),
        ];
        for (term, pooled) in self.fit.terms.iter().zip(&self.pooled) {
            rows.push(plain(format!("fmi({term})"), pooled.missing));
        }
        let row = |term: String, x: &String, pooled: &Pooled| {
            let mut row = plain(term, pooled.value);
            row.x = Some(x.clone());
            if pooled.std_error <= 0.0 {
                return row;
            }
            let half = crate::tails::t_upper_quantile(level.tail(), pooled.df) * pooled.std_error;
            let (low, high) = (pooled.value - half, pooled.value + half);
            row.std_error = Some(pooled.std_error);
            row.interval = Some(Interval { low, high, level, method: "t".to_owned() });
            let statistic = pooled.value / pooled.std_error;
            row.test = PValue::new(crate::tails::t_two_sided(statistic, pooled.df)).map(|p| Test {
                statistic: Some(statistic),
                df: Some(pooled.df),
                df2: None,
                p_value: p,
                method: "t".to_owned(),
                p_holm: None,
                p_bh: None,
            });
            row
        };
        for (tail, pooled) in &self.tails {
            for (term, pooled) in self.fit.terms.iter().zip(pooled) {
                rows.push(row(format!("{term} [{}]", tail.code()), term, pooled));
            }
        }
        for (term, pooled) in &self.indicator {
            rows.push(row(format!("{term} [indicator]"), term, pooled));
        }
        rows
    }
}
