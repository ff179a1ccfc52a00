//! What coverage is asked of an interval, and which interval to read where one falls short.

use super::Cell;

/// A coverage against the goal, two Monte Carlo standard errors allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// From 94 to 96 % at n ≥ 100, 93 % or more below.
    Met,
    /// Lower than that.
    Short,
    /// Higher than that: it holds more than it says, and is wider than it need be.
    Wide,
}

/// Whether a cell meets the goal.
pub fn verdict(cell: &Cell) -> Verdict {
    let allowed = 2.0 * cell.error();
    let (low, high) = if cell.n >= 100 { (0.94, 0.96) } else { (0.93, 1.0) };
    match cell.coverage() {
        c if c < low - allowed => Verdict::Short,
        c if c > high + allowed => Verdict::Wide,
        _ => Verdict::Met,
    }
}

/// The other intervals of the same estimate in the same samples, by name, that meet the goal.
pub fn better<'a>(cells: &'a [Cell], than: &Cell) -> Vec<&'a Cell> {
    others(cells, than, Verdict::Met)
}

/// The other intervals of the same estimate in the same samples of which that is the verdict.
pub(super) fn others<'a>(cells: &'a [Cell], than: &Cell, wanted: Verdict) -> Vec<&'a Cell> {
    let same = |c: &&Cell| {
        (&c.population, &c.estimate, c.n) == (&than.population, &than.estimate, than.n)
            && c.interval != than.interval
    };
    cells.iter().filter(same).filter(|c| verdict(c) == wanted).collect()
}
