//! The claims ledger and the necessary condition analysis, from the command line.

use super::{json, ssi, survey};
use serde_json::Value;
use std::path::Path;

const SLIM: [&str; 4] = ["--resamples", "200", "--format", "json"];

/// The claims of a study, by id.
fn claims(place: &Path, args: &[&str]) -> Vec<(String, Value)> {
    let run = ssi(place, &[&["study"], args, &SLIM, &["--out", "report"]].concat());
    let results = json(&run);
    let of = |c: &Value| (c["id"].as_str().unwrap().to_owned(), c.clone());
    results["claims"].as_array().unwrap().iter().map(of).collect()
}

fn verdicts(claims: &[(String, Value)], wanted: &[&str]) -> Vec<String> {
    let of = |id: &&str| {
        let claim = &claims.iter().find(|(name, _)| name == id).unwrap().1;
        claim["verdict"].as_str().unwrap().to_owned()
    };
    wanted.iter().map(of).collect()
}

fn simulated(place: &Path, variant: &str) -> String {
    let file = format!("{variant}.csv");
    let args = ["simulate", "--variant", variant, "--n", "600", "--seed", "3", "--out", &file];
    assert_eq!(ssi(place, &args).code, 0);
    file
}

#[test]
fn each_verdict_can_come_out_the_other_way() {
    let place = tempfile::tempdir().unwrap();
    let ids = ["C7", "C8", "C8b", "C9"];
    for (variant, expected) in [
        ("null", ["contradicted", "supported", "contradicted", "contradicted"]),
        ("strong", ["supported", "supported", "supported", "supported"]),
        ("necessity", ["supported", "contradicted", "inconclusive", "contradicted"]),
    ] {
        let file = simulated(place.path(), variant);
        let found = claims(place.path(), &[&file]);
        assert_eq!(verdicts(&found, &ids), expected, "{variant}");
    }
}

#[test]
fn every_claim_is_there_and_says_what_it_needs() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("respondent_id,ssi_total,score_total\n");
    for i in 0..60 {
        csv += &format!("R{i},{},{}\n", 20 + i % 37, f64::from(i % 21) / 2.0);
    }
    std::fs::write(place.path().join("bare.csv"), &csv).unwrap();
    let found = claims(place.path(), &["bare.csv"]);
    let mut ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    ids.sort_unstable();
    let mut all =
        ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C8b", "C9", "C10", "C11", "C12"];
    all.sort_unstable();
    assert_eq!(ids, all);
    let needs = |id: &str| {
        let claim = &found.iter().find(|(name, _)| name == id).unwrap().1;
        assert_eq!(claim["verdict"], "not_testable", "{claim}");
        claim["needs"].as_str().unwrap().to_owned()
    };
    for (id, column) in [
        ("C3", "last_active"),
        ("C5", "conn_count"),
        ("C6", "conn_display"),
        ("C8", "conn_display"),
        ("C8b", "conn_display"),
        ("C10", "rater_id"),
        ("C11", "hours_prepared"),
    ] {
        assert_eq!(needs(id), column);
    }
}

#[test]
fn other_columns_make_more_claims_testable() {
    let place = tempfile::tempdir().unwrap();
    let head = "respondent_id,ssi_total,score_total,conn_display,conn_count,hours_prepared\n";
    let mut csv = String::from(head);
    for i in 0..120_u32 {
        // Most stand just above 500; everybody took seven to nine hours.
        let count = if i % 4 == 0 { 480 + i % 15 } else { 500 + i % 20 };
        let shown = if count >= 500 { "500+".to_owned() } else { count.to_string() };
        let (ssi, score, hours) = (20 + i % 41, f64::from(i % 21) / 2.0, 7 + i % 3);
        csv += &format!("R{i},{ssi},{score},{shown},{count},{hours}\n");
    }
    std::fs::write(place.path().join("more.csv"), &csv).unwrap();
    let found = claims(place.path(), &["more.csv"]);
    assert_eq!(verdicts(&found, &["C5", "C11"]), ["supported", "supported"]);
    let body = csv.replace(head, "");
    let all = body.lines().map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{},{},{},500+\n", cells[0], cells[1], cells[2])
    });
    let all =
        format!("respondent_id,ssi_total,score_total,conn_display\n{}", all.collect::<String>());
    std::fs::write(place.path().join("all.csv"), &all).unwrap();
    let found = claims(place.path(), &["all.csv"]);
    let of = |id: &str| &found.iter().find(|(name, _)| name == id).unwrap().1;
    assert_eq!(of("C8")["because"], "everybody_capped");
    let none = all.replace("500+", "80");
    std::fs::write(place.path().join("none.csv"), none).unwrap();
    let found = claims(place.path(), &["none.csv"]);
    let of = |id: &str| &found.iter().find(|(name, _)| name == id).unwrap().1;
    assert_eq!(of("C6")["because"], "nobody_capped");
    // Who has a high SSI without 500 contacts refutes the condition, whoever else has them.
    assert_eq!(of("C8")["verdict"], "supported");
}

#[test]
fn a_pair_of_ones_own_comes_first_and_the_articles_claim_stays() {
    let place = tempfile::tempdir().unwrap();
    let plan = "[primary]\nx = \"years_on_linkedin\"\n";
    std::fs::write(place.path().join("own.toml"), plan).unwrap();
    let found = claims(place.path(), &["--plan", "own.toml"]);
    assert_eq!((found[0].0.as_str(), found.len()), ("primary", 14));
    assert_eq!(verdicts(&found, &["primary", "C7"]), ["contradicted", "supported"]);
}

fn oracle() -> Value {
    serde_json::from_str(include_str!("../oracles/shares.py.json")).unwrap()
}

fn near(ours: &Value, theirs: &Value, what: &str) {
    let (a, b) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
    assert!((a - b).abs() <= 1e-9 * b.abs(), "{what}: {a} instead of {b}");
}

#[test]
fn pillars_share_the_covariance_and_contacts_and_score_add_to_r_squared() {
    let place = tempfile::tempdir().unwrap();
    let results = json(&ssi(place.path(), &[&["study"][..], &SLIM, &["--out", "r"]].concat()));
    let oracle = oracle();
    let rows = results["estimates"].as_array().unwrap();
    let held = |row: &Value| {
        let of = |name: &str| row[name].as_f64().unwrap();
        assert!(of("conf_low") < of("estimate") && of("estimate") < of("conf_high"), "{row}");
    };
    for (pillar, share) in oracle["covariance"]["shares"].as_object().unwrap() {
        let own = |r: &&Value| r["method"] == "covariance_share" && r["y"] == pillar.as_str();
        let row = rows.iter().find(own).unwrap();
        near(&row["estimate"], share, pillar);
        assert_eq!(row["n_obs"], oracle["covariance"]["n"]);
        held(row);
    }
    for (term, name) in [
        ("delta_r_squared(conn_log2 + conn_500plus | score_total)", "contacts"),
        ("delta_r_squared(score_total | conn_log2 + conn_500plus)", "score"),
    ] {
        let row = rows.iter().find(|r| r["term"] == term).unwrap();
        near(&row["estimate"], &oracle["delta_r_squared"][name], name);
        held(row);
    }
    let peers = results["measures"].as_array().unwrap();
    for condition in ["conn_display", "score_total"] {
        let begins = |start: &str| {
            let of =
                |r: &&Value| r["x"] == condition && r["term"].as_str().unwrap().starts_with(start);
            peers.iter().filter(of).count()
        };
        assert!(begins("bottleneck(") >= 11 && begins("without (") >= 2, "{condition}");
    }
}

#[test]
fn people_seen_before_and_after_a_training_tell_how_much_they_changed() {
    let place = tempfile::tempdir().unwrap();
    let row = |i: u32, wave: &str| {
        let (before, hours) = (20 + i * 7 % 23, 2 + i % 9);
        let after = before + 3 * hours / 4 + i * i % 5 - 1;
        let ssi = if wave == "研修前" { before } else { after };
        format!("R{i},{wave},{ssi},{},{hours}\n", f64::from(i * 3 % 21) / 2.0)
    };
    let file = |last: u32| {
        let mut csv = String::from("respondent_id,wave,ssi_total,score_total,hours_trained\n");
        (0..40).for_each(|i| csv += &row(i, "研修前"));
        (0..last).for_each(|i| csv += &row(i, "研修後"));
        std::fs::write(place.path().join("waves.csv"), csv).unwrap();
    };
    let c11 = |more: &[&str]| -> Vec<Value> {
        let base = ["study", "waves.csv", "--out", "r", "--where"];
        let results = json(&ssi(place.path(), &[&base[..], more, &SLIM].concat()));
        let claims = results["claims"].as_array().unwrap();
        let claim = claims.iter().find(|c| c["id"] == "C11").unwrap();
        let rows = claim["estimates"].as_array().unwrap().iter();
        rows.map(|i| results["estimates"][i.as_u64().unwrap() as usize].clone()).collect()
    };
    file(40);
    let (rows, oracle) = (c11(&["wave == \"研修前\""]), oracle());
    let oracle = &oracle["training"];
    near(&rows[0]["estimate"], &oracle["gain"], "gain");
    near(&rows[0]["std_error"], &oracle["gain_se"], "its error");
    near(&rows[1]["estimate"], &oracle["by_hour"], "by the hour");
    near(&rows[1]["std_error"], &oracle["by_hour_se"], "its error");
    // Only who is in the study counts, whichever wave it is about.
    assert_eq!(c11(&["wave == \"研修後\" && hours_trained < 8"])[0]["n_obs"], 28);
    let page = std::fs::read_to_string(place.path().join("r/report.ja.md")).unwrap();
    assert!(page.contains("研修の効果とは言えません"), "{page}");
    file(9);
    let few = c11(&["wave == \"研修前\""]);
    assert_eq!((few.len(), &few[0]["note"]), (1, &Value::from("too_few")));
    assert!(few[0]["estimate"].is_null() && few[0]["y"] == "ssi_change");
    let said = |page: &str| std::fs::read_to_string(place.path().join("r").join(page)).unwrap();
    assert!(said("report.ja.md").contains("どう変わったかは求められません（回答者が少なすぎる）"));
    assert!(said("report.en.md").contains("can't be told: too few respondents."));
}

#[test]
fn what_contacts_add_is_told_or_why_it_is_not() {
    let place = tempfile::tempdir().unwrap();
    let c8 = |contacts: &dyn Fn(usize) -> String| -> (Vec<Value>, String) {
        let row = |(i, line): (usize, &str)| match i {
            0 => format!("{line},conn_display\n"),
            i => format!("{line},{}\n", contacts(i)),
        };
        let csv: String = survey(60).lines().enumerate().map(row).collect();
        std::fs::write(place.path().join("c.csv"), csv).unwrap();
        let results =
            json(&ssi(place.path(), &[&["study", "c.csv", "--out", "r"][..], &SLIM].concat()));
        let claim = results["claims"].as_array().unwrap().iter().find(|c| c["id"] == "C8").unwrap();
        let rows = claim["estimates"].as_array().unwrap().iter();
        let rows = rows.map(|i| results["estimates"][i.as_u64().unwrap() as usize].clone());
        let rows = rows.filter(|r| r["analysis"] == "regression").collect();
        (rows, std::fs::read_to_string(place.path().join("r/report.ja.md")).unwrap())
    };
    // Nobody at the cap: the step at it explains nothing, and the counts below it are looked at alone.
    let (rows, page) = c8(&|i| (40 + i * 17 % 300).to_string());
    assert_eq!(rows[0]["term"], "delta_r_squared(conn_log2 | score_total)");
    assert!(rows[0]["estimate"].is_f64() && rows[1]["estimate"].is_f64(), "{rows:?}");
    assert!(page.contains("得点に加えてつながりで新たに説明できるのは"), "{page}");
    let (rows, page) = c8(&|_| "120".to_owned());
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|r| r["estimate"].is_null() && r["note"] == "constant_column"));
    assert!(page.contains("それぞれ加える説明力は求められません（値が一定の列がある）"), "{page}");
}

#[test]
fn no_report_has_a_placeholder_left() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("whole.csv");
    assert_eq!(ssi(place.path(), &["simulate", "--out", "whole.csv"]).code, 0);
    let text = std::fs::read_to_string(&path).unwrap();
    let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    for dropped in ["", "conn_display", "session_id", "rater_id", "ssi_find", "region"] {
        let keep: Vec<usize> = (0..head.len()).filter(|i| head[*i] != dropped).collect();
        let line = |line: &str| -> String {
            let cells: Vec<&str> = line.split(',').collect();
            keep.iter().map(|i| cells[*i]).collect::<Vec<_>>().join(",") + "\n"
        };
        // Without raters a respondent stands once.
        let once = |i: &usize| dropped != "rater_id" || *i < 150;
        let lines = text.lines().enumerate().filter(|(i, _)| once(i)).map(|(_, l)| line(l));
        std::fs::write(place.path().join("part.csv"), lines.collect::<String>()).unwrap();
        let args = ["study", "part.csv", "--resamples", "200", "--out", "report"];
        let run = ssi(place.path(), &args);
        assert_eq!(run.code, 0, "{dropped}: {}", run.err);
        for lang in ["en", "ja"] {
            let page = place.path().join(format!("report/report.{lang}.md"));
            let page = std::fs::read_to_string(page).unwrap();
            let open = page.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
            let name = |text: &str| {
                !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            };
            let left: Vec<&str> = open.map(|(text, _)| text).filter(|text| name(text)).collect();
            assert!(left.is_empty(), "{dropped} {lang}: {left:?}");
        }
    }
}

#[test]
fn raters_are_read_as_the_cohort_is_whatever_the_export() {
    let place = tempfile::tempdir().unwrap();
    let args = ["simulate", "--n", "150", "--out", "plain.csv"];
    assert_eq!(ssi(place.path(), &args).code, 0);
    let text = std::fs::read_to_string(place.path().join("plain.csv")).unwrap();
    let (head, body) = text.split_once('\n').unwrap();
    let head = head.replace("respondent_id", "回答者ID").replace("ssi_total", "SSIスコア");
    let head = head.replace("score_total", "合計点").replace("item_photo", "顔写真");
    // A title row, Japanese headers, full-width scores.
    let export = format!("調査結果\n{head}\n{}", body.replace(",0.5,", ",０．５,"));
    std::fs::write(place.path().join("export.csv"), export).unwrap();
    let c10 = |file: &str, more: &[&str]| {
        let found = claims(place.path(), &[&[file][..], more].concat());
        let claim = found.into_iter().find(|(id, _)| id == "C10").unwrap().1;
        (claim["verdict"].clone(), claim["rule"].clone())
    };
    let plain = c10("plain.csv", &[]);
    assert_eq!(plain.0, "supported");
    assert_eq!(c10("export.csv", &[]), plain);
    // A filter takes the respondents' raters with them.
    assert_eq!(c10("plain.csv", &["--where", "n_raters < 2"]).0, "not_testable");
}

#[test]
fn counts_of_ones_own_replace_the_articles() {
    let place = tempfile::tempdir().unwrap();
    let plan = "[outreach]\nvisited = 400\ninvited = 40\nelsewhere_visited = [300, 300]\n\
                elsewhere_rate = [0.01, 0.01]\n[network]\ncontacts = 2000\nshare = 0.08\n";
    std::fs::write(place.path().join("own.toml"), plan).unwrap();
    let found = claims(place.path(), &["--plan", "own.toml"]);
    assert_eq!(verdicts(&found, &["C1", "C2", "C4"]), ["contradicted"; 3]);
    let sources: Vec<&Value> = found
        .iter()
        .filter(|(id, _)| id == "C1" || id == "C4")
        .map(|(_, c)| &c["source"])
        .collect();
    assert_eq!(sources, ["plan", "plan"]);
    std::fs::write(place.path().join("bad.toml"), "[outreach]\nvisited = 3\ninvited = 4\n")
        .unwrap();
    let run = ssi(place.path(), &["study", "--plan", "bad.toml"]);
    assert!(run.code == 2 && run.err.contains("`outreach.invited`"), "{} {}", run.code, run.err);
}

#[test]
fn necessity_reads_any_table_and_never_takes_a_cap_for_a_number() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("a,b,c,w,k\n");
    for i in 0..60 {
        let shown = if i % 3 == 0 { "500+".to_owned() } else { (i * 7 % 490).to_string() };
        csv += &format!("{i},{},{shown},word,4\n", (i * 13 % 40).min(i + 5));
    }
    std::fs::write(place.path().join("t.csv"), csv).unwrap();
    let base = ["necessity", "t.csv", "-x"];
    let run = |more: &[&str]| ssi(place.path(), &[&base[..], more, &SLIM].concat());
    let found = json(&run(&["c", "-y", "b", "--counterexamples", "30,500"]));
    let rows = found["estimates"].as_array().unwrap();
    let of = |method: &str, test: Value| {
        rows.iter().find(|r| r["method"] == method && r["p_method"] == test).unwrap()
    };
    let steps = of("ce_fdh", "copula".into());
    assert_eq!(steps["estimate"], of("ce_fdh", "permutation".into())["estimate"]);
    assert!(steps["conf_low"].is_null() && steps["p_value"].is_f64());
    let exact = of("counterexamples", Value::Null);
    assert_eq!(exact["conf_method"], "clopper_pearson");
    // The cap ends the scope: what takes most takes the cap, which is said and not exceeded.
    for row in found["measures"].as_array().unwrap() {
        let bottleneck = row["term"].as_str().unwrap().starts_with("bottleneck");
        assert!(!bottleneck || row["estimate"].as_f64().is_none_or(|x| x <= 500.0), "{row}");
        let at_cap = bottleneck && row["estimate"] == 500.0;
        assert!(!at_cap || row["note"] == "at_cap", "{row}");
    }
    // The scale of a count begins at 0 and ends at the cap.
    let wide = json(&run(&["c", "-y", "b", "--scope", "theoretical", "--scope-y", "0,100"]));
    let of = |found: &Value| found["estimates"][0]["estimate"].as_f64().unwrap();
    assert!(of(&wide) > of(&found));
    for (args, code, says) in [
        (&["a", "-y", "q"][..], 2, "no column"),
        (&["a", "-y", "w"], 2, "`w`"),
        (&["k", "-y", "b"], 1, "`k`"),
        (&["a", "-y", "c"], 2, "`c`"),
        (&["a", "-y", "b", "--scope", "theoretical"], 2, "--scope-x"),
        (&["a", "-y", "b", "--scope-x", "0,10"], 2, "--scope theoretical"),
        (&["a", "-y", "b", "--counterexamples", "5"], 2, "two numbers"),
        (
            &["a", "-y", "b", "--scope", "theoretical", "--scope-x", "0,10", "--scope-y", "0,100"],
            2,
            "the scope of the condition",
        ),
    ] {
        let run = run(args);
        assert_eq!(run.code, code, "{args:?}: {}", run.err);
        assert!(run.err.contains(says), "{args:?}: {}", run.err);
        let ja = ssi(place.path(), &[&base[..], args, &["--lang", "ja"]].concat());
        assert!(ja.err.chars().any(|c| ('ぁ'..='ん').contains(&c)), "{args:?}: {}", ja.err);
    }
}
