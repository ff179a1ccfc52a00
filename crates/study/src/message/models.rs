//! What went wrong with a regression beyond least squares, in Japanese.

use super::maybe;
use ssi_infer::model::ModelError as E;

pub(super) fn model(error: &E) -> String {
    match error {
        E::Unknown { name, nearest, known } => format!(
            "`{name}` というモデルはありません{}。使えるもの：{}",
            maybe(nearest),
            known.join("、")
        ),
        E::Option { option, model, .. } => {
            format!(
                "{model} では {option} を指定できません。{option} を外すか、別のモデルを指定してください"
            )
        }
        E::OutOfBounds { column, row, value, low, high, model } => format!(
            "列 `{column}`、{row}行目：{value} は {low}～{high} の範囲外です。{model} では結果変数のすべての値がこの範囲にある必要があります。値を修正するか、--lower 0 --upper 100 のように範囲を指定してください"
        ),
        E::Separated { outcome, columns, .. } => format!(
            "有限の推定値が存在しません。{} `{outcome}` の値が例外なく分かれています（完全分離または準完全分離）。該当する項を除くか、ロジスティック回帰なら --model firth を指定してください",
            match columns.as_slice() {
                [] => "切片だけで".to_owned(),
                [one] => format!("`{one}` によって"),
                more => format!("`{}` の組み合わせによって", more.join("`、`")),
            }
        ),
        E::NotBinary { column, model, .. } => format!(
            "{model} の結果変数は2値（0と1、または2種類の文字列）である必要がありますが、列 `{column}` は2値ではありません。再コード化するか、--where で2つの値に絞るか、ordinal を指定してください"
        ),
        E::TooManyLevels { column, found, limit } => format!(
            "列 `{column}` には異なる値が{found}個ありますが、順序カテゴリは{limit}個までです。カテゴリを統合するか、ols または fractional を指定してください"
        ),
        E::NoIntercept { model } => {
            format!("{model} では閾値が切片の役割を果たします。`0 +` や `- 1` を外してください")
        }
        E::AtBound { column, row, value, low, high, model } => format!(
            "列 `{column}`、{row}行目：{value} は範囲 {low}～{high} の端にあります。{model} では値が端を含まない範囲の内側にある必要があります。端の値も扱える fractional を指定してください"
        ),
        E::AllCensored { column } => format!(
            "列 `{column}` の値はすべて打ち切り点にあるため、ばらつきを推定できません。--lower と --upper の範囲を広げるか、打ち切り点に達したかどうかを logistic で分析してください"
        ),
        E::Bounds { low, high } => format!(
            "下限が {low}、上限が {high} になっています。--lower は --upper より小さい値にしてください"
        ),
        E::NotConverged { model, iterations, gradient } => format!(
            "{model} の計算が収束しませんでした（反復{iterations}回、勾配 {gradient:.1e}）。ほぼ同じ内容の説明変数を除くか、別のモデルを指定してください"
        ),
        other => other.to_string(),
    }
}
