//! One elastic-net problem: standardised, compressed to a triangle, solved by linfa.

use super::polish::{polish, replaceable};
use crate::model::ModelError;
use crate::regress::factor::{householder, rotated};
use crate::{Error, Result};
use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2, ShapeBuilder};
use ssi_vocab::{Design, Weights};

/// Relative duality gap (and relative step) at which coordinate descent hands over to the search
/// over signs.
const TOLERANCE: f64 = 1e-3;

/// Rounds of coordinate descent at most; where predictors nearly coincide it would go on for ever.
const ROUNDS: u32 = 20;

/// The respondents of a design, without the intercept column.
pub(super) struct Sample<'a> {
    design: &'a Design,
    predictors: Vec<Vec<f64>>,
    y: Vec<f64>,
}

impl<'a> Sample<'a> {
    /// Refuses what does not vary.
    pub(super) fn new(design: &'a Design) -> Result<Self> {
        if let Some(weights @ (Weights::Analytic(_) | Weights::Probability(_))) = &design.weights {
            let kind = weights.kind();
            return Err(Error::Unweighted { analysis: "a penalised fit", kind });
        }
        crate::resample::written_out(design.n_obs())?;
        let first = usize::from(design.intercept);
        let predictors: Vec<Vec<f64>> =
            design.x.columns().into_iter().skip(first).map(|c| c.to_vec()).collect();
        let sample = Self { design, predictors, y: design.y.to_vec() };
        let members = sample.members();
        let found = members.len();
        if found < 2 || sample.predictors.is_empty() {
            return Err(Error::TooFew { analysis: "a penalised fit", needed: 2, found });
        }
        let names = design.terms.iter().skip(first);
        for (column, name) in
            sample.predictors.iter().zip(names).chain([(&sample.y, &design.outcome)])
        {
            let against = if design.intercept { column[members[0]] } else { 0.0 };
            if members.iter().all(|i| column[*i] == against) {
                return Err(Error::Constant { column: name.clone() });
            }
            // As least squares: beyond these a square overflows or vanishes.
            let largest = members.iter().fold(0.0_f64, |m, i| m.max(column[*i].abs()));
            if !(1e-75..=1e75).contains(&largest) {
                return Err(Error::Magnitude { column: name.clone(), largest });
            }
        }
        Ok(sample)
    }

    /// The row of each respondent: a row with a frequency weight stands there repeatedly.
    pub(super) fn members(&self) -> Vec<usize> {
        let rows = 0..self.y.len();
        match &self.design.weights {
            Some(Weights::Frequency(counts)) => {
                rows.flat_map(|i| std::iter::repeat_n(i, counts[i] as usize)).collect()
            }
            _ => rows.collect(),
        }
    }

    /// How often each row stands among the members.
    pub(super) fn weights(&self, members: &[usize]) -> Vec<f64> {
        let mut weights = vec![0.0; self.y.len()];
        for i in members {
            weights[*i] += 1.0;
        }
        weights
    }

    /// Σ(y − prediction)² over the members.
    pub(super) fn squared_error(&self, coefficients: &[f64], members: &[usize]) -> f64 {
        let (intercept, slopes) = if self.design.intercept {
            (coefficients[0], &coefficients[1..])
        } else {
            (0.0, coefficients)
        };
        members
            .iter()
            .map(|i| {
                let fitted: f64 = self.predictors.iter().zip(slopes).map(|(c, b)| c[*i] * b).sum();
                (self.y[*i] - intercept - fitted).powi(2)
            })
            .sum()
    }

    /// Σ(y − ȳ)² over all respondents (Σy² without an intercept).
    pub(super) fn total_ss(&self) -> f64 {
        let members = self.members();
        let mean = if self.design.intercept {
            members.iter().map(|i| self.y[*i]).sum::<f64>() / members.len() as f64
        } else {
            0.0
        };
        members.iter().map(|i| (self.y[*i] - mean).powi(2)).sum()
    }
}

/// Standardised predictors and outcome of some respondents, as a triangle with the same optimum.
#[derive(Clone)]
pub(super) struct Problem {
    l1_ratio: f64,
    intercept: bool,
    n: f64,
    means: Vec<f64>,
    scales: Vec<f64>,
    y_mean: f64,
    y_scale: f64,
    x: Array2<f64>,
    z: Array1<f64>,
    /// For ridge: the principal axes, to which `x` is turned.
    axes: Option<Vec<Vec<f64>>>,
}

impl Problem {
    /// A problem for each share of the lasso. All but ridge have the same triangle.
    pub(super) fn each(sample: &Sample<'_>, weights: &[f64], l1_ratios: &[f64]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::with_capacity(l1_ratios.len());
        for l1_ratio in l1_ratios {
            let alike = all.iter().find(|p| (p.l1_ratio == 0.0) == (*l1_ratio == 0.0));
            let next = match alike {
                Some(known) => Self { l1_ratio: *l1_ratio, ..known.clone() },
                None => Self::new(sample, weights, *l1_ratio),
            };
            all.push(next);
        }
        all
    }

    pub(super) fn new(sample: &Sample<'_>, weights: &[f64], l1_ratio: f64) -> Self {
        let intercept = sample.design.intercept;
        let used: Vec<usize> = (0..weights.len()).filter(|i| weights[*i] > 0.0).collect();
        let n: f64 = weights.iter().sum();
        let roots: Vec<f64> = used.iter().map(|i| weights[*i].sqrt()).collect();
        let standardise = |values: &[f64]| {
            let sum: f64 = used.iter().map(|i| weights[*i] * values[*i]).sum();
            let mean = if intercept { sum / n } else { 0.0 };
            let squares: f64 = used.iter().map(|i| weights[*i] * (values[*i] - mean).powi(2)).sum();
            let spread = (squares / n).sqrt();
            // A predictor that is constant in this fold has no say in it.
            let scale = if spread > 1e-14 * mean.abs() { spread } else { f64::INFINITY };
            let column: Vec<f64> =
                used.iter().zip(&roots).map(|(i, w)| w * (values[*i] - mean) / scale).collect();
            (mean, scale, column)
        };
        let size = sample.predictors.len();
        let (mut means, mut scales, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for predictor in &sample.predictors {
            let (mean, scale, mut column) = standardise(predictor);
            column.resize(used.len().max(size), 0.0);
            means.push(mean);
            scales.push(scale);
            columns.push(column);
        }
        let (y_mean, y_scale, mut y) = standardise(&sample.y);
        // An outcome that is constant in this fold leaves a z of zeros, and so coefficients of 0.
        let y_scale = if y_scale.is_finite() { y_scale } else { 1.0 };
        y.resize(used.len().max(size), 0.0);
        // ‖y − Xβ‖² and ‖Qᵀy − Rβ‖² differ by a constant, so the triangle R has the same optimum
        // and coordinate descent runs over a row a predictor instead of a row a respondent.
        let (r, z) = householder(&mut columns, &mut y);
        let rows: Vec<Vec<f64>> = (0..size)
            .map(|i| (0..size).map(|j| if j < i { 0.0 } else { r.at(i, j) }).collect())
            .collect();
        let axes = (l1_ratio == 0.0).then(|| rotated(&rows).1);
        // Columns are walked over again and again, so they stand one after the other in memory.
        let x = Array2::from_shape_fn((size, size).f(), |(i, j)| match &axes {
            Some(axes) => rows[i].iter().zip(&axes[j]).map(|(x, v)| x * v).sum(),
            None => rows[i][j],
        });
        let z = Array1::from(z);
        Self { l1_ratio, intercept, n, means, scales, y_mean, y_scale, x, z, axes }
    }

    /// The coefficients at the optimum, or near it where predictors coincide: to compare penalties.
    pub(super) fn coarse(&self, penalty: f64) -> Vec<f64> {
        let Some(near) = self.descend(penalty) else { return self.back(&[]) };
        self.back(&self.polished(&near, penalty).unwrap_or(near))
    }

    /// [`coarse`](Self::coarse) for penalties that fall: the search over signs goes on from the
    /// optimum before, whose signs are mostly right.
    pub(super) fn along(&self, penalties: &[f64]) -> Vec<Vec<f64>> {
        if self.axes.is_some() {
            return penalties.iter().map(|penalty| self.coarse(*penalty)).collect();
        }
        let mut near = vec![0.0; self.scales.len()];
        let one = |penalty: &f64| match self.polished(&near, *penalty) {
            Some(beta) => {
                near = beta;
                self.back(&near)
            }
            None => self.coarse(*penalty),
        };
        penalties.iter().map(one).collect()
    }

    /// The coefficients at the optimum.
    pub(super) fn exact(&self, penalty: f64) -> Result<Vec<f64>> {
        let near = self.descend(penalty);
        if let Some(beta) = near.as_ref().and_then(|near| self.polished(near, penalty)) {
            return Ok(self.back(&beta));
        }
        let near = near.unwrap_or_else(|| vec![0.0; self.scales.len()]);
        let (iterations, gradient) = (ROUNDS as usize, self.gradient(&near, penalty));
        Err(ModelError::NotConverged { model: "the penalised fit", iterations, gradient }.into())
    }

    /// The largest component of the objective's gradient, a respondent, in standard deviations; a
    /// coefficient at 0 has none within the lasso's reach.
    fn gradient(&self, near: &[f64], penalty: f64) -> f64 {
        let (lasso, ridge) = self.parts(penalty);
        let beta = Array1::from(near.to_vec());
        let pull = self.x.t().dot(&(&self.z - &self.x.dot(&beta))) / self.n;
        let one = |(pull, beta): (&f64, &f64)| {
            let rest = pull - ridge * beta;
            if *beta == 0.0 { (rest.abs() - lasso).max(0.0) } else { rest - lasso * beta.signum() }
        };
        pull.iter().zip(&beta).map(one).fold(0.0, |most: f64, part| most.max(part.abs()))
    }

    /// For each predictor whether others could take its place at this penalty without any change of
    /// the fit.
    pub(super) fn replaceable(&self, penalty: f64) -> Vec<bool> {
        let none = || vec![false; self.scales.len()];
        // With a ridge part the optimum is one.
        if self.axes.is_some() || self.l1_ratio < 1.0 {
            return none();
        }
        let polished = || self.polished(&self.descend(penalty)?, penalty);
        let Some(beta) = polished() else { return none() };
        let (lasso, _) = self.parts(penalty);
        replaceable(&self.x, &self.z, self.n * lasso, &Array1::from(beta))
    }

    fn polished(&self, near: &[f64], penalty: f64) -> Option<Vec<f64>> {
        if self.axes.is_some() {
            return Some(near.to_vec());
        }
        let (lasso, ridge) = self.parts(penalty);
        let start = Array1::from(near.to_vec());
        let beta = polish(&self.x, &self.z, self.n * lasso, self.n * ridge, &start)?;
        Some(beta.to_vec())
    }

    /// The lasso and the ridge part of a penalty, for an outcome divided by its spread: the first
    /// is smaller by the spread, the second the same.
    fn parts(&self, penalty: f64) -> (f64, f64) {
        (penalty * self.l1_ratio / self.y_scale, penalty * (1.0 - self.l1_ratio))
    }

    /// Coefficients of the standardised problem by linfa's coordinate descent.
    fn descend(&self, penalty: f64) -> Option<Vec<f64>> {
        let size = self.scales.len();
        // The outcome has unit spread, which keeps linfa's absolute thresholds harmless. linfa
        // counts `size` rows where there are n respondents.
        let (lasso, ridge) = self.parts(penalty);
        let both = lasso + ridge;
        let rows = self.n / size as f64;
        let ratio = if both > 0.0 { lasso / both } else { 1.0 };
        // linfa's duality gap does not close without a lasso part. Along principal axes one round
        // is exact, and the second removes its rounding.
        let (rounds, tolerance) = if self.axes.is_some() { (2, 0.0) } else { (ROUNDS, TOLERANCE) };
        let fitted = linfa_elasticnet::ElasticNet::params()
            .penalty(both * rows)
            .l1_ratio(ratio)
            .with_intercept(false)
            .tolerance(tolerance)
            .max_iterations(rounds)
            .fit(&DatasetBase::new(self.x.view(), self.z.view()))
            .ok()?;
        let solution = fitted.hyperplane();
        Some(match &self.axes {
            Some(axes) => (0..size)
                .map(|j| axes.iter().zip(solution).map(|(axis, g)| axis[j] * g).sum())
                .collect(),
            None => solution.to_vec(),
        })
    }

    /// Back on the predictors' and the outcome's own scale, with the intercept.
    fn back(&self, beta: &[f64]) -> Vec<f64> {
        let mut slopes: Vec<f64> =
            beta.iter().zip(&self.scales).map(|(b, scale)| b * self.y_scale / scale).collect();
        slopes.resize(self.scales.len(), 0.0);
        let shift: f64 = slopes.iter().zip(&self.means).map(|(b, mean)| b * mean).sum();
        let intercept = self.intercept.then_some(self.y_mean - shift);
        intercept.into_iter().chain(slopes).collect()
    }
}

/// The penalties that are tried, largest first.
pub(super) struct Path {
    pub(super) penalties: Vec<f64>,
}

impl Path {
    /// Eight to each power of ten. With a lasso part: 25 over three powers of ten, from the smallest
    /// that leaves no predictor in. Ridge never leaves one out; its penalty competes with the mean square of the
    /// predictors, which is 1: 57 penalties from 1000 to 0.0001.
    pub(super) fn new(problem: &Problem) -> Self {
        let (largest, powers, steps) = if problem.l1_ratio > 0.0 {
            let slope = problem.x.t().dot(&problem.z).iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            (slope * problem.y_scale / (problem.n * problem.l1_ratio), 3.0, 24)
        } else {
            (1e3, 7.0, 56)
        };
        let at =
            |step: i32| largest * libm::pow(10.0, -powers * f64::from(step) / f64::from(steps));
        Self { penalties: (0..=steps).map(at).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::{Column, Table};

    #[test]
    fn the_gradient_is_0_at_the_optimum_and_not_elsewhere() {
        let column = |name: &str, of: &dyn Fn(f64) -> f64| {
            Column::number(name, (0..40).map(|i| Ok(of(f64::from(i)))).collect())
        };
        let columns = vec![
            column("y", &|i| i + 3.0 * (i * 1.7).sin()),
            column("a", &|i| i),
            column("b", &|i| (i * 0.9).cos()),
        ];
        let table = Table::new(columns, (2..42).collect()).unwrap();
        let design = crate::formula::design(&table, "y ~ a + b").unwrap();
        for share in [0.5, 1.0] {
            let problem = Problem::new(&Sample::new(&design).unwrap(), &[1.0; 40], share);
            let near = problem.descend(0.5).unwrap();
            let beta = problem.polished(&near, 0.5).unwrap();
            assert!(problem.gradient(&beta, 0.5) < 1e-12);
            assert!(problem.gradient(&[0.0, 0.0], 0.5) > 0.1);
        }
    }
}
