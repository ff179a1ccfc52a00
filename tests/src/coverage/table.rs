//! The table as CSV.

use super::Cell;
use std::fmt::Write;

const HEADER: &str =
    "population,estimate,interval,n,samples,truth,held,below,above,coverage,mc_error,width";

/// The cells as CSV, a row each. Coverage and its error follow from the counts beside them.
pub fn to_csv(cells: &[Cell]) -> String {
    let mut out = format!("{HEADER}\n");
    for c in cells {
        let (coverage, error) = (c.coverage(), c.error());
        // Writing to a String can't fail.
        let _ = writeln!(
            out,
            "{},{},{},{},{},{:.6},{},{},{},{coverage:.4},{error:.4},{:.5}",
            c.population,
            c.estimate,
            c.interval,
            c.n,
            c.samples,
            c.truth,
            c.held,
            c.below,
            c.above,
            c.width,
        );
    }
    out
}

/// The cells of such a file; `None` where it is not one.
pub fn from_csv(text: &str) -> Option<Vec<Cell>> {
    let mut lines = text.lines();
    (lines.next() == Some(HEADER)).then_some(())?;
    lines.map(cell).collect()
}

fn cell(line: &str) -> Option<Cell> {
    let fields: Vec<&str> = line.split(',').collect();
    let [population, estimate, interval, n, samples, truth, held, below, above, _, _, width] =
        fields[..]
    else {
        return None;
    };
    let count = |text: &str| text.parse::<usize>().ok();
    Some(Cell {
        population: population.to_owned(),
        estimate: estimate.to_owned(),
        interval: interval.to_owned(),
        n: count(n)?,
        samples: count(samples)?,
        truth: truth.parse().ok()?,
        held: count(held)?,
        below: count(below)?,
        above: count(above)?,
        width: width.parse().ok()?,
    })
}
