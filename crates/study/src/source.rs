//! Where the data come from: a file, standard input, or the embedded reference cohort.

use crate::{Error, Result};
use sha2::{Digest, Sha256};
use ssi_cohort::{Key, Limit, Limits, Options};
use ssi_vocab::{Progress, Stage, Watch};
use std::fs::File;
use std::io;
use std::path::Path;

/// The embedded reference cohort (`datasets/reference/data.csv`): synthetic, n = 203.
pub const REFERENCE: &[u8] = include_bytes!("../../../datasets/reference/data.csv");

/// The name under which the embedded cohort is known.
const REFERENCE_NAME: &str = "reference";

/// A survey file in memory, with its name.
#[derive(Debug, Clone)]
pub struct Source {
    /// File name without its folder: no path of the user's machine reaches a report.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How much of it is read.
    pub limits: Limits,
    /// The key by which a cohort's identifiers are replaced; without one, columns that say who
    /// somebody is are refused.
    pub key: Option<Key>,
    /// Who is told how far reading has come.
    pub watch: Watch,
}

impl Source {
    /// The embedded reference cohort.
    pub fn reference() -> Self {
        Self {
            name: REFERENCE_NAME.to_owned(),
            bytes: REFERENCE.to_vec(),
            limits: Limits::default(),
            key: None,
            watch: Watch::default(),
        }
    }

    /// A file, or standard input where the path is `-`, within the default limits.
    ///
    /// # Errors
    /// As [`Source::open_within`].
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_within(path, Limits::default(), Watch::default())
    }

    /// A file, or standard input where the path is `-`. Links are followed; a device or a pipe is
    /// refused before it is opened, because it may never end, or never begin.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::IsFolder`], [`Error::NotAFile`]; [`Error::Cohort`] for what is
    /// larger than the limits.
    pub fn open_within(path: &Path, limits: Limits, watch: Watch) -> Result<Self> {
        if path == Path::new("-") {
            watch.begin(Stage::Read, 0);
            let name = "stdin".to_owned();
            let options = Options { limits, watch, ..Options::default() };
            let bytes = ssi_cohort::intake(io::stdin().lock(), &name, &options)?;
            return Ok(Self { name, bytes, limits, key: None, watch: options.watch });
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let (file, size) = regular(path)?;
        if size > limits.bytes {
            return Err(too_much(name, Limit::Bytes, limits.bytes));
        }
        watch.begin(Stage::Read, size);
        let options = Options { limits, watch, ..Options::default() };
        let bytes = ssi_cohort::intake(file, &name, &options)?;
        Ok(Self { name, bytes, limits, key: None, watch: options.watch })
    }

    /// The same file, whose identifiers are to be replaced by a key.
    pub fn pseudonymised(self, key: Option<Key>) -> Self {
        Self { key, ..self }
    }

    /// How a cohort is to be read from it, beside what is asked for.
    pub(crate) fn options(&self, asked: &Options) -> Options {
        let (pseudonymise, watch) = (self.key.clone(), self.watch.clone());
        Options { pseudonymise, limits: self.limits, watch, ..asked.clone() }
    }

    /// The text of a plan or a codebook.
    ///
    /// # Errors
    /// [`Error::Usage`] for what is no UTF-8; [`Error::Cohort`] for what nests too deeply.
    pub fn text(self) -> Result<String> {
        let Self { name, bytes, limits, .. } = self;
        let text = String::from_utf8(bytes).map_err(|_| {
            Error::usage(
                format!("{name}: is not UTF-8 text; save it as a UTF-8 text file"),
                format!("{name}：UTF-8 のテキストファイルとして保存してください"),
            )
        })?;
        if ssi_cohort::depth(&text) > limits.depth {
            return Err(too_much(name, Limit::Depth, limits.depth));
        }
        Ok(text)
    }

    /// SHA-256 of the bytes, in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(&self.bytes)
    }
}

/// The refusal of a whole file.
fn too_much(name: String, limit: Limit, most: u64) -> Error {
    ssi_cohort::Error::Limit { name, limit, most, row: 0, column: 0, part: String::new() }.into()
}

/// A regular file that was opened, and its size.
pub(crate) fn regular(path: &Path) -> Result<(File, u64)> {
    let fail = |source: io::Error| Error::Open { path: path.to_owned(), source };
    // Opening a pipe would wait for somebody to write to it.
    let found = std::fs::metadata(path).map_err(fail)?;
    if found.is_dir() {
        return Err(Error::IsFolder { path: path.to_owned() });
    }
    if !found.is_file() {
        return Err(Error::NotAFile { path: path.to_owned() });
    }
    Ok((File::open(path).map_err(fail)?, found.len()))
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
