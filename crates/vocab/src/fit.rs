//! What stands beside the coefficients of a fit.

use crate::Note;
use crate::drawing::Curve;
use serde::{Deserialize, Serialize};

/// A term of a model, tested: a row of an analysis of variance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnovaRow {
    /// The term, as the formula has it, or `Residuals`.
    pub term: String,
    /// The group it was computed in, as `column = level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Type of the sums of squares: 1, 2 or 3.
    pub kind: u8,
    /// Sum of squares; none with robust errors, whose test has no such sum.
    pub sum_sq: Option<f64>,
    /// Degrees of freedom.
    pub df: f64,
    /// Sum of squares by degrees of freedom.
    pub mean_sq: Option<f64>,
    /// F; none for the residuals and for a perfect fit.
    pub statistic: Option<f64>,
    /// Degrees of freedom of its denominator.
    pub df2: Option<f64>,
    /// Its p-value.
    pub p_value: Option<f64>,
    /// Sum of squares of the term by that of term and residuals.
    pub partial_eta_squared: Option<f64>,
    /// The kind of covariance that F was made with: `classical`, `hc3`, `cluster:school`.
    pub vcov: String,
    /// Why there is no test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A model against a smaller one that it contains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nested {
    /// Formula of the smaller model.
    pub against: String,
    /// The group it was computed in, as `column = level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// F of what the larger model adds; none for a perfect fit.
    pub statistic: Option<f64>,
    /// Coefficients added.
    pub df: f64,
    /// Residual degrees of freedom of the larger model.
    pub df2: f64,
    /// p-value of F.
    pub p_value: Option<f64>,
    /// R² of the larger model minus R² of the smaller; none where only one has an intercept.
    pub delta_r_squared: Option<f64>,
    /// Residual sum of squares of the smaller model.
    pub residual_ss_against: f64,
    /// Residual sum of squares of the larger model.
    pub residual_ss: f64,
    /// Respondents, the same for both models.
    pub n_obs: usize,
    /// Why there is no test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A coefficient in standard deviations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standardised {
    /// The coefficient's name.
    pub term: String,
    /// The group it was computed in, as `column = level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// By how many of its standard deviations the outcome differs for one of the predictor's.
    pub estimate: f64,
}

/// By how much the other terms inflate the variance of a term's coefficients.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vif {
    /// The term, as the formula has it.
    pub term: String,
    /// The group it was computed in, as `column = level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its coefficients.
    pub df: f64,
    /// The generalised factor; for a single coefficient the variance inflation factor itself.
    pub gvif: f64,
    /// GVIF^(1/(2·df)): comparable between terms, on the scale of standard errors.
    pub adjusted: f64,
}

/// How the probabilities of a model hold among the respondents that it was fitted to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The group that the model was fitted in, as `column = level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The groups of risk, ascending.
    pub bins: Vec<RiskGroup>,
    /// A LOESS curve of the outcome (1 for an event) along the expected probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smooth: Option<Curve>,
}

/// Respondents whose expected probabilities lie near one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskGroup {
    /// Smallest expected probability.
    pub from: f64,
    /// Largest expected probability.
    pub to: f64,
    /// Respondents.
    pub n_obs: usize,
    /// Events among them.
    pub events: usize,
    /// Mean expected probability.
    pub expected: f64,
    /// Share of events.
    pub observed: f64,
    /// Lower end of the share's interval.
    pub conf_low: f64,
    /// Upper end.
    pub conf_high: f64,
    /// Its level.
    pub conf_level: f64,
    /// How it was made: `wilson`.
    pub conf_method: String,
}
