use crate::double_double::DoubleDouble;
use crate::regress::real::{Real, total};
use crate::regress::{Ols, ols};
use crate::{Error, Result};
use ndarray::Array2;
use ssi_vocab::{Design, Weights};

/// Least squares as the place where a search starts, in coordinates in which it is well posed.
///
/// With (XᵀX)⁻¹ = S Sᵀ the search is for δ in b + √n·S·δ: the predictors are then uncorrelated
/// with mean square 1, whatever their units and however near to collinear they are, and residuals
/// are those of where the search stands, with all their digits.
#[derive(Debug, Clone)]
pub(crate) struct Start<'a> {
    pub(crate) design: &'a Design,
    /// The least-squares fit.
    pub(crate) ols: Ols,
    /// Predictors, a row a respondent.
    q: Vec<f64>,
    /// How many coefficients.
    pub(crate) k: usize,
    /// How many respondents each row stands for.
    pub(crate) weights: Vec<f64>,
    /// Outcome minus what the coefficients expect, one a row.
    pub(crate) residuals: Vec<f64>,
    exact: Vec<DoubleDouble>,
}

impl<'a> Start<'a> {
    /// # Errors
    /// Those of least squares, under the name of the analysis; other than frequency weights.
    pub(crate) fn new(design: &'a Design, analysis: &'static str) -> Result<Self> {
        let weights = match &design.weights {
            None => vec![1.0; design.y.len()],
            Some(Weights::Frequency(counts)) => counts.iter().map(|c| *c as f64).collect(),
            Some(other) => return Err(Error::Unweighted { analysis, kind: other.kind() }),
        };
        let ols = ols(design).map_err(|error| error.under(analysis))?;
        let root_n = (ols.n_obs as f64).sqrt();
        let q = ols.scores().iter().map(|v| v * root_n).collect();
        let (k, residuals) = (ols.coefficients.len(), ols.residuals.to_vec());
        let exact = ols.exact().to_vec();
        Ok(Self { design, ols, q, k, weights, residuals, exact })
    }

    /// How many rows.
    pub(crate) fn rows(&self) -> usize {
        self.weights.len()
    }

    /// How many respondents.
    pub(crate) fn n(&self) -> f64 {
        self.ols.n_obs as f64
    }

    /// The predictors of row `i`.
    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.q[i * self.k..(i + 1) * self.k]
    }

    /// All predictors, a row after the other.
    pub(crate) fn predictors(&self) -> &[f64] {
        &self.q
    }

    /// Goes on from δ: the residuals become those of its coefficients.
    pub(crate) fn go(&mut self, delta: &[f64]) {
        let (root, root_n) = (self.ols.root(), DoubleDouble::from(self.n()).root());
        let exact = (0..self.k)
            .map(|i| {
                let step = total((i..self.k).map(|j| root.at(i, j) * delta[j]));
                self.exact[i] + step * root_n
            })
            .collect();
        self.settle(exact);
    }

    /// Goes on from given coefficients.
    pub(crate) fn settle(&mut self, exact: Vec<DoubleDouble>) {
        self.residuals = (0..self.rows()).map(|i| self.residual(i, &exact)).collect();
        self.exact = exact;
    }

    /// Goes to the surface through as many rows as there are coefficients; `false` where these
    /// rows don't tell them.
    pub(crate) fn through(&mut self, rows: &[usize]) -> bool {
        let mut lines: Vec<Vec<DoubleDouble>> =
            rows.iter().map(|i| (0..=self.k).map(|j| self.cell(*i, j)).collect()).collect();
        match eliminated(&mut lines) {
            Some(exact) => {
                self.settle(exact);
                for i in rows {
                    self.residuals[*i] = 0.0;
                }
                true
            }
            None => false,
        }
    }

    /// Predictor `j` of row `i` in its own unit, and after the predictors the outcome.
    fn cell(&self, i: usize, j: usize) -> DoubleDouble {
        let design = self.design;
        let (hi, lo) = if j < self.k {
            (design.x[[i, j]], design.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]]))
        } else {
            (design.y[i], design.y_rest.as_ref().map_or(0.0, |rest| rest[i]))
        };
        DoubleDouble { hi, lo }
    }

    /// The outcome of row `i` with all its digits.
    pub(crate) fn outcome(&self, i: usize) -> DoubleDouble {
        self.cell(i, self.k)
    }

    fn residual(&self, i: usize, exact: &[DoubleDouble]) -> f64 {
        let mut rest = self.cell(i, self.k);
        let mut size = rest.hi.abs();
        for (j, b) in exact.iter().enumerate() {
            let part = self.cell(i, j) * *b;
            size += part.hi.abs();
            rest += -part;
        }
        // What is left where 32 digits cancel is rounding.
        if rest.hi.abs() <= 1e-27 * size { 0.0 } else { rest.value() }
    }

    /// How coefficient `j` changes with δ.
    pub(crate) fn along(&self, j: usize) -> Vec<f64> {
        let (root, root_n) = (self.ols.root(), self.n().sqrt());
        (0..self.k).map(|l| if l < j { 0.0 } else { root.at(j, l).value() * root_n }).collect()
    }

    /// The coefficients where the search stands.
    pub(crate) fn coefficients(&self) -> Vec<f64> {
        self.exact.iter().map(|b| b.value()).collect()
    }

    /// The covariance of the coefficients from that of δ.
    pub(crate) fn covariance(&self, of_delta: &Array2<f64>) -> Array2<f64> {
        let n = self.n();
        self.ols.sandwich(|i, j| DoubleDouble::product(of_delta[[i, j]], n))
    }

    /// Σ ω q qᵀ over the respondents.
    pub(crate) fn squares(&self, omega: impl Fn(usize) -> f64) -> Array2<f64> {
        let mut sum = Array2::zeros((self.k, self.k));
        for i in 0..self.rows() {
            let weight = self.weights[i] * omega(i);
            if weight == 0.0 {
                continue;
            }
            let q = self.row(i);
            for a in 0..self.k {
                let scaled = weight * q[a];
                for b in 0..=a {
                    sum[[a, b]] += scaled * q[b];
                }
            }
        }
        for a in 0..self.k {
            for b in 0..a {
                sum[[b, a]] = sum[[a, b]];
            }
        }
        sum
    }

    /// Σ ω q over the respondents.
    pub(crate) fn sum(&self, omega: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut sum = vec![0.0; self.k];
        for i in 0..self.rows() {
            let weight = self.weights[i] * omega(i);
            for (s, q) in sum.iter_mut().zip(self.row(i)) {
                *s += weight * q;
            }
        }
        sum
    }
}

/// The solution of as many equations as unknowns, the right side last in each line.
fn eliminated(lines: &mut [Vec<DoubleDouble>]) -> Option<Vec<DoubleDouble>> {
    let k = lines.len();
    for line in lines.iter_mut() {
        // Powers of two keep every digit.
        let largest = line[..k].iter().fold(0.0_f64, |m, v| m.max(v.hi.abs()));
        if largest == 0.0 {
            return None;
        }
        let scale = libm::scalbn(1.0, -libm::ilogb(largest));
        line.iter_mut().for_each(|v| *v = *v * scale);
    }
    for j in 0..k {
        let pivot =
            (j..k).max_by(|a, b| lines[*a][j].hi.abs().total_cmp(&lines[*b][j].hi.abs()))?;
        lines.swap(j, pivot);
        let (above, below) = lines.split_at_mut(j + 1);
        let top = &above[j];
        if top[j].hi.abs() < 1e-28 {
            return None;
        }
        for line in below {
            let factor = line[j] / top[j];
            for l in j..=k {
                line[l] = line[l] - factor * top[l];
            }
        }
    }
    let mut solution = vec![DoubleDouble::ZERO; k];
    for j in (0..k).rev() {
        let known = total((j + 1..k).map(|l| lines[j][l] * solution[l]));
        solution[j] = (lines[j][k] - known) / lines[j][j];
    }
    Some(solution)
}
