//! `cargo bench -p ssi-cohort --bench reading -- FILE…`: how fast files are read and checked, on one
//! core, and how much memory that takes.
//!
//! Each file is read as any table, as a cohort, and as `ssi check` looks at it, each three times in a
//! process of its own, and the fastest counts: megabytes (10⁶ bytes) a second, from bytes in memory to
//! a checked table, and the largest resident size of that process, the file's bytes among it.
//! The million rows of the table in README.md: `ssi simulate --n 1000000 --out FILE`.
#![allow(clippy::print_stdout, reason = "this program talks")]

use ssi_cohort::{Codebook, Options, cohort_with, inspect, table_with};
use std::error::Error;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

const RUNS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [how @ ("table" | "cohort" | "check"), file] =
        &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        return measure(how, file);
    }
    if arguments.is_empty() {
        println!("name files to read, such as one made by `ssi simulate --n 1000000 --out FILE`");
        return Ok(());
    }
    println!("{:<32} {:<7} {:>9} {:>9} {:>9} {:>9}", "file", "as", "MB", "ms", "MB/s", "peak MB");
    for file in &arguments {
        for how in ["table", "cohort", "check"] {
            let run = Command::new(std::env::current_exe()?).args([how, file]).output()?;
            print!(
                "{}{}",
                String::from_utf8_lossy(&run.stdout),
                String::from_utf8_lossy(&run.stderr)
            );
        }
    }
    Ok(())
}

fn measure(how: &str, file: &str) -> Result<(), Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let (book, options) = (Codebook::default(), Options::default());
        let start = Instant::now();
        match how {
            "table" => drop(black_box(table_with(&bytes, file, &options)?)),
            "cohort" => drop(black_box(cohort_with(&bytes, file, &book, &options)?)),
            _ => drop(black_box(inspect(&bytes, file, &book, &options)?)),
        }
        best = best.min(start.elapsed());
    }
    let megabytes = bytes.len() as f64 / 1e6;
    let seconds = best.as_secs_f64();
    let name = file.rsplit('/').next().unwrap_or(file);
    println!(
        "{name:<32} {how:<7} {megabytes:>9.1} {:>9.1} {:>9.0} {:>9}",
        1e3 * seconds,
        megabytes / seconds,
        peak().map_or("–".to_owned(), |kib| format!("{:.0}", kib * 1.024 / 1e3)),
    );
    Ok(())
}

/// The kernel's own record of the largest resident size, where it keeps one.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
