use super::{Cholesky, ModelError};
use ndarray::Array2;

/// A log-likelihood at some parameters, with its derivatives.
#[derive(Debug, Clone)]
pub(crate) struct Derivatives {
    /// The log-likelihood.
    pub(crate) value: f64,
    /// Its gradient.
    pub(crate) gradient: Vec<f64>,
    /// Minus its matrix of second derivatives: the observed (or expected) information.
    pub(crate) information: Array2<f64>,
}

/// Where a log-likelihood is largest.
#[derive(Debug, Clone)]
pub(crate) struct Optimum {
    /// The parameters.
    pub(crate) at: Vec<f64>,
    /// The log-likelihood and its derivatives there.
    pub(crate) found: Derivatives,
    /// Steps taken.
    pub(crate) iterations: usize,
}

impl Optimum {
    /// The largest component of the gradient.
    pub(crate) fn gradient(&self) -> f64 {
        largest(&self.found.gradient)
    }
}

/// Steps at most.
const STEPS: usize = 200;

/// Maximises a smooth log-likelihood by Newton's method with halved steps.
///
/// `at` gives the value and derivatives at some parameters, or nothing outside the domain. Where
/// the information is not positive definite its diagonal is raised (Levenberg) until it is. It
/// ends where another step would change the log-likelihood by less than rounding does.
///
/// # Errors
/// [`ModelError::NotConverged`] with the iterations and the gradient.
pub(crate) fn newton(
    model: &'static str,
    start: Vec<f64>,
    at: &mut dyn FnMut(&[f64]) -> Option<Derivatives>,
) -> Result<Optimum, ModelError> {
    let failed = |iterations, gradient| ModelError::NotConverged { model, iterations, gradient };
    let Some(mut found) = at(&start) else { return Err(failed(0, f64::MAX)) };
    let mut optimum_at = start;
    let mut before = f64::MAX;
    for iterations in 0..STEPS {
        let Some(step) = direction(&found) else {
            return Err(failed(iterations, largest(&found.gradient)));
        };
        let gain: f64 = step.iter().zip(&found.gradient).map(|(s, g)| s * g).sum();
        let size = 1.0 + found.value.abs();
        // Steps that no longer shrink are rounding.
        if gain <= 1e-20 * size || (gain <= 1e-13 * size && gain >= 0.25 * before) {
            return Ok(Optimum { at: optimum_at, found, iterations });
        }
        before = gain;
        // Near the top the sum's own rounding hides whether a step climbs; Newton's step does.
        let slack = if gain <= 1e-9 * size { 1e-13 * size } else { 0.0 };
        let mut length = 1.0;
        let better = loop {
            let trial: Vec<f64> =
                optimum_at.iter().zip(&step).map(|(a, s)| a + length * s).collect();
            match at(&trial) {
                Some(d) if d.value.is_finite() && d.value >= found.value - slack => {
                    break Some((trial, d));
                }
                _ if length < 1e-10 => break None,
                _ => length *= 0.5,
            }
        };
        match better {
            Some((trial, d)) => (optimum_at, found) = (trial, d),
            // No step is better: the rest is rounding, unless the gradient says otherwise.
            None if gain <= 1e-12 * size => {
                return Ok(Optimum { at: optimum_at, found, iterations });
            }
            None => return Err(failed(iterations, largest(&found.gradient))),
        }
    }
    Err(failed(STEPS, largest(&found.gradient)))
}

/// The Newton step, uphill in any case.
fn direction(found: &Derivatives) -> Option<Vec<f64>> {
    if !found.gradient.iter().chain(&found.information).all(|v| v.is_finite()) {
        return None;
    }
    let scale = found.information.diag().iter().fold(0.0_f64, |a, v| a.max(v.abs())).max(1e-300);
    let mut lift = 0.0;
    for _ in 0..60 {
        let mut matrix = found.information.clone();
        matrix.diag_mut().iter_mut().for_each(|v| *v += lift);
        if let Some(factor) = Cholesky::new(&matrix) {
            return Some(factor.solve(&found.gradient));
        }
        lift = if lift == 0.0 { 1e-10 * scale } else { lift * 10.0 };
    }
    None
}

fn largest(gradient: &[f64]) -> f64 {
    gradient.iter().fold(0.0_f64, |a, v| a.max(v.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Poisson with one mean: Σ(y log μ − μ), μ = eᵇ, whose top is at the log of the mean.
    fn poisson(b: &[f64]) -> Option<Derivatives> {
        let (n, sum, mu) = (3.0, 12.0, b[0].exp());
        Some(Derivatives {
            value: sum * b[0] - n * mu,
            gradient: vec![sum - n * mu],
            information: array![[n * mu]],
        })
    }

    #[test]
    fn finds_the_top_from_afar() {
        for start in [-5.0, 0.0, 5.0] {
            let top = newton("poisson", vec![start], &mut poisson);
            let at = top.map(|t| t.at[0]).unwrap_or(f64::NAN);
            assert!((at - 4f64.ln()).abs() < 1e-12, "{start}: {at}");
        }
    }

    #[test]
    fn a_likelihood_without_a_top_does_not_converge() {
        // log-odds under separation: rises for ever.
        let mut rising = |b: &[f64]| {
            let p = 1.0 / (1.0 + (-b[0]).exp());
            Some(Derivatives { value: p.ln(), gradient: vec![1.0], information: array![[1e-3]] })
        };
        let error = newton("rising", vec![0.0], &mut rising).err();
        assert!(matches!(error, Some(ModelError::NotConverged { .. })), "{error:?}");
    }
}
