//! The drawings made from least squares: scatter, diagnostics, forest.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, close, fit, numbers, sample, table};
use ssi_infer::drawing;
use ssi_infer::regress::Covariance;
use ssi_vocab::drawing::Axis;

const X: Axis = Axis { min: 0.0, max: 1.0, step: 0.2 };
const Y: Axis = Axis { min: 1.5, max: 5.5, step: 1.0 };

#[test]
fn a_scatter_follows_the_model_and_stays_inside_the_axis() {
    let t = sample(80);
    let pair = t.paired("a", "y").unwrap();
    for formula in ["y ~ a", "y ~ poly(a, 2)", "y ~ log(a)"] {
        let fit = fit(&t, formula).unwrap();
        let drawing = drawing::scatter(&pair, &fit, L, X, Y, 0.0, 7).unwrap();
        let (first, last) = (drawing.fit.x[0], drawing.fit.x[100]);
        let low = pair.x().iter().copied().fold(f64::INFINITY, f64::min);
        let high = pair.x().iter().copied().fold(0.0, f64::max);
        assert_eq!((first, last), (low, high));
        // At a respondent the curve is the fitted value.
        let at = pair.x().iter().position(|x| *x == low).unwrap();
        assert!(close(drawing.fit.y[0], fit.fitted[at], 1e-13), "{formula}");
        for i in 0..101 {
            let (c, p) = (&drawing.confidence, &drawing.prediction);
            assert!(p.low[i] >= Y.min && p.high[i] <= Y.max);
            assert!(p.low[i] <= c.low[i] && c.high[i] <= p.high[i]);
        }
        assert_eq!(drawing.x_bins.counts.iter().sum::<u64>(), 80);
        assert_eq!(drawing.y_bins.counts.iter().sum::<u64>(), 80);
        assert!(drawing.smooth.is_some());
    }
    let other = fit(&t, "y ~ a + b").unwrap();
    assert!(drawing::scatter(&pair, &other, L, X, Y, 0.0, 7).is_err());
}

#[test]
fn diagnostics_are_seeded_and_consistent() {
    let fit = fit(&sample(60), "y ~ a + b").unwrap();
    let drawn = drawing::diagnostics(&fit, 11).unwrap();
    assert_eq!(drawn, drawing::diagnostics(&fit, 11).unwrap());
    assert_ne!(drawn, drawing::diagnostics(&fit, 12).unwrap());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    assert_eq!(drawn, pool.install(|| drawing::diagnostics(&fit, 11).unwrap()));
    assert!(drawn.quantiles.x.is_sorted() && drawn.quantiles.y.is_sorted());
    let band = &drawn.quantiles_envelope;
    assert!(band.low.iter().zip(&band.high).all(|(l, h)| l < h));
    // Uniform errors have shorter tails than normal ones, and the plot shows it.
    assert!(drawn.quantiles.y[0] > band.high[0] && drawn.quantiles.y[59] < band.low[59]);
    // The marked points are those with the largest Cook's distance, in both numberings.
    let rows = fit.augment(L).rows;
    let largest = rows.iter().filter_map(|r| r.cooks_d).fold(0.0, f64::max);
    assert_eq!(rows[drawn.influential[0]].cooks_d, Some(largest));
    for (at, sorted) in drawn.influential.iter().zip(&drawn.influential_quantiles) {
        assert_eq!(drawn.leverage.y[*at], drawn.quantiles.y[*sorted]);
    }
    assert_eq!(drawn.cooks.len(), 2);
    assert!(drawn.cooks[0].0 > drawn.cooks[1].0);
}

#[test]
fn the_simulated_envelope_covers_normal_residuals_at_its_level() {
    // Normal scores as errors: the most normal sample there is lies inside everywhere.
    let n = 101;
    let e: Vec<f64> =
        (0..n).map(|i| ssi_infer::tails::normal_quantile((i as f64 + 0.5) / n as f64)).collect();
    let x: Vec<f64> = (0..n).map(|i| ((i * 37) % n) as f64).collect();
    let fit = fit(&table(vec![numbers("y", &e), numbers("x", &x)]), "y ~ x").unwrap();
    let drawn = drawing::diagnostics(&fit, 1).unwrap();
    let band = &drawn.quantiles_envelope;
    for i in 0..n {
        assert!(band.low[i] < drawn.quantiles.y[i] && drawn.quantiles.y[i] < band.high[i], "{i}");
    }
    // The variance of median − mean is (π/2 − 1)/n: residuals have their mean taken out.
    let half = 0.5 * (band.high[50] - band.low[50]);
    let wanted = 1.96 * ((std::f64::consts::FRAC_PI_2 - 1.0) / n as f64).sqrt();
    assert!((half / wanted - 1.0).abs() < 0.2, "{half} {wanted}");
}

#[test]
fn a_forest_puts_the_series_side_by_side() {
    let fit = fit(&sample(50), "y ~ a + b").unwrap();
    let (classical, robust) =
        (fit.estimates(Covariance::Classical, L), fit.estimates(Covariance::Hc3, L));
    let forest = drawing::forest(&[("classical", &classical), ("hc3", &robust)]).unwrap();
    let terms: Vec<&str> = forest.rows.iter().map(|r| r.term.as_str()).collect();
    assert_eq!(terms, ["a", "b"]);
    assert!(forest.rows.iter().all(|r| r.estimates.len() == 2));
    for estimate in forest.rows.iter().flat_map(|r| &r.estimates) {
        assert!(forest.x_axis.min <= estimate.low && estimate.high <= forest.x_axis.max);
    }
    assert!(forest.x_axis.min <= 0.0 && forest.x_axis.max >= 0.0);
    assert!(drawing::forest(&[("none", &[])]).is_err());
}

#[test]
fn a_crowd_of_residuals_is_thinned_to_its_edges_and_a_sample() {
    let drawn = |n| {
        let fit = fit(&sample(n), "y ~ a + b").unwrap();
        (drawing::diagnostics(&fit, 11).unwrap(), fit)
    };
    let (all, _) = drawn(5_000);
    assert_eq!((all.thinned, all.residuals.x.len()), (None, 5_000));

    let (some, fit) = drawn(5_200);
    let thinned = some.thinned.unwrap();
    assert_eq!(thinned.of, 5_200);
    assert!((50..=150).contains(&thinned.extreme));
    let shown = thinned.extreme + 600;
    for points in [&some.residuals, &some.quantiles, &some.scale, &some.leverage] {
        assert_eq!((points.x.len(), points.y.len()), (shown, shown));
    }
    assert!(some.quantiles.x.is_sorted() && some.quantiles.y.is_sorted());
    // The same respondents stand in every panel, the outermost among them.
    let mut sorted = some.leverage.y.clone();
    sorted.sort_by(f64::total_cmp);
    assert_eq!(sorted, some.quantiles.y);
    let rows = fit.augment(L).rows;
    let size = |r: &Option<f64>| r.map_or(0.0, f64::abs);
    let mut sizes: Vec<f64> = rows.iter().map(|r| size(&r.std_resid)).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    assert!(sizes[..50].iter().all(|s| some.leverage.y.iter().any(|r| r.abs() == *s)));
    let largest = rows.iter().max_by(|a, b| size(&a.cooks_d).total_cmp(&size(&b.cooks_d)));
    assert_eq!(some.influential.len(), 3);
    assert_eq!(Some(some.leverage.y[some.influential[0]]), largest.and_then(|r| r.std_resid));
    for (at, sorted) in some.influential.iter().zip(&some.influential_quantiles) {
        assert_eq!(some.leverage.y[*at], some.quantiles.y[*sorted]);
    }
    // Uniform errors: nearly all of the tails lie outside, of which a sample shows only some.
    let band = &some.quantiles_envelope;
    let seen = (0..shown)
        .filter(|i| some.quantiles.y[*i] < band.low[*i] || some.quantiles.y[*i] > band.high[*i]);
    assert!(thinned.outside > seen.count());
    // The curve rests on all: it is the loess of the residuals before thinning.
    let pair = ssi_vocab::Paired::complete(
        "fitted",
        fit.fitted.as_slice().unwrap(),
        "residual",
        fit.residuals.as_slice().unwrap(),
    );
    let curve = ssi_infer::smooth::loess(&pair.unwrap(), 0.75, &some.residuals_smooth.x).unwrap();
    assert_eq!(curve, some.residuals_smooth);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    assert_eq!(some, pool.install(|| drawn(5_200).0));
}
