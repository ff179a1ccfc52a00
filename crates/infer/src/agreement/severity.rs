use super::{Ratings, row};
use crate::Result;
use crate::correlate::moments::power_of_two_scale;
use crate::tails::{t_two_sided, t_upper_quantile};
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};

/// How much higher each rater scores than the others do the same respondents, `severity`: above 0
/// lenient, below 0 severe.
///
/// # Formula
/// The mean over the rater's respondents of the rating less the mean of the others' ratings, with
/// Student's interval and test. For two raters the two rows are one number and its opposite.
///
/// # Assumptions
/// Respondents are independent, and the others are not themselves off: it compares raters with one
/// another, not with the truth.
///
/// # Missing data
/// Respondents whom the rater and somebody else have scored.
///
/// # Errors
/// Those of [`super::icc`].
pub fn severity(ratings: &Ratings, level: Level) -> Result<Vec<Estimate>> {
    let used = ratings.compared("the severity of raters", 1)?;
    let mut apart = vec![Vec::new(); ratings.raters().len()];
    for own in used {
        let sum: f64 = own.iter().map(|(_, v)| v).sum();
        for (rater, value) in own {
            apart[*rater].push(value - (sum - value) / (own.len() as f64 - 1.0));
        }
    }
    let each = ratings.raters().iter().zip(apart).filter(|(_, own)| !own.is_empty());
    Ok(each
        .map(|(rater, own)| {
            let mut row = row("severity", ratings.what().to_owned(), ratings, own.len());
            row.y = Some(rater.clone());
            of_mean(row, &own, level)
        })
        .collect())
}

/// A mean with Student's interval and test against 0.
pub(crate) fn of_mean(row: Estimate, values: &[f64], level: Level) -> Estimate {
    let (mean, spread) = moments(values);
    let n = values.len() as f64;
    let row = Estimate { value: Some(mean), ..row };
    let Some(spread) = spread.filter(|s| *s > 0.0) else {
        let note = if values.len() < 2 { Note::TooFewForInterval } else { Note::PerfectAgreement };
        return row.lacking_interval("t", note);
    };
    let (se, df) = (spread / n.sqrt(), n - 1.0);
    let half = se * t_upper_quantile(level.tail(), df);
    let statistic = mean / se;
    let test = PValue::new(t_two_sided(statistic, df)).map(|p_value| Test {
        statistic: Some(statistic),
        df: Some(df),
        df2: None,
        p_value,
        method: "t".to_owned(),
        p_holm: None,
        p_bh: None,
    });
    let interval = Interval { low: mean - half, high: mean + half, level, method: "t".to_owned() };
    Estimate { std_error: Some(se), interval: Some(interval), test, ..row }
}

/// Mean and standard deviation.
pub(crate) fn moments(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    // Squares of values near the ends of the doubles' range would leave it.
    let scale = power_of_two_scale(values);
    let mean = values.iter().map(|v| v * scale).sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v * scale - mean).powi(2)).sum();
    // Rounding alone is no spread.
    let squares = if squares <= n * 1e-30 { 0.0 } else { squares };
    (mean / scale, (n > 1.0).then(|| (squares / (n - 1.0)).sqrt() / scale))
}
