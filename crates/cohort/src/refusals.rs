//! Whether reading stops at the first reason to refuse a file, or goes on to tell them all.

use crate::{Error, Result};
use std::collections::BTreeMap;

/// Reasons to refuse a file.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    /// Those found.
    pub(crate) found: Vec<Error>,
    /// True where reading goes on.
    pub(crate) all: bool,
    /// How the file calls the canonical columns.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Refusals {
    /// Notes a reason.
    ///
    /// # Errors
    /// The reason itself, where reading stops at the first one.
    pub(crate) fn add(&mut self, error: Error) -> Result<()> {
        let error = error.with_headers(&self.headers);
        if !self.all {
            return Err(error);
        }
        if !self.found.contains(&error) {
            self.found.push(error);
        }
        Ok(())
    }
}
