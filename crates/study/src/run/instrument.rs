//! The ten items as an instrument: do they measure one thing, and how well does each?

use super::{Run, why};
use crate::Result;
use ssi_infer::drawing;
use ssi_infer::reliability::{self, Items};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::drawing::ItemCurves;
use ssi_vocab::{Drawing, Estimate, Progress};

const CURVES: &str = "item_curves";

impl Run<'_> {
    /// Reliability, item analysis and item response models, where the cohort has all items. Those
    /// that don't vary are named by the model of the items.
    pub(super) fn instrument(&mut self, progress: &dyn Progress) -> Result<()> {
        let columns = crate::ITEMS.map(|item| format!("item_{item}"));
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        if !self.has(&names) {
            return Ok(());
        }
        match self.instrument_rows(&names, progress) {
            Ok((rows, curves)) => {
                self.results.estimates.extend(rows);
                match curves {
                    Ok(curves) => {
                        let drawing = Drawing::ItemCurves(curves);
                        self.results.drawings.insert(CURVES.to_owned(), drawing);
                    }
                    Err(why) => self.left_out(CURVES, why),
                }
            }
            Err(error @ ssi_infer::Error::Interrupted) => return Err(error.into()),
            Err(error) => self.left_out("reliability", why(&error)),
        }
        Ok(())
    }

    fn instrument_rows(
        &self,
        names: &[&str],
        progress: &dyn Progress,
    ) -> ssi_infer::Result<(Vec<Estimate>, std::result::Result<ItemCurves, String>)> {
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
        let graded = reliability::graded(&items, self.level)?;
        let curves = drawing::item_curves(&items, &graded, self.plan.smallest_group, self.level);
        // A model that could not be fitted says why in its rows.
        let note = || graded.rows.iter().find_map(|row| row.note);
        let curves = curves.map_err(|e| note().map_or_else(|| why(&e), |n| n.code().to_owned()));
        rows.extend(graded.rows);
        rows.extend(reliability::rasch(&items, self.level)?.rows);
        rows.iter_mut().for_each(|row| row.n_excluded += self.table.left_out());
        Ok((rows, curves))
    }
}
