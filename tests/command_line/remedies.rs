//! What goes wrong is said with the file, what was found, and the remedy that fits.

use super::{command, ssi};
use std::fs;
use std::path::Path;

/// Two raters for each of the first five respondents, and a capped count.
const TWICE: &str = "respondent_id,rater_id,x,y,contacts
a,1,1,2,120
a,2,2,3,120
b,1,3,3,500+
b,2,3,4,500+
c,1,4,2,80
c,2,5,4,80
d,1,5,7,500+
e,1,6,6,310
f,1,8,7,260
";

fn told(place: &Path, args: &[&str], code: i32, words: &[&str]) {
    let run = ssi(place, args);
    assert_eq!(run.code, code, "{args:?}: {}", run.err);
    for word in words {
        assert!(run.err.contains(word), "`{word}` in {args:?}: {}", run.err);
    }
}

#[test]
fn fewer_rows_than_coefficients_are_no_missing_answers() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), "x,y\n1,2\n2,3\n").unwrap();
    for model in ["ols", "theil_sen", "huber", "quantile"] {
        let args = ["fit", "t.csv", "y ~ x", "--model", model];
        told(place.path(), &args, 1, &["t.csv: ", "more respondents than coefficients", "found 2"]);
        let run = ssi(place.path(), &args);
        assert!(!run.err.contains("missing answers"), "{}", run.err);
        assert_eq!(run.err.contains("least squares"), model == "ols", "{}", run.err);
    }
    let args = ["fit", "t.csv", "y ~ x", "--lang", "ja"];
    told(place.path(), &args, 1, &["t.csv：", "係数の数より多い回答者", "式の項を減らす"]);
}

#[test]
fn a_condition_that_leaves_too_few_rows_is_the_reason_given() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), TWICE).unwrap();
    for args in [
        &["describe", "t.csv", "x", "--where", "x > 99"][..],
        &["cor", "t.csv", "-x", "x", "-y", "y", "--where", "x > 99"],
        &["fit", "t.csv", "y ~ x", "--by", "rater_id", "--where", "x > 99"],
    ] {
        told(place.path(), args, 1, &["t.csv: ", "'x > 99' holds for none of its 9 rows"]);
    }
    fs::write(place.path().join("s.csv"), super::survey(30)).unwrap();
    let none = ["study", "s.csv", "--where", "ssi_total > 99"];
    told(place.path(), &none, 1, &["s.csv: ", "holds for none of its 30 rows"]);
    let few = ["study", "s.csv", "--where", "ssi_total < 24"];
    told(place.path(), &few, 1, &["s.csv: ", "at least 4", "of 30 rows"]);
    let few = ["cor", "t.csv", "-x", "x", "-y", "y", "--where", "x > 5"];
    told(place.path(), &few, 1, &["t.csv: ", "found 2", "keeps 2 of 9 rows"]);
    let few = ["cor", "t.csv", "-x", "x", "-y", "y", "--where", "x > 5", "--lang", "ja"];
    told(place.path(), &few, 1, &["t.csv：", "9行中2行", "条件を緩めて"]);
}

#[test]
fn a_refusal_names_columns_as_the_file_does() {
    let place = tempfile::tempdir().unwrap();
    let items = "写真,背景,ヘッドライン,自己紹介,職歴,学歴,スキル,推薦,カスタムURL,メディア";
    let file = |rows: &str| {
        let text = format!("回答者ID,SSIスコア,{items}\n{rows}");
        fs::write(place.path().join("s.csv"), text).unwrap();
    };
    file("A,53,5,4,3,5,4,4,3,2,1,5\nB,31,2,1,3,2,2,1,3,2,1,1\n");
    let five = ["study", "s.csv"];
    told(place.path(), &five, 3, &["the columns `写真` (item_photo), `背景` (item_banner), "]);
    told(place.path(), &five, 3, &["`メディア` (item_media) have whole numbers from 1 upward"]);
    let ja = ["study", "s.csv", "--lang", "ja"];
    told(place.path(), &ja, 3, &["列「写真」（item_photo）、「背景」（item_banner）", "5段階評価"]);
    file("A,0.53,1,1,0,1,1,1,0,0,0,0\nB,0.31,1,1,0,1,1,1,0,0,0,0\n");
    told(place.path(), &five, 3, &["column `SSIスコア` (ssi_total) has no value above 1"]);
    told(place.path(), &ja, 3, &["列「SSIスコア」（ssi_total）には1以下の値しかありません"]);
    file("A,53,○,○,○,○,○,○,○,○,○,○\n");
    let words = "row 2, column `写真` (item_photo), `○`: text in a number column;";
    told(place.path(), &five, 3, &[words]);
    told(place.path(), &ja, 3, &["2行目、列「写真」（item_photo）、`○`：数値の列に文字列"]);
    // A canonical header needs no second name.
    fs::write(place.path().join("s.csv"), "ssi_total,score_total\n0.5,3\n0.6,4\n").unwrap();
    told(place.path(), &five, 3, &["column `ssi_total` has no value above 1"]);
}

#[test]
fn an_unknown_column_is_told_with_its_file() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), TWICE).unwrap();
    for args in [
        &["describe", "t.csv", "xx"][..],
        &["describe", "t.csv", "--by", "xx"],
        &["describe", "t.csv", "--where", "xx > 1"],
        &["cor", "t.csv", "-x", "xx", "-y", "y"],
        &["cor", "t.csv", "-x", "x", "-y", "y", "--partial", "xx"],
        &["fit", "t.csv", "y ~ xx"],
        &["groups", "t.csv", "y ~ xx"],
        &["rates", "t.csv", "--event", "xx"],
    ] {
        told(place.path(), args, 2, &["ssi: t.csv: no column named `xx`"]);
    }
}

#[test]
fn rows_of_the_same_respondent_are_pointed_out_unless_clustered() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), TWICE).unwrap();
    let warned = "3 of 6 respondents in `respondent_id` stand in more than one row";
    for args in [
        &["describe", "t.csv", "x"][..],
        &["cor", "t.csv", "-x", "x", "-y", "y"],
        &["fit", "t.csv", "y ~ x"],
        &["groups", "t.csv", "y ~ rater_id"],
    ] {
        let alone = args[0] == "groups";
        told(place.path(), args, 0, &[warned, "ssi study", "--se cluster:respondent_id"]);
        // Within a rater nobody stands twice.
        if !alone {
            let by = [args, &["--by", "rater_id", "--where", "x < 6"]].concat();
            let run = ssi(place.path(), &by);
            assert!(!run.err.contains("more than one row"), "{by:?}: {}", run.err);
        }
    }
    for args in [
        &["fit", "t.csv", "y ~ x", "--se", "cluster:respondent_id"][..],
        &["cor", "t.csv", "-x", "x", "-y", "y", "--cluster", "respondent_id", "--interval", "bca"],
    ] {
        let run = ssi(place.path(), args);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(!run.err.contains("more than one row"), "{args:?}: {}", run.err);
    }
}

#[test]
fn an_infinite_cell_is_an_infinite_number() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), "x,y\n1,2\n2,inf\n3,1e999\n4,4\n5,word\n6,5\n").unwrap();
    let run = ssi(place.path(), &["describe", "t.csv", "y", "--format", "json"]);
    let results: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let reasons: Vec<_> =
        results["excluded"].as_array().unwrap().iter().map(|e| e["reason"].clone()).collect();
    assert_eq!(reasons, ["not_finite", "not_finite", "not_a_number"]);
}

#[test]
fn a_capped_outcome_is_sent_to_the_model_for_it() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), TWICE).unwrap();
    for model in ["ols", "huber", "spline"] {
        let args = ["fit", "t.csv", "contacts ~ x", "--model", model];
        told(place.path(), &args, 2, &["t.csv: ", "`contacts`", "--model tobit"]);
    }
}

#[test]
fn an_option_without_use_is_refused_under_the_model_that_was_asked_for() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), TWICE).unwrap();
    let spline = ["fit", "t.csv", "y ~ x", "--model", "spline", "--interval", "conformal_split"];
    told(place.path(), &spline, 2, &["model spline"]);
    for model in ["ols", "huber", "quantile", "spline", "segmented", "ridge"] {
        // An option of every command is never in the way.
        let args = ["fit", "t.csv", "y ~ x", "--model", model, "--resamples", "200"];
        assert!(!ssi(place.path(), &args).err.contains("--resamples"), "{model}");
    }
    let against = ["fit", "t.csv", "y ~ x", "--against", "y ~ 1", "--se", "hc3", "--lang", "ja"];
    told(place.path(), &against, 2, &["2つのモデルを比較できません", "--se を外す"]);
}

#[test]
fn one_event_is_told_in_the_singular() {
    let place = tempfile::tempdir().unwrap();
    let rows: String = (0..30).map(|i| format!("{},{}\n", u8::from(i == 11), i % 7)).collect();
    fs::write(place.path().join("t.csv"), format!("hit,x\n{rows}")).unwrap();
    let output =
        command(place.path(), &["fit", "t.csv", "hit ~ x", "--model", "logistic"]).output();
    let err = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(err.contains("Only 1 event for 1 predictor,"), "{err}");
}
