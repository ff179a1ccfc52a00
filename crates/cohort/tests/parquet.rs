//! Parquet files, as Apache's own library writes them (`tests/data/parquet`, made by `make.py` there):
//! what is read from them is what is read from the CSV of the same values.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use ssi_cohort::{
    Codebook, Error, Limit, Options, ParquetFault, clean, cohort, inspect, table, table_with,
};
use ssi_vocab::{Cells, Column, Rule};
use std::path::PathBuf;

fn bytes(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/parquet");
    std::fs::read(folder.join(name)).unwrap()
}

fn read(name: &str) -> ssi_cohort::Reading {
    table(&bytes(name)[..], name).unwrap()
}

/// A column without what only decimal text says beyond its doubles.
fn doubles(column: &Column) -> (&str, &Cells) {
    (&column.name, &column.cells)
}

#[test]
fn every_type_is_read_as_the_csv_of_the_same_values() {
    let expected = read("every_type.csv");
    assert_eq!(expected.table.columns().len(), 25);
    for name in ["every_type.parquet", "every_type_v2.parquet", "old_format.parquet"] {
        let found = read(name);
        assert_eq!(found.table.rows(), [2, 3, 4, 5], "{name}: rows as the user counts them");
        for column in found.table.columns() {
            let same = expected.table.column(&column.name).unwrap();
            assert_eq!(doubles(column), doubles(same), "{name}");
        }
    }
    assert_eq!(read("every_type_v2.parquet").table.columns().len(), 25);
}

#[test]
fn integers_beyond_doubles_are_told_apart() {
    let cohort = cohort(&bytes("ids.parquet")[..], "ids", &Codebook::default()).unwrap();
    assert_eq!((cohort.rows_used, cohort.respondents), (2, 2));
}

#[test]
fn every_codec_page_and_encoding_gives_the_same_cells() {
    let expected = read("long_none.csv");
    assert_eq!(expected.table.rows().len(), 500);
    for name in ["none", "snappy", "gzip", "zstd", "encodings_1", "encodings_2"] {
        let found = read(&format!("long_{name}.parquet"));
        assert_eq!(found.table.rows(), expected.table.rows(), "{name}");
        for (found, expected) in found.table.columns().iter().zip(expected.table.columns()) {
            assert_eq!(doubles(found), doubles(expected), "{name}");
        }
    }
}

#[test]
fn a_survey_is_the_same_cohort_and_the_same_check() {
    let book = Codebook::default();
    let [csv, parquet] = ["survey.csv", "survey.parquet"].map(|name| {
        let seen = clean(&bytes(name)[..], "survey", &book, &Options::default()).unwrap();
        (cohort(&bytes(name)[..], "survey", &book).unwrap(), seen)
    });
    assert_eq!(parquet.0.rows_used, 11);
    let columns = |c: &ssi_cohort::Cohort| {
        let columns = c.table.columns().iter();
        columns.map(|c| (c.name.clone(), c.cells.clone())).collect::<Vec<_>>()
    };
    assert_eq!(columns(&parquet.0), columns(&csv.0));
    assert_eq!((&parquet.0.excluded, &parquet.0.changes), (&csv.0.excluded, &csv.0.changes));
    assert_eq!(parquet.1.clean.unwrap().text, csv.1.clean.unwrap().text);
    assert_eq!(parquet.1.columns, csv.1.columns);
    assert_eq!(format!("{:?}", parquet.1.ledger), format!("{:?}", csv.1.ledger));
    assert!(parquet.1.refusals.is_empty());
    assert_eq!(parquet.1.layout.separator, None, "it has none");
    assert_eq!(parquet.1.layout.format.unwrap().value, "Parquet");
}

#[test]
fn the_index_of_pandas_is_no_column_and_is_listed() {
    let found = read("filtered.parquet");
    let names: Vec<&str> = found.table.columns().iter().map(|c| &*c.name).collect();
    assert_eq!(names, ["ssi_total", "score_total"]);
    let change = &found.changes[0];
    assert_eq!((change.rule, &*change.column), (Rule::Ignored, "__index_level_0__"));
    assert_eq!((change.count, change.first_row), (2, 1));
    let options = Options::default();
    let file = bytes("filtered.parquet");
    let seen = inspect(&file[..], "f", &Codebook::default(), &options).unwrap();
    let lines: Vec<String> = seen.ledger.entries().map(|e| e.value.to_owned()).collect();
    assert_eq!(lines, ["__index_level_0__"]);
}

#[test]
fn a_uuid_is_text() {
    let found = read("uuid.parquet");
    let Cells::Factor { levels, .. } = &found.table.column("id").unwrap().cells else {
        panic!("it is a factor");
    };
    assert_eq!(levels[1], "00000000-0000-0000-0000-000000000002");
}

#[test]
fn what_is_not_read_is_refused_with_its_name_and_a_remedy() {
    let cases = [
        ("nested", "column `answers` is nested", "write a column for each value"),
        ("group", "column `who` is nested", "leave it out"),
        ("bytes", "column `picture` holds values that are no text", "write it as text"),
        ("brotli", "compressed with Brotli", "snappy"),
        ("lz4", "compressed with LZ4", "snappy"),
        ("cut_off", "damaged or was cut off", "copy it again"),
    ];
    for (name, what, remedy) in cases {
        let name = format!("refused_{name}.parquet");
        let error = table(&bytes(&name)[..], &name).unwrap_err();
        let message = error.to_string();
        assert!(error.is_refusal() && matches!(error, Error::Parquet { .. }), "{message}");
        assert!(message.starts_with(&name), "{message}");
        assert!(message.contains(what) && message.contains(remedy), "{message}");
    }
    let error = table(&bytes("header_only.parquet")[..], "h").unwrap_err();
    assert_eq!(error, Error::HeaderOnly { name: "h".into(), row: 1 });
}

#[test]
fn a_file_cut_off_or_changed_anywhere_is_read_or_refused() {
    for (name, step) in [("every_type_v2", 5), ("long_zstd", 41), ("survey", 1)] {
        let whole = bytes(&format!("{name}.parquet"));
        for end in (0..whole.len()).step_by(step) {
            assert!(table(&whole[..end], name).is_err(), "{name} cut off at {end}");
        }
        for at in (4..whole.len()).step_by(step) {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            // Either is fine: a digit may be another one. A panic is not.
            let _ = table(&changed[..], name).map(|read| assert!(read.rows_read < 10_000));
        }
    }
}

#[test]
fn limits_hold_for_parquet_too() {
    let cases = [
        ("rows=500", "long_none", Limit::Rows),
        ("columns=7", "long_none", Limit::Columns),
        ("cells=4000", "long_none", Limit::Cells),
        ("cell=10", "long_none", Limit::Cell),
        ("unpacked=10000", "long_gzip", Limit::Unpacked),
        ("header=3", "long_none", Limit::Header),
    ];
    for (set, name, limit) in cases {
        let mut options = Options::default();
        options.limits.set(set).unwrap();
        let read =
            |options: &Options| table_with(&bytes(&format!("{name}.parquet"))[..], name, options);
        match read(&options) {
            Err(Error::Limit { limit: found, .. }) => assert_eq!(found, limit, "{set}"),
            other => panic!("{set}: {other:?}"),
        }
        assert!(read(&Options::default()).is_ok());
    }
}

#[test]
fn a_text_may_begin_with_the_mark_of_parquet() {
    assert_eq!(table("PAR1,b\n1,2\n".as_bytes(), "t").unwrap().table.columns().len(), 2);
    let fault = ParquetFault::Damaged { column: None };
    let error = Error::Parquet { name: "t".into(), fault };
    assert_eq!(table(&b"PAR1\x15\x04"[..], "t"), Err(error));
}

#[test]
fn what_a_small_file_says_of_itself_is_not_made_before_it_is_looked_at() {
    for name in ["bomb_rows", "bomb_text"] {
        let error = table(&bytes(&format!("{name}.parquet"))[..], name).unwrap_err();
        assert!(matches!(error, Error::Limit { limit: Limit::Ratio, .. }), "{name}: {error}");
    }
    // Values of 32 TB and of 2 GB, and a block of zstd that unpacks to 524 MB.
    for (name, column) in [("width", None), ("width_2", Some("x")), ("block", Some("x"))] {
        let fault = ParquetFault::Damaged { column: column.map(ToOwned::to_owned) };
        let read = table(&bytes(&format!("bomb_{name}.parquet"))[..], "t");
        assert_eq!(read, Err(Error::Parquet { name: "t".into(), fault }), "{name}");
    }
    // The first page of a file, a dictionary: its kind, then the size that it unpacks to.
    let survey = bytes("survey.parquet");
    let (start, rest) = survey.split_at(7);
    assert_eq!(start, b"PAR1\x15\x04\x15");
    let size = rest.iter().position(|byte| *byte < 0x80).unwrap() + 1;
    let huge = [start, b"\xFE\xFF\xFF\xFF\x0F", &rest[size..]].concat();
    match table(&huge[..], "huge").unwrap_err() {
        Error::Limit { limit: Limit::Unpacked, part, .. } => assert_eq!(part, "回答者ID"),
        other => panic!("{other}"),
    }
}
