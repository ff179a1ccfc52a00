//! From a point near the optimum of an elastic net to the optimum itself.

use crate::regress::factor::householder;
use ndarray::{Array1, Array2};

/// Minimises ½‖z − Xβ‖² + lasso·‖β‖₁ + ½·ridge·‖β‖² exactly, from a start near the optimum.
///
/// Coordinate descent crawls where predictors nearly coincide. Once the signs of the coefficients
/// are known the optimum is that of a linear system, so this searches the signs: solve for the
/// present ones, step towards the solution as far as the objective falls, let coefficients that
/// cross 0 rest there, and let in the one that most wants to leave it. Each step lowers the
/// objective, so it ends. Where predictors in use are sums of others the fit does not change along
/// some direction, and the penalty does not grow along one way of it: that way is gone until a
/// coefficient is 0. The optimum found so is one of several, with the same fit. `None` where
/// rounding stalls the search.
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
        let solution = match solve(x, z, lasso, ridge, &active, &signs) {
            Solved::Optimum(solution) => solution,
            Solved::Repeated(direction) => {
                let gone = along(&direction, &mut beta, &signs)?;
                signs[gone] = 0.0;
                continue;
            }
        };
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

/// Goes along a direction in which nothing but the penalty changes, the way it does not grow, until
/// a coefficient is 0. Gives that one.
fn along(direction: &Array1<f64>, beta: &mut Array1<f64>, signs: &[f64]) -> Option<usize> {
    let growth: f64 = direction.iter().zip(signs).map(|(d, s)| d * s).sum();
    let way = if growth > 0.0 { -1.0 } else { 1.0 };
    let falls = |j: &usize| way * direction[*j] * signs[*j] < 0.0;
    let length = |j: usize| (beta[j] / direction[j]).abs();
    let first = (0..beta.len()).filter(falls).min_by(|a, b| length(*a).total_cmp(&length(*b)))?;
    let step = way * length(first);
    beta.scaled_add(step, direction);
    beta[first] = 0.0;
    Some(first)
}

/// What there is for a set of signs.
enum Solved {
    Optimum(Array1<f64>),
    /// Changes of the coefficients that leave the fit as it is.
    Repeated(Array1<f64>),
}

/// For each predictor whether others with the same correlation with the residuals could take its
/// place: then the coefficients are some of several with the same fit.
pub(super) fn replaceable(
    x: &Array2<f64>,
    z: &Array1<f64>,
    lasso: f64,
    beta: &Array1<f64>,
) -> Vec<bool> {
    let gradient = x.t().dot(&(z - &x.dot(beta)));
    let scale = x.t().dot(z).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let mut active: Vec<usize> =
        (0..beta.len()).filter(|j| gradient[*j].abs() >= lasso - 1e-9 * scale).collect();
    let mut found = vec![false; beta.len()];
    let signs: Vec<f64> = gradient.iter().map(|g| g.signum()).collect();
    // Each pass finds one that the others before it make up.
    while let Solved::Repeated(direction) = solve(x, z, lasso, 0.0, &active, &signs) {
        let largest = direction.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let part = |j: &usize| direction[*j].abs() > 1e-8 * largest;
        active.iter().copied().filter(part).for_each(|j| found[j] = true);
        let Some(last) = active.iter().copied().rfind(part) else { break };
        active.retain(|j| *j != last);
    }
    found
}

/// The optimum if the active coefficients had these signs, by QR of the rows [X; √ridge·I].
fn solve(
    x: &Array2<f64>,
    z: &Array1<f64>,
    lasso: f64,
    ridge: f64,
    active: &[usize],
    signs: &[f64],
) -> Solved {
    let mut beta = Array1::zeros(signs.len());
    if active.is_empty() {
        return Solved::Optimum(beta);
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
    if let Some(at) = (0..active.len()).find(|at| singular(*at)) {
        // This column is a sum of those before it.
        let column: Vec<f64> = (0..at).map(|i| r.at(i, at)).collect();
        for (i, share) in r.solve(at, &column).into_iter().enumerate() {
            beta[active[i]] = -share;
        }
        beta[active[at]] = 1.0;
        return Solved::Repeated(beta);
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
    Solved::Optimum(beta)
}
