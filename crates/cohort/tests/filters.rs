//! Row filters.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use ssi_cohort::{Error, Filter, table};
use ssi_vocab::Table;

fn people() -> Table {
    let text = "region,score_total,SSIスコア,contacts,day\n\
                JP,8,53,500+,2018-05-01\n\
                EU,9.5,31,283,2018-06-01\n\
                JP,,68,500+,2018-07-01\n\
                ,4,20,499,2018-05-15\n\
                \"O'Neill\",-1,x,12,\n";
    table(text.as_bytes(), "t.csv").unwrap().table
}

fn rows(filter: &str) -> Vec<usize> {
    let kept = Filter::parse(filter).unwrap().rows(&people()).unwrap();
    people().keep(&kept).rows().to_vec()
}

fn caret(filter: &str) -> (usize, String) {
    match Filter::parse(filter).unwrap_err() {
        Error::Filter { column, slip, .. } => (column, slip.to_string()),
        other => panic!("{other}"),
    }
}

#[test]
fn comparisons_and_logic_choose_rows() {
    assert_eq!(rows(r#"region == "JP" && score_total >= 8"#), [2]);
    assert_eq!(rows("region == 'JP' || score_total < 5"), [2, 4, 5, 6]);
    assert_eq!(rows("score_total > -1.5 && !(score_total >= 8)"), [5, 6]);
    assert_eq!(rows("day >= '2018-05-15' and day < '2018-07-01'"), [3, 5]);
    assert_eq!(rows(r#"region == "O'Neill""#), [6]);
    assert_eq!(rows("8 <= score_total"), [2, 3]);
    assert_eq!(rows("score_total == -1"), [6]);
}

#[test]
fn and_binds_closer_than_or() {
    assert_eq!(rows("region == 'EU' || region == 'JP' && score_total == 8"), [2, 3]);
    assert_eq!(rows("(region == 'EU' || region == 'JP') && score_total == 8"), [2]);
}

#[test]
fn lists_names_in_back_ticks_and_canonical_names_work() {
    assert_eq!(rows("region in ('JP', 'EU')"), [2, 3, 4]);
    assert_eq!(rows("region not in ('JP')"), [3, 6]);
    assert_eq!(rows("score_total in (4, 8)"), [2, 5]);
    assert_eq!(rows("`SSIスコア` >= 50"), [2, 4]);
    assert_eq!(rows("SSIスコア >= 50"), [2, 4]);
    assert_eq!(rows("ssi_total >= 50"), [2, 4]);
}

#[test]
fn a_missing_value_never_matches_nor_does_its_negation() {
    assert_eq!(rows("score_total >= 0"), [2, 3, 5]);
    assert_eq!(rows("!(score_total >= 0)"), [6]);
    assert_eq!(rows("region != 'JP'"), [3, 6]);
    // What is unknown does not matter where the other side settles it.
    assert_eq!(rows("score_total >= 0 || ssi_total >= 60"), [2, 3, 4, 5]);
}

#[test]
fn a_capped_count_is_compared_as_far_as_it_is_known() {
    assert_eq!(rows("contacts >= 500"), [2, 4]);
    assert_eq!(rows("contacts > 499"), [2, 4]);
    assert_eq!(rows("contacts < 500"), [3, 5, 6]);
    for open in ["contacts > 600", "contacts == 500", "contacts <= 500 && contacts > 499"] {
        assert_eq!(rows(open), [0; 0], "{open}");
        assert!(!rows(&format!("!({open})")).contains(&2), "{open}");
    }
    assert_eq!(rows("contacts != 499"), [2, 3, 4, 6]);
    assert_eq!(rows("500 <= contacts"), [2, 4]);
}

#[test]
fn a_mistake_is_shown_at_its_place() {
    assert_eq!(caret("score = 8").0, 6);
    assert!(caret("score = 8").1.contains("`==`"));
    assert_eq!(caret("score >= ").0, 9);
    assert_eq!(caret("region == \"JP").0, 10);
    assert_eq!(caret("(a == 1").0, 7);
    assert_eq!(caret("a == 1 b == 2").0, 7);
    assert_eq!(caret("a == 1 & b == 2").0, 7);
    assert_eq!(caret("地域 = 1").0, 5, "a Japanese character is two cells wide");
    assert_eq!(caret("a in (b)").0, 6);
    assert_eq!(caret("a == 1.2.3").0, 5);
    assert_eq!(caret("").0, 0);
    let shown = Filter::parse("score = 8").unwrap_err().to_string();
    assert!(shown.ends_with("\n  score = 8\n        ^"), "{shown}");
}

#[test]
fn wrong_columns_and_kinds_are_usage_errors() {
    for wrong in ["regoin == 'JP'", "region >= 3", "score_total == 'JP'", "region == score_total"] {
        let error = Filter::parse(wrong).unwrap().rows(&people()).unwrap_err();
        assert!(error.is_usage() && !error.is_refusal(), "{wrong}: {error}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    for text in ["(".repeat(100_000), "!".repeat(100_000)] {
        assert!(matches!(Filter::parse(&text), Err(Error::Filter { .. })));
    }
    let deep = format!("{}a == 1{}", "(".repeat(50), ")".repeat(50));
    assert!(Filter::parse(&deep).is_ok());
}
