//! Solving least squares: scaling, centring, factorisation, rank, residuals.

use super::Ols;
use super::blocks;
use super::factor::{Triangle, householder, singular_values};
use super::real::{Real, scaled, total};
use crate::double_double::DoubleDouble;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayView1};
use ssi_vocab::{Design, Weights};

/// Problems of up to so many cells × coefficients are carried with 32 digits from the start: some
/// ten milliseconds at most.
const SMALL: usize = 200_000;

/// Above this condition number (of the centred, scaled columns) doubles lose more digits than a
/// refinement step restores, so the problem is carried with 32 digits whatever it costs.
pub(super) const ILL_CONDITIONED: f64 = 1e3;

/// What a column adds to the ones before it has to be this much larger than the rounding of 32
/// digits (2⁻¹⁰⁴), so that six digits of its coefficient are right at least.
const RESOLVED: f64 = 5e-26;

/// What the solver works on: columns scaled by powers of two (exact), respondents with a weight.
pub(super) struct Problem<'a> {
    pub(super) design: &'a Design,
    weights: Option<Weights>,
    /// Σ w: what a weighted mean divides by.
    pub(super) total_weight: DoubleDouble,
    exponents: Vec<i32>,
    pub(super) scales: Vec<f64>,
    y_exponent: i32,
    y_scale: f64,
    pub(super) n_obs: f64,
}

/// The solution in scaled, uncentred coordinates.
pub(super) struct Solution {
    pub(super) coefficients: Vec<DoubleDouble>,
    pub(super) root: Triangle<DoubleDouble>,
    pub(super) scores: Array2<f64>,
    pub(super) residuals: Vec<DoubleDouble>,
    pub(super) total_ss: DoubleDouble,
}

pub(super) fn ols(design: &Design) -> Result<Ols> {
    let (n, k) = (design.n_obs(), design.terms.len());
    if n <= k {
        return Err(Error::TooFew { analysis: "least squares", needed: k + 1, found: n });
    }
    let problem = Problem::new(design, n as f64);
    problem.refuse_constants()?;
    problem.refuse_magnitudes()?;
    problem.refuse_weights()?;
    let large = problem.rows() * k * k > SMALL;
    let solution = match if large { blocks::solve(&problem) } else { None } {
        Some(solution) => solution,
        None => problem.solve()?,
    };
    Ok(problem.finish(solution))
}

impl<'a> Problem<'a> {
    fn new(design: &'a Design, n_obs: f64) -> Self {
        let exponent = |largest: f64| if largest > 0.0 { libm::ilogb(largest) } else { 0 };
        let mut largest = vec![0.0_f64; design.terms.len()];
        for row in design.x.rows() {
            for (most, v) in largest.iter_mut().zip(row) {
                *most = most.max(v.abs());
            }
        }
        let exponents: Vec<i32> = largest.into_iter().map(exponent).collect();
        let y_exponent = exponent(design.y.iter().fold(0.0_f64, |m, v| m.max(v.abs())));
        let scale = |exponent: i32| libm::scalbn(1.0, -exponent);
        let scales = exponents.iter().map(|e| scale(*e)).collect();
        let y_scale = scale(y_exponent);
        let sum = |w: &Weights| total((0..design.y.len()).map(|i| w.at(i).into()));
        let weights = match &design.weights {
            // Only their ratios mean anything; a mean of 1 keeps σ that of one respondent.
            Some(Weights::Probability(values)) => {
                let share = n_obs / sum(&Weights::Probability(values.clone())).hi;
                Some(Weights::Probability(values.iter().map(|w| w * share).collect()))
            }
            other => other.clone(),
        };
        let total_weight = weights.as_ref().map_or(n_obs.into(), sum);
        Self { design, weights, total_weight, exponents, scales, y_exponent, y_scale, n_obs }
    }

    /// How many rows.
    pub(super) fn rows(&self) -> usize {
        self.design.y.len()
    }

    /// The scaled predictor `j` in row `i`.
    pub(super) fn x(&self, i: usize, j: usize) -> DoubleDouble {
        let scale = self.scales[j];
        let lo = self.design.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]] * scale);
        DoubleDouble { hi: self.design.x[[i, j]] * scale, lo }
    }

    /// The scaled predictors of row `i`, as doubles.
    pub(super) fn fill(&self, i: usize, row: &mut [f64]) {
        for ((cell, x), scale) in row.iter_mut().zip(self.design.x.row(i)).zip(&self.scales) {
            *cell = x * scale;
        }
    }

    /// The scaled outcome in row `i`.
    pub(super) fn y(&self, i: usize) -> DoubleDouble {
        let lo = self.design.y_rest.as_ref().map_or(0.0, |rest| rest[i] * self.y_scale);
        DoubleDouble { hi: self.design.y[i] * self.y_scale, lo }
    }

    pub(super) fn weight(&self, i: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights.at(i))
    }

    /// An intercept makes any other constant column, and a constant outcome, undefined; without
    /// one only a column of zeros is.
    fn refuse_constants(&self) -> Result<()> {
        let intercept = self.design.intercept;
        let constant = |value: &dyn Fn(usize) -> DoubleDouble| {
            let mut used = (0..self.rows()).filter(|i| self.weight(*i) > 0.0);
            let zero = DoubleDouble::ZERO;
            let first = if intercept { used.next().map_or(zero, value) } else { zero };
            used.all(|i| value(i) == first)
        };
        if constant(&|i| self.y(i)) {
            return Err(Error::Constant { column: self.design.outcome.clone() });
        }
        for (j, name) in self.design.terms.iter().enumerate().skip(usize::from(intercept)) {
            if constant(&|i| self.x(i, j)) {
                return Err(Error::Constant { column: name.clone() });
            }
        }
        Ok(())
    }

    /// A variance is the square of outcome over predictor: with both within 75 powers of ten it can
    /// neither overflow nor vanish.
    fn refuse_magnitudes(&self) -> Result<()> {
        let columns = self.design.x.columns().into_iter().zip(&self.exponents);
        let columns = columns.zip(&self.design.terms);
        let outcome = ((self.design.y.view(), &self.y_exponent), &self.design.outcome);
        for ((values, exponent), name) in columns.chain([outcome]) {
            if exponent.abs() >= 249 {
                let largest = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
                return Err(Error::Magnitude { column: name.clone(), largest });
            }
        }
        Ok(())
    }

    /// Weights multiply squares, so they are held to the same range.
    fn refuse_weights(&self) -> Result<()> {
        let Some(weights) = &self.design.weights else { return Ok(()) };
        let mut used = (0..self.rows()).map(|i| weights.at(i)).filter(|w| *w > 0.0);
        match used.find(|w| !(1e-75..=1e75).contains(w)) {
            Some(largest) => Err(Error::Magnitude { column: "weights".to_owned(), largest }),
            None => Ok(()),
        }
    }

    /// Solves with 32 digits.
    fn solve(&self) -> Result<Solution> {
        let (n, k) = (self.rows(), self.scales.len());
        let intercept = self.design.intercept;
        let mean = |value: &dyn Fn(usize) -> DoubleDouble| {
            let sum = total((0..n).map(|i| value(i) * self.weight(i)));
            if intercept { sum / self.total_weight } else { DoubleDouble::ZERO }
        };
        let means: Vec<DoubleDouble> = (0..k)
            .map(|j| if intercept && j == 0 { DoubleDouble::ZERO } else { mean(&|i| self.x(i, j)) })
            .collect();
        let y_mean = mean(&|i| self.y(i));
        let centred: Vec<Vec<DoubleDouble>> =
            (0..k).map(|j| (0..n).map(|i| self.x(i, j) - means[j]).collect()).collect();
        let y_centred: Vec<DoubleDouble> = (0..n).map(|i| self.y(i) - y_mean).collect();
        let total_ss = total((0..n).map(|i| y_centred[i] * y_centred[i] * self.weight(i)));

        let roots: Option<Vec<DoubleDouble>> = self
            .weights
            .as_ref()
            .map(|w| (0..n).map(|i| DoubleDouble::from(w.at(i)).root()).collect());
        let weigh = |values: &[DoubleDouble]| -> Vec<DoubleDouble> {
            match &roots {
                Some(roots) => values.iter().zip(roots).map(|(v, w)| *v * *w).collect(),
                None => values.to_vec(),
            }
        };
        let mut weighted: Vec<Vec<DoubleDouble>> = centred.iter().map(|c| weigh(c)).collect();
        let mut y_weighted = weigh(&y_centred);
        // Fewer rows than coefficients (a counted table with few cells) is rank-deficient; rows
        // of zeros make that show in R like any other collinearity.
        for column in weighted.iter_mut().chain([&mut y_weighted]) {
            column.resize(n.max(k), DoubleDouble::ZERO);
        }
        let (r, z) = householder(&mut weighted, &mut y_weighted);
        self.refuse_collinear(&r)?;

        let inverse = r.inverse();
        let mut b = r.solve(k, &z);
        let residual = |b: &[DoubleDouble], i: usize| {
            centred.iter().zip(b).fold(y_centred[i], |rest, (c, b)| rest - c[i] * *b)
        };
        // One step of refinement: what the rounded solution leaves in the residuals goes back in.
        let mut gradient = vec![DoubleDouble::ZERO; k];
        for i in 0..n {
            let e = residual(&b, i) * self.weight(i);
            for (g, c) in gradient.iter_mut().zip(&centred) {
                *g += c[i] * e;
            }
        }
        inverse.refine(&mut b, &gradient);

        let mut scores = Array2::zeros((n, k));
        let mut row = vec![DoubleDouble::ZERO; k];
        for i in 0..n {
            for (value, c) in row.iter_mut().zip(&centred) {
                *value = c[i];
            }
            for (j, score) in inverse.left(&row).into_iter().enumerate() {
                scores[[i, j]] = score.value();
            }
        }
        let residuals = (0..n).map(|i| residual(&b, i)).collect();
        Ok(self.uncentred(b, inverse, &means, y_mean, scores, residuals, total_ss))
    }

    /// Back from centred columns: only the intercept, and its row of the root, change.
    #[allow(clippy::too_many_arguments, reason = "the parts of a solution")]
    pub(super) fn uncentred(
        &self,
        mut coefficients: Vec<DoubleDouble>,
        mut root: Triangle<DoubleDouble>,
        means: &[DoubleDouble],
        y_mean: DoubleDouble,
        scores: Array2<f64>,
        residuals: Vec<DoubleDouble>,
        total_ss: DoubleDouble,
    ) -> Solution {
        let k = coefficients.len();
        if self.design.intercept {
            let shift = total((1..k).map(|j| means[j] * coefficients[j]));
            coefficients[0] = coefficients[0] + y_mean - shift;
            for l in 0..k {
                let shift = total((1..=l).map(|j| means[j] * root.at(j, l)));
                root.set(0, l, root.at(0, l) - shift);
            }
        }
        Solution { coefficients, root, scores, residuals, total_ss }
    }

    /// A column is collinear where what it adds to the ones before is no larger than the rounding
    /// of the data to doubles can make it.
    ///
    /// Columns of one family, such as x and x², are exact functions of the same numbers: the
    /// rounding of those moves what the family adds up to in proportion to that sum, not to its
    /// parts, however large they are. Only 32 digits limit how nearly they may cancel.
    ///
    /// R's `lm` calls a column collinear once it is within 1e-7 of the others, and drops it; a
    /// column that is merely close has an estimate here, with the standard error it deserves.
    fn refuse_collinear(&self, r: &Triangle<DoubleDouble>) -> Result<()> {
        let raw = self.lengths();
        for j in 1..r.size() {
            let z: Vec<DoubleDouble> = (0..j).map(|i| r.at(i, j)).collect();
            let mut c = r.solve(j, &z);
            c.push((-1.0).into());
            let parts: Vec<f64> = c.iter().zip(&raw).map(|(c, norm)| c.hi.abs() * norm).collect();
            let size = parts.iter().sum::<f64>();
            let own = r.at(j, j).hi.abs();
            let rounding = |size: f64| 8.0 * f64::EPSILON * size;
            if own > rounding(size)
                || (own > RESOLVED * size && own > rounding(self.of_families(r, &c, &parts)))
            {
                continue;
            }
            let named = |i: &usize| parts[*i] > 1e-6 * raw[j] && (*i > 0 || !self.design.intercept);
            let columns: Vec<String> =
                (0..j).filter(named).chain([j]).map(|i| self.design.terms[i].clone()).collect();
            return Err(Error::Collinear { columns });
        }
        Ok(())
    }

    /// The lengths of the columns, not centred.
    fn lengths(&self) -> Vec<f64> {
        let mut squares = vec![0.0; self.scales.len()];
        for (i, row) in self.design.x.rows().into_iter().enumerate() {
            let weight = self.weight(i);
            for ((sum, x), scale) in squares.iter_mut().zip(row).zip(&self.scales) {
                *sum += (x * scale) * (x * scale) * weight;
            }
        }
        squares.into_iter().map(f64::sqrt).collect()
    }

    /// The sizes of what each family adds to Σ cⱼxⱼ, summed.
    fn of_families(&self, r: &Triangle<DoubleDouble>, c: &[DoubleDouble], parts: &[f64]) -> f64 {
        let family = |j: usize| self.design.families.get(j).copied().ok_or(j);
        let mut done = Vec::new();
        let mut sizes = 0.0;
        for j in 0..c.len() {
            if done.contains(&family(j)) {
                continue;
            }
            done.push(family(j));
            let members: Vec<usize> = (j..c.len()).filter(|i| family(*i) == family(j)).collect();
            sizes += match members[..] {
                [alone] => parts[alone],
                _ => {
                    let sum = |row: usize| total(members.iter().map(|m| r.at(row, *m) * c[*m]));
                    total((0..c.len()).map(|row| sum(row) * sum(row))).hi.sqrt()
                }
            };
        }
        sizes
    }

    /// Undoes the scaling and rounds to doubles, once.
    fn finish(self, solution: Solution) -> Ols {
        let Solution { coefficients, mut root, scores, residuals, total_ss } = solution;
        let k = self.scales.len();
        let df_residual = self.n_obs as usize - k;
        let residual_ss =
            total(residuals.iter().enumerate().map(|(i, e)| *e * *e * self.weight(i)));
        // Residuals this small are the rounding of the data to doubles.
        let size = residual_ss.hi.sqrt();
        let noise = |lengths: &[f64], y: f64| {
            y + lengths.iter().zip(&coefficients).map(|(x, b)| x * b.hi.abs()).sum::<f64>()
        };
        // No scaled value is above 2; mostly that bound tells, without a look at the values.
        let most = 2.0 * self.total_weight.hi.sqrt();
        let perfect = size <= 4.0 * f64::EPSILON * noise(&vec![most; k], most) && {
            let square = |i: usize| self.y(i).hi * self.y(i).hi * self.weight(i);
            let y = (0..self.rows()).map(square).sum::<f64>().sqrt();
            size <= 4.0 * f64::EPSILON * noise(&self.lengths(), y)
        };
        // The leverage of a single respondent; a weight that is a precision belongs to the row.
        let precision = |i: usize| match &self.weights {
            None | Some(Weights::Frequency(_)) => 1.0,
            Some(weights) => weights.at(i),
        };
        let leverage = |(i, q): (usize, ArrayView1<'_, f64>)| (precision(i) * q.dot(&q)).min(1.0);
        // Two copies as large as the design, side by side.
        let (x, hat) = rayon::join(
            || self.design.x.clone(),
            || scores.rows().into_iter().enumerate().map(leverage).collect(),
        );
        let unscale = |v: DoubleDouble| scaled(v, self.y_exponent);
        let residuals: Vec<DoubleDouble> = residuals
            .into_iter()
            .map(|e| if perfect { DoubleDouble::ZERO } else { unscale(e) })
            .collect();
        let y = |i: usize| scaled(self.y(i), self.y_exponent);
        let fitted = (0..self.rows()).map(|i| (y(i) - residuals[i]).value()).collect();
        let sum_of_squares = |v: DoubleDouble| unscale(unscale(v)).value();
        // A difference within the rounding of 32 digits is none.
        let explained = total_ss - residual_ss;
        let some = explained.hi > RESOLVED * total_ss.hi;
        let model_ss = match (perfect, some) {
            (true, _) => sum_of_squares(total_ss),
            (false, true) => sum_of_squares(explained),
            (false, false) => 0.0,
        };
        let residual_ss = if perfect { 0.0 } else { sum_of_squares(residual_ss) };
        let exact: Vec<DoubleDouble> = coefficients
            .iter()
            .zip(&self.exponents)
            .map(|(b, e)| scaled(*b, self.y_exponent - e))
            .collect();
        for i in 0..k {
            for j in i..k {
                root.set(i, j, scaled(root.at(i, j), -self.exponents[i]));
            }
        }
        let design = self.design;
        Ols {
            formula: design.formula.clone(),
            outcome: design.outcome.clone(),
            terms: design.terms.clone(),
            assign: design.assign.clone(),
            intercept: design.intercept,
            coefficients: exact.iter().map(|b| b.value()).collect(),
            df_residual,
            n_obs: self.n_obs as usize,
            n_excluded: design.n_excluded(),
            rows: design.rows.clone(),
            fitted,
            residuals: Array1::from_iter(residuals.iter().map(|e| e.value())),
            hat,
            sigma: (residual_ss / df_residual as f64).sqrt(),
            perfect,
            x,
            y: design.y.clone(),
            x_rest: design.x_rest.clone(),
            y_rest: design.y_rest.clone(),
            weights: self.weights.clone(),
            exact,
            root,
            scores,
            residual_ss,
            model_ss,
            total_ss: sum_of_squares(total_ss),
        }
    }
}

/// The condition number of R with its columns scaled to unit length.
pub(super) fn condition<T: Real>(r: &Triangle<T>) -> f64 {
    let k = r.size();
    let square = |j: usize| (0..=j).fold(T::new(0.0), |sum, i| sum + r.at(i, j) * r.at(i, j));
    let norm = |j: usize| square(j).root().value();
    let norms: Vec<f64> = (0..k).map(norm).collect();
    let rows: Vec<Vec<f64>> = (0..k)
        .map(|i| (0..k).map(|j| if j < i { 0.0 } else { r.at(i, j).value() / norms[j] }).collect())
        .collect();
    let values = singular_values(&rows);
    match (values.first(), values.last()) {
        (Some(first), Some(last)) => first / last,
        _ => 1.0,
    }
}
