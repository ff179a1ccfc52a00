//! Why a workbook or a Parquet file can't be read, in Japanese.

use ssi_cohort::{BookFault, ParquetFault};

/// The message of a workbook that can't be read.
pub(super) fn workbook(name: &str, fault: &BookFault) -> String {
    let why = match fault {
        BookFault::NotWhole => {
            "ZIP 形式として不完全です。途中で切れている可能性があります".to_owned()
        }
        BookFault::Part { part } => format!("`{part}` がないか、壊れています"),
        BookFault::Sheet { sheet } => format!("シート `{sheet}` がないか、壊れています"),
        BookFault::Outside { part } => format!("`{part}` がブックの外を指しています"),
        BookFault::CellOutside => "シートの範囲を超えるセルがあります".to_owned(),
        BookFault::Merged => "セルの結合が何重にも重なっています".to_owned(),
        _ => "一部が壊れています".to_owned(),
    };
    format!("{name}：ブックとして読み込めません（{why}）。XLSX または CSV で保存し直してください")
}

/// The message of a Parquet file that can't be read.
pub(super) fn parquet(name: &str, fault: &ParquetFault) -> String {
    let why = match fault {
        ParquetFault::Damaged { column } => format!(
            "{}壊れているか、途中で切れています。コピーし直すか、CSV で書き出してください",
            column.as_ref().map(|column| format!("列 `{column}` が")).unwrap_or_default()
        ),
        ParquetFault::Nested { column } => format!(
            "列 `{column}` は入れ子（1つのセルに複数の値）です。列を除くか、値ごとの列に分けてください"
        ),
        ParquetFault::Kind { column, kind } => format!(
            "列 `{column}` の値（{kind}）は、文字列、数値、日時のいずれでもありません。列を除くか、文字列に変換してください"
        ),
        ParquetFault::Codec { codec } => format!(
            "{codec} の圧縮には対応していません。snappy、gzip、zstd のいずれか、または圧縮なしで書き出してください"
        ),
        ParquetFault::Encoding { column } => format!(
            "列 `{column}` の符号化方式には対応していません。標準の設定、または CSV で書き出してください"
        ),
        ParquetFault::Encrypted => "暗号化されています。暗号化せずに書き出してください".to_owned(),
        _ => "読み込めない形式です。CSV で書き出してください".to_owned(),
    };
    format!("{name}：Parquet ファイルとして読み込めません。{why}")
}
