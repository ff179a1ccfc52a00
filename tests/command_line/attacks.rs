//! Files that somebody has made to do harm, and files that do it by accident.

use super::{Run, command, json, read, ssi, survey};
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Refused as data, with all of these words and a way to go on.
fn refused(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    assert!(run.out.is_empty(), "{}", run.out);
    for word in words {
        assert!(run.err.contains(word), "no `{word}` in: {}", run.err);
    }
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A spreadsheet of one sheet with these rows.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn write(place: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(place.join(name), bytes).unwrap();
}

/// Feeds bytes to standard input until the program has had enough.
fn fed(args: &[&str], pieces: impl Iterator<Item = Vec<u8>>) -> Run {
    let place = tempfile::tempdir().unwrap();
    let mut child = command(place.path(), args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for piece in pieces {
        if input.write_all(&piece).is_err() {
            break;
        }
    }
    drop(input);
    read(child.wait_with_output().unwrap())
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked() {
    let place = tempfile::tempdir().unwrap();
    let zeros = vec![b'0'; 64 << 20];
    let bomb =
        archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    write(place.path(), "bomb.xlsx", &bomb);
    let run = ssi(place.path(), &["describe", "bomb.xlsx"]);
    refused(&run, &["bomb.xlsx", "xl/worksheets/sheet1.xml", "zip bomb", "--limit ratio="]);
    let run = ssi(place.path(), &["--lang", "ja", "describe", "bomb.xlsx"]);
    refused(&run, &["bomb.xlsx", "zip 爆弾", "--limit ratio="]);
    let args = ["--limit", "ratio=2000,unpacked=1000000", "describe", "bomb.xlsx"];
    refused(&ssi(place.path(), &args), &["1000000 bytes", "--limit unpacked="]);
    // The directory says 1 byte: nothing more is unpacked.
    let name = b"xl/worksheets/sheet1.xml";
    let mut liar = bomb;
    let at = liar.windows(name.len()).rposition(|w| w == name).unwrap();
    liar[at - 46 + 24..at - 46 + 28].copy_from_slice(&1_u32.to_le_bytes());
    write(place.path(), "liar.xlsx", &liar);
    refused(&ssi(place.path(), &["describe", "liar.xlsx"]), &["liar.xlsx"]);
}

#[test]
fn a_spreadsheet_of_repeated_cells_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let bomb = ods(
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell table:number-columns-repeated=\"16000\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>",
    );
    write(place.path(), "bomb.ods", &bomb);
    let started = Instant::now();
    refused(&ssi(place.path(), &["describe", "bomb.ods"]), &["bomb.ods", "--limit cells="]);
    assert!(started.elapsed() < Duration::from_secs(10));
    let corner: String = (0..200)
        .map(|_| "<table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>")
        .collect();
    write(place.path(), "corner.ods", &ods(&corner));
    refused(&ssi(place.path(), &["describe", "corner.ods"]), &["corner.ods", "--limit ratio="]);
}

#[test]
fn a_part_outside_of_the_archive_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let sly = archive(&[("xl/workbook.xml", b"<workbook/>"), ("../../outside.xml", b"<x/>")]);
    write(place.path(), "sly.xlsx", &sly);
    let run = ssi(place.path(), &["describe", "sly.xlsx"]);
    refused(&run, &["sly.xlsx", "../../outside.xml", "outside of it"]);
    assert!(!place.path().parent().unwrap().join("outside.xml").exists());
}

#[test]
fn other_archives_and_locked_workbooks_are_named() {
    let place = tempfile::tempdir().unwrap();
    let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    locked.resize(600, 0);
    let old = locked.clone();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let locked_ods = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"x"),
    ]);
    for (name, bytes, what) in [
        ("a.xls", old, "an old XLS workbook"),
        ("b.xlsx", locked, "a workbook with a password"),
        ("c.ods", locked_ods, "a workbook with a password"),
        ("d.docx", archive(&[("word/document.xml", b"<x/>")]), "a Word document"),
        ("e.zip", archive(&[("a.csv", b"x,y\n1,2\n")]), "a ZIP archive without a workbook"),
    ] {
        write(place.path(), name, &bytes);
        refused(&ssi(place.path(), &["describe", name]), &[name, what, "save it as XLSX or CSV"]);
    }
}

#[test]
fn headers_and_cells_without_end_are_refused_at_their_beginning() {
    let commas = || std::iter::repeat_n(vec![b','; 1 << 20], 64);
    let run = fed(&["describe", "-"], commas());
    refused(&run, &["stdin", "row 1", "16384 columns", "--limit columns="]);
    // A gigabyte, of which little is read.
    let letters =
        std::iter::once(b"x,y\n1,".to_vec()).chain(std::iter::repeat_n(vec![b'a'; 1 << 20], 1024));
    let started = Instant::now();
    refused(
        &fed(&["describe", "-"], letters),
        &["stdin", "row 2", "1048576 bytes", "--limit cell="],
    );
    assert!(started.elapsed() < Duration::from_secs(20));
    let quoted = std::iter::once(b"x,y\n1,\"".to_vec())
        .chain(std::iter::repeat_n(b"a,b\n".repeat(1 << 18), 3));
    let run = fed(&["--lang", "ja", "describe", "-"], quoted);
    refused(&run, &["2行目、2列目", "引用符", "--limit cell="]);
    let rows = std::iter::once(b"x\n".to_vec()).chain(std::iter::repeat_n(b"1\n".repeat(50), 3));
    refused(&fed(&["--limit", "rows=100", "describe", "-"], rows), &["100 rows", "--limit rows="]);
    let long = format!("{}\n1\n", "q".repeat(20_000));
    let run = fed(&["describe", "-"], std::iter::once(long.clone().into_bytes()));
    refused(&run, &["row 1, column 1", "name is longer", "--limit header="]);
    let run =
        fed(&["--limit", "header=30000", "describe", "-"], std::iter::once(long.into_bytes()));
    assert_eq!(run.code, 0, "{}", run.err);
    let small = || std::iter::once(b"x,y\n1,2\n2,3\n3,5\n".to_vec());
    refused(&fed(&["--limit", "bytes=10", "describe", "-"], small()), &["10 bytes"]);
    refused(
        &fed(&["--limit", "cells=5", "describe", "-"], small()),
        &["5 cells", "--limit cells="],
    );
    assert_eq!(fed(&["--limit", "rows=many", "describe", "-"], small()).code, 2);
    assert_eq!(fed(&["--limit", "colour=3", "describe", "-"], small()).code, 2);
}

#[test]
fn nul_bytes_without_end_are_no_table() {
    let zeros = std::iter::repeat_n(vec![0; 1 << 20], 1024);
    refused(&fed(&["describe", "-"], zeros), &["stdin", "NUL"]);
}

#[test]
fn quotation_marks_within_quotation_marks_do_no_harm() {
    let deep = format!("x,y\n1,{}\n2,3\n", "\"".repeat(100_000));
    let run = fed(&["describe", "-"], std::iter::once(deep.into_bytes()));
    assert!(run.code == 0 || run.code == 3, "{}", run.err);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_pipes_and_devices_are_refused_without_waiting() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "real.csv", b"x,y\n1,2\n2,3\n3,5\n");
    std::os::unix::fs::symlink("real.csv", place.path().join("link.csv")).unwrap();
    assert_eq!(ssi(place.path(), &["describe", "link.csv"]).code, 0);
    let made =
        std::process::Command::new("mkfifo").arg(place.path().join("pipe")).status().unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", place.path().join("zero.csv")).unwrap();
    for name in ["pipe", "zero.csv", "/dev/zero", "/dev/null"] {
        for (args, lang) in [
            (vec!["describe", name], "en"),
            (vec!["study", "real.csv", "--plan", name], "en"),
            (vec!["describe", "real.csv", "--codebook", name], "ja"),
            (vec!["predict", "real.csv", "--model", name], "en"),
        ] {
            let run = ssi(place.path(), &[&["--lang", lang][..], &args].concat());
            assert_eq!(run.code, 1, "{args:?}: {}", run.err);
            assert!(
                run.err.contains(&format!("cat {name} | ssi")) || run.err.contains("| ssi"),
                "{}",
                run.err
            );
        }
    }
}

#[test]
fn a_codebook_that_nests_without_end_is_refused() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "d.csv", b"x,y\n1,2\n");
    for (name, text) in [
        ("deep.json", format!("{{\"fields\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000))),
        ("deep.toml", format!("name = {}{}", "[".repeat(100_000), "]".repeat(100_000))),
    ] {
        write(place.path(), name, text.as_bytes());
        let flag = if name.ends_with("json") { "--codebook" } else { "--plan" };
        let run = ssi(place.path(), &["study", "d.csv", flag, name]);
        refused(&run, &[name, "64 levels", "--limit depth="]);
        let run = ssi(place.path(), &["study", "d.csv", flag, name, "--limit", "depth=128"]);
        assert_eq!(run.code, 2, "no deeper than the parser goes: {}", run.err);
    }
    write(place.path(), "model.json", "[".repeat(100_000).as_bytes());
    let run = ssi(place.path(), &["predict", "d.csv", "--model", "model.json"]);
    assert_eq!(run.code, 1, "{}", run.err);
}

/// Sequences that clear a screen, and marks that turn the direction of text.
const STEERING: [char; 5] = ['\u{1b}', '\u{9b}', '\u{202e}', '\u{200b}', '\r'];

#[test]
fn no_cell_or_header_steers_the_terminal() {
    let place = tempfile::tempdir().unwrap();
    let csv = "x\u{1b}[2J,g,\u{202e}y\n1,\u{1b}[31mred\u{9b}0m,2\n2,\u{202e}live,3\n3,\u{1b}]0;t\u{7},5\n9,\u{202e}live,8\n";
    write(place.path(), "d.csv", csv.as_bytes());
    for format in ["table", "markdown", "csv", "json"] {
        for args in [
            &["describe", "d.csv"][..],
            &["cor", "d.csv", "-x", "x[2J", "-y", "y", "--by", "g"],
            &["cor", "d.csv", "-x", "g", "-y", "nothing\u{1b}[2J"],
            &["fit", "d.csv", "y ~ `\u{1b}[2J`"],
        ] {
            let run = ssi(place.path(), &[&["--format", format][..], args].concat());
            for c in STEERING {
                assert!(
                    !run.out.contains(c) && !run.err.contains(c),
                    "{format} {args:?}: {c:?}\n{}{}",
                    run.out,
                    run.err
                );
            }
        }
    }
    let found = json(&ssi(place.path(), &["--format", "json", "describe", "d.csv", "x[2J", "y"]));
    let changes = found["changes"].to_string();
    assert!(changes.contains("unseen") && changes.contains("U+001B"), "{changes}");
}

const MARKUP: &str = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&";

#[test]
fn markup_in_the_data_stays_text_in_the_pages() {
    let place = tempfile::tempdir().unwrap();
    let quoted = MARKUP.replace('"', "\"\"");
    let mut csv =
        format!("respondent_id,cohort,region,industry,score_total,ssi_total,\"{quoted}\"\n");
    for (i, line) in survey(80).lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let region = if i % 2 == 0 { format!("\"{quoted}\"") } else { "JP".to_owned() };
        csv += &format!(
            "\"{}{quoted}\",\"{quoted}\",{region},\"{quoted}{}\",{},{},\"{quoted}\"\n",
            cells[0],
            i % 3,
            cells[1],
            cells[2]
        );
    }
    write(place.path(), "<b>evil&.csv", csv.as_bytes());
    let plan = format!("name = {:?}\n", MARKUP.replace('/', "|"));
    write(place.path(), "plan.toml", plan.as_bytes());
    let args = [
        "study",
        "<b>evil&.csv",
        "--plan",
        "plan.toml",
        "--out",
        "out",
        "--resamples",
        "100",
        "--by",
        "region",
    ];
    let run = ssi(place.path(), &args);
    assert_eq!(run.code, 0, "{}", run.err);
    let page = std::fs::read_to_string(place.path().join("out/index.html")).unwrap();
    for live in ["<script>alert", "<img src=x", "<b>evil"] {
        assert!(!page.contains(live), "{live}");
    }
    for entry in std::fs::read_dir(place.path().join("out/figures")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "svg") {
            let svg = std::fs::read_to_string(&path).unwrap();
            assert!(!svg.contains("<script") && !svg.contains("<img"), "{}", path.display());
        }
    }
}

#[test]
fn a_sheet_is_the_same_in_both_formats_of_workbooks_and_in_text() {
    let place = tempfile::tempdir().unwrap();
    let rows = [("x", "y"), ("1", "2.5"), ("2", "3"), ("4", "9.25"), ("5", "7")];
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (mut cells, mut csv) = (String::new(), String::new());
    for (i, (a, b)) in rows.iter().enumerate() {
        cells += "<table:table-row>";
        for (j, text) in [a, b].into_iter().enumerate() {
            match text.parse::<f64>() {
                Ok(number) => {
                    sheet.write(i as u32, j as u16, number).unwrap();
                    cells += &format!(
                        "<table:table-cell office:value-type=\"float\" office:value=\"{text}\"><text:p>{text} h</text:p></table:table-cell>"
                    );
                }
                Err(_) => {
                    sheet.write(i as u32, j as u16, *text).unwrap();
                    cells += &format!(
                        "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
                    );
                }
            }
        }
        cells += "</table:table-row>";
        csv += &format!("{a},{b}\n");
    }
    write(place.path(), "t.xlsx", &book.save_to_buffer().unwrap());
    write(place.path(), "t.ods", &ods(&cells));
    write(place.path(), "t.csv", csv.as_bytes());
    let of = |name: &str| {
        let mut found =
            json(&ssi(place.path(), &["--format", "json", "cor", name, "-x", "x", "-y", "y"]));
        found["estimates"].take()
    };
    assert_eq!(of("t.xlsx"), of("t.csv"));
    assert_eq!(of("t.ods"), of("t.csv"));
}

#[test]
fn the_machines_locale_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "d.csv", survey(60).as_bytes());
    write(place.path(), "s.csv", b"x;y\n1,5;2\n1.024,5;3\n7,25;5\n9;8\n");
    let run = |locale: &str, args: &[&str]| {
        let mut command = command(place.path(), args);
        for name in ["LC_ALL", "LANG", "LC_NUMERIC", "LC_CTYPE", "LANGUAGE"] {
            command.env(name, locale);
        }
        let found = read(command.output().unwrap());
        (found.code, found.out, found.err)
    };
    for args in [
        &["--format", "json", "cor", "d.csv", "-x", "score_total", "-y", "ssi_total"][..],
        &["describe", "s.csv"],
        &["--lang", "ja", "describe", "s.csv"],
        &["fit", "d.csv", "ssi_total ~ scor"],
    ] {
        let plain = run("C", args);
        for locale in ["de_DE.UTF-8", "ja_JP.UTF-8", "ja_JP.SJIS", "tr_TR.UTF-8", "nowhere"] {
            assert_eq!(run(locale, args), plain, "{locale} {args:?}");
        }
    }
}
