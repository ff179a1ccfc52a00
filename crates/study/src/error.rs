use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A result whose error is [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Why a study, or a single analysis, could not be done.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A file that can't be opened or read.
    #[error("{}: can't be read: {}; check the name and that you may open it", .path.display(), reason(.source))]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder where a file belongs.
    #[error("{}: is a folder; name the survey file in it (CSV, TSV or XLSX)", .path.display())]
    IsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder that can't be written.
    #[error("{}: can't be written: {}; choose another place or free some room; what was there before is unchanged", .path.display(), reason(.source))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder that holds something else than a report.
    #[error("{}: exists and is not a report (it has no manifest.json of ours), so it is not replaced; choose another --out or remove it yourself", .path.display())]
    NotAReport {
        /// The folder.
        path: PathBuf,
    },
    /// A file that would be overwritten.
    #[error("{}: exists already and is not overwritten; choose another --out or remove it yourself", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A plan with a mistake in it.
    #[error("{name}: {reason}")]
    Plan {
        /// The plan's file.
        name: String,
        /// What is wrong and where.
        reason: String,
    },
    /// A wrong option, column or formula.
    #[error("{0}")]
    Usage(String),
    /// A report that can't be verified.
    #[error("{}: {reason}", .path.display())]
    Unverifiable {
        /// The report or its part.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Reading or checking the data.
    #[error(transparent)]
    Cohort(#[from] ssi_cohort::Error),
    /// The statistics.
    #[error(transparent)]
    Infer(ssi_infer::Error),
    /// The statistics, with these data.
    #[error("{name}: {source}")]
    InFile {
        /// The file.
        name: String,
        /// Why.
        source: ssi_infer::Error,
    },
    /// The figures.
    #[error("figure `{slug}`: {source}")]
    Figure {
        /// Which.
        slug: String,
        /// Why.
        source: ssi_figure::Error,
    },
    /// The user asked to stop.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

/// The operating system's words without its number, which helps nobody.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.to_lowercase()
}

/// The kinds of failure that a script tells apart by the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It could not be done.
    Failed,
    /// It was asked for wrongly.
    Usage,
    /// The data were refused.
    Refused,
    /// The user stopped it.
    Interrupted,
}

impl Error {
    /// Which kind of failure this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Usage(_) | Self::Plan { .. } => Kind::Usage,
            Self::Cohort(e) if e.is_refusal() => Kind::Refused,
            Self::Cohort(_) => Kind::Usage,
            Self::Infer(e) | Self::InFile { source: e, .. } if e.is_usage() => Kind::Usage,
            Self::Interrupted | Self::Infer(ssi_infer::Error::Interrupted) => Kind::Interrupted,
            _ => Kind::Failed,
        }
    }
}

impl Error {
    /// The same error, with the name of the file that it is about.
    pub(crate) fn in_file(self, name: &str) -> Self {
        match self {
            Self::Infer(source) => Self::InFile { name: name.to_owned(), source },
            other => other,
        }
    }
}

impl From<ssi_infer::Error> for Error {
    fn from(error: ssi_infer::Error) -> Self {
        match error {
            ssi_infer::Error::Interrupted => Self::Interrupted,
            other => Self::Infer(other),
        }
    }
}

impl From<ssi_vocab::Error> for Error {
    fn from(error: ssi_vocab::Error) -> Self {
        Self::Infer(error.into())
    }
}

impl From<ssi_vocab::Interrupted> for Error {
    fn from(_: ssi_vocab::Interrupted) -> Self {
        Self::Interrupted
    }
}
