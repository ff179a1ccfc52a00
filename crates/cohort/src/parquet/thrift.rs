//! Thrift's compact protocol, in which Parquet says where its values are.
//!
//! Nothing is reserved by what a length says: every element takes at least a byte of the input, and
//! `None` is what is damaged.

/// How deep what is passed over may nest.
const MOST_DEEP: usize = 32;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(u8);

const TRUE: Kind = Kind(1);
const FALSE: Kind = Kind(2);
const BYTE: Kind = Kind(3);
const DOUBLE: Kind = Kind(7);
const BINARY: Kind = Kind(8);
const LIST: Kind = Kind(9);
const SET: Kind = Kind(10);
const MAP: Kind = Kind(11);
pub(super) const STRUCT: Kind = Kind(12);
const UUID: Kind = Kind(13);

/// Bytes that are read from the front.
#[derive(Debug, Clone)]
pub(super) struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }

    /// An unsigned number of seven bits a byte, the lowest first.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A signed number, whose sign is its lowest bit.
    pub(super) fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    pub(super) fn integer(&mut self, kind: Kind) -> Option<i64> {
        match kind {
            BYTE => self.byte().map(|byte| i64::from(byte as i8)),
            Kind(4..=6) => self.zigzag(),
            _ => None,
        }
    }

    pub(super) fn truth(&mut self, kind: Kind) -> Option<bool> {
        matches!(kind, TRUE | FALSE).then_some(kind == TRUE)
    }

    pub(super) fn text(&mut self, kind: Kind) -> Option<&'a str> {
        if kind != BINARY {
            return None;
        }
        let length = usize::try_from(self.varint()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// How many elements a list has, and of what kind.
    pub(super) fn list(&mut self, kind: Kind) -> Option<(u64, Kind)> {
        if kind != LIST && kind != SET {
            return None;
        }
        let head = self.byte()?;
        let size = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Some((size, Kind(head & 15)))
    }

    /// Calls `each` for every field of a struct, with its number. It has to read or pass over what
    /// the field holds.
    pub(super) fn fields(
        &mut self,
        kind: Kind,
        mut each: impl FnMut(&mut Self, i64, Kind) -> Option<()>,
    ) -> Option<()> {
        if kind != STRUCT {
            return None;
        }
        let mut number = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            number = match head >> 4 {
                0 => self.zigzag()?,
                step => i64::checked_add(number, step.into())?,
            };
            each(self, number, Kind(head & 15))?;
        }
    }

    /// Passes over a field.
    pub(super) fn skip(&mut self, kind: Kind) -> Option<()> {
        self.skip_within(kind, false, MOST_DEEP)
    }

    fn skip_within(&mut self, kind: Kind, in_list: bool, deep: usize) -> Option<()> {
        let deep = deep.checked_sub(1)?;
        match kind {
            // Of a field, the kind says it all.
            TRUE | FALSE if !in_list => Some(()),
            TRUE | FALSE | BYTE => self.byte().map(drop),
            Kind(4..=6) => self.varint().map(drop),
            DOUBLE => self.take(8).map(drop),
            UUID => self.take(16).map(drop),
            BINARY => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.take(length).map(drop)
            }
            LIST | SET => {
                let (size, kind) = self.list(kind)?;
                (0..size).try_for_each(|_| self.skip_within(kind, true, deep))
            }
            MAP => {
                let size = self.varint()?;
                let kinds = if size == 0 { 0 } else { self.byte()? };
                (0..size).try_for_each(|_| {
                    self.skip_within(Kind(kinds >> 4), true, deep)?;
                    self.skip_within(Kind(kinds & 15), true, deep)
                })
            }
            STRUCT => self.fields(STRUCT, |input, _, kind| input.skip_within(kind, false, deep)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_passed_over() {
        // 1: i32 = -3; 2: true; 4: [2 binaries]; 5: {1: {}}; 20 (long form): i64 = 300; stop.
        let bytes = [
            0x15, 5, 0x11, 0x29, 0x28, 1, b'a', 2, b'b', b'c', 0x1C, 0x1C, 0, 0, 0x06, 40, 0xD8, 4,
            0,
        ];
        let (mut input, mut seen) = (Input::new(&bytes), Vec::new());
        let read = input.fields(STRUCT, |input, number, kind| {
            match number {
                1 | 20 => seen.push((number, input.integer(kind)?)),
                2 => seen.push((number, i64::from(input.truth(kind)?))),
                _ => input.skip(kind)?,
            }
            Some(())
        });
        assert_eq!((read, input.rest()), (Some(()), &[][..]));
        assert_eq!(seen, [(1, -3), (2, 1), (20, 300)]);
        for end in 0..bytes.len() {
            assert_eq!(Input::new(&bytes[..end]).skip(STRUCT), None, "cut off at {end}");
        }
    }

    #[test]
    fn what_never_ends_is_refused() {
        assert_eq!(Input::new(&[0x1C; 1000]).skip(STRUCT), None);
        assert_eq!(Input::new(&[0xFF; 20]).varint(), None);
        // A field of the largest number, and one after it.
        let numbers = [&[0x01, 0xFE][..], &[0xFF; 8], &[0x01, 0x11, 0]].concat();
        assert_eq!(Input::new(&numbers).skip(STRUCT), None);
        // A list of 2^60 structs, of which there is one.
        let mut bytes = vec![0xFC];
        bytes.extend([0x80; 8]);
        bytes.extend([0x10, 0]);
        assert_eq!(Input::new(&bytes).skip(LIST), None);
    }
}
