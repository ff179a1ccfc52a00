//! Why a survey file can't be read, in Japanese.

use super::system::failed;
use super::{maybe, vocab};
use ssi_cohort::{Codebook, KindOption, Lacking, Named, Scale, Sheets};
use ssi_vocab::Lang;

/// The message of an error of reading.
pub(super) fn cohort(error: &ssi_cohort::Error) -> String {
    use ssi_cohort::Error as E;
    match error {
        E::Read { name, kind, .. } => format!(
            "{name}：読み込めません（{}）。ファイルを確認して、もう一度お試しください",
            failed(*kind, None)
        ),
        E::Empty { name } => format!(
            "{name}：中身がありません。見出し行と回答者ごとの行を含めて、もう一度書き出してください"
        ),
        E::HeaderOnly { name, row } => format!(
            "{name}：{row}行目の見出しだけで、回答の行がありません。回答を含めて、もう一度書き出してください"
        ),
        E::Binary { name, what } => format!(
            "{name}：{}。XLSX または CSV（UTF-8）で保存してください",
            match (*what, kind(what)) {
                ("a workbook with a password", _) =>
                    "パスワードで保護されたブックです。パスワードを解除してください".to_owned(),
                (_, Some(kind)) => format!("表ではなく、{kind}です"),
                (_, None) => "表ではありません".to_owned(),
            }
        ),
        E::Undecodable { name, line } => format!(
            "{name}：{line}行目の文字コードが UTF-8、UTF-16、Shift_JIS のいずれでもありません。CSV UTF-8 で保存してください"
        ),
        E::NotInEncoding { name, encoding, line } => format!(
            "{name}：{line}行目を {encoding} として読めません。--encoding で別の文字コード（utf-8、cp932、utf-16）を指定するか、指定を外してください"
        ),
        E::NoHeader { name, row, last } => format!(
            "{name}：{row}行目には見出しになるものがありません（最後の行は{last}行目）。--header には、表計算ソフトに表示される行番号を指定してください"
        ),
        E::Garbled { name, row, .. } => format!(
            "{name}：{row}行目が文字化けしています。元のデータから CSV UTF-8 で書き出し直してください"
        ),
        E::OpenQuote { name, row } => {
            format!("{name}：{row}行目の引用符 \" が閉じていません。閉じるか、削除してください")
        }
        E::Workbook { name, fault } => super::fault::workbook(name, fault),
        E::Parquet { name, fault } => super::fault::parquet(name, fault),
        E::Limit { name, limit, most, row, column, part } => {
            super::limits::japanese(name, *limit, *most, (*row, *column), part)
        }
        E::MissingColumn { name, lacking, header } => {
            let titles: Vec<&str> =
                header.iter().map(String::as_str).filter(|title| !title.is_empty()).collect();
            format!(
                "{name}：{}。あれば --map {}=見出し で指定してください。ファイルの見出し：{}",
                lacked(lacking),
                lacking.example(),
                titles.join("、")
            )
        }
        E::RepeatedColumn { name, column, headers } => format!(
            "{name}：{} に当たる列が複数あります（{}）。1つだけを残して見出しを変え{}ください",
            titled(column),
            headers.join("、"),
            match headers.windows(2).all(|pair| pair[0] == pair[1]) {
                true => "て".to_owned(),
                false => format!("るか、--map {column}=見出し で指定して"),
            }
        ),
        E::WrongScale { name, columns, scale } => wrong_scale(name, columns, *scale),
        E::AmbiguousComma { name, column, row, value } => format!(
            "{name}：列{}、{row}行目の `{value}` のコンマが小数点か桁区切りか判断できません。--decimal comma（小数点）または --decimal point（桁区切り）で指定してください",
            named(column)
        ),
        E::Personal { name, header, what } => format!(
            "{name}：列「{header}」に個人を特定できる情報（{}）があるため、読み込みません。列を削除するか、--pseudonymise --key-file FILE を指定してください（識別子を鍵付きの符号に置き換え、それ以外の個人情報の列は使いません）",
            personal(what)
        ),
        E::NothingLeft { name, rows, row, column, value, reason } => {
            let column = match column.column.is_empty() {
                true => String::new(),
                false => format!("、列{}", named(column)),
            };
            let value = if value.is_empty() { String::new() } else { format!("、`{value}`") };
            format!(
                "{name}：{rows}行のうち使える行がありません（最初は{row}行目{column}{value}：{}）。ssi check FILE で全件を確認し、修正してからもう一度お試しください",
                ssi_report::reason(*reason, Lang::Ja)
            )
        }
        E::OtherSheet { source, sheets: of } => cohort(source) + &sheets(of),
        E::Pointless { name, option } => {
            let of = match option {
                KindOption::Sheet => "XLSX・ODS のブック",
                KindOption::Encoding | KindOption::Delimiter => "CSV などのテキスト",
            };
            format!(
                "{name}：{option} は {of}のための指定で、このファイルには使えません。外してください"
            )
        }
        E::UnknownSheet { name, sheet, known } => {
            format!("{name}：`{sheet}` というシートはありません。あるシート：{}", known.join("、"))
        }
        E::UnknownHeader { name, column, header, nearest, known } => format!(
            "{name}：`{column}` に指定された見出し `{header}` がありません{}。見出し：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::UnknownCanonical { column, nearest, known } => format!(
            "`{column}` という列名はありません{}。使える列名：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::Codebook { slip } => format!(
            "コードブックを使えません。{}。正しい例は datasets/reference/datapackage.json にあります",
            super::codebook::japanese(slip)
        ),
        E::Filter { expression, column, slip } => format!(
            "条件が正しくありません。{}（例：region == \"JP\" && score_total >= 8）\n  {expression}\n  {}^",
            super::filter::japanese(slip),
            " ".repeat(*column)
        ),
        E::Table(error) => vocab(error),
        other => other.to_string(),
    }
}

/// Which sheet was read, and which others there are.
pub(super) fn sheets(sheets: &Sheets) -> String {
    let (read, others) = (&sheets.read, sheets.others.join("、"));
    format!(
        "（読み込んだシート：{read}。ほかのシート：{others}。別のシートは --sheet で指定してください）"
    )
}

/// A canonical column with its Japanese title.
fn titled(column: &str) -> String {
    match Codebook::default().field(column).map(|field| field.title_ja.clone()) {
        Some(title) if !title.is_empty() => format!("{title}（{column}）"),
        _ => format!("`{column}`"),
    }
}

/// What a cohort lacks.
fn lacked(lacking: &Lacking) -> String {
    match lacking {
        Lacking::Ssi => "SSI の列（ssi_total）がありません".to_owned(),
        Lacking::Score => {
            "プロフィール得点の列（score_total、または10項目すべて）がありません".to_owned()
        }
        Lacking::Items(items) => format!(
            "プロフィールの項目の列がそろっていません。次の列（または合計点 score_total の列）：{}",
            items.iter().map(|item| titled(item)).collect::<Vec<_>>().join("、")
        ),
    }
}

/// What says who somebody is.
fn personal(what: &str) -> &'static str {
    match what {
        "names" => "氏名",
        "e-mail addresses" => "メールアドレス",
        "telephone numbers" => "電話番号",
        "profile addresses" => "プロフィールの URL",
        _ => "住所",
    }
}

/// A column as the file calls it, and as it is known here.
fn named(column: &Named) -> String {
    match &column.header {
        Some(header) => format!("「{header}」（{}）", column.column),
        None => format!("「{}」", column.column),
    }
}

fn wrong_scale(name: &str, columns: &[Named], scale: Scale) -> String {
    let columns: String = columns.iter().map(named).collect::<Vec<_>>().join("、");
    match scale {
        Scale::FivePoint => format!(
            "{name}：項目は 0、0.5、1 で採点しますが、列{columns}には5段階評価のような1以上の整数が入っています。採点し直すか、列を確認してください"
        ),
        Scale::Share => format!(
            "{name}：SSI は 0～100 の値ですが、列{columns}には1以下の値しかありません。割合の列ではないか確認してください"
        ),
        _ => format!(
            "{name}：SSI は 0～100 の値ですが、列{columns}には25以下の値しかありません。4つの柱の得点（0～25）ではないか確認してください"
        ),
    }
}

/// What a file is that is no table.
fn kind(what: &str) -> Option<&'static str> {
    Some(match what {
        "an old XLS workbook" => "旧形式（XLS）のブック",
        "a binary XLSB workbook" => "バイナリー形式（XLSB）のブック",
        "a Word document" => "Word 文書",
        "a PowerPoint presentation" => "PowerPoint のスライド",
        "a Numbers or Pages document" => "Numbers または Pages の書類",
        "a Java archive" => "Java アーカイブ",
        "a PNG picture" => "PNG 画像",
        "a PDF document" => "PDF 文書",
        "a GIF picture" => "GIF 画像",
        "a JPEG picture" => "JPEG 画像",
        "a gzip archive" => "gzip 圧縮ファイル",
        "a zstd archive" => "zstd 圧縮ファイル",
        "a 7z archive" => "7z 圧縮ファイル",
        "a RAR archive" => "RAR 圧縮ファイル",
        "an SQLite database" => "SQLite データベース",
        "a ZIP archive without a workbook" => "ブックを含まない ZIP 圧縮ファイル",
        "a binary file" => "バイナリーファイル",
        "a binary file (it holds NUL bytes)" => "バイナリーファイル（NUL バイトを含む）",
        "a program" => "プログラム",
        "an RTF document" => "RTF 文書",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssi_vocab::Reason;

    #[test]
    fn a_file_without_a_usable_row_says_why_in_the_words_of_the_tables() {
        for reason in [
            Reason::Missing,
            Reason::NotVisible,
            Reason::NotANumber,
            Reason::NotFinite,
            Reason::OutOfRange,
            Reason::NotAnItemScore,
            Reason::PillarsDoNotAddUp,
            Reason::TotalIsNotTheSum,
            Reason::ConflictingDuplicate,
            Reason::RaggedRow,
            Reason::Formula,
            Reason::NotADate,
        ] {
            let column = Named { column: "item_photo".to_owned(), header: Some("写真".into()) };
            let (name, value) = ("s.csv".to_owned(), "x".to_owned());
            let error =
                ssi_cohort::Error::NothingLeft { name, rows: 2, row: 3, column, value, reason };
            let (en, ja) = (error.to_string(), cohort(&error));
            let [english, japanese] =
                [Lang::En, Lang::Ja].map(|lang| ssi_report::reason(reason, lang));
            let english = english[..1].to_lowercase() + &english[1..];
            assert!(
                en.contains(&format!("row 3, column `写真` (item_photo), `x`: {english};")),
                "{en}"
            );
            assert!(
                ja.contains(&format!("3行目、列「写真」（item_photo）、`x`：{japanese}）")),
                "{ja}"
            );
            let is_raw = |text: &str| reason.code().contains('_') && text.contains(reason.code());
            assert!(!is_raw(&en) && !is_raw(&ja), "{en} {ja}");
        }
    }
}
