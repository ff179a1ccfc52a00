//! Any table under its own names.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use ssi_cohort::{
    Codebook, Delimiter, Encoding, Error, KindOption, Options, Reading, exported, table, table_with,
};
use ssi_vocab::{Cells, Missing, Reason, Rule};

fn read(text: &str) -> Reading {
    table(text.as_bytes(), "t.csv").unwrap()
}

fn refused(text: &str) -> Error {
    let error = table(text.as_bytes(), "t.csv").unwrap_err();
    assert!(error.is_refusal(), "{error}");
    error
}

#[test]
fn a_column_is_numeric_when_half_of_its_cells_are_numbers() {
    let r = read("a,b,c\n1,x,\n2,y,NA\nx,1,\ny,z,null\n");
    assert_eq!(
        r.table.column("a").unwrap().numbers().unwrap(),
        [Ok(1.0), Ok(2.0), Err(Missing::NotANumber), Err(Missing::NotANumber)]
    );
    assert_eq!(r.table.column("a").unwrap().unread, [(2, "x".into()), (3, "y".into())]);
    assert!(matches!(r.table.column("b").unwrap().cells, Cells::Factor { .. }));
    assert_eq!(r.table.column("c").unwrap().numbers().unwrap(), [Err(Missing::Blank); 4]);
    let pair = r.table.paired("a", "c").unwrap();
    assert!(
        pair.excluded()
            .iter()
            .any(|e| e.row == 4 && e.reason == Reason::NotANumber && e.value == "x")
    );
}

#[test]
fn missing_codes_are_few_and_namibia_is_one_of_them() {
    let r = read("g,x\nNA,NaN\nna,nan\nJP,N/A\nEU,#N/A\nEU,null\nEU,3\n");
    let (levels, codes) = r.table.column("g").unwrap().groups();
    assert_eq!(levels, ["EU", "JP", "na"]);
    assert_eq!(codes[0], Err(Missing::Blank));
    let x = r.table.column("x").unwrap().numbers().unwrap().to_vec();
    assert_eq!(x.iter().filter(|v| v.is_err()).count(), 5);
    let noted = r.changes.iter().find(|c| c.rule == Rule::MissingCode && c.column == "x").unwrap();
    assert_eq!((noted.count, noted.first_row, noted.found.as_str()), (5, 2, "NaN"));
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let r = read("x,note\n1,\"two\nlines\"\n\n\n2,b\r\n,\n3,c");
    assert_eq!(r.table.rows(), [2, 5, 7]);
    assert_eq!(r.rows_read, 3);
    let r = read("\n\nx\n1\n\n2\n");
    assert_eq!(r.table.rows(), [4, 6], "lines above the header count too");
}

#[test]
fn ragged_rows_are_excluded_and_listed() {
    let r = read("x,y\n1,2\n3\n4,5,6\n7,8,\n");
    assert_eq!(r.table.rows(), [2, 5]);
    let rows: Vec<_> = r.excluded.iter().map(|e| (e.row, e.reason)).collect();
    assert_eq!(rows, [(3, Reason::RaggedRow), (4, Reason::RaggedRow)]);
    assert_eq!(r.rows_read, 4);
    assert!(matches!(refused("x,y\n1\n2\n"), Error::NothingLeft { rows: 2, .. }));
}

#[test]
fn a_comma_separates_thousands_in_commas_and_decimals_where_the_file_shows_it() {
    let number = |r: &Reading, c: &str| r.table.column(c).unwrap().numbers().unwrap()[0].unwrap();
    assert_eq!(number(&read("a\n\"1,024\"\n"), "a"), 1024.0);
    let r = read("a;b\n1,024;20,97\n");
    assert_eq!((number(&r, "a"), number(&r, "b")), (1.024, 20.97));
    let r = read("a;b\n1,024;20.97\n");
    assert_eq!((number(&r, "a"), number(&r, "b")), (1024.0, 20.97));
    assert!(matches!(refused("a;b\n1,024;3\n"), Error::AmbiguousComma { row: 2, .. }));
    // A decimal comma in a comma-separated file is no number: 0,9 must never become 9 or 900.
    let r = read("a\n\"0,9\"\n1\n2\n");
    assert_eq!(r.table.column("a").unwrap().numbers().unwrap()[0], Err(Missing::NotANumber));
}

#[test]
fn capped_cells_among_numbers_make_a_capped_column() {
    let r = read("n\n283\n500+\n５００＋\n500人以上\n\nx\n１２\n");
    let Cells::Capped(cells) = &r.table.column("n").unwrap().cells else { panic!("capped") };
    let shown: Vec<_> = cells.iter().map(|v| v.ok().map(|c| (c.value, c.at_least))).collect();
    let cap = Some((500.0, true));
    assert_eq!(shown, [Some((283.0, false)), cap, cap, cap, None, Some((12.0, false))]);
    assert!(r.table.column("n").unwrap().numbers().is_err());
}

#[test]
fn names_are_kept_and_canonical_ones_work_beside_them() {
    let r = read("SSIスコア,合計点, free text \n53,7,a\n31,4,b\n");
    let names: Vec<_> = r.table.columns().iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["SSIスコア", "合計点", "free text"]);
    let book = Codebook::default();
    assert_eq!(book.resolve(&r.table, "ssi_total").unwrap(), "SSIスコア");
    assert_eq!(book.resolve(&r.table, "score_total").unwrap(), "合計点");
    assert_eq!(book.resolve(&r.table, "free text").unwrap(), "free text");
    let error = book.resolve(&r.table, "fre text").unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("did you mean `free text`"), "{error}");
}

#[test]
fn an_unnamed_column_gets_its_place_as_a_name_and_an_empty_last_one_goes() {
    let r = read("\"\",x,\na,1,\nb,2,\n");
    let names: Vec<_> = r.table.columns().iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["column_1", "x"]);
    assert!(matches!(refused("x,x\n1,2\n"), Error::RepeatedColumn { .. }));
}

#[test]
fn infinite_and_hexadecimal_text_is_no_number() {
    let r = read("x\n1\n2\n3\ninf\n1e999\n");
    let x = r.table.column("x").unwrap();
    assert_eq!(x.numbers().unwrap()[3..], [Err(Missing::NotANumber); 2]);
}

#[test]
fn a_workbook_from_a_writer_is_read_by_sheet() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let first = book.add_worksheet();
    first.set_name("説明").unwrap().write(0, 0, "read me").unwrap();
    first.write(1, 0, "then go").unwrap();
    let second = book.add_worksheet();
    second.set_name("data").unwrap();
    for (i, title) in ["region", "ssi_total", "ok"].iter().enumerate() {
        second.write(0, i as u16, *title).unwrap();
    }
    second.write(1, 0, "JP").unwrap();
    second.write(1, 1, 20.973).unwrap();
    second.write(1, 2, true).unwrap();
    second.write(4, 0, "EU").unwrap();
    second.write(4, 1, 53).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let first = |sheet: Option<&str>| {
        let options = Options { sheet: sheet.map(Into::into), ..Options::default() };
        table_with(&bytes[..], "b.xlsx", &options).unwrap().table.columns()[0].name.clone()
    };
    assert_eq!(
        [first(None), first(Some("1")), first(Some("説明"))],
        ["region", "read me", "read me"]
    );
    let options = Options { sheet: Some("data".into()), ..Options::default() };
    let r = table_with(&bytes[..], "b.xlsx", &options).unwrap();
    assert_eq!(r.table.rows(), [2, 5]);
    assert_eq!(r.table.column("ssi_total").unwrap().numbers().unwrap(), [Ok(20.973), Ok(53.0)]);
    assert_eq!(r.table.column("ok").unwrap().groups().0, ["TRUE"]);
    let none = Options { sheet: Some("Data".into()), ..Options::default() };
    let error = table_with(&bytes[..], "b.xlsx", &none).unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("説明, data"), "{error}");
}

#[test]
fn a_reader_that_fails_is_neither_refused_data_nor_wrong_usage() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let error = table(Broken, "t.csv").unwrap_err();
    assert!(!error.is_refusal() && !error.is_usage());
}

#[test]
fn latin_1_is_refused_and_a_single_kanji_is_not() {
    assert!(matches!(
        table(&b"city,x\nM\xFCnchen,1\nC\xE9z,2\n"[..], "t.csv").unwrap_err(),
        Error::Undecodable { line: 2, .. }
    ));
    // Two accented letters side by side make one kanji.
    assert!(matches!(
        table(&b"what,x\nDeclara\xE7\xE3o,1\n"[..], "t.csv").unwrap_err(),
        Error::Undecodable { .. }
    ));
    // 男 and 女 in CP932.
    let r = table(&b"sex,x\n\x92\x6A,1\n\x8F\x97,2\n"[..], "t.csv").unwrap();
    assert_eq!(r.table.column("sex").unwrap().groups().0, ["女", "男"]);
}

#[test]
fn quotation_marks_around_cells_change_nothing() {
    let plain = [
        "a,b,c\n1,0.1, x \n\n2,-2.675,y\n,1e3,\n7,12.,z,\n8\n9,.5,w\n",
        "a;b;c\r\n1;0,25;x\r\n\r\n  \r\n2;1.024,5;y\r\n3;+7;ü\r\n",
        "a\tb\n1234567890123456.789\t９\n-0\tNA\n5\t500+\n0.000\t3\n",
        "one\n1\n\n2\nthree",
    ];
    for text in plain {
        let mark = if text.contains('\t') {
            '\t'
        } else if text.contains(';') {
            ';'
        } else {
            ','
        };
        let cell = |cell: &str| format!("\"{cell}\"");
        let row = |row: &str| {
            let cells: Vec<String> = row.split(mark).map(cell).collect();
            if row.is_empty() { String::new() } else { cells.join(&mark.to_string()) }
        };
        let quoted: Vec<String> = text.replace("\r\n", "\n").split('\n').map(row).collect();
        let quoted = quoted.join("\n");
        let read = |text: &str| ssi_cohort::table(text.as_bytes(), "t.csv").unwrap();
        assert_eq!(read(text), read(&quoted), "{text}");
    }
}

#[test]
fn rows_of_many_cells_take_no_longer_for_each_than_rows_of_few() {
    // Spreadsheets write a comma for every column that anybody ever touched.
    let start = std::time::Instant::now();
    for header in ["x,y,z".to_owned(), format!("x,y,z{}", ",".repeat(15_997))] {
        let rows = (0..100).map(|i| format!("{i},NA,5{}\n", ",".repeat(15_997)));
        let text = format!("{header}\n{}", rows.collect::<String>());
        let read = table(text.as_bytes(), "wide.csv").unwrap();
        assert_eq!((read.table.n_rows(), read.table.columns().len()), (100, 3));
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

fn any(text: &str) -> Reading {
    exported(text.as_bytes(), "t.csv", &Codebook::default(), &Options::default()).unwrap()
}

#[test]
fn a_title_above_a_header_is_no_header_and_is_listed() {
    for titles in ["Survey 2026\n\n", "Survey 2026,,\n,,\n"] {
        let r = any(&format!("{titles}id,x,y\na,1,2\nb,3,4\n"));
        let names: Vec<&str> = r.table.columns().iter().map(|c| c.name.as_str()).collect();
        assert_eq!((names, r.table.rows()), (vec!["id", "x", "y"], &[4, 5][..]), "{titles:?}");
        let dropped = r.changes.iter().find(|c| c.rule == Rule::DroppedRow && c.first_row == 1);
        assert_eq!(dropped.map(|c| c.count), Some(1), "{titles:?}");
    }
}

#[test]
fn a_first_row_that_names_the_columns_is_the_header_whatever_stands_below() {
    for (text, header) in [
        ("a,b\nx,y\nz,w\n", ["a", "b"]),
        ("2017,2018\nx,y\n1,2\n", ["2017", "2018"]),
        ("a,b\nx,y,z\n1,2\n", ["a", "b"]),
        ("x,r\nssi_total,score_total\nssi_brand,0.5\n", ["x", "r"]),
        (",points\nanna,4\ncarl,NA\n", ["column_1", "points"]),
        ("points,\n4,\nabsent,ill\n", ["points", "column_2"]),
    ] {
        let r = any(text);
        let names: Vec<&str> = r.table.columns().iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, header, "{text:?}");
        assert!(!r.changes.iter().any(|c| c.rule == Rule::DroppedRow), "{text:?}");
    }
    assert_eq!(any("x\nlong,short\n1\n2\n").table.n_rows(), 2);
    // The header that R writes above row names is one cell short.
    for ragged in ["group,city\nanna,A,Tokyo\nbob,B,Osaka\n", "anna\nbob,5\ndora,x\nemil,7\n"] {
        let (book, options) = (Codebook::default(), Options::default());
        let error = exported(ragged.as_bytes(), "t.csv", &book, &options).unwrap_err();
        assert!(matches!(error, Error::NothingLeft { row: 2, .. }), "{error}");
    }
}

#[test]
fn options_that_mean_nothing_for_the_kind_of_file_are_refused_as_usage() {
    let text = b"x,y\n1,2\n";
    let sheet = Options { sheet: Some("1".into()), ..Options::default() };
    let error = table_with(text, "t.csv", &sheet).unwrap_err();
    assert!(matches!(error, Error::Pointless { option: KindOption::Sheet, .. }), "{error}");
    assert!(error.is_usage() && error.to_string().contains("--sheet is for workbooks"));
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "x").unwrap().write(1, 0, 1).unwrap();
    let book = book.save_to_buffer().unwrap();
    for (options, option) in [
        (Options { encoding: Some(Encoding::Cp932), ..Options::default() }, KindOption::Encoding),
        (Options { delimiter: Some(Delimiter::Tab), ..Options::default() }, KindOption::Delimiter),
    ] {
        let error = table_with(&book, "t.xlsx", &options).unwrap_err();
        assert!(matches!(&error, Error::Pointless { option: o, .. } if *o == option), "{error}");
    }
}
