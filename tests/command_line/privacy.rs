//! Attacks on what leaves the machine: planted identifiers, rare groups, subtraction.

use super::{json, ssi};
use std::fs;
use std::path::{Path, PathBuf};

/// What stands in every planted text, in capitals and in no number or word of ours.
const MARK: &str = "zqxmark";

/// Regions with their sizes: two are rare.
const REGIONS: [(&str, usize); 5] =
    [("EU", 45), ("JP", 21), ("LATAM", 14), ("ZQXMARKnauru", 3), ("ZQXMARKpalau", 2)];

/// A cohort with a marker in every identifier, free text, unknown column and rare group.
fn planted(place: &Path) -> String {
    let mut csv = String::from(
        "respondent_id,氏名,E-mail,電話,LinkedIn URL,contact,備考,comment,session_id,cohort,rater_id,region,industry,profile_lang,ssi_date,ssi_total,ssi_brand,ssi_find,ssi_engage,ssi_build,conn_display,years_on_linkedin,score_total\n",
    );
    let n: usize = REGIONS.iter().map(|(_, n)| n).sum();
    let mut regions = REGIONS.iter().flat_map(|(name, n)| std::iter::repeat_n(*name, *n));
    for i in 0..n {
        let region = regions.next().unwrap_or_default();
        let score = (i * 8 % 21) as f64 / 2.0;
        let pillar = |k: usize| ((i * k * 379 + 417) % 20_000) as f64 / 1000.0;
        let pillars = [1, 3, 7, 11].map(pillar);
        let total = pillars.iter().sum::<f64>().round();
        // Faults in columns of words, whose cells no ledger repeats.
        let day =
            if i == 41 { "ZQXMARKday".to_owned() } else { format!("2018-05-{:02}", i % 28 + 1) };
        let region = if i == 42 { "=ZQXMARK()" } else { region };
        let industry = if i < 4 { format!("ZQXMARKtrade{i}") } else { format!("I{}", i % 3) };
        let bad = if i == 40 { "ZQXMARKtext".to_owned() } else { format!("{total}") };
        let contacts =
            if i % 5 == 0 { "500+".to_owned() } else { format!("{}", 13 + i * 5 + i % 2) };
        csv += &format!(
            "ZQXMARKid{i},ZQXMARKname{i},zqxmark{i}@example.org,090-0000-{i:04},https://www.linkedin.com/in/zqxmark{i},zqxmark{i}@example.com,ZQXMARKnote {i},\"=ZQXMARK(\"\"{i}\"\")\",ZQXMARKsession{},ZQXMARKcohort,ZQXMARKrater{},{region},{industry},ZQXMARKlang{i},{day},{bad},{:.3},{:.3},{:.3},{:.3},{contacts},{:.2},{score}\n",
            i / 9,
            i % 3,
            pillars[0],
            pillars[1],
            pillars[2],
            pillars[3],
            1.0 + i as f64 / 9.0,
        );
    }
    fs::write(place.join("c.csv"), &csv).unwrap();
    csv
}

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let lower = bytes.to_ascii_lowercase();
    lower.windows(text.len()).any(|part| part == text.as_bytes())
}

const KEY: [&str; 4] = ["--pseudonymise", "--key-file", "key", "--new-key"];

#[test]
fn nothing_planted_in_a_cohort_is_in_any_output() {
    let place = tempfile::tempdir().unwrap();
    let csv = planted(place.path());
    assert!(csv.to_lowercase().matches(MARK).count() > 500);
    let refused = ssi(place.path(), &["study", "c.csv"]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(!holds(refused.err.as_bytes(), MARK), "{}", refused.err);

    let mut seen = 0;
    let quick = ["--resamples", "300"];
    for (by, lang, format) in [
        ("region", "en", "table"),
        ("industry", "ja", "json"),
        ("profile_lang", "ja", "csv"),
        ("session_id", "en", "markdown"),
    ] {
        let args = ["study", "c.csv", "--public", "--out", "r", "--by", by, "--lang", lang];
        let run = ssi(place.path(), &[&args, &["--format", format][..], &KEY, &quick].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(!holds(run.out.as_bytes(), MARK) && !holds(run.err.as_bytes(), MARK), "{by}");
        let mut found = Vec::new();
        files(&place.path().join("r"), &mut found);
        for file in &found {
            let bytes = fs::read(file).unwrap();
            assert!(!holds(&bytes, MARK), "{by}: {} holds a marker", file.display());
            let key = fs::read(place.path().join("key")).unwrap();
            assert!(!bytes.windows(16).any(|part| part == &key[..16]), "{}", file.display());
        }
        seen += found.len();
    }
    assert!(seen > 100, "{seen}");

    // A local report tells of rows and of cells in number columns, and of nothing else.
    let local = ["study", "c.csv", "--out", "l", "--by", "region"];
    let run = ssi(place.path(), &[&local[..], &KEY, &quick].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let mut found = Vec::new();
    files(&place.path().join("l"), &mut found);
    for file in &found {
        let bytes = fs::read(file).unwrap().to_ascii_lowercase();
        let text = String::from_utf8_lossy(&bytes).replace("zqxmarktext", "");
        assert!(!text.contains(MARK), "{} holds a marker", file.display());
    }

    for format in ["table", "json", "csv", "markdown"] {
        let args = ["predict", "c.csv", "--model", "r/model.json", "--format", format];
        let out = format!("people-{format}.csv");
        let run = ssi(place.path(), &[&args, &["--out", &out][..], &KEY].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        for text in [run.out, run.err, fs::read_to_string(place.path().join(out)).unwrap()] {
            assert!(!text.to_lowercase().replace("zqxmarktext", "").contains(MARK), "{format}");
        }
    }
}

#[test]
fn a_public_report_has_no_rows_no_days_and_no_fine_numbers() {
    let place = tempfile::tempdir().unwrap();
    planted(place.path());
    let args =
        ["study", "c.csv", "--public", "--out", "r", "--resamples", "300", "--format", "json"];
    let results = json(&ssi(place.path(), &[&args[..], &KEY].concat()));
    assert_eq!(results["excluded"], serde_json::json!([]));
    let told = results["left_out"].as_array().unwrap();
    assert!(told.iter().any(|l| l["reason"] == "not_a_number" && l["count"] == 1), "{told:?}");
    assert!(results["changes"].as_array().unwrap().iter().all(|c| c["first_row"] == 0));
    assert_eq!(results["study"]["ssi_dates"], serde_json::json!(["2018-05", "2018-05"]));
    let table = fs::read_to_string(place.path().join("r/excluded.csv")).unwrap();
    assert!(table.starts_with("column,reason,count\n"), "{table}");

    // Contacts stand in tens, in no order of the file; pillars are whole.
    let contacts = results["drawings"]["necessity"]["points"]["x"].as_array().unwrap();
    let contacts: Vec<f64> = contacts.iter().map(|x| x.as_f64().unwrap()).collect();
    assert!(contacts.len() > 40 && contacts.iter().all(|x| x % 10.0 == 5.0));
    assert!(contacts.is_sorted());
    let measures = results["measures"].as_array().unwrap();
    let terms = || measures.iter().map(|row| row["term"].as_str().unwrap());
    assert!(terms().any(|term| term.starts_with("bottleneck(")));
    assert!(terms().all(|term| !term.starts_with("without (")), "peers are single respondents");
    for method in ["min", "max", "median", "q1"] {
        let row = results["estimates"]
            .as_array()
            .unwrap()
            .iter()
            .find(|e| e["method"] == method && e["term"] == "ssi_brand");
        let value = row.unwrap()["estimate"].as_f64().unwrap();
        assert_eq!((value * 4.0).fract(), 0.0, "{method}: {value}");
    }
    let mut found = Vec::new();
    files(&place.path().join("r"), &mut found);
    for file in found.iter().filter(|f| f.extension().is_some_and(|e| e == "md" || e == "csv")) {
        let text = fs::read_to_string(file).unwrap();
        assert!(!text.contains("2018-05-"), "{}", file.display());
        for page in ["row 42", "42行目", "Row |", "行 |"] {
            assert!(!text.contains(page), "{}: {page}", file.display());
        }
    }
}

#[test]
fn groups_of_a_report_do_not_tell_of_small_ones_by_subtraction() {
    let place = tempfile::tempdir().unwrap();
    planted(place.path());
    const K: i64 = 10;
    let quick = ["--resamples", "300", "--format", "json", "--public"];
    for by in ["region", "industry"] {
        let args = ["study", "c.csv", "--out", "r", "--by", by];
        let results = json(&ssi(place.path(), &[&args[..], &KEY, &quick].concat()));
        let rows = results["estimates"].as_array().unwrap();
        let grouped =
            |e: &&serde_json::Value| e["group"].as_str().is_some_and(|group| group.starts_with(by));
        let n = |e: &serde_json::Value| e["n_obs"].as_i64().unwrap();
        let whole = n(rows.iter().find(|e| e["method"] == "pearson").unwrap());
        let groups: Vec<i64> = rows.iter().filter(grouped).map(n).collect();
        // Every sum of groups, and what it leaves of the whole.
        for set in 0..1_u32 << groups.len() {
            let sum: i64 = (0..groups.len()).filter(|i| set >> i & 1 == 1).map(|i| groups[i]).sum();
            for told in [sum, whole - sum] {
                assert!(!(1..K).contains(&told), "{by}: {groups:?} of {whole}");
            }
        }
        let excluded: Vec<i64> =
            rows.iter().filter(grouped).map(|e| e["n_excluded"].as_i64().unwrap()).collect();
        assert!(excluded.iter().all(|n| *n == excluded[0]), "{excluded:?}");
    }
    // Rare regions are one term of the model with contacts.
    let args = ["study", "c.csv", "--out", "r"];
    let results = json(&ssi(place.path(), &[&args[..], &KEY, &quick].concat()));
    let rows = results["estimates"].as_array().unwrap();
    let mut terms: Vec<&str> = rows
        .iter()
        .filter(|e| e["model"] == "contacts" && e["vcov"] == "hc3")
        .filter_map(|e| e["term"].as_str().filter(|term| term.starts_with("region")))
        .collect();
    terms.sort_unstable();
    terms.dedup();
    assert_eq!(terms, ["region(other)", "regionJP"], "against EU; LATAM is among the others");
}

#[test]
fn a_public_report_that_would_tell_of_single_respondents_is_refused() {
    let place = tempfile::tempdir().unwrap();
    planted(place.path());
    for (condition, says) in [
        ("region == \"EU\" && score_total >= 9", "smallest group"),
        ("region != \"ZQXMARKpalau\"", "fewer than 10 respondents are left out"),
    ] {
        let args = ["study", "c.csv", "--public", "--where", condition, "--resamples", "300"];
        let run = ssi(place.path(), &[&args[..], &KEY].concat());
        assert_eq!(run.code, 3, "{}", run.err);
        assert!(run.err.contains(says) && run.err.contains("local = true"), "{}", run.err);
        let ja = ssi(place.path(), &[&args[..], &KEY, &["--lang", "ja"]].concat());
        assert!(ja.err.contains("公開用のレポートは作成できません"), "{}", ja.err);
    }
    // A local one may be made, and does not set the two counts side by side.
    let args = ["study", "c.csv", "--where", "region != \"ZQXMARKpalau\"", "--resamples", "300"];
    let run = ssi(place.path(), &[&args[..], &KEY, &["--format", "json"]].concat());
    assert_eq!(json(&run)["study"]["filter"]["respondents_before"], serde_json::Value::Null);
}

#[test]
fn a_report_is_verified_without_the_key_and_rests_on_no_key() {
    let place = tempfile::tempdir().unwrap();
    planted(place.path());
    for (key, out) in [("key", "a"), ("other", "b")] {
        let args = ["study", "c.csv", "--pseudonymise", "--new-key", "--resamples", "300"];
        let more = ["--key-file", key, "--out", out];
        assert_eq!(ssi(place.path(), &[&args[..], &more].concat()).code, 0);
    }
    let read = |file: &str| fs::read(place.path().join(file)).unwrap();
    assert_ne!(read("key"), read("other"));
    assert_eq!(read("a/results.json"), read("b/results.json"));
    assert_eq!(read("a/manifest.json"), read("b/manifest.json"));
    let page = String::from_utf8(read("a/report.en.md")).unwrap();
    assert!(page.contains("--out reports/c --pseudonymise --key-file KEY\n"));
    let run = ssi(place.path(), &["verify", "a", "c.csv"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn a_key_is_asked_for_kept_out_of_the_report_and_not_made_unasked() {
    let place = tempfile::tempdir().unwrap();
    planted(place.path());
    let study =
        |more: &[&str]| ssi(place.path(), &[&["study", "c.csv", "--out", "r"], more].concat());
    assert_eq!(study(&["--pseudonymise"]).code, 2);
    assert_eq!(study(&["--key-file", "key"]).code, 2);
    let absent = study(&["--pseudonymise", "--key-file", "key"]);
    assert_eq!(absent.code, 1, "{}", absent.err);
    assert!(!place.path().join("key").exists());
    let inside = study(&["--pseudonymise", "--key-file", "r/key", "--new-key"]);
    assert_eq!(inside.code, 2, "{}", inside.err);
    assert!(inside.err.contains("report's folder") && !place.path().join("r").exists());
    fs::write(place.path().join("short"), "0123456789").unwrap();
    let short = study(&["--pseudonymise", "--key-file", "short", "--lang", "ja"]);
    assert_eq!(short.code, 2, "{}", short.err);
    assert!(short.err.contains("32バイト") && !short.err.contains("0123456789"), "{}", short.err);
}

#[test]
fn markup_in_the_names_of_groups_and_columns_means_itself() {
    let place = tempfile::tempdir().unwrap();
    let names = ["<img src=x onerror=alert(1)>", "a|b`c`", "=HYPERLINK(1)", "+cmd|'/C calc'!A1"];
    let mut csv =
        String::from("score_total,ssi_total,conn_display,region,<script>alert(2)</script>\n");
    for i in 0..80 {
        let (score, ssi) = (i * 8 % 21, 20 + i * 37 % 50);
        let name = names[i % 4];
        csv += &format!("{},{ssi},{},\"{name}\",x\n", score as f64 / 2.0, 20 + i);
    }
    fs::write(place.path().join("m.csv"), csv).unwrap();
    let args = ["study", "m.csv", "--out", "r", "--by", "region", "--resamples", "300"];
    let run = ssi(place.path(), &args);
    assert_eq!(run.code, 0, "{}", run.err);
    let read = |name: &str| fs::read_to_string(place.path().join("r").join(name)).unwrap();
    let page = read("index.html");
    assert!(page.contains("&lt;img src=x"), "the name is shown");
    assert!(!page.contains("<img src=x") && !page.contains("<script>alert"));
    for name in ["report.en.md", "report.ja.md"] {
        let text = read(name);
        assert!(text.contains("&lt;img src=x"), "{name}");
        assert!(!text.contains("<img src=x") && !text.contains("<script>alert"), "{name}");
        assert!(text.contains(r"a\|b\`c\`"), "{name}");
    }
    // Cells that begin as formulas do are excluded on reading, and none is written.
    assert_eq!(read("excluded.csv").lines().filter(|line| line.ends_with(",formula")).count(), 20);
    let estimates = read("estimates.csv");
    assert!(estimates.contains("region = +cmd|'/C calc'!A1"));
    for cell in estimates.lines().flat_map(|line| line.split(',')) {
        let is_number = cell.parse::<f64>().is_ok();
        assert!(is_number || !cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

/// A text that a spreadsheet would take for a formula is written with an apostrophe, and our own
/// reader takes it off again.
#[test]
fn a_formula_character_survives_writing_and_reading() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("g,x,-y\n");
    for i in 0..40 {
        csv += &format!("{},{i},{}\n", ["- none", "@home", "'=1"][i % 3], i * i % 17);
    }
    fs::write(place.path().join("t.csv"), csv).unwrap();
    let run = ssi(place.path(), &["cor", "t.csv", "-x=-y", "-yx", "--by", "g", "--format", "csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains(",'-y,"), "{}", run.out);
    assert!(run.out.lines().skip(1).all(|line| !line.split(',').any(|c| c == "-y")));
    fs::write(place.path().join("out.csv"), &run.out).unwrap();
    let again =
        ssi(place.path(), &["describe", "out.csv", "estimate", "--by", "x", "--format", "csv"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("x = -y"), "{}", again.out);
}

#[test]
fn a_check_repeats_no_identifier_and_no_free_text() {
    let place = tempfile::tempdir().unwrap();
    planted(place.path());
    let is_clean = |text: &str, what: &str| {
        let text = text.to_lowercase().replace("zqxmarktext", "");
        assert!(!text.contains(MARK), "{what}: {text}");
    };
    for format in ["table", "json", "csv", "markdown"] {
        let run = ssi(place.path(), &["check", "c.csv", "--format", format]);
        assert_eq!(run.code, 3, "{}", run.err);
        is_clean(&(run.out + &run.err), format);
        let clean = format!("{format}.csv");
        let args = ["check", "c.csv", "--format", format, "--clean", &clean];
        let run = ssi(place.path(), &[&args[..], &KEY].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        is_clean(&(run.out + &run.err), format);
    }
    let ledger = ["check", "c.csv", "--ledger", "ledger.csv", "--write-codebook", "book.json"];
    assert_eq!(ssi(place.path(), &[&ledger[..], &KEY].concat()).code, 0);
    for file in ["ledger.csv", "book.json"] {
        is_clean(&fs::read_to_string(place.path().join(file)).unwrap(), file);
    }
    // The clean file is the user's own: it has groups, and codes for identifiers.
    let clean = fs::read_to_string(place.path().join("csv.csv")).unwrap().to_lowercase();
    assert!(clean.starts_with("respondent_id,") && clean.contains("\np"), "{clean}");
    for kind in ["id", "name", "rater", "note"] {
        assert!(!clean.contains(&format!("{MARK}{kind}")), "{kind}");
    }
    assert!(
        !clean.contains("example.") && !clean.contains("090-") && !clean.contains("linkedin.com")
    );
}

#[test]
fn a_report_tells_nothing_of_who_made_the_codebook() {
    let place = tempfile::tempdir().unwrap();
    let args = ["simulate", "--n", "60", "--out", "s.csv"];
    assert_eq!(ssi(place.path(), &args).code, 0);
    let package = r#"{"name": "s", "description": "ZQXMARKabout",
        "contributors": [{"title": "ZQXMARKmaker", "email": "zqxmark@example.org"}],
        "resources": [{"name": "s", "path": "s.csv", "schema": {"missingValues": ["", "keine"],
            "fields": [{"name": "ssi_total", "type": "integer", "description": "ZQXMARKfield"},
                       {"name": "ZQXMARKnotes", "type": "string"}]}}]}"#;
    fs::write(place.path().join("datapackage.json"), package).unwrap();
    for public in [&["--public"][..], &[]] {
        let args = ["study", "s.csv", "--resamples", "300", "--out", "r"];
        let run = ssi(place.path(), &[&args[..], public].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let mut found = Vec::new();
        files(&place.path().join("r"), &mut found);
        for file in found {
            let bytes = fs::read(&file).unwrap();
            for mark in ["ZQXMARK", "zqxmark"] {
                assert!(!holds(&bytes, mark), "{}: {mark}", file.display());
            }
        }
        let run = ssi(place.path(), &["verify", "r", "s.csv"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    }
    let plan = fs::read_to_string(place.path().join("r/manifest.json")).unwrap();
    assert!(plan.contains("keine"), "what reading needs is kept: {plan}");
}

#[test]
fn a_condition_can_t_single_out_one_of_those_with_score_and_ssi() {
    let place = tempfile::tempdir().unwrap();
    // Eleven have no SSI, and one has the lowest: without them one point is gone.
    let mut csv = String::from("respondent_id,ssi_total,score_total\n");
    for i in 0..60 {
        let ssi = if i < 11 { String::new() } else { (8 + i).to_string() };
        csv += &format!("R{i},{ssi},{}\n", f64::from(i * 7 % 21) / 2.0);
    }
    fs::write(place.path().join("c.csv"), csv).unwrap();
    let args = ["study", "c.csv", "--public", "--resamples", "300", "--where", "ssi_total > 19"];
    let run = ssi(place.path(), &args);
    assert!(run.code == 3 && run.err.contains("fewer than 10 respondents"), "{}", run.err);
}
