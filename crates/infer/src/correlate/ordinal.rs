//! Columns of few ordered values, read as a normal variable that was cut at thresholds.

use super::ranks::Classes;
use crate::tails::normal_quantile;
use crate::{Error, Result};

/// The most different values an ordinal column may have: a score in half points from 0 to 10, which
/// has 21, is one. Beyond, its values say enough to be
/// correlated themselves.
pub const MAX_LEVELS: usize = 25;

/// A column as ordered levels, each of them seen.
#[derive(Debug, Clone)]
pub(crate) struct Levels {
    /// The level of each row, from 0. Rows that count for nobody have any.
    pub(crate) code: Vec<u32>,
    /// How many levels.
    pub(crate) len: usize,
}

impl Levels {
    /// The levels of a column; an error above [`MAX_LEVELS`].
    pub(crate) fn new(name: &str, values: &[f64], counts: Option<&[u64]>) -> Result<Self> {
        let classes = Classes::new(values);
        let mut next = 0;
        let place: Vec<u32> = classes
            .sizes(counts)
            .into_iter()
            .map(|size| {
                let place = if size > 0 { next } else { 0 };
                next += u32::from(size > 0);
                place
            })
            .collect();
        let len = next as usize;
        if len > MAX_LEVELS {
            let column = name.to_owned();
            return Err(Error::TooManyLevels { column, found: len, limit: MAX_LEVELS });
        }
        Ok(Self { code: classes.code.iter().map(|c| place[*c as usize]).collect(), len })
    }
}

/// The respondents up to and including each level: from 0, to all of them.
pub(super) fn cumulated(sizes: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let mut sum = 0;
    let upto = sizes.into_iter().map(|size| {
        sum += size;
        sum
    });
    std::iter::once(0).chain(upto).collect()
}

/// Where a normal variable must be cut for these shares to lie below: −∞ first, ∞ last.
pub(super) fn thresholds(cumulated: &[u64]) -> Vec<f64> {
    let n = cumulated.last().copied().unwrap_or(0);
    // From the nearer end, so that mirrored levels have mirrored thresholds.
    let cut = |below: &u64| {
        let above = n - below;
        if *below <= above {
            normal_quantile(*below as f64 / n as f64)
        } else {
            -normal_quantile(above as f64 / n as f64)
        }
    };
    cumulated.iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_count_for_nobody_make_no_level() {
        let levels = Levels::new("a", &[3.0, 1.0, 2.0, 3.0], Some(&[1, 2, 0, 1])).unwrap();
        assert_eq!((levels.len, levels.code[0], levels.code[1]), (2, 1, 0));
    }

    #[test]
    fn thresholds_of_a_symmetric_column_are_symmetric() {
        let cuts = thresholds(&cumulated([3, 4, 3]));
        assert_eq!((cuts[0], cuts[3]), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(cuts[1], -cuts[2]);
    }

    #[test]
    fn a_continuous_column_is_not_ordinal() {
        let values: Vec<f64> = (0..26).map(f64::from).collect();
        let error = Levels::new("ssi", &values, None).unwrap_err();
        assert_eq!(error, Error::TooManyLevels { column: "ssi".into(), found: 26, limit: 25 });
    }
}
