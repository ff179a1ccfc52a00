use super::Robust;
use super::loss::Loss;
use super::reweighted::{Scale, reweighted};
use crate::Result;
use crate::model::{Cholesky, Fit, Kind, ModelError, Reference, Start};
use ndarray::Array2;
use ssi_vocab::Design;
use std::str::FromStr;

/// How the covariance of an M-estimator is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RobustErrors {
    /// Equal spread, as the summary of R's `rlm`.
    #[default]
    Classical,
    /// A sandwich that lets the spread differ between respondents.
    Sandwich,
}

impl RobustErrors {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Classical, Self::Sandwich];

    /// The name in the `vcov` field and after `--se`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Classical => "classical",
            Self::Sandwich => "sandwich",
        }
    }
}

impl FromStr for RobustErrors {
    type Err = crate::Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.code() == text);
        Ok(found.ok_or_else(|| ModelError::NoSuch {
            model: "huber or bisquare",
            option: "--se",
            name: text.to_owned(),
            known: Self::ALL.map(Self::code).to_vec(),
        })?)
    }
}

/// Huber's M-estimator: least squares in which residuals beyond 1.345 scales count only linearly.
///
/// # Formula
/// Σ ψ(rᵢ/s) xᵢ = 0 with ψ(u) = max(−k, min(k, u)), k = 1.345, and s = median|rᵢ|/0.6745 about
/// zero: both equations hold together, to the last digits. R's `rlm` solves the same ones and stops
/// at 1e-4 unless told otherwise.
///
/// Classical covariance, that of `rlm`'s summary: κ²·Σ(s·ψ)²/(n − p)/ψ̄′²·(XᵀX)⁻¹ with
/// ψ̄′ the mean of ψ′(rᵢ/s) and κ = 1 + p·var(ψ′)/(n·ψ̄′²). Sandwich:
/// s²(Σψ′xxᵀ)⁻¹(Σψ²xxᵀ)(Σψ′xxᵀ)⁻¹. The scale is taken as known in both. `rlm` prints no p-values;
/// ours compare with Student's t, n − p degrees of freedom, as `lmrob` does.
///
/// # Assumptions
/// Residuals lie symmetrically about the line. A respondent far out in the *predictors* moves it as
/// he moves least squares; use [`mm`](super::mm) there.
///
/// # Missing data
/// Complete cases, as the design has them. A frequency weight is that many respondents.
///
/// # Errors
/// Those of [`ols`](crate::regress::ols), [`ModelError::ExactFit`] where half of the residuals are
/// 0, [`ModelError::NotConverged`], and [`Unweighted`](crate::Error::Unweighted) for other than
/// frequency weights.
///
/// # References
/// Huber (1964), doi:10.1214/aoms/1177703732; Huber (1981), Robust Statistics, section 7.6,
/// doi:10.1002/0471725250; Venables and Ripley (2002), section 6.5,
/// doi:10.1007/978-0-387-21706-2.
///
/// # Example
/// ```
/// use ssi_infer::{formula::design, robust};
/// use ssi_vocab::{Column, Table};
/// let numbers = |v: &[f64]| v.iter().copied().map(Ok).collect::<Vec<_>>();
/// let table = Table::new(
///     vec![
///         Column::number("score", numbers(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])),
///         Column::number("ssi", numbers(&[11.0, 19.0, 31.0, 39.0, 52.0, 0.0])),
///     ],
///     vec![2, 3, 4, 5, 6, 7],
/// )?;
/// let design = design(&table, "ssi ~ score")?;
/// let errors = robust::RobustErrors::Classical;
/// let bulk = robust::mm(&design, 1)?.fit.coefficients[1];
/// assert!((bulk - 10.2).abs() < 0.1);
/// assert!(robust::huber(&design, errors)?.fit.coefficients[1] < bulk);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn huber(design: &Design, errors: RobustErrors) -> Result<Robust> {
    m_estimator(Kind::Huber.code(), design, Loss::Huber(1.345), errors)
}

/// The bisquare M-estimator: residuals beyond 4.685 scales don't count at all.
///
/// # Formula
/// As [`huber`], with ψ(u) = u(1 − (u/c)²)² inside ±c and 0 beyond, c = 4.685.
///
/// These equations can have several solutions. This one is reached from least squares; where far
/// respondents have pulled that away, [`mm`](super::mm) starts better.
///
/// # Assumptions
/// Those of [`huber`].
///
/// # Missing data
/// As [`huber`].
///
/// # Errors
/// Those of [`huber`], and [`ModelError::NoWeight`] where those who alone tell a coefficient lie
/// beyond 4.685 scales.
///
/// # References
/// Beaton and Tukey (1974), doi:10.1080/00401706.1974.10489171.
pub fn bisquare(design: &Design, errors: RobustErrors) -> Result<Robust> {
    m_estimator(Kind::Bisquare.code(), design, Loss::Bisquare(4.685), errors)
}

fn m_estimator(
    model: &'static str,
    design: &Design,
    loss: Loss,
    errors: RobustErrors,
) -> Result<Robust> {
    let mut start = Start::new(design, model)?;
    if start.ols.perfect {
        return Ok(perfect(model, &start, errors.code()));
    }
    let settled = reweighted(model, &mut start, loss, Scale::Median)?;
    let scale = settled.scale;
    let of_delta = match errors {
        RobustErrors::Classical => Some(equal_spread(&start, loss, scale)),
        RobustErrors::Sandwich => sandwich(&start, loss, scale),
    };
    let mut robust = described(model, &start, scale, |r| loss.weight(r / scale));
    robust.fit.covariance = Some(or_undefined(&start, of_delta));
    robust.fit.vcov = errors.code().to_owned();
    robust.fit.glance.iterations = Some(settled.iterations);
    robust.fit.glance.gradient = Some(settled.gradient);
    Ok(robust)
}

/// The covariance of the coefficients; infinite where it is undefined, which the estimates say in
/// a note.
pub(super) fn or_undefined(start: &Start<'_>, of_delta: Option<Array2<f64>>) -> Array2<f64> {
    let undefined = || Array2::from_elem((start.k, start.k), f64::INFINITY);
    of_delta.map_or_else(undefined, |v| start.covariance(&v))
}

/// A fit from where the start stands, without covariance.
pub(super) fn described(
    model: &'static str,
    start: &Start<'_>,
    scale: f64,
    weight: impl Fn(f64) -> f64,
) -> Robust {
    let mut fit = Fit::new(model, start.design, start.coefficients());
    fit.residuals.clone_from(&start.residuals);
    let fitted = start.design.y.iter().zip(&start.residuals);
    fit.fitted = fitted.map(|(y, r)| y - r).collect();
    let df = start.ols.df_residual as f64;
    fit.reference = Reference::T(df);
    fit.glance.df_residual = Some(df);
    fit.glance.scale = Some(scale);
    let weights = start.residuals.iter().map(|r| weight(*r)).collect();
    Robust { fit, scale, weights }
}

/// Every outcome lies on the surface: so does every robust fit.
pub(super) fn perfect(model: &'static str, start: &Start<'_>, vcov: &str) -> Robust {
    let mut robust = described(model, start, 0.0, |_| 1.0);
    robust.fit.covariance = Some(Array2::zeros((start.k, start.k)));
    robust.fit.vcov = vcov.to_owned();
    robust.fit.glance.iterations = Some(0);
    robust
}

/// Huber's covariance under equal spread, of δ.
fn equal_spread(start: &Start<'_>, loss: Loss, scale: f64) -> Array2<f64> {
    let (n, p) = (start.n(), start.k as f64);
    let over = |value: &dyn Fn(f64) -> f64| -> f64 {
        let rows = start.residuals.iter().zip(&start.weights);
        rows.map(|(r, w)| w * value(r / scale)).sum()
    };
    let mean = over(&|u| loss.slope(u)) / n;
    let variance = over(&|u| (loss.slope(u) - mean) * (loss.slope(u) - mean)) / (n - 1.0);
    let kappa = 1.0 + p * variance / (n * mean * mean);
    let squares = over(&|u| loss.psi(u) * loss.psi(u)) * scale * scale / (n - p);
    let factor = kappa / mean;
    Array2::eye(start.k) * (squares * factor * factor / n)
}

/// The sandwich, of δ; `None` where the loss curves the wrong way.
fn sandwich(start: &Start<'_>, loss: Loss, scale: f64) -> Option<Array2<f64>> {
    let u = |i: usize| start.residuals[i] / scale;
    let bread = Cholesky::new(&start.squares(|i| loss.slope(u(i))))?.inverse();
    let meat = start.squares(|i| loss.psi(u(i)) * loss.psi(u(i)));
    Some(bread.dot(&meat).dot(&bread) * (scale * scale))
}
