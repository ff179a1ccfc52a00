//! Why a codebook can't be used, in Japanese.

use ssi_cohort::{CodebookSlip as Slip, CodebookWanted as Wanted};

pub(super) fn japanese(slip: &Slip) -> String {
    match slip {
        Slip::Syntax { line, column, .. } => format!(
            "JSON として読み取れません（{line}行目の{column}バイト目）。その前後のコンマ、引用符、括弧を確認してください"
        ),
        Slip::Ended { line } => format!(
            "JSON が途中（{line}行目）で終わっています。閉じていない括弧や引用符がないか確認してください"
        ),
        Slip::NoFields => "`resources[0].schema.fields` も `fields` もありません".to_owned(),
        Slip::Outside { path } => {
            format!("リソース `{path}` が、コードブックのフォルダーの外を指しています")
        }
        Slip::Kind { field: None, property, wanted } => {
            format!("`{property}` は{}にしてください", japanese_of(*wanted))
        }
        Slip::Kind { field: Some((at, name)), property, wanted } => {
            let name = if name.is_empty() { String::new() } else { format!("（`{name}`）") };
            format!(
                "{at}番目のフィールド{name}の `{property}` は{}にしてください",
                japanese_of(*wanted)
            )
        }
        other => other.to_string(),
    }
}

fn japanese_of(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Text => "文字列",
        Wanted::Number => "数値",
        Wanted::Texts => "文字列のリスト（例：[\"NA\", \"-\"]）",
        Wanted::Fields => "フィールドのリスト（それぞれに `name` が必要）",
        Wanted::Object => "{ } で囲んだ項目と値",
        Wanted::Scores => "語と得点の組（例：{\"○\": 1}）",
    }
}
