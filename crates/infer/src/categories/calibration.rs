use crate::model::{Fit, Row, linear, logit, newton, wald};
use ndarray::Array2;
use ssi_vocab::{Estimate, Level, Note};

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
