use super::{Run, json, ssi, survey};
use serde_json::Value;
use std::fs;
use std::path::Path;

const ITEMS: [&str; 10] = [
    "photo",
    "banner",
    "headline",
    "about",
    "experience",
    "education",
    "skills",
    "recommendations",
    "url",
    "media",
];

/// A cohort of items, in which each `every`th SSI and some items are missing.
fn cohort(n: usize, every: usize) -> String {
    let mut csv = format!("respondent_id,ssi_total,item_{}\n", ITEMS.join(",item_"));
    for i in 0..n {
        let theta = (i * 7 % 21) as f64 / 20.0;
        let ssi = (20.0 + 30.0 * theta + ((i * 37) % 23) as f64) as u32;
        let ssi = if i % every == 0 { String::new() } else { ssi.to_string() };
        let item = |j: usize| match (i * 13 + j * 29) % 41 {
            0 => "NV".to_owned(),
            k => ((2.0 * (theta + k as f64 / 60.0)).min(2.0).floor() / 2.0).to_string(),
        };
        let items: Vec<String> = (0..10).map(item).collect();
        csv += &format!("P{i},{ssi},{}\n", items.join(","));
    }
    csv
}

fn study(place: &Path, file: &str, plan: &str) -> (Run, Value) {
    fs::write(place.join("plan.toml"), plan).unwrap();
    let run = ssi(place, &["study", file, "--plan", "plan.toml", "--out", "out"]);
    let results = fs::read_to_string(place.join("out/results.json")).unwrap_or_default();
    (run, serde_json::from_str(&results).unwrap_or_default())
}

const QUICK: &str = "resamples = 200\npermutations = 199\n";

fn imputed(results: &Value) -> Vec<Value> {
    let rows = results["estimates"].as_array().unwrap().iter();
    rows.filter(|e| e["model"] == "imputed").cloned().collect()
}

#[test]
fn a_study_shows_gaps_and_imputes_them_beside_the_complete_cases() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("c.csv"), cohort(150, 6)).unwrap();
    let (run, results) = study(place.path(), "c.csv", QUICK);
    assert_eq!(run.code, 0, "{}", run.err);
    let rows = imputed(&results);
    let r = rows.iter().find(|e| e["analysis"] == "correlation").unwrap();
    assert_eq!((&r["conf_method"], &r["p_method"]), (&"rubin".into(), &"rubin".into()));
    assert_eq!((&r["n_obs"], &r["n_excluded"]), (&150.into(), &0.into()));
    let slope = |vcov: &str| rows.iter().any(|e| e["term"] == "score_total" && e["vcov"] == vcov);
    assert!(slope("rubin") && slope("rubin_hc3"));
    assert!(rows.iter().any(|e| e["term"] == "r_hat"));
    let all = results["estimates"].as_array().unwrap();
    let complete = all.iter().find(|e| e["method"] == "pearson").unwrap();
    let (n, out) = (complete["n_obs"].as_u64().unwrap(), complete["n_excluded"].as_u64().unwrap());
    assert!(n < 125 && n + out == 150);
    assert!(all.iter().any(|e| e["x"] == "score_prorated" && e["n_obs"] == 125));
    let drawn = &results["drawings"]["missing"];
    for pattern in drawn["patterns"].as_array().unwrap() {
        assert!(pattern["n_obs"].as_u64().unwrap() >= 10, "{pattern}");
    }
    let visible = results["missing"].as_array().unwrap();
    let photo = visible.iter().find(|c| c["column"] == "item_photo").unwrap();
    assert_eq!(photo["n_missing"], photo["n_not_visible"]);
    // The same on any number of threads.
    let again = ["study", "c.csv", "--plan", "plan.toml", "--out", "one", "--threads", "1"];
    assert_eq!(ssi(place.path(), &again).code, 0);
    let read = |dir: &str| fs::read(place.path().join(dir).join("results.json")).unwrap();
    assert_eq!(read("out"), read("one"));
}

/// Rates are of a group of the respondents; everything else is of them all.
#[test]
fn every_row_of_a_study_accounts_for_every_respondent() {
    let place = tempfile::tempdir().unwrap();
    // The embedded cohort with a row that can't be used.
    let csv = ssi(place.path(), &["simulate", "--n", "203", "--seed", "1"]);
    assert_eq!(csv.code, 0, "{}", csv.err);
    let text = csv.out;
    let (head, rest) = text.split_once('\n').unwrap();
    let place_of = head.split(',').position(|name| name == "ssi_total").unwrap();
    let mut row: Vec<String> = rest.lines().next().unwrap().split(',').map(str::to_owned).collect();
    (row[0], row[place_of]) = ("U9999".to_owned(), "200".to_owned());
    fs::write(place.path().join("c.csv"), format!("{text}{}\n", row.join(","))).unwrap();
    let (run, results) = study(place.path(), "c.csv", QUICK);
    assert_eq!(run.code, 0, "{}", run.err);
    let of_all =
        ["correlation", "regression", "reliability", "agreement", "necessity", "comparison"];
    let mut seen = std::collections::BTreeSet::new();
    for e in results["estimates"].as_array().unwrap() {
        let analysis = e["analysis"].as_str().unwrap();
        if of_all.contains(&analysis) {
            let sum = e["n_obs"].as_u64().unwrap() + e["n_excluded"].as_u64().unwrap();
            assert_eq!(sum, 204, "{e}");
            seen.insert(analysis);
        }
    }
    assert_eq!(seen.len(), of_all.len(), "{seen:?}");
}

#[test]
fn a_plan_switches_imputation_off_and_one_imputation_is_refused() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("c.csv"), cohort(80, 6)).unwrap();
    let (run, results) = study(place.path(), "c.csv", &format!("{QUICK}[imputation]\nm = 0\n"));
    assert_eq!((run.code, imputed(&results).len()), (0, 0), "{}", run.err);
    let (run, _) = study(place.path(), "c.csv", &format!("{QUICK}[imputation]\nm = 1\n"));
    assert!(run.code == 2 && run.err.contains("a single imputation"), "{} {}", run.code, run.err);
    let ja = ["study", "c.csv", "--plan", "plan.toml", "--lang", "ja"];
    assert!(ssi(place.path(), &ja).err.contains("1回だけの代入"));
    let plan = ssi(place.path(), &["study", "--write-plan"]).out;
    assert!(plan.contains("[imputation]\nm = 20\n"), "{plan}");
}

#[test]
fn without_gaps_there_is_no_figure_and_with_too_many_a_reason() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("whole.csv"), survey(40)).unwrap();
    let (run, results) = study(place.path(), "whole.csv", QUICK);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(results["drawings"].get("missing").is_none() && imputed(&results).is_empty());
    let page = fs::read_to_string(place.path().join("out/report.en.md")).unwrap();
    assert!(page.contains("No value is missing in the columns that the study uses."));
    fs::remove_dir_all(place.path().join("out")).unwrap();
    // Ten items and eleven respondents: an equation needs more.
    fs::write(place.path().join("few.csv"), cohort(11, 9)).unwrap();
    let (run, results) = study(place.path(), "few.csv", QUICK);
    assert_eq!(run.code, 0, "{}", run.err);
    let warned = results["warnings"].as_array().unwrap().iter();
    let left: Vec<&Value> = warned.filter(|w| w["analysis"] == "imputation").collect();
    assert_eq!(left.len(), 1, "{}", results["warnings"]);
    assert_eq!(left[0]["why"], "too_few");
}

#[test]
fn describe_lists_what_is_missing_together() {
    let place = tempfile::tempdir().unwrap();
    let csv = "a,b,word\n1,2,x\n,2,y\n,3,\n4,,x\n5,1,x\n";
    fs::write(place.path().join("t.csv"), csv).unwrap();
    let run = ssi(place.path(), &["describe", "t.csv", "--missing"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for line in ["2  nothing missing", "1  a, word", "1  a\n", "1  b\n"] {
        assert!(run.out.contains(line), "{line}: {}", run.out);
    }
    let results =
        json(&ssi(place.path(), &["describe", "t.csv", "a", "b", "--missing", "--format", "json"]));
    assert_eq!(results["missing"][0]["n_missing"], 2);
    assert_eq!(results["drawings"]["missing"]["patterns"][0]["n_obs"], 2);
    let without = json(&ssi(place.path(), &["describe", "t.csv", "--format", "json"]));
    assert!(without.get("missing").is_none());
    let wrong = ssi(place.path(), &["describe", "t.csv", "c", "--missing"]);
    assert_eq!(wrong.code, 2, "{}", wrong.err);
}

#[test]
fn totals_are_imputed_where_the_columns_of_the_items_are_empty() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = format!("ssi_total,score_total,item_{}\n", ITEMS.join(",item_"));
    for i in 0..90 {
        let ssi = if i % 9 == 0 { String::new() } else { (20 + i * 37 % 50).to_string() };
        csv += &format!("{ssi},{}{}\n", f64::from(i * 8 % 21) / 2.0, ",".repeat(10));
    }
    fs::write(place.path().join("c.csv"), csv).unwrap();
    let args = ["study", "c.csv", "--out", "r", "--resamples", "200", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    let imputed = results["estimates"].as_array().unwrap().iter().find(|e| e["model"] == "imputed");
    assert_eq!(imputed.unwrap()["n_obs"], 90, "{:?}", results["warnings"]);
}
