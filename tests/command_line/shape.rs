use super::{json, names, ssi};
use std::fs;

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("respondent_id,score_total,ssi_total\n");
    for i in 0..120 {
        let score = f64::from(i * 8 % 21) / 2.0;
        csv += &format!("P{i},{score},{}\n", 20.0 + 3.0 * score + f64::from((i * 37) % 23));
    }
    fs::write(place.path().join("s.csv"), csv).unwrap();
    place
}

const LINE: &str = "ssi_total ~ score_total";

#[test]
fn a_spline_says_its_coefficients_its_test_and_its_curve() {
    let place = place();
    let run = ssi(place.path(), &["fit", "s.csv", LINE, "--model", "spline", "--format", "json"]);
    let results = json(&run);
    let rows = results["estimates"].as_array().unwrap();
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[1]["term"], "ns(score_total, 4)1");
    assert!(rows.iter().all(|row| row["method"] == "spline"));
    assert_eq!(results["glance"]["checks"][0]["name"], "nonlinearity");
    assert_eq!(results["glance"]["checks"][1]["name"], "nonlinearity_hc3");
    let slope = &results["measures"][0];
    assert_eq!((&slope["term"], &slope["method"]), (&"ame(score_total)".into(), &"spline".into()));
    let curve = results["predictions"].as_array().unwrap();
    assert_eq!(curve.len(), 11);
    assert_eq!(curve[0]["term"], "score_total = 0");
    for lang in ["en", "ja"] {
        let run = ssi(place.path(), &["fit", "s.csv", LINE, "--model", "spline", "--lang", lang]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(!run.out.contains("nonlinearity") && !run.out.contains("mean_t"), "{}", run.out);
    }
}

#[test]
fn steps_and_breakpoints_have_rows() {
    let place = place();
    let run = ssi(place.path(), &["fit", "s.csv", LINE, "--model", "isotonic", "--format", "json"]);
    let results = json(&run);
    assert!(results["estimates"].as_array().unwrap().len() > 2);
    assert_eq!(results["glance"]["checks"][0]["name"], "trend");
    let args =
        ["fit", "s.csv", LINE, "--model", "segmented", "--at", "score_total=9", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    let measures = results["measures"].as_array().unwrap();
    let terms: Vec<&str> = measures.iter().map(|m| m["term"].as_str().unwrap()).collect();
    assert_eq!(terms, ["breakpoint", "breakpoint", "slope_before", "slope_after"]);
    assert_eq!(measures[0]["conf_method"], "f_inversion");
    assert_eq!(results["predictions"][0]["conf_method"], "mean_t");
    for model in ["isotonic", "segmented"] {
        let out = format!("{model}.csv");
        let args = ["fit", "s.csv", LINE, "--model", model, "--augment", &out, "--lang", "ja"];
        let run = ssi(place.path(), &args);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(names(place.path()).contains(&out));
    }
}

#[test]
fn predictions_name_what_is_held_and_are_cut_off_at_100() {
    let place = place();
    let args = [
        "fit",
        "s.csv",
        LINE,
        "--at",
        "score_total=7",
        "--at",
        "score_total=40",
        "--interval",
        "jackknife_plus,conformal_scaled",
        "--format",
        "json",
    ];
    let run = ssi(place.path(), &args);
    let results = json(&run);
    let rows = results["predictions"].as_array().unwrap();
    let methods: Vec<&str> = rows.iter().map(|r| r["conf_method"].as_str().unwrap()).collect();
    let each = ["mean_t", "prediction_t", "jackknife_plus", "conformal_scaled"];
    assert_eq!(methods, [each, each].concat());
    assert!(rows[..4].iter().all(|row| row["analysis"] == "prediction"));
    assert_eq!(rows[4]["note"], "clipped");
    assert!(rows[5]["conf_high"].as_f64().unwrap() <= 100.0);
    assert_eq!(results["warnings"][0]["code"], "extrapolation");
    assert!(run.err.contains("outside the data"), "{}", run.err);
}

#[test]
fn cross_validation_compares_two_models() {
    let place = place();
    let args = [
        "fit",
        "s.csv",
        LINE,
        "--cross-validate",
        "--against",
        "ssi_total ~ ns(score_total, 3)",
        "--format",
        "json",
    ];
    let results = json(&ssi(place.path(), &args));
    let terms: Vec<&str> = results["measures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["term"].as_str().unwrap())
        .collect();
    assert_eq!(terms, ["cv_r_squared", "cv_rmse", "cv_mae", "cv_rmse_difference"]);
    let again = json(&ssi(place.path(), &args));
    assert_eq!(results["measures"], again["measures"]);
}

#[test]
fn wrong_usage_is_told_in_both_languages() {
    let place = place();
    let wrong: [(&[&str], &str); 9] = [
        (&["--at", "score_totl=7"], "score_total"),
        (&["--at", "respondent_id=7"], "respondent_id"),
        (&["--at", "score_total=seven"], "seven"),
        (&["--at", "score_total"], "score_total"),
        (&["--interval", "jackknife_plus"], "--at"),
        (&["--at", "score_total=7", "--interval", "jackknife"], "jackknife_plus"),
        (&["--model", "segmented", "--cross-validate"], "--cross-validate"),
        (&["--model", "isotonic", "--se", "hc3"], "--se"),
        (&["--model", "spline", "--tau", "0.5"], "--tau"),
    ];
    for (options, found) in wrong {
        for lang in ["en", "ja"] {
            let args = [&["fit", "s.csv", LINE, "--lang", lang], options].concat();
            let run = ssi(place.path(), &args);
            assert_eq!(run.code, 2, "{options:?}: {}", run.err);
            assert!(run.err.contains(found), "{options:?}: {}", run.err);
        }
    }
}
