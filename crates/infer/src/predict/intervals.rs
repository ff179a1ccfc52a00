use super::Point;
use crate::Result;
use crate::model::{Fit, Link, ModelError, Reference};
use crate::regress::{ClusterKind, Clusters, Covariance, Ols, StandardErrors};
use crate::tails::{normal_upper_quantile, t_upper_quantile};
use ndarray::{Array2, ArrayView1, Axis};
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note};

/// Values that an outcome can't go beyond, where they are known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bounds {
    /// The smallest possible outcome.
    pub low: Option<f64>,
    /// The largest possible outcome.
    pub high: Option<f64>,
}

impl Bounds {
    /// The row cut off at the bounds, with a note where that changed it.
    pub fn clip(self, mut row: Estimate) -> Estimate {
        let (low, high) = (self.low.unwrap_or(f64::MIN), self.high.unwrap_or(f64::MAX));
        let mut clipped = false;
        let mut cut = |value: f64| {
            let inside = value.max(low).min(high);
            clipped |= inside != value;
            inside
        };
        row.value = row.value.map(&mut cut);
        if let Some(interval) = &mut row.interval {
            (interval.low, interval.high) = (cut(interval.low), cut(interval.high));
        }
        if clipped {
            row.note = Some(Note::Clipped);
        }
        row
    }
}

/// A row of predictions with nothing but its names and counts.
pub(crate) fn row(
    method: &str,
    formula: &str,
    outcome: &str,
    point: &Point,
    (n_obs, n_excluded): (usize, usize),
) -> Estimate {
    let mut row = Estimate::new(Analysis::Prediction, method, point.chosen.clone(), n_obs);
    row.y = Some(outcome.to_owned());
    row.formula = Some(formula.to_owned());
    row.controls.clone_from(&point.held);
    row.n_excluded = n_excluded;
    row
}

/// What a least-squares model expects at some points: for each the mean with its confidence
/// interval (`mean_t`), then one respondent with his (`prediction_t`).
///
/// # Formula
/// xᵀb ± t·s with s² = xᵀVx for the mean, from the covariance V that is asked for, and s² = σ² +
/// xᵀVx for one respondent; n − k degrees of freedom, or clusters less one, or with
/// [`BellMcCaffrey`](crate::regress::BellMcCaffrey) the mean's own at each point.
///
/// # Assumptions
/// The interval of one respondent takes residuals to be normal with equal spread, whatever V is; a
/// conformal interval ([`conformal`](super::conformal())) takes neither.
///
/// # Errors
/// [`ModelError::Option`] for CR2, whose degrees of freedom belong to coefficients;
/// [`Error::WrongWidth`](crate::Error::WrongWidth).
pub fn of_least_squares(
    fit: &Ols,
    errors: &StandardErrors,
    clusters: Option<&Clusters>,
    points: &[Point],
    level: Level,
    bounds: Bounds,
) -> Result<Vec<Estimate>> {
    let df_residual = fit.df_residual as f64;
    let (covariance, df) = match (errors, clusters) {
        (StandardErrors::Each(Covariance::Classical), _) => (None, df_residual),
        (StandardErrors::Each(kind), _) => (Some(fit.covariance(*kind)), df_residual),
        // Each point has degrees of freedom of its own.
        (StandardErrors::Adjusted(kind), _) => {
            (Some(fit.covariance(kind.covariance())), df_residual)
        }
        (StandardErrors::Cluster(ClusterKind::Cr1, _), Some(clusters)) => {
            let found = fit.clustered(clusters, ClusterKind::Cr1)?;
            (Some(Some(found.covariance)), clusters.len() as f64 - 1.0)
        }
        (StandardErrors::Cluster(..), _) => {
            let instead = "use --se cluster:COLUMN or hc3";
            return Err(ModelError::Option { option: "--at", model: "cr2", instead }.into());
        }
    };
    let df_at = |point: &Point| match errors {
        StandardErrors::Adjusted(kind) => fit.bell_mccaffrey_df_at(*kind, point.x.view()),
        _ => Some(df),
    };
    let t_one = t_upper_quantile(level.tail(), df_residual);
    let mut rows = Vec::with_capacity(2 * points.len());
    for point in points {
        let plain = fit.predict(point.x.view().insert_axis(Axis(0)), level)?[0];
        let counts = (fit.n_obs, fit.n_excluded);
        let mut mean = row(fit.method(), &fit.formula, &fit.outcome, point, counts);
        mean.vcov = Some(errors.code().to_owned());
        mean.value = Some(plain.fitted).filter(|v| v.is_finite());
        let std_error = match &covariance {
            None => Some(plain.std_error),
            Some(v) => v.as_ref().map(|v| reach(v, point.x.view())),
        };
        let t = df_at(point).map(|df| t_upper_quantile(level.tail(), df));
        let mut one = mean.clone();
        let around = |s: f64, t: f64, method: &str| {
            let (low, high) = (plain.fitted - t * s, plain.fitted + t * s);
            let method = method.to_owned();
            (low.is_finite() && high.is_finite()).then_some(Interval { low, high, level, method })
        };
        match (std_error.zip(t), mean.value) {
            (Some((s, t)), Some(_)) => {
                let own = s.hypot(fit.sigma);
                (mean.std_error, one.std_error) = (Some(s), Some(own));
                (mean.interval, one.interval) =
                    (around(s, t, "mean_t"), around(own, t_one, "prediction_t"));
                if fit.perfect {
                    (mean.note, one.note) = (Some(Note::PerfectFit), Some(Note::PerfectFit));
                }
            }
            (_, None) => {
                (mean.note, one.note) = (Some(Note::BeyondRange), Some(Note::BeyondRange));
            }
            (None, _) => (mean.note, one.note) = (Some(Note::LeverageOne), Some(Note::LeverageOne)),
        }
        rows.extend([bounds.clip(mean), bounds.clip(one)]);
    }
    Ok(rows)
}

fn reach(covariance: &Array2<f64>, x: ArrayView1<'_, f64>) -> f64 {
    x.dot(&covariance.dot(&x)).max(0.0).sqrt()
}

/// What another model expects at some points: the mean (for a quantile regression the quantile),
/// with its confidence interval where the model has a covariance.
///
/// # Formula
/// The link's mean of xᵀb ± q·√(xᵀVx): the interval is made on the scale of the linear predictor
/// and carried over; it is called `mean_t` or `mean_normal` where there is no link, `link_t` or
/// `link_normal` where there is. The standard error is by the delta method. Where each coefficient
/// has degrees of freedom of its own, q takes the fewest.
pub fn of_fit(fit: &Fit, points: &[Point], level: Level, bounds: Bounds) -> Vec<Estimate> {
    let (q, [plain, linked]) = match &fit.reference {
        Reference::Normal => (normal_upper_quantile(level.tail()), ["mean_normal", "link_normal"]),
        Reference::T(df) => (t_upper_quantile(level.tail(), *df), ["mean_t", "link_t"]),
        Reference::Each(all) => {
            let fewest = all.iter().copied().fold(f64::MAX, f64::min);
            (t_upper_quantile(level.tail(), fewest), ["mean_t", "link_t"])
        }
    };
    let method = if fit.link == Link::Identity { plain } else { linked };
    let one = |point: &Point| {
        let counts = (fit.n_obs, fit.n_excluded);
        let mut row = row(fit.method, &fit.formula, &fit.outcome, point, counts);
        let eta = point.x.iter().zip(&fit.coefficients).map(|(x, b)| x * b).sum::<f64>();
        let value = fit.link.mean(eta);
        if !value.is_finite() {
            row.note = Some(Note::BeyondRange);
            return row;
        }
        row.value = Some(value);
        let Some(covariance) = &fit.covariance else { return bounds.clip(row) };
        row.vcov = Some(fit.vcov.clone());
        let s = reach(covariance, point.x.view());
        let (low, high) = (fit.link.mean(eta - q * s), fit.link.mean(eta + q * s));
        if low.is_finite() && high.is_finite() {
            row.std_error = Some(s * fit.link.slope(eta));
            row.interval = Some(Interval { low, high, level, method: method.to_owned() });
        } else {
            row.note = Some(Note::ErrorsUndefined);
        }
        let bounds = if fit.link == Link::Identity { bounds } else { Bounds::default() };
        bounds.clip(row)
    };
    points.iter().map(one).collect()
}
