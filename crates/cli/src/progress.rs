//! A progress bar on a terminal, nothing in a pipe; and Ctrl-C.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ssi_study::{Interrupted, Lang, Progress, Stage};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static STOP: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C asks the work to stop at its next check. A second one stops at once.
pub(crate) fn listen() {
    // Without a handler Ctrl-C still ends the program, only less tidily.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
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
    }

    fn check(&self) -> Result<(), Interrupted> {
        if STOP.load(Ordering::SeqCst) { Err(Interrupted) } else { Ok(()) }
    }
}
