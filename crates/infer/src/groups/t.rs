use super::summary::Summary;
use super::{Grouped, Method, TTest};
use crate::{Error, Result};

/// Student's two-sample t test: how far apart are two means, if both groups vary alike?
///
/// # Formula
/// x̄₁ − x̄₂ with the pooled variance s² = (SS₁ + SS₂)/(n₁ + n₂ − 2), standard error
/// s√(1/n₁ + 1/n₂) and n₁ + n₂ − 2 degrees of freedom. Cohen's d is the difference over s, with
/// the interval of the noncentral t; Hedges' g is d times Γ(df/2)/(√(df/2)·Γ((df − 1)/2)).
///
/// # Assumptions
/// Independent respondents, normal in each group with one variance.
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TwoGroups`]; [`Error::TooFew`] below three respondents; [`Error::Constant`];
/// [`Error::CappedOutcome`]; [`Error::Magnitude`].
///
/// # References
/// Student (1908). doi:10.2307/2331554. Hedges, L. V. (1981). doi:10.3102/10769986006002107.
/// Cumming, G. & Finch, S. (2001). doi:10.1177/0013164401614002
///
/// # Example
/// ```
/// use ssi_infer::groups::{Grouped, t};
///
/// let groups =
///     Grouped::from_values("y", "g", &[("a", vec![1.0, 2.0, 3.0]), ("b", vec![4.0, 5.0, 6.0])])?;
/// let test = t(&groups)?;
/// assert_eq!((test.difference, test.df), (-3.0, Some(4.0)));
/// assert!((test.t().unwrap_or(0.0) + 13.5f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn t(groups: &Grouped) -> Result<TTest> {
    groups.check(Method::T)?;
    let summaries = Summary::all(groups);
    let (a, b) = (summaries[0], summaries[1]);
    let df = a.n + b.n - 2.0;
    if df < 1.0 {
        let found = groups.n_obs();
        return Err(Error::TooFew { analysis: "a t test", needed: 3, found });
    }
    let variance = f64::from(a.squares + b.squares) / df;
    let std_error = (variance * (1.0 / a.n + 1.0 / b.n)).sqrt();
    let difference = f64::from(a.mean - b.mean);
    Ok(TTest::new(groups, Method::T, difference, std_error, df, variance.sqrt()))
}
