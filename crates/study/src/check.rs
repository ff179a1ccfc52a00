//! What `ssi check` does: a survey file is read and told of, and written anew where it is asked for.

mod answers;

use crate::{Error, Format, Result, Source, message, write_file};
use answers::answers;
use ssi_cohort::{Codebook, Cohort, Inspection, Options};
use ssi_vocab::{Intake, Lang, Ledger, Rows};
use std::path::Path;

/// A survey file, and how it is to be read.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The file.
    pub source: Source,
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
pub struct Checked {
    /// What was found.
    pub intake: Intake,
    clean: String,
    cohort: Option<Cohort>,
    codebook: Codebook,
    /// How the clean file is read back: what it has of its own it says itself.
    again: Options,
}

/// Looks at a survey file as `ssi study` would read it.
///
/// # Errors
/// Wrong usage, such as a mapped header that is not there. A file that is refused is no error: it
/// is told of.
pub fn check(request: &CheckRequest) -> Result<Checked> {
    let CheckRequest { source, map, codebook, options, lang } = request;
    let codebook = match codebook {
        Some(text) => Codebook::of_file(text, &source.name)?,
        None => Codebook::default(),
    };
    let codebook = codebook.with_map(map)?;
    let options = &source.options(options);
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
    let (mut clean, mut cohort) = (String::new(), None);
    match ssi_cohort::inspect(&source.bytes[..], &source.name, &codebook, options) {
        Ok(seen) => {
            let Inspection { layout, columns, refusals, cohort: read, ledger, clean: text } = seen;
            intake.usable = refusals.is_empty();
            intake.layout = Some(layout);
            intake.answers = answers(&columns);
            intake.columns = columns;
            intake.refusals = refusals.into_iter().map(say).collect();
            intake.ledger = ledger;
            if let Some(read) = &read {
                intake.changes.clone_from(&read.changes);
                intake.excluded.clone_from(&read.excluded);
                intake.rows = Some(rows(read));
            }
            (clean, cohort) = (text, read);
        }
        Err(error) if error.is_refusal() => intake.refusals.push(say(error)),
        Err(error) => return Err(error.into()),
    }
    let (keep, limits) = (options.keep.clone(), options.limits);
    let again = Options { keep, limits, ..Options::default() };
    Ok(Checked { intake, clean, cohort, codebook, again })
}

fn rows(read: &Cohort) -> Rows {
    Rows {
        read: read.rows_read,
        used: read.rows_used,
        excluded: read.rows_excluded,
        dropped: read.rows_dropped,
        respondents: read.respondents,
        rated_twice: read.rated_twice,
    }
}

impl Checked {
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
        let Some(first) = self.cohort.as_ref().filter(|_| self.intake.usable) else {
            return Err(Error::NotClean { name: name(), reason: None });
        };
        let book = self.codebook.clone().without_map();
        let again =
            ssi_cohort::cohort_with(self.clean.as_bytes(), "the clean file", &book, &self.again)
                .map_err(|error| Error::NotClean { name: name(), reason: Some(Box::new(error)) })?;
        if !same(first, &again) {
            return Err(Error::NotClean { name: name(), reason: None });
        }
        write_file(path, self.clean.as_bytes())
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
