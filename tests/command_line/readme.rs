//! The README's own commands, run as they stand there.

use super::{ssi, survey};
use rust_xlsxwriter::Workbook;
use std::fs;
use std::path::Path;

/// Splits a command line as a shell does: at spaces outside single quotes, up to a comment.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// A survey with regions, as CSV lines of cells.
fn cells() -> Vec<Vec<String>> {
    let regions = ["region", "EU", "JP", "LATAM"];
    let region = |i: usize| if i == 0 { regions[0] } else { regions[1 + i / 5 % 3] };
    survey(60)
        .lines()
        .enumerate()
        .map(|(i, line)| line.split(',').chain([region(i)]).map(str::to_owned).collect())
        .collect()
}

fn write_surveys(place: &Path, mapped: bool) {
    let mut rows = cells();
    if mapped {
        rows[0] = ["番号", "合計点", "SSIスコア", "region"].map(str::to_owned).to_vec();
    }
    let csv: String = rows.iter().map(|row| row.join(",") + "\n").collect();
    fs::write(place.join("survey.csv"), &csv).unwrap();
    // The Japanese example maps a header of its own.
    fs::write(place.join("調査.csv"), csv.replace("SSIスコア", "指標")).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(r as u32, c as u16, number).unwrap(),
                Err(_) => sheet.write(r as u32, c as u16, cell.as_str()).unwrap(),
            };
        }
    }
    book.save(place.join("survey.xlsx")).unwrap();
    fs::copy(place.join("survey.xlsx"), place.join("調査.xlsx")).unwrap();
}

#[test]
fn every_ssi_command_of_the_readme_works() {
    let readme = include_str!("../../README.md");
    let place = tempfile::tempdir().unwrap();
    let mut run = 0;
    let mut fenced = false;
    for line in readme.lines() {
        fenced ^= line.starts_with("```");
        if !fenced || !line.starts_with("ssi ") {
            continue;
        }
        write_surveys(place.path(), line.contains("--map"));
        let args: Vec<String> = words(line).into_iter().skip(1).collect();
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        if args.contains(&"verify") {
            // The report of the XLSX file, not the later one of the CSV file of the same name.
            let args = ["study", "survey.xlsx", "--resamples", "300"];
            assert_eq!(ssi(place.path(), &args).code, 0);
        } else if args.contains(&"study") {
            args.extend(["--resamples", "300"]);
        }
        let result = ssi(place.path(), &args);
        assert_eq!(result.code, 0, "{line}: {}", result.err);
        assert!(!result.out.is_empty(), "{line}");
        run += 1;
    }
    assert!(run >= 7, "the README shows its commands in fenced blocks: {run} found");
}

#[test]
fn the_readme_names_the_two_commands_that_everything_checks_run() {
    let readme = include_str!("../../README.md");
    let checks = include_str!("../../.ci/run");
    for (shown, run) in [
        ("cargo run --release -- study", "cargo run --release --locked -- study"),
        ("cargo test --workspace", "cargo test --workspace --locked"),
    ] {
        assert!(readme.contains(shown), "{shown}");
        assert!(checks.contains(run), "{run}");
    }
}

#[test]
fn the_row_counts_in_the_dataset_pages_are_those_of_the_files() {
    let reference = include_str!("../../datasets/reference/README.md");
    let data = include_str!("../../datasets/reference/data.csv");
    let rows = data.lines().count() - 1;
    let second = data.lines().filter(|line| !line.contains(",R1,")).count() - 1;
    assert!(
        reference.contains(&format!("{} users, in {rows} rows: {second} of them", rows - second))
    );
    let article = include_str!("../../datasets/article/README.md");
    let rows = include_str!("../../datasets/article/data.csv").lines().count() - 1;
    assert!(article.contains(&format!("{rows} rows")), "{rows}");
}
