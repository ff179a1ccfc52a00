//! What a ZIP archive holds, and whether it is safe to unpack.

use crate::guard::caught;
use crate::limits::{Limit, Limits, UNSUSPECTED};
use crate::{BookFault, Error, Result};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// The workbooks that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An Office Open XML workbook.
    Xlsx,
    /// An OpenDocument spreadsheet.
    Ods,
}

/// Other archives that are handed in by mistake, by a part that each has.
const OTHERS: [(&str, &str); 6] = [
    ("xl/workbook.bin", "a binary XLSB workbook"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("Index/Document.iwa", "a Numbers or Pages document"),
    ("EncryptedPackage", "a workbook with a password"),
    ("META-INF/MANIFEST.MF", "a Java archive"),
];

/// Looks at every part of an archive before any is used: its path, the size that the directory
/// says, and the size that it really unpacks to, which the directory may lie about.
///
/// # Errors
/// [`Error::Limit`], [`Error::Binary`], [`Error::Workbook`].
pub(crate) fn checked(bytes: &[u8], name: &str, limits: &Limits) -> Result<Kind> {
    let fail = |fault| Error::Workbook { name: name.to_owned(), fault };
    let binary = |what| Error::Binary { name: name.to_owned(), what };
    let mut archive = opened(bytes, name)?;
    let mut kind = None;
    let mut said = 0_u64;
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at).map_err(|_| fail(BookFault::Damaged))?;
        let title = String::from_utf8_lossy(part.name_raw()).into_owned();
        if part.encrypted() {
            return Err(binary("a workbook with a password"));
        }
        if part.enclosed_name().is_none() {
            return Err(fail(BookFault::Outside { part: shown(&title) }));
        }
        if let Some((_, what)) = OTHERS.iter().find(|(known, _)| *known == title) {
            return Err(binary(what));
        }
        match title.as_str() {
            "xl/workbook.xml" => kind = kind.or(Some(Kind::Xlsx)),
            "content.xml" => kind = kind.or(Some(Kind::Ods)),
            _ => {}
        }
        said = said.saturating_add(part.size());
        check(part.size(), said, part.compressed_size(), &title, name, limits)?;
    }
    let kind = kind.ok_or_else(|| binary("a ZIP archive without a workbook"))?;
    let (mut unpacked, mut strings) = (0_u64, Vec::new());
    for at in 0..archive.len() {
        // What can't be unpacked is refused by the reader that needs it.
        let Some(Ok(mut part)) = caught(|| archive.by_index(at)) else { continue };
        let title = String::from_utf8_lossy(part.name_raw()).into_owned();
        let packed = part.compressed_size();
        let (mut size, mut buffer) = (0_u64, [0; 1 << 14]);
        while let Some(Ok(n @ 1..)) = caught(|| part.read(&mut buffer)) {
            size += n as u64;
            check(size, unpacked + size, packed, &title, name, limits)?;
        }
        unpacked += size;
        let decoded = part.name().is_ok_and(|name| are_strings(&name));
        if kind == Kind::Xlsx && (decoded || are_strings(&title)) {
            strings.push((at, size));
        }
    }
    for (at, size) in strings {
        let Some(Ok(part)) = caught(|| archive.by_index(at)) else { continue };
        let most = UNSUSPECTED.max(size / SHORTEST);
        if said_strings(&mut BufReader::new(part)).is_none_or(|n| n > most) {
            return Err(fail(BookFault::Damaged));
        }
    }
    Ok(kind)
}

/// Opens an archive.
///
/// # Errors
/// [`Error::Workbook`].
pub(crate) fn opened<'b>(bytes: &'b [u8], name: &str) -> Result<ZipArchive<Cursor<&'b [u8]>>> {
    let open = || ZipArchive::new(Cursor::new(bytes));
    let fail = || Error::Workbook { name: name.to_owned(), fault: BookFault::NotWhole };
    caught(open).and_then(std::result::Result::ok).ok_or_else(fail)
}

/// The bytes of the shortest shared string: `<si><t/></si>`.
const SHORTEST: u64 = 13;

/// True for the path of a part that calamine may take for the shared strings of a workbook: it heeds
/// neither the folder nor the case.
fn are_strings(part: &str) -> bool {
    part.to_ascii_lowercase().ends_with("sharedstrings.xml")
}

/// How many strings a part says it has; calamine 0.38 makes room for them all before it reads the
/// first, and where there is not enough the program ends. `None` for what can't be read.
fn said_strings(part: &mut dyn BufRead) -> Option<u64> {
    // As calamine reads it.
    let mut reader = Reader::from_reader(part);
    let config = reader.config_mut();
    (config.check_end_names, config.expand_empty_elements) = (false, true);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match caught(|| reader.read_event_into(&mut buffer))?.ok()? {
            Event::Start(start) if start.local_name().as_ref() == "sst" => {
                return most_said(&start);
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// The largest of the numbers by which an element says how many strings it has, whatever stands
/// between them: 0 where it says none.
fn most_said(start: &BytesStart<'_>) -> Option<u64> {
    let mut most = 0;
    for said in start.attributes_raw().split("uniqueCount").skip(1) {
        let digits = said.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        if end > 0 {
            most = most.max(digits[..end].parse().ok()?);
        }
    }
    Some(most)
}

/// Refuses a part of `size` bytes by which the archive has come to `whole` bytes.
fn check(
    size: u64,
    whole: u64,
    packed: u64,
    part: &str,
    name: &str,
    limits: &Limits,
) -> Result<()> {
    let refuse = |limit, most| {
        Err(Error::Limit {
            name: name.to_owned(),
            limit,
            most,
            row: 0,
            column: 0,
            part: shown(part),
        })
    };
    if whole > limits.unpacked {
        return refuse(Limit::Unpacked, limits.unpacked);
    }
    if size > UNSUSPECTED && size / limits.ratio > packed {
        return refuse(Limit::Ratio, limits.ratio);
    }
    Ok(())
}

/// A part's path as a message shows it.
fn shown(part: &str) -> String {
    crate::ledger::shown(part)
}
