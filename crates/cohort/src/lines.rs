//! The rows of a file: cells that share one text, so that most cost no memory of their own.

mod cut;

pub(crate) use cut::{Cut, Room, Word, rows_at_a_time};

use ssi_vocab::spreadsheet::restored;
use std::borrow::Cow;

/// Rows of cells, in file order.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: Cow<'t, str>,
    apart: Apart,
    rows: Vec<Row>,
}

/// How the cells of a row are told apart.
#[derive(Debug)]
enum Apart {
    /// A separator stands between them; each row is taken apart when its cells are asked for.
    By(u8),
    /// Where each cell ends, and how many bytes stand between it and the next one.
    At(Vec<u32>, usize),
}

/// Up to so many cells of a row are found by looking for separators. In longer rows that would take
/// longer for each column the farther back it stands, so that the ends of their cells are kept.
const MOST_SOUGHT: u32 = 64;

/// A row. Files have less than 4 GiB ([`crate::Limit::ALL`]).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    number: u32,
    /// Where its text begins.
    start: u32,
    /// Where its text ends; or, of rows whose cells' ends are known, which is the first of them.
    to: u32,
    /// How many cells.
    len: u32,
}

impl Row {
    /// The row with a number, of so many cells, from one byte of a separated text to another.
    pub(crate) fn new(number: usize, (start, end): (usize, usize), cells: usize) -> Self {
        let [number, start, to, len] = [number, start, end, cells].map(|n| n as u32);
        Self { number, start, to, len }
    }
}

impl<'t> Lines<'t> {
    /// The rows of a text whose cells have a separator between them.
    pub(crate) fn separated(text: Cow<'t, str>, separator: u8, mut rows: Vec<Row>) -> Self {
        if rows.iter().all(|row| row.len <= MOST_SOUGHT) {
            return Self { text, apart: Apart::By(separator), rows };
        }
        let mut ends = Vec::with_capacity(rows.iter().map(|row| row.len as usize).sum());
        for row in &mut rows {
            let first = ends.len() as u32;
            let bytes = &text.as_bytes()[row.start as usize..row.to as usize];
            marks(bytes, separator, |at| ends.push(row.start + at as u32));
            ends.push(row.to);
            row.to = first;
        }
        Self { text, apart: Apart::At(ends, 1), rows }
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One of the rows.
    pub(crate) fn get(&self, at: usize) -> Option<Line<'_>> {
        self.rows.get(at).map(|row| Line { lines: self, row: *row })
    }

    /// The first row.
    pub(crate) fn first(&self) -> Option<Line<'_>> {
        self.get(0)
    }

    /// The last row.
    pub(crate) fn last(&self) -> Option<Line<'_>> {
        self.rows.last().map(|row| Line { lines: self, row: *row })
    }

    /// The rows.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Line<'_>> + Clone {
        self.rows.iter().map(|row| Line { lines: self, row: *row })
    }

    /// Takes the last row away.
    pub(crate) fn pop(&mut self) {
        self.rows.pop();
    }

    /// Takes rows away from the beginning.
    pub(crate) fn skip(&mut self, count: usize) {
        self.rows.drain(..count.min(self.rows.len()));
    }

    /// Takes the blank rows away; their numbers.
    pub(crate) fn without_blank(&mut self) -> Vec<usize> {
        let blank: Vec<usize> =
            self.iter().filter(|line| line.is_blank()).map(|line| line.number()).collect();
        self.without(&blank);
        blank
    }

    /// Takes the rows with these numbers away, which are in order.
    pub(crate) fn without(&mut self, numbers: &[usize]) {
        if !numbers.is_empty() {
            self.rows.retain(|row| numbers.binary_search(&(row.number as usize)).is_err());
        }
    }

    /// True where no cell of any row of the file has the character.
    pub(crate) fn none_has(&self, character: char) -> bool {
        !self.text.contains(character)
    }
}

impl Apart {
    /// How many bytes stand between a cell and the next one.
    fn gap(&self) -> u32 {
        match self {
            Self::By(_) => 1,
            Self::At(_, gap) => *gap as u32,
        }
    }
}

/// Calls `found` with the place of every separator.
///
/// Eight bytes are looked at together. In each byte of a word that has been xored with the
/// separator, and only there, the separator is 0; `((x & 0x7F…) + 0x7F…) | x` has the highest bit of
/// all others.
fn marks(bytes: &[u8], separator: u8, mut found: impl FnMut(usize)) {
    const LOW: u64 = u64::from_ne_bytes([0x7F; 8]);
    let separators = u64::from_ne_bytes([separator; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let x = u64::from_le_bytes(*word) ^ separators;
        let mut zeros = !(((x & LOW) + LOW) | x | LOW);
        while zeros != 0 {
            found(8 * at + zeros.trailing_zeros() as usize / 8);
            zeros &= zeros - 1;
        }
    }
    let places = (8 * words.len()..).zip(rest);
    places.filter(|(_, byte)| **byte == separator).for_each(|(at, _)| found(at));
}

/// One row of cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'l> {
    lines: &'l Lines<'l>,
    row: Row,
}

impl<'l> Line<'l> {
    /// The row as the user counts it: as a spreadsheet would number it.
    pub(crate) fn number(&self) -> usize {
        self.row.number as usize
    }

    /// How many cells.
    pub(crate) fn len(&self) -> usize {
        self.row.len as usize
    }

    /// The cells, not trimmed.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'l str> + use<'l> {
        let Self { lines, row } = *self;
        let mut start = row.start as usize;
        (0..row.len).map(move |at| {
            let (end, gap) = match &lines.apart {
                Apart::At(ends, gap) => (ends[(row.to + at) as usize] as usize, *gap),
                Apart::By(separator) => {
                    let rest = &lines.text.as_bytes()[start..row.to as usize];
                    let length = rest.iter().position(|byte| byte == separator);
                    (start + length.unwrap_or(rest.len()), 1)
                }
            };
            let cell = &lines.text[start..end];
            start = end + gap;
            cell
        })
    }

    /// A cell as it stands there; empty where the row is too short.
    pub(crate) fn raw(&self, column: usize) -> &'l str {
        let Self { lines, row } = *self;
        match &lines.apart {
            Apart::At(ends, gap) if column < row.len as usize => {
                let at = row.to as usize + column;
                let start =
                    if column == 0 { row.start as usize } else { ends[at - 1] as usize + gap };
                &lines.text[start..ends[at] as usize]
            }
            Apart::At(..) => "",
            Apart::By(_) => self.cells().nth(column).unwrap_or(""),
        }
    }

    /// A cell without the white space around it, and without the apostrophe that keeps a
    /// spreadsheet program from taking it for a formula; empty where the row is too short.
    pub(crate) fn cell(&self, column: usize) -> &'l str {
        tidy(self.raw(column))
    }

    /// How many cells have more than white space.
    pub(crate) fn filled(&self) -> usize {
        self.cells().filter(|cell| !tidy(cell).is_empty()).count()
    }

    /// True where no cell has anything but white space.
    pub(crate) fn is_blank(&self) -> bool {
        let first = self.lines.text.as_bytes().get(self.row.start as usize);
        if let (Apart::By(separator), Some(first)) = (&self.lines.apart, first)
            && first.is_ascii_graphic()
            && first != separator
        {
            return false;
        }
        self.cells().all(|cell| trimmed(cell).is_empty())
    }
}

/// A cell as it is read.
#[inline]
pub(crate) fn tidy(cell: &str) -> &str {
    restored(trimmed(cell))
}

/// A text without the white space around it; most cells have none, which two bytes tell.
#[inline]
pub(crate) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        [only] if only.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Puts rows together, a cell after the other.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    text: String,
    ends: Vec<u32>,
    rows: Vec<Row>,
}

impl Builder {
    /// Appends a cell to the row that is being written.
    pub(crate) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.end_cell();
    }

    /// The text of all cells, to which the next one can be appended.
    pub(crate) fn text(&mut self) -> &mut String {
        &mut self.text
    }

    /// Ends a cell that was appended to the text.
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(self.text.len() as u32);
    }

    /// Ends a row.
    pub(crate) fn end_row(&mut self, number: usize) {
        let to = self.rows.last().map_or(0, |row| row.to + row.len);
        let start = to.checked_sub(1).map_or(0, |last| self.ends[last as usize]);
        let len = self.ends.len() as u32 - to;
        self.rows.push(Row { number: number as u32, start, to, len });
    }

    /// How many cells there are.
    pub(crate) fn cells(&self) -> usize {
        self.ends.len()
    }

    /// The rows.
    pub(crate) fn lines(self) -> Lines<'static> {
        Lines { text: Cow::Owned(self.text), apart: Apart::At(self.ends, 0), rows: self.rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_rows_have_the_same_cells() {
        let row: Vec<String> = (0..200).map(|at| "x".repeat(at % 11)).collect();
        let text = format!("{}\na,b", row.join(","));
        let n = text.len();
        let rows = vec![Row::new(1, (0, n - 4), 200), Row::new(2, (n - 3, n), 2)];
        let lines = Lines::separated(Cow::Borrowed(&text), b',', rows);
        assert!(matches!(lines.apart, Apart::At(..)));
        let cells: Vec<Vec<&str>> = lines.iter().map(|line| line.cells().collect()).collect();
        assert_eq!(cells, [row.iter().map(String::as_str).collect(), vec!["a", "b"]]);
        let mut room = Room::default();
        let cut = lines.cut(&[1, 0], 200, &mut room);
        assert_eq!((cut.raw(0, 1), cut.raw(0, 2), cut.raw(1, 199)), ("b", "", row[199].as_str()));
        assert_eq!(cut.words(199).next().unwrap().1, 0);
        let last = lines.last().unwrap();
        assert_eq!((last.raw(0), last.raw(1), last.raw(2)), ("a", "b", ""));
    }

    #[test]
    fn cells_are_found_between_separators_and_by_their_ends() {
        let mut pushed = Builder::default();
        for (number, row) in [(1, &["a", " bc", "", "長い名前", "1234567890"][..]), (3, &["", "d"])]
        {
            row.iter().for_each(|cell| pushed.push(cell));
            pushed.end_row(number);
        }
        let text = "a; bc;;長い名前;1234567890\n\n;d";
        let n = text.len();
        let rows = vec![Row::new(1, (0, n - 4), 5), Row::new(3, (n - 2, n), 2)];
        let separated = Lines::separated(Cow::Borrowed(text), b';', rows);
        for lines in [pushed.lines(), separated] {
            let cells: Vec<Vec<&str>> = lines.iter().map(|line| line.cells().collect()).collect();
            assert_eq!(cells, [vec!["a", " bc", "", "長い名前", "1234567890"], vec!["", "d"]]);
            let mut room = Room::default();
            for which in [&[0, 1][..], &[1], &[1, 0]] {
                let cut = lines.cut(which, 7, &mut room);
                let narrow =
                    |room: &mut Room| lines.cut(which, 1, room).words(0).collect::<Vec<_>>();
                assert_eq!(narrow(&mut Room::default()), cut.words(0).collect::<Vec<_>>());
                assert_eq!(cut.len(), which.len());
                for (row, at) in which.iter().enumerate() {
                    let line = lines.get(*at as usize).unwrap();
                    assert_eq!(cut.number(row), line.number());
                    for column in 0..7 {
                        let of_row = cells[*at as usize].get(column).copied().unwrap_or("");
                        assert_eq!((cut.raw(row, column), line.raw(column)), (of_row, of_row));
                        assert_eq!(cut.cell(row, column), of_row.trim());
                        let (word, length) = cut.words(column).nth(row).unwrap();
                        let first = &word.to_le_bytes()[..length.min(8)];
                        assert_eq!(first, &of_row.as_bytes()[..of_row.len().min(8)]);
                        assert_eq!(length, of_row.len());
                    }
                }
            }
        }
    }
}
