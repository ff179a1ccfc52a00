//! No wording is left unused, and no code asks for a wording that is not there.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Families that are looked up by a code of the results or a name of the user's.
const FAMILIES: [&str; 34] = [
    "refusal",
    "dropped",
    "how",
    "confidence",
    "intake",
    "scope",
    "agreement",
    "view",
    "assumes",
    "quantity",
    "series",
    "variable",
    "short",
    "term",
    "statistic",
    "method",
    "interval",
    "measure",
    "test",
    "vcov",
    "model",
    "analysis",
    "reason",
    "rule",
    "note",
    "verdict",
    "weights",
    "claim",
    "estimated",
    "why",
    "because",
    "aside",
    "judged",
    "counts",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> String {
    let mut out = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out += &sources(&path);
        } else {
            let text = std::fs::read_to_string(path).unwrap();
            out += text.split("#[cfg(test)]").next().unwrap();
        }
    }
    out
}

fn keys() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("terms/en.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned()).collect()
}

#[test]
fn every_wording_is_used() {
    let source = sources(&root().join("src"));
    for key in keys() {
        let family = key.split('.').next().unwrap();
        let by_code = FAMILIES.contains(&family) || family == "check";
        assert!(by_code || source.contains(&format!("\"{key}\"")), "{key} is never used");
    }
}

#[test]
fn every_wording_that_is_asked_for_exists() {
    let keys = keys();
    let source = sources(&root().join("src"));
    let families: BTreeSet<&str> = keys.iter().filter_map(|k| k.split('.').next()).collect();
    let mut asked = 0;
    for literal in source.split('"').filter(|s| s.len() < 50 && s.contains('.')) {
        let (family, rest) = literal.split_once('.').unwrap();
        let name = |s: &str| {
            !s.is_empty()
                && s.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
        };
        // File names end like keys do.
        let file = ["svg", "png", "csv", "json", "txt", "md", "css", "js"].contains(&rest);
        if families.contains(family) && name(rest) && !file {
            assert!(keys.contains(literal), "{literal} has no wording");
            asked += 1;
        }
    }
    assert!(asked > 100, "only {asked} look-ups were found");
}

#[test]
fn every_code_of_the_vocabulary_has_a_wording() {
    let keys = keys();
    let vocab = std::fs::read_to_string(root().join("../vocab/src/exclusion.rs")).unwrap()
        + &std::fs::read_to_string(root().join("../vocab/src/estimate.rs")).unwrap();
    for (family, name) in [("reason", "Reason"), ("rule", "Rule"), ("note", "Note")] {
        let body = vocab.split(&format!("pub enum {name} {{")).nth(1).unwrap();
        let body = body.split("\n}").next().unwrap();
        let variants = body.lines().map(str::trim).filter(|l| !l.starts_with("//"));
        for variant in variants.filter_map(|l| l.strip_suffix(',')) {
            let mut code = String::new();
            for (i, c) in variant.chars().enumerate() {
                if c.is_uppercase() && i > 0 {
                    code.push('_');
                }
                code.push(c.to_ascii_lowercase());
            }
            assert!(keys.contains(&format!("{family}.{code}")), "{family}.{code} has no wording");
        }
    }
}
