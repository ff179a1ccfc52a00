//! What a Parquet file says at its end: its columns, and where their values stand.

use super::Stop;
use super::thrift::{Input, Kind, STRUCT};
use super::value::{Logical, Physical, Value};
use crate::limits::Limit;
use crate::{Limits, ParquetFault};

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) physical: Physical,
    pub(super) value: Value,
    /// True where cells may be empty.
    pub(super) optional: bool,
}

/// What stands at the end of the file.
pub(super) struct Footer<'a> {
    pub(super) columns: Vec<Column>,
    pub(super) rows: u64,
    groups: Input<'a>,
    left: u64,
}

/// Some rows of all columns.
pub(super) struct Group {
    pub(super) rows: u64,
    /// Where each column's values stand, in the order of the columns.
    pub(super) chunks: Vec<Chunk>,
}

/// The values of a column within a group.
#[derive(Debug, Clone, Default)]
pub(super) struct Chunk {
    pub(super) codec: i64,
    pub(super) start: usize,
    pub(super) length: usize,
}

impl<'a> Footer<'a> {
    /// Takes apart what stands before the last eight bytes of a file.
    pub(super) fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Stop> {
        let (before, last) = bytes.split_last_chunk::<8>().ok_or(Stop::Damaged)?;
        let [a, b, c, d, mark @ ..] = *last;
        if mark == *b"PARE" {
            return Err(Stop::Fault(ParquetFault::Encrypted));
        }
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        let start = before.len().checked_sub(length).filter(|_| mark == *b"PAR1");
        let mut input = Input::new(&before[start.ok_or(Stop::Damaged)?..]);
        let (mut elements, mut rows, mut groups) = (Err(Stop::Damaged), None, None);
        let mut encrypted = false;
        let read = input.fields(STRUCT, |input, number, kind| {
            match number {
                2 => elements = schema(input, kind, limits),
                3 => rows = u64::try_from(input.integer(kind)?).ok(),
                4 => {
                    let mut list = input.clone();
                    let (size, STRUCT) = list.list(kind)? else { return None };
                    groups = Some((list, size));
                    input.skip(kind)?;
                }
                8 => {
                    encrypted = true;
                    input.skip(kind)?;
                }
                _ => input.skip(kind)?,
            }
            // The rest means nothing where the columns are not understood.
            elements.as_ref().ok().map(drop).or((number < 2).then_some(()))
        });
        let columns = elements?;
        if encrypted {
            return Err(Stop::Fault(ParquetFault::Encrypted));
        }
        let (Some(()), Some(rows), Some((groups, left))) = (read, rows, groups) else {
            return Err(Stop::Damaged);
        };
        Ok(Self { columns, rows, groups, left })
    }

    /// The next group of rows of so many columns.
    pub(super) fn group(&mut self, width: usize) -> Result<Option<Group>, Stop> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let mut group = Group { rows: 0, chunks: Vec::with_capacity(width) };
        let read = self.groups.fields(STRUCT, |input, number, kind| {
            match number {
                1 => {
                    let (size, STRUCT) = input.list(kind)? else { return None };
                    if size != width as u64 {
                        return None;
                    }
                    for _ in 0..size {
                        group.chunks.push(chunk(input)?);
                    }
                }
                3 => group.rows = u64::try_from(input.integer(kind)?).ok()?,
                _ => input.skip(kind)?,
            }
            Some(())
        });
        read.filter(|()| group.chunks.len() == width).ok_or(Stop::Damaged)?;
        Ok(Some(group))
    }
}

fn chunk(input: &mut Input<'_>) -> Option<Chunk> {
    let mut chunk = Chunk::default();
    let (mut first_values, mut dictionary, mut length, mut elsewhere) = (None, None, None, false);
    input.fields(STRUCT, |input, number, kind| {
        match number {
            // The values stand in another file.
            1 => elsewhere = !input.text(kind)?.is_empty(),
            3 => input.fields(kind, |input, number, kind| {
                match number {
                    4 => chunk.codec = input.integer(kind)?,
                    7 => length = usize::try_from(input.integer(kind)?).ok(),
                    9 => first_values = usize::try_from(input.integer(kind)?).ok(),
                    // Some writers say 0 where there is none.
                    11 => {
                        dictionary = usize::try_from(input.integer(kind)?).ok().filter(|at| *at > 0)
                    }
                    _ => input.skip(kind)?,
                }
                Some(())
            })?,
            _ => input.skip(kind)?,
        }
        Some(())
    })?;
    chunk.start = first_values?.min(dictionary.unwrap_or(usize::MAX));
    chunk.length = length?;
    (!elsewhere).then_some(chunk)
}

/// An element of the schema as the file has it.
#[derive(Default)]
struct Element {
    name: String,
    physical: Option<i64>,
    length: i64,
    repetition: i64,
    children: i64,
    converted: Option<i64>,
    scale: i64,
    logical: Option<Logical>,
}

/// The columns: a root, and a leaf below it for each.
fn schema(input: &mut Input<'_>, kind: Kind, limits: &Limits) -> Result<Vec<Column>, Stop> {
    let Some((size, STRUCT)) = input.list(kind) else { return Err(Stop::Damaged) };
    element(input).ok_or(Stop::Damaged)?;
    if size.saturating_sub(1) > limits.columns {
        return Err(Stop::Limit(Limit::Columns));
    }
    let mut columns = Vec::new();
    for _ in 1..size {
        let Element { name, physical, length, repetition, children, converted, scale, logical } =
            element(input).ok_or(Stop::Damaged)?;
        if children > 0 || repetition == 2 {
            return Err(Stop::Fault(ParquetFault::Nested { column: name }));
        }
        let physical = Physical::of(physical.unwrap_or(-1), length).ok_or(Stop::Damaged)?;
        match Value::of(physical, logical, converted, scale) {
            Ok(value) => columns.push(Column { name, physical, value, optional: repetition == 1 }),
            Err(kind) => return Err(Stop::Fault(ParquetFault::Kind { column: name, kind })),
        }
    }
    Ok(columns)
}

fn element(input: &mut Input<'_>) -> Option<Element> {
    let mut element = Element::default();
    input.fields(STRUCT, |input, number, kind| {
        match number {
            1 => element.physical = Some(input.integer(kind)?),
            2 => element.length = input.integer(kind)?,
            3 => element.repetition = input.integer(kind)?,
            4 => element.name = input.text(kind)?.to_owned(),
            5 => element.children = input.integer(kind)?,
            6 => element.converted = Some(input.integer(kind)?),
            7 => element.scale = input.integer(kind)?,
            10 => element.logical = Some(logical(input, kind)?),
            _ => input.skip(kind)?,
        }
        Some(())
    })?;
    Some(element)
}

fn logical(input: &mut Input<'_>, kind: Kind) -> Option<Logical> {
    let mut logical = Logical::default();
    input.fields(kind, |input, of, kind| {
        logical.of = of;
        input.fields(kind, |input, number, kind| {
            match (of, number) {
                (5, 1) => logical.scale = input.integer(kind)?,
                (7 | 8, 1) => logical.utc = input.truth(kind)?,
                (7 | 8, 2) => input.fields(kind, |input, unit, kind| {
                    logical.unit = unit;
                    input.skip(kind)
                })?,
                (10, 2) => logical.unsigned = !input.truth(kind)?,
                _ => input.skip(kind)?,
            }
            Some(())
        })
    })?;
    Some(logical)
}
