//! What a figure shows, as data: computed elsewhere, drawn elsewhere.
//!
//! Coordinates are in data units. Identifiers (`variable`, `term`, `series`) are worded by the
//! [`Caption`](crate::Caption) that goes with the drawing.

mod calibration;
mod claims;
mod gaps;
mod instrument;

pub use calibration::{Calibration, CalibrationGroup};
pub use claims::{Ceilings, Ratio, Surface};
pub use gaps::{GapPattern, Gaps};
pub use instrument::{AnswerGroup, BlandAltman, ItemCurve, ItemCurves, Limit};

use serde::{Deserialize, Serialize};

/// One figure's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Drawing {
    /// Two variables, with a straight fit, its bands, a smooth curve and the margins.
    Scatter(Scatter),
    /// The outcome at each level of a score.
    Levels(Levels),
    /// Correlations of every pair.
    Matrix(Matrix),
    /// Estimates with intervals, side by side.
    Forest(Forest),
    /// Resampling distributions of one estimate.
    Resampling(Resampling),
    /// Four panels of residual diagnostics.
    Diagnostics(Diagnostics),
    /// Two variables, with curves that assume less and less of their shape.
    Shape(Shape),
    /// A condition, an outcome, and the ceilings above them.
    Ceilings(Ceilings),
    /// A test over what is not known.
    Surface(Surface),
    /// A ratio over the unknown size of its sample.
    Ratio(Ratio),
    /// Predictions against outcomes.
    Calibration(Calibration),
    /// Which values are missing together.
    Gaps(Gaps),
    /// What a model expects of each item, and what respondents answered.
    ItemCurves(ItemCurves),
    /// Two ratings of each respondent: their difference against their mean.
    BlandAltman(BlandAltman),
}

/// The range of an axis and the distance of its ticks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Lower end.
    pub min: f64,
    /// Upper end.
    pub max: f64,
    /// Ticks stand at the multiples of this.
    pub step: f64,
}

/// Points, `x[i]` with `y[i]`. More than 5,000 of which many are equal are written as the different
/// ones, with `counts`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "crate::tied::Written", into = "crate::tied::Written")]
pub struct Points {
    /// Horizontal.
    pub x: Vec<f64>,
    /// Vertical.
    pub y: Vec<f64>,
}

/// A line through `(x[i], y[i])`, x ascending.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Horizontal.
    pub x: Vec<f64>,
    /// Vertical.
    pub y: Vec<f64>,
}

/// The area between two curves, x ascending.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Horizontal.
    pub x: Vec<f64>,
    /// Lower edge.
    pub low: Vec<f64>,
    /// Upper edge.
    pub high: Vec<f64>,
}

/// A histogram: `counts[i]` values lie in [`edges[i]`, `edges[i + 1]`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bins {
    /// One more than the counts, ascending.
    pub edges: Vec<f64>,
    /// How many values in each bin.
    pub counts: Vec<u64>,
}

/// Content of [`Drawing::Scatter`]. The caption words the legend under `fit`, `confidence`,
/// `prediction`, `smooth` and, where there are too many points to draw singly, `count` (the shades of
/// cells); an entry without words is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scatter {
    /// The respondents.
    pub points: Points,
    /// The distance of neighbouring tied x values: points are jittered by up to ±0.18 of it.
    pub x_step: f64,
    /// The straight fit.
    pub fit: Curve,
    /// Confidence band of the fit.
    pub confidence: Band,
    /// The covariance that it was made with: `hc3`, `classical`.
    #[serde(default)]
    pub confidence_method: String,
    /// Prediction band for a single respondent.
    pub prediction: Band,
    /// How it was made: `scaled_jackknife`, `t`.
    #[serde(default)]
    pub prediction_method: String,
    /// A smooth curve, shown dashed, that bends where the data do.
    pub smooth: Option<Curve>,
    /// Distribution of x, drawn above the frame.
    pub x_bins: Bins,
    /// Distribution of y, drawn right of the frame.
    pub y_bins: Bins,
    /// Horizontal axis.
    pub x_axis: Axis,
    /// Vertical axis.
    pub y_axis: Axis,
    /// Seed of the jitter.
    pub seed: u64,
}

/// Content of [`Drawing::Shape`]. The caption words the legend under `straight`, `spline`, `band`,
/// `steps` and `smooth`; an entry without words is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// The respondents.
    pub points: Points,
    /// The distance of neighbouring tied x values: points are jittered by up to ±0.18 of it.
    pub x_step: f64,
    /// The straight fit.
    pub straight: Curve,
    /// The fit of a natural spline.
    pub spline: Curve,
    /// Its confidence band.
    pub band: Band,
    /// The covariance that the band was made with: `hc3`, `classical`.
    pub band_method: String,
    /// Steps that never turn: the isotonic fit, with a corner at each end of a step.
    pub steps: Curve,
    /// A LOESS curve, for display.
    pub smooth: Option<Curve>,
    /// Horizontal axis.
    pub x_axis: Axis,
    /// Vertical axis.
    pub y_axis: Axis,
    /// Seed of the jitter.
    pub seed: u64,
}

/// One level of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelDots {
    /// Position on the axis: the level's centre.
    pub x: f64,
    /// Half the level's width on the axis.
    pub half_width: f64,
    /// The respondents' outcomes, ascending. More than 5,000 of which many are equal are written as
    /// the different `values`, with `counts`.
    #[serde(with = "crate::tied")]
    pub values: Vec<f64>,
    /// Lower quartile, median and upper quartile; none where the level is smaller than the plan's
    /// smallest group.
    pub summary: Option<(f64, f64, f64)>,
}

/// Content of [`Drawing::Levels`]. The caption words level `i` under `level.i`, its number of
/// respondents under `n.i` (`n = 12`), the legend under `median`, `quartiles` and, for levels too
/// large for dots, `distribution`, and the line under `threshold`. Ticks without a level have their
/// number alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// The levels, ascending. The caption words level `i` under the key `level.i`.
    pub levels: Vec<LevelDots>,
    /// Horizontal axis.
    pub x_axis: Axis,
    /// Vertical axis.
    pub y_axis: Axis,
    /// A horizontal line at the plan's "high" threshold, if the figure shows one.
    pub threshold: Option<f64>,
    /// Seed of the jitter.
    pub seed: u64,
}

/// One pair of a correlation matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatrixCell {
    /// Row, as an index into the variables (larger than `column`).
    pub row: usize,
    /// Column, as an index into the variables.
    pub column: usize,
    /// Correlation, or none where it is undefined.
    pub value: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// Respondents.
    pub n_obs: usize,
}

/// Content of [`Drawing::Matrix`]: the lower triangle. The caption may word a legend entry for
/// cells whose interval holds 0 under `pale`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    /// Variable names, top to bottom and left to right. The caption words `variable.NAME`; it
    /// gives the text of a cell under `cell.ROW.COLUMN` and of its interval under
    /// `interval.ROW.COLUMN`.
    pub variables: Vec<String>,
    /// The pairs.
    pub cells: Vec<MatrixCell>,
}

/// One estimate of a forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForestEstimate {
    /// Which series, as an index.
    pub series: usize,
    /// Estimate.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
}

/// One term of a forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForestRow {
    /// The term, worded by the caption under `term.NAME`; the number column's text of series `s`
    /// stands under `number.NAME.s`.
    pub term: String,
    /// One estimate a series.
    pub estimates: Vec<ForestEstimate>,
}

/// Content of [`Drawing::Forest`]. The caption words the head of the number column under
/// `number`, and the legend of the line and the band under `aim`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forest {
    /// The series, worded by the caption under `series.NAME`.
    pub series: Vec<String>,
    /// The terms, top to bottom.
    pub rows: Vec<ForestRow>,
    /// Horizontal axis; 0 is marked.
    pub x_axis: Axis,
    /// A value to compare with, marked as a line, and a band around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aim: Option<Aim>,
}

/// A value that estimates are compared with, and how far they may be from it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Aim {
    /// The value.
    pub value: f64,
    /// Lower edge of the band.
    pub low: f64,
    /// Upper edge of the band.
    pub high: f64,
}

/// An interval marked in a resampling figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkedInterval {
    /// Worded by the caption under `interval.METHOD`.
    pub method: String,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Content of [`Drawing::Resampling`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resampling {
    /// The estimate, worded under `observed`.
    pub observed: f64,
    /// Bootstrap distribution, worded under `bootstrap`.
    pub bootstrap: Bins,
    /// Permutation distribution, worded under `permutation`.
    pub permutation: Bins,
    /// The intervals.
    pub intervals: Vec<MarkedInterval>,
    /// Horizontal axis.
    pub x_axis: Axis,
}

/// Which points of a large diagnostics figure are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thinned {
    /// How many points there are in all.
    pub of: usize,
    /// How many of those drawn were chosen for lying farthest out.
    pub extreme: usize,
    /// How many of all points lie outside the envelope of the quantile plot.
    pub outside: usize,
}

/// Content of [`Drawing::Diagnostics`]. The caption words the legend under `smooth`, `envelope`,
/// `cooks` and `influential`, and contour `i` under `cooks.i` (without it, its distance). Panel titles and axis titles are worded by the caption
/// under `PANEL.title`, `PANEL.x`, `PANEL.y` with the panel's field name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnostics {
    /// Residuals against fitted values.
    pub residuals: Points,
    /// Smooth curve of the residuals.
    pub residuals_smooth: Curve,
    /// Normal quantiles (x) against standardised residuals (y), ascending.
    pub quantiles: Points,
    /// Pointwise envelope of the quantile plot, simulated under the model.
    pub quantiles_envelope: Band,
    /// Square root of the absolute standardised residuals against fitted values.
    pub scale: Points,
    /// Smooth curve of `scale`.
    pub scale_smooth: Curve,
    /// Standardised residuals against leverage.
    pub leverage: Points,
    /// Cook's distance contours, as (distance, upper half of the contour); the lower half mirrors.
    pub cooks: Vec<(f64, Curve)>,
    /// The most influential points, as indices into the points of the first, third and fourth
    /// panel.
    pub influential: Vec<usize>,
    /// The same points, as indices into the sorted points of the second panel.
    pub influential_quantiles: Vec<usize>,
    /// Where the panels show some of the points: how many there are. Curves, envelope and contours
    /// rest on all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thinned: Option<Thinned>,
}
