//! The floors and invariants of ARCHITECTURE.md, read from the manifests and sources.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The rows of the table in ARCHITECTURE.md whose first cell is a floor: crate to (workspace
/// crates it may use, outside crates it may use).
fn floors() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut floors = BTreeMap::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if cells.len() == 5 && cells[0].parse::<u8>().is_ok() {
            let names = |text: &str| -> BTreeSet<String> {
                text.split([',', ' '])
                    .map(|w| w.trim_matches('`'))
                    .filter(|w| !w.is_empty() && *w != "–")
                    .map(str::to_owned)
                    .collect()
            };
            let name = cells[1].trim_matches('`').to_owned();
            floors.insert(name, (names(cells[3]), names(cells[4])));
        }
    }
    floors
}

fn dependencies(manifest: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let manifest: toml::Table = toml::from_str(&text).unwrap();
    let mut found = BTreeSet::new();
    for (key, value) in &manifest {
        if key == "dependencies" || key == "build-dependencies" {
            found.extend(value.as_table().unwrap().keys().cloned());
        }
        if key == "target" {
            for target in value.as_table().unwrap().values() {
                if let Some(table) = target.get("dependencies").and_then(|d| d.as_table()) {
                    found.extend(table.keys().cloned());
                }
            }
        }
    }
    found
}

#[test]
fn every_crate_uses_exactly_what_the_architecture_page_says() {
    let floors = floors();
    let crates: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(floors.keys().cloned().collect::<BTreeSet<_>>(), crates);
    for (name, (inside, outside)) in floors {
        let used = dependencies(&root().join("crates").join(&name).join("Cargo.toml"));
        let (ours, others): (BTreeSet<String>, BTreeSet<String>) =
            used.into_iter().partition(|dependency| dependency.starts_with("ssi-"));
        let ours: BTreeSet<String> =
            ours.iter().map(|n| n.trim_start_matches("ssi-").to_owned()).collect();
        assert_eq!(ours, inside, "workspace crates of `{name}`");
        assert_eq!(others, outside, "outside crates of `{name}`");
    }
}

#[test]
fn versions_stand_only_in_the_root_manifest() {
    let mut manifests = vec![root().join("tests/Cargo.toml")];
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        manifests.push(entry.unwrap().path().join("Cargo.toml"));
    }
    for manifest in manifests {
        let text = fs::read_to_string(&manifest).unwrap();
        let parsed: toml::Table = toml::from_str(&text).unwrap();
        for section in ["dependencies", "dev-dependencies"] {
            let Some(table) = parsed.get(section).and_then(|s| s.as_table()) else { continue };
            for (name, value) in table {
                let inherited = value.get("workspace").and_then(|w| w.as_bool()) == Some(true);
                assert!(inherited, "{}: `{name}` has a version of its own", manifest.display());
            }
        }
    }
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn only_study_and_cli_touch_files() {
    for name in ["vocab", "cohort", "infer", "figure", "report"] {
        let mut files = Vec::new();
        sources(&root().join("crates").join(name).join("src"), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let library = text.split("#[cfg(test)]").next().unwrap();
            for forbidden in ["std::fs", "fs::read", "File::open", "std::net", "std::env::var"] {
                assert!(!library.contains(forbidden), "{} uses {forbidden}", file.display());
            }
        }
    }
}

#[test]
fn no_library_reads_the_clock() {
    for name in ["vocab", "cohort", "infer", "figure", "report", "study"] {
        let mut files = Vec::new();
        sources(&root().join("crates").join(name).join("src"), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for clock in ["SystemTime", "Instant::now"] {
                assert!(!text.contains(clock), "{} reads the clock", file.display());
            }
        }
    }
}

#[test]
fn no_source_file_has_grown_past_450_lines() {
    let mut files = Vec::new();
    for name in ["vocab", "cohort", "infer", "figure", "report", "study", "cli"] {
        sources(&root().join("crates").join(name).join("src"), &mut files);
    }
    for file in files {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 450, "{}: {lines} lines; split it by method", file.display());
    }
}
