use super::kernel::Kernel;
use crate::Result;
use crate::correlate::{Method, correlate};
use crate::tails::t_upper_quantile;
use ssi_vocab::{Estimate, Interval, Level, Note, Paired};

/// The correlation of a pair with its jackknife interval on Fisher's scale: one that holds where the
/// data are skewed, or spread unequally along the line.
///
/// # Formula
/// tanh(z ± t(n − 2)·s), with z = artanh r, t the quantile of Student's distribution and
/// s² = (n − 1)/n · Σ(z₍ᵢ₎ − z̄)², where z₍ᵢ₎ is z without respondent i and z̄ the mean of those.
/// The standard error is that of the correlation itself, (1 − r²)·s. No test.
///
/// Where |r| is 1 with all respondents or without one of them, or a variable is constant without
/// one of them, there is no such interval and the note says so.
///
/// # Assumptions
/// Respondents are independent; nothing is assumed of the distribution. Fisher's interval for r
/// takes the variables to be jointly normal and holds only 90 % of the time on strongly skewed
/// ones, however many respondents there are; `tests/COVERAGE.md` has both side by side.
///
/// # Missing data
/// A [`Paired`] is complete; it lists whom it left out.
///
/// # Errors
/// Those of the method.
///
/// # References
/// Duncan, G. T. & Layard, M. W. J. (1973). A Monte-Carlo study of asymptotically robust tests for
/// correlation coefficients. doi:10.1093/biomet/60.3.551. Miller, R. G. (1974). The jackknife: a
/// review. doi:10.1093/biomet/61.1.1
///
/// # Example
/// ```
/// use ssi_infer::correlate::Method;
/// use ssi_infer::resample::jackknife_z;
/// use ssi_vocab::{Level, Paired};
///
/// let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 3.0, 2.0, 5.0, 9.0]);
/// let found = jackknife_z(&Paired::complete("x", &x, "y", &y)?, Method::Pearson, Level::DEFAULT)?;
/// assert!(found.interval.is_some_and(|i| i.method == "jackknife_z" && i.low < 0.9 && i.high > 0.9));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn jackknife_z(pair: &Paired, method: Method, level: Level) -> Result<Estimate> {
    let plain = correlate(pair, method, level)?;
    let mut found = plain.bare();
    if found.n_obs <= 3 {
        return Ok(found.lacking_interval("jackknife_z", Note::TooFewForInterval));
    }
    let without = Kernel::new(pair, method, found.value)?.leave_one_out(pair.counts());
    let r = found.value.unwrap_or_default();
    let Some(s) = spread(&without, pair.counts()).filter(|_| r.abs() < 1.0) else {
        return Ok(found.lacking_interval("jackknife_z", Note::DegenerateResamples));
    };
    let (z, reach) = (r.atanh(), t_upper_quantile(level.tail(), found.n_obs as f64 - 2.0) * s);
    let (low, high) = ((z - reach).tanh(), (z + reach).tanh());
    found.std_error = Some((1.0 - r) * (1.0 + r) * s);
    found.interval = Some(Interval { low, high, level, method: "jackknife_z".to_owned() });
    Ok(found)
}

/// The jackknife standard error of artanh r; `None` where one of the values is infinite or missing.
fn spread(without: &[Option<f64>], counts: Option<&[u64]>) -> Option<f64> {
    let weight = |i: usize| counts.map_or(1.0, |w| w[i] as f64);
    let values: Vec<(f64, f64)> = (0..without.len())
        .filter(|i| weight(*i) > 0.0)
        .map(|i| without[i].filter(|r| r.abs() < 1.0).map(|r| (weight(i), r.atanh())))
        .collect::<Option<_>>()?;
    let n: f64 = values.iter().map(|(w, _)| w).sum();
    let mean = values.iter().map(|(w, z)| w * z).sum::<f64>() / n;
    let squares: f64 = values.iter().map(|(w, z)| w * (z - mean) * (z - mean)).sum();
    Some(((n - 1.0) / n * squares).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 7] = [1.0, 2.0, 2.0, 4.0, 5.0, 7.0, 11.0];
    const Y: [f64; 7] = [2.0, 1.0, 4.0, 3.0, 3.0, 8.0, 9.0];

    fn of(x: &[f64], y: &[f64]) -> Estimate {
        let pair = Paired::complete("x", x, "y", y).unwrap();
        jackknife_z(&pair, Method::Pearson, Level::DEFAULT).unwrap()
    }

    #[test]
    fn counts_give_what_the_rows_give() {
        let counts = vec![2, 1, 3, 1, 0, 1, 2];
        let counted =
            Paired::new("x", X.to_vec(), "y", Y.to_vec(), Some(counts), Vec::new()).unwrap();
        for method in [Method::Pearson, Method::Spearman, Method::Kendall] {
            let of = |pair: &Paired| {
                let found = jackknife_z(pair, method, Level::DEFAULT).unwrap();
                found.interval.map(|i| [i.low, i.high]).unwrap()
            };
            for (a, b) in of(&counted).into_iter().zip(of(&counted.expanded())) {
                assert!((a - b).abs() < 1e-12, "{method}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_line_but_for_one_respondent_has_no_interval() {
        let found = of(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 2.0, 3.0, 4.0, 0.0]);
        assert!(found.value.is_some() && found.interval.is_none());
        assert_eq!(found.note, Some(Note::DegenerateResamples));
        let line = of(&X, &X);
        assert_eq!((line.value, line.note), (Some(1.0), Some(Note::DegenerateResamples)));
    }

    #[test]
    fn a_constant_without_one_respondent_has_no_interval() {
        let found = of(&[0.0, 0.0, 0.0, 1.0, 0.0], &[1.0, 2.0, 3.0, 4.0, 0.0]);
        assert_eq!(found.note, Some(Note::DegenerateResamples));
        assert_eq!(of(&X[..3], &Y[..3]).note, Some(Note::TooFewForInterval));
    }
}
