//! The vertex at which Σ w·r(τ − [r < 0]) is smallest.

/// Respondents in the coordinates of a [`Start`](crate::model::Start), with outcomes told apart.
pub(super) struct Cloud<'a> {
    /// How many coefficients.
    pub(super) k: usize,
    /// Predictors, a row after the other.
    pub(super) q: &'a [f64],
    /// Outcomes.
    pub(super) y: Vec<f64>,
    /// How many respondents each row stands for.
    pub(super) w: &'a [f64],
}

/// A surface through as many rows as there are coefficients.
#[derive(Debug, Clone)]
pub(super) struct Vertex {
    /// The rows.
    pub(super) basis: Vec<usize>,
    /// The inverse of their predictors, a row after the other.
    pub(super) inverse: Vec<f64>,
    /// Its coefficients.
    pub(super) delta: Vec<f64>,
}

/// What did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stuck {
    /// The rows don't tell the coefficients.
    Singular,
    /// Too many steps.
    Steps,
}

impl Cloud<'_> {
    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.q[i * self.k..(i + 1) * self.k]
    }

    pub(super) fn rows(&self) -> usize {
        self.y.len()
    }

    pub(super) fn residual(&self, i: usize, delta: &[f64]) -> f64 {
        self.y[i] - dot(self.row(i), delta)
    }

    /// The vertex through given rows.
    pub(super) fn vertex(&self, basis: Vec<usize>) -> Option<Vertex> {
        let k = self.k;
        let mut rows: Vec<f64> = Vec::with_capacity(k * k);
        basis.iter().for_each(|i| rows.extend(self.row(*i)));
        let inverse = inverted(k, rows)?;
        let delta = (0..k)
            .map(|a| basis.iter().enumerate().map(|(m, i)| inverse[a * k + m] * self.y[*i]).sum())
            .collect();
        Some(Vertex { basis, inverse, delta })
    }

    /// Rows near the τ-quantile of the outcomes that tell the coefficients.
    pub(super) fn first_basis(&self, members: &[u32], tau: f64) -> Option<Vec<usize>> {
        let mut order = members.to_vec();
        let y = |i: &u32| self.y[*i as usize];
        let place = ((order.len() as f64 * tau) as usize).min(order.len().checked_sub(1)?);
        order.select_nth_unstable_by(place, |a, b| y(a).total_cmp(&y(b)));
        let middle = y(&order[place]);
        let far = |i: &u32| (y(i) - middle).abs();
        // A few nearest rows mostly do; only then are all sorted.
        let few = (8 * self.k + 8).min(order.len() - 1);
        order.select_nth_unstable_by(few, |a, b| far(a).total_cmp(&far(b)));
        order[..few].sort_unstable_by(|a, b| far(a).total_cmp(&far(b)));
        self.independent(&order)
    }

    /// The first rows that tell the coefficients.
    fn independent(&self, order: &[u32]) -> Option<Vec<usize>> {
        let mut axes: Vec<Vec<f64>> = Vec::with_capacity(self.k);
        let mut basis = Vec::with_capacity(self.k);
        for i in order {
            let row = self.row(*i as usize);
            let mut rest = row.to_vec();
            for _ in 0..2 {
                for axis in &axes {
                    let along = dot(axis, &rest);
                    rest.iter_mut().zip(axis).for_each(|(r, a)| *r -= along * a);
                }
            }
            let length = dot(&rest, &rest).sqrt();
            if length > 1e-6 * dot(row, row).sqrt() {
                rest.iter_mut().for_each(|r| *r /= length);
                axes.push(rest);
                basis.push(*i as usize);
                if basis.len() == self.k {
                    return Some(basis);
                }
            }
        }
        None
    }
}

/// A descent from vertex to vertex among some rows, while the signs of the others are taken for
/// known.
pub(super) struct Descent<'a, 'b> {
    pub(super) cloud: &'b Cloud<'a>,
    pub(super) tau: f64,
    /// The rows whose residuals may change sign.
    pub(super) active: Vec<u32>,
    /// Σ w(τ − [r < 0])q over the other rows.
    pub(super) fixed: Vec<f64>,
    /// Steps taken.
    pub(super) iterations: usize,
}

/// A dual this near to its bound is at it.
pub(super) const DUAL: f64 = 1e-9;

impl Descent<'_, '_> {
    /// Goes down to the lowest vertex.
    pub(super) fn run(&mut self, mut vertex: Vertex) -> Result<Vertex, Stuck> {
        let cloud = self.cloud;
        let k = cloud.k;
        let limit = self.iterations + 1_000 + 20 * k + 4 * self.active.len();
        let mut breaks: Vec<(f64, f64, u32)> = Vec::new();
        let mut residuals: Vec<f64> = Vec::new();
        while self.iterations < limit {
            residuals.clear();
            let mut gradient = self.fixed.clone();
            for i in &self.active {
                let i = *i as usize;
                let r = cloud.residual(i, &vertex.delta);
                residuals.push(r);
                if !vertex.basis.contains(&i) {
                    let weight = cloud.w[i] * if r < 0.0 { self.tau - 1.0 } else { self.tau };
                    gradient.iter_mut().zip(cloud.row(i)).for_each(|(g, q)| *g += weight * q);
                }
            }
            let Some((leaving, direction, slope)) = self.edge(&vertex, &gradient) else {
                return Ok(vertex);
            };
            let size = dot(&direction, &direction).sqrt();
            breaks.clear();
            for (i, r) in self.active.iter().zip(&residuals) {
                let p = dot(cloud.row(*i as usize), &direction);
                let t = r / p;
                if t > 0.0 && p.abs() > 1e-12 * size && !vertex.basis.contains(&(*i as usize)) {
                    breaks.push((t, cloud.w[*i as usize] * p.abs(), *i));
                }
            }
            match turning(&mut breaks, -slope) {
                Some(entering) => {
                    vertex.basis[leaving] = entering as usize;
                    vertex = cloud.vertex(vertex.basis).ok_or(Stuck::Singular)?;
                    self.iterations += 1;
                }
                // Among the active rows the objective falls for ever: the others must join.
                None => {
                    if self.active.len() == cloud.rows() {
                        return Err(Stuck::Singular);
                    }
                    self.active = (0..cloud.rows() as u32).collect();
                    self.active.retain(|i| cloud.w[*i as usize] > 0.0);
                    self.fixed.fill(0.0);
                }
            }
        }
        Err(Stuck::Steps)
    }

    /// The edge along which the objective falls fastest: which row it leaves, its direction and
    /// the objective's slope.
    fn edge(&self, vertex: &Vertex, gradient: &[f64]) -> Option<(usize, Vec<f64>, f64)> {
        let k = self.cloud.k;
        let mut best: Option<(f64, usize, f64, f64)> = None;
        for m in 0..k {
            let column = || (0..k).map(|a| vertex.inverse[a * k + m]);
            let u: f64 = column().zip(gradient).map(|(c, g)| c * g).sum();
            let length = column().map(|c| c * c).sum::<f64>().sqrt();
            let w = self.cloud.w[vertex.basis[m]];
            // Along +c the row's residual falls below 0, along −c it rises above.
            for (sign, slope) in [(1.0, w * (1.0 - self.tau) - u), (-1.0, w * self.tau + u)] {
                let steep = -slope / length;
                if slope < -DUAL * w && best.is_none_or(|b| steep > b.0) {
                    best = Some((steep, m, sign, slope));
                }
            }
        }
        let (_, m, sign, slope) = best?;
        let direction = (0..k).map(|a| sign * vertex.inverse[a * k + m]).collect();
        Some((m, direction, slope))
    }
}

/// Where a falling convex function turns: the first break at which the slopes passed reach `fall`.
fn turning(breaks: &mut [(f64, f64, u32)], mut fall: f64) -> Option<u32> {
    let mut rest = breaks;
    while rest.len() > 16 {
        let middle = rest.len() / 2;
        rest.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0));
        let below: f64 = rest[..middle].iter().map(|b| b.1).sum();
        if below >= fall {
            rest = &mut rest[..middle];
        } else {
            fall -= below;
            rest = &mut rest[middle..];
        }
    }
    rest.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    for b in rest.iter() {
        fall -= b.1;
        if fall <= 0.0 {
            return Some(b.2);
        }
    }
    None
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The inverse of a small matrix, by Gauss and Jordan with pivoting.
pub(super) fn inverted(k: usize, mut a: Vec<f64>) -> Option<Vec<f64>> {
    let mut inverse = vec![0.0; k * k];
    (0..k).for_each(|i| inverse[i * k + i] = 1.0);
    let largest = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for j in 0..k {
        let pivot = (j..k).max_by(|x, y| a[x * k + j].abs().total_cmp(&a[y * k + j].abs()))?;
        if a[pivot * k + j].abs() <= 1e-14 * largest {
            return None;
        }
        for l in 0..k {
            a.swap(j * k + l, pivot * k + l);
            inverse.swap(j * k + l, pivot * k + l);
        }
        let scale = 1.0 / a[j * k + j];
        for l in 0..k {
            a[j * k + l] *= scale;
            inverse[j * k + l] *= scale;
        }
        for i in (0..k).filter(|i| *i != j) {
            let factor = a[i * k + j];
            if factor != 0.0 {
                for l in 0..k {
                    a[i * k + l] -= factor * a[j * k + l];
                    inverse[i * k + l] -= factor * inverse[j * k + l];
                }
            }
        }
    }
    Some(inverse)
}
