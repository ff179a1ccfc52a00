//! What a ZIP archive holds, and whether it is safe to unpack.

use crate::limits::{Limit, Limits, UNSUSPECTED};
use crate::{BookFault, Error, Result};
use std::io::{Cursor, Read};
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
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| fail(BookFault::NotWhole))?;
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
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        // What can't be unpacked is refused by the reader that needs it.
        let Ok(mut part) = archive.by_index(at) else { continue };
        let title = String::from_utf8_lossy(part.name_raw()).into_owned();
        let packed = part.compressed_size();
        let (mut size, mut buffer) = (0_u64, [0; 1 << 14]);
        while let Ok(n @ 1..) = part.read(&mut buffer) {
            size += n as u64;
            check(size, unpacked + size, packed, &title, name, limits)?;
        }
        unpacked += size;
    }
    Ok(kind)
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
