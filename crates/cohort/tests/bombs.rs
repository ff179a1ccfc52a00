//! Small files that say they hold much, or that little is needed to make much of.
#![expect(clippy::unwrap_used, reason = "a test that can't go on must fail")]

use ssi_cohort::{BookFault, Error, Limit, Options, Reading, Result, table, table_with};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one sheet, with its shared strings under a path.
fn xlsx(sheet: &str, (path, strings): (&str, &str)) -> Vec<u8> {
    let of_office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |name: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"{of_office}/{name}\" Target=\"{target}\"/></Relationships>"
        )
    };
    archive(&[
        ("_rels/.rels", &relations("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns:r=\"{of_office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", &relations("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet>{sheet}</worksheet>")),
        (path, strings),
    ])
}

/// A header `x`, `y` and rows of cells, each a number or, with an `s` before it, a shared string.
fn sheet(rows: &[&[&str]]) -> String {
    let mut text = String::from("<sheetData>");
    for (cells, row) in [&["s0", "s1"][..]].iter().chain(rows).zip(1..) {
        text += &format!("<row r=\"{row}\">");
        for cell in *cells {
            text += &match cell.strip_prefix('s') {
                Some(at) => format!("<c t=\"s\"><v>{at}</v></c>"),
                None => format!("<c><v>{cell}</v></c>"),
            };
        }
        text += "</row>";
    }
    text + "</sheetData>"
}

fn strings(attributes: &str, own: &str) -> String {
    format!("<sst {attributes}><si><t>x</t></si><si><t>y</t></si>{own}</sst>")
}

const STRINGS: &str = "xl/sharedStrings.xml";

#[test]
fn a_workbook_with_more_shared_strings_than_it_can_hold_is_refused() {
    let sheet = sheet(&[&["1", "2"]]);
    let read = |path: &str, attributes: &str| {
        table(&xlsx(&sheet, (path, &strings(attributes, "")))[..], "t").map(|_| ())
    };
    let refused = || Err(Error::Workbook { name: "t".into(), fault: BookFault::Damaged });
    for fine in [
        "",
        "uniqueCount=\"2\"",
        "count='9999999999999' uniqueCount='7'",
        "uniqueCount=\"1000000\"",
    ] {
        assert_eq!(read(STRINGS, fine), Ok(()), "{fine}");
    }
    for wrong in [
        "uniqueCount=\"9999999999999\"",
        "count=\"2\" uniqueCount = '+9999999999999'",
        "xmlns:a=\"uniqueCount\" uniqueCount=\"00009999999999999\"",
        "uniqueCount=\"99999999999999999999999999\"",
        "uniqueCount=\"2000000\"",
    ] {
        assert_eq!(read(STRINGS, wrong), refused(), "{wrong}");
    }
    // calamine finds the part by its name in any case, and with either slash.
    for path in ["xl/SHAREDSTRINGS.XML", "xl\\sharedstrings.xml"] {
        assert_eq!(read(path, "uniqueCount=\"9999999999999\""), refused(), "{path}");
    }
    let utf_16: Vec<u8> = "\u{feff}<sst uniqueCount=\"9999999999999\"></sst>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut writer = ZipWriter::new_append(Cursor::new(xlsx(&sheet, ("x", "")))).unwrap();
    writer.start_file(STRINGS, SimpleFileOptions::default()).unwrap();
    writer.write_all(&utf_16).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(table(&bytes[..], "t").map(|_| ()), refused());
}

/// Which limit refuses a file, and where.
fn limited(read: Result<Reading>) -> (Limit, usize, usize) {
    match read {
        Err(Error::Limit { limit, row, column, .. }) => (limit, row, column),
        Err(other) => panic!("{other}"),
        Ok(read) => panic!("{} rows", read.rows_read),
    }
}

#[test]
fn bytes_of_a_workbook_are_no_cells() {
    let long = format!("<si><t>{}</t></si>", "a".repeat(10_000));
    let rows: Vec<&[&str]> = vec![&["1", "s2"]; 500];
    let merged = "<mergeCells><mergeCell ref=\"B2:B501\"/></mergeCells>";
    let mut halved: Vec<&[&str]> = vec![&["1"]; 500];
    halved[0] = &["1", "s2"];
    let mut options = Options::default();
    // 5 MB in 1,002 cells of one text.
    options.limits.set("cells=1002").unwrap();
    options.limits.set("ratio=1000").unwrap();
    for (sheet, own) in [(sheet(&rows), 500), (sheet(&halved) + merged, 1)] {
        let book = xlsx(&sheet, (STRINGS, &strings("", &long)));
        let read = table_with(&book[..], "t", &options).unwrap();
        assert_eq!(read.table.n_rows(), 500);
        let mut fewer = options.clone();
        fewer.limits.set("cells=1001").unwrap();
        assert_eq!(limited(table_with(&book[..], "t", &fewer)).0, Limit::Cells);
        let mut fewer = options.clone();
        fewer.limits.set("bytes=4000000").unwrap();
        assert_eq!(limited(table_with(&book[..], "t", &fewer)), (Limit::Bytes, 401, 0));
        let read = table(&book[..], "t");
        assert_eq!(read.is_ok(), own == 500);
        assert!(own == 500 || limited(read).0 == Limit::Ratio);
    }
}

#[test]
fn spaces_that_are_said_to_be_many_are_not_made() {
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let row =
        |a: &str, b: &str| format!("<table:table-row>{}{}</table:table-row>", cell(a), cell(b));
    let ods = |spaces: usize| {
        let long = format!("2{}", "<text:s text:c=\"1000\"/>".repeat(spaces));
        let rows = row("x", "y") + &row("1", &long);
        let content = format!(
            "<office:document-content><table:table table:name=\"S\">{rows}</table:table></office:document-content>"
        );
        archive(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", "<manifest:manifest/>"),
            ("content.xml", &content),
        ])
    };
    assert!(table(&ods(1_000)[..], "t").is_ok());
    let mut options = Options::default();
    options.limits.set("ratio=100000").unwrap();
    assert_eq!(limited(table_with(&ods(400_000)[..], "t", &options)), (Limit::Cell, 2, 2));
}
