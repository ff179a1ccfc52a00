//! The intervals of one sample that a report on any two variables prints, computed as it computes
//! them.

use super::sample::{Places, Sample};
use ssi_infer::correlate::{Method, correlate_or_note};
use ssi_infer::describe;
use ssi_infer::regress::{BellMcCaffrey, Covariance, Ols, StandardErrors};
use ssi_infer::resample::{Bootstrap, bootstrap_bca, jackknife_z};
use ssi_vocab::{Estimate, Interval, Level, Paired, Quiet, Table};

/// An interval of one sample.
pub(super) struct Row {
    /// What is estimated: `estimate` in the table.
    pub(super) estimate: String,
    /// How the interval is made: `interval` in the table.
    pub(super) interval: &'static str,
    /// The estimate, which for a whole population is the parameter.
    pub(super) value: Option<f64>,
    /// For a prediction, the outcome that it is about, in place of a parameter.
    pub(super) outcome: Option<f64>,
    /// The ends, where the sample has such an interval.
    pub(super) ends: Option<(f64, f64)>,
}

impl Row {
    pub(super) fn new(
        estimate: impl Into<String>,
        interval: &'static str,
        found: Option<&Estimate>,
    ) -> Self {
        let ends = found.and_then(|e| e.interval.as_ref()).map(|i| (i.low, i.high));
        let value = found.and_then(|e| e.value);
        Self { estimate: estimate.into(), interval, value, outcome: None, ends }
    }
}

const LINE: &str = "ssi ~ score";
const ERRORS: [(StandardErrors, &str); 3] = [
    (StandardErrors::Each(Covariance::Classical), "classical"),
    (StandardErrors::Each(Covariance::Hc3), "hc3"),
    (StandardErrors::Adjusted(BellMcCaffrey::Hc3), "hc3_bm"),
];

/// The closed-form intervals of a sample. One that a sample does not have (a constant column, too
/// few respondents) is there without ends. `fresh` are respondents to be predicted: any one, one of
/// the lowest scores, one of the highest.
pub(super) fn closed(sample: &Sample, places: &Places, fresh: [(f64, f64); 3]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(40);
    let defaults = [
        (Method::Pearson, "fisher_z"),
        (Method::Spearman, "bonett_wright"),
        (Method::Kendall, "delta_z"),
    ];
    for (method, interval) in defaults {
        correlation(&sample.pair, method, interval, method.code(), &mut rows);
    }
    mean(&sample.table, "ssi", "mean", &mut rows);
    if let Ok(fit) = sample.fit(LINE) {
        coefficients(&fit, |term| if term == "score" { "slope" } else { "intercept" }, &mut rows);
        line(&fit, places, &mut rows);
        predictions(&fit, fresh, &mut rows);
    }
    rows
}

/// The mean of a column, with its t interval and with Hall's.
pub(super) fn mean(table: &Table, column: &str, name: &str, rows: &mut Vec<Row>) {
    let column = table.column(column).ok();
    let described = column.and_then(|c| describe::describe(c, None, Level::DEFAULT).ok());
    let plain = described.iter().flatten().find(|e| e.method == "mean");
    rows.push(Row::new(name, "t", plain));
    let hall = column.and_then(|c| describe::hall(c, None, Level::DEFAULT).ok());
    rows.push(Row::new(name, "hall", hall.as_ref()));
}

/// A correlation with its default interval, and with the jackknife's.
pub(super) fn correlation(
    pair: &Paired,
    method: Method,
    interval: &'static str,
    name: &str,
    rows: &mut Vec<Row>,
) {
    let found = correlate_or_note(pair, method, Level::DEFAULT);
    rows.push(Row::new(name, interval, Some(&found)));
    let robust = jackknife_z(pair, method, Level::DEFAULT).ok();
    rows.push(Row::new(name, "jackknife_z", robust.as_ref()));
}

/// The coefficients with classical and HC3 errors, these with both kinds of degrees of freedom.
pub(super) fn coefficients<'a>(fit: &Ols, name: impl Fn(&str) -> &'a str, rows: &mut Vec<Row>) {
    for (errors, interval) in ERRORS {
        let found = fit.estimates_with(&errors, None, Level::DEFAULT);
        rows.extend(found.iter().flatten().map(|e| Row::new(name(&e.term), interval, Some(e))));
    }
}

/// The band of the line.
fn line(fit: &Ols, places: &Places, rows: &mut Vec<Row>) {
    let [low, high] = places.scores;
    let at = ndarray::array![[1.0, low], [1.0, high]];
    for (errors, interval) in ERRORS {
        let band = match errors {
            StandardErrors::Adjusted(kind) => {
                fit.bell_mccaffrey_intervals(at.view(), kind, Level::DEFAULT)
            }
            StandardErrors::Each(kind) => fit.mean_intervals(at.view(), kind, Level::DEFAULT),
            StandardErrors::Cluster(..) => Ok(None),
        };
        let band = band.ok().flatten().unwrap_or_default();
        for (j, estimate) in ["fitted_low", "fitted_high"].into_iter().enumerate() {
            let value = fit.coefficients[0] + fit.coefficients[1] * places.scores[j];
            let ends = band.get(j).map(|i| (i.low, i.high));
            let row = Row::new(estimate, interval, None);
            rows.push(Row { value: Some(value), ends, ..row });
        }
    }
}

/// Respondents to come.
fn predictions(fit: &Ols, fresh: [(f64, f64); 3], rows: &mut Vec<Row>) {
    let at = ndarray::Array2::from_shape_fn((3, 2), |(i, j)| if j == 0 { 1.0 } else { fresh[i].0 });
    let plain = fit.predict(at.view(), Level::DEFAULT).unwrap_or_default();
    let plain: Vec<_> = plain.iter().map(|p| (p.pred_low, p.pred_high)).collect();
    let ends = |i: Interval| (i.low, i.high);
    let scaled = fit.scaled_intervals(at.view(), Level::DEFAULT).ok().flatten();
    let scaled: Vec<_> = scaled.into_iter().flatten().map(ends).collect();
    // What the report's first sentence says of one user: so many points around the line.
    let half = fit.prediction_half_width(Level::DEFAULT);
    let around = |x: f64| fit.coefficients[0] + fit.coefficients[1] * x;
    let flat: Vec<_> = (fresh.iter())
        .filter_map(|(x, _)| half.map(|half| (around(*x) - half, around(*x) + half)))
        .collect();
    for (interval, found) in [("t", plain), ("half_width", flat), ("scaled_jackknife", scaled)] {
        let names = ["prediction", "prediction_low", "prediction_high"];
        for (j, estimate) in names.into_iter().enumerate() {
            let row = Row::new(estimate, interval, None);
            let outcome = Some(fresh[j].1);
            rows.push(Row { value: outcome, outcome, ends: found.get(j).copied(), ..row });
        }
    }
}

/// The bootstrap intervals of Pearson's r.
pub(super) fn resampled(sample: &Sample, resamples: usize, seed: u64) -> Vec<Row> {
    let how = Bootstrap { resamples, seed };
    let found = bootstrap_bca(&sample.pair, Method::Pearson, &how, Level::DEFAULT, &Quiet).ok();
    let percentile = found.as_ref().and_then(|b| b.percentile.as_ref());
    let ends = percentile.map(|interval| (interval.low, interval.high));
    let bca = Row::new("pearson", "bca", found.as_ref().map(|b| &b.estimate));
    let other = Row { value: bca.value, ends, ..Row::new("pearson", "percentile", None) };
    vec![bca, other]
}
