use super::Coded;
use super::parallel;
use crate::Result;
use crate::model::logit::{self, logistic};
use crate::model::{
    Derivatives, Errors, Fit, ModelError, Optimum, Profiled, Scaled, constrained, frequencies,
    mirror, newton, odds_ratios, profile, separating, with_profiles,
};
use crate::tails::normal_upper_quantile;
use ndarray::Array2;
use ssi_vocab::{Design, Estimate, Level};

/// An ordered outcome of more levels is a number.
const MOST_LEVELS: usize = 100;

/// A fitted cumulative logit with proportional odds.
#[derive(Debug, Clone)]
pub struct Ordinal {
    /// Thresholds and coefficients, in this order, and fit statistics.
    pub fit: Fit,
    /// The outcome's levels, lowest first.
    pub levels: Vec<String>,
    problem: Problem,
    top: Optimum,
    classical: bool,
}

/// The rows of a cumulative logit, in the search's units.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// The predictors, without an intercept.
    pub(super) x: Array2<f64>,
    /// Each row's level, from 0.
    pub(super) level: Vec<usize>,
    pub(super) weights: Vec<f64>,
    /// Levels less one.
    pub(super) thresholds: usize,
    scaled: Scaled,
}

/// Ordered logistic regression: how the odds of a higher level depend on predictors.
///
/// # Formula
/// logit P(Y ≤ j) = θⱼ − xb for the levels j, so that a positive b goes with higher levels (R's
/// polr and clm). Maximum likelihood by Newton's method, the logarithm of F(θⱼ − η) − F(θⱼ₋₁ − η)
/// in the form log F(a) + log(1 − F(b)) + log(1 − e^(b − a)), which does not cancel. The thresholds
/// `1|2` come first, then the coefficients with profile-likelihood intervals and tests; their Wald
/// rows follow.
///
/// # Assumptions
/// Independent respondents; the same b at every threshold, which Brant's test and a likelihood
/// ratio against coefficients of their own at each threshold check.
///
/// # Missing data
/// Complete cases; levels that none of them has are no levels.
///
/// # Errors
/// [`ModelError::NoIntercept`], [`ModelError::TooManyLevels`] above 100, [`ModelError::Separated`],
/// and those of [`ols`](crate::regress::ols).
///
/// # References
/// McCullagh (1980), doi:10.1111/j.2517-6161.1980.tb01109.x; Brant (1990), doi:10.2307/2532457.
pub fn ordinal(coded: &Coded, errors: &Errors<'_>) -> Result<Ordinal> {
    const MODEL: &str = "ordinal";
    errors.check(MODEL)?;
    let design = &coded.modelled.design;
    if !design.intercept {
        return Err(ModelError::NoIntercept { model: MODEL }.into());
    }
    let (found, limit) = (coded.levels.len(), MOST_LEVELS);
    if found > limit {
        let column = design.outcome.clone();
        return Err(ModelError::TooManyLevels { column, found, limit }.into());
    }
    let weights = frequencies(design, MODEL)?;
    logit::sound(design, MODEL)?;
    let problem = Problem::new(design, weights, coded.levels.len() - 1);
    let start = problem.start();
    let found = newton(MODEL, start.clone(), &mut |p| problem.derivatives(p));
    if !found.as_ref().is_ok_and(|top| problem.certain(&top.at))
        && let Some(columns) = separating(&problem.directions(), problem.thresholds)
    {
        let name = |j: usize| design.terms[j + 1 - problem.thresholds].clone();
        return Err(ModelError::Separated {
            outcome: design.outcome.clone(),
            columns: columns.into_iter().map(name).collect(),
            instead: "leave them out, or join levels of the outcome",
        }
        .into());
    }
    let top = found?;
    let inverse = logit::inverse(&top.found.information, &top, MODEL)?;
    let covariance = errors.covariance(&inverse, &problem.scores(&top.at), &problem.weights)?;
    let map = problem.map();
    let covariance = map.dot(&covariance).dot(&map.t());
    let parameters = map.dot(&ndarray::ArrayView1::from(&top.at)).to_vec();
    let zero = vec![0.0; design.terms.len()];
    let mut fit = logit::filled(MODEL, design, zero, covariance, errors);
    let between = coded.levels.windows(2).map(|pair| format!("{}|{}", pair[0], pair[1]));
    fit.terms = between.chain(design.terms[1..].iter().cloned()).collect();
    fit.coefficients = parameters;
    fit.fitted = problem.expected(&top.at);
    let residual = |(level, fitted): (&usize, &f64)| (*level + 1) as f64 - fitted;
    fit.residuals = problem.level.iter().zip(&fit.fitted).map(residual).collect();
    let value = top.found.value;
    logit::judged(&mut fit.glance, &top, value, top.at.len());
    fit.glance.deviance = Some(-2.0 * value);
    let null = problem.null();
    fit.glance.null_deviance = Some(-2.0 * null);
    if problem.x.ncols() > 0 {
        fit.glance.checks.push(logit::against_null(value, null, problem.x.ncols()));
        fit.glance.checks.extend(parallel::brant(&problem, design));
        fit.glance.checks.extend(parallel::against_free(&problem, &top));
    }
    let classical = errors.classical();
    Ok(Ordinal { levels: coded.levels.clone(), fit, problem, top, classical })
}

impl Ordinal {
    /// Thresholds, then coefficients; with classical errors each coefficient's profile row, and all
    /// Wald rows of coefficients at the end.
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        let wald = self.fit.estimates(level);
        if !self.classical {
            return wald;
        }
        let (m, all) = (self.problem.thresholds, self.top.at.len());
        let q = normal_upper_quantile(level.tail());
        let mut at = |p: &[f64]| self.problem.derivatives(p);
        let profiles = with_profiles(&self.fit, level, &mut |j| {
            if j < m {
                return Profiled { ends: [None, None], statistic: None };
            }
            let ends = profile(self.fit.method, &self.top, j, q, &mut at);
            let statistic = constrained(self.fit.method, j, 0.0, &self.top.at, &mut at)
                .map(|(_, found)| (2.0 * (self.top.found.value - found.value)).max(0.0));
            let scale = self.problem.scaled.scale(j - m + 1);
            Profiled { ends: ends.map(|e| e.map(|e| e / scale)), statistic }
        });
        let thresholds = wald[..m].iter().cloned();
        let profiled = profiles[m..all].iter().cloned();
        thresholds.chain(profiled).chain(wald[m..].iter().cloned()).collect()
    }

    /// What the model says beyond its coefficients, given its [rows](Self::estimates): odds ratios
    /// of a higher level, and McFadden's pseudo R².
    pub fn measures(&self, rows: &[Estimate]) -> Vec<Estimate> {
        let thresholds = &self.fit.terms[..self.problem.thresholds];
        let mut out = odds_ratios(rows, &|term| thresholds.iter().any(|t| t == term));
        if let (Some(deviance), Some(null)) =
            (self.fit.glance.deviance, self.fit.glance.null_deviance)
        {
            let mut row = self.fit.row("mcfadden_r_squared");
            row.value = Some(1.0 - deviance / null);
            out.push(row);
        }
        out
    }
}

/// What a row's log-probability is, and its derivatives by the predictors of the threshold above
/// (`a`) and the one below (`b`).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cell {
    pub(super) value: f64,
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) aa: f64,
    pub(super) bb: f64,
    pub(super) ab: f64,
}

/// log(F(a) − F(b)); `None` unless a > b.
pub(super) fn cell(a: Option<f64>, b: Option<f64>) -> Option<Cell> {
    let mut cell = Cell::default();
    if let Some(a) = a {
        let (below, above) = (logistic(a), logistic(-a));
        cell.value -= (-a).max(0.0) + (-a.abs()).exp().ln_1p();
        cell.a += above;
        cell.aa -= below * above;
    }
    if let Some(b) = b {
        let (below, above) = (logistic(b), logistic(-b));
        cell.value -= b.max(0.0) + (-b.abs()).exp().ln_1p();
        cell.b -= below;
        cell.bb -= below * above;
    }
    if let (Some(a), Some(b)) = (a, b) {
        if a <= b {
            return None;
        }
        cell.value += libm::log(-libm::expm1(b - a));
        let t = 1.0 / libm::expm1(a - b);
        cell.a += t;
        cell.b -= t;
        cell.aa -= t * (1.0 + t);
        cell.bb -= t * (1.0 + t);
        cell.ab += t * (1.0 + t);
    }
    cell.value.is_finite().then_some(cell)
}

impl Problem {
    fn new(design: &Design, weights: Vec<f64>, thresholds: usize) -> Self {
        let scaled = Scaled::new(design, &weights, true);
        let (n, k) = scaled.x.dim();
        let x = Array2::from_shape_fn((n, k - 1), |(i, j)| scaled.x[[i, j + 1]]);
        let level = design.y.iter().map(|y| *y as usize).collect();
        Self { x, level, weights, thresholds, scaled }
    }

    /// Log-odds of the levels so far, from their shares: the top without predictors.
    pub(super) fn marginal(&self) -> Vec<f64> {
        let shares = self.shares();
        let mut below = 0.0;
        (0..self.thresholds)
            .map(|j| {
                below += shares[j];
                let above: f64 = shares[j + 1..].iter().sum();
                (below / above).ln()
            })
            .collect()
    }

    fn shares(&self) -> Vec<f64> {
        let total: f64 = self.weights.iter().sum();
        let mut shares = vec![0.0; self.thresholds + 1];
        for (level, w) in self.level.iter().zip(&self.weights) {
            shares[*level] += w / total;
        }
        shares
    }

    fn null(&self) -> f64 {
        let total: f64 = self.weights.iter().sum();
        self.shares().iter().map(|s| total * s * s.ln()).sum()
    }

    fn start(&self) -> Vec<f64> {
        let mut start = self.marginal();
        start.resize(self.thresholds + self.x.ncols(), 0.0);
        start
    }

    /// The predictors of the thresholds above and below row `i`'s level.
    fn predictors(&self, i: usize, p: &[f64]) -> (Option<f64>, Option<f64>) {
        let (theta, b) = p.split_at(self.thresholds);
        let eta: f64 = self.x.row(i).iter().zip(b).map(|(x, b)| x * b).sum();
        let level = self.level[i];
        let above = theta.get(level).map(|t| t - eta);
        (above, level.checked_sub(1).map(|l| theta[l] - eta))
    }

    fn derivatives(&self, p: &[f64]) -> Option<Derivatives> {
        let (m, size) = (self.thresholds, p.len());
        let mut value = 0.0;
        let mut gradient = vec![0.0; size];
        let mut information = Array2::<f64>::zeros((size, size));
        for i in 0..self.level.len() {
            let (a, b) = self.predictors(i, p);
            let c = cell(a, b)?;
            let w = self.weights[i];
            value += w * c.value;
            let x = self.x.row(i);
            let ends =
                [(a.map(|_| self.level[i]), c.a, c.aa), (self.level[i].checked_sub(1), c.b, c.bb)];
            for (place, slope, own) in ends {
                let Some(place) = place else { continue };
                gradient[place] += w * slope;
                information[[place, place]] -= w * own;
                for (l, x) in x.iter().enumerate() {
                    information[[m + l, place]] += w * (own + c.ab) * x;
                }
            }
            if let (Some(above), Some(below)) = (ends[0].0, ends[1].0) {
                information[[above, below]] -= w * c.ab;
            }
            let curvature = -w * (c.aa + c.bb + 2.0 * c.ab);
            for l in 0..x.len() {
                gradient[m + l] -= w * (c.a + c.b) * x[l];
                for k in 0..=l {
                    information[[m + l, m + k]] += curvature * x[l] * x[k];
                }
            }
        }
        mirror(&mut information);
        Some(Derivatives { value, gradient, information })
    }

    /// Derivatives of each row's log-probability by the parameters.
    fn scores(&self, p: &[f64]) -> Array2<f64> {
        let m = self.thresholds;
        let mut scores = Array2::zeros((self.level.len(), p.len()));
        for (i, mut row) in scores.rows_mut().into_iter().enumerate() {
            let (a, b) = self.predictors(i, p);
            let Some(c) = cell(a, b) else { continue };
            if a.is_some() {
                row[self.level[i]] = c.a;
            }
            if let Some(below) = self.level[i].checked_sub(1) {
                row[below] = c.b;
            }
            for (l, x) in self.x.row(i).iter().enumerate() {
                row[m + l] = -(c.a + c.b) * x;
            }
        }
        scores
    }

    /// Expected level, counted from 1.
    fn expected(&self, p: &[f64]) -> Vec<f64> {
        let (theta, b) = p.split_at(self.thresholds);
        let eta = self.x.dot(&ndarray::ArrayView1::from(b));
        eta.iter().map(|eta| 1.0 + theta.iter().map(|t| logistic(eta - t)).sum::<f64>()).collect()
    }

    /// True where no row's probability has come next to 1.
    fn certain(&self, p: &[f64]) -> bool {
        (0..self.level.len()).all(|i| {
            let (a, b) = self.predictors(i, p);
            a.is_none_or(|a| a.abs() < 15.0) && b.is_none_or(|b| b.abs() < 15.0)
        })
    }

    /// The directions along which rows become no less probable.
    fn directions(&self) -> Vec<Vec<f64>> {
        let (m, k) = (self.thresholds, self.x.ncols());
        let row = |place: usize, sign: f64, i: usize| {
            let mut z = vec![0.0; m + k];
            z[place] = sign;
            for (l, x) in self.x.row(i).iter().enumerate() {
                z[m + l] = -sign * x;
            }
            z
        };
        let both = |i: usize| {
            let level = self.level[i];
            let above = (level < m).then(|| row(level, 1.0, i));
            let below = level.checked_sub(1).map(|l| row(l, -1.0, i));
            above.into_iter().chain(below)
        };
        (0..self.level.len()).flat_map(both).collect()
    }

    /// From the search's units to the design's.
    fn map(&self) -> Array2<f64> {
        let (m, k) = (self.thresholds, self.x.ncols());
        let own = self.scaled.map(0);
        let mut map = Array2::eye(m + k);
        for l in 0..k {
            map[[m + l, m + l]] = own[[l + 1, l + 1]];
            for j in 0..m {
                map[[j, m + l]] = -own[[0, l + 1]];
            }
        }
        map
    }
}
