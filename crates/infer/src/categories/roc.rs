use crate::model::wald;
use ssi_vocab::{Estimate, Level, Note};

/// How well a score tells events from the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auc {
    /// The area under the ROC curve.
    pub area: f64,
    /// Its standard error by DeLong; none with fewer than two of either.
    pub std_error: Option<f64>,
}

/// The area under the ROC curve: how probably an event has a higher score than a non-event, ties
/// counting half.
///
/// # Formula
/// A = Σ ψ(sᵢ, sⱼ)/(mn) over m events i and n non-events j, ψ = 1, ½ or 0; variance
/// S₁₀/m + S₀₁/n from the placements of each event among the non-events and of each non-event
/// among the events (DeLong), in O(N log N).
///
/// `counts` says how many respondents each row stands for. `None` where one kind is absent.
///
/// # References
/// DeLong, DeLong and Clarke-Pearson (1988), doi:10.2307/2531595; Sun and Xu (2014),
/// doi:10.1109/LSP.2014.2337313.
///
/// # Example
/// ```
/// use ssi_infer::categories::auc;
/// let found = auc(&[0.1, 0.4, 0.35, 0.8], &[0.0, 0.0, 1.0, 1.0], &[1.0; 4]);
/// assert_eq!(found.map(|a| a.area), Some(0.75));
/// ```
pub fn auc(scores: &[f64], events: &[f64], counts: &[f64]) -> Option<Auc> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let total = |event: bool| -> f64 {
        (0..scores.len()).filter(|i| (events[*i] > 0.5) == event).map(|i| counts[i]).sum()
    };
    let (m, n) = (total(true), total(false));
    if m == 0.0 || n == 0.0 {
        return None;
    }
    let mut placement = vec![0.0; scores.len()];
    let (mut events_below, mut others_below) = (0.0, 0.0);
    let mut start = 0;
    while start < order.len() {
        let ties = order[start..]
            .iter()
            .take_while(|i| scores[**i] == scores[order[start]])
            .copied()
            .collect::<Vec<usize>>();
        let of = |event: bool| -> f64 {
            ties.iter().filter(|i| (events[**i] > 0.5) == event).map(|i| counts[*i]).sum()
        };
        let (own_events, own_others) = (of(true), of(false));
        for i in &ties {
            placement[*i] = if events[*i] > 0.5 {
                (others_below + 0.5 * own_others) / n
            } else {
                1.0 - (events_below + 0.5 * own_events) / m
            };
        }
        events_below += own_events;
        others_below += own_others;
        start += ties.len();
    }
    let mean = |event: bool, f: &dyn Fn(f64) -> f64, by: f64| -> f64 {
        let rows = (0..scores.len()).filter(|i| (events[*i] > 0.5) == event);
        rows.map(|i| counts[i] * f(placement[i])).sum::<f64>() / by
    };
    let area = mean(true, &|v| v, m);
    let spread = |event: bool, size: f64| mean(event, &|v| (v - area) * (v - area), size - 1.0);
    let std_error =
        (m > 1.0 && n > 1.0).then(|| (spread(true, m) / m + spread(false, n) / n).sqrt());
    Some(Auc { area, std_error })
}

impl Auc {
    /// A row's value, standard error and interval, cut off at 0 and 1. No test: the score was made
    /// from the same outcomes.
    pub(super) fn fill(&self, row: &mut Estimate, level: Level) {
        row.value = Some(self.area);
        match self.std_error {
            Some(s) if s > 0.0 => wald(row, self.area, s, level, "delong"),
            Some(_) => row.note = Some(Note::Separated),
            None => row.note = Some(Note::TooFewForInterval),
        }
        row.test = None;
        if let Some(interval) = &mut row.interval {
            interval.low = interval.low.max(0.0);
            interval.high = interval.high.min(1.0);
        }
    }
}
