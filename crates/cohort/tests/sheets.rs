//! Which of several sheets is read.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use rust_xlsxwriter::Workbook;
use ssi_cohort::{Codebook, Error, Options, cohort, inspect, table};
use ssi_vocab::Why;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// Name, whether it is hidden, and rows.
type Sheets<'a> = &'a [(&'a str, bool, &'a [&'a [&'a str]])];

fn xlsx(sheets: Sheets<'_>) -> Vec<u8> {
    let mut book = Workbook::new();
    for (at, (name, hidden, rows)) in sheets.iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap().set_hidden(*hidden);
        sheet.set_active(!hidden && sheets[..at].iter().all(|(_, hidden, _)| *hidden));
        sheet.set_first_tab(!hidden);
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(r as u32, c as u16, number).unwrap(),
                    Err(_) => sheet.write(r as u32, c as u16, *cell).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn ods(sheets: Sheets<'_>) -> Vec<u8> {
    let mut tables = String::new();
    for (name, hidden, rows) in sheets {
        let style = if *hidden { "ta2" } else { "ta1" };
        tables += &format!("<table:table table:name=\"{name}\" table:style-name=\"{style}\">");
        for row in *rows {
            let cells: String = row
                .iter()
                .map(|cell| format!("<table:table-cell><text:p>{cell}</text:p></table:table-cell>"))
                .collect();
            tables += &format!("<table:table-row>{cells}</table:table-row>");
        }
        tables += "</table:table>";
    }
    let styles = [("ta1", "true"), ("ta2", "false")].map(|(name, display)| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"table\">\
             <style:table-properties table:display=\"{display}\"/></style:style>"
        )
    });
    let content = format!(
        "<office:document-content><office:automatic-styles>{}</office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>\
         </office:document-content>",
        styles.concat()
    );
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const COVER: &[&[&str]] = &[&["2018年度 SSI調査"], &["担当：調査部"]];
const ANSWERS: &[&[&str]] =
    &[&["回答者ID", "SSIスコア", "合計点"], &["A1", "53", "7.5"], &["A2", "31", "4"]];
const FOREIGN: &[&[&str]] = &[&["code", "label"], &["1", "yes"], &["2", "no"]];

/// The sheet that `ssi check` reads of either kind of workbook, and why.
fn read(sheets: Sheets<'_>) -> (String, Why) {
    let [a, b] = [xlsx(sheets), ods(sheets)].map(|bytes| {
        let book = Codebook::default();
        let seen = inspect(&bytes[..], "s", &book, &Options::default()).unwrap();
        assert_eq!(seen.layout.sheets.len(), sheets.len());
        let sheet = seen.layout.sheet.unwrap();
        (sheet.value, sheet.why)
    });
    assert_eq!(a, b, "XLSX and ODS are read alike");
    a
}

#[test]
fn the_sheet_with_the_most_known_headers_is_read() {
    let sheets: Sheets<'_> =
        &[("表紙", false, COVER), ("コード表", false, FOREIGN), ("回答", false, ANSWERS)];
    assert_eq!(read(sheets), ("回答".to_owned(), Why::Known { known: 3, of: 3 }));
    for bytes in [xlsx(sheets), ods(sheets)] {
        let read = cohort(&bytes[..], "s", &Codebook::default()).unwrap();
        assert_eq!((read.rows_used, read.table.rows()), (2, &[2, 3][..]));
    }
}

#[test]
fn of_equals_it_is_the_first_and_never_a_hidden_one() {
    let twice: Sheets<'_> = &[("a", false, COVER), ("b", false, ANSWERS), ("c", false, ANSWERS)];
    assert_eq!(read(twice).0, "b");
    let hidden: Sheets<'_> = &[("old", true, ANSWERS), ("new", false, ANSWERS)];
    assert_eq!(read(hidden).0, "new");
    let only_hidden: Sheets<'_> = &[("old", true, ANSWERS), ("code", false, FOREIGN)];
    assert_eq!(read(only_hidden), ("code".to_owned(), Why::Table));
}

#[test]
fn without_known_headers_it_is_the_first_that_holds_a_table() {
    let sheets: Sheets<'_> = &[("cover", false, COVER), ("codes", false, FOREIGN)];
    assert_eq!(read(sheets), ("codes".to_owned(), Why::Table));
    for bytes in [xlsx(sheets), ods(sheets)] {
        let read = table(&bytes[..], "s").unwrap();
        assert!(read.table.has("code"), "any table is read so");
    }
    let sheets: Sheets<'_> = &[("one", false, FOREIGN), ("two", false, FOREIGN)];
    assert_eq!(read(sheets), ("one".to_owned(), Why::First { of: 2 }));
}

#[test]
fn a_sheet_that_was_asked_for_is_read_whatever_the_others_hold() {
    let bytes = xlsx(&[("表紙", false, COVER), ("回答", false, ANSWERS)]);
    let options = Options { sheet: Some("1".to_owned()), ..Options::default() };
    let seen = inspect(&bytes[..], "s", &Codebook::default(), &options).unwrap();
    let sheet = seen.layout.sheet.unwrap();
    assert_eq!((&*sheet.value, sheet.why), ("表紙", Why::Asked));
}

#[test]
fn a_refusal_names_the_sheets_where_another_one_may_be_meant() {
    let header: &[&[&str]] = &[&["回答者ID", "SSIスコア", "合計点"]];
    let sheets: Sheets<'_> = &[("表紙", false, COVER), ("空", false, header)];
    for bytes in [xlsx(sheets), ods(sheets)] {
        let error = cohort(&bytes[..], "s.xlsx", &Codebook::default()).unwrap_err();
        assert!(error.is_refusal() && matches!(error, Error::OtherSheet { .. }), "{error}");
        let message = error.to_string();
        assert!(message.starts_with("s.xlsx: holds a header"), "{message}");
        assert!(message.contains("`空` was read, and the workbook also has: 表紙"), "{message}");
        assert!(message.ends_with("--sheet"), "{message}");
    }
    let one = xlsx(&[("空", false, header)]);
    let error = cohort(&one[..], "s", &Codebook::default()).unwrap_err();
    assert_eq!(error, Error::HeaderOnly { name: "s".into(), row: 1 });
}

#[test]
fn a_header_far_down_and_a_sheet_of_many_rows_are_found() {
    let mut rows: Vec<&[&str]> = vec![&["title"]; 10];
    rows.extend(ANSWERS);
    let many: Vec<&[&str]> = vec![&["x", "1"]; 300];
    let sheets: Sheets<'_> = &[("many", false, &many), ("late", false, &rows)];
    assert_eq!(read(sheets).0, "late");
}
