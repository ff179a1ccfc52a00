use super::components::{Crossed, Fitted};
use super::{Ratings, row};
use crate::Result;
use crate::correlate::moments::power_of_two_scale;
use crate::tails::{f_sf, f_upper_quantile};
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};

/// Intraclass correlations of absolute agreement: of single ratings, `icc_2_1`, and of the mean of
/// a respondent's ratings, `icc_2_k`.
///
/// # Formula
/// rating = mean + respondent + rater + rest, all three random, with variances s, r and e:
/// `icc_2_1` = s/(s + r + e), `icc_2_k` = s/(s + (r + e)/k).
///
/// Where the same k raters have scored all n respondents used, from the mean squares of
/// respondents, raters and rest (R, C, E): ICC(A,1) = (R − E)/(R + (k − 1)E + k(C − E)/n) and
/// ICC(A,k) = (R − E)/(R + (C − E)/n), with McGraw and Wong's interval and F = R/E against none.
///
/// Elsewhere s, r and e are those of largest restricted likelihood, the interval is that of the
/// profiled one (there is no exact one), and k is the harmonic mean number of ratings a
/// respondent. On a complete table both give the same estimate where no variance is at 0.
///
/// # Assumptions
/// Respondents and raters are samples of those that the answer is about; normal effects of equal
/// variances. Two raters say little of how raters differ: the interval shows it.
///
/// # Missing data
/// Respondents with two ratings or more are used (`n_obs`), the others are excluded. A gap is
/// assumed not to depend on the rating that would have filled it.
///
/// # Errors
/// [`RaterError::OneRater`](super::RaterError::OneRater),
/// [`RaterError::NoOverlap`](super::RaterError::NoOverlap), fewer than two respondents used.
///
/// # References
/// McGraw, K. O. & Wong, S. P. (1996). Forming inferences about some intraclass correlation
/// coefficients. doi:10.1037/1082-989X.1.1.30; Shrout and Fleiss (1979),
/// doi:10.1037/0033-2909.86.2.420.
///
/// # Example
/// ```
/// use ssi_infer::agreement::{Ratings, icc};
/// use ssi_vocab::Level;
/// // Shrout and Fleiss's four judges of six targets: ICC(2,1) is .29, ICC(2,k) .62.
/// let table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]];
/// let raters: Vec<String> = (1..5).map(|i| format!("R{i}")).collect();
/// let given = table.iter().enumerate().flat_map(|(i, own)| {
///     own.iter().enumerate().map(move |(j, v)| (i, j, f64::from(*v)))
/// });
/// let [single, mean] = icc(&Ratings::new("score", raters, 6, given)?, Level::DEFAULT)?;
/// assert!((single.value.unwrap_or(0.0) - 0.289_763_779_5).abs() < 1e-9);
/// assert!((mean.value.unwrap_or(0.0) - 0.620_050_547_6).abs() < 1e-9);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn icc(ratings: &Ratings, level: Level) -> Result<[Estimate; 2]> {
    let used = ratings.compared("an intraclass correlation", 2)?;
    let blank = |method: &str| row(method, ratings.what().to_owned(), ratings, used.len());
    let rows = [blank("icc_2_1"), blank("icc_2_k")];
    let noted = |rows: [Estimate; 2], note| rows.map(|r| Estimate { note: Some(note), ..r });
    let first = used[0][0].1;
    if used.iter().flat_map(|own| own.iter()).all(|(_, v)| *v == first) {
        return Ok(noted(rows, Note::ConstantColumn));
    }
    let own_raters = |own: &[(usize, f64)]| own.iter().map(|(r, _)| *r).collect::<Vec<_>>();
    let complete = used.iter().all(|own| own_raters(own) == own_raters(used[0]));
    let values: Vec<f64> = used.iter().flat_map(|own| own.iter().map(|(_, v)| *v)).collect();
    let scale = power_of_two_scale(&values);
    if complete {
        let table: Vec<Vec<f64>> =
            used.iter().map(|own| own.iter().map(|(_, v)| v * scale).collect()).collect();
        return Ok(Squares::of(&table).rows(rows, level));
    }
    let crossed = Crossed::new(&used, ratings.raters().len(), scale);
    let Some(Fitted { value, interval, boundary }) = crossed.fit(level) else {
        return Ok(noted(rows, Note::NotConverged));
    };
    let k = used.len() as f64 / used.iter().map(|own| 1.0 / own.len() as f64).sum::<f64>();
    let [single, average] = rows;
    let filled = |row: Estimate, k: f64| {
        let ends = interval.map(|(low, high)| [low, high].map(|end| of_mean(end, k)));
        let note = boundary.then_some(Note::Boundary);
        let row = Estimate { value: of_mean(value, k), note, ..row };
        match ends {
            Some([Some(low), Some(high)]) => {
                let interval = Interval { low, high, level, method: "profile".to_owned() };
                Estimate { interval: Some(interval), ..row }
            }
            _ => row.lacking_interval("profile", Note::PerfectAgreement),
        }
    };
    Ok([filled(single, 1.0), filled(average, k)])
}

/// The reliability of the mean of k ratings, from that of one (Spearman and Brown).
fn of_mean(single: f64, k: f64) -> Option<f64> {
    let whole = 1.0 + (k - 1.0) * single;
    (whole > 0.0).then(|| k * single / whole)
}

/// Mean squares of a complete table.
struct Squares {
    n: f64,
    k: f64,
    subjects: f64,
    raters: f64,
    rest: f64,
}

impl Squares {
    fn of(table: &[Vec<f64>]) -> Self {
        let (n, k) = (table.len() as f64, table[0].len() as f64);
        let grand = table.iter().flatten().sum::<f64>() / (n * k);
        let centred: Vec<Vec<f64>> =
            table.iter().map(|own| own.iter().map(|v| v - grand).collect()).collect();
        let own: Vec<f64> = centred.iter().map(|own| own.iter().sum::<f64>() / k).collect();
        let by: Vec<f64> =
            (0..table[0].len()).map(|j| centred.iter().map(|o| o[j]).sum::<f64>() / n).collect();
        let squares = |means: &[f64]| means.iter().map(|m| m * m).sum::<f64>();
        let rest = |i: usize, j: usize| (centred[i][j] - own[i] - by[j]).powi(2);
        let left: f64 = (0..table.len())
            .flat_map(|i| (0..by.len()).map(move |j| (i, j)))
            .map(|(i, j)| rest(i, j))
            .sum();
        // What rounding alone leaves of a table without rest is no rest.
        let total: f64 = centred.iter().flatten().map(|v| v * v).sum();
        let left = if left <= 1e-28 * total { 0.0 } else { left };
        Self {
            n,
            k,
            subjects: k * squares(&own) / (n - 1.0),
            raters: n * squares(&by) / (k - 1.0),
            rest: left / ((n - 1.0) * (k - 1.0)),
        }
    }

    fn rows(&self, [single, average]: [Estimate; 2], level: Level) -> [Estimate; 2] {
        let Self { n, k, subjects, raters, rest } = *self;
        let between = subjects - rest;
        let one = between / (subjects + (k - 1.0) * rest + k * (raters - rest) / n);
        let whole = subjects + (raters - rest) / n;
        let mean = (whole > 0.0).then(|| between / whole);
        let ends = self.limits(one, level);
        let test = self.test();
        let of = |row: Estimate, value: Option<f64>, k: f64| {
            let note = value.is_none().then_some(Note::Boundary);
            let row = Estimate { value, note, test: test.clone(), ..row };
            let moved = ends.map(|ends| ends.map(|end| of_mean(end, k)));
            match (moved, value) {
                (Some([Some(low), Some(high)]), Some(_)) => {
                    let interval = Interval { low, high, level, method: METHOD.to_owned() };
                    Estimate { interval: Some(interval), ..row }
                }
                _ if rest == 0.0 => row.lacking_interval(METHOD, Note::PerfectAgreement),
                _ => row.lacking_interval(METHOD, Note::Boundary),
            }
        };
        [of(single, Some(one), 1.0), of(average, mean, k)]
    }

    fn limits(&self, one: f64, level: Level) -> Option<[f64; 2]> {
        let Self { n, k, subjects, raters, rest } = *self;
        let a = k * one / (n * (1.0 - one));
        let b = 1.0 + k * one * (n - 1.0) / (n * (1.0 - one));
        let (c, e) = (a * raters, b * rest);
        let v = (c + e).powi(2) / (c * c / (k - 1.0) + e * e / ((n - 1.0) * (k - 1.0)));
        if !(v.is_finite() && v > 0.0) {
            return None;
        }
        let lower = f_upper_quantile(level.tail(), n - 1.0, v);
        let upper = f_upper_quantile(level.tail(), v, n - 1.0);
        let other = k * raters + (k * n - k - n) * rest;
        let low = n * (subjects - lower * rest) / (lower * other + n * subjects);
        let high = n * (upper * subjects - rest) / (other + n * upper * subjects);
        let sound = low.is_finite() && high.is_finite() && low <= one && one <= high;
        sound.then_some([low, high])
    }

    fn test(&self) -> Option<Test> {
        let f = self.subjects / self.rest;
        let (df, df2) = (self.n - 1.0, (self.n - 1.0) * (self.k - 1.0));
        Some(Test {
            statistic: f.is_finite().then_some(f)?.into(),
            df: Some(df),
            df2: Some(df2),
            p_value: PValue::new(f_sf(f, df, df2))?,
            method: "f".to_owned(),
            p_holm: None,
            p_bh: None,
        })
    }
}

const METHOD: &str = "mcgraw_wong";
