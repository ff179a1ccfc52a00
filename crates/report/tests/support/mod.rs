//! The fixture and its variations, for the tests of the report.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

use ssi_report::markdown;
use ssi_vocab::{Lang, Note, Results};

pub(crate) fn fixture() -> Results {
    serde_json::from_str(include_str!("../fixture.json")).unwrap()
}

/// The fixture with another primary correlation.
pub(crate) fn with_primary(
    value: Option<f64>,
    interval: Option<(f64, f64)>,
    note: Option<Note>,
) -> Results {
    let mut results = fixture();
    let at = results.claims[0].estimates[0];
    let e = &mut results.estimates[at];
    e.value = value;
    e.note = note;
    e.interval = e.interval.take().zip(interval).map(|(mut i, (low, high))| {
        (i.low, i.high) = (low, high);
        i
    });
    for model in &mut results.models {
        model.glance.r_squared = value.map(|r| r * r);
    }
    results
}

/// The answer of the first screen, with its strength.
pub(crate) fn answer(results: &Results, lang: Lang) -> String {
    let page = markdown(results, lang);
    let line = page.lines().find(|line| line.starts_with("**")).unwrap();
    line.trim_matches('*').to_owned()
}
