use crate::tails::beta_cdf;
use ssi_vocab::{Capped, Cells, Column, Estimate, Interval, Level, Note};

/// The median of a column with the interval between two order statistics.
///
/// # Formula
/// x₍ₖ₎ to x₍ₙ₊₁₋ₖ₎ with the largest k for which a binomial count of n trials at ½ is below k with a
/// probability of at most half of 1 − level. Ties only make it hold more than it says.
///
/// # Assumptions
/// Respondents are independent. Nothing is assumed of the distribution.
///
/// # Missing data
/// Gaps are left out and counted. A capped value lies above every other; an end that falls on one
/// is not known, and the interval is missing with a note.
///
/// # Errors
/// Those of [`super::describe`]. Too few respondents for such a k leave the median without interval
/// and with a note.
///
/// # References
/// Hahn, G. J. and Meeker, W. Q. (1991). Statistical Intervals, 5.2. doi:10.1002/9780470316771
///
/// # Example
/// ```
/// use ssi_infer::describe::median;
/// use ssi_vocab::{Column, Level};
/// let hours = [4.0, 5.0, 6.0, 7.0, 8.0, 8.0, 9.0, 10.0, 12.0, 20.0];
/// let row = median(&Column::number("hours", hours.map(Ok).to_vec()), None, Level::DEFAULT)?;
/// let interval = row.interval.unwrap();
/// assert_eq!((row.value, interval.low, interval.high), (Some(8.0), 5.0, 12.0));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn median(column: &Column, counts: Option<&[u64]>, level: Level) -> crate::Result<Estimate> {
    const METHOD: &str = "order_statistic";
    let rows = super::describe(column, counts, level)?;
    let Some(mut row) = rows.into_iter().find(|row| row.method == "median") else {
        return Err(crate::Error::TooFew { analysis: "a median", needed: 1, found: 0 });
    };
    if row.value.is_none() {
        return Ok(row);
    }
    let mut values: Vec<(Capped, u64)> = cells(column)
        .enumerate()
        .filter_map(|(i, cell)| Some((cell?, counts.map_or(1, |c| c[i]))))
        .filter(|(cell, n)| cell.value.is_finite() && *n > 0)
        .collect();
    values.sort_by(|(a, _), (b, _)| a.at_least.cmp(&b.at_least).then(a.value.total_cmp(&b.value)));
    let n: u64 = values.iter().map(|(_, n)| n).sum();
    let Some(k) = place(n, level) else {
        return Ok(row.lacking_interval(METHOD, Note::TooFewForInterval));
    };
    let (Some(low), Some(high)) = (at(&values, k), at(&values, n + 1 - k)) else {
        return Ok(row.lacking_interval(METHOD, Note::Capped));
    };
    row.interval = Some(Interval { low, high, level, method: METHOD.to_owned() });
    Ok(row)
}

/// A column's cells as counts that may be capped; `None` for a gap, or for words.
fn cells(column: &Column) -> Box<dyn Iterator<Item = Option<Capped>> + '_> {
    match &column.cells {
        Cells::Capped(cells) => Box::new(cells.iter().map(|cell| cell.ok())),
        Cells::Number(cells) => Box::new(
            cells.iter().map(|cell| cell.ok().map(|value| Capped { value, at_least: false })),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

/// The largest k with P(count < k) ≤ (1 − level)/2, for a binomial count of n trials at ½; `None`
/// where not even 1 is one.
fn place(n: u64, level: Level) -> Option<u64> {
    // P(count ≤ k − 1) = I(½; n − k + 1, k).
    let below = |k: u64| beta_cdf(0.5, (n - k + 1) as f64, k as f64);
    let (mut low, mut high) = (0, n / 2 + 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if below(middle) <= level.tail() {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low > 0).then_some(low)
}

/// The `k`-th smallest value, counted from 1, if it is not capped.
fn at(values: &[(Capped, u64)], k: u64) -> Option<f64> {
    let mut passed = 0;
    let found = values.iter().find(|(_, n)| {
        passed += n;
        passed >= k
    });
    found.filter(|(cell, _)| !cell.at_least).map(|(cell, _)| cell.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[f64]) -> Column {
        Column::number("x", values.iter().map(|v| Ok(*v)).collect())
    }

    #[test]
    fn five_respondents_have_no_95_percent_interval_and_six_have_one() {
        let row = |n: usize| {
            let values: Vec<f64> = (0..n).map(|i| i as f64).collect();
            median(&numbers(&values), None, Level::DEFAULT).unwrap()
        };
        assert_eq!(row(5).note, Some(Note::TooFewForInterval));
        let interval = row(6).interval.unwrap();
        assert_eq!((interval.low, interval.high), (0.0, 5.0));
    }

    #[test]
    fn counts_give_what_their_rows_give() {
        let rows = [1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 7.0, 7.0, 9.0, 9.0, 9.0];
        let whole = median(&numbers(&rows), None, Level::DEFAULT).unwrap();
        let counts = [1, 3, 2, 2, 3];
        let counted =
            median(&numbers(&[1.0, 2.0, 3.0, 7.0, 9.0]), Some(&counts), Level::DEFAULT).unwrap();
        assert_eq!(whole.interval, counted.interval);
        assert_eq!(whole.value, counted.value);
    }

    #[test]
    fn an_end_among_capped_values_is_not_known() {
        let value = |value, at_least| Ok(Capped { value, at_least });
        let mut cells: Vec<_> = (0..8).map(|i| value(f64::from(i), false)).collect();
        cells.extend([value(500.0, true); 3]);
        let row = median(&Column::capped("contacts", cells), None, Level::DEFAULT).unwrap();
        assert_eq!((row.value, row.note, row.interval), (Some(5.0), Some(Note::Capped), None));
    }
}
