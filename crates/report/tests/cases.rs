//! Sentences and titles on results where a usual sentence would be false: nothing clear, clearly
//! negative, few users, undefined errors, one predictor, no region.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod support;

use ssi_report::{caption, markdown, warnings_text};
use ssi_vocab::drawing::{Axis, Band, Curve, Points, Shape};
use ssi_vocab::{Lang, Note, PHRASE_BREAK, Results, Verdict, Warning};
use support::{answer, fixture, with_primary};

/// The fixture with every correlation of a pillar with the score put at one place.
fn with_pillars(value: f64, low: f64, high: f64) -> Results {
    let mut results = fixture();
    let pillars = ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build"];
    for e in &mut results.estimates {
        let (x, y) = (e.x.clone().unwrap_or_default(), e.y.clone().unwrap_or_default());
        if x == "score_total" && pillars.contains(&y.as_str()) {
            e.value = Some(value);
            if let Some(i) = &mut e.interval {
                (i.low, i.high) = (low, high);
            }
        }
    }
    if let Some(ssi_vocab::Drawing::Matrix(d)) = results.drawings.get_mut("correlations") {
        let score = d.variables.iter().position(|v| v == "score_total").unwrap();
        for c in &mut d.cells {
            (c.value, c.low, c.high) = (Some(value), Some(low), Some(high));
            assert!(c.row != score || c.column != score);
        }
    }
    results
}

#[test]
fn pillars_without_a_clear_correlation_have_no_strongest_one() {
    let results = with_pillars(0.02, -0.12, 0.16);
    let page = markdown(&results, Lang::En);
    assert!(page.contains("For none of the four pillars does the interval exclude 0."));
    assert!(!page.contains("The strongest correlation"));
    let ja = markdown(&results, Lang::Ja);
    assert!(ja.contains("4つの柱のいずれについても、信頼区間は 0 を含みます。"));
    let title = caption::for_drawing("correlations", &results, Lang::En).unwrap().title;
    assert_eq!(title, "No pillar of SSI clearly goes with the profile score");
}

#[test]
fn pillars_that_fall_are_said_to_fall() {
    let results = with_pillars(-0.4, -0.51, -0.28);
    let page = markdown(&results, Lang::En);
    assert!(page.contains("For all 4 pillars the interval lies below 0."), "{page}");
    assert!(page.contains("The strongest correlation is that of"));
    assert!(markdown(&results, Lang::Ja).contains("信頼区間全体が 0 を下回りました"));
    let title = |lang| caption::for_drawing("correlations", &results, lang).unwrap().title;
    assert_eq!(title(Lang::En), "All four pillars fall as the profile score rises");
    assert_eq!(title(Lang::Ja).replace(PHRASE_BREAK, ""), "4つの柱はいずれも、得点が高いほど低い");
}

#[test]
fn a_clear_negative_correlation_is_not_hidden_behind_the_verdict() {
    let mut results = with_primary(Some(-0.997), Some((-0.999, -0.9951)), None);
    results.claims[0].verdict = Verdict::Contradicted;
    let en = markdown(&results, Lang::En);
    assert!(en.contains("The correlation is clear but negative."));
    assert!(en.contains("the interval is [−.999, −.995]"), "digits are those of the answer");
    assert!(en.contains("In these synthetic data: contradicted."));
    assert!(markdown(&results, Lang::Ja).contains("相関は明らかですが、負の方向です。"));
    // Real data get the verdict itself.
    results.study.as_mut().unwrap().synthetic = false;
    results.warnings.clear();
    assert!(markdown(&results, Lang::En).contains("Verdict: contradicted."));
}

#[test]
fn a_perfect_share_of_the_variance_is_never_said_to_be_all() {
    let results = with_primary(Some(0.9995), Some((0.999, 0.9998)), None);
    assert!(answer(&results, Lang::En).contains("accounts for more than 99% of"));
    assert!(answer(&results, Lang::Ja).contains("99%超"));
}

fn coefficients(results: &Results, lang: Lang) -> (String, String, String) {
    let c = caption::for_drawing("coefficients", results, lang).unwrap();
    let text = |s: String| s.replace(PHRASE_BREAK, "");
    (text(c.title), text(c.subtitle), c.alt)
}

/// The fixture without the second model: its figure shows the score alone.
fn one_predictor() -> Results {
    let mut results = fixture();
    results.models.retain(|m| m.id != "contacts");
    results.estimates.retain(|e| e.model.as_deref() != Some("contacts"));
    if let Some(ssi_vocab::Drawing::Forest(d)) = results.drawings.get_mut("coefficients") {
        d.rows.retain(|row| row.term == "score_total");
    }
    results
}

#[test]
fn coefficients_of_the_score_alone_hold_nothing_constant() {
    let results = one_predictor();
    let (title, subtitle, _) = coefficients(&results, Lang::En);
    assert_eq!(title, "One profile point more goes with 3.2 SSI points more");
    assert_eq!(subtitle, "3.2 [2.6, 3.8] (95% CI, HC3), n = 190");
    let (title, _, _) = coefficients(&results, Lang::Ja);
    assert_eq!(title, "得点が1点高いと SSI は3.2点高い");
}

#[test]
fn undefined_hc3_errors_are_replaced_by_classical_ones_aloud() {
    let mut results = one_predictor();
    for e in &mut results.estimates {
        if e.vcov.as_deref() == Some("hc3") {
            (e.interval, e.std_error, e.test) = (None, None, None);
            e.note = Some(Note::LeverageOne);
        }
    }
    if let Some(ssi_vocab::Drawing::Forest(d)) = results.drawings.get_mut("coefficients") {
        let robust = d.series.iter().position(|s| s == "hc3").unwrap();
        for row in &mut d.rows {
            row.estimates.retain(|e| e.series != robust);
        }
    }
    let (_, subtitle, alt) = coefficients(&results, Lang::En);
    assert!(subtitle.contains("] (95% CI, classical; HC3 not defined), n = "), "{subtitle}");
    assert!(alt.contains("(classical errors)"), "{alt}");
    let (_, subtitle, _) = coefficients(&results, Lang::Ja);
    assert!(subtitle.contains("（通常の標準誤差による95%信頼区間。HC3 は計算不能）"), "{subtitle}");
    assert!(markdown(&results, Lang::En).contains("classical; HC3 not defined)"));
}

#[test]
fn a_model_without_region_does_not_speak_of_one() {
    let mut results = fixture();
    results.estimates.retain(|e| !e.term.starts_with("region"));
    for e in results.estimates.iter_mut().filter(|e| e.term == "score_total") {
        if let Some(interval) = &mut e.interval {
            (interval.low, interval.high) = (-0.7, 4.0);
        }
    }
    let (title, _, _) = coefficients(&results, Lang::En);
    assert_eq!(title, "At equal contacts, no clear link between profile score and SSI");
    let (title, _, _) = coefficients(&results, Lang::Ja);
    assert_eq!(title, "つながり数が同じ場合、得点と SSI の関連ははっきりしない");
    let page = markdown(&results, Lang::En);
    assert!(page.contains("alike in contacts: "), "{page}");
    assert!(!page.contains("ontacts and region"), "{page}");
}

#[test]
fn a_region_is_shown_with_the_one_it_is_compared_with() {
    let mut results = fixture();
    for model in &mut results.models {
        model.reference.insert("region".to_owned(), "EU".to_owned());
    }
    let c = caption::for_drawing("coefficients", &results, Lang::En).unwrap();
    assert_eq!(c.labels["term.regionJP"], "Region: JP (against EU)");
    assert!(markdown(&results, Lang::Ja).contains("地域：JP（EU との差）"));
}

#[test]
fn levels_too_small_for_a_median_say_so() {
    let mut results = fixture();
    let levels = |results: &mut Results, keep: &[usize]| {
        if let Some(ssi_vocab::Drawing::Levels(d)) = results.drawings.get_mut("score_levels") {
            for (i, level) in d.levels.iter_mut().enumerate() {
                if !keep.contains(&i) {
                    level.summary = None;
                }
            }
        }
    };
    levels(&mut results, &[1, 4]);
    let c = caption::for_drawing("score_levels", &results, Lang::En).unwrap();
    assert_eq!(c.title, "At the same profile score, SSI still varies widely");
    assert!(c.subtitle.starts_with("Median SSI 20 at score 2–3 and 37 at score 5–6"));
    levels(&mut results, &[]);
    let c = caption::for_drawing("score_levels", &results, Lang::En).unwrap();
    assert_eq!(c.subtitle, "Too few users at each score for a median (under 10); n = 190");
    let c = caption::for_drawing("score_levels", &results, Lang::Ja).unwrap();
    assert!(c.subtitle.replace(PHRASE_BREAK, "").starts_with("各得点の人数が10人に満たない"));
}

#[test]
fn many_users_are_drawn_as_tiles() {
    let mut results = fixture();
    if let Some(ssi_vocab::Drawing::Scatter(d)) = results.drawings.get_mut("score_ssi") {
        d.points.x = vec![5.0; 2_001];
        d.points.y = vec![30.0; 2_001];
    }
    let note = caption::for_drawing("score_ssi", &results, Lang::En).unwrap().note;
    assert!(note.contains("Darker tiles hold more users.") && !note.contains("sideways"));
}

#[test]
fn an_item_model_that_predicts_nothing_shows_no_weights() {
    let mut results = fixture();
    let model = results.models.iter_mut().find(|m| m.id == "items").unwrap();
    model.glance.cv_r_squared = Some(-0.02);
    let page = markdown(&results, Lang::En);
    assert!(page.contains("no better than giving everyone the mean"));
    assert!(!page.contains("Coefficients of the ten items"));
    assert!(
        markdown(&results, Lang::Ja)
            .contains("全員に平均値を当てはめる場合より良くなりませんでした")
    );
}

#[test]
fn missing_columns_are_told_once() {
    let missing = |name: &str| Warning::LeftOut {
        analysis: name.to_owned(),
        why: format!("missing_column: {name}"),
    };
    let mut warnings: Vec<Warning> =
        ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build", "ssi_without_brand"]
            .into_iter()
            .map(missing)
            .collect();
    warnings.push(Warning::LeftOut {
        analysis: "items".into(),
        why: "missing_column: item_photo".into(),
    });
    let results = Results { warnings, ..Results::default() };
    assert_eq!(
        warnings_text(&results, Lang::En),
        "warning: Not done, for want of columns: SSI - Brand and the four pillars (ssi_brand, ssi_find, ssi_engage, ssi_build); Model of the ten items (item_photo).\n"
    );
    assert_eq!(warnings_text(&results, Lang::Ja).lines().count(), 1);
}

#[test]
fn a_respondent_who_lacks_both_values_is_counted_once_aloud() {
    let mut results = fixture();
    assert!(!markdown(&results, Lang::En).contains("both profile score and SSI."));
    let missing = |column: &str| ssi_vocab::Exclusion {
        row: 9_999,
        column: column.to_owned(),
        value: String::new(),
        reason: ssi_vocab::Reason::Missing,
    };
    results.excluded.extend([missing("score_total"), missing("ssi_total")]);
    assert!(
        markdown(&results, Lang::En).contains("1 respondent lacks both profile score and SSI.")
    );
    assert!(
        markdown(&results, Lang::Ja).contains("うち1人は、プロフィール得点と SSI の両方が欠測")
    );
}

#[test]
fn the_cut_off_of_durbin_and_watson_depends_on_n() {
    let mut results = fixture();
    let model = results.models.iter_mut().find(|m| m.id == "main").unwrap();
    model.glance.n_obs = 190;
    for check in model.glance.checks.iter_mut().filter(|c| c.name == "durbin_watson") {
        check.value = Some(1.6);
    }
    assert!(markdown(&results, Lang::En).contains("Neighbouring residuals may be related"));
    results.models.iter_mut().find(|m| m.id == "main").unwrap().glance.n_obs = 20;
    assert!(markdown(&results, Lang::En).contains("No clear sign of a relation between"));
    assert!(!markdown(&results, Lang::En).contains("Condition number"));
}

/// The fixture with a shape and its two tests.
fn with_shape(classical: f64, robust: f64) -> Results {
    let mut results = fixture();
    let curve = Curve { x: vec![0.0, 10.0], y: vec![20.0, 50.0] };
    let axis = |max: f64| Axis { min: 0.0, max, step: max / 10.0 };
    let shape = Shape {
        points: Points { x: vec![1.0, 2.0], y: vec![20.0, 30.0] },
        x_step: 0.5,
        straight: curve.clone(),
        spline: curve.clone(),
        band: Band { x: curve.x.clone(), low: vec![10.0, 40.0], high: vec![30.0, 60.0] },
        band_method: "hc3".to_owned(),
        steps: curve.clone(),
        smooth: Some(curve),
        x_axis: axis(10.0),
        y_axis: axis(100.0),
        seed: 1,
    };
    results.drawings.insert("shape".to_owned(), ssi_vocab::Drawing::Shape(shape));
    let check = |name: &str, p: f64| ssi_vocab::Check {
        name: name.to_owned(),
        value: Some(2.5),
        df: Some(3.0),
        df2: Some(185.0),
        p_value: Some(p),
        note: None,
    };
    let mut model = results.models[0].clone();
    model.id = "spline".to_owned();
    model.method = "spline".to_owned();
    model.glance.checks = vec![check("nonlinearity", classical), check("nonlinearity_hc3", robust)];
    results.models.push(model);
    results
}

#[test]
fn the_shape_says_both_tests_and_whether_they_differ() {
    let bent = with_shape(0.2, 0.01);
    let c = caption::for_drawing("shape", &bent, Lang::En).unwrap();
    assert_eq!(c.title, "SSI does not follow the profile score in a straight line");
    assert!(c.subtitle.contains("p = .200") && c.subtitle.contains("p = .010"), "{}", c.subtitle);
    assert!(c.note.contains("4 degrees of freedom") && c.note.contains("HC3"), "{}", c.note);
    for key in ["straight", "spline", "band", "steps", "smooth"] {
        assert!(c.labels.contains_key(key), "{key}");
    }
    assert!(markdown(&bent, Lang::En).contains("depends on that assumption"));
    assert!(markdown(&bent, Lang::Ja).contains("結論が異なります"));
    let straight = with_shape(0.2, 0.3);
    let c = caption::for_drawing("shape", &straight, Lang::En).unwrap();
    assert!(c.title.starts_with("No clear sign"), "{}", c.title);
    assert!(markdown(&straight, Lang::Ja).contains("結論は変わりません"));
}
