use super::{Distance, Ratings, row};
use crate::Result;
use crate::resample::{Bootstrap, resampled};
use ssi_vocab::{Estimate, Level, Note, Progress};

/// Different ratings at most: their distances are a table of each with each.
const MOST_LEVELS: usize = 500;

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
/// Respondents with two ratings or more.
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
    let mut levels: Vec<f64> =
        used.iter().flat_map(|own| own.iter()).map(|(_, v)| *v + 0.0).collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    if levels.len() > MOST_LEVELS {
        return Ok(Estimate { note: Some(Note::TooManyLevels), ..row });
    }
    let coded: Vec<Vec<usize>> = used
        .iter()
        .map(|own| own.iter().map(|(_, v)| levels.partition_point(|l| l < v)).collect())
        .collect();
    let alpha = |drawn: &mut dyn Iterator<Item = usize>| {
        Coincidences::of(drawn.map(|i| coded[i].as_slice()), levels.len()).alpha(distance, &levels)
    };
    let Some(value) = alpha(&mut (0..coded.len())) else {
        return Ok(Estimate { note: Some(Note::ConstantColumn), ..row });
    };
    let row = Estimate { value: Some(value), ..row };
    let rows = |drawn: &[u32]| alpha(&mut drawn.iter().map(|i| *i as usize));
    resampled(row, coded.len(), how, level, progress, &rows)
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

    fn alpha(&self, distance: Distance, levels: &[f64]) -> Option<f64> {
        let size = self.size;
        let each: Vec<f64> = self.cells.chunks(size).map(|row| row.iter().sum()).collect();
        let total: f64 = each.iter().sum();
        let apart = |a: usize, b: usize| match distance {
            Distance::Nominal => 1.0,
            Distance::Interval => (levels[a] - levels[b]).powi(2),
            Distance::Ordinal => {
                (each[a..=b].iter().sum::<f64>() - 0.5 * (each[a] + each[b])).powi(2)
            }
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
