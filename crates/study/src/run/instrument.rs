//! The ten items as an instrument: do they measure one thing, and how well does each?

use super::{Run, why};
use crate::Result;
use ssi_infer::reliability::{self, Items};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::{Estimate, Progress};

impl Run<'_> {
    /// Reliability and item analysis, where the cohort has all items. Those that don't vary are
    /// named by the model of the items.
    pub(super) fn instrument(&mut self, progress: &dyn Progress) -> Result<()> {
        let columns = crate::ITEMS.map(|item| format!("item_{item}"));
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        if !self.has(&names) {
            return Ok(());
        }
        match self.instrument_rows(&names, progress) {
            Ok(rows) => self.results.estimates.extend(rows),
            Err(error @ ssi_infer::Error::Interrupted) => return Err(error.into()),
            Err(error) => self.left_out("reliability", why(&error)),
        }
        Ok(())
    }

    fn instrument_rows(
        &self,
        names: &[&str],
        progress: &dyn Progress,
    ) -> ssi_infer::Result<Vec<Estimate>> {
        let (items, _) = Items::new(self.table, names)?.varying();
        let how = Bootstrap { resamples: self.plan.resamples, seed: self.plan.seed };
        let mut rows = vec![
            reliability::alpha(&items, self.level)?,
            reliability::omega(&items, &how, self.level, progress)?,
        ];
        rows.extend(reliability::difficulty(&items, self.level));
        rows.extend(reliability::item_rest(&items, self.level)?);
        rows.extend(reliability::alpha_without(&items, self.level)?);
        let outcome = self.table.column(&self.plan.primary.y)?;
        rows.extend(reliability::item_outcome(
            &items,
            &outcome.name,
            outcome.numbers()?,
            self.level,
        )?);
        rows.iter_mut().for_each(|row| row.n_excluded += self.table.left_out());
        Ok(rows)
    }
}
