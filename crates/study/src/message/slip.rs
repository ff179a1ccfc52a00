//! What is wrong in a formula, in Japanese.

use ssi_infer::formula::Slip;

/// What stands at the place, as the end of a sentence.
fn shown(found: &Option<String>) -> String {
    let end = || "ここで式が終わっています".to_owned();
    found.as_ref().map_or_else(end, |text| format!("`{text}` があります"))
}

pub(super) fn japanese(slip: &Slip) -> String {
    match slip {
        Slip::OpenBacktick => {
            "バッククォート ` で始まる名前が閉じていません。名前の後ろにも ` を付けてください"
                .to_owned()
        }
        Slip::NotANumber { text } => {
            format!("`{text}` は数値ではありません。0.5 や 1e3 のように書いてください")
        }
        Slip::Meaningless { character } => format!(
            "`{character}` は式では使えません。記号を含む列名はバッククォート ` で囲んでください"
        ),
        Slip::TooLong => "式が長すぎます。ここから後ろの項を減らしてください".to_owned(),
        Slip::NoOutcome => {
            "目的変数がありません。「目的変数 ~ 予測変数」の形で書いてください".to_owned()
        }
        Slip::NoTilde { found } => {
            format!("目的変数と予測変数の間には `~` が必要ですが、{}", shown(found))
        }
        Slip::Slash => {
            "`/` で項をつなぐことはできません。割り算は I(a / b)、交互作用は a * b と書いてください"
                .to_owned()
        }
        Slip::SecondTilde => "`~` が2つあります。1つにしてください".to_owned(),
        Slip::StrayParenthesis => {
            "この `)` に対応する `(` がありません。削除してください".to_owned()
        }
        Slip::NoSign { found } => {
            format!("項の間には + - * : のいずれかが必要ですが、{}", shown(found))
        }
        Slip::OpenParenthesis { function: Some(name), found } => {
            format!("{name}( を閉じる `)` が必要ですが、{}", shown(found))
        }
        Slip::OpenParenthesis { function: None, found } => {
            format!("括弧を閉じる `)` が必要ですが、{}", shown(found))
        }
        Slip::TooDeep => "括弧の入れ子が深すぎます。もっと浅く書いてください".to_owned(),
        Slip::PowerOfTerm { term } => format!(
            "関数の外の `^` は項の交互作用を表します。べき乗は I({term}^2) と書いてください"
        ),
        Slip::NoDegree => "`^` の後ろには1以上の整数が必要です".to_owned(),
        Slip::NumberAlone => {
            "数値は予測変数になりません。0 と 1 は切片の有無を表し、計算は I() の中に書きます"
                .to_owned()
        }
        Slip::NoPredictor { found } => {
            format!("予測変数が必要ですが、{}", shown(found))
        }
        Slip::GroupArgument => "C() には C(region) のように列を1つ指定してください".to_owned(),
        Slip::PolynomialArguments => {
            "poly() には列、1～100の次数、raw = true または false を指定してください（例：poly(x, 3, raw = true)）"
                .to_owned()
        }
        Slip::NaturalSplineArguments => {
            "ns() には列と自由度（1～50）または内側の節点を、ns(x, 3) や ns(x, knots = c(2, 5)) のように指定してください".to_owned()
        }
        Slip::RestrictedSplineArguments => {
            "rcs() には列と節点の数（3～50）または節点の位置を、rcs(x, 4) や rcs(x, c(2, 5, 8)) のように指定してください".to_owned()
        }
        Slip::NotInside { function } => {
            format!("`{function}()` は別の関数の中では使えません")
        }
        Slip::NoFunction { name, nearest } => {
            let nearest = nearest.as_ref().map(|n| format!("（`{n}` のことですか？）"));
            format!(
                "`{name}` という関数はありません{}。使えるもの：log、log10、sqrt、exp、I、poly、ns、rcs、C",
                nearest.unwrap_or_default()
            )
        }
        Slip::NoOperand { found } => {
            format!("列名か数値が必要ですが、{}", shown(found))
        }
        Slip::NothingToEstimate => {
            "推定するものがありません。予測変数を指定するか、切片を残してください".to_owned()
        }
        Slip::InterceptCrossed { sign } => {
            format!("0 と 1 は切片を表すため、`{sign}` で組み合わせることはできません")
        }
        Slip::TooManyTerms => "項やその列が1万個を超えるか、項の掛け合わせが100万回を超えます。項を減らしてください".to_owned(),
        Slip::OutcomeAsPredictor => {
            "目的変数を予測変数にすることはできません。右辺から除いてください".to_owned()
        }
        Slip::OutcomeNoColumn => {
            "群の比較の目的変数には、列名だけを指定してください（計算式は使えません）".to_owned()
        }
        Slip::GroupNoColumn => {
            "群の比較に使える列は1つです。「目的変数 ~ グループの列」と書くか、項が複数なら ssi fit を使ってください"
                .to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slip_of_a_formula_has_a_japanese_sentence() {
        let mut sentences = Vec::new();
        for formula in [
            "`y ~ x",
            "y ~ 1e999 + x",
            "y ~ x & z",
            "~ x",
            "y x",
            "y ~ a / b",
            "y ~ a ~ b",
            "y ~ a)",
            "y ~ a b",
            "y ~ log(a",
            "y ~ (a",
            "y ~ a^2",
            "y ~ (a + b)^c",
            "y ~ 3",
            "y ~ +",
            "y ~ C(3)",
            "y ~ poly(x, 0)",
            "y ~ log(C(x))",
            "y ~ lgo(x)",
            "y ~ I(*)",
            "y ~ 0",
            "y ~ a:0",
            "y ~ y",
        ] {
            let table = ssi_vocab::Table::default();
            let error = ssi_infer::formula::design(&table, formula).unwrap_err();
            let ssi_infer::Error::Formula { slip, .. } = &error else {
                panic!("{formula}: {error}");
            };
            let sentence = japanese(slip);
            assert!(sentence.chars().any(|c| c >= '\u{3040}'), "{formula}: {sentence}");
            assert!(!sentences.contains(&sentence), "{formula}: {sentence}");
            sentences.push(sentence);
        }
    }
}
