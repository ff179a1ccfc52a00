//! Why a survey file can't be read, in Japanese.

use super::{maybe, vocab};

/// The message of an error of reading.
pub(super) fn cohort(error: &ssi_cohort::Error) -> String {
    use ssi_cohort::Error as E;
    match error {
        E::Read { name, reason } => format!("{name}：読み込めません（{reason}）"),
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
        E::MissingColumn { name, column, example, header } => format!(
            "{name}：`{column}` に当たる列がありません。--map {example}=見出し で指定してください。見出し：{}",
            header.join("、")
        ),
        E::RepeatedColumn { name, column, headers } => format!(
            "{name}：`{column}` に当たる列が複数あります（{}）。一つを残して名前を変えるか、--map {column}=見出し で指定してください",
            headers.join("、")
        ),
        E::WrongScale { name, column, .. } if column == "ssi_total" => format!(
            "{name}：SSI は 0～100 ですが、列 `{column}` には小さい値しかありません。柱の得点（0～25）や割合の列ではないか確認してください"
        ),
        E::WrongScale { name, .. } => format!(
            "{name}：項目は 0、0.5、1 で採点しますが、5段階評価のような整数が入っています。採点し直すか、列を確認してください"
        ),
        E::AmbiguousComma { name, column, row, value } => format!(
            "{name}：列 `{column}`、{row}行目の `{value}` のコンマが小数点か桁区切りか判断できません。--decimal comma（小数点）または --decimal point（桁区切り）で指定してください"
        ),
        E::Personal { name, header, .. } => format!(
            "{name}：列 `{header}` に個人を特定できる情報があるため、読み込みません。列を削除するか、--pseudonymise --key-file FILE を指定してください（識別子を鍵付きの符号に置き換え、それ以外の個人情報の列は使いません）"
        ),
        E::NothingLeft { name, rows, row, column, value, .. } => {
            let column =
                if column.is_empty() { String::new() } else { format!("の列 `{column}`") };
            let value = if value.is_empty() { String::new() } else { format!("、`{value}`") };
            format!(
                "{name}：{rows}行のうち使える行がありません（最初は{row}行目{column}{value}）。ssi check FILE で全件を確認し、修正してからもう一度お試しください"
            )
        }
        E::OtherSheet { source, sheet, others } => format!(
            "{}（読み込んだシート：{sheet}。ほかのシート：{}。別のシートは --sheet で指定してください）",
            cohort(source),
            others.join("、")
        ),
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
        E::Codebook { reason } => format!("コードブックを使えません：{reason}"),
        E::Filter { expression, column, .. } => format!(
            "条件が正しくありません。次のように書いてください（例：region == \"JP\" && score_total >= 8）\n  {expression}\n  {}^",
            " ".repeat(*column)
        ),
        E::Table(error) => vocab(error),
        other => other.to_string(),
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
        "a binary file" => "バイナリーファイル（NUL バイトを含む）",
        "a program" => "プログラム",
        "an RTF document" => "RTF 文書",
        _ => return None,
    })
}
