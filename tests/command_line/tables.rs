use super::{json, ssi};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

const TABLE: &str = "点数,ssi,group,kept\n1,10,a,x\n2,14,a,\n3,13,b,x\n4,20,b,NA\n5,19,a,x\n6,25,b,x\n7,23,a,x\n8,31,b,x\n";

fn place() -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("t.csv");
    fs::write(&file, TABLE).unwrap();
    (place, file)
}

fn rows(results: &Value) -> &Vec<Value> {
    results["estimates"].as_array().unwrap()
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{key} is a number in {row}"))
}

fn near(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-12, "{found}, expected {expected}");
}

#[test]
fn cor_gives_scipys_digits_under_the_files_own_names() {
    let (place, _) = place();
    let args = ["cor", "t.csv", "-x", "点数", "-y", "ssi", "--method", "all", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    let find = |method: &str| rows(&results).iter().find(|r| r["method"] == method).unwrap();
    // scipy 1.17.1: pearsonr, spearmanr, kendalltau of 1..8 and 10 14 13 20 19 25 23 31.
    near(number(find("pearson"), "estimate"), 0.952781217088511);
    near(number(find("pearson"), "p_value"), 0.00025396615431536393);
    near(number(find("spearman"), "estimate"), 0.9285714285714287);
    near(number(find("kendall"), "estimate"), 0.7857142857142856);
    assert_eq!(find("pearson")["term"], "点数, ssi");
    assert_eq!(find("pearson")["n_obs"], 8);
    assert_eq!(find("pearson")["conf_method"], "fisher_z");
    assert_eq!(results["schema"], "ssi-study/results/1");
}

#[test]
fn a_matrix_has_raw_and_adjusted_p_values() {
    let (place, _) = place();
    let results = json(&ssi(place.path(), &["cor", "t.csv", "--format", "json"]));
    assert_eq!(rows(&results).len(), 1, "two numeric columns make one pair");
    assert!(rows(&results)[0]["p_holm"].is_number() && rows(&results)[0]["p_bh"].is_number());
}

#[test]
fn fit_lists_the_coefficients_and_the_fit() {
    let (place, _) = place();
    let args = ["fit", "t.csv", "ssi ~ 点数 + C(group)", "--se", "hc3", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    let terms: Vec<&str> = rows(&results).iter().filter_map(|r| r["term"].as_str()).collect();
    assert_eq!(terms, ["(Intercept)", "点数", "groupb"]);
    assert_eq!(rows(&results)[1]["vcov"], "hc3");
    assert_eq!(results["glance"]["df_residual"], 5.0);
    assert_eq!(results["glance"]["n_obs"], 8);
}

#[test]
fn augment_has_a_row_for_each_respondent() {
    let (place, _) = place();
    let run = ssi(place.path(), &["fit", "t.csv", "ssi ~ 点数", "--augment", "a.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = fs::read_to_string(place.path().join("a.csv")).unwrap();
    let head =
        "row,fitted,resid,std_resid,hat,cooks_d,dffits,conf_low,conf_high,pred_low,pred_high,";
    assert!(text.starts_with(head), "{text}");
    assert_eq!(text.lines().count(), 9);
    assert!(text.lines().nth(1).unwrap().starts_with("2,"), "the first data row is row 2");
}

#[test]
fn describe_where_and_by_choose_rows_and_groups() {
    let (place, _) = place();
    let args = ["describe", "t.csv", "ssi", "--by", "group", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    let mean = |group: &str| {
        let row = rows(&results)
            .iter()
            .find(|r| r["method"] == "mean" && r["group"] == format!("group = {group}"));
        number(row.unwrap(), "estimate")
    };
    near(mean("a"), 16.5);
    near(mean("b"), 22.25);
    let args = ["describe", "t.csv", "ssi", "--where", "group == \"a\"", "--format", "json"];
    let only = json(&ssi(place.path(), &args));
    let n = rows(&only).iter().find(|r| r["method"] == "n").unwrap();
    assert_eq!(number(n, "estimate"), 4.0);
}

#[test]
fn canonical_names_are_aliases_for_known_headers() {
    let place = tempfile::tempdir().unwrap();
    let text = "合計点,SSIスコア\n1,20\n4,31\n6,33\n8,52\n9,47\n";
    fs::write(place.path().join("ja.csv"), text).unwrap();
    let args = ["cor", "ja.csv", "-x", "score_total", "-y", "ssi_total", "--format", "json"];
    assert_eq!(rows(&json(&ssi(place.path(), &args))).len(), 1);
}

#[test]
fn every_format_is_written() {
    let (place, _) = place();
    let run = |format: &str| {
        ssi(place.path(), &["cor", "t.csv", "-x", "点数", "-y", "ssi", "--format", format])
    };
    assert!(run("table").out.contains("0.95") || run("table").out.contains(".95"));
    assert!(run("csv").out.starts_with("analysis,method,term,"));
    assert!(run("markdown").out.contains('|'));
    let ja = ssi(place.path(), &["cor", "t.csv", "-x", "点数", "-y", "ssi", "--lang", "ja"]);
    assert!(ja.out.contains("信頼区間"), "{}", ja.out);
}

#[test]
fn standard_input_is_a_table_too() {
    let (place, file) = place();
    let input = fs::File::open(file).unwrap();
    let output = super::command(place.path(), &["describe", "-", "--format", "json"])
        .stdin(input)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn one_column_under_two_names_is_one_column() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("ja.csv"), "合計点,SSIスコア\n1,20\n4,31\n6,33\n8,52\n9,47\n")
        .unwrap();
    let run = ssi(place.path(), &["fit", "ja.csv", "SSIスコア ~ score_total + 合計点"]);
    assert_eq!(run.code, 1, "a column beside itself is collinear: {}", run.err);
    let run = ssi(place.path(), &["fit", "ja.csv", "SSIスコア ~ score_total"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn a_map_names_columns_filters_groups_and_formulas_alike() {
    let place = tempfile::tempdir().unwrap();
    let text = "foo,合計点,国・地域\n20,1,EU\n31,4,EU\n33,6,JP\n52,8,JP\n47,9,EU\n41,5,JP\n25,2,JP\n30,5,EU\n";
    fs::write(place.path().join("t.csv"), text).unwrap();
    let map = ["--map", "ssi_total=foo", "--format", "json"];
    let run = |args: &[&str]| ssi(place.path(), &[args, &map].concat());
    let only = json(&run(&["describe", "t.csv", "ssi_total", "--where", "ssi_total > 30"]));
    assert_eq!(number(&rows(&only)[0], "estimate"), 5.0);
    let by = json(&run(&["fit", "t.csv", "ssi_total ~ score_total", "--by", "region"]));
    assert_eq!(rows(&by).len(), 4);
    let wrong =
        ssi(place.path(), &["describe", "t.csv", "--map", "ssi_total=nothere", "ssi_total"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("nothere"), "{}", wrong.err);
}

#[test]
fn a_codebook_that_is_not_there_is_an_error_for_every_command() {
    let (place, _) = place();
    for args in [&["describe", "t.csv"][..], &["cor", "t.csv"], &["fit", "t.csv", "ssi ~ 点数"]] {
        let run = ssi(place.path(), &[args, &["--codebook", "nowhere.json"]].concat());
        assert_eq!(run.code, 1, "{args:?}");
        assert!(run.err.contains("nowhere.json"), "{}", run.err);
    }
}

#[test]
fn a_row_dropped_at_reading_counts_as_excluded() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("r.csv"), "a,b\n1,2\n3\n4,5,6\n7,8\n9,4\n2,\n5,5\n").unwrap();
    let cor = json(&ssi(place.path(), &["cor", "r.csv", "-x", "a", "-y", "b", "--format", "json"]));
    let excluded = |row: &Value| (row["n_obs"].as_u64(), row["n_excluded"].as_u64());
    assert_eq!(excluded(&rows(&cor)[0]), (Some(4), Some(3)));
    let fit = json(&ssi(place.path(), &["fit", "r.csv", "b ~ a", "--format", "json"]));
    assert_eq!(excluded(&rows(&fit)[0]), (Some(4), Some(3)));
    let described = json(&ssi(place.path(), &["describe", "r.csv", "b", "--format", "json"]));
    assert_eq!(excluded(&rows(&described)[0]), (Some(4), Some(3)));
}

#[test]
fn a_group_in_which_nothing_is_defined_is_left_out_by_name() {
    let place = tempfile::tempdir().unwrap();
    let text = "x,y,g\n1,2,a\n2,3,a\n3,5,a\n4,4,a\n5,5,b\n5,6,b\n5,7,b\n";
    fs::write(place.path().join("g.csv"), text).unwrap();
    for args in [&["cor", "g.csv", "-x", "x", "-y", "y"][..], &["fit", "g.csv", "y ~ x"]] {
        let args = [args, &["--by", "g", "--format", "json"]].concat();
        let results = json(&ssi(place.path(), &args));
        assert!(rows(&results).iter().all(|row| row["group"] == "g = a"));
        assert_eq!(results["warnings"][0]["analysis"], "g = b");
        assert_eq!(results["warnings"][0]["why"], "constant_column");
    }
}

#[test]
fn what_is_asked_for_is_given_or_refused() {
    let (place, _) = place();
    let cases: [(&[&str], &str); 4] = [
        (
            &[
                "cor",
                "t.csv",
                "-x",
                "点数",
                "-y",
                "ssi",
                "--method",
                "spearman",
                "--interval",
                "fisher_z",
            ],
            "bonett_wright",
        ),
        (&["cor", "t.csv", "-x", "点数", "-y", "ssi", "--test", "exact"], "permutation"),
        (&["cor", "t.csv", "--interval", "bca"], "-x and -y"),
        (&["cor", "t.csv", "-x", "点数", "-y", "ssi", "--interval", "bcaa"], "bca"),
    ];
    for (args, word) in cases {
        let run = ssi(place.path(), args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains(word), "{}", run.err);
    }
    // Eight respondents without ties have an exact test of ranks; with a tie they don't.
    let exact = ["-x", "点数", "-y", "ssi", "--method", "spearman", "--test", "exact"];
    assert_eq!(ssi(place.path(), &[&["cor", "t.csv"], &exact[..]].concat()).code, 0);
    fs::write(place.path().join("tied.csv"), TABLE.replace("2,14", "1,14")).unwrap();
    assert_eq!(ssi(place.path(), &[&["cor", "tied.csv"], &exact[..]].concat()).code, 2);
}

#[test]
fn augment_never_writes_over_a_file() {
    let (place, file) = place();
    let run = ssi(place.path(), &["fit", "t.csv", "ssi ~ 点数", "--augment", "t.csv"]);
    assert_eq!(run.code, 1);
    assert_eq!(fs::read_to_string(file).unwrap(), TABLE);
}

#[test]
fn a_formula_of_thousands_of_terms_is_an_error() {
    let (place, _) = place();
    let formula = format!("ssi ~ {}", vec!["点数"; 8_000].join("+"));
    let run = ssi(place.path(), &["fit", "t.csv", &formula, "--threads", "1"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("too long"));
}

#[test]
fn groups_are_compared_by_the_methods_for_their_number() {
    let (place, _) = place();
    let run = |args: &[&str]| ssi(place.path(), &[&["groups", "t.csv"], args].concat());
    let results = json(&run(&["ssi ~ group", "--format", "json"]));
    let groups: Vec<&Value> =
        rows(&results).iter().filter(|row| row["analysis"] == "groups").collect();
    let methods: Vec<&str> = groups.iter().map(|row| row["method"].as_str().unwrap()).collect();
    assert_eq!([methods[0], methods[3], methods[6]], ["t", "welch_t", "mann_whitney"]);
    // 16.5 − 22.25: the first group in code-point order less the second.
    near(number(groups[0], "estimate"), -5.75);
    assert_eq!(groups[0]["group"], "group: a - b");
    let means: Vec<f64> = rows(&results)
        .iter()
        .filter(|row| row["method"] == "mean")
        .map(|row| number(row, "estimate"))
        .collect();
    assert_eq!(means.len(), 2);
    near(means[0], 16.5);
    let results = json(&run(&["ssi ~ group", "--method", "anova", "--format", "json"]));
    let anova = &rows(&results)[0];
    assert_eq!((&anova["term"], number(anova, "df2")), (&"eta_squared".into(), 6.0));
}

#[test]
fn a_comparison_that_cannot_be_made_says_what_to_do() {
    let (place, _) = place();
    for (formula, method, code, says) in [
        ("ssi ~ group + 点数", "t", 2, "column 15"),
        ("group ~ ssi", "t", 2, "holds words"),
        ("ssi ~ grop", "t", 2, "did you mean `group`"),
        ("ssi ~ group", "ttest", 2, "no comparison of groups named `ttest`"),
        ("ssi ~ 点数", "t", 2, "compares two groups"),
    ] {
        let run = ssi(place.path(), &["groups", "t.csv", formula, "--method", method]);
        assert_eq!(run.code, code, "{formula}: {}", run.err);
        assert!(run.err.contains(says), "{formula}: {}", run.err);
    }
    // A method that the data leave undefined has a row that says why.
    let run = ssi(place.path(), &["groups", "t.csv", "ssi ~ 点数", "--method", "anova"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("too few respondents"), "{}", run.out);
}

#[test]
fn a_group_that_is_left_out_is_told_and_none_left_is_an_error() {
    let place = tempfile::tempdir().unwrap();
    let csv = "x,y,g,id\n1,2,a,p\n2,3,a,q\n3,5,a,r\n4,4,a,s\n1,1,b,t\n1,2,b,u\n1,3,b,v\n";
    fs::write(place.path().join("g.csv"), csv).unwrap();
    for (lang, mark) in [("en", "warning: "), ("ja", "注意：")] {
        let run = ssi(place.path(), &["fit", "g.csv", "y ~ x", "--by", "g", "--lang", lang]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.err.starts_with(mark) && run.err.contains("g = b"), "{}", run.err);
    }
    let none = ssi(place.path(), &["cor", "g.csv", "-x", "x", "-y", "y", "--by", "id"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""), "{}", none.err);
    assert!(none.err.contains("g.csv"), "{}", none.err);
    let ids: String = (0..1_001).map(|i| format!("{i},{},n{i}\n", i % 7)).collect();
    fs::write(place.path().join("ids.csv"), format!("x,y,id\n{ids}")).unwrap();
    let many = ssi(place.path(), &["cor", "ids.csv", "-x", "x", "-y", "y", "--by", "id"]);
    assert!(many.code == 1 && many.err.contains("1001 different values"), "{}", many.err);
}
