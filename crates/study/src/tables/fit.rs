//! What `ssi fit` does.

use super::models::{Asked, Said, belongs, mixed, said};
use super::predictions::{More, least_squares};
use super::{Open, TableRequest};
use crate::{Error, Plan, Result};
use ssi_cohort::Codebook;
use ssi_infer::formula::{Extras, Modelled, WeightKind, model_with};
use ssi_infer::importance::importance;
use ssi_infer::imputation::{capped_columns, capped_outcome, indicated};
use ssi_infer::model::{Kind, ModelError};
use ssi_infer::predict::{self, Indicated};
use ssi_infer::regress::{
    Augment, Clusters, Influence, Ols, StandardErrors, SumsOfSquares, anova, ols,
};
use ssi_vocab::{
    AnovaRow, Calibration, Estimate, Exclusion, Glance, Level, Model, Nested, Progress, Results,
    Standardised, Table, Vif, Warning,
};
use std::collections::BTreeMap;

/// A fitted model with a row for each respondent.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Coefficients and fit statistics.
    pub results: Results,
    /// Fitted values, residuals and influence, where they were asked for: one part a group.
    pub augment: Vec<Augment>,
    /// For each of these parts the coefficients' names, and a row's influence on them.
    pub influence: Vec<(Vec<String>, Vec<Influence>)>,
    /// Row, expected outcome and residual by a model that is not least squares.
    pub rows: Vec<(usize, f64, f64)>,
    /// How much each of these rows counts in a robust fit, from 0 to 1; empty else.
    pub weights: Vec<f64>,
}

/// Below so many clusters cluster-robust errors are shaky themselves.
pub(super) const FEW_CLUSTERS: usize = 20;

/// What becomes of a capped predictor.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cap {
    Impute,
    Indicator,
}

/// A regression, and what is asked about it.
#[derive(Debug, Clone, Default)]
pub struct FitRequest {
    /// R-style formula.
    pub formula: String,
    /// The model: `ols` unless said.
    pub model: Kind,
    /// Quantiles of a quantile regression; the median where none is named.
    pub tau: Vec<f64>,
    /// Lower limit or bound of the outcome.
    pub lower: Option<f64>,
    /// Upper limit or bound of the outcome.
    pub upper: Option<f64>,
    /// Values to predict at, such as `score_total=7`, a prediction each.
    pub at: Vec<String>,
    /// Random effects of a mixed model, such as `session_id` or `score_total | session_id`.
    pub random: Option<String>,
    /// Maximum likelihood for a mixed model, instead of REML.
    pub ml: bool,
    /// The lasso's share of an elastic net's penalty; chosen by cross-validation where none is
    /// named.
    pub l1_ratio: Option<f64>,
    /// What becomes of a capped predictor: `impute` or `indicator`.
    pub capped: Option<String>,
    /// More intervals beside the default one.
    pub intervals: Vec<String>,
    /// Also fits on all folds but one and predicts that: R² and RMSE for unseen respondents.
    pub cross_validate: bool,
    /// Also what the model expects along this column, averaged over the others.
    pub dependence: Option<String>,
    /// Also how much of R² each predictor accounts for.
    pub importance: bool,
    /// Resamples; 10,000 where none are named.
    pub resamples: Option<usize>,
    /// Seed of everything random.
    pub seed: Option<u64>,
    /// Standard errors: `hc3`, `cluster:school`; classical where none are named.
    pub se: Option<String>,
    /// Column of weights.
    pub weights: Option<String>,
    /// What they mean: `frequency`, `analytic`, `probability`.
    pub weight_kind: Option<String>,
    /// Type of the sums of squares of an analysis of variance.
    pub anova: Option<u8>,
    /// Formula of a smaller model to compare with.
    pub against: Option<String>,
    /// Coefficients in standard deviations too.
    pub standardised: bool,
    /// All checks of the residuals, and the collinearity of each term.
    pub diagnostics: bool,
    /// A row for each respondent: [`Fitted::augment`] and [`Fitted::influence`].
    pub augment: bool,
}

impl FitRequest {
    /// A formula with classical errors and nothing beside the coefficients.
    pub fn new(formula: &str) -> Self {
        Self { formula: formula.to_owned(), ..Self::default() }
    }

    fn capped(&self) -> ssi_infer::Result<Option<Cap>> {
        Ok(match self.capped.as_deref() {
            None => None,
            Some("impute") => Some(Cap::Impute),
            Some("indicator") => Some(Cap::Indicator),
            Some(other) => Err(ModelError::Capped { text: other.to_owned() })?,
        })
    }

    fn errors(&self) -> Result<StandardErrors> {
        Ok(self.se.as_deref().map(str::parse).transpose()?.unwrap_or_default())
    }

    fn extras(&self, errors: &StandardErrors) -> Result<Extras> {
        let weights = match (&self.weights, &self.weight_kind) {
            (None, None) => None,
            (Some(column), Some(kind)) => Some((column.clone(), kind.parse::<WeightKind>()?)),
            (Some(_), None) => {
                return Err(Error::Usage {
                    en: "--weights needs --weight-kind: frequency, analytic or probability; their standard errors differ".to_owned(),
                    ja: "--weights には --weight-kind（frequency：度数、analytic：分散の逆数、probability：抽出確率の逆数）も指定してください。種類によって標準誤差が異なります".to_owned(),
                });
            }
            (None, Some(_)) => {
                return Err(Error::Usage {
                    en: "--weight-kind needs --weights COLUMN".to_owned(),
                    ja: "--weight-kind には --weights で重みの列も指定してください".to_owned(),
                });
            }
        };
        let cluster = errors.cluster().map(str::to_owned);
        Ok(Extras { weights, cluster, ..Extras::default() })
    }
}

/// Fits a regression by least squares.
///
/// # Errors
/// Unreadable or refused data, a formula error, an unknown kind of standard errors or weights, a
/// mix of them that is not defined, a model that these data don't define.
pub fn fit(request: &TableRequest, wanted: &FitRequest, progress: &dyn Progress) -> Result<Fitted> {
    // These have standard errors of their own, and read `--se` themselves.
    let errors = match wanted.model {
        Kind::Huber | Kind::Bisquare | Kind::Mm | Kind::TheilSen | Kind::Quantile => {
            StandardErrors::default()
        }
        _ => wanted.errors()?,
    };
    let extras = wanted.extras(&errors)?;
    if let Some(number) = wanted.anova.filter(|number| !(1..=3).contains(number)) {
        return Err(Error::Usage {
            en: format!("--anova takes 1, 2 or 3, the type of the sums of squares; found {number}"),
            ja: format!(
                "--anova には平方和のタイプ 1、2、3 のいずれかを指定してください。指定された値：{number}"
            ),
        });
    }
    belongs(wanted)?;
    let capped = wanted.capped()?;
    let mut open = Open::new(request)?;
    let mut out = Fitted {
        results: Results::default(),
        augment: Vec::new(),
        influence: Vec::new(),
        rows: Vec::new(),
        weights: Vec::new(),
    };
    let random = wanted.random.as_deref().and_then(|text| text.rsplit('|').next());
    open.warn_of_repeats(errors.cluster().or(random.map(str::trim)))?;
    for (group, table) in open.groups()? {
        progress.check()?;
        if wanted.model != Kind::Ols || capped == Some(Cap::Impute) {
            let (extras, codebook, level) = (&extras, &open.codebook, open.level);
            let asked = Asked { table: &table, wanted, extras, codebook, level, progress };
            let part = match wanted.model {
                Kind::Ols => mixed::imputed(&asked),
                kind => said(kind, &asked),
            };
            match part {
                Ok(part) => join(part, &mut open, &mut out, group),
                Err(error) => open.undefined(&group, of_outcome(error, &table, wanted))?,
            }
            continue;
        }
        match Part::new(&table, (wanted, &open.codebook), &errors, &extras, open.level) {
            Ok(part) => part.join(&mut open, &mut out, group),
            Err(error) => open.undefined(&group, of_outcome(error, &table, wanted))?,
        }
    }
    out.results = open.done()?;
    Ok(out)
}

/// The same error; where a capped column is the outcome, the one that names the model for it.
fn of_outcome(error: ssi_infer::Error, table: &Table, wanted: &FitRequest) -> ssi_infer::Error {
    let outcome = || capped_outcome(table, &wanted.formula).ok().flatten();
    match &error {
        ssi_infer::Error::Input(ssi_vocab::Error::Capped { column, .. })
            if outcome().as_ref() == Some(column) =>
        {
            ModelError::CappedOutcome { column: column.clone() }.into()
        }
        _ => error,
    }
}

/// Adds what a model that is not least squares says of one group's rows.
fn join(said: Said, open: &mut Open, out: &mut Fitted, group: Option<String>) {
    open.add(&group, said.estimates);
    let results = &mut open.results;
    let own = |rows: Vec<Estimate>| {
        let group = group.clone();
        rows.into_iter().map(move |row| Estimate { group: group.clone(), ..row })
    };
    results.measures.extend(own(said.measures));
    results.predictions.extend(own(said.predictions));
    results.dependence.extend(own(said.dependence));
    results.calibration.extend(said.calibration.map(|c| Calibration { group: group.clone(), ..c }));
    results.excluded.extend(said.excluded);
    results.drawings.extend(said.drawings);
    for mut warning in said.warnings {
        if let Warning::FewEvents { group: of, .. } = &mut warning {
            of.clone_from(&group);
        }
        if !results.warnings.contains(&warning) {
            results.warnings.push(warning);
        }
    }
    match group {
        None => results.glance = Some(said.glance),
        Some(id) => results.models.push(Model {
            id,
            formula: said.formula,
            method: said.method,
            glance: said.glance,
            reference: said.reference,
        }),
    }
    out.rows.extend(said.rows);
    out.weights.extend(said.weights);
}

/// What is said of one group's rows.
struct Part {
    fit: Ols,
    estimates: Vec<Estimate>,
    glance: Glance,
    reference: BTreeMap<String, String>,
    excluded: Vec<Exclusion>,
    clusters: Option<Clusters>,
    anova: Vec<AnovaRow>,
    comparison: Option<Nested>,
    standardised: Vec<Standardised>,
    vif: Vec<Vif>,
    augment: bool,
    more: More,
    measures: Vec<Estimate>,
    level: Level,
}

impl Part {
    fn new(
        table: &Table,
        (wanted, codebook): (&FitRequest, &Codebook),
        errors: &StandardErrors,
        extras: &Extras,
        level: Level,
    ) -> ssi_infer::Result<Self> {
        let (table, text, caps) = with_caps(table, wanted)?;
        let text = text.as_str();
        let at = wanted.at.iter().map(|text| match caps.as_slice() {
            [] => Ok(text.clone()),
            caps => predict::with_caps(text, &table, caps),
        });
        let wanted = &FitRequest { at: at.collect::<ssi_infer::Result<_>>()?, ..wanted.clone() };
        let model = model_with(&table, text, extras)?;
        let fit = ols(&model.design)?;
        let data = (wanted, codebook);
        let more = least_squares(fit.method(), data, &fit, &model, errors, extras, level)?;
        let Modelled { design, recipe, clusters, table, .. } = model;
        let measures = if wanted.importance {
            let resamples = wanted.resamples.unwrap_or(mixed::RESAMPLES);
            let seed = wanted.seed.unwrap_or(Plan::default().seed);
            let found = importance(&design, &recipe)?;
            found.estimates(&design, clusters.as_ref(), level, resamples, seed)?
        } else {
            Vec::new()
        };
        let mut glance = fit.glance_with(errors, clusters.as_ref())?;
        glance.press = fit.press();
        glance.predicted_r_squared = fit.predicted_r_squared();
        glance.cluster = errors.cluster().map(str::to_owned);
        glance.n_clusters = clusters.as_ref().map(Clusters::len);
        if wanted.diagnostics {
            glance.checks = fit.diagnostics();
        }
        let anova = match wanted.anova {
            Some(number) => {
                let kind = SumsOfSquares::new(number)?;
                // The kept table has the frequency weights already.
                anova(&fit, &recipe, kind, errors, &table, text, &extras.of_kept())?
            }
            None => Vec::new(),
        };
        let plain = *errors == StandardErrors::default();
        let comparison = match &wanted.against {
            // Cross-validated models need not be nested, nor classical errors.
            Some(_) if !plain && wanted.cross_validate => None,
            Some(_) if !plain => {
                return Err(ssi_infer::Error::ErrorsOfTest {
                    test: "a comparison of two models",
                    errors: errors.code(),
                    instead: "leave out --se, or ask for --anova 3",
                });
            }
            Some(other) => match fit.against(&table, other, &extras.of_kept()) {
                Err(ssi_infer::Error::NotNested { .. }) if wanted.cross_validate => None,
                found => Some(found?),
            },
            None => None,
        };
        Ok(Self {
            estimates: fit.estimates_with(errors, clusters.as_ref(), level)?,
            glance,
            reference: recipe.reference(),
            excluded: design.excluded,
            clusters,
            measures,
            anova,
            comparison,
            standardised: if wanted.standardised { fit.standardised() } else { Vec::new() },
            vif: if wanted.diagnostics { fit.vif(&recipe) } else { Vec::new() },
            augment: wanted.augment,
            more,
            level,
            fit,
        })
    }

    fn join(self, open: &mut Open, out: &mut Fitted, group: Option<String>) {
        open.add(&group, self.estimates);
        let results = &mut open.results;
        results.excluded.extend(self.excluded);
        let own = || group.clone();
        let measures = self.measures.into_iter();
        results.measures.extend(measures.map(|r| Estimate { group: own(), ..r }));
        results.anova.extend(self.anova.into_iter().map(|r| AnovaRow { group: own(), ..r }));
        results.comparison.extend(self.comparison.map(|r| Nested { group: own(), ..r }));
        let standardised = self.standardised.into_iter();
        results.standardised.extend(standardised.map(|r| Standardised { group: own(), ..r }));
        results.vif.extend(self.vif.into_iter().map(|r| Vif { group: own(), ..r }));
        let More { measures, predictions, dependence, warnings } = self.more;
        results.dependence.extend(dependence.into_iter().map(|r| Estimate { group: own(), ..r }));
        results.measures.extend(measures.into_iter().map(|r| Estimate { group: own(), ..r }));
        results.predictions.extend(predictions.into_iter().map(|r| Estimate { group: own(), ..r }));
        for warning in warnings {
            if !results.warnings.contains(&warning) {
                results.warnings.push(warning);
            }
        }
        if let Some(clusters) = self.clusters.filter(|c| c.len() < FEW_CLUSTERS) {
            let (column, found) = (clusters.column.clone(), clusters.len());
            let few = Warning::FewClusters { column, found };
            if !results.warnings.contains(&few) {
                results.warnings.push(few);
            }
        }
        match group {
            None => results.glance = Some(self.glance),
            Some(id) => results.models.push(Model {
                id,
                formula: self.fit.formula.clone(),
                method: self.fit.method().to_owned(),
                glance: self.glance,
                reference: self.reference,
            }),
        }
        if self.augment {
            out.augment.push(self.fit.augment(self.level));
            out.influence.push((self.fit.terms.clone(), self.fit.influence()));
        }
    }
}

/// The table and the formula with an indicator for each capped predictor, if that was asked for;
/// an error that names the option if nothing was.
fn with_caps(
    table: &Table,
    wanted: &FitRequest,
) -> ssi_infer::Result<(Table, String, Vec<Indicated>)> {
    let capped = capped_columns(table, &wanted.formula)?;
    let (mut table, mut formula) = (table.clone(), wanted.formula.clone());
    if wanted.capped()?.is_none() {
        let Some(column) = capped.into_iter().next() else {
            return Ok((table, formula, Vec::new()));
        };
        return Err(match table.column(&column)?.numbers() {
            Err(ssi_vocab::Error::Capped { column, example }) => {
                ModelError::CappedPredictor { column, example }.into()
            }
            Err(other) => other.into(),
            Ok(_) => ModelError::NotCapped.into(),
        });
    }
    if capped.is_empty() {
        return Err(ModelError::NotCapped.into());
    }
    let mut caps = Vec::new();
    for column in capped {
        (table, formula) = indicated(&table, &formula, &column)?;
        let indicator = table.columns().last().map(|c| c.name.clone()).unwrap_or_default();
        caps.push(Indicated { column, indicator });
    }
    Ok((table, formula, caps))
}
