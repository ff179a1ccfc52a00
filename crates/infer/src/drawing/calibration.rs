use super::axis::round_axis;
use crate::regress::Ols;
use crate::tails::t_upper_quantile;
use crate::{Error, Result};
use ssi_vocab::Level;
use ssi_vocab::drawing::{Calibration, CalibrationGroup};

/// As many groups are made at most.
const MOST_GROUPS: usize = 10;

/// Predictions from fits without the respondent against outcomes, in groups of like fitted values:
/// about a tenth of the respondents each, and never fewer than `smallest`. Respondents of the same
/// fitted value stay together.
///
/// # Formula
/// The prediction of respondent i is yᵢ − eᵢ/(1 − hᵢ). R² is 1 − Σ(y − prediction)²/Σ(y − ȳ)², and
/// the intervals of the groups' means are t.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two groups, [`Error::Constant`] where predictions or outcomes do
/// not vary.
///
/// # References
/// Van Calster et al. (2019), doi:10.1186/s12916-019-1466-7.
pub fn calibration(fit: &Ols, smallest: usize, level: Level) -> Result<Calibration> {
    let mut rows: Vec<(f64, f64, f64)> = fit
        .left_out()
        .into_iter()
        .map(|(i, predicted)| (fit.fitted[i], predicted, fit.y()[i]))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let smallest = smallest.max(2);
    let size = rows.len().div_ceil(MOST_GROUPS).max(smallest);
    let mut groups: Vec<Vec<(f64, f64, f64)>> = vec![Vec::new()];
    for (i, row) in rows.iter().enumerate() {
        // Ties that differ by rounding alone stay together too.
        let tied = i > 0 && (row.0 - rows[i - 1].0).abs() <= 1e-9 * row.0.abs();
        if groups.last().is_some_and(|group| group.len() >= size) && !tied {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(*row);
        }
    }
    // What is left at the end joins the group before it.
    if groups.len() > 1 && groups.last().is_some_and(|group| group.len() < smallest) {
        let rest = groups.pop().unwrap_or_default();
        groups.last_mut().into_iter().for_each(|group| group.extend(&rest));
    }
    if groups.len() < 2 {
        let (analysis, needed, found) = ("a calibration", 2 * smallest, rows.len());
        return Err(Error::TooFew { analysis, needed, found });
    }
    let n = rows.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64, f64)) -> f64| rows.iter().map(|r| of(r) / n).sum::<f64>();
    let (x, y) = (mean(&|r| r.1), mean(&|r| r.2));
    let s_xx = mean(&|r| (r.1 - x) * (r.1 - x));
    let s_yy = mean(&|r| (r.2 - y) * (r.2 - y));
    let slope = mean(&|r| (r.1 - x) * (r.2 - y)) / s_xx;
    let square = mean(&|r| (r.2 - r.1) * (r.2 - r.1));
    if !(slope.is_finite() && s_yy > 0.0 && square.is_finite()) {
        return Err(Error::Constant { column: fit.outcome.clone() });
    }
    let groups: Vec<CalibrationGroup> = groups.iter().map(|group| one(group, level)).collect();
    let ends = || groups.iter().flat_map(|g| [g.predicted, g.low, g.high]);
    let low = ends().fold(f64::INFINITY, f64::min);
    let high = ends().fold(f64::NEG_INFINITY, f64::max);
    Ok(Calibration {
        axis: round_axis(low, high, 8),
        groups,
        intercept: y - slope * x,
        slope,
        cv_r_squared: 1.0 - square / s_yy,
        cv_rmse: square.sqrt(),
    })
}

fn one(group: &[(f64, f64, f64)], level: Level) -> CalibrationGroup {
    let n = group.len() as f64;
    let predicted = group.iter().map(|r| r.1 / n).sum::<f64>();
    let observed = group.iter().map(|r| r.2 / n).sum::<f64>();
    let squares: f64 = group.iter().map(|r| (r.2 - observed) * (r.2 - observed)).sum();
    let half = t_upper_quantile(level.tail(), n - 1.0) * (squares / (n - 1.0) / n).sqrt();
    let (low, high) = (observed - half, observed + half);
    CalibrationGroup { predicted, observed, low, high, n_obs: group.len() }
}
