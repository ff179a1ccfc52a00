//! The ways in which a real export is dirty, one test each, on the files of `tests/data/dirty`
//! (made by `make.py` there; the numbers are those of its README).
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use ssi_cohort::{Codebook, Cohort, Error, cohort};
use ssi_vocab::{Cells, Exclusion, Missing, Reason, Rule, Seen};
use std::path::PathBuf;

fn bytes(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/dirty");
    std::fs::read(folder.join(name)).unwrap()
}

fn read_with(name: &str, book: &Codebook) -> Result<Cohort, Error> {
    let read = cohort(&bytes(name)[..], name, book)?;
    assert_eq!(
        read.rows_read,
        read.rows_used + read.rows_excluded + read.rows_dropped,
        "{name}: the rows reconcile"
    );
    Ok(read)
}

fn read(name: &str) -> Cohort {
    read_with(name, &Codebook::default()).unwrap()
}

fn refused(name: &str) -> Error {
    let error = read_with(name, &Codebook::default()).unwrap_err();
    assert!(error.is_refusal() && !error.is_usage(), "{error}");
    let message = error.to_string();
    assert!(message.starts_with(name), "the message names the file: {message}");
    assert!(message.contains(';') || message.contains(':'), "and the remedy: {message}");
    error
}

fn numbers(cohort: &Cohort, column: &str) -> Vec<Seen<f64>> {
    cohort.table.column(column).unwrap().numbers().unwrap().to_vec()
}

fn seen(cohort: &Cohort, column: &str) -> Vec<f64> {
    numbers(cohort, column).into_iter().map(|v| v.unwrap()).collect()
}

fn words(cohort: &Cohort, column: &str) -> Vec<Option<String>> {
    match &cohort.table.column(column).unwrap().cells {
        Cells::Factor { levels, codes } => {
            codes.iter().map(|c| c.ok().map(|c| levels[c as usize].clone())).collect()
        }
        other => panic!("{column} holds {other:?}"),
    }
}

fn out(row: usize, column: &str, value: &str, reason: Reason) -> Exclusion {
    Exclusion { row, column: column.into(), value: value.into(), reason }
}

/// (how often, first row, what was found, what it was read as) of a rule in a column.
fn change(cohort: &Cohort, rule: Rule, column: &str) -> Option<(usize, usize, String, String)> {
    let found = cohort.changes.iter().find(|c| c.rule == rule && c.column == column);
    found.map(|c| (c.count, c.first_row, c.found.clone(), c.read_as.clone()))
}

fn line(
    count: usize,
    row: usize,
    found: &str,
    read: &str,
) -> Option<(usize, usize, String, String)> {
    Some((count, row, found.into(), read.into()))
}

#[test]
fn case_01_a_byte_order_mark_is_no_part_of_the_header() {
    let c = read("01_bom.csv");
    assert_eq!(seen(&c, "ssi_total"), [53.0, 31.0]);
    assert_eq!(change(&c, Rule::Encoding, ""), line(1, 0, "UTF-8 with a byte order mark", "UTF-8"));
    assert!(!c.table.has("respondent_id"), "the identifier does not survive");
}

#[test]
fn case_02_and_03_japanese_exports_in_cp932_and_utf16_read_alike() {
    let (cp932, utf16) = (read("02_cp932.csv"), read("03_utf16.tsv"));
    assert_eq!(change(&cp932, Rule::Encoding, ""), line(1, 0, "CP932", "UTF-8"));
    assert_eq!(change(&utf16, Rule::Encoding, ""), line(1, 0, "UTF-16LE", "UTF-8"));
    assert_eq!(change(&utf16, Rule::Delimiter, ""), line(1, 0, "tab", ","));
    assert_eq!(cp932.table, utf16.table);
    assert_eq!(seen(&cp932, "ssi_total"), [53.0, 31.0, 68.0]);
    assert_eq!(seen(&cp932, "ssi_find"), [10.5, 7.3, 14.6]);
    assert_eq!(seen(&cp932, "ssi_industry_top"), [10.0, 45.0, 2.0]);
    assert_eq!(seen(&cp932, "score_total"), [7.5, 4.0, 9.5]);
    assert_eq!(words(&cp932, "region")[2].as_deref(), Some("スペイン"));
    assert_eq!(cp932.ssi_dates, Some(("2018-07-12".into(), "2018-07-13".into())));
    assert_eq!(
        change(&cp932, Rule::Renamed, "ssi_find"),
        line(1, 1, "人脈", "ssi_find"),
        "人脈 is the Find pillar"
    );
}

#[test]
fn case_04_text_in_no_known_encoding_and_mojibake_are_refused() {
    assert_eq!(
        refused("04_undecodable.csv"),
        Error::Undecodable { name: "04_undecodable.csv".into(), line: 2 }
    );
    assert!(matches!(refused("04_mojibake.csv"), Error::Garbled { row: 1, .. }));
}

#[test]
fn case_05_the_separator_is_found() {
    for (file, mark) in [("05_semicolon.csv", ";"), ("05_tab.tsv", "tab")] {
        let c = read(file);
        assert_eq!(seen(&c, "score_total"), [7.5, 4.0], "{file}");
        assert_eq!(change(&c, Rule::Delimiter, ""), line(1, 0, mark, ","));
    }
}

#[test]
fn case_06_a_decimal_comma_is_read_by_the_range_and_otherwise_refused() {
    let c = read("06_decimal_comma.csv");
    assert_eq!(seen(&c, "ssi_brand"), [20.973, 12.1]);
    assert_eq!(seen(&c, "score_total"), [7.5, 4.0]);
    assert_eq!(change(&c, Rule::DecimalComma, "ssi_brand"), line(2, 2, "20,973", "20.973"));
    assert_eq!(
        refused("06_ambiguous_comma.csv"),
        Error::AmbiguousComma {
            name: "06_ambiguous_comma.csv".into(),
            column: "hours_prepared".into(),
            row: 2,
            value: "1,024".into()
        }
    );
}

#[test]
fn case_07_full_width_digits_are_digits() {
    let c = read("07_full_width.csv");
    assert_eq!(seen(&c, "ssi_total"), [75.0, 31.0]);
    assert_eq!(seen(&c, "score_total"), [8.5, 4.0]);
    assert_eq!(change(&c, Rule::FullWidth, "ssi_total"), line(2, 2, "７５", "75"));
}

#[test]
fn case_08_a_capped_count_is_at_least_that() {
    let c = read("08_capped.csv");
    let Cells::Capped(counts) = &c.table.column("conn_display").unwrap().cells else {
        panic!("conn_display is capped")
    };
    let counts: Vec<_> = counts.iter().map(|v| v.map(|c| (c.value, c.at_least)).unwrap()).collect();
    assert_eq!(counts, [(500.0, true), (500.0, true), (500.0, true), (283.0, false)]);
    assert_eq!(change(&c, Rule::Capped, "conn_display"), line(3, 2, "500+", "500+"));
}

#[test]
fn case_09_thousands_are_separated_by_commas_in_quoted_cells() {
    let c = read("09_thousands.csv");
    assert_eq!(seen(&c, "conn_count"), [1024.0, 812.0, 12345.0]);
    assert_eq!(change(&c, Rule::Thousands, "conn_count"), line(2, 2, "1,024", "1024"));
}

#[test]
fn case_10_an_approximate_count_is_flagged() {
    let c = read("10_approximate.csv");
    assert_eq!(change(&c, Rule::Approximate, "conn_display"), line(2, 2, "約300", "300"));
    assert!(c.excluded.is_empty());
}

#[test]
fn case_11_missing_codes_are_missing_and_never_zero() {
    let c = read("11_missing_codes.csv");
    assert_eq!(c.respondents, 11, "a missing SSI does not exclude the row");
    assert!(c.excluded.is_empty());
    let ssi = numbers(&c, "ssi_total");
    assert!(ssi[..10].iter().all(|v| *v == Err(Missing::Blank)), "{ssi:?}");
    assert_eq!(ssi[10], Ok(53.0));
    // An empty cell is missing too, but there is nothing to report about it.
    assert_eq!(change(&c, Rule::MissingCode, "ssi_total"), line(9, 2, "未回答", ""));
}

#[test]
fn case_12_not_visible_is_missing_for_its_own_reason_and_the_total_is_incomplete() {
    let c = read("12_not_visible.csv");
    assert_eq!(numbers(&c, "item_banner")[1], Err(Missing::NotVisible));
    assert_eq!(
        numbers(&c, "score_total"),
        [Ok(7.0), Err(Missing::Incomplete), Err(Missing::Incomplete)]
    );
    assert_eq!(change(&c, Rule::NotVisible, "item_banner"), line(1, 3, "見えない", ""));
    assert_eq!(
        change(&c, Rule::IncompleteTotal, "score_total"),
        line(1, 3, "6", ""),
        "a given total of nine items is not used, and that is said"
    );
}

#[test]
fn case_13_wording_around_a_number_goes_unless_it_names_another_scale() {
    let c = read("13_out_of.csv");
    assert_eq!(seen(&c, "ssi_total"), [53.0, 31.0, 75.0]);
    assert_eq!(seen(&c, "score_total"), [7.0, 4.0, 8.0]);
    assert_eq!(change(&c, Rule::Unit, "ssi_total"), line(3, 2, "53 out of 100", "53"));
    assert_eq!(c.excluded, [out(5, "ssi_total", "40/50", Reason::NotANumber)]);
}

#[test]
fn case_14_a_rank_is_a_percentage_and_a_bare_share_is_out_of_range() {
    let c = read("14_top_percent.csv");
    assert_eq!(seen(&c, "ssi_industry_top"), [10.0, 10.0, 37.0]);
    assert_eq!(c.excluded, [out(4, "ssi_industry_top", "0.1", Reason::OutOfRange)]);
}

#[test]
fn case_15_and_16_numbers_outside_their_range_and_text_exclude_the_row() {
    let c = read("15_ssi_out_of_range.csv");
    assert_eq!(
        c.excluded,
        [
            out(3, "ssi_total", "131", Reason::OutOfRange),
            out(4, "ssi_total", "-1", Reason::OutOfRange),
            out(5, "ssi_total", "1O3", Reason::NotANumber),
        ]
    );
    assert_eq!((c.rows_read, c.rows_excluded, c.respondents), (4, 3, 1));
    let c = read("16_pillar_out_of_range.csv");
    assert_eq!(c.excluded, [out(3, "ssi_brand", "31", Reason::OutOfRange)]);
}

#[test]
fn case_17_pillars_must_add_up_where_all_four_are_there() {
    let c = read("17_pillars_do_not_add_up.csv");
    assert_eq!(c.excluded, [out(3, "ssi_total", "31", Reason::PillarsDoNotAddUp)]);
    assert_eq!(c.table.rows(), [2, 4]);
}

#[test]
fn case_18_an_ssi_on_another_scale_refuses_the_file() {
    for (file, said) in [("18_share.csv", "above 1"), ("18_pillar.csv", "above 25")] {
        let error = refused(file);
        assert!(matches!(error, Error::WrongScale { .. }));
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn case_19_an_item_is_0_or_a_half_or_1_and_marks_need_a_declared_map() {
    let c = read("19_item_scores.csv");
    assert_eq!(
        c.excluded,
        [
            out(3, "item_photo", "0.7", Reason::NotAnItemScore),
            out(4, "item_photo", "○", Reason::NotANumber),
        ]
    );
    assert_eq!(seen(&c, "score_total"), [7.5]);
    let error = refused("19_marks.csv");
    assert!(
        matches!(error, Error::NothingLeft { rows: 2, row: 2, .. }),
        "without a map nothing is left: {error}"
    );
    let fields: Vec<_> = ssi_cohort::ITEMS
        .iter()
        .map(|i| serde_json::json!({"name": i, "score_map": {"○": 1, "△": 0.5, "×": 0}}))
        .collect();
    let package = serde_json::json!({ "resources": [{"schema": {"fields": fields}}] });
    let book = Codebook::from_datapackage(&package.to_string()).unwrap();
    let c = read_with("19_marks.csv", &book).unwrap();
    assert_eq!(seen(&c, "score_total"), [7.5, 4.0]);
    assert_eq!(change(&c, Rule::DeclaredScore, "item_photo"), line(2, 2, "○", "1"));
}

#[test]
fn case_19_words_are_scores_only_where_a_map_declares_them() {
    assert!(matches!(refused("19_words.csv"), Error::NothingLeft { rows: 2, .. }));
    let map = serde_json::json!({"はい": 1, "Yes": 1, "✓": 1, "いいえ": 0, "No": 0});
    let fields: Vec<_> = ssi_cohort::ITEMS
        .iter()
        .map(|i| serde_json::json!({"name": i, "score_map": map}))
        .collect();
    let book =
        Codebook::from_datapackage(&serde_json::json!({ "fields": fields }).to_string()).unwrap();
    let c = read_with("19_words.csv", &book).unwrap();
    assert_eq!(seen(&c, "score_total"), [7.0, 3.0]);
}

#[test]
fn case_20_items_on_a_five_point_scale_refuse_the_file() {
    assert!(
        matches!(refused("20_five_point.csv"), Error::WrongScale { columns, .. } if columns.len() == 10)
    );
}

#[test]
fn case_21_a_given_total_is_the_sum_of_its_items() {
    let c = read("21_total.csv");
    assert_eq!(c.excluded, [out(3, "score_total", "8", Reason::TotalIsNotTheSum)]);
}

#[test]
fn case_22_identical_duplicates_are_dropped_and_conflicting_ones_both_excluded() {
    let c = read("22_duplicates.csv");
    assert_eq!(
        c.excluded,
        [
            out(3, "respondent_id", "", Reason::ConflictingDuplicate),
            out(5, "respondent_id", "", Reason::ConflictingDuplicate),
        ]
    );
    assert_eq!((c.rows_read, c.rows_used, c.rows_dropped, c.rows_excluded), (5, 2, 1, 2));
    assert_eq!(change(&c, Rule::IdenticalDuplicate, ""), line(1, 4, "", ""));
}

#[test]
fn case_23_raters_are_averaged_and_must_agree_on_the_ssi() {
    let c = read("23_raters.csv");
    assert_eq!((c.respondents, c.rated_twice, c.rows_used), (2, 1, 3));
    assert_eq!(seen(&c, "score_total"), [7.75, 3.0]);
    assert_eq!(seen(&c, "item_banner"), [0.75, 0.0]);
    assert_eq!(seen(&c, "ssi_total"), [53.0, 31.0], "a blank second SSI does not matter");
    assert_eq!(
        c.excluded,
        [
            out(5, "ssi_total", "40", Reason::ConflictingDuplicate),
            out(6, "ssi_total", "44", Reason::ConflictingDuplicate),
        ]
    );
    assert_eq!(c.table.rows(), [2, 4]);
    assert!(!c.table.has("rater_id"));
}

#[test]
fn case_24_waves_are_rows_of_their_own() {
    let c = read("24_waves.csv");
    assert_eq!((c.table.n_rows(), c.respondents, c.rated_twice), (3, 2, 0));
    assert_eq!(words(&c, "wave"), [Some("pre".into()), Some("post".into()), Some("pre".into())]);
}

#[test]
fn case_24_the_same_person_twice_without_a_wave_is_a_conflict() {
    let c = read("24_no_wave.csv");
    let rows: Vec<usize> = c.excluded.iter().map(|e| e.row).collect();
    assert_eq!((rows, c.table.rows()), (vec![2, 3], &[4][..]));
    assert!(c.excluded.iter().all(|e| e.reason == Reason::ConflictingDuplicate));
}

#[test]
fn case_25_dates_in_many_forms_are_iso_dates_and_an_ambiguous_one_is_excluded() {
    let c = read("25_dates.csv");
    let days: Vec<String> = words(&c, "ssi_date").into_iter().flatten().collect();
    let expected: Vec<String> = (12..=17).map(|d| format!("2018-07-{d}")).collect();
    assert_eq!(days, expected);
    assert_eq!(
        c.excluded,
        [out(8, "ssi_date", "", Reason::NotADate)],
        "a date's text stays in the file"
    );
    assert_eq!(change(&c, Rule::Date, "ssi_date"), line(5, 3, "", ""));
    assert_eq!(c.ssi_dates, Some(("2018-07-12".into(), "2018-07-17".into())));
}

#[test]
fn case_26_a_date_where_a_number_belongs_excludes_the_row() {
    let c = read("26_dates_for_answers.csv");
    assert_eq!(c.excluded, [out(3, "score_total", "5月10日", Reason::NotANumber)]);
    let c = read("26_dates.xlsx");
    assert_eq!(c.excluded, [out(2, "score_total", "2018-05-10", Reason::NotANumber)]);
}

#[test]
fn case_27_title_rows_above_the_header_are_skipped_and_rows_keep_their_numbers() {
    let c = read("27_title_rows.csv");
    assert_eq!(c.table.rows(), [4, 5]);
    assert!(c.changes.iter().any(|c| c.rule == Rule::DroppedRow && c.first_row == 1));
}

#[test]
fn case_27_two_rows_of_headers_and_merged_cells_are_read_and_no_header_is_refused() {
    let c = read("27_two_header_rows.csv");
    assert_eq!((seen(&c, "ssi_total"), c.table.rows()), (vec![53.0, 31.0], &[4, 5][..]));
    assert_eq!(change(&c, Rule::Renamed, "ssi_total"), line(1, 3, "SSI 合計", "ssi_total"));
    assert!(c.changes.iter().any(|c| c.rule == Rule::TwoHeaderRows && c.first_row == 2));
    let c = read("27_merged.xlsx");
    assert_eq!((seen(&c, "score_total"), c.table.rows()), (vec![7.5, 4.0, 9.5], &[5, 6, 7][..]));
    let session = |word: &str| Some(word.to_owned());
    assert_eq!(
        words(&c, "session_id"),
        [session("東京"), session("東京"), session("大阪")],
        "what is merged down holds for each of its rows"
    );
    assert_eq!(change(&c, Rule::MergedCell, "session_id"), line(1, 6, "", ""));
    let error = refused("27_no_header.csv");
    assert!(matches!(error, Error::MissingColumn { .. }), "{error}");
}

#[test]
fn case_28_a_required_column_twice_or_not_at_all_refuses_the_file() {
    let error = refused("28_required_twice.csv");
    assert!(matches!(&error, Error::RepeatedColumn { headers, .. } if headers.len() == 2));
    assert!(error.to_string().contains("--map ssi_total="), "{error}");
    let book = Codebook::default().with_map(&[("ssi_total", "SSI")]).unwrap();
    let c = read_with("28_required_twice.csv", &book).unwrap();
    assert_eq!(seen(&c, "ssi_total"), [53.0, 31.0], "a map decides");
    assert!(matches!(refused("28_required_missing.csv"), Error::MissingColumn { .. }));
}

#[test]
fn case_29_rows_of_totals_and_blank_rows_are_dropped_and_ragged_rows_excluded() {
    let c = read("29_totals.csv");
    assert_eq!(seen(&c, "ssi_total"), [53.0, 31.0]);
    assert_eq!(c.table.rows(), [2, 4], "a blank line counts as a row");
    assert_eq!((c.rows_read, c.rows_dropped), (4, 2), "blank rows are not read");
    let c = read("29_ragged.csv");
    assert_eq!(
        c.excluded,
        [out(3, "", "", Reason::RaggedRow), out(5, "", "", Reason::RaggedRow)],
        "empty cells beyond the header do no harm"
    );
}

#[test]
fn case_30_columns_and_cells_that_name_people_refuse_the_file() {
    assert!(matches!(refused("30_name.csv"), Error::Personal { what: "names", .. }));
    let error = refused("30_mail_in_a_cell.csv");
    assert!(matches!(error, Error::Personal { .. }));
    assert!(!error.to_string().contains("taro"), "the message does not repeat it");
}

#[test]
fn case_30_formulas_are_excluded() {
    let c = read("30_formula.csv");
    assert_eq!(c.excluded, [out(3, "ssi_total", "=50+3", Reason::Formula)]);
    let c = read("30_formulas.xlsx");
    assert_eq!(
        c.excluded,
        [out(3, "ssi_total", "31", Reason::Formula), out(4, "score_total", "", Reason::Formula)],
    );
    assert_eq!(seen(&c, "score_total"), [7.0, 5.0, 6.0], "a computed total is used");
}

#[test]
fn a_workbook_keeps_its_row_numbers_dates_and_short_rows() {
    let c = read("survey.xlsx");
    assert_eq!(c.table.rows(), [2, 4, 5]);
    assert_eq!(seen(&c, "ssi_total"), [53.0, 31.0, 75.0]);
    assert_eq!(numbers(&c, "score_total"), [Ok(7.5), Err(Missing::Blank), Ok(8.0)]);
    assert_eq!(c.ssi_dates, Some(("2018-07-12".into(), "2018-07-14".into())));
    assert!(change(&c, Rule::Ignored, "確認日").is_some());
}

#[test]
fn files_that_are_no_tables_are_refused_with_a_remedy() {
    assert!(matches!(refused("empty.csv"), Error::Empty { .. }));
    assert!(matches!(refused("white_space.csv"), Error::Empty { .. }));
    assert!(matches!(refused("header_only.csv"), Error::HeaderOnly { row: 1, .. }));
    assert!(matches!(refused("picture.csv"), Error::Binary { what: "a PNG picture", .. }));
    assert!(matches!(refused("nul.csv"), Error::Binary { .. }));
    assert!(refused("old.xls").to_string().contains("save it as XLSX or CSV"));
    assert!(matches!(refused("damaged.xlsx"), Error::Workbook { .. }));
    assert!(matches!(refused("open_quote.csv"), Error::OpenQuote { row: 3, .. }));
}
