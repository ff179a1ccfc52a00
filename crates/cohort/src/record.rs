//! Rows of cells that share one text, so that a cell costs a place and no memory of its own.

use std::sync::Arc;

/// The text of all cells of a file, and where each cell ends.
#[derive(Debug, Default)]
struct Text {
    text: String,
    /// Where each cell ends: files have less than 4 GiB ([`crate::Limit::ALL`]).
    ends: Vec<u32>,
    /// How many bytes stand between a cell and the next one of its row: a separator, or nothing.
    gap: usize,
}

/// One row of cells, not yet trimmed.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    shared: Arc<Text>,
    /// Where the first cell begins.
    start: u32,
    /// Which of the ends is that of the first cell.
    first: u32,
    len: u32,
}

/// Puts records together, a cell after the other.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    shared: Text,
    /// Where each row starts, which of the ends is its first, and how many cells it has.
    rows: Vec<(u32, u32, u32)>,
}

impl Builder {
    /// Room for so many cells.
    pub(crate) fn of_cells(cells: usize) -> Self {
        let shared = Text { ends: Vec::with_capacity(cells), ..Text::default() };
        Self { shared, ..Self::default() }
    }

    /// Appends a cell to the row that is being written.
    pub(crate) fn push(&mut self, cell: &str) {
        self.shared.text.push_str(cell);
        self.end_pushed();
    }

    /// The text of all cells, to which the next one can be appended.
    pub(crate) fn text(&mut self) -> &mut String {
        &mut self.shared.text
    }

    /// Ends a cell that was appended to the text.
    pub(crate) fn end_pushed(&mut self) {
        self.shared.ends.push(self.shared.text.len() as u32);
    }

    /// Ends a row of pushed cells.
    pub(crate) fn finish_pushed(&mut self) {
        let before = self.rows.last().map_or(0, |(_, first, len)| first + len);
        self.finish(
            before.checked_sub(1).map_or(0, |last| self.shared.ends[last as usize] as usize),
        );
    }

    /// Says that a cell of the row ends at a byte of the text that [`Builder::within`] is given.
    pub(crate) fn end(&mut self, at: usize) {
        self.shared.ends.push(at as u32);
    }

    /// Ends a row that began at a byte of the text, and says how many cells it has.
    pub(crate) fn finish(&mut self, start: usize) -> usize {
        let before = self.rows.last().map_or(0, |(_, first, len)| first + len);
        let len = self.shared.ends.len() as u32 - before;
        self.rows.push((start as u32, before, len));
        len as usize
    }

    /// How many cells there are.
    pub(crate) fn cells(&self) -> usize {
        self.shared.ends.len()
    }

    /// The text whose cells were given by their ends, one byte apart.
    pub(crate) fn within(mut self, text: String) -> Self {
        (self.shared.text, self.shared.gap) = (text, 1);
        self
    }

    /// The rows.
    pub(crate) fn records(self) -> impl Iterator<Item = Record> {
        let shared = Arc::new(self.shared);
        self.rows.into_iter().map(move |(start, first, len)| Record {
            shared: Arc::clone(&shared),
            start,
            first,
            len,
        })
    }
}

impl Record {
    /// How many cells.
    pub(crate) fn len(&self) -> usize {
        self.len as usize
    }

    /// A cell, if the row reaches so far.
    pub(crate) fn get(&self, column: usize) -> Option<&str> {
        if column >= self.len() {
            return None;
        }
        let Text { text, ends, gap } = &*self.shared;
        let at = self.first as usize + column;
        let start = if column == 0 { self.start as usize } else { ends[at - 1] as usize + gap };
        Some(&text[start..ends[at] as usize])
    }

    /// The cells.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        (0..self.len()).filter_map(|column| self.get(column))
    }

    /// True where no cell of any row of the file has the character.
    pub(crate) fn none_has(&self, character: char) -> bool {
        !self.shared.text.contains(character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_in_their_own_text_and_in_a_shared_one() {
        let mut pushed = Builder::default();
        for row in [&["a", "bc", ""][..], &["", "d"]] {
            row.iter().for_each(|cell| pushed.push(cell));
            pushed.finish_pushed();
        }
        let mut within = Builder::of_cells(5);
        [1, 4, 5].into_iter().for_each(|at| within.end(at));
        within.finish(0);
        [7, 9].into_iter().for_each(|at| within.end(at));
        within.finish(7);
        let within = within.within("a;bc;\n\n;d".to_owned());
        for records in [pushed.records().collect::<Vec<_>>(), within.records().collect()] {
            let cells: Vec<Vec<&str>> = records.iter().map(|r| r.iter().collect()).collect();
            assert_eq!(cells, [vec!["a", "bc", ""], vec!["", "d"]]);
            assert_eq!((records[0].get(1), records[1].get(2)), (Some("bc"), None));
            assert_eq!(records[1].iter().next_back(), Some("d"));
        }
    }
}
