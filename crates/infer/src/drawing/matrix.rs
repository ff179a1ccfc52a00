use ssi_vocab::Estimate;
use ssi_vocab::drawing::{Matrix, MatrixCell};

/// The lower triangle of a correlation matrix, from the estimates of its pairs.
///
/// `variables` gives the order, top to bottom and left to right; a pair is found under its names
/// in either order. A pair without an estimate, or with one that is undefined, is a cell without
/// a value.
///
/// # Example
/// ```
/// use ssi_infer::drawing::matrix;
/// use ssi_vocab::{Analysis, Estimate};
///
/// let mut r = Estimate::new(Analysis::Correlation, "pearson", "a, b", 20);
/// (r.x, r.y, r.value) = (Some("a".into()), Some("b".into()), Some(0.6));
/// let drawing = matrix(&["b", "a"], &[r]);
/// assert_eq!((drawing.cells[0].row, drawing.cells[0].value), (1, Some(0.6)));
/// ```
pub fn matrix(variables: &[&str], estimates: &[Estimate]) -> Matrix {
    let of = |a: &str, b: &str| {
        estimates.iter().find(|e| {
            let names = (e.x.as_deref(), e.y.as_deref());
            names == (Some(a), Some(b)) || names == (Some(b), Some(a))
        })
    };
    let mut cells = Vec::new();
    for (row, below) in variables.iter().enumerate() {
        for (column, left) in variables[..row].iter().enumerate() {
            let estimate = of(below, left);
            let interval = estimate.and_then(|e| e.interval.as_ref());
            cells.push(MatrixCell {
                row,
                column,
                value: estimate.and_then(|e| e.value),
                low: interval.map(|i| i.low),
                high: interval.map(|i| i.high),
                n_obs: estimate.map_or(0, |e| e.n_obs),
            });
        }
    }
    Matrix { variables: variables.iter().map(|v| (*v).to_owned()).collect(), cells }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_one_cell_below_the_diagonal() {
        let drawing = matrix(&["a", "b", "c", "d"], &[]);
        assert_eq!(drawing.cells.len(), 6);
        assert!(drawing.cells.iter().all(|c| c.row > c.column && c.value.is_none()));
    }
}
