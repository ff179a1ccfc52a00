//! What the figures of the claims show.

use super::{Axis, Band, Curve, Points};
use serde::{Deserialize, Serialize};

/// Content of [`Drawing::Ceilings`](super::Drawing::Ceilings). The caption words the legend under
/// `users`, `exception`, `steps` and `line`, the column of those who are capped under `cap`, and the
/// lines under `high` and `least`; an entry without words is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ceilings {
    /// The respondents whose condition is a number.
    pub points: Points,
    /// The outcomes of those who are capped: they stand in a column of their own.
    pub capped: Vec<f64>,
    /// The ceiling of steps.
    pub steps: Curve,
    /// The straight ceiling.
    pub line: Option<Curve>,
    /// From here on an outcome counts as high.
    pub high: Option<f64>,
    /// From here on the condition is met.
    pub least: Option<f64>,
    /// How many have a high outcome without the condition.
    pub exceptions: u64,
    /// Horizontal axis, of the numbers.
    pub x_axis: Axis,
    /// Vertical axis.
    pub y_axis: Axis,
    /// Seed of the jitter in the column of the capped.
    pub seed: u64,
}

/// Content of [`Drawing::Surface`](super::Drawing::Surface): a test over what is not known, and
/// beside it how likely nothing is where rates vary. The caption words the classes of p under
/// `p.0` (the smallest) to `p.3`, the frame under `given`, the second panel's axes under `sd` and
/// `none`, its title under `varying`, and its curves under `rate.0`, `rate.1`, …
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// Visits, ascending: a column each.
    pub trials: Vec<f64>,
    /// Rates in per cent, ascending: a row each.
    pub rates: Vec<f64>,
    /// p by row and column.
    pub p: Vec<Vec<f64>>,
    /// The smallest and the largest number of visits that are possible by the plan.
    pub given_trials: [f64; 2],
    /// The smallest and the largest rate in per cent.
    pub given_rates: [f64; 2],
    /// The probability of no event, in per cent, by the standard deviation of the rate, in points:
    /// a curve for each of [`Self::none_rates`].
    pub none: Vec<Curve>,
    /// These rates, in per cent.
    pub none_rates: Vec<f64>,
    /// Horizontal axis of the first panel.
    pub x_axis: Axis,
    /// Vertical axis of the first panel, in per cent.
    pub y_axis: Axis,
    /// Horizontal axis of the second panel, in points.
    pub sd_axis: Axis,
    /// Vertical axis of the second panel: from which to which power of ten of a per cent.
    pub none_powers: [i32; 2],
}

/// Content of [`Drawing::Ratio`](super::Drawing::Ratio): a ratio with its interval, as a curve over
/// the unknown size of the sample, both axes logarithmic. The caption words the legend under `ratio`,
/// `exact` and `rounded`, and the lines under `one` and `claimed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The ratio.
    pub ratio: f64,
    /// The exact interval at each size.
    pub exact: Band,
    /// The same with all rounding.
    pub rounded: Band,
    /// From this size on the exact interval lies above 1, if it ever does.
    pub above_one: Option<f64>,
    /// What is claimed.
    pub claimed: f64,
    /// The size, where it is known.
    pub known: Option<f64>,
    /// Ticks of the horizontal axis; its ends are the first and the last.
    pub x_ticks: Vec<f64>,
    /// Ticks of the vertical axis; its ends are the first and the last.
    pub y_ticks: Vec<f64>,
}
