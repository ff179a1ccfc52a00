//! Whether two correlations differ: of two groups, of two predictors of one outcome, or of two
//! pairs of variables.
//!
//! Each function gives a row for each method, with the difference first − second as its estimate:
//! a test (`fisher_z`, `williams`, `steiger`) or an interval (`zou`). Those of the same
//! respondents are about Pearson's correlation; for Spearman's and Kendall's nothing as well founded
//! is known but the bootstrap of [`crate::resample::difference_bootstrap`]. [`groups`] has all three.
//!
//! # References
//! Williams, E. J. (1959). The comparison of regression variables. doi:10.1111/j.2517-6161.1959.tb00346.x.
//! Steiger, J. H. (1980). Tests for comparing elements of a correlation matrix.
//! doi:10.1037/0033-2909.87.2.245. Zou, G. Y. (2007). Toward using confidence intervals to compare
//! correlations. doi:10.1037/1082-989X.12.4.399

mod columns;

pub use columns::columns;

use super::Method;
use super::equivalence::on_z;
use crate::tails::{normal_two_sided, normal_upper_quantile, t_two_sided};
use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note, PValue, Paired, Test};

/// The correlations among four variables, of which the first two are compared with the last two.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "r12 is the correlation of variables 1 and 2")]
pub struct Four {
    pub r12: f64,
    pub r34: f64,
    pub r13: f64,
    pub r14: f64,
    pub r23: f64,
    pub r24: f64,
}

/// Two correlations of different respondents.
///
/// # Formula
/// `fisher_z`: z = (artanh r₁ − artanh r₂) / √(1/(n₁ − 3) + 1/(n₂ − 3)), normal. `zou`: with Fisher
/// limits l, u of each, r₁ − r₂ − √((r₁ − l₁)² + (u₂ − r₂)²) to
/// r₁ − r₂ + √((u₁ − r₁)² + (r₂ − l₂)²).
///
/// # Assumptions
/// Both pairs of variables are about jointly normal; the two groups share nobody.
///
/// # Errors
/// [`Error::Setting`] for a correlation outside −1 to 1; [`Error::TooFew`] below four respondents
/// in a group. A correlation of ±1 has no test and no interval, and a note.
///
/// # Example
/// ```
/// use ssi_infer::correlate::compare;
/// use ssi_vocab::Level;
///
/// let rows = compare::independent(0.5, 103, 0.3, 103, Level::DEFAULT)?;
/// // artanh .5 − artanh .3 = .2397865, over √(2/100).
/// let z = rows[0].test.as_ref().and_then(|t| t.statistic).unwrap();
/// assert!((z - 1.6955468856385).abs() < 1e-12);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn independent(r1: f64, n1: usize, r2: f64, n2: usize, level: Level) -> Result<Vec<Estimate>> {
    allowed(&[r1, r2], n1.min(n2))?;
    let se = |n: usize| 1.0 / (n as f64 - 3.0).sqrt();
    let difference = Difference { r: [r1, r2], se: [se(n1), se(n2)], n_obs: n1 + n2 };
    if perfect(&[r1, r2]) {
        return Ok(difference.rows(&[("fisher_z", "normal")], &[None], None, Note::PerfectFit));
    }
    Ok(difference.independent(level))
}

/// The correlations of two pairs of columns that share no respondents, by Pearson's, Spearman's or
/// Kendall's coefficient.
///
/// # Formula
/// As in [`independent`], with the standard error of artanh r of the method's own interval:
/// 1/√(n − 3) for Pearson, √((1 + r²/2)/(n − 3)) for Spearman (Bonett and Wright), the delta method's
/// for Kendall. `zou` then joins each coefficient's own interval.
///
/// # Assumptions
/// Those of the method's interval; the two groups share nobody.
///
/// # Errors
/// Those of [`independent`] and of the method; [`Error::NotForMethod`]. A correlation of ±1, and one
/// without an interval, has no test and no interval, and a note.
///
/// # Example
/// ```
/// use ssi_infer::correlate::{Method, compare};
/// use ssi_vocab::{Level, Paired};
///
/// let x: Vec<f64> = (0..40).map(f64::from).collect();
/// let y = |by: f64| x.iter().map(|v| v + by * (v * 1.7).sin()).collect::<Vec<f64>>();
/// let (a, b) = (Paired::complete("x", &x, "y", &y(5.0))?, Paired::complete("x", &x, "y", &y(30.0))?);
/// let rows = compare::groups(&a, &b, Method::Spearman, Level::DEFAULT)?;
/// assert!(rows[0].test.as_ref().is_some_and(|t| t.p_value.get() < 0.01));
/// assert!(rows[1].interval.as_ref().is_some_and(|i| i.low > 0.0));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn groups(
    first: &Paired,
    second: &Paired,
    method: Method,
    level: Level,
) -> Result<Vec<Estimate>> {
    if !Method::CLASSICAL.contains(&method) {
        return Err(Error::NotForMethod {
            analysis: "a comparison of correlations",
            method: method.code(),
            known: Method::CLASSICAL.map(Method::code).to_vec(),
        });
    }
    let (a, b) = (on_z(first, method)?, on_z(second, method)?);
    allowed(&[a.r, b.r], first.n_obs().min(second.n_obs()))?;
    let n_obs = first.n_obs() + second.n_obs();
    let usable = a.se.zip(b.se).filter(|_| !perfect(&[a.r, b.r]));
    let (se_a, se_b) = usable.unwrap_or_default();
    let difference = Difference { r: [a.r, b.r], se: [se_a, se_b], n_obs };
    if usable.is_none() {
        let perfect = perfect(&[a.r, b.r]);
        let note = if perfect { Note::PerfectFit } else { Note::TooFewForInterval };
        return Ok(difference.rows(&[("fisher_z", "normal")], &[None], None, note));
    }
    Ok(difference.independent(level))
}

/// Two correlations of the same respondents that share a variable: r₁ of the first variable with
/// the shared one, r₂ of the second with it, and r₁₂ between the first and the second.
///
/// # Formula
/// `williams`: t = (r₁ − r₂) √((n − 1)(1 + r₁₂) / (2|R|(n − 1)/(n − 3) + r̄²(1 − r₁₂)³)) with n − 3
/// degrees of freedom, |R| = 1 − r₁² − r₂² − r₁₂² + 2r₁r₂r₁₂ and r̄ the mean of r₁ and r₂: the form
/// that Steiger recommends. `steiger`: z = (artanh r₁ − artanh r₂) √((n − 3)/(2 − 2c̄)), with the
/// correlation c̄ of the two from r̄ in place of both. `zou`: the interval of [`independent`] less
/// 2c times the product under each root, c from r₁ and r₂ themselves.
///
/// # Assumptions
/// The three variables are about jointly normal.
///
/// # Errors
/// Those of [`independent`]; [`Error::Impossible`] for three numbers that no data can have.
///
/// # Example
/// ```
/// use ssi_infer::correlate::compare;
/// use ssi_vocab::Level;
///
/// // Steiger (1980): .4 and .5 with .1 between them, n = 103.
/// let rows = compare::overlapping(0.5, 0.4, 0.1, 103, Level::DEFAULT)?;
/// let methods: Vec<&str> = rows.iter().map(|row| row.method.as_str()).collect();
/// assert_eq!(methods, ["williams", "steiger", "zou"]);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn overlapping(r1: f64, r2: f64, r12: f64, n: usize, level: Level) -> Result<Vec<Estimate>> {
    allowed(&[r1, r2, r12], n)?;
    let se = 1.0 / (n as f64 - 3.0).sqrt();
    let difference = Difference { r: [r1, r2], se: [se, se], n_obs: n };
    let determinant = 1.0 - r1 * r1 - r2 * r2 - r12 * r12 + 2.0 * r1 * r2 * r12;
    if determinant < -1e-9 {
        return Err(Error::Impossible);
    }
    let names = [("williams", "t"), ("steiger", "normal")];
    if perfect(&[r1, r2, r12]) {
        return Ok(difference.rows(&names, &[None, None], None, Note::PerfectFit));
    }
    let (count, mean) = (n as f64, (r1 + r2) / 2.0);
    let spread = 2.0 * determinant.max(0.0) * (count - 1.0) / (count - 3.0)
        + mean * mean * (1.0 - r12).powi(3);
    let t = (r1 - r2) * ((count - 1.0) * (1.0 + r12) / spread).sqrt();
    let df = count - 3.0;
    let williams = (t.is_finite())
        .then(|| PValue::new(t_two_sided(t, df)))
        .flatten()
        .map(|p| test(t, Some(df), p, "t"));
    let pooled = shared(mean, mean, r12);
    let steiger = steiger(&difference, pooled);
    let zou = difference.zou(shared(r1, r2, r12), level);
    Ok(difference.rows(&names, &[williams, steiger], Some(zou), Note::PerfectFit))
}

/// Two correlations of the same respondents that share no variable: r₁₂ and r₃₄.
///
/// # Formula
/// `steiger`: z = (artanh r₁₂ − artanh r₃₄) √((n − 3)/(2 − 2c̄)); c̄ is the correlation of the two
/// (Pearson and Filon's), with the mean of r₁₂ and r₃₄ in place of both. `zou`: as in
/// [`overlapping`], c from the correlations themselves.
///
/// # Assumptions
/// The four variables are about jointly normal.
///
/// # Errors
/// Those of [`overlapping`].
pub fn non_overlapping(r: Four, n: usize, level: Level) -> Result<Vec<Estimate>> {
    let all = [r.r12, r.r34, r.r13, r.r14, r.r23, r.r24];
    allowed(&all, n)?;
    let se = 1.0 / (n as f64 - 3.0).sqrt();
    let difference = Difference { r: [r.r12, r.r34], se: [se, se], n_obs: n };
    if perfect(&all) {
        return Ok(difference.rows(&[("steiger", "normal")], &[None], None, Note::PerfectFit));
    }
    let mean = (r.r12 + r.r34) / 2.0;
    let (pooled, own) = (apart(Four { r12: mean, r34: mean, ..r }), apart(r));
    if own.abs() > 1.0 + 1e-9 {
        return Err(Error::Impossible);
    }
    let steiger = steiger(&difference, pooled);
    let zou = Some(difference.zou(own, level));
    Ok(difference.rows(&[("steiger", "normal")], &[steiger], zou, Note::PerfectFit))
}

/// The correlation of r₁ and r₂ over samples, where they share a variable.
fn shared(r1: f64, r2: f64, r12: f64) -> f64 {
    let (a, b) = (1.0 - r1 * r1, 1.0 - r2 * r2);
    let rest = 1.0 - r1 * r1 - r2 * r2;
    (r12 * rest - 0.5 * r1 * r2 * (rest - r12 * r12)) / (a * b)
}

/// The correlation of r₁₂ and r₃₄ over samples.
fn apart(r: Four) -> f64 {
    let Four { r12, r34, r13, r14, r23, r24 } = r;
    let sum = (r13 - r12 * r23) * (r24 - r23 * r34)
        + (r14 - r13 * r34) * (r23 - r12 * r13)
        + (r13 - r14 * r34) * (r24 - r12 * r14)
        + (r14 - r12 * r24) * (r23 - r24 * r34);
    0.5 * sum / ((1.0 - r12 * r12) * (1.0 - r34 * r34))
}

fn steiger(difference: &Difference, pooled: f64) -> Option<Test> {
    let spread = 2.0 - 2.0 * pooled;
    let [r1, r2] = difference.r;
    let z = (r1.atanh() - r2.atanh()) / (difference.se[0] * spread.sqrt());
    if spread > 0.0 { normal(z) } else { None }
}

/// Two correlations to compare, with the standard error of the artanh of each.
struct Difference {
    r: [f64; 2],
    se: [f64; 2],
    /// Respondents of both together.
    n_obs: usize,
}

impl Difference {
    /// Of different respondents.
    fn independent(&self, level: Level) -> Vec<Estimate> {
        let ([r1, r2], [se1, se2]) = (self.r, self.se);
        let test = normal((r1.atanh() - r2.atanh()) / se1.hypot(se2));
        let zou = Some(self.zou(0.0, level));
        self.rows(&[("fisher_z", "normal")], &[test], zou, Note::PerfectFit)
    }

    /// Zou's interval, where the two have the correlation `c` over samples.
    fn zou(&self, c: f64, level: Level) -> Interval {
        let q = normal_upper_quantile(level.tail());
        let reach = |r: f64, se: f64| {
            let (z, reach) = (r.atanh(), q * se);
            (r - (z - reach).tanh(), (z + reach).tanh() - r)
        };
        let ([r1, r2], [se1, se2]) = (self.r, self.se);
        let ((below1, above1), (below2, above2)) = (reach(r1, se1), reach(r2, se2));
        let root = |a: f64, b: f64| (a * a + b * b - 2.0 * c * a * b).max(0.0).sqrt();
        let difference = r1 - r2;
        Interval {
            low: difference - root(below1, above2),
            high: difference + root(above1, below2),
            level,
            method: "zou".to_owned(),
        }
    }

    /// A row for each method with its test, and one with Zou's interval; `note` says why some of
    /// them are missing.
    fn rows(
        &self,
        names: &[(&str, &str)],
        tests: &[Option<Test>],
        zou: Option<Interval>,
        note: Note,
    ) -> Vec<Estimate> {
        let row = |name: &str| Estimate {
            value: Some(self.r[0] - self.r[1]),
            ..Estimate::new(Analysis::Comparison, name, "r1 - r2", self.n_obs)
        };
        let tested = names.iter().zip(tests).map(|((name, by), test)| match test {
            Some(test) => Estimate { test: Some(test.clone()), ..row(name) },
            None => row(name).lacking_test(by, note),
        });
        let last = match zou {
            Some(zou) => Estimate { interval: Some(zou), ..row("zou") },
            None => row("zou").lacking_interval("zou", note),
        };
        tested.chain([last]).collect()
    }
}

fn test(statistic: f64, df: Option<f64>, p_value: PValue, method: &str) -> Test {
    let (statistic, method) = (Some(statistic), method.to_owned());
    Test { statistic, df, df2: None, p_value, method, p_holm: None, p_bh: None }
}

fn normal(z: f64) -> Option<Test> {
    Some(test(z, None, PValue::new(normal_two_sided(z))?, "normal"))
}

fn perfect(correlations: &[f64]) -> bool {
    correlations.iter().any(|r| r.abs() == 1.0)
}

fn allowed(correlations: &[f64], n: usize) -> Result<()> {
    if let Some(value) = correlations.iter().copied().find(|r| !(-1.0..=1.0).contains(r)) {
        return Err(Error::Setting { name: "a correlation", value, allowed: "from -1 to 1" });
    }
    let (analysis, needed) = ("comparing correlations", 4);
    if n < needed { Err(Error::TooFew { analysis, needed, found: n }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::{Column, Table};

    const L: Level = Level::DEFAULT;

    #[test]
    fn exchanging_the_two_turns_the_sign() {
        let (a, b) = (overlapping(0.5, 0.3, 0.2, 60, L), overlapping(0.3, 0.5, 0.2, 60, L));
        for (a, b) in a.unwrap().iter().zip(&b.unwrap()) {
            assert!((a.value.unwrap() + b.value.unwrap()).abs() < 1e-15);
            let p = |e: &Estimate| e.test.as_ref().map(|t| t.p_value.get());
            assert!(p(a).zip(p(b)).is_none_or(|(a, b)| (a - b).abs() < 1e-14));
            if let (Some(a), Some(b)) = (&a.interval, &b.interval) {
                assert!((a.low + b.high).abs() < 1e-15 && (a.high + b.low).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn correlations_that_leave_no_spread_have_no_test() {
        for row in overlapping(0.5, -0.5, 0.5, 60, L).unwrap() {
            let statistic = row.test.as_ref().and_then(|t| t.statistic);
            assert!(statistic.is_none_or(f64::is_finite), "{row:?}");
        }
    }

    #[test]
    fn two_groups_count_together() {
        let n = |rows: Result<Vec<Estimate>>| rows.unwrap()[0].n_obs;
        assert_eq!(n(independent(0.5, 60, 0.3, 60, L)), 120);
        assert_eq!(n(overlapping(0.5, 0.3, 0.2, 60, L)), 60);
    }

    #[test]
    fn what_no_data_can_have_is_refused() {
        assert_eq!(overlapping(0.9, -0.9, 0.9, 60, L), Err(Error::Impossible));
        assert!(independent(1.1, 20, 0.2, 20, L).is_err_and(|e| e.is_usage()));
        assert!(independent(f64::NAN, 20, 0.2, 20, L).is_err());
        assert!(matches!(independent(0.1, 3, 0.2, 20, L), Err(Error::TooFew { found: 3, .. })));
    }

    #[test]
    fn a_perfect_correlation_has_a_difference_and_a_note() {
        for rows in [independent(1.0, 9, 0.2, 9, L), overlapping(1.0, 0.3, 0.3, 9, L)] {
            for row in rows.unwrap() {
                assert!(row.value.is_some() && row.test.is_none() && row.interval.is_none());
                assert_eq!(row.note, Some(Note::PerfectFit));
            }
        }
    }

    #[test]
    fn the_shared_column_is_found_wherever_it_stands() {
        let column = |name: &str, v: [f64; 6]| Column::number(name, v.map(Ok).to_vec());
        let table = Table::new(
            vec![
                column("a", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
                column("b", [2.0, 1.0, 4.0, 3.0, 6.0, 4.0]),
                column("c", [3.0, 9.0, 2.0, 4.0, 1.0, 8.0]),
            ],
            (2..8).collect(),
        )
        .unwrap();
        let p = |first, second| -> f64 {
            let (rows, _) = columns(&table, first, second, L).unwrap();
            assert_eq!(rows.len(), 5);
            rows[2].test.as_ref().unwrap().p_value.get()
        };
        let expected = p(("a", "b"), ("c", "b"));
        assert_eq!(expected, p(("b", "a"), ("c", "b")));
        assert_eq!(expected, p(("b", "a"), ("b", "c")));
        let same = columns(&table, ("a", "b"), ("b", "a"), L).unwrap_err();
        assert!(matches!(same, Error::SameColumn { .. }));
    }
}
