use super::{Four, non_overlapping, overlapping};
use crate::correlate::moments::Moments;
use crate::correlate::{Complete, Method, pearson};
use crate::{Error, Result};
use ssi_vocab::{Estimate, Level, Paired, Table};

/// The correlations of two pairs of columns, and how they differ: first the two correlations, then
/// a row for each method. The pairs share one column or none.
///
/// # Missing data
/// Respondents without a value in each of the columns are left out: both correlations are of the
/// same respondents.
///
/// # Errors
/// Those of [`overlapping`], of [`pearson()`] and of [`Complete::new`]; [`Error::SameColumn`] for two
/// pairs of the same two columns.
pub fn columns(
    table: &Table,
    first: (&str, &str),
    second: (&str, &str),
    level: Level,
) -> Result<(Vec<Estimate>, Complete)> {
    let names = [first.0, first.1, second.0, second.1];
    let complete = Complete::new(table, &names, Method::Pearson)?;
    complete.check("comparing correlations", 4)?;
    let (own, values) = (complete.names(), complete.columns());
    let pair = |i: usize, j: usize| -> Result<Estimate> {
        let (x, y) = (values[i].clone(), values[j].clone());
        let counts = complete.counts().map(<[u64]>::to_vec);
        let pair = Paired::new(&own[i], x, &own[j], y, counts, Vec::new())?;
        Ok(pearson(&pair.with_left_out(complete.n_excluded()))?.estimate(level))
    };
    let r = |i: usize, j: usize| {
        let moments = Moments::new(&values[i], &values[j], complete.counts());
        // Every column varies: that was checked.
        moments.correlation().map_or(0.0, |(r, _)| r)
    };
    let n = complete.n_obs();
    // Which places of the two pairs hold the same column: (own, the other one of that pair).
    let same = [(0, 1, 2, 3), (0, 1, 3, 2), (1, 0, 2, 3), (1, 0, 3, 2)]
        .into_iter()
        .filter(|(i, _, j, _)| own[*i] == own[*j])
        .collect::<Vec<_>>();
    let compared = match same[..] {
        [] => {
            let four = Four {
                r12: r(0, 1),
                r34: r(2, 3),
                r13: r(0, 2),
                r14: r(0, 3),
                r23: r(1, 2),
                r24: r(1, 3),
            };
            non_overlapping(four, n, level)?
        }
        [(_, a, _, b)] => overlapping(r(0, 1), r(2, 3), r(a, b), n, level)?,
        _ => return Err(Error::SameColumn { column: own[0].clone() }),
    };
    let term = format!("({}, {}) - ({}, {})", own[0], own[1], own[2], own[3]);
    let mut rows = vec![pair(0, 1)?, pair(2, 3)?];
    rows.extend(compared.into_iter().map(|row| Estimate {
        term: term.clone(),
        n_excluded: complete.n_excluded(),
        ..row
    }));
    Ok((rows, complete))
}
