//! The committed report, and the reference study's numbers against an independent program.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use serde_json::Value;
use ssi_study::{Plan, Quiet, Source};
use ssi_tests::root;
use ssi_vocab::{Estimate, Model, Results};
use std::fs;

fn oracle() -> Value {
    let text = fs::read_to_string(root().join("tests/oracles/study.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The study with few resamples: the closed forms don't depend on them.
fn results() -> Results {
    let plan = Plan { resamples: 200, permutations: 199, ..Plan::default() };
    ssi_study::study(Source::reference(), plan, &Quiet).unwrap().results
}

fn near(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what} is in the oracle's output"));
    let error = (found / expected - 1.0).abs();
    assert!(error < 1e-12, "{what}: {found}, expected {expected}, relative error {error:e}");
}

fn correlation<'a>(results: &'a Results, method: &str, x: &str, y: &str) -> &'a Estimate {
    let found = results
        .estimates
        .iter()
        .find(|e| e.method == method && e.x.as_deref() == Some(x) && e.y.as_deref() == Some(y));
    found.unwrap_or_else(|| panic!("{method} of {x} and {y} is in the results"))
}

fn check(row: &Estimate, expected: &Value, what: &str) {
    near(row.value.unwrap(), &expected["estimate"], what);
    near(row.test.as_ref().unwrap().p_value.get(), &expected["p"], &format!("p of {what}"));
    assert_eq!(Some(row.n_obs as u64), expected["n"].as_u64(), "n of {what}");
    if let Some(ends) = expected["interval"].as_array() {
        let interval = row.interval.as_ref().unwrap();
        near(interval.low, &ends[0], &format!("lower end of {what}"));
        near(interval.high, &ends[1], &format!("upper end of {what}"));
    }
}

#[test]
fn the_correlations_are_those_of_scipy() {
    let (results, oracle) = (results(), oracle());
    for method in ["pearson", "spearman", "kendall"] {
        let row = correlation(&results, method, "score_total", "ssi_total");
        check(row, &oracle[method], method);
    }
    for (part, expected) in oracle["parts"].as_object().unwrap() {
        let row = correlation(&results, "pearson", "score_total", part);
        check(row, expected, part);
    }
    let row = correlation(&results, "spearman", "ssi_total", "conn_display");
    check(row, &oracle["rank_with_contacts"], "contacts as ranks");
}

fn model<'a>(results: &'a Results, id: &str) -> &'a Model {
    results.models.iter().find(|m| m.id == id).unwrap()
}

fn check_model(results: &Results, id: &str, expected: &Value) {
    for vcov in ["classical", "hc3"] {
        let rows: Vec<&Estimate> = results
            .estimates
            .iter()
            .filter(|e| e.model.as_deref() == Some(id) && e.vcov.as_deref() == Some(vcov))
            .collect();
        let terms = expected["terms"].as_array().unwrap();
        assert_eq!(rows.len(), terms.len(), "{id}: as many terms");
        for row in rows {
            // statsmodels puts factors first and names them otherwise: `C(region)[T.JP]`.
            let same = |t: &Value| {
                t.as_str().unwrap().replace("C(region)[T.", "region").trim_matches(']')
                    == row.term.trim_matches(['(', ')'])
            };
            let i = terms.iter().position(same).unwrap_or_else(|| panic!("{} is a term", row.term));
            let what = format!("{id}, {vcov}, {}", row.term);
            near(row.value.unwrap(), &expected["coefficients"][i], &what);
            near(row.std_error.unwrap(), &expected[vcov][i], &format!("error of {what}"));
            let p = row.test.as_ref().unwrap().p_value.get();
            near(p, &expected[format!("p_{vcov}")][i], &format!("p of {what}"));
        }
    }
    let glance = &model(results, id).glance;
    for (name, value) in [
        ("r_squared", glance.r_squared),
        ("adj_r_squared", glance.adj_r_squared),
        ("sigma", glance.sigma),
        ("statistic", glance.statistic),
        ("log_lik", glance.log_lik),
        ("aic", glance.aic),
        ("bic", glance.bic),
    ] {
        near(value.unwrap(), &expected[name], &format!("{name} of {id}"));
    }
}

#[test]
fn the_regressions_are_those_of_statsmodels() {
    let (results, oracle) = (results(), oracle());
    check_model(&results, "main", &oracle["main"]);
    check_model(&results, "contacts", &oracle["contacts"]);
}

#[test]
fn counts_and_rows_give_the_same_model() {
    let results = results();
    let rows = |id: &str| -> Vec<&Estimate> {
        let of = |e: &&Estimate| {
            e.model.as_deref() == Some(id) && e.vcov.as_deref() == Some("classical")
        };
        results.estimates.iter().filter(of).collect()
    };
    assert_eq!(rows("main").len(), 2);
    for (row, counted) in rows("main").into_iter().zip(rows("main_counted")) {
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-13, "{a} and {b}");
        near(counted.value.unwrap(), row.value.unwrap());
        near(counted.std_error.unwrap(), row.std_error.unwrap());
        assert_eq!(counted.n_obs, row.n_obs);
    }
    let (main, counted) = (model(&results, "main"), model(&results, "main_counted"));
    assert!((main.glance.aic.unwrap() / counted.glance.aic.unwrap() - 1.0).abs() < 1e-13);
}

#[test]
fn results_survive_their_own_json() {
    let results = results();
    let text = ssi_report::json(&results);
    let back: Results = serde_json::from_str(&text).unwrap();
    assert_eq!(back, results);
    for forbidden in ["NaN", "Infinity", "inf"] {
        assert!(!text.contains(&format!(": {forbidden}")), "{forbidden}");
    }
}

#[test]
fn the_committed_report_is_what_this_version_makes() {
    let dir = root().join("reports/reference");
    let verdict = ssi_study::verify(&dir, None, &Quiet).unwrap();
    if verdict.other_target.is_some() {
        // Another kind of machine may differ in last digits: there the numbers are checked above.
        return;
    }
    assert!(
        verdict.agrees(),
        "reports/reference is stale; run `cargo run --release -- study` and look at the diff:\n{:#?}",
        verdict.differences
    );
}

#[test]
fn the_committed_report_would_pass_a_look() {
    if let Err(wrong) = ssi_tests::check_report(&root().join("reports/reference")) {
        panic!("{}", wrong.join("\n"));
    }
}

/// Beside each interval that `tests/COVERAGE.md` finds to fall short on some data stands another.
#[test]
fn better_intervals_stand_beside_those_that_can_fall_short() {
    let results = results();
    let with =
        |interval: &str, e: &&Estimate| e.interval.as_ref().is_some_and(|i| i.method == interval);
    let (fisher, rank) = ("fisher_z", "bonett_wright");
    let whole = |e: &&Estimate| e.controls.is_empty();
    let defaults = results.estimates.iter().filter(whole).filter(|e| {
        with(fisher, e) || with(rank, e) && e.test.as_ref().is_some_and(|t| t.p_holm.is_none())
    });
    let mut compared = 0;
    for e in defaults {
        let same = |other: &&Estimate| {
            with("jackknife_z", other)
                && (&other.method, &other.term, other.n_obs) == (&e.method, &e.term, e.n_obs)
        };
        let beside = results.estimates.iter().find(same);
        let beside =
            beside.unwrap_or_else(|| panic!("{} {} has a jackknife row", e.method, e.term));
        assert_eq!(beside.value, e.value);
        assert!(beside.test.is_none());
        compared += 1;
    }
    assert_eq!(compared, 8);
    let [low, high] = model(&results, "main").glance.scaled_prediction[..] else {
        panic!("two places")
    };
    assert!(low.at < high.at && low.half_width < high.half_width);
    let Some(ssi_vocab::Drawing::Scatter(drawing)) = results.drawings.get("score_ssi") else {
        panic!("a scatter plot")
    };
    let methods = (drawing.confidence_method.as_str(), drawing.prediction_method.as_str());
    assert_eq!(methods, ("hc3_bm", "scaled_jackknife"));
}
