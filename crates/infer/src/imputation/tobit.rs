//! The imputation model: a normal variable, censored at the cap.

use super::tail::{Draw, Tail};
use crate::model::{Cholesky, Derivatives, ModelError, newton};
use crate::resample::draws::Purpose;
use crate::tails::normal_sf;
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use ssi_vocab::Design;
use std::f64::consts::PI;

/// A fitted model of the logarithms, in standardised predictors and a standardised logarithm.
pub(super) struct Tobit {
    x: Array2<f64>,
    logs: Vec<f64>,
    capped: Vec<usize>,
    /// Mean and spread of the logarithms below the cap.
    unit: (f64, f64),
    /// b/σ, then 1/σ.
    at: Vec<f64>,
    /// L with LLᵀ their information.
    information: Cholesky,
}

/// φ(z)/(1 − Φ(z)), also where both are 0 to a double.
pub(super) fn hazard(z: f64) -> f64 {
    if z > 25.0 {
        // The continued fraction of Mills' ratio, deep enough for all digits here.
        let fraction = (1..=40).rev().fold(z, |rest, k| z + f64::from(k) / rest);
        return fraction;
    }
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt() / normal_sf(z)
}

/// ln(1 − Φ(z)).
fn log_sf(z: f64) -> f64 {
    if z > 25.0 { -0.5 * z * z - 0.5 * (2.0 * PI).ln() - hazard(z).ln() } else { normal_sf(z).ln() }
}

impl Tobit {
    /// Fits the logarithms by the outcome and some of the design's columns.
    pub(super) fn new(
        base: &Design,
        columns: &[usize],
        logs: &[f64],
        censored: &[bool],
    ) -> Result<Self> {
        let n = logs.len();
        let seen: Vec<f64> =
            logs.iter().zip(censored).filter(|(_, c)| !**c).map(|(v, _)| *v).collect();
        let outcome = |i: usize| base.y[i];
        let mut all: Vec<Vec<f64>> = vec![vec![1.0; n]];
        let first = usize::from(base.intercept);
        let own = columns.iter().filter(|j| **j >= first);
        all.extend(own.map(|j| base.x.column(*j).to_vec()).filter_map(|c| standard(&c)));
        all.extend(standard(&(0..n).map(outcome).collect::<Vec<_>>()));
        let k = all.len();
        if seen.len() < k + 2 {
            let analysis = "imputation (values below the cap)";
            return Err(Error::TooFew { analysis, needed: k + 2, found: seen.len() });
        }
        let mean = seen.iter().sum::<f64>() / seen.len() as f64;
        let spread = seen.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / seen.len() as f64;
        let spread = spread.sqrt();
        if spread <= 1e-13 * mean.abs() {
            return Err(Error::Constant { column: "values below the cap".to_owned() });
        }
        let x = Array2::from_shape_fn((n, k), |(i, j)| all[j][i]);
        let y: Vec<f64> = logs.iter().map(|v| (v - mean) / spread).collect();
        let mut start = vec![0.0; k + 1];
        start[k] = 1.0;
        let top = newton("imputation", start, &mut |at| likelihood(&x, &y, censored, at))?;
        let gradient = top.gradient();
        let information =
            Cholesky::new(&top.found.information).ok_or(ModelError::NotConverged {
                model: "imputation",
                iterations: top.iterations,
                gradient,
            })?;
        let capped = (0..n).filter(|i| censored[*i]).collect();
        Ok(Self { x, logs: logs.to_vec(), capped, unit: (mean, spread), at: top.at, information })
    }

    /// Residual standard deviation of the logarithm.
    pub(super) fn sigma(&self) -> f64 {
        self.unit.1 / self.at[self.at.len() - 1]
    }

    /// Parameters from their distribution, and a probability for each capped row.
    pub(super) fn draw(&self, seed: u64, stream: u64) -> Draw {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(Purpose::Imputation.first() + stream);
        let k = self.at.len() - 1;
        let drawn = loop {
            let z: Vec<f64> = (0..=k).map(|_| rng.sample(StandardNormal)).collect();
            let moved = self.information.solve_transposed(&z);
            let drawn: Vec<f64> = self.at.iter().zip(moved).map(|(a, m)| a + m).collect();
            // 1/σ is above 0 by some ten standard errors, unless hardly anything was seen.
            if drawn[k] > 0.0 {
                break drawn;
            }
        };
        let sigma = 1.0 / drawn[k];
        let coefficients = drawn[..k].iter().map(|b| b * sigma).collect();
        // Above 0, so that no value is infinite.
        let uniform = self.capped.iter().map(|_| 1.0 - rng.r#gen::<f64>()).collect();
        Draw { coefficients, sigma, uniform }
    }

    /// The capped rows with their imputed logarithms.
    pub(super) fn imputed(&self, draw: &Draw, tail: Tail) -> Vec<(usize, f64)> {
        let (mean, spread) = self.unit;
        let one = |(row, u): (&usize, &f64)| {
            let expected = self.x.row(*row).dot(&Array1::from(draw.coefficients.clone()));
            let cap = (self.logs[*row] - mean) / spread;
            (*row, mean + spread * tail.beyond(cap, expected, draw.sigma, *u))
        };
        self.capped.iter().zip(&draw.uniform).map(one).collect()
    }
}

/// Mean 0 and mean square 1; nothing for a constant.
fn standard(values: &[f64]) -> Option<Vec<f64>> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let spread = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
    let varies = spread > 1e-13 * mean.abs();
    varies.then(|| values.iter().map(|v| (v - mean) / spread).collect())
}

/// The log-likelihood in Olsen's parameters, in which it is concave.
fn likelihood(x: &Array2<f64>, y: &[f64], censored: &[bool], at: &[f64]) -> Option<Derivatives> {
    let k = x.ncols();
    let h = at[k];
    if h <= 0.0 {
        return None;
    }
    let (mut value, mut gradient) = (0.0, vec![0.0; k + 1]);
    let mut information = Array2::<f64>::zeros((k + 1, k + 1));
    let mut row = vec![0.0; k + 1];
    for (i, y) in y.iter().enumerate() {
        // d(h·y − x·γ): −x by γ, y by h.
        for (j, cell) in row[..k].iter_mut().enumerate() {
            *cell = -x[[i, j]];
        }
        row[k] = *y;
        let z: f64 = row.iter().zip(at).map(|(a, b)| a * b).sum();
        let (slope, curve) = if censored[i] {
            let hazard = hazard(z);
            value += log_sf(z);
            (-hazard, hazard * (hazard - z))
        } else {
            value += h.ln() - 0.5 * z * z - 0.5 * (2.0 * PI).ln();
            gradient[k] += 1.0 / h;
            information[[k, k]] += 1.0 / (h * h);
            (-z, 1.0)
        };
        for a in 0..=k {
            gradient[a] += slope * row[a];
            for b in 0..=k {
                information[[a, b]] += curve * row[a] * row[b];
            }
        }
    }
    value.is_finite().then_some(Derivatives { value, gradient, information })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hazard_goes_on_where_the_tail_is_nothing() {
        let near = hazard(24.999_999);
        let far = hazard(25.000_001);
        assert!((far - near).abs() < 1e-5, "{near} {far}");
        // 1/Mills' ratio at 30, mpmath: 30.033259667433677.
        assert!((hazard(30.0) - 30.033_259_667_433_677).abs() < 1e-12, "{}", hazard(30.0));
        assert!((hazard(0.0) - (2.0 / PI).sqrt()).abs() < 1e-15);
        assert!((log_sf(24.999_999) - log_sf(25.000_001)).abs() < 1e-4);
    }
}
