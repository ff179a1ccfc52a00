//! From bytes to text: which encoding, and whether it is text at all.

use crate::choices::Encoding;
use crate::parquet::is_parquet;
use crate::{Error, Result};
use encoding_rs::{Encoding as Encoder, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memchr;
use std::borrow::Cow;

/// A file's content, recognised by its bytes and not by its name.
pub(crate) enum Content<'b> {
    /// Text, and the encoding it was in unless that was UTF-8 without a byte order mark.
    Text {
        /// The text, without a byte order mark.
        text: Cow<'b, str>,
        /// The encoding's name.
        encoding: Option<&'static str>,
    },
    /// A ZIP archive, which an XLSX workbook is.
    Workbook(&'b [u8]),
    /// A Parquet file.
    Parquet(&'b [u8]),
}

/// Files that are often handed in by mistake, by their first bytes.
const KNOWN: [(&[u8], &str); 11] = [
    (b"\x89PNG", "a PNG picture"),
    (b"%PDF", "a PDF document"),
    (b"GIF8", "a GIF picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x28\xB5\x2F\xFD", "a zstd archive"),
    (b"7z\xBC\xAF", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7FELF", "a program"),
    (b"{\\rtf", "an RTF document"),
];

/// True for a file that is no text by its first bytes.
pub(crate) fn is_known(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xD0\xCF\x11\xE0")
        || is_parquet(bytes)
        || KNOWN.iter().any(|(magic, _)| bytes.starts_with(magic))
}

/// Decodes a file: UTF-8 and UTF-16 with or without a byte order mark, and CP932.
///
/// UTF-16 without a mark is known by the zero bytes of its commas, digits and line feeds, which
/// all stand at even or all at odd places.
///
/// CP932 is assumed where the bytes are not UTF-8 and decode as Shift_JIS without an error, and
/// do not look like Western text: there, an accented letter stands alone among ASCII letters.
///
/// An encoding that is `asked` for is used, whatever the bytes look like.
///
/// # Errors
/// [`Error::Empty`], [`Error::Binary`], [`Error::Undecodable`].
pub(crate) fn decode<'b>(
    bytes: &'b [u8],
    name: &str,
    asked: Option<Encoding>,
) -> Result<Content<'b>> {
    let binary = |what| Err(Error::Binary { name: name.to_owned(), what });
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Content::Workbook(bytes));
    }
    if is_parquet(bytes) {
        return Ok(Content::Parquet(bytes));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let locked: Vec<u8> =
            "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return binary(if contains(bytes, &locked) {
            "a workbook with a password"
        } else {
            "an old XLS workbook"
        });
    }
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return binary(what);
    }
    let (text, encoding) = match asked {
        Some(asked) => as_asked(bytes, asked, name)?,
        None => text(bytes, name)?,
    };
    if memchr(0, text.as_bytes()).is_some() {
        return binary("a binary file (it holds NUL bytes)");
    }
    if text.chars().all(char::is_whitespace) {
        return Err(Error::Empty { name: name.to_owned() });
    }
    Ok(Content::Text { text, encoding })
}

/// A text, and the name of its encoding, where it is another than UTF-8.
type Decoded<'b> = (Cow<'b, str>, Option<&'static str>);

/// The text in the encoding that the user names.
fn as_asked<'b>(bytes: &'b [u8], asked: Encoding, name: &str) -> Result<Decoded<'b>> {
    let (encoding, label, rest) = match asked {
        Encoding::Utf8 => {
            let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            (UTF_8, None, rest)
        }
        Encoding::Cp932 => (SHIFT_JIS, Some("CP932"), bytes),
        Encoding::Utf16 => match bytes {
            [0xFF, 0xFE, rest @ ..] => (UTF_16LE, Some("UTF-16LE"), rest),
            [0xFE, 0xFF, rest @ ..] => (UTF_16BE, Some("UTF-16BE"), rest),
            _ if zeros(bytes, 0) > zeros(bytes, 1) => (UTF_16BE, Some("UTF-16BE"), bytes),
            _ => (UTF_16LE, Some("UTF-16LE"), bytes),
        },
    };
    let (text, had_errors) = encoding.decode_without_bom_handling(rest);
    if had_errors {
        let line = 1 + text.split('\u{FFFD}').next().map_or(0, |t| t.matches('\n').count());
        return Err(Error::NotInEncoding { name: name.to_owned(), encoding: asked.name(), line });
    }
    Ok((text, label))
}

/// How many of the first bytes are zero at even places, or at odd ones: commas and digits in UTF-16
/// have a zero byte, in front where the larger half comes first.
fn zeros(bytes: &[u8], from: usize) -> usize {
    let tried = &bytes[..bytes.len().min(UNMARKED_TRIED)];
    tried.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count()
}

/// How many bytes tell whether a text is UTF-16 without a mark.
const UNMARKED_TRIED: usize = 1 << 16;

/// True for what looks like UTF-16 without a mark: zero bytes at even places only, or at odd places
/// only, and one there in sixteen at least.
pub(crate) fn is_unmarked(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let [even, odd] = [0, 1].map(|from| zeros(bytes, from));
    let enough = 16 * even.max(odd) >= bytes.len().min(UNMARKED_TRIED) / 2;
    !marked
        && bytes.len().is_multiple_of(2)
        && 8 * even.min(odd) <= even.max(odd)
        && even.max(odd) > 0
        && enough
}

fn text<'b>(bytes: &'b [u8], name: &str) -> Result<Decoded<'b>> {
    if is_unmarked(bytes) {
        let decoded = as_asked(bytes, Encoding::Utf16, name);
        let is_text = |text: &str| {
            let printed = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
            text.chars().all(printed)
        };
        if let Ok((text, label)) = decoded
            && is_text(&text)
        {
            return Ok((text, label));
        }
    }
    for (mark, encoding, label) in
        [(b"\xFF\xFE", UTF_16LE, "UTF-16LE"), (b"\xFE\xFF", UTF_16BE, "UTF-16BE")]
    {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let (text, had_errors) = encoding.decode_without_bom_handling(rest);
            if had_errors {
                let line = 1 + text.split('\u{FFFD}').next().map_or(0, |t| t.matches('\n').count());
                return Err(Error::Undecodable { name: name.to_owned(), line });
            }
            return Ok((text, Some(label)));
        }
    }
    let (rest, encoding) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, Some("UTF-8 with a byte order mark")),
        None => (bytes, None),
    };
    let wrong = match std::str::from_utf8(rest) {
        Ok(text) => return Ok((text.into(), encoding)),
        Err(error) => error.valid_up_to(),
    };
    if rest.contains(&0) {
        return Err(Error::Binary { name: name.to_owned(), what: "a binary file" });
    }
    match SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) {
        // Private-use characters are what CP932 makes of bytes that were never Japanese.
        Some(text) if !text.contains(|c| ('\u{E000}'..='\u{F8FF}').contains(&c)) => {
            if is_western(bytes) {
                Err(undecodable(rest, wrong, name))
            } else {
                Ok((text, Some("CP932")))
            }
        }
        _ => Err(undecodable(rest, wrong, name)),
    }
}

fn undecodable(bytes: &[u8], at: usize, name: &str) -> Error {
    let line = 1 + bytes[..at].iter().filter(|b| **b == b'\n').count();
    Error::Undecodable { name: name.to_owned(), line }
}

/// True for what is valid Shift_JIS by accident: `München` or `Declaração` in Latin-1.
///
/// Japanese text has kana or full-width signs (whose first byte no Western letter uses) or
/// characters side by side; where it has neither, as in a column of 男 and 女, its characters
/// don't touch ASCII letters.
fn is_western(bytes: &[u8]) -> bool {
    let mut touches_letters = false;
    let mut after_double = false;
    let mut i = 0;
    while i < bytes.len() {
        let lead = bytes[i];
        if lead < 0x80 {
            after_double = false;
            i += 1;
            continue;
        }
        let is_double = (0x81..=0x9F).contains(&lead) || (0xE0..=0xFC).contains(&lead);
        if is_double && (lead <= 0x83 || after_double) {
            return false;
        }
        let length = if is_double { 2 } else { 1 };
        let before = i.checked_sub(1).and_then(|at| bytes.get(at));
        let after = bytes.get(i + length);
        touches_letters |= [before, after].iter().flatten().any(|b| b.is_ascii_alphabetic());
        after_double = is_double;
        i += length;
    }
    touches_letters
}

/// True for UTF-8 that was read as CP932 or Windows-1252 before it was saved (`譌･譛ｬ` for 日本,
/// `EspaÃ±a`): written in that encoding again, it is UTF-8. No word is so by accident: what CP932 has
/// to make a kana or a kanji of begins with the rarest of its own.
pub(crate) fn is_mojibake(text: &str) -> bool {
    let before = |encoding: &'static Encoder, least: char| {
        let (bytes, _, is_lossy) = encoding.encode(text);
        let text = std::str::from_utf8(&bytes).ok().filter(|_| !is_lossy);
        text.is_some_and(|text| text.contains(|c| c >= least))
    };
    // Two characters may be so by accident.
    !text.is_ascii()
        && text.chars().count() > 2
        && (before(SHIFT_JIS, '\u{800}') || before(WINDOWS_1252, '\u{80}'))
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|w| w == wanted)
}
