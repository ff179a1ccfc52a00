//! Wrong command lines, told in the language that they ask for.

use super::{Run, command, ssi, survey};
use std::fs;
use std::path::Path;

/// Each with what its message must name. `s.csv` is a table.
const WRONG: [(&[&str], &[&str]); 27] = [
    (&["nonsense"], &["nonsense"]),
    (&["stduy"], &["stduy", "study"]),
    (&["study", "--no-such-option"], &["--no-such-option"]),
    (&["fit", "s.csv", "y ~ x", "--modle", "ols"], &["--modle", "--model"]),
    (&["check", "s.csv", "other.csv"], &["other.csv"]),
    (&["describe"], &["<FILE>"]),
    (&["fit", "s.csv"], &["<FORMULA>"]),
    (&["rates"], &["<EVENTS/TRIALS | FILE>"]),
    (&["predict", "s.csv"], &["--model"]),
    (&["cor", "s.csv", "-x", "score_total"], &["-y"]),
    (&["rates", "s.csv", "--group", "g"], &["--event"]),
    (&["check", "s.csv", "--pseudonymise"], &["--key-file"]),
    (&["describe", "s.csv", "--level"], &["--level"]),
    (&["describe", "s.csv", "--level", "high"], &["--level", "high", "0.95"]),
    (&["describe", "s.csv", "--seed", "x"], &["--seed", "x"]),
    (&["describe", "s.csv", "--seed", "-1"], &["--seed", "-1"]),
    (&["describe", "s.csv", "--seed", "99999999999999999999"], &["99999999999999999999"]),
    (&["describe", "s.csv", "--format", "tabel"], &["--format", "tabel", "table", "json"]),
    (&["describe", "s.csv", "--level", "0.9", "--level", "0.8"], &["--level"]),
    (&["describe", "s.csv", "--encoding", "latin"], &["--encoding", "latin", "cp932"]),
    (&["describe", "s.csv", "--delimiter", "/"], &["--delimiter", "/", "tab"]),
    (&["describe", "s.csv", "--header", "4-3"], &["--header", "4-3"]),
    (&["check", "s.csv", "--date-order", "xyz"], &["--date-order", "xyz", "dmy"]),
    (&["check", "s.csv", "--keep", "all"], &["--keep", "all", "pillars"]),
    (&["simulate", "--n", "0"], &["--n", "10000000"]),
    (&["simulate", "--variant", "weak"], &["--variant", "weak", "strong"]),
    (&["necessity", "s.csv", "-x", "a", "-y", "b", "--scope", "wide"], &["wide", "empirical"]),
];

/// The message without what stands in it as the user wrote it, or is to write it: values and
/// commands in back ticks, options, placeholders and names of files, and the line of usage.
fn words(message: &str) -> String {
    let spoken = message.lines().filter(|line| !line.starts_with("使い方："));
    let mut words = String::new();
    for line in spoken {
        // The name of a command is no English.
        let line = ["study", "check", "verify"]
            .iter()
            .fold(line.to_owned(), |line, name| line.replace(&format!("ssi {name}"), "ssi"));
        let quoted = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        let listed = quoted.split("使える値：").next().unwrap();
        // Names in a list are no sentence.
        let listed = listed.replace(['、', '：'], " 、 ");
        for word in listed.split(' ') {
            let is_name = word.starts_with(['-', '<', '[']) || word.contains(['.', '_', '>']);
            if !is_name {
                words += word;
                words.push(' ');
            }
        }
    }
    words
}

fn is_japanese(c: char) -> bool {
    ('\u{3040}'..='\u{9fff}').contains(&c)
}

/// True for two words of Latin letters in a row, which Japanese sentences have no use for.
fn has_english(text: &str) -> bool {
    let is_word = |w: &&str| w.len() > 1 && w.chars().all(|c| c.is_ascii_alphabetic() || c == '\'');
    let words: Vec<bool> = text.split_whitespace().map(|w| is_word(&w)).collect();
    words.windows(2).any(|pair| pair[0] && pair[1])
}

fn wrong(place: &Path, args: &[&str]) -> Run {
    let run = ssi(place, args);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}: {}", run.err);
    run
}

#[test]
fn a_wrong_command_line_is_told_in_the_language_that_it_asks_for() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("s.csv"), survey(30)).unwrap();
    for (args, named) in WRONG {
        let english = wrong(place.path(), args).err;
        let is_english = english.starts_with("error: ") && !english.contains(is_japanese);
        assert!(is_english, "{args:?}: {english}");
        for said in [&["--lang", "ja"][..], &["--lang=ja"]] {
            // In front of the command, so that a value that is missing stays so.
            let run = wrong(place.path(), &[said, args].concat());
            assert!(run.err.starts_with("ssi: "), "{args:?}: {}", run.err);
            let first = run.err.lines().next().unwrap();
            assert!(first.contains(is_japanese), "{args:?}: {first}");
            assert!(!has_english(&words(&run.err)), "{args:?}: {}", run.err);
            for name in named {
                assert!(run.err.contains(name), "`{name}` in {args:?}: {}", run.err);
                assert!(english.contains(name) || args.contains(&"--level"), "{name}: {english}");
            }
        }
    }
}

#[test]
fn help_is_in_the_language_that_it_is_asked_for_in() {
    let place = tempfile::tempdir().unwrap();
    for args in [&["check", "--help"][..], &["--help"], &[], &["help", "check"]] {
        let (en, ja) = (ssi(place.path(), args), [&["--lang", "ja"], args].concat());
        let ja = ssi(place.path(), &ja);
        assert_eq!((en.code, ja.code), (0, 0), "{args:?}: {} {}", en.err, ja.err);
        assert!(en.out.contains("Usage: ssi") && !en.out.contains("使い方"), "{}", en.out);
        assert!(ja.out.contains("使い方：ssi") && !ja.out.contains("Usage"), "{}", ja.out);
        assert!(ja.out.contains("--format") && ja.out.contains("［既定値：table］"), "{}", ja.out);
    }
    let behind = ssi(place.path(), &["help", "check", "--lang", "ja"]);
    assert_eq!(behind.out, ssi(place.path(), &["check", "--help", "--lang", "ja"]).out);
    let behind = ssi(place.path(), &["help", "check", "--lang", "en"]);
    assert_eq!(behind.out, ssi(place.path(), &["help", "check"]).out);
    let version = ssi(place.path(), &["--version", "--lang", "ja"]);
    assert_eq!(version.out, ssi(place.path(), &["--version"]).out);
}

#[test]
fn a_language_that_there_is_not_is_told_of_in_the_one_that_is_meant() {
    let place = tempfile::tempdir().unwrap();
    let run = wrong(place.path(), &["simulate", "--lang", "jp"]);
    assert!(run.err.contains("`--lang ja`") && run.err.contains("`jp`"), "{}", run.err);
    assert!(wrong(place.path(), &["simulate", "--lang", "fr"]).err.starts_with("error: "));
}

#[test]
fn what_is_wrong_elsewhere_is_japanese_to_the_last_word() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("s.csv"), survey(30)).unwrap();
    for (name, text) in [
        ("syntax.toml", "name = \"調査\"\nlevel == 0.9\n"),
        ("key.toml", "resampels = 5\n"),
        ("kind.toml", "[imputation]\nm = \"five\"\n"),
        ("list.toml", "[claims]\nhours = [6]\n"),
        ("choice.toml", "[reading]\nencoding = \"latin\"\n"),
        ("header.toml", "[reading]\nheader = \"4-3\"\n"),
        ("twice.toml", "level = 0.9\nlevel = 0.8\n"),
        ("syntax.json", "{\"fields\": [{\"name\": \"x\"} {}]}"),
        ("ended.json", "{\"fields\": ["),
        ("none.json", "{}"),
        ("kind.json", "{\"fields\": [{\"name\": \"ssi_total\", \"aliases\": 3}]}"),
        (
            "range.json",
            "{\"fields\": [{\"name\": \"ssi_total\", \"constraints\": {\"minimum\": \"a\"}}]}",
        ),
        ("model.json", "{\"schema\": \"ssi-study/model/1\", \"study\": 3}"),
        ("part.json", "{\"schema\": \"ssi-study/model/1\"}"),
        ("manifest.json", "{\"schema\": \"ssi-study/manifest/1\", \"version\": []}"),
        ("short.key", "secret"),
    ] {
        fs::write(place.path().join(name), text).unwrap();
    }
    fs::create_dir(place.path().join("folder")).unwrap();
    fs::write(place.path().join("folder/thesis.txt"), "years of work").unwrap();
    let condition = |c: &'static str| ["describe", "s.csv", "--where", c];
    let mut lines: Vec<Vec<&str>> = vec![
        vec!["study", "nowhere.csv"],
        vec!["study", "folder"],
        vec!["study", "s.csv/x.csv"],
        vec!["simulate", "--out", "nowhere/x.csv"],
        vec!["simulate", "--out", "s.csv/x.csv"],
        vec!["study", "--out", "folder"],
        vec!["check", "s.csv", "--pseudonymise", "--key-file", "folder"],
        vec!["check", "s.csv", "--pseudonymise", "--key-file", "short.key"],
        vec!["check", "s.csv", "--pseudonymise", "--key-file", "nowhere.key"],
        vec!["predict", "s.csv", "--model", "model.json"],
        vec!["predict", "s.csv", "--model", "part.json"],
        vec!["predict", "s.csv", "--model", "ended.json"],
        vec!["predict", "s.csv", "--model", "none.json"],
        vec!["verify", "."],
        vec!["check", "s.csv", "--limit", "rows"],
        vec!["study", "s.csv", "--map", "ssi_total"],
    ];
    for plan in ["syntax.toml", "key.toml", "kind.toml", "list.toml", "choice.toml", "header.toml"]
    {
        lines.push(vec!["study", "--plan", plan]);
    }
    lines.push(vec!["study", "--plan", "twice.toml"]);
    for book in ["syntax.json", "ended.json", "none.json", "kind.json", "range.json"] {
        lines.push(vec!["check", "s.csv", "--codebook", book]);
    }
    for wrong in [
        "score_total = 3",
        "score_total == \"a",
        "score_total >",
        "(score_total > 3",
        "score_total > 3 ssi_total",
        "score_total in 3",
        "score_total in (ssi_total)",
        "score_total in (3 4)",
        "score_total @ 3",
        "score_total > 3x",
        "score_total == \"a\"",
        "score_total",
        "score_total & 3",
    ] {
        lines.push(condition(wrong).to_vec());
    }
    for args in lines {
        let run = ssi(place.path(), &[&args[..], &["--lang", "ja"]].concat());
        assert!([1, 2, 3].contains(&run.code) && run.out.is_empty(), "{args:?}: {}", run.err);
        let message = run.err.lines().next().unwrap();
        assert!(message.contains(is_japanese), "{args:?}: {message}");
        assert!(!has_english(&words(message)), "{args:?}: {message}");
        let english = ssi(place.path(), &args);
        assert_eq!(english.code, run.code, "{args:?}: {}", english.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_without_room_is_told_in_japanese() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run =
        command(Path::new("/"), &["simulate", "--n", "9", "--lang", "ja"]).stdout(full).output();
    let err = String::from_utf8(run.unwrap().stderr).unwrap();
    assert_eq!(err, "ssi: 結果を出力できません（空き容量がありません）\n");
}
