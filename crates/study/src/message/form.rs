//! Where a plan, a rubric, a model or a manifest departs from its form, in Japanese.

use super::maybe;
use crate::form::{Misfit, Wanted, shown};

/// What is wrong, as a sentence without its stop.
pub(crate) fn misfit(found: &Misfit) -> String {
    match found {
        Misfit::Syntax { line, column, reason, text } => {
            let what = match reason.starts_with("duplicate key") {
                true => format!("{line}行目の項目は、すでに前の行に書かれています"),
                false => format!("{line}行目の{column}文字目を読み取れません"),
            };
            let remedy = match (what.ends_with("読み取れません"), text.is_empty()) {
                (true, false) => "。その前後の引用符、括弧、コンマ、= を確認してください",
                _ => "",
            };
            format!("{what}{remedy}{}", shown(text, *column))
        }
        Misfit::Ended { line } => format!(
            "{line}行目で途中のまま終わっています。閉じていない括弧や引用符がないか確認してください"
        ),
        Misfit::Unknown { key, nearest, known } => format!(
            "`{key}` という項目はありません{}。使える項目：{}",
            maybe(nearest),
            known.join("、")
        ),
        Misfit::Absent { key } => format!("項目 `{key}` がありません"),
        Misfit::Twice { key } => {
            format!("項目 `{key}` が2回書かれています。一つにしてください")
        }
        Misfit::Kind { key, wanted, found } => {
            format!("{}{}にしてください（現在の値：{found}）", of_key(key), japanese(*wanted))
        }
        Misfit::Choice { key, found, known } => format!(
            "{}次のいずれかにしてください：{}（現在の値：`{found}`）",
            of_key(key),
            known.join("、")
        ),
        Misfit::InLine { line, misfit: what } => format!("{line}行目：{}", misfit(what)),
        Misfit::Value { key, .. } if key == "reading.header" => format!(
            "`{key}` には見出しの行番号を、1行なら \"3\"、連続する2行なら \"3-4\" のように指定してください"
        ),
        Misfit::Value { key, .. } => {
            format!("`{key}` の値は使えません。書き方を確認してください")
        }
    }
}

fn of_key(key: &str) -> String {
    if key.is_empty() { "全体を".to_owned() } else { format!("`{key}` は") }
}

fn japanese(wanted: Wanted) -> String {
    match wanted {
        Wanted::Number => "数値",
        Wanted::Count => "0以上の整数",
        Wanted::Text => "引用符で囲んだ文字列",
        Wanted::YesNo => "true か false",
        Wanted::List(Some(n)) => return format!("{n}個の値のリスト"),
        Wanted::List(None) => "リスト",
        Wanted::Table => "項目と値の組",
        Wanted::Other => "別の形",
    }
    .to_owned()
}
