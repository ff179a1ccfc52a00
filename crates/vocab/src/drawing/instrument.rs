//! What the figures of the instrument and its raters show.

use super::{Axis, Curve, Points};
use serde::{Deserialize, Serialize};

/// Respondents whose other answers put them at like places of the scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AnswerGroup {
    /// The place at which the curve has the mean that the model expects of them.
    pub place: f64,
    /// That mean, from their answers to the other items.
    pub expected: f64,
    /// The mean of their answers.
    pub observed: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Respondents.
    pub n_obs: usize,
}

/// One item of [`ItemCurves`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemCurve {
    /// The item, worded by the caption under `item.NAME`; what stands beside its curve is worded
    /// under `slope.NAME`.
    pub item: String,
    /// Its discrimination.
    pub discrimination: f64,
    /// The answer that the model expects along the scale.
    pub curve: Curve,
    /// What respondents answered.
    pub groups: Vec<AnswerGroup>,
}

/// Content of [`Drawing::ItemCurves`](super::Drawing::ItemCurves): a panel an item. The caption words
/// the legend under `curve` and `groups`; an entry without words is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemCurves {
    /// The items, in the order of the rubric.
    pub items: Vec<ItemCurve>,
    /// The respondents whom the model rests on.
    pub n_obs: usize,
    /// Horizontal axis of each panel: the scale.
    pub x_axis: Axis,
    /// Vertical axis of each panel: answers.
    pub y_axis: Axis,
}

/// A horizontal line with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The line.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
}

/// Content of [`Drawing::BlandAltman`](super::Drawing::BlandAltman): each respondent's two ratings,
/// their difference against their mean. Equal points are one, larger. The caption words the legend
/// under `users`, `bias`, `limits` and `intervals`, and the lines at their ends under `line.bias`,
/// `line.lower` and `line.upper`; what has no words is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlandAltman {
    /// Mean (x) and difference (y) of two ratings.
    pub points: Points,
    /// The mean difference.
    pub bias: Limit,
    /// The lower limit of agreement.
    pub lower: Limit,
    /// The upper limit of agreement.
    pub upper: Limit,
    /// How many different pairs of raters there are.
    pub pairs: usize,
    /// Horizontal axis.
    pub x_axis: Axis,
    /// Vertical axis.
    pub y_axis: Axis,
}
