//! What explains the outcome: how much of R² each predictor accounts for, and what a model expects
//! along one of them.

mod along;
mod bootstrap;
mod dependence;
mod dominance;
mod subsets;

pub use along::{Expected, dependence};
pub use dependence::partial_dependence;
pub use dominance::Dominance;

use crate::formula::Recipe;
use crate::model::ModelError;
use crate::regress::ols;
use crate::{Error, Result};
use ssi_vocab::{Analysis, Design, Estimate};
use subsets::Subsets;

/// Terms at most: each doubles the work.
const MOST_TERMS: usize = 15;

/// Terms at most whose comparisons are listed one by one.
const MOST_COMPARED: usize = 6;

/// How much of R² each term of a regression accounts for.
#[derive(Debug, Clone, PartialEq)]
pub struct Importance {
    /// The formula, as the design has it.
    pub formula: String,
    /// The outcome's name.
    pub outcome: String,
    /// The terms, in formula order; a factor or a polynomial is one.
    pub terms: Vec<String>,
    /// R² of the whole model, which the shares add up to.
    pub r_squared: f64,
    /// R² of each model with some of the terms: bit `j` of the index says whether term `j` is in.
    pub subsets: Vec<f64>,
    /// Each term's share of R²: what it adds, averaged over all orders of the terms.
    pub shares: Vec<f64>,
    /// How many respondents.
    pub n_obs: usize,
    /// How many rows were left out.
    pub n_excluded: usize,
}

/// The shares of R² after Lindeman, Merenda and Gold, which are Shapley's values.
///
/// # Formula
/// share(j) = Σ_S |S|!(p − 1 − |S|)!/p! · (R²(S ∪ j) − R²(S)), over all sets S of the other p − 1
/// terms: the mean over all orders of what j adds to the terms before it. The shares add up to R².
/// The R² of all 2^p sets come from one QR factorisation, each set by one more orthogonalisation.
///
/// # Assumptions
/// A description of the fit, not of causes: terms that go together share what they explain.
/// Interactions have no place of their own beside their parts, so the terms are single variables.
///
/// # Missing data
/// Complete cases of the whole model, for every set. A frequency weight is that many respondents;
/// analytic and probability weights weigh the squares.
///
/// # Errors
/// Those of [`ols`]; [`ModelError::Interaction`]; [`ModelError::TooManyTerms`] above 15, and
/// below 1.
///
/// # References
/// Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis;
/// Grömping (2006), doi:10.18637/jss.v017.i01; Shapley (1953), doi:10.1515/9781400881970-018.
pub fn importance(design: &Design, recipe: &Recipe) -> Result<Importance> {
    let terms = recipe.terms();
    if let Some((term, _)) = terms.iter().find(|(_, variables)| variables.len() > 1) {
        return Err(ModelError::Interaction { term: term.clone() }.into());
    }
    let found = terms.len();
    if !(1..=MOST_TERMS).contains(&found) {
        return Err(ModelError::TooManyTerms { found, limit: MOST_TERMS }.into());
    }
    // Whatever least squares refuses has no R² to share.
    if ols(design)?.perfect && design.n_obs() <= design.terms.len() {
        let (analysis, needed) = ("relative importance", design.terms.len() + 1);
        return Err(Error::TooFew { analysis, needed, found: design.n_obs() });
    }
    let weight = |i: usize| design.weights.as_ref().map_or(1.0, |w| w.at(i));
    let subsets = Subsets::new(design, found, &weight).all();
    let shares = dominance::shares(&subsets, found);
    Ok(Importance {
        formula: design.formula.clone(),
        outcome: design.outcome.clone(),
        terms: terms.into_iter().map(|(term, _)| term).collect(),
        r_squared: subsets.last().copied().unwrap_or(0.0),
        subsets,
        shares,
        n_obs: design.n_obs(),
        n_excluded: design.n_excluded(),
    })
}

impl Importance {
    fn compared(&self) -> Vec<Estimate> {
        let dominance = self.dominance();
        let mut rows = Vec::new();
        for (j, term) in self.terms.iter().enumerate() {
            for (size, value) in dominance.conditional[j].iter().enumerate() {
                let name = format!("adds({term} | {size})");
                rows.push(Estimate { x: Some(term.clone()), ..self.row(name, Some(*value)) });
            }
        }
        for (j, a) in self.terms.iter().enumerate() {
            for (k, b) in self.terms.iter().enumerate().skip(j + 1) {
                let share = dominance.complete[j][k];
                rows.push(self.row(format!("dominates({a}, {b})"), Some(share)));
            }
        }
        rows
    }

    fn row(&self, term: String, value: Option<f64>) -> Estimate {
        let mut row = Estimate::new(Analysis::Regression, "ols", term, self.n_obs);
        row.y = Some(self.outcome.clone());
        row.formula = Some(self.formula.clone());
        row.n_excluded = self.n_excluded;
        row.value = value;
        row
    }
}
