//! Cross-validation, importance and conformal intervals by whole clusters.

#![allow(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

mod samples;

use samples::{L, close, noise, numbers, sample, table};
use ssi_infer::formula::{Extras, Modelled, model_with};
use ssi_infer::importance::importance;
use ssi_infer::predict::{Bounds, Conformal, Point, conformal};
use ssi_infer::regress::Clusters;
use ssi_infer::validate::{CrossValidation, cross_validate, cross_validate_clusters};
use ssi_vocab::Estimate;

#[test]
fn clusters_of_one_are_respondents() {
    let data = sample(60);
    let ids: Vec<f64> = (0..60).map(f64::from).collect();
    let data = data.with_column(numbers("id", &ids)).unwrap();
    let extras = Extras { cluster: Some("id".to_owned()), ..Extras::default() };
    let Modelled { design, recipe, clusters, .. } =
        model_with(&data, "y ~ a + b", &extras).unwrap();
    let found = importance(&design, &recipe).unwrap();
    let each = found.estimates(&design, None, L, 200, 3).unwrap();
    let whole = found.estimates(&design, clusters.as_ref(), L, 200, 3).unwrap();
    for (a, b) in each.iter().zip(&whole).take(2) {
        let (a, b) = (a.interval.as_ref().unwrap(), b.interval.as_ref().unwrap());
        assert_eq!((a.low, a.high), (b.low, b.high));
        assert_eq!(format!("cluster_{}", a.method), b.method);
    }
    let how = CrossValidation::new(7);
    let each = cross_validate(&design, &how).unwrap().measures(L);
    let whole = cross_validate_clusters(&design, clusters.as_ref().unwrap(), &how).unwrap();
    for (a, b) in each.iter().zip(whole.measures(L)) {
        assert!(close(a.value.unwrap(), b.value.unwrap(), 1e-12));
        assert_eq!(b.vcov.as_deref(), Some("cluster:id"));
    }
    let at = Point {
        chosen: String::new(),
        held: Vec::new(),
        x: ndarray::arr1(&[1.0, 0.7, 0.2]),
        warnings: Vec::new(),
    };
    for kind in Conformal::ALL {
        let ends = |clusters: Option<&Clusters>| {
            let points = std::slice::from_ref(&at);
            let rows = conformal(&design, clusters, points, kind, L, 5, Bounds::default()).unwrap();
            let interval = rows[0].interval.clone().unwrap();
            (interval.low, interval.high, interval.method)
        };
        let (each, whole) = (ends(None), ends(clusters.as_ref()));
        // Jackknife+ of respondents is in closed form, of clusters by really leaving out.
        assert!(close(each.0, whole.0, 1e-10) && close(each.1, whole.1, 1e-10), "{kind}");
        assert_eq!(whole.2, format!("cluster_{}", each.2));
    }
}

/// Folds that split sessions borrow from the ones they are to predict.
#[test]
fn folds_of_whole_clusters_are_harder_to_predict() {
    let (n, teams) = (120, 12);
    let team: Vec<f64> = (0..n).map(|i| f64::from(i % teams)).collect();
    let (shift, e) = (noise(teams as usize, 5), noise(n as usize, 6));
    let y: Vec<f64> = team.iter().zip(&e).map(|(t, e)| 5.0 * shift[*t as usize] + e).collect();
    // A predictor that tells the teams apart, and says nothing of a new one.
    let x: Vec<f64> = team.iter().map(|t| (t * 5.0) % 12.0).collect();
    let columns = [("y", &y), ("x", &x), ("team", &team)].map(|(n, v)| numbers(n, v));
    let extras = Extras { cluster: Some("team".to_owned()), ..Extras::default() };
    let model = model_with(&table(columns.to_vec()), "y ~ poly(x, 6)", &extras).unwrap();
    let how = CrossValidation::new(1);
    let rmse = |rows: Vec<Estimate>| rows[1].value.unwrap();
    let each = rmse(cross_validate(&model.design, &how).unwrap().measures(L));
    let clusters = model.clusters.as_ref().unwrap();
    let whole = cross_validate_clusters(&model.design, clusters, &how).unwrap();
    assert!(rmse(whole.measures(L)) > 1.2 * each);
}
