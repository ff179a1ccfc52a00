//! C5, C6, C8 and C8b: what a display of "500+" contacts says.

use super::tally::{Holds, Tally, capped, judged, not, number};
use super::{Evidence, Finding, above, undefined};
use crate::Result;
use crate::prepare::varying;
use ssi_infer::correlate::{Controlled, Method, partial};
use ssi_infer::formula;
use ssi_infer::importance::importance;
use ssi_infer::rates::clopper_pearson_upper;
use ssi_infer::resample::{Bootstrap, TwoPairs, difference_bootstrap};
use ssi_infer::{Error, describe};
use ssi_vocab::{Analysis, Because, Estimate, Level, Table, Verdict};

const CAPPED: &str = "conn_display = 500+";
const SCORE: &str = "score_total";
const SSI: &str = "ssi_total";
/// What a capped count is to a regression.
const TERMS: [&str; 2] = ["conn_log2", "conn_500plus"];

pub(super) fn findings(evidence: &Evidence<'_>) -> Result<Vec<Finding>> {
    let condition = with_explained(evidence, condition(evidence))?;
    Ok(vec![bunching(evidence), low_ssi(evidence), condition, stronger(evidence)?])
}

/// C5: whether more users stand just above 500 than just below, as they would if "500+" were a goal.
fn bunching(evidence: &Evidence<'_>) -> Finding {
    let (rules, table) = (&evidence.plan.claims, evidence.table);
    let width = rules.bunching_width;
    let near = number(table, "conn_count", move |v| (500.0 - width..500.0 + width).contains(&v));
    let over = number(table, "conn_count", |v| v >= 500.0);
    let numbers = [("width", width)];
    let Some((near, over)) = near.zip(over) else {
        return Finding::needs("C5", "conn_count").threshold(rules.bunching).rule(&numbers);
    };
    let tally = Tally::new(table, &near, &over);
    let among = format!("conn_count = {} to {}", 500.0 - width, 499.0 + width);
    judged(evidence, "C5", tally, (&among, "conn_count >= 500"), rules.bunching).rule(&numbers)
}

/// C6: how many of those with 500+ have a very low SSI.
fn low_ssi(evidence: &Evidence<'_>) -> Finding {
    let (rules, table) = (&evidence.plan.claims, evidence.table);
    let threshold = rules.low_ssi;
    let numbers = [("low_ssi", threshold)];
    let lacks = |column| Finding::needs("C6", column).threshold(rules.many).rule(&numbers);
    let Some(among) = capped(table) else { return lacks("conn_display") };
    let Some(low) = number(table, "ssi_total", move |v| v < threshold) else {
        return lacks("ssi_total");
    };
    let tally = Tally::new(table, &among, &low);
    let ruled = |finding: Finding| finding.threshold(rules.many).rule(&numbers);
    if tally.trials == 0 {
        return ruled(Finding::new("C6", Verdict::NotTestable).because(Because::NobodyCapped));
    }
    if !evidence.cap_told {
        return ruled(Finding::new("C6", Verdict::Inconclusive).because(Because::SmallGroup));
    }
    let event = format!("ssi_total < {threshold}");
    let finding = judged(evidence, "C6", tally, (CAPPED, &event), rules.many).rule(&numbers);
    if finding.rows.is_empty() {
        return finding;
    }
    let keep: Vec<bool> = (0..table.n_rows()).map(|i| among(i) == Some(true)).collect();
    finding.rows(quantiles(&table.keep(&keep), evidence.level))
}

/// The quartiles of SSI, the median with its interval.
fn quantiles(table: &Table, level: Level) -> Vec<Estimate> {
    let Ok(column) = table.column("ssi_total") else { return Vec::new() };
    let rows = describe::describe(column, table.counts(), level).unwrap_or_default();
    let mut rows: Vec<Estimate> = rows
        .into_iter()
        .filter(|row| ["q1", "median", "q3"].contains(&row.method.as_str()))
        .collect();
    for row in &mut rows {
        if row.method == "median"
            && let Ok(median) = describe::median(column, table.counts(), level)
        {
            *row = median;
        }
        row.group = Some(CAPPED.to_owned());
    }
    rows
}

/// C8: whether users with fewer than 500 contacts have a high SSI all the same.
fn condition(evidence: &Evidence<'_>) -> Finding {
    let (rules, table, level) = (&evidence.plan.claims, evidence.table, evidence.level);
    let high_ssi = evidence.plan.thresholds.high_ssi;
    let needed = rules.counterexamples;
    let ruled = |finding: Finding| {
        let numbers = [("high_ssi", high_ssi), ("counterexamples", needed as f64)];
        finding.threshold(rules.exception).rule(&numbers)
    };
    let lacks = |column| ruled(Finding::needs("C8", column));
    let Some(contacts) = capped(table) else { return lacks("conn_display") };
    let Some(high) = number(table, SSI, move |v| v >= high_ssi) else { return lacks(SSI) };
    let everybody = |holds: &Holds<'_>, wanted: bool| {
        (0..table.n_rows()).filter_map(holds).all(|held| held == wanted)
    };
    let start = |verdict| ruled(Finding::new("C8", verdict));
    if everybody(&contacts, true) {
        return start(Verdict::NotTestable).because(Because::EverybodyCapped);
    }
    let nobody = everybody(&contacts, false);
    let tally = Tally::new(table, &high, &not(contacts));
    let (among, event) = (format!("ssi_total >= {high_ssi}"), "conn_display < 500");
    let public = !evidence.plan.privacy.local;
    let withheld = tally.withheld(evidence).filter(|_| public);
    let withheld = withheld.or((!evidence.cap_told).then_some(Because::SmallGroup));
    let Some(rate) = tally.rate().filter(|_| withheld.is_none()) else {
        return start(Verdict::Inconclusive).because(withheld.unwrap_or(Because::TooFew));
    };
    let one_sided = tally.named(clopper_pearson_upper(rate, level), &among, event);
    let rare = one_sided.interval.as_ref().is_some_and(|i| i.high < rules.exception);
    let finding = match tally.events {
        k if k >= needed => start(Verdict::Supported),
        _ if nobody => {
            return start(Verdict::NotTestable).because(Because::NobodyCapped);
        }
        0 if rare => start(Verdict::Contradicted),
        0 => start(Verdict::Inconclusive).because(Because::NoExceptionAmongFew),
        _ => start(Verdict::Inconclusive).because(Because::OneException),
    };
    let mut rows = tally.rows(&among, event, level);
    // The exact interval is the one to read: nothing is averaged over rates.
    rows.reverse();
    finding.rows(rows).rows([one_sided])
}

/// Beside C8, whatever its verdict: what score and contacts say of SSI given each other.
fn with_explained(evidence: &Evidence<'_>, finding: Finding) -> Result<Finding> {
    let table = evidence.table;
    // Contacts that tell somebody's with 500+ from the others' are not held constant either.
    if !evidence.cap_told || ![SCORE, SSI].iter().chain(&TERMS).all(|name| table.has(name)) {
        return Ok(finding);
    }
    // A term that does not vary explains nothing, and the other is looked at alone.
    let mut contacts = varying(table, &[SCORE, SSI], &TERMS)?;
    if contacts.is_empty() {
        contacts = TERMS.to_vec();
    }
    Ok(finding.rows([given_contacts(evidence, &contacts)]).rows(added(evidence, &contacts)))
}

/// The correlation of score and SSI with contacts held constant; without a value where these data
/// don't define it.
fn given_contacts(evidence: &Evidence<'_>, contacts: &[&str]) -> Estimate {
    match partial(evidence.table, SCORE, SSI, contacts, Method::Pearson, Controlled::Both) {
        Ok(found) => found.estimate(evidence.level),
        Err(error) => {
            let term = format!("{SCORE}, {SSI}");
            let row = Estimate::new(Analysis::Correlation, Method::Pearson.code(), term, 0);
            let (x, y) = (Some(SCORE.to_owned()), Some(SSI.to_owned()));
            let controls = contacts.iter().map(|&name| name.to_owned()).collect();
            undefined(&error, Estimate { x, y, controls, ..row })
        }
    }
}

/// What contacts explain of SSI beyond the score, and the score beyond contacts; without values
/// where these data don't define them.
fn added(evidence: &Evidence<'_>, contacts: &[&str]) -> Vec<Estimate> {
    let found = || -> ssi_infer::Result<Vec<Estimate>> {
        let formula = format!("{SSI} ~ {SCORE} + {}", contacts.join(" + "));
        let (design, recipe) = formula::model(evidence.table, &formula)?;
        let parts = importance(&design, &recipe)?;
        let how = (evidence.level, evidence.plan.resamples, evidence.plan.seed);
        let places: Vec<usize> = (1..=contacts.len()).collect();
        parts.added(&design, &[&places, &[0]], None, how)
    };
    found().unwrap_or_else(|error| {
        let both = [(contacts, &[SCORE][..]), (&[SCORE], contacts)];
        let row = |(of, beside): (&[&str], &[&str])| {
            let x = of.join(" + ");
            let term = format!("delta_r_squared({x} | {})", beside.join(" + "));
            let controls = beside.iter().map(|&name| name.to_owned()).collect();
            let row = Estimate::new(Analysis::Regression, "ols", term, 0);
            undefined(&error, Estimate { x: Some(x), controls, ..row })
        };
        both.into_iter().map(row).collect()
    })
}

/// C8b: whether score or contacts goes more closely with SSI. Contacts are capped, and ranks put
/// what is capped on top.
fn stronger(evidence: &Evidence<'_>) -> Result<Finding> {
    let table = evidence.table;
    for column in ["score_total", "ssi_total", "conn_display"] {
        if !table.has(column) {
            return Ok(Finding::needs("C8b", column).threshold(0.0));
        }
    }
    let how = Bootstrap { resamples: evidence.plan.resamples, seed: evidence.plan.seed };
    let (first, second) = (("score_total", "ssi_total"), ("conn_display", "ssi_total"));
    let found = TwoPairs::new(table, first, second, Method::Spearman, None)
        .and_then(|pairs| difference_bootstrap(&pairs, &how, evidence.level, evidence.progress));
    match found {
        Ok(found) => {
            let verdict = above(found.bca.interval.as_ref(), 0.0);
            Ok(Finding::new("C8b", verdict).threshold(0.0).rows([found.bca, found.percentile]))
        }
        Err(Error::Interrupted) => Err(Error::Interrupted.into()),
        Err(error) => {
            let term = "(score_total, ssi_total) - (conn_display, ssi_total) (spearman)";
            let row = Estimate::new(Analysis::Comparison, "bootstrap", term, 0);
            let finding = Finding::new("C8b", Verdict::Inconclusive).because(Because::Undefined);
            Ok(finding.threshold(0.0).rows([undefined(&error, row)]))
        }
    }
}
