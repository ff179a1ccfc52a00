mod profile;

use crate::double_double::DoubleDouble;
use crate::model::{Fit, ModelError, Reference};
use crate::predict::{Bounds, Point, of_fit};
use crate::regress::{Covariance, Ols, ols};
use crate::tails::{t_two_sided, t_upper_quantile};
use crate::{Error, Result};
use ndarray::Array2;
use profile::Profile;
use ssi_vocab::{Check, Design, Estimate, Interval, Level, Note, Warning, Weights};

/// Two straight lines that meet: the regression, and where it bends.
#[derive(Debug, Clone)]
pub struct Segmented {
    /// The coefficients, `U1.x` (how much the slope changes) last, with their Wald rows.
    pub fit: Fit,
    /// The predictor that has the breakpoint.
    pub predictor: String,
    /// The breakpoint, in the predictor's unit.
    pub breakpoint: f64,
    /// The range of places that the data can tell apart: from the second smallest to the second
    /// largest value of the predictor.
    pub range: (f64, f64),
    /// Σ of the squared residuals.
    pub residual_ss: f64,
    /// Standard error of the breakpoint by the delta method; none where the fit is perfect or the
    /// slope does not change.
    pub std_error: Option<f64>,
    /// Covariance of the coefficients and, last, the breakpoint.
    covariance: Option<Array2<f64>>,
    profile: Profile,
    /// Position of the predictor among the coefficients.
    column: usize,
    null: Ols,
    design: Design,
}

/// Places that the score test averages over.
const PLACES: usize = 10;

/// Least squares with one breakpoint: the slope of one predictor changes once, where it fits best.
///
/// The breakpoint is that of the first column of the model matrix that has at least four different
/// values; other predictors have their straight effects.
///
/// # Formula
/// y = xᵀb + δ(z − ψ)₊ + e, all of b, δ and ψ by least squares. Between two neighbouring values of
/// z the residual sum of squares is a ratio of quadratics in ψ, whose only minimum has a closed
/// form; so each interval is solved exactly, and the best of them is the global minimum (an
/// iteration from a start may end at another). ψ lies between the second smallest and the second
/// largest value: outside of them one side would be a single value, and ψ anything.
///
/// Standard errors are those of the model linearised at the estimate, with the column −δ·1(z > ψ)
/// for ψ, and n − k − 2 degrees of freedom, as in R's segmented.
///
/// # Assumptions
/// Independent residuals with equal spread. The standard errors take ψ to lie within an interval
/// between two values, and δ not to be near 0: prefer [`Segmented::interval`], which does not.
///
/// # Missing data
/// The design holds complete cases only. Counts are equal to repeated rows.
///
/// # Errors
/// Those of [`ols`]; [`ModelError::NoRoomForBreak`] where no predictor has four different values,
/// [`Error::Unweighted`] for weights that are no counts, [`Error::TooFew`] unless respondents
/// outnumber coefficients and breakpoint.
///
/// # References
/// Hudson (1966), doi:10.1080/01621459.1966.10502198; Muggeo (2003), doi:10.1002/sim.1545.
pub fn segmented(design: &Design) -> Result<Segmented> {
    if let Some(weights @ (Weights::Analytic(_) | Weights::Probability(_))) = &design.weights {
        let (analysis, kind) = ("a segmented regression", weights.kind());
        return Err(Error::Unweighted { analysis, kind });
    }
    let first = usize::from(design.intercept);
    let column = (first..design.x.ncols())
        .find(|j| profile::different(design.x.column(*j).iter().copied()).len() >= 4)
        .ok_or(ModelError::NoRoomForBreak)?;
    let null = ols(design)?;
    let (needed, found) = (null.coefficients.len() + 3, null.n_obs);
    if found < needed {
        return Err(Error::TooFew { analysis: "a segmented regression", needed, found });
    }
    let profile = Profile::new(design, &null, column);
    let Some((start, inner)) = profile.best() else {
        return Err(ModelError::NoRoomForBreak.into());
    };
    let breakpoint = match inner {
        Some(between) => polished(design, column, between).unwrap_or(start),
        None => start,
    };
    let name = format!("U1.{}", design.terms[column]);
    let bent = with_columns(design, column, vec![(name, hinge(design, column, breakpoint))]);
    let ols = ols(&bent)?;
    let delta = ols.coefficients[ols.coefficients.len() - 1];
    let df = (ols.df_residual as f64) - 1.0;
    let residual_ss = ols.residual_ss();
    let covariance = (delta != 0.0)
        .then(|| {
            let jump = (0..design.y.len()).map(|i| {
                let above = design.x[[i, column]] > breakpoint;
                DoubleDouble::from(if above { -delta } else { 0.0 })
            });
            let jump = ("psi1".to_owned(), jump.collect());
            let linearised = self::ols(&with_columns(&bent, column, vec![jump])).ok()?;
            let own = linearised.residual_ss() / linearised.df_residual as f64;
            let scale = if own > 0.0 { residual_ss / df / own } else { 0.0 };
            Some(linearised.covariance(Covariance::Classical)? * scale)
        })
        .flatten()
        .filter(|_| !ols.perfect);
    let size = ols.coefficients.len();
    let std_error = covariance.as_ref().map(|v| v[[size, size]].sqrt()).filter(|s| s.is_finite());
    let mut fit = Fit::new("segmented", &bent, ols.coefficients.to_vec());
    fit.formula.clone_from(&design.formula);
    fit.fitted = ols.fitted.to_vec();
    fit.residuals = ols.residuals.to_vec();
    let leading = |v: &Array2<f64>| Array2::from_shape_fn((size, size), |at| v[at]);
    fit.covariance = covariance.as_ref().map(leading);
    fit.reference = Reference::T(df);
    let mut glance = ols.glance();
    glance.checks.clear();
    let n = ols.n_obs as f64;
    // The breakpoint is a parameter too.
    glance.df = glance.df.map(|df| df + 1.0);
    glance.df_residual = Some(df);
    glance.sigma = Some((residual_ss / df).sqrt());
    let base = f64::from(u8::from(design.intercept));
    glance.adj_r_squared = Some(1.0 - residual_ss / ols.total_ss() * ((n - base) / df));
    glance.aic = glance.aic.map(|aic| aic + 2.0);
    glance.bic = glance.bic.map(|bic| bic + n.ln());
    // F of a model with a breakpoint has no F distribution without one.
    (glance.statistic, glance.p_value) = (None, None);
    fit.glance = glance;
    let range = profile.range();
    let mut found = Segmented {
        predictor: design.terms[column].clone(),
        breakpoint,
        range,
        residual_ss,
        std_error,
        covariance,
        profile,
        column,
        null,
        design: design.clone(),
        fit,
    };
    if breakpoint <= range.0 || breakpoint >= range.1 {
        let (column, at) = (found.predictor.clone(), breakpoint);
        found.fit.warnings.push(Warning::BreakpointAtEdge { column, at });
    }
    Ok(found)
}

impl Segmented {
    /// The coefficients with their Wald rows. The change of slope has no test: where there is no
    /// breakpoint its t has no t distribution ([`Segmented::existence`] is the test).
    pub fn estimates(&self, level: Level) -> Vec<Estimate> {
        let mut rows = self.fit.estimates(level);
        if let Some(last) = rows.last_mut() {
            last.test = None;
        }
        if self.covariance.is_none() {
            rows.iter_mut().for_each(|row| row.note = Some(self.why_no_errors()));
        }
        rows
    }

    fn why_no_errors(&self) -> Note {
        let at_end = self.breakpoint <= self.range.0 || self.breakpoint >= self.range.1;
        match (self.fit.glance.sigma, at_end) {
            (Some(0.0), _) => Note::PerfectFit,
            // One side has a single value, so that its line could be any through that point.
            (_, true) => Note::Boundary,
            _ => Note::ErrorsUndefined,
        }
    }

    /// The breakpoint with two intervals (F inversion first, then the delta method), and the slope
    /// on each side of it.
    pub fn measures(&self, level: Level) -> Vec<Estimate> {
        let df = self.df();
        let t = t_upper_quantile(level.tail(), df);
        let around = |value: f64, s: f64, method: &str| {
            let (low, high) = (value - t * s, value + t * s);
            Interval { low, high, level, method: method.to_owned() }
        };
        let mut inverted = self.fit.row("breakpoint");
        inverted.x = Some(self.predictor.clone());
        inverted.value = Some(self.breakpoint);
        inverted.std_error = self.std_error;
        let mut delta = inverted.clone();
        inverted.interval = Some(self.interval(level));
        delta.interval = self.std_error.map(|s| around(self.breakpoint, s, "delta"));
        if delta.interval.is_none() {
            delta.note = Some(self.why_no_errors());
        }
        let last = self.fit.coefficients.len() - 1;
        let slope = |name: &str, both: bool| {
            let mut row = self.fit.row(name);
            row.x = Some(self.predictor.clone());
            let (a, b) = (self.fit.coefficients[self.column], self.fit.coefficients[last]);
            let value = if both { a + b } else { a };
            row.value = Some(value);
            let j = self.column;
            let variance = self.fit.covariance.as_ref().map(|v| {
                let second = if both { 2.0 * v[[j, last]] + v[[last, last]] } else { 0.0 };
                v[[j, j]] + second
            });
            match variance.map(f64::sqrt).filter(|s| s.is_finite()) {
                Some(s) => {
                    row.std_error = Some(s);
                    row.interval = Some(around(value, s, "t"));
                }
                None => row.note = Some(self.why_no_errors()),
            }
            row
        };
        vec![inverted, delta, slope("slope_before", false), slope("slope_after", true)]
    }

    fn df(&self) -> f64 {
        self.fit.glance.df_residual.unwrap_or(1.0)
    }

    /// The breakpoints that the data don't contradict: the interval by inverting the F test.
    ///
    /// # Formula
    /// All ψ with (RSS(ψ) − RSS)/(RSS/(n − k − 2)) ≤ F(1, n − k − 2), solved exactly between
    /// neighbouring values; where these are several pieces, from the first to the last. It needs no
    /// standard error, is not symmetric, and ends at the range's ends where the data can't tell.
    ///
    /// # References
    /// Hinkley (1971), doi:10.1080/01621459.1971.10482337.
    pub fn interval(&self, level: Level) -> Interval {
        let df = self.df();
        let t = t_upper_quantile(level.tail(), df);
        let most = self.residual_ss * (1.0 + t * t / df);
        let (low, high) = self.profile.below(most).unwrap_or((self.breakpoint, self.breakpoint));
        let method = "f_inversion".to_owned();
        // The estimate fits best, whatever rounding says.
        Interval { low: low.min(self.breakpoint), high: high.max(self.breakpoint), level, method }
    }

    /// Whether the slope changes at all: a t test of the average hinge.
    ///
    /// `None` where the fit is perfect.
    ///
    /// # Formula
    /// The straight model gets the column Σₖ(z − cₖ)₊/10 with ten places cₖ equally spaced over the
    /// range of z, and the column's coefficient a t test. Without a breakpoint no ψ has to be
    /// estimated, so the test is exact for normal residuals.
    ///
    /// # References
    /// Muggeo (2016), doi:10.1080/00949655.2016.1149855.
    ///
    /// # Errors
    /// Those of [`ols`].
    pub fn existence(&self) -> Result<Option<Check>> {
        let column = self.design.x.column(self.column);
        let (low, high) =
            column.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
        let place = |k: usize| low + (high - low) * k as f64 / (PLACES - 1) as f64;
        let mut average = vec![DoubleDouble::ZERO; column.len()];
        for k in 0..PLACES {
            let tenth = DoubleDouble::from(PLACES as f64);
            for (sum, part) in average.iter_mut().zip(hinge(&self.design, self.column, place(k))) {
                *sum += part / tenth;
            }
        }
        let name = "average hinge".to_owned();
        let wider = ols(&with_columns(&self.design, self.column, vec![(name, average)]))?;
        if self.null.perfect || wider.perfect {
            return Ok(None);
        }
        let last = wider.coefficients.len() - 1;
        let Some(covariance) = wider.covariance(Covariance::Classical) else { return Ok(None) };
        let value = wider.coefficients[last] / covariance[[last, last]].sqrt();
        let df = wider.df_residual as f64;
        Ok(Some(Check {
            name: "breakpoint".to_owned(),
            value: Some(value),
            note: None,
            df: Some(df),
            df2: None,
            p_value: Some(t_two_sided(value, df)),
        }))
    }

    /// The expected outcome at some points of the design's own recipe, each with the interval of
    /// the mean; the breakpoint's own uncertainty is in it, by the delta method.
    pub fn predicted(&self, points: &[Point], level: Level, bounds: Bounds) -> Vec<Estimate> {
        let mut fit = self.fit.clone();
        fit.coefficients.push(0.0);
        fit.covariance.clone_from(&self.covariance);
        let delta = self.fit.coefficients[self.fit.coefficients.len() - 1];
        let bent = |point: &Point| {
            let above = point.x[self.column] - self.breakpoint;
            let jump = if above > 0.0 { -delta } else { 0.0 };
            let x = point.x.iter().copied().chain([above.max(0.0), jump]).collect();
            Point { x, ..point.clone() }
        };
        of_fit(&fit, &points.iter().map(bent).collect::<Vec<_>>(), level, bounds)
    }
}

/// Column j's excess over a place, 0 below it, with its 32 digits.
fn hinge(design: &Design, j: usize, place: f64) -> Vec<DoubleDouble> {
    let rest = |i: usize| design.x_rest.as_ref().map_or(0.0, |rest| rest[[i, j]]);
    let above = |i: usize| {
        let value = DoubleDouble::with_rest(design.x[[i, j]], rest(i)) - DoubleDouble::from(place);
        if value.hi > 0.0 { value } else { DoubleDouble::ZERO }
    };
    (0..design.y.len()).map(above).collect()
}

/// The breakpoint between two neighbouring values, with all digits: there the model is linear in
/// −δψ and δ.
fn polished(design: &Design, column: usize, (low, high): (f64, f64)) -> Option<f64> {
    let above = |i: usize| design.x[[i, column]] > low;
    let n = design.y.len();
    let one = (0..n).map(|i| DoubleDouble::from(f64::from(u8::from(above(i))))).collect();
    let part = hinge(design, column, low);
    let columns = vec![("jump".to_owned(), one), ("change".to_owned(), part)];
    let fit = ols(&with_columns(design, column, columns)).ok()?;
    let k = design.x.ncols();
    let at = low - fit.coefficients[k] / fit.coefficients[k + 1];
    (at >= low && at <= high).then_some(at)
}

/// The design with more columns, made from the numbers of column `j`.
fn with_columns(design: &Design, j: usize, columns: Vec<(String, Vec<DoubleDouble>)>) -> Design {
    let (n, k) = design.x.dim();
    let mut wide = design.clone();
    let known = |cells: Option<&Array2<f64>>| {
        let cell = |(i, j)| cells.filter(|_| j < k).map_or(0.0, |cells| cells[[i, j]]);
        Array2::from_shape_fn((n, k + columns.len()), cell)
    };
    let (mut x, mut rest) = (known(Some(&design.x)), known(design.x_rest.as_ref()));
    let term = design.assign.iter().max().map_or(1, |t| t + 1);
    for (place, (name, cells)) in columns.into_iter().enumerate() {
        for (i, cell) in cells.into_iter().enumerate() {
            x[[i, k + place]] = cell.hi;
            rest[[i, k + place]] = cell.lo;
        }
        wide.terms.push(name);
        wide.assign.push(term + place);
        wide.families.push(design.families[j]);
    }
    wide.x = x.into();
    wide.x_rest = rest.iter().any(|v| *v != 0.0).then_some(rest);
    wide
}
