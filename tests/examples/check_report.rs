//! `check_report DIR`: checks a finished report folder; used by `.ci/run`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program talks")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(dir) = std::env::args().nth(1) else {
        eprintln!("usage: check_report DIR");
        return ExitCode::from(2);
    };
    match ssi_tests::check_report(Path::new(&dir)) {
        Ok(checked) => {
            println!("{checked} pictures decode, are inked, and have a glyph for every character");
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            for line in wrong {
                eprintln!("{line}");
            }
            ExitCode::FAILURE
        }
    }
}
