//! Diagnostic numbers of a fit. They describe; none of them chooses a model.

use super::Ols;
use super::real::{Real, total};
use super::solve::condition;
use super::span::Span;
use crate::double_double::DoubleDouble;
use crate::tails::chi_squared_sf;
use ndarray::Array2;
use ssi_vocab::{Check, Weights};

pub(super) fn all(fit: &Ols) -> Vec<Check> {
    let check = |name: &str, value: f64| {
        let name = name.to_owned();
        let value = Some(value).filter(|v| v.is_finite())?;
        Some(Check { name, value: Some(value), df: None, df2: None, p_value: None, note: None })
    };
    let cooks = fit.cooks_d().into_iter().flatten().reduce(f64::max);
    let leverage =
        (0..fit.hat.len()).filter(|i| fit.weight(*i) > 0.0).map(|i| fit.hat[i]).reduce(f64::max);
    [
        breusch_pagan(fit),
        durbin_watson(fit).and_then(|d| check("durbin_watson", d)),
        cooks.and_then(|d| check("max_cooks_d", d)),
        leverage.and_then(|h| check("max_leverage", h)),
        check("condition_number", condition_number(fit)),
        max_vif(fit).and_then(|v| check("max_vif", v)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Does the spread of the residuals depend on the predictors? Koenker's studentised form of the
/// test of Breusch and Pagan.
///
/// # Formula
/// With u = e² − mean(e²): n·Σ(fitted u)²/Σu² on k − 1 degrees of freedom, where the fitted u
/// come from regressing u on the model matrix.
///
/// # References
/// Breusch and Pagan (1979), doi:10.2307/1911963; Koenker (1981),
/// doi:10.1016/0304-4076(81)90062-2.
fn breusch_pagan(fit: &Ols) -> Option<Check> {
    let df = (fit.coefficients.len() - 1) as f64;
    let (explained, u_squared) = spread(fit)?;
    let value = fit.n_obs as f64 * (explained / u_squared).value();
    let p_value = Some(chi_squared_sf(value, df));
    let name = "breusch_pagan".to_owned();
    Some(Check { name, value: Some(value), df: Some(df), df2: None, p_value, note: None })
}

/// Σ(fitted u)² and Σu² of u = e² − mean(e²) on the model matrix; none where there is nothing to
/// depend on, or nothing that depends.
pub(super) fn spread(fit: &Ols) -> Option<(DoubleDouble, DoubleDouble)> {
    let (n, k) = (fit.n_obs as f64, fit.coefficients.len());
    if k < 2 || matches!(fit.weights(), Some(Weights::Probability(_))) {
        return None;
    }
    let mean = fit.residual_ss / n;
    let (mut u_squared, explained) = (DoubleDouble::ZERO, DoubleDouble::ZERO);
    let mut projected = vec![explained; k];
    // A precision makes √w·e comparable, and has no part in the second regression.
    let span = fit.precise().then(|| Span::of(fit));
    let mut us = Vec::with_capacity(fit.residuals.len());
    let scores = fit.scores();
    for (i, e) in fit.residuals.iter().enumerate() {
        let e = fit.unit(i) * e;
        let u = DoubleDouble::product(e, e) - mean.into();
        let weighted = u * fit.times(i);
        u_squared += u * weighted;
        us.push(u);
        for (sum, q) in projected.iter_mut().zip(scores.row(i)) {
            *sum += weighted * *q;
        }
    }
    let explained = match span {
        Some(span) => total(span.coordinates(&us).iter().map(|p| *p * *p)),
        None => total(projected.iter().map(|p| *p * *p)),
    };
    // Residuals of one size only have nothing to depend on the predictors.
    let smallest = f64::EPSILON * n * mean * mean;
    (u_squared.value() > smallest).then_some((explained, u_squared))
}

/// Σ(eᵢ − eᵢ₋₁)²/Σe²: near 2 where neighbouring rows are independent. Counted tables have no order.
///
/// With analytic weights e is √w·e.
///
/// # References
/// Durbin and Watson (1950), doi:10.1093/biomet/37.3-4.409.
pub(super) fn durbin_watson(fit: &Ols) -> Option<f64> {
    if matches!(fit.weights(), Some(Weights::Frequency(_) | Weights::Probability(_))) || fit.perfect
    {
        return None;
    }
    let e: Vec<f64> = residuals(fit);
    let steps = total(e.iter().zip(e.iter().skip(1)).map(|(a, b)| {
        let step = DoubleDouble::from(*b) - (*a).into();
        step * step
    }));
    Some((steps / fit.residual_ss.into()).value())
}

/// The residuals of the rows with a weight above 0, made comparable by √w.
pub(super) fn residuals(fit: &Ols) -> Vec<f64> {
    let used = (0..fit.residuals.len()).filter(|i| fit.weight(*i) > 0.0);
    used.map(|i| fit.unit(i) * fit.residuals[i]).collect()
}

/// The largest over the smallest singular value of the model matrix with unit columns.
///
/// # References
/// Belsley, Kuh and Welsch (1980), doi:10.1002/0471725153.
fn condition_number(fit: &Ols) -> f64 {
    // X = Q R with R = S⁻¹, so X and R have the same singular values; unit columns of X are unit
    // columns of R.
    condition(&fit.root.inverse())
}

/// By how much collinearity inflates the variance of the worst predictor.
///
/// # Formula
/// GVIF = |R₁₁|·|R₂₂|/|R|, where R is the correlation matrix of the coefficients (without the
/// intercept), split into the term's own and the others; GVIF^(1/df) for a term of several columns.
/// For a single column that is 1/(1 − R²) of it on the others.
///
/// # References
/// Fox and Monette (1992), doi:10.1080/01621459.1992.10475190.
fn max_vif(fit: &Ols) -> Option<f64> {
    inflation(fit)
        .into_iter()
        .map(|(_, df, gvif)| if df == 1 { gvif } else { libm::pow(gvif, 1.0 / df as f64) })
        .reduce(f64::max)
}

/// Each term's number, its coefficients and its GVIF; empty where there are not two terms.
pub(super) fn inflation(fit: &Ols) -> Vec<(usize, usize, f64)> {
    let first = usize::from(fit.intercept);
    let k = fit.coefficients.len();
    let mut terms = fit.assign[first..].to_vec();
    terms.dedup();
    if terms.len() < 2 {
        return Vec::new();
    }
    // The scale of (XᵀX)⁻¹ drops out of its correlations.
    let cell =
        |i: usize, j: usize| total((i.max(j)..k).map(|a| fit.root.at(i, a) * fit.root.at(j, a)));
    let size = k - first;
    let scale: Vec<DoubleDouble> = (first..k).map(|i| cell(i, i).root()).collect();
    let correlation = Array2::from_shape_fn((size, size), |(i, j)| {
        cell(i + first, j + first) / (scale[i] * scale[j])
    });
    let whole: Vec<usize> = (0..size).collect();
    let all = determinant(&correlation, &whole);
    terms
        .iter()
        .map(|term| {
            let (own, others): (Vec<usize>, Vec<usize>) =
                whole.iter().partition(|i| fit.assign[**i + first] == *term);
            let gvif = determinant(&correlation, &own) * determinant(&correlation, &others) / all;
            (*term, own.len(), gvif.value())
        })
        .collect()
}

/// The determinant of the rows and columns `at` of a positive definite matrix, by elimination.
fn determinant(matrix: &Array2<DoubleDouble>, at: &[usize]) -> DoubleDouble {
    let mut cells: Vec<Vec<DoubleDouble>> =
        at.iter().map(|i| at.iter().map(|j| matrix[[*i, *j]]).collect()).collect();
    let mut product = DoubleDouble::from(1.0);
    for p in 0..cells.len() {
        let pivot = cells[p].clone();
        product = product * pivot[p];
        for row in cells.iter_mut().skip(p + 1) {
            let factor = row[p] / pivot[p];
            for (value, above) in row.iter_mut().zip(&pivot).skip(p) {
                *value = *value - factor * *above;
            }
        }
    }
    product
}
