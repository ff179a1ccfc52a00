//! C4: how many times as common Japanese profiles are among the author's contacts as on LinkedIn.

use super::{Evidence, Finding};
use crate::Result;
use crate::plan::Network;
use ssi_infer::rates::{Composition, Rounded};
use ssi_vocab::{Because, Estimate, Verdict};

/// The composition that the plan's numbers tell.
pub(crate) fn composition(network: &Network) -> ssi_infer::Result<Composition> {
    let of = |value, half_unit| Rounded { value, half_unit };
    Composition::new(
        of(network.share, network.share_rounding),
        of(network.members, network.members_rounding),
        of(network.all, network.all_rounding),
    )
}

pub(super) fn finding(evidence: &Evidence<'_>) -> Result<Finding> {
    let (network, times, level) =
        (&evidence.plan.network, evidence.plan.claims.times, evidence.level);
    let composition = composition(network)?;
    let [low, high] = composition.span();
    let told = |finding: Finding| {
        let [part_low, part_high] = composition.part_span();
        let mut finding = finding.threshold(times).source(&network.source).rule(&[
            ("rounding_low", low),
            ("rounding_high", high),
            ("members_rounding_low", part_low),
            ("members_rounding_high", part_high),
        ]);
        if let Some(stated) = network.stated_share.filter(|_| network.source == "article") {
            finding = finding.rule(&[("as_rounded", network.share / stated)]);
        }
        finding
    };
    let Some(contacts) = network.contacts else {
        let finding = Finding::new("C4", Verdict::Inconclusive).because(Because::SizeUnknown);
        return Ok(told(finding).rows([composition.bare(0)]));
    };
    let worst = composition.with_rounding(contacts, level)?;
    let verdict = verdict(&worst, times);
    let exact = composition.with_contacts(contacts, level)?;
    Ok(told(Finding::new("C4", verdict)).rows([worst, exact]))
}

fn verdict(worst: &Estimate, times: f64) -> Verdict {
    match &worst.interval {
        Some(i) if i.low > times || i.high < times => Verdict::Contradicted,
        Some(i) if i.low > 1.0 => Verdict::Supported,
        _ => Verdict::Inconclusive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;
    use ssi_vocab::{Level, Quiet, Table};

    fn judged(network: &str) -> Verdict {
        let plan = Plan::parse(&format!("[network]\n{network}"), "x").unwrap();
        let table = Table::new(Vec::new(), Vec::new()).unwrap();
        let evidence = Evidence {
            plan: &plan,
            codebook: &ssi_cohort::Codebook::default(),
            table: &table,
            shown: &table,
            cap_told: true,
            cohort: &crate::claims::tests::reference(),
            main: None,
            level: Level::DEFAULT,
            progress: &Quiet,
        };
        finding(&evidence).unwrap().claim.verdict
    }

    #[test]
    fn the_number_of_contacts_decides() {
        assert_eq!(judged(""), Verdict::Inconclusive);
        assert_eq!(judged("contacts = 40"), Verdict::Inconclusive);
        assert_eq!(judged("contacts = 1000"), Verdict::Supported);
        assert_eq!(judged("contacts = 5000\nshare = 0.01"), Verdict::Contradicted);
        assert_eq!(judged("contacts = 5000\nshare = 0.08"), Verdict::Contradicted);
    }
}
