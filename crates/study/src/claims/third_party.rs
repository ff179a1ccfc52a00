//! C10: whether a third party can score the ten points, and use them where SSI is hidden.

use super::{Evidence, Finding};
use crate::tables::{TableRequest, ratings};
use crate::{Error, Result};
use ssi_infer::agreement::icc;
use ssi_infer::tails::t_upper_quantile;
use ssi_vocab::{Because, Glance, Results, Verdict};

const TOTAL: &str = "score_total";

/// Judges the agreement of raters, and how closely the score tells a group's mean SSI.
pub(super) fn finding(results: &Results, evidence: &Evidence<'_>) -> Result<Finding> {
    let rules = &evidence.plan.claims;
    let mut numbers = vec![
        ("disagreement", rules.disagreement),
        ("group", rules.group as f64),
        ("group_within", rules.group_within),
        ("single_within", rules.single_within),
    ];
    // The main model is the plan's own where its hypothesis is another.
    let primary = (evidence.plan.primary.x.as_str(), evidence.plan.primary.y.as_str());
    let main = results.models.iter().find(|model| model.id == "main").map(|model| &model.glance);
    let main = main.filter(|_| primary == (TOTAL, "ssi_total"));
    let of_group = main.and_then(|glance| half_width(glance, rules.group, evidence));
    numbers.extend(of_group.map(|half| ("group_half_width", half)));
    let single = main.and_then(|glance| glance.prediction_half_width);
    numbers.extend(single.map(|half| ("single_half_width", half)));
    let start = |finding: Finding| finding.threshold(rules.agreement).rule(&numbers);

    if !twice(evidence) {
        return Ok(start(Finding::needs("C10", "rater_id").because(Because::OneRater)));
    }
    let found = match ratings(&request(evidence), &[]) {
        Ok((found, _)) => found,
        Err(Error::Interrupted) => return Err(Error::Interrupted),
        Err(_) => Vec::new(),
    };
    let total = found.iter().find(|ratings| ratings.what() == TOTAL);
    let Some(Ok(rows)) = total.map(|ratings| icc(ratings, evidence.level)) else {
        let finding = Finding::new("C10", Verdict::Inconclusive).because(Because::Undefined);
        return Ok(start(finding));
    };
    if rows[0].n_obs < evidence.plan.smallest_group {
        let finding = Finding::new("C10", Verdict::Inconclusive).because(Because::TooFew);
        return Ok(start(finding));
    }
    let close = of_group.is_some_and(|half| half <= rules.group_within);
    let verdict = match &rows[0].interval {
        Some(i) if i.high < rules.disagreement => Verdict::Contradicted,
        Some(i) if i.low >= rules.agreement && close => Verdict::Supported,
        _ => Verdict::Inconclusive,
    };
    Ok(start(Finding::new("C10", verdict)).rows(rows))
}

/// True where somebody was scored by two raters.
fn twice(evidence: &Evidence<'_>) -> bool {
    let raters = evidence.table.column("n_raters").ok().and_then(|column| column.numbers().ok());
    raters.is_some_and(|all| all.iter().flatten().any(|n| *n > 1.0))
}

/// The file once more, a row for each respondent and rater.
fn request(evidence: &Evidence<'_>) -> TableRequest {
    let plan = evidence.plan;
    TableRequest {
        source: evidence.source.clone(),
        map: plan.columns.iter().map(|(name, column)| (name.clone(), column.clone())).collect(),
        codebook: plan.codebook.clone(),
        filter: plan.filter.clone(),
        by: None,
        level: Some(plan.level),
    }
}

/// Half the width of the interval for the mean outcome of a group of `size` further respondents
/// with the mean score: t·σ·√(1/n + 1/size).
fn half_width(glance: &Glance, size: u64, evidence: &Evidence<'_>) -> Option<f64> {
    let t = t_upper_quantile(evidence.level.tail(), glance.df_residual?);
    let share = 1.0 / glance.n_obs as f64 + 1.0 / size as f64;
    Some(t * glance.sigma? * share.sqrt()).filter(|half| half.is_finite())
}
