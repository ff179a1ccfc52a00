//! How much of a file is read: what is refused rather than read for hours or into all memory.

use crate::{Error, Result};
use std::fmt;

/// The most bytes of a file: 1 GiB.
pub const MAX_BYTES: u64 = 1 << 30;

/// The most rows of a file, its header among them.
pub const MAX_ROWS: u64 = 20_000_000;

/// The most columns of a row: as many as a spreadsheet can have.
pub const MAX_COLUMNS: usize = 16_384;

/// The most cells of a file, empty ones among them.
pub const MAX_CELLS: u64 = 200_000_000;

/// The most bytes of a cell: 1 MiB.
pub const MAX_CELL: u64 = 1 << 20;

/// The most bytes of a column's name: a question with its instructions is shorter.
pub const MAX_HEADER: u64 = 10_000;

/// The most bytes that a workbook, or the pages of a Parquet file, unpack to: 1 GiB.
pub const MAX_UNPACKED: u64 = 1 << 30;

/// How many times its packed size a part of a workbook, or a whole Parquet file, may unpack to.
/// Sheets of a survey unpack to 5 to 20 times their size, the parts of a zip bomb to 1,000 times.
pub const MAX_RATIO: u64 = 100;

/// Up to so many bytes, a part of a workbook or a Parquet file may unpack to any number of times its
/// size.
pub(crate) const UNSUSPECTED: u64 = 1 << 20;

/// How deep a codebook, a data package, a model or a plan may nest.
pub const MAX_DEPTH: u64 = 64;

/// What a file, or a part of it, can have too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Bytes of the file.
    Bytes,
    /// Rows of the file.
    Rows,
    /// Columns of a row.
    Columns,
    /// Cells of the file.
    Cells,
    /// Bytes of a cell.
    Cell,
    /// Bytes of a column's name.
    Header,
    /// Bytes that a workbook or a Parquet file unpacks to.
    Unpacked,
    /// Times its packed size that a part of a workbook, or a Parquet file, unpacks to; and how many
    /// times as many cells as it holds, or bytes of them, it is made into.
    Ratio,
    /// Levels of nesting of a JSON file.
    Depth,
}

impl Limit {
    /// All of them, with the most that each can be raised to.
    pub const ALL: [(Self, u64); 9] = [
        // Places in a text are kept in 32 bits.
        (Self::Bytes, u32::MAX as u64),
        (Self::Rows, u32::MAX as u64),
        (Self::Columns, 1 << 24),
        (Self::Cells, u32::MAX as u64),
        (Self::Cell, u32::MAX as u64),
        (Self::Header, u32::MAX as u64),
        (Self::Unpacked, u32::MAX as u64),
        (Self::Ratio, 1 << 20),
        // serde_json goes no deeper than 128.
        (Self::Depth, 127),
    ];

    /// The name by which it is set.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::Cells => "cells",
            Self::Cell => "cell",
            Self::Header => "header",
            Self::Unpacked => "unpacked",
            Self::Ratio => "ratio",
            Self::Depth => "depth",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The limits that a file is read within. Each can be raised or lowered by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file ([`MAX_BYTES`]).
    pub bytes: u64,
    /// Rows of the file ([`MAX_ROWS`]).
    pub rows: u64,
    /// Columns of a row ([`MAX_COLUMNS`]).
    pub columns: u64,
    /// Cells of the file ([`MAX_CELLS`]).
    pub cells: u64,
    /// Bytes of a cell ([`MAX_CELL`]).
    pub cell: u64,
    /// Bytes of a column's name ([`MAX_HEADER`]).
    pub header: u64,
    /// Bytes that a workbook or a Parquet file unpacks to ([`MAX_UNPACKED`]).
    pub unpacked: u64,
    /// Times its packed size that a part of a workbook, or a Parquet file, unpacks to
    /// ([`MAX_RATIO`]).
    pub ratio: u64,
    /// Levels of nesting of a JSON file ([`MAX_DEPTH`]).
    pub depth: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: MAX_BYTES,
            rows: MAX_ROWS,
            columns: MAX_COLUMNS as u64,
            cells: MAX_CELLS,
            cell: MAX_CELL,
            header: MAX_HEADER,
            unpacked: MAX_UNPACKED,
            ratio: MAX_RATIO,
            depth: MAX_DEPTH,
        }
    }
}

impl Limits {
    /// Sets a limit by its name, as in `rows=30000000`.
    ///
    /// # Errors
    /// What is wrong with the text: the name of no limit, or no number that it can be set to.
    ///
    /// # Example
    /// ```
    /// let mut limits = ssi_cohort::Limits::default();
    /// limits.set("cell=2000000").unwrap();
    /// assert_eq!(limits.cell, 2_000_000);
    /// assert!(limits.set("cells=many").is_err());
    /// ```
    pub fn set(&mut self, text: &str) -> std::result::Result<(), WrongLimit> {
        let wrong = || WrongLimit { text: text.to_owned() };
        let (name, value) = text.split_once('=').ok_or_else(wrong)?;
        let known = Limit::ALL.iter().find(|(limit, _)| limit.name() == name.trim());
        let (limit, most) = known.ok_or_else(wrong)?;
        let value: u64 = value.trim().parse().map_err(|_| wrong())?;
        if !(1..=*most).contains(&value) {
            return Err(wrong());
        }
        *self.place(*limit) = value;
        Ok(())
    }
}

impl Limits {
    /// The name and the value of each.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let own = *self;
        Limit::ALL.into_iter().map(move |(limit, _)| (limit.name(), own.most(limit)))
    }

    /// The most of something.
    pub fn most(&self, limit: Limit) -> u64 {
        let mut own = *self;
        *own.place(limit)
    }

    fn place(&mut self, limit: Limit) -> &mut u64 {
        match limit {
            Limit::Bytes => &mut self.bytes,
            Limit::Rows => &mut self.rows,
            Limit::Columns => &mut self.columns,
            Limit::Cells => &mut self.cells,
            Limit::Cell => &mut self.cell,
            Limit::Header => &mut self.header,
            Limit::Unpacked => &mut self.unpacked,
            Limit::Ratio => &mut self.ratio,
            Limit::Depth => &mut self.depth,
        }
    }
}

/// Refuses a text of so many bytes, decoded, whose places can't be kept in 32 bits. Half-width
/// katakana take three times the bytes that they take in a file.
///
/// # Errors
/// [`Error::Limit`].
pub(crate) fn within_reach(length: usize, name: &str, limits: &Limits) -> Result<()> {
    if (length as u64) < u64::from(u32::MAX) {
        return Ok(());
    }
    let (name, limit, part) = (name.to_owned(), Limit::Bytes, String::new());
    let most = limits.bytes.min(u32::MAX.into());
    Err(Error::Limit { name, limit, most, row: 0, column: 0, part })
}

/// A text that sets no limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongLimit {
    /// The text.
    pub text: String,
}

/// How deep the brackets of a JSON or TOML text nest, those within quotation marks aside.
pub fn depth(text: &str) -> u64 {
    let (mut now, mut most) = (0_u64, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_set_by_its_name_and_within_its_range() {
        for (limit, most) in Limit::ALL {
            let mut limits = Limits::default();
            assert_eq!(limits.set(&format!("{limit}=7")), Ok(()));
            assert_ne!(limits, Limits::default(), "{limit}");
            assert_eq!(limits.set(&format!(" {limit} = {most}")), Ok(()));
            for wrong in ["0", "-1", "x", "", &(most + 1).to_string()] {
                assert!(limits.set(&format!("{limit}={wrong}")).is_err(), "{limit}={wrong}");
            }
        }
        assert!(Limits::default().set("colour=1").is_err());
        assert!(Limits::default().set("rows").is_err());
    }

    #[test]
    fn a_text_beyond_32_bits_is_refused() {
        let reach = |length: u64| within_reach(length as usize, "t", &Limits::default());
        let most = u64::from(u32::MAX);
        assert_eq!((reach(0), reach(most - 1)), (Ok(()), Ok(())));
        for length in [most, most + 1, 1 << 40] {
            let refused = matches!(reach(length), Err(Error::Limit { limit: Limit::Bytes, .. }));
            assert!(refused, "{length}");
        }
    }

    #[test]
    fn depth_is_counted_outside_of_quotation_marks() {
        assert_eq!(depth(r#"{"a": [[1], {"b": "[[[[\"[["}]}"#), 3);
        assert_eq!(depth("]]]][["), 2);
        assert_eq!(depth(&"[".repeat(100_000)), 100_000);
    }
}
