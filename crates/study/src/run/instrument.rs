//! The ten items as an instrument: do they measure one thing, and how well does each?

use super::{Run, why};
use crate::Result;
use ssi_infer::drawing;
use ssi_infer::reliability::{self, Items};
use ssi_infer::resample::Bootstrap;
use ssi_vocab::drawing::ItemCurves;
use ssi_vocab::{Column, Drawing, Estimate, Missing, Progress, Seen, Table};
use std::collections::BTreeSet;

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
        let (items, _) = Items::new(&given(self.table, names, self.disputed)?, names)?.varying();
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

/// The answers that were given: where raters differ, their mean is none.
fn given(table: &Table, names: &[&str], disputed: &[(usize, String)]) -> ssi_infer::Result<Table> {
    let mut read = table.clone();
    for name in names {
        let rows: BTreeSet<usize> =
            disputed.iter().filter(|(_, item)| item == name).map(|(row, _)| *row).collect();
        let answer = |(v, row): (&Seen<f64>, &usize)| {
            if rows.contains(row) { v.and(Err(Missing::Incomplete)) } else { *v }
        };
        let cells = table.column(name)?.numbers()?.iter().zip(table.rows()).map(answer).collect();
        read = read.with_column(Column::number(*name, cells))?;
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_of_raters_who_differ_is_no_answer() {
        let cells = vec![Ok(0.0), Ok(0.5), Ok(0.5), Err(Missing::NotVisible), Ok(1.0)];
        let table = Table::new(vec![Column::number("item_a", cells)], (2..7).collect()).unwrap();
        // 0 and 1 have the mean of two who gave a half.
        let disputed = [(3, "item_a".to_owned()), (4, "item_b".to_owned())];
        let found = given(&table, &["item_a"], &disputed).unwrap();
        let cells = found.column("item_a").unwrap().numbers().unwrap().to_vec();
        let gap = Err(Missing::Incomplete);
        assert_eq!(cells, [Ok(0.0), gap, Ok(0.5), Err(Missing::NotVisible), Ok(1.0)]);
    }
}
