//! One of the fuzzing targets, guided by the branches that an input takes: see `../README.md`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ssi_tests::fuzz::{TARGETS, Target, tried};
use std::sync::LazyLock;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("SSI_FUZZ_TARGET").unwrap_or_default();
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    let found = TARGETS.iter().find(|target| target.name == name);
    found.unwrap_or_else(|| panic!("set SSI_FUZZ_TARGET to one of {names:?}"))
});

fuzz_target!(|input: &[u8]| {
    if let Err(what) = tried(&TARGET, input) {
        panic!("{}: {what}", TARGET.name);
    }
});
