//! `ssi fit --model`: options that belong to it, clusters, groups that one model can't have.

use super::{json, ssi};
use std::fs;

fn table() -> String {
    let mut csv = String::from("y,x,b,s,g,conn\n");
    for i in 0..60_u32 {
        let x = f64::from(i * 7 % 20);
        let y = 2.0 + 0.5 * x + f64::from(i * 13 % 11) / 3.0;
        let b = u32::from(i * 5 % 7 + i * 7 % 20 / 4 > 6);
        let conn = if i % 5 == 0 { "500+".to_owned() } else { (40 + i * 7 % 300).to_string() };
        csv += &format!("{y},{x},{b},s{},{},{conn}\n", i % 12, if i % 3 == 0 { "p" } else { "q" });
    }
    csv
}

fn run(args: &[&str]) -> super::Run {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), table()).unwrap();
    ssi(place.path(), &[&["fit", "t.csv"], args].concat())
}

#[test]
fn clusters_reach_every_model_that_takes_them() {
    for (formula, model) in [
        ("b ~ x", "logistic"),
        ("y ~ x", "fractional"),
        ("y ~ x", "tobit"),
        ("b ~ x", "ordinal"),
        ("y ~ x", "spline"),
    ] {
        let mut args = vec![formula, "--model", model, "--se", "cluster:s", "--format", "json"];
        args.extend(
            ["--upper", "100"].iter().filter(|_| model == "fractional" || model == "tobit"),
        );
        let found = json(&run(&args));
        let rows = found["estimates"].as_array().unwrap();
        assert!(rows.iter().any(|row| row["vcov"] == "cluster:s"), "{model}: {rows:?}");
        let unknown = run(&[formula, "--model", model, "--se", "cluster:nosuch"]);
        assert_eq!(unknown.code, 2, "{model}: {}", unknown.err);
    }
}

#[test]
fn what_a_model_would_ignore_is_refused() {
    for args in [
        &["y ~ x + log10(conn)", "--capped", "impute", "--importance"][..],
        &["y ~ x + log10(conn)", "--capped", "impute", "--augment", "rows.csv"],
        &["y ~ log10(conn)", "--capped", "indicator", "--at", "conn=300"],
        &["y ~ x", "--se", "cluster:s", "--importance"],
        &["y ~ x", "--se", "cluster:s", "--cross-validate"],
        &["y ~ x", "--at", "x=3", "--lower", "5", "--upper", "1"],
        &["y ~ x", "--model", "huber", "--tau", "0.5"],
        &["y ~ x", "--model", "hubr"],
    ] {
        let run = run(args);
        assert_eq!(run.code, 2, "{args:?}: {}{}", run.out, run.err);
        assert!(run.out.is_empty(), "{args:?}");
    }
}

#[test]
fn a_group_that_a_model_can_t_have_leaves_the_others() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = table();
    for i in 0..6 {
        csv += &format!("1,{i},{},s1,r,50\n", i % 3);
    }
    fs::write(place.path().join("t.csv"), csv).unwrap();
    let args = ["fit", "t.csv", "b ~ x", "--model", "logistic", "--by", "g", "--format", "json"];
    let found = json(&ssi(place.path(), &args));
    let groups: Vec<&str> =
        found["models"].as_array().unwrap().iter().filter_map(|m| m["id"].as_str()).collect();
    assert_eq!(groups, ["g = p", "g = q"]);
    assert!(found["warnings"].to_string().contains("g = r"), "{}", found["warnings"]);
}

#[test]
fn more_respondents_than_can_be_written_out_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let rows: String = (0..30).map(|i| format!("{},{},1e12\n", i * 7 % 11, i)).collect();
    fs::write(place.path().join("t.csv"), format!("y,x,w\n{rows}")).unwrap();
    for more in [&["--importance"][..], &["--cross-validate"], &["--model", "lasso"]] {
        let args = ["fit", "t.csv", "y ~ x", "--weights", "w", "--weight-kind", "frequency"];
        let run = ssi(place.path(), &[&args, more].concat());
        assert_eq!(run.code, 1, "{more:?}: {}", run.err);
    }
}
