use super::axis::bins;
use crate::regress::{BellMcCaffrey, Covariance, Ols};
use crate::smooth::{SPAN, loess};
use crate::{Result, formula};
use ssi_vocab::drawing::{Axis, Band, Curve, Points, Scatter};
use ssi_vocab::{Column, Interval, Level, Paired, Table};

/// Places along the x axis at which curves and bands are computed.
pub(super) const PLACES: usize = 101;

/// Two variables with a fit: points, fitted curve with its confidence and prediction bands, a
/// smooth curve that may bend, and the margins as histograms.
///
/// The fit is any model of the pair's second variable on its first alone: a straight line, a
/// polynomial, a logarithm. It is evaluated at 101 places over the observed range of x. Bands and
/// the smooth curve are clipped to the y axis, where the outcome can be. Below 20 respondents there
/// is no smooth curve: it would follow single points. `x_step` is the distance
/// of neighbouring tied values of x (0.5 for half points; 0 where x is continuous).
///
/// The bands are those that hold where the spread changes along the line (`tests/COVERAGE.md`): HC3
/// with [`BellMcCaffrey`]'s degrees of freedom, and [`Ols::scaled_intervals`]; where one is undefined, the classical one. The drawing names them.
///
/// # Errors
/// [`crate::Error::Input`] where the model uses a column that the pair does not have,
/// [`crate::Error::WrongWidth`] where it was not fitted to this pair.
///
/// # References
/// The smooth curve is [`loess`]'s.
pub fn scatter(
    pair: &Paired,
    fit: &Ols,
    level: Level,
    x_axis: Axis,
    y_axis: Axis,
    x_step: f64,
    seed: u64,
) -> Result<Scatter> {
    let table = table_of(pair)?;
    let (_, recipe) = formula::model(&table, &fit.formula)?;
    let places = grid(pair.x(), PLACES);
    let numbers = places.iter().copied().map(Ok).collect();
    let rows = (0..places.len()).collect();
    let further = Table::new(vec![Column::number(pair.x_name(), numbers)], rows)?;
    let coded = recipe.matrix(&further)?;
    let x: Vec<f64> = coded.at.iter().map(|i| places[*i]).collect();
    let predicted = fit.predict_rows(&coded, level)?;
    let clip = |v: f64| v.clamp(y_axis.min, y_axis.max);
    let classical: Vec<_> = predicted.iter().map(|p| [p.conf_low, p.conf_high]).collect();
    let normal: Vec<_> = predicted.iter().map(|p| [p.pred_low, p.pred_high]).collect();
    // The better band with its name, or else the plain one with its own.
    let band = |better: Option<Vec<Interval>>, plain: Vec<[f64; 2]>, name: &str| {
        let name = better.as_ref().and_then(|b| b.first()).map_or(name, |i| &i.method).to_owned();
        let ends = better.map(|b| b.into_iter().map(|i| [i.low, i.high]).collect());
        let (low, high) =
            ends.unwrap_or(plain).into_iter().map(|[low, high]| (clip(low), clip(high))).unzip();
        (Band { x: x.clone(), low, high }, name)
    };
    let hc3 = fit.bell_mccaffrey_intervals(coded.x.view(), BellMcCaffrey::Hc3, level)?;
    let scaled = fit.scaled_intervals(coded.x.view(), level)?;
    let (confidence, confidence_method) = band(hc3, classical, Covariance::Classical.code());
    let (prediction, prediction_method) = band(scaled, normal, "t");
    // A smooth curve through fewer than four values of x says no more than the straight one.
    let span = smooth_span(pair).filter(|_| different(pair.x()) >= 4);
    let smooth = span
        .map(|span| loess(pair, span, &places))
        .transpose()?
        .map(|curve| Curve { y: curve.y.into_iter().map(clip).collect(), ..curve });
    Ok(Scatter {
        points: Points { x: pair.x().to_vec(), y: pair.y().to_vec() },
        x_step,
        fit: Curve { x: x.clone(), y: predicted.iter().map(|p| p.fitted).collect() },
        confidence,
        confidence_method,
        prediction,
        prediction_method,
        smooth,
        x_bins: bins(pair.x(), pair.counts(), Some(x_step), x_axis),
        y_bins: bins(pair.y(), pair.counts(), None, y_axis),
        x_axis,
        y_axis,
        seed,
    })
}

/// The span of a smooth curve: all points below 50 respondents, where a narrower one follows single
/// points; no curve below 20.
pub(super) fn smooth_span(pair: &Paired) -> Option<f64> {
    let n: u64 = pair.counts().map_or(pair.x().len() as u64, |counts| counts.iter().sum());
    match n {
        ..20 => None,
        20..50 => Some(1.0),
        _ => Some(SPAN),
    }
}

pub(super) fn table_of(pair: &Paired) -> Result<Table> {
    let column =
        |name: &str, values: &[f64]| Column::number(name, values.iter().copied().map(Ok).collect());
    let columns = vec![column(pair.x_name(), pair.x()), column(pair.y_name(), pair.y())];
    let table = Table::new(columns, (1..=pair.x().len()).collect())?;
    Ok(match pair.counts() {
        Some(counts) => table.with_counts(counts.to_vec())?,
        None => table,
    })
}

/// Evenly spaced places from the smallest value to the largest, both included.
pub(super) fn grid(values: &[f64], places: usize) -> Vec<f64> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let last = (places - 1) as f64;
    (0..places)
        .map(|i| if i + 1 == places { high } else { low + (high - low) * (i as f64 / last) })
        .collect()
}

pub(super) fn different(values: &[f64]) -> usize {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values.len()
}
