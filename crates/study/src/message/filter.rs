//! What is wrong in a condition, in Japanese.

use ssi_cohort::filter::{Expected, Slip};

pub(super) fn japanese(slip: &Slip) -> String {
    match slip {
        Slip::Open { mark } => {
            format!("ここで始まる {mark} が閉じていません。終わりにも {mark} を付けてください")
        }
        Slip::Single { sign: '=' } => "等しいことは `==` で表してください".to_owned(),
        Slip::Single { sign } => format!("`{sign}{sign}` と書いてください"),
        Slip::Meaningless { character } => format!(
            "`{character}` は条件の中では使えません。記号を含む列名はバッククォート ` で、文字列は引用符で囲んでください"
        ),
        Slip::NotANumber { text } => {
            format!("`{text}` は数値ではありません。8 や 0.5 のように書いてください")
        }
        Slip::Expected(what) => format!("ここには{}が必要です", expected(*what)),
        Slip::TooDeep => "括弧や否定の入れ子が深すぎます。条件を簡単にしてください".to_owned(),
        Slip::WordForNumber => {
            "数値の列を文字列と比べています。数値は引用符で囲まずに書いてください".to_owned()
        }
        other => other.to_string(),
    }
}

fn expected(what: Expected) -> &'static str {
    match what {
        Expected::Join => " `&&`、`||`、または条件の終わり",
        Expected::Close => " `)` ",
        Expected::Comparison => "比較（== != < <= > >= in）",
        Expected::List => " (\"JP\", \"EU\") のような括弧付きのリスト",
        Expected::Literal => "数値か、引用符で囲んだ文字列",
        Expected::CommaOrClose => " `,` か `)` ",
        Expected::Operand => "列名、数値、または引用符で囲んだ文字列",
    }
}
