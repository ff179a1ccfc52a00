use super::{json, names, ssi, survey};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SLUGS: [&str; 15] = [
    "bland_altman",
    "calibration",
    "coefficients",
    "correlations",
    "diagnostics",
    "item_curves",
    "missing",
    "models",
    "necessity",
    "network",
    "outreach",
    "resampling",
    "score_levels",
    "score_ssi",
    "shape",
];

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for name in names(dir) {
        let path = dir.join(&name);
        if path.is_dir() {
            for inner in names(&path) {
                all.insert(format!("{name}/{inner}"), fs::read(path.join(&inner)).unwrap());
            }
        } else {
            all.insert(name, fs::read(path).unwrap());
        }
    }
    all
}

#[test]
fn the_report_folder_holds_what_the_contract_says() {
    let place = tempfile::tempdir().unwrap();
    let run = ssi(place.path(), &["study", "--resamples", "300"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.err, "", "a pipe gets no progress bar");
    let report = place.path().join("reports/reference");
    let mut expected: Vec<String> = [
        "estimates.csv",
        "excluded.csv",
        "figures",
        "index.html",
        "manifest.json",
        "model.json",
        "report.en.md",
        "report.ja.md",
        "results.json",
        "summary.en.png",
        "summary.ja.png",
    ]
    .map(str::to_owned)
    .to_vec();
    assert_eq!(names(&report), expected);
    expected = SLUGS
        .iter()
        .flat_map(|s| ["en.png", "en.svg", "ja.png", "ja.svg"].map(|e| format!("{s}.{e}")))
        .collect();
    assert_eq!(names(&report.join("figures")), expected);
}

#[test]
fn synthetic_data_say_so_on_every_page() {
    let place = tempfile::tempdir().unwrap();
    assert_eq!(ssi(place.path(), &["study", "--resamples", "300"]).code, 0);
    let report = place.path().join("reports/reference");
    let read = |name: &str| fs::read_to_string(report.join(name)).unwrap();
    assert!(read("report.en.md").contains("SYNTHETIC"));
    assert!(read("report.ja.md").contains("合成データ"));
    assert!(read("index.html").contains("SYNTHETIC"));
    assert!(read("index.html").contains("合成データ"));
    assert!(read("model.json").contains("\"synthetic\": true"));
    let real = place.path().join("real.csv");
    fs::write(&real, survey(60)).unwrap();
    assert_eq!(ssi(place.path(), &["study", "real.csv", "--resamples", "300"]).code, 0);
    let page = fs::read_to_string(place.path().join("reports/real/index.html")).unwrap();
    assert!(!page.contains("SYNTHETIC"), "real data are not called synthetic");
}

#[test]
fn the_same_bytes_for_one_two_and_eight_threads() {
    let place = tempfile::tempdir().unwrap();
    let report = |threads: &str| {
        let args = ["study", "--resamples", "2000", "--threads", threads, "--out", threads];
        let run = ssi(place.path(), &args);
        assert_eq!(run.code, 0, "{}", run.err);
        files(&place.path().join(threads))
    };
    let one = report("1");
    for threads in ["2", "8"] {
        for (name, bytes) in report(threads) {
            assert!(one[&name] == bytes, "{name} differs on {threads} threads");
        }
    }
}

#[test]
fn verify_agrees_until_a_digit_is_changed() {
    let place = tempfile::tempdir().unwrap();
    assert_eq!(ssi(place.path(), &["study", "--resamples", "300"]).code, 0);
    let run = ssi(place.path(), &["verify", "reports/reference"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let estimates = place.path().join("reports/reference/estimates.csv");
    let text = fs::read_to_string(&estimates).unwrap();
    fs::write(&estimates, text.replacen('7', "8", 1)).unwrap();
    fs::write(place.path().join("reports/reference/note.txt"), "mine").unwrap();
    let run = ssi(place.path(), &["verify", "reports/reference", "--format", "json"]);
    assert_eq!(run.code, 1);
    let verdict: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let kinds: Vec<&str> = verdict["differences"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|d| d["kind"].as_str())
        .collect();
    assert_eq!(kinds, ["edited", "surplus"]);
}

#[test]
fn a_report_on_ones_own_survey_needs_that_survey_to_be_verified() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("mine.csv"), survey(60)).unwrap();
    assert_eq!(ssi(place.path(), &["study", "mine.csv", "--resamples", "300"]).code, 0);
    let without = ssi(place.path(), &["verify", "reports/mine"]);
    assert_eq!(without.code, 1);
    assert!(without.err.contains("mine.csv"), "{}", without.err);
    let with = ssi(place.path(), &["verify", "reports/mine", "mine.csv"]);
    assert_eq!(with.code, 0, "{}{}", with.out, with.err);
    fs::write(place.path().join("mine.csv"), survey(61)).unwrap();
    assert_eq!(ssi(place.path(), &["verify", "reports/mine", "mine.csv"]).code, 1);
}

#[test]
fn own_column_names_are_mapped() {
    let place = tempfile::tempdir().unwrap();
    let csv = survey(60).replacen("respondent_id,score_total,ssi_total", "ID,Check,指標", 1);
    fs::write(place.path().join("s.csv"), csv).unwrap();
    fs::write(place.path().join("plain.csv"), survey(60)).unwrap();
    let map = "score_total=Check,ssi_total=指標,respondent_id=ID";
    let args = ["study", "s.csv", "--map", map, "--resamples", "300", "--format", "json"];
    let mapped = json(&ssi(place.path(), &args));
    let args = ["study", "plain.csv", "--resamples", "300", "--format", "json"];
    let plain = json(&ssi(place.path(), &args));
    assert_eq!(mapped["estimates"], plain["estimates"]);
}

#[test]
fn the_plan_that_is_printed_is_the_plan_that_runs() {
    let place = tempfile::tempdir().unwrap();
    let printed = ssi(place.path(), &["study", "--write-plan", "--level", "0.9", "--seed", "5"]);
    assert_eq!(printed.code, 0);
    fs::write(place.path().join("p.toml"), &printed.out).unwrap();
    let args = ["study", "--plan", "p.toml", "--resamples", "300", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    assert_eq!(results["study"]["level"], 0.9);
    assert_eq!(results["study"]["seed"], 5);
    assert_eq!(
        results["estimates"].as_array().unwrap().iter().find(|e| e["method"] == "pearson").unwrap()
            ["conf_level"],
        0.9
    );
}

#[test]
fn the_reference_cohort_can_be_remade_from_its_seed() {
    let place = tempfile::tempdir().unwrap();
    let run = ssi(place.path(), &["simulate", "--n", "203", "--seed", "1"]);
    let committed = include_str!("../../datasets/reference/data.csv");
    assert_eq!(run.out, committed);
    assert_eq!(ssi(place.path(), &["simulate"]).out, committed, "and it is the default");
}

#[test]
fn a_template_is_written_once() {
    let place = tempfile::tempdir().unwrap();
    let run = ssi(place.path(), &["template", "--lang", "ja"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(names(place.path()), ["ssi-template.ja.csv", "ssi-template.ja.xlsx"]);
    assert_eq!(ssi(place.path(), &["template", "--lang", "ja"]).code, 1);
}

#[test]
fn ssi_alone_explains_itself() {
    let place = tempfile::tempdir().unwrap();
    let run = ssi(place.path(), &[]);
    assert_eq!(run.code, 0);
    for word in ["Social Selling Index", "study", "describe", "ssi study survey.xlsx"] {
        assert!(run.out.contains(word), "{word}");
    }
    assert!(!run.out.contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn a_filtered_study_is_about_the_respondents_that_are_left() {
    let place = tempfile::tempdir().unwrap();
    let args = ["study", "--where", "region == \"JP\"", "--resamples", "300", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    let facts = &results["study"];
    assert_eq!(facts["filter"]["respondents_before"], 203);
    let left = facts["input"]["respondents"].as_u64().unwrap();
    let primary =
        results["estimates"].as_array().unwrap().iter().find(|e| e["method"] == "pearson");
    let count = |key: &str| primary.unwrap()[key].as_u64().unwrap();
    assert_eq!(count("n_obs") + count("n_excluded"), left);
    assert!(left < 100, "{left}");
}

#[test]
fn a_small_group_is_not_shown_however_many_rows_it_has() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("respondent_id,score_total,ssi_total,region\n");
    for i in 0..60 {
        let region = ["A", "B", "C"][usize::from(i >= 12) + usize::from(i >= 40)];
        let score = match region {
            "A" if i < 3 => "5".to_owned(),
            "A" => String::new(),
            _ => format!("{}", i % 10),
        };
        csv += &format!("P{i},{score},{},{region}\n", 20 + i * 7 % 50);
    }
    fs::write(place.path().join("g.csv"), csv).unwrap();
    let args = ["study", "g.csv", "--by", "region", "--resamples", "300", "--format", "json"];
    let results = json(&ssi(place.path(), &args));
    let groups: Vec<&str> = results["estimates"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|e| e["group"].as_str())
        .collect();
    // A's three, which all less B and C would tell, stand together with the next smallest.
    assert_eq!(groups, ["region = B", "region = (other)"]);
}

#[test]
fn two_waves_of_the_same_people_are_not_taken_for_independent_respondents() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("respondent_id,wave,score_total,ssi_total,region\n");
    for i in 0..20 {
        for wave in ["pre", "post"] {
            let region = if i < 10 { "JP" } else { "EU" };
            csv += &format!("P{i},{wave},{},{},{region}\n", i % 10, 20 + i * 7 % 50);
        }
    }
    fs::write(place.path().join("w.csv"), csv).unwrap();
    let run = ssi(place.path(), &["study", "w.csv"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("pre") && run.err.contains("--where"), "{}", run.err);
    // Ten people twice are no more rows than the cohort has people.
    let run = ssi(place.path(), &["study", "w.csv", "--where", "region == \"JP\""]);
    assert_eq!(run.code, 2, "{}", run.err);
    let run =
        ssi(place.path(), &["study", "w.csv", "--where", "wave == \"pre\"", "--resamples", "300"]);
    assert_eq!(run.code, 0, "{}", run.err);
}
