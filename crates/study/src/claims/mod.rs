//! The claims of the original article, each with what the data say of it, by rules that the plan
//! fixed before they were read.

mod contacts;
mod drawings;
mod finished;
mod necessity;
mod network;
mod outreach;
mod preparation;
mod primary;
mod tally;
mod third_party;
mod training;

pub(crate) use drawings::drawings;
pub(crate) use necessity::corners;

use crate::{Plan, Result};
use ssi_cohort::{Codebook, Cohort};
use ssi_infer::adjust::{benjamini_hochberg, holm};
use ssi_infer::regress::Ols;
use ssi_vocab::{
    Analysis, Because, Claim, Estimate, Interval, Level, Note, PValue, Progress, Results, Table,
    Verdict,
};
use std::collections::BTreeMap;

/// What the claims are judged from.
pub(crate) struct Evidence<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) codebook: &'a Codebook,
    pub(crate) table: &'a Table,
    /// The same with the numbers that single respondents are shown by.
    pub(crate) shown: &'a Table,
    /// Whether those with 500+ contacts, and the others, may be told of as groups.
    pub(crate) cap_told: bool,
    /// All that was read: what each rater gave, and the other waves of the same people.
    pub(crate) cohort: &'a Cohort,
    /// The main model, where it is that of score and SSI.
    pub(crate) main: Option<&'a Ols>,
    pub(crate) level: Level,
    pub(crate) progress: &'a dyn Progress,
}

/// A claim with the estimates it rests on; the first is what its rule judges.
struct Finding {
    claim: Claim,
    rows: Vec<Estimate>,
}

impl Finding {
    fn new(id: &str, verdict: Verdict) -> Self {
        let claim = Claim {
            id: id.to_owned(),
            verdict,
            threshold: None,
            rule: BTreeMap::new(),
            estimates: Vec::new(),
            needs: None,
            source: None,
            because: None,
        };
        Self { claim, rows: Vec::new() }
    }

    /// A claim that these columns can't answer, and the one that could.
    fn needs(id: &str, column: &str) -> Self {
        let mut finding = Self::new(id, Verdict::NotTestable);
        finding.claim.needs = Some(column.to_owned());
        finding
    }

    fn because(mut self, because: Because) -> Self {
        self.claim.because = Some(because);
        self
    }

    fn threshold(mut self, threshold: f64) -> Self {
        self.claim.threshold = Some(threshold);
        self
    }

    fn rule(mut self, numbers: &[(&str, f64)]) -> Self {
        self.claim.rule.extend(numbers.iter().map(|(name, value)| ((*name).to_owned(), *value)));
        self
    }

    fn source(mut self, source: &str) -> Self {
        self.claim.source = Some(source.to_owned());
        self
    }

    fn rows(mut self, rows: impl IntoIterator<Item = Estimate>) -> Self {
        self.rows.extend(rows);
        self
    }
}

/// Judges the claims, the primary one first.
///
/// # Errors
/// An interruption. An estimate that these data don't define leaves its claim undecided.
pub(crate) fn judge(results: &mut Results, evidence: &Evidence<'_>) -> Result<()> {
    primary::judge(results, evidence)?;
    let mut findings = outreach::findings(evidence)?;
    findings.extend(primary::beside(evidence));
    findings.push(network::finding(evidence)?);
    findings.extend(contacts::findings(evidence)?);
    findings.push(finished::finding(evidence)?);
    findings.push(third_party::finding(evidence));
    findings.push(preparation::finding(evidence)?);
    findings.push(Finding::new("C12", Verdict::NotTestable).because(Because::Anecdote));
    adjust(&mut findings);
    for Finding { mut claim, rows } in findings {
        let first = results.estimates.len();
        claim.estimates = (first..first + rows.len()).collect();
        results.estimates.extend(rows);
        results.claims.push(claim);
    }
    Ok(())
}

/// Adjusts the one p-value of each claim, that of its test of rates, within their family. The
/// primary hypothesis is not in it.
fn adjust(findings: &mut [Finding]) {
    let mut tests: Vec<_> = findings
        .iter_mut()
        .filter_map(|f| f.rows.iter_mut().find(|row| row.analysis == Analysis::RateTest))
        .filter_map(|row| row.test.as_mut())
        .collect();
    let p: Vec<PValue> = tests.iter().map(|test| test.p_value).collect();
    for ((test, holm), bh) in tests.iter_mut().zip(holm(&p)).zip(benjamini_hochberg(&p)) {
        (test.p_holm, test.p_bh) = (Some(holm), Some(bh));
    }
}

/// Whether an interval lies above a threshold, below it, or holds it.
fn above(interval: Option<&Interval>, threshold: f64) -> Verdict {
    match interval {
        Some(i) if i.low > threshold => Verdict::Supported,
        Some(i) if i.high < threshold => Verdict::Contradicted,
        _ => Verdict::Inconclusive,
    }
}

/// The same where the claim lies below.
fn below(interval: Option<&Interval>, threshold: f64) -> Verdict {
    match above(interval, threshold) {
        Verdict::Supported => Verdict::Contradicted,
        Verdict::Contradicted => Verdict::Supported,
        other => other,
    }
}

/// A row of an estimate that these data don't define.
fn undefined(error: &ssi_infer::Error, row: Estimate) -> Estimate {
    let note = crate::run::note(error).unwrap_or(Note::TooFew);
    Estimate { value: None, interval: None, test: None, note: Some(note), ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn reference() -> Cohort {
        let bytes = crate::source::REFERENCE;
        ssi_cohort::cohort(bytes, "reference", &Codebook::default()).unwrap()
    }

    #[test]
    fn an_interval_that_holds_the_threshold_decides_nothing() {
        let interval =
            |low, high| Interval { low, high, level: Level::DEFAULT, method: "x".into() };
        for (low, high, up, down) in [
            (0.3, 0.6, Verdict::Supported, Verdict::Contradicted),
            (-0.3, 0.1, Verdict::Contradicted, Verdict::Supported),
            (0.1, 0.3, Verdict::Inconclusive, Verdict::Inconclusive),
            (0.2, 0.3, Verdict::Inconclusive, Verdict::Inconclusive),
        ] {
            assert_eq!(above(Some(&interval(low, high)), 0.2), up);
            assert_eq!(below(Some(&interval(low, high)), 0.2), down);
        }
        assert_eq!(above(None, 0.2), Verdict::Inconclusive);
    }
}
