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
        &["y ~ x + log10(conn)", "--capped", "impute", "--at", "conn=300"],
        &["y ~ x", "--model", "lasso", "--lower", "0"],
        &["y ~ x", "--model", "quantile", "--interval", "conformal_quantile"],
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

/// Term, value, interval's name, interval.
type Predicted = (String, f64, String, Option<(f64, f64)>);

/// The predictions of a command.
fn predictions(args: &[&str]) -> Vec<Predicted> {
    let found = json(&run(&[args, &["--format", "json"]].concat()));
    let rows = found["predictions"].as_array().unwrap().clone();
    let one = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let ends = row["conf_low"].as_f64().zip(row["conf_high"].as_f64());
        assert!(ends.is_some() || row["note"].is_string(), "{row}");
        (text("term"), row["estimate"].as_f64().unwrap(), text("conf_method"), ends)
    };
    rows.iter().map(one).collect()
}

#[test]
fn every_model_predicts_at_chosen_values() {
    for (formula, model, more, expected) in [
        ("y ~ x", "huber", &[][..], &["mean_t"][..]),
        ("y ~ x", "bisquare", &["--se", "sandwich"], &["mean_t"]),
        ("y ~ x", "mm", &[], &["mean_t"]),
        ("y ~ x", "theil_sen", &["--resamples", "200"], &["percentile"]),
        ("y ~ x", "quantile", &["--tau", "0.25"], &["rank"]),
        (
            "y ~ x",
            "quantile",
            &["--se", "nid", "--interval", "conformal_quantile,cv_plus_quantile", "--level", "0.8"],
            &["nid", "conformal_quantile", "cv_plus_quantile"],
        ),
        (
            "y ~ x",
            "tobit",
            &["--upper", "10"],
            &["mean_normal", "delta", "link_normal", "prediction_normal"],
        ),
        ("b ~ x", "logistic", &[], &["link_normal"]),
        ("b ~ x", "firth", &[], &["link_normal"]),
        ("b ~ x", "ordinal", &[], &["delta_logit", "delta_logit"]),
        ("y ~ x", "fractional", &["--lower", "0", "--upper", "50"], &["link_normal"]),
        ("y ~ x", "beta", &["--lower", "0", "--upper", "50"], &["link_normal", "prediction_beta"]),
        ("y ~ x", "ridge", &[], &[""]),
        ("y ~ x", "lasso", &["--resamples", "20"], &[""]),
        ("y ~ x", "isotonic", &["--resamples", "99"], &[""]),
        ("y ~ x", "mixed", &["--random", "s"], &["mean_t", "prediction_new_group"]),
    ] {
        let rows = predictions(&[&[formula, "--model", model, "--at", "x=7"], more].concat());
        let methods: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
        assert_eq!(methods, expected, "{model}");
        for (term, value, method, ends) in rows {
            assert!(term.contains("x = 7"), "{term}");
            let inside = ends.is_none_or(|(low, high)| low <= value && value <= high);
            assert!(inside, "{model} {method}: {value} {ends:?}");
        }
    }
}

#[test]
fn a_cap_is_named_as_the_file_writes_it() {
    let at = |text: &str| {
        predictions(&["y ~ x + log10(conn)", "--capped", "indicator", "--at", text]).remove(0)
    };
    let (below, cap) = (at("conn=300"), at("conn=500+"));
    assert_eq!(below.0, "conn = 300, conn_capped = 0");
    assert_eq!(cap.0, "conn = 500, conn_capped = 1");
    let own = at("conn=500,conn_capped=1");
    assert_eq!((own.1, own.3), (cap.1, cap.3));
}

#[test]
fn clusters_are_validated_drawn_and_surrounded_whole() {
    let run = |more: &[&str]| {
        let args = [&["y ~ x + C(g)", "--se", "cluster:s", "--format", "json"], more].concat();
        json(&run(&args))
    };
    let found = run(&["--cross-validate", "--importance", "--resamples", "200"]);
    let rows = found["measures"].as_array().unwrap();
    let of = |term: &str| rows.iter().find(|row| row["term"] == term).unwrap();
    for term in ["cv_r_squared", "cv_rmse", "lmg(x)"] {
        assert_eq!(of(term)["vcov"], "cluster:s", "{}", of(term));
    }
    assert!(of("lmg(x)")["conf_method"].as_str().unwrap().starts_with("cluster_"));
    let at = ["--at", "x=7", "--level", "0.6", "--interval"];
    let names = "conformal_split,conformal_scaled,conformal_quantile,cv_plus,jackknife_plus";
    let found = run(&[&at[..], &[names]].concat());
    let methods: Vec<&str> = found["predictions"].as_array().unwrap()[2..]
        .iter()
        .map(|row| row["conf_method"].as_str().unwrap())
        .collect();
    let expected: Vec<String> = names.split(',').map(|name| format!("cluster_{name}")).collect();
    assert_eq!(methods, expected);
}

#[test]
fn a_logistic_model_says_how_its_probabilities_hold() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("y,x,g\n");
    for i in 0..120 {
        let x = i * 7 % 41;
        let event = u8::from((i * 13) % 41 < x);
        csv += &format!("{event},{x},{}\n", ["a", "b"][i % 2]);
    }
    std::fs::write(place.path().join("t.csv"), csv).unwrap();
    let fit = ["fit", "t.csv", "y ~ x", "--model", "logistic"];
    let results = super::json(&ssi(place.path(), &[&fit[..], &["--format", "json"]].concat()));
    let bins = results["calibration"][0]["bins"].as_array().unwrap();
    let n: u64 = bins.iter().map(|bin| bin["n_obs"].as_u64().unwrap()).sum();
    assert_eq!((n, bins[0]["conf_method"].as_str()), (120, Some("wilson")));
    assert!(results["calibration"][0]["smooth"]["x"].as_array().unwrap().len() > 20);
    let checks = results["glance"]["checks"].as_array().unwrap();
    let test = checks.iter().find(|check| check["name"] == "hosmer_lemeshow").unwrap();
    assert_eq!(test["df"], bins.len() as f64 - 2.0);
    for (lang, words) in
        [("en", ["Hosmer", "Average marginal"]), ("ja", ["ホスマー", "平均限界効果"])]
    {
        let run = ssi(place.path(), &[&fit[..], &["--lang", lang]].concat());
        assert!(words.iter().all(|word| run.out.contains(word)), "{}", run.out);
    }
    let by = [&fit[..], &["--by", "g", "--format", "json"]].concat();
    let groups = super::json(&ssi(place.path(), &by))["calibration"].clone();
    assert_eq!((&groups[0]["group"], &groups[1]["group"]), (&"g = a".into(), &"g = b".into()));
}

#[test]
fn few_events_are_warned_of_by_group() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("y,x,g\n");
    for i in 0..60 {
        let event = u8::from(i % 2 == 0 && i % 3 == 0 || i % 2 == 1 && i % 19 == 0);
        csv += &format!("{event},{},{}\n", i * 7 % 23, ["a", "b"][i % 2]);
    }
    std::fs::write(place.path().join("t.csv"), csv).unwrap();
    let run = ssi(place.path(), &["fit", "t.csv", "y ~ x", "--model", "logistic", "--by", "g"]);
    assert!(run.err.contains("g = b: Only"), "{}", run.err);
    assert!(!run.err.contains("g = a: Only"), "{}", run.err);
}

#[test]
fn partial_dependence_is_there_for_every_model_with_a_mean() {
    let place = tempfile::tempdir().unwrap();
    let mut csv = String::from("y,e,x,z,g\n");
    for i in 0..90 {
        let (x, z) = (f64::from(i * 7 % 11), f64::from(i * 5 % 7));
        let y = 10.0 + 2.0 * x + z + f64::from(i * 37 % 17);
        csv += &format!("{y},{},{x},{z},{}\n", u8::from(i * 13 % 11 < 5), i % 9);
    }
    std::fs::write(place.path().join("t.csv"), csv).unwrap();
    let ask = |model: &str, more: &[&str]| {
        let formula =
            if model == "logistic" || model == "firth" { "e ~ x + z" } else { "y ~ x + z" };
        let base = ["fit", "t.csv", formula, "--model", model, "--dependence", "x"];
        ssi(place.path(), &[&base[..], more, &["--format", "json"]].concat())
    };
    let bounds = ["--lower", "0", "--upper", "100"];
    for model in [
        "ols",
        "huber",
        "bisquare",
        "mm",
        "theil_sen",
        "quantile",
        "logistic",
        "firth",
        "ridge",
        "lasso",
        "elastic_net",
        "spline",
        "fractional",
        "beta",
        "mixed",
    ] {
        let more: &[&str] = match model {
            "fractional" | "beta" => &bounds,
            "mixed" => &["--random", "g"],
            _ => &["--resamples", "100"]
                [..if model.contains("net") || model == "lasso" { 2 } else { 0 }],
        };
        let formula_of_one = model == "theil_sen";
        let run = if formula_of_one {
            let base = [
                "fit",
                "t.csv",
                "y ~ x",
                "--model",
                model,
                "--dependence",
                "x",
                "--format",
                "json",
            ];
            ssi(place.path(), &base)
        } else {
            ask(model, more)
        };
        assert_eq!(run.code, 0, "{model}: {}", run.err);
        let rows = super::json(&run)["dependence"].clone();
        assert_eq!(rows.as_array().unwrap().len(), 11, "{model}");
        assert_eq!((&rows[0]["term"], &rows[0]["method"]), (&"x = 0".into(), &model.into()));
        assert!(rows[3]["estimate"].is_f64(), "{model}");
    }
    for (model, more) in [("tobit", &["--lower", "12"][..]), ("isotonic", &[]), ("segmented", &[])]
    {
        let run = ask(model, more);
        assert_eq!(run.code, 2, "{model}: {}", run.err);
        assert!(run.err.contains("--dependence"), "{}", run.err);
    }
    let run = ssi(place.path(), &["fit", "t.csv", "y ~ x", "--dependence", "q"]);
    assert_eq!(run.code, 2, "{}", run.err);
}
