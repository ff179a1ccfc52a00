//! What `inspect` tells of a file: the same as `cohort`, and everything by itself.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

mod reread;

use reread::{assert_same, cohort_of, reconciled, text_of};
use ssi_cohort::{
    Codebook, DateOrder, DecimalMark, Delimiter, Encoding, Error, HeaderRows, Inspection, Keep,
    Options, clean, cohort, cohort_with, inspect,
};
use ssi_vocab::{Cause, Confidence, How, Outcome, Reason, Refusal, Rule, Why};
use std::path::PathBuf;

fn folder(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The dirty files, by name.
fn dirty() -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder("tests/data/dirty")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

fn see(text: &str) -> Inspection {
    see_with(text, &Options::default())
}

fn see_with(text: &str, options: &Options) -> Inspection {
    clean(text.as_bytes(), "s.csv", &Codebook::default(), options).unwrap()
}

#[test]
fn every_accepted_file_is_read_back_from_its_clean_form() {
    let book = Codebook::default();
    let mut accepted = 0;
    for (name, bytes) in dirty() {
        let Ok(first) = cohort(&bytes[..], &name, &book) else { continue };
        let seen = clean(&bytes[..], &name, &book, &Options::default()).unwrap();
        assert_eq!(seen.refusals, []);
        assert_eq!(cohort_of(&seen), Some(&first), "{name}: the same cohort");
        reconciled(&seen, &name);
        let again = cohort(text_of(&seen).as_bytes(), "clean.csv", &book)
            .unwrap_or_else(|e| panic!("{name}: {e}\n{}", text_of(&seen)));
        assert_eq!((again.rows_read, again.excluded.len()), (first.rows_used, 0), "{name}");
        assert_same(&first, &again, &name, name.ends_with("xlsx"));
        accepted += 1;
    }
    assert!(accepted >= 28, "{accepted}");
}

#[test]
fn the_reference_cohort_is_its_own_clean_form() {
    let data = std::fs::read(folder("datasets/reference/data.csv")).unwrap();
    let book = Codebook::default();
    let first = cohort(&data[..], "reference", &book).unwrap();
    let seen = clean(&data[..], "reference", &book, &Options::default()).unwrap();
    assert!(seen.ledger.entries().all(|e| e.cause == Cause::Rule(Rule::RatersAveraged)
        || e.cause == Cause::Rule(Rule::Capped)
        || e.cause == Cause::Rule(Rule::NotVisible)));
    let again = cohort(text_of(&seen).as_bytes(), "clean.csv", &book).unwrap();
    assert_same(&first, &again, "reference", false);
    assert_eq!((first.respondents, again.rows_read), (203, 263));
}

#[test]
fn a_codebook_that_was_written_makes_the_same_cohort() {
    let book = Codebook::default();
    for (name, bytes) in dirty() {
        let Ok(first) = cohort(&bytes[..], &name, &book) else { continue };
        let seen = inspect(&bytes[..], &name, &book, &Options::default()).unwrap();
        let text = book.to_datapackage(&name, &seen.columns);
        let written = Codebook::from_datapackage(&text).unwrap();
        let again = cohort(&bytes[..], &name, &written).unwrap();
        assert_eq!(first.table, again.table, "{name}");
        assert_eq!((&first.excluded, first.rows_used), (&again.excluded, again.rows_used));
        assert_eq!(Codebook::describes(&text, &name), Ok(true));
        assert_eq!(Codebook::describes(&text, "other.csv"), Ok(false), "it is of this file");
    }
}

#[test]
fn of_several_resources_the_one_of_the_file_counts() {
    let package = r#"{"resources": [
        {"path": "a.csv", "schema": {"fields": [{"name": "x", "canonical": "ssi_total"}]}},
        {"path": "./b.csv", "schema": {"fields": [{"name": "y", "canonical": "ssi_total"}]}}]}"#;
    for (file, header) in [("a.csv", "x"), ("b.csv", "y"), ("c.csv", "x")] {
        let book = Codebook::of_file(package, file).unwrap();
        let text = format!("{header},score_total\n53,7\n");
        assert!(cohort(text.as_bytes(), file, &book).is_ok(), "{file}");
        assert!(!book.reads_as_default());
    }
    let reference = std::fs::read_to_string(folder("datasets/reference/datapackage.json")).unwrap();
    assert!(Codebook::of_file(&reference, "data.csv").unwrap().reads_as_default());
}

#[test]
fn a_file_is_told_all_that_refuses_it() {
    let seen =
        see("回答者ID,氏名,ssi_total,SSI,つながり数,国\nA1,山田,0.5,0.4,300,x@example.com\n");
    let kinds: Vec<&str> = seen
        .refusals
        .iter()
        .map(|e| match e {
            Error::Personal { .. } => "personal",
            Error::MissingColumn { .. } => "missing",
            Error::WrongScale { .. } => "scale",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["personal", "missing", "personal", "scale"]);
    let of = |refusal| {
        let is_it = |e: &ssi_vocab::Entry<'_>| e.cause == Cause::Refusal(refusal);
        seen.ledger.entries().filter(is_it).map(|e| e.header.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(Refusal::PersonalData), ["氏名", "国"]);
    assert_eq!(of(Refusal::WrongScale), ["ssi_total"]);
    assert!(seen.ledger.entries().all(|e| !e.value.contains("example")), "and nothing personal");
    let twice = see("SSI,SSIスコア,合計点\n53,53,7\n");
    assert!(matches!(&twice.refusals[..], [Error::RepeatedColumn { .. }]), "{:?}", twice.refusals);
}

#[test]
fn columns_say_how_they_were_recognised_and_what_they_might_be() {
    let book = Codebook::default().with_map(&[("region", "場所")]).unwrap();
    let text = "回答者ID,場所,タイムスタンプ,ssi_total,SSI Brand points,Checkliste,Kontakte,備考\n\
        A1,EU,2018-07-12,53,20.1,7.5,500+,a\nA2,JP,2018-07-12,31,12.0,4,283,b\n";
    let seen = inspect(text.as_bytes(), "s.csv", &book, &Options::default()).unwrap();
    let hows: Vec<How> = seen.columns.iter().map(|c| c.how).collect();
    assert_eq!(hows[..4], [How::KnownHeader, How::Mapped, How::FallbackHeader, How::CanonicalName]);
    assert!(hows[4..].iter().all(|how| *how == How::Unknown));
    let guess = |at: usize| {
        let guess = seen.columns[at].guess.as_ref();
        guess.map(|g| (g.canonical.as_str(), g.by_name))
    };
    assert_eq!(guess(4), Some(("ssi_brand", true)));
    assert_eq!(guess(5), Some(("score_total", false)));
    assert_eq!(guess(6), Some(("conn_display", false)));
    assert_eq!(guess(7), None);
    assert_eq!(seen.columns[2].confidence, Confidence::Moderate);
    let read = clean(text.as_bytes(), "s.csv", &book, &Options::default()).unwrap();
    assert!(!cohort_of(&read).unwrap().table.has("conn_display"), "a guess is never used");
    let told = |seen: &Inspection| (seen.rows, seen.changes.clone(), seen.ledger.clone());
    assert_eq!(told(&seen), told(&read), "whether it is cleaned or only looked at");
}

#[test]
fn a_detection_says_why_and_an_option_overrides_it() {
    let layout = see("ssi_total;score_total\n53;7\n31;4\n").layout;
    let separator = layout.separator.unwrap();
    assert_eq!(separator.value, ";");
    assert_eq!(separator.why, Why::Even { alike: 3, of: 3, cells: 2 });
    assert_eq!(layout.encoding.unwrap().why, Why::Valid);
    assert_eq!(layout.header.unwrap().why, Why::Known { known: 2, of: 2 });

    // More semicolons than commas, but in the words.
    let text = "region;x,ssi_total,score_total\na;b,53,7\nc;d,31,4\n";
    let comma = Options { delimiter: Some(Delimiter::Semicolon), ..Options::default() };
    assert!(see(text).refusals.is_empty());
    assert!(!see_with(text, &comma).refusals.is_empty());
    assert_eq!(see_with(text, &comma).layout.separator.unwrap().why, Why::Asked);

    let cp932 = b"ssi_total,score_total,\x8D\x91\n53,7,\x93\xFA\x96\x7B\n31,4,\x93\xFA\x96\x7B\n";
    let read = |encoding| {
        let options = Options { encoding: Some(encoding), ..Options::default() };
        cohort_with(&cp932[..], "s.csv", &Codebook::default(), &options)
    };
    assert!(read(Encoding::Cp932).unwrap().table.has("region"));
    assert_eq!(
        read(Encoding::Utf8).unwrap_err(),
        Error::NotInEncoding { name: "s.csv".into(), encoding: "utf-8", line: 1 }
    );
    let utf16: Vec<u8> =
        "ssi_total,score_total\n53,7\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let options = Options { encoding: Some(Encoding::Utf16), ..Options::default() };
    let read = cohort_with(&utf16[..], "s.csv", &Codebook::default(), &options).unwrap();
    assert_eq!(read.rows_used, 1, "big-endian, without a mark");
}

#[test]
fn a_decimal_mark_and_a_date_order_decide_what_was_open() {
    let text =
        "ssi_total;score_total;hours_prepared;ssi_date\n53;7;1,024;03/04/2018\n31;4;8;05/04/2018\n";
    assert!(matches!(&see(text).refusals[..], [Error::AmbiguousComma { row: 2, .. }]));
    let with = |decimal, date_order| {
        let options =
            Options { decimal: Some(decimal), date_order: Some(date_order), ..Options::default() };
        see_with(text, &options).clean.unwrap().cohort
    };
    let comma = with(DecimalMark::Comma, DateOrder::Dmy);
    let hours =
        |c: &ssi_cohort::Cohort| c.table.column("hours_prepared").unwrap().numbers().unwrap()[0];
    assert_eq!((comma.rows_used, hours(&comma)), (2, Ok(1.024)));
    assert_eq!(comma.ssi_dates, Some(("2018-04-03".into(), "2018-04-05".into())));
    let point = with(DecimalMark::Point, DateOrder::Mdy);
    assert_eq!(hours(&point), Ok(1024.0));
    assert_eq!(point.ssi_dates, Some(("2018-03-04".into(), "2018-05-04".into())));
}

#[test]
fn a_point_in_a_count_separates_thousands_or_the_row_is_left_out() {
    let count = |text: &str| {
        let cohort = see(text).clean.unwrap().cohort;
        let counts = cohort.table.column("conn_count").unwrap().numbers().unwrap().to_vec();
        (counts, cohort.excluded.iter().map(|e| e.row).collect::<Vec<_>>())
    };
    let decimal_commas = "ssi_total;score_total;conn_count\n53;7,5;1.204\n31;4;283\n";
    assert_eq!(count(decimal_commas), (vec![Ok(1204.0), Ok(283.0)], vec![]));
    let points = "ssi_total,score_total,conn_count\n53,7.5,1.204\n31,4,283.0\n";
    assert_eq!(count(points), (vec![Ok(283.0)], vec![2]), "nobody has 1.204 contacts");
}

#[test]
fn a_header_can_be_named_and_two_rows_are_read_as_one() {
    let two = "回答者ID,SSI,,,,,評価,\n,合計,ブランド,人脈,インサイト,関係構築,合計,備考\n\
        A1,53,20.973,10.5,6.2,15,7.5,x\nA2,31,12.1,7.3,1.6,10.2,4,y\n";
    let seen = see(two);
    assert_eq!(seen.refusals, []);
    assert_eq!(seen.layout.header.as_ref().unwrap().value, "1-2");
    let names: Vec<&str> = seen.columns.iter().filter_map(|c| c.canonical.as_deref()).collect();
    let pillars = ["ssi_brand", "ssi_find", "ssi_engage", "ssi_build"];
    assert_eq!(names, [&["respondent_id", "ssi_total"][..], &pillars, &["score_total"]].concat());
    let cohort = seen.clean.unwrap().cohort;
    assert_eq!((cohort.rows_read, cohort.table.rows()), (2, &[3, 4][..]));
    assert!(cohort.changes.iter().any(|c| c.rule == Rule::TwoHeaderRows && c.first_row == 1));

    let asked =
        |first, last| Options { header: Some(HeaderRows { first, last }), ..Options::default() };
    assert!(see_with(two, &asked(1, 2)).refusals.is_empty());
    assert!(!see_with(two, &asked(2, 2)).refusals.is_empty(), "no single row names the total");
    let late = inspect(two.as_bytes(), "s", &Codebook::default(), &asked(9, 9)).unwrap_err();
    assert!(late.is_usage() && late.to_string().contains("--header ROW"), "{late}");
    let ordinary = see("ssi_total,score_total,region\n53,7,\n31,4,JP\n");
    assert_eq!(ordinary.layout.header.unwrap().value, "1", "a gap below makes no second row");
}

#[test]
fn kept_rows_are_used_and_listed() {
    let pillars = "ssi_total,ssi_brand,ssi_find,ssi_engage,ssi_build,score_total\n\
        53,20.973,10.5,6.129,15,7\n31,12.1,7.3,1.6,15,4\n";
    let keep = |what| Options { keep: vec![what], ..Options::default() };
    assert_eq!(see(pillars).clean.unwrap().cohort.excluded[0].reason, Reason::PillarsDoNotAddUp);
    let kept = see_with(pillars, &keep(Keep::Pillars));
    assert_eq!(cohort_of(&kept).unwrap().rows_used, 2);
    let line = kept.ledger.entries().find(|e| e.cause == Cause::Rule(Rule::PillarsKept)).unwrap();
    assert_eq!((line.row, line.column, line.value), (3, "ssi_total", "31"));

    let twice = "respondent_id,ssi_date,ssi_total,score_total\n\
        A1,2018-07-13,53,7\nA1,2018-07-12,51,6\nA2,2018-07-12,31,4\nA2,2018-07-12,32,4\n";
    assert!(see(twice).clean.unwrap().cohort.rows_excluded == 4);
    let latest = see_with(twice, &keep(Keep::Latest));
    let read = cohort_of(&latest).unwrap();
    assert_eq!((read.rows_used, read.rows_dropped, read.rows_excluded), (2, 2, 0));
    let ssi = read.table.column("ssi_total").unwrap().numbers().unwrap();
    assert_eq!(ssi, [Ok(53.0), Ok(32.0)], "the later day, else the later row");
    reconciled(&latest, "latest");
    let older: Vec<usize> = latest
        .ledger
        .entries()
        .filter(|e| e.cause.outcome() == Outcome::Dropped)
        .map(|e| e.row)
        .collect();
    assert_eq!(older, [3, 4]);
}

#[test]
fn words_that_a_spreadsheet_would_take_for_a_formula_are_kept_apart() {
    let seen = see("region,ssi_total,score_total\n+a,53,7\n-x,31,0.5\n");
    assert!(
        text_of(&seen).contains("\n'+a,") && text_of(&seen).contains("\n'-x,"),
        "{}",
        text_of(&seen)
    );
    let again = cohort(text_of(&seen).as_bytes(), "c", &Codebook::default()).unwrap();
    assert_same(&seen.clean.unwrap().cohort, &again, "formulas", false);
}
