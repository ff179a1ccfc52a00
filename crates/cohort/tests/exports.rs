//! Exports as people have them: totals and notes below the data, remarks in headers, points and
//! commas in counts, percentages, personal texts in odd places.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use rust_xlsxwriter::{Format, Workbook};
use ssi_cohort::{
    Codebook, DateOrder, Error, Inspection, Keep, Options, Reading, cohort, cohort_with, exported,
    inspect, people, table,
};
use ssi_vocab::{Capped, Cells, How, Outcome, Reason, Rule, Why};

fn see(text: &str) -> Inspection {
    inspect(text.as_bytes(), "s.csv", &Codebook::default(), &Options::default()).unwrap()
}

/// The rows that were passed over, and what they are instead.
fn passed_over(seen: &Inspection) -> Vec<(usize, String)> {
    let dropped = seen.ledger.entries().filter(|e| e.cause.outcome() == Outcome::Dropped);
    dropped.map(|e| (e.row, e.result.to_owned())).collect()
}

fn canonical(seen: &Inspection) -> Vec<Option<&str>> {
    seen.columns.iter().map(|column| column.canonical.as_deref()).collect()
}

#[test]
fn totals_and_notes_are_no_respondents_wherever_they_stand() {
    let head = "respondent_id,ssi_total,score_total,comment\n";
    for (rows, expected) in [
        ("a,50,5,\nb,44,6,\nAverage,47,5.5,\nNote: self-reported,,,\n", "4 totals, 5 note"),
        ("a,50,5,\nb,44,6,\n平均,47,5.5,\n※2018年7月時点,,,\n", "4 totals, 5 note"),
        ("a,50,5,\nb,44,6,\n,,,出典：LinkedIn\n", "4 note"),
        (
            "a,50,5,\nJP 小計,50,5,\nb,44,6,\n地域計,44,6,\nTotal (all),94,11,\n",
            "3 totals, 6 totals",
        ),
        ("a,50,5,\n,50,5,\nb,44,6,total\nc,40,6,Mean\n", ""),
        ("a,50,5,\nmeanwhile,44,6,\nTotalEnergies,44,6,\nsummer,40,6,\nb,,,\n", ""),
        ("a,50,5,\nMean Joe,44,6,\nTotal Eclipse,44,6,\nTeam Total,40,6,\n計子,40,5,\nb,,,\n", ""),
        ("a,50,5,\n,47,5,Average\nU!x,,,\nR:031,,,\n注文12,,,\n", ""),
        ("a,50,5,\nb,40,4,\n,47,5,Average\n", "4 totals"),
    ] {
        let seen = see(&format!("{head}{rows}"));
        let told = passed_over(&seen);
        let told: Vec<String> = told.iter().map(|(row, what)| format!("{row} {what}")).collect();
        // `地域計` ends in a sign that ends names, too; it stays.
        assert_eq!(told.join(", "), expected, "{rows}");
        assert_eq!(seen.rows.read, seen.rows.used + seen.rows.excluded + seen.rows.dropped);
        assert_eq!(seen.rows.dropped, told.len());
    }
    // A level of a group is no total, however it is called.
    for head in ["level,ssi_total,score_total", "respondent_id,level,ssi_total,score_total"] {
        let mut text = format!("{head}\n");
        for (at, level) in ["Average", "High", "Low"].iter().cycle().take(29).enumerate() {
            let id = if head.starts_with('l') { "" } else { "," };
            text += &format!("{id}{level},{},{}\n", 30 + at, at % 10);
        }
        assert_eq!(see(&(text + "High,50,5\n")).rows.dropped, 0, "{head}");
    }
    // The export of a pivot table, and a count of people before the word.
    let pivot = "region,kind,ssi_total,score_total\nJP,a,50,5\nJP,小計,50,5\nES,小計,40,4\n";
    assert_eq!(see(&format!("{pivot},合計,45,4\n")).rows.dropped, 3);
    let counted = "respondent_id,region,ssi_total,score_total\na,JP,50,5\nb,JP,40,4\n2,合計,45,4\n";
    assert_eq!(see(counted).rows.dropped, 1);
    let only = cohort("ssi_total,score_total\n合計,10\n".as_bytes(), "s.csv", &Codebook::default());
    assert!(matches!(only, Err(Error::HeaderOnly { row: 1, .. })), "{only:?}");
}

#[test]
fn any_table_keeps_its_totals_and_says_so() {
    let of = |text: &str| table(text.as_bytes(), "t.csv").unwrap().totals;
    assert_eq!(of("g,x\na,1\nb,2\nTotal,3\nNote: x.,\n"), Some(4));
    assert_eq!(of("g,x\na,1\nTotal,3\nb,2\n"), None);
}

#[test]
fn a_remark_in_brackets_makes_another_column_unless_it_says_how_to_answer() {
    let of = |header: &str| Codebook::default().canonical(header).map(str::to_owned);
    for header in [
        "SSI（0〜100）",
        "SSI (0-100 points)",
        "SSIスコア（ssi_total）",
        "SSI（必須・半角数字）",
        "SSI [required]",
        "SSI (overall score, out of 100)",
        "SSI（例：72）",
        "SSI (self-reported)",
        "SSI（LinkedInの画面の値）",
        "Social Selling Index (SSI) score",
    ] {
        assert_eq!(of(header).as_deref(), Some("ssi_total"), "{header}");
    }
    for header in [
        "SSI（業界平均）",
        "SSI (network average)",
        "つながり数（前年）",
        "ブランド（会社名）",
        "SSI（目標）",
    ] {
        assert_eq!(of(header), None, "{header}");
    }
    let seen = see("respondent_id,あなたのSSI,SSI（業界平均）,合計点\na,50,33,5\nb,44,34,6\n");
    assert_eq!(canonical(&seen), [Some("respondent_id"), None, None, Some("score_total")]);
    assert_eq!(seen.columns[1].guess.as_ref().unwrap().canonical, "ssi_total");
    assert!(!seen.refusals.is_empty(), "which of the two it is, the user has to say");
    let unit = see("respondent_id,現在のSSIは何点ですか,合計点\na,50点,5\nb,44点,6\n");
    assert_eq!(unit.columns[1].guess.as_ref().unwrap().canonical, "ssi_total");
}

fn counts(text: &str) -> (Vec<Option<Capped>>, Vec<usize>) {
    let cohort = cohort(text.as_bytes(), "s.csv", &Codebook::default()).unwrap();
    let Cells::Capped(counts) = &cohort.table.column("conn_display").unwrap().cells else {
        panic!("no counts")
    };
    let excluded = cohort.excluded.iter().map(|e| e.row).collect();
    (counts.iter().map(|count| count.ok()).collect(), excluded)
}

#[test]
fn no_count_is_read_as_a_few_thousandths() {
    let exact = |value| Some(Capped { value, at_least: false });
    let more = |value| Some(Capped { value, at_least: true });
    let file = |mark: char, cells: &[&str]| {
        let head = ["respondent_id", "ssi_total", "score_total", "conn_display"];
        let mut text = head.join(&mark.to_string()) + "\n";
        for (at, cell) in cells.iter().enumerate() {
            let score = if mark == ';' { "5,5" } else { "5.5" };
            text += &format!("r{at}{mark}50{mark}{score}{mark}{cell}\n");
        }
        text
    };
    let german = file(';', &["2.000+", "1.000", "1.024", "283", "2,000+", "1,024人"]);
    let all =
        [more(2000.0), exact(1000.0), exact(1024.0), exact(283.0), more(2000.0), exact(1024.0)];
    assert_eq!(counts(&german), (all.to_vec(), vec![]));
    // Where points begin decimals, `2.000+` may mean anything.
    let english = file(',', &["2.000+", "1.5+", "283.000", "\"2,000+\"", "500+"]);
    let rest = vec![exact(283.0), more(2000.0), more(500.0)];
    assert_eq!(counts(&english), (rest, vec![2, 3]));
}

#[test]
fn any_table_reads_points_as_thousands_where_commas_begin_decimals() {
    let read = |text: &str| table(text.as_bytes(), "t.csv").unwrap();
    let numbers = |reading: &Reading, name: &str| -> Vec<f64> {
        let column = reading.table.column(name).unwrap();
        match &column.cells {
            Cells::Number(cells) => cells.iter().map(|cell| cell.unwrap()).collect(),
            Cells::Capped(cells) => cells.iter().map(|cell| cell.unwrap().value).collect(),
            _ => panic!("{name} has words"),
        }
    };
    let german =
        read("score;n;p;c\n5,5;1.024;20.97;2.000+\n6,0;283;1.204;500+\n4,5;1.100;3;1,024\n");
    assert_eq!(numbers(&german, "score"), [5.5, 6.0, 4.5]);
    assert_eq!(numbers(&german, "n"), [1024.0, 283.0, 1100.0]);
    assert_eq!(numbers(&german, "p"), [20.97, 1.204, 3.0], "20.97 has no thousands");
    assert_eq!(numbers(&german, "c"), [2000.0, 500.0, 1024.0]);
    assert!(german.changes.iter().any(|c| c.rule == Rule::Thousands && c.column == "n"));
    let english = read("score\tn\n5.5\t1.024\n6.0\t283\n");
    assert_eq!(numbers(&english, "n"), [1.024, 283.0]);
}

#[test]
fn a_codebook_of_the_users_own_holds_for_any_table() {
    let package = r#"{"fields": [{"name": "写真", "canonical": "item_photo",
        "score_map": {"○": 1, "×": 0}}], "missingValues": ["", "-99", "不明"]}"#;
    let book = Codebook::from_datapackage(package).unwrap();
    let read =
        |text: &str| exported(text.as_bytes(), "t.csv", &book, &Options::default()).unwrap().table;
    let table = read("写真,x,g\n○,1,a\n×,-99,不明\n○,3,b\n");
    let of = |name: &str| table.column(name).unwrap().numbers().unwrap().to_vec();
    let seen = |cells: Vec<ssi_vocab::Seen<f64>>| -> Vec<Option<f64>> {
        cells.into_iter().map(Result::ok).collect()
    };
    assert_eq!(seen(of("写真")), [Some(1.0), Some(0.0), Some(1.0)]);
    assert_eq!(seen(of("x")), [Some(1.0), None, Some(3.0)]);
    assert_eq!(table.column("g").unwrap().groups().0, ["a", "b"]);
}

#[test]
fn a_data_package_says_how_its_file_is_written() {
    let package = r#"{"resources": [{"path": "s.csv", "encoding": "shift_jis",
        "dialect": {"delimiter": ";"}, "schema": {"fields": [
        {"name": "ssi_date", "type": "date", "format": "%d/%m/%Y"},
        {"name": "hours_prepared", "type": "number", "decimalChar": ","}]}}]}"#;
    let text = "ssi_total;score_total;ssi_date;hours_prepared;a,b,c\n\
        53;7;03/04/2018;1,024;x,y,z\n31;4;05/04/2018;2;x,y,z\n";
    for book in [
        Codebook::from_datapackage(package).unwrap(),
        Codebook::from_datapackage(&Codebook::bare(package, "s.csv").unwrap()).unwrap(),
    ] {
        assert!(!book.reads_as_default());
        let read = cohort(text.as_bytes(), "s.csv", &book).unwrap();
        assert_eq!(read.ssi_dates, Some(("2018-04-03".into(), "2018-04-05".into())));
        let hours = read.table.column("hours_prepared").unwrap().numbers().unwrap();
        assert_eq!(hours, [Ok(1.024), Ok(2.0)]);
        // An option goes before.
        let options = Options { date_order: Some(DateOrder::Mdy), ..Options::default() };
        let read = cohort_with(text.as_bytes(), "s.csv", &book, &options).unwrap();
        assert_eq!(read.ssi_dates, Some(("2018-03-04".into(), "2018-05-04".into())));
    }
    let plain = r#"{"encoding": "utf-8", "dialect": {"delimiter": ","}, "fields": []}"#;
    assert!(Codebook::from_datapackage(plain).unwrap().reads_as_default());
}

#[test]
fn a_workbooks_percentages_are_what_they_show() {
    let mut book = Workbook::new();
    let percent = Format::new().set_num_format("0%");
    let sheet = book.add_worksheet();
    let head =
        ["respondent_id", "ssi_total", "score_total", "ssi_industry_top", "years_on_linkedin"];
    sheet.write_row(0, 0, head).unwrap();
    for (row, (ssi, top)) in [(0.55, 0.02), (0.3, 1.0)].into_iter().enumerate() {
        let row = row as u32 + 1;
        sheet.write(row, 0, format!("p{row}")).unwrap();
        sheet.write_with_format(row, 1, ssi, &percent).unwrap();
        sheet.write(row, 2, 5).unwrap();
        sheet.write_with_format(row, 3, top, &percent).unwrap();
        // A format that slipped in.
        sheet.write_with_format(row, 4, 1.007, &percent).unwrap();
    }
    sheet.write_with_format(3, 1, 39, &percent).unwrap().write(3, 2, 5).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let read = cohort(&bytes[..], "s.xlsx", &Codebook::default()).unwrap();
    let of = |name: &str| read.table.column(name).unwrap().numbers().unwrap().to_vec();
    assert_eq!(of("ssi_total"), [Ok(55.0), Ok(30.0), Ok(39.0)]);
    assert_eq!(of("ssi_industry_top")[..2], [Ok(2.0), Ok(100.0)]);
    assert_eq!(of("years_on_linkedin")[..2], [Ok(1.007), Ok(1.007)]);
    assert!(read.changes.iter().any(|c| c.rule == Rule::Unit && c.column == "ssi_total"));
    // Under its own names a table has the numbers that the workbook holds.
    let own = table(&bytes[..], "s.xlsx").unwrap();
    assert_eq!(own.table.column("ssi_total").unwrap().numbers().unwrap()[0], Ok(0.55));
}

#[test]
fn what_stands_beside_a_workbooks_table_costs_no_row() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["respondent_id", "ssi_total", "score_total"]).unwrap();
    for row in 1..5_u32 {
        sheet.write(row, 0, format!("p{row}")).unwrap();
        sheet.write(row, 1, 50 + row).unwrap();
        sheet.write(row, 2, 5).unwrap();
    }
    sheet.write(3, 6, "要確認").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let seen = inspect(&bytes, "s.xlsx", &Codebook::default(), &Options::default()).unwrap();
    assert_eq!((seen.rows.used, seen.rows.excluded), (4, 0));
    let stray: Vec<_> = seen.ledger.entries().filter(|e| e.cause.code().1 == "stray").collect();
    assert_eq!((stray.len(), stray[0].row, stray[0].value), (1, 4, ""));
    assert_eq!(table(&bytes[..], "s.xlsx").unwrap().table.n_rows(), 4);
    // A row with nothing in the table is none of it.
    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.write(8, 6, "別の表").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let seen = inspect(&bytes, "s.xlsx", &Codebook::default(), &Options::default()).unwrap();
    assert_eq!((seen.rows.read, seen.rows.used), (4, 4));
    // In a text, more cells than the header has are a sign of one too many.
    assert_eq!(see("ssi_total,score_total\n50,5\n40,4,x\n").rows.excluded, 1);
}

#[test]
fn utf_16_needs_no_mark() {
    let text = "回答者ID\tSSI\t合計点\t地域\nA1\t53\t7.5\t一　関\nA2\t31\t4\t日本\n";
    let small: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let large: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, name) in [(small, "UTF-16LE"), (large, "UTF-16BE")] {
        let seen = inspect(&bytes, "s.txt", &Codebook::default(), &Options::default()).unwrap();
        let encoding = seen.layout.encoding.unwrap();
        assert_eq!((encoding.value.as_str(), encoding.why), (name, Why::Decodes));
        assert_eq!(seen.rows.used, 2);
    }
    let binary = [b"RIFF\x01\0\x02\0".as_slice(), &[7, 0, 3, 0].repeat(50)].concat();
    let refused = table(&binary[..], "s.wav").unwrap_err();
    assert!(matches!(refused, Error::Binary { .. }), "{refused}");
}

#[test]
fn the_latest_row_of_a_day_is_told_by_its_time() {
    let read = |rows: &str| {
        let text = format!("Timestamp,respondent_id,ssi_total,score_total\n{rows}");
        let options = Options { keep: vec![Keep::Latest], ..Options::default() };
        let read = cohort_with(text.as_bytes(), "s.csv", &Codebook::default(), &options).unwrap();
        read.table.column("ssi_total").unwrap().numbers().unwrap()[0]
    };
    assert_eq!(read("2018/7/12 10:00:00,a,50,5\n2018/7/12 9:00:00,a,40,4\n"), Ok(50.0));
    assert_eq!(read("2018/7/12 午前 9:00,a,40,4\n2018/7/12 午後 1:00,a,50,5\n"), Ok(50.0));
    assert_eq!(read("2018/7/12 13:00,a,50,5\n2018/7/13 9:00,a,40,4\n"), Ok(40.0));
    assert_eq!(read("2018/7/12 13:00,a,50,5\n2018/7/12,a,40,4\n"), Ok(40.0), "the last one");
}

#[test]
fn words_that_were_decoded_wrongly_refuse_the_file() {
    let file = |header: &str, cell: &str| {
        format!("respondent_id,ssi_total,score_total,{header}\na,50,5,{cell}\nb,40,4,JP\n")
    };
    for cell in ["譌･譛ｬ", "EspaÃ±a", "繧ｹ繝壹う繝ｳ"] {
        let refused = cohort(file("region", cell).as_bytes(), "s.csv", &Codebook::default());
        assert!(matches!(refused, Err(Error::Garbled { row: 2, .. })), "{cell}: {refused:?}");
        let refused = cohort(file(cell, "x").as_bytes(), "s.csv", &Codebook::default());
        assert!(matches!(refused, Err(Error::Garbled { row: 1, .. })), "{cell}: {refused:?}");
    }
    for cell in
        ["日本", "España", "ﾆﾎﾝ", "ﾃｽﾄ", "ﾃｱ", "繧繝", "Ã", "Ελλάδα", "中国－台灣", "한국", "①"]
    {
        assert!(see(&file("region", cell)).refusals.is_empty(), "{cell}");
    }
}

#[test]
fn rows_that_are_left_out_decide_nothing() {
    // A comma of a row with too many cells.
    let comma = "ssi_total;score_total;hours_prepared\n50;5;1,024\n40;4;6,5;x\n30;3;7\n";
    let open = cohort(comma.as_bytes(), "s.csv", &Codebook::default());
    assert!(matches!(open, Err(Error::AmbiguousComma { .. })), "{open:?}");
    // The digits of a text that is no number.
    let head = "ssi_total,score_total,ssi_brand,ssi_find,ssi_engage,ssi_build\n";
    let rows = "51,5,13,13,13,13\n30,3,8,8,8,8\n40,4,ver.123,10,10,10\n";
    let seen = see(&format!("{head}{rows}"));
    assert_eq!((seen.rows.used, seen.rows.excluded), (2, 1), "whole numbers are rounded");
}

#[test]
fn two_header_rows_stand_one_below_the_other() {
    let seen = see("回答者ID,SSI,,\n\n,合計,ブランド,合計点\nA1,53,20.9,7\n");
    assert_ne!(seen.layout.header.unwrap().value, "1-3");
}

#[test]
fn the_first_of_several_faults_is_that_of_the_files_first_column() {
    let head = "respondent_id,ssi_total,score_total,years_on_linkedin,hours_prepared\n";
    let file = format!("{head}a,50,5,x,y\n");
    let error = cohort(file.as_bytes(), "s.csv", &Codebook::default()).unwrap_err();
    let Error::NothingLeft { column, reason, .. } = error else { panic!("{error}") };
    assert_eq!((column.column.as_str(), reason), ("years_on_linkedin", Reason::NotANumber));
}

#[test]
fn columns_of_nobodys_names_are_unused_and_others_refuse_the_file() {
    let file = |header: &str, cells: [&str; 3]| {
        format!(
            "respondent_id,ssi_total,score_total,{header}\na,50,5,{}\nb,40,4,{}\nc,30,3,{}\n",
            cells[0], cells[1], cells[2]
        )
    };
    for (header, cells) in [
        ("Name", ["", "", ""]),
        ("Email", ["anonymous", "anonymous", "anonymous"]),
        ("氏名", ["匿名", "", "匿名"]),
    ] {
        let seen = see(&file(header, cells));
        assert!(seen.refusals.is_empty(), "{header}");
        assert_eq!(seen.columns[3].how, How::Unknown, "{header}");
    }
    for (header, cells) in [
        ("名前（フルネーム）", ["x", "y", "z"]),
        ("Name of respondent", ["x", "y", "z"]),
        ("comment", ["(415) 555-0001", "call 090-1234-5678", "+81 90 1234 5678"]),
        ("profile", ["/in/u1x", "in/u2x", "lnkd.in/u3"]),
        ("memo", ["mail me at a@b.org", "c@d.org please", "none"]),
    ] {
        let seen = see(&file(header, cells));
        assert!(matches!(seen.refusals[..], [Error::Personal { .. }]), "{header}");
    }
    // However late its first cell comes.
    let late: String = (0..10_300)
        .map(|i| format!("r{i},50,5,{}\n", if i == 10_150 { "a@b.org" } else { "" }))
        .collect();
    let seen = see(&format!("respondent_id,ssi_total,score_total,email\n{late}"));
    assert!(matches!(seen.refusals[..], [Error::Personal { .. }]));
    for (header, cells) in
        [("連絡先", ["可", "不可", "可"]), ("in/house", ["in/house", "x/y", "in/out"])]
    {
        assert!(see(&file(header, cells)).refusals.is_empty(), "{header}");
    }
    let uuid = "respondent_id,ssi_total,score_total\n3f2a0412-7365-4817-9b0c-1f2e3d4c5b00,50,5\n";
    assert!(see(uuid).refusals.is_empty());
    let numbers = "respondent_id,ssi_total,score_total\n09012340000,50,5\n09012340001,40,4\n";
    assert!(matches!(see(numbers).refusals[..], [Error::Personal { .. }]));
    assert!(people(numbers.replace("090", "190").as_bytes(), "s", &Codebook::default()).is_ok());
}

#[test]
fn what_says_who_somebody_is_is_repeated_from_no_cell() {
    let text = "respondent_id,ssi_total,score_total,region\n\
        a,my mail is taro@example.com,5,JP\nb,call +81-90-1234-5678 please,4,JP\nc,50,3,JP\n\
        d,40,2,\u{202E}J\u{1B}P\u{202C}\n";
    let seen = see(text);
    assert_eq!(seen.rows.excluded, 2);
    assert!(seen.excluded.iter().all(|e| e.value.is_empty()), "{:?}", seen.excluded);
    let cohort = cohort(text.as_bytes(), "s.csv", &Codebook::default()).unwrap();
    assert_eq!(cohort.table.column("region").unwrap().groups().0, ["JP"], "nothing unseen is left");
}

#[test]
fn days_stand_in_the_ledger_and_in_no_report() {
    let text = "respondent_id,ssi_total,score_total,ssi_date\na,50,5,2018/7/12\nb,40,4,soon\n";
    let seen = see(text);
    let of = |rule: &str| {
        let mut found = seen.ledger.entries().filter(|e| e.cause.code().1 == rule);
        found.next().map(|e| (e.value.to_owned(), e.result.to_owned())).unwrap()
    };
    assert_eq!(of("date"), ("2018/7/12".to_owned(), "2018-07-12".to_owned()));
    assert_eq!(of("not_a_date").0, "", "free text");
    let date = seen.changes.iter().find(|c| c.rule == Rule::Date).unwrap();
    assert_eq!((date.found.as_str(), date.read_as.as_str()), ("", ""));
}
