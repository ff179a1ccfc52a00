//! The binary as a user meets it: commands, wrong input, exit codes.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

mod attacks;
mod bad_input;
mod books;
mod check;
mod claims;
mod fit;
mod inference;
mod instrument;
mod interruption;
mod missing;
mod model_limits;
mod models;
mod predict;
mod privacy;
mod public;
mod rates;
mod readme;
mod remedies;
mod shape;
mod study;
mod tables;
mod usage;

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What a run of `ssi` gave.
struct Run {
    code: i32,
    out: String,
    err: String,
}

fn command(place: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ssi"));
    command.current_dir(place).args(args).stdin(Stdio::null()).env_remove("RUST_BACKTRACE");
    command
}

fn ssi(place: &Path, args: &[&str]) -> Run {
    read(command(place, args).output().expect("the binary runs"))
}

fn read(output: Output) -> Run {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is UTF-8");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}

fn json(run: &Run) -> serde_json::Value {
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).expect("the output is JSON")
}

/// Names in a folder, sorted.
fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .expect("the folder can be read")
        .map(|e| e.expect("the entry can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A survey of `n` respondents whose score and SSI go together loosely.
fn survey(n: usize) -> String {
    let mut csv = String::from("respondent_id,score_total,ssi_total\n");
    for i in 0..n {
        let score = (i * 7 % 21) as f64 / 2.0;
        let ssi = (20.0 + 3.0 * score + ((i * 37) % 23) as f64) as u32;
        csv += &format!("P{i},{score},{ssi}\n");
    }
    csv
}
