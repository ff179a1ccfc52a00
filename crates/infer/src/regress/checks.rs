//! Diagnostic numbers of a fit. They describe; none of them chooses a model.

use super::Ols;
use super::real::{Real, total};
use super::solve::condition;
use crate::double_double::DoubleDouble;
use crate::tails::chi_squared_sf;
use ndarray::Array2;
use ssi_vocab::Check;

pub(super) fn all(fit: &Ols) -> Vec<Check> {
    let check = |name: &str, value: f64| {
        let name = name.to_owned();
        value.is_finite().then_some(Check { name, value, df: None, p_value: None })
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
    let (n, k) = (fit.n_obs as f64, fit.coefficients.len());
    let df = k.checked_sub(1).filter(|df| *df > 0)? as f64;
    let mean = fit.residual_ss / n;
    let mut u_squared = DoubleDouble::ZERO;
    let mut projected = vec![DoubleDouble::ZERO; k];
    let scores = fit.scores();
    for (i, e) in fit.residuals.iter().enumerate() {
        let u = DoubleDouble::product(*e, *e) - mean.into();
        let weighted = u * fit.weight(i);
        u_squared += u * weighted;
        for (sum, q) in projected.iter_mut().zip(scores.row(i)) {
            *sum += weighted * *q;
        }
    }
    let explained = total(projected.iter().map(|p| *p * *p));
    // Residuals of one size only have nothing to depend on the predictors.
    let smallest = f64::EPSILON * n * mean * mean;
    if u_squared.value() <= smallest {
        return None;
    }
    let value = n * (explained / u_squared).value();
    let p_value = Some(chi_squared_sf(value, df));
    Some(Check { name: "breusch_pagan".to_owned(), value, df: Some(df), p_value })
}

/// Σ(eᵢ − eᵢ₋₁)²/Σe²: near 2 where neighbouring rows are independent. Counted tables have no order.
///
/// # References
/// Durbin and Watson (1950), doi:10.1093/biomet/37.3-4.409.
fn durbin_watson(fit: &Ols) -> Option<f64> {
    if fit.counts.is_some() || fit.perfect {
        return None;
    }
    let e = &fit.residuals;
    let steps = total(e.iter().zip(e.iter().skip(1)).map(|(a, b)| {
        let step = DoubleDouble::from(*b) - (*a).into();
        step * step
    }));
    Some((steps / fit.residual_ss.into()).value())
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
    let first = usize::from(fit.intercept);
    let k = fit.coefficients.len();
    let mut terms = fit.assign.get(first..)?.to_vec();
    terms.dedup();
    if terms.len() < 2 {
        return None;
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
            if own.len() == 1 {
                gvif.value()
            } else {
                libm::pow(gvif.value(), 1.0 / own.len() as f64)
            }
        })
        .reduce(f64::max)
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
