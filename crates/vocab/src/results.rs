use crate::{
    AnovaRow, Calibration, Change, Claim, Drawing, Estimate, Exclusion, LeftOut, MissingColumn,
    Nested, Note, Scored, Standardised, Vif, Warning,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name and version of the JSON that [`Results`] serialises to.
pub const SCHEMA: &str = "ssi-study/results/1";

/// Everything an analysis found: what figures, sentences, tables and files are made from.
///
/// Every number that a reader sees stands here, so that a figure can be redrawn and a sentence
/// checked without the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// [`SCHEMA`].
    pub schema: String,
    /// The study's facts; absent for a single analysis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyFacts>,
    /// One row an estimate.
    pub estimates: Vec<Estimate>,
    /// Fit statistics of the one model of `ssi fit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glance: Option<Glance>,
    /// What the model of `ssi fit` says beyond its coefficients: variance components, ICC, area
    /// under the curve, breakpoints, cross-validated R².
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Estimate>,
    /// What the model of `ssi fit` expects at chosen values: means and single respondents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub predictions: Vec<Estimate>,
    /// What the model of `ssi fit` expects along one predictor, averaged over the other values of
    /// all respondents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependence: Vec<Estimate>,
    /// Events observed and expected by the model of `ssi fit`, by groups of risk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calibration: Vec<Calibration>,
    /// The terms of the model of `ssi fit`, tested.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anova: Vec<AnovaRow>,
    /// The model of `ssi fit` against a smaller one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comparison: Vec<Nested>,
    /// The coefficients of `ssi fit` in standard deviations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standardised: Vec<Standardised>,
    /// Collinearity of the terms of `ssi fit`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vif: Vec<Vif>,
    /// The models of a study.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<Model>,
    /// The claims with their verdicts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// What the figures show, by slug.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub drawings: BTreeMap<String, Drawing>,
    /// The people whom `ssi predict` was asked about, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scored: Vec<Scored>,
    /// How many values each column has, and how many are missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingColumn>,
    /// What was left out, and why; empty in a report that is not local.
    pub excluded: Vec<Exclusion>,
    /// The same without rows and values, in a report that is not local.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// What was normalised on reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// What a reader should know before trusting a number.
    pub warnings: Vec<Warning>,
}

impl Default for Results {
    fn default() -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            study: None,
            estimates: Vec::new(),
            glance: None,
            measures: Vec::new(),
            predictions: Vec::new(),
            dependence: Vec::new(),
            calibration: Vec::new(),
            anova: Vec::new(),
            comparison: Vec::new(),
            standardised: Vec::new(),
            vif: Vec::new(),
            models: Vec::new(),
            claims: Vec::new(),
            drawings: BTreeMap::new(),
            scored: Vec::new(),
            missing: Vec::new(),
            excluded: Vec::new(),
            left_out: Vec::new(),
            changes: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFacts {
    /// File name without its folder, or the embedded dataset's name.
    pub name: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Data rows in the file; none where they would tell by subtraction how few have two raters.
    pub rows_read: Option<usize>,
    /// Rows that were left out whole.
    pub rows_excluded: usize,
    /// Rows that are no answers: totals below the data, and repeated rows.
    #[serde(default, skip_serializing_if = "is_none")]
    pub rows_dropped: usize,
    /// Respondents, after the raters of one respondent were averaged and the filter was applied.
    pub respondents: usize,
    /// Respondents who were scored by two raters or more; none where a report that is not local
    /// would tell of fewer than its smallest group.
    pub rated_twice: Option<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_none(n: &usize) -> bool {
    *n == 0
}

/// A study of a part of the respondents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterFacts {
    /// The condition, as `--where` takes it.
    pub condition: String,
    /// Respondents before it was applied; none where that would tell of a group smaller than the
    /// plan's smallest.
    pub respondents_before: Option<usize>,
}

/// What a study is about and how it was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyFacts {
    /// The study's name, also that of its folder.
    pub name: String,
    /// True where the data are synthetic: then every page and figure says so.
    pub synthetic: bool,
    /// The data.
    pub input: InputFacts,
    /// The rows that the plan asks for, where it does not ask for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterFacts>,
    /// Confidence level.
    pub level: f64,
    /// Seed of everything random.
    pub seed: u64,
    /// Bootstrap resamples.
    pub resamples: usize,
    /// Random permutations.
    pub permutations: usize,
    /// First and last day on which SSI was read, ISO 8601, if known.
    pub ssi_dates: Option<(String, String)>,
    /// Groups smaller than this are not shown.
    pub smallest_group: usize,
    /// True where the report may name rows of the survey, so that it is not for publication.
    #[serde(default = "local")]
    pub local: bool,
    /// Version of the toolkit.
    pub version: String,
    /// The plan, as it was used (TOML).
    pub plan: String,
}

/// Older reports name rows.
fn local() -> bool {
    true
}

/// Fit statistics of a model: one row (broom's `glance`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Glance {
    /// Share of the outcome's variance that the model accounts for.
    pub r_squared: Option<f64>,
    /// The same, adjusted for the number of terms.
    pub adj_r_squared: Option<f64>,
    /// Residual standard deviation.
    pub sigma: Option<f64>,
    /// F statistic of the whole model.
    pub statistic: Option<f64>,
    /// Its p-value.
    pub p_value: Option<f64>,
    /// Its numerator degrees of freedom.
    pub df: Option<f64>,
    /// Degrees of freedom of the denominator of F where they are not the residual ones: clusters
    /// less one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df2: Option<f64>,
    /// The standard errors that F is made with (Wald's F): `hc3`, `cluster:school`; absent for the
    /// classical F.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcov: Option<String>,
    /// Residual degrees of freedom.
    pub df_residual: Option<f64>,
    /// Log-likelihood (normal errors).
    pub log_lik: Option<f64>,
    /// Akaike's criterion; σ counts as a parameter.
    pub aic: Option<f64>,
    /// Schwarz's criterion; σ counts as a parameter.
    pub bic: Option<f64>,
    /// Respondents used.
    pub n_obs: usize,
    /// Respondents left out.
    #[serde(default)]
    pub n_excluded: usize,
    /// Penalty λ of a penalised model, on the scale of linfa and glmnet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<f64>,
    /// Share of the lasso in the penalty (0 is ridge).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l1_ratio: Option<f64>,
    /// Folds of the cross-validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cv_folds: Option<usize>,
    /// R² for respondents the model had not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cv_r_squared: Option<f64>,
    /// Root mean squared error for respondents the model had not seen, in outcome units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cv_rmse: Option<f64>,
    /// Kind of the weights: `frequency`, `analytic`, `probability`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
    /// Column whose groups the standard errors take to be independent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// How many of these groups there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_clusters: Option<usize>,
    /// Sum of the squared residuals that respondents have from a fit without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub press: Option<f64>,
    /// R² with that sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted_r_squared: Option<f64>,
    /// Checks of the residuals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// Steps that an iteration took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iterations: Option<usize>,
    /// The largest component of the objective's gradient where the iteration ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient: Option<f64>,
    /// Robust scale of the residuals, in outcome units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// The quantile that was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tau: Option<f64>,
    /// Deviance: twice the log-likelihood short of a perfect model's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviance: Option<f64>,
    /// Deviance of the model with an intercept alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub null_deviance: Option<f64>,
    /// Half the width of the prediction interval at the mean of the predictors, in outcome units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction_half_width: Option<f64>,
    /// The same by the scaled jackknife, for a respondent with a low and one with a high value of
    /// the predictor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scaled_prediction: Vec<HalfWidth>,
}

/// Half the width of an interval at one value of a predictor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HalfWidth {
    /// The predictor's value.
    pub at: f64,
    /// Half the width there, in outcome units.
    pub half_width: f64,
}

/// A diagnostic number, with a p-value where it is a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// `breusch_pagan`, `max_cooks_d`, `max_leverage`, `durbin_watson`, …
    pub name: String,
    /// Its value; none where these data don't define it (the note says why).
    pub value: Option<f64>,
    /// Degrees of freedom, of a test.
    pub df: Option<f64>,
    /// Degrees of freedom of the denominator, of an F test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub df2: Option<f64>,
    /// p-value, of a test.
    pub p_value: Option<f64>,
    /// Why something of it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// A fitted model of a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Short name that estimates refer to: `main`, `contacts`, `items`.
    pub id: String,
    /// Formula.
    pub formula: String,
    /// Method: `ols`, `ridge`.
    pub method: String,
    /// Fit statistics.
    pub glance: Glance,
    /// The level that each factor's coefficients are differences from: column to level.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reference: BTreeMap<String, String>,
}
