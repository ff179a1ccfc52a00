//! What Theil and Sen's line expects at chosen values.

use super::TheilSen;
use super::slopes::Slopes;
use super::theil_sen::through_medians;
use crate::predict::{Point, row};
use crate::resample::draws::{BLOCK, Purpose, Source};
use crate::resample::{Bootstrap, percentile};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Level, Note, Progress, Stage};

/// The share of resamples without a line from which there is no interval.
const TOO_MANY_DEGENERATE: f64 = 0.05;

impl TheilSen {
    /// The line at each point, with a percentile interval from a bootstrap of respondents: the line
    /// has no covariance, and Kendall's test speaks of its slope alone.
    ///
    /// # Errors
    /// [`Error::TooFewResamples`], [`Error::Interrupted`].
    ///
    /// # References
    /// Wilcox (2017), Introduction to Robust Estimation and Hypothesis Testing, section 10.1,
    /// doi:10.1016/C2010-0-67044-1.
    pub fn predicted(
        &self,
        points: &[Point],
        how: &Bootstrap,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<Vec<Estimate>> {
        let needed = (1.0 / level.tail()).ceil() as usize;
        if how.resamples < needed {
            return Err(Error::TooFewResamples { needed, found: how.resamples });
        }
        crate::resample::written_out(self.fit.n_obs)?;
        let lines = if points.is_empty() { Vec::new() } else { self.lines(how, progress)? };
        let degenerate = how.resamples - lines.len();
        let fit = &self.fit;
        let one = |point: &Point| {
            let counts = (fit.n_obs, fit.n_excluded);
            let mut row = row(fit.method, &fit.formula, &fit.outcome, point, counts);
            let at = |line: [f64; 2]| line[0] * point.x[0] + line[1] * point.x[1];
            let value = at([fit.coefficients[0], fit.coefficients[1]]);
            row.value = Some(value).filter(|v| v.is_finite());
            let mut draws: Vec<f64> = lines.iter().map(|line| at(*line)).collect();
            draws.sort_unstable_by(f64::total_cmp);
            let few = degenerate as f64 > TOO_MANY_DEGENERATE * how.resamples as f64;
            if row.value.is_none() || draws.iter().any(|v| !v.is_finite()) {
                row.note = Some(Note::BeyondRange);
            } else if few || draws.first() == draws.last() {
                row.note = Some(Note::DegenerateResamples);
            } else {
                let n = draws.len() as f64;
                let mean = draws.iter().sum::<f64>() / n;
                let squares: f64 = draws.iter().map(|v| (v - mean) * (v - mean)).sum();
                row.std_error = Some((squares / (n - 1.0)).sqrt());
                row.vcov = Some("bootstrap".to_owned());
                row.interval = Some(percentile(&draws, level));
            }
            row
        };
        Ok(points.iter().map(one).collect())
    }

    /// The line of each resample that has one.
    fn lines(&self, how: &Bootstrap, progress: &dyn Progress) -> Result<Vec<[f64; 2]>> {
        let who: Vec<u32> = (0..self.points.len())
            .flat_map(|i| std::iter::repeat_n(i as u32, self.points[i].2 as usize))
            .collect();
        progress.begin(Stage::Resample, how.resamples as u64);
        let blocks: Result<Vec<Vec<[f64; 2]>>> = (0..how.resamples.div_ceil(BLOCK))
            .into_par_iter()
            .map(|block| {
                progress.check()?;
                let mut source = Source::new(how.seed, Purpose::Bootstrap, block);
                let mut drawn = vec![0; who.len()];
                let size = BLOCK.min(how.resamples - block * BLOCK);
                let mut lines = Vec::with_capacity(size);
                for _ in 0..size {
                    source.indices(who.len() as u32, &mut drawn);
                    let mut points = self.points.clone();
                    points.iter_mut().for_each(|p| p.2 = 0);
                    for i in &drawn {
                        points[who[*i as usize] as usize].2 += 1;
                    }
                    let slope = Slopes::median_of(&points);
                    lines.extend(slope.map(|slope| [through_medians(&points, slope), slope]));
                }
                progress.advance(size as u64);
                Ok(lines)
            })
            .collect();
        Ok(blocks?.into_iter().flatten().collect())
    }
}
