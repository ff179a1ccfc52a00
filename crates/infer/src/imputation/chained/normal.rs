use super::coded::Variable;
use crate::model::Cholesky;
use ndarray::{Array2, ArrayView1};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};

/// What each predictor's sum of squares grows by, relative to itself.
const RIDGE: f64 = 1e-5;

/// Sums of products of all columns, kept up to date. The columns are standardised and the ridge
/// bounds the condition number by 1e5 per column, so that the products keep ten digits.
pub(super) struct Products(Array2<f64>);

impl Products {
    pub(super) fn new(matrix: &[Vec<f64>]) -> Self {
        let mut products = Self(Array2::zeros((matrix.len(), matrix.len())));
        (0..matrix.len()).for_each(|c| products.renew(matrix, c));
        products
    }

    /// After a column has changed.
    pub(super) fn renew(&mut self, matrix: &[Vec<f64>], column: usize) {
        let own = ArrayView1::from(&matrix[column]);
        for (other, values) in matrix.iter().enumerate() {
            let product = own.dot(&ArrayView1::from(values));
            self.0[[column, other]] = product;
            self.0[[other, column]] = product;
        }
    }
}

/// A drawn regression of one column on the others.
pub(super) struct Equation {
    /// X·b where the column was seen, X·b* in its gaps.
    pub(super) expected: Vec<f64>,
}

impl Equation {
    /// None where the equation can't be solved, which the ridge prevents for finite numbers.
    pub(super) fn draw(
        matrix: &[Vec<f64>],
        products: &Products,
        others: &[usize],
        outcome: usize,
        variable: &Variable,
        rng: &mut ChaCha8Rng,
    ) -> Option<Self> {
        let (p, y) = (others.len(), &matrix[outcome]);
        let of_gaps: Vec<Vec<f64>> =
            variable.gaps.iter().map(|i| others.iter().map(|c| matrix[*c][*i]).collect()).collect();
        // What the gaps' rows add to the products of all rows is taken off again.
        let mut squares =
            Array2::from_shape_fn((p, p), |(a, b)| products.0[[others[a], others[b]]]);
        let mut with_y: Vec<f64> = others.iter().map(|c| products.0[[*c, outcome]]).collect();
        for (row, gap) in of_gaps.iter().zip(&variable.gaps) {
            for a in 0..p {
                with_y[a] -= row[a] * y[*gap];
                for b in 0..p {
                    squares[[a, b]] -= row[a] * row[b];
                }
            }
        }
        for a in 0..p {
            // A predictor that is at its mean wherever the column was seen has no square.
            squares[[a, a]] += RIDGE * squares[[a, a]].max(1.0);
        }
        let root = Cholesky::new(&squares)?;
        let b = root.solve(&with_y);
        let mut expected = vec![0.0; y.len()];
        for (column, b) in others.iter().zip(&b) {
            expected.iter_mut().zip(&matrix[*column]).for_each(|(e, x)| *e += b * x);
        }
        let rest: f64 = variable.seen.iter().map(|i| (y[*i] - expected[*i]).powi(2)).sum();
        let df = variable.seen.len().saturating_sub(p).max(1) as f64;
        let sigma = (rest / ChiSquared::new(df).ok()?.sample(rng)).sqrt();
        let z: Vec<f64> = (0..p).map(|_| rng.sample(StandardNormal)).collect();
        let moved = root.solve_transposed(&z);
        for (row, gap) in of_gaps.iter().zip(&variable.gaps) {
            let drawn = b.iter().zip(&moved).map(|(b, m)| b + sigma * m);
            expected[*gap] = row.iter().zip(drawn).map(|(x, b)| x * b).sum();
        }
        Some(Self { expected })
    }
}
