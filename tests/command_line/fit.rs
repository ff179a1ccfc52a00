//! `ssi fit` beyond the coefficients: weights, clusters, tests of terms, and what it refuses.

use super::{json, ssi};
use std::fs;

const CSV: &str = "\
y,x,k,g,w,bad,flat,name
3.1,1,0,a,1,1,5,p
4.0,2,1,a,2,1,5,q
5.2,3,0,a,3,-1,5,r
4.4,4,1,b,1,1,5,s
6.9,5,0,b,2,1,5,t
7.7,6,1,b,,1,5,u
6.1,7,0,c,1,1,5,v
9.0,8,1,c,2,1,5,w
8.2,9,0,c,3,1,5,x
10.4,10,1,d,1,1,5,y
9.9,11,0,d,2,1,5,z
12.5,12,1,d,3,1,5,o
";

fn run(args: &[&str]) -> super::Run {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), CSV).unwrap();
    let mut all = vec!["fit", "t.csv"];
    all.extend(args);
    ssi(place.path(), &all)
}

#[test]
fn every_question_has_its_key() {
    let args = [
        "y ~ x + C(g)",
        "--anova",
        "3",
        "--against",
        "y ~ x",
        "--standardised",
        "--diagnostics",
        "--format",
        "json",
    ];
    let found = json(&run(&args));
    let terms = |key: &str| -> Vec<String> {
        let rows = found[key].as_array().unwrap();
        rows.iter().map(|r| r["term"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(terms("anova"), ["(Intercept)", "x", "g", "Residuals"]);
    assert_eq!(terms("estimates"), ["(Intercept)", "x", "gb", "gc", "gd"]);
    assert_eq!(terms("standardised"), ["x", "gb", "gc", "gd"]);
    assert_eq!(terms("vif"), ["x", "g"]);
    assert_eq!(
        (&found["comparison"][0]["df"], found["comparison"][0]["n_obs"].as_u64()),
        (&3.0.into(), Some(12))
    );
    let checks = found["glance"]["checks"].as_array().unwrap();
    for name in ["white", "reset", "shapiro_wilk", "anderson_darling", "breusch_pagan_original"] {
        let check = checks.iter().find(|c| c["name"] == name).unwrap();
        assert!(check["p_value"].as_f64().is_some(), "{name}");
    }
    assert!(found["glance"]["press"].as_f64().unwrap() > 0.0);
}

#[test]
fn without_a_question_there_is_no_key() {
    let found = json(&run(&["y ~ x", "--format", "json"]));
    for key in ["anova", "comparison", "standardised", "vif"] {
        assert!(found.get(key).is_none(), "{key}");
    }
}

#[test]
fn weights_and_clusters_are_named_and_their_gaps_listed() {
    let args = [
        "y ~ x",
        "--weights",
        "w",
        "--weight-kind",
        "analytic",
        "--se",
        "cluster:g",
        "--format",
        "json",
    ];
    let found = json(&run(&args));
    let row = &found["estimates"][1];
    assert_eq!(
        (&row["method"], &row["vcov"], &row["df"]),
        (&"wls".into(), &"cluster:g".into(), &3.0.into())
    );
    assert_eq!(row["n_excluded"], 1);
    assert_eq!(
        (&found["excluded"][0]["row"], &found["excluded"][0]["column"]),
        (&7.into(), &"w".into())
    );
    let glance = &found["glance"];
    assert_eq!(
        (&glance["weights"], &glance["cluster"], &glance["n_clusters"]),
        (&"analytic".into(), &"g".into(), &4.into())
    );
    assert_eq!(found["warnings"][0]["code"], "few_clusters");
}

#[test]
fn wrong_questions_are_refused_in_both_languages() {
    let cases: [(&[&str], i32, &str, &str); 11] = [
        (&["y ~ x", "--weights", "w"], 2, "--weight-kind", "--weight-kind"),
        (&["y ~ x", "--weight-kind", "analytic"], 2, "--weights", "--weights"),
        (&["y ~ x", "--weights", "w", "--weight-kind", "inverse"], 2, "frequency", "度数"),
        (&["y ~ x", "--weights", "bad", "--weight-kind", "analytic"], 1, "row 4", "4行目"),
        (&["y ~ x", "--weights", "w", "--weight-kind", "probability"], 2, "hc1", "hc1"),
        (&["y ~ x", "--se", "cluster:flat"], 1, "at least 2", "少なくとも2個"),
        (&["y ~ x", "--se", "cluster:gg"], 2, "gg", "gg"),
        (&["y ~ x", "--anova", "4"], 2, "1, 2 or 3", "1、2、3"),
        (&["y ~ x", "--anova", "1", "--se", "hc3"], 2, "--anova 3", "--anova 3"),
        (&["y ~ x", "--against", "y ~ k"], 2, "`k`", "`k`"),
        (&["y ~ C(name)"], 1, "at least 13", "13人"),
    ];
    for (args, code, en, ja) in cases {
        for (lang, word) in [("en", en), ("ja", ja)] {
            let mut all = args.to_vec();
            all.extend(["--lang", lang]);
            let run = run(&all);
            assert_eq!((run.code, run.out.as_str()), (code, ""), "{args:?}: {}", run.err);
            assert!(run.err.contains(word), "{args:?}: `{word}` in: {}", run.err);
            assert_eq!(run.err.trim_end().lines().count(), 1, "{}", run.err);
        }
    }
}

#[test]
fn influence_follows_the_columns_of_the_contract() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), CSV).unwrap();
    let run = ssi(place.path(), &["fit", "t.csv", "y ~ x", "--augment", "a.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = fs::read_to_string(place.path().join("a.csv")).unwrap();
    let header = "row,fitted,resid,std_resid,hat,cooks_d,dffits,conf_low,conf_high,pred_low,pred_high,student_resid,dfbetas_(Intercept),dfbetas_x";
    assert_eq!(text.lines().next(), Some(header));
    assert!(text.lines().all(|line| line.split(',').count() == 14));
    assert_eq!(text.lines().count(), 13);
}
