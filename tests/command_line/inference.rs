//! What `ssi cor` does beyond an interval and a test.

use super::{json, ssi};
use serde_json::Value;
use std::fs;

/// Respondents of seven sessions in two regions.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let mut text = "x,y,z,w,region,session\n".to_owned();
    for i in 0..42_i32 {
        let v = f64::from(i);
        let (x, z) = ((v * 0.37).sin(), (v * 1.9).cos());
        let (y, w) = (x + 0.5 * z + (v * 1.7).cos(), 0.8 * x + (v * 0.9).sin());
        let (region, session) = (["EU", "JP"][(i % 2) as usize], i * i % 13);
        text += &format!("{x},{y},{z},{w},{region},s{session}\n");
    }
    text += "1,,2,3,EU,s1\n1,2,,3,EU,s1\n";
    fs::write(place.path().join("t.csv"), text).unwrap();
    place
}

fn cor(args: &str) -> Vec<Value> {
    let place = place();
    let args: Vec<&str> = "cor t.csv -x x -y y --format json --resamples 500"
        .split(' ')
        .chain(args.split_whitespace())
        .collect();
    json(&ssi(place.path(), &args))["estimates"].as_array().unwrap().clone()
}

fn texts<'a>(rows: &'a [Value], key: &str) -> Vec<&'a str> {
    rows.iter().map(|row| row[key].as_str().unwrap_or("-")).collect()
}

#[test]
fn partial_correlations_list_their_controls() {
    let rows = cor("--partial z,w --method all");
    for row in &rows {
        assert_eq!(row["controls"], serde_json::json!(["z", "w"]));
        assert_eq!((row["df"].as_f64(), row["n_obs"].as_u64()), (Some(38.0), Some(42)));
        assert_eq!(row["n_excluded"], 2);
    }
    assert_eq!(texts(&rows, "method")[..3], ["pearson", "spearman", "kendall"]);
    let semi = cor("--semipartial z,w");
    assert_eq!(semi[0]["term"], "(x | z, w), y");
    assert_eq!(semi[0]["p_value"], rows[0]["p_value"], "one test for both kinds");
}

#[test]
fn a_matrix_of_partial_correlations_leaves_out_the_controls() {
    let place = place();
    let run = ssi(place.path(), &["cor", "t.csv", "--partial", "z", "--format", "json"]);
    let results = json(&run);
    let rows = results["estimates"].as_array().unwrap();
    assert_eq!(texts(rows, "term"), ["x, y", "x, w", "y, w"]);
    assert!(rows.iter().all(|row| row["p_holm"].is_number()));
}

#[test]
fn comparisons_stand_below_the_correlations() {
    let rows = cor("--with w");
    assert_eq!(texts(&rows, "analysis")[1..3], ["correlation", "comparison"]);
    assert_eq!(texts(&rows, "method")[2..], ["williams", "steiger", "zou"]);
    let of = |i: usize| rows[i]["estimate"].as_f64().unwrap();
    assert!((of(2) - (of(0) - of(1))).abs() < 1e-15);
    assert_eq!(texts(&cor("--with z,w"), "method")[2..], ["steiger", "zou"]);
    let groups = cor("--by region --compare");
    assert_eq!(texts(&groups, "method")[2..], ["fisher_z", "zou"]);
    assert_eq!(groups[2]["term"], "x, y: region = EU - region = JP");
}

#[test]
fn alternatives_differ_in_their_interval_or_test() {
    let rows =
        cor("--interval bca,studentised --test tost,bayes --bound 0.2 --reliability 0.8,0.9");
    assert_eq!(
        texts(&rows, "conf_method"),
        ["fisher_z", "bca", "studentised", "fisher_z", "credible_stretched_beta", "-", "fisher_z"]
    );
    assert_eq!(texts(&rows, "analysis")[4..6], ["correlation", "bayes_factor"]);
    assert_eq!(
        (&rows[3]["analysis"], &rows[3]["p_method"]),
        (&"equivalence".into(), &"tost".into())
    );
    assert_eq!(rows[6]["method"], "disattenuated");
}

#[test]
fn clusters_are_resampled_whole() {
    let clusters = "--cluster session --interval bca,percentile,studentised --test permutation";
    let rows = cor(clusters);
    assert_eq!(
        texts(&rows, "conf_method"),
        ["fisher_z", "cluster_bca", "cluster_percentile", "cluster_studentised", "-"]
    );
    assert_eq!(rows[4]["p_method"], "cluster_permutation");
    assert!(rows[1..].iter().all(|row| row["vcov"] == "cluster:session"));
    assert_eq!(rows, cor(&format!("{clusters} --threads 1")));
}

#[test]
fn partial_correlations_have_bootstraps_and_tests_of_their_own() {
    let rows = cor(
        "--partial z --interval bca,percentile,studentised --test permutation,tost,bayes --bound 0.3",
    );
    assert_eq!(
        texts(&rows, "conf_method"),
        [
            "fisher_z",
            "bca",
            "percentile",
            "studentised",
            "-",
            "fisher_z",
            "credible_stretched_beta",
            "-"
        ]
    );
    assert_eq!(rows[4]["p_method"], "permutation");
    assert_eq!(rows[5]["p_method"], "tost");
    assert!(rows.iter().all(|row| row["controls"] == serde_json::json!(["z"])));
    let clustered = cor("--partial z --method kendall --interval bca --cluster session");
    assert_eq!(texts(&clustered, "conf_method"), ["fieller", "cluster_bca"]);
    assert_eq!(clustered[1]["vcov"], "cluster:session");
    let signs = cor("--semipartial z --test permutation --cluster session");
    assert_eq!(signs[1]["p_method"], "cluster_permutation");
}

#[test]
fn rank_correlations_are_compared() {
    let rows = cor("--with w --method spearman,pearson");
    assert_eq!(
        texts(&rows, "method"),
        ["spearman", "spearman", "bootstrap", "pearson", "pearson", "williams", "steiger", "zou"]
    );
    assert_eq!(
        (&rows[2]["conf_method"], &rows[2]["term"]),
        (&"bca".into(), &"(x, y) - (w, y) (spearman)".into())
    );
    let rows = cor("--with w --interval percentile --cluster session");
    assert_eq!(rows[5]["conf_method"], "cluster_percentile");
    let rows = cor("--by region --compare --method kendall");
    assert_eq!(texts(&rows, "method"), ["kendall", "kendall", "fisher_z", "zou"]);
    assert_eq!(rows[2]["term"], "x, y (kendall): region = EU - region = JP");
    assert!(rows[3]["conf_low"].is_number() && rows[2]["p_value"].is_number());
}

#[test]
fn levels_are_fitted_as_a_whole_on_request() {
    let place = place();
    let mut text = "x,y\n".to_owned();
    for (row, counts) in [[9, 4, 2], [3, 8, 5], [1, 4, 9]].iter().enumerate() {
        for (level, n) in counts.iter().enumerate() {
            text += &format!("{row},{level}\n").repeat(*n);
        }
    }
    fs::write(place.path().join("levels.csv"), text).unwrap();
    let args =
        "cor levels.csv -x x -y y --method polychoric --interval full_ml,profile --format json";
    let run = ssi(place.path(), &args.split(' ').collect::<Vec<_>>());
    let results = json(&run);
    let rows = results["estimates"].as_array().unwrap();
    assert_eq!(texts(rows, "conf_method"), ["delta_z", "full_ml", "profile"]);
    assert_eq!(rows[1]["estimate"], rows[2]["estimate"]);
    assert!(rows.iter().all(|row| row["p_method"] == "likelihood_ratio"));
}

#[test]
fn what_is_missing_is_named_and_says_why() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("line.csv"), "a,b,c\n1,2,5\n2,4,5\n3,6,5\n4,8,5\n,1,5\nx,1,5\n")
        .unwrap();
    let run = |args: &str| ssi(place.path(), &args.split(' ').collect::<Vec<_>>());
    let shown = run(
        "cor line.csv -x a -y b --interval bca,studentised --test tost --bound 0.1 --format json",
    );
    let rows = json(&shown)["estimates"].as_array().unwrap().clone();
    assert_eq!(texts(&rows, "conf_method"), ["fisher_z", "bca", "studentised", "fisher_z"]);
    assert_eq!(texts(&rows, "p_method")[3], "tost");
    for row in &rows[1..] {
        assert!(row["conf_low"].is_null() && row["note"].is_string(), "{row}");
    }
    let matrix = json(&run("cor line.csv --format json"))["estimates"].as_array().unwrap().clone();
    let constant = matrix.iter().find(|row| row["term"] == "b, c").unwrap();
    assert_eq!(
        (&constant["conf_method"], &constant["p_method"]),
        (&"fisher_z".into(), &"t".into())
    );
    for (lang, bca, gap) in
        [("en", "BCa bootstrap", "a: missing value, 1 cell"), ("ja", "BCa", "a：欠測、1件")]
    {
        for format in ["table", "markdown"] {
            let args =
                format!("cor line.csv -x a -y b --interval bca --lang {lang} --format {format}");
            let out = run(&args).out;
            assert!(out.contains(bca) && out.contains(gap), "{out}");
        }
    }
    let csv = run("cor line.csv -x a -y b --interval bca --format csv").out;
    assert!(csv.contains(",bca,") && !csv.contains("missing value"), "{csv}");
}

#[test]
fn a_group_to_which_a_method_does_not_apply_leaves_the_others() {
    let place = tempfile::tempdir().unwrap();
    let mut text = "x,y,g\n".to_owned();
    for i in 0..30 {
        let x = if i < 15 { i % 2 } else { i % 3 };
        text += &format!("{x},{},{}\n", (i * 7) % 11, ["a", "b"][usize::from(i >= 15)]);
    }
    fs::write(place.path().join("t.csv"), text).unwrap();
    let args = "cor t.csv -x x -y y --method point_biserial --by g --format json";
    let results = json(&ssi(place.path(), &args.split(' ').collect::<Vec<_>>()));
    let rows = results["estimates"].as_array().unwrap();
    assert_eq!(texts(rows, "group"), ["g = a"]);
    assert_eq!(results["warnings"][0]["why"], "not_two_valued");
    let args = "groups t.csv y~x --method t --by g --format json";
    let results = json(&ssi(place.path(), &args.split(' ').collect::<Vec<_>>()));
    assert_eq!(results["warnings"][0]["why"], "not_two_groups");
    assert!(!results["estimates"].as_array().unwrap().is_empty());
}

#[test]
fn options_without_their_partner_are_wrong_usage_in_both_languages() {
    let place = place();
    for (args, word) in [
        ("--test tost", "--bound 0.1"),
        ("--bound 0.1", "tost"),
        ("--test tost --bound 1", "bound"),
        ("--prior 1", "bayes"),
        ("--test bayes --prior 9", "prior"),
        ("--reliability 0.8", "reliability"),
        ("--reliability 0.8,1.2", "reliability"),
        ("--cluster session", "--interval"),
        ("--compare", "--by"),
        ("--with z,w,y", "--with"),
        ("--with z --method biweight", "--method"),
        ("--with z --interval studentised", "--with"),
        ("--with z --test permutation", "--with"),
        ("--by region --compare --interval bca", "--compare"),
        ("--partial z,y", "`y`"),
        ("--partial z --interval jackknife_z", "jackknife_z"),
        ("--partial z --method kendall --test permutation", "permutation"),
        ("--partial z --method spearman --test bayes", "bayes"),
        ("--semipartial z --test tost --bound 0.1", "tost"),
        ("--interval profile", "profile"),
        ("--partial z --semipartial w", "--partial"),
        ("--partial z --reliability 0.8,0.9", "--reliability"),
        ("--partial nothere", "nothere"),
        ("--interval nope", "studentised"),
        ("--test nope", "bayes"),
        ("--method spearman --test bayes", "bayes"),
        ("--method pearson,spearman --test bayes", "spearman"),
        ("--method pearson,biweight --interval studentised", "biweight"),
        ("--cluster session --interval bca,jackknife_z", "jackknife_z"),
    ] {
        for lang in ["en", "ja"] {
            let args = format!("cor t.csv -x x -y y {args} --lang {lang}");
            let run = ssi(place.path(), &args.split(' ').collect::<Vec<_>>());
            assert_eq!(run.code, 2, "{args}: {}", run.err);
            if lang == "en" {
                assert!(run.err.contains(word), "{args}: {}", run.err);
            } else {
                assert!(run.err.chars().any(|c| c >= '\u{3040}'), "{args}: {}", run.err);
            }
        }
    }
    let few = ssi(
        place.path(),
        &"cor t.csv -x x -y y --cluster region --interval bca".split(' ').collect::<Vec<_>>(),
    );
    assert_eq!(few.code, 1, "{}", few.err);
}
