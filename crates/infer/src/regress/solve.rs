//! Solving least squares: scaling, centring, factorisation, rank, residuals.

use super::Ols;
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
const ILL_CONDITIONED: f64 = 1e3;

/// What the solver works on: columns scaled by powers of two (exact), respondents with a weight.
struct Problem<'a> {
    design: &'a Design,
    weights: Option<Weights>,
    total_weight: DoubleDouble,
    columns: Vec<Vec<f64>>,
    exponents: Vec<i32>,
    y: Vec<f64>,
    y_exponent: i32,
    n_obs: f64,
}

/// The solution in scaled, uncentred coordinates.
struct Solution {
    coefficients: Vec<DoubleDouble>,
    root: Triangle<DoubleDouble>,
    scores: Array2<f64>,
    residuals: Vec<DoubleDouble>,
    total_ss: DoubleDouble,
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
    let solution = if problem.y.len() * k * k <= SMALL {
        problem.solve::<DoubleDouble>(f64::INFINITY)?
    } else {
        match problem.solve::<f64>(ILL_CONDITIONED)? {
            Some(solution) => Some(solution),
            None => problem.solve::<DoubleDouble>(f64::INFINITY)?,
        }
    };
    // The limit is infinite in the branches that decide, so there always is a solution.
    let solution = solution.ok_or(Error::NotConverged { analysis: "least squares" })?;
    Ok(problem.finish(solution))
}

impl<'a> Problem<'a> {
    fn new(design: &'a Design, n_obs: f64) -> Self {
        let exponent = |values: &mut dyn Iterator<Item = f64>| {
            let largest = values.fold(0.0_f64, |m, v| m.max(v.abs()));
            if largest > 0.0 { libm::ilogb(largest) } else { 0 }
        };
        let scale = |v: f64, exponent: i32| libm::scalbn(v, -exponent);
        let mut columns = Vec::new();
        let mut exponents = Vec::new();
        for column in design.x.columns() {
            let e = exponent(&mut column.iter().copied());
            columns.push(column.iter().map(|v| scale(*v, e)).collect());
            exponents.push(e);
        }
        let y_exponent = exponent(&mut design.y.iter().copied());
        let y = design.y.iter().map(|v| scale(*v, y_exponent)).collect();
        let sum = |w: &Weights| total((0..design.y.len()).map(|i| w.at(i).into()));
        let weights = match &design.weights {
            // Only their ratios mean anything; a mean of 1 keeps σ that of one respondent.
            Some(Weights::Probability(values)) => {
                let share = n_obs / sum(&Weights::Probability(values.clone())).value();
                Some(Weights::Probability(values.iter().map(|w| w * share).collect()))
            }
            other => other.clone(),
        };
        let total_weight = weights.as_ref().map_or(n_obs.into(), sum);
        Self { design, weights, total_weight, columns, exponents, y, y_exponent, n_obs }
    }

    fn weight(&self, i: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights.at(i))
    }

    /// An intercept makes any other constant column, and a constant outcome, undefined; without
    /// one only a column of zeros is.
    fn refuse_constants(&self) -> Result<()> {
        let intercept = self.design.intercept;
        let constant = |values: &[f64]| {
            let mut used = values.iter().enumerate().filter(|(i, _)| self.weight(*i) > 0.0);
            let first = if intercept { used.next().map_or(0.0, |(_, v)| *v) } else { 0.0 };
            used.all(|(_, v)| *v == first)
        };
        let named = self.columns.iter().zip(&self.design.terms).skip(usize::from(intercept));
        for (column, name) in [(&self.y, &self.design.outcome)].into_iter().chain(named) {
            if constant(column) {
                return Err(Error::Constant { column: name.clone() });
            }
        }
        Ok(())
    }

    /// A variance is the square of outcome over predictor: with both within 75 powers of ten it can
    /// neither overflow nor vanish.
    fn refuse_magnitudes(&self) -> Result<()> {
        let columns = self.exponents.iter().zip(&self.design.terms);
        for (exponent, name) in columns.chain([(&self.y_exponent, &self.design.outcome)]) {
            if exponent.abs() >= 249 {
                let largest = libm::scalbn(1.0, *exponent);
                return Err(Error::Magnitude { column: name.clone(), largest });
            }
        }
        Ok(())
    }

    /// Weights multiply squares, so they are held to the same range.
    fn refuse_weights(&self) -> Result<()> {
        let Some(weights) = &self.design.weights else { return Ok(()) };
        let used = (0..self.y.len()).map(|i| weights.at(i)).filter(|w| *w > 0.0);
        match used.into_iter().find(|w| !(1e-75..=1e75).contains(w)) {
            Some(largest) => Err(Error::Magnitude { column: "weights".to_owned(), largest }),
            None => Ok(()),
        }
    }

    /// Solves with the arithmetic `T`; `None` where the condition number exceeds `limit`.
    fn solve<T: Real>(&self, limit: f64) -> Result<Option<Solution>> {
        let (n, k) = (self.y.len(), self.columns.len());
        let intercept = self.design.intercept;
        let mean = |values: &[f64]| {
            let sum = total(
                values.iter().enumerate().map(|(i, v)| DoubleDouble::product(self.weight(i), *v)),
            );
            if intercept { sum / self.total_weight } else { DoubleDouble::ZERO }
        };
        let means: Vec<DoubleDouble> = self
            .columns
            .iter()
            .enumerate()
            .map(|(j, c)| if intercept && j == 0 { DoubleDouble::ZERO } else { mean(c) })
            .collect();
        let y_mean = mean(&self.y);
        let centre = |values: &[f64], mean: DoubleDouble| -> Vec<T> {
            values.iter().map(|v| T::round(DoubleDouble::from(*v) - mean)).collect()
        };
        let centred: Vec<Vec<T>> =
            self.columns.iter().zip(&means).map(|(c, m)| centre(c, *m)).collect();
        let y_centred = centre(&self.y, y_mean);
        let total_ss = total((0..n).map(|i| {
            let v = y_centred[i].widen();
            v * v * self.weight(i)
        }));

        let roots: Option<Vec<T>> =
            self.weights.as_ref().map(|w| (0..n).map(|i| T::new(w.at(i)).root()).collect());
        let weigh = |values: &[T]| -> Vec<T> {
            match &roots {
                Some(roots) => values.iter().zip(roots).map(|(v, w)| *v * *w).collect(),
                None => values.to_vec(),
            }
        };
        let mut weighted: Vec<Vec<T>> = centred.iter().map(|c| weigh(c)).collect();
        let mut y_weighted = weigh(&y_centred);
        // Fewer rows than coefficients (a counted table with few cells) is rank-deficient; rows
        // of zeros make that show in R like any other collinearity.
        for column in weighted.iter_mut().chain([&mut y_weighted]) {
            column.resize(n.max(k), T::zero());
        }
        let (r, z) = householder(&mut weighted, &mut y_weighted);
        self.refuse_collinear(&r)?;
        if condition(&r) > limit {
            return Ok(None);
        }

        let inverse = r.inverse();
        let mut b = r.solve(k, &z);
        let residual = |b: &[T], i: usize| {
            centred.iter().zip(b).fold(y_centred[i], |rest, (c, b)| rest - c[i] * *b)
        };
        // One step of refinement: what the rounded solution leaves in the residuals goes back in.
        let mut gradient = vec![T::zero(); k];
        for i in 0..n {
            let e = residual(&b, i) * T::new(self.weight(i));
            for (g, c) in gradient.iter_mut().zip(&centred) {
                *g = *g + c[i] * e;
            }
        }
        let half = inverse.left(&gradient);
        for (j, value) in b.iter_mut().enumerate() {
            *value = (j..k).fold(*value, |sum, l| sum + inverse.at(j, l) * half[l]);
        }

        let mut scores = Array2::zeros((n, k));
        let mut row = vec![T::zero(); k];
        for i in 0..n {
            for (value, c) in row.iter_mut().zip(&centred) {
                *value = c[i];
            }
            for (j, score) in inverse.left(&row).into_iter().enumerate() {
                scores[[i, j]] = score.value();
            }
        }
        let residuals = (0..n).map(|i| residual(&b, i).widen()).collect();

        // Back from centred columns: only the intercept, and its row of the root, change.
        let mut coefficients: Vec<DoubleDouble> = b.iter().map(|v| v.widen()).collect();
        let mut root = inverse.map(Real::widen);
        if intercept {
            let shift = total((1..k).map(|j| means[j] * coefficients[j]));
            coefficients[0] = coefficients[0] + y_mean - shift;
            for l in 0..k {
                let shift = total((1..=l).map(|j| means[j] * root.at(j, l)));
                root.set(0, l, root.at(0, l) - shift);
            }
        }
        Ok(Some(Solution { coefficients, root, scores, residuals, total_ss }))
    }

    /// A column is collinear where what it adds to the ones before is no larger than the rounding
    /// of their values to doubles.
    ///
    /// R's `lm` calls a column collinear once it is within 1e-7 of the others, and drops it; a
    /// column that is merely close has an estimate here, with the standard error it deserves.
    fn refuse_collinear<T: Real>(&self, r: &Triangle<T>) -> Result<()> {
        let raw: Vec<f64> = self
            .columns
            .iter()
            .map(|c| {
                let sum: f64 = c.iter().enumerate().map(|(i, v)| self.weight(i) * v * v).sum();
                sum.sqrt()
            })
            .collect();
        for j in 1..r.size() {
            let z: Vec<T> = (0..j).map(|i| r.at(i, j)).collect();
            let parts: Vec<f64> =
                r.solve(j, &z).iter().zip(&raw).map(|(c, norm)| c.value().abs() * norm).collect();
            let size = raw[j] + parts.iter().sum::<f64>();
            if r.at(j, j).value().abs() > 8.0 * f64::EPSILON * size {
                continue;
            }
            let named = |i: &usize| parts[*i] > 1e-6 * raw[j] && (*i > 0 || !self.design.intercept);
            let columns: Vec<String> =
                (0..j).filter(named).chain([j]).map(|i| self.design.terms[i].clone()).collect();
            return Err(Error::Collinear { columns });
        }
        Ok(())
    }

    /// Undoes the scaling and rounds to doubles, once.
    fn finish(self, solution: Solution) -> Ols {
        let Solution { coefficients, mut root, scores, residuals, total_ss } = solution;
        let k = self.columns.len();
        let df_residual = self.n_obs as usize - k;
        let rms = |values: &[f64]| {
            let sum: f64 = values.iter().enumerate().map(|(i, v)| self.weight(i) * v * v).sum();
            (sum / self.n_obs).sqrt()
        };
        let residual_ss =
            total(residuals.iter().enumerate().map(|(i, e)| *e * *e * self.weight(i)));
        // Residuals this small are the rounding of the data to doubles.
        let noise: f64 = rms(&self.y)
            + self
                .columns
                .iter()
                .zip(&coefficients)
                .map(|(c, b)| rms(c) * b.value().abs())
                .sum::<f64>();
        let perfect = (residual_ss.value() / self.n_obs).sqrt() <= 4.0 * f64::EPSILON * noise;
        // The leverage of a single respondent; a weight that is a precision belongs to the row.
        let precision = |i: usize| match &self.weights {
            None | Some(Weights::Frequency(_)) => 1.0,
            Some(weights) => weights.at(i),
        };
        let leverage = |(i, q): (usize, ArrayView1<'_, f64>)| (precision(i) * q.dot(&q)).min(1.0);
        let hat = scores.rows().into_iter().enumerate().map(leverage).collect();
        let unscale = |v: DoubleDouble| scaled(v, self.y_exponent);
        let residuals: Vec<DoubleDouble> = residuals
            .into_iter()
            .map(|e| if perfect { DoubleDouble::ZERO } else { unscale(e) })
            .collect();
        let fitted = self
            .design
            .y
            .iter()
            .zip(&residuals)
            .map(|(y, e)| (DoubleDouble::from(*y) - *e).value())
            .collect();
        let sum_of_squares = |v: DoubleDouble| unscale(unscale(v)).value();
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
            x: design.x.clone(),
            y: design.y.clone(),
            weights: self.weights.clone(),
            exact,
            root,
            scores,
            residual_ss,
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
