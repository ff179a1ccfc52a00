//! The table of rows that `ssi fit --augment` writes.

use super::Fitted;
use crate::{Error, Result, write_file};
use ssi_infer::regress::{Augment, AugmentRow};
use std::path::Path;

/// A row of the table of rows: the contract's columns, the studentised residual, DFBETAS.
type Line<'a> = (&'a AugmentRow, Option<f64>, Vec<Option<f64>>);

impl Fitted {
    /// Writes the row-by-row table as CSV; never over a file that is there.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::Write`].
    pub fn write_augment(&self, path: &Path) -> Result<()> {
        let fail = |e: csv::Error| Error::Write {
            path: path.to_owned(),
            source: std::io::Error::other(e),
        };
        if !self.rows.is_empty() {
            let mut rows: Vec<_> = self.rows.iter().enumerate().collect();
            rows.sort_by_key(|(_, (row, ..))| *row);
            let mut writer = csv::Writer::from_writer(Vec::new());
            if self.weights.len() == rows.len() {
                writer.write_record(["row", "fitted", "resid", "weight"]).map_err(fail)?;
                for (i, (row, fitted, resid)) in rows {
                    writer.serialize((row, fitted, resid, self.weights[i])).map_err(fail)?;
                }
            } else {
                writer.write_record(["row", "fitted", "resid"]).map_err(fail)?;
                for (_, row) in rows {
                    writer.serialize(row).map_err(fail)?;
                }
            }
            let bytes = writer.into_inner().map_err(|e| fail(e.into_error().into()))?;
            return write_file(path, &bytes);
        }
        // Groups may have levels of their own: a coefficient that a row's model lacks is empty.
        let mut terms: Vec<&String> = Vec::new();
        for term in self.influence.iter().flat_map(|(terms, _)| terms) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        let mut rows: Vec<Line<'_>> = Vec::new();
        for (part, (own, influence)) in self.augment.iter().zip(&self.influence) {
            let place = |term: &&String| own.iter().position(|t| t == *term);
            let places: Vec<Option<usize>> = terms.iter().map(place).collect();
            rows.extend(part.rows.iter().zip(influence).map(|(row, influence)| {
                let of = |at: &Option<usize>| at.and_then(|at| influence.dfbetas[at]);
                (row, influence.student_resid, places.iter().map(of).collect())
            }));
        }
        rows.sort_by_key(|(row, ..)| row.row);
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        let mut header: Vec<String> = Augment::COLUMNS.map(str::to_owned).to_vec();
        header.push("student_resid".to_owned());
        header.extend(terms.iter().map(|term| format!("dfbetas_{term}")));
        writer.write_record(&header).map_err(fail)?;
        for row in rows {
            writer.serialize(row).map_err(fail)?;
        }
        let bytes = writer.into_inner().map_err(|e| fail(e.into_error().into()))?;
        write_file(path, &bytes)
    }
}
