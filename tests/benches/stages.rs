//! `cargo bench`: the whole default study, stage by stage.
//!
//! Runs the study on the embedded cohort as `ssi study` does (10,000 resamples, 10,000
//! permutations, all figures in both languages, all pages, written to a temporary folder) and
//! prints for each stage the median and the fastest of the runs, and the peak memory.
#![allow(clippy::print_stdout, reason = "this program talks")]

use ssi_study::{Plan, Progress, Source, Stage, study};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const RUNS: usize = 15;
const STAGES: [(Stage, &str); 5] = [
    (Stage::Read, "read and check"),
    (Stage::Estimate, "estimates, and drawings as data"),
    (Stage::Resample, "10,000 resamples, 10,000 permutations"),
    (Stage::Draw, "32 pictures and the pages"),
    (Stage::Write, "write the folder"),
];

/// Adds up the time between the beginnings of stages.
#[derive(Default)]
struct Watch {
    state: Mutex<Laps>,
}

/// The running stage with its beginning, and the finished ones.
#[derive(Default)]
struct Laps {
    running: Option<(Stage, Instant)>,
    done: Vec<(Stage, Duration)>,
}

impl Watch {
    fn switch(&self, next: Option<Stage>) {
        let now = Instant::now();
        let mut state = self.state.lock().expect("no thread panicked while it held the watch");
        if let Some((stage, since)) = state.running.take() {
            state.done.push((stage, now - since));
        }
        state.running = next.map(|stage| (stage, now));
    }

    fn spent(&self, stage: Stage) -> Duration {
        let state = self.state.lock().expect("no thread panicked while it held the watch");
        state.done.iter().filter(|(s, _)| *s == stage).map(|(_, d)| *d).sum()
    }
}

impl Progress for Watch {
    fn begin(&self, stage: Stage, _total: u64) {
        self.switch(Some(stage));
    }
}

fn main() {
    // `cargo test --benches` runs this too: once is enough to see that it works.
    let runs = if std::env::args().any(|a| a == "--bench") { RUNS } else { 1 };
    let place = std::env::temp_dir().join(format!("ssi-bench-{}", std::process::id()));
    let mut rows: Vec<(Vec<Duration>, Duration)> = Vec::new();
    for _ in 0..runs {
        let (watch, start) = (Watch::default(), Instant::now());
        let done = study(Source::reference(), Plan::default(), &watch)
            .and_then(|study| study.write(&place.join("reference"), &watch));
        let whole = start.elapsed();
        watch.switch(None);
        if let Err(error) = done {
            println!("the study failed: {error}");
            std::process::exit(1);
        }
        rows.push((STAGES.iter().map(|(stage, _)| watch.spent(*stage)).collect(), whole));
    }
    // The folder is ours: its name holds our process number.
    let _ = std::fs::remove_dir_all(&place);
    println!("the default study, {runs} runs on {} threads", threads());
    println!("{:<40} {:>10} {:>10}", "stage", "median", "fastest");
    for (i, (_, name)) in STAGES.iter().enumerate() {
        print(name, rows.iter().map(|row| row.0[i]).collect());
    }
    print("whole", rows.iter().map(|row| row.1).collect());
    if let Some(peak) = peak_memory() {
        println!("{:<40} {peak:>10}", "peak memory of all runs");
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn print(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let show = |d: Duration| format!("{:.1} ms", d.as_secs_f64() * 1000.0);
    println!("{name:<40} {:>10} {:>10}", show(times[times.len() / 2]), show(times[0]));
}

/// The kernel's own record of the largest resident size, where it keeps one.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(format!("{:.0} MiB", kib / 1024.0))
}
