//! Every model of `ssi fit` on data that it can't have: a message, never a panic, never a number
//! that is none.

use super::{Run, json, ssi};
use std::fs;
use std::path::Path;

/// Each model with an outcome of its kind, and what it needs beside the formula.
const MODELS: [(&str, &str, &[&str]); 19] = [
    ("ols", "y", &[]),
    ("huber", "y", &[]),
    ("bisquare", "y", &[]),
    ("mm", "y", &[]),
    ("theil_sen", "y", &[]),
    ("quantile", "y", &[]),
    ("tobit", "y", &["--upper", "45"]),
    ("logistic", "e", &[]),
    ("firth", "e", &[]),
    ("ordinal", "o", &[]),
    ("fractional", "y", &["--lower", "0", "--upper", "100"]),
    ("beta", "y", &["--lower", "0", "--upper", "100"]),
    ("ridge", "y", &[]),
    ("lasso", "y", &["--resamples", "20"]),
    ("elastic_net", "y", &["--resamples", "20"]),
    ("spline", "y", &[]),
    ("isotonic", "y", &["--resamples", "99"]),
    ("segmented", "y", &[]),
    ("mixed", "y", &["--random", "g"]),
];

/// A row: outcome, two predictors, group, event, stage, weight.
#[derive(Clone)]
struct Row {
    y: String,
    x: String,
    z: String,
    g: String,
    e: String,
    o: String,
    w: String,
}

fn clean(n: u32) -> Vec<Row> {
    let row = |i: u32| {
        let x = i * 7 % 20;
        Row {
            y: format!("{}", 20.0 + 1.5 * f64::from(x) + 1.3 * f64::from(i * 13 % 11)),
            x: x.to_string(),
            z: format!("{}.5", i * 11 % 17),
            g: format!("s{}", i % 8),
            e: u32::from(i * 5 % 7 + x / 4 > 6).to_string(),
            o: (i * 5 % 3 + 1).to_string(),
            w: (1 + i % 3).to_string(),
        }
    };
    (0..n).map(row).collect()
}

/// Forty clean rows, changed.
fn changed(change: impl Fn(u32, &mut Row)) -> Vec<Row> {
    let mut rows = clean(40);
    rows.iter_mut().zip(0..).for_each(|(row, i)| change(i, row));
    rows
}

/// The numbers of the first two columns times a power of ten.
fn scaled(power: i32) -> Vec<Row> {
    changed(|_, row| {
        row.y += &format!("e{power}");
        row.x += &format!("e{power}");
    })
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

fn bad_data() -> Vec<(&'static str, Vec<Row>)> {
    let cap = |i: u32, cell: &mut String| {
        if i.is_multiple_of(5) {
            "500+".clone_into(cell);
        }
    };
    vec![
        ("one", clean(1)),
        ("two", clean(2)),
        ("three", clean(3)),
        ("four", clean(4)),
        (
            "same_outcome",
            changed(|_, row| {
                "50".clone_into(&mut row.y);
                "1".clone_into(&mut row.e);
                "1".clone_into(&mut row.o);
            }),
        ),
        ("same_predictor", changed(|_, row| "3".clone_into(&mut row.x))),
        ("collinear", changed(|_, row| row.z = (2.0 * number(&row.x) + 1.0).to_string())),
        (
            "separated",
            changed(|_, row| {
                let x = number(&row.x);
                row.e = u32::from(x >= 10.0).to_string();
                row.y = if x >= 10.0 { "100" } else { "0" }.to_owned();
                row.o = (1 + u32::from(x >= 7.0) + u32::from(x >= 14.0)).to_string();
            }),
        ),
        ("perfect", changed(|_, row| row.y = (3.0 * number(&row.x) + 2.0).to_string())),
        ("huge", scaled(150)),
        ("tiny", scaled(-150)),
        ("at_the_end", scaled(305)),
        ("vanishing", scaled(-305)),
        (
            "outside",
            changed(|i, row| {
                if i == 5 {
                    "150".clone_into(&mut row.y);
                    "7".clone_into(&mut row.e);
                }
            }),
        ),
        (
            "outlier",
            changed(|i, row| {
                if i == 3 {
                    "1e12".clone_into(&mut row.y);
                }
            }),
        ),
        (
            "capped_outcome",
            changed(|i, row| {
                [&mut row.y, &mut row.e, &mut row.o].into_iter().for_each(|c| cap(i, c))
            }),
        ),
        ("capped_predictor", changed(|i, row| cap(i, &mut row.x))),
        ("one_group", changed(|_, row| "s".clone_into(&mut row.g))),
        ("a_group_each", changed(|i, row| row.g = format!("s{i}"))),
        ("groups_say_all", changed(|i, row| row.y = (i % 8).to_string())),
        (
            "gaps",
            changed(|i, row| {
                if i % 2 == 1 {
                    row.y.clear();
                }
                if i % 3 == 0 {
                    "NA".clone_into(&mut row.x);
                }
            }),
        ),
        (
            "no_outcome",
            changed(|_, row| {
                [&mut row.y, &mut row.e, &mut row.o].into_iter().for_each(String::clear)
            }),
        ),
        (
            "rare_event",
            changed(|i, row| {
                row.e = u32::from(i == 7 || i == 20).to_string();
                row.o = row.e.clone();
            }),
        ),
        (
            "break_at_the_edge",
            changed(|_, row| {
                let x = number(&row.x);
                row.y = (x + if x == 19.0 { 30.0 } else { 0.0 }).to_string();
            }),
        ),
        (
            "mostly_one_value",
            changed(|i, row| {
                if i % 4 != 0 {
                    "50".clone_into(&mut row.y);
                }
            }),
        ),
    ]
}

fn write(place: &Path, name: &str, rows: &[Row]) {
    let mut csv = String::from("y,x,z,g,e,o,w\n");
    for Row { y, x, z, g, e, o, w } in rows {
        csv += &format!("{y},{x},{z},{g},{e},{o},{w}\n");
    }
    fs::write(place.join(name), csv).unwrap();
}

fn formula(model: &str, outcome: &str) -> String {
    let one = matches!(model, "theil_sen" | "isotonic" | "segmented");
    format!("{outcome} ~ x{}", if one { "" } else { " + z" })
}

/// What holds for any input: a known exit code, a result without gaps in its arithmetic, or a
/// message.
fn in_order(what: &str, run: &Run) {
    assert!(!run.err.contains("panicked"), "{what}: {}", run.err);
    match run.code {
        0 => {
            let found = json(run);
            // JSON has no NaN: a number that is none would be a null without a note.
            for row in found["estimates"].as_array().unwrap() {
                let told = !row["estimate"].is_null() || !row["note"].is_null();
                assert!(told, "{what}: neither estimate nor note: {row}");
            }
            assert!(!run.out.contains("NaN") && !run.out.contains("inf,"), "{what}");
        }
        1 | 2 => {
            assert!(run.out.is_empty(), "{what}: {}", run.out);
            assert!(run.err.trim().len() > "ssi: ".len(), "{what}: no message");
        }
        code => panic!("{what}: exit code {code}: {}", run.err),
    }
}

#[test]
fn every_model_says_what_is_wrong_with_bad_data_in_both_languages() {
    let data = bad_data();
    std::thread::scope(|scope| {
        for part in data.chunks(data.len().div_ceil(4)) {
            scope.spawn(move || part.iter().for_each(|(name, rows)| each_model(name, rows)));
        }
    });
}

fn each_model(name: &str, rows: &[Row]) {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "t.csv", rows);
    for (model, outcome, more) in MODELS {
        let formula = formula(model, outcome);
        let args = ["fit", "t.csv", &formula, "--model", model, "--format", "json"];
        let args = [&args[..], more].concat();
        let what = format!("{name}, {model}");
        let run = ssi(place.path(), &args);
        in_order(&what, &run);
        if run.code != 0 {
            let japanese = ssi(place.path(), &[&args[..], &["--lang", "ja"]].concat());
            assert_eq!(japanese.code, run.code, "{what}");
            assert!(japanese.err.chars().any(|c| c > '\u{3000}'), "{what}: {}", japanese.err);
        }
    }
}

#[test]
fn every_model_refuses_options_without_sense() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "t.csv", &clean(40));
    write(place.path(), "none.csv", &changed(|_, row| "0".clone_into(&mut row.w)));
    write(place.path(), "below.csv", &changed(|_, row| "-1".clone_into(&mut row.w)));
    let options: [(&str, &[&str], bool); 9] = [
        ("t.csv", &["--tau", "0"], true),
        ("t.csv", &["--tau", "1"], true),
        ("t.csv", &["--l1-ratio", "-1"], true),
        ("t.csv", &["--se", "cluster:nosuch"], true),
        ("t.csv", &["--weights", "w", "--weight-kind", "analytic"], false),
        ("t.csv", &["--weights", "w", "--weight-kind", "probability"], false),
        ("t.csv", &["--weights", "w", "--weight-kind", "frequency"], false),
        ("none.csv", &["--weights", "w", "--weight-kind", "frequency"], false),
        ("below.csv", &["--weights", "w", "--weight-kind", "frequency"], false),
    ];
    for (file, option, always) in options {
        for (model, outcome, more) in MODELS {
            let formula = formula(model, outcome);
            let args = ["fit", file, &formula, "--model", model, "--format", "json"];
            let run = ssi(place.path(), &[&args[..], more, option].concat());
            let what = format!("{option:?} with {model} on {file}");
            in_order(&what, &run);
            assert!(run.code == 2 || !always, "{what}: {}{}", run.out, run.err);
            assert!(run.code != 0 || file == "t.csv", "{what}: {}", run.out);
        }
    }
}

/// The message of one model on one of the bad data sets.
fn message(name: &str, model: &str) -> String {
    let place = tempfile::tempdir().unwrap();
    let (_, rows) = bad_data().into_iter().find(|(n, _)| *n == name).unwrap();
    write(place.path(), "t.csv", &rows);
    let (_, outcome, more) = MODELS.into_iter().find(|(m, ..)| *m == model).unwrap();
    let formula = formula(model, outcome);
    let args = ["fit", "t.csv", &formula, "--model", model, "--format", "json"];
    let run = ssi(place.path(), &[&args[..], more].concat());
    if run.code == 0 { json(&run)["warnings"].to_string() } else { run.err }
}

#[test]
fn messages_name_the_row_the_column_and_the_way_out() {
    for (name, model, words) in [
        ("separated", "logistic", &["separat", "`x`", "firth"][..]),
        ("separated", "ordinal", &["separat", "`x`"]),
        ("outside", "fractional", &["`y`, row 7", "150", "--upper"]),
        ("outside", "beta", &["`y`, row 7", "150"]),
        ("separated", "beta", &["row 2", "fractional"]),
        ("outside", "logistic", &["two values", "`e`"]),
        ("groups_say_all", "mixed", &["within the groups of `g`"]),
        ("one_group", "mixed", &["single value", "2 clusters"]),
        ("a_group_each", "mixed", &["40 effects for 40 respondents"]),
        ("rare_event", "logistic", &["few_events"]),
        ("break_at_the_edge", "segmented", &["breakpoint_at_edge"]),
        ("perfect", "tobit", &["did not converge", "iterations", "gradient"]),
        ("collinear", "quantile", &["`x`, `z` can't be told apart"]),
        ("huge", "ridge", &["`x`", "1e75"]),
        ("vanishing", "elastic_net", &["`x`", "1e-75"]),
    ] {
        let found = message(name, model);
        for word in words {
            assert!(found.contains(word), "{name}, {model}: no {word:?} in {found}");
        }
    }
}

#[test]
fn one_absurd_outcome_does_not_move_a_robust_line() {
    let place = tempfile::tempdir().unwrap();
    let with = |value: &str| {
        changed(|i, row| {
            if i == 3 {
                value.clone_into(&mut row.y);
            }
        })
    };
    write(place.path(), "wrong.csv", &with("1e12"));
    write(place.path(), "gone.csv", &with(""));
    for model in ["huber", "bisquare", "mm"] {
        let slope = |file: &str| -> f64 {
            let args = ["fit", file, "y ~ x + z", "--model", model, "--format", "json"];
            let found = json(&ssi(place.path(), &args));
            let rows = found["estimates"].as_array().unwrap();
            let row = rows.iter().find(|row| row["term"] == "x").unwrap();
            row["estimate"].as_f64().unwrap()
        };
        let (wrong, gone) = (slope("wrong.csv"), slope("gone.csv"));
        assert!((wrong - gone).abs() < 0.15, "{model}: {wrong} with it, {gone} without");
    }
}
