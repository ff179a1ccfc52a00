//! Which values are missing, and which are missing together.

use crate::Result;
use ssi_vocab::drawing::{GapPattern, Gaps};
use ssi_vocab::{Cells, Column, Missing, MissingColumn, Table};
use std::collections::BTreeMap;

/// More patterns than this are not told apart.
const MOST_PATTERNS: usize = 12;

/// More columns than this are not drawn one below the other.
const MOST_COLUMNS: usize = 20;

/// Why each row has no value of a column.
fn reasons(column: &Column) -> Vec<Option<Missing>> {
    match &column.cells {
        Cells::Number(cells) => cells
            .iter()
            .map(|c| c.map_or_else(Some, |v| (!v.is_finite()).then_some(Missing::NotANumber)))
            .collect(),
        Cells::Capped(cells) => cells.iter().map(|c| c.err()).collect(),
        Cells::Factor { codes, .. } => codes.iter().map(|c| c.err()).collect(),
    }
}

/// How many values each column has, how many are missing, and how many of these could not be seen.
///
/// # Missing data
/// Infinite numbers count as missing. Frequency weights count respondents.
///
/// # Errors
/// [`Error::Input`](crate::Error::Input) for an unknown column.
///
/// # Example
/// ```
/// use ssi_infer::missing::missing;
/// use ssi_vocab::{Column, Missing, Table};
///
/// let cells = vec![Ok(1.0), Err(Missing::Blank), Err(Missing::NotVisible), Ok(0.5)];
/// let table = Table::new(vec![Column::number("photo", cells)], vec![2, 3, 4, 5])?;
/// let [photo] = &missing(&table, &["photo"])?[..] else { unreachable!() };
/// assert_eq!((photo.n_present, photo.n_missing, photo.n_not_visible), (2, 2, 1));
/// # Ok::<(), ssi_infer::Error>(())
/// ```
pub fn missing(table: &Table, columns: &[&str]) -> Result<Vec<MissingColumn>> {
    let weight = |i: usize| table.counts().map_or(1, |counts| counts[i] as usize);
    let n: usize = (0..table.n_rows()).map(weight).sum();
    columns
        .iter()
        .map(|name| {
            let column = table.column(name)?;
            let reasons = reasons(column);
            let count = |wanted: &dyn Fn(Missing) -> bool| -> usize {
                let all = reasons.iter().enumerate();
                all.filter(|(_, r)| r.is_some_and(wanted)).map(|(i, _)| weight(i)).sum()
            };
            let n_missing = count(&|_| true);
            Ok(MissingColumn {
                column: column.name.clone(),
                n_present: n - n_missing,
                n_missing,
                n_not_visible: count(&|r| r == Missing::NotVisible),
                share: if n == 0 { 0.0 } else { n_missing as f64 / n as f64 },
            })
        })
        .collect()
}

/// Which values are missing together, the most frequent pattern first; nothing where none is
/// missing.
///
/// Of more than 20 columns with gaps, those with the fewest are not to be drawn; patterns may differ
/// in them all the same. More than 12 patterns are not told apart.
///
/// Patterns of fewer than `smallest` respondents are put together, with the next larger ones if
/// they are too few even so: what is shown, and what is left when it is taken off the whole, are
/// that many. (Where all respondents with gaps are fewer, their number is what every analysis says
/// it left out.)
///
/// # Missing data
/// Frequency weights count respondents.
///
/// # Errors
/// [`Error::Input`](crate::Error::Input) for an unknown column.
///
/// # References
/// van Buuren (2018), section 4.1, doi:10.1201/9780429492259 (`md.pattern` of R's mice).
pub fn patterns(table: &Table, columns: &[&str], smallest: usize) -> Result<Option<Gaps>> {
    let counted = missing(table, columns)?;
    let mut with_gaps: Vec<&MissingColumn> = counted.iter().filter(|c| c.n_missing > 0).collect();
    if with_gaps.is_empty() {
        return Ok(None);
    }
    with_gaps.sort_by_key(|c| std::cmp::Reverse(c.n_missing));
    let reasons = with_gaps
        .iter()
        .map(|c| Ok(reasons(table.column(&c.column)?)))
        .collect::<Result<Vec<_>>>()?;
    let mut found: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for i in 0..table.n_rows() {
        let pattern = reasons.iter().map(|r| r[i].is_some()).collect();
        let weight = table.counts().map_or(1, |counts| counts[i] as usize);
        *found.entry(pattern).or_default() += weight;
    }
    let mut sorted: Vec<(Vec<bool>, usize)> = found.into_iter().filter(|(_, n)| *n > 0).collect();
    // The order of the map breaks ties: fewer and later gaps first.
    sorted.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let of = |part: &[(Vec<bool>, usize)]| part.iter().map(|(_, n)| n).sum::<usize>();
    let mut shown = sorted.iter().take_while(|(_, n)| *n >= smallest).count().min(MOST_PATTERNS);
    while shown > 1 && shown < sorted.len() && of(&sorted[shown..]) < smallest {
        shown -= 1;
    }
    let one = |part: &[(Vec<bool>, usize)]| {
        let n = of(part);
        let lacking = |v: usize| part.iter().filter(|(p, _)| p[v]).map(|(_, n)| n).sum::<usize>();
        let missing = (0..with_gaps.len()).map(|v| lacking(v) as f64 / n as f64).collect();
        GapPattern { n_obs: n, patterns: part.len(), missing }
    };
    let rest = &sorted[shown..];
    let patterns = sorted[..shown].chunks(1).chain((!rest.is_empty()).then_some(rest)).map(one);
    Ok(Some(Gaps {
        variables: with_gaps.iter().map(|c| c.column.clone()).collect(),
        n_missing: with_gaps.iter().map(|c| c.n_missing).collect(),
        n_obs: of(&sorted),
        n_complete: counted.len() - with_gaps.len(),
        n_hidden: with_gaps.len().saturating_sub(MOST_COLUMNS),
        patterns: patterns.collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, usize)]) -> Table {
        let all: Vec<&str> = rows.iter().flat_map(|(p, n)| vec![*p; *n]).collect();
        let column = |v: usize| {
            let cell = |p: &&str| match p.as_bytes()[v] {
                b'.' => Err(Missing::Blank),
                b'n' => Err(Missing::NotVisible),
                _ => Ok(1.0),
            };
            Column::number(["a", "b", "c"][v], all.iter().map(cell).collect())
        };
        Table::new((0..3).map(column).collect(), (0..all.len()).collect()).unwrap()
    }

    #[test]
    fn rare_patterns_are_one_and_never_fewer_than_the_smallest_group() {
        let names = ["a", "b", "c"];
        let shown = |rows: &[(&str, usize)], smallest| {
            let gaps = patterns(&table(rows), &names, smallest).unwrap().unwrap();
            gaps.patterns.iter().map(|p| (p.n_obs, p.patterns)).collect::<Vec<_>>()
        };
        let rows = [("xxx", 40), (".xx", 12), ("x.x", 6), ("xn.", 5)];
        assert_eq!(shown(&rows, 10), [(40, 1), (12, 1), (11, 2)]);
        // Ten are left when those shown are taken off: the twelve go with the four.
        assert_eq!(shown(&[("xxx", 40), (".xx", 12), ("x.x", 4)], 10), [(40, 1), (16, 2)]);
        assert_eq!(shown(&[("xxx", 40), ("x.x", 4)], 10), [(40, 1), (4, 1)]);
        assert_eq!(shown(&rows, 1), [(40, 1), (12, 1), (6, 1), (5, 1)]);
        let gaps = patterns(&table(&rows), &names, 10).unwrap().unwrap();
        assert_eq!(gaps.variables, ["a", "b", "c"]);
        assert_eq!(gaps.n_missing, [12, 11, 5]);
        assert_eq!(gaps.patterns[1].missing, [1.0, 0.0, 0.0]);
        assert_eq!(gaps.patterns[2].missing, [0.0, 1.0, 5.0 / 11.0]);
        let b = &missing(&table(&rows), &["b"]).unwrap()[0];
        assert_eq!((b.n_present, b.n_missing, b.n_not_visible), (52, 11, 5));
        assert_eq!(patterns(&table(&[("xxx", 3)]), &names, 1).unwrap(), None);
    }

    #[test]
    fn columns_and_patterns_beyond_what_can_be_told_apart_are_counted() {
        let cells =
            |v: usize| (0..60).map(move |i| if i > v { Ok(1.0) } else { Err(Missing::Blank) });
        let names: Vec<String> = (0..23).map(|v| format!("v{v}")).collect();
        let columns = (0..23).map(|v| Column::number(&names[v], cells(v).collect())).collect();
        let table = Table::new(columns, (0..60).collect()).unwrap();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let gaps = patterns(&table, &names, 1).unwrap().unwrap();
        assert_eq!((gaps.variables.len(), gaps.n_hidden), (23, 3));
        assert_eq!((gaps.variables[0].as_str(), gaps.n_missing[22]), ("v22", 1));
        let last = gaps.patterns.last().unwrap();
        assert_eq!((gaps.patterns.len(), last.patterns), (13, 12));
        assert_eq!(patterns(&table, &names[..20], 1).unwrap().unwrap().n_hidden, 0);
    }

    #[test]
    fn counts_are_respondents_and_nobody_is_no_pattern() {
        let counted = table(&[("xxx", 1), (".xx", 2)]).with_counts(vec![30, 11, 4]).unwrap();
        let gaps = patterns(&counted, &["a", "b"], 10).unwrap().unwrap();
        assert_eq!((gaps.n_obs, gaps.n_missing[0], gaps.patterns.len()), (45, 15, 2));
        assert_eq!(patterns(&table(&[]), &["a"], 10).unwrap(), None);
        assert_eq!(missing(&table(&[]), &["a"]).unwrap()[0].share, 0.0);
    }
}
