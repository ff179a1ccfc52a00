use super::{json, names, ssi, survey};
use std::fs;
use std::path::Path;

/// Runs the study on a file with these bytes; checks that it failed with that exit code in one
/// clear line that holds each of the words, and that nothing was written.
fn refused(name: &str, bytes: &[u8], code: i32, words: &[&str]) {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join(name), bytes).unwrap();
    let run = ssi(place.path(), &["study", name]);
    assert_eq!(run.code, code, "{name}: {}", run.err);
    assert_eq!(run.out, "", "{name}: nothing on standard output");
    clear(&run.err, words);
    assert_eq!(names(place.path()), [name], "{name}: nothing was written");
}

fn clear(message: &str, words: &[&str]) {
    assert!(message.starts_with("ssi: "), "{message}");
    assert_eq!(message.trim_end().lines().count(), 1, "one line: {message}");
    assert!(!message.contains("panicked"), "{message}");
    for word in words {
        assert!(message.to_lowercase().contains(&word.to_lowercase()), "`{word}` in: {message}");
    }
}

#[test]
fn a_missing_file_names_the_file_and_what_to_do() {
    let place = tempfile::tempdir().unwrap();
    let run = ssi(place.path(), &["study", "nowhere.csv"]);
    assert_eq!(run.code, 1);
    clear(&run.err, &["nowhere.csv", "check the name"]);
}

#[test]
fn a_folder_is_not_a_survey() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("surveys")).unwrap();
    let run = ssi(place.path(), &["study", "surveys"]);
    assert_eq!(run.code, 1);
    clear(&run.err, &["surveys", "folder"]);
}

#[test]
fn an_empty_file_is_refused() {
    refused("empty.csv", b"", 3, &["empty.csv", "empty"]);
}

#[test]
fn a_header_without_rows_is_refused() {
    refused("header.csv", b"score_total,ssi_total\n", 3, &["header.csv", "row"]);
}

#[test]
fn a_picture_is_refused() {
    refused("photo.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", 3, &["photo.csv", "csv"]);
}

#[test]
fn bytes_of_no_text_are_refused() {
    refused("noise.csv", b"a,b\n\0\x01\x02,3\n", 3, &["noise.csv"]);
}

#[test]
fn a_missing_required_column_is_named_with_the_way_to_map_it() {
    refused("s.csv", b"score_total,other\n1,2\n2,3\n", 3, &["s.csv", "ssi_total", "--map"]);
}

#[test]
fn a_constant_column_is_named() {
    let csv = "score_total,ssi_total\n5,20\n5,30\n5,40\n5,50\n5,60\n";
    refused("flat.csv", csv.as_bytes(), 1, &["flat.csv", "score_total", "same value"]);
}

#[test]
fn fewer_than_four_respondents_are_too_few() {
    refused(
        "few.csv",
        b"score_total,ssi_total\n1,20\n2,30\n4,35\n",
        1,
        &["few.csv", "at least 4", "found 3"],
    );
}

#[test]
fn text_in_a_number_column_excludes_that_row_and_lists_it() {
    let place = tempfile::tempdir().unwrap();
    let csv = survey(40).replacen("P3,10.5,", "P3,10.5,about x", 1);
    let csv = csv.replacen("\nP1,3.5,", "\nP1,many,", 1);
    fs::write(place.path().join("s.csv"), csv).unwrap();
    let run = ssi(place.path(), &["study", "s.csv", "--format", "json"]);
    let results = json(&run);
    let excluded = results["excluded"].as_array().unwrap();
    let many = excluded.iter().find(|e| e["value"] == "many").expect("the cell is listed");
    assert_eq!(many["row"], 3);
    assert_eq!(many["column"], "score_total");
    assert_eq!(many["reason"], "not_a_number");
    let listed = fs::read_to_string(place.path().join("reports/s/excluded.csv")).unwrap();
    assert!(listed.contains("3,score_total,many,not_a_number"), "{listed}");
}

#[test]
fn an_output_folder_that_holds_other_things_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("mine")).unwrap();
    fs::write(place.path().join("mine/thesis.txt"), "years of work").unwrap();
    let run = ssi(place.path(), &["study", "--out", "mine"]);
    assert_eq!(run.code, 1);
    clear(&run.err, &["mine", "not a report", "--out"]);
    assert_eq!(names(&place.path().join("mine")), ["thesis.txt"]);
}

#[test]
fn an_output_folder_under_a_file_can_not_be_written() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "").unwrap();
    let run = ssi(place.path(), &["study", "--out", "file/report"]);
    assert_eq!(run.code, 1);
    clear(&run.err, &["file/report", "can't be written"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_without_room_leaves_nothing_half_written() {
    // Nothing can be created in /proc, whoever asks.
    let run = ssi(Path::new("/"), &["study", "--out", "/proc/ssi-report"]);
    assert_eq!(run.code, 1);
    clear(&run.err, &["/proc/ssi-report", "can't be written"]);
    // A device that is always full.
    let place = tempfile::tempdir().unwrap();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = super::command(place.path(), &["simulate"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    clear(&String::from_utf8(output.stderr).unwrap(), &["can't be written"]);
}

#[test]
fn wrong_usage_exits_with_two() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("s.csv"), survey(30)).unwrap();
    let wrong: [(&[&str], &str); 10] = [
        (&["cor", "s.csv", "-x", "score_totl", "-y", "ssi_total"], "score_total"),
        (&["cor", "s.csv", "--method", "pearsn"], "pearson"),
        (&["fit", "s.csv", "ssi_total ~ (score_total"], "^"),
        (&["fit", "s.csv", "ssi_total ~ scor_total"], "score_total"),
        (&["fit", "s.csv", "ssi_total ~ score_total", "--se", "hc9"], "hc3"),
        (&["describe", "s.csv", "age"], "age"),
        (&["describe", "s.csv", "--level", "95"], "0.95"),
        (&["describe", "s.csv", "--where", "score_total >"], "^"),
        (&["study", "s.csv", "--map", "ssi_total"], "NAME=COLUMN"),
        (&["study", "--threads", "0"], "--threads"),
    ];
    for (args, word) in wrong {
        let run = ssi(place.path(), args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains(word), "`{word}` in {args:?}: {}", run.err);
        assert_eq!(run.out, "", "{args:?}");
    }
    for args in [&["nonsense"][..], &["study", "--no-such-option"], &["simulate", "--n", "0"]] {
        assert_eq!(ssi(place.path(), args).code, 2, "{args:?}");
    }
    assert_eq!(names(place.path()), ["s.csv"]);
}

#[test]
fn a_plan_with_a_slip_names_the_key() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("p.toml"), "resampels = 5\n").unwrap();
    let run = ssi(place.path(), &["study", "--plan", "p.toml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("p.toml") && run.err.contains("resampels"), "{}", run.err);
}

#[test]
fn messages_come_in_japanese_too() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("空.csv"), "").unwrap();
    let run = ssi(place.path(), &["study", "空.csv", "--lang", "ja"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("空.csv") && run.err.contains("ありません"), "{}", run.err);
    fs::write(place.path().join("s.csv"), survey(30)).unwrap();
    let wrong: [&[&str]; 5] = [
        &["describe", "s.csv", "--level", "95"],
        &["study", "s.csv", "--level", "95"],
        &["fit", "s.csv", "ssi_total ~ (score_total"],
        &["describe", "s.csv", "--where", "score_total >"],
        &["study", "s.csv", "--map", "ssi_total"],
    ];
    for args in wrong {
        let run = ssi(place.path(), &[args, &["--lang", "ja"]].concat());
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains("ください") || run.err.contains("ありません"), "{}", run.err);
        for english in ["expected", "between", "takes", "found"] {
            assert!(!run.err.contains(english), "{}", run.err);
        }
    }
}
