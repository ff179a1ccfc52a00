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

    /// Notes what is wrong with a cell, unless another cell of its column shows it already.
    ///
    /// # Errors
    /// As [`Refusals::add`].
    pub(crate) fn add_once(&mut self, error: Error) -> Result<()> {
        let is_known = self.found.iter().any(|found| match (found, &error) {
            (Error::Personal { header: a, .. }, Error::Personal { header: b, .. }) => a == b,
            (Error::AmbiguousComma { column: a, .. }, Error::AmbiguousComma { column: b, .. }) => {
                a.column == b.column
            }
            _ => false,
        });
        if is_known { Ok(()) } else { self.add(error) }
    }
}
