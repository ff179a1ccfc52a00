//! C7, the one primary hypothesis: score and SSI are clearly correlated.

use super::{Evidence, Finding, above};
use crate::run::{PILLARS, WITHOUT_BRAND};
use crate::{Error, Result};
use ssi_infer::correlate::{Method, correlate_or_note};
use ssi_infer::resample::{Bootstrap, covariance_shares};
use ssi_vocab::{Analysis, Because, Estimate, Results, Verdict, Warning};

/// Judges the primary hypothesis from the estimates of the study.
pub(super) fn judge(results: &mut Results, evidence: &Evidence<'_>) -> Result<()> {
    let plan = evidence.plan;
    let (x, y) = (plan.primary.x.as_str(), plan.primary.y.as_str());
    let threshold = plan.primary.threshold;
    let Some(primary) = fisher_row(results, x, y) else { return Ok(()) };
    let rest = fisher_row(results, x, WITHOUT_BRAND);
    let verdict = above(results.estimates[primary].interval.as_ref(), threshold);
    let rest_low = rest.and_then(|i| results.estimates[i].interval.as_ref()).map(|i| i.low);
    if verdict == Verdict::Supported && rest_low.is_some_and(|low| low <= threshold) {
        results.warnings.push(Warning::BrandCarriesIt);
    }
    // The article's claim is about these two; another pair is the user's own hypothesis.
    let id = if plan.primary.is_score_and_ssi() { "C7" } else { "primary" };
    let mut claim = Finding::new(id, verdict).threshold(threshold).claim;
    let shares = if plan.primary.is_score_and_ssi() { shares(evidence)? } else { Vec::new() };
    let first = results.estimates.len();
    let places = first..first + shares.len();
    claim.estimates = std::iter::once(primary).chain(rest).chain(places).collect();
    results.estimates.extend(shares);
    results.claims.push(claim);
    Ok(())
}

/// How much of the covariance of score and SSI each pillar makes, where all four are known; none
/// where these data don't define it.
fn shares(evidence: &Evidence<'_>) -> Result<Vec<Estimate>> {
    let (plan, table) = (evidence.plan, evidence.table);
    if !PILLARS.into_iter().all(|pillar| table.has(pillar)) {
        return Ok(Vec::new());
    }
    let how = Bootstrap { resamples: plan.resamples, seed: plan.seed };
    let (x, level) = ("score_total", evidence.level);
    match covariance_shares(table, x, &PILLARS, &how, level, evidence.progress) {
        Err(ssi_infer::Error::Interrupted) => Err(Error::Interrupted),
        found => Ok(found.unwrap_or_default()),
    }
}

/// Judges C7 where the plan's own hypothesis is about another pair.
pub(super) fn beside(evidence: &Evidence<'_>) -> Option<Finding> {
    let primary = &evidence.plan.primary;
    if primary.is_score_and_ssi() {
        return None;
    }
    for column in ["score_total", "ssi_total"] {
        if !evidence.table.has(column) {
            return Some(Finding::needs("C7", column).threshold(primary.threshold));
        }
    }
    let Ok(pair) = evidence.table.paired("score_total", "ssi_total") else {
        let finding = Finding::new("C7", Verdict::Inconclusive).because(Because::Undefined);
        return Some(finding.threshold(primary.threshold));
    };
    let row = correlate_or_note(&pair, Method::Pearson, evidence.level);
    let verdict = above(row.interval.as_ref(), primary.threshold);
    Some(Finding::new("C7", verdict).threshold(primary.threshold).rows([row]))
}

/// The first row of Pearson's correlation of two columns, over everybody.
fn fisher_row(results: &Results, x: &str, y: &str) -> Option<usize> {
    results.estimates.iter().position(|e| {
        e.analysis == Analysis::Correlation
            && e.method == "pearson"
            && e.group.is_none()
            && e.x.as_deref() == Some(x)
            && e.y.as_deref() == Some(y)
    })
}
