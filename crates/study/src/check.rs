//! What `ssi check` does: a survey file is read and told of, and written anew where it is asked for.

mod answers;

use crate::{Error, Format, Result, Source, message, write_file};
use answers::answers;
use ssi_cohort::{Clean, Codebook, Cohort, Options};
use ssi_vocab::{Intake, Lang, Ledger};
use std::path::Path;

/// A survey file, and how it is to be read.
#[derive(Debug, Clone)]
pub struct CheckRequest<'a> {
    /// The file.
    pub source: &'a Source,
    /// Own column names: (canonical, the file's).
    pub map: Vec<(String, String)>,
    /// A codebook of one's own (a Frictionless data package or table schema, JSON).
    pub codebook: Option<String>,
    /// What is not to be found out.
    pub options: Options,
    /// The language of the reasons to refuse it.
    pub lang: Lang,
}

/// A survey file that was looked at.
#[derive(Debug, Clone)]
pub struct Checked<'a> {
    /// What was found.
    pub intake: Intake,
    source: &'a Source,
    codebook: Codebook,
    options: Options,
}

/// Looks at a survey file as `ssi study` would read it.
///
/// # Errors
/// Wrong usage, such as a mapped header that is not there. A file that is refused is no error: it
/// is told of.
pub fn check<'a>(request: &CheckRequest<'a>) -> Result<Checked<'a>> {
    let CheckRequest { source, map, codebook, options, lang } = request;
    let codebook = match codebook {
        Some(text) => Codebook::of_file(text, &source.name)?,
        None => Codebook::default(),
    };
    let codebook = codebook.with_map(map)?;
    let options = source.options(options);
    let say = |error: ssi_cohort::Error| message(&Error::Cohort(error), *lang);
    let mut intake = Intake {
        schema: Intake::SCHEMA,
        file: source.name.clone(),
        usable: false,
        layout: None,
        rows: None,
        columns: Vec::new(),
        answers: Vec::new(),
        refusals: Vec::new(),
        changes: Vec::new(),
        excluded: Vec::new(),
        ledger: Ledger::new(&source.name, "", Vec::new()),
    };
    match ssi_cohort::inspect(&source.bytes, &source.name, &codebook, &options) {
        Ok(seen) => {
            intake.usable = seen.refusals.is_empty();
            intake.layout = Some(seen.layout);
            intake.answers = answers(&seen.columns);
            intake.columns = seen.columns;
            intake.refusals = seen.refusals.into_iter().map(say).collect();
            intake.ledger = seen.ledger;
            intake.changes = seen.changes;
            intake.excluded = seen.excluded;
            intake.rows = Some(seen.rows);
        }
        Err(error) if error.is_refusal() => intake.refusals.push(say(error)),
        Err(error) => return Err(error.into()),
    }
    Ok(Checked { intake, source, codebook, options })
}

impl Checked<'_> {
    /// What was found, as text. As CSV it is the ledger.
    pub fn show(&self, format: Format, lang: Lang) -> String {
        match format {
            Format::Table => ssi_report::intake_text(&self.intake, lang),
            Format::Json => ssi_report::intake_json(&self.intake),
            Format::Csv => ssi_report::ledger_csv(&self.intake.ledger),
            Format::Markdown => ssi_report::intake_markdown(&self.intake, lang),
        }
    }

    /// True where the file can't be analysed.
    pub fn refused(&self) -> bool {
        !self.intake.usable
    }

    /// Writes the rows that are used under canonical names, as CSV; whole or not at all, and never
    /// over a file that is there. It is read back first: what is written makes the same cohort.
    ///
    /// # Errors
    /// [`Error::NotClean`] for a refused file, or where the rows that are left would not be read
    /// alike by themselves; [`Error::Exists`], [`Error::Write`].
    pub fn write_clean(&self, path: &Path) -> Result<()> {
        let name = || self.intake.file.clone();
        let not_clean = |reason: Option<ssi_cohort::Error>| Error::NotClean {
            name: name(),
            reason: reason.map(Box::new),
        };
        if !self.intake.usable {
            return Err(not_clean(None));
        }
        let Source { bytes, name: file, .. } = self.source;
        let seen = ssi_cohort::clean(bytes, file, &self.codebook, &self.options)?;
        let Clean { cohort: first, text } = seen.clean.ok_or_else(|| not_clean(None))?;
        let book = self.codebook.clone().without_map();
        // What the clean file has of its own it says itself.
        let (keep, limits) = (self.options.keep.clone(), self.options.limits);
        let options = Options { keep, limits, ..Options::default() };
        let again = ssi_cohort::cohort_with(text.as_bytes(), "the clean file", &book, &options)
            .map_err(|error| not_clean(Some(error)))?;
        if !same(&first, &again) {
            return Err(not_clean(None));
        }
        write_file(path, text.as_bytes())
    }

    /// Writes a codebook of the file, to be edited and given back by `--codebook`.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::Write`].
    pub fn write_codebook(&self, path: &Path) -> Result<()> {
        let text = self.codebook.to_datapackage(&self.intake.file, &self.intake.columns);
        write_file(path, text.as_bytes())
    }

    /// Writes the ledger, by the path's extension as CSV or JSON.
    ///
    /// # Errors
    /// [`Error::Usage`] for another extension; [`Error::Exists`], [`Error::Write`].
    pub fn write_ledger(&self, path: &Path) -> Result<()> {
        let ledger = &self.intake.ledger;
        let text = match path.extension().map(|e| e.to_string_lossy().to_lowercase()).as_deref() {
            Some("csv") => ssi_report::ledger_csv(ledger),
            Some("json") => ssi_report::ledger_json(ledger),
            _ => {
                return Err(Error::usage(
                    format!(
                        "--ledger takes a file that ends in .csv or .json; found `{}`",
                        path.display()
                    ),
                    format!(
                        "--ledger には .csv か .json で終わるファイルを指定してください（指定された値：`{}`）",
                        path.display()
                    ),
                ));
            }
        };
        write_file(path, text.as_bytes())
    }
}

/// The same respondents with the same values, whatever rows they came from.
fn same(one: &Cohort, other: &Cohort) -> bool {
    let counts = |c: &Cohort| (c.rows_used, c.respondents, c.rated_twice, c.table.columns().len());
    let columns = one.table.columns().iter().zip(other.table.columns());
    counts(one) == counts(other)
        && other.rows_excluded == 0
        && columns.into_iter().all(|(a, b)| (&a.name, &a.cells) == (&b.name, &b.cells))
}

/// What stands beside a survey file and says what its columns mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Beside {
    /// A codebook of this file.
    Codebook(String),
    /// A data package of other files.
    Foreign,
    /// A data package that can't be used, and why.
    Broken(ssi_cohort::Error),
    /// Nothing, or nothing that is news.
    Nothing,
}

/// The name under which a data package is looked for.
const PACKAGE: &str = "datapackage.json";

impl Beside {
    /// Looks for a `datapackage.json` in the folder of a survey file that describes this file, and
    /// says more of it than is known anyway.
    pub fn of(path: &Path) -> Self {
        let (Some(file), false) = (path.file_name(), path == Path::new("-")) else {
            return Self::Nothing;
        };
        let Ok(source) = Source::open(&path.with_file_name(PACKAGE)) else { return Self::Nothing };
        let bytes = source.bytes;
        let (text, file) = (String::from_utf8_lossy(&bytes).into_owned(), file.to_string_lossy());
        let book = match Codebook::describes(&text, &file) {
            Ok(false) => return Self::Foreign,
            found => found.and_then(|_| Codebook::of_file(&text, &file)),
        };
        match book {
            Ok(book) if book.reads_as_default() && book.rubric().is_none() => Self::Nothing,
            Ok(_) => Self::Codebook(text),
            Err(error) => Self::Broken(error),
        }
    }

    /// The same after an attempt to use it: a codebook with a header that the file does not have
    /// is no codebook of it.
    pub fn after(self, error: &Error) -> Self {
        match (self, error) {
            (Self::Codebook(_), Error::Cohort(e @ ssi_cohort::Error::UnknownHeader { .. })) => {
                Self::Broken(e.clone())
            }
            (other, _) => other,
        }
    }

    /// A line about it for the user; empty where there is nothing to say.
    pub fn note(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Nothing, _) => String::new(),
            (Self::Codebook(_), Lang::En) => format!(
                "ssi: {PACKAGE} beside the file says what its columns mean; --codebook FILE names another one\n"
            ),
            (Self::Codebook(_), Lang::Ja) => format!(
                "ssi: 同じフォルダーの {PACKAGE} に従って列を読み取ります（別のものを使う場合は --codebook FILE）\n"
            ),
            (Self::Foreign, Lang::En) => {
                format!("ssi: {PACKAGE} beside the file describes other files, and is not used\n")
            }
            (Self::Foreign, Lang::Ja) => format!(
                "ssi: 同じフォルダーの {PACKAGE} は別のファイルのものなので、使用しません\n"
            ),
            (Self::Broken(error), Lang::En) => {
                format!("ssi: {PACKAGE} beside the file is not used: {error}\n")
            }
            (Self::Broken(error), Lang::Ja) => {
                let why = message(&Error::Cohort(error.clone()), lang);
                format!("ssi: 同じフォルダーの {PACKAGE} は使用しません：{why}\n")
            }
        }
    }
}
