//! The first filled cells of every column, by which columns are told that their headers don't tell.

use crate::grid::Headed;
use crate::personal::of_header;

/// How many filled cells of a column are looked at.
const CELLS_TRIED: usize = 200;

/// All of so many rows are looked at, and one in [`STEP`] of the others: a column that is nearly
/// empty must not cost a look at every row.
const ROWS_TRIED: usize = 10_000;

/// See [`ROWS_TRIED`].
const STEP: usize = 64;

/// The first filled cells of each column.
pub(crate) struct Samples<'h>(Vec<Vec<&'h str>>);

impl<'h> Samples<'h> {
    pub(crate) fn of(headed: &'h Headed<'_>) -> Self {
        let width = headed.header.len();
        let mut cells: Vec<Vec<&str>> = vec![Vec::new(); width];
        let mut open = width;
        let n = headed.lines.len();
        let rows = (0..n.min(ROWS_TRIED)).chain((ROWS_TRIED..n).step_by(STEP));
        for line in rows.filter_map(|at| headed.lines.get(at)) {
            if open == 0 {
                break;
            }
            for (cell, kept) in line.cells().zip(&mut cells) {
                if kept.len() == CELLS_TRIED {
                    continue;
                }
                let cell = crate::lines::tidy(cell);
                if !cell.is_empty() {
                    kept.push(cell);
                    open -= usize::from(kept.len() == CELLS_TRIED);
                }
            }
        }
        // What a header says is personal is so however late its first cell comes.
        let late = |at: &usize| cells[*at].is_empty() && of_header(&headed.header[*at]).is_some();
        let late: Vec<usize> = (0..width).filter(late).collect();
        if n > ROWS_TRIED && !late.is_empty() {
            for line in headed.lines.iter().skip(ROWS_TRIED) {
                for at in &late {
                    let cell = line.cell(*at);
                    if !cell.is_empty() && cells[*at].len() < CELLS_TRIED {
                        cells[*at].push(cell);
                    }
                }
            }
        }
        Self(cells)
    }

    /// The filled cells of a column.
    pub(crate) fn of_column(&self, at: usize) -> &[&'h str] {
        self.0.get(at).map_or(&[], Vec::as_slice)
    }
}
