//! How well a model does for respondents it has not seen: repeated cross-validation.

use crate::model::ModelError;
use crate::predict::light::Light;
use crate::regress::Clusters;
use crate::resample::draws::{Purpose, Source};
use crate::tails::{t_two_sided, t_upper_quantile};
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Analysis, Design, Estimate, Interval, Level, Note, PValue, Test};

/// How to cross-validate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrossValidation {
    /// Parts that the respondents are divided into.
    pub folds: usize,
    /// How often they are divided anew.
    pub repeats: usize,
    /// Seed of the divisions.
    pub seed: u64,
}

impl CrossValidation {
    /// Ten folds, ten times.
    pub fn new(seed: u64) -> Self {
        Self { folds: 10, repeats: 10, seed }
    }

    /// The folds, repeat by repeat: for each its respondents, counted from 0.
    pub fn divide(&self, n: usize) -> Vec<Vec<Vec<usize>>> {
        let folds = self.folds.clamp(2, n.max(2));
        let one = |repeat: usize| {
            let mut order: Vec<u32> = (0..n as u32).collect();
            Source::new(self.seed, Purpose::Split, repeat + 1).shuffle(&mut order);
            let members = |fold: usize| {
                order.iter().skip(fold).step_by(folds).map(|i| *i as usize).collect::<Vec<_>>()
            };
            (0..folds).map(members).collect()
        };
        (0..self.repeats.max(1)).map(one).collect()
    }
}

/// What was predicted of one fold from the others.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fold {
    n: f64,
    /// Σ of squared errors.
    squares: f64,
    /// Σ of absolute errors.
    sizes: f64,
    /// Σ of squared deviations from the mean of the other folds.
    spread: f64,
}

/// A cross-validated least-squares model.
#[derive(Debug, Clone, PartialEq)]
pub struct Validated {
    formula: String,
    outcome: String,
    n_obs: usize,
    n_excluded: usize,
    folds: Vec<Fold>,
    /// Respondents predicted for each one fitted to.
    share: f64,
    /// The column of the clusters that folds keep whole.
    cluster: Option<String>,
}

/// Repeated k-fold cross-validation of least squares.
///
/// The model matrix is the design's: knots and orthogonal polynomials, which know the predictors
/// but not the outcome, are those of all respondents. A column that is constant among the
/// respondents fitted to (a level that none of them has) counts for nothing there.
///
/// # Missing data
/// The design holds complete cases only. Counts are equal to repeated rows.
///
/// # Errors
/// [`Error::Setting`] below two folds, [`Error::Unweighted`] for weights that are no counts,
/// [`Error::TooFew`] where a fit would have no more respondents than coefficients.
///
/// # References
/// Stone (1974), doi:10.1111/j.2517-6161.1974.tb00994.x.
pub fn cross_validate(design: &Design, how: &CrossValidation) -> Result<Validated> {
    if how.folds < 2 {
        let (name, value) = ("folds", how.folds as f64);
        return Err(Error::Setting { name, value, allowed: "at least 2" });
    }
    let (analysis, found) = ("cross-validation", design.n_obs());
    if found < 2 {
        return Err(Error::TooFew { analysis, needed: 2, found });
    }
    crate::resample::written_out(found)?;
    cross_validate_on(design, &how.divide(found))
}

/// [`cross_validate`] with folds of whole clusters: how well the model does for respondents of
/// clusters it has not seen.
///
/// With no more clusters than folds each cluster is a fold, once.
///
/// # Errors
/// Those of [`cross_validate`].
///
/// # References
/// Roberts et al. (2017), doi:10.1111/ecog.02881.
pub fn cross_validate_clusters(
    design: &Design,
    clusters: &Clusters,
    how: &CrossValidation,
) -> Result<Validated> {
    if how.folds < 2 {
        let (name, value) = ("folds", how.folds as f64);
        return Err(Error::Setting { name, value, allowed: "at least 2" });
    }
    let light = Light::new(design, "cross-validation")?;
    let mut members = vec![Vec::new(); clusters.len()];
    for (i, row) in light.rows.iter().enumerate() {
        members[clusters.of(*row)].push(i);
    }
    let repeats = if clusters.len() <= how.folds { 1 } else { how.repeats };
    let repeats = CrossValidation { repeats, ..*how }.divide(clusters.len());
    let whole = |fold: Vec<usize>| fold.into_iter().flat_map(|c| members[c].clone()).collect();
    let repeats: Vec<Vec<Vec<usize>>> =
        repeats.into_iter().map(|folds| folds.into_iter().map(whole).collect()).collect();
    let found = cross_validate_on(design, &repeats)?;
    Ok(Validated { cluster: Some(clusters.column.clone()), ..found })
}

/// The same on folds that are given: for each repeat the respondents of each fold, counted from 0
/// (with counts, respondents stand in the order of the rows).
///
/// For comparing two programs, or two models, on the same folds.
///
/// # Errors
/// Those of [`cross_validate`]; [`ModelError::Folds`] unless each repeat names every respondent
/// once, in two folds or more.
pub fn cross_validate_on(design: &Design, repeats: &[Vec<Vec<usize>>]) -> Result<Validated> {
    let light = Light::new(design, "cross-validation")?;
    let n = light.n_obs();
    for folds in repeats {
        let mut all: Vec<usize> = folds.iter().flatten().copied().collect();
        all.sort_unstable();
        let each = all.len() == n && all.iter().enumerate().all(|(i, at)| i == *at);
        if !each || folds.len() < 2 || folds.iter().any(Vec::is_empty) {
            return Err(ModelError::Folds { needed: n }.into());
        }
        let largest = folds.iter().map(Vec::len).max().unwrap_or(0);
        let needed = light.width() + 1 + largest;
        if n < needed {
            return Err(Error::TooFew { analysis: "cross-validation", needed, found: n });
        }
    }
    let each: Vec<Fold> = repeats
        .par_iter()
        .flat_map_iter(|folds| folds.iter().map(|test| one(&light, test)))
        .collect();
    let tested = repeats.len() as f64 * n as f64 / each.len().max(1) as f64;
    if !each.iter().all(|f| f.squares.is_finite() && f.spread.is_finite()) {
        let largest = light.y.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        return Err(Error::Magnitude { column: design.outcome.clone(), largest });
    }
    Ok(Validated {
        formula: design.formula.clone(),
        outcome: design.outcome.clone(),
        n_obs: n,
        n_excluded: design.n_excluded(),
        folds: each,
        share: tested / (n as f64 - tested),
        cluster: None,
    })
}

/// Fits to everyone else, and predicts `test`.
fn one(light: &Light, test: &[usize]) -> Fold {
    let mut left_out = vec![false; light.n_obs()];
    test.iter().for_each(|i| left_out[*i] = true);
    let train: Vec<usize> = (0..light.n_obs()).filter(|i| !left_out[*i]).collect();
    let fit = light.fit(&train, &light.y);
    let mean = train.iter().map(|i| light.y[*i] / train.len() as f64).sum::<f64>();
    let mut fold = Fold { n: test.len() as f64, squares: 0.0, sizes: 0.0, spread: 0.0 };
    for i in test {
        let error = light.y[*i] - fit.at(&light.respondent(*i));
        fold.squares += error * error;
        fold.sizes += error.abs();
        fold.spread += (light.y[*i] - mean) * (light.y[*i] - mean);
    }
    fold
}

impl Validated {
    fn total(&self, of: impl Fn(&Fold) -> f64) -> f64 {
        self.folds.iter().map(of).sum()
    }

    fn mean_square(&self) -> f64 {
        self.total(|f| f.squares) / self.total(|f| f.n)
    }

    /// Nadeau and Bengio's standard error of the mean of one number a fold, and the quantile of t
    /// that makes it half an interval.
    fn corrected(&self, values: &[f64], level: Level) -> (f64, f64) {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (count - 1.0);
        let t = t_upper_quantile(level.tail(), count - 1.0);
        (((1.0 / count + self.share) * variance).sqrt(), t)
    }

    fn row(&self, term: &str) -> Estimate {
        let mut row = Estimate::new(Analysis::Regression, "ols", term, self.n_obs);
        row.y = Some(self.outcome.clone());
        row.formula = Some(self.formula.clone());
        row.n_excluded = self.n_excluded;
        row.vcov = self.cluster.as_ref().map(|column| format!("cluster:{column}"));
        row
    }

    /// R², root mean squared error and mean absolute error for respondents that the model has not
    /// seen: `cv_r_squared`, `cv_rmse`, `cv_mae`.
    ///
    /// # Formula
    /// Over all folds of all repeats: RMSE² = Σe²/Σn, R² = 1 − Σe²/Σ(y − ȳ)² with the mean of the
    /// respondents fitted to (it is below 0 where the model does worse than that mean), MAE =
    /// Σ|e|/Σn. Intervals after Nadeau and Bengio: with J numbers vⱼ, one a fold, of variance s²,
    /// v̄ ± t(J − 1)·s·√(1/J + 1/(k − 1)). The second term is for folds that share most of the
    /// respondents they are fitted to, which the plain standard error of J folds ignores. For RMSE
    /// the v are mean squares, and the ends their roots; for R² they are the folds' parts of the
    /// ratio, linearised. Nested cross-validation (Bates et al.) would need some 10,000 fits.
    ///
    /// # References
    /// Nadeau and Bengio (2003), doi:10.1023/A:1024068626366; Bates, Hastie and Tibshirani (2024),
    /// doi:10.1080/01621459.2023.2197686.
    pub fn measures(&self, level: Level) -> Vec<Estimate> {
        let interval = |low: f64, high: f64| {
            let method = "nadeau_bengio".to_owned();
            Some(Interval { low, high, level, method })
        };
        let mut r_squared = self.row("cv_r_squared");
        let spread = self.total(|f| f.spread);
        if spread > 0.0 {
            let rest = self.total(|f| f.squares) / spread;
            let mean = spread / self.folds.len() as f64;
            let parts: Vec<f64> =
                self.folds.iter().map(|f| (f.squares - rest * f.spread) / mean).collect();
            let (s, t) = self.corrected(&parts, level);
            r_squared.value = Some(1.0 - rest);
            r_squared.std_error = Some(s);
            r_squared.interval = interval(1.0 - rest - t * s, (1.0 - rest + t * s).min(1.0));
        } else {
            r_squared.note = Some(Note::ConstantColumn);
        }
        let mut rmse = self.row("cv_rmse");
        let square = self.mean_square();
        let squares: Vec<f64> = self.folds.iter().map(|f| f.squares / f.n).collect();
        let (s, t) = self.corrected(&squares, level);
        rmse.value = Some(square.sqrt());
        rmse.std_error = (square > 0.0).then(|| s / (2.0 * square.sqrt()));
        let (low, high) = ((square - t * s).max(0.0), square + t * s);
        rmse.interval = interval(low.sqrt(), high.sqrt());
        let mut mae = self.row("cv_mae");
        let size = self.total(|f| f.sizes) / self.total(|f| f.n);
        let sizes: Vec<f64> = self.folds.iter().map(|f| f.sizes / f.n).collect();
        let (s, t) = self.corrected(&sizes, level);
        mae.value = Some(size);
        mae.std_error = Some(s);
        mae.interval = interval((size - t * s).max(0.0), size + t * s);
        vec![r_squared, rmse, mae]
    }

    /// How much larger this model's RMSE is than another's on the same folds: below 0 where this
    /// one predicts better. With the corrected resampled t test.
    ///
    /// # Formula
    /// The folds' differences of mean squares, each over twice its RMSE (the delta method), with
    /// Nadeau and Bengio's variance.
    ///
    /// # Errors
    /// [`ModelError::Folds`] unless both were made on the same folds.
    ///
    /// # References
    /// Bouckaert and Frank (2004), doi:10.1007/978-3-540-24775-3_3.
    pub fn against(&self, other: &Self, level: Level) -> Result<Estimate> {
        let same = self.n_obs == other.n_obs
            && self.folds.len() == other.folds.len()
            && self.folds.iter().zip(&other.folds).all(|(a, b)| a.n == b.n);
        if !same {
            return Err(ModelError::Folds { needed: self.n_obs }.into());
        }
        let mut row = self.row("cv_rmse_difference");
        row.x = Some(other.formula.clone());
        let (own, others) = (self.mean_square().sqrt(), other.mean_square().sqrt());
        row.value = Some(own - others);
        if !(own > 0.0 && others > 0.0) {
            row.note = Some(Note::PerfectFit);
            return Ok(row);
        }
        let part = |fold: &Fold, rmse: f64| fold.squares / fold.n / (2.0 * rmse);
        let parts: Vec<f64> = self
            .folds
            .iter()
            .zip(&other.folds)
            .map(|(a, b)| part(a, own) - part(b, others))
            .collect();
        let (s, t) = self.corrected(&parts, level);
        let (low, high) = (own - others - t * s, own - others + t * s);
        row.std_error = Some(s);
        row.interval = Some(Interval { low, high, level, method: "nadeau_bengio".to_owned() });
        let df = (parts.len() - 1) as f64;
        if s > 0.0 {
            let statistic = (own - others) / s;
            row.test = PValue::new(t_two_sided(statistic, df)).map(|p_value| Test {
                statistic: Some(statistic),
                df: Some(df),
                df2: None,
                p_value,
                method: "t".to_owned(),
                p_holm: None,
                p_bh: None,
            });
        }
        Ok(row)
    }
}
