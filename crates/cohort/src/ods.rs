//! OpenDocument spreadsheets.
//!
//! calamine reads them too, but makes each repeated cell and row of every sheet, so that a file of a
//! kilobyte can take gigabytes. Here only the cells of one sheet that hold anything are made, within
//! the limits.

use crate::archive::opened;
use crate::grid::{Options, Purpose};
use crate::guard::caught;
use crate::limits::Limit;
use crate::sheets::{Glance, ROWS_LOOKED_AT, best, settled};
use crate::workbook::{Sheet, broken, percent};
use crate::{BookFault, Codebook, Error, Result};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};

/// The elements of a cell.
const CELLS: [&str; 2] = ["table:table-cell", "table:covered-table-cell"];

/// Reads the cells of the sheet that was asked for, or is the best one.
pub(crate) fn cells<'a>(
    bytes: &[u8],
    name: &'a str,
    options: &'a Options,
    purpose: Purpose<'_>,
) -> Result<Sheet<'a>> {
    let mut archive = opened(bytes, name)?;
    let mut part = |title: &str, read: &mut dyn FnMut(&mut dyn BufRead) -> Result<()>| {
        let absent = || broken(name, BookFault::Part { part: title.to_owned() });
        let part = caught(|| archive.by_name(title)).and_then(std::result::Result::ok);
        read(&mut BufReader::new(part.ok_or_else(absent)?))
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
    let mut about = About::default();
    part("content.xml", &mut |input| starts(input, name, &mut |start| about.note(start, name)))?;
    let About { sheets, hidden, .. } = about;
    let (at, why) = match settled(&sheets, options, name)? {
        Some(settled) => settled,
        None => {
            let mut walk = Walk::new(name, options, None);
            // What is damaged is told of where the sheet is read.
            let _ = part("content.xml", &mut |input| walk.through(input));
            let mut found = walk.sheets.into_iter();
            let mut rows = || found.next().and_then(|sheet| sheet.grid().ok());
            let glances = hidden.into_iter().map(|hidden| Glance { hidden, rows: rows() });
            let glances: Vec<Glance> = glances.collect();
            best(&glances, purpose.codebook().unwrap_or(&Codebook::default()))
        }
    };
    let mut walk = Walk::new(name, options, Some(at));
    walk.percent = matches!(purpose, Purpose::Cohort(_));
    part("content.xml", &mut |input| walk.through(input))?;
    let sheet = walk.sheets.pop().ok_or_else(|| damaged(name))?;
    Ok(sheet.chosen((at, why), sheets))
}

/// The sheets of a workbook.
#[derive(Default)]
struct About {
    sheets: Vec<String>,
    hidden: Vec<bool>,
    /// The style that is being described.
    style: String,
    /// Styles of sheets that are not shown.
    unseen: BTreeSet<String>,
}

impl About {
    fn note(&mut self, start: &BytesStart<'_>, name: &str) -> Result<()> {
        let own = |title: &str| attribute(start, title, name).map(Option::unwrap_or_default);
        match start.name().0 {
            "style:style" => self.style = own("style:name")?,
            "style:table-properties" if own("table:display")? == "false" => {
                self.unseen.insert(self.style.clone());
            }
            "table:table" => {
                self.sheets.push(own("table:name")?);
                self.hidden.push(self.unseen.contains(&own("table:style-name")?));
            }
            _ => {}
        }
        Ok(())
    }
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
    let read = caught(|| reader.read_event_into(buffer)).and_then(std::result::Result::ok);
    read.ok_or_else(|| damaged(name))
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
    /// What was read.
    sheets: Vec<Sheet<'a>>,
    name: &'a str,
    options: &'a Options,
    /// The place of the sheet among all; if there is none, the first rows of every one are read.
    wanted: Option<usize>,
    /// True where percentages are what they show.
    percent: bool,
    /// Sheets that began.
    tables: usize,
    /// True within a sheet that is read.
    within: bool,
    row: u32,
    /// How often the row stands there.
    rows: u32,
    column: u32,
    /// Rows of the sheet that held anything, and the last of them.
    filled: (usize, Option<u32>),
}

impl<'a> Walk<'a> {
    fn new(name: &'a str, options: &'a Options, wanted: Option<usize>) -> Self {
        Self {
            sheets: Vec::new(),
            name,
            options,
            wanted,
            percent: false,
            tables: 0,
            within: false,
            row: 0,
            rows: 1,
            column: 0,
            filled: (0, None),
        }
    }

    fn through(&mut self, input: &mut dyn BufRead) -> Result<()> {
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        let mut buffer = Vec::new();
        loop {
            match next(&mut reader, &mut buffer, self.name)? {
                Event::Start(start) => match start.name().0 {
                    "table:table" => {
                        self.within = self.wanted.is_none_or(|wanted| wanted == self.tables);
                        self.tables += 1;
                        if self.within {
                            self.sheets.push(Sheet::new(self.name, self.options));
                            (self.row, self.filled) = (0, (0, None));
                        }
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
                    "table:table" if self.wanted.is_none() => self.within = false,
                    "table:table" if self.within => return Ok(()),
                    "table:table-row" if self.within => {
                        self.row = self.row.saturating_add(self.rows);
                    }
                    _ => {}
                },
                Event::Eof if self.wanted.is_none() => return Ok(()),
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
                let own = match self.percent && kind == "percentage" {
                    true => percent,
                    false => |value: f64| value.to_string(),
                };
                text.map(|t| t.parse::<f64>().map_or(t, own))
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
        let last = self.row.saturating_add(spanned - 1);
        self.column = self.column.saturating_add(count);
        let Some(sheet) = self.sheets.last_mut() else { return Ok(()) };
        if self.wanted.is_some() {
            sheet.merge(self.row, last, columns.start);
            return sheet.put(rows, columns, &text, formula);
        }
        if !text.is_empty() && self.filled.1 != Some(self.row) {
            self.filled = (self.filled.0 + 1, Some(self.row));
        }
        if self.filled.0 <= ROWS_LOOKED_AT {
            sheet.put(self.row..self.row.saturating_add(1), columns, &text, formula)?;
        }
        Ok(())
    }

    /// What a cell shows: its paragraphs, a line each, without its comments.
    fn content(&self, cell: &str, reader: &mut Reader<&mut dyn BufRead>) -> Result<String> {
        let (mut text, mut buffer) = (String::new(), Vec::new());
        let (mut paragraphs, mut within, mut comment) = (0, false, 0);
        loop {
            // Spaces that are said to be repeated are made, so that little XML can hold much text.
            if text.len() as u64 > self.options.limits.cell {
                return Err(self.too_long());
            }
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
    fn too_long(&self) -> Error {
        let (name, part) = (self.name.to_owned(), String::new());
        let (limit, most) = (Limit::Cell, self.options.limits.cell);
        let (row, column) = (self.row as usize + 1, self.column as usize + 1);
        Error::Limit { name, limit, most, row, column, part }
    }
}
