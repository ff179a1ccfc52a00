//! OpenDocument spreadsheets.
//!
//! calamine reads them too, but makes each repeated cell and row of every sheet, so that a file of a
//! kilobyte can take gigabytes. Here only the cells of one sheet that hold anything are made, within
//! the limits.

use crate::grid::Options;
use crate::workbook::{Sheet, broken, chosen};
use crate::{BookFault, Error, Result};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::{BufRead, BufReader, Cursor};
use zip::ZipArchive;

/// The elements of a cell.
const CELLS: [&str; 2] = ["table:table-cell", "table:covered-table-cell"];

/// Reads the cells of the sheet that was asked for.
pub(crate) fn cells<'a>(bytes: &[u8], name: &'a str, options: &'a Options) -> Result<Sheet<'a>> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken(name, BookFault::NotWhole))?;
    let mut part = |title: &str, read: &mut dyn FnMut(&mut dyn BufRead) -> Result<()>| {
        let absent = |_| broken(name, BookFault::Part { part: title.to_owned() });
        read(&mut BufReader::new(archive.by_name(title).map_err(absent)?))
    };
    part("META-INF/manifest.xml", &mut |input| {
        starts(input, name, &mut |start| {
            if start.name().0 == "manifest:encryption-data" {
                return Err(Error::Binary {
                    name: name.to_owned(),
                    what: "a workbook with a password",
                });
            }
            Ok(())
        })
    })?;
    let mut sheets = Vec::new();
    part("content.xml", &mut |input| {
        starts(input, name, &mut |start| {
            if start.name().0 == "table:table" {
                sheets.push(attribute(start, "table:name", name)?.unwrap_or_default());
            }
            Ok(())
        })
    })?;
    let wanted = chosen(&sheets, options, name)?;
    let mut walk = Walk {
        sheet: Sheet::new(name, options, (wanted, sheets)),
        name,
        wanted,
        tables: 0,
        within: false,
        row: 0,
        rows: 1,
        column: 0,
    };
    part("content.xml", &mut |input| walk.through(input))?;
    Ok(walk.sheet)
}

/// The refusal of XML that is not as it should be.
fn damaged(name: &str) -> Error {
    broken(name, BookFault::Part { part: "content.xml".to_owned() })
}

/// Calls `each` for every element that begins.
fn starts(
    input: &mut dyn BufRead,
    name: &str,
    each: &mut dyn FnMut(&BytesStart<'_>) -> Result<()>,
) -> Result<()> {
    let (mut reader, mut buffer) = (Reader::from_reader(input), Vec::new());
    loop {
        match next(&mut reader, &mut buffer, name)? {
            Event::Start(start) | Event::Empty(start) => each(&start)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn next<'b>(
    reader: &mut Reader<&mut dyn BufRead>,
    buffer: &'b mut Vec<u8>,
    name: &str,
) -> Result<Event<'b>> {
    buffer.clear();
    reader.read_event_into(buffer).map_err(|_| damaged(name))
}

fn attribute(start: &BytesStart<'_>, wanted: &str, name: &str) -> Result<Option<String>> {
    let found = start.try_get_attribute(wanted).map_err(|_| damaged(name))?;
    let Some(found) = found else { return Ok(None) };
    let text = found.normalized_value(XmlVersion::Implicit1_0).map_err(|_| damaged(name))?;
    Ok(Some(text.into_owned()))
}

/// How often a row or cell stands there; a count that is none is once.
fn repeated(start: &BytesStart<'_>, attribute_name: &str, name: &str) -> Result<u32> {
    let text = attribute(start, attribute_name, name)?;
    Ok(text.and_then(|n| n.parse().ok()).unwrap_or(1).max(1))
}

/// Where in the workbook we are.
struct Walk<'a> {
    sheet: Sheet<'a>,
    name: &'a str,
    /// The place of the sheet among all.
    wanted: usize,
    /// Sheets that began.
    tables: usize,
    /// True within the sheet.
    within: bool,
    row: u32,
    /// How often the row stands there.
    rows: u32,
    column: u32,
}

impl Walk<'_> {
    fn through(&mut self, input: &mut dyn BufRead) -> Result<()> {
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        let mut buffer = Vec::new();
        loop {
            match next(&mut reader, &mut buffer, self.name)? {
                Event::Start(start) => match start.name().0 {
                    "table:table" => {
                        self.within = self.tables == self.wanted;
                        self.tables += 1;
                    }
                    "table:table-row" if self.within => {
                        self.column = 0;
                        self.rows = repeated(&start, "table:number-rows-repeated", self.name)?;
                    }
                    cell if self.within && CELLS.contains(&cell) => {
                        let start = start.to_owned();
                        self.cell(&start, &mut reader)?;
                    }
                    _ => {}
                },
                Event::End(end) => match end.name().0 {
                    "table:table" if self.within => return Ok(()),
                    "table:table-row" if self.within => {
                        self.row = self.row.saturating_add(self.rows);
                    }
                    _ => {}
                },
                Event::Eof => return Err(damaged(self.name)),
                _ => {}
            }
        }
    }

    /// A cell, of which the first tag was read.
    fn cell(
        &mut self,
        start: &BytesStart<'_>,
        reader: &mut Reader<&mut dyn BufRead>,
    ) -> Result<()> {
        let count = repeated(start, "table:number-columns-repeated", self.name)?;
        let formula = attribute(start, "table:formula", self.name)?.is_some();
        let kind = attribute(start, "office:value-type", self.name)?.unwrap_or_default();
        let value = match kind.as_str() {
            "float" | "percentage" | "currency" => {
                let text = attribute(start, "office:value", self.name)?;
                // As in XLSX: a number is a double, and its text is ours.
                text.map(|t| t.parse::<f64>().map_or(t, |value| value.to_string()))
            }
            "date" => attribute(start, "office:date-value", self.name)?,
            "time" => attribute(start, "office:time-value", self.name)?,
            "boolean" => {
                attribute(start, "office:boolean-value", self.name)?.map(|text| text.to_uppercase())
            }
            _ => attribute(start, "office:string-value", self.name)?,
        };
        let shown = self.content(start.name().0, reader)?;
        let text = value.unwrap_or(shown);
        // Empty cells at the end of a row, and empty rows at the end of a sheet, are repeated up to
        // its border.
        let rows = self.row..self.row.saturating_add(self.rows);
        let columns = self.column..self.column.saturating_add(count);
        let spanned = repeated(start, "table:number-rows-spanned", self.name)?;
        self.sheet.merge(self.row, self.row.saturating_add(spanned - 1), self.column);
        self.sheet.put(rows, columns, &text, formula)?;
        self.column = self.column.saturating_add(count);
        Ok(())
    }

    /// What a cell shows: its paragraphs, a line each, without its comments.
    fn content(&self, cell: &str, reader: &mut Reader<&mut dyn BufRead>) -> Result<String> {
        let (mut text, mut buffer) = (String::new(), Vec::new());
        let (mut paragraphs, mut within, mut comment) = (0, false, 0);
        loop {
            let event = next(reader, &mut buffer, self.name)?;
            match &event {
                Event::Start(start) => match start.name().0 {
                    "office:annotation" => comment += 1,
                    _ if comment > 0 => {}
                    "text:p" => {
                        within = true;
                        paragraphs += 1;
                        if paragraphs > 1 {
                            text.push('\n');
                        }
                    }
                    "text:s" => {
                        let n = repeated(start, "text:c", self.name)?;
                        text.extend(std::iter::repeat_n(' ', n.min(1_000) as usize));
                    }
                    "text:tab" => text.push('\t'),
                    "text:line-break" => text.push('\n'),
                    _ => {}
                },
                Event::End(end) => match end.name().0 {
                    "office:annotation" => comment -= 1,
                    "text:p" if comment == 0 => within = false,
                    name if name == cell => return Ok(text),
                    _ => {}
                },
                Event::Text(piece) if within && comment == 0 => {
                    text.push_str(&piece.xml10_content());
                }
                Event::GeneralRef(entity) if within && comment == 0 => {
                    let known = resolve_xml_entity(entity).map(str::to_owned);
                    let wrong = |_| damaged(self.name);
                    let sign = entity.resolve_char_ref().map_err(wrong)?.map(String::from);
                    text.extend(known.or(sign));
                }
                Event::Eof => return Err(damaged(self.name)),
                _ => {}
            }
        }
    }
}
