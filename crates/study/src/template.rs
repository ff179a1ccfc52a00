//! A blank survey form and scoring sheet with the rubric, as a workbook and as CSV.

use crate::folder::Files;
use crate::rubric::Rubric;
use crate::{Error, Result};
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use ssi_vocab::Lang;
use std::fs;
use std::path::{Path, PathBuf};

/// What is asked of or looked up for a respondent, beside the ten items. The wording is that of
/// the form; the headers are canonical, so that the filled form is read without a map.
const FORM: [(&str, &str, &str); 13] = [
    (
        "respondent_id",
        "Any code of your own. Never a name or an address",
        "任意の番号。氏名やメールアドレスは書かないでください",
    ),
    ("cohort", "Name of the survey, e.g. spring-2027", "調査の名称（例：spring-2027）"),
    ("session_id", "Training session, if any", "研修の回（あれば）"),
    (
        "rater_id",
        "Who scored the profile. A second rater uses a row of their own",
        "採点者。2人目の採点は別の行に記入してください",
    ),
    ("region", "e.g. EU, JP", "地域（例：EU、JP）"),
    ("industry", "Industry", "業種"),
    ("ssi_date", "Day on which SSI was read: YYYY-MM-DD", "SSI を確認した日（YYYY-MM-DD）"),
    ("ssi_total", "SSI, 0–100, as displayed to its owner", "SSI（0～100、本人の画面の表示どおり）"),
    (
        "ssi_brand",
        "Pillar 1, professional brand, 0–25",
        "柱1　プロフェッショナルブランドの確立（0～25）",
    ),
    ("ssi_find", "Pillar 2, right people, 0–25", "柱2　適切な人の検索（0～25）"),
    ("ssi_engage", "Pillar 3, insights, 0–25", "柱3　インサイトの活用（0～25）"),
    ("ssi_build", "Pillar 4, relationships, 0–25", "柱4　関係の構築（0～25）"),
    (
        "conn_display",
        "Contacts as displayed: 283 or 500+",
        "つながりの数（表示どおり：283、500+ など）",
    ),
];

/// The blank form: `ssi-template.<lang>.xlsx` and `.csv`.
///
/// # Errors
/// [`Error::Write`] where the workbook can't be made.
pub fn template(lang: Lang) -> Result<Files> {
    let name = format!("ssi-template.{}", lang.code());
    let book = workbook(&Rubric::generic_10(), lang).map_err(|e| Error::Write {
        path: PathBuf::from(format!("{name}.xlsx")),
        source: std::io::Error::other(e),
    })?;
    // The mark at the front tells spreadsheet programs that the file is UTF-8.
    let csv = format!("\u{feff}{}\n", headers(&Rubric::generic_10()).join(","));
    Ok([(format!("{name}.xlsx"), book), (format!("{name}.csv"), csv.into_bytes())].into())
}

/// Writes the blank form into a folder and returns the paths; never overwrites a file.
///
/// # Errors
/// [`Error::Exists`], [`Error::Write`]; nothing is left behind then.
pub fn write_template(lang: Lang, dir: &Path) -> Result<Vec<PathBuf>> {
    let files = template(lang)?;
    let paths: Vec<PathBuf> = files.keys().map(|name| dir.join(name)).collect();
    if let Some(path) = paths.iter().find(|p| p.exists()) {
        return Err(Error::Exists { path: path.clone() });
    }
    fs::create_dir_all(dir).map_err(|source| Error::Write { path: dir.to_owned(), source })?;
    for (path, bytes) in paths.iter().zip(files.values()) {
        crate::folder::write_file(path, bytes)?;
    }
    Ok(paths)
}

fn headers(rubric: &Rubric) -> Vec<String> {
    let form = FORM.iter().map(|(column, ..)| (*column).to_owned());
    form.chain(rubric.items.iter().map(|i| i.column.clone())).collect()
}

fn workbook(rubric: &Rubric, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let say = |en: &'static str, ja: &'static str| if lang == Lang::En { en } else { ja };
    let head = Format::new().set_bold().set_background_color(0x00E5_E7EB);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut book = Workbook::new();
    // A fixed date keeps the file the same from run to run.
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));

    let sheet = book.add_worksheet();
    sheet.set_name(say("scores", "採点"))?;
    for (k, column) in headers(rubric).iter().enumerate() {
        sheet.write_with_format(0, k as u16, column.as_str(), &head)?;
        sheet.set_column_width(k as u16, (column.chars().count() as f64 + 2.0).max(10.0))?;
    }
    sheet.set_freeze_panes(1, 1)?;
    let first = FORM.len() as u16;
    let last = first + rubric.items.len() as u16 - 1;
    // A list with a decimal point would be split by spreadsheets in a decimal-comma language, so
    // the allowed scores stand in cells of the rubric sheet.
    let allowed = format!("='{}'!$H$2:$H$5", say("rubric", "評価基準"));
    let scores = DataValidation::new()
        .allow_list_formula(allowed.as_str().into())
        .set_error_title(say("Item score", "項目の得点"))?
        .set_error_message(say(
            "0, 0.5, 1 or NV (not visible)",
            "0、0.5、1、NV（閲覧不可）のいずれか",
        ))?;
    sheet.add_data_validation(1, first, 2000, last, &scores)?;

    let sheet = book.add_worksheet();
    sheet.set_name(say("form", "記入方法"))?;
    table(sheet, &head, &[("", 22.0), (say("What to write", "記入内容"), 60.0)])?;
    for (k, (column, en, ja)) in FORM.iter().enumerate() {
        sheet.write(k as u32 + 1, 0, *column)?;
        sheet.write_with_format(
            k as u32 + 1,
            1,
            if lang == Lang::En { *en } else { *ja },
            &text,
        )?;
    }
    let rules = [
        say("Leave a cell empty where you don't know.", "わからない欄は空欄のままにしてください。"),
        say(
            "Write NV where an item is not visible to you: that is not 0.",
            "閲覧できない項目は NV と記入してください（0 点ではありません）。",
        ),
        say(
            "SSI is personal data: ask for consent, and keep this file to yourself.",
            "SSI は個人データです。本人の同意を得て、このファイルは厳重に保管してください。",
        ),
    ];
    for (k, rule) in rules.iter().enumerate() {
        sheet.write_with_format((FORM.len() + 2 + k) as u32, 1, *rule, &text)?;
    }

    let sheet = book.add_worksheet();
    sheet.set_name(say("rubric", "評価基準"))?;
    let item = say("Item", "項目");
    table(sheet, &head, &[("", 22.0), (item, 18.0), ("0", 30.0), ("0.5", 34.0), ("1", 44.0)])?;
    for (k, item) in rubric.items.iter().enumerate() {
        let (row, words) = (k as u32 + 1, item.wording(lang));
        sheet.write(row, 0, item.column.as_str())?;
        for (c, cell) in [&words.name, &words.zero, &words.half, &words.one].into_iter().enumerate()
        {
            sheet.write_with_format(row, c as u16 + 1, cell.as_str(), &text)?;
        }
    }
    sheet.write(rubric.items.len() as u32 + 2, 0, rubric.label())?;
    sheet.write_with_format(0, 7, say("Scores", "得点"), &head)?;
    for (row, score) in [0.0, 0.5, 1.0].into_iter().enumerate() {
        sheet.write(row as u32 + 1, 7, score)?;
    }
    sheet.write(4, 7, "NV")?;
    book.save_to_buffer()
}

fn table(
    sheet: &mut Worksheet,
    head: &Format,
    columns: &[(&str, f64)],
) -> std::result::Result<(), XlsxError> {
    for (k, (title, width)) in columns.iter().enumerate() {
        sheet.write_with_format(0, k as u16, *title, head)?;
        sheet.set_column_width(k as u16, *width)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_written_once_and_never_over_a_file() {
        let place = tempfile::tempdir().unwrap();
        let paths = write_template(Lang::Ja, place.path()).unwrap();
        assert_eq!(paths.len(), 2);
        let again = write_template(Lang::Ja, place.path()).unwrap_err();
        assert!(matches!(again, Error::Exists { .. }), "{again}");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_filled_form_is_read_without_a_map() {
        let mut csv = template(Lang::Ja).unwrap()["ssi-template.ja.csv"].clone();
        let row = "A1,spring-2027,S1,R1,JP,software,2027-04-01,53,20,15,8,10,500+,1,0.5,1,0,0.5,1,1,0,0,1\n";
        csv.extend_from_slice(row.as_bytes());
        let cohort =
            ssi_cohort::cohort(&csv[..], "form.csv", &ssi_cohort::Codebook::default()).unwrap();
        assert_eq!((cohort.respondents, cohort.rows_excluded), (1, 0));
        assert_eq!(cohort.table.column("score_total").unwrap().numbers().unwrap(), [Ok(6.0)]);
    }

    #[test]
    fn the_workbook_is_the_same_from_run_to_run() {
        assert_eq!(template(Lang::En).unwrap(), template(Lang::En).unwrap());
    }
}
