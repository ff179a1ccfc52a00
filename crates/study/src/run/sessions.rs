//! Respondents of one session may resemble each other: the main numbers once more with sessions as
//! the units that are independent.

use super::{Run, why};
use crate::tables::{FitRequest, model_of};
use crate::views::group;
use crate::{Error, Result};
use ssi_infer::correlate::Method;
use ssi_infer::formula::{self, Extras};
use ssi_infer::model::Kind;
use ssi_infer::regress::{ClusterKind, StandardErrors, ols};
use ssi_infer::resample::{Bootstrap, ClusteredPair, cluster_bootstrap};
use ssi_vocab::{Estimate, Model, Progress};

/// The model of how alike respondents of a session are: the outcome alone, with a random intercept.
const SESSIONS: &str = "sessions";

impl Run<'_> {
    /// The slope with cluster-robust errors, r with a bootstrap of sessions, the intraclass
    /// correlation and the design effect; nothing where no column has five sessions or more.
    pub(super) fn sessions(&mut self, progress: &dyn Progress) -> Result<()> {
        let Some(column) = group(self.table) else { return Ok(()) };
        match self.by_session(column, progress) {
            Err(ssi_infer::Error::Interrupted) => Err(Error::Interrupted),
            Err(error) => {
                self.left_out(SESSIONS, why(&error));
                Ok(())
            }
            Ok((rows, model)) => {
                self.results.estimates.extend(rows);
                self.results.models.push(model);
                Ok(())
            }
        }
    }

    fn by_session(
        &self,
        column: &str,
        progress: &dyn Progress,
    ) -> ssi_infer::Result<(Vec<Estimate>, Model)> {
        let (x, y) = (self.plan.primary.x.as_str(), self.plan.primary.y.as_str());
        let extras = Extras { cluster: Some(column.to_owned()), ..Extras::default() };
        let modelled = formula::model_with(self.table, &format!("{y} ~ {x}"), &extras)?;
        let errors = StandardErrors::Cluster(ClusterKind::Cr2, column.to_owned());
        let fit = ols(&modelled.design)?;
        let mut rows = fit.estimates_with(&errors, modelled.clusters.as_ref(), self.level)?;
        rows.iter_mut().for_each(|row| row.model = Some("main".to_owned()));

        let pair = ClusteredPair::new(self.table, x, y, column, Method::Pearson)?;
        let how = Bootstrap { resamples: self.plan.resamples, seed: self.plan.seed };
        rows.push(cluster_bootstrap(&pair, Method::Pearson, &how, self.level, progress)?.bca);

        let mut alike = FitRequest::new(&format!("{y} ~ 1"));
        alike.model = Kind::Mixed;
        alike.random = Some(column.to_owned());
        let said = model_of(self.table, self.codebook, &alike, self.level, progress)?;
        let wanted = |row: &Estimate| matches!(row.term.as_str(), "icc" | "design_effect");
        rows.extend(said.measures.into_iter().filter(wanted).map(|row| Estimate {
            model: Some(SESSIONS.to_owned()),
            x: Some(column.to_owned()),
            ..row
        }));
        let model = Model {
            id: SESSIONS.to_owned(),
            formula: said.formula,
            method: said.method,
            glance: said.glance,
            reference: said.reference,
        };
        Ok((rows, model))
    }
}
