//! C10: whether a third party can score the ten points, and use them where SSI is hidden.

use super::{Evidence, Finding};
use crate::model::group_half_width;
use ssi_infer::agreement::{Ratings, icc};
use ssi_vocab::{Because, Verdict};
use std::collections::BTreeMap;

/// Judges the agreement of raters, and how closely the score tells a group's mean SSI.
pub(super) fn finding(evidence: &Evidence<'_>) -> Finding {
    let rules = &evidence.plan.claims;
    let mut numbers = vec![
        ("disagreement", rules.disagreement),
        ("group", rules.group as f64),
        ("group_within", rules.group_within),
        ("single_within", rules.single_within),
    ];
    let of_group = evidence.main.map(|fit| group_half_width(fit, rules.group, evidence.level));
    numbers.extend(of_group.map(|half| ("group_half_width", half)));
    let single = evidence.main.and_then(|fit| fit.prediction_half_width(evidence.level));
    numbers.extend(single.map(|half| ("single_half_width", half)));
    let start = |finding: Finding| finding.threshold(rules.agreement).rule(&numbers);

    let ratings = ratings(evidence);
    if ratings.as_ref().is_ok_and(|ratings| ratings.n_compared() == 0) {
        return start(Finding::needs("C10", "rater_id").because(Because::OneRater));
    }
    let Ok(mut rows) = ratings.and_then(|ratings| icc(&ratings, evidence.level)) else {
        return start(Finding::new("C10", Verdict::Inconclusive).because(Because::Undefined));
    };
    // Respondents without any total are left out too.
    let respondents = evidence.table.n_rows() + evidence.table.left_out();
    rows.iter_mut().for_each(|row| row.n_excluded = respondents.saturating_sub(row.n_obs));
    if rows[0].n_obs < evidence.plan.smallest_group {
        return start(Finding::new("C10", Verdict::Inconclusive).because(Because::TooFew));
    }
    let close = of_group.is_some_and(|half| half <= rules.group_within);
    let verdict = match &rows[0].interval {
        Some(i) if i.high < rules.disagreement => Verdict::Contradicted,
        Some(i) if i.low >= rules.agreement && close => Verdict::Supported,
        _ => Verdict::Inconclusive,
    };
    start(Finding::new("C10", verdict)).rows(rows)
}

/// The totals of the respondents that the study is about, by rater.
pub(super) fn ratings(evidence: &Evidence<'_>) -> ssi_infer::Result<Ratings> {
    let rows = evidence.table.rows();
    let places: BTreeMap<usize, usize> =
        rows.iter().enumerate().map(|(place, row)| (*row, place)).collect();
    let raters = evidence.cohort.totals.iter().map(|total| total.rater + 1).max().unwrap_or(0);
    let names = (1..=raters).map(|i| i.to_string()).collect();
    let given = evidence
        .cohort
        .totals
        .iter()
        .filter_map(|total| Some((*places.get(&total.row)?, total.rater, total.value)));
    Ratings::new("score_total", names, rows.len(), given)
}
