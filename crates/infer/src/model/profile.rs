use super::newton::Optimum;
use super::{Derivatives, newton};
use ndarray::Array2;

/// How a log-likelihood is asked for its value and derivatives.
pub(crate) type Likelihood<'a> = dyn FnMut(&[f64]) -> Option<Derivatives> + 'a;

/// Steps at most for one end of an interval.
const STEPS: usize = 60;

/// Both ends of a profile-likelihood interval of parameter `j`; none where the likelihood never
/// falls that far.
///
/// # Formula
/// The values v where 2(ℓ(θ̂) − max ℓ(θ | θⱼ = v)) = q², q a normal quantile. The signed root of
/// the left side is nearly linear in v, so Newton's method on it, kept between values known to lie
/// on either side, needs a few steps.
///
/// # References
/// Venzon and Moolgavkar (1988), doi:10.2307/2347496.
pub(crate) fn profile(
    model: &'static str,
    top: &Optimum,
    j: usize,
    q: f64,
    at: &mut Likelihood<'_>,
) -> [Option<f64>; 2] {
    let inverse = super::Cholesky::new(&top.found.information).map(|c| {
        let mut unit = vec![0.0; top.at.len()];
        unit[j] = 1.0;
        c.solve(&unit)
    });
    let Some(inverse) = inverse else { return [None, None] };
    [-1.0, 1.0].map(|side| end(model, top, j, side * q, &inverse, at))
}

fn end(
    model: &'static str,
    top: &Optimum,
    j: usize,
    q: f64,
    inverse: &[f64],
    at: &mut Likelihood<'_>,
) -> Option<f64> {
    let std_error = inverse[j].sqrt();
    let mut nuisance = top.at.clone();
    let mut value = top.at[j] + q * std_error;
    // Along the path of the largest likelihood the other parameters move so much for one step.
    let mut last = top.at[j];
    let (mut inside, mut outside) = (top.at[j], None::<f64>);
    for _ in 0..STEPS {
        for (l, v) in nuisance.iter_mut().enumerate() {
            *v += (value - last) * inverse[l] / inverse[j];
        }
        let found = constrained(model, j, value, &nuisance, at)
            .or_else(|| constrained(model, j, value, &top.at, at));
        let Some((at_value, found)) = found else {
            // Too far: the likelihood is not defined there, or has no top.
            outside = Some(value);
            (value, last) = (0.5 * (inside + value), value);
            if (value - inside).abs() <= 1e-14 * (1.0 + value.abs()) {
                return None;
            }
            continue;
        };
        nuisance = at_value;
        last = value;
        let root = (2.0 * (top.found.value - found.value)).max(0.0).sqrt();
        let miss = root - q.abs();
        if miss < 0.0 {
            inside = value;
        } else {
            outside = Some(value);
        }
        // d root / dv = −ℓ'(v) / root.
        let slope = -found.gradient[j] / root;
        let step = -miss / slope;
        if miss.abs() <= 1e-13 || step.abs() <= 1e-14 * (value.abs() + std_error) {
            return Some(value);
        }
        let next = value + step;
        let between = |v: f64| match outside {
            Some(outside) => (v - inside) * (v - outside) < 0.0,
            None => (v - inside) * q > 0.0,
        };
        let sound = step.is_finite() && between(next);
        value = match outside {
            _ if sound && (next - top.at[j]).abs() < 1e3 * std_error * q.abs() => next,
            Some(outside) => 0.5 * (inside + outside),
            None if (value - top.at[j]).abs() < 1e3 * std_error * q.abs() => {
                top.at[j] + 2.0 * (value - top.at[j])
            }
            None => return None,
        };
    }
    // Halving has brought both sides together as far as doubles go.
    outside.filter(|o| (o - inside).abs() <= 1e-9 * std_error)
}

/// The largest likelihood with parameter `j` held at a value; its gradient is that of all
/// parameters.
pub(crate) fn constrained(
    model: &'static str,
    j: usize,
    value: f64,
    start: &[f64],
    at: &mut Likelihood<'_>,
) -> Option<(Vec<f64>, Derivatives)> {
    let whole = |rest: &[f64]| {
        let mut all = rest.to_vec();
        all.insert(j, value);
        all
    };
    let mut rest = start.to_vec();
    rest.remove(j);
    let kept: Vec<usize> = (0..start.len()).filter(|l| *l != j).collect();
    let mut reduced = |rest: &[f64]| {
        let found = at(&whole(rest))?;
        let cell = |(a, b): (usize, usize)| found.information[[kept[a], kept[b]]];
        Some(Derivatives {
            value: found.value,
            gradient: kept.iter().map(|l| found.gradient[*l]).collect(),
            information: Array2::from_shape_fn((kept.len(), kept.len()), cell),
        })
    };
    let top = newton(model, rest, &mut reduced).ok()?;
    let all = whole(&top.at);
    let found = at(&all)?;
    Some((all, found))
}
