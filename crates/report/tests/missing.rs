//! What is said of missing values: none, a treatment that changes nothing, one that changes all.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod support;

use ssi_report::{caption, markdown, text_table};
use ssi_vocab::drawing::{GapPattern, Gaps};
use ssi_vocab::{
    Analysis, Drawing, Estimate, Interval, Lang, Level, MissingColumn, PHRASE_BREAK, Results,
};
use support::with_primary;

fn gaps() -> Gaps {
    let pattern = |n_obs, patterns, missing: [f64; 2]| GapPattern {
        n_obs,
        patterns,
        missing: missing.to_vec(),
    };
    Gaps {
        variables: vec!["ssi_total".into(), "item_photo".into()],
        n_missing: vec![30, 7],
        n_obs: 240,
        n_complete: 1,
        n_hidden: 0,
        patterns: vec![
            pattern(205, 1, [0.0, 0.0]),
            pattern(25, 1, [1.0, 0.0]),
            pattern(10, 2, [0.5, 0.7]),
        ],
    }
}

/// The fixture with missing values, its own interval of r, and that of imputed values.
fn treated(own: (f64, f64), imputed: Option<(f64, f64)>) -> Results {
    let mut results = with_primary(Some((own.0 + own.1) / 2.0), Some(own), None);
    let row = |column: &str, n_missing: usize| MissingColumn {
        column: column.into(),
        n_present: 240 - n_missing,
        n_missing,
        n_not_visible: n_missing / 4,
        share: n_missing as f64 / 240.0,
    };
    results.missing = vec![row("ssi_total", 30), row("score_total", 7), row("item_photo", 7)];
    results.drawings.insert("missing".into(), Drawing::Gaps(gaps()));
    let Some((low, high)) = imputed else { return results };
    let measure = |term: &str, value: f64| {
        let mut row = Estimate::new(Analysis::Regression, "ols", term, 240);
        (row.value, row.model) = (Some(value), Some("imputed".into()));
        row
    };
    let mut r = Estimate::new(Analysis::Correlation, "pearson", "score_total, ssi_total", 240);
    (r.x, r.y) = (Some("score_total".into()), Some("ssi_total".into()));
    (r.value, r.model) = (Some((low + high) / 2.0), Some("imputed".into()));
    let level = Level::DEFAULT;
    r.interval = Some(Interval { low, high, level, method: "rubin".into() });
    let fmi = measure("fmi(score_total, ssi_total)", 0.125);
    results.estimates.extend([r, fmi, measure("imputations", 20.0), measure("r_hat", 1.3)]);
    results
}

#[test]
fn a_conclusion_that_stands_by_each_treatment_is_said_to_stand() {
    for (own, imputed, en, ja) in [
        (
            (0.4, 0.6),
            (0.35, 0.6),
            "lies above the plan's threshold of .20 (nearest end .35)",
            "0.20 を上回っています（最も近い端は 0.35）",
        ),
        (
            (-0.3, 0.1),
            (-0.2, 0.15),
            "lies below the plan's threshold of .20 (nearest end .15)",
            "0.20 を下回っています（最も近い端は 0.15）",
        ),
        ((0.1, 0.4), (0.05, 0.5), "includes the plan's threshold of .20", "0.20 を含んでいます"),
    ] {
        let results = treated(own, Some(imputed));
        let page = markdown(&results, Lang::En);
        assert!(page.contains("does not depend on how missing values are treated"), "{page}");
        assert!(page.contains(en), "{page}");
        assert!(markdown(&results, Lang::Ja).contains(ja));
    }
}

#[test]
fn a_conclusion_that_depends_on_the_treatment_is_said_to_depend() {
    let results = treated((0.25, 0.5), Some((0.15, 0.45)));
    let page = markdown(&results, Lang::En);
    assert!(page.contains("The conclusion depends on how missing values are treated"));
    assert!(!page.contains("does not depend on how missing"));
    assert!(page.contains("Of the information on r, 12% is missing."), "{page}");
    assert!(page.contains("The chains have not mixed (largest R̂ 1.30)"));
    assert!(page.contains("| Multiple imputation, 20 data sets | .30 | [.15, .45] |"));
    assert!(page.contains("| Photo | 233 | 7 | 1 | 2.9% |"), "{page}");
    let ja = markdown(&results, Lang::Ja);
    assert!(ja.contains("結論は欠測値の扱い方によって変わります"));
    assert!(ja.contains("連鎖は収束していません"));
    // The imputed row is no row of the relation's own table.
    let relation = page.split("## ").find(|s| s.starts_with("Profile score and SSI")).unwrap();
    assert!(!relation.contains("Rubin"), "{relation}");
}

#[test]
fn without_gaps_nothing_is_shown_and_without_imputation_nothing_is_concluded() {
    let mut results = treated((0.4, 0.6), None);
    let page = markdown(&results, Lang::En);
    assert!(page.contains("## Missing values") && !page.contains("how missing values are treated"));
    results.drawings.remove("missing");
    for column in &mut results.missing {
        (column.n_present, column.n_missing, column.n_not_visible, column.share) = (240, 0, 0, 0.0);
    }
    let page = markdown(&results, Lang::En);
    assert!(page.contains("No value is missing in the columns that the study uses."));
    assert!(page.contains("the main numbers can't depend on how missing values are treated"));
    assert!(markdown(&results, Lang::Ja).contains("この調査で用いる列に欠測はありません。"));
    results.missing.clear();
    assert!(!markdown(&results, Lang::En).contains("## Missing values"));
}

#[test]
fn the_figure_says_who_is_whole_and_names_rare_patterns_together() {
    let results = treated((0.4, 0.6), None);
    let words = |lang| caption::for_drawing("missing", &results, lang).unwrap();
    let (en, ja) = (words(Lang::En), words(Lang::Ja));
    assert_eq!(en.title, "205 of 240 users have no value missing");
    assert_eq!(ja.title.replace(PHRASE_BREAK, ""), "240人中205人は、欠測がない");
    assert!(en.subtitle.contains("SSI (12%); 1 column without gaps"), "{}", en.subtitle);
    assert_eq!(en.labels["name.0"], "nothing missing");
    assert_eq!(en.labels["name.2"], "2 rare patterns together");
    assert!(!en.labels.contains_key("name.1"));
    assert_eq!(en.labels["gaps.item_photo"], "7 (2.9%)");
    assert_eq!(ja.labels["gaps.item_photo"], "7（2.9%）");
    let mut none = results.clone();
    let mut gaps = gaps();
    gaps.patterns.remove(0);
    none.drawings.insert("missing".into(), Drawing::Gaps(gaps));
    let title = caption::for_drawing("missing", &none, Lang::En).unwrap().title;
    assert_eq!(title, "Few of 240 users have every value");
}

#[test]
fn the_figure_says_how_many_columns_and_patterns_it_leaves_out() {
    let method = |n_hidden: usize, singles: bool, lang| {
        let mut results = treated((0.4, 0.6), None);
        let mut drawn = Gaps { n_hidden, ..gaps() };
        if !singles {
            drawn.patterns.drain(..2);
        }
        results.drawings.insert("missing".into(), Drawing::Gaps(drawn));
        let caption = caption::for_drawing("missing", &results, lang).unwrap();
        caption.note.replace(PHRASE_BREAK, "")
    };
    let patterns = "Each column of tiles is a pattern: the 2 most frequent, none of fewer than 10 users, and the other 2 put together.";
    assert!(method(0, true, Lang::En).contains(patterns), "{}", method(0, true, Lang::En));
    assert!(!method(0, true, Lang::En).contains("not drawn"));
    assert!(method(1, true, Lang::En).contains("The column with the fewest gaps is not drawn"));
    assert!(method(4, true, Lang::En).contains("The 4 columns with the fewest gaps are not drawn"));
    assert!(method(0, false, Lang::En).contains("All 2 patterns are of fewer than 10 users"));
    assert!(method(4, true, Lang::Ja).contains("欠測の少ない4列は図に示していない"));
    assert!(method(1, false, Lang::Ja).contains("2種類の欠測パターンはいずれも10人未満のため"));
}

#[test]
fn a_command_lists_patterns_under_the_tables_own_names() {
    let mut results = treated((0.4, 0.6), None);
    (results.study, results.estimates) = (None, Vec::new());
    let text = text_table(&results, Lang::En);
    assert!(text.contains("item_photo") && text.contains("  25  ssi_total\n"), "{text}");
    assert!(text.contains(" 205  nothing missing\n"), "{text}");
}
