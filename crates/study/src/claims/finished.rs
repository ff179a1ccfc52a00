//! C9: whether a finished profile ends in a high SSI.

use super::tally::{Tally, judged, not, number};
use super::{Evidence, Finding};
use crate::Result;

pub(super) fn finding(evidence: &Evidence<'_>) -> Result<Finding> {
    let (rules, table) = (&evidence.plan.claims, evidence.table);
    let (finished, high_ssi) = (rules.finished, evidence.plan.thresholds.high_ssi);
    let numbers = [("finished", finished), ("high_ssi", high_ssi)];
    let lacks = |column| Ok(Finding::needs("C9", column).threshold(rules.mostly).rule(&numbers));
    let Some(among) = number(table, "score_total", move |v| v >= finished) else {
        return lacks("score_total");
    };
    let Some(high) = number(table, "ssi_total", move |v| v >= high_ssi) else {
        return lacks("ssi_total");
    };
    let (done, undone) =
        (format!("score_total >= {finished}"), format!("score_total < {finished}"));
    let event = format!("ssi_total >= {high_ssi}");
    let tally = Tally::new(table, &among, &high);
    let others = Tally::new(table, &not(among), &high);
    let finding = judged(evidence, "C9", tally, (&done, &event), rules.mostly).rule(&numbers);
    if finding.rows.is_empty() || others.withheld(evidence).is_some() {
        return Ok(finding);
    }
    Ok(finding.rows(others.rows(&undone, &event, evidence.level)))
}
