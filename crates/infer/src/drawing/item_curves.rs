use super::axis::round_axis;
use crate::reliability::{Graded, ItemError, Items};
use crate::{Error, Result};
use ssi_vocab::Level;
use ssi_vocab::drawing::{Axis, Curve, ItemCurve, ItemCurves};

/// The scale is shown as far out as this.
const FARTHEST: f64 = 3.0;
const POINTS: usize = 61;

/// The characteristic curve of each item of a graded response model, with what respondents answered
/// in groups of `smallest` or more (see [`Graded::groups`]).
///
/// # Errors
/// [`ItemError::TooFewItems`] for a model that could not be fitted.
pub fn item_curves(
    items: &Items,
    model: &Graded,
    smallest: usize,
    level: Level,
) -> Result<ItemCurves> {
    let values = || model.answers.iter().flatten().copied();
    let (low, high) =
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if model.items.is_empty() {
        return Err(Error::Items(ItemError::TooFewItems { found: 0 }));
    }
    let x: Vec<f64> =
        (0..POINTS).map(|i| FARTHEST * (2.0 * i as f64 / (POINTS - 1) as f64 - 1.0)).collect();
    let groups = model.groups(items, smallest, level);
    let items = model.items.iter().zip(groups).enumerate().map(|(place, (name, groups))| {
        let curve = Curve { y: model.expected(place, &x), x: x.clone() };
        let discrimination = model.parameters[place].0;
        ItemCurve { item: name.clone(), discrimination, curve, groups }
    });
    let items: Vec<ItemCurve> = items.collect();
    let places = items.iter().flat_map(|item| &item.groups).map(|group| group.place.abs());
    // Groups farther out than three standard deviations are few, and shown.
    let farthest = places.fold(FARTHEST, f64::max).ceil();
    Ok(ItemCurves {
        items,
        n_obs: model.n_obs,
        x_axis: Axis { min: -farthest, max: farthest, step: 2.0 },
        y_axis: if (low, high) == (0.0, 1.0) {
            Axis { min: 0.0, max: 1.0, step: 0.5 }
        } else {
            round_axis(low, high, 4)
        },
    })
}
