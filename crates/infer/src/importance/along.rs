use crate::formula::Modelled;
use crate::model::{Fit, Link, ModelError, Reference};
use crate::predict::Bounds;
use crate::regress::Ols;
use crate::tails::{normal_upper_quantile, t_upper_quantile};
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use ssi_vocab::{Analysis, Column, Estimate, Interval, Level, Note, Table};
use std::collections::BTreeSet;

/// Up to so many different values of a predictor each is a place of the curve; else there are so
/// many equally spaced ones.
const PLACES: usize = 21;

/// A model whose expected outcome follows from a row of the model matrix.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// Method, formula and outcome of the rows.
    pub names: (&'a str, &'a str, &'a str),
    /// Respondents, and rows left out.
    pub counts: (usize, usize),
    /// The coefficients, on the scale of the linear predictor.
    pub coefficients: &'a [f64],
    /// Their covariance, where there is one, and how it was made.
    pub covariance: Option<(Array2<f64>, String)>,
    /// Degrees of freedom of the intervals; none for the normal distribution.
    pub df: Option<f64>,
    /// How the linear predictor and the expected outcome go together.
    pub link: Link,
}

impl<'a> Expected<'a> {
    /// Of a fit that is not least squares.
    pub fn of_fit(fit: &'a Fit) -> Self {
        Self {
            names: (fit.method, &fit.formula, &fit.outcome),
            counts: (fit.n_obs, fit.n_excluded),
            coefficients: &fit.coefficients,
            covariance: fit.covariance.clone().map(|v| (v, fit.vcov.clone())),
            df: match &fit.reference {
                Reference::Normal => None,
                Reference::T(df) => Some(*df),
                Reference::Each(all) => Some(all.iter().copied().fold(f64::MAX, f64::min)),
            },
            link: fit.link,
        }
    }

    /// Of least squares with a covariance, its name and its degrees of freedom.
    pub fn of_least_squares(
        fit: &'a Ols,
        covariance: Option<(Array2<f64>, String)>,
        df: f64,
    ) -> Self {
        Self {
            names: (fit.method(), &fit.formula, &fit.outcome),
            counts: (fit.n_obs, fit.n_excluded),
            coefficients: fit.coefficients.as_slice().unwrap_or_default(),
            covariance,
            df: Some(df),
            link: Link::Identity,
        }
    }
}

/// Partial dependence: what a model expects along one predictor, averaged over the other values of
/// all respondents, with an interval where the model has a covariance.
///
/// # Formula
/// f(v) = Σ wᵢ·g⁻¹(x̃ᵢ(v)ᵀb)/Σ wᵢ, with x̃ᵢ(v) the model's row of respondent i after v was put in the
/// column's place, all terms made from it (powers, splines, interactions) included. Standard error by
/// the delta method, the respondents' values taken as fixed; interval on the outcome's scale by t or
/// the normal distribution, cut off at the outcome's bounds. Places: the different values up to 21 of
/// them, else 21 equally spaced ones; for a group its levels.
///
/// # Assumptions
/// Where predictors go together the average is over combinations that no respondent has.
///
/// # Errors
/// [`Error::Input`] for an unknown column, [`ModelError::NotAPredictor`] for one that the model has
/// no use for.
///
/// # References
/// Friedman (2001), section 8.2, doi:10.1214/aos/1013203451.
pub fn dependence(
    modelled: &Modelled,
    column: &str,
    model: &Expected<'_>,
    level: Level,
    bounds: Bounds,
) -> Result<Vec<Estimate>> {
    let used: BTreeSet<usize> = modelled.design.rows.iter().copied().collect();
    let keep: Vec<bool> = modelled.table.rows().iter().map(|row| used.contains(row)).collect();
    let table = modelled.table.keep(&keep);
    let column = table.column(column)?.clone();
    let sources = modelled.recipe.sources();
    let Some(source) = sources
        .iter()
        .find(|source| table.column(&source.column).is_ok_and(|known| known.name == column.name))
    else {
        let known: Vec<String> = sources.into_iter().map(|source| source.column).collect();
        let nearest = ssi_vocab::nearest(&column.name, known.iter().map(String::as_str));
        return Err(ModelError::NotAPredictor { name: column.name, nearest, known }.into());
    };
    let places: Vec<(String, Column)> = match &source.levels {
        Some(levels) => {
            levels.iter().map(|level| (level.clone(), filled(&column, level))).collect()
        }
        None => {
            let constant = |v: f64| Column::number(&column.name, vec![Ok(v); table.n_rows()]);
            places(&column)?.into_iter().map(|v| (v.to_string(), constant(v))).collect()
        }
    };
    let weights: Array1<f64> = match &modelled.design.weights {
        Some(weights) => (0..modelled.design.y.len()).map(|i| weights.at(i)).collect(),
        None => Array1::ones(modelled.design.y.len()),
    };
    let along = Along { modelled, table: &table, weights, model, level, bounds };
    places.into_iter().map(|(value, cells)| along.at(&column.name, &value, cells)).collect()
}

struct Along<'a> {
    modelled: &'a Modelled,
    table: &'a Table,
    weights: Array1<f64>,
    model: &'a Expected<'a>,
    level: Level,
    bounds: Bounds,
}

impl Along<'_> {
    fn at(&self, column: &str, value: &str, cells: Column) -> Result<Estimate> {
        let model = self.model;
        let (method, formula, outcome) = model.names;
        let term = format!("{column} = {value}");
        let mut row = Estimate::new(Analysis::Prediction, method, term, model.counts.0);
        row.x = Some(column.to_owned());
        row.y = Some(outcome.to_owned());
        row.formula = Some(formula.to_owned());
        row.n_excluded = model.counts.1;
        let x = self.modelled.recipe.matrix(&self.table.clone().with_column(cells)?)?.x;
        let (rows, k) = x.dim();
        if rows != self.weights.len() || k > model.coefficients.len() {
            row.note = Some(Note::BeyondRange);
            return Ok(row);
        }
        let total = self.weights.sum();
        let (mut mean, mut gradient) = (0.0, Array1::<f64>::zeros(k));
        for (x, w) in x.rows().into_iter().zip(&self.weights) {
            let eta: f64 = x.iter().zip(model.coefficients).map(|(x, b)| x * b).sum();
            mean += w / total * model.link.mean(eta);
            gradient.scaled_add(w / total * model.link.slope(eta), &x);
        }
        if !mean.is_finite() {
            row.note = Some(Note::BeyondRange);
            return Ok(row);
        }
        row.value = Some(mean);
        let Some((covariance, vcov)) = &model.covariance else { return Ok(self.bounds.clip(row)) };
        row.vcov = Some(vcov.clone());
        // A parameter beyond the coefficients, such as a beta's precision, moves no mean.
        let pairs = (0..k).flat_map(|i| (0..k).map(move |j| (i, j)));
        let variance: f64 =
            pairs.map(|(i, j)| gradient[i] * covariance[[i, j]] * gradient[j]).sum();
        let std_error = variance.max(0.0).sqrt();
        if !std_error.is_finite() {
            row.note = Some(Note::ErrorsUndefined);
            return Ok(row);
        }
        let half = std_error
            * match model.df {
                Some(df) => t_upper_quantile(self.level.tail(), df),
                None => normal_upper_quantile(self.level.tail()),
            };
        let method = match (model.link, model.df) {
            (Link::Identity, Some(_)) => "mean_t",
            (Link::Identity, None) => "mean_normal",
            (Link::Logit { .. }, _) => "delta",
        };
        row.std_error = Some(std_error);
        row.interval = Some(Interval {
            low: mean - half,
            high: mean + half,
            level: self.level,
            method: method.to_owned(),
        });
        let bounds = match model.link {
            Link::Identity => self.bounds,
            Link::Logit { low, high } => Bounds { low: Some(low), high: Some(high) },
        };
        Ok(bounds.clip(row))
    }
}

/// Every respondent at one level.
fn filled(old: &Column, level: &str) -> Column {
    let n = old.len();
    match level.parse::<f64>() {
        Ok(value) if old.numbers().is_ok() => Column::number(&old.name, vec![Ok(value); n]),
        _ => Column::factor(&old.name, &vec![Ok(level); n]),
    }
}

fn places(column: &Column) -> Result<Vec<f64>> {
    let mut values: Vec<f64> = column.numbers()?.iter().flatten().copied().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let (Some(low), Some(high)) = (values.first().copied(), values.last().copied()) else {
        return Err(Error::TooFew { analysis: "partial dependence", needed: 1, found: 0 });
    };
    if values.len() <= PLACES {
        return Ok(values);
    }
    let last = (PLACES - 1) as f64;
    Ok((0..PLACES).map(|i| (low + (high - low) * i as f64 / last).min(high)).collect())
}
