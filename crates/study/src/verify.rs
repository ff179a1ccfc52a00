//! Running a finished report again, and saying whether every number and every byte agrees.

use crate::folder::{Files, MANIFEST};
use crate::form::{self, Misfit};
use crate::manifest::{Manifest, SCHEMA, target};
use crate::source::sha256;
use crate::{Error, Format, Plan, Result, Source, bundle, message, study};
use serde::Serialize;
use ssi_cohort::Key;
use ssi_vocab::{Lang, Progress};
use std::fs;
use std::path::Path;

/// How a file of a report differs from what running it again gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Difference {
    /// The file is not there.
    Absent {
        /// The file.
        file: String,
    },
    /// The file is not part of the report.
    Surplus {
        /// The file.
        file: String,
    },
    /// The file was changed after it was written: it does not match the report's own manifest.
    Edited {
        /// The file.
        file: String,
    },
    /// The file is as it was written, but running again gives other bytes.
    Other {
        /// The file.
        file: String,
        /// The first place where they differ: line and column for text, offset for pictures.
        place: String,
    },
    /// The cohort is not the one that the report was made from.
    Input {
        /// SHA-256 in the manifest.
        expected: String,
        /// SHA-256 of the cohort given.
        found: String,
    },
}

/// What running a report again showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Files compared.
    pub files: usize,
    /// What differs.
    pub differences: Vec<Difference>,
    /// The version that made the report, where it is not this one.
    pub other_version: Option<String>,
    /// The kind of machine that made the report, where it is not this one.
    pub other_target: Option<String>,
}

/// Reruns the report in `dir` from its manifest and compares every byte.
///
/// # Errors
/// [`Error::Manifest`] where the folder is no report of ours, [`Error::NeedsCohort`] where it needs
/// a cohort that was not given; whatever [`study`] fails with.
pub fn verify(dir: &Path, cohort: Option<Source>, progress: &dyn Progress) -> Result<Verification> {
    let manifest = read_manifest(dir)?;
    let source = match cohort {
        Some(source) => Source { name: manifest.input.name.clone(), ..source },
        None if manifest.input.embedded => Source::reference(),
        None => {
            let file = manifest.input.name;
            return Err(Error::NeedsCohort { path: dir.to_owned(), file });
        }
    };
    // Any key tells the same people apart.
    let key = source.key.clone().or_else(|| Key::new((0..=u8::MAX).collect()));
    let source = source.pseudonymised(key.filter(|_| manifest.input.pseudonymised));
    let mut verification = Verification {
        files: 0,
        differences: Vec::new(),
        other_version: other(&manifest.version, env!("CARGO_PKG_VERSION")),
        other_target: other(&manifest.target, &target()),
    };
    let found = source.sha256();
    if found != manifest.input.sha256 {
        let expected = manifest.input.sha256;
        verification.differences.push(Difference::Input { expected, found });
        return Ok(verification);
    }
    let plan = Plan::parse(&manifest.plan, MANIFEST)?;
    let again = bundle(&study(source, plan, progress)?, progress)?;
    let stored = read_folder(dir)?;
    verification.files = again.len();
    for (file, bytes) in &again {
        let file = file.clone();
        match stored.get(&file) {
            None => verification.differences.push(Difference::Absent { file }),
            Some(old) if old == bytes => {}
            Some(old) => {
                let as_written = manifest.files.get(&file).is_none_or(|sum| *sum == sha256(old));
                verification.differences.push(if as_written {
                    Difference::Other { place: place(old, bytes), file }
                } else {
                    Difference::Edited { file }
                });
            }
        }
    }
    let surplus = stored.keys().filter(|name| !again.contains_key(*name));
    verification.differences.extend(surplus.map(|file| Difference::Surplus { file: file.clone() }));
    Ok(verification)
}

fn other(theirs: &str, ours: &str) -> Option<String> {
    (theirs != ours).then(|| theirs.to_owned())
}

fn read_manifest(dir: &Path) -> Result<Manifest> {
    let path = dir.join(MANIFEST);
    let bytes = Source::open(&path)?.bytes;
    let wrong = |en, ja| Error::Manifest { path: path.clone(), en, ja };
    let misfit = |misfit: Misfit| wrong(misfit.to_string(), message::misfit(&misfit));
    let values = form::json(&bytes).map_err(misfit)?;
    match values.text("schema") {
        Some(SCHEMA) => form::fitted(values).map_err(misfit),
        found => {
            let found: String = found.unwrap_or("none").chars().take(60).collect();
            Err(wrong(
                format!("its form is `{found}`, not `{SCHEMA}`"),
                format!("形式が `{SCHEMA}` ではありません（`{found}`）"),
            ))
        }
    }
}

fn read_folder(dir: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let fail = |source| Error::Open { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(fail)? {
            let entry = entry.map_err(fail)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().map_err(fail)?.is_dir() {
                folders.push((entry.path(), format!("{name}/")));
            } else {
                files.insert(name, Source::open(&entry.path())?.bytes);
            }
        }
    }
    Ok(files)
}

/// Where two files first differ.
fn place(old: &[u8], new: &[u8]) -> String {
    let at = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    match (std::str::from_utf8(old), std::str::from_utf8(new)) {
        (Ok(_), Ok(_)) => {
            let before = &old[..at];
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let column = at - before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1) + 1;
            format!("line {line}, byte {column}")
        }
        _ => format!("byte {}", at + 1),
    }
}

impl Verification {
    /// True where nothing differs.
    pub fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// As text, or as JSON where that is asked for.
    #[expect(clippy::expect_used, reason = "a verification holds only strings and numbers")]
    pub fn show(&self, format: Format, lang: Lang) -> String {
        if format == Format::Json {
            let json = serde_json::to_string_pretty(&serde_json::json!({
                "schema": "ssi-study/verification/1",
                "agrees": self.agrees(),
                "files": self.files,
                "differences": self.differences,
                "other_version": self.other_version,
                "other_target": self.other_target,
            }));
            return json.expect("a verification is always writable") + "\n";
        }
        let mut lines = Vec::new();
        if self.agrees() {
            lines.push(match lang {
                Lang::En => format!("The same: {} files, every byte.", self.files),
                Lang::Ja => format!("一致しました：{}個のファイルがすべて同一です。", self.files),
            });
        } else {
            lines.push(match lang {
                Lang::En => "Not the same:".to_owned(),
                Lang::Ja => "一致しません：".to_owned(),
            });
            lines.extend(self.differences.iter().map(|d| format!("  {}", d.describe(lang))));
        }
        if let Some(version) = &self.other_version {
            lines.push(match lang {
                Lang::En => format!("The report was made by version {version}."),
                Lang::Ja => format!("このレポートはバージョン {version} で作成されました。"),
            });
        }
        if let Some(target) = &self.other_target {
            lines.push(match lang {
                Lang::En => format!(
                    "It was made on {target}; last digits may differ between kinds of machine."
                ),
                Lang::Ja => format!(
                    "作成環境は {target} です。環境が異なると末尾の桁が異なることがあります。"
                ),
            });
        }
        lines.join("\n") + "\n"
    }
}

impl Difference {
    fn describe(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Absent { file }, Lang::En) => format!("{file}: is not there"),
            (Self::Absent { file }, Lang::Ja) => format!("{file}：ファイルがありません"),
            (Self::Surplus { file }, Lang::En) => format!("{file}: is not part of the report"),
            (Self::Surplus { file }, Lang::Ja) => {
                format!("{file}：レポートに含まれないファイルです")
            }
            (Self::Edited { file }, Lang::En) => {
                format!("{file}: was changed after it was written")
            }
            (Self::Edited { file }, Lang::Ja) => format!("{file}：作成後に変更されています"),
            (Self::Other { file, place }, Lang::En) => {
                format!("{file}: running again gives something else, first at {place}")
            }
            (Self::Other { file, place }, Lang::Ja) => {
                format!("{file}：再実行の結果と異なります（最初の相違：{place}）")
            }
            (Self::Input { expected, found }, Lang::En) => format!(
                "the cohort is another one: SHA-256 {found}, and the report was made from {expected}"
            ),
            (Self::Input { expected, found }, Lang::Ja) => format!(
                "データが異なります：SHA-256 は {found}、レポートの作成時は {expected} でした"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_difference_is_a_line_in_text_and_an_offset_in_a_picture() {
        assert_eq!(place(b"a\nbcd", b"a\nbxd"), "line 2, byte 2");
        assert_eq!(place(&[0xff, 1], &[0xff, 2]), "byte 2");
    }
}
