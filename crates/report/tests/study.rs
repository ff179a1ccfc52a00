//! The report of a study, from a fixture: golden texts, languages, honesty of the answer.
//!
//! `fixture.json` holds results of one simulated cohort of 200 users, computed outside this
//! project's code. `UPDATE_GOLDEN=1` rewrites the texts under `golden/`; read the difference.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own files should stop")]

mod support;

use ssi_report::{PictureSource, caption, card, csv, excluded_csv, html, json, markdown};
use ssi_report::{study_summary, text_table, warnings_text};
use ssi_vocab::drawing::{Drawing, Thinned};
use ssi_vocab::{Lang, Note, PHRASE_BREAK, Results, Verdict, Warning};
use std::collections::BTreeMap;
use std::path::PathBuf;
use support::{answer, fixture, with_primary};

const SLUGS: [&str; 6] =
    ["score_ssi", "score_levels", "correlations", "coefficients", "resampling", "diagnostics"];

fn pictures() -> BTreeMap<(String, Lang), PictureSource> {
    let svg = |slug: &str, lang: Lang| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1600 1200' width='1600' height='1200'><rect width='1600' height='1200' fill='#fff'/><path d='M150 1050V150M150 1050H1500' stroke='#6b7280' stroke-width='3'/><path d='M200 950L1450 300' stroke='#0072b2' stroke-width='6'/><text x='150' y='90' font-size='46'>{slug} {}</text></svg>",
            lang.code()
        )
    };
    let each = SLUGS.iter().flat_map(|slug| Lang::ALL.map(|lang| (slug, lang)));
    each.map(|(slug, lang)| ((slug.to_string(), lang), PictureSource { svg: svg(slug, lang) }))
        .collect()
}

fn golden(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let first = expected.lines().zip(text.lines()).find(|(a, b)| a != b);
    assert!(
        expected == text,
        "{name} differs (UPDATE_GOLDEN=1 rewrites it); first difference: {first:#?}"
    );
}

fn captions(results: &Results, lang: Lang) -> String {
    let visible = |text: &str| text.replace(PHRASE_BREAK, "|");
    let mut out = String::new();
    for slug in SLUGS {
        let c = caption::for_drawing(slug, results, lang).unwrap();
        out += &format!("== {slug}\n{}\n{}\n", visible(&c.title), visible(&c.subtitle));
        out += &format!("x: {}\ny: {}\n", visible(&c.x), visible(&c.y));
        out += &format!("note: {}\nmark: {:?}\nalt: {}\n", visible(&c.note), c.mark, c.alt);
        for (key, label) in &c.labels {
            out += &format!("  {key} = {}\n", visible(label));
        }
    }
    let s = card(results, lang);
    out += &format!("== summary\n{}\n{}\n", visible(&s.title), visible(&s.answer));
    for (label, value) in &s.facts {
        out += &format!("  {}: {}\n", visible(label), visible(value));
    }
    out + &format!("{}\n{:?}\n", visible(&s.note), s.mark)
}

#[test]
fn the_report_reads_as_its_golden_texts() {
    let results = fixture();
    for lang in Lang::ALL {
        let code = lang.code();
        golden(&format!("report.{code}.md"), &markdown(&results, lang));
        golden(&format!("captions.{code}.txt"), &captions(&results, lang));
        golden(&format!("table.{code}.txt"), &text_table(&results, lang));
        golden(&format!("summary.{code}.txt"), &study_summary(&results, lang));
    }
    golden("index.html", &html(&results, &pictures()));
    golden("estimates.csv", &csv(&results));
    golden("excluded.csv", &excluded_csv(&results));
}

#[test]
fn the_answer_says_what_the_interval_says() {
    let cases = [
        ("positive", with_primary(Some(0.6), Some((0.5, 0.68)), None)),
        ("negative", with_primary(Some(-0.31), Some((-0.43, -0.18)), None)),
        ("near zero", with_primary(Some(0.05), Some((-0.09, 0.19)), None)),
        ("no interval", with_primary(Some(0.4), None, Some(Note::TooFewForInterval))),
        ("undefined", with_primary(None, None, Some(Note::ConstantColumn))),
    ];
    for lang in Lang::ALL {
        let mut text = String::new();
        for (name, results) in &cases {
            let title = caption::for_drawing("score_ssi", results, lang).unwrap().title;
            let answer = answer(results, lang);
            text += &format!("== {name}\n{title}\n{answer}\n").replace(PHRASE_BREAK, "");
        }
        golden(&format!("answers.{}.txt", lang.code()), &text);
    }
    let says = answer;
    assert!(says(&cases[0].1, Lang::En).starts_with(
        "Users with a higher profile score tend to have a higher SSI: r = .60, 95% CI [.50, .68]"
    ));
    assert!(says(&cases[0].1, Lang::Ja).starts_with(
        "プロフィール得点が高いユーザーほど、SSI も高い傾向がみられました（相関係数 r = 0.60、95%信頼区間 [0.50, 0.68]、n = "
    ));
    assert!(says(&cases[1].1, Lang::En).contains("a lower SSI: r = −.31"));
    assert!(says(&cases[2].1, Lang::En).contains("No clear association between"));
    assert!(says(&cases[2].1, Lang::En).contains("less than 1%"));
    assert!(!says(&cases[2].1, Lang::Ja).contains("傾向がみられました"));
    assert!(!says(&cases[4].1, Lang::En).contains("r ="));
    assert!(says(&cases[4].1, Lang::Ja).contains("判断できません"));
}

#[test]
fn another_primary_pair_is_never_called_score_and_ssi() {
    let mut results = fixture();
    let rename = |name: &mut Option<String>| {
        *name = match name.as_deref() {
            Some("score_total") => Some("years_on_linkedin".to_owned()),
            Some("ssi_total") => Some("ssi_engage".to_owned()),
            _ => name.take(),
        };
    };
    for e in &mut results.estimates {
        rename(&mut e.x);
        rename(&mut e.y);
        if e.term == "score_total" {
            e.term = "years_on_linkedin".to_owned();
        }
    }
    let en = card(&results, Lang::En);
    assert_eq!(en.title, "Does years on LinkedIn go with engage with insights?");
    assert!(en.answer.starts_with("Users with a higher years on LinkedIn tend to have a higher"));
    let ja = card(&results, Lang::Ja).answer.replace(PHRASE_BREAK, "");
    assert!(
        ja.starts_with("LinkedIn の利用年数が高いユーザーほど、インサイトの活用も高い"),
        "{ja}"
    );
    for lang in Lang::ALL {
        let page = markdown(&results, lang);
        let first = page.split("\n## ").next().unwrap();
        assert!(!first.contains("rofile score") && !first.contains("得点"), "{first}");
    }
}

#[test]
fn groups_and_repeated_exclusions_are_shown_once() {
    let mut results = fixture();
    let mut grouped = results.estimates[results.claims[0].estimates[0]].clone();
    grouped.group = Some("region = JP".to_owned());
    results.estimates.push(grouped);
    results.excluded.extend(results.excluded.clone());
    let page = markdown(&results, Lang::En);
    assert_eq!(page.matches("region = JP").count(), 1);
    assert!(page.contains("| Missing value | SSI | 5 |"));
    assert_eq!(page.matches("| 102 | SSI | 1O3 |").count(), 1);
}

#[test]
fn a_narrow_prediction_is_not_called_useless() {
    let mut results = fixture();
    for model in &mut results.models {
        model.glance.prediction_half_width = Some(6.0);
    }
    assert!(answer(&results, Lang::En).contains("can be predicted from it to about ±6"));
    let ja = answer(&results, Lang::Ja);
    assert!(ja.contains("±6点の幅で予測できます"), "{ja}");
}

#[test]
fn a_bound_that_rounds_to_the_threshold_is_shown_on_its_side() {
    let mut results = with_primary(Some(0.33), Some((0.1984, 0.45)), None);
    results.claims[0].verdict = Verdict::Inconclusive;
    assert!(markdown(&results, Lang::En).contains("the interval is [.198, .45]: it includes .20"));
}

#[test]
fn the_brand_pillar_is_not_blamed_where_the_claim_fails_anyway() {
    let mut results = with_primary(Some(0.02), Some((-0.12, 0.16)), None);
    let without = results.claims[0].estimates[1];
    let interval = results.estimates[without].interval.as_mut().unwrap();
    (interval.low, interval.high) = (-0.13, 0.15);
    results.claims[0].verdict = Verdict::Contradicted;
    assert!(!markdown(&results, Lang::En).contains("may carry the result"));
    results.claims[0].verdict = Verdict::Supported;
    assert!(markdown(&results, Lang::En).contains("may carry the result"));
    assert!(markdown(&results, Lang::Ja).contains("「ブランド」の柱による可能性"));
}

#[test]
fn a_slope_whose_interval_holds_0_is_not_said_to_rise() {
    let mut results = fixture();
    for e in results.estimates.iter_mut().filter(|e| e.term == "score_total") {
        if let Some(interval) = &mut e.interval {
            (interval.low, interval.high) = (-0.7, 4.0);
        }
    }
    let page = markdown(&results, Lang::En);
    assert!(page.contains("the interval includes 0.") && !page.contains("points higher for users"));
    assert!(markdown(&results, Lang::Ja).contains("信頼区間は 0 を含みます"));
}

#[test]
fn captions_have_the_labels_that_figures_ask_for() {
    let results = fixture();
    let keys = [
        ("score_ssi", vec!["fit", "confidence", "prediction", "smooth"]),
        ("score_levels", vec!["level.0", "n.0", "level.8", "median", "quartiles", "threshold"]),
        ("correlations", vec!["variable.conn_display", "cell.7.6", "interval.1.0"]),
        ("coefficients", vec!["term.regionJP", "series.hc3", "number.conn_log2.1", "number"]),
        (
            "resampling",
            vec!["observed", "bootstrap", "permutation", "interval.bca", "interval.fisher_z"],
        ),
        ("diagnostics", vec!["residuals.title", "leverage.y", "cooks", "cooks.1", "envelope"]),
    ];
    for lang in Lang::ALL {
        for (slug, keys) in &keys {
            let caption = caption::for_drawing(slug, &results, lang).unwrap();
            assert!(!caption.title.is_empty() && !caption.alt.is_empty());
            for key in keys {
                assert!(caption.labels.contains_key(*key), "{slug} {key}");
            }
            assert!(!caption.alt.contains(PHRASE_BREAK));
        }
        assert_eq!(caption::for_drawing("no_such", &results, lang), None);
    }
}

#[test]
fn every_page_of_synthetic_data_says_so_and_no_other_does() {
    let mut results = fixture();
    assert!(html(&results, &pictures()).contains("SYNTHETIC"));
    assert!(markdown(&results, Lang::Ja).contains("合成データ"));
    results.study.as_mut().unwrap().synthetic = false;
    results.warnings.retain(|w| *w != Warning::Synthetic);
    let page = html(&results, &pictures());
    assert!(!page.contains("SYNTHETIC") && !page.contains("合成データ"));
    for lang in Lang::ALL {
        let text = markdown(&results, lang) + &study_summary(&results, lang);
        assert!(!text.contains("SYNTHETIC") && !text.contains("合成"), "{text}");
        assert_eq!(caption::for_drawing("score_ssi", &results, lang).unwrap().mark, None);
    }
}

#[test]
fn no_language_leaks_into_the_other() {
    let kana =
        |c: char| ('\u{3040}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut results = fixture();
    // What the user wrote stays as it stands; everything else is ours.
    results.changes.clear();
    let en = markdown(&results, Lang::En) + &captions(&results, Lang::En);
    let en = en + &study_summary(&results, Lang::En) + &text_table(&results, Lang::En);
    assert!(!en.chars().any(kana), "{:?}", en.lines().find(|l| l.chars().any(kana)));

    let ja = markdown(&results, Lang::Ja) + &captions(&results, Lang::Ja);
    let ja = ja + &study_summary(&results, Lang::Ja) + &text_table(&results, Lang::Ja);
    let words =
        [" the ", " of ", " is ", " are ", " with ", " users", " not ", "score ", "Interval"];
    for line in ja.lines() {
        // References keep their authors' names and identifiers.
        let line = line.replace(" and ", "");
        assert!(!words.iter().any(|w| line.contains(w)), "{line}");
    }
}

#[test]
fn every_code_of_the_results_is_worded() {
    let results = fixture();
    for lang in Lang::ALL {
        let text = markdown(&results, lang) + &captions(&results, lang);
        let raw = [
            "fisher_z",
            "bonett_wright",
            "delta_z",
            "ssi_brand",
            "item_photo",
            "hc3 ",
            "max_cooks_d",
            "not_a_number",
            "raters_averaged",
            "conn_500plus:",
        ];
        for line in text.lines().filter(|l| !l.contains(" = ") && !l.contains(" ~ ")) {
            assert!(!raw.iter().any(|code| line.contains(code)), "{line}");
        }
    }
}

#[test]
fn what_the_user_wrote_cannot_become_markup() {
    let mut results = fixture();
    let evil = "<script>alert(1)</script>";
    let study = results.study.as_mut().unwrap();
    study.name = evil.to_owned();
    study.input.name = format!("{evil}.csv");
    study.plan = format!("name = \"{evil}\"\n```\n");
    results.excluded[0].value = evil.to_owned();
    results.excluded[0].column = evil.to_owned();
    results.changes[0].found = evil.to_owned();
    results.warnings.push(Warning::Text { message: evil.to_owned() });
    results.estimates[0].term = evil.to_owned();
    let page = html(&results, &BTreeMap::new());
    assert_eq!(page.matches("<script>").count(), 1, "only our own");
    assert!(page.contains("&lt;script&gt;alert(1)"));
    for lang in Lang::ALL {
        let text = markdown(&results, lang);
        // Inside code blocks it means itself anyway.
        let outside: String = text.split("\n```").step_by(2).collect();
        assert!(!outside.contains("<script>") || text.contains("````text"), "{text}");
    }
}

#[test]
fn a_report_of_nothing_and_of_parts_still_stands() {
    let nothing = Results::default();
    let mut parts = fixture();
    parts.models.clear();
    parts.drawings.clear();
    parts.claims.clear();
    parts.estimates.retain(|e| e.method == "spearman");
    parts.excluded.clear();
    for results in [nothing, parts] {
        for lang in Lang::ALL {
            let text = markdown(&results, lang);
            assert!(text.starts_with("# "));
            assert!(!text.contains("NaN") && !text.contains("[]"));
            assert!(!card(&results, lang).answer.is_empty());
            assert!(!study_summary(&results, lang).is_empty());
        }
        assert!(html(&results, &BTreeMap::new()).starts_with("<!DOCTYPE html>"));
    }
}

#[test]
fn warnings_are_worded_in_both_languages() {
    let results = Results {
        warnings: vec![
            Warning::Synthetic,
            Warning::LeftOut { analysis: "items".into(), why: "missing_column: item_photo".into() },
            Warning::LeftOut { analysis: "resampling".into(), why: "too_few".into() },
            Warning::Era { unknown: true },
            Warning::Era { unknown: false },
            Warning::FewRespondents { n_obs: 12 },
            Warning::UnequalSpread { model: "main".into(), p_value: 0.0004 },
            Warning::BrandCarriesIt,
            Warning::Text { message: "as it stands".into() },
        ],
        ..Results::default()
    };
    for lang in Lang::ALL {
        golden(&format!("warnings.{}.txt", lang.code()), &warnings_text(&results, lang));
    }
    assert_eq!(warnings_text(&Results::default(), Lang::En), "");
}

#[test]
fn json_and_csv_read_back_to_the_same_numbers() {
    let results = fixture();
    let text = json(&results);
    assert!(text.ends_with("}\n"));
    assert_eq!(serde_json::from_str::<Results>(&text).unwrap(), results);
    let table = csv(&results);
    let mut lines = table.lines();
    assert!(lines.next().unwrap().starts_with("analysis,method,term,x,y,group,controls,model,"));
    assert_eq!(lines.count(), results.estimates.len());
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    for (record, e) in reader.records().zip(&results.estimates) {
        let value: Option<f64> = record.unwrap()[10].parse().ok();
        assert_eq!(value, e.value);
    }
}

#[test]
fn a_text_that_a_spreadsheet_would_run_gets_an_apostrophe() {
    let mut results = fixture();
    results.estimates[0].term = "=1+1".to_owned();
    results.estimates[0].value = Some(-1.5e-20);
    results.excluded[0].value = "@SUM(A1)".to_owned();
    assert!(excluded_csv(&results).contains(",'@SUM(A1),missing\n"));
    let table = csv(&results);
    let line = table.lines().nth(1).unwrap();
    assert!(line.contains(",'=1+1,") && line.contains(",-1.5e-20,"), "{line}");
}

#[test]
fn a_thinned_figure_says_how_many_points_it_shows() {
    let mut results = fixture();
    let Some(Drawing::Diagnostics(d)) = results.drawings.get_mut("diagnostics") else {
        panic!("the fixture has diagnostics")
    };
    d.thinned = Some(Thinned { of: 95_013, extreme: 130, outside: 4_321 });
    let note = |lang| {
        let caption = caption::for_drawing("diagnostics", &results, lang).unwrap();
        (caption.note.replace(PHRASE_BREAK, ""), caption.alt)
    };
    let (en, alt) = note(Lang::En);
    assert!(
        en.contains("Points drawn: 2 of 95,013, the 130 outermost and a random sample"),
        "{en}"
    );
    assert!(alt.contains("4,321 of 95,013 points outside"), "{alt}");
    let (ja, alt) = note(Lang::Ja);
    assert!(ja.contains("95,013人のうち2人分"), "{ja}");
    assert!(ja.contains("外れの大きい130人"), "{ja}");
    assert!(alt.contains("95,013個の点のうち4,321個"), "{alt}");
}
