//! The `ssi` command: parse, run, print, exit code. Everything else is in `ssi-study`.

mod args;
mod check;
mod commands;
mod format;
mod neutral;
mod progress;
mod pseudonyms;
mod reading;

use args::Cli;
use clap::Parser;
use format::OutputFormat;
use neutral::neutral;
use ssi_study::Kind;
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
    let cli = Cli::parse();
    let lang = cli.common.lang.into();
    let json = matches!(cli.common.format, OutputFormat::Json);
    match commands::run(cli) {
        Ok(output) => {
            let _ = write!(io::stderr(), "{}", neutral(&output.warnings, false));
            match print(&neutral(&output.text, json)) {
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

/// Writes to standard output; a reader that has gone away (`| head`) is no failure.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let _ = writeln!(io::stderr(), "ssi: the output can't be written: {error}");
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}
