use crate::form::Misfit;
use ssi_cohort::Sheets;
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
    #[error("{}: is a folder; name the survey file in it (CSV, TSV, XLSX, ODS or Parquet)", .path.display())]
    IsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A device or a pipe where a file belongs.
    #[error("{0}: is a device or a pipe, not a file; to read what comes through it, write: cat {0} | ssi … -", .path.display())]
    NotAFile {
        /// The device or pipe.
        path: PathBuf,
    },
    /// A file or folder that can't be written.
    #[error("{}: can't be written: {}; {}; what was there before is unchanged", .path.display(), reason(.source), elsewhere(.source))]
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
    #[error("{}: exists already and is not overwritten; choose another name or place, or remove it yourself", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A plan with a mistake in it.
    #[error("{name}: {misfit}")]
    Plan {
        /// The plan's file.
        name: String,
        /// What is wrong and where.
        misfit: Misfit,
    },
    /// A setting of the plan that is out of range.
    #[error("the plan: {en}")]
    Setting {
        /// What is allowed, in English.
        en: &'static str,
        /// The same in Japanese.
        ja: &'static str,
    },
    /// Several waves of the same people, who are not independent.
    #[error("{name}: holds several waves of the same people ({}), who are not independent respondents; choose one with --where 'wave == \"{}\"'", .waves.join(", "), .waves.first().map_or("", String::as_str))]
    Waves {
        /// The file.
        name: String,
        /// The waves.
        waves: Vec<String>,
    },
    /// A condition that holds for no row.
    #[error("{name}: --where '{condition}' holds for none of its {of} rows; widen the condition")]
    NobodyKept {
        /// The file.
        name: String,
        /// The condition.
        condition: String,
        /// Rows of the table.
        of: usize,
    },
    /// A wrong option, column or formula.
    #[error("{en}")]
    Usage {
        /// What is wrong and what would be right, in English.
        en: String,
        /// The same in Japanese.
        ja: String,
    },
    /// A report of a cohort that was not named.
    #[error("{}: the report was made from `{file}`; name that file too: ssi verify DIR FILE", .path.display())]
    NeedsCohort {
        /// The report.
        path: PathBuf,
        /// The cohort's file.
        file: String,
    },
    /// A manifest that this version can't read.
    #[error("{}: is no manifest that this version can read: {en}; make the report again with ssi study", .path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why, in English.
        en: String,
        /// The same in Japanese.
        ja: String,
    },
    /// A saved model that can't be used.
    #[error(
        "{name}: {en}; name the model.json of a report that this version of ssi study has written"
    )]
    Model {
        /// The file.
        name: String,
        /// What is wrong, in English.
        en: String,
        /// The same in Japanese.
        ja: String,
    },
    /// People who were scored by another rubric than the model's.
    #[error(
        "{name}: is scored by the rubric `{found}`, and the model by `{model}`; scores of different rubrics are not comparable: score the people again, or make a model from a cohort with their rubric"
    )]
    OtherRubric {
        /// The file.
        name: String,
        /// Its rubric.
        found: String,
        /// The model's.
        model: String,
    },
    /// A key that can't be used.
    #[error("{}: {en}", .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong, in English.
        en: String,
        /// The same in Japanese.
        ja: String,
    },
    /// A report that would tell of single respondents.
    #[error("{name}: {en}")]
    NotPublishable {
        /// The survey file.
        name: String,
        /// Why, in English.
        en: String,
        /// The same in Japanese.
        ja: String,
    },
    /// Rows that can't be written as a clean file.
    #[error("{name}: no clean file is written: {}", .reason.as_ref().map_or_else(
        || "first remove what the file is refused for".to_owned(),
        |why| format!("the rows that are left would not be read alike by themselves ({why})"),
    ))]
    NotClean {
        /// The file.
        name: String,
        /// What the rows that are left would be refused for; none where the file itself is.
        reason: Option<Box<ssi_cohort::Error>>,
    },
    /// Reading or checking the data.
    #[error(transparent)]
    Cohort(#[from] ssi_cohort::Error),
    /// The statistics.
    #[error(transparent)]
    Infer(ssi_infer::Error),
    /// The statistics, with these data.
    #[error("{name}: {source}{}", kept.as_deref().map_or_else(String::new, Kept::english))]
    InFile {
        /// The file.
        name: String,
        /// What a condition left of it, where that is why.
        kept: Option<Box<Kept>>,
        /// Why.
        source: ssi_infer::Error,
    },
    /// Of one of several sheets, where another one may have been meant.
    #[error("{source}; {sheets}")]
    OtherSheet {
        /// What is wrong.
        source: Box<Error>,
        /// The sheet that was read, and the others.
        sheets: Sheets,
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

/// Where a table was found.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The file.
    pub(crate) name: String,
    /// The sheets of a workbook that has several.
    pub(crate) sheets: Option<Sheets>,
}

/// What `--where` kept of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The condition.
    pub condition: String,
    /// Rows for which it holds.
    pub rows: usize,
    /// Rows of the table.
    pub of: usize,
}

impl Kept {
    fn english(&self) -> String {
        let Self { condition, rows, of } = self;
        format!("; --where '{condition}' keeps {rows} of {of} rows: widen it")
    }
}

/// The operating system's words without its number, which helps nobody.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    text.to_lowercase()
}

/// What to do about a file that can't be written.
fn elsewhere(error: &io::Error) -> &'static str {
    use io::ErrorKind as K;
    match error.kind() {
        K::NotFound => "make its folder first, or choose another place",
        K::PermissionDenied | K::ReadOnlyFilesystem => "choose a place that you may write to",
        K::StorageFull | K::QuotaExceeded => "free some room or choose another place",
        _ => "choose another place",
    }
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
            Self::Usage { .. } | Self::Waves { .. } | Self::Setting { .. } | Self::Plan { .. } => {
                Kind::Usage
            }
            Self::Key { .. } => Kind::Usage,
            Self::OtherRubric { .. } | Self::NotPublishable { .. } | Self::NotClean { .. } => {
                Kind::Refused
            }
            Self::Cohort(e) if e.is_refusal() => Kind::Refused,
            Self::Cohort(_) => Kind::Usage,
            Self::OtherSheet { source, .. } => source.kind(),
            Self::Infer(e) | Self::InFile { source: e, .. } if e.is_usage() => Kind::Usage,
            Self::Interrupted | Self::Infer(ssi_infer::Error::Interrupted) => Kind::Interrupted,
            _ => Kind::Failed,
        }
    }
}

impl Error {
    /// A wrong option, said in both languages.
    pub fn usage(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self::Usage { en: en.into(), ja: ja.into() }
    }

    /// The same error, with the name of the file that it is about.
    pub(crate) fn in_file(self, name: &str) -> Self {
        match self {
            Self::Infer(source) => Self::InFile { name: name.to_owned(), kept: None, source },
            Self::Cohort(ssi_cohort::Error::Table(error))
                if ssi_infer::Error::from(error.clone()).is_usage() =>
            {
                Self::InFile { name: name.to_owned(), kept: None, source: error.into() }
            }
            other => other,
        }
    }

    /// [`Error::in_file`], with the sheets of a workbook where the column may stand in another one.
    pub(crate) fn at(self, place: &Place) -> Self {
        use ssi_infer::Error as E;
        match (self.in_file(&place.name), &place.sheets) {
            (
                error @ Self::InFile {
                    source: E::Input(ssi_vocab::Error::UnknownColumn { .. }),
                    ..
                },
                Some(sheets),
            ) => Self::OtherSheet { source: Box::new(error), sheets: sheets.clone() },
            (error, _) => error,
        }
    }

    /// The same error, with the condition that left too few rows.
    pub(crate) fn after(self, filter: Option<&Kept>) -> Self {
        use ssi_infer::Error as E;
        match (self, filter) {
            (
                Self::InFile {
                    name,
                    source:
                        source @ (E::TooFew { .. }
                        | E::NobodyLeft { .. }
                        | E::FactorLevels { .. }
                        | E::Constant { .. }
                        | E::TwoGroups { .. }),
                    ..
                },
                Some(kept),
            ) => Self::InFile { name, kept: Some(Box::new(kept.clone())), source },
            (other, _) => other,
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
