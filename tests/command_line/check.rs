//! `ssi check`: what is told of a survey file, what is written, and that nothing else is.

use super::{json, names, ssi, survey};
use std::fs;
use std::path::{Path, PathBuf};

fn dirty() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/dirty")
}

fn dirty_file(name: &str) -> String {
    dirty().join(name).to_string_lossy().into_owned()
}

/// What becomes of each file of the thirty cases.
const REFUSED: [&str; 22] = [
    "04_mojibake.csv",
    "04_undecodable.csv",
    "06_ambiguous_comma.csv",
    "18_pillar.csv",
    "18_share.csv",
    "19_marks.csv",
    "19_words.csv",
    "20_five_point.csv",
    "27_no_header.csv",
    "28_required_missing.csv",
    "28_required_twice.csv",
    "30_mail_in_a_cell.csv",
    "30_name.csv",
    "damaged.xlsx",
    "empty.csv",
    "header_only.csv",
    "nul.csv",
    "old.xls",
    "open_quote.csv",
    "picture.csv",
    "white_space.csv",
    "README.md",
];

#[test]
fn every_dirty_file_is_told_of_in_both_languages() {
    let place = tempfile::tempdir().unwrap();
    for name in names(&dirty()).into_iter().filter(|name| name != "make.py") {
        let refused = REFUSED.contains(&name.as_str());
        for lang in ["en", "ja"] {
            let run = ssi(place.path(), &["check", &dirty_file(&name), "--lang", lang]);
            assert_eq!(run.code, if refused { 3 } else { 0 }, "{name}: {}{}", run.out, run.err);
            assert!(run.out.starts_with(&name), "{name}: the summary comes first: {}", run.out);
            assert!(!run.out.contains("NaN") && !run.out.contains("example.com"), "{name}");
        }
    }
    assert!(names(place.path()).is_empty(), "nothing is written that was not asked for");
}

#[test]
fn the_table_reads_like_a_colleague() {
    let place = tempfile::tempdir().unwrap();
    let text = "回答者,SSI Wert,合計点,つながり数,備考\n\
        A1,53,7,500+,x\nA2,1O3,4,約300,y\nA3,31,４,283,z\nA3,31,4,283,z\n合計,,,,\n";
    fs::write(place.path().join("s.csv"), text).unwrap();
    let run = ssi(place.path(), &["check", "s.csv"]);
    assert_eq!(run.code, 3);
    for words in [
        "s.csv is refused, for one reason.",
        "no column for `ssi_total`",
        "--map ssi_total='SSI Wert'",
        "Not recognised, not used",
    ] {
        assert!(run.out.contains(words), "`{words}`: {}", run.out);
    }
    let run = ssi(place.path(), &["check", "s.csv", "--map", "ssi_total=SSI Wert"]);
    assert_eq!(run.code, 0, "{}", run.out);
    for words in [
        "s.csv can be used: 2 of 5 rows, 2 respondents.",
        "5 read = 2 used + 1 excluded + 2 dropped",
        "Separator:     `,` (by it, 6 of the 6 rows",
        "As you said",
        "row 3, SSI Wert (ssi_total): `1O3`",
        "→ write the number in digits",
        "row 3, つながり数 (conn_display): `約300` → 300",
        "row 6 → totals",
    ] {
        assert!(run.out.contains(words), "`{words}`: {}", run.out);
    }
    let ja = ssi(place.path(), &["check", "s.csv", "--map", "ssi_total=SSI Wert", "--lang", "ja"]);
    for words in
        ["s.csv は使用できます（5行中2行、回答者2人）。", "3行目、SSI Wert（ssi_total）：`1O3`"]
    {
        assert!(ja.out.contains(words), "`{words}`: {}", ja.out);
    }
}

#[test]
fn json_csv_and_markdown_tell_the_same() {
    let place = tempfile::tempdir().unwrap();
    let file = dirty_file("17_pillars_do_not_add_up.csv");
    let told = json(&ssi(place.path(), &["check", &file, "--format", "json"]));
    assert_eq!((&told["schema"], &told["usable"]), (&"ssi-study/check/1".into(), &true.into()));
    assert_eq!(told["layout"]["separator"]["why"], "even");
    assert_eq!(told["columns"][1]["confidence"], "certain");
    let line = &told["ledger"][0];
    assert_eq!((&line["row"], &line["column"]), (&3.into(), &"ssi_total".into()));
    assert_eq!(
        (&line["outcome"], &line["rule"]),
        (&"excluded".into(), &"pillars_do_not_add_up".into())
    );
    assert_eq!(told["ledger"].as_array().unwrap().len(), 1);
    let csv = ssi(place.path(), &["check", &file, "--format", "csv"]).out;
    assert_eq!(csv.lines().next(), Some("file,sheet,row,header,column,value,outcome,rule,result"));
    assert_eq!(
        csv.lines().nth(1),
        Some(
            "17_pillars_do_not_add_up.csv,,3,ssi_total,ssi_total,31,excluded,pillars_do_not_add_up,"
        )
    );
    let markdown = ssi(place.path(), &["check", &file, "--format", "markdown"]).out;
    assert!(markdown.contains("| ssi_total | ssi_total | Canonical name |"), "{markdown}");
    let kept = json(&ssi(place.path(), &["check", &file, "--keep", "pillars", "--format", "json"]));
    assert_eq!(kept["ledger"][0]["rule"], "pillars_kept");
}

#[test]
fn what_is_asked_for_is_written_and_nothing_is_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let file = dirty_file("02_cp932.csv");
    let outs = ["--clean", "c.csv", "--write-codebook", "b.json", "--ledger", "l.json"];
    let args = [&["check", &file][..], &outs].concat();
    assert_eq!(ssi(place.path(), &args).code, 0);
    assert_eq!(names(place.path()), ["b.json", "c.csv", "l.json"]);
    let clean = fs::read_to_string(place.path().join("c.csv")).unwrap();
    assert!(clean.starts_with("respondent_id,region,industry,ssi_date,ssi_total,"), "{clean}");
    assert!(
        clean.contains("\nA1,日本,製造業,2018-07-12,53,20.973,10.5,6.2,15,10,500+,"),
        "{clean}"
    );
    let told = |args: &[&str]| json(&ssi(place.path(), args));
    let first = told(&["check", &file, "--format", "json"]);
    let again = told(&["check", "c.csv", "--format", "json"]);
    assert_eq!(first["rows"], again["rows"]);
    let by_book = told(&["check", &file, "--codebook", "b.json", "--format", "json"]);
    assert_eq!(
        (&first["rows"], "mapped"),
        (&by_book["rows"], by_book["columns"][0]["how"].as_str().unwrap())
    );
    let ledger: serde_json::Value =
        serde_json::from_slice(&fs::read(place.path().join("l.json")).unwrap()).unwrap();
    assert_eq!(ledger, first["ledger"]);

    for out in [["--clean", "c.csv"], ["--write-codebook", "b.json"], ["--ledger", "l.json"]] {
        let run = ssi(place.path(), &[&["check", &file][..], &out].concat());
        assert_eq!((run.code, run.err.contains("not overwritten")), (1, true), "{}", run.err);
    }
    assert_eq!(fs::read_to_string(place.path().join("c.csv")).unwrap(), clean);
    let run = ssi(place.path(), &["check", &file, "--ledger", "l.txt"]);
    assert_eq!((run.code, run.err.contains(".csv or .json")), (2, true), "{}", run.err);
    let run = ssi(place.path(), &["check", &dirty_file("18_share.csv"), "--clean", "d.csv"]);
    assert_eq!((run.code, run.err.contains("no clean file is written")), (3, true), "{}", run.err);
    assert_eq!(names(place.path()), ["b.json", "c.csv", "l.json"]);
}

#[test]
fn rows_that_would_be_refused_by_themselves_are_not_written() {
    let place = tempfile::tempdir().unwrap();
    // What is left looks like a pillar.
    let text = "respondent_id,ssi_total,score_total\nA1,20,7\nA2,12,4\nA3,60,77\n";
    fs::write(place.path().join("s.csv"), text).unwrap();
    let run = ssi(place.path(), &["check", "s.csv", "--clean", "c.csv"]);
    assert_eq!(run.code, 3);
    assert!(
        run.err.contains("would not be read alike") && run.err.contains("above 25"),
        "{}",
        run.err
    );
    assert_eq!(names(place.path()), ["s.csv"]);
}

#[test]
fn a_data_package_beside_the_file_is_honoured_and_a_wrong_one_only_reported() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    write("s.csv", &survey(60).replace("score_total,ssi_total", "Q1,Q2"));
    let package = |path: &str, header: &str| {
        format!(
            r#"{{"resources": [{{"path": "{path}", "schema": {{"fields": [
            {{"name": "{header}", "canonical": "score_total"}},
            {{"name": "Q2", "canonical": "ssi_total"}}]}}}}]}}"#
        )
    };
    let run = ssi(place.path(), &["check", "s.csv"]);
    assert_eq!((run.code, run.err.as_str()), (3, ""));
    write("datapackage.json", &package("s.csv", "Q1"));
    let run = ssi(place.path(), &["check", "s.csv"]);
    assert_eq!((run.code, run.err.contains("datapackage.json beside the file says")), (0, true));
    // A study says so in its ledger, and is verified without the package.
    let run = ssi(place.path(), &["study", "s.csv", "--resamples", "100", "--format", "json"]);
    assert_eq!((run.code, run.err.contains("datapackage.json beside")), (0, true), "{}", run.err);
    assert_eq!(json(&run)["changes"][0]["rule"], "codebook");
    fs::remove_file(place.path().join("datapackage.json")).unwrap();
    let run = ssi(place.path(), &["verify", "reports/s", "s.csv"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);

    let map = ["--map", "score_total=Q1,ssi_total=Q2"];
    for (text, words) in
        [(package("other.csv", "Q1"), "describes other files"), ("{".to_owned(), "is no JSON")]
    {
        write("datapackage.json", &text);
        let run = ssi(place.path(), &[&["check", "s.csv"][..], &map].concat());
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        assert!(run.err.contains(words), "{}", run.err);
    }
    write("datapackage.json", &package("s.csv", "Q9"));
    let run = ssi(place.path(), &["check", "s.csv"]);
    assert_eq!((run.code, run.err.contains("is not used")), (3, true), "{}", run.err);
    let run = ssi(place.path(), &["check", "s.csv", "--codebook", "datapackage.json"]);
    assert_eq!(run.code, 2, "what is asked for by name must be right: {}", run.err);
}

#[test]
fn a_study_keeps_how_its_file_was_read_and_verify_reads_it_alike() {
    let place = tempfile::tempdir().unwrap();
    let text = survey(60).replace(',', ";");
    let text = format!("title;;\n{text}P60;9;1,5\nP0;1;31\n");
    fs::write(place.path().join("s.csv"), text).unwrap();
    let options = ["--header", "2", "--delimiter", ";", "--decimal", "comma", "--keep", "latest"];
    let study = ["study", "s.csv", "--resamples", "100", "--format", "json"];
    let run = ssi(place.path(), &[&study[..], &options].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let plan = json(&run)["study"]["plan"].as_str().unwrap().to_owned();
    assert!(plan.contains("[reading]") && plan.contains("keep = [\"latest\"]"), "{plan}");
    let run = ssi(place.path(), &["verify", "reports/s", "s.csv"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn options_of_reading_belong_to_every_command_and_wrong_ones_are_usage_errors() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("t.csv"), "a table\nx;y\n1,024;2\n3;4\n5;7\n").unwrap();
    let options = ["--header", "2", "--decimal", "comma", "--format", "json"];
    let told = json(&ssi(place.path(), &[&["describe", "t.csv", "x"][..], &options].concat()));
    let minimum = told["estimates"].as_array().unwrap().iter().find(|e| e["method"] == "min");
    assert_eq!(minimum.unwrap()["estimate"], 1.024);
    for (option, value) in [
        ("--encoding", "latin-1"),
        ("--delimiter", "|"),
        ("--decimal", "dot"),
        ("--header", "0"),
        ("--header", "99"),
        ("--date-order", "ydm"),
        ("--keep", "all"),
    ] {
        let run = ssi(place.path(), &["check", "t.csv", option, value]);
        assert_eq!(run.code, 2, "{option} {value}: {}", run.err);
    }
    let run = ssi(place.path(), &["check", &dirty_file("survey.xlsx"), "--sheet", "2"]);
    assert_eq!((run.code, run.err.contains("回答")), (2, true), "{}", run.err);
    assert_eq!(ssi(place.path(), &["check", &dirty_file("survey.xlsx"), "--sheet", "1"]).code, 0);
}

#[test]
fn what_a_check_has_no_use_for_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let file = dirty_file("01_bom.csv");
    for args in
        [&["--where", "x > 1"][..], &["--by", "region"], &["--level", "0.9"], &["--clean", "-"]]
    {
        let run = ssi(place.path(), &[&["check", &file], args].concat());
        assert!(run.code == 2 && run.out.is_empty(), "{args:?}: {}{}", run.out, run.err);
        let ja = ssi(place.path(), &[&["check", &file, "--lang", "ja"], args].concat());
        assert!(ja.err.contains("ください"), "{args:?}: {}", ja.err);
    }
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    let run = ssi(place.path(), &["check", &dirty_file("old.xls"), "--lang", "ja"]);
    assert!(run.code == 3 && run.out.contains("旧形式（XLS）"), "{}", run.out);
}

#[test]
fn a_file_read_by_larger_limits_is_written_clean_by_them_too() {
    let place = tempfile::tempdir().unwrap();
    let long = "x".repeat(1_100_000);
    let csv = format!("respondent_id,industry,ssi_total,score_total\nA,{long},50,5\nB,b,60,6\n");
    std::fs::write(place.path().join("c.csv"), &csv).unwrap();
    let args = ["check", "c.csv", "--clean", "out.csv"];
    assert_eq!(ssi(place.path(), &args).code, 3);
    let run = ssi(place.path(), &[&args[..], &["--limit", "cell=2000000"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let clean = std::fs::read_to_string(place.path().join("out.csv")).unwrap();
    assert_eq!(clean, csv);
}
