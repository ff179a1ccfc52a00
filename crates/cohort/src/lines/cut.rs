//! Some rows at a time, each cell of them at hand: column by column, while their text is in the
//! processor's own memory.

use super::{Apart, Lines, marks, tidy};

impl Lines<'_> {
    /// Takes some of the rows apart, so that each cell of their first columns is at hand. The room can
    /// be used again.
    pub(crate) fn cut<'l: 'c, 'c>(
        &'l self,
        which: &[u32],
        width: usize,
        room: &'c mut Room,
    ) -> Cut<'l, 'c> {
        let Room { begins, numbers } = room;
        let n = which.len();
        // Every place is written below.
        begins.resize((width + 1) * n, 0);
        numbers.clear();
        let gap = self.apart.gap();
        for (at, which) in which.iter().enumerate() {
            let row = self.rows[*which as usize];
            numbers.push(row.number);
            begins[at] = row.start;
            let mut next = at + n;
            let mut begin = |begin: u32| {
                if let Some(place) = begins.get_mut(next) {
                    *place = begin;
                    next += n;
                }
            };
            match &self.apart {
                Apart::By(separator) => {
                    let bytes = &self.text.as_bytes()[row.start as usize..row.to as usize];
                    marks(bytes, *separator, |mark| begin(row.start + mark as u32 + gap));
                    begin(row.to + gap);
                }
                Apart::At(ends, _) => {
                    let own = row.to as usize..(row.to + row.len) as usize;
                    ends[own].iter().take(width).for_each(|end| begin(end + gap));
                }
            }
            // Cells that a short row lacks are empty, and lie one gap after the other.
            while next < begins.len() {
                begins[next] = begins[next - n] + gap;
                next += n;
            }
        }
        Cut { text: &self.text, begins, numbers, gap }
    }
}

/// How many rows are taken apart together: as many as keep what is known of their cells at hand.
pub(crate) fn rows_at_a_time(width: usize) -> usize {
    (64_000 / width.max(1)).clamp(1, 1_000)
}

/// Room for rows that are taken apart.
#[derive(Debug, Default)]
pub(crate) struct Room {
    begins: Vec<u32>,
    numbers: Vec<u32>,
}

/// Some rows that were taken apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut<'l, 'c> {
    text: &'l str,
    /// Where the cells begin, column by column; behind the last column where another one would.
    begins: &'c [u32],
    numbers: &'c [u32],
    /// How many bytes stand between a cell and the next one.
    gap: u32,
}

/// The first eight bytes of a cell as it stands there, the first of them the lowest, with others
/// behind them where it has less, and how many bytes it has.
pub(crate) type Word = (u64, usize);

impl<'l, 'c> Cut<'l, 'c> {
    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// A row's number.
    pub(crate) fn number(&self, row: usize) -> usize {
        self.numbers[row] as usize
    }

    /// A cell as [`Line::cell`] gives it.
    #[inline]
    pub(crate) fn cell(&self, row: usize, column: usize) -> &'l str {
        tidy(self.raw(row, column))
    }

    /// A cell as it stands there; empty where the row is too short.
    #[inline]
    pub(crate) fn raw(&self, row: usize, column: usize) -> &'l str {
        let at = column * self.len() + row;
        let (begin, next) = (self.begins[at], self.begins[at + self.len()]);
        self.text.get(begin as usize..(next - self.gap) as usize).unwrap_or("")
    }

    /// The beginnings of a column's cells.
    #[inline]
    pub(crate) fn words(&self, column: usize) -> impl ExactSizeIterator<Item = Word> + use<'l, 'c> {
        let Self { text, gap, .. } = *self;
        let n = self.len();
        let (begins, nexts) = self.begins[column * n..(column + 2) * n].split_at(n);
        begins.iter().zip(nexts).map(move |(begin, next)| {
            (word(text.as_bytes(), *begin as usize), (next - begin - gap) as usize)
        })
    }
}

/// Eight bytes of a text, or those there are; the first of them is the lowest.
#[inline]
fn word(text: &[u8], from: usize) -> u64 {
    match text.get(from..from + 8).and_then(|bytes| bytes.first_chunk()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => {
            let rest = text.get(from..).unwrap_or(&[]);
            rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
        }
    }
}
