//! The `ssi` command: parse, run, print, exit code. Everything else is in `ssi-study`.

mod args;
mod check;
mod commands;
mod format;
mod help;
mod neutral;
mod progress;
mod pseudonyms;
mod reading;
mod usage;
mod values;

use args::Cli;
use clap::{FromArgMatches, Parser};
use format::OutputFormat;
use neutral::neutral;
use ssi_study::{Kind, Lang};
use std::io::{self, Write};
use std::process::ExitCode;

/// A damaged workbook is refused in our words, not in those of the crate that stumbles over it.
fn hold_back_caught_panics() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !ssi_study::panic_is_caught() {
            tell(panic);
        }
    }));
}

fn main() -> ExitCode {
    hold_back_caught_panics();
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    let lang = cli.common.lang.into();
    let json = matches!(cli.common.format, OutputFormat::Json);
    match commands::run(cli) {
        Ok(output) => {
            let _ = write!(io::stderr(), "{}", neutral(&output.warnings, false));
            match print(&neutral(&output.text, json), lang) {
                Ok(()) => ExitCode::from(output.code),
                Err(_) => ExitCode::from(1),
            }
        }
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "ssi: {}",
                neutral(&ssi_study::message(&error, lang), false)
            );
            ExitCode::from(match error.kind() {
                Kind::Failed => 1,
                Kind::Usage => 2,
                Kind::Refused => 3,
                Kind::Interrupted => 130,
            })
        }
    }
}

/// The command line, whose help is in the language that it asks for.
fn parsed() -> Result<Cli, clap::Error> {
    let args = || std::env::args_os().skip(1);
    let with_help = args().any(|arg| arg == "help");
    let rest: Vec<_> = if with_help { usage::language_first(args()) } else { args().collect() };
    let line = std::env::args_os().take(1).chain(rest);
    match usage::language(args()) {
        Lang::En => Cli::try_parse_from(line),
        Lang::Ja => {
            let found = help::japanese(with_help).try_get_matches_from(line)?;
            Cli::from_arg_matches(&found)
        }
    }
}

/// Tells what is wrong with the command line, or prints the help that it asks for.
fn not_understood(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && usage::language(std::env::args_os().skip(1)) == Lang::Ja {
        let _ = write!(io::stderr(), "{}", neutral(&usage::japanese(error), false));
    } else {
        // Where nobody reads it any more, nothing is to be said.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Writes to standard output; a reader that has gone away (`| head`) is no failure.
fn print(text: &str, lang: Lang) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let why = ssi_study::reason(&error, lang);
            let _ = match lang {
                Lang::En => writeln!(io::stderr(), "ssi: the output can't be written: {why}"),
                Lang::Ja => writeln!(io::stderr(), "ssi: 結果を出力できません（{why}）"),
            };
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}
