//! C11: how many hours a profile takes, and what SSI does after a training.

use super::{Evidence, Finding, training};
use crate::Result;
use ssi_infer::describe::median;
use ssi_vocab::{Because, Verdict};

pub(super) fn finding(evidence: &Evidence<'_>) -> Result<Finding> {
    let [low, high] = evidence.plan.claims.hours;
    let numbers =
        [("hours_low", low), ("hours_high", high), ("trained", evidence.plan.claims.trained)];
    let Ok(column) = evidence.table.column("hours_prepared") else {
        let finding = Finding::needs("C11", "hours_prepared").rule(&numbers);
        return Ok(finding.rows(training::change(evidence)));
    };
    let row = median(column, evidence.table.counts(), evidence.level);
    let smallest = evidence.plan.smallest_group;
    let Some(row) = row.ok().filter(|row| row.n_obs >= smallest) else {
        let finding = Finding::new("C11", Verdict::Inconclusive).because(Because::TooFew);
        return Ok(finding.rule(&numbers).rows(training::change(evidence)));
    };
    let verdict = match &row.interval {
        Some(i) if low <= i.low && i.high <= high => Verdict::Supported,
        Some(i) if i.high < low || high < i.low => Verdict::Contradicted,
        _ => Verdict::Inconclusive,
    };
    Ok(Finding::new("C11", verdict).rule(&numbers).rows([row]).rows(training::change(evidence)))
}
