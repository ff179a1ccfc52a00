//! C1 to C3: who answers a visit to a profile with an invitation. The counts are the plan's.

use super::{Evidence, Finding, below};
use crate::plan::Outreach;
use crate::{Error, Result};
use ssi_infer::rates::{self, Rate};
use ssi_vocab::{Because, Estimate, Level, Verdict};

/// Half a per cent: what a rate told in whole per cent leaves open.
const HALF: f64 = 0.005;

/// Visits that are tried out of a wide range.
const TRIED: u64 = 400;

pub(super) fn findings(evidence: &Evidence<'_>) -> Result<Vec<Finding>> {
    let outreach = &evidence.plan.outreach;
    let here = Rate::new(outreach.invited, outreach.visited)?;
    let nobody = evidence.plan.claims.nobody;
    Ok(vec![
        in_japan(here, nobody, evidence.level).source(&outreach.source),
        elsewhere(here, evidence)?.source(&outreach.source),
        cause(here, evidence).source(&outreach.source),
    ])
}

/// C1: that nobody invites can't be proved; that hardly anybody does can.
fn in_japan(here: Rate, nobody: f64, level: Level) -> Finding {
    let exact = rates::clopper_pearson(here, level);
    let verdict = below(exact.interval.as_ref(), nobody);
    Finding::new("C1", verdict)
        .threshold(nobody)
        .rows([exact, rates::wilson(here, level)])
        .rows([rates::clopper_pearson_upper(here, level)])
        .rows(rates::rule_of_three(here, level))
        .rows([rates::binomial(here, nobody)])
}

/// C2: fewer than elsewhere, whatever the article may have meant by "a little under 10 %".
fn elsewhere(here: Rate, evidence: &Evidence<'_>) -> Result<Finding> {
    let (outreach, level) = (&evidence.plan.outreach, evidence.level);
    let mut seen: Vec<(Rate, Estimate, f64)> = Vec::new();
    for there in possible(outreach)? {
        evidence.progress.check().map_err(|_| Error::Interrupted)?;
        let p = rates::fisher(here, there).test.map_or(1.0, |t| t.p_value.get());
        seen.push((there, rates::miettinen_nurminen(here, there, level), p));
    }
    let interval = |row: &Estimate| row.interval.as_ref().map_or([-1.0, 1.0], |i| [i.low, i.high]);
    let fewer =
        |(_, row, p): &(Rate, Estimate, f64)| *p < 1.0 - level.get() && interval(row)[1] < 0.0;
    let more = |(_, row, _): &(Rate, Estimate, f64)| interval(row)[0] > 0.0;
    let verdict = if seen.iter().all(fewer) {
        Verdict::Supported
    } else if seen.iter().all(more) {
        Verdict::Contradicted
    } else {
        Verdict::Inconclusive
    };
    // The least convincing of what may be meant is what the rule judges; the most convincing is
    // shown beside it.
    let by_p = |a: &&(Rate, Estimate, f64), b: &&(Rate, Estimate, f64)| a.2.total_cmp(&b.2);
    let (worst, best) = (seen.iter().max_by(by_p), seen.iter().min_by(by_p));
    let undecided = seen.iter().any(fewer) && verdict == Verdict::Inconclusive;
    let rows = |(there, difference, _): &(Rate, Estimate, f64)| {
        [
            difference.clone(),
            rates::newcombe(here, *there, level),
            rates::koopman(here, *there, level),
            rates::fisher(here, *there),
            rates::boschloo(here, *there),
        ]
    };
    let distinct = best.filter(|best| worst.is_some_and(|worst| worst.0 != best.0));
    let [fewest, most] = outreach.elsewhere_visited.map(|n| n as f64);
    let [low, high] = outreach.elsewhere_rate;
    let finding = Finding::new("C2", verdict)
        .threshold(0.0)
        .rule(&[
            ("visited_low", fewest),
            ("visited_high", most),
            ("rate_low", low),
            ("rate_high", high),
        ])
        .rows(worst.into_iter().chain(distinct).flat_map(rows));
    Ok(if undecided { finding.because(Because::RangeDecides) } else { finding })
}

/// What may have been meant: each number of visits with the counts whose rate, as a whole per cent,
/// lies within the range. A wide range of visits is tried at even steps, ends included.
fn possible(outreach: &Outreach) -> Result<Vec<Rate>> {
    let [fewest, most] = outreach.elsewhere_visited;
    let steps = (most - fewest).min(TRIED);
    let mut out = Vec::new();
    for step in 0..=steps {
        let n = fewest + ((most - fewest) as f64 * step as f64 / steps.max(1) as f64) as u64;
        let [low, high] = outreach.elsewhere_rate;
        let low = ((low - HALF) * n as f64 - 1e-9).ceil().max(0.0) as u64;
        let high = (((high + HALF) * n as f64 - 1e-9).ceil() - 1.0).clamp(0.0, n as f64) as u64;
        // Of many counts between, the ends are the extremes.
        let wide = high > low + 20;
        for events in (low..=high).filter(|k| !wide || *k == low || *k == high) {
            out.push(Rate::new(events, n)?);
        }
    }
    // So few visits that no count has such a rate: the one nearest to it.
    if out.is_empty() {
        let rate = (outreach.elsewhere_rate[0] + outreach.elsewhere_rate[1]) / 2.0;
        out.push(Rate::new((rate * most as f64).round() as u64, most)?);
    }
    Ok(out)
}

/// C3: why. Accounts that are rarely active explain it as well as any character does.
fn cause(here: Rate, evidence: &Evidence<'_>) -> Finding {
    let ([low, high], level) = (evidence.plan.outreach.elsewhere_rate, evidence.level);
    let finding = match evidence.table.has("last_active") {
        true => Finding::new("C3", Verdict::NotTestable),
        false => Finding::needs("C3", "last_active"),
    };
    let mut finding = finding
        .because(Because::NotIdentified)
        .rule(&[("rate_low", low), ("rate_high", high)])
        .rows([rates::active_share(here, high, level)]);
    if low < high {
        finding = finding.rows([rates::active_share(here, low, level)]);
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;
    use ssi_vocab::{Quiet, Table};

    fn judged(outreach: &str) -> Vec<Finding> {
        let plan = Plan::parse(&format!("[outreach]\n{outreach}"), "x").unwrap();
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
        findings(&evidence).unwrap()
    }

    fn verdicts(outreach: &str) -> [Verdict; 2] {
        let found = judged(outreach);
        [found[0].claim.verdict, found[1].claim.verdict]
    }

    #[test]
    fn the_articles_counts_support_under_five_percent_and_leave_europe_open() {
        assert_eq!(verdicts(""), [Verdict::Supported, Verdict::Inconclusive]);
        let europe = &judged("")[1];
        assert_eq!(europe.claim.because, Some(Because::RangeDecides));
        // Seven per cent, rounded, of thirty visits.
        assert_eq!(europe.rows[0].term, "0/100, 2/30");
    }

    #[test]
    fn from_fifty_visits_on_europe_differs() {
        assert_eq!(verdicts("elsewhere_visited = [50, 100]")[1], Verdict::Supported);
        assert_eq!(verdicts("elsewhere_visited = [50, 2000]")[1], Verdict::Supported);
    }

    #[test]
    fn the_other_verdicts_come_out_too() {
        let many = "visited = 100\ninvited = 30\nelsewhere_visited = [100, 100]";
        assert_eq!(verdicts(many), [Verdict::Contradicted, Verdict::Contradicted]);
        let some = "visited = 40\ninvited = 1\nelsewhere_visited = [40, 40]";
        assert_eq!(verdicts(some), [Verdict::Inconclusive, Verdict::Inconclusive]);
    }
}
