//! Whether contacts, and the score, are necessary for a high SSI: the empty corners.

use super::Evidence;
use crate::tables::sizes;
use crate::{Error, Result};
use ssi_cohort::Codebook;
use ssi_infer::necessity::{Necessity, Points, Scope, necessity};
use ssi_infer::resample::Permutation;
use ssi_vocab::{Estimate, Results, Warning};

/// The conditions that are looked at.
pub(crate) const CONDITIONS: [&str; 2] = ["conn_display", "score_total"];
const OUTCOME: &str = "ssi_total";

/// The corner of a condition, on the scope of the data.
pub(crate) fn found(evidence: &Evidence<'_>, condition: &str) -> ssi_infer::Result<Necessity> {
    let points = Points::of_table(evidence.table, condition, OUTCOME)?;
    let scope = points.empirical();
    necessity(points, scope)
}

/// The sizes of the corners on the scope of the data, with their tests, and on that of the scales.
///
/// # Errors
/// An interruption. A corner that these data don't define is left out with a warning.
pub(crate) fn corners(results: &mut Results, evidence: &Evidence<'_>) -> Result<()> {
    let (plan, table) = (evidence.plan, evidence.table);
    for condition in CONDITIONS.into_iter().filter(|name| table.has(name) && table.has(OUTCOME)) {
        let how = Permutation { permutations: plan.permutations, seed: plan.seed };
        let named = |rows: Vec<Estimate>, scope: &str| {
            let scope = Some(scope.to_owned());
            rows.into_iter().map(move |row| Estimate { model: scope.clone(), ..row })
        };
        let rows = found(evidence, condition).and_then(|found| {
            let rows = sizes(&found, &how, evidence.progress)?;
            let points = Points::of_table(table, condition, OUTCOME)?;
            let wide = scales(&points, condition).map(|scope| necessity(points, scope));
            let wide = wide.transpose()?.map(|found| found.estimates()).unwrap_or_default();
            Ok(named(rows, "empirical").chain(named(wide, "theoretical")).collect::<Vec<_>>())
        });
        match rows {
            Ok(rows) => results.estimates.extend(rows),
            Err(ssi_infer::Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => {
                let analysis = format!("necessity_{condition}");
                let why = crate::run::why(&error);
                results.warnings.push(Warning::LeftOut { analysis, why });
            }
        }
    }
    Ok(())
}

/// The rectangle of the scales.
fn scales(points: &Points, condition: &str) -> Option<Scope> {
    let codebook = Codebook::default();
    let ends = |name: &str| {
        let constraints = &codebook.field(name)?.constraints;
        // A condition that is capped ends there; until then its scale begins at 0.
        let low = constraints.minimum.or_else(|| points.cap().map(|_| 0.0));
        Some([low?, constraints.maximum.or_else(|| points.cap())?])
    };
    Some(points.theoretical(ends(condition)?, ends(OUTCOME)?))
}
