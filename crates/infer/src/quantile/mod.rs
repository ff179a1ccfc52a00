//! Quantile regression: the line below which a given share of the outcomes lies.

mod bootstrap;
mod errors;
mod predicted;
mod rank;
mod simplex;
mod solve;

pub use bootstrap::QuantileBootstrap;
pub use errors::QuantileErrors;
pub use rank::RankInversion;

use crate::double_double::DoubleDouble;
use crate::model::{Fit, Kind, Reference, Start};
use crate::regress::real::total;
use crate::{Error, Result};
use solve::{Solved, solved};
use ssi_vocab::{Design, Note};

/// A fitted quantile regression.
#[derive(Debug, Clone)]
pub struct Quantile<'a> {
    /// Coefficients, residuals and fit statistics; no covariance yet.
    pub fit: Fit,
    /// The quantile.
    pub tau: f64,
    /// Σ r(τ − 1{r < 0}), what the coefficients make smallest.
    pub objective: f64,
    /// 1 − objective/objective of the intercept alone (Koenker and Machado's R¹).
    pub r1: Option<f64>,
    /// False where other coefficients make the objective as small.
    pub unique: bool,
    start: Start<'a>,
    basis: Vec<usize>,
}

/// Quantile regression at τ; with τ = 0.5 least absolute deviations.
///
/// # Formula
/// The coefficients minimise Σ rᵢ(τ − 1{rᵢ < 0}). Some surface through as many respondents as there
/// are coefficients does, and the fit is such a one, solved for with 32 digits: it is exact. It is
/// found by the simplex method (steepest edge, each step as long as the objective falls); equal
/// values are told apart by a perturbation of 1e-10 scales, and the signs of all residuals then
/// prove the vertex to be optimal without it. Above 3,000 rows a sample is solved first, and only
/// respondents near its surface take part, until the signs of the others prove right.
///
/// Where several surfaces are equally good one of them is given, and a note says so; the objective
/// is the same. R¹ compares with the intercept alone. The log-likelihood is that of Laplace's
/// distribution, n(ln τ(1 − τ) − 1 − ln(objective/n)); AIC and BIC don't count its scale, as
/// quantreg.
///
/// # Assumptions
/// None for the coefficients. Intervals: [`Quantile::rank`], [`Quantile::estimates`] with
/// [`QuantileErrors`], [`Quantile::bootstrap`].
///
/// # Missing data
/// Complete cases, as the design has them. A frequency weight is that many respondents.
///
/// # Errors
/// [`Error::Setting`] for a τ outside (0, 1); those of [`ols`](crate::regress::ols);
/// [`Unweighted`](Error::Unweighted) for other than frequency weights.
///
/// # References
/// Koenker and Bassett (1978), doi:10.2307/1913643; Barrodale and Roberts (1973),
/// doi:10.1137/0710069; Portnoy and Koenker (1997), doi:10.1214/ss/1030037960; Koenker and Machado
/// (1999), doi:10.1080/01621459.1999.10473882.
///
/// # Example
/// ```
/// use ssi_infer::{formula::design, quantile::quantile};
/// use ssi_vocab::{Column, Table};
/// let numbers = |v: &[f64]| v.iter().copied().map(Ok).collect::<Vec<_>>();
/// let table = Table::new(
///     vec![
///         Column::number("score", numbers(&[1.0, 2.0, 3.0, 4.0, 5.0])),
///         Column::number("ssi", numbers(&[11.0, 20.0, 29.0, 39.0, 0.0])),
///     ],
///     vec![2, 3, 4, 5, 6],
/// )?;
/// let design = design(&table, "ssi ~ score")?;
/// let median = quantile(&design, 0.5)?;
/// assert_eq!(median.fit.coefficients, [2.0, 9.0]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn quantile(design: &Design, tau: f64) -> Result<Quantile<'_>> {
    if !(tau > 0.0 && tau < 1.0) {
        let allowed = "a number between 0 and 1, both excluded";
        return Err(Error::Setting { name: "tau", value: tau, allowed });
    }
    let mut start = Start::new(design, Kind::Quantile.code())?;
    let found = solved(&mut start, tau, None)?;
    Ok(described(start, tau, found))
}

fn described(start: Start<'_>, tau: f64, found: Solved) -> Quantile<'_> {
    let mut fit = Fit::new(Kind::Quantile.code(), start.design, start.coefficients());
    fit.residuals.clone_from(&start.residuals);
    let fitted = start.design.y.iter().zip(&start.residuals);
    fit.fitted = fitted.map(|(y, r)| y - r).collect();
    let (n, k) = (start.n(), start.k as f64);
    fit.reference = Reference::T(start.ols.df_residual as f64);
    let residuals = start.residuals.iter().zip(&start.weights);
    let objective = check_loss(residuals.map(|(r, w)| (*r, *w)), tau);
    let alone = start.design.intercept.then(|| alone(&start, tau));
    let r1 = alone.filter(|v| *v > 0.0).map(|v| 1.0 - objective / v);
    let glance = &mut fit.glance;
    glance.tau = Some(tau);
    glance.df_residual = Some(n - k);
    glance.iterations = Some(found.iterations);
    if objective > 0.0 {
        let log_lik = n * ((tau * (1.0 - tau)).ln() - 1.0 - (objective / n).ln());
        glance.log_lik = Some(log_lik);
        glance.aic = Some(2.0 * k - 2.0 * log_lik);
        glance.bic = Some(n.ln() * k - 2.0 * log_lik);
    }
    Quantile { fit, tau, objective, r1, unique: found.unique, start, basis: found.basis }
}

/// Σ w·r(τ − [r < 0]).
fn check_loss(residuals: impl Iterator<Item = (f64, f64)>, tau: f64) -> f64 {
    let part =
        |(r, w): (f64, f64)| DoubleDouble::product(r, if r < 0.0 { tau - 1.0 } else { tau }) * w;
    total(residuals.map(part)).hi
}

/// The objective of the intercept alone.
fn alone(start: &Start<'_>, tau: f64) -> f64 {
    let mut order: Vec<usize> = (0..start.rows()).collect();
    order.sort_unstable_by(|a, b| start.design.y[*a].total_cmp(&start.design.y[*b]));
    let mut passed = 0.0;
    let reached = |i: &usize| {
        passed += start.weights[*i];
        passed >= tau * start.n()
    };
    let Some(at) = order.iter().copied().find(reached) else { return 0.0 };
    let residual = |i: usize| start.outcome(i) - start.outcome(at);
    check_loss((0..start.rows()).map(|i| (f64::from(residual(i)), start.weights[i])), tau)
}

impl Quantile<'_> {
    /// What a reader must know of the coefficients themselves.
    fn note(&self) -> Option<Note> {
        if self.start.ols.perfect {
            Some(Note::PerfectFit)
        } else if self.unique {
            None
        } else {
            Some(Note::NotUnique)
        }
    }
}
