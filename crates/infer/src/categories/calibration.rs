use crate::model::{Fit, Row, linear, logit, newton, wald};
use crate::smooth::{SPAN, loess};
use ndarray::Array2;
use ssi_vocab::drawing::Curve;
use ssi_vocab::{Estimate, Level, Note, Paired};

/// Whether fitted log-odds are right for respondents that the model has not seen: the intercept
/// and the slope of the outcome on them.
///
/// # Formula
/// Log-odds left out, one Newton step each: ηᵢ − hᵢ(yᵢ − pᵢ)/(wᵢ(1 − hᵢ)), w = p(1 − p). Intercept:
/// a in logit P = a + η (0 is right); slope: b in logit P = a + bη (1 is right, below 1 the model
/// promises too much). With the fitted log-odds themselves maximum likelihood would always give 0
/// and 1, which says nothing.
///
/// # References
/// Cox (1958), doi:10.1093/biomet/45.3-4.562; Pregibon (1981), doi:10.1214/aos/1176345513; Van
/// Calster et al. (2016), doi:10.1016/j.jclinepi.2015.12.005.
pub(super) fn calibration(
    fit: &Fit,
    eta: &[f64],
    hat: &[f64],
    y: &[f64],
    weights: &[f64],
    level: Level,
) -> Vec<Estimate> {
    let left_out: Vec<f64> = (0..y.len())
        .map(|i| {
            let p = logit::logistic(eta[i]);
            eta[i] - hat[i] * (y[i] - p) / (p * logit::logistic(-eta[i]) * (1.0 - hat[i]))
        })
        .collect();
    let mut intercept = fit.row("calibration_intercept");
    let mut slope = fit.row("calibration_slope");
    for (row, wanted) in [(&mut intercept, 0), (&mut slope, 1)] {
        let x = Array2::from_shape_fn((y.len(), wanted + 1), |(i, j)| [1.0, left_out[i]][j]);
        let of = |i: usize, eta: f64| -> Row {
            logit::row(y[i], if wanted == 0 { eta + left_out[i] } else { eta })
        };
        let sound = left_out.iter().all(|v| v.is_finite());
        let top = newton("calibration", vec![0.0; wanted + 1], &mut |b| {
            sound.then(|| linear(&x, weights, b, &of))
        });
        let found = top.ok().and_then(|top| {
            let inverse = logit::inverse(&top.found.information, &top, "calibration").ok()?;
            Some((top.at[wanted], inverse[[wanted, wanted]].sqrt()))
        });
        match found {
            // Beyond this the left-out log-odds tell the outcomes apart.
            Some((value, std_error)) if value.abs() < 1e6 && std_error.is_finite() => {
                row.value = Some(value);
                wald(row, value, std_error, level, "wald");
                row.test = None;
            }
            _ => row.note = Some(Note::NotConverged),
        }
    }
    vec![intercept, slope]
}

/// Places of the smooth calibration curve.
const PLACES: usize = 41;

/// Below so many respondents a smooth curve follows single outcomes.
const FEWEST: f64 = 50.0;

/// The share of events along the expected probability: a LOESS curve of the outcome, cut off at 0
/// and 1. `None` below 50 respondents, or where everyone has the same risk.
///
/// # References
/// Austin and Steyerberg (2014), doi:10.1002/sim.5941.
pub(super) fn smoothed(risks: &[f64], y: &[f64], weights: &[f64]) -> Option<Curve> {
    let counted = (0..y.len()).filter(|i| weights[*i] > 0.0);
    let (low, high) = counted.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), i| {
        (low.min(risks[i]), high.max(risks[i]))
    });
    if weights.iter().sum::<f64>() < FEWEST || high - low < 1e-9 {
        return None;
    }
    let counts = weights.iter().map(|w| *w as u64).collect();
    let (risks, y) = (risks.to_vec(), y.to_vec());
    let pair = Paired::new("expected", risks, "observed", y, Some(counts), Vec::new()).ok()?;
    let last = (PLACES - 1) as f64;
    let place = |i: usize| (low + (high - low) * i as f64 / last).min(high);
    let curve = loess(&pair, SPAN, &(0..PLACES).map(place).collect::<Vec<_>>()).ok()?;
    Some(Curve { y: curve.y.into_iter().map(|v| v.clamp(0.0, 1.0)).collect(), ..curve })
}
