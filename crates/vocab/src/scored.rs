use crate::{Analysis, Estimate, Interval, Level, Note};
use serde::{Deserialize, Serialize};

/// One person whose outcome was predicted, or was not.
///
/// People are known by their row: identifiers never get here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The row as the user counts it; of several raters' rows the first.
    pub row: usize,
    /// The group, as `column = level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The score; none where an item is missing or was not visible.
    pub score: Option<f64>,
    /// The expected outcome.
    pub predicted: Option<f64>,
    /// Level of the intervals.
    pub conf_level: Level,
    /// Lower end of the interval that takes residuals to be normal.
    pub pred_low: Option<f64>,
    /// Its upper end.
    pub pred_high: Option<f64>,
    /// Lower end of the interval that assumes no distribution (scaled jackknife).
    pub scaled_low: Option<f64>,
    /// Its upper end.
    pub scaled_high: Option<f64>,
    /// True for a score outside those that the model has seen.
    pub extrapolation: bool,
    /// Why something is missing, or that it was cut off at the outcome's bounds.
    pub note: Option<Note>,
}

impl Scored {
    /// The columns of a table of people.
    pub const COLUMNS: [&'static str; 9] = [
        "row",
        "score",
        "predicted",
        "pred_low",
        "pred_high",
        "scaled_low",
        "scaled_high",
        "extrapolation",
        "note",
    ];

    /// The same as estimates: one for each interval.
    pub fn estimates(&self) -> [Estimate; 2] {
        let row = |ends: (Option<f64>, Option<f64>), method: &str| {
            let term = format!("row {}", self.row);
            let mut row = Estimate::new(Analysis::Prediction, "ols", term, 1);
            row.group.clone_from(&self.group);
            row.value = self.predicted;
            row.note = self.note;
            row.lacking.interval = Some(method.to_owned());
            if let (Some(low), Some(high)) = ends {
                let method = method.to_owned();
                row.interval = Some(Interval { low, high, level: self.conf_level, method });
            }
            row
        };
        [
            row((self.pred_low, self.pred_high), "prediction_t"),
            row((self.scaled_low, self.scaled_high), "scaled_jackknife"),
        ]
    }
}
