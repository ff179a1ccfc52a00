//! An orthonormal basis of some columns, with 32 digits: what a column adds to those before it.

use super::Ols;
use super::real::{Real, total};
use crate::double_double::DoubleDouble;

/// What a column must add to be no sum of the others, as a share of its own length: more than the
/// rounding of its cells to doubles.
pub(super) const ROUNDING: f64 = 1e-13;

/// The same for columns that a fit has already told apart.
pub(super) const FITTED: f64 = 1e-25;

/// Columns made orthonormal one after the other; rows count as often as their weight says.
pub(super) struct Span {
    weights: Vec<f64>,
    least: f64,
    basis: Vec<Vec<DoubleDouble>>,
}

impl Span {
    /// Of nothing yet; a column that adds less than the share `least` of its length is none.
    pub(super) fn new(weights: Vec<f64>, least: f64) -> Self {
        Self { weights, least, basis: Vec::new() }
    }

    /// Of a fit's model matrix, a row counting as often as it is a respondent.
    pub(super) fn of(fit: &Ols) -> Self {
        let mut span = Self::new((0..fit.rows.len()).map(|i| fit.times(i)).collect(), FITTED);
        for j in 0..fit.terms.len() {
            span.add(&fit.wide_column(j));
        }
        span
    }

    /// Changes the share that the next columns must add.
    pub(super) fn demand(&mut self, least: f64) {
        self.least = least;
    }

    /// How many columns were not sums of others.
    pub(super) fn rank(&self) -> usize {
        self.basis.len()
    }

    /// Adds a column; false where it is a sum of those before it.
    pub(super) fn add(&mut self, column: &[DoubleDouble]) -> bool {
        let mut rest = column.to_vec();
        let before = self.dot(&rest, &rest).root();
        // A second pass takes what rounding left of the first.
        for _ in 0..2 {
            for known in &self.basis {
                let along = self.dot(known, &rest);
                for (value, k) in rest.iter_mut().zip(known) {
                    *value = *value - along * *k;
                }
            }
        }
        let after = self.dot(&rest, &rest).root();
        if after.value() <= self.least * before.value() {
            return false;
        }
        self.basis.push(rest.into_iter().map(|v| v / after).collect());
        true
    }

    /// A column's coordinate along each column of the basis.
    pub(super) fn coordinates(&self, column: &[DoubleDouble]) -> Vec<DoubleDouble> {
        self.basis.iter().map(|known| self.dot(known, column)).collect()
    }

    fn dot(&self, a: &[DoubleDouble], b: &[DoubleDouble]) -> DoubleDouble {
        total(a.iter().zip(b).zip(&self.weights).map(|((a, b), w)| *a * *b * *w))
    }
}
