//! Writing a report folder so that at every instant either the old or the new one is there whole.

use crate::{Error, Result};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file that marks a folder as one of our reports.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Files of a folder: path inside it (with `/`) to bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Fails early if `dir` can't be replaced by a report.
///
/// # Errors
/// [`Error::NotAReport`] where the folder holds something else.
pub fn check(dir: &Path) -> Result<()> {
    let fail = |source: io::Error| Error::Write { path: dir.to_owned(), source };
    match fs::metadata(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(fail(e)),
        Ok(_) if is_report(dir) => Ok(()),
        Ok(found) if found.is_dir() && fs::read_dir(dir).map_err(fail)?.next().is_none() => Ok(()),
        Ok(_) => Err(Error::NotAReport { path: dir.to_owned() }),
    }
}

fn is_report(dir: &Path) -> bool {
    fs::read(dir.join(MANIFEST))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        .and_then(|v| v.get("schema").and_then(|s| s.as_str()).map(str::to_owned))
        .is_some_and(|schema| schema == crate::manifest::SCHEMA)
}

/// Writes `files` to `dir`: first to a temporary sibling, then swapped in.
///
/// # Errors
/// [`Error::Write`], [`Error::NotAReport`]; the temporary sibling is gone then, and an older
/// report is whole.
pub fn write(files: &Files, dir: &Path) -> Result<()> {
    check(dir)?;
    let fail = |source: io::Error| Error::Write { path: dir.to_owned(), source };
    // Through a link, and from within the folder itself, it is the real folder that is replaced.
    let real = fs::canonicalize(dir);
    let dir = real.as_deref().unwrap_or(dir);
    let parent = match dir.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    fs::create_dir_all(&parent).map_err(fail)?;
    let fresh =
        tempfile::Builder::new().prefix(".ssi-report-").tempdir_in(&parent).map_err(fail)?;
    for (name, bytes) in files {
        let path = fresh.path().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        let file = fs::File::create(&path).map_err(fail)?;
        io::Write::write_all(&mut &file, bytes).map_err(fail)?;
    }
    open_to_others(fresh.path()).map_err(fail)?;
    swap_in(fresh, dir).map_err(fail)
}

/// A temporary folder is private; a report is as readable as any folder the user makes.
#[cfg(unix)]
fn open_to_others(dir: &Path) -> io::Result<()> {
    // What a plain `mkdir` would have given is seen on a folder made with it.
    let probe = dir.join(".probe");
    fs::create_dir(&probe)?;
    let permissions = fs::metadata(&probe)?.permissions();
    fs::remove_dir(&probe)?;
    fs::set_permissions(dir, permissions)
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Gives a temporary file in `dir`, which is private, the permissions of any file made there.
pub(crate) fn make_readable(file: &Path, dir: &Path) -> io::Result<()> {
    let probe = dir.join(format!(".ssi-probe-{}", std::process::id()));
    fs::File::create_new(&probe)?;
    let permissions = fs::metadata(&probe).map(|found| found.permissions());
    fs::remove_file(&probe)?;
    fs::set_permissions(file, permissions?)
}

/// Writes one file, whole or not at all, and never over one that is there.
///
/// # Errors
/// [`Error::Exists`], [`Error::Write`].
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |source: io::Error| Error::Write { path: path.to_owned(), source };
    let dir = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let mut fresh = tempfile::NamedTempFile::new_in(dir).map_err(fail)?;
    io::Write::write_all(&mut fresh, bytes).map_err(fail)?;
    make_readable(fresh.path(), dir).map_err(fail)?;
    match fresh.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Error::Exists { path: path.to_owned() })
        }
        Err(e) => Err(fail(e.error)),
    }
}

fn swap_in(fresh: tempfile::TempDir, dir: &Path) -> io::Result<()> {
    if fs::symlink_metadata(dir).is_err() {
        fs::rename(fresh.path(), dir)?;
        // The folder has moved away: there is nothing left to remove.
        let _ = fresh.keep();
        return Ok(());
    }
    // After the exchange the temporary name holds the old report, which goes with it.
    exchange(fresh.path(), dir)
}

/// Exchanges two folders in one step of the file system, where it has such a step.
#[cfg(target_os = "linux")]
fn exchange(fresh: &Path, dir: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, fresh, CWD, dir, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => exchange_by_steps(fresh, dir),
        Err(other) => Err(other.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(fresh: &Path, dir: &Path) -> io::Result<()> {
    exchange_by_steps(fresh, dir)
}

/// Three renames, undone if the second fails: between them the name is absent for an instant.
fn exchange_by_steps(fresh: &Path, dir: &Path) -> io::Result<()> {
    let mut aside = fresh.as_os_str().to_owned();
    aside.push(".old");
    let aside = PathBuf::from(aside);
    fs::rename(dir, &aside)?;
    if let Err(error) = fs::rename(fresh, dir) {
        fs::rename(&aside, dir)?;
        return Err(error);
    }
    fs::rename(&aside, fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str) -> Files {
        let manifest = format!("{{\"schema\": \"{}\"}}", crate::manifest::SCHEMA);
        [("a/b.txt", text.as_bytes()), (MANIFEST, manifest.as_bytes())]
            .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()))
            .into()
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_report_is_replaced_whole_and_nothing_is_left_beside_it() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("r");
        write(&report("one"), &dir).unwrap();
        fs::write(dir.join("stale.txt"), "x").unwrap();
        write(&report("two"), &dir).unwrap();
        assert_eq!(fs::read_to_string(dir.join("a/b.txt")).unwrap(), "two");
        assert_eq!(names(&dir), ["a", MANIFEST]);
        assert_eq!(names(place.path()), ["r"]);
    }

    #[test]
    fn a_folder_that_is_no_report_is_never_replaced() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.txt"), "mine").unwrap();
        let error = write(&report("one"), place.path()).unwrap_err();
        assert!(matches!(error, Error::NotAReport { .. }), "{error}");
        assert_eq!(names(place.path()), ["thesis.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn through_a_link_the_real_folder_is_replaced() {
        let place = tempfile::tempdir().unwrap();
        let (real, link) = (place.path().join("deep/real"), place.path().join("link"));
        write(&report("one"), &real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&report("two"), &link).unwrap();
        assert_eq!(fs::read_to_string(real.join("a/b.txt")).unwrap(), "two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn exchange_by_steps_does_what_exchange_does() {
        let place = tempfile::tempdir().unwrap();
        let (a, b) = (place.path().join("a"), place.path().join("b"));
        fs::create_dir(&a).unwrap();
        fs::create_dir(&b).unwrap();
        fs::write(a.join("from_a"), "").unwrap();
        exchange_by_steps(&a, &b).unwrap();
        assert_eq!((names(&a), names(&b)), (vec![], vec!["from_a".to_owned()]));
        assert_eq!(names(place.path()), ["a", "b"]);
    }
}
