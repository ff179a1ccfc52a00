//! The pages of a column: what they unpack to, and its cells.

use super::Stop;
use super::encoding::{Encoding, runs_of, values};
use super::footer::{Chunk, Column};
use super::thrift::{Input, STRUCT};
use super::value::Physical;
use crate::ParquetFault;
use crate::guard::caught;
use crate::limits::{Limit, Limits, UNSUSPECTED};
use ruzstd::decoding::StreamingDecoder;
use std::borrow::Cow;
use std::io::Read;

/// How much a file is made into: a small file whose values say that they are many, or that they
/// unpack to much, is refused before they are made.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    file: u64,
    unpacked: u64,
    /// Bytes of texts.
    made: u64,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: &'a Limits, file: usize) -> Self {
        Self { limits, file: file as u64, unpacked: 0, made: 0 }
    }

    /// Refuses what is far more than the file can hold.
    pub(super) fn plausible(&self, made: u64) -> Result<(), Stop> {
        let bomb = made > UNSUSPECTED && made / self.limits.ratio > self.file;
        if bomb { Err(Stop::Limit(Limit::Ratio)) } else { Ok(()) }
    }

    fn unpack(&mut self, size: usize) -> Result<(), Stop> {
        self.unpacked = self.unpacked.saturating_add(size as u64);
        if self.unpacked > self.limits.unpacked {
            return Err(Stop::Limit(Limit::Unpacked));
        }
        self.plausible(self.unpacked)
    }

    /// How many more bytes of texts may be made, and what the limit is called.
    fn left(&self) -> (u64, Limit) {
        let plausible = self.limits.ratio.saturating_mul(self.file).max(UNSUSPECTED);
        let (most, limit) = if plausible < self.limits.bytes {
            (plausible, Limit::Ratio)
        } else {
            (self.limits.bytes, Limit::Bytes)
        };
        (most.saturating_sub(self.made), limit)
    }
}

/// Texts one after the other.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    fn get(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start as usize..*self.ends.get(at)? as usize)
    }
}

/// The cells of a column within a group of rows.
pub(super) struct Cells<'a> {
    column: &'a Column,
    codec: i64,
    input: Input<'a>,
    /// Cells of the group that no page has given yet.
    left: u64,
    dictionary: Texts,
    own: Texts,
    /// True where the page's places are those of the dictionary.
    by_dictionary: bool,
    /// The place of each of the page's texts, from 1; 0 where the cell is empty.
    places: Vec<u32>,
    at: usize,
}

impl<'a> Cells<'a> {
    pub(super) fn new(
        file: &'a [u8],
        column: &'a Column,
        chunk: &Chunk,
        rows: u64,
    ) -> Option<Self> {
        let bytes = file.get(chunk.start..chunk.start.checked_add(chunk.length)?)?;
        Some(Self {
            column,
            codec: chunk.codec,
            input: Input::new(bytes),
            left: rows,
            dictionary: Texts::default(),
            own: Texts::default(),
            by_dictionary: false,
            places: Vec::new(),
            at: 0,
        })
    }

    /// The next cell's text.
    pub(super) fn next(&mut self, budget: &mut Budget<'_>) -> Result<&str, Stop> {
        while self.at == self.places.len() {
            self.page(budget)?;
        }
        let place = self.places[self.at];
        self.at += 1;
        let texts = if self.by_dictionary { &self.dictionary } else { &self.own };
        match place.checked_sub(1) {
            None => Ok(""),
            Some(at) => texts.get(at as usize).ok_or(Stop::Damaged),
        }
    }

    /// Reads a page.
    fn page(&mut self, budget: &mut Budget<'_>) -> Result<(), Stop> {
        let head = Head::read(&mut self.input).ok_or(Stop::Damaged)?;
        let packed = self.input.take(head.packed).ok_or(Stop::Damaged)?;
        budget.unpack(head.unpacked)?;
        let physical = self.column.physical;
        let encoding = Encoding::of(head.encoding, physical);
        let unknown = || Stop::Fault(ParquetFault::Encoding { column: self.column.name.clone() });
        match head.kind {
            DICTIONARY => {
                let bytes = unpacked(self.codec, packed, head.unpacked)?;
                self.dictionary = Texts::default();
                // Each value takes a bit at least.
                let n = head.values.filter(|n| *n <= 8 * bytes.len()).ok_or(Stop::Damaged)?;
                texts(self.column, Encoding::Plain, &bytes, n, &mut self.dictionary, budget)
            }
            DATA | DATA_2 => {
                let n = head.values.filter(|n| *n as u64 <= self.left).ok_or(Stop::Damaged)?;
                let encoding = encoding.ok_or_else(unknown)?;
                let (levels, packed) = packed.split_at_checked(head.levels).ok_or(Stop::Damaged)?;
                let size = head.unpacked.checked_sub(head.levels).ok_or(Stop::Damaged)?;
                let codec = if head.is_packed { self.codec } else { 0 };
                let bytes = unpacked(codec, packed, size)?;
                let mut values = &*bytes;
                self.places = match (self.column.optional, head.kind) {
                    (false, _) => vec![1; n],
                    (true, DATA_2) => {
                        let before = head.levels.checked_sub(head.filled).ok_or(Stop::Damaged)?;
                        runs_of(&levels[before..], 1, n).ok_or(Stop::Damaged)?
                    }
                    (true, _) if head.of_levels != 3 => return Err(unknown()),
                    (true, _) => {
                        let (length, rest) = values.split_first_chunk().ok_or(Stop::Damaged)?;
                        let length = u32::from_le_bytes(*length) as usize;
                        let (levels, rest) = rest.split_at_checked(length).ok_or(Stop::Damaged)?;
                        values = rest;
                        runs_of(levels, 1, n).ok_or(Stop::Damaged)?
                    }
                };
                (self.left, self.at) = (self.left - n as u64, 0);
                self.fill(encoding, values, budget)
            }
            _ => Ok(()),
        }
    }

    /// The texts of a page, of whose places it is known which are filled.
    fn fill(
        &mut self,
        encoding: Encoding,
        bytes: &[u8],
        budget: &mut Budget<'_>,
    ) -> Result<(), Stop> {
        let filled = self.places.iter().filter(|place| **place > 0).count();
        self.by_dictionary = encoding == Encoding::Dictionary;
        let mut next = 0;
        if self.by_dictionary {
            let codes = match bytes.split_first() {
                Some((width, bytes)) => runs_of(bytes, u32::from(*width), filled),
                None => (filled == 0).then(Vec::new),
            };
            let mut codes = codes.ok_or(Stop::Damaged)?.into_iter();
            let known = self.dictionary.ends.len();
            for place in self.places.iter_mut().filter(|place| **place > 0) {
                let code = codes.next().filter(|code| (*code as usize) < known);
                *place = 1 + code.ok_or(Stop::Damaged)?;
            }
            return Ok(());
        }
        for place in self.places.iter_mut().filter(|place| **place > 0) {
            next += 1;
            *place = next;
        }
        self.own = Texts::default();
        texts(self.column, encoding, bytes, filled, &mut self.own, budget)
    }
}

/// Appends the texts of `n` values.
fn texts(
    column: &Column,
    encoding: Encoding,
    bytes: &[u8],
    n: usize,
    texts: &mut Texts,
    budget: &mut Budget<'_>,
) -> Result<(), Stop> {
    let (most, limit) = budget.left();
    let (mut over, mut not_text) = (false, false);
    let read = values(encoding, column.physical, bytes, n, &mut |raw| {
        if column.value.write(raw, &mut texts.text).is_none() {
            not_text = true;
            return None;
        }
        over = texts.text.len() as u64 > most;
        texts.ends.push(u32::try_from(texts.text.len()).ok()?);
        (!over).then_some(())
    });
    budget.made += texts.text.len() as u64;
    match read {
        Some(()) => Ok(()),
        None if over => Err(Stop::Limit(limit)),
        None if not_text && column.physical == Physical::Bytes => {
            let (column, kind) = (column.name.clone(), "BYTE_ARRAY");
            Err(Stop::Fault(ParquetFault::Kind { column, kind }))
        }
        None => Err(Stop::Damaged),
    }
}

const DATA: i64 = 0;
const DICTIONARY: i64 = 2;
const DATA_2: i64 = 3;

/// What stands before the bytes of a page.
#[derive(Default)]
struct Head {
    kind: i64,
    unpacked: usize,
    packed: usize,
    values: Option<usize>,
    encoding: i64,
    /// The encoding of what says which cells are filled.
    of_levels: i64,
    /// The bytes in front that are not packed, in newer pages.
    levels: usize,
    /// Those of them that say which cells are filled.
    filled: usize,
    is_packed: bool,
}

impl Head {
    fn read(input: &mut Input<'_>) -> Option<Self> {
        let mut head = Self { of_levels: 3, is_packed: true, ..Self::default() };
        let mut repeated = 0;
        input.fields(STRUCT, |input, number, kind| {
            let size = |input: &mut Input<'_>| usize::try_from(input.integer(kind)?).ok();
            match number {
                1 => head.kind = input.integer(kind)?,
                2 => head.unpacked = size(input)?,
                3 => head.packed = size(input)?,
                5 | 7 | 8 => input.fields(kind, |input, of, kind| {
                    let size = |input: &mut Input<'_>| usize::try_from(input.integer(kind)?).ok();
                    match (number, of) {
                        (_, 1) => head.values = Some(size(input)?),
                        (5 | 7, 2) | (8, 4) => head.encoding = input.integer(kind)?,
                        (5, 3) => head.of_levels = input.integer(kind)?,
                        (8, 5) => head.filled = size(input)?,
                        (8, 6) => repeated = size(input)?,
                        (8, 7) => head.is_packed = input.truth(kind)?,
                        _ => input.skip(kind)?,
                    }
                    Some(())
                })?,
                _ => input.skip(kind)?,
            }
            Some(())
        })?;
        head.levels = head.filled.checked_add(repeated)?;
        Some(head)
    }
}

/// The bytes of a page, `size` of them, whose number has been checked.
fn unpacked(codec: i64, packed: &[u8], size: usize) -> Result<Cow<'_, [u8]>, Stop> {
    match codec {
        0 if packed.len() == size => Ok(packed.into()),
        // What is empty may be packed into nothing.
        1 | 2 | 6 if size == 0 => Ok(packed[..0].into()),
        1 | 2 | 6 => {
            // The crates that unpack are not ours.
            let bytes = caught(|| unpacked_by(codec, packed, size)).flatten();
            let whole = bytes.filter(|bytes| bytes.len() == size);
            whole.map(Cow::Owned).ok_or(Stop::Damaged)
        }
        3 => Err(Stop::Fault(ParquetFault::Codec { codec: "LZO" })),
        4 => Err(Stop::Fault(ParquetFault::Codec { codec: "Brotli" })),
        5 | 7 => Err(Stop::Fault(ParquetFault::Codec { codec: "LZ4" })),
        _ => Err(Stop::Damaged),
    }
}

/// How far back the texts of a zstd frame may be repeated from, in small frames: zstd itself goes no
/// farther at its usual levels. What is that near is kept, and room made for it before a byte of the
/// frame can be had.
const WINDOW: u64 = 8 << 20;

/// What is unpacked of a page, at most a byte more than it is to have, so that it is seen where there
/// is more.
fn unpacked_by(codec: i64, packed: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = |input: &mut dyn Read, bytes: &mut Vec<u8>| {
        input.take(size as u64 + 1).read_to_end(bytes).ok()
    };
    match codec {
        1 => {
            bytes.resize(size, 0);
            let done = snap::raw::Decoder::new().decompress(packed, &mut bytes).ok()?;
            bytes.truncate(done);
        }
        2 => {
            read(&mut flate2::read::MultiGzDecoder::new(packed), &mut bytes)?;
        }
        _ => {
            let most = WINDOW.max(size as u64);
            let decoder = StreamingDecoder::new_with_max_window_size(packed, most);
            read(&mut decoder.ok()?, &mut bytes)?;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zstd frame of some blocks of 128 KiB of one byte.
    fn frame(window: u8, blocks: usize) -> Vec<u8> {
        let mut bytes = vec![0x28, 0xB5, 0x2F, 0xFD, 0, window];
        for left in (0..blocks).rev() {
            let head = (128 << 10 << 3) | 1 << 1 | u32::from(left == 0);
            bytes.extend(&head.to_le_bytes()[..3]);
            bytes.push(b'x');
        }
        bytes
    }

    #[test]
    fn a_zstd_frame_is_not_unpacked_beyond_its_page() {
        let size = 3 * (128 << 10);
        let small = 7 << 3;
        assert!(unpacked(6, &frame(small, 3), size).is_ok_and(|bytes| bytes.len() == size));
        // One that fits and one that does not, of which the second would take 13 GB.
        assert!(unpacked(6, &frame(small, 4), size).is_err());
        assert!(unpacked(6, &frame(0xFF, 100_000), size).is_err());
        let far = frame(14 << 3, 3);
        assert!(unpacked(6, &far, size).is_err(), "16 MiB are kept");
        assert!(unpacked(6, &[&far[..], &far].concat(), 16 << 20).is_err(), "it is too short");
    }

    /// A zstd frame of one block that repeats a byte 131,075 times for each of its sequences.
    fn bomb(sequences: u32) -> Vec<u8> {
        let n = sequences.to_le_bytes();
        // As many literals, all alike; then one code for all lengths and offsets.
        let literals = ((sequences << 4) | (3 << 2) | 1).to_le_bytes();
        let mut block = [&literals[..3], b"a", &[128 + n[1], n[0], 0x54, 1, 0, 52]].concat();
        block.extend(vec![0xFF; 2 * sequences as usize]);
        block.push(1);
        let head = ((block.len() as u32) << 3 | 2 << 1 | 1).to_le_bytes();
        [&[0x28, 0xB5, 0x2F, 0xFD, 0, 10 << 3], &head[..3], &block].concat()
    }

    #[test]
    fn a_zstd_block_is_not_unpacked_beyond_what_a_block_can_hold() {
        let (bomb, mut bytes) = (bomb(8_000), Vec::new());
        let mut decoder = StreamingDecoder::new(&bomb[..]).ok();
        let read = decoder.as_mut().map(|decoder| decoder.read_to_end(&mut bytes).is_err());
        assert_eq!((read, bytes.len()), (Some(true), 0));
        assert!(unpacked(6, &bomb, 100_000).is_err());
    }
}
