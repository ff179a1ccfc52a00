//! `ssi predict`: people whose SSI can't be seen, by the model of a study.

use super::{Run, json, ssi, survey};
use serde_json::Value;
use std::fs;
use std::path::Path;

const ITEMS: &str = "respondent_id,item_photo,item_banner,item_headline,item_about,item_experience,\
item_education,item_skills,item_recommendations,item_url,item_media\n";

/// A folder with the model of a study of 60 respondents, whose scores run from 1 to 9.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let cohort: String = survey(80)
        .lines()
        .filter(|line| match line.split(',').nth(1).and_then(|score| score.parse::<f64>().ok()) {
            Some(score) => (1.0..=9.0).contains(&score),
            None => true,
        })
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(place.path().join("cohort.csv"), cohort).unwrap();
    let args = ["study", "cohort.csv", "--out", "report", "--resamples", "100"];
    let run = ssi(place.path(), &args);
    assert_eq!(run.code, 0, "{}", run.err);
    place
}

fn predict(place: &Path, people: &str, more: &[&str]) -> Run {
    fs::write(place.join("people.csv"), people).unwrap();
    let mut args = vec!["predict", "people.csv", "--model", "report/model.json"];
    args.extend(more);
    ssi(place, &args)
}

/// The same with the model changed.
fn changed(place: &Path, people: &str, change: impl Fn(&mut Value)) -> Run {
    let path = place.join("report/model.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut model: Value = serde_json::from_str(&text).unwrap();
    change(&mut model);
    fs::write(&path, model.to_string()).unwrap();
    let run = predict(place, people, &[]);
    fs::write(&path, text).unwrap();
    run
}

#[test]
fn people_are_scored_row_by_row_and_nobody_is_dropped() {
    let place = place();
    let people = format!(
        "{ITEMS}A,1,0.5,1,0.5,0,1,0,0,1,0\nB,1,NV,1,1,1,1,1,1,1,1\nC,,1,1,1,1,1,1,1,1,1\n\
         D,0,0,0,0,0,0,0,0,0,0\nE,7,1,1,1,1,1,1,1,1,1\n"
    );
    let run = predict(place.path(), &people, &["--format", "json", "--out", "out.csv"]);
    assert!(!run.out.contains("NaN"), "{}", run.out);
    assert!(!run.out.contains("\"A\""), "an identifier leaves nothing behind");
    let found = json(&run);
    let scored = found["scored"].as_array().unwrap();
    let rows: Vec<u64> = scored.iter().map(|one| one["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [2, 3, 4, 5]);
    assert_eq!(scored[0]["score"], 5.0);
    assert_eq!(scored[0]["extrapolation"], false);
    for key in ["predicted", "pred_low", "pred_high", "scaled_low", "scaled_high"] {
        let value = scored[0][key].as_f64().unwrap();
        assert!((0.0..=100.0).contains(&value), "{key}: {value}");
        assert!(scored[1][key].is_null());
    }
    assert_eq!(scored[1]["note"], "not_scored");
    assert_eq!(scored[2]["note"], "not_scored");
    assert_eq!(scored[3]["extrapolation"], true);
    assert_eq!(found["excluded"][0]["row"], 6);
    let mean = &found["estimates"][0];
    assert_eq!(
        (mean["analysis"].as_str(), mean["method"].as_str()),
        (Some("prediction"), Some("transport"))
    );
    assert_eq!((mean["n_obs"].as_u64(), mean["n_excluded"].as_u64()), (Some(2), Some(3)));
    let middle = |one: &Value| one["predicted"].as_f64().unwrap();
    let expected = (middle(&scored[0]) + middle(&scored[3])) / 2.0;
    assert!((mean["estimate"].as_f64().unwrap() - expected).abs() < 1e-9);
    assert!(run.err.contains("regression transport"), "{}", run.err);
    let csv = fs::read_to_string(place.path().join("out.csv")).unwrap();
    assert!(csv.starts_with("row,score,predicted,pred_low,"), "{csv}");
    assert_eq!(csv.lines().count(), 5);
}

#[test]
fn a_subsample_with_ssi_gives_the_two_phase_mean_beside() {
    let place = place();
    let people: String = (0..40)
        .map(|i| {
            let known = if i % 4 == 0 { (30 + i % 7).to_string() } else { String::new() };
            format!("{},{known}\n", 2 + i % 6)
        })
        .collect();
    let people = format!("score_total,ssi_total\n{people}");
    let found = json(&predict(place.path(), &people, &["--two-phase", "--format", "json"]));
    let row = &found["estimates"][1];
    assert_eq!(row["method"], "two_phase");
    assert_eq!(row["term"], "mean(known=10)");
    // The subsample's SSI lies near 33, wherever the model's line may lie.
    let value = row["estimate"].as_f64().unwrap();
    assert!((28.0..38.0).contains(&value), "{value}");
    assert!(row["conf_low"].as_f64().unwrap() < value);
    let without = predict(place.path(), "score_total\n3\n4\n", &["--two-phase"]);
    assert_eq!(without.code, 2);
    assert!(without.err.contains("--two-phase needs `ssi_total`"), "{}", without.err);
}

#[test]
fn raters_are_averaged_and_japanese_headers_are_known() {
    let place = place();
    let people = "回答者ID,合計点\nい,4\nい,6\nろ,3.5\n";
    let run = predict(
        place.path(),
        &people
            .replace("回答者ID,合計点", "回答者ID,rater_id,合計点")
            .replace("い,4", "い,a,4")
            .replace("い,6", "い,b,6")
            .replace("ろ,3.5", "ろ,a,3.5"),
        &["--format", "json", "--lang", "ja"],
    );
    let found = json(&run);
    let scores: Vec<f64> = found["scored"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["score"].as_f64().unwrap())
        .collect();
    assert_eq!(scores, [5.0, 3.5]);
    assert!(run.err.contains("移送推定"), "{}", run.err);
    let table = predict(place.path(), people, &["--lang", "ja"]);
    assert!(table.out.contains("集団の平均 SSI"), "{}", table.out);
}

#[test]
fn another_rubric_is_refused() {
    let place = place();
    let people = "score_total\n3\n4\n";
    for (version, code) in [("generic-10 v1", 0), ("1", 0), ("v1", 0), ("2", 3), ("other-10 v1", 3)]
    {
        let run = predict(place.path(), people, &["--rubric-version", version]);
        assert_eq!(run.code, code, "{version}: {}", run.err);
        assert_eq!(run.err.contains("scored by the rubric"), code == 3, "{}", run.err);
    }
    let package = place.path().join("package.json");
    for (rubric, code) in [("\"generic-10 v1\"", 0), ("\"generic-10 v2\"", 3), ("7", 2)] {
        let text = format!("{{\"rubric\": {rubric}, \"fields\": [{{\"name\": \"score_total\"}}]}}");
        fs::write(&package, text).unwrap();
        let run = predict(place.path(), people, &["--codebook", "package.json"]);
        assert_eq!(run.code, code, "{rubric}: {}", run.err);
    }
}

#[test]
fn a_broken_model_is_named_and_never_used() {
    let place = place();
    let people = "score_total\n3\n4\n";
    type Change = fn(&mut Value);
    let broken: [(Change, &str); 9] = [
        (|m| m["schema"] = "ssi-study/model/9".into(), "is of the schema `ssi-study/model/9`"),
        (|m| m["coefficients"] = serde_json::json!([1.0]), "wrong lengths"),
        (|m| m["sigma"] = (-1.0).into(), "can't belong together"),
        (|m| m["predictor_sxx"] = 0.0.into(), "can't belong together"),
        (|m| m["df_residual"] = 3.into(), "can't belong together"),
        (|m| m["training_range"]["score_total"] = serde_json::json!([9.0, 1.0]), "can't belong"),
        (|m| m["conformal"]["quantiles"] = serde_json::json!(vec![1.0; 2_000]), "wrong lengths"),
        (|m| m["predictor"] = "years".into(), "can't score"),
        (
            |m| {
                m.as_object_mut().unwrap().remove("predictor_mean");
            },
            "`predictor_mean` is missing",
        ),
    ];
    for (change, words) in broken {
        let run = changed(place.path(), people, change);
        assert_eq!(run.code, 1, "{words}: {}", run.err);
        assert!(run.err.contains(words) && run.err.contains("model.json"), "{words}: {}", run.err);
    }
    for text in ["", "{", "[]", "\u{0}\u{1}", "{\"schema\": 1e999}"] {
        fs::write(place.path().join("m.json"), text).unwrap();
        let args = ["predict", "people.csv", "--model", "m.json", "--lang", "ja"];
        let run = ssi(place.path(), &args);
        assert_eq!(run.code, 1, "{text}: {}", run.err);
        assert!(run.err.contains("m.json："), "{text}: {}", run.err);
    }
    fs::write(place.path().join("m.json"), vec![b' '; 2 << 20]).unwrap();
    let run = ssi(place.path(), &["predict", "people.csv", "--model", "m.json"]);
    assert!(run.err.contains("larger than any model"), "{}", run.err);
    let run = ssi(place.path(), &["predict", "people.csv", "--model", "absent.json"]);
    assert_eq!(run.code, 1, "{}", run.err);
}

#[test]
fn what_are_no_people_is_refused() {
    let place = place();
    for (people, code, words) in [
        ("", 3, "empty"),
        ("score_total\n", 3, "people.csv"),
        ("region\nJP\n", 3, "score_total (or all ten items)"),
        ("name,score_total\nX,3\n", 3, "names"),
        ("respondent_id,wave,score_total\nA,pre,3\nA,post,5\n", 2, "several waves"),
    ] {
        let run = predict(place.path(), people, &[]);
        assert_eq!(run.code, code, "{people}: {}", run.err);
        assert!(run.err.contains(words), "{people}: {}", run.err);
    }
    let nobody = predict(place.path(), "score_total\n3\n", &["--where", "score_total > 9"]);
    assert_eq!(nobody.code, 1, "{}", nobody.err);
    let unscored = predict(place.path(), "score_total,region\n,JP\n", &["--format", "json"]);
    let found = json(&unscored);
    assert_eq!(found["scored"][0]["note"], "not_scored");
    assert_eq!(found["estimates"][0]["note"], "too_few");
}
