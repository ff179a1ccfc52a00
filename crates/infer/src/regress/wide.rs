//! The cells of a fit with what decimal text and powers hold beyond their doubles.

use super::Ols;
use crate::double_double::DoubleDouble;

impl Ols {
    /// The model matrix in row `i` and column `j`.
    pub(super) fn wide_x(&self, i: usize, j: usize) -> DoubleDouble {
        let rest = self.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]]);
        DoubleDouble::with_rest(self.x[[i, j]], rest)
    }

    /// A column of the model matrix.
    pub(super) fn wide_column(&self, j: usize) -> Vec<DoubleDouble> {
        (0..self.rows.len()).map(|i| self.wide_x(i, j)).collect()
    }

    /// The outcome in row `i`.
    pub(super) fn wide_y(&self, i: usize) -> DoubleDouble {
        let rest = self.y_rest.as_ref().map_or(0.0, |rest| rest[i]);
        DoubleDouble::with_rest(self.y[i], rest)
    }

    /// The column made comparable by √w, which makes the weighted problem an unweighted one.
    pub(super) fn weighed_column(&self, j: usize) -> Vec<DoubleDouble> {
        (0..self.rows.len()).map(|i| self.root_weight(i) * self.wide_x(i, j)).collect()
    }

    /// The outcome made comparable by √w.
    pub(super) fn weighed_y(&self) -> Vec<DoubleDouble> {
        (0..self.rows.len()).map(|i| self.root_weight(i) * self.wide_y(i)).collect()
    }

    /// √w of a row, in all its digits.
    pub(super) fn root_weight(&self, i: usize) -> DoubleDouble {
        if self.weights.is_none() {
            return DoubleDouble::from(1.0);
        }
        DoubleDouble::from(self.weight(i)).sqrt()
    }
}
