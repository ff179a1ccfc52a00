//! Whether two correlations differ: of two groups, of two predictors of one outcome, or of two
//! pairs of variables.
//!
//! Each function gives a row for each method, with the difference first − second as its estimate:
//! a test (`fisher_z`, `williams`, `steiger`) or an interval (`zou`). They are about Pearson's
//! correlation; nothing as well founded is known for the others.
//!
//! # References
//! Williams, E. J. (1959). The comparison of regression variables. doi:10.1111/j.2517-6161.1959.tb00346.x.
//! Steiger, J. H. (1980). Tests for comparing elements of a correlation matrix.
//! doi:10.1037/0033-2909.87.2.245. Zou, G. Y. (2007). Toward using confidence intervals to compare
//! correlations. doi:10.1037/1082-989X.12.4.399

use super::moments::Moments;
use super::{Complete, Method, pearson};
use crate::tails::{normal_two_sided, normal_upper_quantile, t_two_sided};
use crate::{Error, Result};
use ssi_vocab::{Analysis, Estimate, Interval, Level, Note, PValue, Paired, Table, Test};

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
    let difference = Difference { r1, r2, n: [n1, n2], n_obs: n1 + n2 };
    if perfect(&[r1, r2]) {
        return Ok(difference.rows(&["fisher_z"], &[None], None, true));
    }
    let se = (1.0 / (n1 as f64 - 3.0) + 1.0 / (n2 as f64 - 3.0)).sqrt();
    let test = normal((r1.atanh() - r2.atanh()) / se);
    Ok(difference.rows(&["fisher_z"], &[test], Some(difference.zou(0.0, level)), false))
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
    let difference = Difference { r1, r2, n: [n, n], n_obs: n };
    let determinant = 1.0 - r1 * r1 - r2 * r2 - r12 * r12 + 2.0 * r1 * r2 * r12;
    if determinant < -1e-9 {
        return Err(Error::Impossible);
    }
    let names = ["williams", "steiger"];
    if perfect(&[r1, r2, r12]) {
        return Ok(difference.rows(&names, &[None, None], None, true));
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
    Ok(difference.rows(&names, &[williams, steiger], Some(zou), false))
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
    let difference = Difference { r1: r.r12, r2: r.r34, n: [n, n], n_obs: n };
    if perfect(&all) {
        return Ok(difference.rows(&["steiger"], &[None], None, true));
    }
    let mean = (r.r12 + r.r34) / 2.0;
    let (pooled, own) = (apart(Four { r12: mean, r34: mean, ..r }), apart(r));
    if own.abs() > 1.0 + 1e-9 {
        return Err(Error::Impossible);
    }
    let steiger = steiger(&difference, pooled);
    Ok(difference.rows(&["steiger"], &[steiger], Some(difference.zou(own, level)), false))
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
    let n = difference.n[0] as f64;
    let z = (difference.r1.atanh() - difference.r2.atanh()) * ((n - 3.0) / spread).sqrt();
    if spread > 0.0 { normal(z) } else { None }
}

/// Two correlations to compare, with the respondents of each.
struct Difference {
    r1: f64,
    r2: f64,
    n: [usize; 2],
    /// Of both together.
    n_obs: usize,
}

impl Difference {
    /// Zou's interval, where the two have the correlation `c` over samples.
    fn zou(&self, c: f64, level: Level) -> Interval {
        let q = normal_upper_quantile(level.tail());
        let reach = |r: f64, n: usize| {
            let (z, se) = (r.atanh(), q / (n as f64 - 3.0).sqrt());
            (r - (z - se).tanh(), (z + se).tanh() - r)
        };
        let ((below1, above1), (below2, above2)) =
            (reach(self.r1, self.n[0]), reach(self.r2, self.n[1]));
        let root = |a: f64, b: f64| (a * a + b * b - 2.0 * c * a * b).max(0.0).sqrt();
        let difference = self.r1 - self.r2;
        Interval {
            low: difference - root(below1, above2),
            high: difference + root(above1, below2),
            level,
            method: "zou".to_owned(),
        }
    }

    fn rows(
        &self,
        names: &[&str],
        tests: &[Option<Test>],
        zou: Option<Interval>,
        perfect: bool,
    ) -> Vec<Estimate> {
        let row = |name: &str| Estimate {
            value: Some(self.r1 - self.r2),
            note: perfect.then_some(Note::PerfectFit),
            ..Estimate::new(Analysis::Comparison, name, "r1 - r2", self.n_obs)
        };
        let tested = names.iter().zip(tests).map(|(name, test)| {
            let note = test.is_none().then_some(Note::PerfectFit);
            Estimate { test: test.clone(), note, ..row(name) }
        });
        tested.chain([Estimate { interval: zou, ..row("zou") }]).collect()
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

/// The correlations of two pairs of columns, and how they differ: first the two correlations, then
/// a row for each method. The pairs share one column or none.
///
/// # Missing data
/// Respondents without a value in each of the columns are left out: both correlations are of the
/// same respondents.
///
/// # Errors
/// Those of [`overlapping`], of [`pearson()`] and of [`Complete::new`]; [`Error::Collinear`] for two
/// pairs of the same two columns.
pub fn columns(
    table: &Table,
    first: (&str, &str),
    second: (&str, &str),
    level: Level,
) -> Result<(Vec<Estimate>, Complete)> {
    let names = [first.0, first.1, second.0, second.1];
    let complete = Complete::new(table, &names, Method::Pearson)?;
    complete.check("comparing correlations", 4)?;
    let (own, values) = (complete.names(), complete.columns());
    let pair = |i: usize, j: usize| -> Result<Estimate> {
        let (x, y) = (values[i].clone(), values[j].clone());
        let counts = complete.counts().map(<[u64]>::to_vec);
        let pair = Paired::new(&own[i], x, &own[j], y, counts, Vec::new())?;
        Ok(pearson(&pair.with_left_out(complete.n_excluded()))?.estimate(level))
    };
    let r = |i: usize, j: usize| {
        let moments = Moments::new(&values[i], &values[j], complete.counts());
        // Every column varies: that was checked.
        moments.correlation().map_or(0.0, |(r, _)| r)
    };
    let n = complete.n_obs();
    // Which places of the two pairs hold the same column: (own, the other one of that pair).
    let same = [(0, 1, 2, 3), (0, 1, 3, 2), (1, 0, 2, 3), (1, 0, 3, 2)]
        .into_iter()
        .filter(|(i, _, j, _)| own[*i] == own[*j])
        .collect::<Vec<_>>();
    let compared = match same[..] {
        [] => {
            let four = Four {
                r12: r(0, 1),
                r34: r(2, 3),
                r13: r(0, 2),
                r14: r(0, 3),
                r23: r(1, 2),
                r24: r(1, 3),
            };
            non_overlapping(four, n, level)?
        }
        [(_, a, _, b)] => overlapping(r(0, 1), r(2, 3), r(a, b), n, level)?,
        _ => return Err(Error::Collinear { columns: own.to_vec() }),
    };
    let term = format!("({}, {}) - ({}, {})", own[0], own[1], own[2], own[3]);
    let mut rows = vec![pair(0, 1)?, pair(2, 3)?];
    rows.extend(compared.into_iter().map(|row| Estimate {
        term: term.clone(),
        n_excluded: complete.n_excluded(),
        ..row
    }));
    Ok((rows, complete))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Column;

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
        assert!(matches!(same, Error::Collinear { .. }));
    }
}
