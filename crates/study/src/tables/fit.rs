//! What `ssi fit` does.

use super::{Open, TableRequest};
use crate::{Error, Result, write_file};
use ssi_infer::formula;
use ssi_infer::regress::{Augment, Covariance, ols};
use ssi_vocab::Results;
use std::path::Path;

/// A fitted model with a row for each respondent.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Coefficients and fit statistics.
    pub results: Results,
    /// Fitted values, residuals and influence: one part a group.
    pub augment: Vec<Augment>,
}
/// Fits a regression by ordinary least squares.
///
/// # Errors
/// Unreadable or refused data, a formula error, an unknown kind of standard error, a model that
/// these data don't define.
pub fn fit(request: &TableRequest, formula: &str, se: &str) -> Result<Fitted> {
    let covariance: Covariance = se.parse()?;
    let mut open = Open::new(request)?;
    let mut augment = Vec::new();
    for (group, table) in open.groups()? {
        let fitted = formula::model(&table, formula)
            .and_then(|(design, recipe)| Ok((ols(&design)?, design, recipe)));
        let (fit, design, recipe) = match fitted {
            Ok(fitted) => fitted,
            Err(error) => {
                open.undefined(&group, error)?;
                continue;
            }
        };
        open.results.excluded.extend(design.excluded);
        let rows = fit.estimates(covariance, open.level);
        open.add(&group, rows);
        match group {
            None => open.results.glance = Some(fit.glance()),
            Some(id) => open.results.models.push(ssi_vocab::Model {
                id,
                formula: fit.formula.clone(),
                method: "ols".to_owned(),
                glance: fit.glance(),
                reference: recipe.reference(),
            }),
        }
        augment.push(fit.augment(open.level));
    }
    Ok(Fitted { results: open.done(), augment })
}

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
        let mut rows: Vec<_> = self.augment.iter().flat_map(|part| &part.rows).collect();
        rows.sort_by_key(|row| row.row);
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in rows {
            writer.serialize(row).map_err(fail)?;
        }
        let bytes = writer.into_inner().map_err(|e| fail(e.into_error().into()))?;
        write_file(path, &bytes)
    }
}
