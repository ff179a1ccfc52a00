//! What the tests of reading a file again have in common.

use ssi_cohort::{Cohort, Inspection};
use ssi_vocab::{Cause, Outcome, Rule};
use std::collections::BTreeSet;

/// The same respondents with the same values, whatever rows they came from. A workbook's numbers are
/// doubles, so that their text says nothing beyond them.
pub(crate) fn assert_same(one: &Cohort, other: &Cohort, name: &str, workbook: bool) {
    let names = |c: &Cohort| -> Vec<String> {
        c.table.columns().iter().map(|column| column.name.clone()).collect()
    };
    assert_eq!(names(one), names(other), "{name}");
    for (a, b) in one.table.columns().iter().zip(other.table.columns()) {
        assert_eq!(a.cells, b.cells, "{name}: {}", a.name);
        assert!(workbook || a.rest == b.rest, "{name}: {} beyond doubles", a.name);
    }
    let counts = |c: &Cohort| (c.rows_used, c.respondents, c.rated_twice, c.synthetic);
    assert_eq!(counts(one), counts(other), "{name}");
    assert_eq!(one.ssi_dates, other.ssi_dates, "{name}");
    let totals = |c: &Cohort| -> Vec<(usize, f64)> {
        c.totals.iter().map(|total| (total.rater, total.value)).collect()
    };
    assert_eq!(totals(one), totals(other), "{name}");
}

/// The cohort of a file that was looked at to be cleaned.
pub(crate) fn cohort_of(seen: &Inspection) -> Option<&Cohort> {
    seen.clean.as_ref().map(|clean| &clean.cohort)
}

/// Its clean form.
pub(crate) fn text_of(seen: &Inspection) -> &str {
    seen.clean.as_ref().map_or("", |clean| &clean.text)
}

/// The ledger lists every row that is not used, and no other, and each change as often as it is
/// counted.
pub(crate) fn reconciled(seen: &Inspection, name: &str) {
    let Some(cohort) = cohort_of(seen) else { panic!("{name}: no cohort") };
    assert_eq!(
        cohort.rows_read,
        cohort.rows_used + cohort.rows_excluded + cohort.rows_dropped,
        "{name}"
    );
    let rows = |wanted: Outcome| -> BTreeSet<usize> {
        let of = |e: &ssi_vocab::Entry<'_>| {
            e.cause.outcome() == wanted && !matches!(e.result, "title" | "blank")
        };
        seen.ledger.entries().filter(of).map(|e| e.row).collect()
    };
    assert_eq!(rows(Outcome::Excluded).len(), cohort.rows_excluded, "{name}: excluded");
    assert_eq!(rows(Outcome::Dropped).len(), cohort.rows_dropped, "{name}: dropped");
    assert!(cohort.table.rows().iter().all(|row| !rows(Outcome::Dropped).contains(row)));
    for change in cohort.changes.iter().filter(|c| c.rule != Rule::RatersAveraged) {
        let is_it = |e: &ssi_vocab::Entry<'_>| {
            e.cause == Cause::Rule(change.rule)
                && change.column == if e.column.is_empty() { e.header } else { e.column }
        };
        let listed = seen.ledger.entries().filter(is_it).count();
        let counted: usize = cohort
            .changes
            .iter()
            .filter(|c| (c.rule, &c.column) == (change.rule, &change.column))
            .map(|c| c.count)
            .sum();
        assert_eq!(listed, counted, "{name}: {:?} {}", change.rule, change.column);
    }
}
