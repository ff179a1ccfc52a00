//! Workbooks of several sheets, broken ones, and Parquet files.

use super::{Run, json, ssi};
use rust_xlsxwriter::Workbook;
use std::fs;
use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name)
}

/// A cover, a sheet of codes and the answers.
fn survey() -> Vec<u8> {
    let mut book = Workbook::new();
    let cover = book.add_worksheet();
    cover.set_name("表紙").unwrap().write(0, 0, "2018年度 SSI調査").unwrap();
    let codes = book.add_worksheet();
    codes.set_name("コード表").unwrap().write_row(0, 0, ["code", "label"]).unwrap();
    codes.write_row(1, 0, ["1", "yes"]).unwrap();
    let answers = book.add_worksheet();
    answers
        .set_name("佐藤班")
        .unwrap()
        .write_row(0, 0, ["回答者ID", "SSIスコア", "合計点"])
        .unwrap();
    for row in 1..30_u32 {
        answers.write(row, 0, format!("A{row}")).unwrap();
        answers.write(row, 1, f64::from(20 + row)).unwrap();
        answers.write(row, 2, f64::from(row % 20) / 2.0).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_survey_behind_a_cover_is_found_and_said_to_be() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("s.xlsx"), survey()).unwrap();
    let run = ssi(place.path(), &["check", "s.xlsx"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let said = "佐藤班 (3 of its 3 headers are known, the most of any sheet; the others are: 表紙, コード表; choose with --sheet NAME or number)";
    assert!(run.out.contains(said), "{}", run.out);
    let run = ssi(place.path(), &["check", "s.xlsx", "--lang", "ja"]);
    assert!(run.out.contains("ほかのシート：表紙、コード表。"), "{}", run.out);
    let layout = &json(&ssi(place.path(), &["check", "s.xlsx", "--format", "json"]))["layout"];
    assert_eq!(
        (&layout["sheet"]["value"], &layout["sheet"]["why"]),
        (&"佐藤班".into(), &"known".into())
    );

    let run = ssi(place.path(), &["cor", "s.xlsx", "-x", "score_total", "-y", "ssi_total"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("warning: Of several sheets “佐藤班” was read"), "{}", run.err);
    for (args, lang, said) in [
        (
            ["describe", "s.xlsx", "code"],
            "en",
            "the sheet `佐藤班` was read, and the workbook also has: 表紙, コード表",
        ),
        (
            ["fit", "s.xlsx", "ssi_total ~ label"],
            "ja",
            "（読み込んだシート：佐藤班。ほかのシート：表紙、コード表。",
        ),
    ] {
        let run = ssi(place.path(), &[&args[..], &["--lang", lang]].concat());
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(run.err.starts_with("ssi: s.xlsx") && run.err.contains(said), "{}", run.err);
    }
    let run = ssi(place.path(), &["describe", "s.xlsx", "--sheet", "佐藤班"]);
    assert!(run.code == 0 && run.err.is_empty(), "{}", run.err);

    let local = ssi(place.path(), &["study", "s.xlsx", "--out", "local"]);
    assert!(
        local.code == 0 && local.out.contains("sheets “佐藤班” was read"),
        "{}{}",
        local.out,
        local.err
    );
    // What a sheet is called may name somebody.
    let public = ssi(place.path(), &["study", "s.xlsx", "--public", "--out", "public"]);
    assert!(
        public.code == 0 && public.out.contains("sheets “3” was read"),
        "{}{}",
        public.out,
        public.err
    );
    let results = fs::read_to_string(place.path().join("public/results.json")).unwrap();
    assert!(!results.contains("佐藤"), "the sheet is not named");

    let run = ssi(place.path(), &["study", "s.xlsx", "--sheet", "表紙"]);
    assert_eq!(run.code, 3);
    for word in ["the sheet `表紙` was read", "also has: コード表, 佐藤班", "--sheet"] {
        assert!(run.err.contains(word), "{}", run.err);
    }
}

/// Words of another language than Japanese, apart from names in backticks, commands and formats.
fn english(run: &Run) -> Vec<String> {
    let text = format!("{}{}", run.out, run.err);
    let unquoted: String = text.split('`').step_by(2).collect();
    let words = unquoted.split(|c: char| !c.is_ascii_alphabetic());
    let words = words.filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase()));
    let known = ["ssi", "xlsx", "parquet", "snappy", "gzip", "zstd", "zip", "limit", "ratio"];
    words.filter(|word| !known.contains(word)).map(ToOwned::to_owned).collect()
}

#[test]
fn a_broken_workbook_or_parquet_file_is_told_of_in_japanese() {
    let place = tempfile::tempdir().unwrap();
    let whole = survey();
    let mut files = vec![("1.xlsx", whole[..whole.len() / 2].to_vec())];
    files.push(("2.xlsx", fs::read(data("dirty/damaged.xlsx")).unwrap()));
    let refused = ["nested", "group", "bytes", "cut_off", "brotli", "lz4"];
    let bombs = ["parquet/bomb_rows.parquet", "parquet/bomb_text.parquet"].map(ToOwned::to_owned);
    let refused = refused.map(|name| format!("parquet/refused_{name}.parquet"));
    for name in refused.iter().chain(&bombs) {
        files.push(("3.parquet", fs::read(data(name)).unwrap()));
    }
    for (name, bytes) in files {
        fs::write(place.path().join(name), bytes).unwrap();
        let run = ssi(place.path(), &["describe", name, "--lang", "ja"]);
        assert_eq!((run.code, &*run.out), (3, ""), "{}", run.err);
        assert!(run.err.contains("ください") || run.err.contains("--limit"), "{}", run.err);
        assert_eq!(english(&run), Vec::<String>::new(), "{}", run.err);
    }
}

#[test]
fn a_parquet_file_gives_what_the_csv_of_its_values_gives() {
    let place = tempfile::tempdir().unwrap();
    for kind in ["csv", "parquet"] {
        let bytes = fs::read(data(&format!("parquet/long_none.{kind}"))).unwrap();
        // What a file is called says nothing.
        fs::create_dir(place.path().join(kind)).unwrap();
        fs::write(place.path().join(kind).join("data"), bytes).unwrap();
    }
    for args in [&["describe", "data"][..], &["cor", "data", "-x", "id", "-y", "ssi"]] {
        let [csv, parquet] = ["csv", "parquet"].map(|kind| ssi(&place.path().join(kind), args));
        assert_eq!((csv.code, parquet.code), (0, 0), "{}{}", csv.err, parquet.err);
        assert_eq!((csv.out, csv.err), (parquet.out, parquet.err));
    }
}

#[test]
fn titles_above_a_header_are_no_header_for_any_command() {
    let place = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("表紙").unwrap().write(0, 0, "調査の説明").unwrap();
    for (name, header) in [("既知", ["回答者ID", "SSIスコア", "合計点"]), ("他", ["id", "x", "y"])]
    {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap().write(0, 0, "調査 2026年度").unwrap();
        sheet.write_row(2, 0, header).unwrap();
        for row in 3..30_u32 {
            sheet.write(row, 0, format!("A{row}")).unwrap();
            sheet.write(row, 1, f64::from(20 + row)).unwrap();
            sheet.write(row, 2, f64::from(row * 7 % 20) / 2.0).unwrap();
        }
    }
    fs::write(place.path().join("s.xlsx"), book.save_to_buffer().unwrap()).unwrap();
    let cor = |args: &[&str]| {
        json(&ssi(place.path(), &[&["cor", "s.xlsx", "--format", "json"], args].concat()))
    };
    let known = cor(&["-x", "score_total", "-y", "ssi_total"]);
    let other = cor(&["-x", "y", "-y", "x", "--sheet", "他"]);
    assert_eq!(known["estimates"][0]["n_obs"], 27);
    assert_eq!(known["estimates"][0]["estimate"], other["estimates"][0]["estimate"]);
    let run = ssi(place.path(), &["describe", "s.xlsx", "--sheet", "他"]);
    assert!(run.code == 0 && run.out.contains("27"), "{}{}", run.out, run.err);
    assert!(run.err.contains("warning: Row 3 was read as the header"), "{}", run.err);
    let run = ssi(place.path(), &["describe", "s.xlsx", "--sheet", "他", "--header", "3"]);
    assert!(run.code == 0 && run.err.is_empty(), "{}", run.err);
    // Row 1 names one column, and what stands beside it has none.
    let run = ssi(place.path(), &["fit", "s.xlsx", "x ~ y", "--sheet", "3", "--header", "1"]);
    assert!(run.code == 2 && run.err.contains("調査 2026年度"), "{}", run.err);
}
