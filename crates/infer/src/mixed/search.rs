//! Where the deviance of a mixed model is least.

use super::problem::{At, Problem, Two, cells};
use crate::model::{Cholesky, ModelError};
use ndarray::Array2;

/// The covariance of the random effects over σ², and all that is known there.
pub(super) struct Optimum {
    /// Its triangular root's cells: 11, 21, 22.
    pub(super) theta: Vec<f64>,
    pub(super) gamma: Two,
    pub(super) at: At,
    pub(super) iterations: usize,
    /// The largest derivative of the deviance by a cell of the root.
    pub(super) gradient: f64,
}

/// Steps at most.
const STEPS: usize = 200;

/// A diagonal cell of the root below this is on its way to 0.
const SMALL: f64 = 1e-4;

/// Minimises the profiled deviance by Newton's method on the cells of Γ's triangular root θ.
///
/// The deviance is smooth in θ also where a variance is 0, and symmetric about 0 there, so the
/// boundary is a stationary point like any other and the search needs no limits. It starts from
/// the best point of a grid. It ends where no step makes the deviance smaller, or, once that
/// differs by rounding only, the gradient.
pub(super) fn search(problem: &Problem) -> Result<Optimum, ModelError> {
    let failed =
        |iterations, gradient| ModelError::NotConverged { model: "mixed", iterations, gradient };
    let (theta, deviance) = start(problem).ok_or(failed(0, f64::MAX))?;
    let mut found = descend(problem, theta)?;
    // No variance at all is a point of its own: everything is stationary there.
    let none = problem.at(&[[0.0; 2]; 2]);
    let last = found.theta.len() - 1;
    let mut snapped = found.theta.clone();
    for at in [0, last] {
        if snapped[at].abs() < SMALL * (1.0 + snapped.iter().fold(0.0_f64, |a, v| a.max(v.abs()))) {
            snapped[at] = 0.0;
        }
    }
    if snapped != found.theta
        && let Ok(better) = descend(problem, snapped)
        && better.at.deviance <= found.at.deviance + 1e-9
    {
        let iterations = found.iterations + better.iterations;
        found = Optimum { iterations, ..better };
    }
    if let Some(none) = none
        && none.deviance <= found.at.deviance + 1e-11 * (1.0 + found.at.deviance.abs())
    {
        let theta = vec![0.0; found.theta.len()];
        let gamma = [[0.0; 2]; 2];
        found = Optimum { theta, gamma, at: none, gradient: 0.0, iterations: found.iterations };
    }
    if found.at.deviance > deviance + 1e-9 {
        return Err(failed(found.iterations, found.gradient));
    }
    for at in [0, last] {
        if found.theta[at] < 0.0 {
            // A column of the root may change its sign.
            let column: &[usize] = if at == 0 && last == 2 { &[0, 1] } else { &[at] };
            column.iter().for_each(|cell| found.theta[*cell] *= -1.0);
        }
    }
    Ok(found)
}

/// The best of a grid of roots.
fn start(problem: &Problem) -> Option<(Vec<f64>, f64)> {
    let grid: Vec<Vec<f64>> = if problem.slope {
        let each = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
        each.iter().flat_map(|a| each.iter().map(|b| vec![*a, 0.0, *b])).collect()
    } else {
        (-12..=24).map(|step| vec![libm::pow(10.0, f64::from(step) / 6.0)]).collect()
    };
    grid.into_iter()
        .filter_map(|theta| problem.at(&gamma(&theta)).map(|at| (theta, at.deviance)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

fn descend(problem: &Problem, mut theta: Vec<f64>) -> Result<Optimum, ModelError> {
    let failed =
        |iterations, gradient| ModelError::NotConverged { model: "mixed", iterations, gradient };
    let mut at = problem.at(&gamma(&theta)).ok_or(failed(0, f64::MAX))?;
    for iterations in 0..STEPS {
        let (slopes, curve) = by_root(&theta, &at);
        let gradient = largest(&slopes);
        let rounding = 1e-12 * (1.0 + at.deviance.abs());
        let step = direction(&slopes, &curve).ok_or(failed(iterations, gradient))?;
        let mut length = 1.0;
        let next = loop {
            let trial: Vec<f64> = theta.iter().zip(&step).map(|(t, s)| t - length * s).collect();
            if let Some(there) = problem.at(&gamma(&trial)) {
                let flat = (there.deviance - at.deviance).abs() <= rounding;
                let calmer = || largest(&by_root(&trial, &there).0) < 0.9 * gradient;
                if (!flat && there.deviance < at.deviance) || (flat && calmer()) {
                    break Some((trial, there));
                }
            }
            length *= 0.5;
            if length < 1e-8 {
                break None;
            }
        };
        match next {
            Some((trial, there)) => (theta, at) = (trial, there),
            None if gradient <= 1e-8 * (1.0 + 1e-3 * at.deviance.abs()) => {
                return Ok(Optimum { gamma: gamma(&theta), theta, at, iterations, gradient });
            }
            None => return Err(failed(iterations, gradient)),
        }
    }
    let gradient = largest(&by_root(&theta, &at).0);
    Err(failed(STEPS, gradient))
}

/// Γ = ΛΛᵀ.
pub(super) fn gamma(theta: &[f64]) -> Two {
    match theta {
        [a, b, c] => [[a * a, a * b], [a * b, b * b + c * c]],
        _ => [[theta[0] * theta[0], 0.0], [0.0, 0.0]],
    }
}

/// ∂Γ/∂θ, a row a cell of Γ.
pub(super) fn jacobian(theta: &[f64]) -> Array2<f64> {
    match theta {
        [a, b, c] => ndarray::array![[2.0 * a, 0.0, 0.0], [*b, *a, 0.0], [0.0, 2.0 * b, 2.0 * c]],
        _ => ndarray::array![[2.0 * theta[0]]],
    }
}

/// Adds Σ slope·∂²Γ/∂θ² to second derivatives by θ, whose first row and column is `first`.
pub(super) fn add_curvature(slopes: &[f64], first: usize, hessian: &mut Array2<f64>) {
    hessian[[first, first]] += 2.0 * slopes[0];
    if let [_, cross, last] = slopes {
        hessian[[first, first + 1]] += cross;
        hessian[[first + 1, first]] += cross;
        hessian[[first + 1, first + 1]] += 2.0 * last;
        hessian[[first + 2, first + 2]] += 2.0 * last;
    }
}

/// First and second derivatives of the profiled deviance by θ.
fn by_root(theta: &[f64], at: &At) -> (Vec<f64>, Array2<f64>) {
    let jacobian = jacobian(theta);
    let slopes = jacobian.t().dot(&ndarray::ArrayView1::from(&at.gradient)).to_vec();
    let mut curve = jacobian.t().dot(&at.hessian).dot(&jacobian);
    add_curvature(&at.gradient, 0, &mut curve);
    debug_assert_eq!(cells(theta.len() == 3).len(), theta.len());
    (slopes, curve)
}

/// The Newton step, downhill in any case: the diagonal is raised until it is.
fn direction(slopes: &[f64], curve: &Array2<f64>) -> Option<Vec<f64>> {
    let scale = curve.diag().iter().fold(0.0_f64, |a, v| a.max(v.abs())).max(1e-300);
    let mut lift = 0.0;
    for _ in 0..60 {
        let mut lifted = curve.clone();
        lifted.diag_mut().iter_mut().for_each(|v| *v += lift);
        if let Some(factor) = Cholesky::new(&lifted) {
            return Some(factor.solve(slopes));
        }
        lift = if lift == 0.0 { 1e-6 * scale } else { lift * 4.0 };
    }
    None
}

fn largest(slopes: &[f64]) -> f64 {
    slopes.iter().fold(0.0_f64, |a, v| a.max(v.abs()))
}
