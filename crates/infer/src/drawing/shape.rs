use super::scatter::{PLACES, different, grid, smooth_span, table_of};
use crate::regress::{Covariance, Ols, ols};
use crate::shape::{Direction, Isotonic, isotonic};
use crate::smooth::loess;
use crate::{Result, formula};
use ssi_vocab::drawing::{Axis, Band, Curve, Points, Shape};
use ssi_vocab::{Column, Level, Paired, Table};

/// Two variables with curves that assume less and less of their shape: the straight line, a natural
/// spline with its confidence band, the isotonic steps and, from 20 respondents on, a LOESS curve for
/// display.
///
/// The spline is that of [`formula::smoothed`]; its band is HC3's where that is defined, and the
/// drawing names it. The steps rise, or fall where the straight line does. Curves and band are
/// evaluated over the observed range of x and clipped to the y axis, where the outcome can be.
///
/// # Errors
/// [`crate::model::ModelError::NothingToSmooth`] for a predictor of two or three values, and those of
/// [`ols`] and [`isotonic`].
///
/// # References
/// Harrell (2015), Regression Modeling Strategies, doi:10.1007/978-3-319-19425-7.
pub fn shape(
    pair: &Paired,
    level: Level,
    x_axis: Axis,
    y_axis: Axis,
    x_step: f64,
    seed: u64,
) -> Result<Shape> {
    let table = table_of(pair)?;
    let text = format!("`{}` ~ `{}`", pair.y_name(), pair.x_name());
    let places = grid(pair.x(), PLACES);
    let clip = |v: f64| v.clamp(y_axis.min, y_axis.max);
    let (line, straight, _) = fitted(&table, &text, pair.x_name(), &places, level)?;
    let curved = formula::smoothed(&table, &text)?;
    let (_, spline, band) = fitted(&table, &curved, pair.x_name(), &places, level)?;
    let falls = line.coefficients.last().is_some_and(|slope| *slope < 0.0);
    let direction = if falls { Direction::Falling } else { Direction::Rising };
    let steps = corners(&isotonic(&formula::design(&table, &text)?, direction)?);
    let smooth = smooth_span(pair)
        .filter(|_| different(pair.x()) >= 4)
        .map(|span| loess(pair, span, &places))
        .transpose()?;
    let clipped = |curve: Curve| Curve { y: curve.y.into_iter().map(clip).collect(), ..curve };
    let (band, band_method) = band;
    Ok(Shape {
        points: Points { x: pair.x().to_vec(), y: pair.y().to_vec() },
        x_step,
        straight: clipped(straight),
        spline: clipped(spline),
        band: Band {
            x: band.x,
            low: band.low.into_iter().map(clip).collect(),
            high: band.high.into_iter().map(clip).collect(),
        },
        band_method,
        steps: clipped(steps),
        smooth: smooth.map(clipped),
        x_axis,
        y_axis,
        seed,
    })
}

/// A fit, its curve at some places, and the band with the name of its covariance.
fn fitted(
    table: &Table,
    text: &str,
    x_name: &str,
    places: &[f64],
    level: Level,
) -> Result<(Ols, Curve, (Band, String))> {
    let (design, recipe) = formula::model(table, text)?;
    let fit = ols(&design)?;
    let numbers = places.iter().copied().map(Ok).collect();
    let further = Table::new(vec![Column::number(x_name, numbers)], (0..places.len()).collect())?;
    let coded = recipe.matrix(&further)?;
    let x: Vec<f64> = coded.at.iter().map(|i| places[*i]).collect();
    let predicted = fit.predict_rows(&coded, level)?;
    let robust = fit.mean_intervals(coded.x.view(), Covariance::Hc3, level)?;
    let kind = if robust.is_some() { Covariance::Hc3 } else { Covariance::Classical };
    let (low, high) = match robust {
        Some(band) => band.into_iter().map(|i| (i.low, i.high)).unzip(),
        None => predicted.iter().map(|p| (p.conf_low, p.conf_high)).unzip(),
    };
    let curve = Curve { x: x.clone(), y: predicted.iter().map(|p| p.fitted).collect() };
    Ok((fit, curve, (Band { x, low, high }, kind.code().to_owned())))
}

/// The steps as a line, each level going on until the next step begins.
fn corners(fit: &Isotonic) -> Curve {
    let mut curve = Curve::default();
    for (i, step) in fit.steps.iter().enumerate() {
        let end = fit.steps.get(i + 1).map_or(step.to, |next| next.from);
        curve.x.extend([step.from, end]);
        curve.y.extend([step.level, step.level]);
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(max: f64) -> Axis {
        Axis { min: 0.0, max, step: max / 5.0 }
    }

    fn pair(sign: f64) -> Paired {
        let x: Vec<f64> = (0..40).map(|i| f64::from(i % 11)).collect();
        let y = x.iter().enumerate().map(|(i, x)| 50.0 + sign * (x + (i % 3) as f64)).collect();
        Paired::new("x y", x, "y", y, None, Vec::new()).unwrap()
    }

    #[test]
    fn every_curve_spans_the_range_and_steps_never_turn() {
        for sign in [1.0, -1.0] {
            let s = shape(&pair(sign), Level::DEFAULT, axis(10.0), axis(100.0), 1.0, 1).unwrap();
            let smooth = s.smooth.as_ref().unwrap();
            for curve in [&s.straight, &s.spline, smooth, &s.steps] {
                assert_eq!((curve.x.first(), curve.x.last()), (Some(&0.0), Some(&10.0)));
            }
            assert_eq!((s.band.x.len(), s.band_method.as_str()), (PLACES, "hc3"));
            assert!(s.band.low.iter().zip(&s.spline.y).all(|(low, y)| low < y));
            let turns = s.steps.y.windows(2).filter(|w| sign * (w[1] - w[0]) < 0.0).count();
            assert_eq!(turns, 0);
        }
    }

    #[test]
    fn two_values_have_no_shape() {
        let x = vec![0.0, 1.0, 0.0, 1.0, 1.0, 0.0];
        let y = vec![1.0, 3.0, 2.0, 5.0, 4.0, 1.0];
        let pair = Paired::complete("x", &x, "y", &y).unwrap();
        assert!(shape(&pair, Level::DEFAULT, axis(1.0), axis(10.0), 0.0, 1).is_err());
    }
}
