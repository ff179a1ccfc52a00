//! Fuzzing on stable Rust: everything that reads what somebody else has written, on mutated inputs.
//!
//! A committed corpus (`tests/fuzz/corpus`, a folder a target) is mutated with a fixed seed. What an
//! input leads to, such as an error's variant or the rules that were applied, stands in for
//! coverage: an input with an outcome not seen before joins the corpus of the run. A case may
//! neither panic nor take longer than [`MOST_TIME`], and the process may not take more memory than
//! [`MOST_MEMORY`].

mod mutate;
mod targets;
mod words;

pub use mutate::Mutator;
pub use targets::{TARGETS, Target};

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The longest that a case may take.
pub const MOST_TIME: Duration = Duration::from_secs(10);

/// The most memory, in MiB, that the whole process may ever have taken.
pub const MOST_MEMORY: f64 = 512.0;

/// How many inputs the corpus of a run may grow to.
const MOST_KEPT: usize = 4_000;

/// What a run of a target came to.
#[derive(Debug)]
pub struct Outcome {
    /// How many inputs were tried.
    pub executions: u64,
    /// How long that took.
    pub time: Duration,
    /// Inputs at the end, with those of the corpus.
    pub kept: usize,
    /// Different outcomes.
    pub outcomes: usize,
    /// The longest case.
    pub slowest: Duration,
    /// The largest resident size of the process so far, in MiB, where the system says it.
    pub peak: Option<f64>,
}

/// An input that must not do what it does.
#[derive(Debug)]
pub struct Failure {
    /// What it does.
    pub what: String,
    /// The input.
    pub input: Vec<u8>,
}

/// The committed inputs of a target, by name.
///
/// # Panics
/// Where the folder can't be read.
#[expect(clippy::expect_used, reason = "without its corpus there is nothing to run")]
pub fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = crate::root().join("tests/fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).expect("the corpus can be read");
    let mut files: Vec<PathBuf> =
        entries.map(|e| e.expect("the entry can be read").path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).expect("the input can be read");
        (path, bytes)
    };
    files.into_iter().map(read).collect()
}

/// Tries a target on its corpus and then on mutations of it.
///
/// # Errors
/// The first input that panics, breaks what the target promises, or takes too much.
pub fn run(target: &Target, executions: u64, seed: u64) -> Result<Outcome, Failure> {
    let mut inputs: Vec<Vec<u8>> = corpus(target.name).into_iter().map(|(_, b)| b).collect();
    let mut mutator = Mutator::new(seed, target.words);
    let mut seen = BTreeSet::new();
    let (started, mut slowest) = (Instant::now(), Duration::ZERO);
    let watch = Watch::new(target.name);
    let planted = inputs.len() as u64;
    for n in 0..executions.max(planted) {
        let input = match inputs.get(n as usize) {
            Some(input) if n < planted => input.clone(),
            _ => mutator.mutated(&inputs),
        };
        let began = Instant::now();
        watch.begins(began, &input);
        let outcome = tried(target, &input);
        let took = began.elapsed();
        slowest = slowest.max(took);
        let what = match outcome {
            Err(what) => what,
            Ok(_) if took > MOST_TIME => format!("it took {took:?}"),
            Ok(outcome) => {
                if seen.insert(outcome) && n >= planted && inputs.len() < MOST_KEPT {
                    inputs.push(input.clone());
                }
                if n % 1024 != 0 || peak_memory().is_none_or(|peak| peak < MOST_MEMORY) {
                    continue;
                }
                "it, or one of the 1,024 before it, takes too much memory".to_owned()
            }
        };
        return Err(Failure { what, input });
    }
    Ok(Outcome {
        executions: executions.max(planted),
        time: started.elapsed(),
        kept: inputs.len(),
        outcomes: seen.len(),
        slowest,
        peak: peak_memory(),
    })
}

/// What an input leads to; a panic is an error.
///
/// # Errors
/// What went wrong.
pub fn tried(target: &Target, input: &[u8]) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("it panics: {}", text.unwrap_or_default()))
    })
}

/// The kernel's own record of the largest resident size, in MiB.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Where the input of a failure is kept.
pub fn failure_file(target: &str) -> PathBuf {
    std::env::temp_dir().join(format!("ssi-fuzz-{target}"))
}

/// Ends the program where a case never ends, after keeping its input.
struct Watch {
    case: Arc<Mutex<(Instant, Vec<u8>)>>,
}

impl Watch {
    fn new(target: &'static str) -> Self {
        let case = Arc::new(Mutex::new((Instant::now(), Vec::new())));
        let watched = Arc::downgrade(&case);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                let Some(case) = watched.upgrade() else { return };
                let Ok(case) = case.lock() else { return };
                if case.0.elapsed() > 2 * MOST_TIME {
                    give_up(target, &failure_file(target), &case.1);
                }
            }
        });
        Self { case }
    }

    fn begins(&self, now: Instant, input: &[u8]) {
        if let Ok(mut case) = self.case.lock() {
            case.0 = now;
            case.1.clear();
            case.1.extend_from_slice(input);
        }
    }
}

#[expect(clippy::print_stderr, reason = "there is nobody left to return to")]
fn give_up(target: &str, file: &Path, input: &[u8]) -> ! {
    let kept = std::fs::write(file, input);
    eprintln!("{target}: a case never ends; its input is in {} ({kept:?})", file.display());
    std::process::exit(1);
}
