//! Where a default interval may fall short, a better one stands beside it and the page says why.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

use ssi_report::{caption, markdown};
use ssi_vocab::{Drawing, Estimate, Interval, Lang, Level, PHRASE_BREAK, Results, Warning};

fn fixture() -> Results {
    serde_json::from_str(include_str!("fixture.json")).unwrap()
}

/// The jackknife row of the primary correlation.
fn jackknife_row(results: &mut Results) -> &mut Estimate {
    results
        .estimates
        .iter_mut()
        .find(|e| e.interval.as_ref().is_some_and(|i| i.method == "jackknife_z"))
        .unwrap()
}

#[test]
fn the_jackknife_stands_beside_fisher_and_the_page_says_which_to_read() {
    let mut results = fixture();
    let (en, ja) = (markdown(&results, Lang::En), markdown(&results, Lang::Ja));
    assert!(en.contains("| Pearson's r | .60 | [.50, .68] | Jackknife on z |"), "{en}");
    assert!(
        en.contains("Fisher's is [.50, .68] and the jackknife's [.50, .68]: the choice matters")
    );
    assert!(ja.contains("どちらを使っても結論はほとんど変わりません"), "{ja}");
    let interval = jackknife_row(&mut results).interval.as_mut().unwrap();
    (interval.low, interval.high) = (0.44, 0.72);
    assert!(markdown(&results, Lang::En).contains("so read the jackknife's."));
    assert!(markdown(&results, Lang::Ja).contains("差があるため、ジャックナイフ法の区間を参考に"));
    results.estimates.retain(|e| e.interval.as_ref().is_none_or(|i| i.method != "jackknife_z"));
    for lang in Lang::ALL {
        let page = markdown(&results, lang);
        assert!(!page.contains("ackknife's") && !page.contains("ジャックナイフ法の区間"), "{page}");
    }
}

#[test]
fn parts_of_ssi_have_the_jackknife_in_a_column_of_its_own() {
    let results = fixture();
    let page = markdown(&results, Lang::En);
    assert!(page.contains("| With | Estimate | 95% CI | 95% CI (jackknife) | p |"), "{page}");
    assert!(page.contains("| SSI − Brand | .46 | [.34, .56] | [.34, .56] |"), "{page}");
    assert!(markdown(&results, Lang::Ja).contains("95%信頼区間（ジャックナイフ法）"));
}

#[test]
fn a_prediction_says_where_it_is_narrow_and_where_wide() {
    let mut results = fixture();
    let en = markdown(&results, Lang::En);
    assert!(en.contains("±15 points at a score of 2 and ±21 at 8 (jackknife"), "{en}");
    assert!(markdown(&results, Lang::Ja).contains("得点2点で±15点、8点で±21点です"));
    let note = |results: &Results, lang| {
        caption::for_drawing("score_ssi", results, lang).unwrap().note.replace(PHRASE_BREAK, "")
    };
    assert!(note(&results, Lang::En).contains("Bands follow the spread: HC3; scaled jackknife."));
    assert!(note(&results, Lang::Ja).contains("信頼帯は HC3、予測帯は"));
    let Some(Drawing::Scatter(drawing)) = results.drawings.get_mut("score_ssi") else {
        panic!("a scatter plot")
    };
    drawing.prediction_method = "t".to_owned();
    assert!(note(&results, Lang::En).contains("prediction band: equal spread assumed"));
    results.models[0].glance.scaled_prediction.clear();
    assert!(!markdown(&results, Lang::En).contains("at a score of 2"));
}

#[test]
fn intervals_that_differ_are_a_warning() {
    let mut results = fixture();
    results.warnings.push(Warning::IntervalsDiffer {
        term: "a, b".to_owned(),
        group: Some("region = JP".to_owned()),
        fisher_z: [0.2, 0.5],
        jackknife_z: [0.1, 0.6],
    });
    let en = markdown(&results, Lang::En);
    assert!(en.contains("a, b, region = JP: Fisher's interval [.20, .50]"), "{en}");
    assert!(en.contains("the jackknife's [.10, .60]"));
    assert!(markdown(&results, Lang::Ja).contains("a, b（region = JP）：正規分布を前提とする"));
}

/// A copy of some rows beside them, with another interval.
fn beside(
    results: &mut Results,
    which: impl Fn(&Estimate) -> bool,
    change: impl Fn(&mut Estimate),
) {
    let mut rows: Vec<Estimate> = results.estimates.iter().filter(|e| which(e)).cloned().collect();
    assert!(!rows.is_empty());
    rows.iter_mut().for_each(change);
    results.estimates.extend(rows);
}

#[test]
fn halls_interval_stands_beside_the_t_interval_of_a_mean_and_the_page_says_why() {
    let mut results = fixture();
    assert!(!markdown(&results, Lang::En).contains("Hall"));
    let interval = |low, high, method: &str| {
        Some(Interval { low, high, level: Level::DEFAULT, method: method.to_owned() })
    };
    for e in results.estimates.iter_mut().filter(|e| e.method == "mean") {
        e.interval = interval(1.0, 7.25, "t");
    }
    assert!(!markdown(&results, Lang::En).contains("95% CI (t)"));
    beside(&mut results, |e| e.method == "mean", |e| e.interval = interval(1.25, 7.5, "hall"));
    let en = markdown(&results, Lang::En);
    assert!(en.contains("| Mean | 95% CI (t) | 95% CI (Hall) | SD |"), "{en}");
    assert!(en.contains("Where the two differ, read Hall's"), "{en}");
    assert!(en.contains("Hall (1992)"), "{en}");
    let ja = markdown(&results, Lang::Ja);
    assert!(ja.contains("95%信頼区間（ホール法）"), "{ja}");
    assert!(ja.contains("ホール法の区間を参照してください"), "{ja}");
}

#[test]
fn coefficients_have_the_interval_on_their_own_degrees_of_freedom() {
    let mut results = fixture();
    assert!(!markdown(&results, Lang::En).contains("McCaffrey"));
    beside(
        &mut results,
        |e| e.vcov.as_deref() == Some("hc3") && e.term == "score_total",
        |e| {
            e.vcov = Some("hc3_bm".to_owned());
            let interval = e.interval.as_mut().unwrap();
            (interval.low, interval.high) = (1.2, 5.6);
        },
    );
    let en = markdown(&results, Lang::En);
    assert!(en.contains("| 95% CI (HC3) | 95% CI (HC3, Bell–McCaffrey) | SE (HC3) |"), "{en}");
    assert!(en.contains("counts the degrees of freedom that each coefficient has"), "{en}");
    assert!(markdown(&results, Lang::Ja).contains("95%信頼区間（HC3、Bell–McCaffrey）"));
    let Some(Drawing::Scatter(drawing)) = results.drawings.get_mut("score_ssi") else {
        panic!("a scatter plot")
    };
    drawing.confidence_method = "hc3_bm".to_owned();
    for (lang, words) in [
        (Lang::En, "Bands follow the spread: HC3 (Bell–McCaffrey); scaled jackknife."),
        (Lang::Ja, "信頼帯は HC3（Bell–McCaffrey）、予測帯は"),
    ] {
        let note = caption::for_drawing("score_ssi", &results, lang).unwrap().note;
        assert!(note.replace(PHRASE_BREAK, "").contains(words), "{note}");
    }
}

#[test]
fn few_respondents_of_a_polyserial_correlation_are_a_warning() {
    let mut results = fixture();
    let (term, group) = ("a, b".to_owned(), Some("region = JP".to_owned()));
    results.warnings.push(Warning::FewForDeltaMethod { term, group, n_obs: 26 });
    let en = markdown(&results, Lang::En);
    assert!(en.contains("a, b, region = JP: 26 respondents are few"), "{en}");
    assert!(markdown(&results, Lang::Ja).contains("a, b（region = JP）：ポリシリアル相関の"));
}
