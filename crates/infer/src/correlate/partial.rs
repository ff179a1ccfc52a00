use super::elimination::{SINGULAR, freed, swept, tau_matrix};
use super::fisher::{artanh, interval_on_z, perfect_interval};
use super::{Complete, Method, adjusted};
use crate::tails::t_two_sided;
use crate::{Error, Result};
use rayon::prelude::*;
use ssi_vocab::{Analysis, Estimate, Exclusion, Level, Note, PValue, Table, Test};

/// From which variable the controls are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Controlled {
    /// From both: the partial correlation.
    Both,
    /// From the first one, the predictor, only: the semi-partial correlation. Its square is what
    /// R² gains when the predictor joins the controls in a regression of the second variable.
    First,
}

/// A partial or semi-partial correlation.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// The coefficient.
    pub r: f64,
    /// 1 − r², kept apart because it has digits that `r` near ±1 has not.
    pub unexplained: f64,
    /// The partial coefficient and 1 less its square: what the test is about in either case.
    of_both: (f64, f64),
    method: Method,
    controlled: Controlled,
    complete: Complete,
}

/// The methods whose correlations can be freed of other variables.
const METHODS: [Method; 3] = [Method::Pearson, Method::Spearman, Method::Kendall];

/// The correlation of two variables with others held constant.
///
/// # Formula
/// Partial: the correlation of what is left of x and of y once their best prediction by the k
/// controls is removed. Semi-partial: the controls are removed from x (the predictor) only, and
/// the rest is correlated with y as it is. Pearson: residuals of least squares by Gram–Schmidt, run
/// twice and carried in 32 digits, so that nearly collinear controls cost nothing. Spearman: the
/// same of the midranks. Kendall: the same elimination in the matrix of τ-b.
///
/// Test, for both kinds: the partial one against 0, for which the semi-partial one is 0 too, with
/// n − 2 − k degrees of freedom. Pearson and Spearman: t = r√(df/(1 − r²)), for Pearson exactly the
/// t of x in the regression of y on x and the controls. Kendall: τ over its standard error under
/// independence √(2(2m + 5)/(9m(m − 1))), m = n − k, referred to the same t.
///
/// Interval: tanh(artanh r ± q·se) with m = n − k; se = 1/√(m − 3) for Pearson,
/// √((1 + r²/2)/(m − 3)) for Spearman (Bonett and Wright), √(0.437/(m − 4)) for Kendall (Fieller,
/// Hartley and Pearson). For a semi-partial correlation it is an approximation. Standard error:
/// √((1 − r²)/df) for Pearson, else (1 − r²)·se.
///
/// # Assumptions
/// Respondents are independent; the controls act along straight lines (of the values, or of the
/// ranks). The test and the interval of Pearson's assume joint normality.
/// Kendall's partial τ need not be 0 where x and y are independent given the controls: with controls
/// that go strongly with both its test finds that remainder in large samples.
///
/// # Missing data
/// Respondents without a value in x, y or a control are left out and listed.
///
/// # Errors
/// [`Error::TooFew`] below k + 3 respondents; [`Error::Constant`]; [`Error::Collinear`] where a
/// control, x or y is determined by the controls before it; [`Error::SameColumn`] where a control is
/// x or y; [`Error::NotForMethod`]; those of
/// [`Complete::new`].
///
/// # References
/// Fisher, R. A. (1924). The distribution of the partial correlation coefficient. *Metron*, 3,
/// 329–332. Kendall, M. G. (1942). Partial rank correlation. doi:10.1093/biomet/32.3-4.277. Kim, S.
/// (2015). ppcor. doi:10.5351/CSAM.2015.22.6.665. Fieller, E. C., Hartley, H. O. & Pearson, E. S.
/// (1957). Tests for rank correlation coefficients. doi:10.1093/biomet/44.3-4.470
///
/// # Example
/// ```
/// use ssi_infer::correlate::{Controlled, Method, partial};
/// use ssi_vocab::{Column, Level, Table};
///
/// let column = |name: &str, values: [f64; 5]| Column::number(name, values.map(Ok).to_vec());
/// let table = Table::new(
///     vec![
///         column("x", [1.0, 2.0, 3.0, 4.0, 5.0]),
///         column("y", [2.0, 1.0, 4.0, 3.0, 5.0]),
///         column("z", [1.0, 0.0, 0.0, 0.0, 1.0]),
///     ],
///     vec![2, 3, 4, 5, 6],
/// )?;
/// let found = partial(&table, "x", "y", &["z"], Method::Pearson, Controlled::Both)?;
/// // z has nothing to do with x, and r(y, z)² = 1/12: .8 / √(1 − 1/12).
/// let expected = 0.8 / (1.0 - 1.0 / 12.0_f64).sqrt();
/// assert!((found.r - expected).abs() < 1e-15);
/// assert_eq!(found.estimate(Level::DEFAULT).test.and_then(|t| t.df), Some(2.0));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn partial(
    table: &Table,
    x: &str,
    y: &str,
    controls: &[&str],
    method: Method,
    controlled: Controlled,
) -> Result<Partial> {
    let complete = complete(table, x, y, controls, method)?;
    Partial::new(complete, method, controlled)
}

/// The respondents who have a value in each control, in x and in y, in this order.
fn complete(
    table: &Table,
    x: &str,
    y: &str,
    controls: &[&str],
    method: Method,
) -> Result<Complete> {
    let names = columns(table, x, y, controls, method)?;
    Complete::new(table, &names.iter().map(String::as_str).collect::<Vec<_>>(), method)
}

/// The names of the controls, of x and of y, where they are as many columns.
pub(crate) fn columns(
    table: &Table,
    x: &str,
    y: &str,
    controls: &[&str],
    method: Method,
) -> Result<Vec<String>> {
    if !METHODS.contains(&method) {
        return Err(Error::NotForMethod {
            analysis: "a partial correlation",
            method: method.code(),
            known: METHODS.map(Method::code).to_vec(),
        });
    }
    let mut names: Vec<String> = Vec::with_capacity(controls.len() + 2);
    for name in controls {
        names.push(table.column(name)?.name.clone());
    }
    for name in [x, y] {
        let column = table.column(name)?.name.clone();
        if names[..controls.len()].contains(&column) {
            return Err(Error::SameColumn { column });
        }
        names.push(column);
    }
    Ok(names)
}

/// The partial correlation of every pair of some columns, given the same controls, with p-values
/// adjusted for their number; see [`super::matrix()`].
///
/// # Errors
/// Those of [`partial`] that are about the request; a pair without a correlation has a note.
pub fn partial_matrix(
    table: &Table,
    columns: &[&str],
    controls: &[&str],
    method: Method,
    level: Level,
) -> Result<Vec<Estimate>> {
    let pairs: Vec<(&str, &str)> = (columns.iter().enumerate())
        .flat_map(|(i, x)| columns[i + 1..].iter().map(|y| (*x, *y)))
        .collect();
    let one = |(x, y): (&str, &str)| {
        let note = match partial(table, x, y, controls, method, Controlled::Both) {
            Ok(found) => return Ok(found.estimate(level)),
            Err(Error::Collinear { .. } | Error::SameColumn { .. }) => Note::Collinear,
            Err(error) if error.is_usage() => return Err(error),
            Err(Error::Constant { .. }) => Note::ConstantColumn,
            Err(Error::TooFew { .. }) => Note::TooFew,
            Err(error) => return Err(error),
        };
        let names: Vec<&str> = controls.iter().copied().chain([x, y]).collect();
        let complete = Complete::new(table, &names, method)?;
        let row = blank(&complete, method, Controlled::Both);
        Ok(row.lacking_interval(interval_name(method), note).lacking_test("t", note))
    };
    let estimates: Result<Vec<Estimate>> = pairs.into_par_iter().map(one).collect();
    Ok(adjusted(estimates?))
}

/// Columns stand as controls, x, y.
fn blank(complete: &Complete, method: Method, controlled: Controlled) -> Estimate {
    let (controls, pair) = complete.names().split_at(complete.names().len() - 2);
    let (x, y) = (&pair[0], &pair[1]);
    let term = match controlled {
        Controlled::Both => format!("{x}, {y}"),
        Controlled::First => format!("({x} | {}), {y}", controls.join(", ")),
    };
    Estimate {
        x: Some(x.clone()),
        y: Some(y.clone()),
        controls: controls.to_vec(),
        n_excluded: complete.n_excluded(),
        ..Estimate::new(Analysis::Correlation, method.code(), term, complete.n_obs())
    }
}

/// The interval that a partial correlation brings by itself.
fn interval_name(method: Method) -> &'static str {
    match method {
        Method::Pearson => "fisher_z",
        Method::Spearman => "bonett_wright",
        _ => "fieller",
    }
}

impl Partial {
    /// Of columns that stand as controls, x, y.
    pub(crate) fn new(complete: Complete, method: Method, controlled: Controlled) -> Result<Self> {
        let k = complete.names().len() - 2;
        complete.check("a correlation with others held constant", k + 3)?;
        let left = if method == Method::Kendall {
            swept(tau_matrix(&complete), SINGULAR).map(|swept| swept.left)
        } else {
            freed(&complete, method).map(|freed| freed.left)
        };
        let left = left.map_err(|last| {
            let (own, mut columns) = (complete.names(), complete.names()[..k.min(last)].to_vec());
            columns.push(own[last].clone());
            Error::Collinear { columns }
        })?;
        let of_both = left.correlation(false);
        let (r, unexplained) = left.correlation(controlled == Controlled::First);
        Ok(Self { r, unexplained, of_both, method, controlled, complete })
    }

    /// The respondents, the columns in the order controls, x, y.
    pub(crate) fn complete(&self) -> &Complete {
        &self.complete
    }

    /// Which method, and from which variable the controls are removed.
    pub(crate) fn kind(&self) -> (Method, Controlled) {
        (self.method, self.controlled)
    }

    /// How many respondents the controls leave to judge the correlation by: n − k.
    pub(crate) fn effective(&self) -> usize {
        self.complete.n_obs() + 2 - self.complete.names().len()
    }

    /// The standard error of artanh r, where there are respondents enough for one.
    pub(crate) fn std_error_on_z(&self) -> Option<f64> {
        self.on_z(self.effective() as f64).0
    }

    /// The name of its own interval.
    pub(crate) fn interval_name(&self) -> &'static str {
        interval_name(self.method)
    }

    /// An estimate of it with nothing said yet.
    pub(crate) fn blank(&self) -> Estimate {
        blank(&self.complete, self.method, self.controlled)
    }

    /// The coefficient with its interval and test.
    pub fn estimate(&self, level: Level) -> Estimate {
        let mut estimate = blank(&self.complete, self.method, self.controlled);
        estimate.value = Some(self.r);
        let k = estimate.controls.len() as f64;
        let m = estimate.n_obs as f64 - k;
        let df = m - 2.0;
        let (se_z, name) = self.on_z(m);
        if self.of_both.0.abs() == 1.0 {
            estimate = estimate.lacking_test("t", Note::PerfectFit);
        } else {
            estimate.test = self.test(m);
        }
        if self.r.abs() == 1.0 {
            estimate.std_error = Some(0.0);
            estimate.interval = se_z.map(|_| perfect_interval(self.r, level, name));
            return estimate;
        }
        estimate.std_error = match self.method {
            Method::Pearson => Some((self.unexplained / df).sqrt()),
            _ => se_z.map(|se| self.unexplained * se),
        };
        let z = artanh(self.r, self.unexplained);
        estimate.interval = se_z.map(|se| interval_on_z(z, se, level, name));
        if estimate.interval.is_none() {
            let note = estimate.note.unwrap_or(Note::TooFewForInterval);
            estimate = estimate.lacking_interval(name, note);
        }
        estimate
    }

    /// What was left out, and why.
    pub fn excluded(&self) -> &[Exclusion] {
        self.complete.excluded()
    }

    /// The standard error of artanh r, where there are respondents enough for one, and the name of
    /// the interval.
    fn on_z(&self, m: f64) -> (Option<f64>, &'static str) {
        let (numerator, lost) = match self.method {
            Method::Pearson => (1.0, 3.0),
            Method::Spearman => (1.0 + 0.5 * self.r * self.r, 3.0),
            _ => (0.437, 4.0),
        };
        let se = (m > lost).then(|| (numerator / (m - lost)).sqrt());
        (se, interval_name(self.method))
    }

    fn test(&self, m: f64) -> Option<Test> {
        let ((r, unexplained), df) = (self.of_both, m - 2.0);
        let t = match self.method {
            Method::Kendall => r * (9.0 * m * (m - 1.0) / (2.0 * (2.0 * m + 5.0))).sqrt(),
            _ => r * (df / unexplained).sqrt(),
        };
        Some(Test {
            statistic: Some(t),
            df: Some(df),
            df2: None,
            p_value: PValue::new(t_two_sided(t, df))?,
            method: "t".to_owned(),
            p_holm: None,
            p_bh: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::{Column, Missing};

    fn table(columns: &[(&str, &[f64])]) -> Table {
        let column = |(name, v): &(&str, &[f64])| {
            let seen = |v: &f64| if v.is_nan() { Err(Missing::Blank) } else { Ok(*v) };
            Column::number(*name, v.iter().map(seen).collect())
        };
        let rows = (2..columns[0].1.len() + 2).collect();
        Table::new(columns.iter().map(column).collect(), rows).unwrap()
    }

    const X: [f64; 7] = [1.0, 2.0, 3.5, 3.0, 5.0, 4.0, 7.5];
    const Y: [f64; 7] = [2.0, 1.5, 3.0, 5.0, 4.0, 4.5, 6.0];
    const Z: [f64; 7] = [0.5, 3.0, 1.0, 2.0, 9.0, 4.0, 2.5];

    #[test]
    fn one_control_gives_the_textbook_formula() {
        let table = table(&[("x", &X), ("y", &Y), ("z", &Z)]);
        let r = |a: &str, b: &str, method| {
            partial(&table, a, b, &[], method, Controlled::Both).unwrap().r
        };
        for method in METHODS {
            let (xy, xz, yz) = (r("x", "y", method), r("x", "z", method), r("y", "z", method));
            let semi = (xy - xz * yz) / (1.0 - xz * xz).sqrt();
            let found = partial(&table, "x", "y", &["z"], method, Controlled::First).unwrap();
            assert!((found.r - semi).abs() < 1e-15, "{method}");
            let found = partial(&table, "x", "y", &["z"], method, Controlled::Both).unwrap();
            assert!((found.r - semi / (1.0 - yz * yz).sqrt()).abs() < 1e-15, "{method}");
        }
    }

    #[test]
    fn collinear_columns_are_named() {
        let double: Vec<f64> = Z.iter().map(|v| 0.1 * v + 0.7).collect();
        let table = table(&[("x", &X), ("y", &Y), ("z", &Z), ("d", &double)]);
        for method in METHODS {
            let found = |controls: &[&str]| {
                partial(&table, "x", "y", controls, method, Controlled::Both).unwrap_err()
            };
            let columns = |names: [&str; 2]| names.map(str::to_owned).to_vec();
            assert_eq!(found(&["z", "d"]), Error::Collinear { columns: columns(["z", "d"]) });
            for own in ["x", "y"] {
                assert_eq!(found(&[own]), Error::SameColumn { column: own.to_owned() });
                assert!(found(&["z", own]).is_usage());
            }
        }
    }

    #[test]
    fn few_respondents_are_too_few_or_have_no_interval() {
        let few = table(&[("x", &X[..3]), ("y", &Y[..3]), ("z", &Z[..3])]);
        let error = partial(&few, "x", "y", &["z"], Method::Pearson, Controlled::Both).unwrap_err();
        assert!(matches!(error, Error::TooFew { needed: 4, found: 3, .. }));
        let four = table(&[("x", &X[..4]), ("y", &Y[..4]), ("z", &Z[..4])]);
        let found = partial(&four, "x", "y", &["z"], Method::Pearson, Controlled::Both).unwrap();
        let row = found.estimate(Level::DEFAULT);
        assert_eq!((row.interval, row.note), (None, Some(Note::TooFewForInterval)));
        assert_eq!(row.test.and_then(|t| t.df), Some(1.0));
    }

    #[test]
    fn a_sum_of_predictor_and_control_is_a_perfect_fit() {
        let sum: Vec<f64> = X.iter().zip(Z).map(|(x, z)| x - 3.0 * z).collect();
        let table = table(&[("x", &X), ("y", &sum), ("z", &Z)]);
        let both = partial(&table, "x", "y", &["z"], Method::Pearson, Controlled::Both).unwrap();
        let row = both.estimate(Level::DEFAULT);
        assert_eq!((row.value, row.std_error, row.test), (Some(1.0), Some(0.0), None));
        let semi = partial(&table, "x", "y", &["z"], Method::Pearson, Controlled::First).unwrap();
        let row = semi.estimate(Level::DEFAULT);
        assert!(row.value.is_some_and(|r| r < 0.9) && row.interval.is_some());
        assert_eq!((row.test, row.note), (None, Some(Note::PerfectFit)));
    }

    #[test]
    fn counts_give_what_the_rows_give_and_gaps_are_listed() {
        let mut gap = Z;
        gap[2] = f64::NAN;
        let plain = table(&[("x", &X), ("y", &Y), ("z", &gap)]);
        let counted = plain.clone().with_counts(vec![1, 2, 5, 1, 3, 1, 1]).unwrap();
        let repeat = |v: &[f64]| -> Vec<f64> {
            let counts = [1, 2, 5, 1, 3, 1, 1];
            v.iter().zip(counts).flat_map(|(v, n)| std::iter::repeat_n(*v, n)).collect()
        };
        let rows = table(&[("x", &repeat(&X)), ("y", &repeat(&Y)), ("z", &repeat(&gap))]);
        for method in METHODS {
            let found =
                |table: &Table| partial(table, "x", "y", &["z"], method, Controlled::Both).unwrap();
            let (counted, rows) = (found(&counted), found(&rows));
            assert_eq!(counted.complete.n_obs(), 9);
            assert_eq!((counted.complete.n_excluded(), counted.excluded().len()), (1, 1));
            assert!((counted.r - rows.r).abs() < 1e-15, "{method}");
        }
    }

    #[test]
    fn an_undefined_pair_of_the_matrix_says_why() {
        let constant = [2.0; 7];
        let table = table(&[("x", &X), ("y", &Y), ("z", &Z), ("c", &constant)]);
        let names = ["x", "y", "z", "c"];
        let rows = partial_matrix(&table, &names, &["z"], Method::Pearson, Level::DEFAULT).unwrap();
        let notes: Vec<_> = rows.iter().map(|e| e.note).collect();
        let (constant, collinear) = (Some(Note::ConstantColumn), Some(Note::Collinear));
        assert_eq!(notes, [None, collinear, constant, collinear, constant, collinear]);
    }
}
