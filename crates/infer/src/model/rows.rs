use super::Fit;
use crate::tails::chi_squared_sf;
use ssi_vocab::{Estimate, Interval, Level, Note, PValue, Test};

/// What the profile of a likelihood says of one coefficient, in the design's units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Profiled {
    /// Where the interval ends, if the likelihood falls that far.
    pub(crate) ends: [Option<f64>; 2],
    /// Twice what the log-likelihood loses where the coefficient is 0.
    pub(crate) statistic: Option<f64>,
}

/// A coefficient's rows: with profile interval and likelihood-ratio test first, and all the Wald
/// rows after them.
pub(crate) fn with_profiles(
    fit: &Fit,
    level: Level,
    ask: &mut dyn FnMut(usize) -> Profiled,
) -> Vec<Estimate> {
    let wald = fit.estimates(level);
    let mut rows: Vec<Estimate> = wald.clone();
    for (j, row) in rows.iter_mut().enumerate() {
        let Profiled { ends, statistic } = ask(j);
        row.interval = match ends {
            [Some(low), Some(high)] => {
                Some(Interval { low, high, level, method: "profile".to_owned() })
            }
            _ => None,
        };
        if row.interval.is_none() {
            row.note = Some(Note::Boundary);
        }
        row.test = statistic.and_then(|statistic| {
            let p_value = PValue::new(chi_squared_sf(statistic, 1.0))?;
            Some(Test {
                statistic: Some(statistic),
                df: Some(1.0),
                df2: None,
                p_value,
                method: "likelihood_ratio".to_owned(),
                p_holm: None,
                p_bh: None,
            })
        });
    }
    rows.extend(wald);
    rows
}

/// Odds ratios: eᵇ with the ends of b's interval taken along, one for each coefficient but the
/// intercept, from its first row.
pub(crate) fn odds_ratios(rows: &[Estimate], skipped: &dyn Fn(&str) -> bool) -> Vec<Estimate> {
    let mut out: Vec<Estimate> = Vec::new();
    for row in rows.iter().filter(|row| !skipped(&row.term)) {
        let term = format!("odds_ratio({})", row.term);
        if out.iter().any(|known| known.term == term) {
            continue;
        }
        let ratio = row.value.map(f64::exp).filter(|v| v.is_finite());
        let interval = row.interval.clone().and_then(|i| {
            let (low, high) = (i.low.exp(), i.high.exp());
            high.is_finite().then_some(Interval { low, high, ..i })
        });
        let note = match (ratio, &interval) {
            (Some(_), Some(_)) => row.note,
            _ => row.note.or(Some(Note::BeyondRange)),
        };
        out.push(Estimate { term, value: ratio, std_error: None, interval, note, ..row.clone() });
    }
    out
}
