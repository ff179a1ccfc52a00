//! The file of a key, by which identifiers are replaced.

use crate::{Error, Result};
use ssi_cohort::Key;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

/// No key is larger.
const LARGEST: u64 = 1 << 16;

/// A key, and what its owner should know of its file.
#[derive(Debug)]
pub struct KeyFile {
    /// The key.
    pub key: Key,
    /// True where other users of the machine may read the file.
    pub readable_by_others: bool,
}

impl KeyFile {
    /// The key in a file. With `make`, a file that is not there is made first: random bytes of the
    /// operating system, which only the user may read. `report` is the folder of the report, which
    /// goes to others.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::Write`]; [`Error::Key`] for a file that is too short, no file, or
    /// inside the report.
    pub fn open(path: &Path, make: bool, report: Option<&Path>) -> Result<Self> {
        let fail = |en: &str, ja: &str| {
            Err(Error::Key { path: path.to_owned(), en: en.to_owned(), ja: ja.to_owned() })
        };
        if report.is_some_and(|dir| lies_in(path, dir)) {
            return fail(
                "lies in the report's folder, which goes to others; keep the key elsewhere",
                "レポートのフォルダーの中にあります。レポートは他の人に渡すものなので、鍵は別の場所に保管してください",
            );
        }
        if make && fs::symlink_metadata(path).is_err() {
            written(path).map_err(|source| Error::Write { path: path.to_owned(), source })?;
        }
        let failed = |source| Error::Open { path: path.to_owned(), source };
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return fail(
                "is no file; name the file of the key",
                "ファイルではありません。鍵のファイルを指定してください",
            );
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(failed)?;
        let readable_by_others = readable_by_others(&file).map_err(failed)?;
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > LARGEST {
            return fail(
                "is larger than any key; name the file of the key",
                "鍵としては大きすぎます。鍵のファイルを指定してください",
            );
        }
        match Key::new(bytes) {
            Some(key) => Ok(Self { key, readable_by_others }),
            None => fail(
                "holds fewer than 32 bytes, or only one byte again and again; make a key with --new-key and a new name",
                "鍵が32バイト未満か、同じバイトの繰り返しです。新しいファイル名と --new-key を指定すると鍵を作れます",
            ),
        }
    }
}

/// True for a place inside a folder, through links too, also where either is not there yet.
fn lies_in(path: &Path, dir: &Path) -> bool {
    let real = |path: &Path| {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let there = whole.ancestors().find_map(|part| {
            Some((part.canonicalize().ok()?, whole.strip_prefix(part).ok()?.to_owned()))
        });
        there.map_or(whole.clone(), |(there, rest)| there.join(rest))
    };
    real(path).starts_with(real(dir))
}

fn written(path: &Path) -> io::Result<()> {
    let mut bytes = [0; Key::FEWEST];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(&bytes)
}

#[cfg(unix)]
fn readable_by_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn readable_by_others(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_for_its_owner() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("key");
        assert!(matches!(KeyFile::open(&path, false, None), Err(Error::Open { .. })));
        let made = KeyFile::open(&path, true, None).unwrap();
        assert!(!made.readable_by_others);
        assert_eq!(KeyFile::open(&path, true, None).unwrap().key, made.key);
        let other = KeyFile::open(&place.path().join("other"), true, None).unwrap();
        assert_ne!(other.key, made.key);
    }

    #[test]
    fn a_short_file_a_folder_and_one_in_the_report_are_no_keys() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("key");
        fs::write(&path, [7, 8, 9]).unwrap();
        let refused = |path: &Path, report: Option<&Path>| {
            matches!(KeyFile::open(path, true, report), Err(Error::Key { .. }))
        };
        assert!(refused(&path, None) && refused(place.path(), None));
        let report = place.path().join("r");
        assert!(refused(&report.join("key"), Some(&report)));
        assert!(refused(&place.path().join("r/../r/key"), Some(&report)));
        assert!(!report.exists() && !place.path().join("r").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_told_and_a_link_into_the_report_is_seen() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("key");
        let random: Vec<u8> = (0..40).collect();
        fs::write(&path, random).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(KeyFile::open(&path, false, None).unwrap().readable_by_others);
        let link = place.path().join("link");
        std::os::unix::fs::symlink(place.path(), &link).unwrap();
        assert!(KeyFile::open(&link.join("key"), false, Some(place.path())).is_err());
    }
}
