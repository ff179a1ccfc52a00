//! What some columns leave of two others, in 32 digits.

use super::concordance::KendallOrder;
use super::moments::{mean, power_of_two_scale};
use super::ranks::{Classes, centred_ranks};
use super::{Complete, Method};
use crate::double_double::DoubleDouble;

/// Sums of squares and products of x and y: what the controls leave, and all of y's.
pub(super) struct Left {
    pub(super) s_xx: DoubleDouble,
    pub(super) s_yy: DoubleDouble,
    pub(super) s_xy: DoubleDouble,
    pub(super) t_yy: DoubleDouble,
}

/// Residuals by Gram–Schmidt; `Err` with the column that those before it determine.
pub(super) fn residuals(complete: &Complete, method: Method) -> std::result::Result<Left, usize> {
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
    Ok(Left { s_xx: x.1, s_yy: y.1, s_xy: dot(&x.0, &y.0), t_yy: y.2 })
}

fn midranks(values: &[f64], counts: Option<&[u64]>) -> Vec<f64> {
    let classes = Classes::new(values);
    let ranks = centred_ranks(&classes.sizes(counts));
    classes.code.iter().map(|c| ranks[*c as usize] as f64).collect()
}

/// The same from the matrix of τ-b, each entry right to 32 digits.
pub(super) fn eliminate(complete: &Complete) -> std::result::Result<Left, usize> {
    let (columns, k) = (complete.columns(), complete.names().len() - 2);
    let whole = DoubleDouble::from_integer;
    let tau = |a: &[f64], b: &[f64]| {
        let pairs = KendallOrder::new(a, b).concordance(complete.counts());
        whole(pairs.net) / (whole(pairs.x_pairs) * whole(pairs.y_pairs)).sqrt()
    };
    let size = columns.len();
    let mut left = vec![vec![DoubleDouble::from(1.0); size]; size];
    for i in 0..size {
        for j in 0..i {
            left[i][j] = tau(&columns[i], &columns[j]);
            left[j][i] = left[i][j];
        }
    }
    for j in 0..k {
        if left[j][j].hi < SINGULAR {
            return Err(j);
        }
        for a in j + 1..size {
            let share = left[a][j] / left[j][j];
            let pivot = left[j].clone();
            for (entry, of_pivot) in left[a].iter_mut().zip(pivot).skip(j + 1) {
                *entry = *entry - share * of_pivot;
            }
        }
    }
    let (x, y) = (k, k + 1);
    if let Some(last) = [x, y].into_iter().find(|i| left[*i][*i].hi < SINGULAR) {
        return Err(last);
    }
    Ok(Left { s_xx: left[x][x], s_yy: left[y][y], s_xy: left[x][y], t_yy: DoubleDouble::from(1.0) })
}

/// A share of τ-b this small is rounding in the 32nd digit: the order is that of the columns before.
const SINGULAR: f64 = 1e-26;
