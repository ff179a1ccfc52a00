//! From a design to the exact optimum: samples first, then proof.

use super::simplex::{Cloud, DUAL, Descent, Stuck, Vertex, dot};
use crate::model::{Kind, ModelError, Start};

/// Up to so many rows all take part at once.
const SMALL: usize = 3_000;

/// Times that equal outcomes are told apart anew, each time by less.
const ROUNDS: i32 = 8;

/// Where the objective is smallest.
pub(super) struct Solved {
    pub(super) basis: Vec<usize>,
    pub(super) unique: bool,
    pub(super) iterations: usize,
}

/// Moves the start to the optimum; `near` is a basis that may be near it.
pub(super) fn solved(
    start: &mut Start<'_>,
    tau: f64,
    near: Option<Vec<usize>>,
) -> Result<Solved, ModelError> {
    let model = Kind::Quantile.code();
    if start.ols.perfect {
        return Ok(Solved { basis: Vec::new(), unique: true, iterations: 0 });
    }
    let failed = |iterations| ModelError::NotConverged { model, iterations, gradient: f64::MAX };
    let (mut basis, mut iterations) = (near, 0);
    for round in 0..ROUNDS {
        let cloud = Cloud {
            k: start.k,
            q: start.predictors(),
            y: told_apart(&start.residuals, 1e-10 * 1e-3_f64.powi(round)),
            w: &start.weights,
        };
        let vertex = match optimum(&cloud, tau, basis.take(), &mut iterations) {
            Ok(vertex) => vertex,
            Err(_) => return Err(failed(iterations)),
        };
        let signs: Vec<bool> =
            (0..cloud.rows()).map(|i| cloud.residual(i, &vertex.delta) < 0.0).collect();
        if !start.through(&vertex.basis) {
            return Err(failed(iterations));
        }
        // With the signs that the duals were made with, the vertex is optimal without
        // perturbation as well; a residual of 0 allows any dual.
        let rows = start.residuals.iter().zip(&signs);
        if rows.into_iter().all(|(r, negative)| *r == 0.0 || (*r < 0.0) == *negative) {
            let unique = unique(start, tau, &vertex, &signs);
            return Ok(Solved { basis: vertex.basis, unique, iterations });
        }
        basis = Some(vertex.basis);
    }
    Err(failed(iterations))
}

/// Outcomes moved by up to `share` of their typical size, each by an amount of its own.
pub(super) fn told_apart(values: &[f64], share: f64) -> Vec<f64> {
    let mut sizes: Vec<f64> = values.iter().map(|v| v.abs()).filter(|v| *v > 0.0).collect();
    if sizes.is_empty() {
        return values.to_vec();
    }
    let middle = sizes.len() / 2;
    let (_, typical, _) = sizes.select_nth_unstable_by(middle, f64::total_cmp);
    let by = share * *typical;
    values.iter().enumerate().map(|(i, v)| v + by * scattered(i as u64)).collect()
}

/// A number between −1 and 1 that looks random (Steele, Lea and Flood's SplitMix).
fn scattered(i: u64) -> f64 {
    let mut z = i.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// The lowest vertex of a cloud.
pub(super) fn optimum(
    cloud: &Cloud<'_>,
    tau: f64,
    near: Option<Vec<usize>>,
    iterations: &mut usize,
) -> Result<Vertex, Stuck> {
    let all: Vec<u32> = (0..cloud.rows() as u32).filter(|i| cloud.w[*i as usize] > 0.0).collect();
    let near = near.and_then(|basis| cloud.vertex(basis));
    if all.len() <= SMALL {
        let first = match near {
            Some(vertex) => vertex,
            None => cloud
                .first_basis(&all, tau)
                .and_then(|basis| cloud.vertex(basis))
                .ok_or(Stuck::Singular)?,
        };
        let fixed = vec![0.0; cloud.k];
        let mut descent = Descent { cloud, tau, active: all, fixed, iterations: *iterations };
        let vertex = descent.run(first);
        *iterations = descent.iterations;
        return vertex;
    }
    let size = ((all.len() * cloud.k) as f64).powf(2.0 / 3.0) as usize;
    let size = size.clamp(SMALL / 2, all.len() / 2);
    let first = match near {
        Some(vertex) => vertex,
        None => match sampled(cloud, tau, &all, size, iterations) {
            Some(vertex) => vertex,
            None => cloud
                .first_basis(&all, tau)
                .and_then(|basis| cloud.vertex(basis))
                .ok_or(Stuck::Singular)?,
        },
    };
    near_first(cloud, tau, all, size, first, iterations)
}

/// The optimum of a sample of the rows, as a vertex of the whole.
fn sampled(
    cloud: &Cloud<'_>,
    tau: f64,
    all: &[u32],
    size: usize,
    iterations: &mut usize,
) -> Option<Vertex> {
    let mut order: Vec<(f64, u32)> =
        all.iter().map(|i| (scattered(u64::from(*i) ^ (1 << 40)), *i)).collect();
    order.select_nth_unstable_by(size, |a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<u32> = order[..size].iter().map(|(_, i)| *i).collect();
    rows.sort_unstable();
    let q: Vec<f64> = rows.iter().flat_map(|i| cloud.row(*i as usize)).copied().collect();
    let pick = |from: &[f64]| rows.iter().map(|i| from[*i as usize]).collect::<Vec<f64>>();
    let (y, w) = (pick(&cloud.y), pick(cloud.w));
    let part = Cloud { k: cloud.k, q: &q, y, w: &w };
    let found = optimum(&part, tau, None, iterations).ok()?;
    cloud.vertex(found.basis.into_iter().map(|i| rows[i] as usize).collect())
}

/// Lets the rows near a surface take part, and then those whose sign was taken wrongly.
fn near_first(
    cloud: &Cloud<'_>,
    tau: f64,
    all: Vec<u32>,
    size: usize,
    first: Vertex,
    iterations: &mut usize,
) -> Result<Vertex, Stuck> {
    let k = cloud.k;
    let mut residuals: Vec<(f64, u32)> =
        all.iter().map(|i| (cloud.residual(*i as usize, &first.delta), *i)).collect();
    // A row far out in the predictors is near in this sense when its residual may change sign.
    let reach = |r: f64, i: u32| {
        let q = cloud.row(i as usize);
        r.abs() / dot(q, q).sqrt()
    };
    let place = size.min(residuals.len() - 1);
    residuals.select_nth_unstable_by(place, |a, b| reach(a.0, a.1).total_cmp(&reach(b.0, b.1)));
    let mut taken = vec![false; cloud.rows()];
    residuals[..place].iter().for_each(|(_, i)| taken[*i as usize] = true);
    first.basis.iter().for_each(|i| taken[*i] = true);
    let mut negative = vec![false; cloud.rows()];
    let mut fixed = vec![0.0; k];
    let weight = |i: usize, negative: bool| cloud.w[i] * if negative { tau - 1.0 } else { tau };
    for (r, i) in &residuals {
        let i = *i as usize;
        negative[i] = *r < 0.0;
        if !taken[i] {
            let by = weight(i, negative[i]);
            fixed.iter_mut().zip(cloud.row(i)).for_each(|(f, q)| *f += by * q);
        }
    }
    let active = all.iter().copied().filter(|i| taken[*i as usize]).collect();
    let mut descent = Descent { cloud, tau, active, fixed, iterations: *iterations };
    let mut vertex = first;
    loop {
        vertex = descent.run(vertex)?;
        *iterations = descent.iterations;
        if descent.active.len() == all.len() {
            return Ok(vertex);
        }
        let mut wrong = 0;
        for i in &all {
            let row = *i as usize;
            if taken[row] || (cloud.residual(row, &vertex.delta) < 0.0) == negative[row] {
                continue;
            }
            wrong += 1;
            taken[row] = true;
            descent.active.push(*i);
            let by = weight(row, negative[row]);
            descent.fixed.iter_mut().zip(cloud.row(row)).for_each(|(f, q)| *f -= by * q);
        }
        if wrong == 0 {
            return Ok(vertex);
        }
    }
}

/// Whether no edge from the vertex is level.
fn unique(start: &Start<'_>, tau: f64, vertex: &Vertex, signs: &[bool]) -> bool {
    let k = start.k;
    let gradient = start.sum(|i| {
        let basic = vertex.basis.contains(&i);
        if basic {
            0.0
        } else if signs[i] {
            tau - 1.0
        } else {
            tau
        }
    });
    (0..k).all(|m| {
        let column: Vec<f64> = (0..k).map(|a| vertex.inverse[a * k + m]).collect();
        let u = dot(&column, &gradient);
        let w = start.weights[vertex.basis[m]];
        [(1.0, w * (1.0 - tau) - u), (-1.0, w * tau + u)].into_iter().all(|(sign, slope)| {
            // Residuals of 0 outside the basis may block an edge that the duals call level.
            let blocked: f64 = (0..start.rows())
                .filter(|i| start.residuals[*i] == 0.0 && !vertex.basis.contains(i))
                .map(|i| {
                    let p = sign * dot(start.row(i), &column);
                    let falls = p > 0.0;
                    if falls == signs[i] { 0.0 } else { start.weights[i] * p.abs() }
                })
                .sum();
            slope + blocked > 100.0 * DUAL * w
        })
    })
}
