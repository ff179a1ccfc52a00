use super::{Distance, Ratings, row};
use crate::Result;
use crate::correlate::moments::power_of_two_scale;
use crate::resample::{Bootstrap, resampled};
use ssi_vocab::{Estimate, Level, Note, Progress};

/// Different ratings at most that nominal and ordinal distances are computed for.
const MOST_LEVELS: usize = 25;

/// Krippendorff's alpha, `krippendorff`: one less the observed disagreement over that of ratings
/// dealt out at random. For any number of raters, with gaps.
///
/// # Formula
/// 1 − (N − 1) Σ o(a, b) δ(a, b) / Σ n(a) n(b) δ(a, b): o counts the ordered pairs of ratings of
/// one respondent, each 1/(m − 1) for m ratings, n(a) = Σ o(a, ·) and N = Σ n. δ is 1 (nominal),
/// (a − b)² (interval), or the square of the ratings from a to b, those at the ends counting half
/// (ordinal). The interval is the percentile bootstrap of respondents.
///
/// # Missing data
/// Respondents with two ratings or more. With more than 25 different ratings only the interval
/// distance has a value.
///
/// # Errors
/// Those of [`super::icc`]; [`Error::TooFewResamples`](crate::Error::TooFewResamples).
///
/// # References
/// Hayes, A. F. & Krippendorff, K. (2007). Answering the call for a standard reliability measure
/// for coding data. doi:10.1080/19312450709336664
pub fn krippendorff(
    ratings: &Ratings,
    distance: Distance,
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
) -> Result<Estimate> {
    let used = ratings.compared("Krippendorff's alpha", 1)?;
    let term = format!("{}({})", distance.code(), ratings.what());
    let row = row("krippendorff", term, ratings, used.len());
    let levels = levels(&used);
    if distance == Distance::Interval {
        let squares = squares(&used);
        return finished(row, &squares, how, level, progress, &|drawn| by_squares(drawn, &squares));
    }
    if levels.len() > MOST_LEVELS {
        return Ok(Estimate { note: Some(Note::TooManyLevels), ..row });
    }
    let coded: Vec<Vec<usize>> = used
        .iter()
        .map(|own| own.iter().map(|(_, v)| levels.partition_point(|l| l < v)).collect())
        .collect();
    let alpha = |drawn: &mut dyn Iterator<Item = usize>| {
        let drawn = drawn.map(|i| coded[i].as_slice());
        Coincidences::of(drawn, levels.len()).alpha(distance)
    };
    finished(row, &coded, how, level, progress, &alpha)
}

/// Alpha of some respondents, in the order in which they are drawn.
type Alpha<'a> = dyn Fn(&mut dyn Iterator<Item = usize>) -> Option<f64> + Sync + 'a;

fn finished<T>(
    row: Estimate,
    subjects: &[T],
    how: &Bootstrap,
    level: Level,
    progress: &dyn Progress,
    alpha: &Alpha<'_>,
) -> Result<Estimate> {
    let Some(value) = alpha(&mut (0..subjects.len())) else {
        return Ok(Estimate { note: Some(Note::ConstantColumn), ..row });
    };
    let row = Estimate { value: Some(value), ..row };
    let of = |drawn: &[u32]| alpha(&mut drawn.iter().map(|i| *i as usize));
    resampled(row, subjects.len(), how, level, progress, &of)
}

fn levels(used: &[&[(usize, f64)]]) -> Vec<f64> {
    let mut levels: Vec<f64> =
        used.iter().flat_map(|own| own.iter()).map(|(_, v)| *v + 0.0).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    levels
}

/// Each respondent's number of ratings, their sum and their sum of squares, about the mean of all.
fn squares(used: &[&[(usize, f64)]]) -> Vec<[f64; 3]> {
    let all: Vec<f64> = used.iter().flat_map(|own| own.iter()).map(|(_, v)| *v).collect();
    let scale = power_of_two_scale(&all);
    let mean = all.iter().map(|v| v * scale).sum::<f64>() / all.len() as f64;
    let of = |own: &&[(usize, f64)]| {
        let centred = || own.iter().map(|(_, v)| v * scale - mean);
        [own.len() as f64, centred().sum(), centred().map(|v| v * v).sum()]
    };
    used.iter().map(of).collect()
}

/// Squared differences need no table of the ratings: Σ (a − b)² over pairs is m Σ a² − (Σ a)².
fn by_squares(drawn: &mut dyn Iterator<Item = usize>, each: &[[f64; 3]]) -> Option<f64> {
    let (mut n, mut sum, mut square, mut observed) = (0.0, 0.0, 0.0, 0.0);
    for i in drawn {
        let [m, s, q] = each[i];
        (n, sum, square) = (n + m, sum + s, square + q);
        observed += (m * q - s * s).max(0.0) / (m - 1.0);
    }
    let expected = n * square - sum * sum;
    // What rounding leaves of equal ratings is no disagreement.
    let alpha = 1.0 - (n - 1.0) * observed / expected;
    (expected > 1e-24 * n * n && alpha.is_finite()).then_some(alpha)
}

/// How often each rating meets each in one respondent.
struct Coincidences {
    size: usize,
    cells: Vec<f64>,
}

impl Coincidences {
    fn of<'a>(subjects: impl Iterator<Item = &'a [usize]>, size: usize) -> Self {
        let mut cells = vec![0.0; size * size];
        for own in subjects {
            let share = 1.0 / (own.len() as f64 - 1.0);
            for (i, a) in own.iter().enumerate() {
                for (j, b) in own.iter().enumerate() {
                    if i != j {
                        cells[a * size + b] += share;
                    }
                }
            }
        }
        Self { size, cells }
    }

    fn alpha(&self, distance: Distance) -> Option<f64> {
        let size = self.size;
        let each: Vec<f64> = self.cells.chunks(size).map(|row| row.iter().sum()).collect();
        let total: f64 = each.iter().sum();
        let apart = |a: usize, b: usize| {
            if distance == Distance::Nominal {
                return 1.0;
            }
            (each[a..=b].iter().sum::<f64>() - 0.5 * (each[a] + each[b])).powi(2)
        };
        let (mut observed, mut expected) = (0.0, 0.0);
        for a in 0..size {
            for b in a + 1..size {
                let far = if each[a] > 0.0 && each[b] > 0.0 { apart(a, b) } else { 0.0 };
                observed += self.cells[a * size + b] * far;
                expected += each[a] * each[b] * far;
            }
        }
        let alpha = 1.0 - (total - 1.0) * observed / expected;
        alpha.is_finite().then_some(alpha)
    }
}
