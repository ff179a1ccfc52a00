//! One of the fuzzing targets, guided by the branches that an input takes: see `../README.md`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ssi_tests::fuzz::{TARGETS, Target, tried};
use std::sync::LazyLock;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("SSI_FUZZ_TARGET").unwrap_or_default();
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("set SSI_FUZZ_TARGET to one of {names:?}");
        std::process::exit(2);
    };
    // A panic of a workbook's reader is caught, and no failure: libFuzzer's own hook ends at it.
    std::panic::set_hook(Box::new(|_| {}));
    target
});

fuzz_target!(|input: &[u8]| {
    if let Err(what) = tried(&TARGET, input) {
        eprintln!("{}: {what}", TARGET.name);
        std::process::abort();
    }
});
