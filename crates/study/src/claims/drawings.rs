//! The figures of the claims.

use super::{Evidence, necessity, network, third_party};
use crate::Result;
use crate::run::SMALL;
use ssi_infer::drawing;
use ssi_infer::rates::Rate;
use ssi_vocab::drawing::Axis;
use ssi_vocab::{Drawing, Results, Warning};

const SSI: Axis = Axis { min: 0.0, max: 100.0, step: 20.0 };

const SCORE: Axis = Axis { min: 0.0, max: 10.0, step: 1.0 };

/// Adds the figures of outreach, network, necessity and raters. What these data don't define is left out
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
            Drawing::Ceilings(d) => {
                !evidence.cap_told || d.points.x.len() + d.capped.len() < plan.smallest_group
            }
            _ => false,
        };
        let left_out = |why| Warning::LeftOut { analysis: "necessity".to_owned(), why };
        match &ceilings {
            Ok(drawing) if small(drawing) => {
                results.warnings.push(left_out(SMALL.to_owned()));
            }
            _ => drawn.push(("necessity", ceilings)),
        }
    }
    // Where nobody has two raters, the claim about them says so.
    if let Ok(ratings) = third_party::ratings(evidence)
        && ratings.n_compared() > 0
    {
        if ratings.n_compared() < plan.smallest_group {
            let (analysis, why) = ("bland_altman".to_owned(), SMALL.to_owned());
            results.warnings.push(Warning::LeftOut { analysis, why });
        } else {
            let agreed =
                drawing::bland_altman(&ratings, plan.smallest_group, SCORE, evidence.level);
            drawn.push(("bland_altman", agreed.map(Drawing::BlandAltman)));
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
