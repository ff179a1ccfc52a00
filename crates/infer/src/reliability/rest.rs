use super::{Items, row};
use crate::Result;
use crate::agreement::severity::of_mean;
use crate::correlate::{Method, correlate_or_note};
use crate::resample::jackknife_z;
use ssi_vocab::{Analysis, Estimate, Level, Note, Paired, Seen};

/// How hard each item is: the mean of its answers, `difficulty` (high is easy), with Student's
/// interval. For answers of 0 and 1 it is the share of ones.
///
/// # Missing data
/// Respondents who have answered the item.
pub fn difficulty(items: &Items, level: Level) -> Vec<Estimate> {
    let of = |(j, name): (usize, &String)| {
        let values: Vec<f64> = items.rows().iter().filter_map(|r| r[j].ok()).collect();
        let mut row = row("difficulty", name.clone(), items);
        (row.n_obs, row.n_excluded) = (values.len(), items.n_rows() - values.len());
        row.x = Some(name.clone());
        if values.is_empty() {
            return Estimate { note: Some(Note::TooFew), ..row };
        }
        let found = of_mean(row, &values, level);
        let note = found.note.map(|note| match note {
            Note::PerfectAgreement => Note::ConstantColumn,
            other => other,
        });
        // That a mean is 0 is no question here.
        Estimate { test: None, note, ..found }
    };
    items.names().iter().enumerate().map(of).collect()
}

/// Each item's correlation with the sum of the others, `item_rest` (the corrected item-total
/// correlation): how well it tells respondents apart. Pearson's r with the jackknife's interval on z.
///
/// # Missing data
/// Respondents who have answered every item.
///
/// # Errors
/// [`ItemError::TooFewItems`](super::ItemError::TooFewItems).
pub fn item_rest(items: &Items, level: Level) -> Result<Vec<Estimate>> {
    items.checked("item analysis", 0)?;
    let answers: Vec<Vec<f64>> = (0..items.names().len()).map(|j| items.answers(j)).collect();
    let mut rows = Vec::with_capacity(answers.len());
    for (j, name) in items.names().iter().enumerate() {
        let others = answers.iter().enumerate().filter(|(i, _)| *i != j);
        let mut rest = vec![0.0; items.n_complete()];
        for (_, own) in others {
            rest.iter_mut().zip(own).for_each(|(sum, v)| *sum += v);
        }
        rows.push(correlated(items, name, (&answers[j], "rest", &rest), "item_rest", level)?);
    }
    Ok(rows)
}

/// Each item's correlation with something outside the instrument, `item_outcome`: Pearson's r with the
/// jackknife's interval on z.
///
/// # Missing data
/// Respondents who have answered every item and have an outcome.
///
/// # Errors
/// An outcome of another length than the items.
pub fn item_outcome(
    items: &Items,
    name: &str,
    outcome: &[Seen<f64>],
    level: Level,
) -> Result<Vec<Estimate>> {
    if outcome.len() != items.n_rows() {
        return Err(ssi_vocab::Error::UnequalLengths {
            x: "items".into(),
            y: name.to_owned(),
            n_x: items.n_rows(),
            n_y: outcome.len(),
        }
        .into());
    }
    let seen: Vec<(usize, f64)> = items
        .complete()
        .iter()
        .enumerate()
        .filter_map(|(place, i)| Some((place, outcome[*i].ok().filter(|v| v.is_finite())?)))
        .collect();
    let y: Vec<f64> = seen.iter().map(|(_, v)| *v).collect();
    let of = |(j, item): (usize, &String)| {
        let answers = items.answers(j);
        let x: Vec<f64> = seen.iter().map(|(place, _)| answers[*place]).collect();
        correlated(items, item, (&x, name, &y), "item_outcome", level)
    };
    items.names().iter().enumerate().map(of).collect()
}

fn correlated(
    items: &Items,
    item: &str,
    (x, other, y): (&[f64], &str, &[f64]),
    method: &str,
    level: Level,
) -> Result<Estimate> {
    // The names may be equal, as where an item is the outcome itself.
    let pair = Paired::complete(item, x, other, y)?;
    // Answers of a few steps are far from normal, and Fisher's interval may fall short.
    let found = match jackknife_z(&pair, Method::Pearson, level) {
        Ok(row) if row.value.is_some() => row,
        _ => Estimate { interval: None, ..correlate_or_note(&pair, Method::Pearson, level) },
    };
    let n_excluded = items.n_rows() - x.len();
    let (x, y) = (Some(item.to_owned()), Some(other.to_owned()));
    let (analysis, method, term) = (Analysis::Reliability, method.to_owned(), item.to_owned());
    Ok(Estimate { analysis, method, term, x, y, n_excluded, ..found })
}
