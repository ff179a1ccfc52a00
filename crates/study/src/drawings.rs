//! What each figure shows, put together from the estimates.

use crate::run::{SMALL, is_model_row, why};
use crate::{Error, Plan, Result};
use ssi_infer::drawing;
use ssi_infer::regress::Ols;
use ssi_infer::resample::{Bootstrapped, Permuted};
use ssi_vocab::drawing::Axis;
use ssi_vocab::{Drawing, Estimate, Interval, Level, Paired, Results, Warning};

/// What the figures are made from.
pub(crate) struct Shown<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) level: Level,
    pub(crate) pair: &'a Paired,
    pub(crate) main: &'a Ols,
    /// The pair as single respondents are shown, and the fit of it.
    pub(crate) dots: &'a Paired,
    pub(crate) line: &'a Ols,
    pub(crate) variables: &'a [&'a str],
    pub(crate) matrix: &'a [Estimate],
    pub(crate) bootstrapped: &'a Bootstrapped,
    pub(crate) permuted: &'a Permuted,
}

/// Adds the drawings. One that these data can't fill is left out with a warning.
///
/// # Errors
/// [`Error::Interrupted`].
pub(crate) fn add(results: &mut Results, shown: &Shown<'_>) -> Result<()> {
    let (pair, dots, seed) = (shown.pair, shown.dots, shown.plan.seed);
    let x_axis = axis(dots.x_name(), dots.x());
    let y_axis = axis(dots.y_name(), dots.y());
    let step = tied_step(dots.x_name(), dots.x());
    let edges = drawing::level_edges(x_axis.min, x_axis.max, level_width(x_axis));
    let high = (pair.y_name() == "ssi_total").then_some(shown.plan.thresholds.high_ssi);
    let smallest = shown.plan.smallest_group;
    let model = if results.models.iter().any(|m| m.id == "contacts") { "contacts" } else { "main" };
    let rows = |vcov: &str| -> Vec<Estimate> {
        let rows = results.estimates.iter().filter(|e| is_model_row(e, model, vcov));
        rows.cloned().collect()
    };
    let (classical, hc3) = (rows("classical"), rows("hc3"));
    let primary = results.claims.first().and_then(|claim| claim.estimates.first());
    let primary = primary.map(|i| results.estimates[*i].clone());
    let observed = shown.bootstrapped.estimate.value.unwrap_or_default();
    let marked: Vec<Interval> = primary
        .into_iter()
        .chain([shown.bootstrapped.estimate.clone()])
        .filter_map(|row| row.interval)
        .collect();
    let resampling =
        drawing::resampling(observed, &shown.bootstrapped.draws, &shown.permuted.draws, &marked);
    let drawn = [
        (
            "score_ssi",
            drawing::scatter(dots, shown.line, shown.level, x_axis, y_axis, step, seed)
                .map(Drawing::Scatter),
        ),
        (
            "shape",
            drawing::shape(dots, shown.level, x_axis, y_axis, step, seed).map(Drawing::Shape),
        ),
        (
            "score_levels",
            drawing::levels(&by_level(pair, dots)?, &edges, smallest, x_axis, y_axis, high, seed)
                .map(Drawing::Levels),
        ),
        ("correlations", Ok(Drawing::Matrix(drawing::matrix(shown.variables, shown.matrix)))),
        (
            "coefficients",
            drawing::forest(&[("classical", &classical), ("hc3", &hc3)]).map(Drawing::Forest),
        ),
        ("models", drawing::effects(&views(results)).map(Drawing::Forest)),
        ("resampling", Ok(Drawing::Resampling(resampling))),
        (
            "calibration",
            drawing::calibration(shown.main, smallest, shown.level).map(Drawing::Calibration),
        ),
        ("diagnostics", drawing::diagnostics(shown.line, seed).map(Drawing::Diagnostics)),
    ];
    for (slug, drawing) in drawn {
        match drawing {
            Ok(drawing) if is_of_single_ones(&drawing) && pair.n_obs() < smallest => {
                let (analysis, why) = (slug.to_owned(), SMALL.to_owned());
                results.warnings.push(Warning::LeftOut { analysis, why });
            }
            Ok(drawing) => {
                results.drawings.insert(slug.to_owned(), drawing);
            }
            Err(ssi_infer::Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => results
                .warnings
                .push(Warning::LeftOut { analysis: slug.to_owned(), why: why(&error) }),
        }
    }
    Ok(())
}

/// Everybody in the level of the exact value, with the outcome that is shown.
fn by_level(pair: &Paired, dots: &Paired) -> Result<Paired> {
    let (x, y) = (pair.x().to_vec(), dots.y().to_vec());
    let counts = pair.counts().map(<[u64]>::to_vec);
    Ok(Paired::new(pair.x_name(), x, pair.y_name(), y, counts, Vec::new())?)
}

/// True for a figure with a dot for each respondent, which a small group must not have.
pub(crate) fn is_of_single_ones(drawing: &Drawing) -> bool {
    use Drawing::{BlandAltman, Ceilings, Diagnostics, Levels, Scatter, Shape};
    matches!(
        drawing,
        Scatter(_) | Shape(_) | Levels(_) | Diagnostics(_) | Ceilings(_) | BlandAltman(_)
    )
}

/// The score's effect under each model, least squares with HC3 errors first.
fn views(results: &Results) -> Vec<(&str, &Estimate)> {
    let x = results.claims.first().and_then(|claim| claim.estimates.first());
    let x = x.and_then(|i| results.estimates[*i].x.as_deref()).unwrap_or_default();
    let squares = ["main", "contacts"].into_iter().filter_map(|id| {
        let rows = results.estimates.iter().filter(|e| e.term == x);
        let with =
            |vcov: &str| rows.clone().find(|e| is_model_row(e, id, vcov) && e.interval.is_some());
        Some((id, with("hc3").or_else(|| with("classical"))?))
    });
    let others = results.models.iter().filter_map(|model| {
        // A quantile regression is there once for each quantile.
        let of = |e: &&Estimate| {
            let id = model.id.strip_prefix(&e.method);
            e.model.as_ref() == Some(&model.id)
                && id.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        Some((model.id.as_str(), results.estimates.iter().find(of)?))
    });
    squares.chain(others).collect()
}

/// The whole scale of a column that has one, else round numbers around the values.
fn axis(name: &str, values: &[f64]) -> Axis {
    match name {
        "score_total" => Axis { min: 0.0, max: 10.0, step: 1.0 },
        "ssi_total" => Axis { min: 0.0, max: 100.0, step: 20.0 },
        _ if name.starts_with("item_") => Axis { min: 0.0, max: 1.0, step: 0.5 },
        _ if name.starts_with("ssi_") => Axis { min: 0.0, max: 25.0, step: 5.0 },
        _ => {
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            drawing::round_axis(low, high, 8)
        }
    }
}

/// A level of the score is a tick wide, unless that makes a crowd of levels.
fn level_width(axis: Axis) -> f64 {
    axis.step.max((axis.max - axis.min) / 20.0)
}

/// The distance of neighbouring values, along which tied points are jittered; 0 where hardly any
/// are tied. A score goes in half points, though a mean over raters may lie between them.
fn tied_step(name: &str, values: &[f64]) -> f64 {
    if name == "score_total" {
        return 0.5;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    if 2 * sorted.len() > values.len() {
        return 0.0;
    }
    sorted.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tied_values_are_jittered_within_their_step() {
        let years: Vec<f64> = (0..100).map(|i| f64::from(i % 5) / 4.0).collect();
        assert_eq!(tied_step("years_on_linkedin", &years), 0.25);
        assert_eq!(tied_step("score_total", &years), 0.5);
        let continuous: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(tied_step("years_on_linkedin", &continuous), 0.0);
    }
}
