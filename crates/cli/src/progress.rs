//! A progress bar on a terminal, nothing in a pipe; and Ctrl-C.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ssi_study::{Error, Lang, Progress, Stage};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// True once files are being written. That takes an instant, and ends with the report in place.
static WRITING: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C ends the program at once with exit code 130, unless files are being written:
/// then they are finished first, so that nothing half-written is left.
pub(crate) fn listen(lang: Lang) {
    let message = ssi_study::message(&Error::Interrupted, lang);
    // Without a handler Ctrl-C still ends the program, only without our words.
    let _ = ctrlc::set_handler(move || {
        if !WRITING.load(Ordering::SeqCst) {
            let _ = writeln!(std::io::stderr(), "\nssi: {message}");
            std::process::exit(130);
        }
    });
}

/// To be called before the first file is written.
pub(crate) fn writing() {
    WRITING.store(true, Ordering::SeqCst);
}

/// A bar on standard error, drawn only if that is a terminal.
pub(crate) struct Bar {
    bar: ProgressBar,
    lang: Lang,
}

impl Bar {
    pub(crate) fn new(lang: Lang) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target =
            if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let template = "{msg} {wide_bar} {percent}%";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, lang }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn begin(&self, stage: Stage, total: u64) {
        if stage == Stage::Write {
            writing();
        }
        let words = match (stage, self.lang) {
            (Stage::Read, Lang::En) => "reading",
            (Stage::Read, Lang::Ja) => "読み込み中",
            (Stage::Estimate, Lang::En) => "estimating",
            (Stage::Estimate, Lang::Ja) => "推定中",
            (Stage::Resample, Lang::En) => "resampling",
            (Stage::Resample, Lang::Ja) => "リサンプリング中",
            (Stage::Draw, Lang::En) => "drawing",
            (Stage::Draw, Lang::Ja) => "作図中",
            (Stage::Write, Lang::En) => "writing",
            (Stage::Write, Lang::Ja) => "書き出し中",
        };
        self.bar.reset();
        self.bar.set_length(total);
        self.bar.set_message(words);
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }

    fn advance(&self, steps: u64) {
        self.bar.inc(steps);
        // A full bar goes: the next stage may be one of another bar.
        if self.bar.length().is_some_and(|length| length > 0 && self.bar.position() >= length) {
            self.bar.finish_and_clear();
        }
    }
}
