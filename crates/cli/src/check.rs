//! `ssi check`, and the codebook that may stand beside a survey file.

use crate::args::Common;
use crate::commands::{Output, codebook, open, pairs};
use crate::progress::writing;
use crate::pseudonyms::Pseudonyms;
use clap::Args;
use ssi_study::{Beside, CheckRequest, Error, Result, message};
use std::path::{Path, PathBuf};

/// What `ssi check` takes.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Survey file (CSV, TSV, XLSX, ODS or Parquet; `-` is standard input).
    pub(crate) file: PathBuf,
    /// Write the rows that are used to this file: CSV under canonical names, a row a rating.
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) clean: Option<PathBuf>,
    /// Write a codebook of the file (a Frictionless data package), to be edited and given back by
    /// --codebook.
    #[arg(long, value_name = "OUT.json")]
    pub(crate) write_codebook: Option<PathBuf>,
    /// Write every normalised cell, excluded row and ignored column to this file (.csv or .json).
    #[arg(long, value_name = "OUT.csv|OUT.json")]
    pub(crate) ledger: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pseudonyms: Pseudonyms,
}

pub(crate) fn check(args: &Check, common: &Common) -> Result<Output> {
    let lang = common.lang.into();
    alone(args, common)?;
    let (key, warnings) = args.pseudonyms.key(None, lang)?;
    let source = open(&args.file, common)?.pseudonymised(key);
    let map = pairs(&common.map)?;
    let (checked, note) = with_codebook(&args.file, common, |codebook| {
        ssi_study::check(&CheckRequest {
            source: &source,
            map: map.clone(),
            codebook,
            options: common.reading.options(),
            lang,
        })
    })?;
    let (text, code) = (checked.show(common.format.into(), lang), u8::from(checked.refused()) * 3);
    let mut warnings = warnings + &note;
    if let Some(path) = &args.write_codebook {
        writing();
        checked.write_codebook(path)?;
    }
    if let Some(path) = &args.ledger {
        writing();
        checked.write_ledger(path)?;
    }
    match &args.clean {
        // What the file is refused for is told first; that nothing was written follows from it.
        Some(path) => match checked.write_clean(path) {
            Err(error @ Error::NotClean { .. }) => {
                warnings.push_str(&format!("ssi: {}\n", message(&error, lang)));
                Ok(Output { text, warnings, code: 3 })
            }
            written => written.map(|()| Output { text, warnings, code }),
        },
        None => Ok(Output { text, warnings, code }),
    }
}

/// Refuses options that a check has no use for: it looks at the whole file.
fn alone(args: &Check, common: &Common) -> Result<()> {
    let useless = [
        ("--where", common.filter.is_some()),
        ("--by", common.by.is_some()),
        ("--level", common.level.is_some()),
    ];
    if let Some((option, _)) = useless.into_iter().find(|(_, given)| *given) {
        return Err(Error::usage(
            format!("ssi check looks at the whole file: leave out {option}"),
            format!("ssi check はファイル全体を確認します。{option} は指定しないでください"),
        ));
    }
    let outputs = [&args.clean, &args.write_codebook, &args.ledger];
    if outputs.into_iter().flatten().any(|path| path == Path::new("-")) {
        return Err(Error::usage(
            "`-` is standard input; name a file to write to, or use --format json".to_owned(),
            "`-` は標準入力です。書き込むファイル名を指定するか、--format json を使ってください"
                .to_owned(),
        ));
    }
    let outputs: Vec<&PathBuf> = outputs.into_iter().flatten().collect();
    let twice = (1..outputs.len()).any(|at| outputs[..at].contains(&outputs[at]));
    if twice || outputs.iter().any(|path| is_same(path, &args.file)) {
        return Err(Error::usage(
            "name a file of its own for each of --clean, --write-codebook and --ledger".to_owned(),
            "--clean、--write-codebook、--ledger には、それぞれ別のファイルを指定してください"
                .to_owned(),
        ));
    }
    // Nothing is written where one of them can't be.
    match outputs.into_iter().find(|path| path.symlink_metadata().is_ok()) {
        Some(path) => Err(Error::Exists { path: path.clone() }),
        None => Ok(()),
    }
}

/// True where two paths lead to one file.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|o| o == one))
}

/// Runs a command with the codebook that the user names, or else with the one beside the file, if it
/// is one of this file; and what is to be said about that.
pub(crate) fn with_codebook<T>(
    file: &Path,
    common: &Common,
    run: impl Fn(Option<String>) -> Result<T>,
) -> Result<(T, String)> {
    if let Some(path) = &common.codebook {
        return run(Some(codebook(path, common)?)).map(|done| (done, String::new()));
    }
    let lang = common.lang.into();
    let beside = Beside::of(file);
    let found = match &beside {
        Beside::Codebook(text) => Some(text.clone()),
        _ => None,
    };
    let of_beside = found.is_some();
    match run(found) {
        Ok(done) => Ok((done, beside.note(lang))),
        Err(error) if of_beside => {
            let unused = beside.after(&error);
            if matches!(unused, Beside::Broken(_)) {
                run(None).map(|done| (done, unused.note(lang)))
            } else {
                Err(error)
            }
        }
        Err(error) => Err(error),
    }
}
