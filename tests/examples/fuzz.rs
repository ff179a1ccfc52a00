//! `cargo run -p ssi-tests --example fuzz -- TARGET|all [EXECUTIONS] [SEED]`: fuzzing for as long as
//! one likes; `tests/fuzz/README.md` says how the long run was made. Each target of `all` is run in a
//! process of its own, so that its peak memory is its own.
#![allow(clippy::print_stdout, reason = "this program talks")]

use ssi_tests::fuzz::{TARGETS, failure_file, run};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse::<u64>().ok());
    let name = arguments.first().map_or("all", String::as_str);
    if name == "all" {
        return all(number(1), number(2));
    }
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        println!("there is no target {name}");
        return ExitCode::FAILURE;
    };
    // A panic is caught and told below; what calamine's says goes nowhere.
    std::panic::set_hook(Box::new(|_| {}));
    match run(target, number(1).unwrap_or(target.share), number(2).unwrap_or(1)) {
        Ok(o) => {
            let seconds = o.time.as_secs_f64();
            println!(
                "| {name} | {} | {seconds:.0} | {:.0} | {} | {} | {:.0} | {:.0} |",
                o.executions,
                o.executions as f64 / seconds,
                o.outcomes,
                o.kept,
                1e3 * o.slowest.as_secs_f64(),
                o.peak.unwrap_or(f64::NAN),
            );
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let file = failure_file(name);
            let kept = std::fs::write(&file, &failure.input);
            println!("{name}: {}; the input is in {} ({kept:?})", failure.what, file.display());
            ExitCode::FAILURE
        }
    }
}

/// Every target by itself; `of` is the number of executions of all together.
fn all(of: Option<u64>, seed: Option<u64>) -> ExitCode {
    println!(
        "| target | executions | seconds | a second | outcomes | corpus | slowest, ms | peak, MiB |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    let mut code = ExitCode::SUCCESS;
    for target in &TARGETS {
        let share = of.map_or(target.share, |of| target.share * of / 10_000_000).max(1);
        let run = std::env::current_exe().and_then(|program| {
            Command::new(program)
                .args([target.name, &share.to_string(), &seed.unwrap_or(1).to_string()])
                .status()
        });
        if !run.is_ok_and(|status| status.success()) {
            code = ExitCode::FAILURE;
        }
    }
    code
}
