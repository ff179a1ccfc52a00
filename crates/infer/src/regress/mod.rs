//! Least squares: an outcome explained by predictors, with everything that derives from the fit.
//!
//! [`ols`] solves the problem once; [`Ols`] then answers questions about it: estimates with any
//! covariance ([`Ols::estimates`]), fit statistics ([`Ols::glance`]), a row a respondent
//! ([`Ols::augment`]) and predictions ([`Ols::predict`]).

mod added;
mod anova;
mod augment;
mod basis;
mod bell_mccaffrey;
mod blocks;
mod checks;
mod cluster;
mod covariance;
mod diagnostics;
mod durbin_watson;
mod estimates;
pub(crate) mod factor;
mod glance;
mod line;
mod mean;
mod nested;
mod normality;
mod predict;
pub(crate) mod real;
mod scaled;
mod solve;
mod span;
mod summaries;
mod undefined;
mod white;
mod whole;
mod wide;

pub use added::Added;
pub use anova::{SumsOfSquares, anova};
pub use augment::{Augment, AugmentRow};
pub use bell_mccaffrey::BellMcCaffrey;
pub use cluster::{ClusterKind, Clustered, Clusters, StandardErrors};
pub use covariance::Covariance;
pub use line::Line;
pub use normality::{anderson_darling, shapiro_wilk};
pub use predict::Prediction;
pub use scaled::{MOST_SCORES, Scores};
pub use summaries::Influence;

use crate::Result;
use crate::double_double::DoubleDouble;
use basis::Basis;
use factor::Triangle;
use ndarray::{Array1, Array2};
use ssi_vocab::{Design, Weights};
use std::sync::Arc;

/// A fitted least-squares model: the facts from which every statistic of it derives.
#[derive(Debug, Clone)]
pub struct Ols {
    /// The formula, as the design has it.
    pub formula: String,
    /// The outcome's name.
    pub outcome: String,
    /// The coefficients' names, in formula order.
    pub terms: Vec<String>,
    /// For each coefficient, which formula term it belongs to (0 is the intercept).
    pub assign: Vec<usize>,
    /// True where the first coefficient is an intercept.
    pub intercept: bool,
    /// The coefficients, in outcome units per predictor unit.
    pub coefficients: Array1<f64>,
    /// Respondents minus coefficients.
    pub df_residual: usize,
    /// How many respondents: the rows, or the sum of the frequency weights.
    pub n_obs: usize,
    /// How many rows were left out.
    pub n_excluded: usize,
    /// The respondents' row numbers, as the user counts them.
    pub rows: Vec<usize>,
    /// Fitted values, one a row.
    pub fitted: Array1<f64>,
    /// Residuals, one a row: outcome minus fitted value.
    pub residuals: Array1<f64>,
    /// Residual standard deviation: √(Σ e² / (n − k)); 0 for a perfect fit.
    pub sigma: f64,
    /// True where the residuals are nothing but rounding.
    pub perfect: bool,
    x: Arc<Array2<f64>>,
    y: Array1<f64>,
    x_rest: Option<Array2<f64>>,
    y_rest: Option<Array1<f64>>,
    weights: Option<Weights>,
    /// Coefficients with all their digits.
    exact: Vec<DoubleDouble>,
    /// S with (XᵀX)⁻¹ = S Sᵀ.
    root: Triangle<DoubleDouble>,
    basis: Basis,
    residual_ss: f64,
    /// Total less residual sum of squares, subtracted before either was rounded.
    model_ss: f64,
    total_ss: f64,
}

/// Ordinary least squares: the coefficients that make the squared residuals smallest.
///
/// # Formula
/// b = (XᵀX)⁻¹Xᵀy, found by Householder's QR of the model matrix (columns centred where there is
/// an intercept, and scaled by powers of two, which is exact), never by normal equations. Small
/// problems and ill-conditioned ones are carried with 32 digits, from the design's cells to the
/// results, and rounded once; large well-conditioned ones are centred with 32 digits, factorised in
/// blocks of rows, in doubles, and refined.
///
/// # Assumptions
/// None for the coefficients. Classical standard errors take the residuals to be independent with
/// equal spread; [`Covariance`] has others. A frequency weight stands for that many equal
/// respondents, and gives the digits that the repeated rows give.
///
/// # Missing data
/// The design holds complete cases only and knows what it left out.
///
/// # Errors
/// [`TooFew`](crate::Error::TooFew) unless respondents outnumber coefficients,
/// [`Constant`](crate::Error::Constant) for an outcome or a predictor that does not vary,
/// [`Collinear`](crate::Error::Collinear) with the columns that are a sum of one another,
/// [`Magnitude`](crate::Error::Magnitude) for numbers whose squares leave the range of doubles.
///
/// # References
/// Björck (1996), Numerical Methods for Least Squares Problems, doi:10.1137/1.9781611971484.
///
/// # Example
/// ```
/// use ssi_infer::{formula, regress};
/// use ssi_vocab::{Column, Table};
/// let numbers = |v: &[f64]| v.iter().copied().map(Ok).collect::<Vec<_>>();
/// let table = Table::new(
///     vec![
///         Column::number("score", numbers(&[1.0, 2.0, 3.0, 4.0])),
///         Column::number("ssi", numbers(&[11.0, 19.0, 31.0, 39.0])),
///     ],
///     vec![2, 3, 4, 5],
/// )?;
/// let fit = regress::ols(&formula::design(&table, "ssi ~ score")?)?;
/// assert_eq!(fit.coefficients.to_vec(), [1.0, 9.6]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn ols(design: &Design) -> Result<Ols> {
    solve::ols(design)
}

impl Ols {
    /// The model matrix the fit was made from, a row a respondent.
    pub fn x(&self) -> &Array2<f64> {
        &self.x
    }

    /// The outcome, one value a row.
    pub fn y(&self) -> &Array1<f64> {
        &self.y
    }

    /// Frequency weights, if the fit was made from counts.
    pub fn counts(&self) -> Option<&[u64]> {
        match &self.weights {
            Some(Weights::Frequency(counts)) => Some(counts),
            _ => None,
        }
    }

    /// The weights that the fit was made with.
    pub fn weights(&self) -> Option<&Weights> {
        self.weights.as_ref()
    }

    /// The model's name in the `method` field: `wls` where rows have a precision or a probability,
    /// `ols` else.
    pub fn method(&self) -> &'static str {
        if self.precise() { "wls" } else { "ols" }
    }

    /// The weight of row `i`, as a number: how many respondents it stands for, or how much it
    /// counts.
    pub(crate) fn weight(&self, i: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights.at(i))
    }

    /// True where weights belong to the rows instead of counting respondents.
    fn precise(&self) -> bool {
        matches!(self.weights, Some(Weights::Analytic(_) | Weights::Probability(_)))
    }

    /// How many equal respondents row `i` is: its count, or 1 where it has a weight above 0.
    fn times(&self, i: usize) -> f64 {
        match (self.precise(), self.weight(i)) {
            (true, w) => f64::from(u8::from(w > 0.0)),
            (false, w) => w,
        }
    }

    /// √w of row `i` where weights belong to the rows: what makes its residual comparable.
    fn unit(&self, i: usize) -> f64 {
        if self.precise() { self.weight(i).sqrt() } else { 1.0 }
    }

    /// Σ e², the residual sum of squares.
    pub fn residual_ss(&self) -> f64 {
        self.residual_ss
    }

    /// Σ (y − ȳ)² with an intercept, Σ y² without one: what R² compares with.
    pub fn total_ss(&self) -> f64 {
        self.total_ss
    }

    /// The coefficients with all their digits.
    pub(crate) fn exact(&self) -> &[DoubleDouble] {
        &self.exact
    }

    /// S with S Sᵀ = (XᵀX)⁻¹, with which [`Ols::scores`] are x S.
    pub(crate) fn root(&self) -> &Triangle<DoubleDouble> {
        &self.root
    }
}
