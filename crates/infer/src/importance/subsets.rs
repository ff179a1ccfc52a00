//! R² of every set of terms.

use crate::regress::factor::householder;
use ssi_vocab::Design;

/// The predictors' triangle and the outcome's projection: what is left of the rows once the
/// intercept is out.
pub(super) struct Subsets {
    /// Each term's columns.
    terms: Vec<Vec<Vec<f64>>>,
    z: Vec<f64>,
    total: f64,
}

impl Subsets {
    pub(super) fn new(design: &Design, terms: usize, weight: &dyn Fn(usize) -> f64) -> Self {
        let first = usize::from(design.intercept);
        let size = design.terms.len() - first;
        let used: Vec<usize> = (0..design.y.len()).filter(|i| weight(*i) > 0.0).collect();
        let total_weight: f64 = used.iter().map(|i| weight(*i)).sum();
        let length = used.len().max(size);
        // Centred, of unit length, times √w.
        let unit = |value: &dyn Fn(usize) -> f64| {
            let sum: f64 = used.iter().map(|i| weight(*i) * value(*i)).sum();
            let mean = if design.intercept { sum / total_weight } else { 0.0 };
            let mut column: Vec<f64> =
                used.iter().map(|i| weight(*i).sqrt() * (value(*i) - mean)).collect();
            let largest = column.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
            // A column that is constant in a resample leaves rounding, which is nothing.
            let nothing = largest <= 1e-13 * mean.abs() || largest == 0.0;
            let norm = column.iter().map(|v| (v / largest).powi(2)).sum::<f64>().sqrt() * largest;
            column.iter_mut().for_each(|v| *v = if nothing { 0.0 } else { *v / norm });
            column.resize(length, 0.0);
            column
        };
        let mut columns: Vec<Vec<f64>> =
            (first..design.terms.len()).map(|j| unit(&|i| design.x[[i, j]])).collect();
        let mut y = unit(&|i| design.y[i]);
        let total: f64 = y.iter().map(|v| v * v).sum();
        let (r, z) = householder(&mut columns, &mut y);
        let column = |j: usize| (0..size).map(|i| if i > j { 0.0 } else { r.at(i, j) }).collect();
        let mut by_term = vec![Vec::new(); terms];
        for j in 0..size {
            by_term[design.assign[first + j] - 1].push(column(j));
        }
        Self { terms: by_term, z, total }
    }

    /// R² of each set; NaN only where the outcome does not vary.
    pub(super) fn all(self) -> Vec<f64> {
        let mut found = vec![0.0; 1 << self.terms.len()];
        visit(&self.terms, 0, 0, &self.z, 0.0, &mut |set, explained| {
            found[set] = explained / self.total;
        });
        found
    }
}

/// Adds each later term in turn to the set, and goes on from there. What is left of the later
/// terms, and of the outcome, is orthogonal to the set.
fn visit(
    rest: &[Vec<Vec<f64>>],
    set: usize,
    next: usize,
    z: &[f64],
    explained: f64,
    found: &mut dyn FnMut(usize, f64),
) {
    for (j, term) in rest.iter().enumerate() {
        let mut later: Vec<Vec<Vec<f64>>> = rest[j + 1..].to_vec();
        let (mut z, mut gain) = (z.to_vec(), 0.0);
        let mut own = term.clone();
        for at in 0..own.len() {
            let (done, todo) = own.split_at_mut(at + 1);
            let direction = &mut done[at];
            let norm = dot(direction, direction).sqrt();
            // Columns have unit length: less than this is what rounding left of one in the set.
            if norm < 1e-12 {
                continue;
            }
            direction.iter_mut().for_each(|v| *v /= norm);
            let along = dot(direction, &z);
            gain += along * along;
            take(direction, &mut z);
            todo.iter_mut().chain(later.iter_mut().flatten()).for_each(|c| take(direction, c));
        }
        let (set, explained) = (set | 1 << (next + j), explained + gain);
        found(set, explained);
        visit(&later, set, next + j + 1, &z, explained, found);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Removes a column's part along a direction of unit length.
fn take(direction: &[f64], column: &mut [f64]) {
    let along = dot(direction, column);
    column.iter_mut().zip(direction).for_each(|(c, d)| *c -= along * d);
}
