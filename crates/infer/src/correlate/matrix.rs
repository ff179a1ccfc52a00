use super::{Method, correlate_or_note, pair};
use crate::Result;
use crate::adjust::{benjamini_hochberg, holm};
use rayon::prelude::*;
use ssi_vocab::{Estimate, Level, PValue, Table};

/// The correlation of every pair of some columns, with p-values adjusted for their number.
///
/// The pairs come in the order (1, 2), (1, 3), …, (2, 3), …; each uses the respondents who have
/// both values. A pair whose correlation is undefined has no value and a note that says why. The
/// family of the adjusted p-values is the matrix.
///
/// # Errors
/// An unknown column, a column of words, or a capped one with a method that needs its values; see
/// [`pair`].
///
/// # Example
/// ```
/// use ssi_infer::correlate::{Method, matrix};
/// use ssi_vocab::{Column, Level, Table};
///
/// let column = |name: &str, values: [f64; 4]| Column::number(name, values.map(Ok).to_vec());
/// let table = Table::new(
///     vec![
///         column("a", [1.0, 2.0, 3.0, 4.0]),
///         column("b", [2.0, 1.0, 4.0, 3.0]),
///         column("c", [7.0, 7.0, 7.0, 7.0]),
///     ],
///     vec![2, 3, 4, 5],
/// )?;
/// let pairs = matrix(&table, &["a", "b", "c"], Method::Pearson, Level::DEFAULT)?;
/// assert_eq!(pairs[0].value, Some(0.6));
/// assert_eq!(pairs[2].value, None);
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn matrix(
    table: &Table,
    columns: &[&str],
    method: Method,
    level: Level,
) -> Result<Vec<Estimate>> {
    let mut pairs = Vec::new();
    for (i, x) in columns.iter().enumerate() {
        for y in &columns[i + 1..] {
            pairs.push((*x, *y));
        }
    }
    let estimates: Result<Vec<Estimate>> = pairs
        .into_par_iter()
        .map(|(x, y)| Ok(correlate_or_note(&pair(table, x, y, method)?, method, level)))
        .collect();
    Ok(adjusted(estimates?))
}

/// The same estimates with Holm's and Benjamini and Hochberg's p-values: those that have a test
/// are one family.
pub fn adjusted(mut estimates: Vec<Estimate>) -> Vec<Estimate> {
    let raw: Vec<PValue> =
        estimates.iter().filter_map(|e| e.test.as_ref()).map(|t| t.p_value).collect();
    let (mut p_holm, mut p_bh) = (holm(&raw).into_iter(), benjamini_hochberg(&raw).into_iter());
    for test in estimates.iter_mut().filter_map(|e| e.test.as_mut()) {
        test.p_holm = p_holm.next();
        test.p_bh = p_bh.next();
    }
    estimates
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::{Column, Missing, Note};

    #[test]
    fn undefined_pairs_stay_in_place_and_out_of_the_family() {
        let columns = vec![
            Column::number("a", [1.0, 2.0, 3.0, 4.0, 6.0].map(Ok).to_vec()),
            Column::number("b", [2.0, 1.0, 4.0, 3.0, 3.5].map(Ok).to_vec()),
            Column::number("c", [7.0; 5].map(Ok).to_vec()),
            Column::number(
                "d",
                vec![
                    Ok(1.0),
                    Ok(2.0),
                    Err(Missing::Blank),
                    Err(Missing::Blank),
                    Err(Missing::Blank),
                ],
            ),
        ];
        let table = Table::new(columns, (2..7).collect()).unwrap();
        let pairs =
            matrix(&table, &["a", "b", "c", "d"], Method::Spearman, Level::DEFAULT).unwrap();
        assert_eq!(pairs.len(), 6);
        let notes: Vec<_> = pairs.iter().map(|e| e.note).collect();
        let (constant, few) = (Some(Note::ConstantColumn), Some(Note::TooFew));
        assert_eq!(notes, [None, constant, few, constant, few, few]);
        // The one test of the family is its own adjustment.
        let test = pairs[0].test.clone().unwrap();
        assert_eq!(test.p_holm, Some(test.p_value));
        assert_eq!(pairs[2].n_excluded, 3);
    }
}
