//! `ssi rates`: typed rates, rates of a table, and what it refuses.

use super::{json, ssi};
use std::fs;

const CSV: &str = "\
invited,region,reply
0,JP,いいえ
0,JP,いいえ
1,EU,はい
0,EU,いいえ
1,EU,はい
,EU,はい
0,,いいえ
";

fn run(args: &[&str]) -> super::Run {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), CSV).unwrap();
    let mut all = vec!["rates"];
    all.extend(args);
    ssi(place.path(), &all)
}

#[test]
fn the_article_s_rates_and_how_they_differ() {
    let found = json(&run(&["0/100", "10/100", "--format", "json"]));
    let rows = found["estimates"].as_array().unwrap();
    let row = |method: &str| rows.iter().find(|row| row["method"] == method).unwrap();
    let near = |value: &serde_json::Value, wanted: f64| {
        let value = value.as_f64().unwrap();
        assert!((value - wanted).abs() < 5e-5, "{value} is not {wanted}");
    };
    near(&row("wilson")["conf_high"], 0.0370);
    near(&row("clopper_pearson")["conf_high"], 0.0362);
    near(&row("rule_of_three")["conf_high"], 0.03);
    near(&row("fisher")["p_value"], 0.001_55);
    near(&row("newcombe")["estimate"], -0.1);
    assert_eq!(row("boschloo")["analysis"], "rate_test");
    assert_eq!(row("koopman")["analysis"], "risk_ratio");
}

#[test]
fn a_table_gives_a_rate_for_each_group_and_lists_what_it_lacks() {
    let found =
        json(&run(&["t.csv", "--event", "invited", "--group", "region", "--format", "json"]));
    let rows = found["estimates"].as_array().unwrap();
    let terms: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row["method"] == "wilson")
        .map(|row| (row["group"].as_str().unwrap(), row["term"].as_str().unwrap()))
        .collect();
    assert_eq!(terms, [("region = EU", "2/3"), ("region = JP", "0/2")]);
    assert_eq!(found["excluded"].as_array().unwrap().len(), 2);
    let yes = json(&run(&["t.csv", "--event", "reply=はい", "--format", "json"]));
    assert_eq!(yes["estimates"][0]["term"], "3/7");
}

#[test]
fn what_is_no_rate_says_what_to_write() {
    for (args, code, words) in [
        (&["ten"][..], 2, "10/100"),
        (&["3/2"], 2, "no rate"),
        (&["0/0"], 2, "no rate"),
        (&["t.csv", "--event", "region"], 2, "--event 'region=VALUE'"),
        (&["t.csv", "--event", "invted"], 2, "invited"),
        (&["t.csv", "t.csv", "--event", "invited"], 2, "one table"),
    ] {
        let run = run(args);
        assert_eq!(run.code, code, "{args:?}: {}", run.err);
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
}
