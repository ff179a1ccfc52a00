//! `ssi items` and `ssi raters`: what they find in the reference cohort, and what they refuse.

use super::{json, ssi};
use std::fs;

const REFERENCE: &str = include_str!("../../datasets/reference/data.csv");
const RUBRIC: &str = include_str!("../../crates/study/rubric/generic-10-v1.toml");

fn run(csv: &str, args: &[&str]) -> super::Run {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), csv).unwrap();
    fs::write(place.path().join("own.toml"), RUBRIC).unwrap();
    fs::write(place.path().join("twice.toml"), RUBRIC.replace("item_banner", "item_photo"))
        .unwrap();
    ssi(place.path(), args)
}

fn rows(found: &super::Run) -> Vec<serde_json::Value> {
    json(found)["estimates"].as_array().unwrap().clone()
}

#[test]
fn raters_of_the_reference_cohort_agree() {
    let args = ["raters", "t.csv", "--format", "json", "--resamples", "100"];
    let rows = rows(&run(REFERENCE, &args));
    let of = |method: &str, x: &str| -> Vec<serde_json::Value> {
        let own = rows.iter().filter(|row| row["method"] == method && row["x"] == x);
        own.cloned().collect()
    };
    // R's lme4 on the sixty who were scored twice: tests/oracles/agreement.r.json.
    let single = &of("icc_2_1", "score_total")[0];
    assert!((single["estimate"].as_f64().unwrap() - 0.968_645).abs() < 1e-5, "{single}");
    assert_eq!((single["n_obs"].as_u64(), single["n_excluded"].as_u64()), (Some(60), Some(139)));
    assert_eq!(single["analysis"], "agreement");
    assert_eq!(single["conf_method"], "profile");
    assert_eq!(of("severity", "score_total").len(), 4);
    assert_eq!(of("bland_altman", "score_total").len(), 9);
    assert_eq!(of("kappa", "item_photo").len(), 3);
    assert_eq!(of("gwet_ac1", "item_url").len(), 1);
}

#[test]
fn items_of_the_reference_cohort_measure_one_thing() {
    let args = ["items", "t.csv", "--format", "json", "--resamples", "100"];
    let found = rows(&run(REFERENCE, &args));
    let one = |method: &str, term: &str| {
        found.iter().find(|row| row["method"] == method && row["term"] == term).unwrap().clone()
    };
    let alpha = one("alpha", "items");
    assert!((alpha["estimate"].as_f64().unwrap() - 0.772).abs() < 5e-4, "{alpha}");
    assert_eq!(one("components", "items")["estimate"].as_f64(), Some(1.0));
    assert!(one("grm", "b1(item_url)")["std_error"].as_f64().unwrap() > 0.0);
    assert_eq!(one("lmg", "lmg(item_photo)")["x"], "item_photo");
    let by_rubric = run(REFERENCE, &[&args[..], &["--rubric", "own.toml"]].concat());
    assert_eq!(rows(&by_rubric), found);
}

#[test]
fn what_says_nothing_is_named() {
    let one = "respondent_id,rater_id,item_photo\na,R1,1\nb,R1,0\n";
    let apart = "respondent_id,rater_id,item_photo\na,R1,1\nb,R2,0\n";
    let same =
        "respondent_id,rater_id,item_photo,item_url\na,R1,1,NV\na,R2,1,1\nb,R1,1,0\nb,R2,1,0\n";
    for (csv, args, code, said) in [
        (one, &["raters", "t.csv"][..], 1, "all ratings are by one rater (`R1`)"),
        (one, &["raters", "t.csv", "--lang", "ja"], 1, "評定者が1人（`R1`）だけ"),
        (apart, &["raters", "t.csv"], 1, "no respondent was scored by two of the 2 raters"),
        ("id,a\n1,2\n", &["raters", "t.csv"], 2, "no column named `rater_id`"),
        (one, &["items", "t.csv"], 1, "two items or more that vary, and found 1"),
        (one, &["items", "t.csv", "--rubric", "twice.toml"], 2, "items 1 and 2 name the same"),
        (one, &["raters", "t.csv", "--resamples", "5"], 2, "--resamples"),
    ] {
        let found = run(csv, args);
        assert_eq!(found.code, code, "{args:?}: {}", found.err);
        assert!(found.err.contains(said), "{args:?}: {}", found.err);
    }
    let found = run(same, &["raters", "t.csv", "--format", "json", "--resamples", "100"]);
    let results = json(&found);
    assert_eq!(results["excluded"][0]["reason"], "not_visible");
    assert_eq!(results["warnings"][0]["analysis"], "item_url");
    for row in results["estimates"].as_array().unwrap() {
        assert_eq!(
            (row["x"].as_str(), row["note"].as_str()),
            (Some("item_photo"), Some("constant_column"))
        );
        assert!(row["estimate"].is_null());
    }
}
