//! The regressions of a study: score alone, with contacts, the score by every model, the items.

use super::{Run, SMALL, why};
use crate::prepare::{cap_tells_nobody, counted, in_file, varying};
use crate::views::View;
use crate::{Error, Result};
use ssi_infer::formula;
use ssi_infer::penalised::{ElasticNet, elastic_net};
use ssi_infer::regress::{BellMcCaffrey, Covariance, Ols, StandardErrors, ols};
use ssi_vocab::{Design, Estimate, Model, Note, Paired, Progress};
use std::collections::BTreeMap;

impl Run<'_> {
    /// Fits a formula, and lists its coefficients with classical and HC3 errors, these on n − k
    /// degrees of freedom and on each coefficient's own.
    fn model(&mut self, id: &str, formula: &str) -> Result<Ols> {
        let (design, recipe) = formula::model(self.table, formula)?;
        let fit = ols(&design)?;
        self.results.excluded.extend(in_file(self.table, &design.excluded));
        for errors in [
            StandardErrors::Each(Covariance::Classical),
            StandardErrors::Each(Covariance::Hc3),
            StandardErrors::Adjusted(BellMcCaffrey::Hc3),
        ] {
            self.push_model_rows(id, fit.estimates_with(&errors, None, self.level)?);
        }
        self.push_model(id, &design, &fit, recipe.reference());
        Ok(fit)
    }

    fn push_model_rows(&mut self, id: &str, rows: Vec<Estimate>) {
        let named = rows.into_iter().map(|mut row| {
            row.model = Some(id.to_owned());
            row
        });
        self.results.estimates.extend(named);
    }

    fn push_model(
        &mut self,
        id: &str,
        design: &Design,
        fit: &Ols,
        reference: BTreeMap<String, String>,
    ) {
        let mut glance = fit.glance();
        glance.prediction_half_width = fit.prediction_half_width(self.level);
        self.results.models.push(Model {
            id: id.to_owned(),
            formula: design.formula.clone(),
            method: "ols".to_owned(),
            glance,
            reference,
        });
    }

    pub(super) fn main_model(&mut self, pair: &Paired) -> Result<Ols> {
        let formula = format!("{} ~ {}", self.plan.primary.y, self.plan.primary.x);
        let fit = self.model("main", &formula)?;
        if let Some(model) = self.results.models.last_mut() {
            model.glance.scaled_prediction = fit.scaled_half_widths(self.level);
        }
        // The same model once more, from the counted table: counts and rows must agree.
        let design = formula::design(&counted(pair)?, &formula)?;
        let again = ols(&design)?;
        let mut rows = again.estimates(Covariance::Classical, self.level);
        for row in &mut rows {
            row.note = row.note.or(Some(Note::FromCounts));
        }
        self.push_model_rows("main_counted", rows);
        self.push_model("main_counted", &design, &again, BTreeMap::new());
        Ok(fit)
    }

    /// Score and contacts together, where the cohort has contacts.
    pub(super) fn contacts_model(&mut self) -> Result<()> {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        if !self.has(&["conn_log2", "conn_500plus"]) {
            self.left_out("contacts", "missing_column: conn_display");
            return Ok(());
        }
        // The jump at 500+ is about those who have so many.
        if !cap_tells_nobody(self.table, self.plan)? {
            self.left_out("contacts", SMALL);
            return Ok(());
        }
        let mut candidates = vec!["conn_log2", "conn_500plus"];
        candidates.extend(self.has(&["region"]).then_some("region"));
        let kept = varying(self.table, &[x, y], &candidates)?;
        if !kept.iter().any(|name| name.starts_with("conn_")) {
            self.left_out("contacts", Note::ConstantColumn.code());
            return Ok(());
        }
        for name in candidates.iter().filter(|name| !kept.contains(name)) {
            self.left_out(name, Note::ConstantColumn.code());
        }
        match self.model("contacts", &format!("{y} ~ {x} + {}", kept.join(" + "))) {
            Err(Error::Infer(error)) => {
                self.left_out("contacts", why(&error));
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    /// The score's effect under every other model that these data allow.
    pub(super) fn views(&mut self, progress: &dyn Progress) -> Result<()> {
        let pair = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        for (kind, tau) in crate::views::KINDS {
            progress.check()?;
            let (data, how) = ((self.table, self.codebook), (self.level, self.plan.seed));
            match crate::views::view((kind, tau), data, pair, how, progress) {
                Ok(None) => {}
                Ok(Some(View { row, model })) => {
                    self.results.estimates.push(row);
                    self.results.models.push(model);
                }
                Err(ssi_infer::Error::Interrupted) => return Err(Error::Interrupted),
                Err(error) => self.left_out(kind.code(), why(&error)),
            }
        }
        Ok(())
    }

    /// The ten items together, shrunk.
    pub(super) fn items_model(&mut self) -> Result<()> {
        let columns = crate::ITEMS.map(|item| format!("item_{item}"));
        if let Some(absent) = columns.iter().find(|c| !self.table.has(c)) {
            self.left_out("items", format!("missing_column: {absent}"));
            return Ok(());
        }
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let kept = varying(self.table, &[&self.plan.primary.y], &names)?;
        for name in names.iter().filter(|name| !kept.contains(name)) {
            self.left_out(name, Note::ConstantColumn.code());
        }
        if kept.len() < 2 {
            self.left_out("items", Note::ConstantColumn.code());
            return Ok(());
        }
        let formula = format!("{} ~ {}", self.plan.primary.y, kept.join(" + "));
        let settings = ElasticNet {
            l1_ratio: self.plan.items.l1_ratio,
            folds: self.plan.items.folds,
            seed: self.plan.seed,
        };
        let fitted = formula::design(self.table, &formula)
            .and_then(|design| elastic_net(&design, &settings).map(|fit| (design, fit)));
        match fitted {
            Ok((design, fit)) => {
                self.push_model_rows("items", fit.estimates());
                self.results.models.push(Model {
                    id: "items".to_owned(),
                    formula: design.formula.clone(),
                    method: fit.method().to_owned(),
                    glance: fit.glance(),
                    reference: BTreeMap::new(),
                });
            }
            Err(error) => self.left_out("items", why(&error)),
        }
        Ok(())
    }
}
