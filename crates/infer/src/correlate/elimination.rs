//! What some columns leave of two others: from the columns themselves, or from a matrix of how each
//! two of them go together.

use super::concordance::KendallOrder;
use super::moments::{mean, power_of_two_scale};
use super::ranks::{Classes, centred_ranks};
use super::{Complete, Method};
use crate::double_double::DoubleDouble;

/// Sums of squares and products of x and y: what the controls leave, and all of y's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Left {
    pub(crate) s_xx: DoubleDouble,
    pub(crate) s_yy: DoubleDouble,
    pub(crate) s_xy: DoubleDouble,
    pub(crate) t_yy: DoubleDouble,
}

impl Left {
    /// The correlation and 1 less its square: partial, or semi-partial with all of y.
    pub(crate) fn correlation(&self, all_of_y: bool) -> (f64, f64) {
        let product = self.s_xx * if all_of_y { self.t_yy } else { self.s_yy };
        let r = f64::from(self.s_xy / product.sqrt()).clamp(-1.0, 1.0);
        let rest = f64::from((product - self.s_xy * self.s_xy) / product);
        (r, rest.clamp(0.0, 1.0))
    }
}

/// The columns each freed of those before it: the controls, then x and y of the controls only.
pub(crate) struct Freed {
    pub(crate) controls: Vec<Vec<DoubleDouble>>,
    pub(crate) x: Vec<DoubleDouble>,
    pub(crate) y: Vec<DoubleDouble>,
    pub(crate) left: Left,
}

/// Gram–Schmidt, run twice, on the values or their midranks; `Err` with the column that those before
/// it determine.
pub(crate) fn freed(complete: &Complete, method: Method) -> std::result::Result<Freed, usize> {
    let counts = complete.counts();
    let dot = |a: &[DoubleDouble], b: &[DoubleDouble]| {
        let mut sum = DoubleDouble::ZERO;
        for (i, (a, b)) in a.iter().zip(b).enumerate() {
            sum += *a * *b * counts.map_or(1.0, |w| w[i] as f64);
        }
        sum
    };
    let k = complete.names().len() - 2;
    let mut basis: Vec<(Vec<DoubleDouble>, DoubleDouble, f64)> = Vec::with_capacity(k);
    let mut pair = Vec::with_capacity(2);
    for (j, values) in complete.columns().iter().enumerate() {
        let ranks;
        let values = if method == Method::Spearman {
            ranks = midranks(values, counts);
            &ranks
        } else {
            values
        };
        let (scale, rows) = (power_of_two_scale(values), values.len());
        let centre = mean(values, counts, scale);
        let mut rest: Vec<DoubleDouble> =
            values.iter().map(|v| DoubleDouble::from(v * scale) - centre).collect();
        let all = dot(&rest, &rest);
        // How large the numbers are of which this column may be a rounded sum.
        let raw = (all.hi + centre.hi * centre.hi * complete.n_obs() as f64).sqrt();
        let mut size = raw;
        for _ in 0..2 {
            for (direction, square, raw) in &basis {
                let share = dot(direction, &rest) / *square;
                size += share.hi.abs() * raw;
                for i in 0..rows {
                    rest[i] = rest[i] - direction[i] * share;
                }
            }
        }
        let square = dot(&rest, &rest);
        if square.hi.sqrt() <= 8.0 * f64::EPSILON * size {
            return Err(j);
        }
        if j < k {
            basis.push((rest, square, raw));
        } else {
            pair.push((rest, square, all));
        }
    }
    let (y, x) = (pair.pop().ok_or(k)?, pair.pop().ok_or(k)?);
    let left = Left { s_xx: x.1, s_yy: y.1, s_xy: dot(&x.0, &y.0), t_yy: y.2 };
    let controls = basis.into_iter().map(|(direction, ..)| direction).collect();
    Ok(Freed { controls, x: x.0, y: y.0, left })
}

fn midranks(values: &[f64], counts: Option<&[u64]>) -> Vec<f64> {
    let classes = Classes::new(values);
    let ranks = centred_ranks(&classes.sizes(counts));
    classes.code.iter().map(|c| ranks[*c as usize] as f64).collect()
}

/// The matrix of τ-b, each entry right to 32 digits.
pub(super) fn tau_matrix(complete: &Complete) -> Vec<Vec<DoubleDouble>> {
    let whole = DoubleDouble::from_integer;
    let columns = complete.columns();
    let tau = |a: &[f64], b: &[f64]| {
        let pairs = KendallOrder::new(a, b).concordance(complete.counts());
        whole(pairs.net) / (whole(pairs.x_pairs) * whole(pairs.y_pairs)).sqrt()
    };
    let mut matrix = identity(columns.len());
    for i in 0..columns.len() {
        for j in 0..i {
            matrix[i][j] = tau(&columns[i], &columns[j]);
            matrix[j][i] = matrix[i][j];
        }
    }
    matrix
}

/// A matrix of correlations in which nothing goes together yet.
pub(crate) fn identity(size: usize) -> Vec<Vec<DoubleDouble>> {
    let entry = |i, j| if i == j { DoubleDouble::from(1.0) } else { DoubleDouble::ZERO };
    (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
}

/// What elimination leaves of x and y, the last two of a matrix of correlations.
pub(crate) struct Swept {
    pub(crate) left: Left,
    /// How much of each control x and y are freed of.
    pub(crate) shares: [Vec<f64>; 2],
}

/// Eliminates all but the last two variables of a matrix of correlations; `Err` with the one of
/// which no more than `least` is left.
pub(crate) fn swept(
    mut matrix: Vec<Vec<DoubleDouble>>,
    least: f64,
) -> std::result::Result<Swept, usize> {
    let size = matrix.len();
    let k = size - 2;
    let mut multiples = vec![vec![DoubleDouble::ZERO; k]; size];
    for j in 0..k {
        if matrix[j][j].hi < least {
            return Err(j);
        }
        for a in j + 1..size {
            let share = matrix[a][j] / matrix[j][j];
            multiples[a][j] = share;
            let pivot = matrix[j].clone();
            for (entry, of_pivot) in matrix[a].iter_mut().zip(pivot).skip(j + 1) {
                *entry = *entry - share * of_pivot;
            }
        }
    }
    let (x, y) = (k, k + 1);
    if let Some(last) = [x, y].into_iter().find(|i| matrix[*i][*i].hi < least) {
        return Err(last);
    }
    let shares = [x, y].map(|row| {
        let mut shares = multiples[row].clone();
        for j in (0..k).rev() {
            for a in j + 1..k {
                shares[j] = shares[j] - multiples[a][j] * shares[a];
            }
        }
        shares.into_iter().map(f64::from).collect()
    });
    let (s_xx, s_yy, s_xy) = (matrix[x][x], matrix[y][y], matrix[x][y]);
    Ok(Swept { left: Left { s_xx, s_yy, s_xy, t_yy: DoubleDouble::from(1.0) }, shares })
}

/// A share of τ-b this small is rounding in the 32nd digit: the order is that of the columns before.
pub(super) const SINGULAR: f64 = 1e-26;
