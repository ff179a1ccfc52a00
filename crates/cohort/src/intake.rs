//! The bytes of a file, as far as the limits let them in.

use crate::limits::Limit;
use crate::{Error, Options, Result};
use ssi_vocab::Progress;
use std::io::Read;

/// How much is read at a time.
const PIECE: u64 = 1 << 20;

/// All bytes of a reader, as far as the limits of the options go, while their watch is told. It stops
/// as soon as it is clear that they can't be used, so that an endless file is refused at its
/// beginning.
///
/// # Errors
/// [`Error::Read`], [`Error::Limit`], [`Error::Binary`].
pub fn intake(mut input: impl Read, name: &str, options: &Options) -> Result<Vec<u8>> {
    let Options { limits, watch, .. } = options;
    let mut bytes = Vec::new();
    // Bytes since the last one that could end a cell, in any of the encodings.
    let mut run = 0;
    loop {
        let before = bytes.len();
        let n = input.by_ref().take(PIECE).read_to_end(&mut bytes).map_err(|e| {
            let (name, reason) = (name.to_owned(), e.to_string());
            Error::Read { name, kind: e.kind(), reason }
        })?;
        if n == 0 {
            return Ok(bytes);
        }
        watch.advance(n as u64);
        let refuse = |limit, row| {
            let (name, part, most) = (name.to_owned(), String::new(), limits.most(limit));
            Err(Error::Limit { name, limit, most, row, column: 0, part })
        };
        if bytes.len() as u64 > limits.bytes {
            return refuse(Limit::Bytes, 0);
        }
        if is_text(&bytes) {
            run = longest_run(&bytes[before..], run);
            if run > limits.cell && bytes[before..].contains(&0) {
                let what = "a binary file (it holds NUL bytes)";
                return Err(Error::Binary { name: name.to_owned(), what });
            }
            if run > limits.cell {
                return refuse(Limit::Cell, 1 + bytes.iter().filter(|b| **b == b'\n').count());
            }
        }
    }
}

/// False for archives and for what [`crate::decode`] refuses by its first bytes.
fn is_text(bytes: &[u8]) -> bool {
    !bytes.starts_with(b"PK\x03\x04") && !crate::decode::is_known(bytes)
}

/// How long the piece's last run of bytes is that could end no cell, or the first that is longer
/// than any cell may be; `run` bytes of it stood before the piece.
fn longest_run(piece: &[u8], run: u64) -> u64 {
    let ends = |b: &u8| matches!(b, b'\n' | b'\r' | b',' | b';' | b'\t');
    match (piece.iter().position(ends), piece.iter().rposition(ends)) {
        (Some(first), Some(last)) => {
            let (before, after) = (run + first as u64, (piece.len() - 1 - last) as u64);
            // Runs within a piece are found when its cells are.
            if before > PIECE { before } else { after }
        }
        _ => run + piece.len() as u64,
    }
}
