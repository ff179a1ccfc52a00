//! C9: whether a finished profile ends in a high SSI.

use super::tally::{Tally, not, number};
use super::{Evidence, Finding, above};
use crate::Result;
use ssi_infer::rates::binomial;
use ssi_vocab::{Because, Verdict};

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
    let enough = |tally: Tally| tally.trials >= evidence.plan.smallest_group as u64;
    let Some(rate) = tally.rate().filter(|_| enough(tally)) else {
        let finding = Finding::new("C9", Verdict::Inconclusive).because(Because::TooFew);
        return Ok(finding.threshold(rules.mostly).rule(&numbers));
    };
    let rows = tally.rows(&done, &event, evidence.level);
    let verdict = above(rows[0].interval.as_ref(), rules.mostly);
    let test = tally.named(binomial(rate, rules.mostly), &done, &event);
    let rest =
        if enough(others) { others.rows(&undone, &event, evidence.level) } else { Vec::new() };
    Ok(Finding::new("C9", verdict)
        .threshold(rules.mostly)
        .rule(&numbers)
        .rows(rows)
        .rows([test])
        .rows(rest))
}
