use crate::Result;
use crate::formula::Modelled;
use crate::model::{Change, derivative};
use crate::regress::{ClusterKind, Clusters, Ols, StandardErrors};
use crate::tails::{t_two_sided, t_upper_quantile};
use ndarray::{Array1, Axis};
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note, PValue, Test};
use std::collections::BTreeSet;

/// The average slope of a curve over the respondents, for each numeric predictor: one number that
/// stands beside the slope of a straight line.
///
/// # Formula
/// n⁻¹ Σ f′(xᵢ) = gᵀb with g the respondents' mean of the columns' derivatives (central differences
/// of fourth order over 2⁻¹⁶ of the range, exact within a piece of a cubic spline and at its knots);
/// standard error √(gᵀVg), interval and test by t with n − k degrees of freedom, or clusters less
/// one. The respondents' values are taken as fixed.
///
/// # Assumptions
/// Those of the errors.
///
/// # Errors
/// Those of [`Ols::clustered`]. CR2, whose degrees of freedom belong to single coefficients, gives a
/// row without standard error.
///
/// # References
/// Härdle and Stoker (1989), doi:10.1080/01621459.1989.10478863.
pub fn average_slopes(
    fit: &Ols,
    model: &Modelled,
    errors: &StandardErrors,
    clusters: Option<&Clusters>,
    level: Level,
) -> Result<Vec<Estimate>> {
    let used: BTreeSet<usize> = model.design.rows.iter().copied().collect();
    let keep: Vec<bool> = model.table.rows().iter().map(|row| used.contains(row)).collect();
    let table = model.table.keep(&keep);
    let (covariance, df) = match (errors, clusters) {
        (StandardErrors::Each(kind), _) => (fit.covariance(*kind), fit.df_residual as f64),
        (StandardErrors::Cluster(ClusterKind::Cr1, _), Some(clusters)) => {
            let found = fit.clustered(clusters, ClusterKind::Cr1)?;
            (Some(found.covariance), clusters.len() as f64 - 1.0)
        }
        _ => (None, 0.0),
    };
    let weights: Array1<f64> = (0..fit.rows.len()).map(|i| fit.weight(i)).collect();
    let mut rows = Vec::new();
    for source in model.recipe.sources().into_iter().filter(|source| source.levels.is_none()) {
        let moved = |value: &Change<'_>| {
            let table = table.clone().with_column(value(table.column(&source.column).ok()?)?);
            let x = model.recipe.matrix(&table.ok()?).ok()?.x;
            (x.dim() == fit.x().dim()).then_some(x)
        };
        let Some(change) = derivative(&moved, &table, &source.column, 16.0) else { continue };
        let change = &change * &weights.view().insert_axis(Axis(1)) / weights.sum();
        let g = change.sum_axis(Axis(0));
        let value = g.dot(&fit.coefficients);
        let mut row = Estimate::new(
            Analysis::Regression,
            "spline",
            format!("ame({})", source.column),
            fit.n_obs,
        );
        row.x = Some(source.column.clone());
        row.y = Some(fit.outcome.clone());
        row.formula = Some(fit.formula.clone());
        row.n_excluded = fit.n_excluded;
        row.vcov = Some(errors.code());
        row.value = Some(value).filter(|v| v.is_finite());
        let s = covariance.as_ref().map(|v| g.dot(&v.dot(&g)).max(0.0).sqrt());
        match s.filter(|s| s.is_finite() && value.is_finite()) {
            Some(s) => {
                let half = t_upper_quantile(level.tail(), df) * s;
                row.std_error = Some(s);
                row.interval = Some(Interval {
                    low: value - half,
                    high: value + half,
                    level,
                    method: "t".to_owned(),
                });
                if s > 0.0 && !fit.perfect {
                    row.test = PValue::new(t_two_sided(value / s, df)).map(|p_value| Test {
                        statistic: Some(value / s),
                        df: Some(df),
                        df2: None,
                        p_value,
                        method: "t".to_owned(),
                        p_holm: None,
                        p_bh: None,
                    });
                } else {
                    row.note = Some(Note::PerfectFit);
                }
            }
            None => row.note = Some(Note::ErrorsUndefined),
        }
        rows.push(row);
    }
    Ok(rows)
}
