//! Where the data come from: a file, standard input, or the embedded reference cohort.

use crate::{Error, Result};
use sha2::{Digest, Sha256};
use ssi_cohort::{Key, Options};
use std::fs::File;
use std::io::{self, Read};
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
    /// The key by which a cohort's identifiers are replaced; without one, columns that say who
    /// somebody is are refused.
    pub key: Option<Key>,
}

impl Source {
    /// The embedded reference cohort.
    pub fn reference() -> Self {
        Self { name: REFERENCE_NAME.to_owned(), bytes: REFERENCE.to_vec(), key: None }
    }

    /// A file, or standard input where the path is `-`.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::IsFolder`].
    pub fn open(path: &Path) -> Result<Self> {
        let fail = |source: io::Error| Error::Open { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        if path == Path::new("-") {
            io::stdin().lock().read_to_end(&mut bytes).map_err(fail)?;
            return Ok(Self { name: "stdin".to_owned(), bytes, key: None });
        }
        if path.is_dir() {
            return Err(Error::IsFolder { path: path.to_owned() });
        }
        File::open(path).and_then(|mut f| f.read_to_end(&mut bytes)).map_err(fail)?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, bytes, key: None })
    }

    /// The same file, whose identifiers are to be replaced by a key.
    pub fn pseudonymised(self, key: Option<Key>) -> Self {
        Self { key, ..self }
    }

    /// How a cohort is to be read from it, beside what is asked for.
    pub(crate) fn options(&self, asked: &Options) -> Options {
        Options { pseudonymise: self.key.clone(), ..asked.clone() }
    }

    /// SHA-256 of the bytes, in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256(&self.bytes)
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
