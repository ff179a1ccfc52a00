//! Drawings at the edge: each gives an error that says why, or a picture without undefined
//! coordinates.

mod samples;

use ssi_figure::{Error, Theme, draw};
use ssi_vocab::drawing::*;
use ssi_vocab::{Drawing, Lang};

fn outcome(drawing: Drawing) -> Result<String, Error> {
    let slug = match drawing {
        Drawing::Scatter(_) | Drawing::Shape(_) => "score_ssi",
        Drawing::Levels(_) => "score_levels",
        Drawing::Matrix(_) => "correlations",
        Drawing::Forest(_) => "coefficients",
        Drawing::Resampling(_) => "resampling",
        _ => "diagnostics",
    };
    let caption = samples::caption(slug, &drawing, Lang::En);
    let picture = draw(&drawing, &caption, &Theme::default())?;
    picture.png()?;
    for word in ["NaN", "inf", "<text"] {
        assert!(!picture.svg().contains(word), "{word}");
    }
    Ok(picture.svg().to_owned())
}

fn bare(n: usize) -> Scatter {
    let mut s = samples::scatter(195);
    s.points.x.truncate(n);
    s.points.y.truncate(n);
    s.fit = Curve::default();
    s.confidence = Band::default();
    s.prediction = Band::default();
    s.smooth = None;
    s.x_bins = Bins::default();
    s.y_bins = Bins::default();
    s
}

#[test]
fn a_scatter_of_few_points_is_drawn() {
    for n in [0, 1, 2] {
        outcome(Drawing::Scatter(bare(n))).unwrap();
    }
}

#[test]
fn constant_values_are_drawn() {
    let mut s = bare(20);
    s.points.x.fill(5.0);
    s.points.y.fill(40.0);
    s.x_bins = Bins { edges: vec![5.0, 5.0], counts: vec![20] };
    s.y_bins = Bins { edges: vec![0.0, 100.0], counts: vec![0] };
    s.fit = Curve { x: vec![5.0, 5.0], y: vec![40.0, 40.0] };
    outcome(Drawing::Scatter(s)).unwrap();
}

#[test]
fn an_axis_without_length_is_an_error() {
    let axes = [
        (5.0, 5.0, 1.0),
        (10.0, 0.0, 1.0),
        (0.0, 10.0, 0.0),
        (0.0, 10.0, -1.0),
        (0.0, 10.0, 1e-9),
        (0.0, f64::INFINITY, 1.0),
        (0.0, f64::NAN, 1.0),
        (0.1, 0.2, 1.0),
        (1e300, 1.1e300, 1e298),
    ];
    for (min, max, step) in axes {
        let mut s = bare(3);
        s.x_axis = Axis { min, max, step };
        let error = outcome(Drawing::Scatter(s)).err();
        let named = matches!(error, Some(Error::Axis { axis: "x", .. }));
        assert!(named, "{min} to {max} by {step}: {error:?}");
    }
}

#[test]
fn undefined_numbers_are_an_error() {
    let mut s = bare(3);
    s.points.y[1] = f64::NAN;
    let error = outcome(Drawing::Scatter(s)).unwrap_err();
    assert!(matches!(error, Error::NotFinite { part: "points", index: 1, .. }), "{error}");
    let mut l = samples::levels();
    l.threshold = Some(f64::INFINITY);
    assert!(matches!(outcome(Drawing::Levels(l)), Err(Error::NotFinite { part: "threshold", .. })));
    let mut f = samples::forest();
    f.rows[0].estimates[0].high = f64::NAN;
    assert!(matches!(outcome(Drawing::Forest(f)), Err(Error::NotFinite { .. })));
}

#[test]
fn unpaired_coordinates_are_an_error() {
    let mut s = bare(3);
    s.points.y.pop();
    let unequal = Error::UnequalLengths { part: "points", first: 3, second: 2 };
    assert_eq!(outcome(Drawing::Scatter(s)).unwrap_err(), unequal);
    let mut s = bare(3);
    s.x_bins = Bins { edges: vec![0.0, 1.0], counts: vec![1, 2] };
    let unequal = Error::UnequalLengths { part: "x_bins", first: 1, second: 2 };
    assert_eq!(outcome(Drawing::Scatter(s)).unwrap_err(), unequal);
}

#[test]
fn references_past_the_end_are_an_error() {
    let mut d = samples::diagnostics();
    d.influential.push(195);
    let error = Error::OutOfRange { part: "influential", index: 195, len: 195 };
    assert_eq!(outcome(Drawing::Diagnostics(d)).unwrap_err(), error);
    let mut m = samples::matrix();
    m.cells[0].row = 8;
    let error = Error::OutOfRange { part: "cells.row", index: 8, len: 8 };
    assert_eq!(outcome(Drawing::Matrix(m)).unwrap_err(), error);
    let mut m = samples::matrix();
    m.cells[0].column = m.cells[0].row;
    assert!(matches!(outcome(Drawing::Matrix(m)), Err(Error::OutOfRange { .. })));
    let mut f = samples::forest();
    f.series.pop();
    assert!(matches!(outcome(Drawing::Forest(f)), Err(Error::OutOfRange { .. })));
}

#[test]
fn levels_without_values_are_drawn() {
    let mut l = samples::levels();
    for level in &mut l.levels {
        level.values.clear();
        level.summary = None;
    }
    outcome(Drawing::Levels(l.clone())).unwrap();
    l.levels.truncate(1);
    l.levels[0].half_width = 0.0;
    l.levels[0].values = vec![40.0; 400];
    l.levels[0].summary = Some((40.0, 40.0, 40.0));
    outcome(Drawing::Levels(l.clone())).unwrap();
    l.levels.clear();
    assert_eq!(outcome(Drawing::Levels(l)).unwrap_err(), Error::Empty { part: "levels" });
}

#[test]
fn undefined_correlations_are_drawn_as_such() {
    let mut m = samples::matrix();
    for cell in &mut m.cells {
        (cell.value, cell.low, cell.high) = (None, None, None);
    }
    outcome(Drawing::Matrix(m.clone())).unwrap();
    m.cells.clear();
    m.variables.truncate(1);
    outcome(Drawing::Matrix(m.clone())).unwrap();
    m.variables.clear();
    assert_eq!(outcome(Drawing::Matrix(m)).unwrap_err(), Error::Empty { part: "variables" });
}

#[test]
fn a_forest_may_lack_estimates_and_reach_past_its_axis() {
    let mut f = samples::forest();
    f.rows[0].estimates.clear();
    f.rows[1].estimates[0].low = -1e9;
    f.rows[1].estimates[0].high = 1e9;
    f.rows[2].estimates[1] = ForestEstimate { series: 1, value: 50.0, low: 40.0, high: 60.0 };
    f.x_axis = Axis { min: 1.0, max: 7.0, step: 1.0 };
    outcome(Drawing::Forest(f.clone())).unwrap();
    f.rows.clear();
    assert_eq!(outcome(Drawing::Forest(f)).unwrap_err(), Error::Empty { part: "terms" });
}

#[test]
fn resampling_without_draws_is_drawn() {
    let mut r = samples::resampling();
    r.bootstrap = Bins::default();
    r.permutation = Bins { edges: vec![0.0, 0.0, 0.1], counts: vec![0, 0] };
    r.observed = 3.0;
    r.intervals[0].low = -9.0;
    outcome(Drawing::Resampling(r.clone())).unwrap();
    r.intervals.clear();
    outcome(Drawing::Resampling(r)).unwrap();
}

#[test]
fn diagnostics_of_nothing_and_of_a_perfect_fit_are_drawn() {
    let empty = Diagnostics {
        residuals: Points::default(),
        residuals_smooth: Curve::default(),
        quantiles: Points::default(),
        quantiles_envelope: Band::default(),
        scale: Points::default(),
        scale_smooth: Curve::default(),
        leverage: Points::default(),
        cooks: Vec::new(),
        influential: Vec::new(),
        influential_quantiles: Vec::new(),
        thinned: None,
    };
    outcome(Drawing::Diagnostics(empty)).unwrap();
    let mut d = samples::diagnostics();
    d.residuals.y.fill(0.0);
    d.scale.y.fill(0.0);
    d.quantiles.y.fill(0.0);
    d.leverage.x.fill(0.01);
    outcome(Drawing::Diagnostics(d)).unwrap();
    let mut d = samples::diagnostics();
    d.residuals.y.fill(1e300);
    d.residuals.x.fill(1e-300);
    d.leverage.y[0] = -1.7e308;
    d.leverage.y[1] = 1.7e308;
    assert!(matches!(outcome(Drawing::Diagnostics(d)), Err(Error::Axis { .. }) | Ok(_)));
}

fn shape(n: usize) -> Shape {
    let s = samples::scatter(n);
    Shape {
        points: s.points,
        x_step: s.x_step,
        straight: s.fit.clone(),
        spline: s.fit.clone(),
        band: s.confidence,
        band_method: "hc3".to_owned(),
        steps: Curve { x: vec![0.0, 4.0, 4.0, 10.0], y: vec![20.0, 20.0, 45.0, 45.0] },
        smooth: s.smooth,
        x_axis: s.x_axis,
        y_axis: s.y_axis,
        seed: s.seed,
    }
}

#[test]
fn shapes_of_any_size_are_drawn_and_unequal_ones_refused() {
    let few = outcome(Drawing::Shape(shape(195))).unwrap();
    let many = outcome(Drawing::Shape(shape(3_000))).unwrap();
    assert_ne!(few, many);
    let bare = Shape {
        points: Points::default(),
        band: Band::default(),
        steps: Curve::default(),
        smooth: None,
        ..shape(195)
    };
    outcome(Drawing::Shape(bare)).unwrap();
    let mut wrong = shape(195);
    wrong.steps.y.pop();
    let found = outcome(Drawing::Shape(wrong));
    assert!(matches!(found, Err(Error::UnequalLengths { part: "steps", .. })), "{found:?}");
    let mut wrong = shape(195);
    wrong.spline.y[3] = f64::NAN;
    assert!(matches!(outcome(Drawing::Shape(wrong)), Err(Error::NotFinite { .. })));
}

/// The drawings of the claims, with the words they need.
fn claimed(drawing: &Drawing) -> Result<String, Error> {
    let mut caption = samples::caption("score_ssi", drawing, Lang::En);
    for key in ["users", "exception", "steps", "line", "cap", "high", "p.0", "p.3", "given", "test"]
        .into_iter()
        .chain(["varying", "sd", "none", "rate.0", "ratio", "exact", "rounded", "one", "claimed"])
    {
        caption.labels.insert(key.to_owned(), key.to_owned());
    }
    let picture = draw(drawing, &caption, &Theme::default())?;
    picture.png()?;
    assert!(!picture.svg().contains("NaN") && !picture.svg().contains("inf"));
    Ok(picture.svg().to_owned())
}

const UNIT: Axis = Axis { min: 0.0, max: 10.0, step: 2.0 };

fn items(n: usize) -> ItemCurves {
    let group =
        AnswerGroup { place: 0.0, expected: 0.5, observed: 0.5, low: 0.3, high: 0.7, n_obs: 34 };
    let curve = Curve { x: vec![-3.0, 0.0, 3.0], y: vec![0.1, 0.5, 0.9] };
    let item = |i| ItemCurve {
        item: format!("item_{i}"),
        discrimination: 1.0,
        curve: curve.clone(),
        groups: vec![group; i % 3],
    };
    let x_axis = Axis { min: -3.0, max: 3.0, step: 2.0 };
    let y_axis = Axis { min: 0.0, max: 1.0, step: 0.5 };
    ItemCurves { items: (0..n).map(item).collect(), n_obs: 100, x_axis, y_axis }
}

#[test]
fn any_number_of_items_has_its_curves() {
    let sizes = [1, 3, 7, 10].map(|n| claimed(&Drawing::ItemCurves(items(n))).unwrap().len());
    assert!(sizes.is_sorted(), "{sizes:?}");
    assert!(matches!(claimed(&Drawing::ItemCurves(items(0))), Err(Error::Empty { .. })));
    let mut broken = items(2);
    broken.items[1].groups[0].low = f64::NAN;
    assert!(matches!(claimed(&Drawing::ItemCurves(broken)), Err(Error::NotFinite { .. })));
}

fn ratings(y: Vec<f64>) -> BlandAltman {
    let limit = |value: f64| Limit { value, low: value, high: value };
    BlandAltman {
        points: Points { x: vec![5.0; y.len()], y },
        bias: limit(0.0),
        lower: limit(0.0),
        upper: limit(0.0),
        pairs: 1,
        x_axis: UNIT,
        y_axis: Axis { min: -1.0, max: 1.0, step: 0.5 },
    }
}

#[test]
fn ratings_that_never_differ_are_drawn() {
    let one = claimed(&Drawing::BlandAltman(ratings(vec![0.0; 60]))).unwrap();
    let two = claimed(&Drawing::BlandAltman(ratings(vec![0.0, 0.5]))).unwrap();
    assert!(one.len() < two.len());
    let none = claimed(&Drawing::BlandAltman(ratings(Vec::new())));
    assert!(matches!(none, Err(Error::Empty { .. })));
    let wrong = claimed(&Drawing::BlandAltman(ratings(vec![f64::INFINITY])));
    assert!(matches!(wrong, Err(Error::NotFinite { .. })));
}

fn corner() -> Ceilings {
    Ceilings {
        points: Points { x: vec![1.0, 4.0], y: vec![3.0, 9.0] },
        capped: vec![5.0],
        steps: Curve { x: vec![0.0, 1.0, 1.0, 10.0], y: vec![0.0, 0.0, 3.0, 3.0] },
        line: None,
        high: Some(8.0),
        least: Some(5.0),
        exceptions: 1,
        x_axis: UNIT,
        y_axis: UNIT,
        seed: 1,
    }
}

#[test]
fn ceilings_are_drawn_with_and_without_the_capped() {
    let whole = claimed(&Drawing::Ceilings(corner())).unwrap();
    let bare = Ceilings { capped: Vec::new(), steps: Curve::default(), ..corner() };
    assert!(claimed(&Drawing::Ceilings(bare)).unwrap().len() < whole.len());
    let broken = Ceilings { capped: vec![f64::NAN], ..corner() };
    assert!(matches!(claimed(&Drawing::Ceilings(broken)), Err(Error::NotFinite { .. })));
}

fn unknown() -> Surface {
    Surface {
        trials: vec![2.0, 8.0],
        rates: vec![3.0, 7.0],
        p: vec![vec![0.0001, 0.2], vec![0.2, 0.02]],
        given_trials: [2.0, 8.0],
        given_rates: [3.0, 7.0],
        none: vec![Curve { x: vec![0.0, 5.0], y: vec![0.0, 20.0] }],
        none_rates: vec![5.0],
        x_axis: UNIT,
        y_axis: UNIT,
        sd_axis: UNIT,
        none_powers: [-3, 2],
    }
}

#[test]
fn a_surface_needs_two_rows_that_are_whole() {
    claimed(&Drawing::Surface(unknown())).unwrap();
    claimed(&Drawing::Surface(Surface { none: Vec::new(), ..unknown() })).unwrap();
    let one = Surface { rates: vec![3.0], p: vec![vec![0.1, 0.2]], ..unknown() };
    assert!(matches!(claimed(&Drawing::Surface(one)), Err(Error::Empty { .. })));
    let short = Surface { p: vec![vec![0.1], vec![0.2]], ..unknown() };
    assert!(matches!(claimed(&Drawing::Surface(short)), Err(Error::UnequalLengths { .. })));
}

#[test]
fn a_ratio_is_drawn_where_its_interval_reaches_0() {
    let band = || Band { x: vec![1.0, 100.0], low: vec![0.0, 2.0], high: vec![50.0, 5.0] };
    let ratio = |x_ticks: &[f64]| {
        Drawing::Ratio(Ratio {
            ratio: 3.0,
            exact: band(),
            rounded: band(),
            above_one: Some(50.0),
            claimed: 6.0,
            known: Some(10.0),
            x_ticks: x_ticks.to_vec(),
            y_ticks: vec![0.5, 5.0, 50.0],
        })
    };
    claimed(&ratio(&[1.0, 10.0, 100.0])).unwrap();
    assert!(matches!(claimed(&ratio(&[0.0, 10.0])), Err(Error::Empty { .. })));
}
