//! Whether contacts, and the score, are necessary for a high SSI: the empty corners.

use super::Evidence;
use crate::run::SMALL;
use crate::scale::ends;
use crate::tables::{necessity_details, sizes};
use crate::{Error, Result};
use ssi_infer::necessity::{Necessity, Points, Scope, necessity};
use ssi_infer::resample::Permutation;
use ssi_vocab::{Estimate, Results, Warning};

/// The conditions that are looked at.
pub(crate) const CONDITIONS: [&str; 2] = [CONTACTS, "score_total"];
const CONTACTS: &str = "conn_display";
const OUTCOME: &str = "ssi_total";

/// The corner of a condition, on the scope of the data. It hangs on few respondents, so that a
/// report that is not local has it of the coarser numbers; no verdict rests on it.
pub(crate) fn found(evidence: &Evidence<'_>, condition: &str) -> ssi_infer::Result<Necessity> {
    let points = Points::of_table(evidence.shown, condition, OUTCOME)?;
    let scope = points.empirical();
    necessity(points, scope)
}

/// The sizes of the corners on the scope of the data, with their tests, and on that of the scales.
///
/// # Errors
/// An interruption. A corner that these data don't define is left out with a warning.
pub(crate) fn corners(results: &mut Results, evidence: &Evidence<'_>) -> Result<()> {
    let (plan, table) = (evidence.plan, evidence.shown);
    for condition in CONDITIONS.into_iter().filter(|name| table.has(name) && table.has(OUTCOME)) {
        if condition == CONTACTS && !evidence.cap_told {
            let (analysis, why) = (format!("necessity_{condition}"), SMALL.to_owned());
            results.warnings.push(Warning::LeftOut { analysis, why });
            continue;
        }
        let how = Permutation { permutations: plan.permutations, seed: plan.seed };
        let named = |rows: Vec<Estimate>, scope: &str| {
            let scope = Some(scope.to_owned());
            rows.into_iter().map(move |row| Estimate { model: scope.clone(), ..row })
        };
        let rows = found(evidence, condition).and_then(|found| {
            let rows = sizes(&found, &how, evidence.progress)?;
            results.measures.extend(named(necessity_details(&found), "empirical"));
            let points = Points::of_table(table, condition, OUTCOME)?;
            let wide = scales(evidence, &points, condition).map(|scope| necessity(points, scope));
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
fn scales(evidence: &Evidence<'_>, points: &Points, condition: &str) -> Option<Scope> {
    let of = |name, cap| ends(evidence.codebook, evidence.table, name, cap);
    Some(points.theoretical(of(condition, points.cap())?, of(OUTCOME, None)?))
}
