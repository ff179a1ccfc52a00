//! The figures of the claims.

use super::{Evidence, necessity, network};
use crate::Result;
use ssi_infer::drawing;
use ssi_infer::rates::Rate;
use ssi_vocab::drawing::Axis;
use ssi_vocab::{Drawing, Results, Warning};

const SSI: Axis = Axis { min: 0.0, max: 100.0, step: 20.0 };

/// Adds the figures of outreach, network and necessity. What these data don't define is left out
/// with a warning.
pub(crate) fn drawings(results: &mut Results, evidence: &Evidence<'_>) -> Result<()> {
    let plan = evidence.plan;
    let outreach = &plan.outreach;
    let here = Rate::new(outreach.invited, outreach.visited)?;
    let surface = drawing::surface(here, outreach.elsewhere_visited, outreach.elsewhere_rate);
    let composition = network::composition(&plan.network)?;
    let (claimed, contacts) = (plan.claims.times, plan.network.contacts);
    let ratio = drawing::ratio(&composition, claimed, contacts, evidence.level);
    let mut drawn =
        vec![("outreach", surface.map(Drawing::Surface)), ("network", ratio.map(Drawing::Ratio))];
    if evidence.table.has("conn_display") {
        let high = plan.thresholds.high_ssi;
        let ceilings = necessity::found(evidence, "conn_display").map(|found| {
            let lines = (Some(high), Some(500.0));
            Drawing::Ceilings(drawing::ceilings(&found, lines, SSI, plan.seed))
        });
        let small = |drawing: &Drawing| match drawing {
            Drawing::Ceilings(d) => d.points.x.len() + d.capped.len() < plan.smallest_group,
            _ => false,
        };
        let left_out = |why| Warning::LeftOut { analysis: "necessity".to_owned(), why };
        match &ceilings {
            Ok(drawing) if small(drawing) => {
                results.warnings.push(left_out("smallest_group".to_owned()));
            }
            _ => drawn.push(("necessity", ceilings)),
        }
    }
    for (slug, drawing) in drawn {
        match drawing {
            Ok(drawing) => {
                results.drawings.insert(slug.to_owned(), drawing);
            }
            Err(error) => {
                let why = crate::run::why(&error);
                let warning = Warning::LeftOut { analysis: slug.to_owned(), why };
                if !results.warnings.contains(&warning) {
                    results.warnings.push(warning);
                }
            }
        }
    }
    Ok(())
}
