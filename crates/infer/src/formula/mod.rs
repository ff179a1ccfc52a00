//! Regression formulas in R's notation, and the model matrices they stand for.
//!
//! | written | means |
//! |---|---|
//! | `y ~ a + b` | predictors side by side |
//! | `a:b` | their interaction |
//! | `a * b` | `a + b + a:b` |
//! | `(a + b + c)^2` | all of them and their pairs |
//! | `- a` | without that term |
//! | `0 +`, `- 1` | without an intercept |
//! | `log(x)`, `log10(x)`, `sqrt(x)`, `exp(x)` | that function; arithmetic may stand inside |
//! | `I(x^2 + 1)` | arithmetic |
//! | `poly(x, 3)` | orthogonal polynomials, as R |
//! | `poly(x, 3, raw = true)` | x, x², x³ |
//! | `ns(x, 3)`, `ns(x, knots = c(2, 5))` | natural cubic spline of so many coefficients, knots at quantiles, as R |
//! | `rcs(x, 4)`, `rcs(x, c(2, 5, 8))` | restricted cubic spline with so many knots, at Harrell's places, as rms |
//! | `C(x)` | the numbers of x as groups; words are groups without it |
//! | `` `my column` `` | a name that is no identifier |
//!
//! Groups are treatment-coded: the first level, in code-point order (numbers ascending), is the
//! reference. Without an intercept the first group keeps all its levels. Terms are named as R names
//! them, except that `C(region)` gives `regionJP`.

mod complete;
mod expression;
mod extras;
mod groups;
mod lex;
mod literal;
mod parse;
mod polynomial;
mod recipe;
mod slip;
mod smoothed;
mod sources;
mod spline;
mod terms;
mod uses;
mod variable;

pub use extras::{Contrasts, Extras, Modelled, WeightKind, model_with};
pub use groups::outcome_and_group;
pub use recipe::{Recipe, Rows};
pub use slip::Slip;
pub use smoothed::smoothed;
pub(crate) use uses::uses;

pub(crate) use sources::{Source, outcome_column};

use crate::Result;
use ssi_vocab::{Cells, Design, Table, Weights};

/// The model matrix and outcome that a formula asks for, from the rows that have every value.
///
/// Terms are formed in double-double, from the doubles and what decimal text said beyond them
/// ([`Column::rest`](ssi_vocab::Column)): x¹⁰ rounded to a double would leave the best solver half of
/// its digits.
///
/// # Missing data
/// Complete cases. Each missing or unusable value is listed in `excluded`, with its row and reason;
/// a logarithm of a number that is not above 0 excludes its row. The table's counts become
/// frequency weights.
///
/// # Errors
/// [`Error::Formula`](crate::Error::Formula) with the place of a slip,
/// [`Error::Input`](crate::Error::Input) for an unknown column (with the nearest name) or one that
/// is not numeric, a capped one included,
/// [`Error::FactorLevels`](crate::Error::FactorLevels) for a group with one level or more than
/// 1,000, [`Error::PolynomialDegree`](crate::Error::PolynomialDegree), and
/// [`Error::TooFew`](crate::Error::TooFew) where no row is complete.
///
/// # References
/// Wilkinson and Rogers (1973), doi:10.2307/2346786; Chambers and Hastie (1992), Statistical
/// Models in S, chapter 2.
///
/// # Example
/// ```
/// use ssi_infer::formula::design;
/// use ssi_vocab::{Column, Table};
/// let table = Table::new(
///     vec![
///         Column::number("ssi", vec![Ok(31.0), Ok(44.0), Ok(38.0)]),
///         Column::factor("region", &[Ok("JP"), Ok("EU"), Ok("JP")]),
///     ],
///     vec![2, 3, 4],
/// )?;
/// let design = design(&table, "ssi ~ C(region)")?;
/// assert_eq!(design.terms, ["(Intercept)", "regionJP"]);
/// assert_eq!(design.x.column(1).to_vec(), [1.0, 0.0, 1.0]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn design(table: &Table, formula: &str) -> Result<Design> {
    model(table, formula).map(|(design, _)| design)
}

/// [`design`], with the [`Recipe`] that codes further rows in the same way.
///
/// # Errors
/// Those of [`design`].
pub fn model(table: &Table, formula: &str) -> Result<(Design, Recipe)> {
    coded(table, formula, Contrasts::Treatment)
}

/// [`model`] with groups coded as `contrasts` says.
fn coded(table: &Table, formula: &str, contrasts: Contrasts) -> Result<(Design, Recipe)> {
    let parsed = parse::parse(formula)?;
    let is_group = |name: &str| {
        table.column(name).is_ok_and(|column| matches!(column.cells, Cells::Factor { .. }))
    };
    let terms = terms::expand(formula, &parsed, &is_group)?;
    let text = format!("{} ~ {}", parsed.outcome.label(), parsed.predictors.label());
    let (recipe, complete) = Recipe::new(parsed.outcome, &terms, table)?;
    let recipe = recipe.with(contrasts);
    if recipe.width() > terms::MOST {
        return Err(lex::error(formula, 0, Slip::TooManyTerms));
    }
    let (names, assign) = recipe.names();
    let pick = |values: &[u64]| complete.at.iter().map(|i| values[*i]).collect();
    let (x, x_rest) = recipe.own_matrix(table, &complete)?;
    let (y, y_rest) = recipe.outcome(table, &complete)?;
    let design = Design {
        left_out: table.left_out(),
        formula: text,
        outcome: recipe.outcome_label(),
        terms: names,
        assign,
        intercept: terms.intercept,
        x: x.into(),
        y,
        x_rest,
        y_rest,
        families: recipe.families(),
        weights: table.counts().map(|counts| Weights::Frequency(pick(counts))),
        rows: complete.at.iter().map(|i| table.rows()[*i]).collect(),
        excluded: complete.excluded,
    };
    Ok((design, recipe))
}
