//! How the values of a page are put into bytes.
//!
//! `None` is what is damaged. No more is made than the number of values that is asked for, which the
//! caller has checked.
//!
//! # References
//! Apache Parquet, *Parquet encoding definitions*.

use super::thrift::Input;
use super::value::{Physical, Raw};

/// What values go to, one after the other.
type Each<'e> = &'e mut dyn FnMut(Raw<'_>) -> Option<()>;

/// An encoding, by its number in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    /// Places in a dictionary.
    Dictionary,
    /// Runs of truths.
    Runs,
    Deltas,
    DeltaLengths,
    /// Each text by what it shares with the one before.
    DeltaTexts,
    /// First all first bytes, then all second ones.
    Split,
}

impl Encoding {
    /// The encoding of a column's values, if it is one that they can have.
    pub(super) fn of(number: i64, physical: Physical) -> Option<Self> {
        use Physical as P;
        Some(match (number, physical) {
            (0, _) => Self::Plain,
            (2 | 8, _) => Self::Dictionary,
            (3, P::Boolean) => Self::Runs,
            (5, P::Int32 | P::Int64) => Self::Deltas,
            (6, P::Bytes) => Self::DeltaLengths,
            (7, P::Bytes | P::Fixed(_)) => Self::DeltaTexts,
            (9, P::Int32 | P::Int64 | P::Float | P::Double | P::Fixed(_)) => Self::Split,
            _ => return None,
        })
    }
}

/// Gives each of `n` values that no dictionary has.
pub(super) fn values(
    encoding: Encoding,
    physical: Physical,
    bytes: &[u8],
    n: usize,
    each: Each<'_>,
) -> Option<()> {
    match encoding {
        Encoding::Plain => plain(physical, bytes, n, each),
        Encoding::Runs => {
            let (length, rest) = bytes.split_first_chunk()?;
            let runs = rest.get(..u32::from_le_bytes(*length) as usize)?;
            runs_of(runs, 1, n)?.into_iter().try_for_each(|bit| each(Raw::Truth(bit == 1)))
        }
        Encoding::Deltas => {
            let wide = physical == Physical::Int64;
            let number = |v: i64| Raw::Integer(if wide { v } else { i64::from(v as i32) });
            deltas(&mut Input::new(bytes), n)?.into_iter().try_for_each(|v| each(number(v)))
        }
        Encoding::DeltaLengths => {
            let mut input = Input::new(bytes);
            for length in deltas(&mut input, n)? {
                each(Raw::Bytes(input.take(usize::try_from(length).ok()?)?))?;
            }
            Some(())
        }
        Encoding::DeltaTexts => {
            let mut input = Input::new(bytes);
            let (shared, own) = (deltas(&mut input, n)?, deltas(&mut input, n)?);
            let mut text = Vec::new();
            for (shared, own) in shared.into_iter().zip(own) {
                let shared = usize::try_from(shared).ok().filter(|n| *n <= text.len())?;
                text.truncate(shared);
                text.extend_from_slice(input.take(usize::try_from(own).ok()?)?);
                each(Raw::Bytes(&text))?;
            }
            Some(())
        }
        Encoding::Split => {
            // No bytes bear out the width of no values.
            let width = if n == 0 { 0 } else { physical.width()? };
            let streams: Vec<&[u8]> =
                bytes.get(..n.checked_mul(width)?)?.chunks(n.max(1)).collect();
            let mut whole = Vec::with_capacity(width);
            (0..n).try_for_each(|at| {
                whole.clear();
                whole.extend(streams.iter().map(|stream| stream[at]));
                each(stored(physical, &whole)?)
            })
        }
        // Places are no values.
        Encoding::Dictionary => None,
    }
}

/// Values one after the other, as they are.
fn plain(physical: Physical, bytes: &[u8], n: usize, each: Each<'_>) -> Option<()> {
    match (physical, physical.width()) {
        (Physical::Boolean, _) => (0..n).try_for_each(|at| {
            let byte = bytes.get(at / 8)?;
            each(Raw::Truth(byte >> (at % 8) & 1 == 1))
        }),
        (_, Some(width)) => {
            let bytes = bytes.get(..n.checked_mul(width)?)?;
            bytes.chunks_exact(width).try_for_each(|value| each(stored(physical, value)?))
        }
        (_, None) => {
            let mut input = Input::new(bytes);
            (0..n).try_for_each(|_| {
                let length = input.take(4)?.try_into().ok()?;
                each(Raw::Bytes(input.take(u32::from_le_bytes(length) as usize)?))
            })
        }
    }
}

/// A value of a fixed number of bytes.
fn stored(physical: Physical, bytes: &[u8]) -> Option<Raw<'_>> {
    Some(match physical {
        Physical::Int32 => Raw::Integer(i32::from_le_bytes(bytes.try_into().ok()?).into()),
        Physical::Int64 => Raw::Integer(i64::from_le_bytes(bytes.try_into().ok()?)),
        Physical::Float => Raw::Float(f32::from_le_bytes(bytes.try_into().ok()?)),
        Physical::Double => Raw::Double(f64::from_le_bytes(bytes.try_into().ok()?)),
        _ => Raw::Bytes(bytes),
    })
}

/// `n` small numbers of `width` bits: runs of one number, and numbers packed one after the other.
pub(super) fn runs_of(bytes: &[u8], width: u32, n: usize) -> Option<Vec<u32>> {
    if width > 32 {
        return None;
    }
    let mut numbers = Vec::with_capacity(n);
    if width == 0 {
        numbers.resize(n, 0);
    }
    let mut input = Input::new(bytes);
    while numbers.len() < n {
        let (left, head) = (n - numbers.len(), input.varint()?);
        let count = usize::try_from(head >> 1).ok()?;
        if head & 1 == 0 {
            let mut value = [0; 4];
            let length = width.div_ceil(8) as usize;
            value[..length].copy_from_slice(input.take(length)?);
            numbers.resize(numbers.len() + count.min(left), u32::from_le_bytes(value));
            continue;
        }
        // Eight numbers in as many bytes as each has bits. The last of them may be cut off.
        let packed = count.checked_mul(width as usize)?.min(input.rest().len());
        let mut bits = Bits::new(input.take(packed)?);
        for _ in 0..count.checked_mul(8)?.min(left) {
            numbers.push(bits.next(width)? as u32);
        }
    }
    Some(numbers)
}

/// `n` numbers by the differences between them.
fn deltas(input: &mut Input<'_>, n: usize) -> Option<Vec<i64>> {
    let (block, parts) = (input.varint()?, input.varint()?);
    let (count, first) = (input.varint()?, input.zigzag()?);
    let in_part = block.checked_div(parts)?;
    if count != n as u64 || in_part == 0 || parts > 1 << 16 {
        return None;
    }
    let mut numbers = Vec::with_capacity(n);
    if n > 0 {
        numbers.push(first);
    }
    let mut last = first;
    while numbers.len() < n {
        let least = input.zigzag()?;
        for width in input.take(parts as usize)? {
            let left = n - numbers.len();
            if left == 0 {
                break;
            }
            let width = u32::from(*width);
            let length = in_part.checked_mul(width.into())?.div_ceil(8);
            let length = usize::try_from(length).ok()?.min(input.rest().len());
            let mut bits = Bits::new(input.take(length)?);
            for _ in 0..in_part.min(left as u64) {
                let delta = least.wrapping_add(bits.next(width)? as i64);
                last = last.wrapping_add(delta);
                numbers.push(last);
            }
        }
    }
    Some(numbers)
}

/// Numbers packed bit by bit, the lowest first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: u64,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn next(&mut self, width: u32) -> Option<u64> {
        let (start, shift) = ((self.at / 8) as usize, self.at % 8);
        self.at += u64::from(width);
        if width > 64 || self.at > 8 * self.bytes.len() as u64 {
            return None;
        }
        // Nine bytes hold any number of 64 bits.
        let mut near = [0; 16];
        let have = &self.bytes[start..self.bytes.len().min(start + 9)];
        near[..have.len()].copy_from_slice(have);
        let value = u128::from_le_bytes(near) >> shift;
        Some((value & ((1 << width) - 1)) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formats_own_examples_are_read() {
        // Apache Parquet, encodings: 0 to 7 in three bits each; and a run of 100 fives.
        let packed = [0x03, 0x88, 0xC6, 0xFA];
        assert_eq!(runs_of(&packed, 3, 8), Some((0..8).collect()));
        assert_eq!(runs_of(&[200, 1, 5], 3, 100), Some(vec![5; 100]));
        assert_eq!(runs_of(&[200, 1, 5], 3, 101), None);
        // 7, 5, 3, 1, 2, 3, 4, 5 by blocks of 128 in 4 parts: 7, then −2 and differences of two bits.
        let header = [0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0];
        let block = [0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0];
        let bytes = [&header[..], &block[..]].concat();
        let numbers = deltas(&mut Input::new(&bytes), 8);
        assert_eq!(numbers, Some(vec![7, 5, 3, 1, 2, 3, 4, 5]));
    }

    #[test]
    fn nothing_is_made_that_was_not_asked_for() {
        // A run of 2^62 values, and 2^60 packed groups of none.
        assert_eq!(
            runs_of(&[0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 9], 4, 3),
            Some(vec![9; 3])
        );
        assert_eq!(runs_of(&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], 1, 3), None);
        assert_eq!(runs_of(&[], 33, 1), None);
        assert_eq!(deltas(&mut Input::new(&[0x80, 1, 0, 8, 14]), 8), None);
        assert_eq!(deltas(&mut Input::new(&[0x80, 1, 4, 9, 14]), 8), None);
    }
}
