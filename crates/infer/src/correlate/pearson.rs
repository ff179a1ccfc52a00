use super::fisher::{artanh, interval_on_z, perfect_interval};
use super::method::blank;
use super::moments::{Moments, is_constant};
use crate::correlate::Method;
use crate::tails::t_two_sided;
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Note, PValue, Paired, Test};

/// Pearson's correlation of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Pearson {
    /// The coefficient.
    pub r: f64,
    /// 1 − r², kept apart because it has digits that `r` near ±1 has not.
    pub unexplained: f64,
    /// Respondents.
    pub n_obs: usize,
    blank: Estimate,
}

/// Pearson's correlation: how well a straight line describes two variables together.
///
/// # Formula
/// r = Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)² Σ(y − ȳ)²), with deviations and sums carried in twice the
/// digits of a double, so that an offset of 1e9 costs nothing, and with what decimal text said
/// beyond its doubles. Standard error √((1 − r²)/(n − 2));
/// test t = r / that with n − 2 degrees of freedom; interval tanh(artanh r ± q/√(n − 3)).
///
/// With three respondents there is no interval. Where all points lie on a line r is ±1, the
/// standard error 0, the interval has no width and there is no test; the note says so.
///
/// # Assumptions
/// Respondents are independent. The test and the interval assume that the two variables are
/// about jointly normal; the interval holds well for bounded scores (coverage 95.5 to 96.0 % on
/// data like ours at n = 30, 200, 1000), and 90 % on strongly skewed variables, where
/// [`jackknife_z`](crate::resample::jackknife_z) holds (`tests/COVERAGE.md`).
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// [`Error::TooFew`] below three respondents; [`Error::Constant`].
///
/// # References
/// Fisher, R. A. (1921). On the "probable error" of a coefficient of correlation deduced from a
/// small sample. *Metron*, 1, 3–32. doi:10.1093/biomet/10.4.507 (1915).
///
/// # Example
/// ```
/// use ssi_infer::correlate::pearson;
/// use ssi_vocab::{Level, Paired};
///
/// let pair = Paired::complete("x", &[1.0, 2.0, 3.0, 4.0], "y", &[1.0, 3.0, 2.0, 5.0])?;
/// let r = pearson(&pair)?;
/// assert!((r.r - 0.8315218406202999).abs() < 1e-15);
/// assert_eq!(r.estimate(Level::DEFAULT).n_obs, 4);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn pearson(pair: &Paired) -> Result<Pearson> {
    check(pair, "Pearson's correlation")?;
    let undefined = || Error::Constant { column: pair.x_name().to_owned() };
    let moments = Moments::of(pair);
    let (r, unexplained) = moments.correlation().ok_or_else(undefined)?;
    Ok(Pearson { r, unexplained, n_obs: pair.n_obs(), blank: blank(pair, Method::Pearson) })
}

impl Pearson {
    /// Fisher's z; infinite for points on a line.
    pub(crate) fn z(&self) -> f64 {
        artanh(self.r, self.unexplained)
    }

    /// The coefficient with its Fisher interval and its t test.
    pub fn estimate(&self, level: Level) -> Estimate {
        let mut estimate = self.blank.clone();
        estimate.value = Some(self.r);
        let (n, df) = (self.n_obs as f64, self.n_obs as f64 - 2.0);
        if self.r.abs() == 1.0 {
            estimate.std_error = Some(0.0);
            estimate.interval =
                (self.n_obs > 3).then(|| perfect_interval(self.r, level, "fisher_z"));
            estimate.note = Some(Note::PerfectFit);
            return estimate;
        }
        estimate.std_error = Some((self.unexplained / df).sqrt());
        estimate.test = t_test(self.r, self.unexplained, df);
        if self.n_obs > 3 {
            let z = artanh(self.r, self.unexplained);
            let se = 1.0 / (n - 3.0).sqrt();
            estimate.interval = Some(interval_on_z(z, se, level, "fisher_z"));
        } else {
            estimate.note = Some(Note::TooFewForInterval);
        }
        estimate
    }
}

/// The t test of a correlation against 0.
pub(super) fn t_test(r: f64, unexplained: f64, df: f64) -> Option<Test> {
    t_test_of(r * (df / unexplained).sqrt(), df)
}

/// The t test of a statistic that is given.
pub(super) fn t_test_of(t: f64, df: f64) -> Option<Test> {
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

/// What every correlation needs: three respondents, and two columns that vary.
pub(super) fn check(pair: &Paired, analysis: &'static str) -> Result<()> {
    let found = pair.n_obs();
    if found < 3 {
        return Err(Error::TooFew { analysis, needed: 3, found });
    }
    for (name, values) in [(pair.x_name(), pair.x()), (pair.y_name(), pair.y())] {
        if is_constant(values, pair.counts()) {
            return Err(Error::Constant { column: name.to_owned() });
        }
    }
    Ok(())
}

/// More respondents than this are not written out row by row.
const MOST_EXPANDED: usize = 20_000_000;

/// The pair with a row for each respondent, for a method that can't read counts.
pub(super) fn a_row_each(pair: &Paired, analysis: &'static str) -> Result<Paired> {
    let (found, limit) = (pair.n_obs(), MOST_EXPANDED);
    if pair.counts().is_some() && found > limit {
        return Err(Error::TooManyRespondents { analysis, limit, found });
    }
    Ok(pair.expanded())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(x: &[f64], y: &[f64]) -> Paired {
        Paired::complete("x", x, "y", y).unwrap()
    }

    #[test]
    fn two_respondents_are_too_few() {
        for n in 0..3 {
            let values: Vec<f64> = (0..n).map(f64::from).collect();
            let found = n as usize;
            let error = pearson(&pair(&values, &values)).unwrap_err();
            assert!(matches!(error, Error::TooFew { found: f, .. } if f == found));
        }
    }

    #[test]
    fn three_respondents_have_a_test_but_no_interval() {
        let estimate = pearson(&pair(&[1.0, 2.0, 4.0], &[1.0, 3.0, 2.0])).unwrap();
        let estimate = estimate.estimate(Level::DEFAULT);
        assert!(estimate.test.is_some() && estimate.interval.is_none());
        assert_eq!(estimate.note, Some(Note::TooFewForInterval));
    }

    #[test]
    fn a_constant_column_is_named() {
        let error = pearson(&pair(&[1.0, 2.0, 4.0], &[7.0; 3])).unwrap_err();
        assert_eq!(error, Error::Constant { column: "y".into() });
    }

    #[test]
    fn points_on_a_line_are_a_perfect_fit() {
        let x = [0.1, 0.2, 0.7, 0.3, 11.0];
        for slope in [0.3, -7.0] {
            let y: Vec<f64> = x.iter().map(|v| slope * v + 0.1).collect();
            let estimate = pearson(&pair(&x, &y)).unwrap().estimate(Level::DEFAULT);
            let sign = f64::signum(slope);
            assert_eq!(estimate.value, Some(sign));
            assert_eq!(estimate.std_error, Some(0.0));
            assert_eq!(estimate.test, None);
            assert_eq!(estimate.interval.map(|i| (i.low, i.high)), Some((sign, sign)));
            assert_eq!(estimate.note, Some(Note::PerfectFit));
        }
    }

    #[test]
    fn huge_and_tiny_values_do_not_overflow() {
        let (x, y) = ([1.0, 2.0, 4.0, 3.0], [1.0, 3.0, 2.0, 2.5]);
        let plain = pearson(&pair(&x, &y)).unwrap().r;
        let scaled = pair(&x.map(|v| v * 2e307), &y.map(|v| v * 1e-305));
        assert!((pearson(&scaled).unwrap().r - plain).abs() < 1e-15);
    }

    #[test]
    fn counts_of_a_nation_are_not_written_out() {
        let (x, y) = (vec![1.0, 2.0, 3.0], vec![2.0, 1.0, 3.0]);
        let counts = Some(vec![1, 2, 50_000_000]);
        let pair = Paired::new("x", x, "y", y, counts, Vec::new()).unwrap();
        let error = crate::correlate::correlate(&pair, Method::Biweight, Level::DEFAULT);
        assert!(matches!(error, Err(Error::TooManyRespondents { found: 50_000_003, .. })));
        // The polyserial likelihood counts them.
        assert!(crate::correlate::correlate(&pair, Method::Polyserial, Level::DEFAULT).is_ok());
    }

    #[test]
    fn rows_that_count_for_nobody_are_no_rows() {
        let counted = Paired::new(
            "x",
            vec![1.0, 2.0, 3.0, 9.0],
            "y",
            vec![2.0, 2.0, 2.0, 5.0],
            Some(vec![2, 1, 1, 0]),
            Vec::new(),
        );
        let error = pearson(&counted.unwrap()).unwrap_err();
        assert_eq!(error, Error::Constant { column: "y".into() });
    }
}
