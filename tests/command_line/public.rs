//! What a report for others tells of few: capped contacts, small shares, patterns, ratings; and that
//! it says the same as the local one of everybody.

use super::{json, ssi};
use serde_json::Value;
use std::fs;
use std::path::Path;

const K: u64 = 10;

fn study(place: &Path, csv: &str, more: &[&str]) -> Value {
    fs::write(place.join("c.csv"), csv).unwrap();
    let args = ["study", "c.csv", "--out", "r", "--resamples", "200", "--format", "json"];
    json(&ssi(place, &[&args[..], more].concat()))
}

fn report(place: &Path, lang: &str) -> String {
    fs::read_to_string(place.join(format!("r/report.{lang}.md"))).unwrap()
}

fn estimates(results: &Value) -> &Vec<Value> {
    results["estimates"].as_array().unwrap()
}

fn claim<'a>(results: &'a Value, id: &str) -> (&'a Value, Vec<&'a Value>) {
    let claim = results["claims"].as_array().unwrap().iter().find(|c| c["id"] == id).unwrap();
    let places = claim["estimates"].as_array().unwrap().iter().map(|i| i.as_u64().unwrap());
    (claim, places.map(|i| &estimates(results)[i as usize]).collect())
}

/// Users of whom so many are capped.
fn contacts(n: usize, capped: usize) -> String {
    let mut csv = "respondent_id,ssi_total,score_total,conn_display\n".to_owned();
    for i in 0..n {
        let score = (i * 3 % 14) as f64 / 2.0 + 2.0;
        let (ssi, shown) = match i < capped {
            true => (72 - i, "500+".to_owned()),
            false => (20 + i * 7 % 29, format!("{}", 93 + 7 * i)),
        };
        csv += &format!("U{i},{ssi},{score},{shown}\n");
    }
    csv
}

#[test]
fn few_with_500_contacts_are_no_group_of_a_public_report() {
    let place = tempfile::tempdir().unwrap();
    for (n, capped) in [(15, 1), (40, 9), (30, 21)] {
        let results = study(place.path(), &contacts(n, capped), &["--public"]);
        assert_eq!(results["drawings"]["necessity"], Value::Null, "{capped} of {n}");
        let text = results.to_string();
        for mark in ["conn_500plus", "at_cap", "\"capped\"", "conn_display <", "= 500+"] {
            assert!(!text.contains(mark), "{capped} of {n}: {mark}");
        }
        let of_contacts = |e: &&Value| e["x"] == "conn_display" && e["analysis"] == "necessity";
        let mut corner = estimates(&results).iter().chain(results["measures"].as_array().unwrap());
        assert_eq!(corner.find(of_contacts), None);
        for id in ["C6", "C8"] {
            let (claim, rows) = claim(&results, id);
            assert_eq!((&claim["verdict"], rows.len()), (&"inconclusive".into(), 0), "{id}");
        }
        let warned = |analysis: &str| {
            let wanted = |w: &&Value| w["analysis"] == analysis && w["why"] == "smallest_group";
            results["warnings"].as_array().unwrap().iter().any(|w| wanted(&w))
        };
        assert!(warned("contacts") && warned("necessity"));
        for (lang, words) in [
            ("en", ["with 500+ contacts stand", "Jump at 500+"]),
            ("ja", ["500+ 表示での段差", "500+ は"]),
        ] {
            for word in words {
                assert!(!report(place.path(), lang).contains(word), "{word}");
            }
        }
    }
    // Many are one, and so are nobody; a local report shows what its readers have.
    for (n, capped, flag) in [(60, 25, "--public"), (40, 0, "--public"), (40, 9, "--seed=1")] {
        let results = study(place.path(), &contacts(n, capped), &[flag]);
        assert_ne!(results["drawings"]["necessity"], Value::Null, "{capped} of {n}");
    }
}

#[test]
fn a_share_of_few_or_of_all_but_few_is_not_told() {
    let place = tempfile::tempdir().unwrap();
    // Of 60, of whom 25 are capped, so many have a high SSI.
    for (high, told) in [(1, false), (9, false), (10, true), (50, true), (51, false), (59, false)] {
        let mut csv = "respondent_id,ssi_total,score_total,conn_display\n".to_owned();
        for i in 0..60 {
            let ssi = if i < high { 55 + i % 9 } else { 20 + i % 23 };
            let shown = if i % 12 < 5 { "500+".to_owned() } else { (100 + i).to_string() };
            csv += &format!("U{i},{ssi},{},{shown}\n", (i * 3 % 19) as f64 / 2.0);
        }
        let results = study(place.path(), &csv, &["--public"]);
        let (c8, rows) = claim(&results, "C8");
        let shares: Vec<&&Value> = rows.iter().filter(|e| e["analysis"] == "rate").collect();
        assert_eq!(!shares.is_empty(), told, "{high}: {c8}");
        for share in shares {
            let n = share["n_obs"].as_u64().unwrap();
            assert!(n >= K && !(1..K).contains(&(60 - n)), "{high}");
        }
        for text in [format!("of {high} users"), format!("{high}人のうち")] {
            let said = ["en", "ja"].iter().any(|lang| report(place.path(), lang).contains(&text));
            assert!(told || !said, "{text}");
        }
    }
}

/// Contacts from 400 to 599, hours on both sides of a border, pillars of three decimals.
fn exact() -> String {
    let head = "ssi_total,ssi_brand,ssi_find,ssi_engage,ssi_build,score_total,conn_count,hours_prepared,years_on_linkedin";
    let mut csv = format!("{head}\n");
    for i in 0..400 {
        let pillar = |k: usize| ((i * k * 379 + 417) % 20_000) as f64 / 1000.0;
        let pillars = [1, 3, 7, 11].map(pillar);
        let ssi = pillars.iter().sum::<f64>().round();
        let hours = match i {
            0..100 => "5.6",
            100..203 => "7",
            _ => "",
        };
        let pillars = pillars.map(|p| format!("{p:.3}")).join(",");
        csv += &format!(
            "{ssi},{pillars},{},{},{hours},{:.2}\n",
            (i * 8 % 21) as f64 / 2.0,
            400 + i % 200,
            1.0 + (i % 97) as f64 / 9.0
        );
    }
    csv
}

#[test]
fn a_public_report_has_the_verdicts_counts_and_estimates_of_the_exact_numbers() {
    let place = tempfile::tempdir().unwrap();
    let local = study(place.path(), &exact(), &[]);
    let public = study(place.path(), &exact(), &["--public"]);
    assert_eq!(local["claims"], public["claims"]);
    let verdict = |id: &str| claim(&public, id).0["verdict"].as_str().unwrap().to_owned();
    assert_eq!((verdict("C5"), verdict("C11")), ("inconclusive".into(), "inconclusive".into()));
    assert_eq!(claim(&public, "C5").1[0]["n_obs"], 100);
    // Smallest, largest and middle values of pillars and years are somebody's own.
    let single = ["min", "q1", "median", "q3", "max"];
    for (here, there) in estimates(&local).iter().zip(estimates(&public)) {
        let fine = here["term"].as_str().is_some_and(|t| t.starts_with("ssi_") && t != "ssi_total")
            || here["term"] == "years_on_linkedin";
        let own = here["analysis"] == "description" && single.iter().any(|m| here["method"] == *m);
        if fine && own {
            let value = there["estimate"].as_f64().unwrap();
            assert_eq!((value * 4.0).fract(), 0.0, "{there}");
        } else {
            assert_eq!(here, there);
        }
    }
    assert_eq!(estimates(&local).len(), estimates(&public).len());
    let run = ssi(place.path(), &["verify", "r", "c.csv"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn a_public_report_draws_coarse_dots_and_saves_no_fine_number() {
    let place = tempfile::tempdir().unwrap();
    let plan = "[primary]\nx = \"years_on_linkedin\"\ny = \"ssi_brand\"\n";
    fs::write(place.path().join("p.toml"), plan).unwrap();
    let results = study(place.path(), &exact(), &["--public", "--plan", "p.toml"]);
    let whole = |values: &Value| {
        let values = values.as_array().unwrap();
        values.len() > 50 && values.iter().all(|v| v.as_f64().unwrap().fract() == 0.0)
    };
    for figure in ["score_ssi", "shape"] {
        let points = &results["drawings"][figure]["points"];
        assert!(whole(&points["x"]) && whole(&points["y"]), "{figure}");
    }
    for level in results["drawings"]["score_levels"]["levels"].as_array().unwrap() {
        let values = level["values"].as_array().unwrap();
        assert!(values.iter().all(|v| v.as_f64().unwrap().fract() == 0.0));
    }
    // A fitted value and its residual make an outcome.
    let residuals = &results["drawings"]["diagnostics"]["residuals"];
    let at = |axis: &str, i: usize| residuals[axis][i].as_f64().unwrap();
    for i in 0..residuals["x"].as_array().unwrap().len() {
        let y = at("x", i) + at("y", i);
        assert!((y - y.round()).abs() < 1e-6, "{y}");
    }
    let model = fs::read_to_string(place.path().join("r/model.json")).unwrap();
    let model: Value = serde_json::from_str(&model).unwrap();
    for end in model["training_range"]["years_on_linkedin"].as_array().unwrap() {
        assert_eq!(end.as_f64().unwrap().fract(), 0.0);
    }
}

#[test]
fn no_public_report_has_groups_by_capped_contacts() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("c.csv"), contacts(80, 30)).unwrap();
    let args = ["study", "c.csv", "--out", "r", "--resamples", "200", "--by", "conn_display"];
    let run = ssi(place.path(), &[&args[..], &["--public"]].concat());
    assert!(run.code == 3 && run.err.contains("leave out --by conn_display"), "{}", run.err);
    assert!(!place.path().join("r").exists());
    assert_eq!(ssi(place.path(), &args).code, 0);
}

#[test]
fn groups_by_a_day_are_groups_by_a_month() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = "ssi_total,score_total,ssi_date\n".to_owned();
    for i in 0..90 {
        let (ssi, score) = (20 + i * 37 % 50, (i * 8 % 21) as f64 / 2.0);
        csv += &format!("{ssi},{score},2018-0{}-{:02}\n", 5 + i % 3, 3 + i % 2);
    }
    let results = study(place.path(), &csv, &["--public", "--by", "ssi_date"]);
    let groups: Vec<&str> =
        estimates(&results).iter().filter_map(|e| e["group"].as_str()).collect();
    assert_eq!(groups, ["ssi_date = 2018-05", "ssi_date = 2018-06", "ssi_date = 2018-07"]);
    for lang in ["en", "ja"] {
        assert!(!report(place.path(), lang).contains("2018-05-0"));
    }
}

#[test]
fn few_with_two_raters_or_with_gaps_are_not_counted() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = "respondent_id,rater_id,ssi_total,score_total\n".to_owned();
    for i in 0..90 {
        let ssi = if i < 3 { String::new() } else { (20 + i * 37 % 50).to_string() };
        let score = (i * 8 % 21) as f64 / 2.0;
        csv += &format!("P{i},A,{ssi},{score}\n");
        if (10..15).contains(&i) {
            csv += &format!("P{i},B,{ssi},{score}\n");
        }
    }
    let results = study(place.path(), &csv, &["--public"]);
    let input = &results["study"]["input"];
    assert_eq!((&input["rated_twice"], &input["rows_read"]), (&Value::Null, &Value::Null));
    assert!(
        results["changes"].as_array().into_iter().flatten().all(|c| c["rule"] != "raters_averaged")
    );
    assert_eq!(results["drawings"]["missing"], Value::Null);
    let (en, ja) = (report(place.path(), "en"), report(place.path(), "ja"));
    assert!(en.contains("Some of them, fewer than 10, were scored by two raters or more"), "{en}");
    assert!(ja.contains("このうち10人未満は2人以上の評定者が採点"), "{ja}");
    for text in [&en, &ja] {
        assert!(!text.contains("95 ") && !text.contains("95行"), "{text}");
    }
    let local = study(place.path(), &csv, &[]);
    let input = &local["study"]["input"];
    assert_eq!((&input["rated_twice"], &input["rows_read"]), (&5.into(), &95.into()));
    assert_ne!(local["drawings"]["missing"], Value::Null);
}

#[test]
fn a_group_that_is_called_other_is_one_with_the_others() {
    let place = tempfile::tempdir().unwrap();
    for name in ["(other)", "その他"] {
        let mut csv = "ssi_total,score_total,conn_display,region\n".to_owned();
        for i in 0..90 {
            let region = match i {
                0..40 => "EU",
                40..62 => name,
                62..68 => "Nauru",
                68..74 => "Palau",
                _ => "JP",
            };
            let shown = if i % 3 == 0 { "500+".to_owned() } else { (80 + i).to_string() };
            let (ssi, score) = (20 + i * 37 % 50, (i * 8 % 21) as f64 / 2.0);
            csv += &format!("{ssi},{score},{shown},{region}\n");
        }
        let results = study(place.path(), &csv, &["--public", "--by", "region"]);
        let groups: Vec<(&str, u64)> = estimates(&results)
            .iter()
            .filter_map(|e| Some((e["group"].as_str()?, e["n_obs"].as_u64()?)))
            .filter(|(group, _)| group.starts_with("region"))
            .collect();
        assert_eq!(groups, [("region = EU", 40), ("region = JP", 16), ("region = (other)", 34)]);
        assert!(estimates(&results).iter().any(|e| e["term"] == "region(other)"), "{name}");
    }
}

#[test]
fn rows_that_are_no_answers_are_named_and_all_parts_add_up() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = "respondent_id,ssi_total,score_total\n".to_owned();
    for i in 0..29 {
        csv += &format!("P{i},{},{}\n", 20 + i * 37 % 50, (i * 8 % 21) as f64 / 2.0);
    }
    // One again, three that can't be read, and a total.
    csv += "P3,61,1.5\nX1,250,3\nX2,40,77\nX3,-4,2\n合計,900,100\n";
    let results = study(place.path(), &csv.replace("P3,61,1.5\n", ""), &[]);
    assert_eq!(results["study"]["input"]["rows_dropped"], 1);
    let row = csv.lines().find(|line| line.starts_with("P3,")).unwrap().to_owned();
    let results = study(place.path(), &csv.replace("P3,61,1.5", &row), &[]);
    let input = &results["study"]["input"];
    let n = |name: &str| input[name].as_u64().unwrap();
    assert_eq!((n("rows_read"), n("rows_excluded"), n("rows_dropped")), (34, 3, 2), "{input}");
    let en = report(place.path(), "en");
    let says = "The file has 34 data rows: 3 were left out whole, 2 are no answers (totals or repeated rows), and the other 29 describe 29 respondents.";
    assert!(en.contains(says) && en.contains("Rows that are no answers"), "{en}");
    let ja = report(place.path(), "ja");
    let says = "データは34行で、このうち3行は行全体を除外し、2行は合計行や重複した行のため回答に数えていません。残りの29行の回答者は29人です。";
    assert!(ja.contains(says) && ja.contains("回答に数えない行"), "{ja}");
}

#[test]
fn each_group_of_a_local_report_has_its_own_number_left_out() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = "ssi_total,score_total,region\n".to_owned();
    for i in 0..90 {
        let ssi = if i % 15 == 0 { String::new() } else { (20 + i * 37 % 50).to_string() };
        let region = ["EU", "JP", "LATAM"][i / 30];
        let ssi = if region == "JP" { (20 + i % 31).to_string() } else { ssi };
        csv += &format!("{ssi},{},{region}\n", (i * 8 % 21) as f64 / 2.0);
    }
    let left_out = |more: &[&str]| -> Vec<u64> {
        let results = study(place.path(), &csv, &[&["--by", "region"], more].concat());
        let rows = estimates(&results).iter().filter(|e| e["group"].is_string());
        rows.map(|e| e["n_excluded"].as_u64().unwrap()).collect()
    };
    assert_eq!(left_out(&[]), [2, 0, 2]);
    assert_eq!(left_out(&["--public"]), [4, 4, 4]);
    assert!(report(place.path(), "en").contains("counted for all groups together"));
}
