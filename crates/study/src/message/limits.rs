//! What is larger than it may be, in Japanese.

use ssi_cohort::Limit;

/// The message of a file that is refused because of a limit.
pub(super) fn japanese(
    name: &str,
    limit: Limit,
    most: u64,
    (row, column): (usize, usize),
    part: &str,
) -> String {
    let place = match (row, column) {
        (0, _) => String::new(),
        (row, 0) => format!("{row}行目："),
        (row, column) => format!("{row}行目、{column}列目："),
    };
    let what = match limit {
        Limit::Bytes => format!(
            "ファイルの大きさが上限の{most}バイトを超えています。不要な行や列を除いてください"
        ),
        Limit::Rows => format!("行数が上限の{most}行を超えています。不要な行を除いてください"),
        Limit::Columns => format!(
            "{place}列数が上限の{most}列を超えています。区切り文字を確認するか、不要な列を除いてください"
        ),
        Limit::Cells => {
            format!("セルの数が上限の{most}個を超えています。不要な行や列を除いてください")
        }
        Limit::Cell => format!(
            "{place}セルの長さが上限の{most}バイトを超えています。閉じていない引用符がないか確認するか、短くしてください"
        ),
        Limit::Header => {
            format!("{place}列名の長さが上限の{most}バイトを超えています。短くしてください")
        }
        Limit::Unpacked => format!(
            "展開後の大きさが上限の{most}バイトを超えています（`{part}`）。不要なシートや行を除くか、CSV で保存してください"
        ),
        Limit::Ratio if part.is_empty() => format!(
            "実際のセルの{most}倍を超えるセルがあることになっています（zip 爆弾と同じ形です）。繰り返しのセルや離れたセルを削除するか、CSV で保存してください"
        ),
        Limit::Ratio => format!(
            "`{part}` が圧縮時の{most}倍を超える大きさに展開されます（zip 爆弾と同じ形です）。ファイルを保存し直すか、CSV で保存してください"
        ),
        Limit::Depth => format!("入れ子が上限の{most}段を超えています。形式を確認してください"),
    };
    format!("{name}：{what}。正しいファイルであれば、--limit {limit}=値 で上限を変更できます")
}
