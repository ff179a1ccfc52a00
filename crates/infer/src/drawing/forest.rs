use super::axis::round_axis;
use crate::{Error, Result};
use ssi_vocab::Estimate;
use ssi_vocab::drawing::{Forest, ForestEstimate, ForestRow};

/// Estimates of the same terms by several methods, side by side.
///
/// Terms stand in the order in which the series first name them. The intercept is left out: it is
/// an outcome where all predictors are 0, not an effect. So are estimates without an interval. The
/// axis holds every interval and 0.
///
/// # Errors
/// [`Error::TooFew`] where no estimate is left.
pub fn forest(series: &[(&str, &[Estimate])]) -> Result<Forest> {
    let mut rows: Vec<ForestRow> = Vec::new();
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for (index, (_, estimates)) in series.iter().enumerate() {
        for estimate in estimates.iter().filter(|e| e.term != "(Intercept)") {
            let (Some(value), Some(interval)) = (estimate.value, &estimate.interval) else {
                continue;
            };
            (low, high) = (low.min(interval.low), high.max(interval.high));
            let one =
                ForestEstimate { series: index, value, low: interval.low, high: interval.high };
            match rows.iter_mut().find(|row| row.term == estimate.term) {
                Some(row) => row.estimates.push(one),
                None => {
                    rows.push(ForestRow { term: estimate.term.clone(), estimates: vec![one] });
                }
            }
        }
    }
    if rows.is_empty() {
        return Err(Error::TooFew { analysis: "a coefficient plot", needed: 1, found: 0 });
    }
    let series = series.iter().map(|(name, _)| (*name).to_owned()).collect();
    Ok(Forest { series, rows, x_axis: round_axis(low, high, 6), aim: None })
}

/// One estimate under several names, such as an effect by each model: a row a name.
///
/// # Errors
/// [`Error::TooFew`] where no estimate has an interval.
pub fn effects(named: &[(&str, &Estimate)]) -> Result<Forest> {
    let renamed: Vec<Estimate> = named
        .iter()
        .map(|(name, e)| Estimate { term: (*name).to_owned(), ..(*e).clone() })
        .collect();
    forest(&[("effect", &renamed)])
}
