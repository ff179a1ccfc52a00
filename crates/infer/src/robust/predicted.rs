//! What Theil and Sen's line expects at chosen values.

use super::TheilSen;
use super::slopes::Slopes;
use super::theil_sen::through_medians;
use crate::Result;
use crate::predict::{Point, row};
use crate::resample::{Bootstrap, drawn, with_percentile};
use ssi_vocab::{Estimate, Level, Note, Progress};

impl TheilSen {
    /// The line at each point, with a percentile interval from a bootstrap of respondents: the line
    /// has no covariance, and Kendall's test speaks of its slope alone.
    ///
    /// # Errors
    /// [`crate::Error::TooFewResamples`], [`crate::Error::Interrupted`].
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
        let lines = if points.is_empty() { Vec::new() } else { self.lines(how, level, progress)? };
        let fit = &self.fit;
        let one = |point: &Point| {
            let counts = (fit.n_obs, fit.n_excluded);
            let row = row(fit.method, &fit.formula, &fit.outcome, point, counts);
            let at = |line: [f64; 2]| line[0] * point.x[0] + line[1] * point.x[1];
            let value = Some(at([fit.coefficients[0], fit.coefficients[1]]));
            let draws: Vec<Option<f64>> = lines.iter().map(|line| line.map(at)).collect();
            let known = value.iter().chain(draws.iter().flatten()).all(|v| v.is_finite());
            if !known {
                let (value, note) = (value.filter(|v| v.is_finite()), Some(Note::BeyondRange));
                return Estimate { value, note, ..row };
            }
            let row = with_percentile(Estimate { value, ..row }, draws, level);
            let vcov = row.std_error.map(|_| "bootstrap".to_owned());
            Estimate { vcov, ..row }
        };
        Ok(points.iter().map(one).collect())
    }

    /// The line of each resample that has one.
    fn lines(
        &self,
        how: &Bootstrap,
        level: Level,
        progress: &dyn Progress,
    ) -> Result<Vec<Option<[f64; 2]>>> {
        let who: Vec<usize> = (0..self.points.len())
            .flat_map(|i| std::iter::repeat_n(i, self.points[i].2 as usize))
            .collect();
        drawn(who.len(), how, level, progress, &|rows| {
            let mut points = self.points.clone();
            points.iter_mut().for_each(|p| p.2 = 0);
            for i in rows {
                points[who[*i as usize]].2 += 1;
            }
            let slope = Slopes::median_of(&points)?;
            Some([through_medians(&points, slope), slope])
        })
    }
}
