//! The codebook and the reference dataset.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use serde_json::Value;
use ssi_cohort::{Codebook, Error, ITEMS, cohort};
use std::path::PathBuf;

fn dataset(file: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../datasets/reference");
    std::fs::read(folder.join(file)).unwrap()
}

#[test]
fn the_contract_names_every_column() {
    let contract = "respondent_id cohort session_id wave region profile_lang industry account_type \
        ssi_date ssi_total ssi_brand ssi_find ssi_engage ssi_build ssi_industry_top \
        ssi_network_top conn_display conn_count years_on_linkedin last_active hours_prepared \
        hours_trained rater_id item_photo item_banner item_headline item_about item_experience \
        item_education item_skills item_recommendations item_url item_media score_total";
    let book = Codebook::default();
    let names: Vec<&str> = book.fields().iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, contract.split_whitespace().collect::<Vec<_>>());
    assert!(book.fields().iter().all(|f| !f.title.is_empty() && !f.title_ja.is_empty()));
}

#[test]
fn japanese_headers_are_known() {
    let book = Codebook::default();
    let expected = "回答者ID respondent_id タイムスタンプ ssi_date 国・地域 region 業種 industry \
        SSIスコア ssi_total ブランド ssi_brand 人脈 ssi_find インサイト ssi_engage 関係構築 ssi_build \
        つながり数 conn_display コンタクト数 conn_display 業界順位 ssi_industry_top 顔写真 item_photo \
        背景 item_banner ヘッドライン item_headline タイトル item_headline 自己紹介 item_about \
        職歴 item_experience 学歴 item_education スキル item_skills 推薦 item_recommendations \
        カスタムURL item_url メディア item_media 合計点 score_total";
    let words: Vec<&str> = expected.split_whitespace().collect();
    for pair in words.chunks(2) {
        assert_eq!(book.canonical(pair[0]), Some(pair[1]), "{}", pair[0]);
    }
    for (header, name) in [
        ("ＳＳＩ スコア", "ssi_total"),
        ("SSI_Total", "ssi_total"),
        ("SSIスコア（0〜100）", "ssi_total"),
        ("Establish your professional brand", "ssi_brand"),
        ("Engage with insights", "ssi_engage"),
    ] {
        assert_eq!(book.canonical(header), Some(name), "{header}");
    }
}

#[test]
fn no_header_means_two_columns() {
    let book = Codebook::default();
    for field in book.fields() {
        for alias in field.aliases.iter().chain([&field.title, &field.title_ja]) {
            assert_eq!(book.canonical(alias), Some(field.name.as_str()), "{alias}");
        }
        for alias in &field.fallback_aliases {
            assert_eq!(book.canonical(alias), Some(field.name.as_str()), "{alias}");
        }
    }
}

#[test]
fn a_fallback_header_yields_to_a_better_one() {
    let text = "timestamp,SSI確認日,ssi_total,score_total\n2018-08-01,2018-07-12,53,7\n";
    let read = cohort(text.as_bytes(), "t.csv", &Codebook::default()).unwrap();
    assert_eq!(read.ssi_dates, Some(("2018-07-12".into(), "2018-07-12".into())));
    let text = "timestamp,ssi_total,score_total\n2018-08-01,53,7\n";
    let read = cohort(text.as_bytes(), "t.csv", &Codebook::default()).unwrap();
    assert_eq!(read.ssi_dates, Some(("2018-08-01".into(), "2018-08-01".into())));
}

#[test]
fn the_datasets_schema_agrees_with_the_codebook_field_by_field() {
    let package: Value = serde_json::from_slice(&dataset("datapackage.json")).unwrap();
    let codebook: Value = serde_json::from_str(include_str!("../src/codebook.json")).unwrap();
    assert_eq!(package["synthetic"], true);
    let fields = package["resources"][0]["schema"]["fields"].as_array().unwrap();
    let text = String::from_utf8(dataset("data.csv")).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let names: Vec<&str> = fields.iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, header);
    for field in fields {
        let ours = codebook["fields"].as_array().unwrap();
        let ours = ours.iter().find(|f| f["name"] == field["name"]).unwrap();
        for (property, value) in ours.as_object().unwrap() {
            if property == "constraints" {
                // The dataset may be narrower: its groups are a closed list.
                for (limit, value) in value.as_object().unwrap() {
                    assert_eq!(field["constraints"][limit], *value, "{} {limit}", field["name"]);
                }
            } else {
                assert_eq!(field[property], *value, "{} {property}", field["name"]);
            }
        }
    }
    // And it reads as a codebook that changes nothing.
    let read = Codebook::from_datapackage(&package.to_string()).unwrap();
    for (a, b) in read.fields().iter().zip(Codebook::default().fields()) {
        assert_eq!((&a.title, &a.constraints), (&b.title, &b.constraints));
    }
}

#[test]
fn the_reference_cohort_is_read_whole() {
    let data = dataset("data.csv");
    let read = cohort(&data[..], "reference", &Codebook::default()).unwrap();
    assert!(read.synthetic);
    assert_eq!(read.excluded, [], "the simulator makes no faults");
    assert_eq!(read.respondents, 203);
    assert_eq!(read.rated_twice, 60);
    assert_eq!((read.rows_read, read.rows_used, read.rows_dropped), (263, 263, 0));
    assert_eq!(read.table.n_rows(), 203);
    assert!(ITEMS.iter().all(|item| read.table.has(item)));
    assert!(!read.table.has("respondent_id") && !read.table.has("rater_id"));
    let (first, last) = read.ssi_dates.unwrap();
    assert!(first.as_str() >= "2018-05-01" && first < last && last.as_str() <= "2018-07-10");
}

#[test]
fn a_map_names_headers_and_a_wrong_one_is_a_usage_error() {
    let text = "SSI自己申告,得点\n53,7\n31,4\n";
    let book = Codebook::default()
        .with_map(&[("ssi_total", "SSI自己申告"), ("score_total", "得点")])
        .unwrap();
    let read = cohort(text.as_bytes(), "t.csv", &book).unwrap();
    assert_eq!(read.table.column("ssi_total").unwrap().numbers().unwrap(), [Ok(53.0), Ok(31.0)]);
    let book = Codebook::default().with_map(&[("ssi_total", "SSI自己申請")]).unwrap();
    let error = cohort(text.as_bytes(), "t.csv", &book).unwrap_err();
    assert!(error.is_usage() && !error.is_refusal());
    assert!(error.to_string().contains("did you mean `SSI自己申告`"), "{error}");
    let error = Codebook::default().with_map(&[("ssi_totl", "x")]).unwrap_err();
    assert!(error.to_string().contains("did you mean `ssi_total`"), "{error}");
}

#[test]
fn a_data_package_renames_columns_and_adds_codes() {
    let package = r#"{"resources": [{"schema": {"missingValues": ["", "99"], "notVisible": ["?"],
        "fields": [
          {"name": "Q1", "canonical": "ssi_total", "constraints": {"maximum": 80}},
          {"name": "Q2", "canonical": "score_total"},
          {"name": "Q3", "type": "string"}]}}]}"#;
    let book = Codebook::from_datapackage(package).unwrap();
    let text = "Q1,Q2,Q3\n53,7,a\n99,4,b\n85,4,b\n31,?,c\n";
    let read = cohort(text.as_bytes(), "t.csv", &book).unwrap();
    assert_eq!(read.excluded.len(), 1, "85 is above the package's maximum");
    let ssi = read.table.column("ssi_total").unwrap().numbers().unwrap();
    assert_eq!(ssi, [Ok(53.0), Err(ssi_vocab::Missing::Blank), Ok(31.0)]);
    for wrong in ["", "[]", "{}", r#"{"fields": 3}"#, r#"{"fields": [{"title": "x"}]}"#] {
        assert!(
            matches!(Codebook::from_datapackage(wrong), Err(Error::Codebook { .. })),
            "{wrong}"
        );
    }
    let wrong = r#"{"fields": [{"name": "x", "canonical": "ssi"}]}"#;
    assert!(matches!(Codebook::from_datapackage(wrong), Err(Error::UnknownCanonical { .. })));
}

#[test]
fn the_range_of_a_data_package_holds_for_plain_numbers_of_any_length() {
    let package = r#"{"fields": [
        {"name": "ssi_total", "constraints": {"minimum": 12.5, "maximum": 53.07}},
        {"name": "item_photo", "constraints": {"maximum": 0.5}},
        {"name": "score_total", "constraints": {"minimum": -5, "maximum": -1}}]}"#;
    let book = Codebook::from_datapackage(package).unwrap();
    let excluded = |ssi: &str, item: &str, total: &str| {
        let text = format!("ssi_total,item_photo,score_total\n{ssi},{item},{total}\n40,0,-2\n");
        let read = cohort(text.as_bytes(), "t.csv", &book).unwrap();
        read.excluded.iter().map(|e| e.column.clone()).collect::<Vec<_>>()
    };
    for fine in ["12.5", "12.50000", "53.07", "53.0700", "053.070", "40", "53.069999999"] {
        assert!(excluded(fine, "0.5", "-1").is_empty(), "{fine}");
    }
    for wrong in ["12.4", "12.49999", "53.0701", "53.08", "54", "12.499999999", "99999999"] {
        assert_eq!(excluded(wrong, "0", "-1"), ["ssi_total"], "{wrong}");
    }
    for above in ["1", "1.0"] {
        assert_eq!(excluded("40", above, "-1"), ["item_photo"], "{above}");
    }
    assert_eq!(excluded("40", "0.50", "0"), ["score_total"]);
}

#[test]
fn the_resource_of_a_data_package_stays_in_its_folder() {
    let package = |path: &str| {
        let fields = r#"{"fields": [{"name": "ssi_total"}]}"#;
        let path = serde_json::to_string(path).unwrap();
        Codebook::from_datapackage(&format!(
            r#"{{"resources": [{{"path": {path}, "schema": {fields}}}]}}"#
        ))
    };
    for inside in ["data.csv", "data/a..b.csv", "./data.csv"] {
        assert!(package(inside).is_ok(), "{inside}");
    }
    for outside in ["../data.csv", "a/../../b.csv", "/etc/passwd", "..\\data.csv", "\\\\host\\x"] {
        let error = package(outside).unwrap_err().to_string();
        assert!(error.contains("outside of its folder"), "{error}");
    }
}
