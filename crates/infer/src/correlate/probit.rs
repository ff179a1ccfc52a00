//! The likelihood of values and levels by the values' spread, the thresholds and the correlation
//! together.

use super::joint::{Bend, Joint};
use super::polyserial::between;
use std::f64::consts::PI;

/// Centred values of mean square 1 with their levels and how many respondents have them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Probit {
    pub(super) rows: Vec<(f64, usize, f64)>,
    pub(super) levels: usize,
}

impl Joint for Probit {
    /// Parameters: the thresholds of y given x = x̄ in units of y's spread there, α; the sample's
    /// standard deviation over the variable's, t; artanh ρ. With g = t·sinh(artanh ρ) the levels are
    /// an ordered probit with slope g, so that the likelihood of a given ρ has one summit.
    fn at(&self, parameters: &[f64]) -> Option<Bend> {
        let (t_at, last) = (self.levels - 1, self.levels);
        let (t, z) = (parameters[t_at], parameters[last]);
        let (sinh, cosh) = (z.sinh(), z.cosh());
        let g = t * sinh;
        let alpha = &parameters[..t_at];
        if t.is_nan() || t <= 0.0 || !alpha.windows(2).all(|two| two[0] < two[1]) {
            return None;
        }
        let mut bend = Bend::flat(last + 1);
        let (mut n, mut by_g, mut by_gg) = (0.0, 0.0, 0.0);
        let mut mixed = vec![0.0; t_at];
        for (d, level, weight) in &self.rows {
            let cut = |at: Option<&f64>, end: f64| at.map_or(end, |a| a - g * d);
            let low = cut(level.checked_sub(1).and_then(|at| alpha.get(at)), f64::NEG_INFINITY);
            let high = cut(alpha.get(*level), f64::INFINITY);
            let p = between(low, high);
            if p.is_nan() || p <= 0.0 {
                return None;
            }
            let edge = |u: f64| {
                if u.is_infinite() {
                    return (0.0, 0.0);
                }
                let share = (-0.5 * u * u).exp() / (2.0 * PI).sqrt() / p;
                (share, u * share)
            };
            let ((a, a_turn), (b, b_turn)) = (edge(high), edge(low));
            let (high_high, low_low, both) = (-a_turn - a * a, b_turn - b * b, a * b);
            n += weight;
            bend.log_likelihood += weight * p.ln();
            by_g -= weight * d * (a - b);
            by_gg += weight * d * d * (high_high + 2.0 * both + low_low);
            if *level < t_at {
                bend.gradient[*level] += weight * a;
                bend.hessian[*level][*level] += weight * high_high;
                mixed[*level] -= weight * d * (high_high + both);
            }
            if *level > 0 {
                bend.gradient[level - 1] -= weight * b;
                bend.hessian[level - 1][level - 1] += weight * low_low;
                mixed[level - 1] -= weight * d * (low_low + both);
                if *level < t_at {
                    bend.hessian[*level][level - 1] += weight * both;
                    bend.hessian[level - 1][*level] += weight * both;
                }
            }
        }
        // The values themselves, their likelihood at t = 1 taken as 1.
        bend.log_likelihood += n * (t.ln() - 0.5 * (t - 1.0) * (t + 1.0));
        bend.gradient[t_at] = by_g * sinh + n * (1.0 / t - t);
        bend.gradient[last] = by_g * t * cosh;
        for (k, mixed) in mixed.into_iter().enumerate() {
            let (by_t, by_z) = (mixed * sinh, mixed * t * cosh);
            (bend.hessian[k][t_at], bend.hessian[t_at][k]) = (by_t, by_t);
            (bend.hessian[k][last], bend.hessian[last][k]) = (by_z, by_z);
        }
        let cross = by_gg * sinh * t * cosh + by_g * cosh;
        bend.hessian[t_at][t_at] = by_gg * sinh * sinh - n * (1.0 + 1.0 / (t * t));
        (bend.hessian[t_at][last], bend.hessian[last][t_at]) = (cross, cross);
        bend.hessian[last][last] = by_gg * t * t * cosh * cosh + by_g * t * sinh;
        bend.log_likelihood.is_finite().then_some(bend)
    }
}

impl Probit {
    /// The supremum of the likelihood where it rises up to ρ = 1 or −1: there the values settle the
    /// levels but for values that several levels share. The end comes first.
    pub(super) fn at_end(&self) -> Option<(f64, f64)> {
        let end = [1.0, -1.0].into_iter().find(|end| {
            // The range of the values of each level, in the direction of the end.
            let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); self.levels];
            for (d, level, _) in &self.rows {
                let (low, high) = &mut ranges[*level];
                (*low, *high) = (low.min(end * d), high.max(end * d));
            }
            ranges.windows(2).all(|two| two[0].1 <= two[1].0)
        })?;
        let mut rows: Vec<(f64, usize, f64)> = self.rows.clone();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let shared = rows.chunk_by(|a, b| a.0 == b.0).map(|same| {
            let all: f64 = same.iter().map(|row| row.2).sum();
            same.chunk_by(|a, b| a.1 == b.1)
                .map(|level| {
                    let n: f64 = level.iter().map(|row| row.2).sum();
                    n * (n / all).ln()
                })
                .sum::<f64>()
        });
        Some((end, shared.sum()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [(f64, usize, f64); 6] = [
        (-1.4, 0, 1.0),
        (-0.9, 1, 2.0),
        (0.1, 0, 1.0),
        (0.4, 2, 1.0),
        (1.3, 1, 1.0),
        (1.2, 2, 3.0),
    ];

    #[test]
    fn derivatives_are_those_of_the_likelihood() {
        let probit = Probit { rows: ROWS.to_vec(), levels: 3 };
        let point = [-0.6, 0.7, 1.1, 0.6];
        let bend = probit.at(&point).unwrap();
        let step = 1e-5;
        for k in 0..4 {
            let moved = |by: f64| {
                let mut p = point;
                p[k] += by;
                probit.at(&p).unwrap()
            };
            let (up, down) = (moved(step), moved(-step));
            let slope = (up.log_likelihood - down.log_likelihood) / (2.0 * step);
            assert!((slope - bend.gradient[k]).abs() < 1e-7, "{k} {slope} {}", bend.gradient[k]);
            for l in 0..4 {
                let slope = (up.gradient[l] - down.gradient[l]) / (2.0 * step);
                assert!((slope - bend.hessian[k][l]).abs() < 1e-7, "{k} {l} {slope}");
            }
        }
    }

    #[test]
    fn levels_in_the_order_of_the_values_have_no_summit() {
        let rows = vec![(1.0, 0, 1.0), (0.0, 0, 1.0), (0.0, 1, 1.0), (-1.0, 1, 2.0)];
        let (end, top) = Probit { rows, levels: 2 }.at_end().unwrap();
        assert_eq!(end, -1.0);
        assert!((top - 2.0 * 0.5_f64.ln()).abs() < 1e-15);
        assert_eq!(Probit { rows: ROWS.to_vec(), levels: 3 }.at_end(), None);
    }
}
