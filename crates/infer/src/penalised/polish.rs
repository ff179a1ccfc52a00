//! From a point near the optimum of an elastic net to the optimum itself.

use crate::regress::factor::householder;
use ndarray::{Array1, Array2};

/// Minimises ½‖z − Xβ‖² + lasso·‖β‖₁ + ½·ridge·‖β‖² exactly, from a start near the optimum.
///
/// Coordinate descent crawls where predictors nearly coincide. Once the signs of the coefficients
/// are known the optimum is that of a linear system, so this searches the signs: solve for the
/// present ones, step towards the solution as far as the objective falls, let coefficients that
/// cross 0 rest there, and let in the one that most wants to leave it. Each step lowers the
/// objective, so it ends. `None` where predictors coincide, or where rounding stalls it.
///
/// # References
/// Lee, Battle, Raina and Ng (2007), feature-sign search, doi:10.7551/mitpress/7503.003.0105.
pub(super) fn polish(
    x: &Array2<f64>,
    z: &Array1<f64>,
    lasso: f64,
    ridge: f64,
    start: &Array1<f64>,
) -> Option<Array1<f64>> {
    let size = start.len();
    let objective = |beta: &Array1<f64>| {
        let rest = z - &x.dot(beta);
        let absolute: f64 = beta.iter().map(|b| b.abs()).sum();
        0.5 * rest.dot(&rest) + lasso * absolute + 0.5 * ridge * beta.dot(beta)
    };
    // Gradients are known to about this much.
    let scale = x.t().dot(z).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let slack = 1e-12 * scale;
    let mut beta = start.clone();
    let mut signs: Vec<f64> =
        beta.iter().map(|b| if *b == 0.0 { 0.0 } else { b.signum() }).collect();
    for _ in 0..20 * size + 100 {
        let active: Vec<usize> = (0..size).filter(|j| signs[*j] != 0.0).collect();
        let solution = solve(x, z, lasso, ridge, &active, &signs)?;
        let keeps_signs = active.iter().all(|j| solution[*j] * signs[*j] > 0.0);
        if keeps_signs {
            beta = solution;
            let gradient = x.t().dot(&(z - &x.dot(&beta)));
            let outside = (0..size).filter(|j| signs[*j] == 0.0);
            let worst = outside.max_by(|a, b| gradient[*a].abs().total_cmp(&gradient[*b].abs()));
            match worst {
                Some(j) if gradient[j].abs() > lasso + slack => signs[j] = gradient[j].signum(),
                _ => return Some(beta),
            }
            continue;
        }
        // Along the way to the solution the objective is a parabola between sign changes, so the
        // best place is the solution or one of the crossings.
        let step = &solution - &beta;
        let crossings =
            active.iter().map(|j| -beta[*j] / step[*j]).filter(|t| *t > 0.0 && *t < 1.0);
        let best = crossings
            .chain([1.0])
            .map(|t| (objective(&(&beta + &(&step * t))), t))
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        let before = beta.clone();
        for j in &active {
            let crosses = (-beta[*j] / step[*j] - best.1).abs() < 1e-15 && beta[*j] != 0.0;
            beta[*j] = if crosses { 0.0 } else { beta[*j] + best.1 * step[*j] };
            signs[*j] = if beta[*j] == 0.0 { 0.0 } else { beta[*j].signum() };
        }
        if beta == before {
            return None;
        }
    }
    None
}

/// The optimum if the active coefficients had these signs, by QR of the rows [X; √ridge·I].
fn solve(
    x: &Array2<f64>,
    z: &Array1<f64>,
    lasso: f64,
    ridge: f64,
    active: &[usize],
    signs: &[f64],
) -> Option<Array1<f64>> {
    let mut beta = Array1::zeros(signs.len());
    if active.is_empty() {
        return Some(beta);
    }
    let root = ridge.sqrt();
    let mut columns: Vec<Vec<f64>> = active
        .iter()
        .enumerate()
        .map(|(at, j)| {
            let mut column = x.column(*j).to_vec();
            column.extend((0..active.len()).map(|i| if i == at { root } else { 0.0 }));
            column
        })
        .collect();
    let mut outcome = z.to_vec();
    outcome.resize(z.len() + active.len(), 0.0);
    let norms: Vec<f64> =
        columns.iter().map(|c| c.iter().map(|v| v * v).sum::<f64>().sqrt()).collect();
    let (r, mut projected) = householder(&mut columns, &mut outcome);
    let singular = |at: usize| r.at(at, at).abs() <= 1e-13 * norms[at];
    if (0..active.len()).any(singular) {
        return None;
    }
    // β = R⁻¹(Qᵀz − lasso·R⁻ᵀ·signs), the second factor by forward substitution.
    let mut pull = vec![0.0; active.len()];
    for (at, j) in active.iter().enumerate() {
        let above: f64 = (0..at).map(|i| r.at(i, at) * pull[i]).sum();
        pull[at] = (lasso * signs[*j] - above) / r.at(at, at);
        projected[at] -= pull[at];
    }
    for (j, value) in active.iter().zip(r.solve(active.len(), &projected)) {
        beta[*j] = value;
    }
    Some(beta)
}
