//! Options about identifiers, of the commands that read a cohort.

use clap::Args;
use ssi_study::{Key, KeyFile, Lang, Result};
use std::path::{Path, PathBuf};

/// What becomes of identifiers.
#[derive(Debug, Args)]
#[command(next_help_heading = "Personal data")]
pub(crate) struct Pseudonyms {
    /// Replace identifiers by codes and drop names, addresses, telephone numbers and links, instead
    /// of refusing the file.
    #[arg(long, requires = "key_file")]
    pub(crate) pseudonymise: bool,
    /// The secret key of the codes: a file of 32 random bytes or more. With the same key a person
    /// has the same code in every file.
    #[arg(long, value_name = "FILE", requires = "pseudonymise")]
    pub(crate) key_file: Option<PathBuf>,
    /// Make the key if there is none.
    #[arg(long, requires = "key_file")]
    pub(crate) new_key: bool,
}

impl Pseudonyms {
    /// The key that is asked for, and what to warn of. A report's folder must not hold it.
    pub(crate) fn key(&self, report: Option<&Path>, lang: Lang) -> Result<(Option<Key>, String)> {
        let Some(path) = &self.key_file else { return Ok((None, String::new())) };
        let KeyFile { key, readable_by_others } = KeyFile::open(path, self.new_key, report)?;
        let warning = match lang {
            _ if !readable_by_others => String::new(),
            Lang::En => format!(
                "Note: other users of this machine may read {}: chmod 600 closes it to them.\n",
                path.display()
            ),
            Lang::Ja => format!(
                "注意：{} は、このコンピューターのほかのユーザーからも読み取れます。chmod 600 で本人だけが読めるようにしてください。\n",
                path.display()
            ),
        };
        Ok((Some(key), warning))
    }
}
