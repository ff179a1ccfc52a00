//! A short fuzzing run of every target with a fixed seed, and its corpus: `tests/fuzz/README.md`.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it does not expect")]

use ssi_tests::fuzz::{TARGETS, corpus, run, tried};

/// Executions of a target in the tests; slow ones have fewer.
fn few(share: u64) -> u64 {
    share / 1_000
}

#[test]
fn every_target_keeps_its_promises_on_some_thousand_mutations() {
    for target in &TARGETS {
        if let Err(failure) = run(target, few(target.share), 7) {
            let input = String::from_utf8_lossy(&failure.input).into_owned();
            panic!("{}: {}: {input:?}", target.name, failure.what);
        }
    }
}

#[test]
fn every_input_of_the_corpus_ends_as_it_should() {
    for target in &TARGETS {
        let inputs = corpus(target.name);
        assert!(!inputs.is_empty(), "{}", target.name);
        for (path, input) in inputs {
            let outcome = tried(target, &input);
            assert!(outcome.is_ok(), "{}: {outcome:?}", path.display());
        }
    }
}

#[test]
fn a_panic_is_found_with_its_input() {
    let broken = ssi_tests::fuzz::Target {
        name: "filter",
        words: &["boom"],
        share: 0,
        run: |input| {
            assert!(!input.windows(4).any(|w| w == b"boom"), "found");
            Ok(String::new())
        },
    };
    let failure = run(&broken, 10_000, 1).unwrap_err();
    assert!(failure.what.contains("it panics: found"), "{}", failure.what);
    assert!(failure.input.windows(4).any(|w| w == b"boom"));
}
