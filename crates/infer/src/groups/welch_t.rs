use super::summary::Summary;
use super::{Grouped, Method, TTest};
use crate::{Error, Result};

/// Welch's two-sample t test: how far apart are two means, however the groups vary?
///
/// # Formula
/// x̄₁ − x̄₂ with standard error √(v₁ + v₂), v = s²/n, and Welch and Satterthwaite's
/// (v₁ + v₂)²/(v₁²/(n₁ − 1) + v₂²/(n₂ − 1)) degrees of freedom. Cohen's d divides by
/// √((s₁² + s₂²)/2); its interval by the noncentral t with these degrees of freedom is an
/// approximation here.
///
/// # Assumptions
/// Independent respondents, normal in each group.
///
/// # Missing data
/// A [`Grouped`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TwoGroups`]; [`Error::TooFew`] where a group has one respondent only;
/// [`Error::Constant`]; [`Error::CappedOutcome`]; [`Error::Magnitude`].
///
/// # References
/// Welch, B. L. (1947). doi:10.2307/2332510. Delacre, M., Lakens, D., Ley, C., Liu, L. & Leys, C.
/// (2021). Why Hedges' g*s based on the non-pooled standard deviation should be reported with
/// Welch's t-test. doi:10.31234/osf.io/tu6mp
pub fn welch_t(groups: &Grouped) -> Result<TTest> {
    groups.check(Method::WelchT)?;
    let summaries = Summary::all(groups);
    let (a, b) = (summaries[0], summaries[1]);
    let smallest = a.n.min(b.n);
    if smallest < 2.0 {
        let found = smallest as usize;
        return Err(Error::TooFew { analysis: "each group of Welch's test", needed: 2, found });
    }
    let (v_a, v_b) = (a.variance() / a.n, b.variance() / b.n);
    // Shares of the variance, so that no square leaves the range of a double.
    let (p, q) = (v_a / (v_a + v_b), v_b / (v_a + v_b));
    let df = 1.0 / (p * p / a.df() + q * q / b.df());
    let sd = (0.5 * (a.variance() + b.variance())).sqrt();
    let difference = f64::from(a.mean - b.mean);
    Ok(TTest::new(groups, Method::WelchT, difference, (v_a + v_b).sqrt(), df, sd))
}
