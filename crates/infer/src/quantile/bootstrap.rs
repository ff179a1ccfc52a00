use super::Quantile;
use super::predicted::Target;
use super::simplex::{Cloud, Stuck, dot};
use super::solve::{optimum, told_apart};
use crate::Result;
use crate::model::ModelError;
use crate::resample::{Bootstrap, drawn, enough, with_percentile};
use ssi_vocab::{Estimate, Level, Progress};

/// A bootstrapped quantile regression.
#[derive(Debug, Clone)]
pub struct QuantileBootstrap {
    /// The coefficients with percentile intervals and the standard deviations of the resamples.
    pub estimates: Vec<Estimate>,
    /// Resamples that did not tell all coefficients.
    pub degenerate: usize,
}

impl Quantile<'_> {
    /// The coefficients with percentile intervals from a bootstrap of respondents.
    ///
    /// # Formula
    /// Respondents are drawn with replacement, predictors and outcome together (the xy bootstrap),
    /// and the regression fitted anew; the interval runs between the quantiles of the resamples'
    /// coefficients, and the standard error is their standard deviation. Resamples that don't tell
    /// all coefficients are dropped and counted; from one in twenty there is no interval.
    ///
    /// # Assumptions
    /// Respondents are independent; their spread may differ.
    ///
    /// # Errors
    /// [`crate::Error::TooFewResamples`], [`crate::Error::Interrupted`],
    /// [`ModelError::NotConverged`].
    ///
    /// # References
    /// Efron (1979), doi:10.1214/aos/1176344552; Koenker (2005), section 3.9,
    /// doi:10.1017/CBO9780511754098.
    pub fn bootstrap(
        &self,
        how: &Bootstrap,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<QuantileBootstrap> {
        self.resampled(how, level, self.coefficients(level), progress)
    }

    /// The targets' rows with their intervals.
    pub(super) fn resampled(
        &self,
        how: &Bootstrap,
        level: Level,
        targets: Vec<Target>,
        progress: &dyn Progress,
    ) -> Result<QuantileBootstrap> {
        enough(how.resamples, level)?;
        let start = &self.start;
        if start.ols.perfect {
            let estimates = targets.into_iter().map(|target| target.row).collect();
            return Ok(QuantileBootstrap { estimates, degenerate: 0 });
        }
        crate::resample::written_out(start.n() as usize)?;
        let who: Vec<u32> = (0..start.rows())
            .flat_map(|i| std::iter::repeat_n(i as u32, start.weights[i] as usize))
            .collect();
        let apart = told_apart(&start.residuals, 1e-10);
        let draws = drawn(who.len(), how, level, progress, &|rows| {
            self.refitted(&apart, rows.iter().map(|i| who[*i as usize]))
        })?;
        let draws = draws.into_iter().collect::<Result<Vec<Option<Vec<f64>>>>>()?;
        let degenerate = draws.iter().filter(|draw| draw.is_none()).count();
        let one = |Target { row, along, value }: Target| {
            let values = draws.iter().map(|draw| Some(value + dot(&along, draw.as_ref()?)));
            let row = with_percentile(row, values, level);
            let vcov = row.std_error.map(|_| "bootstrap".to_owned()).or(row.vcov);
            Estimate { vcov, ..row }
        };
        Ok(QuantileBootstrap { estimates: targets.into_iter().map(one).collect(), degenerate })
    }

    /// δ of a resample; `None` where it does not tell all coefficients.
    fn refitted(
        &self,
        apart: &[f64],
        drawn: impl Iterator<Item = u32>,
    ) -> Result<Option<Vec<f64>>> {
        let start = &self.start;
        let mut counts = vec![0.0; start.rows()];
        drawn.for_each(|i| counts[i as usize] += 1.0);
        let rows: Vec<usize> = (0..counts.len()).filter(|i| counts[*i] > 0.0).collect();
        let q: Vec<f64> = rows.iter().flat_map(|i| start.row(*i)).copied().collect();
        let w: Vec<f64> = rows.iter().map(|i| counts[*i]).collect();
        let y = rows.iter().map(|i| apart[*i]).collect();
        let cloud = Cloud { k: start.k, q: &q, y, w: &w };
        let mut iterations = 0;
        match optimum(&cloud, self.tau, None, &mut iterations) {
            Ok(vertex) => {
                let k = start.k;
                let exact = |m: usize| start.residuals[rows[vertex.basis[m]]];
                let delta = (0..k)
                    .map(|a| (0..k).map(|m| vertex.inverse[a * k + m] * exact(m)).sum())
                    .collect();
                Ok(Some(delta))
            }
            Err(Stuck::Singular) => Ok(None),
            Err(Stuck::Steps) => {
                let model = "quantile";
                Err(ModelError::NotConverged { model, iterations, gradient: f64::MAX }.into())
            }
        }
    }
}
