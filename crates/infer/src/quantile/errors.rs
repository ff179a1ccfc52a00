use super::solve::solved;
use super::{Quantile, quantile};
use crate::Result;
use crate::model::{Cholesky, Fit, ModelError};
use crate::tails::normal_quantile;
use ndarray::{Array1, Array2};
use ssi_vocab::{Design, Estimate, Level};
use std::f64::consts::PI;
use std::str::FromStr;

/// How the covariance of a quantile regression is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantileErrors {
    /// The same density of residuals at 0 for everyone (Koenker and Bassett).
    Iid,
    /// A density for each respondent, from the fits at τ ± h (Hendricks and Koenker).
    Nid,
    /// A density for each respondent, by a kernel over the residuals (Powell).
    Powell,
}

impl QuantileErrors {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Iid, Self::Nid, Self::Powell];

    /// The name in the `vcov` field and after `--se`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Iid => "iid",
            Self::Nid => "nid",
            Self::Powell => "powell",
        }
    }
}

impl FromStr for QuantileErrors {
    type Err = crate::Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.code() == text);
        Ok(found.ok_or_else(|| ModelError::NoSuch {
            model: "quantile",
            option: "--se",
            name: text.to_owned(),
            known: Self::ALL.map(Self::code).to_vec(),
        })?)
    }
}

impl Quantile<'_> {
    /// The coefficients with standard errors, intervals and tests by Student's t with n − p degrees
    /// of freedom.
    ///
    /// # Formula
    /// τ(1 − τ)·D⁻¹(XᵀX)D⁻¹ with D = Σ fᵢxᵢxᵢᵀ and fᵢ the density of the outcome at its quantile.
    /// With the bandwidth h of Hall and Sheather (halved until τ ± h lie in (0, 1)): `iid` takes the
    /// slope of the sorted residuals about 0 for 1/f; `nid` 2h/(xᵢᵀ(b(τ + h) − b(τ − h))), and 0
    /// where the quantiles cross; `powell` the normal kernel of the residual with the width
    /// (Φ⁻¹(τ + h) − Φ⁻¹(τ − h))·min(sd, IQR/1.34). As R's quantreg (`iid`, `nid`, `ker`), but that
    /// its `nid` takes 1.5e-8 outcome units off each difference first.
    ///
    /// # Errors
    /// [`NotConverged`](ModelError::NotConverged). Where D is singular the estimates say so in a
    /// note.
    ///
    /// # References
    /// Koenker (2005), Quantile Regression, sections 3.4 and 4.10, doi:10.1017/CBO9780511754098;
    /// Hendricks and Koenker (1992), doi:10.1080/01621459.1992.10475175; Powell (1991), in
    /// Nonparametric and Semiparametric Methods; Hall and Sheather (1988),
    /// doi:10.1111/j.2517-6161.1988.tb01735.x.
    pub fn estimates(&self, errors: QuantileErrors, level: Level) -> Result<Vec<Estimate>> {
        let mut rows = self.with(errors)?.estimates(level);
        for row in &mut rows {
            row.note = row.note.or(self.note());
            if let Some(interval) = &mut row.interval {
                interval.method = errors.code().to_owned();
            }
        }
        Ok(rows)
    }

    /// The fit with a covariance.
    pub(super) fn with(&self, errors: QuantileErrors) -> Result<Fit> {
        let start = &self.start;
        if matches!(errors, QuantileErrors::Iid | QuantileErrors::Powell) {
            crate::resample::written_out(start.n() as usize)?;
        }
        let of_delta = if start.ols.perfect {
            Some(Array2::zeros((start.k, start.k)))
        } else {
            match errors {
                QuantileErrors::Iid => self.sparsity().map(|s| {
                    Array2::eye(start.k) * (s * s * self.tau * (1.0 - self.tau) / start.n())
                }),
                QuantileErrors::Nid => self.sandwich(&self.densities()?),
                QuantileErrors::Powell => self.sandwich(&self.kernel()),
            }
        };
        let mut fit = self.fit.clone();
        let undefined = || Array2::from_elem((start.k, start.k), f64::INFINITY);
        let covariance = of_delta.map_or_else(undefined, |v| start.covariance(&v));
        fit.covariance = Some(covariance);
        fit.vcov = errors.code().to_owned();
        Ok(fit)
    }

    fn sandwich(&self, density: &[f64]) -> Option<Array2<f64>> {
        let bread = Cholesky::new(&self.start.squares(|i| density[i]))?.inverse();
        Some(bread.dot(&bread) * (self.tau * (1.0 - self.tau) * self.start.n()))
    }

    /// Hall and Sheather's bandwidth for intervals of 95 %.
    fn bandwidth(&self) -> f64 {
        let x = normal_quantile(self.tau);
        let f = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
        let z = normal_quantile(0.975);
        self.start.n().powf(-1.0 / 3.0)
            * z.powf(2.0 / 3.0)
            * (1.5 * f * f / (2.0 * x * x + 1.0)).cbrt()
    }

    /// The bandwidth, halved until τ ± h are quantiles.
    fn inside(&self) -> f64 {
        let mut h = self.bandwidth();
        while self.tau - h <= 0.0 || self.tau + h >= 1.0 {
            h *= 0.5;
        }
        h
    }

    /// 2h by the distance of the quantiles at τ ± h, for each row.
    pub(super) fn densities(&self) -> Result<Vec<f64>> {
        let h = self.inside();
        let at = |tau: f64| -> Result<Vec<f64>> {
            let mut start = self.start.clone();
            solved(&mut start, tau, Some(self.basis.clone()))?;
            Ok(start.residuals)
        };
        let (low, high) = (at(self.tau - h)?, at(self.tau + h)?);
        let density = |(low, high): (&f64, &f64)| {
            let distance = low - high;
            if distance > 0.0 { 2.0 * h / distance } else { 0.0 }
        };
        Ok(low.iter().zip(&high).map(density).collect())
    }

    /// A normal kernel over the residuals, for each row.
    fn kernel(&self) -> Vec<f64> {
        let h = self.inside();
        let sorted = self.respondents();
        let n = sorted.len() as f64;
        let mean = sorted.iter().sum::<f64>() / n;
        let variance = sorted.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / (n - 1.0);
        let quartile = |p: f64| {
            let place = (n - 1.0) * p;
            let (below, share) = (place.floor() as usize, place.fract());
            let above = sorted[(below + 1).min(sorted.len() - 1)];
            sorted[below] + share * (above - sorted[below])
        };
        let spread = variance.sqrt().min((quartile(0.75) - quartile(0.25)) / 1.34);
        let width = (normal_quantile(self.tau + h) - normal_quantile(self.tau - h)) * spread;
        if width <= 0.0 {
            return vec![0.0; self.start.rows()];
        }
        let kernel = |r: &f64| {
            let u = r / width;
            (-0.5 * u * u).exp() / ((2.0 * PI).sqrt() * width)
        };
        self.start.residuals.iter().map(kernel).collect()
    }

    /// The residuals, ascending, one a respondent.
    fn respondents(&self) -> Vec<f64> {
        let rows = self.start.residuals.iter().zip(&self.start.weights);
        let mut out: Vec<f64> =
            rows.flat_map(|(r, w)| std::iter::repeat_n(*r, *w as usize)).collect();
        out.sort_unstable_by(f64::total_cmp);
        out
    }

    /// 1/f at 0: the slope, by a median regression, of the residuals nearest 0 on their rank.
    fn sparsity(&self) -> Option<f64> {
        let mut nearest = self.respondents();
        nearest.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
        let (n, k) = (self.start.n(), self.start.k);
        let zero = nearest.iter().take_while(|r| **r == 0.0).count();
        let wide = ((n * self.bandwidth()).ceil() as usize).max(k + 1);
        let mut used = nearest.get(zero..=wide + zero)?.to_vec();
        used.sort_by(f64::total_cmp);
        let rows = used.len();
        let place = |i: usize| (zero + 1 + i) as f64 / (n - k as f64);
        let x = Array2::from_shape_fn((rows, 2), |(i, j)| if j == 0 { 1.0 } else { place(i) });
        let design = Design {
            formula: "residual ~ rank".to_owned(),
            outcome: "residual".to_owned(),
            terms: vec!["(Intercept)".to_owned(), "rank".to_owned()],
            assign: vec![0, 1],
            intercept: true,
            x: x.into(),
            y: Array1::from_vec(used),
            x_rest: None,
            y_rest: None,
            families: vec![0, 1],
            weights: None,
            rows: (1..=rows).collect(),
            excluded: Vec::new(),
            left_out: 0,
        };
        let slope = quantile(&design, 0.5).ok()?.fit.coefficients[1];
        (slope > 0.0).then_some(slope)
    }
}
