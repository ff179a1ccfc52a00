use super::Quantile;
use super::predicted::Target;
use super::simplex::{Cloud, Stuck, dot};
use super::solve::{optimum, told_apart};
use crate::model::ModelError;
use crate::resample::Bootstrap;
use crate::resample::bca::percentile;
use crate::resample::draws::{BLOCK, Purpose, Source};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Level, Note, Progress, Stage};

/// The share of resamples without coefficients from which there is no interval.
const TOO_MANY_DEGENERATE: f64 = 0.05;

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
    /// [`Error::TooFewResamples`], [`Error::Interrupted`], [`ModelError::NotConverged`].
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
        let needed = (1.0 / level.tail()).ceil() as usize;
        if how.resamples < needed {
            return Err(Error::TooFewResamples { needed, found: how.resamples });
        }
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
        progress.begin(Stage::Resample, how.resamples as u64);
        let blocks: Result<Vec<Vec<Option<Vec<f64>>>>> = (0..how.resamples.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                progress.check()?;
                let mut source = Source::new(how.seed, Purpose::Bootstrap, block);
                let mut drawn = vec![0; who.len()];
                let size = BLOCK.min(how.resamples - block * BLOCK);
                let mut values = Vec::with_capacity(size);
                for _ in 0..size {
                    source.indices(who.len() as u32, &mut drawn);
                    values.push(self.refitted(&apart, drawn.iter().map(|d| who[*d as usize]))?);
                }
                progress.advance(size as u64);
                Ok(values)
            })
            .collect();
        let draws: Vec<Vec<f64>> = blocks?.into_iter().flatten().flatten().collect();
        let degenerate = how.resamples - draws.len();
        let mut estimates = Vec::with_capacity(targets.len());
        for Target { mut row, along, value } in targets {
            let mut column: Vec<f64> = draws.iter().map(|d| value + dot(&along, d)).collect();
            column.sort_unstable_by(f64::total_cmp);
            let few = degenerate as f64 > TOO_MANY_DEGENERATE * how.resamples as f64;
            let constant = column.first() == column.last();
            if few || constant {
                row.note = Some(Note::DegenerateResamples);
                estimates.push(row);
                continue;
            }
            let n = column.len() as f64;
            let mean = column.iter().sum::<f64>() / n;
            let squares: f64 = column.iter().map(|v| (v - mean) * (v - mean)).sum();
            row.std_error = Some((squares / (n - 1.0)).sqrt());
            row.vcov = Some("bootstrap".to_owned());
            row.interval = Some(percentile(&column, level));
            estimates.push(row);
        }
        Ok(QuantileBootstrap { estimates, degenerate })
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
