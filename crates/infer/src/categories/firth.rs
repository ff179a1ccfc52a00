use super::Coded;
use super::logistic::Binary;
use crate::Result;
use crate::model::logit::{self, Logit};
use crate::model::{Cholesky, Derivatives, Errors, Fit, Scaled, frequencies, mirror, newton};
use ndarray::Array2;
use ssi_vocab::{Calibration, Estimate, Level};

/// A logistic regression fitted with Firth's penalty.
#[derive(Debug, Clone)]
pub struct Firth {
    /// Coefficients (log-odds) and fit statistics; the log-likelihood is the penalised one.
    pub fit: Fit,
    /// The level whose probability is modelled.
    pub event: String,
    binary: Binary,
}

/// Logistic regression with Firth's penalty: finite whatever the data, and less biased with few
/// events.
///
/// # Formula
/// b where ℓ(b) + ½ log det XᵀWX is largest, W = diag(p(1 − p)) (Jeffreys' prior), by Newton's
/// method with exact second derivatives. Intervals and tests from the profile of the penalised
/// likelihood, the penalty always that of the full model, as R's logistf; Wald rows from (XᵀWX)⁻¹
/// follow.
///
/// # Assumptions
/// Those of [`logistic`](super::logistic()).
///
/// # Missing data
/// Complete cases.
///
/// # Errors
/// Those of [`logistic`](super::logistic()), but for separation; robust errors are refused, as the
/// penalty belongs to no respondent.
///
/// # References
/// Firth (1993), doi:10.1093/biomet/80.1.27; Heinze and Schemper (2002), doi:10.1002/sim.1047.
pub fn firth(coded: &Coded, errors: &Errors<'_>) -> Result<Firth> {
    const MODEL: &str = "firth";
    if !errors.classical() {
        let instead = "its intervals are those of the penalised likelihood; leave out --se";
        let option = "--se";
        return Err(crate::model::ModelError::Option { option, model: MODEL, instead }.into());
    }
    coded.binary(MODEL)?;
    let design = &coded.modelled.design;
    let weights = frequencies(design, MODEL)?;
    let y = design.y.to_vec();
    logit::sound(design, MODEL)?;
    let scaled = Scaled::new(design, &weights, true);
    let start = vec![0.0; design.terms.len()];
    let at = |b: &[f64]| penalised(&scaled.x, &y, &weights, b);
    let top = newton(MODEL, start, &mut |b| at(b).map(|(d, _)| d))?;
    let Some((_, information)) = at(&top.at) else {
        let (iterations, gradient) = (top.iterations, top.gradient());
        return Err(
            crate::model::ModelError::NotConverged { model: MODEL, iterations, gradient }.into()
        );
    };
    let inverse = logit::inverse(&information, &top, MODEL)?;
    let map = scaled.map(0);
    let covariance = map.dot(&inverse).dot(&map.t());
    let mut fit = logit::filled(MODEL, design, scaled.back(&top.at), covariance, errors);
    fit.glance.iterations = Some(top.iterations);
    fit.glance.gradient = Some(top.gradient());
    fit.glance.df_residual = Some((design.n_obs() - design.terms.len()) as f64);
    fit.glance.log_lik = Some(top.found.value + scaled.log_scale());
    if design.intercept && design.terms.len() > 1 {
        // The model without predictors, under the full model's penalty.
        let mut alone = |b: &[f64]| {
            let mut all = vec![0.0; design.terms.len()];
            all[0] = b[0];
            at(&all).map(|(d, _)| Derivatives {
                value: d.value,
                gradient: vec![d.gradient[0]],
                information: Array2::from_elem((1, 1), d.information[[0, 0]]),
            })
        };
        if let Ok(null) = newton(MODEL, vec![0.0], &mut alone) {
            let df = design.terms.len() - 1;
            fit.glance.checks.push(logit::against_null(top.found.value, null.found.value, df));
        }
    }
    let logit = Logit { scaled, top };
    let coded = coded.clone();
    let binary = Binary { coded, y, weights, logit, information, classical: true, penalised: true };
    binary.finish(&mut fit);
    // The penalty is made for few events.
    fit.warnings.clear();
    Ok(Firth { event: binary.coded.levels[1].clone(), fit, binary })
}

impl Firth {
    /// The coefficients: profile rows of the penalised likelihood, then Wald rows.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        self.binary.estimates(&self.fit, level)
    }

    /// As those of a [logistic regression](super::Logistic::measures).
    pub fn measures(&self, rows: &[Estimate], level: Level) -> Vec<Estimate> {
        self.binary.measures(&self.fit, rows, level)
    }

    /// As that of a [logistic regression](super::Logistic::calibration).
    pub fn calibration(&self, level: Level) -> Calibration {
        self.binary.calibration(&self.fit, level)
    }
}

/// The penalised log-likelihood with its derivatives, and the information XᵀWX without a penalty.
///
/// # Formula
/// With A = (XᵀWX)⁻¹, qᵢ = xᵢᵀAxᵢ, dᵢ = 1 − 2pᵢ and Mⱼ = Σ wᵢdᵢxᵢⱼxᵢxᵢᵀ the penalty's gradient is
/// ½ Σ wᵢqᵢdᵢxᵢⱼ and its second derivatives ½ Σ wᵢqᵢ(dᵢ² − 2pᵢ(1 − pᵢ))xᵢⱼxᵢₗ − ½ tr(AMⱼAMₗ).
pub(super) fn penalised(
    x: &Array2<f64>,
    y: &[f64],
    weights: &[f64],
    b: &[f64],
) -> Option<(Derivatives, Array2<f64>)> {
    let k = b.len();
    let eta = x.dot(&ndarray::ArrayView1::from(b));
    let mut value = 0.0;
    let mut gradient = vec![0.0; k];
    let mut plain = Array2::<f64>::zeros((k, k));
    for (i, line) in x.rows().into_iter().enumerate() {
        let row = logit::row(y[i], eta[i]);
        value += weights[i] * row.value;
        for a in 0..k {
            gradient[a] += weights[i] * row.slope * line[a];
            let part = weights[i] * row.curvature * line[a];
            for c in 0..=a {
                plain[[a, c]] += part * line[c];
            }
        }
    }
    mirror(&mut plain);
    let factor = Cholesky::new(&plain)?;
    let inverse = factor.inverse();
    let half = x.dot(&inverse);
    let mut information = plain.clone();
    let mut third = vec![Array2::<f64>::zeros((k, k)); k];
    for (i, line) in x.rows().into_iter().enumerate() {
        let (p, q) = (logit::logistic(eta[i]), logit::logistic(-eta[i]));
        let (w, d) = (weights[i] * p * q, q - p);
        let wq = w * half.row(i).dot(&line);
        for a in 0..k {
            gradient[a] += 0.5 * wq * d * line[a];
            for c in 0..=a {
                let product = line[a] * line[c];
                information[[a, c]] -= 0.5 * wq * (d * d - 2.0 * p * q) * product;
                for (j, third) in third.iter_mut().enumerate() {
                    third[[a, c]] += w * d * line[j] * product;
                }
            }
        }
    }
    let turned: Vec<Array2<f64>> = third
        .into_iter()
        .map(|mut m| {
            mirror(&mut m);
            inverse.dot(&m)
        })
        .collect();
    for a in 0..k {
        for c in 0..=a {
            let trace: f64 = turned[a].iter().zip(&turned[c].t()).map(|(u, v)| u * v).sum();
            information[[a, c]] += 0.5 * trace;
        }
    }
    mirror(&mut information);
    value += 0.5 * factor.log_determinant();
    value.is_finite().then_some((Derivatives { value, gradient, information }, plain))
}
