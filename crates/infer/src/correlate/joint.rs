//! The maximum of a likelihood of several parameters, of which the last is artanh ρ, and how far ρ
//! may move before the likelihood, at its best for each ρ, has fallen too far.

/// A log-likelihood with its first and second derivatives.
#[derive(Debug, Clone)]
pub(super) struct Bend {
    pub(super) log_likelihood: f64,
    pub(super) gradient: Vec<f64>,
    pub(super) hessian: Vec<Vec<f64>>,
}

impl Bend {
    pub(super) fn flat(size: usize) -> Self {
        Self {
            log_likelihood: 0.0,
            gradient: vec![0.0; size],
            hessian: vec![vec![0.0; size]; size],
        }
    }
}

/// A likelihood of parameters, the last of which is artanh ρ.
pub(super) trait Joint {
    /// `None` where the likelihood is 0 or the parameters are none, such as thresholds out of order.
    fn at(&self, parameters: &[f64]) -> Option<Bend>;
}

/// A point with what the likelihood is there.
#[derive(Debug, Clone)]
pub(super) struct Summit {
    pub(super) parameters: Vec<f64>,
    pub(super) bend: Bend,
}

/// Newton's method over the first `free` parameters, with steps that are damped until they rise.
/// `None` where it does not settle.
pub(super) fn summit(joint: &impl Joint, start: Vec<f64>, free: usize) -> Option<Summit> {
    let mut here = Summit { bend: joint.at(&start)?, parameters: start };
    let mut ridge = 0.0;
    for _ in 0..200 {
        let gradient = &here.bend.gradient[..free];
        let Some(step) = uphill(&here.bend.hessian, gradient, ridge) else {
            ridge = raised(ridge)?;
            continue;
        };
        // Twice what the likelihood is still to gain.
        let gain: f64 = step.iter().zip(gradient).map(|(s, g)| s * g).sum();
        let mut parameters = here.parameters.clone();
        parameters.iter_mut().zip(&step).for_each(|(p, s)| *p += s);
        // So little may be the rounding of the sum.
        let slack = 1e-14 * (1.0 + here.bend.log_likelihood.abs());
        let settled = ridge == 0.0 && gain <= slack;
        match joint.at(&parameters) {
            // Newton's error is squared by the step.
            Some(bend) if settled => return Some(Summit { parameters, bend }),
            Some(bend) if bend.log_likelihood >= here.bend.log_likelihood - slack => {
                here = Summit { parameters, bend };
                ridge = if ridge < 1e-3 { 0.0 } else { ridge * 0.1 };
            }
            _ => ridge = raised(ridge)?,
        }
    }
    None
}

fn raised(ridge: f64) -> Option<f64> {
    let ridge = if ridge == 0.0 { 1e-3 } else { ridge * 10.0 };
    (ridge < 1e12).then_some(ridge)
}

/// The solution of (−H + ridge·|diagonal|) s = g; `None` where that matrix is not positive.
fn uphill(hessian: &[Vec<f64>], gradient: &[f64], ridge: f64) -> Option<Vec<f64>> {
    let root = cholesky(hessian, gradient.len(), ridge)?;
    Some(solved(&root, gradient))
}

/// The lower triangle whose square is −H, its diagonal raised by a share of itself.
fn cholesky(hessian: &[Vec<f64>], size: usize, ridge: f64) -> Option<Vec<Vec<f64>>> {
    let mut root: Vec<Vec<f64>> = vec![vec![0.0; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let products: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            let entry = -hessian[i][j];
            if i == j {
                let raised = entry + ridge * entry.abs().max(1e-300) - products;
                // What is left of a diagonal by rounding alone is no curvature.
                if raised.is_nan() || raised <= 1e-14 * entry.abs() {
                    return None;
                }
                root[i][i] = raised.sqrt();
            } else {
                root[i][j] = (entry - products) / root[j][j];
            }
        }
    }
    Some(root)
}

fn solved(root: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let size = right.len();
    let mut out = right.to_vec();
    for i in 0..size {
        let sum: f64 = (0..i).map(|k| root[i][k] * out[k]).sum();
        out[i] = (out[i] - sum) / root[i][i];
    }
    for i in (0..size).rev() {
        let sum: f64 = (i + 1..size).map(|k| root[k][i] * out[k]).sum();
        out[i] = (out[i] - sum) / root[i][i];
    }
    out
}

/// The standard error of the last parameter, from the inverse of the observed information.
pub(super) fn last_std_error(bend: &Bend) -> Option<f64> {
    let size = bend.gradient.len();
    // The last pivot of the triangle is the information that the others leave to the last one.
    let root = cholesky(&bend.hessian, size, 0.0)?;
    let se = 1.0 / root[size - 1][size - 1];
    se.is_finite().then_some(se)
}

/// From here on artanh ρ is as good as infinite: 1 − ρ is below 1e-10.
const FARTHEST: f64 = 12.0;

/// The ρ beyond `start` at which the likelihood, at its best for that ρ, is q²/2 below `top`, with
/// the likelihood falling in the `outward` direction (1 or −1); the end of the range where it never
/// falls so far. `None` where a search does not settle.
pub(super) fn limit(
    joint: &impl Joint,
    start: Vec<f64>,
    outward: f64,
    top: f64,
    q: f64,
) -> Option<f64> {
    let last = start.len() - 1;
    let (mut inside, mut outside): (Option<f64>, Option<f64>) = (None, None);
    let mut at = start;
    let mut stride = 0.5;
    let exact = 1e-11 * q + 1e-14 * (1.0 + top.abs()) / q;
    for _ in 0..200 {
        let z = at[last];
        let best = summit(joint, at, last)?;
        let fall = (2.0 * (top - best.bend.log_likelihood)).max(0.0).sqrt();
        if (fall - q).abs() <= exact {
            return Some(z.tanh());
        }
        if fall < q {
            inside = Some(z)
        } else {
            outside = Some(z)
        }
        // The root of the fall is nearly straight in z.
        let newton = z - (q - fall) * fall / best.bend.gradient[last];
        let next = match (inside, outside) {
            (Some(a), Some(b)) => {
                if (a - b).abs() <= 4.0 * f64::EPSILON * (1.0 + a.abs()) {
                    return Some(z.tanh());
                }
                let between = newton > a.min(b) && newton < a.max(b);
                if between { newton } else { 0.5 * (a + b) }
            }
            (within, _) => {
                let away = if within.is_some() { outward } else { -outward };
                stride *= 2.0;
                let step = (newton - z) * away;
                z + away * if step > 0.0 && step < stride { 1.05 * step } else { stride }
            }
        };
        if next.abs() > FARTHEST {
            return Some(next.signum());
        }
        at = best.parameters;
        at[last] = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −(a − 1)² − (a + z)², largest at a = 1, z = −1; at its best for z it is −(1 + z)²/2.
    struct Bowl;

    impl Joint for Bowl {
        fn at(&self, p: &[f64]) -> Option<Bend> {
            let (a, z) = (p[0], p[1]);
            let (u, v) = (a - 1.0, a + z);
            Some(Bend {
                log_likelihood: -u * u - v * v,
                gradient: vec![-2.0 * u - 2.0 * v, -2.0 * v],
                hessian: vec![vec![-4.0, -2.0], vec![-2.0, -2.0]],
            })
        }
    }

    #[test]
    fn the_summit_and_its_curvature_are_found() {
        let top = summit(&Bowl, vec![9.0, 3.0], 2).unwrap();
        assert!((top.parameters[0] - 1.0).abs() < 1e-12 && (top.parameters[1] + 1.0).abs() < 1e-12);
        // The profile has the second derivative −1.
        assert!((last_std_error(&top.bend).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_profile_falls_to_its_limits_on_either_side() {
        for outward in [-1.0, 1.0] {
            let found = limit(&Bowl, vec![1.0, -1.0 + 0.1 * outward], outward, 0.0, 0.7).unwrap();
            // (1 + z)² = q².
            assert!((found - (-1.0 + 0.7 * outward).tanh()).abs() < 1e-10, "{outward} {found}");
        }
        assert_eq!(limit(&Bowl, vec![1.0, 0.0], 1.0, 0.0, 50.0), Some(1.0));
    }
}
