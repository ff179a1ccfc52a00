//! The saved model: what scoring people needs of a study, and none of its data.
//!
//! Who reads one has not written it: its size, its numbers and how they fit together are checked
//! before any of them is used.

use crate::form::{self, Misfit};
use crate::rubric::Rubric;
use crate::{Error, Result, Study, message};
use serde::{Deserialize, Serialize};
use ssi_infer::predict::Bounds;
use ssi_infer::regress::{Covariance, Line, MOST_SCORES, Ols, Scores};
use ssi_infer::tails::t_upper_quantile;
use ssi_vocab::{Drawing, Level};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// Name and version of the file's form.
const SCHEMA: &str = "ssi-study/model/1";

/// No model of ours is larger.
const LARGEST: u64 = 1 << 20;

/// The predictor that a third party can score.
const SCORE: &str = "score_total";

/// What a program needs to score people whose SSI is hidden, and when it must not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    schema: String,
    /// The study it comes from.
    pub study: String,
    /// True where that study's data were synthetic.
    pub synthetic: bool,
    /// Name and version of the rubric, such as `generic-10 v1`.
    pub rubric: String,
    /// The rubric's items, in order.
    rubric_items: Vec<String>,
    formula: String,
    /// The outcome.
    pub outcome: String,
    outcome_range: Option<[f64; 2]>,
    /// The one predictor.
    pub predictor: String,
    terms: Vec<String>,
    coefficients: Vec<f64>,
    covariance: Option<Vec<Vec<f64>>>,
    sigma: f64,
    df_residual: usize,
    n_obs: usize,
    predictor_mean: f64,
    predictor_sxx: f64,
    training_range: BTreeMap<String, [f64; 2]>,
    interval_method: String,
    interval_methods: Vec<String>,
    conformal: Option<Scores>,
    calibration: Option<Calibration>,
    level: f64,
    input_sha256: String,
    version: String,
}

/// How well the model does for respondents who were left out of it, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Intercept of the line of outcomes on predictions; 0 where they agree.
    pub intercept: f64,
    /// Its slope; 1 where they agree.
    pub slope: f64,
    /// R² of the predictions.
    pub cv_r_squared: f64,
    /// Root mean squared error of the predictions.
    pub cv_rmse: f64,
    /// A group of so many people.
    pub group: u64,
    /// Half the width of the interval of its mean outcome, at the mean of the predictor.
    pub group_half_width: f64,
}

fn calibration(study: &Study) -> Option<Calibration> {
    let Some(Drawing::Calibration(drawn)) = study.results.drawings.get("calibration") else {
        return None;
    };
    let (plan, fit) = (&study.plan, &study.main);
    let group = plan.claims.group;
    let level = Level::new(plan.level).ok()?;
    let found = Calibration {
        intercept: drawn.intercept,
        slope: drawn.slope,
        cv_r_squared: drawn.cv_r_squared,
        cv_rmse: drawn.cv_rmse,
        group,
        group_half_width: group_half_width(fit, group, level),
    };
    found.is_finite().then_some(found)
}

/// Half the width of the interval for the mean outcome of a group of `size` further people, at the
/// mean of the predictor: t·σ·√(1/n + 1/size).
pub(crate) fn group_half_width(fit: &Ols, size: u64, level: Level) -> f64 {
    let t = t_upper_quantile(level.tail(), fit.df_residual as f64);
    t * fit.sigma * (1.0 / fit.n_obs as f64 + 1.0 / size as f64).sqrt()
}

impl Calibration {
    fn is_finite(&self) -> bool {
        [self.intercept, self.slope, self.cv_r_squared, self.cv_rmse, self.group_half_width]
            .iter()
            .all(|v| v.is_finite())
    }
}

impl Model {
    /// The main model of a study; `None` unless it is a line through all respondents alike.
    pub(crate) fn of(study: &Study) -> Option<Self> {
        let fit = &study.main;
        let line = fit.line()?;
        let facts = study.results.study.as_ref();
        let covariance = fit.covariance(Covariance::Classical);
        let rubric = Rubric::generic_10();
        Some(Self {
            schema: SCHEMA.to_owned(),
            study: facts.map_or_else(String::new, |f| f.name.clone()),
            synthetic: facts.is_some_and(|f| f.synthetic),
            rubric: rubric.label(),
            rubric_items: rubric.items.iter().map(|item| item.column.clone()).collect(),
            formula: fit.formula.clone(),
            outcome: fit.outcome.clone(),
            outcome_range: outcome_range(study),
            predictor: study.plan.primary.x.clone(),
            terms: fit.terms.clone(),
            coefficients: fit.coefficients.to_vec(),
            covariance: covariance.map(|c| c.outer_iter().map(|row| row.to_vec()).collect()),
            sigma: fit.sigma,
            df_residual: fit.df_residual,
            n_obs: fit.n_obs,
            predictor_mean: line.mean,
            predictor_sxx: line.s_xx,
            training_range: [(study.plan.primary.x.clone(), line.range)].into(),
            interval_method: "normal".to_owned(),
            interval_methods: vec!["prediction_t".to_owned(), "scaled_jackknife".to_owned()],
            calibration: calibration(study),
            conformal: line.scores,
            level: study.plan.level,
            input_sha256: facts.map_or_else(String::new, |f| f.input.sha256.clone()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// The model as a JSON file.
    #[expect(clippy::expect_used, reason = "a model holds only strings and finite numbers")]
    pub(crate) fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("a model is always writable");
        text.push('\n');
        text
    }

    /// A model from a file.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::Model`].
    pub fn open(path: &Path) -> Result<Self> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if path.is_dir() {
            let (en, ja) = ("is a folder".to_owned(), "フォルダーです".to_owned());
            return Err(Error::Model { name, en, ja });
        }
        let fail = |source| Error::Open { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        let (file, _) = crate::source::regular(path)?;
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(fail)?;
        Self::parse(&bytes, &name)
    }

    /// A model from the bytes of a file of that name.
    ///
    /// # Errors
    /// [`Error::Model`] for what is no model of this version, or one whose numbers can't be true.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Self> {
        let wrong = |en: &str, ja: &str| Error::Model {
            name: name.to_owned(),
            en: en.to_owned(),
            ja: ja.to_owned(),
        };
        if bytes.len() as u64 > LARGEST {
            return Err(wrong("is larger than any model", "モデルとしては大きすぎます"));
        }
        let misfit = |en: &str, ja: &str| {
            let (en, ja) = (en.to_owned(), ja.to_owned());
            move |misfit: Misfit| {
                let (why, naze) = (misfit.to_string(), message::misfit(&misfit));
                wrong(&format!("{en}: {why}"), &format!("{ja}。{naze}"))
            }
        };
        let values = form::json(bytes).map_err(misfit("is no JSON", "JSON として読めません"))?;
        let schema = values.text("schema");
        if schema != Some(SCHEMA) {
            let found: String = schema.unwrap_or("none").chars().take(60).collect();
            let en = format!("is of the schema `{found}`, not `{SCHEMA}`");
            let ja = format!("スキーマが `{SCHEMA}` ではありません（`{found}`）");
            return Err(wrong(&en, &ja));
        }
        let model: Self = form::fitted(values).map_err(misfit(
            "is no model of this version",
            "このバージョンのモデルではありません",
        ))?;
        match model.fault() {
            Some((en, ja)) => Err(wrong(en, ja)),
            None => Ok(model),
        }
    }

    /// What can't be true of the numbers, in both languages.
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        let line = self.line();
        let range = self.outcome_range.unwrap_or([0.0, 1.0]);
        let covariance = self.covariance.iter().flatten();
        let scores = self.conformal.as_ref();
        let quantiles = scores.map_or(&[][..], |s| &s.quantiles);
        let finite = [self.sigma, self.predictor_mean, self.predictor_sxx, self.level];
        let sizes = self.terms.len() == 2
            && self.terms[0] == "(Intercept)"
            && self.coefficients.len() == 2
            && self.training_range.len() == 1
            && self.rubric_items.len() <= 100
            && quantiles.len() <= MOST_SCORES
            && covariance.clone().count() <= 2
            && covariance.clone().all(|row| row.len() == 2);
        if !sizes {
            return Some((
                "is not a line of one predictor, or its lists have the wrong lengths",
                "予測変数が1つの直線ではないか、配列の長さが正しくありません",
            ));
        }
        let numbers = finite.iter().chain(&self.coefficients).chain(covariance.flatten());
        let numbers = numbers.chain(&line.range).chain(&range).chain(quantiles);
        let more = scores.map_or([0.0; 3], |s| [s.centre, s.mean, s.slope]);
        let sound = numbers.chain(&more).all(|v| v.is_finite())
            && self.calibration.is_none_or(|c| c.is_finite());
        if !sound {
            return Some(("holds a number that is not finite", "有限でない数値が含まれています"));
        }
        let possible = line.n_obs > 2
            && line.df_residual + 2 == line.n_obs
            && line.sigma >= 0.0
            && line.s_xx > 0.0
            && line.range[0] <= line.mean
            && line.mean <= line.range[1]
            && range[0] < range[1]
            && Level::new(self.level).is_ok()
            && scores.is_none_or(|s| {
                s.n_obs == line.n_obs
                    && s.mean >= 0.0
                    && s.quantiles.is_sorted()
                    && s.quantiles.first().is_none_or(|q| *q >= 0.0)
            });
        if !possible {
            return Some((
                "holds numbers that can't belong together",
                "数値どうしのつじつまが合いません",
            ));
        }
        let scored = self.predictor == SCORE && self.terms[1] == SCORE;
        if !(scored && self.training_range.contains_key(SCORE)) {
            return Some((
                "predicts from another column than score_total, which a third party can't score",
                "score_total 以外の列から予測するモデルのため、第三者による採点からは予測できません",
            ));
        }
        None
    }

    /// The line to predict by. The lengths of the lists are checked on reading.
    pub(crate) fn line(&self) -> Line {
        let coefficient = |i: usize| self.coefficients.get(i).copied().unwrap_or(f64::NAN);
        let range = self.training_range.values().next().copied();
        Line {
            intercept: coefficient(0),
            slope: coefficient(1),
            sigma: self.sigma,
            df_residual: self.df_residual,
            n_obs: self.n_obs,
            mean: self.predictor_mean,
            s_xx: self.predictor_sxx,
            range: range.unwrap_or([f64::NAN; 2]),
            scores: self.conformal.clone(),
        }
    }

    /// Where predictions end.
    pub(crate) fn bounds(&self) -> Bounds {
        let [low, high] = self.outcome_range.map_or([None; 2], |range| range.map(Some));
        Bounds { low, high }
    }

    /// Refuses data that were scored by another rubric, or by another version of it.
    ///
    /// # Errors
    /// [`Error::OtherRubric`].
    pub(crate) fn same_rubric(&self, name: &str, found: &str) -> Result<()> {
        let version = self.rubric.rsplit(" v").next().unwrap_or_default();
        let bare = found.trim();
        if bare == self.rubric || bare.trim_start_matches('v') == version {
            return Ok(());
        }
        let (name, model) = (name.to_owned(), self.rubric.clone());
        Err(Error::OtherRubric { name, found: bare.chars().take(60).collect(), model })
    }
}

/// The scale of an outcome that has one: predictions are cut at its ends.
fn outcome_range(study: &Study) -> Option<[f64; 2]> {
    let codebook = crate::run::codebook(&study.plan, &study.source.name).ok()?;
    let constraints = &codebook.field(&study.main.outcome)?.constraints;
    Some([constraints.minimum?, constraints.maximum?])
}
