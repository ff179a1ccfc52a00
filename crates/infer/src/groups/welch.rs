use super::anova::f_test;
use super::effect_size::variance_share;
use super::summary::{Summary, grand_mean};
use super::{Grouped, Method};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note};

/// Welch's analysis of variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Welch {
    /// Welch's F; `None` where a group does not vary.
    pub f: Option<f64>,
    /// Groups less one.
    pub df: f64,
    /// Denominator degrees of freedom; `None` where a group does not vary.
    pub df2: Option<f64>,
    /// Respondents.
    pub n_obs: usize,
    row: Estimate,
}

/// Welch's analysis of variance: do the means of groups differ that vary differently?
///
/// # Formula
/// With w = n/s² of each group, W = Σw and the weighted mean m̃ = Σw·x̄/W:
/// F = Σw(x̄ − m̃)²/(k − 1) / (1 + 2(k − 2)/(k² − 1)·Λ), df2 = (k² − 1)/(3Λ),
/// Λ = Σ(1 − w/W)²/(n − 1). The estimate is ω² = (k − 1)(F − 1)/((k − 1)(F − 1) + n), at least 0,
/// with the interval of λ/(λ + n) from the noncentral F with these degrees of freedom, which is an
/// approximation here.
///
/// # Assumptions
/// Independent respondents, normal in each group.
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] where a group has one respondent only; [`Error::Constant`];
/// [`Error::CappedOutcome`]; [`Error::Magnitude`].
///
/// # References
/// Welch, B. L. (1951). On the comparison of several mean values. doi:10.2307/2332579. Levy, K. J.
/// (1978). doi:10.1080/00949657808810246
pub fn welch(groups: &Grouped) -> Result<Welch> {
    groups.check(Method::Welch)?;
    let summaries = Summary::all(groups);
    let smallest = summaries.iter().fold(f64::INFINITY, |m, g| m.min(g.n));
    if smallest < 2.0 {
        let found = smallest as usize;
        return Err(Error::TooFew { analysis: "each group of Welch's test", needed: 2, found });
    }
    let row = groups.row(Method::Welch, Method::Welch.first_term());
    let (n_obs, k) = (groups.n_obs(), summaries.len() as f64);
    let df = k - 1.0;
    if summaries.iter().any(|g| g.squares.hi <= 0.0) {
        return Ok(Welch { f: None, df, df2: None, n_obs, row });
    }
    let grand = grand_mean(&summaries);
    let weights: Vec<f64> = summaries.iter().map(|g| g.n / g.variance()).collect();
    let total: f64 = weights.iter().sum();
    let means: Vec<f64> = summaries.iter().map(|g| f64::from(g.mean - grand)).collect();
    let centre = weights.iter().zip(&means).map(|(w, m)| w * m).sum::<f64>() / total;
    let between: f64 =
        weights.iter().zip(&means).map(|(w, m)| w * (m - centre) * (m - centre)).sum();
    let rest = |w: f64| 1.0 - w / total;
    let lambda: f64 =
        weights.iter().zip(&summaries).map(|(w, g)| rest(*w) * rest(*w) / g.df()).sum();
    let f = between / df / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * lambda);
    Ok(Welch { f: Some(f), df, df2: Some((k * k - 1.0) / (3.0 * lambda)), n_obs, row })
}

impl Welch {
    /// ω² with Welch's F test.
    pub fn estimate(&self, level: Level) -> Estimate {
        let mut row = self.row.clone();
        let (Some(f), Some(df2)) = (self.f, self.df2) else {
            row.note = Some(Note::ConstantGroup);
            return row;
        };
        let excess = self.df * (f - 1.0);
        row.value = Some((excess / (excess + self.n_obs as f64)).max(0.0));
        row.test = f_test(f, self.df, df2);
        row.interval = Some(variance_share(f, self.df, df2, self.n_obs, level));
        row
    }
}
